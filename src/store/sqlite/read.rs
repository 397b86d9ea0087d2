//! Questions to the tables.

use crate::store::{Answer, Attempt, Identity, Instance, Job, Kind, Millis, Pending, Place, Status, Wanted};
use rusqlite::{Connection, OptionalExtension, Result, Row, params};

const INSTANCE: &str = "SELECT id, connector, kind, name, connection, input, version, cursor, page, high_water, \
                        subscription, subscription_until, next_due, last_run, failures, last_error, connector_hash, \
                        paused FROM instance";
const JOB: &str = "SELECT number, instance, key, event, status, attempts, created_at, since, finished_at, due, carry, \
                   error, token, answered, answer, cancelled FROM job";

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
        paused: row.get(17)?,
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

/// Keys that were not met since that time, a part of them at a time: those behind `last`.
pub fn older(connection: &Connection, instance: i64, time: Millis, last: &str) -> Result<Vec<String>> {
    let older = "SELECT key FROM seen WHERE instance = ?1 AND key > ?3 AND at < ?2 ORDER BY key LIMIT 10000";
    connection.prepare_cached(older)?.query_map(params![instance, time, last], |row| row.get(0))?.collect()
}

/// Whether keys of about that time were forgotten already.
pub fn is_forgotten(connection: &Connection, instance: i64, time: Millis) -> Result<bool> {
    let near = "SELECT 1 FROM instance WHERE id = ?1 AND abs(forgotten_to - ?2) < 86400000";
    connection.prepare_cached(near)?.exists(params![instance, time])
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
        since: row.get(7)?,
        finished_at: row.get(8)?,
        due: row.get(9)?,
        carry: row.get(10)?,
        error: row.get(11)?,
        token: row.get(12)?,
        answer: row.get::<_, Option<String>>(13)?.zip(row.get(14)?).map(|(token, data)| Answer { token, data }),
        cancelled: row.get(15)?,
    })
}

pub fn job(connection: &Connection, number: i64, named: &dyn Fn(i64) -> String) -> Result<Job> {
    connection.prepare_cached(&format!("{JOB} WHERE number = ?1"))?.query_row([number], |row| job_of(row, named))
}

pub fn job_of_key(connection: &Connection, instance: i64, key: &str) -> Result<Option<i64>> {
    let known = "SELECT job FROM seen WHERE instance = ?1 AND key = ?2";
    connection
        .prepare_cached(known)?
        .query_row(params![instance, key], |row| row.get(0))
        .optional()
        .map(Option::flatten)
}

pub fn attempts(connection: &Connection, number: i64) -> Result<Vec<Attempt>> {
    let all = "SELECT number, began, ended, outcome, error FROM attempt WHERE job = ?1 ORDER BY number";
    let attempt = |row: &Row<'_>| {
        let (number, began, ended) = (row.get(0)?, row.get(1)?, row.get(2)?);
        Ok(Attempt { number, began, ended, outcome: row.get(3)?, error: row.get(4)? })
    };
    connection.prepare_cached(all)?.query_map([number], attempt)?.collect()
}

/// Whether any job is not at its end.
pub fn any_open(connection: &Connection) -> Result<bool> {
    let any = "SELECT 1 FROM job WHERE status IN ('queued', 'running', 'waiting') LIMIT 1";
    connection.prepare_cached(any)?.exists([])
}

pub fn next_due(connection: &Connection) -> Result<Option<Millis>> {
    let soonest = "SELECT min(due) FROM job WHERE status = 'waiting' AND status IN ('queued', 'running', 'waiting')";
    connection.prepare_cached(soonest)?.query_row([], |row| row.get(0))
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
