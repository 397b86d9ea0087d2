//! Hashes made of the items: `group_by`, `tally`, `index_by`, `index_with`.

use super::each::{Flow, expected, fold};
use crate::methods::{Args, Host, Method, Receiver, Table, args::no_conversion, enumerator, ops, rails, ruby};
use crate::value::{ClassId, Hash, Result, Value, inspect, raise};
use std::rc::Rc;

pub(super) const TABLE: Table = Table { receiver: Receiver::Enumerable, rows: ROWS };

const ROWS: &[Method] = &[
    ruby(
        "group_by",
        "() { |item| … } -> Hash",
        "The items in arrays by what the block answers.",
        "[1, 2, 3].group_by(&:odd?) => {true=>[1, 3], false=>[2]}",
        group_by,
    ),
    rails(
        "index_by",
        "() { |item| … } -> Hash",
        "The items by what the block answers; the last one wins.",
        "%w[a bb].index_by(&:size) => {1=>\"a\", 2=>\"bb\"}",
        index_by,
    ),
    rails(
        "index_with",
        "(default = nil) [{ |item| … }] -> Hash",
        "What the block answers, by item.",
        "[1, 2].index_with { |x| x * 2 } => {1=>2, 2=>4}",
        index_with,
    ),
    rails("pick", "(*keys)", "The value of a key of the first item.", "[{a: 1}, {a: 2}].pick(:a) => 1", pick),
    ruby(
        "tally",
        "(counts = nil) -> Hash",
        "How often each item occurs.",
        "%w[a b a].tally => {\"a\"=>2, \"b\"=>1}",
        tally,
    ),
];

fn group_by(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let Some(block) = args.block.clone() else { return Ok(enumerator::of(receiver, "group_by", args)) };
    fold(host, receiver, Hash::new(), move |host, groups, item| {
        let key = item.pass(host, &block)?;
        match groups.get(&key) {
            Some(Value::Array(group)) => group.push(item.into_value()),
            _ => groups.insert(key, Value::array(vec![item.into_value()])),
        }
        Ok(Flow::Next)
    })
    .map(Value::hash)
}

fn index_by(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let Some(block) = args.block.clone() else { return Ok(enumerator::of(receiver, "index_by", args)) };
    fold(host, receiver, Hash::with_capacity(expected(receiver)), move |host, index, item| {
        let key = item.pass(host, &block)?;
        index.insert(key, item.into_value());
        Ok(Flow::Next)
    })
    .map(Value::hash)
}

fn index_with(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    if args.block.is_none() && args.is_empty() {
        return Ok(enumerator::of(receiver, "index_with", args));
    }
    let (block, default) = (args.block.clone(), args.get(0));
    fold(host, receiver, Hash::with_capacity(expected(receiver)), move |host, index, item| {
        let value = match &block {
            Some(block) => item.pass(host, block)?,
            None => default.clone(),
        };
        index.insert(item.into_value(), value);
        Ok(Flow::Next)
    })
    .map(Value::hash)
}

fn pick(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let Some(first) = super::take_first(host, receiver, 1)?.pop() else { return Ok(Value::Nil) };
    let mut values = Vec::with_capacity(args.len());
    for key in &args.values {
        values.push(ops::send(host, &first, "[]", std::slice::from_ref(key))?);
    }
    if values.len() < 2 { Ok(values.pop().unwrap_or_default()) } else { Ok(Value::array(values)) }
}

fn tally(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let counts = match args.given(0) {
        None => Rc::new(Hash::new()),
        Some(Value::Hash(hash)) => {
            ops::check_frozen(&args.get(0))?;
            Rc::clone(hash)
        }
        Some(other) => return Err(no_conversion(other, "Hash")),
    };
    // Counts that go into the very hash that is counted would never come to an end.
    let items = match receiver {
        Value::Hash(hash) if Rc::ptr_eq(hash, &counts) => Hash::copy(hash).into(),
        other => other.clone(),
    };
    fold(host, &items, counts, |host, counts, item| {
        let item = item.into_value();
        let count = match counts.get(&item) {
            None => Value::Int(1),
            Some(count @ (Value::Int(_) | Value::BigInt(_))) => ops::add(host, &count, &Value::Int(1))?,
            Some(other) => {
                let name = match &other {
                    Value::Nil | Value::True | Value::False => inspect(&other).to_text(),
                    _ => other.class().name().to_owned(),
                };
                let message = format!("wrong argument type {name} (expected Integer)");
                return Err(raise(ClassId::TYPE_ERROR, message));
            }
        };
        counts.insert(item, count);
        Ok(Flow::Next)
    })
    .map(Value::Hash)
}
