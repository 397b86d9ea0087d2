//! What a method may ask of the evaluator, and the evaluator of the connector.

use super::Args;
use crate::text::Name;
use crate::value::{Proc, Result, Value};
use std::rc::Rc;

/// The evaluator as methods see it.
pub trait Host {
    /// Runs a block with these values, spread over its parameters as `yield` does. One array for several parameters is
    /// taken apart.
    fn yield_block(&mut self, block: &Rc<Proc>, values: &[Value]) -> Result<Value>;

    /// Calls a proc, lambda or method object with the arguments counted as `.call` does.
    fn call_proc(&mut self, callee: &Rc<Proc>, args: Args) -> Result<Value>;

    /// Calls a method by name, with everything dispatch does.
    fn send(&mut self, receiver: &Value, name: Name, args: Args) -> Result<Value>;

    /// Does the value answer to that method?
    fn responds_to(&self, receiver: &Value, name: Name) -> bool;

    /// The answer of a lazy request (executing it at first use); any other value is itself.
    fn force(&mut self, value: &Value) -> Result<Value>;

    /// `self` of the running lambda.
    fn receiver(&self) -> Value;

    /// Runs a block or lambda with another `self` (a request, for `apply`).
    fn call_with_receiver(&mut self, callee: &Rc<Proc>, receiver: Value, args: Args) -> Result<Value>;

    /// Seconds since the epoch, floored, and nanoseconds.
    fn now(&self) -> (i64, u32);

    /// A random number; repeatable with a seed.
    fn random(&mut self) -> u64;

    /// Waits (or not, when the clock is frozen).
    fn sleep(&mut self, seconds: f64) -> Result<()>;

    /// `puts`: text for the person who runs the connector.
    fn print(&mut self, text: &[u8]);

    /// Asks for that many bytes before building something large; the limit error if they are not to be had.
    fn charge(&mut self, bytes: usize) -> Result<()>;

    /// The limit error when the run has had its time or memory.
    fn check_limits(&mut self) -> Result<()>;

    /// Seconds until the run has had its time.
    fn time_left(&self) -> f64;

    /// One step of a loop inside a method; the limit error when the run has had its steps or time.
    fn tick(&mut self) -> Result<()>;

    /// Sets `$~`.
    fn set_last_match(&mut self, found: Value);

    fn last_match(&self) -> Value;

    /// An instance variable of the running context.
    fn instance_variable(&self, name: &str) -> Value;

    fn set_instance_variable(&mut self, name: &str, value: Value);

    /// `$!`: the exception being handled.
    fn current_error(&self) -> Value;

    /// The block that the running lambda or method was given.
    fn given_block(&self) -> Option<Rc<Proc>>;

    /// The name of the `def` or `methods` entry being run.
    fn method_name(&self) -> Option<String>;

    /// A place of the program as a backtrace writes it: `connector.conn:12`.
    fn place(&self, span: crate::text::Span) -> String;

    /// What methods keep between calls of one run.
    fn state(&mut self) -> &mut RunState;

    /// Where the running method was called.
    fn span(&self) -> Option<crate::text::Span>;

    /// The connector behind the running lambda.
    fn platform(&self) -> Rc<dyn Platform>;
}

/// What methods keep between calls of one run.
#[derive(Default)]
pub struct RunState {
    /// Tags that a running `catch` waits for.
    pub catching: Vec<Value>,
    /// What `srand` set: the seed and the generator that `rand` draws from.
    pub generator: Option<(num_bigint::BigInt, super::kernel::Mersenne)>,
    /// `Time.zone`, where it is not Pacific.
    pub time_zone: Option<crate::value::Zone>,
    /// `Date.beginning_of_week`, where it is not Monday; Sunday is 0.
    pub week_start: Option<u32>,
}

/// What the connector gives to the functions of the SDK: requests that execute, methods to call, tables to look up.
/// The evaluator hands it through without knowing it.
pub trait Platform {
    /// Sends a lazy request and answers with what its author sees. Remembering the answer is the caller's business.
    fn execute(&self, host: &mut dyn Host, request: &Value) -> Result<Value>;

    /// A bare call that no table knows, or that the connector serves itself (`call`, `error`, `lookup`, …); `None` if it
    /// knows no such function.
    fn call(&self, host: &mut dyn Host, name: Name, args: &Args) -> Option<Result<Value>>;

    fn as_any(&self) -> &dyn std::any::Any;
}

/// Runs a reader that asks now and then whether to go on; the limit error if it was stopped.
pub fn watched<T>(host: &mut dyn Host, read: impl FnOnce(&mut dyn FnMut() -> bool) -> T) -> Result<T> {
    let mut stopped = None;
    let result = read(&mut || match host.check_limits() {
        Ok(()) => true,
        Err(unwind) => {
            stopped = Some(unwind);
            false
        }
    });
    stopped.map_or(Ok(result), Err)
}
