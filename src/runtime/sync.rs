//! One run of a sync: chunks until there is no more, each in the sink and committed before the next is fetched.

use super::cycle::{Outcome, Pace, Trouble};
use super::failure::failed;
use super::sink::{Chunk, Drifted, Sink};
use crate::connector::{Connector, SyncChunk};
use crate::store::{Change, Identity, Instance, Place, Store, StoreError};
use crate::value::json::{self, BinaryForm};
use crate::value::{ClassId, Exception, Unwind, Value, raise, to_s};
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
    pub pace: Pace<'a>,
}

/// How far a run is.
pub enum Progress<'a> {
    /// Remarks of the sink.
    Note(&'a str),
    /// A chunk was committed: its records, and what did not fit.
    Chunk { records: usize, drifted: &'a [Drifted] },
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
        let begun = sink.begin(instance.place.page.as_deref(), instance.version).map_err(Trouble::Sink)?;
        begun.notes.iter().for_each(|note| tell(Progress::Note(note)));
        if let Some(state) = begun.ahead {
            // The chunk reached the sink, and the process died before it was committed here.
            let place = Place { cursor: state, ..instance.place.clone() };
            instance = self.commit(store, instance, place)?;
        }
        if self.full && instance.place.cursor.is_some() {
            let place = Place { cursor: None, ..instance.place.clone() };
            instance = self.commit(store, instance, place)?;
        }
        let mut taken = 0;
        loop {
            let chunk = match self.fetch(connector, &instance) {
                Ok(chunk) => chunk,
                Err(unwind) => return Err(failed(store, &instance, &self.pace, unwind)),
            };
            let more = chunk.chunk.has_more;
            let state = chunk.state.as_deref();
            let stored = sink
                .write(&Chunk { records: &chunk.chunk.records, state, version: instance.version })
                .map_err(Trouble::Sink)?;
            let over = !more && self.incremental == Incremental::None;
            let place = Place {
                cursor: if over { None } else { chunk.state.clone() },
                page: stored.position.or(instance.place.page.clone()),
                last_run: Some((self.pace.now)()),
                failures: 0,
                last_error: None,
                connector_hash: Some(self.connector_hash.clone()),
                ..instance.place.clone()
            };
            instance = self.commit(store, instance, place)?;
            tell(Progress::Chunk { records: chunk.chunk.records.len(), drifted: &stored.drifted });
            taken += 1;
            if !more {
                return Ok(Outcome::Done);
            }
            if store.instance(id)?.paused || (self.pace.stop)() || self.max_chunks.is_some_and(|most| taken >= most) {
                return Ok(Outcome::Halfway);
            }
            store.lease(id, (self.pace.now)())?;
        }
    }

    fn fetch(&self, connector: &mut Connector, instance: &Instance) -> Result<Fetched, Box<Unwind>> {
        connector.restart();
        let name = &self.identity.name;
        let before = instance.place.cursor.as_deref();
        let fetched = connector.enter(|run| {
            let state = before.map_or(Ok(Value::Nil), |text| json::parse(text.as_bytes())).map_err(|error| {
                raise(ClassId::ARGUMENT_ERROR, format!("the sync's state is no JSON: {}", error.message))
            })?;
            let chunk = run.fetch_chunk(name, &self.input, &state)?;
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

/// One answer of `fetch`.
struct Fetched {
    chunk: SyncChunk,
    /// JSON
    state: Option<String>,
}
