//! Keeping some of the items: `select`, `reject`, `partition`, `take`, `drop`, `grep`, `uniq` …

use super::each::{Flow, fold, to_vec};
use crate::methods::{Args, Host, Method, Receiver, Table, args::to_int, enumerator, ops, rails, ruby};
use crate::value::{Array, ClassId, Hash, Result, Value, raise};
use std::rc::Rc;

pub(super) const TABLE: Table = Table { receiver: Receiver::Enumerable, rows: ROWS };

const ROWS: &[Method] = &[
    ruby("compact", "() -> Array", "Without nil.", "[1, nil].each.compact => [1]", |host, it, _| {
        let mut items = to_vec(host, it)?;
        items.retain(|item| !item.is_nil());
        Ok(Value::array(items))
    }),
    rails("compact_blank", "() -> Array", "Without what is blank.", "[1, nil, ''].compact_blank => [1]", compact_blank),
    ruby("drop", "(count) -> Array", "Without the first items.", "(1..4).drop(2) => [3, 4]", drop_first),
    ruby(
        "drop_while",
        "() { |item| … } -> Array",
        "Without the first items for which the block holds.",
        "[1, 5, 2].drop_while { |x| x < 3 } => [5, 2]",
        drop_while,
    ),
    rails(
        "excluding without",
        "(*values) -> Array",
        "Without these values.",
        "(1..3).excluding(2) => [1, 3]",
        excluding,
    ),
    ruby("first", "(count = nil)", "The first item, or the first few.", "(1..3).first(2) => [1, 2]", first),
    ruby(
        "grep",
        "(pattern) [{ |item| … }] -> Array",
        "The items that the pattern matches.",
        "[1, 'a'].grep(String) => [\"a\"]",
        |host, it, args| grep(host, it, args, true),
    ),
    ruby(
        "grep_v",
        "(pattern) [{ |item| … }] -> Array",
        "The items that the pattern does not match.",
        "[1, 'a'].grep_v(String) => [1]",
        |host, it, args| grep(host, it, args, false),
    ),
    rails(
        "including",
        "(*values) -> Array",
        "The items and these values.",
        "(1..2).including(3) => [1, 2, 3]",
        including,
    ),
    ruby(
        "partition",
        "() { |item| … } -> Array",
        "The items for which the block holds, and the others.",
        "[1, 2, 3].partition(&:odd?) => [[1, 3], [2]]",
        partition,
    ),
    ruby(
        "reject",
        "() { |item| … } -> Array",
        "The items for which the block does not hold.",
        "[1, 2].reject(&:even?) => [1]",
        reject,
    ),
    ruby(
        "select filter find_all",
        "() { |item| … } -> Array",
        "The items for which the block holds.",
        "[1, 2].select(&:even?) => [2]",
        select,
    ),
    ruby("take", "(count) -> Array", "The first items.", "[1, 2, 3].take(2) => [1, 2]", take),
    ruby(
        "take_while",
        "() { |item| … } -> Array",
        "The first items for which the block holds.",
        "[1, 5, 2].take_while { |x| x < 3 } => [1]",
        take_while,
    ),
    ruby("uniq", "() [{ |item| … }] -> Array", "Without repetitions.", "[1, 1, 2].uniq => [1, 2]", uniq),
];

fn select(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    keep(host, receiver, args, "select", true)
}

fn reject(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    keep(host, receiver, args, "reject", false)
}

fn keep(host: &mut dyn Host, receiver: &Value, args: Args, name: &str, wanted: bool) -> Result<Value> {
    let Some(block) = args.block.clone() else { return Ok(enumerator::of(receiver, name, args)) };
    fold(host, receiver, Vec::new(), move |host, kept, item| {
        if item.pass(host, &block)?.truthy() == wanted {
            kept.push(item.into_value());
        }
        Ok(Flow::Next)
    })
    .map(Value::array)
}

fn partition(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let Some(block) = args.block.clone() else { return Ok(enumerator::of(receiver, "partition", args)) };
    let (yes, no) = fold(host, receiver, (Vec::new(), Vec::new()), move |host, (yes, no), item| {
        let side = if item.pass(host, &block)?.truthy() { yes } else { no };
        side.push(item.into_value());
        Ok(Flow::Next)
    })?;
    Ok(Value::array(vec![Value::array(yes), Value::array(no)]))
}

/// The first `count` items; nothing is asked for beyond them.
pub fn take_first(host: &mut dyn Host, receiver: &Value, count: usize) -> Result<Vec<Value>> {
    if count == 0 {
        return Ok(Vec::new());
    }
    if let Value::Array(array) = receiver {
        return Ok(array.items().iter().take(count).cloned().collect());
    }
    fold(host, receiver, Vec::new(), move |_, taken: &mut Vec<Value>, item| {
        taken.push(item.into_value());
        Ok(if taken.len() < count { Flow::Next } else { Flow::Stop })
    })
}

fn count_of(args: &Args, verb: &str) -> Result<usize> {
    let count = to_int(&args.get(0))?;
    usize::try_from(count).map_err(|_| raise(ClassId::ARGUMENT_ERROR, format!("attempt to {verb} negative size")))
}

fn first(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    if args.is_empty() {
        return Ok(take_first(host, receiver, 1)?.pop().unwrap_or_default());
    }
    take(host, receiver, args)
}

fn take(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let count = count_of(&args, "take")?;
    take_first(host, receiver, count).map(Value::array)
}

fn drop_first(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let count = count_of(&args, "drop")?;
    if let Value::Array(array) = receiver {
        return Ok(Value::array(array.items().iter().skip(count).cloned().collect()));
    }
    let items = to_vec(host, receiver)?;
    Ok(Value::array(items.into_iter().skip(count).collect()))
}

fn take_while(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let Some(block) = args.block.clone() else { return Ok(enumerator::of(receiver, "take_while", args)) };
    fold(host, receiver, Vec::new(), move |host, taken, item| {
        if !item.spread(host, &block)?.truthy() {
            return Ok(Flow::Stop);
        }
        taken.push(item.into_value());
        Ok(Flow::Next)
    })
    .map(Value::array)
}

fn drop_while(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let Some(block) = args.block.clone() else { return Ok(enumerator::of(receiver, "drop_while", args)) };
    let (_, kept) = fold(host, receiver, (true, Vec::new()), move |host, (dropping, kept), item| {
        *dropping = *dropping && item.pass(host, &block)?.truthy();
        if !*dropping {
            kept.push(item.into_value());
        }
        Ok(Flow::Next)
    })?;
    Ok(Value::array(kept))
}

fn grep(host: &mut dyn Host, receiver: &Value, args: Args, wanted: bool) -> Result<Value> {
    let pattern = args.get(0);
    let block = args.block;
    fold(host, receiver, Vec::new(), move |host, found, item| {
        let value = item.into_value();
        if ops::case_equals(host, &pattern, &value)? == wanted {
            found.push(match &block {
                Some(block) => host.yield_block(block, &[value])?,
                None => value,
            });
        }
        Ok(Flow::Next)
    })
    .map(Value::array)
}

fn uniq(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let block = args.block;
    let (_, kept) = fold(host, receiver, (Hash::new(), Vec::new()), move |host, (seen, kept), item| {
        let key = match &block {
            Some(block) => item.spread(host, block)?,
            None => item.as_value(),
        };
        if !seen.contains(&key) {
            seen.insert(key, Value::Nil);
            kept.push(item.into_value());
        }
        Ok(Flow::Next)
    })?;
    Ok(Value::array(kept))
}

fn compact_blank(host: &mut dyn Host, receiver: &Value, _: Args) -> Result<Value> {
    fold(host, receiver, Vec::new(), |host, kept, item| {
        let value = item.into_value();
        if !ops::is_blank(host, &value)? {
            kept.push(value);
        }
        Ok(Flow::Next)
    })
    .map(Value::array)
}

/// Flattens one level of each argument: `excluding(1, [2, 3])`.
fn listed(args: &Args) -> Vec<Value> {
    let mut all = Vec::new();
    for value in &args.values {
        match value {
            Value::Array(array) => all.extend_from_slice(&array.items()),
            other => all.push(other.clone()),
        }
    }
    all
}

fn excluding(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let unwanted = Value::array(listed(&args));
    let block = crate::methods::closure(move |host, args| {
        let item = match args.len() {
            1 => args.get(0),
            _ => Value::array(args.values.to_vec()),
        };
        ops::send(host, &unwanted, "include?", &[item])
    });
    let name = crate::text::Name::new("reject");
    host.send(receiver, name, Args::none().with_block(Some(block)))
}

fn including(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let items = Rc::new(Array::from(to_vec(host, receiver)?));
    items.items_mut().extend(listed(&args));
    Ok(Value::Array(items))
}
