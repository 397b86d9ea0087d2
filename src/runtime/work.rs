//! The work on jobs: take one, run one step of it, write what came of it.

use super::cycle::{Pace, Trouble};
use super::job::{Around, Step, action_step, failure_event};
use super::task::Task;
use super::token;
use crate::connector::Connector;
use crate::store::{self, Attempt, INTERRUPTED, Identity, Job, Kind, Millis, NewJob, Settlement, Status, Store};

/// A job whose process died so often is given up: it may be what kills them.
const MOST_INTERRUPTIONS: usize = 5;

/// Begins the keys of jobs that tell of failures.
const TOLD: &str = "failure:";

/// Whether a job tells of another one's failure.
pub fn is_notification(job: &Job, of: &Identity) -> bool {
    of.kind == Kind::Action && job.key.as_ref().is_some_and(|key| key.starts_with(TOLD))
}

/// Who knows what is to be done with whose events, and has the connectors for it at hand.
pub trait Workshop {
    /// What is done with the events of that trigger; `None` if nothing says so.
    fn task(&mut self, of: &Identity) -> Option<Task>;

    /// The connector of a task with its account's settings, loaded. Errors are a sentence.
    fn connector(&mut self, task: &Task) -> Result<&mut Connector, String>;
}

/// What a turn of work came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Worked {
    /// There was nothing to do; the next job that waits is due then.
    Idle { until: Option<Millis> },
    /// One step of that job was done: it stands like this now.
    Job(Box<Job>),
}

/// Does one step of the job that is next. Whatever happens to it is written; only the store's trouble is an error.
pub fn work_one(store: &mut dyn Store, workshop: &mut dyn Workshop, by: &Pace<'_>) -> Result<Worked, Trouble> {
    let Some(job) = store.claim((by.now)())? else {
        return Ok(Worked::Idle { until: store.next_due()? });
    };
    let identity = store.instance(job.instance)?.identity;
    let task = Task::of(&identity).or_else(|| workshop.task(&identity));
    let interrupted = interruptions(&store.attempts(&job.id)?);
    let step = if interrupted >= MOST_INTERRUPTIONS {
        Step::Failed { error: format!("given up: the process died {interrupted} times while it ran this job") }
    } else {
        let secret = store.secret()?;
        step(workshop, task.as_ref(), &identity, &job, &secret, by)
    };
    let now = (by.now)();
    let (after, outcome) = stands(&job, &step, now, (by.chance)());
    let attempt = Attempt {
        number: job.attempts,
        began: job.since,
        ended: now,
        outcome: outcome.to_owned(),
        error: after.error.clone(),
    };
    let follower = follower(store, task.as_ref(), &identity, &after)?;
    store.settle(&job, &after, &Settlement { attempt: Some(attempt), follower, now, ..Settlement::default() })?;
    // What would wait may have been told something meanwhile.
    let heard = if after.status == Status::Waiting { store.job(&after.id)? } else { None };
    Ok(Worked::Job(Box::new(heard.unwrap_or(after))))
}

/// How often the job's process has died since an attempt came to an end.
fn interruptions(attempts: &[Attempt]) -> usize {
    attempts.iter().rev().take_while(|attempt| attempt.outcome == INTERRUPTED).count()
}

fn step(
    workshop: &mut dyn Workshop,
    task: Option<&Task>,
    of: &Identity,
    job: &Job,
    secret: &str,
    by: &Pace<'_>,
) -> Step {
    let Some(task) = task else {
        let error = format!("nothing says what to do with the events of {}", of.name);
        return Step::Failed { error };
    };
    match workshop.connector(task) {
        Ok(connector) => {
            let token = |number| token::of(secret, &job.id, number);
            action_step(connector, task, job, &Around { now: (by.now)(), redact: by.redact, token: &token })
        }
        Err(error) => Step::Failed { error: (by.redact)(&error) },
    }
}

/// The job after a step, and the step in a word.
fn stands(job: &Job, step: &Step, now: Millis, chance: f64) -> (Job, &'static str) {
    let waiting = |after: Millis, carry: &str, error: Option<&String>| Job {
        status: Status::Waiting,
        due: Some(now.saturating_add(after)),
        carry: Some(carry.to_owned()),
        error: error.cloned(),
        token: None,
        since: now,
        ..job.clone()
    };
    let ended = |status: Status, error: Option<&String>| Job {
        status,
        finished_at: Some(now),
        due: None,
        carry: None,
        error: error.cloned(),
        token: None,
        since: now,
        ..job.clone()
    };
    match step {
        Step::Done { .. } => (ended(Status::Succeeded, None), "succeeded"),
        Step::Failed { error } => (ended(Status::Failed, Some(error)), "failed"),
        Step::Reinvoke { after, carry } => (waiting(*after, carry, None), "reinvoked"),
        Step::Suspend { until, carry, token } => {
            let job = Job { due: Some(*until), token: Some(token.clone()), ..waiting(0, carry, None) };
            (job, "suspended")
        }
        Step::Cancelled => {
            let said = "cancelled while it ran: it stopped before its next request or at a checkpoint".to_owned();
            (ended(Status::Cancelled, Some(&said)), "cancelled")
        }
        Step::Retry { after, carry, error } => {
            // Those that failed together do not come back together.
            let spread = (*after as f64 * chance / 4.0) as Millis;
            (waiting(after.saturating_add(spread), carry, Some(error)), "retried")
        }
    }
}

/// The job that tells of a job that failed for good; its key is the failed job's, so that it is told once.
fn follower(
    store: &mut dyn Store,
    task: Option<&Task>,
    of: &Identity,
    job: &Job,
) -> store::Result<Option<(i64, NewJob)>> {
    let Some(told) = task.and_then(|task| task.on_failure.as_deref()).filter(|_| job.status == Status::Failed) else {
        return Ok(None);
    };
    let instance = store.open(&told.identity())?;
    let event = failure_event(job, &of.name, &of.connector, job.error.as_deref().unwrap_or_default());
    Ok(Some((instance.id, NewJob { key: Some(format!("{TOLD}{}:{}", job.id, job.attempts)), event })))
}
