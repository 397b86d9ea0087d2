//! State in an SQLite file that any number of processes may open, and that people can read with the `sqlite3` shell.

mod claim;
mod commit;
mod inbox;
mod lease;
mod open;
mod read;
mod schema;
mod turn;

use super::{
    Answer, Attempt, Change, Committed, ErrorKind, Identity, Instance, Job, Millis, Notification, Pending, Result,
    Settlement, Store, StoreError, Wanted,
};
use lease::Holder;
use rusqlite::{Connection, ErrorCode, OptionalExtension, TransactionBehavior, params};
use std::path::{Path, PathBuf};

/// One open state file.
pub struct Sqlite {
    connection: Connection,
    path: PathBuf,
    /// Begins the ids of this file's jobs.
    id: String,
    holder: Holder,
}

impl Sqlite {
    /// Opens a state file, or makes it. A file that is damaged, of a newer version or no state at all is an error, and
    /// stays as it is.
    pub fn open(path: &Path) -> Result<Self> {
        open::open(path)
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The same file, for what may be forgotten when the machine loses its power: a commit does not wait for the disk.
    pub fn hasty(self) -> Result<Self> {
        self.connection.pragma_update(None, "synchronous", "NORMAL").map_err(self.wrong())?;
        Ok(self)
    }

    fn job_id(&self, number: i64) -> String {
        format!("{}-{number}", self.id)
    }

    /// The number in a job's id; `None` where it is another state's.
    fn job_number(&self, id: &str) -> Option<i64> {
        id.strip_prefix(&self.id)?.strip_prefix('-')?.parse().ok()
    }

    /// Works in one transaction, which begins by taking the right to write.
    fn transact<T>(&mut self, work: impl FnOnce(&rusqlite::Transaction<'_>) -> Result<T>) -> Result<T> {
        let path = self.path.clone();
        let wrong = |error| failure(&path, error);
        let transaction = self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(wrong)?;
        let result = work(&transaction)?;
        transaction.commit().map_err(wrong)?;
        Ok(result)
    }

    fn wrong(&self) -> impl Fn(rusqlite::Error) -> StoreError + 'static {
        let path = self.path.clone();
        move |error| failure(&path, error)
    }
}

impl Store for Sqlite {
    fn open(&mut self, identity: &Identity) -> Result<Instance> {
        if let Some(instance) = read::find(&self.connection, identity).map_err(self.wrong())? {
            return Ok(instance);
        }
        let wrong = self.wrong();
        self.transact(|transaction| commit::make(transaction, identity).map_err(&wrong))?;
        let made = read::find(&self.connection, identity).map_err(self.wrong())?;
        made.ok_or_else(|| StoreError::new(ErrorKind::Other, "the state does not keep what is written to it"))
    }

    fn instance(&mut self, id: i64) -> Result<Instance> {
        read::instance(&self.connection, id).map_err(self.wrong())?.ok_or_else(|| StoreError::no_instance(id))
    }

    fn instances(&mut self) -> Result<Vec<Instance>> {
        read::instances(&self.connection).map_err(self.wrong())
    }

    fn seen(&mut self, instance: i64, keys: &[&str]) -> Result<Vec<bool>> {
        let wrong = self.wrong();
        // One look at the file for all keys.
        let transaction = self.connection.unchecked_transaction().map_err(&wrong)?;
        read::seen(&transaction, instance, keys).map_err(wrong)
    }

    fn seen_count(&mut self, instance: i64) -> Result<u64> {
        let count = "SELECT count(*) FROM seen WHERE instance = ?1";
        let found: i64 = self.connection.query_row(count, [instance], |row| row.get(0)).map_err(self.wrong())?;
        Ok(found.unsigned_abs())
    }

    fn seen_keys(&mut self, instance: i64, each: &mut dyn FnMut(&str, Millis)) -> Result<()> {
        read::seen_keys(&self.connection, instance, each).map_err(self.wrong())
    }

    fn forget_before(&mut self, instance: i64, time: Millis) -> Result<u64> {
        let wrong = self.wrong();
        if read::is_forgotten(&self.connection, instance, time).map_err(&wrong)? {
            return Ok(0);
        }
        let (mut gone, mut last) = (0, String::new());
        loop {
            // Reading holds nobody up; what is found is written in parts, so that others are not held up for long.
            let old = read::older(&self.connection, instance, time, &last).map_err(&wrong)?;
            gone += self.transact(|transaction| commit::forget(transaction, instance, time, &old).map_err(&wrong))?;
            let Some(key) = old.into_iter().next_back() else { return Ok(gone) };
            last = key;
        }
    }

    fn pending(&mut self, instance: i64) -> Result<Vec<Pending>> {
        read::pending(&self.connection, instance).map_err(self.wrong())
    }

    fn commit(&mut self, instance: &Instance, change: &Change) -> Result<Committed> {
        let (wrong, id) = (self.wrong(), self.id.clone());
        let (version, numbers) = self.transact(|transaction| {
            if !commit::advance(transaction, instance).map_err(&wrong)? {
                return Err(StoreError::conflict());
            }
            commit::apply(transaction, instance, change).map_err(&wrong)
        })?;
        let jobs = numbers.into_iter().map(|number| number.map(|number| format!("{id}-{number}"))).collect();
        Ok(Committed { version, jobs })
    }

    fn receive(&mut self, instance: i64, at: Millis, head: &str, body: &[u8]) -> Result<i64> {
        inbox::put(&self.connection, instance, at, head, body).map_err(self.wrong())
    }

    fn received(&mut self, instance: i64, now: Millis) -> Result<Vec<Notification>> {
        inbox::due(&self.connection, instance, now).map_err(self.wrong())
    }

    fn next_received(&mut self, instance: i64) -> Result<Option<Millis>> {
        inbox::earliest(&self.connection, instance).map_err(self.wrong())
    }

    fn put_off(&mut self, notification: i64, due: Option<Millis>, error: &str) -> Result<()> {
        inbox::put_off(&self.connection, notification, due, error).map_err(self.wrong())
    }

    fn given_up(&mut self) -> Result<Vec<(i64, Notification)>> {
        inbox::given_up(&self.connection).map_err(self.wrong())
    }

    fn revive(&mut self, now: Millis) -> Result<u64> {
        inbox::revive(&self.connection, now).map_err(self.wrong())
    }

    fn pause(&mut self, instance: i64, paused: bool) -> Result<()> {
        let update = "UPDATE instance SET paused = ?2 WHERE id = ?1";
        let found = self.connection.execute(update, params![instance, paused]).map_err(self.wrong())?;
        if found == 0 { Err(StoreError::no_instance(instance)) } else { Ok(()) }
    }

    fn jobs(&mut self, wanted: &Wanted, each: &mut dyn FnMut(&Job)) -> Result<()> {
        read::jobs(&self.connection, wanted, &|number| self.job_id(number), each).map_err(self.wrong())
    }

    fn job(&mut self, id: &str) -> Result<Option<Job>> {
        let Some(number) = self.job_number(id) else { return Ok(None) };
        read::job(&self.connection, number, &|number| self.job_id(number)).optional().map_err(self.wrong())
    }

    fn job_of_key(&mut self, instance: i64, key: &str) -> Result<Option<Job>> {
        let number = read::job_of_key(&self.connection, instance, key).map_err(self.wrong())?;
        number.map_or(Ok(None), |number| self.job(&self.job_id(number)))
    }

    fn claim(&mut self, now: Millis) -> Result<Option<Job>> {
        let wrong = self.wrong();
        if !read::any_open(&self.connection).map_err(&wrong)? {
            return Ok(None);
        }
        let holder = self.holder.ready(&self.path)?;
        let taken = self.transact(|transaction| claim::take(transaction, &holder, now).map_err(&wrong))?;
        taken.map_or(Ok(None), |number| self.job(&self.job_id(number)))
    }

    fn next_due(&mut self) -> Result<Option<Millis>> {
        read::next_due(&self.connection).map_err(self.wrong())
    }

    fn settle(&mut self, before: &Job, after: &Job, with: &Settlement) -> Result<bool> {
        let number = self.job_number(&before.id).unwrap_or_default();
        let wrong = self.wrong();
        self.transact(|transaction| commit::settle(transaction, number, before, after, with).map_err(&wrong))
    }

    fn answer(&mut self, id: &str, answer: &Answer, now: Millis) -> Result<bool> {
        let Some(number) = self.job_number(id) else { return Ok(false) };
        commit::answer(&self.connection, number, answer, now).map_err(self.wrong())
    }

    fn cancel(&mut self, running: &Job) -> Result<bool> {
        let number = self.job_number(&running.id).unwrap_or_default();
        commit::cancel(&self.connection, number, running.attempts).map_err(self.wrong())
    }

    fn secret(&mut self) -> Result<String> {
        self.connection.query_row("SELECT secret FROM store", [], |row| row.get(0)).map_err(self.wrong())
    }

    fn take_turn(&mut self, connection: &str, now: i64, apart: i64) -> Result<i64> {
        let wrong = self.wrong();
        self.transact(|transaction| turn::take(transaction, connection, now, apart).map_err(&wrong))
    }

    fn attempts(&mut self, id: &str) -> Result<Vec<Attempt>> {
        read::attempts(&self.connection, self.job_number(id).unwrap_or_default()).map_err(self.wrong())
    }

    fn lease(&mut self, instance: i64, now: Millis) -> Result<bool> {
        let wrong = self.wrong();
        let holder = self.holder.ready(&self.path)?;
        self.transact(|transaction| lease::take(transaction, &holder, instance, now).map_err(&wrong))
    }

    fn release(&mut self, instance: i64) -> Result<()> {
        let release = "DELETE FROM lease WHERE instance = ?1 AND holder = ?2";
        self.connection.execute(release, params![instance, self.holder.name()]).map_err(self.wrong())?;
        Ok(())
    }

    fn remove(&mut self, instance: i64) -> Result<()> {
        let gone = self.connection.execute("DELETE FROM instance WHERE id = ?1", [instance]).map_err(self.wrong())?;
        if gone == 0 { Err(StoreError::no_instance(instance)) } else { Ok(()) }
    }
}

/// SQLite's trouble in our words. Every one of them has left the file as it was: transactions are all or nothing.
fn failure(path: &Path, error: rusqlite::Error) -> StoreError {
    let name = path.display();
    let (kind, message, help) = match error.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => (
            ErrorKind::Full,
            format!("there is no room left on the disk of the state {name}"),
            "nothing of this step was written; make room and start again",
        ),
        Some(ErrorCode::SystemIoFailure) => (
            ErrorKind::Full,
            format!("the disk of the state {name} does not take what is written: {error}"),
            "nothing of this step was written; see whether there is room and whether the disk is well",
        ),
        Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => (
            ErrorKind::ReadOnly,
            format!("the state {name} cannot be written"),
            "check the permissions of the file and of its folder, or name another with --state FILE",
        ),
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => (
            ErrorKind::Damaged,
            format!("the state {name} is damaged: {error}"),
            "the file was left as it is; put a copy in its place, or name another with --state FILE",
        ),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => (
            ErrorKind::Busy,
            format!("the state {name} is being written by another process for too long"),
            "nothing was written; try again when the other process has ended",
        ),
        _ => return StoreError::new(ErrorKind::Other, format!("the state {name} cannot be used: {error}")),
    };
    StoreError::new(kind, message).help(help)
}
