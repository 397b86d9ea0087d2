//! Errors that the evaluator itself raises, in Ruby's words, and the way an error gathers its place and trace.

use super::Interpreter;
use crate::methods::{Method, describe_signature};
use crate::text::{Name, Span};
use crate::value::{ClassId, Exception, TraceEntry, Unwind, Value, inspect, raise};
use std::rc::Rc;

/// Traces keep this many calls; a runaway recursion needs no more.
const TRACE: usize = 30;

#[cold]
pub(super) fn local_jump(message: &str) -> Box<Unwind> {
    raise(ClassId::LOCAL_JUMP_ERROR, message)
}

#[cold]
pub(super) fn uncaught_throw(tag: &Value, value: Value) -> Box<Unwind> {
    let exception = Exception::new(ClassId::UNCAUGHT_THROW_ERROR, format!("uncaught throw {}", inspect(tag).to_text()))
        .with_attribute("tag", tag.clone())
        .with_attribute("value", value);
    Box::new(Unwind::Raise(Rc::new(exception)))
}

/// ``undefined method `x' for nil:NilClass``.
#[cold]
pub(super) fn no_method(receiver: &Value, name: Name) -> Box<Unwind> {
    let message = format!("undefined method `{name}' for {}", receiver_text(receiver));
    let exception = Exception::new(ClassId::NO_METHOD_ERROR, message)
        .with_attribute("name", Value::symbol(name.as_str()))
        .with_attribute("receiver", receiver.clone());
    let exception = match no_method_help(receiver, name) {
        Some(help) => exception.with_help(help),
        None => exception,
    };
    Box::new(Unwind::Raise(Rc::new(exception)))
}

/// What the answer of a request does not have may have been meant for the request.
#[cold]
pub(super) fn no_method_of_answer(unwind: Box<Unwind>, name: Name) -> Box<Unwind> {
    if let Unwind::Raise(exception) = &*unwind
        && exception.class == ClassId::NO_METHOD_ERROR
        && matches!(exception.attribute("name"), Some(Value::Symbol(missing)) if missing.text() == name.as_str())
    {
        let names = crate::methods::registry().names_of(crate::value::Kind::Request);
        if let Some(near) = crate::text::nearest(name.as_str(), names.iter().copied()) {
            *exception.help.borrow_mut() =
                Some(format!("did you mean `{near}`? Requests have no `{name}`, so it was asked of the answer"));
        }
    }
    unwind
}

fn no_method_help(receiver: &Value, name: Name) -> Option<String> {
    if receiver.is_nil() {
        return Some(format!(
            "the value before `.{name}` is nil here: use `&.{name}`, or give a default with `|| …` or `.presence`"
        ));
    }
    let names = crate::methods::registry().names_of(receiver.kind());
    crate::text::nearest(name.as_str(), names.iter().copied()).map(|near| format!("did you mean `{near}`?"))
}

/// ``undefined local variable or method `x' for …``.
#[cold]
pub(super) fn undefined_name(receiver: &Value, name: Name, bare: bool) -> Box<Unwind> {
    let (class, what) = if bare {
        (ClassId::NAME_ERROR, "undefined local variable or method")
    } else {
        (ClassId::NO_METHOD_ERROR, "undefined method")
    };
    let message = format!("{what} `{name}' for {}", receiver_text(receiver));
    let mut exception = Exception::new(class, message)
        .with_attribute("name", Value::symbol(name.as_str()))
        .with_attribute("receiver", receiver.clone());
    let names = crate::methods::registry().names_of(receiver.kind());
    if let Some(near) = crate::text::nearest(name.as_str(), names.iter().copied()) {
        exception = exception.with_help(format!("did you mean `{near}`?"));
    }
    Box::new(Unwind::Raise(Rc::new(exception)))
}

/// `nil:NilClass`, `"abc":String`, `#<Hash:0x…>` where the value is long.
fn receiver_text(receiver: &Value) -> String {
    let class = receiver.class().public_name();
    match receiver {
        Value::Class(id) => {
            let what = if id.info().is_module { "Module" } else { "Class" };
            return format!("{}:{what}", id.name());
        }
        Value::Object(_) => return format!("#<{class}:{:#018x}>", 0),
        _ => {}
    }
    // A time with a zone goes by the name of Time.
    let class = if receiver.class() == ClassId::TIME_WITH_ZONE { "Time" } else { class };
    let text = inspect(receiver).to_text();
    if text.starts_with('#') {
        return text;
    }
    if text.len() > 65 { format!("#<{class}:{:#018x}>", 0) } else { format!("{text}:{class}") }
}

#[cold]
pub(super) fn wrong_arguments(given: usize, method: &Method) -> Box<Unwind> {
    raise(
        ClassId::ARGUMENT_ERROR,
        format!("wrong number of arguments (given {given}, expected {})", describe_signature(method.arity)),
    )
}

#[cold]
pub(super) fn uninitialized_constant(path: &str) -> Box<Unwind> {
    raise(ClassId::NAME_ERROR, format!("uninitialized constant {path}"))
}

impl Interpreter {
    /// Gives an error that has no place yet the place of a node.
    #[cold]
    pub(super) fn locate(&self, mut unwind: Box<Unwind>, span: Span) -> Box<Unwind> {
        if let Unwind::Limit { place, .. } = &*unwind {
            place.set_span(span);
        }
        if let Unwind::Raise(exception) = &mut *unwind {
            exception.set_span(span);
            if exception.cause.borrow().is_none()
                && let Value::Exception(cause) = &self.last_error
                && !Rc::ptr_eq(cause, exception)
            {
                *exception.cause.borrow_mut() = Some(Rc::clone(cause));
            }
        }
        unwind
    }

    /// Notes that an error left a lambda or block that was called at `span`.
    #[cold]
    pub(super) fn trace(&self, unwind: Box<Unwind>, what: impl FnOnce() -> String, span: Span) -> Box<Unwind> {
        let exception = match &*unwind {
            Unwind::Raise(exception) => exception,
            Unwind::Limit { place, .. } => place,
            _ => return unwind,
        };
        let mut trace = exception.trace.borrow_mut();
        if trace.len() < TRACE {
            trace.push(TraceEntry { what: what(), span });
        }
        drop(trace);
        unwind
    }
}
