//! Procs that methods build from a native function: `f >> g`, `method(:x)`, `proc.curry`, `hash.to_proc`, `:sym.to_proc`.

use super::{Args, Host};
use crate::text::Name;
use crate::value::{Arity, Code, FrameId, Proc, Result, Value};
use std::any::Any;
use std::rc::Rc;
use std::sync::Arc;

/// A native function with the values that it carries.
pub struct NativeCode {
    pub arity: Arity,
    /// Gets the values the proc carries, and the arguments of the call.
    pub call: fn(&mut dyn Host, &[Value], Args) -> Result<Value>,
}

impl Code for NativeCode {
    fn arity(&self) -> Arity {
        self.arity
    }

    fn parameters(&self) -> Vec<(&'static str, Option<Name>)> {
        let required = std::iter::repeat_n(("req", None), usize::from(self.arity.required));
        required.chain(self.arity.rest.then_some(("rest", None))).collect()
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// A lambda of a native function; `bound` are the values it carries.
pub fn native_proc(arity: Arity, bound: Vec<Value>, call: fn(&mut dyn Host, &[Value], Args) -> Result<Value>) -> Value {
    Value::Proc(Rc::new(Proc {
        code: Arc::new(NativeCode { arity, call }),
        captured: Box::default(),
        bound: bound.into(),
        receiver: Value::Nil,
        is_lambda: true,
        home: FrameId::default(),
        given_to: FrameId::default(),
    }))
}
