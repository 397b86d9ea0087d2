//! The state file of a command: where it lies, opening it, and its trouble as failures.

use crate::cli::failure::{Failure, Kind};
use crate::connector::Connector;
use crate::diagnostic::Diagnostic;
use crate::runtime::KeptTurns;
use crate::store::{ErrorKind, Identity, Millis, Sqlite, StoreError};
use chrono::{SecondsFormat, TimeZone, Utc};
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{SystemTime, UNIX_EPOCH};

/// Opens the state, and makes it (and its folder) if there is none.
pub fn open(path: &Path) -> Result<Sqlite, Failure> {
    make_folder(path)?;
    Sqlite::open(path).map_err(|error| failure(&error))
}

/// Opens a state that has to be there.
pub fn open_existing(path: &Path) -> Result<Sqlite, Failure> {
    if !path.exists() {
        return Err(Failure::usage("state::missing", format!("there is no state {}", path.display()))
            .help("`connrun trigger NAME` makes one; a state elsewhere is named by --state FILE"));
    }
    Sqlite::open(path).map_err(|error| failure(&error))
}

/// Lets requests of a connector with a `rate_limit` leave in turns that hold for everything that uses this state.
pub fn keep_turns(connector: &Connector, identity: &Identity, state: &Path) -> Result<(), Failure> {
    let session = connector.session();
    if session.part(&["connection", "rate_limit"]).truthy() {
        let store = open(state)?.hasty().map_err(|error| failure(&error))?;
        let turns = KeptTurns::new(Arc::new(Mutex::new(store)), &identity.connector, &identity.connection);
        session.set_turns(Arc::new(turns));
    }
    Ok(())
}

fn make_folder(path: &Path) -> Result<(), Failure> {
    let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) else { return Ok(()) };
    if folder.is_dir() {
        return Ok(());
    }
    let made = std::fs::create_dir_all(folder).and_then(|()| {
        // Events are data of customers: they do not belong into a repository.
        if folder.file_name().is_some_and(|name| name == ".connrun") {
            std::fs::write(folder.join(".gitignore"), "*\n")?;
        }
        Ok(())
    });
    made.map_err(|error| {
        Failure::usage("state::folder", format!("the folder {} cannot be made: {error}", folder.display()))
            .help("check the permissions of the folder above it, or name another file with --state FILE")
    })
}

/// The state's trouble, as the command reports it.
pub fn failure(error: &StoreError) -> Failure {
    let (kind, code) = match error.kind {
        ErrorKind::Conflict => (Kind::Connector, "state::conflict"),
        ErrorKind::Busy => (Kind::Connector, "state::busy"),
        ErrorKind::Full => (Kind::Limit, "state::full"),
        ErrorKind::Damaged => (Kind::Usage, "state::damaged"),
        ErrorKind::Newer => (Kind::Usage, "state::newer"),
        ErrorKind::ReadOnly => (Kind::Usage, "state::read-only"),
        ErrorKind::Missing => (Kind::Usage, "state::missing"),
        ErrorKind::Other => (Kind::Connector, "state::error"),
    };
    let failure = Failure::new(kind, Diagnostic::error(code, error.message.clone()));
    match &error.help {
        Some(help) => failure.help(help.clone()),
        None => failure,
    }
}

/// How a connector's file is called in a state: its path below the folder that holds the state, else the whole path.
pub fn connector_name(connector: &Path, state: &Path) -> String {
    let state = whole(state);
    let folder = state.parent().unwrap_or(&state);
    let home = if folder.ends_with(".connrun") { folder.parent().unwrap_or(folder) } else { folder };
    let connector = whole(connector);
    let below = connector.strip_prefix(home).unwrap_or(&connector);
    let parts = below.components().map(|part| match part {
        Component::RootDir => String::new(),
        part => part.as_os_str().to_string_lossy().into_owned(),
    });
    parts.collect::<Vec<_>>().join("/")
}

/// The path from the root, links followed; also of a file that is not there yet.
pub fn whole(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    for there in path.ancestors() {
        if let Ok(real) = std::fs::canonicalize(there) {
            return path.strip_prefix(there).map_or_else(|_| path.clone(), |rest| real.join(rest));
        }
    }
    path
}

/// The time.
pub fn now() -> Millis {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as Millis)
}

/// A time as it is printed: UTC, to the millisecond.
pub fn shown(time: Millis) -> String {
    match Utc.timestamp_millis_opt(time).single() {
        Some(time) => time.to_rfc3339_opts(SecondsFormat::Millis, true),
        None => time.to_string(),
    }
}
