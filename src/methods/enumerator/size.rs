//! `Enumerator#size`: known for most calls without running them.

use super::{Enumerator, Source};
use crate::methods::{Args, Host, args::to_int, ops};
use crate::value::{Kind, Result, Value};

/// The size of an enumerator: an Integer, Infinity, or nil where nobody knows.
pub(super) fn of(host: &mut dyn Host, value: &Value) -> Result<Value> {
    let Some(enumerator) = value.downcast::<Enumerator>() else { return Ok(Value::Nil) };
    match (&enumerator.size, &enumerator.source) {
        (Some(Value::Proc(size)), _) => host.call_proc(size, Args::none()),
        (Some(size), _) => Ok(size.clone()),
        (None, Source::Method { receiver, name, args }) => of_call(host, receiver, name.as_str(), args),
        (None, Source::Chain(parts)) => of_chain(host, parts),
        (None, Source::Arithmetic(sequence)) => sequence.size(host),
        (None, Source::Generator(_) | Source::Stream(_)) => Ok(Value::Nil),
    }
}

fn of_chain(host: &mut dyn Host, parts: &[Value]) -> Result<Value> {
    let mut sum = Value::Int(0);
    for part in parts {
        let size = ops::send(host, part, "size", &[])?;
        if size.is_nil() {
            return Ok(size);
        }
        sum = ops::send(host, &sum, "+", &[size])?;
    }
    Ok(sum)
}

/// Methods that yield each item once.
const ONE_EACH: &[&str] = &[
    "collect",
    "collect!",
    "collect_concat",
    "delete_if",
    "each",
    "each_index",
    "each_key",
    "each_pair",
    "each_value",
    "each_with_index",
    "each_with_object",
    "extract!",
    "filter",
    "filter!",
    "filter_map",
    "find_all",
    "flat_map",
    "group_by",
    "index_by",
    "index_with",
    "keep_if",
    "map",
    "map!",
    "max_by",
    "min_by",
    "minmax_by",
    "partition",
    "reject",
    "reject!",
    "reverse_each",
    "select",
    "select!",
    "sort_by",
    "sort_by!",
    "sum",
    "to_h",
    "transform_keys",
    "transform_keys!",
    "transform_values",
    "transform_values!",
    "uniq",
    "with_index",
    "with_object",
];

fn of_call(host: &mut dyn Host, receiver: &Value, name: &str, args: &Args) -> Result<Value> {
    if ONE_EACH.contains(&name) {
        return length(host, receiver);
    }
    match name {
        "times" => Ok(receiver.clone()),
        "upto" | "downto" => Ok(between(receiver, name, args)),
        "loop" => Ok(Value::float(f64::INFINITY)),
        "each_char" | "each_grapheme_cluster" => ops::send(host, receiver, "length", &[]),
        "each_byte" => ops::send(host, receiver, "bytesize", &[]),
        "each_slice"
        | "each_cons"
        | "cycle"
        | "combination"
        | "permutation"
        | "repeated_combination"
        | "repeated_permutation" => match length(host, receiver)? {
            Value::Int(length) => of_groups(length, name, args),
            other => Ok(other),
        },
        _ => Ok(Value::Nil),
    }
}

/// What the receiver says of its own size.
pub(super) fn length(host: &mut dyn Host, receiver: &Value) -> Result<Value> {
    match receiver {
        Value::Array(array) => Ok(array.len().into()),
        Value::Hash(hash) => Ok(hash.len().into()),
        Value::Set(set) => Ok(set.members.len().into()),
        Value::Range(_) => crate::methods::range::size(host, receiver),
        Value::Object(object) if matches!(object.kind(), Kind::Enumerator | Kind::Arithmetic | Kind::Lazy) => {
            ops::send(host, receiver, "size", &[])
        }
        _ => Ok(Value::Nil),
    }
}

fn between(receiver: &Value, name: &str, args: &Args) -> Value {
    let (Value::Int(a), Value::Int(b)) = (receiver, &args.get(0)) else { return Value::Nil };
    let distance = if name == "upto" { b.saturating_sub(*a) } else { a.saturating_sub(*b) };
    Value::Int(distance.saturating_add(1).max(0))
}

fn of_groups(length: i64, name: &str, args: &Args) -> Result<Value> {
    let count = match args.get(0) {
        Value::Nil => None,
        given => Some(to_int(&given)?),
    };
    let of = count.unwrap_or(length);
    Ok(match name {
        "each_slice" => Value::Int(length / of.max(1) + i64::from(length % of.max(1) != 0)),
        "each_cons" => Value::Int((length - of + 1).max(0)),
        "cycle" if length == 0 => Value::Int(0),
        "cycle" => count.map_or(Value::float(f64::INFINITY), |times| Value::Int(times.max(0).saturating_mul(length))),
        "combination" => combinations(length, of),
        "permutation" if of < 0 || of > length => Value::Int(0),
        "permutation" => product(length - of + 1..=length),
        "repeated_permutation" if of < 0 => Value::Int(0),
        "repeated_permutation" => product((0..of).map(|_| length)),
        _ if of == 0 => Value::Int(1),
        _ if of < 0 || length == 0 => Value::Int(0),
        _ => combinations(length + of - 1, of),
    })
}

fn combinations(length: i64, of: i64) -> Value {
    if of < 0 || of > length {
        return Value::Int(0);
    }
    let of = of.min(length - of);
    let count = (0..of).fold(num_bigint::BigInt::from(1), |count, at| count * (length - at) / (at + 1));
    Value::big(count)
}

fn product(factors: impl Iterator<Item = i64>) -> Value {
    Value::big(factors.fold(num_bigint::BigInt::from(1), |product, factor| product * factor))
}
