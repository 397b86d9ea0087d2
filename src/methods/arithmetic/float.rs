//! Floats with floats.

use super::{Op, divided_by_zero};
use crate::methods::convert::float_to_integer;
use crate::value::{Result, Value};

pub(super) fn compute(op: Op, a: f64, b: f64) -> Result<Value> {
    Ok(Value::float(match op {
        Op::Add => a + b,
        Op::Subtract => a - b,
        Op::Multiply => a * b,
        Op::Divide => a / b,
        Op::Modulo | Op::Remainder => floored(a, b)?.1,
        Op::FloorDivide => {
            if b == 0.0 {
                return Err(divided_by_zero());
            }
            return Ok(Value::big(float_to_integer((a / b).floor())?));
        }
    }))
}

pub(super) fn divmod(a: f64, b: f64) -> Result<[Value; 2]> {
    let (quotient, rest) = floored(a, b)?;
    Ok([Value::big(float_to_integer(quotient)?), Value::float(rest)])
}

/// The floored quotient and the rest, which has the divisor's sign.
fn floored(a: f64, b: f64) -> Result<(f64, f64)> {
    if b.is_nan() {
        return Ok((b, b));
    }
    if b == 0.0 {
        return Err(divided_by_zero());
    }
    let mut rest = if b.is_infinite() && !a.is_infinite() { a } else { a % b };
    let mut quotient = if a.is_infinite() && !b.is_infinite() { a } else { ((a - rest) / b).round() };
    if b * rest < 0.0 {
        rest += b;
        quotient -= 1.0;
    }
    Ok((quotient, rest))
}
