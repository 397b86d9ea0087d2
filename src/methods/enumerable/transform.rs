//! Making something of each item: `map`, `flat_map`, `each_with_index`, `each_slice` …

use super::each::{Flow, expected, fold, to_vec};
use crate::methods::enumerator::Lazy;
use crate::methods::{Args, Host, Method, Receiver, Table, args::to_int, enumerator, ruby};
use crate::value::{ClassId, Hash, Result, Set, Value, raise};
use std::rc::Rc;

pub(super) const TABLE: Table = Table { receiver: Receiver::Enumerable, rows: ROWS };

const ROWS: &[Method] = &[
    ruby(
        "cycle",
        "(times = nil) { |item| … }",
        "Calls the block with the items over and over.",
        "[1, 2].cycle(2).to_a => [1, 2, 1, 2]",
        cycle,
    ),
    ruby(
        "each_cons",
        "(count) { |items| … }",
        "Calls the block with each row of neighbours.",
        "[1, 2, 3].each_cons(2).to_a => [[1, 2], [2, 3]]",
        each_cons,
    ),
    ruby(
        "each_entry",
        "(*args) { |item| … }",
        "Calls the block with each item as one value.",
        "[1, 2].each_entry.to_a => [1, 2]",
        each_entry,
    ),
    ruby(
        "each_slice",
        "(count) { |items| … }",
        "Calls the block with the items in groups.",
        "[1, 2, 3].each_slice(2).to_a => [[1, 2], [3]]",
        each_slice,
    ),
    ruby(
        "each_with_index",
        "() { |item, index| … }",
        "Calls the block with each item and its place.",
        "%w[a b].each_with_index.to_a => [[\"a\", 0], [\"b\", 1]]",
        each_with_index,
    ),
    ruby(
        "each_with_object",
        "(memo) { |item, memo| … }",
        "Calls the block with each item and an object, which it answers with.",
        "[1, 2].each_with_object([]) { |x, all| all << x * 2 } => [2, 4]",
        each_with_object,
    ),
    ruby(
        "filter_map",
        "() { |item| … } -> Array",
        "What the block makes of each item, where that is truthy.",
        "[1, 2].filter_map { |x| x * 2 if x > 1 } => [4]",
        filter_map,
    ),
    ruby(
        "flat_map collect_concat",
        "() { |item| … } -> Array",
        "The arrays that the block makes, joined.",
        "[1, 2].flat_map { |x| [x, x] } => [1, 1, 2, 2]",
        flat_map,
    ),
    ruby(
        "lazy",
        "() -> Lazy",
        "The items, handed out only as far as somebody asks.",
        "(1..).lazy.map { |x| x * 2 }.first(2) => [2, 4]",
        |_, it, _| Ok(Lazy::of(it)),
    ),
    ruby(
        "map collect",
        "() { |item| … } -> Array",
        "What the block makes of each item.",
        "[1, 2].map { |x| x * 2 } => [2, 4]",
        map,
    ),
    ruby(
        "reverse_each",
        "() { |item| … }",
        "Calls the block with each item from the end.",
        "[1, 2].reverse_each.to_a => [2, 1]",
        reverse_each,
    ),
    ruby("to_a entries", "() -> Array", "The items as an array.", "{a: 1}.to_a => [[:a, 1]]", |host, it, _| {
        to_vec(host, it).map(Value::array)
    }),
    ruby("to_set", "() [{ |item| … }] -> Set", "The items as a set.", "[1, 1, 2].to_set => #<Set: {1, 2}>", to_set),
];

fn map(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let Some(block) = args.block.clone() else { return Ok(enumerator::of(receiver, "map", args)) };
    let made = Vec::with_capacity(expected(receiver));
    fold(host, receiver, made, move |host, made, item| {
        made.push(item.spread(host, &block)?);
        Ok(Flow::Next)
    })
    .map(Value::array)
}

fn flat_map(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let Some(block) = args.block.clone() else { return Ok(enumerator::of(receiver, "flat_map", args)) };
    let made = Vec::with_capacity(expected(receiver));
    fold(host, receiver, made, move |host, made, item| {
        match item.spread(host, &block)? {
            Value::Array(array) => made.extend_from_slice(&array.items()),
            other => made.push(other),
        }
        Ok(Flow::Next)
    })
    .map(Value::array)
}

fn filter_map(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let Some(block) = args.block.clone() else { return Ok(enumerator::of(receiver, "filter_map", args)) };
    fold(host, receiver, Vec::new(), move |host, made, item| {
        let value = item.spread(host, &block)?;
        if value.truthy() {
            made.push(value);
        }
        Ok(Flow::Next)
    })
    .map(Value::array)
}

fn each_entry(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let Some(block) = args.block.clone() else { return Ok(enumerator::of(receiver, "each_entry", args)) };
    fold(host, receiver, (), move |host, (), item| item.pass(host, &block).map(|_| Flow::Next))?;
    Ok(receiver.clone())
}

fn each_with_index(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let Some(block) = args.block.clone() else { return Ok(enumerator::of(receiver, "each_with_index", args)) };
    fold(host, receiver, 0, move |host, index, item| {
        host.yield_block(&block, &[item.into_value(), Value::Int(*index)])?;
        *index += 1;
        Ok(Flow::Next)
    })?;
    Ok(receiver.clone())
}

fn each_with_object(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let Some(block) = args.block.clone() else { return Ok(enumerator::of(receiver, "each_with_object", args)) };
    let memo = args.get(0);
    let given = memo.clone();
    fold(host, receiver, (), move |host, (), item| {
        host.yield_block(&block, &[item.into_value(), given.clone()])?;
        Ok(Flow::Next)
    })?;
    Ok(memo)
}

fn reverse_each(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let Some(block) = args.block.clone() else { return Ok(enumerator::of(receiver, "reverse_each", args)) };
    if let Value::Array(array) = receiver {
        let mut at = array.len();
        while at > 0 {
            at = (at - 1).min(array.len().saturating_sub(1));
            let Some(item) = array.get(at) else { break };
            host.yield_block(&block, &[item])?;
        }
        return Ok(receiver.clone());
    }
    for item in to_vec(host, receiver)?.into_iter().rev() {
        host.yield_block(&block, &[item])?;
    }
    Ok(receiver.clone())
}

/// A count above zero.
fn positive(args: &Args, what: &str) -> Result<usize> {
    match usize::try_from(to_int(&args.get(0))?) {
        Ok(count) if count > 0 => Ok(count),
        _ => Err(raise(ClassId::ARGUMENT_ERROR, format!("invalid {what}"))),
    }
}

fn each_slice(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let count = positive(&args, "slice size")?;
    let Some(block) = args.block.clone() else { return Ok(enumerator::of(receiver, "each_slice", args)) };
    let last = Rc::clone(&block);
    let rest = fold(host, receiver, Vec::new(), move |host, slice, item| {
        slice.push(item.into_value());
        if slice.len() == count {
            host.yield_block(&block, &[Value::array(std::mem::take(slice))])?;
        }
        Ok(Flow::Next)
    })?;
    if !rest.is_empty() {
        host.yield_block(&last, &[Value::array(rest)])?;
    }
    Ok(receiver.clone())
}

fn each_cons(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let count = positive(&args, "size")?;
    let Some(block) = args.block.clone() else { return Ok(enumerator::of(receiver, "each_cons", args)) };
    fold(host, receiver, std::collections::VecDeque::new(), move |host, row, item| {
        if row.len() == count {
            row.pop_front();
        }
        row.push_back(item.into_value());
        if row.len() == count {
            host.yield_block(&block, &[Value::array(row.iter().cloned().collect())])?;
        }
        Ok(Flow::Next)
    })?;
    Ok(receiver.clone())
}

fn cycle(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let times = match args.get(0) {
        Value::Nil => None,
        times => Some(to_int(&times)?),
    };
    let Some(block) = args.block.clone() else { return Ok(enumerator::of(receiver, "cycle", args)) };
    let items = match receiver {
        Value::Array(array) => Rc::clone(array),
        _ => Rc::new(crate::value::Array::from(to_vec(host, receiver)?)),
    };
    let mut round = 0;
    while !items.is_empty() && times.is_none_or(|times| round < times) {
        host.tick()?;
        let mut at = 0;
        while let Some(item) = items.get(at) {
            host.yield_block(&block, &[item])?;
            at += 1;
        }
        round += 1;
    }
    Ok(Value::Nil)
}

fn to_set(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let block = args.block;
    let members = Rc::new(Hash::with_capacity(expected(receiver)));
    let members = fold(host, receiver, members, move |host, members, item| {
        let member = match &block {
            Some(block) => item.pass(host, block)?,
            None => item.into_value(),
        };
        members.insert(member, Value::True);
        Ok(Flow::Next)
    })?;
    Ok(Value::Set(Rc::new(Set { members })))
}
