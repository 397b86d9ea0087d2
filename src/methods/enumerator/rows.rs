//! The methods of Enumerator.

use super::{Enumerator, Source, from_source, of, size};
use crate::methods::enumerable::each::{Flow, Item};
use crate::methods::{Args, Host, Method, Receiver, Table, args::to_int, closure, ops, ruby};
use crate::value::{ClassId, Kind, Proc, Result, Value, raise};
use std::rc::Rc;

pub(super) const TABLE: Table = Table { receiver: Receiver::Kinds(&[Kind::Enumerator, Kind::Arithmetic]), rows: ROWS };

pub(super) const SINGLETON: Table = Table { receiver: Receiver::Singleton("Enumerator"), rows: SINGLETON_ROWS };

const ROWS: &[Method] = &[
    ruby("+", "(other) -> Enumerator", "One after the other.", "([1].each + [2]).to_a => [1, 2]", chain),
    ruby(
        "each",
        "(*args) [{ |item| … }]",
        "Runs the call with the block.",
        "[1, 2].map.each { |x| x * 2 } => [2, 4]",
        each,
    ),
    ruby(
        "each_with_index",
        "() { |item, index| … }",
        "Runs the call, giving the block an index besides.",
        "%w[a b].map.each_with_index { |s, i| s * i } => [\"\", \"b\"]",
        |host, receiver, args| with_index(host, receiver, args, "each_with_index"),
    ),
    ruby(
        "size",
        "()",
        "How many items, if that is known without running it.",
        "[1, 2, 3].each_slice(2).size => 2",
        |host, receiver, _| size::of(host, receiver),
    ),
    ruby(
        "with_index",
        "(offset = 0) { |item, index| … }",
        "Runs the call, giving the block an index besides.",
        "%w[a b].map.with_index(1) { |s, i| \"#{i}#{s}\" } => [\"1a\", \"2b\"]",
        |host, receiver, args| with_index(host, receiver, args, "with_index"),
    ),
    ruby(
        "with_object each_with_object",
        "(memo) { |item, memo| … }",
        "Runs the call, giving the block an object besides, and answers that object.",
        "[1, 2].each.with_object([]) { |x, all| all << x * 2 } => [2, 4]",
        with_object,
    ),
];

pub(super) const OBJECT: Table = Table { receiver: Receiver::Object, rows: OBJECT_ROWS };

const OBJECT_ROWS: &[Method] = &[ruby(
    "to_enum enum_for",
    "(name = :each, *args) -> Enumerator",
    "An enumerator over what a method yields.",
    "[1, 2, 3].to_enum(:each_slice, 2).to_a => [[1, 2], [3]]",
    |_, receiver, mut args| {
        let name = if args.is_empty() { "each".to_owned() } else { args.name(0)? };
        if !args.is_empty() {
            args.values.remove(0);
        }
        Ok(of(receiver, &name, args))
    },
)];

const SINGLETON_ROWS: &[Method] = &[
    ruby(
        "new",
        "(size = nil) { |yielder| … }",
        "An enumerator over what the block yields.",
        "Enumerator.new { |y| y << 1; y << 2 }.to_a => [1, 2]",
        |_, _, args| {
            let Some(block) = &args.block else {
                return Err(raise(ClassId::ARGUMENT_ERROR, "tried to create Proc object without a block"));
            };
            Ok(from_source(Source::Generator(Rc::clone(block)), Some(args.get(0))))
        },
    ),
    ruby(
        "produce",
        "(initial = nil) { |previous| … }",
        "An endless enumerator: each item is made from the one before.",
        "Enumerator.produce(1) { |x| x * 2 }.take(4) => [1, 2, 4, 8]",
        produce,
    ),
];

fn chain(_: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    Ok(from_source(Source::Chain(vec![receiver.clone(), args.get(0)]), None))
}

/// Runs the waiting call with this block, and answers what the call answers.
fn run(host: &mut dyn Host, receiver: &Value, block: Rc<Proc>) -> Result<Value> {
    let Some(enumerator) = receiver.downcast::<Enumerator>() else { return Ok(Value::Nil) };
    match &enumerator.source {
        Source::Method { receiver, name, args } => host.send(receiver, *name, args.clone().with_block(Some(block))),
        Source::Generator(make) => super::yielder::generate(host, make, block),
        Source::Stream(_) | Source::Chain(_) | Source::Arithmetic(_) => {
            super::drive(
                host,
                receiver,
                Box::new(move |host, item| {
                    item.spread(host, &block)?;
                    Ok(Flow::Next)
                }),
            )?;
            Ok(receiver.clone())
        }
    }
}

fn each(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    match args.block {
        Some(block) => run(host, receiver, block),
        None => Ok(receiver.clone()),
    }
}

fn with_index(host: &mut dyn Host, receiver: &Value, args: Args, name: &'static str) -> Result<Value> {
    let Some(block) = args.block.clone() else { return Ok(of(receiver, name, args)) };
    let mut index = match args.get(0) {
        Value::Nil => Value::Int(0),
        Value::BigInt(offset) => Value::BigInt(offset),
        offset => Value::Int(to_int(&offset)?),
    };
    let counting = closure(move |host, args| {
        let next = match &index {
            Value::Int(number) if *number < i64::MAX => Value::Int(*number + 1),
            other => ops::send(host, other, "+", &[Value::Int(1)])?,
        };
        let index = std::mem::replace(&mut index, next);
        host.yield_block(&block, &[packed(args), index])
    });
    run(host, receiver, counting)
}

fn with_object(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let Some(block) = args.block.clone() else { return Ok(of(receiver, "with_object", args)) };
    let memo = args.get(0);
    let given = memo.clone();
    let with_memo = closure(move |host, args| host.yield_block(&block, &[packed(args), given.clone()]));
    run(host, receiver, with_memo)?;
    Ok(memo)
}

/// The values of one yield as one value.
fn packed(args: Args) -> Value {
    let mut values = args.values;
    if values.len() == 1 { values.pop().unwrap_or_default() } else { Value::array(values.into_vec()) }
}

fn produce(_: &mut dyn Host, _: &Value, args: Args) -> Result<Value> {
    let Some(block) = args.block.clone() else { return Err(raise(ClassId::ARGUMENT_ERROR, "no block given")) };
    let initial = args.given(0).cloned();
    Ok(super::stream(move |host, mut sink| {
        let mut value = match &initial {
            Some(value) => value.clone(),
            None => host.yield_block(&block, &[])?,
        };
        loop {
            host.tick()?;
            if sink(host, Item::One(value.clone()))? == Flow::Stop {
                return Ok(());
            }
            value = match host.yield_block(&block, &[value]) {
                Err(unwind) if is_stop_iteration(&unwind) => return Ok(()),
                other => other?,
            };
        }
    }))
}

pub(super) fn is_stop_iteration(unwind: &crate::value::Unwind) -> bool {
    matches!(unwind, crate::value::Unwind::Raise(exception) if exception.class.is_a(ClassId::STOP_ITERATION))
}
