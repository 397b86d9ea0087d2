//! `between?`, `clamp` and the comparison operators of everything that has `<=>`.

use super::{Args, Host, Method, Receiver, Table, numeric, ruby};
use crate::text::Name;
use crate::value::{ClassId, Result, Value, raise};
use std::cmp::Ordering;

pub static TABLES: &[Table] = &[Table { receiver: Receiver::Comparable, rows: ROWS }];

const ROWS: &[Method] = &[
    ruby("<", "(other) -> Boolean", "Whether it comes before the other.", "'a' < 'b' => true", |host, a, args| {
        relate(host, a, &args.get(0), Ordering::is_lt)
    }),
    ruby(
        "<=",
        "(other) -> Boolean",
        "Whether it comes before the other or is the same.",
        "'a' <= 'a' => true",
        |host, a, args| relate(host, a, &args.get(0), Ordering::is_le),
    ),
    ruby(">", "(other) -> Boolean", "Whether it comes after the other.", "'b' > 'a' => true", |host, a, args| {
        relate(host, a, &args.get(0), Ordering::is_gt)
    }),
    ruby(
        ">=",
        "(other) -> Boolean",
        "Whether it comes after the other or is the same.",
        "'a' >= 'b' => false",
        |host, a, args| relate(host, a, &args.get(0), Ordering::is_ge),
    ),
    ruby(
        "between?",
        "(low, high) -> Boolean",
        "Whether it lies from `low` to `high`, both included.",
        "5.between?(1, 5) => true",
        |host, a, args| Ok(Value::bool(order(host, a, &args.get(0))?.is_ge() && order(host, a, &args.get(1))?.is_le())),
    ),
    ruby(
        "clamp",
        "(low, high = nil) -> Object",
        "The value, or the nearer end if it lies outside.",
        "15.clamp(1, 10) => 10\n0.clamp(1..) => 1",
        clamp,
    ),
];

fn relate(host: &mut dyn Host, a: &Value, b: &Value, holds: fn(Ordering) -> bool) -> Result<Value> {
    Ok(Value::bool(holds(order(host, a, b)?)))
}

/// `a <=> b` by the value's own method; the error where they do not compare.
pub fn order(host: &mut dyn Host, a: &Value, b: &Value) -> Result<Ordering> {
    let b = host.force(b)?;
    if let Some(order) = crate::value::compare(a, &b) {
        return Ok(order);
    }
    match host.send(a, Name::new("<=>"), Args::one(b.clone()))? {
        Value::Int(order) => Ok(order.cmp(&0)),
        _ => Err(numeric::comparison_failed(a, &b)),
    }
}

fn clamp(host: &mut dyn Host, value: &Value, args: Args) -> Result<Value> {
    let (low, high) = match (args.given(0), args.given(1)) {
        (Some(Value::Range(range)), None) => {
            if range.exclusive && !range.hi.is_nil() {
                return Err(raise(ClassId::ARGUMENT_ERROR, "cannot clamp with an exclusive range"));
            }
            (range.lo.clone(), range.hi.clone())
        }
        (Some(other), None) => {
            let message = format!("wrong argument type {} (expected Range)", other.class().name());
            return Err(raise(ClassId::TYPE_ERROR, message));
        }
        _ => (args.get(0), args.get(1)),
    };
    if !low.is_nil() && !high.is_nil() && order(host, &low, &high)?.is_gt() {
        return Err(raise(ClassId::ARGUMENT_ERROR, "min argument must be smaller than max argument"));
    }
    if !low.is_nil() && order(host, value, &low)?.is_lt() {
        return Ok(low);
    }
    if !high.is_nil() && order(host, value, &high)?.is_gt() {
        return Ok(high);
    }
    Ok(value.clone())
}
