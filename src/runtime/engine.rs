//! Who carries out what the core decides. The core's steps are pure of storage ([`super::poll_page`],
//! [`super::action_step`]); an engine keeps what they say to keep, and runs the next ones.

use super::cycle::{Cycle, Emitted, Outcome, Pace, Trouble};
use super::job::next_suspension;
use super::notify::{Heard, Inbox};
use super::sink::Sink;
use super::sync::{Copy, Progress};
use super::token;
use super::work::{Worked, Workshop, work_one};
use crate::connector::Connector;
use crate::store::{
    Answer, Attempt, Change, Committed, Identity, Instance, Job, Millis, NewJob, Result, Settlement, Status, Store,
    StoreError, Wanted,
};

/// What an engine promises; `tests/it/engine.rs` asks it of every one. Errors leave everything as it was.
pub trait Engine {
    /// Makes a trigger or sync known, and lets it run from where it stands.
    fn start(&mut self, who: &Identity) -> Result<Instance>;

    /// Lets it run no more; a run that has begun ends after its page.
    fn stop(&mut self, who: &Identity) -> Result<Instance>;

    /// Where all of them stand.
    fn instances(&mut self) -> Result<Vec<Instance>>;

    /// Where one stands.
    fn state(&mut self, id: i64) -> Result<Instance>;

    /// Changes it, if it still stands where it was read; a conflict otherwise.
    fn set_state(&mut self, read: &Instance, change: &Change) -> Result<Committed>;

    /// Polls a trigger until there is no more. `emit` gets the jobs of each page after its commit.
    fn poll(
        &mut self,
        cycle: &Cycle<'_>,
        connector: &mut Connector,
        emit: &mut dyn FnMut(&[Emitted]),
    ) -> std::result::Result<Outcome, Trouble>;

    /// Keeps a request that arrived for a trigger, until it is heard.
    fn notify(&mut self, who: &Identity, at: Millis, head: &str, body: &[u8]) -> Result<()>;

    /// Makes events of the requests that were kept. `emit` gets the jobs of each after its commit.
    fn hear(
        &mut self,
        inbox: &Inbox<'_>,
        connector: &mut Connector,
        emit: &mut dyn FnMut(&[Emitted]),
    ) -> std::result::Result<Heard, Trouble>;

    /// Runs a sync until there is no more.
    fn copy(
        &mut self,
        copy: &Copy<'_>,
        connector: &mut Connector,
        sink: &mut dyn Sink,
        tell: &mut dyn FnMut(Progress<'_>),
    ) -> std::result::Result<Outcome, Trouble>;

    /// Queues a job. The same key again is the same job, not another one.
    fn submit(&mut self, to: &Identity, job: NewJob, now: Millis) -> Result<Submitted>;

    /// Does one step of the job that is next.
    fn work_one(&mut self, workshop: &mut dyn Workshop, by: &Pace<'_>) -> std::result::Result<Worked, Trouble>;

    /// The wanted jobs, oldest first.
    fn runs(&mut self, wanted: &Wanted, each: &mut dyn FnMut(&Job)) -> Result<()>;

    /// One job with the attempts that have ended.
    fn run(&mut self, id: &str) -> Result<Option<(Job, Vec<Attempt>)>>;

    /// Puts a job that has ended or waits back into its queue, to begin anew. `false` if it is no longer as it was read.
    fn replay(&mut self, job: &Job, now: Millis) -> Result<bool>;

    /// Says something to the job that waits with that token, or is about to. `false` where none does, or does no more.
    /// `data` is JSON.
    fn resume(&mut self, token: &str, data: &str, now: Millis) -> Result<bool>;

    /// Gives up a job; one that runs ends before its next request, or at its next checkpoint. `false` if it is no longer
    /// as it was read.
    fn cancel(&mut self, job: &Job, now: Millis) -> Result<bool>;
}

/// A job that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submitted {
    pub id: String,
    /// It was not there before.
    pub fresh: bool,
}

/// The engine inside this process: a store, and whoever calls.
pub struct Embedded<S> {
    pub store: S,
}

impl<S: Store> Embedded<S> {
    pub fn new(store: S) -> Self {
        Self { store }
    }

    fn pause(&mut self, who: &Identity, paused: bool) -> Result<Instance> {
        let instance = self.store.open(who)?;
        self.store.pause(instance.id, paused)?;
        Ok(Instance { paused, ..instance })
    }
}

impl<S: Store> Engine for Embedded<S> {
    fn start(&mut self, who: &Identity) -> Result<Instance> {
        self.pause(who, false)
    }

    fn stop(&mut self, who: &Identity) -> Result<Instance> {
        self.pause(who, true)
    }

    fn instances(&mut self) -> Result<Vec<Instance>> {
        self.store.instances()
    }

    fn state(&mut self, id: i64) -> Result<Instance> {
        self.store.instance(id)
    }

    fn set_state(&mut self, read: &Instance, change: &Change) -> Result<Committed> {
        self.store.commit(read, change)
    }

    fn poll(
        &mut self,
        cycle: &Cycle<'_>,
        connector: &mut Connector,
        emit: &mut dyn FnMut(&[Emitted]),
    ) -> std::result::Result<Outcome, Trouble> {
        cycle.run(connector, &mut self.store, emit)
    }

    fn notify(&mut self, who: &Identity, at: Millis, head: &str, body: &[u8]) -> Result<()> {
        let instance = self.store.open(who)?;
        self.store.receive(instance.id, at, head, body).map(drop)
    }

    fn hear(
        &mut self,
        inbox: &Inbox<'_>,
        connector: &mut Connector,
        emit: &mut dyn FnMut(&[Emitted]),
    ) -> std::result::Result<Heard, Trouble> {
        inbox.run(connector, &mut self.store, emit)
    }

    fn copy(
        &mut self,
        copy: &Copy<'_>,
        connector: &mut Connector,
        sink: &mut dyn Sink,
        tell: &mut dyn FnMut(Progress<'_>),
    ) -> std::result::Result<Outcome, Trouble> {
        copy.run(connector, &mut self.store, sink, tell)
    }

    fn submit(&mut self, to: &Identity, job: NewJob, now: Millis) -> Result<Submitted> {
        loop {
            let instance = self.store.open(to)?;
            if let Some(key) = &job.key
                && let Some(known) = self.store.job_of_key(instance.id, key)?
            {
                return Ok(Submitted { id: known.id, fresh: false });
            }
            let change = Change { jobs: vec![job.clone()], status: Status::Queued, now, ..Change::default() };
            match self.store.commit(&instance, &change) {
                Ok(Committed { jobs, .. }) => match jobs.into_iter().next().flatten() {
                    Some(id) => return Ok(Submitted { id, fresh: true }),
                    None => return Err(StoreError::no_job_of_key()),
                },
                Err(error) if error == StoreError::conflict() => {}
                Err(error) => return Err(error),
            }
        }
    }

    fn work_one(&mut self, workshop: &mut dyn Workshop, by: &Pace<'_>) -> std::result::Result<Worked, Trouble> {
        work_one(&mut self.store, workshop, by)
    }

    fn runs(&mut self, wanted: &Wanted, each: &mut dyn FnMut(&Job)) -> Result<()> {
        self.store.jobs(wanted, each)
    }

    fn run(&mut self, id: &str) -> Result<Option<(Job, Vec<Attempt>)>> {
        let Some(job) = self.store.job(id)? else { return Ok(None) };
        let attempts = self.store.attempts(id)?;
        Ok(Some((job, attempts)))
    }

    fn replay(&mut self, job: &Job, now: Millis) -> Result<bool> {
        let (carry, error, token) = (None, None, None);
        let again = Job { status: Status::Queued, due: None, finished_at: None, carry, error, token, ..job.clone() };
        self.store.settle(job, &again, &Settlement { anew: true, now, ..Settlement::default() })
    }

    fn resume(&mut self, token: &str, data: &str, now: Millis) -> Result<bool> {
        let secret = self.store.secret()?;
        let Some((id, number)) = token::read(&secret, token) else { return Ok(false) };
        if self.store.job(id)?.is_none_or(|job| next_suspension(&job) != number) {
            return Ok(false);
        }
        self.store.answer(id, &Answer { token: token.to_owned(), data: data.to_owned() }, now)
    }

    fn cancel(&mut self, job: &Job, now: Millis) -> Result<bool> {
        if job.status == Status::Running {
            return self.store.cancel(job);
        }
        let over = Job {
            status: Status::Cancelled,
            due: None,
            carry: None,
            token: None,
            finished_at: Some(now),
            ..job.clone()
        };
        self.store.settle(job, &over, &Settlement { now, ..Settlement::default() })
    }
}
