//! The actions that run for events: takes jobs as they become due, runs a step of each, and says how it went.

use super::Server;
use super::plan::{Plan, What};
use super::shop::Ready;
use super::work::{Clocked, took};
use crate::cli::args::SaveSettings;
use crate::cli::durable::{connector_name, shown, state_failure};
use crate::connector::Connector;
use crate::project::Action;
use crate::runtime::{Embedded, Engine, Map, Task, Trouble, Worked, Workshop};
use crate::store::{Identity, Job, Millis, Sqlite, Status};
use std::path::Path;
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Nobody sleeps longer than that: another process may have made jobs.
const NAP: Duration = Duration::from_secs(30);

/// Tells those who work on jobs that there may be one.
#[derive(Default)]
pub struct Bell {
    rung: Mutex<u64>,
    changed: Condvar,
}

impl Bell {
    pub fn ring(&self) {
        *self.rung.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.changed.notify_all();
    }

    fn count(&self) -> u64 {
        *self.rung.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits that long, or until it has rung since it was at `heard`.
    fn wait(&self, heard: u64, time: Duration) {
        let rung = self.rung.lock().unwrap_or_else(PoisonError::into_inner);
        // Either way the wait is over.
        let _ = self.changed.wait_timeout_while(rung, time, |rung| *rung == heard);
    }
}

/// What a plan does with its events.
pub fn task(plan: &Plan, state: &Path) -> Option<Task> {
    match &plan.what {
        What::Trigger(trigger) => trigger.action.as_ref().map(|action| task_of(action, state)),
        What::Sync(_) => None,
    }
}

fn task_of(action: &Action, state: &Path) -> Task {
    let map = match &action.map {
        None => Map::Event,
        Some(map) => serde_json::from_value::<Map>(map.clone()).unwrap_or_default(),
    };
    Task {
        connector: connector_name(&action.part.connector.value, state),
        account: action.part.account.as_ref().map(|account| account.value.clone()).unwrap_or_default(),
        action: action.part.name.value.clone(),
        map,
        on_failure: action.on_failure.as_ref().map(|told| Box::new(task_of(told, state))),
    }
}

/// One thread that works on jobs.
pub struct Hand<'a> {
    server: &'a Server,
    engine: Embedded<Sqlite>,
    clocked: Clocked<'a>,
}

impl<'a> Hand<'a> {
    pub fn new(server: &'a Server, store: Sqlite) -> Self {
        Self { server, engine: Embedded::new(store), clocked: Clocked::new(server) }
    }

    /// Works until the server stops.
    pub fn work(mut self) {
        while !self.server.board.is_stopping() {
            let heard = self.server.bell.count();
            let mut bench = Bench { server: self.server, at_hand: None };
            let nap = loop {
                match self.step(&mut bench) {
                    Some(_) if self.server.board.is_stopping() => break Duration::ZERO,
                    Some(nap) if nap.is_zero() => {}
                    Some(nap) => break nap,
                    None => break NAP,
                }
            };
            bench.put_away();
            self.server.bell.wait(heard, nap);
        }
    }

    /// One step of one job; how long there is nothing to do, `None` where the state is in trouble.
    fn step(&mut self, bench: &mut Bench<'_>) -> Option<Duration> {
        let clock = Instant::now();
        let engine = &mut self.engine;
        let worked = self.clocked.paced(&|began| began, |pace| engine.work_one(bench, &pace));
        match worked {
            Ok(Worked::Idle { until }) => {
                let now = self.server.board.now();
                let wait = until.map_or(Millis::MAX, |until| until.saturating_sub(now).max(1));
                Some(Duration::from_millis(wait.unsigned_abs()).min(NAP))
            }
            Ok(Worked::Job(job)) => {
                self.tell(bench, &job, clock.elapsed());
                Some(Duration::ZERO)
            }
            Err(Trouble::Store(error)) => {
                self.server.teller.fail("jobs", "cannot be worked on", state_failure(&error));
                None
            }
            Err(Trouble::Connector(_) | Trouble::Sink(_)) => None,
        }
    }

    fn tell(&self, bench: &Bench<'_>, job: &Job, time: Duration) {
        let (name, teller) = (bench.name(), &self.server.teller);
        let (id, time) = (&job.id, took(time));
        let error = job.error.as_deref().unwrap_or_default();
        match job.status {
            Status::Succeeded => teller.mention(&name, &format!("{id} done in {time}")),
            Status::Failed => teller.warn(&name, &format!("{id} failed: {error}")),
            Status::Cancelled => teller.say(&name, &format!("{id} was cancelled")),
            Status::Waiting if job.token.is_some() => {
                let until = job.due.map(|due| format!(" until {}", shown(due))).unwrap_or_default();
                teller.mention(&name, &format!("{id} waits to be resumed{until}"));
            }
            Status::Waiting if error.is_empty() => teller.mention(&name, &format!("{id} goes on later")),
            Status::Waiting => teller.warn(&name, &format!("{id} is tried again: {error}")),
            _ => {}
        }
    }
}

/// The connector that the last job needed; the next one often needs the same.
struct Bench<'a> {
    server: &'a Server,
    at_hand: Option<(Task, String, Ready)>,
}

impl Bench<'_> {
    /// As lines name what is being done.
    fn name(&self) -> String {
        self.at_hand.as_ref().map_or_else(|| "jobs".to_owned(), |(task, ..)| task.action.clone())
    }

    /// Keeps credentials that were renewed.
    fn put_away(&mut self) {
        if let Some((task, _, ready)) = self.at_hand.take() {
            self.server.note(&task.action, &ready.opened.connector.session().notes());
            for remark in ready.opened.keep(&ready.place, SaveSettings::Yes) {
                self.server.teller.say(&task.action, &remark);
            }
        }
    }
}

impl Workshop for Bench<'_> {
    fn task(&mut self, of: &Identity) -> Option<Task> {
        let entries = self.server.board.entries();
        let entry = entries.iter().find(|entry| entry.plan.identity == *of)?;
        task(&entry.plan, &self.server.state)
    }

    fn connector(&mut self, task: &Task) -> Result<&mut Connector, String> {
        let path = Path::new(&task.connector);
        let said = |failure: crate::cli::failure::Failure| failure.diagnostic.message;
        let (version, _) = self.server.shop.version(path).map_err(said)?;
        let same = |(known, hash, _): &(Task, String, Ready)| {
            known.connector == task.connector && known.account == task.account && *hash == version.hash
        };
        if !self.at_hand.as_ref().is_some_and(same) {
            self.put_away();
            let ready = self.server.shop.connector(&version, path, &task.account).map_err(said)?;
            self.at_hand = Some((task.clone(), version.hash.clone(), ready));
        }
        let Some((known, _, ready)) = &mut self.at_hand else { return Err("the connector is gone".to_owned()) };
        known.clone_from(task);
        Ok(&mut ready.opened.connector)
    }
}
