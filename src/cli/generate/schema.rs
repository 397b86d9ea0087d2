//! `connrun generate schema`: fields from samples of data. Nothing leaves the machine.

use super::args::Schema;
use super::recorded;
use crate::cli::args::Display;
use crate::cli::failure::Failure;
use crate::cli::out::say;
use crate::cli::{files, report};
use crate::emit;
use crate::http::redact::Redactor;
use crate::import::field::{self, Field};
use crate::import::samples::{self, Found};
use serde_json::Value as Json;
use std::path::Path;

pub fn run(options: &Schema, display: &Display) -> Result<u8, Failure> {
    let mut remarks = Vec::new();
    let kinds = match &options.cassette {
        Some(path) => recorded::read(path, options)?,
        None => vec![(String::new(), read(options, &mut remarks)?)],
    };
    let mut all = Vec::new();
    for (name, records) in kinds {
        let records = match &options.at {
            Some(path) => inside(&records, path)?,
            None => records,
        };
        let Found { fields, notes } = samples::fields(&records).map_err(|message| {
            Failure::usage("usage::sample", message)
                .help("a sample is a record with its values, or a list of records: {\"id\": 7, \"name\": \"Ada\"}")
        })?;
        remarks.extend(notes);
        all.push((name, fields));
    }
    report::remarks(&remarks, display, &Redactor::default());
    say(&written(&all, options.conn))?;
    Ok(0)
}

/// The fields; of several kinds each under its name.
fn written(all: &[(String, Vec<Field>)], conn: bool) -> String {
    let code = |fields: &[Field]| emit::value(&field::nodes(fields));
    let json = |fields: &[Field]| fields.iter().map(Field::json).collect::<Json>();
    match (all, conn) {
        ([(_, fields)], true) => code(fields),
        ([(_, fields)], false) => format!("{:#}\n", json(fields)),
        (several, true) => {
            several.iter().map(|(name, fields)| format!("# {name}\n{}", code(fields))).collect::<Vec<_>>().join("\n")
        }
        (several, false) => {
            let named = several.iter().map(|(name, fields)| (name.clone(), json(fields)));
            format!("{:#}\n", Json::Object(named.collect()))
        }
    }
}

/// What stands at a path of names and positions, in those samples that have it. Errors: none has.
fn inside(samples: &[Json], path: &str) -> Result<Vec<Json>, Failure> {
    let step = |value: &Json, name: &str| match value {
        Json::Array(items) => name.parse().ok().and_then(|index: usize| items.get(index)).cloned(),
        value => value.get(name).cloned(),
    };
    let at = |sample: &Json| path.split('.').try_fold(sample.clone(), |value, name| step(&value, name));
    let found: Vec<Json> = samples.iter().filter_map(at).collect();
    if found.is_empty() {
        let mut names: Vec<&str> =
            samples.iter().filter_map(Json::as_object).flat_map(|sample| sample.keys().map(String::as_str)).collect();
        names.sort_unstable();
        names.dedup();
        let help = format!("a path is names with dots between; there is: {}", names.join(", "));
        return Err(Failure::usage("usage::sample", format!("there is nothing at `{path}` of any sample")).help(help));
    }
    Ok(found)
}

/// The records of all samples, with remarks about them.
fn read(options: &Schema, remarks: &mut Vec<String>) -> Result<Vec<Json>, Failure> {
    let mut records = Vec::new();
    for given in &options.json {
        let source = files::json_source(given, "--json")?;
        if source.text().trim().is_empty() {
            return Err(empty(source.name()));
        }
        let json = serde_json::from_str(source.text()).map_err(|error| {
            // The reader of inputs reports the place; standard input cannot be read a second time.
            let reported = (given != "-").then(|| files::read_json(given, "--json").err()).flatten();
            reported.unwrap_or_else(|| {
                Failure::usage("usage::json", format!("{} is not valid JSON: {error}", source.name()))
                    .help("JSON wants double quotes around names and texts, and no comma after the last item")
            })
        })?;
        records.push(json);
    }
    for path in &options.csv {
        let text = text(path)?;
        let read = samples::csv(&text, options.col_sep);
        let (rows, notes) = read.map_err(|message| malformed(path, "CSV", &message))?;
        records.extend(rows);
        remarks.extend(notes);
    }
    for path in &options.xml {
        records.extend(samples::xml(&text(path)?).map_err(|message| malformed(path, "XML", &message))?);
    }
    Ok(records)
}

fn text(path: &Path) -> Result<String, Failure> {
    let source = if path == Path::new("-") { files::json_source("-", "the sample")? } else { files::read_text(path)? };
    if source.text().trim().is_empty() {
        return Err(empty(source.name()));
    }
    Ok(source.text().to_owned())
}

fn empty(name: &str) -> Failure {
    Failure::usage("usage::sample", format!("{name} is empty")).help("a sample is data as the service sends it")
}

fn malformed(path: &Path, format: &str, message: &str) -> Failure {
    let name = if path == Path::new("-") { "standard input".to_owned() } else { path.display().to_string() };
    let message = message.lines().next().unwrap_or_default();
    Failure::usage("usage::sample", format!("{name} is not valid {format}: {message}")).help(match format {
        "CSV" => "the first line has the names of the columns; `--col-sep` says what stands between them",
        _ => "one element holds all others, and each is closed by its name",
    })
}
