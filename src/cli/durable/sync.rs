//! `connrun sync`: copies records into a file or a table, chunk by chunk, and goes on where the last run stopped.

use super::args::{OnDrift, Sync};
use super::file;
use super::machine::Machine;
use crate::cli::args::Display;
use crate::cli::failure::{Failure, Kind as FailureKind};
use crate::cli::open::{Opened, Opening};
use crate::cli::out::counted;
use crate::cli::secrets::Secrets;
use crate::cli::tape::Player;
use crate::cli::{files, interrupt, report};
use crate::connector::Connector;
use crate::diagnostic::Diagnostic;
use crate::runtime::sink::{Csv, Drift, Drifted, Lines, Sink, SinkError, Sqlite};
use crate::runtime::{self, Copy, Embedded, Engine, Incremental, Outcome, Progress, Trouble};
use crate::store::{Identity, Kind, Sqlite as Store};
use crate::text::nearest;
use crate::value::{Value, to_s};
use serde_json::{Value as Json, json};
use std::path::Path;

pub fn run(options: &Sync, display: &Display, secrets: &Secrets) -> Result<u8, Failure> {
    let input = super::trigger::object(options.given.input.as_deref())?;
    interrupt::watch_gently();
    let player = Player::of_reads(&options.recording, &options.given.run, &options.given.place, display)?;
    let run = player.run(&options.given.run);
    let opening = Opening {
        tape: Some(&player),
        semantics: options.given.semantics,
        title: format!("sync {}", options.name.as_deref().unwrap_or_default()),
        ..Opening::new(&options.given.place, &run, &options.given.network, display)
    };
    let mut opened = opening.open(secrets)?;
    let name = named(options.name.as_deref(), "sync", &opened.connector)?;
    let machine = Machine::new(&run, secrets);
    let key = primary_key(&opened.connector, &name)?;
    let incremental = incremental(&opened.connector, &name)?;
    let target =
        Target { path: options.to.as_deref(), table: options.table.as_deref(), on_drift: options.copying.on_drift };
    let mut sink = target.sink(&name, &key, &machine)?;
    warn(options, &target, &name, incremental, &key, display, secrets);
    let identity = Identity {
        connector: file::connector_name(&files::connector_path(&options.given.place)?, &options.given.kept.state),
        kind: Kind::Sync,
        name,
        connection: options.given.place.connection.clone().unwrap_or_default(),
        input: target.identity_input(&input)?.to_string(),
    };
    file::keep_turns(&opened.connector, &identity, &options.given.kept.state)?;
    let mut engine = Embedded::new(file::open(&options.given.kept.state)?);
    target.belongs_to(&identity, &mut engine)?;
    let mut told = Told::default();
    let connector_hash = runtime::digest(opened.source.text());
    let result = machine.paced(0, |pace| {
        let copy = Copy {
            identity,
            input,
            connector_hash,
            incremental,
            full: options.copying.full,
            max_chunks: options.copying.max_chunks,
            plan: None,
            pace,
        };
        engine.copy(&copy, &mut opened.connector, sink.as_mut(), &mut |progress| told.hear(&progress))
    });
    drop(sink);
    let mut kept = player.finish(&opened, secrets, result.is_ok())?;
    kept.extend(opened.keep(&options.given.place, options.given.semantics.save_settings));
    finish(&opened, kept, told, result, display, secrets)
}

/// Where records go, as the options say.
#[derive(Clone, Copy)]
pub struct Target<'a> {
    pub path: Option<&'a Path>,
    pub table: Option<&'a str>,
    pub on_drift: OnDrift,
}

impl Target<'_> {
    /// Where records go is part of what a sync is: another file is filled from the beginning.
    pub fn identity_input(&self, input: &Value) -> Result<Json, Failure> {
        let input =
            runtime::canonical(input).map_err(|_| Failure::usage("usage::json", "--input cannot be kept as JSON"))?;
        let to = self.path.map_or("-".to_owned(), |path| path.display().to_string());
        let table = self.table.map(|table| format!("#{table}")).unwrap_or_default();
        let input: Json = serde_json::from_str(&input).unwrap_or_default();
        Ok(json!({ "input": input, "to": format!("{to}{table}") }))
    }

    /// A file that grows is one copy's: what another one appended would be cut off as a torn chunk.
    pub fn belongs_to(&self, identity: &Identity, engine: &mut Embedded<Store>) -> Result<(), Failure> {
        let Some(path) = self.path.filter(|path| !is_table(path) && *path != Path::new("-")) else { return Ok(()) };
        let place = file::whole(path);
        let rival = engine.instances().map_err(|error| file::failure(&error))?.into_iter().find(|instance| {
            let input: Json = serde_json::from_str(&instance.identity.input).unwrap_or_default();
            let theirs = input["to"].as_str().map(|to| file::whole(Path::new(to)));
            instance.identity != *identity && instance.place.page.is_some() && theirs.as_ref() == Some(&place)
        });
        let Some(rival) = rival else { return Ok(()) };
        let (kind, name) = (rival.identity.kind.name(), rival.identity.name);
        Err(Failure::usage("sync::sink", format!("{} is written by the {kind} of `{name}`", path.display()))
            .help("give each copy a file of its own, or all of them one SQLite table"))
    }

    /// The sink that the file's name asks for; standard output without one.
    pub fn sink<'m>(&self, name: &str, key: &[String], machine: &'m Machine) -> Result<Box<dyn Sink + 'm>, Failure> {
        let Some(path) = self.path.filter(|path| *path != Path::new("-")) else {
            return Ok(Box::new(Lines::Stream(Box::new(|lines: &str| machine.print(lines)))));
        };
        let drift = self.on_drift.into();
        Ok(match extension(path) {
            "jsonl" | "ndjson" => Box::new(Lines::File(path.to_path_buf(), None)),
            "csv" => Box::new(Csv::new(path.to_path_buf(), drift)),
            _ if is_table(path) => {
                let table = self.table.unwrap_or(name).to_owned();
                Box::new(Sqlite::new(path.to_path_buf(), table, key.to_vec(), drift))
            }
            _ => {
                let message = format!("the name {} does not say what the file shall be", path.display());
                return Err(
                    Failure::usage("sync::sink", message).help("name it .jsonl (JSON Lines), .csv, or .db (SQLite)")
                );
            }
        })
    }

    /// Records that were copied before are known again.
    pub fn updates(&self, key: &[String]) -> bool {
        !key.is_empty() && self.path.is_some_and(is_table)
    }
}

fn is_table(path: &Path) -> bool {
    matches!(extension(path), "db" | "sqlite" | "sqlite3")
}

/// The sync that is meant; `command` is the one that asks.
pub fn named(given: Option<&str>, command: &str, connector: &Connector) -> Result<String, Failure> {
    let names: Vec<String> =
        connector.session().table(&["syncs"]).keys().iter().map(|key| to_s(key).to_text()).collect();
    let listed = if names.is_empty() {
        "the connector has no syncs: they stand under `syncs: { NAME: { fetch: … } }`".to_owned()
    } else {
        format!("there is: {}", names.join(", "))
    };
    match given {
        Some(name) if names.iter().any(|known| known == name) => Ok(name.to_owned()),
        Some(name) => {
            let near = nearest(name, names.iter().map(String::as_str)).map(|near| format!("did you mean `{near}`? "));
            Err(Failure::usage("usage::name", format!("there is no sync `{name}`"))
                .help(format!("{}{listed}", near.unwrap_or_default())))
        }
        None => {
            Err(Failure::usage("usage::name", "which sync?")
                .help(format!("name it: `connrun {command} NAME`; {listed}")))
        }
    }
}

/// The columns that tell one record from another: a name or several.
pub fn primary_key(connector: &Connector, name: &str) -> Result<Vec<String>, Failure> {
    match connector.session().part(&["syncs", name, "primary_key"]) {
        Value::Nil => Ok(Vec::new()),
        Value::Array(names) => Ok(names.to_vec().iter().map(|name| to_s(name).to_text()).collect()),
        one @ (Value::Str(_) | Value::Symbol(_)) => Ok(vec![to_s(&one).to_text()]),
        _ => Err(Failure::usage("sync::primary-key", format!("primary_key of `{name}` is no name"))
            .help("write a name or several: `primary_key: 'id'`, `primary_key: ['account', 'id']`")),
    }
}

pub fn incremental(connector: &Connector, name: &str) -> Result<Incremental, Failure> {
    let declared = connector.session().part(&["syncs", name, "incremental"]);
    Incremental::of(&declared).ok_or_else(|| {
        Failure::usage("sync::incremental", format!("incremental of `{name}` is `{}`", to_s(&declared).to_text()))
            .help("it is :native (new and changed records), :created_only, or :none (every run reads everything)")
    })
}

fn extension(path: &Path) -> &str {
    path.extension().and_then(|extension| extension.to_str()).unwrap_or_default()
}

/// What becomes of records that are read again.
pub const TWICE: &str =
    "records that were copied before come once more: only an SQLite table with a `primary_key` knows them again";

/// What a person may expect of this sync and not get.
fn warn(
    options: &Sync,
    target: &Target<'_>,
    name: &str,
    incremental: Incremental,
    key: &[String],
    display: &Display,
    secrets: &Secrets,
) {
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
    if !target.updates(key) && (incremental == Incremental::None || options.copying.full) {
        notes.push(TWICE.to_owned());
    }
    report::remarks(&notes, display, &secrets.redactor());
}

/// What a run has told so far.
#[derive(Default)]
pub struct Told {
    pub chunks: u64,
    pub records: u64,
    /// Windows of the plan that are done.
    pub windows: u64,
    drifted: Vec<Drifted>,
    notes: Vec<String>,
}

impl Told {
    /// One more remark.
    pub fn note(&mut self, note: String) {
        self.notes.push(note);
    }

    pub fn hear(&mut self, progress: &Progress<'_>) {
        match progress {
            Progress::Window { done } => self.windows = *done,
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

/// Says how a run went. `kept` is what became of renewed credentials.
pub fn finish(
    opened: &Opened,
    kept: Vec<String>,
    told: Told,
    result: Result<Outcome, Trouble>,
    display: &Display,
    secrets: &Secrets,
) -> Result<u8, Failure> {
    let mut remarks = told.notes;
    remarks.extend(opened.notes());
    remarks.extend(told.drifted.iter().map(|it| format!("`{}`: {} ({} times)", it.column, it.what, it.times)));
    remarks.extend(kept);
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

impl From<OnDrift> for Drift {
    fn from(given: OnDrift) -> Self {
        match given {
            OnDrift::Evolve => Self::Evolve,
            OnDrift::Freeze => Self::Freeze,
            OnDrift::DiscardRow => Self::DiscardRow,
            OnDrift::DiscardValue => Self::DiscardValue,
        }
    }
}
