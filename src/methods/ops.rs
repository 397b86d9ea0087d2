//! Operators as methods need them: plain values are answered at once, others are asked through the host.

use super::{Args, Host};
use crate::text::Name;
use crate::value::{self, ClassId, Exception, Result, Unwind, Value, inspect, raise};
use std::cmp::Ordering;
use std::rc::Rc;

/// Calls a method by its name.
pub fn send(host: &mut dyn Host, receiver: &Value, name: &str, values: &[Value]) -> Result<Value> {
    host.send(receiver, Name::new(name), Args::of(values))
}

/// `a == b`.
pub fn equals(host: &mut dyn Host, a: &Value, b: &Value) -> Result<bool> {
    match (a, b) {
        (Value::Object(_), _) | (_, Value::Object(_)) if !value::same(a, b) => {
            Ok(send(host, a, "==", std::slice::from_ref(b))?.truthy())
        }
        _ => Ok(value::equal(a, b)),
    }
}

/// `pattern === value`.
pub fn case_equals(host: &mut dyn Host, pattern: &Value, value: &Value) -> Result<bool> {
    match pattern {
        Value::Nil | Value::True | Value::False | Value::Int(_) | Value::Str(_) | Value::Symbol(_)
            if !matches!(value, Value::Object(_)) =>
        {
            Ok(value::equal(pattern, value))
        }
        _ => Ok(send(host, pattern, "===", std::slice::from_ref(value))?.truthy()),
    }
}

/// `a <=> b`, or the ArgumentError of sorting what has no order.
pub fn compare(host: &mut dyn Host, a: &Value, b: &Value) -> Result<Ordering> {
    try_compare(host, a, b)?.ok_or_else(|| incomparable(a, b))
}

/// `a <=> b`; `None` where Ruby answers nil.
pub fn try_compare(host: &mut dyn Host, a: &Value, b: &Value) -> Result<Option<Ordering>> {
    if !matches!(a, Value::Object(_)) && !matches!(b, Value::Object(_)) {
        return Ok(value::compare(a, b));
    }
    match send(host, a, "<=>", std::slice::from_ref(b))? {
        Value::Nil => Ok(None),
        other => ordering_of(&other, a, b).map(Some),
    }
}

/// What a comparison block answered, as an order.
pub fn ordering_of(answer: &Value, a: &Value, b: &Value) -> Result<Ordering> {
    match answer {
        Value::Int(number) => Ok(number.cmp(&0)),
        Value::Nil => Err(incomparable(a, b)),
        other => match value::compare(other, &Value::Int(0)) {
            Some(ordering) => Ok(ordering),
            None => Err(incomparable(other, &Value::Int(0))),
        },
    }
}

/// `comparison of Integer with nil failed`.
#[cold]
pub fn incomparable(a: &Value, b: &Value) -> Box<Unwind> {
    let other = match b {
        Value::Nil | Value::True | Value::False | Value::Int(_) | Value::Float(_) | Value::Symbol(_) => {
            inspect(b).to_text()
        }
        _ => b.class().name().to_owned(),
    };
    raise(ClassId::ARGUMENT_ERROR, format!("comparison of {} with {other} failed", a.class().name()))
}

/// The FrozenError of changing a frozen array, hash, string or set.
pub fn check_frozen(receiver: &Value) -> Result<()> {
    let frozen = match receiver {
        Value::Array(array) => array.is_frozen(),
        Value::Hash(hash) => hash.is_frozen(),
        Value::Str(text) => text.is_frozen(),
        Value::Set(set) => return check_frozen(&Value::Hash(Rc::clone(&set.members))),
        _ => false,
    };
    if frozen { Err(frozen_error(receiver)) } else { Ok(()) }
}

#[cold]
fn frozen_error(receiver: &Value) -> Box<Unwind> {
    let message = format!("can't modify frozen {}: {}", receiver.class().name(), inspect(receiver).to_text());
    let exception = Exception::new(ClassId::FROZEN_ERROR, message).with_attribute("receiver", receiver.clone());
    Box::new(Unwind::Raise(Rc::new(exception)))
}

/// `value.blank?`
pub fn is_blank(host: &mut dyn Host, value: &Value) -> Result<bool> {
    Ok(match value {
        Value::Nil | Value::False => true,
        Value::True | Value::Int(_) | Value::Float(_) => false,
        Value::Array(array) => array.is_empty(),
        Value::Hash(hash) => hash.is_empty(),
        Value::Str(text) if text.is_empty() => true,
        other => send(host, other, "blank?", &[])?.truthy(),
    })
}

/// `a + b`.
pub fn add(host: &mut dyn Host, a: &Value, b: &Value) -> Result<Value> {
    match (a, b) {
        (Value::Int(x), Value::Int(y)) => {
            Ok(x.checked_add(*y).map_or_else(|| Value::big(num_bigint::BigInt::from(*x) + *y), Value::Int))
        }
        (Value::Float(x), Value::Float(y)) => Ok(Value::float(x.get() + y.get())),
        _ => send(host, a, "+", std::slice::from_ref(b)),
    }
}

/// `value.dig(*keys)`: nil ends the way, what cannot be dug into is a TypeError.
pub fn dig(host: &mut dyn Host, value: &Value, keys: &[Value]) -> Result<Value> {
    let mut value = value.clone();
    for (at, key) in keys.iter().enumerate() {
        if let Value::Object(_) = value {
            value = host.force(&value)?;
        }
        value = match value {
            Value::Nil => return Ok(Value::Nil),
            Value::Hash(hash) => super::hash::lookup(host, &hash, key)?,
            Value::Array(array) => match key {
                Value::Int(index) => array.at(*index).unwrap_or_default(),
                _ => array.at(super::args::to_int(key)?).unwrap_or_default(),
            },
            other if at > 0 && host.responds_to(&other, Name::new("dig")) => {
                return send(host, &other, "dig", keys.get(at..).unwrap_or_default());
            }
            other => {
                let class = other.class().name();
                return Err(raise(ClassId::TYPE_ERROR, format!("{class} does not have #dig method")));
            }
        };
    }
    Ok(value)
}

/// The class name, or `nil`, `true`, `false`, as TypeErrors of arguments say it.
pub fn argument_name(value: &Value) -> String {
    match value {
        Value::Nil | Value::True | Value::False => inspect(value).to_text(),
        _ => value.class().name().to_owned(),
    }
}
