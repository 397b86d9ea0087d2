//! Reading: `[]`, `fetch`, `dig`, `key?`, `keys`, `values`, `slice`, iteration.

use super::{each, this};
use crate::methods::enumerable::each::{Item, takes_pair};
use crate::methods::{Args, Host, Method, enumerator, native_proc, ops, ruby};
use crate::value::{Arity, ClassId, Exception, Hash, HashDefault, Result, Unwind, Value, inspect, raise};
use std::rc::Rc;

pub(super) const ROWS: &[Method] = &[
    ruby(
        "[]",
        "(key)",
        "The value of a key, or the default.",
        "{a: 1}[:a] => 1\n{a: 1}[:b] => nil",
        |host, it, args| lookup(host, this(it)?, &args.get(0)),
    ),
    ruby(
        "any?",
        "(pattern = nil) [{ |key, value| … }] -> Boolean",
        "Holds for some entry.",
        "{a: 1}.any? { |k, v| v > 0 } => true",
        any,
    ),
    ruby("assoc", "(key)", "The key with its value.", "{a: 1}.assoc(:a) => [:a, 1]", |_, it, args| {
        Ok(this(it)?.get_entry(&args.get(0)).map(|(key, value)| Value::array(vec![key, value])).into())
    }),
    ruby(
        "compare_by_identity?",
        "() -> Boolean",
        "Tells equal keys apart.",
        "{}.compare_by_identity? => false",
        |_, it, _| Ok(this(it)?.compares_by_identity().into()),
    ),
    ruby("default", "(key = nil)", "What a missing key answers.", "Hash.new(5).default => 5", default),
    ruby("default_proc", "()", "The block of `Hash.new { … }`.", "{}.default_proc => nil", |_, it, _| {
        Ok(match this(it)?.default_value() {
            HashDefault::Proc(block) => Value::Proc(block),
            _ => Value::Nil,
        })
    }),
    ruby(
        "dig",
        "(key, *keys)",
        "Follows keys and indexes inwards; nil where one is missing.",
        "{a: [{b: 2}]}.dig(:a, 0, :b) => 2\n{a: 1}.dig(:a, :b) => TypeError: Integer does not have #dig method",
        |host, it, args| ops::dig(host, it, &args.values),
    ),
    ruby(
        "each each_pair",
        "() { |key, value| … } -> Hash",
        "Calls the block with each entry.",
        "{a: 1}.each { |k, v| v } => {:a=>1}",
        run_each,
    ),
    ruby(
        "each_key",
        "() { |key| … } -> Hash",
        "Calls the block with each key.",
        "{a: 1}.each_key.to_a => [:a]",
        |host, it, args| each_part(host, it, args, "each_key"),
    ),
    ruby(
        "each_value",
        "() { |value| … } -> Hash",
        "Calls the block with each value.",
        "{a: 1}.each_value.to_a => [1]",
        |host, it, args| each_part(host, it, args, "each_value"),
    ),
    ruby("empty?", "() -> Boolean", "Has no entries.", "{}.empty? => true", |_, it, _| Ok(this(it)?.is_empty().into())),
    ruby(
        "fetch",
        "(key, default = nil) [{ |key| … }]",
        "The value of a key; a default, the block's answer or a KeyError if there is none.",
        "{a: 1}.fetch(:b, 2) => 2\n{a: 1}.fetch(:b) => KeyError: key not found: :b",
        |host, it, args| fetch(host, it, &args.get(0), &args),
    ),
    ruby(
        "fetch_values",
        "(*keys) [{ |key| … }] -> Array",
        "The values of keys; a KeyError if one is missing.",
        "{a: 1}.fetch_values(:a) => [1]",
        fetch_values,
    ),
    ruby("key", "(value)", "The key of the first equal value.", "{a: 1}.key(1) => :a", |host, it, args| {
        Ok(entry_with(host, it, &args.get(0))?.map(|(key, _)| key).unwrap_or_default())
    }),
    ruby(
        "key? has_key? include? member?",
        "(key) -> Boolean",
        "Has that key.",
        "{a: 1}.key?(:a) => true",
        |_, it, args| Ok(this(it)?.contains(&args.get(0)).into()),
    ),
    ruby("keys", "() -> Array", "The keys.", "{a: 1}.keys => [:a]", |_, it, _| Ok(Value::array(this(it)?.keys()))),
    ruby("length size", "() -> Integer", "How many entries.", "{a: 1}.size => 1", |_, it, _| {
        Ok(this(it)?.len().into())
    }),
    ruby(
        "rassoc",
        "(value)",
        "The first entry with an equal value.",
        "{a: 1}.rassoc(1) => [:a, 1]",
        |host, it, args| {
            Ok(entry_with(host, it, &args.get(0))?.map(|(key, value)| Value::array(vec![key, value])).into())
        },
    ),
    ruby("to_proc", "() -> Proc", "A lambda that looks a key up.", "[:a].map(&{a: 1}) => [1]", |_, it, _| {
        let arity = Arity { required: 1, optional: 0, rest: false, needs_keywords: false };
        Ok(native_proc(arity, vec![it.clone()], |host, bound, args| match bound.first() {
            Some(Value::Hash(hash)) => lookup(host, hash, &args.get(0)),
            _ => Ok(Value::Nil),
        }))
    }),
    ruby(
        "value? has_value?",
        "(value) -> Boolean",
        "Has an equal value.",
        "{a: 1}.value?(1) => true",
        |host, it, args| Ok(entry_with(host, it, &args.get(0))?.is_some().into()),
    ),
    ruby("values", "() -> Array", "The values.", "{a: 1}.values => [1]", |_, it, _| {
        Ok(Value::array(this(it)?.values()))
    }),
    ruby(
        "values_at",
        "(*keys) -> Array",
        "The values of keys.",
        "{a: 1}.values_at(:a, :b) => [1, nil]",
        |host, it, args| {
            let hash = this(it)?;
            let mut found = Vec::with_capacity(args.len());
            for key in &args.values {
                found.push(lookup(host, hash, key)?);
            }
            Ok(Value::array(found))
        },
    ),
];

/// `hash[key]`, with the default where the key is missing.
pub fn lookup(host: &mut dyn Host, hash: &Rc<Hash>, key: &Value) -> Result<Value> {
    match hash.get(key) {
        Some(value) => Ok(value),
        None => default_of(host, hash, key),
    }
}

/// What a missing key answers.
pub(super) fn default_of(host: &mut dyn Host, hash: &Rc<Hash>, key: &Value) -> Result<Value> {
    match hash.default_value() {
        HashDefault::None => Ok(Value::Nil),
        HashDefault::Value(value) => Ok(value),
        HashDefault::Proc(block) => {
            let key = stored_key(hash, key);
            host.call_proc(&block, Args::of(&[Value::Hash(Rc::clone(hash)), key]))
        }
    }
}

/// The key as the hash would keep it.
pub(super) fn stored_key(hash: &Hash, key: &Value) -> Value {
    match key {
        Value::Symbol(symbol) if hash.is_indifferent() => symbol.with(Value::str),
        other => other.clone(),
    }
}

fn default(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let hash = this(receiver)?;
    match (hash.default_value(), args.given(0)) {
        (HashDefault::Value(value), _) => Ok(value),
        (HashDefault::Proc(_), Some(key)) => default_of(host, hash, key),
        _ => Ok(Value::Nil),
    }
}

fn fetch(host: &mut dyn Host, receiver: &Value, key: &Value, args: &Args) -> Result<Value> {
    let hash = this(receiver)?;
    if let Some(value) = hash.get(key) {
        return Ok(value);
    }
    let key = stored_key(hash, key);
    if let Some(block) = &args.block {
        return host.yield_block(block, &[key]);
    }
    args.given(1).cloned().ok_or_else(|| missing(receiver, &key))
}

#[cold]
fn missing(receiver: &Value, key: &Value) -> Box<Unwind> {
    let exception = Exception::new(ClassId::KEY_ERROR, format!("key not found: {}", inspect(key).to_text()))
        .with_attribute("receiver", receiver.clone())
        .with_attribute("key", key.clone());
    Box::new(Unwind::Raise(Rc::new(exception)))
}

fn fetch_values(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let only_block = Args::none().with_block(args.block.clone());
    let mut found = Vec::with_capacity(args.len());
    for key in &args.values {
        found.push(fetch(host, receiver, key, &only_block)?);
    }
    Ok(Value::array(found))
}

/// The first entry whose value is equal.
fn entry_with(host: &mut dyn Host, receiver: &Value, wanted: &Value) -> Result<Option<(Value, Value)>> {
    let hash = this(receiver)?;
    let _positions_stay = hash.iterate();
    let mut position = 0;
    while let Some((next, key, value)) = hash.entry_from(position) {
        if ops::equals(host, &value, wanted)? {
            return Ok(Some((key, value)));
        }
        position = next;
    }
    Ok(None)
}

fn run_each(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let Some(block) = args.block.clone() else { return Ok(enumerator::of(receiver, "each", args)) };
    let takes_two = takes_pair(&block);
    each(host, this(receiver)?, &mut |host, key, value| {
        if takes_two {
            host.yield_block(&block, &[key, value]).map(drop)
        } else {
            host.yield_block(&block, &[Value::array(vec![key, value])]).map(drop)
        }
    })?;
    Ok(receiver.clone())
}

fn each_part(host: &mut dyn Host, receiver: &Value, args: Args, name: &str) -> Result<Value> {
    let Some(block) = args.block.clone() else { return Ok(enumerator::of(receiver, name, args)) };
    let wants_key = name == "each_key";
    each(host, this(receiver)?, &mut |host, key, value| {
        host.yield_block(&block, &[if wants_key { key } else { value }]).map(drop)
    })?;
    Ok(receiver.clone())
}

fn any(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let hash = this(receiver)?;
    if args.is_empty() && args.block.is_none() {
        return Ok((!hash.is_empty()).into());
    }
    let _positions_stay = hash.iterate();
    let mut position = 0;
    while let Some((next, key, value)) = hash.entry_from(position) {
        let entry = Item::Entry(key, value);
        let holds = match (args.given(0), &args.block) {
            (Some(pattern), _) => ops::case_equals(host, pattern, &entry.into_value())?,
            (None, Some(block)) => entry.pass(host, block)?.truthy(),
            (None, None) => true,
        };
        if holds {
            return Ok(true.into());
        }
        position = next;
    }
    Ok(false.into())
}

/// The RuntimeError of a key that comes while a block iterates.
#[cold]
pub(super) fn added_while_iterating() -> Box<Unwind> {
    raise(ClassId::RUNTIME_ERROR, "can't add a new key into hash during iteration")
}
