//! Arithmetic on the counts of durations and of `advance`: small integers at once, everything else through the host.

use crate::methods::{Host, ops};
use crate::value::{Result, Value};

pub fn add(host: &mut dyn Host, a: &Value, b: &Value) -> Result<Value> {
    ops::add(host, a, b)
}

pub fn multiply(host: &mut dyn Host, a: &Value, b: &Value) -> Result<Value> {
    match (a, b) {
        (Value::Int(x), Value::Int(y)) => {
            Ok(x.checked_mul(*y).map_or_else(|| Value::big(num_bigint::BigInt::from(*x) * *y), Value::Int))
        }
        _ => ops::send(host, a, "*", std::slice::from_ref(b)),
    }
}

pub fn divide(host: &mut dyn Host, a: &Value, b: &Value) -> Result<Value> {
    ops::send(host, a, "/", std::slice::from_ref(b))
}

pub fn modulo(host: &mut dyn Host, a: &Value, b: &Value) -> Result<Value> {
    ops::send(host, a, "%", std::slice::from_ref(b))
}

pub fn negate(host: &mut dyn Host, a: &Value) -> Result<Value> {
    match a {
        Value::Int(number) if *number != i64::MIN => Ok(Value::Int(-number)),
        Value::Float(number) => Ok(Value::float(-number.get())),
        _ => ops::send(host, a, "-@", &[]),
    }
}

/// `number.divmod(1)`: the whole part and what is left.
pub fn split_whole(host: &mut dyn Host, number: &Value) -> Result<(Value, Value)> {
    if let Value::Int(_) = number {
        return Ok((number.clone(), Value::Int(0)));
    }
    match ops::send(host, number, "divmod", &[Value::Int(1)])? {
        Value::Array(pair) => Ok((pair.get(0).unwrap_or_default(), pair.get(1).unwrap_or_default())),
        other => Ok((other, Value::Int(0))),
    }
}

pub fn is_zero(number: &Value) -> bool {
    crate::value::equal(number, &Value::Int(0))
}
