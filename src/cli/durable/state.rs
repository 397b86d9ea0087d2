//! `connrun state`: where triggers and syncs stand, and how to change it by hand without breaking it.

use super::args::{Kept, State, StateCommand, Which};
use super::file::{failure, now, open, open_existing, shown};
use crate::cli::args::Display;
use crate::cli::failure::Failure;
use crate::cli::out::{counted, say};
use crate::cli::{files, report};
use crate::http::redact::Redactor;
use crate::runtime::{Embedded, Engine};
use crate::store::{Change, Identity, Instance, Kind, Millis, Place, Sqlite, Store};
use serde_json::{Value as Json, json};
use std::io::{BufRead, IsTerminal, Write};
use std::path::Path;

/// Keys that one line of an export holds.
const KEYS: usize = 1_000;

pub fn run(options: &State, display: &Display) -> Result<u8, Failure> {
    match &options.command {
        StateCommand::Show { which, json } => show(which, *json),
        StateCommand::Set { which, cursor, high_water, pause, resume, yes } => {
            let cursor = cursor.as_deref().map(|text| checked(text, "--cursor")).transpose()?;
            let high_water = high_water.as_deref().map(|text| checked(text, "--high-water")).transpose()?;
            if cursor.is_none() && high_water.is_none() && !pause && !resume {
                return Err(Failure::usage("usage::arguments", "nothing is to be set")
                    .help("say what: `--cursor JSON`, `--high-water JSON`, `--pause` or `--resume`"));
            }
            change(which, *yes, display, |instance| {
                let place = &mut instance.place;
                if let Some(cursor) = &cursor {
                    // A page of an unfinished cycle belongs to the cursor that it began with.
                    (place.cursor, place.page) = (cursor.clone(), None);
                }
                if let Some(high_water) = &high_water {
                    place.high_water.clone_from(high_water);
                }
                instance.paused = (instance.paused || *pause) && !resume;
                Change::default()
            })
        }
        StateCommand::Reset { which, keep_seen, yes } => change(which, *yes, display, |instance| {
            let Place { subscription, subscription_until, .. } = std::mem::take(&mut instance.place);
            instance.place = Place { subscription, subscription_until, ..Place::default() };
            instance.paused = false;
            Change { clear_seen: !keep_seen, clear_pending: true, ..Change::default() }
        }),
        StateCommand::Export { which } => export(which),
        StateCommand::Import { file, kept, yes } => import(file, kept, *yes, display),
    }
}

/// JSON text as it is kept; `None` for null.
fn checked(text: &str, option: &str) -> Result<Option<String>, Failure> {
    files::read_json(text, option)?;
    let json: Json = serde_json::from_str(text).unwrap_or_default();
    Ok(if json.is_null() { None } else { Some(json.to_string()) })
}

/// The instances that are meant, and at least one.
fn chosen(store: &mut Sqlite, which: &Which) -> Result<Vec<Instance>, Failure> {
    let all = store.instances().map_err(|error| failure(&error))?;
    let fits = |instance: &&Instance| {
        which.name.as_ref().is_none_or(|name| instance.identity.name == *name)
            && which.connection.as_ref().is_none_or(|name| instance.identity.connection == *name)
            && which.id.is_none_or(|id| instance.id == id)
    };
    let found: Vec<Instance> = all.iter().filter(fits).cloned().collect();
    if found.is_empty() && (which.name.is_some() || which.connection.is_some() || which.id.is_some()) {
        let known: Vec<&str> = all.iter().map(|instance| instance.identity.name.as_str()).collect();
        let listed =
            if known.is_empty() { "the state is empty".to_owned() } else { format!("it holds: {}", known.join(", ")) };
        return Err(Failure::usage("state::unknown", "the state holds nothing of that name").help(listed));
    }
    Ok(found)
}

/// The one instance that is meant.
fn only(store: &mut Sqlite, which: &Which) -> Result<Instance, Failure> {
    if which.name.is_none() && which.id.is_none() {
        return Err(
            Failure::usage("usage::name", "which trigger or sync?").help("name it; `connrun state show` lists them")
        );
    }
    let found = chosen(store, which)?;
    match <[Instance; 1]>::try_from(found) {
        Ok([instance]) => Ok(instance),
        Err(several) => {
            let list = several.iter().map(|it| format!("--id {}: {}", it.id, described(&it.identity)));
            Err(Failure::usage("state::ambiguous", "there are several of that name")
                .help(list.collect::<Vec<_>>().join("\n")))
        }
    }
}

fn described(identity: &Identity) -> String {
    let connection =
        if identity.connection.is_empty() { String::new() } else { format!(" of {}", identity.connection) };
    format!("{}{connection} in {} with {}", identity.name, identity.connector, identity.input)
}

fn show(which: &Which, as_json: bool) -> Result<u8, Failure> {
    let mut store = open_existing(&which.kept.state)?;
    for instance in chosen(&mut store, which)? {
        let seen = store.seen_count(instance.id).map_err(|error| failure(&error))?;
        let pending = store.pending(instance.id).map_err(|error| failure(&error))?.len();
        let text = if as_json {
            format!("{}\n", as_object(&instance, seen, pending))
        } else {
            table(&instance, seen, pending)
        };
        say(&text)?;
    }
    Ok(0)
}

fn parsed(text: Option<&str>) -> Json {
    text.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
}

fn as_object(instance: &Instance, seen: u64, pending: usize) -> Json {
    let (identity, place) = (&instance.identity, &instance.place);
    json!({
        "id": instance.id,
        "kind": identity.kind.name(),
        "trigger": identity.name,
        "connector": identity.connector,
        "connection": identity.connection,
        "input": parsed(Some(&identity.input)),
        "cursor": parsed(place.cursor.as_deref()),
        "page": parsed(place.page.as_deref()),
        "high_water": parsed(place.high_water.as_deref()),
        "seen": seen,
        "pending": pending,
        "next_due": place.next_due.map(shown),
        "last_run": place.last_run.map(shown),
        "failures": place.failures,
        "last_error": place.last_error,
        "paused": instance.paused,
        "subscription_until": place.subscription_until.map(shown),
        "connector_hash": place.connector_hash,
    })
}

fn table(instance: &Instance, seen: u64, pending: usize) -> String {
    let (identity, place) = (&instance.identity, &instance.place);
    let connection =
        if identity.connection.is_empty() { String::new() } else { format!(" · {}", identity.connection) };
    let mut out = format!(
        "{} {} · {}{connection} · {}\n",
        instance.id,
        identity.name,
        identity.connector,
        if instance.paused { "paused" } else { identity.kind.name() }
    );
    let mut row = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            out.push_str(&format!("  {name:<11} {value}\n"));
        }
    };
    row("input", Some(identity.input.clone()).filter(|input| input != "{}"));
    row("cursor", place.cursor.clone());
    row("page", place.page.clone());
    row("high water", place.high_water.clone());
    row("seen", Some(counted(seen, "key")));
    row("pending", (pending > 0).then(|| format!("{pending} events of an unfinished cycle")));
    row("last run", place.last_run.map(shown));
    row("next due", place.next_due.map(shown));
    row("failures", (place.failures > 0).then(|| format!("{} in a row", place.failures)));
    row("last error", place.last_error.clone());
    out
}

/// Shows what changes, asks, and writes it if nobody has written in between.
fn change(
    which: &Which,
    yes: bool,
    display: &Display,
    alter: impl FnOnce(&mut Instance) -> Change,
) -> Result<u8, Failure> {
    let mut engine = Embedded::new(open_existing(&which.kept.state)?);
    let before = only(&mut engine.store, which)?;
    let mut then = before.clone();
    let change = alter(&mut then);
    let mut lines = difference(&before, &then);
    if change.clear_seen {
        let seen = engine.store.seen_count(before.id).map_err(|error| failure(&error))?;
        lines.push(format!(
            "  seen: {} → none; events that the service still shows will fire again",
            counted(seen, "key")
        ));
    }
    if lines.is_empty() {
        report::remarks(&["nothing changes".to_owned()], display, &Redactor::default());
        return Ok(0);
    }
    let shown = format!("{}\n{}\n", described(&before.identity), lines.join("\n"));
    if !agreed(&shown, yes)? {
        return Ok(1);
    }
    let wrong = |error| failure(&error);
    if before.place != then.place || change.clear_seen || change.clear_pending {
        let change = Change { place: Some(then.place), now: now(), ..change };
        engine.set_state(&before, &change).map_err(wrong)?;
    }
    let pause = if then.paused { Engine::stop } else { Engine::start };
    pause(&mut engine, &before.identity).map_err(wrong)?;
    Ok(0)
}

fn difference(before: &Instance, after: &Instance) -> Vec<String> {
    let (old, new) = (&before.place, &after.place);
    let time = |time: Option<Millis>| time.map(shown);
    let rows = [
        ("cursor", old.cursor.clone(), new.cursor.clone()),
        ("page", old.page.clone(), new.page.clone()),
        ("high water", old.high_water.clone(), new.high_water.clone()),
        ("last run", time(old.last_run), time(new.last_run)),
        ("next due", time(old.next_due), time(new.next_due)),
        ("last error", old.last_error.clone(), new.last_error.clone()),
        ("paused", Some(before.paused.to_string()), Some(after.paused.to_string())),
    ];
    let words = |value: Option<String>| value.unwrap_or_else(|| "none".to_owned());
    let changed = rows.into_iter().filter(|(_, old, new)| old != new);
    changed.map(|(name, old, new)| format!("  {name}: {} → {}", words(old), words(new))).collect()
}

/// Shows a change on standard error, and asks a person; without one, `--yes` has to be said.
fn agreed(shown: &str, yes: bool) -> Result<bool, Failure> {
    let mut err = std::io::stderr().lock();
    // Without standard error there is nobody to show it to.
    let _ = err.write_all(shown.as_bytes());
    if yes {
        return Ok(true);
    }
    if !std::io::stdin().is_terminal() {
        return Err(Failure::usage("usage::confirm", "nobody is there to agree to the change")
            .help("look at it, and say --yes; nothing was written"));
    }
    let _ = err.write_all(b"change it? [y/N] ");
    let _ = err.flush();
    let mut answer = String::new();
    std::io::stdin()
        .lock()
        .read_line(&mut answer)
        .map_err(|error| Failure::usage("usage::stdin", format!("standard input cannot be read: {error}")))?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}

/// An object for each instance, followed by lines with its seen keys.
fn export(which: &Which) -> Result<u8, Failure> {
    let mut store = open_existing(&which.kept.state)?;
    for instance in chosen(&mut store, which)? {
        let identity = &instance.identity;
        let place = &instance.place;
        let head = json!({
            "instance": { "connector": identity.connector, "kind": identity.kind.name(), "name": identity.name,
                          "connection": identity.connection, "input": parsed(Some(&identity.input)) },
            "cursor": parsed(place.cursor.as_deref()),
            "high_water": parsed(place.high_water.as_deref()),
            "paused": instance.paused,
        });
        say(&format!("{head}\n"))?;
        let mut keys: Vec<Json> = Vec::new();
        let mut result = Ok(());
        let each = &mut |key: &str, at: Millis| {
            keys.push(json!([key, at]));
            if keys.len() == KEYS && result.is_ok() {
                result = say(&format!("{}\n", json!({ "seen": std::mem::take(&mut keys) })));
            }
        };
        store.seen_keys(instance.id, each).map_err(|error| failure(&error))?;
        result?;
        if !keys.is_empty() {
            say(&format!("{}\n", json!({ "seen": keys })))?;
        }
    }
    Ok(0)
}

/// One instance of an export, read whole before anything is written.
struct Taken {
    identity: Identity,
    place: Place,
    paused: bool,
    seen: Vec<(String, Millis)>,
}

fn import(path: &Path, kept: &Kept, yes: bool, display: &Display) -> Result<u8, Failure> {
    let source =
        if path == Path::new("-") { files::json_source("-", "standard input")? } else { files::read_text(path)? };
    let taken = read_export(source.text(), source.name())?;
    let mut store = open(&kept.state)?;
    let mut lines = String::new();
    for one in &taken {
        lines.push_str(&format!(
            "{}\n  cursor: {}, seen: {} keys\n",
            described(&one.identity),
            one.place.cursor.as_deref().unwrap_or("none"),
            one.seen.len()
        ));
    }
    if taken.is_empty() {
        report::remarks(&["nothing is in it".to_owned()], display, &Redactor::default());
        return Ok(0);
    }
    if !agreed(&lines, yes)? {
        return Ok(1);
    }
    for one in taken {
        let instance = store.open(&one.identity).map_err(|error| failure(&error))?;
        let place =
            Place { cursor: one.place.cursor, high_water: one.place.high_water, page: None, ..instance.place.clone() };
        let change =
            Change { place: Some(place), seen: one.seen, clear_pending: true, now: now(), ..Change::default() };
        store.commit(&instance, &change).map_err(|error| failure(&error))?;
        store.pause(instance.id, one.paused).map_err(|error| failure(&error))?;
    }
    Ok(0)
}

fn read_export(text: &str, name: &str) -> Result<Vec<Taken>, Failure> {
    let mut taken: Vec<Taken> = Vec::new();
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let wrong = |what: &str| {
            Failure::usage("state::import", format!("line {} of {name} {what}", number + 1))
                .help("give what `connrun state export` printed; nothing was written")
        };
        let line: Json = serde_json::from_str(line).map_err(|_| wrong("is no JSON object"))?;
        if let Some(keys) = line["seen"].as_array() {
            let last = taken.last_mut().ok_or_else(|| wrong("has keys, but no trigger stands before them"))?;
            for key in keys {
                match (key[0].as_str(), key[1].as_i64()) {
                    (Some(key), Some(at)) => last.seen.push((key.to_owned(), at)),
                    _ => return Err(wrong("has a key that is not [\"key\", milliseconds]")),
                }
            }
            continue;
        }
        let of = |key: &str| line["instance"][key].as_str().map(str::to_owned);
        let kind = of("kind").and_then(|kind| Kind::of(&kind));
        let (Some(connector), Some(kind), Some(name)) = (of("connector"), kind, of("name")) else {
            return Err(wrong("names no trigger or sync"));
        };
        let json = |key: &str| Some(&line[key]).filter(|json| !json.is_null()).map(Json::to_string);
        taken.push(Taken {
            identity: Identity {
                connector,
                kind,
                name,
                connection: of("connection").unwrap_or_default(),
                input: line["instance"]["input"].to_string(),
            },
            place: Place { cursor: json("cursor"), high_water: json("high_water"), ..Place::default() },
            paused: line["paused"].as_bool().unwrap_or_default(),
            seen: Vec::new(),
        });
    }
    Ok(taken)
}
