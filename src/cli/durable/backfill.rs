//! `connrun backfill`: reads a sync's past window by window, each one kept, and goes on where it stopped.

use super::args::Backfill;
use super::file;
use super::machine::Machine;
use super::sync::{TWICE, Target, Told, finish, incremental, named, primary_key};
use crate::cli::args::Display;
use crate::cli::failure::Failure;
use crate::cli::open::Opening;
use crate::cli::out::{counted, say};
use crate::cli::secrets::Secrets;
use crate::cli::{files, interrupt, report};
use crate::connector::Connector;
use crate::runtime::{self, Copy, Embedded, Engine, Incremental, Outcome, Plan, Span, Window, Windows, first_at};
use crate::store::{Identity, Kind, Millis, Sqlite};
use crate::value::{DurationUnit, Value, to_s};
use chrono::{DateTime, NaiveDate, NaiveDateTime, SecondsFormat, TimeZone, Utc};
use chrono_tz::Tz;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use std::time::Duration;

/// What one window spans where neither the options nor the sync say so.
const WINDOW: &str = "1d";
/// A plan of more windows is a mistake.
const MOST: u64 = 1_000_000;
/// Windows that a plan shows at its beginning and at its end.
const SHOWN: usize = 3;

pub fn run(options: &Backfill, display: &Display, secrets: &Secrets) -> Result<u8, Failure> {
    let input = super::trigger::object(options.given.input.as_deref())?;
    interrupt::watch_gently();
    let opening = Opening {
        semantics: options.given.semantics,
        title: format!("backfill {}", options.name.as_deref().unwrap_or_default()),
        ..Opening::new(&options.given.place, &options.given.run, &options.given.network, display)
    };
    let mut opened = opening.open(secrets)?;
    let name = named(options.name.as_deref(), "backfill", &opened.connector)?;
    let machine = Machine::new(&options.given.run, secrets);
    let key = primary_key(&opened.connector, &name)?;
    let incremental = incremental(&opened.connector, &name)?;
    let target =
        Target { path: options.into.as_deref(), table: options.table.as_deref(), on_drift: options.copying.on_drift };
    let mut sink = target.sink(&name, &key, &machine)?;
    let asked = Asked::of(options, &opened.connector, &name)?;
    let identity = Identity {
        connector: file::connector_name(&files::connector_path(&options.given.place)?, &options.given.kept.state),
        kind: Kind::Backfill,
        name: name.clone(),
        connection: options.given.place.connection.clone().unwrap_or_default(),
        input: asked.identity_input(&target, &input)?,
    };
    let plan = asked.plan(&machine)?;
    if options.dry_run {
        let kept = kept(options, &identity)?;
        say(&shown(&resumed(plan, kept.as_deref(), options.copying.full)?, &opened.connector))?;
        return Ok(0);
    }
    file::keep_turns(&opened.connector, &identity, &options.given.kept.state)?;
    let mut engine = Embedded::new(file::open(&options.given.kept.state)?);
    target.belongs_to(&identity, &mut engine)?;
    let plan = resumed(plan, standing(&mut engine, &identity)?.as_deref(), options.copying.full)?;
    let (done, all) = plan.counted();
    let mut notes = warnings(&name, incremental, target.updates(&key), options.copying.full);
    if done == all {
        notes.push(format!("all {} are done; --full does them again", counted(all, "window")));
    } else if done > 0 {
        notes.push(format!("going on behind {done} of {}", counted(all, "window")));
    }
    report::remarks(&notes, display, &secrets.redactor());
    let (mut told, bar) = (Told::default(), bar(display, done, all));
    let connector_hash = runtime::digest(opened.source.text());
    let result = machine.paced(0, |pace| {
        let max_chunks = options.copying.max_chunks;
        let (plan, full) = (Some(plan), options.copying.full);
        let copy = Copy { identity, input, connector_hash, incremental, full, max_chunks, plan, pace };
        engine.copy(&copy, &mut opened.connector, sink.as_mut(), &mut |progress| {
            told.hear(&progress);
            bar.set_position(told.windows.max(done));
            bar.set_message(rate(told.records, bar.elapsed()));
        })
    });
    drop(sink);
    bar.finish_and_clear();
    told.note_windows(done, all, &result);
    let kept = opened.keep(&options.given.place, options.given.semantics.save_settings);
    finish(&opened, kept, told, result, display, secrets)
}

/// Shown on a terminal only; it draws on standard error.
fn bar(display: &Display, done: u64, all: u64) -> ProgressBar {
    if display.quiet {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(all).with_position(done);
    // The rate of this run says when it ends, not what earlier runs have done.
    bar.reset_eta();
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} windows  {msg}  {eta} left");
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.enable_steady_tick(Duration::from_millis(250));
    bar
}

fn rate(records: u64, elapsed: Duration) -> String {
    let seconds = elapsed.as_secs_f64().max(0.001);
    format!("{}, {:.0} a second", counted(records, "record"), records as f64 / seconds)
}

/// What is asked for, before it is known what has been done of it.
struct Asked {
    from: Millis,
    to: Option<Millis>,
    span: Span,
    lookback: Option<Span>,
    zone: Tz,
    /// As it was written, for the identity.
    window: String,
}

impl Asked {
    fn of(options: &Backfill, connector: &Connector, name: &str) -> Result<Self, Failure> {
        let declared = |key: &str| connector.session().part(&["syncs", name, "backfill", key]);
        if !connector.session().part(&["syncs", name, "backfill"]).truthy() {
            return Err(Failure::usage("sync::backfill", format!("sync `{name}` does not say that it reads windows"))
                .help(
                    "its `fetch` has to ask for what lies from `input['from']` until `input['to']`;\n\
                     where it does, add `backfill: { from: '2020-01-01', window: '1d' }` to it",
                ));
        }
        let zone: Tz = options.timezone.parse().map_err(|_| {
            Failure::usage("usage::timezone", format!("there is no time zone `{}`", options.timezone))
                .help("name one as `Europe/Kyiv` or `UTC`")
        })?;
        let window = match (&options.window, declared("window")) {
            (Some(window), _) => window.clone(),
            (None, Value::Nil) => WINDOW.to_owned(),
            (None, declared) => written(&declared),
        };
        let span = |text: &str, whose: &str| {
            Span::parse(text).map_err(|error| Failure::usage("usage::window", format!("{whose}: {error}")))
        };
        let lookback = declared("lookback");
        let from = match (&options.from, declared("from")) {
            (Some(from), _) => moment(from, zone, "--from")?,
            (None, Value::Nil) => {
                return Err(Failure::usage("usage::arguments", "from when?")
                    .help("say it with `--from 2024-01-01`, or once and for all in the sync: `backfill: { from: '2024-01-01' }`"));
            }
            (None, declared) => moment(&to_s(&declared).to_text(), zone, "backfill.from")?,
        };
        Ok(Self {
            from,
            to: options.to.as_deref().map(|to| moment(to, zone, "--to")).transpose()?,
            span: span(&window, if options.window.is_some() { "--window" } else { "backfill.window" })?,
            lookback: if lookback.truthy() { Some(span(&written(&lookback), "backfill.lookback")?) } else { None },
            zone,
            window,
        })
    }

    /// What has to be the same for a run to go on where another stopped.
    fn identity_input(&self, target: &Target<'_>, input: &Value) -> Result<String, Failure> {
        let mut identity = target.identity_input(input)?;
        let zone = self.zone.name();
        identity["windows"] =
            json!({ "from": stamp(self.from), "to": self.to.map(stamp), "span": self.window, "zone": zone });
        Ok(identity.to_string())
    }

    /// The plan of a first run; one that is to end now ends there in every later run, too.
    fn plan(&self, machine: &Machine) -> Result<Plan, Failure> {
        let to = self.to.unwrap_or_else(|| machine.now());
        if to <= self.from {
            let message = format!("there is nothing from {} to {}", stamp(self.from), stamp(to));
            return Err(Failure::usage("usage::window", message).help("--from has to lie before --to"));
        }
        let windows = Windows { from: self.from, to, span: self.span, zone: self.zone };
        if windows.iter().nth(MOST as usize).is_some() {
            return Err(Failure::usage("usage::window", format!("that is more than {MOST} windows"))
                .help("take a wider --window: 1h, 1d, 1mo"));
        }
        Ok(Plan { windows, next: 0, lookback: self.lookback })
    }
}

/// A span as the connector says it: a text, or a number of seconds.
fn written(value: &Value) -> String {
    let seconds = match value {
        Value::Duration(duration) => match duration.parts.as_slice() {
            [(DurationUnit::Months, Value::Int(months))] => return format!("{months}mo"),
            [(DurationUnit::Years, Value::Int(years))] => return format!("{years}y"),
            _ => duration.seconds.clone(),
        },
        other => other.clone(),
    };
    match seconds {
        Value::Int(seconds) if seconds % 86_400 == 0 => format!("{}d", seconds / 86_400),
        Value::Int(seconds) => format!("{seconds}s"),
        other => to_s(&other).to_text(),
    }
}

/// A moment: with an offset as it is, a date or a time without one as the zone has it.
fn moment(text: &str, zone: Tz, whose: &str) -> Result<Millis, Failure> {
    let text = text.trim();
    let local = || {
        let formats = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%d %H:%M"];
        let time = formats.iter().find_map(|format| NaiveDateTime::parse_from_str(text, format).ok());
        time.or_else(|| text.parse::<NaiveDate>().ok().and_then(|date| date.and_hms_opt(0, 0, 0)))
    };
    let exact = DateTime::parse_from_rfc3339(text).ok().map(|time| time.timestamp_millis());
    exact.or_else(|| local().map(|local| first_at(zone, local))).ok_or_else(|| {
        Failure::usage("usage::time", format!("{whose}: `{text}` is no date or time"))
            .help("write 2024-01-31, 2024-01-31T12:00, or with its offset 2024-01-31T12:00:00Z")
    })
}

/// A moment to the second.
fn stamp(at: Millis) -> String {
    Utc.timestamp_millis_opt(at)
        .single()
        .map_or_else(|| at.to_string(), |at| at.to_rfc3339_opts(SecondsFormat::Secs, true))
}

/// What a state keeps of the plan.
fn standing(engine: &mut Embedded<Sqlite>, identity: &Identity) -> Result<Option<String>, Failure> {
    let all = engine.instances().map_err(|error| file::failure(&error))?;
    Ok(all.into_iter().find(|instance| instance.identity == *identity).and_then(|instance| instance.place.high_water))
}

/// The same without making a state.
fn kept(options: &Backfill, identity: &Identity) -> Result<Option<String>, Failure> {
    if !options.given.kept.state.exists() {
        return Ok(None);
    }
    standing(&mut Embedded::new(file::open_existing(&options.given.kept.state)?), identity)
}

/// The plan as far as earlier runs have brought it.
fn resumed(plan: Plan, kept: Option<&str>, full: bool) -> Result<Plan, Failure> {
    Ok(kept.filter(|_| !full).map_or(plan, |kept| plan.resumed(kept)))
}

fn warnings(name: &str, incremental: Incremental, updates: bool, full: bool) -> Vec<String> {
    let mut notes = Vec::new();
    match incremental {
        Incremental::Native => {}
        Incremental::CreatedOnly => notes.push(format!(
            "sync `{name}` finds records by when they were created: a window does not bring what was changed in it"
        )),
        Incremental::None => notes
            .push(format!("sync `{name}` says that it reads everything each time: every window may bring all records")),
    }
    if !updates && (full || incremental == Incremental::None) {
        notes.push(TWICE.to_owned());
    }
    notes
}

/// The plan for people: how many windows, which ones, and how long they take at least.
fn shown(plan: &Plan, connector: &Connector) -> String {
    let (done, all) = plan.counted();
    let zone = plan.windows.zone;
    let local = |at: Millis| match Utc.timestamp_millis_opt(at).single() {
        Some(at) => at.with_timezone(&zone).to_rfc3339_opts(SecondsFormat::Secs, true),
        None => at.to_string(),
    };
    let line = |window: &Window| {
        let state = if window.number < plan.next { "  done" } else { "" };
        format!("  {} .. {}{state}\n", local(window.from), local(window.to))
    };
    let windows: Vec<Window> = plan.windows.iter().collect();
    let mut out = format!("{}, {} to do ({})\n", counted(all, "window"), all - done, zone.name());
    if windows.len() <= 2 * SHOWN + 1 {
        windows.iter().for_each(|window| out.push_str(&line(window)));
    } else {
        windows.iter().take(SHOWN).for_each(|window| out.push_str(&line(window)));
        out.push_str(&format!("  … {} more\n", windows.len() - 2 * SHOWN));
        windows.iter().skip(windows.len() - SHOWN).for_each(|window| out.push_str(&line(window)));
    }
    out.push_str(&format!("at least {}{}\n", counted(all - done, "request"), at_least(connector, all - done)));
    out
}

/// What the connection's rate limit makes of that many requests.
fn at_least(connector: &Connector, requests: u64) -> String {
    let limit = |key: &str| match connector.session().part(&["connection", "rate_limit", key]) {
        Value::Int(number) => Some(number as f64),
        Value::Float(number) => Some(number.get()),
        _ => None,
    };
    let Some(most) = limit("requests").filter(|most| *most > 0.0) else { return String::new() };
    let seconds = requests.saturating_sub(1) as f64 * limit("per").unwrap_or(60.0) / most;
    format!(
        ", which take {} at the connection's rate limit",
        indicatif::HumanDuration(Duration::from_secs_f64(seconds))
    )
}

impl Told {
    /// Says how many windows a run has done.
    fn note_windows(&mut self, before: u64, all: u64, result: &Result<Outcome, runtime::Trouble>) {
        let done = self.windows.saturating_sub(before);
        if result.is_ok() && done > 0 {
            self.note(format!("{} done, {} left", counted(done, "window"), all - self.windows));
        }
    }
}
