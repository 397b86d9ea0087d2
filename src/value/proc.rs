//! Procs: code of the program (opaque here) with the variables it captured.

use super::Value;
use crate::text::Name;
use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

/// A captured variable, shared by every closure that names it.
pub type Cell = Rc<RefCell<Value>>;

/// How many arguments something takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Arity {
    pub required: u16,
    pub optional: u16,
    pub rest: bool,
    /// A keyword without default exists.
    pub needs_keywords: bool,
}

impl Arity {
    /// Ruby's number: negative when optional or rest parameters exist (always for lambdas; for procs only with rest).
    pub const fn number(self, is_lambda: bool) -> i64 {
        let required = self.required as i64;
        let open = self.rest || (is_lambda && self.optional > 0);
        if open {
            -required - 1
        } else if self.needs_keywords {
            if self.optional > 0 { -required - 1 } else { required + 1 }
        } else if self.optional > 0 && required == 0 && !is_lambda {
            0
        } else if self.optional > 0 {
            -required - 1
        } else {
            required
        }
    }
}

/// Code that a proc runs; implemented by the program's lambdas and by built-in procs (`:sym.to_proc`, `method(:x)`).
pub trait Code: Any + Send + Sync {
    fn arity(&self) -> Arity;

    /// `parameters`: (kind, name), kind is `req opt rest keyreq key keyrest block`.
    fn parameters(&self) -> Vec<(&'static str, Option<Name>)>;

    fn as_any(&self) -> &dyn Any;
}

/// A closure.
pub struct Proc {
    pub code: Arc<dyn Code>,
    pub captured: Box<[Cell]>,
    /// Values a built-in proc carries: the symbol of `&:sym`, the two halves of `f >> g`, the receiver of `method(:x)`.
    pub bound: Box<[Value]>,
    /// `self` where the proc was made; nil for lambdas of the connector, which run with their caller's.
    pub receiver: Value,
    pub is_lambda: bool,
    /// The lambda's frame that a block was made in, target of its `return`.
    pub home: super::FrameId,
    /// The call that a block was given to, target of its `break`.
    pub given_to: super::FrameId,
}
