//! Whose turn it is: requests of a connection that leave one after the other, whoever sends them.

use rusqlite::{OptionalExtension, Result, Transaction, params};

/// Takes the next turn, all in microseconds. A clock that was put back makes nobody wait longer than was asked.
pub fn take(transaction: &Transaction<'_>, connection: &str, now: i64, apart: i64) -> Result<i64> {
    let known = "SELECT next, at FROM turn WHERE connection = ?1";
    let known = transaction
        .prepare_cached(known)?
        .query_row([connection], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?)))
        .optional()?;
    let (next, at) = known.unwrap_or((now, now));
    let turn = if at > now { now.saturating_add(next.saturating_sub(at).max(0)) } else { next.max(now) };
    let keep = "INSERT OR REPLACE INTO turn (connection, next, at) VALUES (?1, ?2, ?3)";
    transaction.prepare_cached(keep)?.execute(params![connection, turn.saturating_add(apart), now])?;
    Ok(turn - now)
}
