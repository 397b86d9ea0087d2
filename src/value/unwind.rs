//! Everything that leaves an evaluation early. Only `Raise` is an error that `rescue` can see.

use super::{ClassId, Exception, Value};
use std::rc::Rc;

/// A running activation of a lambda or block; unique within a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct FrameId(pub u64);

/// Which limit stopped a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    Steps,
    Depth,
    Memory,
    Time,
    /// One value that holds the same parts too many times over.
    Walk,
}

pub enum Unwind {
    Raise(Rc<Exception>),
    /// `break` out of the call that the block of that home was given to.
    Break {
        home: FrameId,
        value: Value,
    },
    /// `next`: ends the innermost block or lambda.
    Next(Value),
    /// `return`: ends the lambda with that frame.
    Return {
        home: FrameId,
        value: Value,
    },
    Throw {
        tag: Value,
        value: Value,
    },
    Redo,
    /// `retry` in a rescue clause.
    Retry,
    /// A limit was hit; no connector code may catch it.
    Limit {
        limit: Limit,
        message: String,
        place: Rc<Exception>,
    },
    /// The host ends the run with a value it understands: `reinvoke_after`, `suspend`, `checkpoint!`.
    Suspend(Value),
}

/// The result of everything that evaluates. The error is one pointer: the way without errors stays cheap.
pub type Result<T = Value> = std::result::Result<T, Box<Unwind>>;

/// An exception of a built-in class; the evaluator adds the place.
#[cold]
pub fn raise(class: ClassId, message: impl Into<String>) -> Box<Unwind> {
    Box::new(Unwind::Raise(Rc::new(Exception::new(class, message.into()))))
}
