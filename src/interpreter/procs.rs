//! Procs that are not written in the program: `&:name`, and those that methods build from a native function.

use super::{Interpreter, error};
use crate::methods::{Args, NativeCode, registry};
use crate::text::Name;
use crate::value::{Arity, Code, FrameId, Proc, Result, Value, raise};
use std::any::Any;
use std::rc::Rc;
use std::sync::Arc;

/// `:name.to_proc`: calls the method on its first argument.
pub struct SymbolCode(Name);

impl Code for SymbolCode {
    fn arity(&self) -> Arity {
        Arity { required: 1, optional: 0, rest: true, needs_keywords: false }
    }

    fn parameters(&self) -> Vec<(&'static str, Option<Name>)> {
        vec![("req", None), ("rest", None)]
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

pub(super) fn symbol_proc(name: Name) -> Rc<Proc> {
    Rc::new(Proc {
        code: Arc::new(SymbolCode(name)),
        captured: Box::default(),
        bound: Box::default(),
        receiver: Value::Nil,
        is_lambda: true,
        home: FrameId::default(),
        given_to: FrameId::default(),
    })
}

pub(super) fn call(interpreter: &mut Interpreter, callee: &Rc<Proc>, mut args: Args) -> Result<Value> {
    let code = callee.code.as_any();
    if let Some(SymbolCode(name)) = code.downcast_ref() {
        if args.is_empty() {
            return Err(raise(crate::value::ClassId::ARGUMENT_ERROR, "no receiver given"));
        }
        let receiver = args.values.remove(0);
        return interpreter.dispatch(&receiver, registry().column(*name), *name, args);
    }
    if let Some(native) = code.downcast_ref::<NativeCode>() {
        return (native.call)(interpreter, &callee.bound, args);
    }
    Err(error::local_jump("this proc cannot be called"))
}
