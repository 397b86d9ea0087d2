//! Integers with integers.

use super::{Op, divided_by_zero};
use crate::value::{Result, Value, int_value, ratio_to_f64};
use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::Zero;

/// Inline integers; what overflows goes on as a big one.
pub(super) fn small(op: Op, a: i64, b: i64) -> Result<Value> {
    let result = match op {
        Op::Add => a.checked_add(b),
        Op::Subtract => a.checked_sub(b),
        Op::Multiply => a.checked_mul(b),
        _ if b == 0 => return Err(divided_by_zero()),
        Op::Divide | Op::FloorDivide => (b != -1).then(|| Integer::div_floor(&a, &b)).or_else(|| a.checked_neg()),
        Op::Modulo => Some(if b == -1 { 0 } else { Integer::mod_floor(&a, &b) }),
        Op::Remainder => Some(a.checked_rem(b).unwrap_or(0)),
    };
    match result {
        Some(number) => Ok(Value::Int(number)),
        None => big(op, &BigInt::from(a), &BigInt::from(b)),
    }
}

pub(super) fn big(op: Op, a: &BigInt, b: &BigInt) -> Result<Value> {
    if b.is_zero() && !matches!(op, Op::Add | Op::Subtract | Op::Multiply) {
        return Err(divided_by_zero());
    }
    Ok(int_value(match op {
        Op::Add => a + b,
        Op::Subtract => a - b,
        Op::Multiply => a * b,
        Op::Divide | Op::FloorDivide => a.div_floor(b),
        Op::Modulo => a.mod_floor(b),
        Op::Remainder => a % b,
    }))
}

/// The quotient as a float, reduced first so that large numbers stay exact.
pub(super) fn fdiv(a: &Value, b: &Value) -> f64 {
    let (a, b) = (super::big(a), super::big(b));
    if b.is_zero() {
        return crate::value::big_to_f64(&a) / 0.0;
    }
    ratio_to_f64(&a, &b)
}
