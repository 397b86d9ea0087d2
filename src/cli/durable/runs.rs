//! `connrun runs`: the jobs that events became.

use super::args::{Kept, Runs, RunsCommand, RunsList};
use super::file::{failure, now, open_existing, shown};
use super::job::job_object;
use super::trigger::line;
use crate::cli::failure::Failure;
use crate::cli::files;
use crate::cli::out::{counted, say};
use crate::runtime::{Embedded, Engine, canonical, is_notification};
use crate::store::{Attempt, Identity, Job, Sqlite, Status, Store, StoreError, Wanted};
use crate::value::{Hash, Value};
use serde_json::{Value as Json, json};
use std::collections::HashMap;

pub fn run(options: &Runs) -> Result<u8, Failure> {
    match &options.command {
        None => Err(Failure::usage("usage::arguments", "what about the runs?")
            .help("`connrun runs list` lists them; `show ID`, `replay ID`, `cancel ID` and `resume ID` take one")),
        Some(RunsCommand::List(list)) => list_jobs(list),
        Some(RunsCommand::Show { id, kept }) => show(id, kept),
        Some(RunsCommand::Replay { ids, notifications, kept }) => {
            if *notifications {
                return replay_notifications(kept);
            }
            ids.iter().try_for_each(|id| replay(id, kept)).map(|()| 0)
        }
        Some(RunsCommand::Cancel { id, kept }) => cancel(id, kept),
        Some(RunsCommand::Webhooks { again, kept }) => webhooks(*again, kept),
        Some(RunsCommand::Resume { id, data, kept }) => resume(id, data.as_deref(), kept),
    }
}

fn list_jobs(options: &RunsList) -> Result<u8, Failure> {
    let mut engine = Embedded::new(open_existing(&options.kept.state)?);
    let identities = identities(&mut engine)?;
    let fits = |identity: &Identity| {
        options.trigger.as_ref().is_none_or(|name| identity.name == *name)
            && options.connection.as_ref().is_none_or(|name| identity.connection == *name)
    };
    let narrowed = options.trigger.is_some() || options.connection.is_some();
    let mut chosen: Vec<Option<i64>> =
        identities.iter().filter(|(_, identity)| fits(identity)).map(|(id, _)| Some(*id)).collect();
    if !narrowed {
        chosen = vec![None];
    } else if chosen.is_empty() {
        return Err(Failure::usage("state::unknown", "the state holds nothing of that name")
            .help("`connrun state show` lists what it holds"));
    }
    chosen.sort_unstable();
    for instance in chosen {
        let wanted = Wanted { instance, status: options.status.as_deref().and_then(Status::of), last: options.last };
        let mut result = Ok(());
        let each = &mut |job: &Job| {
            let identity = identities.get(&job.instance);
            let wanted = !options.notifications || identity.is_some_and(|identity| is_notification(job, identity));
            if result.is_ok() && wanted {
                result = say(&if options.json { format!("{}\n", object(job, identity)) } else { row(job, identity) });
            }
        };
        engine.runs(&wanted, each).map_err(|error| failure(&error))?;
        result?;
    }
    Ok(0)
}

fn identities(engine: &mut Embedded<Sqlite>) -> Result<HashMap<i64, Identity>, Failure> {
    let all = engine.instances().map_err(|error| failure(&error))?;
    Ok(all.into_iter().map(|instance| (instance.id, instance.identity)).collect())
}

fn object(job: &Job, identity: Option<&Identity>) -> Json {
    let name = identity.map(|identity| identity.name.as_str());
    let connection = identity.map(|identity| identity.connection.as_str());
    job_object(job, &[("trigger", name), ("connection", connection)])
}

fn row(job: &Job, identity: Option<&Identity>) -> String {
    let name = identity.map_or("?", |identity| &identity.name);
    let key = job.key.as_deref().unwrap_or("-");
    let attempts = match job.attempts {
        0 | 1 => String::new(),
        several => format!("  {several} attempts"),
    };
    let what = if job.token.is_some() { "  to be resumed until" } else { "  until" };
    let due = job.due.map(|due| format!("{what} {}", shown(due))).unwrap_or_default();
    let error = job.error.as_ref().map(|error| format!("  {error}")).unwrap_or_default();
    let (id, at, status) = (&job.id, shown(job.created_at), job.status.name());
    format!("{id:<14} {at}  {status:<9} {name}  {key}{attempts}{due}{error}\n")
}

/// One attempt as programs read it.
fn attempt(attempt: &Attempt) -> Json {
    let mut object = json!({
        "number": attempt.number,
        "began": shown(attempt.began),
        "seconds": (attempt.ended - attempt.began) as f64 / 1000.0,
        "outcome": attempt.outcome,
    });
    if let Some(error) = &attempt.error {
        object["error"] = error.as_str().into();
    }
    object
}

/// The job of that id in that state, and the attempts that have ended.
fn found(id: &str, kept: &Kept) -> Result<(Embedded<Sqlite>, Job, Vec<Attempt>), Failure> {
    let mut engine = Embedded::new(open_existing(&kept.state)?);
    match engine.run(id).map_err(|error| failure(&error))? {
        Some((job, attempts)) => Ok((engine, job, attempts)),
        None => {
            Err(Failure::usage("runs::unknown", format!("there is no job {id}")).help("`connrun runs list` lists them"))
        }
    }
}

fn show(id: &str, kept: &Kept) -> Result<u8, Failure> {
    let (mut engine, job, attempts) = found(id, kept)?;
    let identities = identities(&mut engine)?;
    let mut object = object(&job, identities.get(&job.instance));
    if !attempts.is_empty() {
        object["history"] = attempts.iter().map(attempt).collect();
    }
    let text = serde_json::to_string_pretty(&object).unwrap_or_else(|_| object.to_string());
    say(&(text + "\n"))?;
    Ok(0)
}

/// An event without an action is printed again; a job with one is put back into its queue.
fn replay(id: &str, kept: &Kept) -> Result<(), Failure> {
    let (mut engine, job, _) = found(id, kept)?;
    match job.status {
        Status::Emitted => say(&line(&job.id, job.key.as_deref(), &job.event))?,
        Status::Running => return Err(not_now(&job, "it is running; wait until it has ended")),
        _ => settled(engine.replay(&job, now()))?,
    }
    Ok(())
}

/// Sends everything again that was to tell of a failure and failed itself.
fn replay_notifications(kept: &Kept) -> Result<u8, Failure> {
    let mut engine = Embedded::new(open_existing(&kept.state)?);
    let identities = identities(&mut engine)?;
    let wanted = Wanted { status: Some(Status::Failed), ..Wanted::default() };
    let mut failed = Vec::new();
    let mut take = |job: &Job| {
        if identities.get(&job.instance).is_some_and(|identity| is_notification(job, identity)) {
            failed.push(job.clone());
        }
    };
    engine.runs(&wanted, &mut take).map_err(|error| failure(&error))?;
    for job in &failed {
        settled(engine.replay(job, now()))?;
    }
    say(&format!("{} queued again\n", counted(failed.len() as u64, "notification")))?;
    Ok(0)
}

/// What services sent, and no lambda could deal with.
fn webhooks(again: bool, kept: &Kept) -> Result<u8, Failure> {
    let mut engine = Embedded::new(open_existing(&kept.state)?);
    let identities = identities(&mut engine)?;
    let wrong = |error| failure(&error);
    for (instance, given_up) in engine.store.given_up().map_err(wrong)? {
        let name = identities.get(&instance).map_or("?", |identity| &identity.name);
        let (at, tries) = (shown(given_up.at), counted(given_up.attempts.into(), "attempt"));
        say(&format!("{at}  {name}  {tries}  {}\n", given_up.error.unwrap_or_default()))?;
    }
    if again {
        let revived = engine.store.revive(now()).map_err(wrong)?;
        say(&format!("{}: tried again with the next request or run of the trigger\n", counted(revived, "request")))?;
    }
    Ok(0)
}

/// Goes on with a job that suspended itself.
fn resume(id: &str, data: Option<&str>, kept: &Kept) -> Result<u8, Failure> {
    let data = data.map_or(Ok(Value::hash(Hash::new())), |data| files::read_json(data, "--data"))?;
    let data = canonical(&data).map_err(|_| Failure::usage("usage::json", "--data cannot be kept as JSON"))?;
    let (mut engine, job, _) = found(id, kept)?;
    let waits = job.token.as_ref().filter(|_| job.status == Status::Waiting);
    let Some(token) = waits else {
        return Err(not_now(&job, "only a job whose action has called `suspend` waits to be resumed"));
    };
    settled(engine.resume(token, &data, now()))?;
    Ok(0)
}

fn cancel(id: &str, kept: &Kept) -> Result<u8, Failure> {
    let (mut engine, job, _) = found(id, kept)?;
    if !matches!(job.status, Status::Queued | Status::Waiting | Status::Running) {
        return Err(not_now(&job, "only a job that is queued, waits or runs can be given up"));
    }
    settled(engine.cancel(&job, now()))?;
    if job.status == Status::Running {
        say(&format!("job {id} runs: it ends before its next request, or at its next checkpoint\n"))?;
    }
    Ok(0)
}

/// Whether the job was still as it was read.
fn settled(done: Result<bool, StoreError>) -> Result<(), Failure> {
    match done {
        Ok(true) => Ok(()),
        Ok(false) => Err(failure(&StoreError::conflict())),
        Err(error) => Err(failure(&error)),
    }
}

fn not_now(job: &Job, help: &str) -> Failure {
    Failure::usage("runs::status", format!("job {} is {}", job.id, job.status.name())).help(help)
}
