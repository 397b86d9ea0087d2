//! What is written, inside a transaction that somebody else has begun.

use crate::store::{
    Answer, Attempt, Change, Identity, Instance, Job, Millis, NewJob, Pending, Place, Settlement, Status,
};
use rusqlite::{Connection, Result, Transaction, params};

/// Makes an instance, unless another process was quicker.
pub fn make(transaction: &Transaction<'_>, identity: &Identity) -> Result<()> {
    let insert =
        "INSERT OR IGNORE INTO instance (connector, kind, name, connection, input) VALUES (?1, ?2, ?3, ?4, ?5)";
    let Identity { connector, kind, name, connection, input } = identity;
    transaction.execute(insert, params![connector, kind.name(), name, connection, input]).map(drop)
}

/// Moves the instance from the version that was read to the next; `false` if it is there no longer.
pub fn advance(transaction: &Transaction<'_>, instance: &Instance) -> Result<bool> {
    let update = "UPDATE instance SET version = version + 1 WHERE id = ?1 AND version = ?2";
    Ok(transaction.prepare_cached(update)?.execute(params![instance.id, instance.version])? == 1)
}

/// Everything else of a change. Returns the new version, and for each new job its number.
pub fn apply(transaction: &Transaction<'_>, instance: &Instance, change: &Change) -> Result<(i64, Vec<Option<i64>>)> {
    let id = instance.id;
    if let Some(place) = &change.place {
        put(transaction, id, place)?;
    }
    if change.clear_seen {
        transaction.execute("DELETE FROM seen WHERE instance = ?1", [id])?;
    }
    if change.clear_pending {
        transaction.prepare_cached("DELETE FROM pending WHERE instance = ?1")?.execute([id])?;
    }
    for (key, at) in &change.seen {
        see(transaction, id, key, *at, None)?;
    }
    touch(transaction, id, change)?;
    super::inbox::drop_handled(transaction, &change.handled)?;
    await_end(transaction, id, &change.pending)?;
    Ok((instance.version + 1, jobs(transaction, id, change)?))
}

fn put(transaction: &Transaction<'_>, id: i64, place: &Place) -> Result<()> {
    let update = "UPDATE instance SET cursor = ?2, page = ?3, high_water = ?4, subscription = ?5, \
                  subscription_until = ?6, next_due = ?7, last_run = ?8, failures = ?9, last_error = ?10, \
                  connector_hash = ?11 WHERE id = ?1";
    let values = params![
        id,
        place.cursor,
        place.page,
        place.high_water,
        place.subscription,
        place.subscription_until,
        place.next_due,
        place.last_run,
        place.failures,
        place.last_error,
        place.connector_hash,
    ];
    transaction.prepare_cached(update)?.execute(values).map(drop)
}

/// Remembers a key; `false` for one that was known, which keeps its time.
fn see(transaction: &Transaction<'_>, id: i64, key: &str, at: Millis, job: Option<i64>) -> Result<bool> {
    let insert = "INSERT OR IGNORE INTO seen (instance, key, at, job) VALUES (?1, ?2, ?3, ?4)";
    Ok(transaction.prepare_cached(insert)?.execute(params![id, key, at, job])? == 1)
}

/// A key that was met today already is not written again: polls that overlap would write most of what they read.
fn touch(transaction: &Transaction<'_>, id: i64, change: &Change) -> Result<()> {
    let update = "UPDATE seen SET at = ?3 WHERE instance = ?1 AND key = ?2 AND at < ?3 - 86400000";
    let mut update = transaction.prepare_cached(update)?;
    change.touched.iter().try_for_each(|key| update.execute(params![id, key, change.now]).map(drop))
}

fn await_end(transaction: &Transaction<'_>, id: i64, pending: &[Pending]) -> Result<()> {
    let insert = "INSERT INTO pending (instance, key, rank, event) VALUES (?1, ?2, ?3, ?4)";
    let mut insert = transaction.prepare_cached(insert)?;
    pending.iter().try_for_each(|event| insert.execute(params![id, event.key, event.rank, event.event]).map(drop))
}

fn jobs(transaction: &Transaction<'_>, id: i64, change: &Change) -> Result<Vec<Option<i64>>> {
    let mut last = last_job(transaction)?;
    let mut made = Vec::with_capacity(change.jobs.len());
    for job in &change.jobs {
        let new = make_job(transaction, id, job, last + 1, change.status, change.now)?;
        last = new.unwrap_or(last);
        made.push(new);
    }
    if made.iter().any(Option::is_some) {
        count(transaction, last)?;
    }
    Ok(made)
}

/// The number of the newest job there has ever been: numbers are not used again.
fn last_job(transaction: &Transaction<'_>) -> Result<i64> {
    transaction.prepare_cached("SELECT last_job FROM store")?.query_row([], |row| row.get(0))
}

fn count(transaction: &Transaction<'_>, last: i64) -> Result<()> {
    transaction.prepare_cached("UPDATE store SET last_job = ?1")?.execute([last]).map(drop)
}

/// Makes a job of that number; `None` if its key has been seen.
fn make_job(
    transaction: &Transaction<'_>,
    id: i64,
    job: &NewJob,
    number: i64,
    status: Status,
    now: Millis,
) -> Result<Option<i64>> {
    if let Some(key) = &job.key
        && !see(transaction, id, key, now, Some(number))?
    {
        return Ok(None);
    }
    let insert =
        "INSERT INTO job (number, instance, key, event, status, created_at, since) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)";
    transaction.prepare_cached(insert)?.execute(params![number, id, job.key, job.event, status.name(), now])?;
    Ok(Some(number))
}

/// What a job has come to, unless it is no longer as it was read; then only the attempt is written.
pub fn settle(
    transaction: &Transaction<'_>,
    number: i64,
    before: &Job,
    after: &Job,
    with: &Settlement,
) -> Result<bool> {
    let update = "UPDATE job SET status = ?2, attempts = ?3, finished_at = ?4, due = ?5, carry = ?6, error = ?7, \
                  since = ?8, token = ?11, holder = NULL, host = NULL, until = NULL \
                  WHERE number = ?1 AND status = ?9 AND attempts = ?10";
    let values = params![
        number,
        after.status.name(),
        after.attempts,
        after.finished_at,
        after.due,
        after.carry,
        after.error,
        with.now,
        before.status.name(),
        before.attempts,
        after.token,
    ];
    let settled = transaction.prepare_cached(update)?.execute(values)? == 1;
    if settled && with.anew {
        let forget = "UPDATE job SET answered = NULL, answer = NULL, cancelled = 0 WHERE number = ?1";
        transaction.prepare_cached(forget)?.execute([number])?;
    } else if settled && after.status == Status::Waiting {
        heed(transaction, number, with.now)?;
    }
    if let Some(attempt) = &with.attempt {
        note(transaction, number, attempt)?;
    }
    if let (true, Some((instance, job))) = (settled, &with.follower) {
        let next = last_job(transaction)? + 1;
        if make_job(transaction, *instance, job, next, Status::Queued, with.now)?.is_some() {
            count(transaction, next)?;
        }
    }
    Ok(settled)
}

/// A job that is to wait, and was told something while it ran, does not wait for it.
fn heed(transaction: &Transaction<'_>, number: i64, now: Millis) -> Result<()> {
    let end = "UPDATE job SET status = 'cancelled', finished_at = ?2, due = NULL, carry = NULL, token = NULL \
               WHERE number = ?1 AND cancelled";
    transaction.prepare_cached(end)?.execute(params![number, now])?;
    let wake = "UPDATE job SET status = 'queued', due = NULL WHERE number = ?1 AND NOT cancelled AND answered = token";
    transaction.prepare_cached(wake)?.execute([number]).map(drop)
}

/// Keeps what is said to a job, and wakes it if it waits for that.
pub fn answer(connection: &Connection, number: i64, answer: &Answer, now: Millis) -> Result<bool> {
    let keep = "UPDATE job SET answered = ?2, answer = ?3, \
                since = iif(status = 'waiting' AND token = ?2, ?4, since), \
                due = iif(status = 'waiting' AND token = ?2, NULL, due), \
                status = iif(status = 'waiting' AND token = ?2, 'queued', status) \
                WHERE number = ?1 AND answered IS NOT ?2 \
                AND (status IN ('queued', 'running') OR status = 'waiting' AND ifnull(token, ?2) = ?2)";
    let values = params![number, answer.token, answer.data, now];
    Ok(connection.prepare_cached(keep)?.execute(values)? == 1)
}

/// Asks for the end of a job that runs.
pub fn cancel(connection: &Connection, number: i64, attempts: u32) -> Result<bool> {
    let ask = "UPDATE job SET cancelled = 1 WHERE number = ?1 AND status = 'running' AND attempts = ?2";
    Ok(connection.prepare_cached(ask)?.execute(params![number, attempts])? == 1)
}

/// Forgets these keys, unless they were met meanwhile; none of them left means that all are done.
pub fn forget(transaction: &Transaction<'_>, instance: i64, time: Millis, keys: &[String]) -> Result<u64> {
    if keys.is_empty() {
        let done = "UPDATE instance SET forgotten_to = ?2 WHERE id = ?1";
        return transaction.prepare_cached(done)?.execute(params![instance, time]).map(|_| 0);
    }
    let forget = "DELETE FROM seen WHERE instance = ?1 AND key = ?2 AND at < ?3";
    let mut forget = transaction.prepare_cached(forget)?;
    keys.iter().try_fold(0, |gone, key| Ok(gone + forget.execute(params![instance, key, time])? as u64))
}

/// Keeps an attempt that has ended.
pub fn note(transaction: &Transaction<'_>, number: i64, attempt: &Attempt) -> Result<()> {
    let insert = "INSERT OR REPLACE INTO attempt (job, number, began, ended, outcome, error) \
                  VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let Attempt { number: which, began, ended, outcome, error } = attempt;
    transaction.prepare_cached(insert)?.execute(params![number, which, began, ended, outcome, error]).map(drop)
}
