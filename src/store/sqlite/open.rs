//! Opening a state file: what it is, whether it is whole, and bringing it to this version.

use super::lease::Holder;
use super::schema::{APPLICATION_ID, MIGRATIONS};
use super::{Sqlite, failure};
use crate::store::{ErrorKind, Result, StoreError};
use rusqlite::{Connection, TransactionBehavior};
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::time::Duration;

/// How long a commit waits for another process's.
const PATIENCE: Duration = Duration::from_secs(10);
/// Up to this size a file is read through when it is opened.
const READ_THROUGH: u64 = 32 << 20;

pub fn open(path: &Path) -> Result<Sqlite> {
    let found = look(path)?;
    let wrong = |error| failure(path, error);
    let mut connection = Connection::open(path).map_err(wrong)?;
    connection.busy_timeout(PATIENCE).map_err(wrong)?;
    let version = version(&connection, path)?;
    if version > 0 && (found.is_short || found.size <= READ_THROUGH) {
        read_through(&connection, path)?;
    }
    if version < MIGRATIONS.len() {
        // A table that is made anew must not take with it what refers to the former one.
        connection.pragma_update(None, "foreign_keys", false).map_err(wrong)?;
        migrate(&mut connection, path)?;
    }
    connection.pragma_update(None, "journal_mode", "WAL").map_err(wrong)?;
    connection.pragma_update(None, "synchronous", "FULL").map_err(wrong)?;
    connection.pragma_update(None, "foreign_keys", true).map_err(wrong)?;
    connection.pragma_update(None, "cache_size", -16_384).map_err(wrong)?;
    connection.set_prepared_statement_cache_capacity(64);
    let id: String = connection.query_row("SELECT id FROM store", [], |row| row.get(0)).map_err(wrong)?;
    Ok(Sqlite { connection, path: path.to_path_buf(), id, holder: Holder::default() })
}

/// What can be seen of a file from outside.
#[derive(Default)]
struct Found {
    size: u64,
    /// Its end is missing, but the log beside it may have that: whoever moves pages from the log into the file writes the
    /// head first, and may be stopped or not yet done.
    is_short: bool,
}

/// Looks at the head of the file without SQLite, which might repair or grow what it opens.
fn look(path: &Path) -> Result<Found> {
    let mut head = [0_u8; 100];
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Found::default()),
        Err(error) => {
            let message = format!("the state {} cannot be read: {error}", path.display());
            return Err(StoreError::new(ErrorKind::ReadOnly, message).help("check its permissions"));
        }
    };
    let size = file.metadata().map_or(0, |about| about.len());
    if size == 0 {
        return Ok(Found::default());
    }
    if file.read_exact(&mut head).is_err() || !head.starts_with(b"SQLite format 3\0") {
        let message = format!("{} is not a state of connrun", path.display());
        return Err(StoreError::new(ErrorKind::Damaged, message).help("name another file with --state FILE"));
    }
    let number = |at: usize| head_number(&head, at);
    let application = number(68);
    if application != APPLICATION_ID && application != 0 {
        let message = format!("{} is a database of another program", path.display());
        return Err(StoreError::new(ErrorKind::Damaged, message).help("name another file with --state FILE"));
    }
    let page = match u64::from(number(16) >> 16) {
        1 => 65_536,
        page => page,
    };
    let expected = page * u64::from(number(28));
    let is_short = size < expected;
    if is_short && !has_log(path) {
        let message = format!("the state {} is damaged: {size} of its {expected} bytes are there", path.display());
        return Err(StoreError::new(ErrorKind::Damaged, message)
            .help("the file was left as it is; put a copy in its place, or name another with --state FILE"));
    }
    Ok(Found { size, is_short })
}

/// Whether there is a log of pages that are not in the file yet.
fn has_log(path: &Path) -> bool {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    std::fs::metadata(log).is_ok_and(|about| about.len() > 0)
}

/// A number of the head, four bytes, the highest first.
fn head_number(head: &[u8; 100], at: usize) -> u32 {
    head.get(at..at + 4).and_then(|bytes| bytes.try_into().ok()).map_or(0, u32::from_be_bytes)
}

/// How many migrations the file has had; one that has had more than there are is of a newer connrun.
fn version(connection: &Connection, path: &Path) -> Result<usize> {
    let wrong = |error| failure(path, error);
    let version: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0)).map_err(wrong)?;
    let application: i64 = connection.query_row("PRAGMA application_id", [], |row| row.get(0)).map_err(wrong)?;
    let version = usize::try_from(version).unwrap_or(usize::MAX);
    if version > MIGRATIONS.len() {
        let message = format!(
            "the state {} is of version {version}; this connrun knows versions up to {}",
            path.display(),
            MIGRATIONS.len()
        );
        return Err(StoreError::new(ErrorKind::Newer, message).help("use the newer connrun, or another --state FILE"));
    }
    if version == 0 && application == 0 {
        let tables: i64 =
            connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).map_err(wrong)?;
        if tables > 0 {
            let message = format!("{} is a database of another program", path.display());
            return Err(StoreError::new(ErrorKind::Damaged, message).help("name another file with --state FILE"));
        }
    }
    Ok(version)
}

fn read_through(connection: &Connection, path: &Path) -> Result<()> {
    let found: String =
        connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0)).map_err(|error| failure(path, error))?;
    if found == "ok" {
        return Ok(());
    }
    Err(StoreError::new(ErrorKind::Damaged, format!("the state {} is damaged: {found}", path.display()))
        .help("the file was left as it is; put a copy in its place, or name another with --state FILE"))
}

/// All steps that are missing, at once or not at all; another process may have been quicker.
fn migrate(connection: &mut Connection, path: &Path) -> Result<()> {
    let wrong = |error| failure(path, error);
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(wrong)?;
    let done = version(&transaction, path)?;
    for step in MIGRATIONS.iter().skip(done) {
        transaction.execute_batch(step).map_err(wrong)?;
    }
    if done == 0 {
        let id = format!("{:08x}", getrandom::u32().unwrap_or_default());
        let insert = "INSERT INTO store (id, secret) VALUES (?1, lower(hex(randomblob(32))))";
        transaction.execute(insert, [id]).map_err(wrong)?;
        transaction.pragma_update(None, "application_id", APPLICATION_ID).map_err(wrong)?;
    }
    transaction.pragma_update(None, "user_version", MIGRATIONS.len() as i64).map_err(wrong)?;
    transaction.commit().map_err(wrong)
}
