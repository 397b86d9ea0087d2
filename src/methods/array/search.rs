//! Looking for items: `include?`, `index`, `rindex`, `assoc`, `bsearch`, `count`.

use super::this;
use crate::methods::range::search;
use crate::methods::{Args, Host, Method, enumerable, enumerator, ops, ruby};
use crate::value::{Array, Proc, Result, Value, equal};
use std::rc::Rc;

pub(super) const ROWS: &[Method] = &[
    ruby(
        "assoc",
        "(key)",
        "The first array within whose first item is the key.",
        "[[1, 2], [3, 4]].assoc(3) => [3, 4]",
        |host, it, args| pair_with(host, it, &args, 0),
    ),
    ruby(
        "bsearch",
        "() { |item| … }",
        "The first item of an ordered array for which the block holds, found by halving.",
        "[1, 4, 7].bsearch { |x| x >= 4 } => 4",
        bsearch,
    ),
    ruby(
        "bsearch_index",
        "() { |item| … }",
        "The place of the first item of an ordered array for which the block holds.",
        "[1, 4, 7].bsearch_index { |x| x >= 4 } => 1",
        bsearch_index,
    ),
    ruby(
        "count",
        "(value = nil) [{ |item| … }] -> Integer",
        "How many items (that are equal, or hold).",
        "[1, 2, 1].count(1) => 2",
        |host, it, args| {
            let array = Value::Array(this(host, it)?);
            enumerable::count(host, &array, args)
        },
    ),
    ruby(
        "include? member?",
        "(value) -> Boolean",
        "Has an equal item.",
        "[1, 2].include?(2) => true",
        |host, it, args| {
            let array = this(host, it)?;
            Ok(position(host, &array, &args.get(0))?.is_some().into())
        },
    ),
    ruby(
        "index find_index",
        "(value = nil) [{ |item| … }]",
        "The place of the first item that is equal, or holds.",
        "[5, 6].index(6) => 1",
        index,
    ),
    ruby(
        "rassoc",
        "(value)",
        "The first array within whose second item is the value.",
        "[[1, 2], [3, 4]].rassoc(4) => [3, 4]",
        |host, it, args| pair_with(host, it, &args, 1),
    ),
    ruby(
        "rindex",
        "(value = nil) [{ |item| … }]",
        "The place of the last item that is equal, or holds.",
        "[1, 2, 1].rindex(1) => 2",
        rindex,
    ),
];

/// The place of the first item equal to `wanted`.
pub(super) fn position(host: &mut dyn Host, array: &Array, wanted: &Value) -> Result<Option<usize>> {
    let is_object = |value: &Value| matches!(value, Value::Object(_));
    let plain = !is_object(wanted);
    let found = array.items().iter().position(|item| !plain || is_object(item) || equal(item, wanted));
    let Some(mut at) = found else { return Ok(None) };
    while let Some(item) = array.get(at) {
        if ops::equals(host, &item, wanted)? {
            return Ok(Some(at));
        }
        at += 1;
    }
    Ok(None)
}

fn index(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let array = this(host, receiver)?;
    if let Some(wanted) = args.given(0) {
        return Ok(position(host, &array, wanted)?.into());
    }
    let Some(block) = &args.block else { return Ok(enumerator::of(receiver, "index", args)) };
    let mut at = 0;
    while let Some(item) = array.get(at) {
        if host.yield_block(block, &[item])?.truthy() {
            return Ok(at.into());
        }
        at += 1;
    }
    Ok(Value::Nil)
}

fn rindex(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let array = this(host, receiver)?;
    if args.is_empty() && args.block.is_none() {
        return Ok(enumerator::of(receiver, "rindex", args));
    }
    let mut at = array.len();
    while at > 0 {
        at = (at - 1).min(array.len().saturating_sub(1));
        let Some(item) = array.get(at) else { break };
        let found = match (args.given(0), &args.block) {
            (Some(wanted), _) => ops::equals(host, &item, wanted)?,
            (None, Some(block)) => host.yield_block(block, &[item])?.truthy(),
            (None, None) => false,
        };
        if found {
            return Ok(at.into());
        }
    }
    Ok(Value::Nil)
}

fn pair_with(host: &mut dyn Host, receiver: &Value, args: &Args, place: usize) -> Result<Value> {
    let array = this(host, receiver)?;
    let wanted = args.get(0);
    let mut at = 0;
    while let Some(item) = array.get(at) {
        let part = match &item {
            Value::Array(pair) => pair.get(place),
            _ => None,
        };
        if let Some(part) = part
            && ops::equals(host, &part, &wanted)?
        {
            return Ok(item);
        }
        at += 1;
    }
    Ok(Value::Nil)
}

fn searched(host: &mut dyn Host, array: &Array, block: &Rc<Proc>) -> Result<Option<usize>> {
    let found = search(0, array.len() as i128, |at| {
        let item = usize::try_from(at).ok().and_then(|at| array.get(at)).unwrap_or_default();
        host.yield_block(block, &[item])
    })?;
    Ok(found.and_then(|at| usize::try_from(at).ok()))
}

fn bsearch(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let Some(block) = args.block.clone() else { return Ok(enumerator::of(receiver, "bsearch", args)) };
    let array = this(host, receiver)?;
    Ok(searched(host, &array, &block)?.and_then(|at| array.get(at)).unwrap_or_default())
}

fn bsearch_index(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let Some(block) = args.block.clone() else { return Ok(enumerator::of(receiver, "bsearch_index", args)) };
    let array = this(host, receiver)?;
    Ok(searched(host, &array, &block)?.into())
}
