//! Which job runs next, and who runs it.

use super::commit::note;
use super::lease::{Claim, LASTS, lives};
use crate::store::{Attempt, INTERRUPTED, Millis};
use rusqlite::{OptionalExtension, Result, Transaction, params};

/// The statuses of the index that finds open jobs.
const OPEN: &str = "status IN ('queued', 'running', 'waiting')";

/// Takes the next job that may run: its number.
pub fn take(transaction: &Transaction<'_>, claim: &Claim, now: Millis) -> Result<Option<i64>> {
    free_the_abandoned(transaction, claim, now)?;
    // A clock that was put back must not make anybody wait longer than was asked.
    let kept = format!(
        "UPDATE job SET due = ?1 + (due - since), since = ?1 WHERE {OPEN} AND status = 'waiting' AND since > ?1"
    );
    transaction.prepare_cached(&kept)?.execute([now])?;
    let next = format!(
        "SELECT number FROM job WHERE {OPEN} AND status IN ('queued', 'waiting') AND (due IS NULL OR due <= ?1) \
         AND instance NOT IN (SELECT instance FROM job WHERE {OPEN} AND status = 'running') \
         ORDER BY due, number LIMIT 1"
    );
    let Some(number) = transaction.prepare_cached(&next)?.query_row([now], |row| row.get(0)).optional()? else {
        return Ok(None);
    };
    let take = "UPDATE job SET status = 'running', attempts = attempts + 1, since = ?2, due = NULL, holder = ?3, \
                host = ?4, until = ?5 WHERE number = ?1";
    let until = now.saturating_add(LASTS);
    transaction.prepare_cached(take)?.execute(params![number, now, claim.name, claim.host, until])?;
    Ok(Some(number))
}

/// Puts back what dead processes ran, and keeps that they died.
fn free_the_abandoned(transaction: &Transaction<'_>, claim: &Claim, now: Millis) -> Result<()> {
    let running = format!(
        "SELECT number, attempts, since, ifnull(holder, ''), ifnull(host, ''), ifnull(until, 0) FROM job \
         WHERE {OPEN} AND status = 'running'"
    );
    let mut running = transaction.prepare_cached(&running)?;
    let mut rows = running.query([])?;
    while let Some(row) = rows.next()? {
        let (holder, host, until): (String, String, Millis) = (row.get(3)?, row.get(4)?, row.get(5)?);
        let alive = if holder == claim.name {
            true
        } else if host == claim.host {
            lives(&claim.folder, &holder)
        } else {
            until > now
        };
        if alive {
            continue;
        }
        let (number, attempts, began): (i64, u32, Millis) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let outcome = INTERRUPTED.to_owned();
        note(transaction, number, &Attempt { number: attempts, began, ended: now, outcome, error: None })?;
        let free = "UPDATE job SET status = iif(cancelled, 'cancelled', 'queued'), \
                    finished_at = iif(cancelled, ?2, NULL), since = ?2, holder = NULL, host = NULL, until = NULL \
                    WHERE number = ?1";
        transaction.prepare_cached(free)?.execute(params![number, now])?;
    }
    Ok(())
}
