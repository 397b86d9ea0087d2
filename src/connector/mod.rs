//! What the file means: connection and authorization, requests, schemas, actions, triggers, webhooks, pick lists, object
//! definitions, streams.
//!
//! `Connector` is the door: it loads a program, runs any part of it by its dotted path, and says what is in it.
//! Inside, `Session` is the connector with its settings, `Run` the session together with the evaluator.

mod action;
mod authorization;
mod aws;
mod definitions;
mod describe;
mod environment;
pub mod failure;
pub mod flow;
mod function;
mod inputs;
mod json_schema;
mod operation;
mod pace;
mod params;
mod path;
mod pick_list;
mod request;
mod run;
mod schema;
mod session;
mod stream;
mod summarize;
mod sync;
mod trigger;
mod validate;
mod webhook;

pub use action::{is_cancellation, too_often};
pub use authorization::acquired_settings;
pub use environment::{AmazonRole, Environment, Habits};
pub use inputs::{FRAME_SIZE, Inputs};
pub use operation::Operation;
pub use pace::{Pace, Turns};
pub use path::USAGE;
pub use run::Run;
pub use schema::{Direction, Schema};
pub use session::{Session, SettingsUpdate};
pub use sync::SyncChunk;
pub use trigger::{PollArgs, PollPage, Polling, declared_polling};
pub use webhook::Notification;

use crate::interpreter::{Interpreter, Limits, World};
use crate::program::Program;
use crate::value::{Cell, ClassId, Exception, Result, Unwind, Value};
use std::rc::Rc;
use std::sync::Arc;

/// A loaded connector, ready to run any of its parts.
pub struct Connector {
    interpreter: Interpreter,
    session: Rc<Session>,
}

impl Connector {
    /// Runs the file; its last value has to be a hash.
    pub fn load(
        program: Arc<Program>,
        world: Box<dyn World>,
        limits: Limits,
        environment: Environment,
    ) -> Result<Self> {
        let mut interpreter = Interpreter::new(program, world, limits);
        let source = interpreter.load()?;
        if !matches!(source, Value::Hash(_)) {
            let message = format!("connector must be a hash, got {}", source.class().name());
            let exception = Exception::new(ClassId::TYPE_ERROR, message);
            let exception = exception.with_help("the last expression of the file has to be `{ title: … }`");
            return Err(run::raised(exception.with_attribute(path::USAGE, Value::str("connector"))));
        }
        let session = Rc::new(Session::new(&source, environment));
        interpreter.set_platform(Rc::clone(&session) as Rc<dyn crate::methods::Platform>);
        Ok(Self { interpreter, session })
    }

    /// Runs the part at a dotted path: `actions.x`, `triggers.y.poll_page`, `methods.m`, `test` …
    ///
    /// An action that suspends itself comes back as `Unwind::Suspend` with the token to resume it by.
    pub fn run(&mut self, path: &str, inputs: &Inputs) -> Result<Value> {
        let result = self.enter(|run| run.at_path(path, inputs));
        result.map_err(|unwind| self.interpreter.finish(unwind))
    }

    /// Reads a whole stream; `take` gets its chunks as they come, so that no more than one is in memory.
    pub fn stream(&mut self, name: &str, inputs: &Inputs, take: &mut dyn FnMut(&Value) -> Result<()>) -> Result<()> {
        let result = self.enter(|run| run.read_stream(name, inputs, &mut |_, data| take(&data)));
        result.map_err(|unwind| self.interpreter.finish(unwind))
    }

    /// Runs a lambda of the file as an action's `execute` is run; what it returns comes as it is.
    pub fn call(&mut self, lambda: &Value, args: &[Value]) -> Result<Value> {
        let result =
            self.enter(|run| run.with_streams(true, |run| run.invoke(lambda, &run::context(ClassId::CONTEXT), args)));
        result.map_err(|unwind| self.interpreter.finish(unwind))
    }

    /// Runs a line of a console as the body of an action's `execute`, `context` being self. `variables` are what the
    /// lines share. Requests in the result are sent.
    pub fn line(&mut self, program: Arc<Program>, variables: &mut Vec<Cell>, context: &Value) -> Result<Value> {
        let code = Value::Proc(self.interpreter.continue_with(program, variables));
        let result = self.enter(|run| {
            run.with_streams(true, |run| {
                let value = run.invoke(&code, context, &[])?;
                run.resolve(&value)
            })
        });
        result.map_err(|unwind| self.interpreter.finish(unwind))
    }

    /// The self of an action's lambdas.
    pub fn context() -> Value {
        run::context(ClassId::CONTEXT)
    }

    /// The program that was loaded.
    pub fn program(&self) -> &Arc<Program> {
        self.interpreter.program()
    }

    /// What is in the connector, without running what needs settings or the network.
    pub fn describe(&mut self) -> Value {
        self.enter(|run| run.describe())
    }

    /// Works with the connector's parts directly, as schedulers and servers do.
    pub fn enter<T>(&mut self, work: impl FnOnce(&mut Run<'_>) -> T) -> T {
        let session = Rc::clone(&self.session);
        work(&mut Run::new(&session, &mut self.interpreter))
    }

    /// Counts the steps and the time of what comes next from zero: a new run of the same connector.
    pub fn restart(&mut self) {
        self.interpreter.restart();
    }

    /// An error that leaves the connector for good, with its place and the calls that led to it.
    pub fn finish(&mut self, unwind: Box<Unwind>) -> Box<Unwind> {
        self.interpreter.finish(unwind)
    }

    pub fn session(&self) -> &Session {
        &self.session
    }
}
