//! `connrun trigger`: polls with state, and prints each new event as a line once it is committed.

use super::args::Trigger;
use super::file;
use super::machine::Machine;
use super::sync::failed;
use crate::cli::args::Display;
use crate::cli::failure::Failure;
use crate::cli::open::{Opened, Opening};
use crate::cli::secrets::Secrets;
use crate::cli::tape::Player;
use crate::cli::{files, interrupt, report};
use crate::connector::Connector;
use crate::runtime::{self, Cycle, Embedded, Emitted, Engine, Judged, Outcome, Trouble, Verdict};
use crate::store::{Identity, Kind, Memory, Millis, Sqlite, Status, Store};
use crate::text::nearest;
use crate::value::{Hash, Value, to_s};
use std::rc::Rc;
use std::time::Duration;

/// Seconds between two polls of a trigger that says nothing of it.
const INTERVAL: f64 = 300.0;
const DAY: Millis = 86_400_000;

pub fn run(options: &Trigger, display: &Display, secrets: &Secrets) -> Result<u8, Failure> {
    let input = object(options.given.input.as_deref())?;
    if options.follow {
        interrupt::watch_gently();
    } else {
        interrupt::watch();
    }
    let player = Player::of_reads(&options.recording, &options.given.run, &options.given.place, display)?;
    let run = player.run(&options.given.run);
    let opening = Opening {
        tape: Some(&player),
        semantics: options.given.semantics,
        title: format!("trigger {}", options.name.as_deref().unwrap_or_default()),
        ..Opening::new(&options.given.place, &run, &options.given.network, display)
    };
    let opened = opening.open(secrets)?;
    let identity = identity(options, &opened.connector, &input)?;
    let mut poller = Poller {
        interval: interval(options, &opened.connector, &identity.name)?,
        machine: Rc::new(Machine::new(&run, secrets)),
        player: &player,
        options,
        display,
        secrets,
        opened,
    };
    if options.dry_run {
        return poller.rehearse(identity, input);
    }
    file::keep_turns(&poller.opened.connector, &identity, &options.given.kept.state)?;
    let mut engine = Embedded::new(file::open(&options.given.kept.state)?);
    poller.poll(&mut engine, identity, input)
}

/// The object of an `--input`; empty where none is given.
pub fn object(given: Option<&str>) -> Result<Value, Failure> {
    let Some(given) = given else { return Ok(Value::hash(Hash::new())) };
    match files::read_json(given, "--input")? {
        input @ Value::Hash(_) => Ok(input),
        _ => Err(Failure::usage("usage::json-kind", "--input has to be an object")
            .help("give an object: `--input '{\"name\": \"value\"}'`, or a file that holds one")),
    }
}

fn identity(options: &Trigger, connector: &Connector, input: &Value) -> Result<Identity, Failure> {
    let triggers = connector.session().table(&["triggers"]);
    let names: Vec<String> = triggers.keys().iter().map(|key| to_s(key).to_text()).collect();
    let listed = || {
        if names.is_empty() {
            "the connector has no triggers".to_owned()
        } else {
            format!("there is: {}", names.join(", "))
        }
    };
    let Some(name) = &options.name else {
        return Err(Failure::usage("usage::name", "which trigger?")
            .help(format!("name it: `connrun trigger NAME`; {}", listed())));
    };
    if !names.contains(name) {
        let near = nearest(name, names.iter().map(String::as_str)).map(|near| format!("did you mean `{near}`? "));
        return Err(Failure::usage("usage::name", format!("there is no trigger `{name}`")).help(format!(
            "{}{}",
            near.unwrap_or_default(),
            listed()
        )));
    }
    if !connector.session().part(&["triggers", name, "poll"]).truthy() {
        return Err(Failure::usage("trigger::no-poll", format!("trigger `{name}` has no `poll`"))
            .help("it is run by the requests that arrive at its webhook, not by polling"));
    }
    let input =
        runtime::canonical(input).map_err(|_| Failure::usage("usage::json", "--input cannot be kept as JSON"))?;
    Ok(Identity {
        connector: file::connector_name(&files::connector_path(&options.given.place)?, &options.given.kept.state),
        kind: Kind::Trigger,
        name: name.clone(),
        connection: options.given.place.connection.clone().unwrap_or_default(),
        input,
    })
}

/// Milliseconds from one poll to the next.
fn interval(options: &Trigger, connector: &Connector, name: &str) -> Result<Millis, Failure> {
    let declared = connector.session().part(&["triggers", name, "poll_interval"]);
    let seconds = match (options.interval, &declared) {
        (Some(seconds), _) => seconds,
        (None, Value::Nil) => INTERVAL,
        (None, declared) => {
            number(declared).filter(|seconds| seconds.is_finite() && *seconds >= 0.0).ok_or_else(|| {
                Failure::usage("trigger::poll-interval", format!("poll_interval of `{name}` is no number of seconds"))
                    .help("write a number: `poll_interval: 300`")
            })?
        }
    };
    Ok((seconds * 1000.0) as Millis)
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Int(number) => Some(*number as f64),
        Value::Float(number) => Some(number.get()),
        _ => None,
    }
}

struct Poller<'a> {
    options: &'a Trigger,
    display: &'a Display,
    secrets: &'a Secrets,
    opened: Opened,
    player: &'a Player,
    interval: Millis,
    machine: Rc<Machine>,
}

impl Poller<'_> {
    /// Works with a cycle of this trigger.
    fn cycle<T>(
        &mut self,
        identity: &Identity,
        input: &Value,
        work: impl FnOnce(&Cycle<'_>, &mut Connector) -> Result<T, Trouble>,
    ) -> Result<T, Failure> {
        let connector_hash = runtime::digest(self.opened.source.text());
        let result = self.machine.paced(self.interval, |pace| {
            let cycle = Cycle {
                identity: identity.clone(),
                input: input.clone(),
                connector_hash,
                max_pages: self.options.given.semantics.max_pages.map(|pages| pages.max(1) as usize),
                keep_duplicates: self.options.given.semantics.no_dedup,
                retention: (self.options.retention > 0).then(|| Millis::from(self.options.retention) * DAY),
                status: Status::Emitted,
                pace,
            };
            work(&cycle, &mut self.opened.connector)
        });
        result.map_err(|trouble| failed(&self.opened, trouble))
    }

    fn poll(&mut self, engine: &mut Embedded<Sqlite>, identity: Identity, input: Value) -> Result<u8, Failure> {
        loop {
            let machine = Rc::clone(&self.machine);
            let result = self.cycle(&identity, &input, |cycle, connector| {
                // What is committed is in the state, read or not.
                engine.poll(cycle, connector, &mut |jobs| {
                    machine.print(&lines(jobs));
                })
            });
            self.remark(result.is_ok())?;
            if self.machine.is_closed() {
                return Ok(0);
            }
            match result {
                Ok(Outcome::Busy) if !self.options.follow => return Err(busy(&identity.name)),
                Ok(Outcome::Paused) if !self.options.follow => return Err(paused(&identity.name)),
                Ok(_) => {}
                Err(_) if interrupt::cut() => return Err(Failure::interrupted()),
                Err(failure) if !self.options.follow => return Err(failure),
                Err(failure) => {
                    report::failure(failure, self.display, &self.secrets.redactor());
                }
            }
            if !self.options.follow || interrupt::asked() {
                return Ok(0);
            }
            let due = self.due(engine, &identity)?;
            interrupt::sleep(Duration::from_millis(
                due.saturating_sub(self.machine.now()).clamp(100, DAY).unsigned_abs(),
            ));
            if interrupt::asked() {
                return Ok(0);
            }
        }
    }

    /// When the next poll is due; never later than the interval or a failure's wait from now, whatever the clock did.
    fn due(&self, engine: &mut Embedded<Sqlite>, identity: &Identity) -> Result<Millis, Failure> {
        let instance = engine.store.open(identity).map_err(|error| file::failure(&error))?;
        let latest = self.machine.now().saturating_add(if instance.place.failures > 0 { DAY } else { self.interval });
        Ok(instance.place.next_due.unwrap_or(latest).min(latest))
    }

    /// Says what the connector noted, keeps what was recorded, and credentials that were renewed.
    fn remark(&mut self, done: bool) -> Result<(), Failure> {
        let mut remarks = self.opened.notes();
        remarks.extend(self.player.finish(&self.opened, self.secrets, done)?);
        remarks.extend(self.opened.keep(&self.options.given.place, self.options.given.semantics.save_settings));
        report::remarks(&remarks, self.display, &self.secrets.redactor());
        Ok(())
    }

    fn rehearse(&mut self, identity: Identity, input: Value) -> Result<u8, Failure> {
        let path = &self.options.given.kept.state;
        let mut kept: Box<dyn Store> = if path.exists() {
            Box::new(Sqlite::open(path).map_err(|error| file::failure(&error))?)
        } else {
            Box::new(Memory::default())
        };
        let mut counts = [0_usize; 4];
        let machine = Rc::clone(&self.machine);
        let result = self.cycle(&identity, &input, |cycle, connector| {
            cycle.rehearse(connector, kept.as_mut(), &mut |judged| {
                counts[judged.verdict as usize] += 1;
                machine.print(&judged_line(judged));
            })
        });
        self.remark(result.is_ok())?;
        result?;
        let told: Vec<String> =
            VERDICTS.iter().zip(counts).map(|((_, name), count)| format!("{count} {name}")).collect();
        report::remarks(&[format!("nothing was kept: {}", told.join(", "))], self.display, &self.secrets.redactor());
        Ok(0)
    }
}

/// Each verdict as it is printed, in the order of the enumeration.
const VERDICTS: [(Verdict, &str); 4] = [
    (Verdict::Fire, "fire"),
    (Verdict::Duplicate, "duplicate"),
    (Verdict::Older, "older-than-mark"),
    (Verdict::Beyond, "beyond"),
];

fn judged_line(judged: &Judged) -> String {
    let verdict = VERDICTS.iter().find(|(verdict, _)| *verdict == judged.verdict).map_or("", |(_, name)| name);
    format!("{{\"verdict\":\"{verdict}\",\"dedup\":{},\"event\":{}}}\n", quoted(judged.key.as_deref()), judged.event)
}

/// An event's line: its id, its key, and the event.
pub fn line(id: &str, key: Option<&str>, event: &str) -> String {
    format!("{{\"id\":{},\"dedup\":{},\"event\":{event}}}\n", quoted(Some(id)), quoted(key))
}

fn quoted(text: Option<&str>) -> String {
    text.map_or("null".to_owned(), |text| serde_json::Value::from(text).to_string())
}

/// The lines of one page.
fn lines(jobs: &[Emitted]) -> String {
    jobs.iter().map(|job| line(&job.id, job.dedup.as_deref(), &job.event)).collect()
}

fn busy(name: &str) -> Failure {
    Failure::usage("state::leased", format!("trigger `{name}` is being polled by another process"))
        .help("wait until it has ended, or give this run a state of its own with --state FILE")
}

fn paused(name: &str) -> Failure {
    Failure::usage("state::paused", format!("trigger `{name}` is paused"))
        .help(format!("`connrun state set {name} --resume --yes` lets it go on"))
}
