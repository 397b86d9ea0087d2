//! Notifications in the file: kept before their sender is answered, gone with the commit that made jobs of them.

use crate::store::{Millis, Notification};
use rusqlite::{Connection, OptionalExtension, Result, Row, params};

/// The most that are read at once.
const BATCH: i64 = 100;

pub fn put(connection: &Connection, instance: i64, at: Millis, head: &str, body: &[u8]) -> Result<i64> {
    let insert = "INSERT INTO notification (instance, at, head, body, due) VALUES (?1, ?2, ?3, ?4, ?2)";
    connection.prepare_cached(insert)?.insert(params![instance, at, head, body])
}

pub fn due(connection: &Connection, instance: i64, now: Millis) -> Result<Vec<Notification>> {
    let due = "SELECT id, at, head, body, attempts, error FROM notification \
               WHERE instance = ?1 AND due IS NOT NULL AND due <= ?2 ORDER BY id LIMIT ?3";
    connection.prepare_cached(due)?.query_map(params![instance, now, BATCH], notification)?.collect()
}

fn notification(row: &Row<'_>) -> Result<Notification> {
    let (id, at, head) = (row.get(0)?, row.get(1)?, row.get(2)?);
    Ok(Notification { id, at, head, body: row.get(3)?, attempts: row.get(4)?, error: row.get(5)? })
}

pub fn given_up(connection: &Connection) -> Result<Vec<(i64, Notification)>> {
    let left = "SELECT id, at, head, body, attempts, error, instance FROM notification WHERE due IS NULL ORDER BY id";
    connection.prepare_cached(left)?.query_map([], |row| Ok((row.get(6)?, notification(row)?)))?.collect()
}

pub fn revive(connection: &Connection, now: Millis) -> Result<u64> {
    let again = "UPDATE notification SET due = ?1, attempts = 0 WHERE due IS NULL";
    Ok(connection.prepare_cached(again)?.execute([now])? as u64)
}

pub fn earliest(connection: &Connection, instance: i64) -> Result<Option<Millis>> {
    let earliest = "SELECT due FROM notification WHERE instance = ?1 AND due IS NOT NULL ORDER BY due LIMIT 1";
    connection.prepare_cached(earliest)?.query_row([instance], |row| row.get(0)).optional()
}

pub fn put_off(connection: &Connection, id: i64, due: Option<Millis>, error: &str) -> Result<()> {
    let update = "UPDATE notification SET due = ?2, error = ?3, attempts = attempts + 1 WHERE id = ?1";
    connection.prepare_cached(update)?.execute(params![id, due, error]).map(drop)
}

/// Takes away what a commit has dealt with.
pub fn drop_handled(connection: &Connection, handled: &[i64]) -> Result<()> {
    let mut delete = connection.prepare_cached("DELETE FROM notification WHERE id = ?1")?;
    handled.iter().try_for_each(|id| delete.execute([id]).map(drop))
}
