//! A place to run engines on: durable state, a clock that is set by hand, an API whose answers the test works out, and
//! a process that dies at a commit of one's choice.

use connrun::connector::{Connector, Environment};
use connrun::http::{Error, FromFn, Headers, Request, Response, Timing, Transport};
use connrun::interpreter::{Limits, World};
use connrun::runtime::{
    Cycle, Embedded, Emitted, Engine, KeptTurns, Outcome, Pace, Task, Trouble, Worked, Workshop, digest,
};
use connrun::store::{
    Attempt, Change, Committed, ErrorKind, Identity, Instance, Job, Kind, Memory, Millis, Notification, Pending,
    Result as Stored, Settlement, Sqlite, Status, Store, StoreError, Wanted,
};
use connrun::text::Source;
use connrun::value::{Hash, Value};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::TempDir;

/// 2024-03-15T12:34:56Z
pub const NOW: Millis = 1_710_506_096_000;
/// Deep enough for anything a test does.
const STACK: usize = 64 << 20;

/// When a process dies: at its commit of that number, before it is written or after.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Crash {
    Before(usize),
    After(usize),
}

/// Status and JSON of an answer to `path?query`.
pub type Answer = dyn FnMut(&str) -> (u16, String) + Send;

#[derive(Clone)]
pub struct Bed {
    state: State,
    crash: Arc<Mutex<Option<Crash>>>,
    clock: Arc<AtomicI64>,
    answer: Arc<Mutex<Box<Answer>>>,
    /// Paths that were asked for.
    pub asked: Arc<Mutex<Vec<String>>>,
    source: Arc<str>,
}

#[derive(Clone)]
enum State {
    Memory(Arc<Mutex<Memory>>),
    Sqlite(Arc<TempDir>),
}

/// Runs a test over every kind of state.
pub fn every(source: &str, test: impl Fn(&Bed) + Send + Copy + 'static) {
    for memory in [true, false] {
        let source: Arc<str> = source.into();
        let run = move || {
            let state =
                if memory { State::Memory(Arc::default()) } else { State::Sqlite(Arc::new(TempDir::new().unwrap())) };
            test(&Bed {
                state,
                crash: Arc::default(),
                clock: Arc::new(AtomicI64::new(NOW)),
                answer: Arc::new(Mutex::new(Box::new(|_| (404, "null".to_owned())))),
                asked: Arc::default(),
                source,
            });
        };
        std::thread::Builder::new().stack_size(STACK).spawn(run).unwrap().join().unwrap();
    }
}

impl Bed {
    pub fn answers(&self, answer: impl FnMut(&str) -> (u16, String) + Send + 'static) {
        *self.answer.lock().unwrap() = Box::new(answer);
    }

    /// The same state with an API of its own.
    pub fn with_answers(&self, answer: impl FnMut(&str) -> (u16, String) + Send + 'static) -> Self {
        Self { answer: Arc::new(Mutex::new(Box::new(answer))), ..self.clone() }
    }

    pub fn now(&self) -> Millis {
        self.clock.load(Ordering::SeqCst)
    }

    /// Moves the clock, also backwards.
    pub fn pass(&self, millis: Millis) {
        self.clock.fetch_add(millis, Ordering::SeqCst);
    }

    /// The next process dies so.
    pub fn crash(&self, crash: Crash) {
        *self.crash.lock().unwrap() = Some(crash);
    }

    /// An engine in a process of its own.
    pub fn engine(&self) -> Embedded<Frail> {
        let store: Box<dyn Store + Send> = match &self.state {
            State::Memory(memory) => Box::new(Shared(Arc::clone(memory))),
            State::Sqlite(folder) => Box::new(Sqlite::open(&folder.path().join("state.db")).unwrap()),
        };
        Embedded::new(Frail { store, crash: Arc::clone(&self.crash), commits: 0, dead: false })
    }

    /// The process of that engine has died; what it held is free.
    pub fn bury(&self, engine: Embedded<Frail>) {
        drop(engine);
        *self.crash.lock().unwrap() = None;
        if let State::Memory(memory) = &self.state {
            memory.lock().unwrap().abandon(self.now());
        }
    }

    pub fn connector(&self) -> Connector {
        let source = Source::new("test.conn", self.source.to_string());
        let parsed = connrun::syntax::parse(&source);
        assert!(parsed.diagnostics.is_empty(), "{:?}", parsed.diagnostics);
        let (program, _) = connrun::program::build(&parsed.file, &source);
        let (answer, asked) = (Arc::clone(&self.answer), Arc::clone(&self.asked));
        let transport: Arc<dyn Transport> = Arc::new(FromFn(move |request: &Request| -> Result<Response, Error> {
            let path = request.url.split_once("://api").map_or(request.url.as_str(), |(_, path)| path).to_owned();
            let body = request.body.as_deref().map(String::from_utf8_lossy).unwrap_or_default();
            asked.lock().unwrap().push(format!("{path}{}{body}", if body.is_empty() { "" } else { " " }));
            let (status, text) = (answer.lock().unwrap())(&path);
            let mut headers = Headers::new();
            headers.append("Content-Type", "application/json");
            let (url, elapsed) = (request.url.clone(), Duration::ZERO);
            let timing = Timing::default();
            Ok(Response { status, headers, body: text.into_bytes(), url, elapsed, timing })
        }));
        let environment = Environment::new(transport, Value::hash(Hash::new()));
        let world = Box::new(Clock(Arc::clone(&self.clock)));
        Connector::load(Arc::new(program), world, Limits::default(), environment).unwrap_or_else(|_| panic!("loads"))
    }

    /// Works with time as the bed has it.
    pub fn paced<T>(&self, work: impl FnOnce(Pace<'_>) -> T) -> T {
        work(Pace {
            now: &|| self.now(),
            chance: &|| 0.0,
            redact: &str::to_owned,
            stop: &|| false,
            next: &|began| began + 60_000,
        })
    }

    /// One poll of a trigger, in a process that may die.
    pub fn poll(&self, engine: &mut dyn Engine, trigger: &str) -> Result<Outcome, Trouble> {
        self.poll_pages(engine, trigger, None).0
    }

    /// The same with what it handed out.
    pub fn poll_pages(
        &self,
        engine: &mut dyn Engine,
        trigger: &str,
        max_pages: Option<usize>,
    ) -> (Result<Outcome, Trouble>, Vec<Emitted>) {
        let mut emitted = Vec::new();
        let outcome = self.paced(|pace| {
            let cycle = Cycle {
                identity: identity(trigger),
                input: Value::hash(Hash::new()),
                connector_hash: digest(&self.source),
                max_pages,
                keep_duplicates: false,
                retention: None,
                status: Status::Queued,
                pace,
            };
            engine.poll(&cycle, &mut self.connector(), &mut |jobs| emitted.extend_from_slice(jobs))
        });
        (outcome, emitted)
    }

    /// One turn of work with that task for every trigger.
    pub fn work(&self, engine: &mut dyn Engine, task: &Task) -> Result<Worked, Trouble> {
        let connector = self.connector();
        let turns = KeptTurns::new(Arc::new(Mutex::new(self.engine().store)), "test.conn", "");
        connector.session().set_turns(Arc::new(turns));
        let mut workshop = Bench { connector, task: task.clone() };
        self.paced(|pace| engine.work_one(&mut workshop, &pace))
    }

    /// All jobs, oldest first.
    pub fn jobs(&self) -> Vec<Job> {
        let mut jobs = Vec::new();
        self.engine().runs(&Wanted::default(), &mut |job| jobs.push(job.clone())).unwrap();
        jobs
    }

    /// The ids that their events bear.
    pub fn ids(&self) -> Vec<i64> {
        let id = |job: &Job| serde_json::from_str::<serde_json::Value>(&job.event).unwrap()["id"].as_i64().unwrap();
        self.jobs().iter().map(id).collect()
    }
}

pub fn identity(trigger: &str) -> Identity {
    Identity {
        connector: "test.conn".to_owned(),
        kind: Kind::Trigger,
        name: trigger.to_owned(),
        connection: String::new(),
        input: "{}".to_owned(),
    }
}

struct Clock(Arc<AtomicI64>);

impl World for Clock {
    fn now(&self) -> (i64, u32) {
        let now = self.0.load(Ordering::SeqCst);
        (now.div_euclid(1000), now.rem_euclid(1000) as u32 * 1_000_000)
    }

    fn random(&mut self) -> u64 {
        4
    }

    fn sleep(&mut self, seconds: f64) {
        panic!("nothing that keeps jobs sleeps, least of all {seconds} seconds");
    }

    fn print(&mut self, _: &[u8]) {}

    fn elapsed(&self) -> f64 {
        0.0
    }
}

struct Bench {
    connector: Connector,
    task: Task,
}

impl Workshop for Bench {
    fn task(&mut self, _: &Identity) -> Option<Task> {
        Some(self.task.clone())
    }

    fn connector(&mut self, task: &Task) -> Result<&mut Connector, String> {
        if task.connector == "test.conn" { Ok(&mut self.connector) } else { Err(format!("no {}", task.connector)) }
    }
}

/// A store whose process dies at a commit, and says nothing but that from then on.
pub struct Frail {
    store: Box<dyn Store + Send>,
    crash: Arc<Mutex<Option<Crash>>>,
    commits: usize,
    dead: bool,
}

impl Frail {
    fn alive(&mut self) -> Stored<&mut dyn Store> {
        if self.dead { Err(StoreError::new(ErrorKind::Other, "died")) } else { Ok(self.store.as_mut()) }
    }

    /// A step that writes.
    fn write<T>(&mut self, write: impl FnOnce(&mut dyn Store) -> Stored<T>) -> Stored<T> {
        let (crash, number) = (*self.crash.lock().unwrap(), self.commits);
        self.commits += 1;
        self.dead |= crash == Some(Crash::Before(number));
        let written = write(self.alive()?);
        self.dead |= crash == Some(Crash::After(number));
        self.alive()?;
        written
    }
}

/// Passes questions on to what the pattern before them gives.
macro_rules! pass_on {
    ($self:ident => $store:expr; $(fn $name:ident($($arg:ident: $type:ty),*) -> $result:ty;)*) => {
        $(fn $name(&mut $self, $($arg: $type),*) -> Stored<$result> { $store.$name($($arg),*) })*
    };
}

/// Everything but what writes a step.
macro_rules! questions {
    ($self:ident => $store:expr) => {
        pass_on! { $self => $store;
            fn open(identity: &Identity) -> Instance;
            fn instance(id: i64) -> Instance;
            fn instances() -> Vec<Instance>;
            fn seen(instance: i64, keys: &[&str]) -> Vec<bool>;
            fn seen_count(instance: i64) -> u64;
            fn seen_keys(instance: i64, each: &mut dyn FnMut(&str, Millis)) -> ();
            fn forget_before(instance: i64, time: Millis) -> u64;
            fn pending(instance: i64) -> Vec<Pending>;
            fn receive(instance: i64, at: Millis, head: &str, body: &[u8]) -> i64;
            fn received(instance: i64, now: Millis) -> Vec<Notification>;
            fn next_received(instance: i64) -> Option<Millis>;
            fn put_off(notification: i64, due: Option<Millis>, error: &str) -> ();
            fn given_up() -> Vec<(i64, Notification)>;
            fn revive(now: Millis) -> u64;
            fn pause(instance: i64, paused: bool) -> ();
            fn jobs(wanted: &Wanted, each: &mut dyn FnMut(&Job)) -> ();
            fn job(id: &str) -> Option<Job>;
            fn job_of_key(instance: i64, key: &str) -> Option<Job>;
            fn claim(now: Millis) -> Option<Job>;
            fn next_due() -> Option<Millis>;
            fn answer(id: &str, answer: &connrun::store::Answer, now: Millis) -> bool;
            fn cancel(running: &Job) -> bool;
            fn secret() -> String;
            fn take_turn(connection: &str, now: i64, apart: i64) -> i64;
            fn attempts(id: &str) -> Vec<Attempt>;
            fn lease(instance: i64, now: Millis) -> bool;
            fn release(instance: i64) -> ();
            fn remove(instance: i64) -> ();
        }
    };
}

impl Store for Frail {
    questions! { self => self.alive()? }

    fn commit(&mut self, instance: &Instance, change: &Change) -> Stored<Committed> {
        self.write(|store| store.commit(instance, change))
    }

    fn settle(&mut self, before: &Job, after: &Job, with: &Settlement) -> Stored<bool> {
        self.write(|store| store.settle(before, after, with))
    }
}

/// One memory that several processes use.
struct Shared(Arc<Mutex<Memory>>);

impl Store for Shared {
    questions! { self => self.0.lock().unwrap() }

    fn commit(&mut self, instance: &Instance, change: &Change) -> Stored<Committed> {
        self.0.lock().unwrap().commit(instance, change)
    }

    fn settle(&mut self, before: &Job, after: &Job, with: &Settlement) -> Stored<bool> {
        self.0.lock().unwrap().settle(before, after, with)
    }
}
