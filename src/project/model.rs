//! A project as its `connrun.toml` describes it: accounts, triggers, syncs, the server, the state.

use super::given::{Checker, Given, Table, span};
use crate::diagnostic::Diagnostic;
use crate::runtime::{CatchUp, Schedule};
use crate::text::{Source, Span};
use serde_json::{Map, Value as Json};
use std::path::{Path, PathBuf};
use toml::de::DeTable;

/// Where connrun listens unless told otherwise.
pub const LISTEN: &str = "127.0.0.1:8080";
/// The largest body of a webhook, in bytes, unless told otherwise.
pub const MAX_BODY: usize = 10 << 20;
const WORKERS: usize = 8;

/// What a `connrun.toml` says. Paths are joined with its folder.
#[derive(Clone, Debug)]
pub struct Project {
    pub source: Source,
    pub accounts: Vec<Account>,
    pub triggers: Vec<Trigger>,
    pub syncs: Vec<Sync>,
    pub server: Server,
    pub state: Option<PathBuf>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Account {
    pub name: String,
    pub settings: Option<Settings>,
    pub connection: Option<String>,
    pub key: Option<PathBuf>,
}

/// Where an account's settings come from.
#[derive(Clone, Debug, PartialEq)]
pub enum Settings {
    File(PathBuf),
    /// Values; a text `env:NAME` stands for a variable.
    Values(Map<String, Json>),
}

/// The part of a connector that runs, and for whom.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    pub connector: Given<PathBuf>,
    pub account: Option<Given<String>>,
    /// The name of the trigger, sync or action.
    pub name: Given<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Trigger {
    pub name: Given<String>,
    pub part: Part,
    pub input: Map<String, Json>,
    pub timing: Timing,
    pub max_pages: Option<usize>,
    pub action: Option<Action>,
}

/// What runs for an event.
#[derive(Clone, Debug, PartialEq)]
pub struct Action {
    pub part: Part,
    /// How the event becomes the input: a table, a list of names, a method's name; `None` gives it the event.
    pub map: Option<Json>,
    /// What runs when it has failed for good.
    pub on_failure: Option<Box<Action>>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Sync {
    pub name: Given<String>,
    pub part: Part,
    pub input: Map<String, Json>,
    pub timing: Timing,
    pub sink: Sink,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Sink {
    pub kind: SinkKind,
    pub path: PathBuf,
    pub table: Option<String>,
    pub on_drift: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SinkKind {
    Sqlite,
    Csv,
    Lines,
}

const SINKS: [(&str, SinkKind); 3] = [("sqlite", SinkKind::Sqlite), ("csv", SinkKind::Csv), ("jsonl", SinkKind::Lines)];

/// When something runs; what is not said here is the connector's to say.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Timing {
    pub schedule: Option<Given<String>>,
    pub poll_interval: Option<Given<f64>>,
    pub timezone: Option<Given<String>>,
    pub catch_up: Option<CatchUp>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Server {
    pub listen: Given<String>,
    pub token: Option<Given<String>>,
    pub public_url: Option<Given<String>>,
    pub max_body: usize,
    pub workers: usize,
}

impl Project {
    /// Reads a text whose file stands in `folder`. Files and names are not looked up yet: [`super::names`] does that.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn parse(source: &Source, folder: &Path) -> Result<Self, Vec<Diagnostic>> {
        let mut checker = Checker { source, findings: Vec::new() };
        let parsed = match DeTable::parse(source.text()) {
            Ok(parsed) => parsed,
            Err(error) => {
                let place = error.span().map_or(Span::at(0), span);
                let help = "a line is `key = \"value\"`, or the name of a table in `[ ]`".to_owned();
                let message = format!("this is not TOML: {}", error.message());
                checker.push("project::not-toml", message, place, "here", help);
                return Err(checker.findings);
            }
        };
        checker.table("", parsed.get_ref(), Span::at(0));
        let read = Reader { folder, checker };
        read.project(source, Table::new(parsed.get_ref()))
    }

    pub fn account(&self, name: &str) -> Option<&Account> {
        self.accounts.iter().find(|account| account.name == name)
    }
}

struct Reader<'a> {
    folder: &'a Path,
    checker: Checker<'a>,
}

impl Reader<'_> {
    fn project(mut self, source: &Source, top: Table<'_>) -> Result<Project, Vec<Diagnostic>> {
        let accounts = top.tables("accounts").into_iter().map(|(name, table)| self.account(name, table)).collect();
        let mut triggers = Vec::new();
        for (name, table) in top.tables("triggers") {
            triggers.extend(self.trigger(name, table));
        }
        let mut syncs = Vec::new();
        for (name, table) in top.tables("syncs") {
            syncs.extend(self.sync(name, table));
        }
        let state = top.table("state").and_then(|state| self.path(state, "file")).map(|file| file.value);
        let server = self.server(top.table("server"));
        if self.checker.findings.is_empty() {
            return Ok(Project { source: source.clone(), accounts, triggers, syncs, server, state });
        }
        Err(self.checker.findings)
    }

    fn account(&mut self, name: Given<String>, table: Table<'_>) -> Account {
        let settings = match self.path(table, "settings") {
            Some(file) => Some(Settings::File(file.value)),
            None => table.table("settings").map(|_| Settings::Values(table.values("settings"))),
        };
        Account {
            name: name.value,
            settings,
            connection: table.text("connection").map(|name| name.value),
            key: self.path(table, "key").map(|key| key.value),
        }
    }

    fn trigger(&mut self, name: Given<String>, table: Table<'_>) -> Option<Trigger> {
        let part = self.part(table, "trigger");
        let timing = self.timing(table);
        let part = part?;
        let action = table.table("do").and_then(|action| self.action(action, &part));
        Some(Trigger {
            name: self.named(name),
            part,
            input: table.values("input"),
            timing,
            max_pages: table.count("max_pages").map(|pages| pages as usize),
            action,
        })
    }

    fn action(&self, table: Table<'_>, above: &Part) -> Option<Action> {
        let connector = self.path(table, "connector");
        let same = connector.as_ref().is_none_or(|own| own.value == above.connector.value);
        let part = Part {
            connector: connector.unwrap_or_else(|| above.connector.clone()),
            account: table.text("account").or_else(|| above.account.clone().filter(|_| same)),
            name: table.text("action")?,
        };
        let on_failure = table.table("on_failure").and_then(|told| self.action(told, &part)).map(Box::new);
        Some(Action { part, map: table.any("map"), on_failure })
    }

    fn sync(&mut self, name: Given<String>, table: Table<'_>) -> Option<Sync> {
        let part = self.part(table, "sync");
        let timing = self.timing(table);
        let sink = table.table("sink").and_then(|sink| self.sink(sink, &name));
        Some(Sync { name: self.named(name), part: part?, input: table.values("input"), timing, sink: sink? })
    }

    fn sink(&mut self, table: Table<'_>, name: &Given<String>) -> Option<Sink> {
        let given: Vec<_> =
            SINKS.iter().filter_map(|(key, kind)| Some((*kind, self.path(table, key)?.value))).collect();
        let [(kind, path)] = given.as_slice() else {
            let message = match given.len() {
                0 => format!("the sink of `{}` is no place: it has none of sqlite, csv, jsonl", name.value),
                _ => format!("the sink of `{}` is several places", name.value),
            };
            let help = "write one: `sink = { sqlite = \"warehouse.db\" }`".to_owned();
            self.checker.push("project::sink", message, name.span, "this sync", help);
            return None;
        };
        let table_name = table.text("table").map(|table| table.value);
        let on_drift = table.text("on_drift").map(|word| word.value);
        Some(Sink { kind: *kind, path: path.clone(), table: table_name, on_drift })
    }

    /// Names stand in addresses, and in lines that people read.
    fn named(&mut self, name: Given<String>) -> Given<String> {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        if name.value.is_empty() || !name.value.chars().all(plain) {
            let message = format!("`{}` is no name: it becomes a part of addresses", name.value);
            let help = "use letters, digits, `_`, `-` and `.`".to_owned();
            self.checker.push("project::name", message, name.span, "this", help);
        }
        name
    }

    fn part(&self, table: Table<'_>, key: &str) -> Option<Part> {
        let (connector, name) = (self.path(table, "connector")?, table.text(key)?);
        Some(Part { connector, account: table.text("account"), name })
    }

    fn timing(&mut self, table: Table<'_>) -> Timing {
        let timing = Timing {
            schedule: table.text("schedule"),
            poll_interval: table.number("poll_interval"),
            timezone: table.text("timezone"),
            catch_up: table.text("catch_up").and_then(|word| CatchUp::of(&word.value)),
        };
        if let (Some(schedule), Some(interval)) = (&timing.schedule, &timing.poll_interval) {
            let message = "`schedule` and `poll_interval` say two things: it runs by one of them".to_owned();
            self.checker.push("project::schedule", message, interval.span, "and this", "leave one away".to_owned());
            if let Some(finding) = self.checker.findings.last_mut() {
                *finding = finding.clone().label(schedule.span, "this");
            }
        }
        if let Some(interval) = &timing.poll_interval
            && let Err(message) = Schedule::every(interval.value)
        {
            self.checker.push("project::schedule", message, interval.span, "this", String::new());
        }
        let mut zone_is_known = true;
        if let Some(zone) = &timing.timezone
            && let Err(message) = Schedule::zone(&zone.value)
        {
            zone_is_known = false;
            let help = "names are those of IANA, such as `Europe/Berlin`".to_owned();
            self.checker.push("project::schedule", message, zone.span, "this zone", help);
        }
        if let Some(schedule) = &timing.schedule {
            let zone = timing.timezone.as_ref().filter(|_| zone_is_known).map(|zone| zone.value.as_str());
            if let Err(message) = Schedule::cron(&schedule.value, zone) {
                let help = "`0 2 * * *` is two o'clock every night, `*/5 * * * *` every five minutes".to_owned();
                self.checker.push("project::schedule", message, schedule.span, "this pattern", help);
            }
        }
        timing
    }

    fn server(&self, table: Option<Table<'_>>) -> Server {
        let text = |key| table.and_then(|table| table.text(key));
        let count = |key, usual| table.and_then(|table| table.count(key)).map_or(usual, |count| count as usize);
        Server {
            listen: text("listen").unwrap_or_else(|| Given { value: LISTEN.to_owned(), span: Span::at(0) }),
            token: text("token"),
            public_url: text("public_url"),
            max_body: count("max_body", MAX_BODY),
            workers: count("workers", WORKERS).min(64),
        }
    }

    fn path(&self, table: Table<'_>, key: &str) -> Option<Given<PathBuf>> {
        let given = table.text(key)?;
        Some(Given { value: self.folder.join(given.value), span: given.span })
    }
}
