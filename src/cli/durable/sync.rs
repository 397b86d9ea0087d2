//! `connrun sync`: copies records into a file or a table, chunk by chunk, and goes on where the last run stopped.

use super::args::Sync;
use super::file;
use super::machine::Machine;
use crate::cli::args::Display;
use crate::cli::failure::{Failure, Kind as FailureKind};
use crate::cli::open::{Opened, Opening};
use crate::cli::secrets::Secrets;
use crate::cli::{files, interrupt, report};
use crate::connector::Connector;
use crate::diagnostic::Diagnostic;
use crate::runtime::sink::{Csv, Drift, Drifted, Lines, Sink, SinkError, Sqlite};
use crate::runtime::{self, Copy, Incremental, Outcome, Progress, Trouble};
use crate::store::{Identity, Kind};
use crate::text::nearest;
use crate::value::{Value, to_s};
use std::path::Path;

pub fn run(options: &Sync, display: &Display, secrets: &Secrets) -> Result<u8, Failure> {
    let input = super::trigger::object(options.input.as_deref())?;
    interrupt::watch_gently();
    let opening = Opening {
        semantics: options.semantics,
        title: format!("sync {}", options.name.as_deref().unwrap_or_default()),
        ..Opening::new(&options.place, &options.run, &options.network, display)
    };
    let mut opened = opening.open(secrets)?;
    let name = named(options, &opened.connector)?;
    let machine = Machine::new(&options.run, secrets);
    let key = primary_key(&opened.connector, name)?;
    let incremental = incremental(&opened.connector, name)?;
    let mut sink = sink(options, name, &key, &machine)?;
    warn(options, name, incremental, &key, display, secrets);
    let identity = Identity {
        connector: file::connector_name(&files::connector_path(&options.place)?, &options.kept.state),
        kind: Kind::Sync,
        name: name.to_owned(),
        connection: options.place.connection.clone().unwrap_or_default(),
        input: identity_input(&input, options)?,
    };
    let mut store = file::open(&options.kept.state)?;
    let mut told = Told::default();
    let connector_hash = runtime::digest(opened.source.text());
    let result = machine.paced(0, |pace| {
        let copy = Copy {
            identity,
            input,
            connector_hash,
            incremental,
            full: options.full,
            max_chunks: options.max_chunks,
            pace,
        };
        copy.run(&mut opened.connector, &mut store, sink.as_mut(), &mut |progress| told.hear(&progress))
    });
    drop(sink);
    finish(options, &mut opened, told, result, display, secrets)
}

/// Where records go is part of what a sync is: another file is filled from the beginning.
fn identity_input(input: &Value, options: &Sync) -> Result<String, Failure> {
    let input =
        runtime::canonical(input).map_err(|_| Failure::usage("usage::json", "--input cannot be kept as JSON"))?;
    let to = options.to.as_deref().map_or("-".to_owned(), |path| path.display().to_string());
    let table = options.table.as_ref().map(|table| format!("#{table}")).unwrap_or_default();
    let input: serde_json::Value = serde_json::from_str(&input).unwrap_or_default();
    Ok(serde_json::json!({ "input": input, "to": format!("{to}{table}") }).to_string())
}

fn named<'a>(options: &'a Sync, connector: &Connector) -> Result<&'a str, Failure> {
    let names: Vec<String> =
        connector.session().table(&["syncs"]).keys().iter().map(|key| to_s(key).to_text()).collect();
    let listed = if names.is_empty() {
        "the connector has no syncs: they stand under `syncs: { NAME: { fetch: … } }`".to_owned()
    } else {
        format!("there is: {}", names.join(", "))
    };
    match &options.name {
        Some(name) if names.contains(name) => Ok(name),
        Some(name) => {
            let near = nearest(name, names.iter().map(String::as_str)).map(|near| format!("did you mean `{near}`? "));
            Err(Failure::usage("usage::name", format!("there is no sync `{name}`"))
                .help(format!("{}{listed}", near.unwrap_or_default())))
        }
        None => {
            Err(Failure::usage("usage::name", "which sync?").help(format!("name it: `connrun sync NAME`; {listed}")))
        }
    }
}

/// The columns that tell one record from another: a name or several.
fn primary_key(connector: &Connector, name: &str) -> Result<Vec<String>, Failure> {
    match connector.session().part(&["syncs", name, "primary_key"]) {
        Value::Nil => Ok(Vec::new()),
        Value::Array(names) => Ok(names.to_vec().iter().map(|name| to_s(name).to_text()).collect()),
        one @ (Value::Str(_) | Value::Symbol(_)) => Ok(vec![to_s(&one).to_text()]),
        _ => Err(Failure::usage("sync::primary-key", format!("primary_key of `{name}` is no name"))
            .help("write a name or several: `primary_key: 'id'`, `primary_key: ['account', 'id']`")),
    }
}

fn incremental(connector: &Connector, name: &str) -> Result<Incremental, Failure> {
    let declared = connector.session().part(&["syncs", name, "incremental"]);
    Incremental::of(&declared).ok_or_else(|| {
        Failure::usage("sync::incremental", format!("incremental of `{name}` is `{}`", to_s(&declared).to_text()))
            .help("it is :native (new and changed records), :created_only, or :none (every run reads everything)")
    })
}

/// The sink that the file's name asks for; standard output without one.
fn sink<'a>(options: &Sync, name: &str, key: &[String], machine: &'a Machine) -> Result<Box<dyn Sink + 'a>, Failure> {
    let Some(path) = options.to.as_deref().filter(|path| *path != Path::new("-")) else {
        return Ok(Box::new(Lines::Stream(Box::new(|lines: &str| machine.print(lines)))));
    };
    let drift = options.on_drift.into();
    Ok(match extension(path) {
        "jsonl" | "ndjson" => Box::new(Lines::File(path.to_path_buf(), None)),
        "csv" => Box::new(Csv::new(path.to_path_buf(), drift)),
        "db" | "sqlite" | "sqlite3" => {
            let table = options.table.clone().unwrap_or_else(|| name.to_owned());
            Box::new(Sqlite::new(path.to_path_buf(), table, key.to_vec(), drift))
        }
        _ => {
            return Err(Failure::usage(
                "sync::sink",
                format!("the name {} does not say what the file shall be", path.display()),
            )
            .help("name it .jsonl (JSON Lines), .csv, or .db (SQLite)"));
        }
    })
}

fn extension(path: &Path) -> &str {
    path.extension().and_then(|extension| extension.to_str()).unwrap_or_default()
}

/// What a person may expect of this sync and not get.
fn warn(options: &Sync, name: &str, incremental: Incremental, key: &[String], display: &Display, secrets: &Secrets) {
    let mut notes = Vec::new();
    match incremental {
        Incremental::Native => {}
        Incremental::CreatedOnly => {
            notes.push(format!(
                "sync `{name}` brings new records only: changes of old ones are not seen (--full reads everything)"
            ));
        }
        Incremental::None => {
            notes.push(format!("sync `{name}` cannot be incremental: every run reads everything"));
        }
    }
    let table = options.to.as_deref().is_some_and(|path| matches!(extension(path), "db" | "sqlite" | "sqlite3"));
    let appends = key.is_empty() || !table;
    if appends && (incremental == Incremental::None || options.full) {
        notes.push("records that were copied before come once more: only an SQLite table with a `primary_key` knows them again".to_owned());
    }
    report::remarks(&notes, display, &secrets.redactor());
}

/// What a run has told so far.
#[derive(Default)]
struct Told {
    chunks: u64,
    records: u64,
    drifted: Vec<Drifted>,
    notes: Vec<String>,
}

impl Told {
    fn hear(&mut self, progress: &Progress<'_>) {
        match progress {
            Progress::Note(note) => self.notes.push((*note).to_owned()),
            Progress::Chunk { records, drifted } => {
                self.chunks += 1;
                self.records += *records as u64;
                for one in *drifted {
                    (0..one.times).for_each(|_| Drifted::count(&mut self.drifted, &one.column, &one.what));
                }
            }
        }
    }
}

fn finish(
    options: &Sync,
    opened: &mut Opened,
    told: Told,
    result: Result<Outcome, Trouble>,
    display: &Display,
    secrets: &Secrets,
) -> Result<u8, Failure> {
    let mut remarks = told.notes;
    remarks.extend(opened.notes());
    remarks.extend(told.drifted.iter().map(|it| format!("`{}`: {} ({} times)", it.column, it.what, it.times)));
    remarks.extend(opened.keep(&options.place, options.semantics.save_settings));
    let halfway = matches!(result, Ok(Outcome::Halfway));
    let rest = if halfway { "; the next run goes on from here" } else { "" };
    remarks.push(format!("{} in {}{rest}", counted(told.records, "record"), counted(told.chunks, "chunk")));
    report::remarks(&remarks, display, &secrets.redactor());
    match result {
        Ok(Outcome::Busy) => Err(Failure::usage("state::leased", "this sync is being run by another process")
            .help("wait until it has ended, or give this run a state of its own with --state FILE")),
        Ok(Outcome::Paused) => Err(Failure::usage("state::paused", "this sync is paused")
            .help("`connrun state set NAME --resume --yes` lets it go on")),
        Ok(Outcome::Done | Outcome::Halfway) => Ok(0),
        Err(trouble) => Err(failed(opened, trouble)),
    }
}

fn counted(count: u64, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// The trouble of a run, as the command reports it.
pub fn failed(opened: &Opened, trouble: Trouble) -> Failure {
    match trouble {
        Trouble::Store(error) => file::failure(&error),
        Trouble::Connector(unwind) => opened.failure(&unwind),
        Trouble::Sink(error) => unwritten(error),
    }
}

fn unwritten(error: SinkError) -> Failure {
    let failure = Failure::new(FailureKind::Connector, Diagnostic::error("sync::sink", error.message));
    match error.help {
        Some(help) => failure.help(help),
        None => failure,
    }
}

impl From<super::args::OnDrift> for Drift {
    fn from(given: super::args::OnDrift) -> Self {
        match given {
            super::args::OnDrift::Evolve => Self::Evolve,
            super::args::OnDrift::Freeze => Self::Freeze,
            super::args::OnDrift::DiscardRow => Self::DiscardRow,
            super::args::OnDrift::DiscardValue => Self::DiscardValue,
        }
    }
}
