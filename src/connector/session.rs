//! One connector with its settings, for as long as a run lasts: what the evaluator knows as the platform.

use super::run::at;
use super::{Environment, Run, Turns};
use crate::http::Timeouts;
use crate::methods::request::Access;
use crate::methods::{Args, Host, Platform};
use crate::text::Name;
use crate::value::{Hash, Result, Value, deep_copy, indifferent_hash};
use std::any::Any;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

/// The connector's hash, its settings as they are now, and what has been noted on the way.
pub struct Session {
    source: Rc<Hash>,
    /// What every request asks for; the file does not change while it runs.
    pub connection: Connection,
    settings: RefCell<Rc<Hash>>,
    scope: Cell<Scope>,
    /// When the running step of an action began.
    step_began: Cell<(i64, u32)>,
    /// Seconds that the running action gives each request; none at all for 0.
    timeout: Cell<f64>,
    /// The job that is being run.
    job: RefCell<Option<String>>,
    turns: RefCell<Arc<dyn Turns>>,
    updates: RefCell<Vec<SettingsUpdate>>,
    notes: RefCell<Vec<String>>,
    pub environment: Environment,
}

/// The file's `connection`, and what stands in it, as declared.
pub struct Connection {
    pub whole: Value,
    pub authorization: Value,
    pub base_uri: Value,
}

/// What lambdas may do where they stand.
#[derive(Clone, Copy, Debug)]
pub struct Scope {
    pub access: Access,
    /// `workato.stream` is there.
    pub streams: bool,
}

/// The settings changed: a token was refreshed.
#[derive(Clone)]
pub struct SettingsUpdate {
    /// Why, in one line.
    pub message: String,
    /// All settings, the new ones among them.
    pub settings: Value,
}

impl Session {
    /// `source` is the connector's hash as the file gave it.
    pub fn new(source: &Value, environment: Environment) -> Self {
        let source = indifferent_hash(source);
        let whole = source.get_either("connection").unwrap_or_default();
        let connection =
            Connection { authorization: at(&whole, "authorization"), base_uri: at(&whole, "base_uri"), whole };
        Self {
            source,
            connection,
            settings: RefCell::new(indifferent_hash(&environment.settings)),
            scope: Cell::new(Scope { access: Access::Full, streams: false }),
            step_began: Cell::default(),
            timeout: Cell::default(),
            job: RefCell::default(),
            turns: RefCell::new(Arc::clone(&environment.turns)),
            updates: RefCell::default(),
            notes: RefCell::default(),
            environment,
        }
    }

    /// What stands at a path of keys; nil where there is nothing.
    pub fn part(&self, path: &[&str]) -> Value {
        let mut value = Value::Hash(Rc::clone(&self.source));
        for key in path {
            value = match &value {
                Value::Hash(hash) => hash.get_either(key).unwrap_or_default(),
                _ => return Value::Nil,
            };
        }
        value
    }

    /// The hash at a path of keys; empty where there is none.
    pub fn table(&self, path: &[&str]) -> Rc<Hash> {
        match self.part(path) {
            Value::Hash(hash) => hash,
            _ => Rc::new(Hash::indifferent()),
        }
    }

    /// A copy of the settings, which its receiver may change.
    pub fn settings(&self) -> Value {
        deep_copy(&Value::Hash(Rc::clone(&self.settings.borrow())))
    }

    /// One setting.
    pub fn setting(&self, name: &str) -> Value {
        self.settings.borrow().get_str(name).unwrap_or_default()
    }

    /// Takes new settings over the old ones.
    pub fn merge_settings(&self, new: &Hash) {
        let merged = self.settings.borrow().copy();
        for (key, value) in new.to_vec() {
            merged.insert(key, crate::value::indifferent(&value));
        }
        *self.settings.borrow_mut() = Rc::new(merged);
    }

    /// The same, and notes that whoever keeps the settings may want to keep the new ones.
    pub fn update_settings(&self, message: String, new: &Hash) {
        let before = self.settings();
        self.merge_settings(new);
        let settings = self.settings();
        if !crate::value::equal(&before, &settings) {
            self.updates.borrow_mut().push(SettingsUpdate { message, settings });
        }
    }

    /// What was refreshed so far.
    pub fn settings_updates(&self) -> Vec<SettingsUpdate> {
        self.updates.borrow().clone()
    }

    /// A remark for the person who runs the connector; said once.
    pub fn note(&self, remark: impl Into<String>) {
        let remark = remark.into();
        let mut notes = self.notes.borrow_mut();
        if !notes.contains(&remark) {
            notes.push(remark);
        }
    }

    pub fn notes(&self) -> Vec<String> {
        self.notes.borrow().clone()
    }

    /// What comes next is done for that job; its id is the same over all steps and attempts.
    pub fn set_job(&self, id: Option<String>) {
        *self.job.borrow_mut() = id;
    }

    /// The job that is being run.
    pub fn job(&self) -> Option<String> {
        self.job.borrow().clone().or_else(|| self.environment.job_id.clone())
    }

    /// Requests leave in these turns from now on.
    pub fn set_turns(&self, turns: Arc<dyn Turns>) {
        *self.turns.borrow_mut() = turns;
    }

    /// Who says when requests may leave.
    pub(super) fn turns(&self) -> Arc<dyn Turns> {
        Arc::clone(&self.turns.borrow())
    }

    pub fn scope(&self) -> Scope {
        self.scope.get()
    }

    pub(super) fn set_scope(&self, scope: Scope) -> Scope {
        self.scope.replace(scope)
    }

    /// A step of an action begins.
    pub(super) fn begin_step(&self, host: &dyn Host, timeout: f64) {
        self.step_began.set(host.now());
        self.timeout.set(timeout);
    }

    /// How long requests may take: as the action says, else as the surroundings do.
    pub(super) fn timeouts(&self) -> Timeouts {
        let timeouts = self.environment.timeouts;
        let own = Duration::try_from_secs_f64(self.timeout.get()).ok().filter(|own| !own.is_zero());
        own.map_or(timeouts, |own| Timeouts {
            total: Some(timeouts.total.map_or(own, |total| total.min(own))),
            ..timeouts
        })
    }

    /// How long the running step has taken.
    pub(super) fn step_seconds(&self, host: &dyn Host) -> f64 {
        let ((then, then_nanos), (now, now_nanos)) = (self.step_began.get(), host.now());
        (now - then) as f64 + (f64::from(now_nanos) - f64::from(then_nanos)) / 1e9
    }
}

impl Platform for Session {
    fn execute(&self, host: &mut dyn Host, request: &Value) -> Result<Value> {
        Run::new(self, host).answer(request)
    }

    fn call(&self, host: &mut dyn Host, name: Name, args: &Args) -> Option<Result<Value>> {
        Run::new(self, host).function(name.as_str(), args)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
