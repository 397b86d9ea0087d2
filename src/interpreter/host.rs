//! The evaluator as methods see it.

use super::{Context, Interpreter, error};
use crate::methods::{Args, Host, Platform, RunState, registry};
use crate::text::{Name, Span};
use crate::value::{Kind, Proc, Result, Value};
use std::rc::Rc;

impl Host for Interpreter {
    fn yield_block(&mut self, block: &Rc<Proc>, values: &[Value]) -> Result<Value> {
        self.yield_to(block, values)
    }

    fn call_proc(&mut self, callee: &Rc<Proc>, args: Args) -> Result<Value> {
        self.invoke(callee, args)
    }

    fn send(&mut self, receiver: &Value, name: Name, args: Args) -> Result<Value> {
        // A method that asks the parts of its receiver the same may never come to an end.
        self.enter()?;
        let answer = self.dispatch(receiver, registry().column(name), name, args);
        self.depth -= 1;
        answer
    }

    fn responds_to(&self, receiver: &Value, name: Name) -> bool {
        self.knows(receiver, name)
    }

    fn force(&mut self, value: &Value) -> Result<Value> {
        let mut answer = value.clone();
        if !matches!(answer, Value::Object(_)) {
            return Ok(answer);
        }
        // An answer may be a request again (an `after_response` that returns one).
        for _ in 0..32 {
            if answer.kind() != Kind::Request {
                return Ok(answer);
            }
            let platform = Rc::clone(&self.platform);
            answer = platform.execute(self, &answer)?;
        }
        Err(error::local_jump("a request answered with a request more than 32 times"))
    }

    fn receiver(&self) -> Value {
        self.receiver.clone()
    }

    fn call_with_receiver(&mut self, callee: &Rc<Proc>, receiver: Value, args: Args) -> Result<Value> {
        let outer = std::mem::replace(&mut self.receiver, receiver);
        let result = self.invoke(callee, args);
        self.receiver = outer;
        result
    }

    fn now(&self) -> (i64, u32) {
        self.world.now()
    }

    fn random(&mut self) -> u64 {
        self.world.random()
    }

    fn sleep(&mut self, seconds: f64) -> Result<()> {
        self.world.sleep(seconds);
        self.check_time()
    }

    fn print(&mut self, text: &[u8]) {
        self.world.print(text);
    }

    fn charge(&mut self, bytes: usize) -> Result<()> {
        if bytes < 1 << 16 { Ok(()) } else { self.check_size(bytes) }
    }

    fn check_limits(&mut self) -> Result<()> {
        self.check_time()?;
        self.check_memory(0)
    }

    fn time_left(&self) -> f64 {
        self.limits.limits.seconds - self.world.elapsed()
    }

    fn tick(&mut self) -> Result<()> {
        self.step()
    }

    fn set_last_match(&mut self, found: Value) {
        self.last_match = found;
    }

    fn last_match(&self) -> Value {
        self.last_match.clone()
    }

    fn instance_variable(&self, name: &str) -> Value {
        self.receiver.downcast::<Context>().and_then(|context| context.variable(name)).unwrap_or_default()
    }

    fn set_instance_variable(&mut self, name: &str, value: Value) {
        if let Some(context) = self.receiver.downcast::<Context>() {
            context.set_variable(name, value);
        }
    }

    fn platform(&self) -> Rc<dyn Platform> {
        Rc::clone(&self.platform)
    }

    fn current_error(&self) -> Value {
        self.last_error.clone()
    }

    fn given_block(&self) -> Option<Rc<Proc>> {
        self.frame().and_then(|frame| frame.block.clone())
    }

    fn method_name(&self) -> Option<String> {
        self.frame().and_then(|frame| frame.label).map(|name| name.as_str().to_owned())
    }

    fn place(&self, span: Span) -> String {
        let source = &self.program.source;
        format!("{}:{}", source.name(), source.line_column(span.lo).line)
    }

    fn state(&mut self) -> &mut RunState {
        &mut self.state
    }

    fn span(&self) -> Option<Span> {
        Some(self.span)
    }
}
