//! Procs that methods build from a native function: `f >> g`, `method(:x)`, `proc.curry`, `hash.to_proc`, `:sym.to_proc`.

use super::{Args, Host};
use crate::text::Name;
use crate::value::{Arity, ClassId, Code, FrameId, Object, Proc, Result, Value, raise};
use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::{Arc, LazyLock};

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

type Call = Box<dyn FnMut(&mut dyn Host, Args) -> Result<Value>>;

/// A Rust closure as a value that a proc can carry.
struct Closure(RefCell<Call>);

impl Object for Closure {
    fn class(&self) -> ClassId {
        ClassId::OBJECT
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

static CLOSURE: LazyLock<Arc<dyn Code>> = LazyLock::new(|| {
    let arity = Arity { required: 0, optional: 0, rest: true, needs_keywords: false };
    Arc::new(NativeCode { arity, call: call_closure })
});

/// A block that runs a Rust closure with the values it is given.
pub fn closure(call: impl FnMut(&mut dyn Host, Args) -> Result<Value> + 'static) -> Rc<Proc> {
    Rc::new(Proc {
        code: Arc::clone(&CLOSURE),
        captured: Box::default(),
        bound: Box::new([Value::object(Closure(RefCell::new(Box::new(call))))]),
        receiver: Value::Nil,
        is_lambda: false,
        home: FrameId::default(),
        given_to: FrameId::default(),
    })
}

fn call_closure(host: &mut dyn Host, bound: &[Value], args: Args) -> Result<Value> {
    let Some(closure) = bound.first().and_then(Value::downcast::<Closure>) else { return Ok(Value::Nil) };
    match closure.0.try_borrow_mut() {
        Ok(mut call) => call(host, args),
        Err(_) => Err(raise(ClassId::FIBER_ERROR, "attempt to resume the current fiber")),
    }
}
