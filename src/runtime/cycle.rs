//! One poll of a trigger: turns until there is no more, each committed before the next begins.

use super::failure::failed;
use super::sink::SinkError;
use super::turn::{Failed, Judged, Known, Position, Prepared, Turn, poll_page};
use crate::connector::Connector;
use crate::store::{self, Change, Identity, Instance, Kind, Millis, Place, Status, Store, StoreError};
use crate::value::{ClassId, Exception, Unwind, Value};
use std::rc::Rc;

/// A trigger to poll, and how.
pub struct Cycle<'a> {
    pub identity: Identity,
    pub input: Value,
    /// SHA-256 of the connector's text.
    pub connector_hash: String,
    /// Most pages of one poll; `None` goes on as long as the connector has more.
    pub max_pages: Option<usize>,
    /// Every event is new.
    pub keep_duplicates: bool,
    /// How long keys are remembered; `None` for ever.
    pub retention: Option<Millis>,
    /// What new jobs begin as.
    pub status: Status,
    pub pace: Pace<'a>,
}

/// What a cycle needs of time, chance and people.
pub struct Pace<'a> {
    pub now: &'a dyn Fn() -> Millis,
    /// In 0..1.
    pub chance: &'a dyn Fn() -> f64,
    /// Masks secrets in what is kept of an error.
    pub redact: &'a dyn Fn(&str) -> String,
    /// Stop after this page.
    pub stop: &'a dyn Fn() -> bool,
    /// When the next poll is due, for one that began at that time.
    pub next: &'a dyn Fn(Millis) -> Millis,
}

/// An event that has been committed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Emitted {
    pub id: String,
    pub dedup: Option<String>,
    /// JSON
    pub event: String,
}

/// How a poll ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// There is no more.
    Done,
    /// It was stopped, or had its pages: the next poll goes on.
    Halfway,
    /// Somebody else polls this trigger now.
    Busy,
    Paused,
}

/// Why a poll ended early. What was committed before stands.
pub enum Trouble {
    Connector(Box<Unwind>),
    Store(StoreError),
    Sink(SinkError),
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl Cycle<'_> {
    /// Polls. `emit` gets the jobs of every page, after they were committed.
    pub fn run(
        &self,
        connector: &mut Connector,
        store: &mut dyn Store,
        emit: &mut dyn FnMut(&[Emitted]),
    ) -> Result<Outcome, Trouble> {
        let instance = store.open(&self.identity)?;
        if !store.lease(instance.id, (self.pace.now)())? {
            return Ok(Outcome::Busy);
        }
        let result = self.poll(connector, store, instance.id, emit);
        store.release(instance.id)?;
        result
    }

    fn poll(
        &self,
        connector: &mut Connector,
        store: &mut dyn Store,
        id: i64,
        emit: &mut dyn FnMut(&[Emitted]),
    ) -> Result<Outcome, Trouble> {
        let began = (self.pace.now)();
        if let Some(retention) = self.retention {
            store.forget_before(id, began.saturating_sub(retention))?;
        }
        let mut instance = store.instance(id)?;
        if instance.paused {
            return Ok(Outcome::Paused);
        }
        let first_cycle = self.max_pages.is_some() && nothing_known(store, &instance)?;
        let prepared = match prepare(connector, &self.identity, &self.input) {
            Ok(prepared) => prepared,
            Err(unwind) => return Err(failed(store, &instance, &self.pace, unwind)),
        };
        let most = self.max_pages.unwrap_or(usize::MAX);
        for page in 1..=most {
            let last = page == most;
            let position = Position { place: instance.place.clone(), pending: store.pending(id)? };
            let taken = self.turn(connector, store, id, &prepared, &position, last && first_cycle);
            let (change, more) = match taken {
                Ok(turn) => (turn.change, turn.more && !last),
                Err(Failed::Store(error)) => return Err(error.into()),
                Err(Failed::Connector(unwind)) => return Err(failed(store, &instance, &self.pace, unwind)),
            };
            let halfway = more && (self.pace.stop)();
            let change = self.placed(change, began, more && !halfway);
            let committed = store.commit(&instance, &change)?;
            emit(&emitted(&change, &committed.jobs));
            if !more {
                break;
            }
            if halfway || store.instance(id)?.paused {
                return Ok(Outcome::Halfway);
            }
            store.lease(id, (self.pace.now)())?;
            instance = Instance { version: committed.version, place: change.place.unwrap_or_default(), ..instance };
        }
        Ok(if store.instance(id)?.place.page.is_some() { Outcome::Halfway } else { Outcome::Done })
    }

    fn turn(
        &self,
        connector: &mut Connector,
        store: &mut dyn Store,
        id: i64,
        prepared: &Prepared,
        position: &Position,
        last: bool,
    ) -> Result<Turn, Failed> {
        let mut seen = |keys: &[&str]| store.seen(id, keys);
        let mut known = Known { seen: &mut seen, now: (self.pace.now)(), last, keep_duplicates: self.keep_duplicates };
        connector.restart();
        let taken = connector.enter(|run| poll_page(run, prepared, position, &mut known));
        taken.map_err(|failed| match failed {
            Failed::Connector(unwind) => Failed::Connector(connector.finish(unwind)),
            Failed::Store(error) => Failed::Store(error),
        })
    }

    /// The change with what every success writes.
    fn placed(&self, mut change: Change, began: Millis, more: bool) -> Change {
        if let Some(place) = &mut change.place {
            place.last_run = Some(began);
            place.failures = 0;
            place.last_error = None;
            place.connector_hash = Some(self.connector_hash.clone());
            place.next_due = Some(if more { began } else { (self.pace.next)(began) });
        }
        change.status = self.status;
        change
    }

    /// Says for each event of one poll what would become of it. Nothing is written.
    pub fn rehearse(
        &self,
        connector: &mut Connector,
        store: &mut dyn Store,
        tell: &mut dyn FnMut(&Judged),
    ) -> Result<(), Trouble> {
        let known = store.instances()?.into_iter().find(|instance| instance.identity == self.identity);
        let (id, place, pending) = match known {
            Some(instance) => (Some(instance.id), instance.place, store.pending(instance.id)?),
            None => (None, Place::default(), Vec::new()),
        };
        let prepared = prepare(connector, &self.identity, &self.input).map_err(Trouble::Connector)?;
        let first_cycle = place.high_water.is_none() && id.map_or(Ok(0), |id| store.seen_count(id))? == 0;
        let mut position = Position { place, pending };
        let mut fired: Vec<String> = Vec::new();
        let most = self.max_pages.unwrap_or(usize::MAX);
        for page in 1..=most {
            let mut seen = |keys: &[&str]| {
                let before = match id {
                    Some(id) => store.seen(id, keys)?,
                    None => vec![false; keys.len()],
                };
                Ok(before.iter().zip(keys).map(|(seen, key)| *seen || fired.iter().any(|it| it == key)).collect())
            };
            let last = page == most && first_cycle;
            let mut known =
                Known { seen: &mut seen, now: (self.pace.now)(), last, keep_duplicates: self.keep_duplicates };
            connector.restart();
            let taken = connector.enter(|run| poll_page(run, &prepared, &position, &mut known));
            let turn = taken.map_err(|failed| match failed {
                Failed::Connector(unwind) => Trouble::Connector(connector.finish(unwind)),
                Failed::Store(error) => Trouble::Store(error),
            })?;
            turn.judged.iter().for_each(&mut *tell);
            fired.extend(turn.change.jobs.into_iter().filter_map(|job| job.key));
            position.pending.extend(turn.change.pending);
            position.place = turn.change.place.unwrap_or_default();
            if !turn.more || (self.pace.stop)() {
                break;
            }
        }
        Ok(())
    }
}

/// No cycle has finished yet.
fn nothing_known(store: &mut dyn Store, instance: &Instance) -> store::Result<bool> {
    Ok(instance.place.high_water.is_none() && store.seen_count(instance.id)? == 0)
}

fn prepare(connector: &mut Connector, identity: &Identity, input: &Value) -> Result<Prepared, Box<Unwind>> {
    debug_assert_eq!(identity.kind, Kind::Trigger);
    connector.restart();
    let prepared = connector.enter(|run| {
        let Some(trigger) = run.trigger(&identity.name) else {
            let message = format!("there is no trigger '{}'", identity.name);
            return Err(Box::new(Unwind::Raise(Rc::new(Exception::new(ClassId::KEY_ERROR, message)))));
        };
        let (args, output) = run.converted_poll_args(&trigger, input)?;
        Ok(Prepared { trigger, args, output })
    });
    prepared.map_err(|unwind| connector.finish(unwind))
}

fn emitted(change: &Change, ids: &[Option<String>]) -> Vec<Emitted> {
    let new = change.jobs.iter().zip(ids).filter_map(|(job, id)| Some((job, id.clone()?)));
    new.map(|(job, id)| Emitted { id, dedup: job.key.clone(), event: job.event.clone() }).collect()
}
