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
    let due = "SELECT id, at, head, body, attempts FROM notification \
               WHERE instance = ?1 AND due IS NOT NULL AND due <= ?2 ORDER BY id LIMIT ?3";
    let read = |row: &Row<'_>| {
        let (id, at, head) = (row.get(0)?, row.get(1)?, row.get(2)?);
        Ok(Notification { id, at, head, body: row.get(3)?, attempts: row.get(4)? })
    };
    connection.prepare_cached(due)?.query_map(params![instance, now, BATCH], read)?.collect()
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
