//! One run of a sync: chunks until there is no more, each in the sink and committed before the next is fetched.

use super::backfill::Plan;
use super::cycle::{Outcome, Pace, Trouble};
use super::failure::failed;
use super::identity::digest;
use super::sink::{Chunk, Drifted, Sink, Stand};
use crate::connector::{Connector, SyncChunk};
use crate::store::{Change, Identity, Instance, Place, Store, StoreError};
use crate::value::json::{self, BinaryForm};
use crate::value::{ClassId, Exception, Unwind, Value, raise, to_s};
use serde::{Deserialize, Serialize};
use std::rc::Rc;

/// How a sync finds what has changed since its last run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Incremental {
    /// New records and changed ones.
    Native,
    /// New records only.
    CreatedOnly,
    /// Not at all: every run reads everything.
    None,
}

impl Incremental {
    /// What the sync says of itself; nothing is `native`.
    pub fn of(declared: &Value) -> Option<Self> {
        match to_s(declared).to_text().as_str() {
            "" | "native" => Some(Self::Native),
            "created_only" => Some(Self::CreatedOnly),
            "none" => Some(Self::None),
            _ => None,
        }
    }
}

/// A sync to run, and how.
pub struct Copy<'a> {
    pub identity: Identity,
    pub input: Value,
    /// SHA-256 of the connector's text.
    pub connector_hash: String,
    pub incremental: Incremental,
    /// Begin anew, whatever the state says.
    pub full: bool,
    /// Most chunks of this run.
    pub max_chunks: Option<u64>,
    /// Window by window instead of going on where the last run stopped.
    pub plan: Option<Plan>,
    pub pace: Pace<'a>,
}

/// How far a run is.
pub enum Progress<'a> {
    /// Remarks of the sink.
    Note(&'a str),
    /// A chunk was committed: its records, and what did not fit.
    Chunk { records: usize, drifted: &'a [Drifted] },
    /// So many windows of the plan are done.
    Window { done: u64 },
}

impl Copy<'_> {
    /// Runs. Every chunk that `tell` hears of is committed.
    pub fn run(
        &self,
        connector: &mut Connector,
        store: &mut dyn Store,
        sink: &mut dyn Sink,
        tell: &mut dyn FnMut(Progress<'_>),
    ) -> Result<Outcome, Trouble> {
        let instance = store.open(&self.identity)?;
        if !store.lease(instance.id, (self.pace.now)())? {
            return Ok(Outcome::Busy);
        }
        let result = self.chunks(connector, store, sink, tell, instance.id);
        store.release(instance.id)?;
        result
    }

    fn chunks(
        &self,
        connector: &mut Connector,
        store: &mut dyn Store,
        sink: &mut dyn Sink,
        tell: &mut dyn FnMut(Progress<'_>),
        id: i64,
    ) -> Result<Outcome, Trouble> {
        let mut instance = store.instance(id)?;
        if instance.paused {
            return Ok(Outcome::Paused);
        }
        let copy = digest(&self.identity.text());
        let stand = Stand { copy: &copy, position: instance.place.page.as_deref(), version: instance.version };
        let begun = sink.begin(&stand).map_err(Trouble::Sink)?;
        begun.notes.iter().for_each(|note| tell(Progress::Note(note)));
        if let Some(mark) = begun.ahead {
            // The chunk reached the sink, and the process died before it was committed here.
            instance = self.commit(store, instance.clone(), self.behind(&instance.place, &Mark::read(&mark)))?;
        }
        if self.full && (instance.place.cursor.is_some() || instance.place.high_water.is_some()) {
            let place = Place { cursor: None, high_water: None, ..instance.place.clone() };
            instance = self.commit(store, instance, place)?;
        }
        let mut taken = 0;
        loop {
            let plan = self.standing(&instance.place);
            let window = plan.and_then(|plan| plan.window());
            if plan.is_some() && window.is_none() {
                return Ok(Outcome::Done);
            }
            let input = plan.zip(window).map(|(plan, window)| plan.input(&self.input, window));
            let chunk = match self.fetch(connector, &instance, input.as_ref().unwrap_or(&self.input)) {
                Ok(chunk) => chunk,
                Err(unwind) => return Err(failed(store, &instance, &self.pace, unwind)),
            };
            let more = chunk.chunk.has_more;
            let mark = Mark { more, state: chunk.state };
            let kept = mark.text();
            let written = Chunk { records: &chunk.chunk.records, mark: &kept, version: instance.version };
            let stored = sink.write(&written).map_err(Trouble::Sink)?;
            let place = Place {
                page: stored.position.or(instance.place.page.clone()),
                last_run: Some((self.pace.now)()),
                failures: 0,
                last_error: None,
                connector_hash: Some(self.connector_hash.clone()),
                ..self.behind(&instance.place, &mark)
            };
            instance = self.commit(store, instance, place)?;
            tell(Progress::Chunk { records: chunk.chunk.records.len(), drifted: &stored.drifted });
            taken += 1;
            if let (false, Some(plan)) = (more, self.standing(&instance.place)) {
                tell(Progress::Window { done: plan.counted().0 });
            } else if !more {
                return Ok(Outcome::Done);
            }
            if store.instance(id)?.paused || (self.pace.stop)() || self.max_chunks.is_some_and(|most| taken >= most) {
                return Ok(Outcome::Halfway);
            }
            store.lease(id, (self.pace.now)())?;
        }
    }

    /// The plan as it stands in a place.
    fn standing(&self, place: &Place) -> Option<Plan> {
        self.plan.map(|plan| place.high_water.as_deref().map_or(plan, |kept| plan.resumed(kept)))
    }

    /// The place behind a chunk: a window, and a sync that reads everything each time, begin without a state.
    fn behind(&self, place: &Place, mark: &Mark) -> Place {
        let plan = self.standing(place);
        let over = !mark.more && (plan.is_some() || self.incremental == Incremental::None);
        let cursor = if over { None } else { mark.state.clone() };
        let next = plan.map(|plan| match plan.window() {
            Some(window) if !mark.more => plan.behind(window),
            _ => plan,
        });
        Place { cursor, high_water: next.map(|plan| plan.kept()), ..place.clone() }
    }

    fn fetch(&self, connector: &mut Connector, instance: &Instance, input: &Value) -> Result<Fetched, Box<Unwind>> {
        connector.restart();
        let name = &self.identity.name;
        let before = instance.place.cursor.as_deref();
        let fetched = connector.enter(|run| {
            let state = before.map_or(Ok(Value::Nil), |text| json::parse(text.as_bytes())).map_err(|error| {
                raise(ClassId::ARGUMENT_ERROR, format!("the sync's state is no JSON: {}", error.message))
            })?;
            let chunk = run.fetch_chunk(name, input, &state)?;
            let state = match &chunk.state {
                // A chunk that says nothing of its state leaves it as it was.
                Value::Nil => before.map(str::to_owned),
                state => Some(json::compact(state, BinaryForm::Hex)?),
            };
            if chunk.has_more && chunk.records.is_empty() && state.as_deref() == before {
                let message =
                    format!("fetch of '{name}' says has_more, but gave no records and the state it was given");
                let exception = Exception::new(ClassId::SDK_INVALID_OUTPUT_ERROR, message);
                let exception =
                    exception.with_help("it would be asked the same for ever: return a state that moves on");
                return Err(Box::new(Unwind::Raise(Rc::new(exception))));
            }
            Ok(Fetched { chunk, state })
        });
        fetched.map_err(|unwind| connector.finish(unwind))
    }

    fn commit(&self, store: &mut dyn Store, instance: Instance, place: Place) -> Result<Instance, StoreError> {
        let change = Change { place: Some(place.clone()), now: (self.pace.now)(), ..Change::default() };
        let committed = store.commit(&instance, &change)?;
        Ok(Instance { version: committed.version, place, ..instance })
    }
}

/// What a sink keeps of a chunk, so that it can be committed when nobody lived to do it.
#[derive(Serialize, Deserialize)]
struct Mark {
    more: bool,
    /// JSON
    state: Option<String>,
}

impl Mark {
    fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    fn read(text: &str) -> Self {
        serde_json::from_str(text).unwrap_or(Self { more: true, state: None })
    }
}

/// One answer of `fetch`.
struct Fetched {
    chunk: SyncChunk,
    /// JSON
    state: Option<String>,
}
