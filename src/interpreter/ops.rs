//! Operators: the fast ways for numbers and strings; everything else is a method call.

use super::Interpreter;
use crate::methods::{Args, Column, Host};
use crate::program::Node;
use crate::syntax::ast::BinaryOp;
use crate::text::{Name, Span};
use crate::value::{Result, Value};
use std::rc::Rc;

impl Interpreter {
    #[inline(never)]
    pub(super) fn eval_binary(
        &mut self,
        op: BinaryOp,
        name: Name,
        column: Column,
        operands: &(Node, Node),
        span: Span,
    ) -> Result<Value> {
        if let BinaryOp::Eq | BinaryOp::NotEq = op
            && let (Some(a), Some(b)) = (self.standing(&operands.0), self.standing(&operands.1))
            && let Some(same) = plain_equal(a, b)
        {
            return Ok(Value::bool(same == (op == BinaryOp::Eq)));
        }
        if let Some(value) = self.small_binary(op, operands) {
            return Ok(value);
        }
        let lhs = self.operand(&operands.0)?;
        let rhs = self.operand(&operands.1)?;
        if let (Value::Int(a), Value::Int(b)) = (&lhs, &rhs)
            && let Some(value) = integers(op, *a, *b)
        {
            return Ok(value);
        }
        self.operate(op, name, column, lhs, &rhs, span)
    }

    /// An operator on values that are not both small integers. `name` is the method behind it.
    #[inline(never)]
    pub(super) fn operate(
        &mut self,
        op: BinaryOp,
        name: Name,
        column: Column,
        lhs: Value,
        rhs: &Value,
        span: Span,
    ) -> Result<Value> {
        if let (Value::Float(a), Value::Float(b)) = (&lhs, rhs)
            && let Some(value) = floats(op, a.get(), b.get())
        {
            return Ok(value);
        }
        if let (BinaryOp::Add, Value::Str(a), Value::Str(b)) = (op, &lhs, rhs)
            && let Some(joined) = a.joined(b)
        {
            return Ok(Value::Str(Rc::new(joined)));
        }
        if let (BinaryOp::Eq | BinaryOp::NotEq, Some(same)) = (op, plain_equal(&lhs, rhs)) {
            return Ok(Value::bool(same == (op == BinaryOp::Eq)));
        }
        self.span = span;
        // A request on the left stands for its answer.
        let lhs = if matches!(lhs, Value::Object(_)) { self.force(&lhs)? } else { lhs };
        match self.dispatch(&lhs, column, name, Args::one(rhs.clone())) {
            Ok(value) if matches!(op, BinaryOp::NotEq | BinaryOp::NotMatch) => Ok(Value::bool(!value.truthy())),
            Ok(value) => Ok(value),
            Err(unwind) => Err(self.locate(unwind, span)),
        }
    }
}

/// Two small integers; `None` where the answer needs the library (overflow, division by zero, powers).
#[inline]
pub(super) fn integers(op: BinaryOp, a: i64, b: i64) -> Option<Value> {
    Some(match op {
        BinaryOp::Add => Value::Int(a.checked_add(b)?),
        BinaryOp::Sub => Value::Int(a.checked_sub(b)?),
        BinaryOp::Mul => Value::Int(a.checked_mul(b)?),
        BinaryOp::Less => Value::bool(a < b),
        BinaryOp::LessEq => Value::bool(a <= b),
        BinaryOp::Greater => Value::bool(a > b),
        BinaryOp::GreaterEq => Value::bool(a >= b),
        BinaryOp::Eq | BinaryOp::CaseEq => Value::bool(a == b),
        BinaryOp::NotEq => Value::bool(a != b),
        BinaryOp::Rem if b > 0 => Value::Int(a.rem_euclid(b)),
        BinaryOp::Div if b > 0 => Value::Int(a.div_euclid(b)),
        BinaryOp::BitAnd => Value::Int(a & b),
        BinaryOp::BitOr => Value::Int(a | b),
        BinaryOp::BitXor => Value::Int(a ^ b),
        _ => return None,
    })
}

fn floats(op: BinaryOp, a: f64, b: f64) -> Option<Value> {
    Some(match op {
        BinaryOp::Add => Value::float(a + b),
        BinaryOp::Sub => Value::float(a - b),
        BinaryOp::Mul => Value::float(a * b),
        BinaryOp::Div => Value::float(a / b),
        BinaryOp::Less => Value::bool(a < b),
        BinaryOp::LessEq => Value::bool(a <= b),
        BinaryOp::Greater => Value::bool(a > b),
        BinaryOp::GreaterEq => Value::bool(a >= b),
        #[allow(clippy::float_cmp)]
        BinaryOp::Eq => Value::bool(a == b),
        _ => return None,
    })
}

/// `==` where it needs no method: strings, symbols, nil and booleans.
fn plain_equal(a: &Value, b: &Value) -> Option<bool> {
    match (a, b) {
        (Value::Str(a), Value::Str(b)) => Some(a.same_text(b)),
        (Value::Int(a), Value::Int(b)) => Some(a == b),
        (Value::Symbol(a), Value::Symbol(b)) => Some(a == b),
        (Value::Nil, Value::Nil) => Some(true),
        (Value::Nil, Value::Str(_) | Value::Int(_)) | (Value::Str(_) | Value::Int(_), Value::Nil) => Some(false),
        (Value::True | Value::False, Value::True | Value::False) => Some(a.truthy() == b.truthy()),
        _ => None,
    }
}
