//! A number on the left of a duration: the number counts as seconds.

use super::{Op, binary, cannot_coerce};
use crate::methods::Host;
use crate::value::{Duration, DurationUnit, Result, Value};
use std::rc::Rc;

pub(super) fn with_scalar(host: &mut dyn Host, op: Op, number: &Value, duration: &Duration) -> Result<Value> {
    match op {
        Op::Add => sum(host, op, number, duration, false),
        Op::Subtract => sum(host, op, number, duration, true),
        Op::Multiply => {
            let mut parts = Vec::with_capacity(duration.parts.len());
            for (unit, value) in &duration.parts {
                parts.push((*unit, binary(host, Op::Multiply, number, value)?));
            }
            let seconds = binary(host, Op::Multiply, number, &duration.seconds)?;
            Ok(Value::Duration(Rc::new(Duration { parts, seconds })))
        }
        Op::Divide => binary(host, Op::Divide, number, &duration.seconds),
        Op::Modulo => {
            let rest = binary(host, Op::Modulo, number, &duration.seconds)?;
            crate::methods::time::duration_of_seconds(host, &rest)
        }
        Op::FloorDivide | Op::Remainder => Err(cannot_coerce(&Value::Duration(Rc::new(duration.clone())), number)),
    }
}

fn sum(host: &mut dyn Host, op: Op, number: &Value, duration: &Duration, negate: bool) -> Result<Value> {
    let zero = Value::Int(0);
    let mut parts = Vec::with_capacity(duration.parts.len() + 1);
    let mut seconds = None;
    for (unit, value) in &duration.parts {
        if *unit == DurationUnit::Seconds {
            let total = binary(host, op, number, value)?;
            seconds = Some(total.clone());
            parts.push((*unit, total));
        } else {
            let value = if negate { binary(host, Op::Subtract, &zero, value)? } else { value.clone() };
            parts.push((*unit, value));
        }
    }
    if seconds.is_none() {
        parts.push((DurationUnit::Seconds, number.clone()));
    }
    let seconds = binary(host, op, number, &duration.seconds)?;
    Ok(Value::Duration(Rc::new(Duration { parts, seconds })))
}
