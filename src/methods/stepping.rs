//! `Numeric#step`.

use super::enumerable::each::{Flow, Item};
use super::enumerator::{self, arithmetic};
use super::{Args, Host, arithmetic as numbers, numeric};
use crate::value::{ClassId, Hash, Result, Unwind, Value, compare, inspect, raise};
use std::cmp::Ordering;

/// `step(limit, step)`, `step(by:, to:)`. Without a block the sequence.
pub fn step(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let (limit, step) = limit_and_step(&args)?;
    let Some(block) = args.block.clone() else { return Ok(sequence(receiver, args, limit, step)) };
    direction(&step)?;
    enumerator::each_step(host, (receiver, &limit), &step, false, &mut |host, item| {
        let Item::One(number) = item else { return Ok(Flow::Next) };
        host.yield_block(&block, std::slice::from_ref(&number))?;
        Ok(Flow::Next)
    })?;
    Ok(receiver.clone())
}

fn limit_and_step(args: &Args) -> Result<(Value, Value)> {
    let mut positional = args.clone();
    let mut limit = Value::Nil;
    let mut step = Value::Nil;
    if let Some(options) = positional.take_keywords() {
        if !positional.get(0).is_nil() && options.contains(&Value::symbol("to")) {
            return Err(argument_error("to is given twice"));
        }
        if positional.given(1).is_some() && options.contains(&Value::symbol("by")) {
            return Err(argument_error("step is given twice"));
        }
        unknown_keywords(&options)?;
        limit = options.get(&Value::symbol("to")).unwrap_or_default();
        step = options.get(&Value::symbol("by")).unwrap_or_default();
    }
    if let Some(given) = positional.given(0) {
        limit = given.clone();
    }
    if let Some(given) = positional.given(1) {
        step = given.clone();
    }
    if step.is_nil() {
        step = Value::Int(1);
    }
    if numbers::is_zero(&step) {
        return Err(argument_error("step can't be 0"));
    }
    Ok((limit, step))
}

fn unknown_keywords(options: &Hash) -> Result<()> {
    for key in options.keys() {
        let known = matches!(&key, Value::Symbol(name) if matches!(name.text().as_str(), "by" | "to"));
        if !known {
            return Err(argument_error(format!("unknown keyword: {}", inspect(&key).to_text())));
        }
    }
    Ok(())
}

/// A sequence that knows its size, where all is numbers.
fn sequence(receiver: &Value, args: Args, limit: Value, step: Value) -> Value {
    let known = numeric::is_number(&step) && (limit.is_nil() || numeric::is_number(&limit));
    if !known {
        return enumerator::of(receiver, "step", Args::of(&[limit, step]));
    }
    arithmetic((receiver, "step", args), (receiver.clone(), limit), step, false)
}

/// A step must have a sign.
fn direction(step: &Value) -> Result<Ordering> {
    compare(step, &Value::Int(0)).ok_or_else(|| numeric::comparison_failed(step, &Value::Int(0)))
}

#[cold]
fn argument_error(message: impl Into<String>) -> Box<Unwind> {
    raise(ClassId::ARGUMENT_ERROR, message)
}
