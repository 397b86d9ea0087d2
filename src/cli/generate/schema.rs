//! `connrun generate schema`: fields from samples of data. Nothing leaves the machine.

use super::args::Schema;
use crate::cli::args::Display;
use crate::cli::failure::Failure;
use crate::cli::out::say;
use crate::cli::{files, report};
use crate::emit;
use crate::http::redact::Redactor;
use crate::import::field;
use crate::import::samples::{self, Found};
use serde_json::Value as Json;
use std::path::Path;

pub fn run(options: &Schema, display: &Display) -> Result<u8, Failure> {
    let (records, mut remarks) = read(options)?;
    let Found { fields, notes } = samples::fields(&records).map_err(|message| {
        Failure::usage("usage::sample", message)
            .help("a sample is a record with its values, or a list of records: {\"id\": 7, \"name\": \"Ada\"}")
    })?;
    remarks.extend(notes);
    report::remarks(&remarks, display, &Redactor::default());
    if options.conn {
        say(&emit::value(&field::nodes(&fields)))?;
    } else {
        let json: Json = fields.iter().map(field::Field::json).collect();
        say(&format!("{json:#}\n"))?;
    }
    Ok(0)
}

/// The records of all samples, and remarks about them.
fn read(options: &Schema) -> Result<(Vec<Json>, Vec<String>), Failure> {
    let (mut records, mut remarks) = (Vec::new(), Vec::new());
    for given in &options.json {
        let source = files::json_source(given, "--json")?;
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
        let read = samples::csv(&text, options.col_sep.into());
        let (rows, notes) = read.map_err(|message| malformed(path, "CSV", &message))?;
        records.extend(rows);
        remarks.extend(notes);
    }
    for path in &options.xml {
        records.extend(samples::xml(&text(path)?).map_err(|message| malformed(path, "XML", &message))?);
    }
    Ok((records, remarks))
}

fn text(path: &Path) -> Result<String, Failure> {
    if path == Path::new("-") {
        return Ok(files::json_source("-", "the sample")?.text().to_owned());
    }
    Ok(files::read_text(path)?.text().to_owned())
}

fn malformed(path: &Path, format: &str, message: &str) -> Failure {
    let name = if path == Path::new("-") { "standard input".to_owned() } else { path.display().to_string() };
    let message = message.lines().next().unwrap_or_default();
    Failure::usage("usage::sample", format!("{name} is not valid {format}: {message}")).help(match format {
        "CSV" => "the first line has the names of the columns; `--col-sep` says what stands between them",
        _ => "one element holds all others, and each is closed by its name",
    })
}
