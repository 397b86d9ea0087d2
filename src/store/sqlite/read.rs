//! Questions to the tables.

use crate::store::{Identity, Instance, Job, Kind, Millis, Pending, Place, Status, Wanted};
use rusqlite::{Connection, OptionalExtension, Result, Row, params};

const INSTANCE: &str = "SELECT id, connector, kind, name, connection, input, version, cursor, page, high_water, \
                        subscription, subscription_until, next_due, last_run, failures, last_error, connector_hash, \
                        paused FROM instance";
const JOB: &str =
    "SELECT number, instance, key, event, status, attempts, created_at, finished_at, due, carry, error FROM job";

fn instance_of(row: &Row<'_>) -> Result<Instance> {
    let kind: String = row.get(2)?;
    Ok(Instance {
        id: row.get(0)?,
        identity: Identity {
            connector: row.get(1)?,
            kind: Kind::of(&kind).unwrap_or(Kind::Trigger),
            name: row.get(3)?,
            connection: row.get(4)?,
            input: row.get(5)?,
        },
        version: row.get(6)?,
        place: Place {
            cursor: row.get(7)?,
            page: row.get(8)?,
            high_water: row.get(9)?,
            subscription: row.get(10)?,
            subscription_until: row.get(11)?,
            next_due: row.get(12)?,
            last_run: row.get(13)?,
            failures: row.get(14)?,
            last_error: row.get(15)?,
            connector_hash: row.get(16)?,
            paused: row.get(17)?,
        },
    })
}

pub fn find(connection: &Connection, identity: &Identity) -> Result<Option<Instance>> {
    let sql = format!("{INSTANCE} WHERE connector = ?1 AND kind = ?2 AND name = ?3 AND connection = ?4 AND input = ?5");
    let Identity { connector, kind, name, connection: account, input } = identity;
    let values = params![connector, kind.name(), name, account, input];
    connection.prepare_cached(&sql)?.query_row(values, instance_of).optional()
}

pub fn instance(connection: &Connection, id: i64) -> Result<Option<Instance>> {
    connection.prepare_cached(&format!("{INSTANCE} WHERE id = ?1"))?.query_row([id], instance_of).optional()
}

pub fn instances(connection: &Connection) -> Result<Vec<Instance>> {
    connection.prepare_cached(&format!("{INSTANCE} ORDER BY id"))?.query_map([], instance_of)?.collect()
}

pub fn seen(connection: &Connection, instance: i64, keys: &[&str]) -> Result<Vec<bool>> {
    let mut known = connection.prepare_cached("SELECT 1 FROM seen WHERE instance = ?1 AND key = ?2")?;
    keys.iter().map(|key| known.exists(params![instance, key])).collect()
}

pub fn seen_keys(connection: &Connection, instance: i64, each: &mut dyn FnMut(&str, Millis)) -> Result<()> {
    let mut all = connection.prepare_cached("SELECT key, at FROM seen WHERE instance = ?1 ORDER BY key")?;
    let mut rows = all.query([instance])?;
    while let Some(row) = rows.next()? {
        each(row.get_ref(0)?.as_str().unwrap_or_default(), row.get(1)?);
    }
    Ok(())
}

pub fn pending(connection: &Connection, instance: i64) -> Result<Vec<Pending>> {
    let mut all = connection.prepare_cached("SELECT key, rank, event FROM pending WHERE instance = ?1 ORDER BY id")?;
    all.query_map([instance], |row| Ok(Pending { key: row.get(0)?, rank: row.get(1)?, event: row.get(2)? }))?.collect()
}

fn job_of(row: &Row<'_>, named: &dyn Fn(i64) -> String) -> Result<Job> {
    let status: String = row.get(4)?;
    Ok(Job {
        id: named(row.get(0)?),
        instance: row.get(1)?,
        key: row.get(2)?,
        event: row.get(3)?,
        status: Status::of(&status).unwrap_or(Status::Failed),
        attempts: row.get(5)?,
        created_at: row.get(6)?,
        finished_at: row.get(7)?,
        due: row.get(8)?,
        carry: row.get(9)?,
        error: row.get(10)?,
    })
}

pub fn job(connection: &Connection, number: i64, named: &dyn Fn(i64) -> String) -> Result<Job> {
    connection.prepare_cached(&format!("{JOB} WHERE number = ?1"))?.query_row([number], |row| job_of(row, named))
}

pub fn jobs(
    connection: &Connection,
    wanted: &Wanted,
    named: &dyn Fn(i64) -> String,
    each: &mut dyn FnMut(&Job),
) -> Result<()> {
    let fits = "(?1 IS NULL OR instance = ?1) AND (?2 IS NULL OR status = ?2)";
    let sql = format!(
        "{JOB} WHERE {fits} AND number > (SELECT ifnull((SELECT number FROM job WHERE {fits} \
         ORDER BY number DESC LIMIT 1 OFFSET ?3), 0)) ORDER BY number"
    );
    let last = wanted.last.map_or(i64::MAX, |last| i64::try_from(last).unwrap_or(i64::MAX));
    let mut found = connection.prepare_cached(&sql)?;
    let mut rows = found.query(params![wanted.instance, wanted.status.map(Status::name), last])?;
    while let Some(row) = rows.next()? {
        each(&job_of(row, named)?);
    }
    Ok(())
}
