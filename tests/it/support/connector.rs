//! Runs parts of a connector in this process, over real sockets, with a frozen clock.

#![allow(dead_code)] // Each topic uses a part of it.

use connrun::connector::{Connector, Environment, Habits, Inputs, SettingsUpdate};
use connrun::http::{Transport, digest::Digest, live, redirect::Redirects};
use connrun::interpreter::{Limits, World};
use connrun::text::Source;
use connrun::value::json::{self, BinaryForm};
use connrun::value::{TraceEntry, Unwind, Value};
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

/// 2024-03-15T12:34:56Z
const NOW: i64 = 1_710_506_096;
/// Deep enough for anything a test does.
const STACK: usize = 256 << 20;

/// A connector to run, and how.
#[derive(Clone)]
pub struct Case {
    pub source: String,
    pub settings: String,
    pub habits: Habits,
    pub account_properties: Vec<(String, String)>,
    pub lookup_tables: Option<String>,
}

/// What a run came to, as text.
pub struct Ran {
    pub result: Result<String, Failure>,
    pub printed: String,
    pub sleeps: Vec<f64>,
    pub notes: Vec<String>,
    /// Reason and settings of each update.
    pub updates: Vec<(String, String)>,
}

/// An error as a report would show it.
#[derive(Debug)]
pub struct Failure {
    pub class: String,
    pub message: String,
    pub help: Option<String>,
    /// The text of the place in the file.
    pub place: String,
    pub trace: Vec<String>,
}

struct FrozenWorld {
    printed: Rc<RefCell<Vec<u8>>>,
    sleeps: Rc<RefCell<Vec<f64>>>,
    seed: u64,
    started: Instant,
}

impl World for FrozenWorld {
    fn now(&self) -> (i64, u32) {
        (NOW, 0)
    }

    fn random(&mut self) -> u64 {
        self.seed = self.seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        self.seed ^ (self.seed >> 31)
    }

    fn sleep(&mut self, seconds: f64) {
        self.sleeps.borrow_mut().push(seconds);
    }

    fn print(&mut self, text: &[u8]) {
        self.printed.borrow_mut().extend_from_slice(text);
    }

    fn elapsed(&self) -> f64 {
        self.started.elapsed().as_secs_f64()
    }
}

impl Case {
    pub fn new(source: &str) -> Self {
        Self {
            source: source.to_owned(),
            settings: "{}".to_owned(),
            habits: Habits { sequential: true, ..Habits::default() },
            account_properties: Vec::new(),
            lookup_tables: None,
        }
    }

    pub fn settings(mut self, json: &str) -> Self {
        json.clone_into(&mut self.settings);
        self
    }

    pub fn habits(mut self, change: impl FnOnce(&mut Habits)) -> Self {
        change(&mut self.habits);
        self
    }

    /// Runs the part at `path` with the input.
    pub fn run(&self, path: &str, input: &str) -> Ran {
        let input = input.to_owned();
        self.run_with(path, move |inputs| inputs.input = parse(&input))
    }

    /// Runs the part at `path`; values are made on the thread that runs.
    pub fn run_with(&self, path: &str, fill: impl FnOnce(&mut Inputs) + Send + 'static) -> Ran {
        let (case, path) = (self.clone(), path.to_owned());
        let thread = std::thread::Builder::new().stack_size(STACK);
        thread.spawn(move || case.run_here(&path, fill)).unwrap().join().unwrap()
    }

    fn run_here(&self, path: &str, fill: impl FnOnce(&mut Inputs)) -> Ran {
        let source = Source::new("test.conn", self.source.clone());
        let parsed = connrun::syntax::parse(&source);
        assert!(parsed.diagnostics.is_empty(), "{:?}", parsed.diagnostics);
        let (program, _) = connrun::program::build(&parsed.file, &source);
        let (printed, sleeps) = (Rc::default(), Rc::default());
        let world =
            FrozenWorld { printed: Rc::clone(&printed), sleeps: Rc::clone(&sleeps), seed: 1, started: Instant::now() };
        let live = live::Live::new(live::Settings::default()).unwrap();
        let transport: Arc<dyn Transport> = Arc::new(Redirects(Digest(live)));
        let environment = Environment {
            account_properties: self.account_properties.clone(),
            lookup_tables: self.lookup_tables.as_deref().map(|text| connrun::value::indifferent(&parse(text))),
            recipe_id: "f".repeat(64),
            habits: self.habits.clone(),
            ..Environment::new(transport, parse(&self.settings))
        };
        let mut inputs = Inputs::default();
        fill(&mut inputs);
        let loaded = Connector::load(Arc::new(program), Box::new(world), Limits::default(), environment);
        let (result, notes, updates) = match loaded {
            Ok(mut connector) => {
                let result = connector.run(path, &inputs).and_then(|value| json::pretty(&value, BinaryForm::Hex));
                (result, connector.session().notes(), connector.session().settings_updates())
            }
            Err(unwind) => (Err(unwind), Vec::new(), Vec::new()),
        };
        let sleeps = sleeps.borrow().clone();
        let printed = String::from_utf8_lossy(&printed.borrow()).into_owned();
        Ran {
            result: result.map_err(|unwind| Failure::of(&unwind, &source)),
            printed,
            sleeps,
            notes,
            updates: updates.iter().map(update_text).collect(),
        }
    }
}

fn update_text(update: &SettingsUpdate) -> (String, String) {
    (update.message.clone(), json::generate(&update.settings).unwrap_or_default())
}

/// JSON of a test as a value.
pub fn parse(text: &str) -> Value {
    json::parse(text.as_bytes()).unwrap_or_else(|error| panic!("{error}: {text}"))
}

impl Failure {
    fn of(unwind: &Unwind, source: &Source) -> Self {
        match unwind {
            Unwind::Raise(exception) => Self {
                class: exception.class.name().to_owned(),
                message: exception.message(),
                help: exception.help.borrow().clone(),
                place: exception.span().map(|span| source.slice(span).to_owned()).unwrap_or_default(),
                trace: exception.trace.borrow().iter().map(|TraceEntry { what, .. }| what.clone()).collect(),
            },
            Unwind::Suspend(step) => Self::plain("suspended", json::generate(step).unwrap_or_default()),
            Unwind::Limit { message, .. } => Self::plain("limit", message.clone()),
            _ => Self::plain("jump", String::new()),
        }
    }

    fn plain(class: &str, message: String) -> Self {
        Self { class: class.to_owned(), message, help: None, place: String::new(), trace: Vec::new() }
    }
}

impl std::fmt::Display for Ran {
    /// Everything, for a snapshot.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.result {
            Ok(value) => write!(f, "{value}")?,
            Err(failure) => {
                write!(f, "{}: {}", failure.class, failure.message)?;
                if !failure.place.is_empty() {
                    write!(f, "\nat: {}", failure.place)?;
                }
                if let Some(help) = &failure.help {
                    write!(f, "\nhelp: {help}")?;
                }
            }
        }
        for (message, settings) in &self.updates {
            write!(f, "\nupdate: {message} {settings}")?;
        }
        for note in &self.notes {
            write!(f, "\nnote: {note}")?;
        }
        if !self.printed.is_empty() {
            write!(f, "\nprinted: {}", self.printed)?;
        }
        if !self.sleeps.is_empty() {
            write!(f, "\nslept: {:?}", self.sleeps)?;
        }
        Ok(())
    }
}
