//! What is written, inside a transaction that somebody else has begun.

use crate::store::{Change, Identity, Instance, Job, Millis, Pending, Place};
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
        see(transaction, id, key, *at)?;
    }
    touch(transaction, id, change)?;
    await_end(transaction, id, &change.pending)?;
    Ok((instance.version + 1, jobs(transaction, id, change)?))
}

fn put(transaction: &Transaction<'_>, id: i64, place: &Place) -> Result<()> {
    let update = "UPDATE instance SET cursor = ?2, page = ?3, high_water = ?4, subscription = ?5, \
                  subscription_until = ?6, next_due = ?7, last_run = ?8, failures = ?9, last_error = ?10, \
                  connector_hash = ?11, paused = ?12 WHERE id = ?1";
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
        place.paused,
    ];
    transaction.prepare_cached(update)?.execute(values).map(drop)
}

/// Remembers a key; `false` for one that was known, which keeps its time.
fn see(transaction: &Transaction<'_>, id: i64, key: &str, at: Millis) -> Result<bool> {
    let insert = "INSERT OR IGNORE INTO seen (instance, key, at) VALUES (?1, ?2, ?3)";
    Ok(transaction.prepare_cached(insert)?.execute(params![id, key, at])? == 1)
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
    let insert = "INSERT INTO job (instance, key, event, status, created_at) VALUES (?1, ?2, ?3, ?4, ?5)";
    let mut insert = transaction.prepare_cached(insert)?;
    let mut made = Vec::with_capacity(change.jobs.len());
    for job in &change.jobs {
        let fresh = match &job.key {
            Some(key) => see(transaction, id, key, change.now)?,
            None => true,
        };
        made.push(if fresh {
            Some(insert.insert(params![id, job.key, job.event, change.status.name(), change.now])?)
        } else {
            None
        });
    }
    Ok(made)
}

pub fn settle(connection: &Connection, number: i64, job: &Job) -> Result<()> {
    let update = "UPDATE job SET status = ?2, attempts = ?3, finished_at = ?4, due = ?5, carry = ?6, error = ?7 \
                  WHERE number = ?1";
    let values = params![number, job.status.name(), job.attempts, job.finished_at, job.due, job.carry, job.error];
    connection.prepare_cached(update)?.execute(values).map(drop)
}
