//! Order: `sort`, `sort_by`, `min`, `max`, `minmax` and their `_by` forms.

use super::each::{Flow, expected, fold, to_vec};
use super::sorting;
use crate::methods::{Args, Host, Method, Receiver, Table, args::to_int, enumerator, ops, ruby};
use crate::value::{ClassId, Proc, Result, Value, raise};
use std::cmp::Ordering;
use std::rc::Rc;

pub(super) const TABLE: Table = Table { receiver: Receiver::Enumerable, rows: ROWS };

const ROWS: &[Method] = &[
    ruby(
        "max",
        "(count = nil) [{ |a, b| … }]",
        "The greatest item, or the greatest few.",
        "[1, 3, 2].max => 3\n[1, 3, 2].max(2) => [3, 2]",
        max,
    ),
    ruby(
        "max_by",
        "(count = nil) { |item| … }",
        "The item with the greatest answer of the block.",
        "%w[a ccc bb].max_by(&:size) => \"ccc\"",
        |host, it, args| best_by(host, it, args, Ordering::Greater),
    ),
    ruby(
        "min",
        "(count = nil) [{ |a, b| … }]",
        "The least item, or the least few.",
        "[3, 1, 2].min => 1\n[3, 1, 2].min(2) => [1, 2]",
        min,
    ),
    ruby(
        "min_by",
        "(count = nil) { |item| … }",
        "The item with the least answer of the block.",
        "%w[aa c bbb].min_by(&:size) => \"c\"",
        |host, it, args| best_by(host, it, args, Ordering::Less),
    ),
    ruby(
        "minmax",
        "() [{ |a, b| … }] -> Array",
        "The least and the greatest item.",
        "[3, 1, 2].minmax => [1, 3]",
        minmax,
    ),
    ruby(
        "minmax_by",
        "() { |item| … } -> Array",
        "The items with the least and the greatest answer of the block.",
        "%w[aa c bbb].minmax_by(&:size) => [\"c\", \"bbb\"]",
        minmax_by,
    ),
    ruby(
        "sort",
        "() [{ |a, b| … }] -> Array",
        "The items in order.",
        "[3, 1, 2].sort => [1, 2, 3]\n[1, nil].sort => ArgumentError: comparison of Integer with nil failed",
        sort,
    ),
    ruby(
        "sort_by",
        "() { |item| … } -> Array",
        "The items in the order of the block's answers.",
        "%w[bb a].sort_by(&:size) => [\"a\", \"bb\"]",
        sort_by,
    ),
];

/// `a <=> b` by the block, or by the items' own order.
fn order_of(host: &mut dyn Host, block: Option<&Rc<Proc>>, a: &Value, b: &Value) -> Result<Ordering> {
    match block {
        None => ops::compare(host, a, b),
        Some(block) => {
            let answer = host.yield_block(block, &[a.clone(), b.clone()])?;
            ops::ordering_of(&answer, a, b)
        }
    }
}

/// Sorts by the block or by `<=>`.
pub(crate) fn sort_items(host: &mut dyn Host, items: &mut Vec<Value>, block: Option<&Rc<Proc>>) -> Result<()> {
    match block {
        None => sorting::sort(host, items),
        Some(_) => sorting::sort_by_order(host, items, &mut |host, a, b| order_of(host, block, a, b)),
    }
}

fn sort(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let mut items = to_vec(host, receiver)?;
    sort_items(host, &mut items, args.block.as_ref())?;
    Ok(Value::array(items))
}

/// Items with the block's answer for each.
fn keyed(host: &mut dyn Host, receiver: &Value, block: &Rc<Proc>) -> Result<(Vec<Value>, Vec<Value>)> {
    let block = Rc::clone(block);
    let count = expected(receiver);
    let start = (Vec::with_capacity(count), Vec::with_capacity(count));
    fold(host, receiver, start, move |host, (items, keys): &mut (Vec<Value>, Vec<Value>), item| {
        keys.push(item.pass(host, &block)?);
        items.push(item.into_value());
        Ok(Flow::Next)
    })
}

/// The items in the order of the block's answers.
pub(crate) fn sorted_by(host: &mut dyn Host, receiver: &Value, block: &Rc<Proc>) -> Result<Vec<Value>> {
    let (mut items, keys) = keyed(host, receiver, block)?;
    sorting::sort_by_keys(host, &mut items, &keys)?;
    Ok(items)
}

fn sort_by(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let Some(block) = args.block.clone() else { return Ok(enumerator::of(receiver, "sort_by", args)) };
    sorted_by(host, receiver, &block).map(Value::array)
}

/// The count of `min(n)`; `None` if just one item is wanted.
fn count_of(args: &Args) -> Result<Option<usize>> {
    match args.get(0) {
        Value::Nil => Ok(None),
        count => {
            let count = to_int(&count)?;
            let negative = || raise(ClassId::ARGUMENT_ERROR, format!("negative size ({count})"));
            usize::try_from(count).map(Some).map_err(|_| negative())
        }
    }
}

/// `min`, `min(n)`, `min { |a, b| … }`.
pub fn min(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    best(host, receiver, args, Ordering::Less)
}

/// `max`, `max(n)`, `max { |a, b| … }`.
pub fn max(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    best(host, receiver, args, Ordering::Greater)
}

fn best(host: &mut dyn Host, receiver: &Value, args: Args, wanted: Ordering) -> Result<Value> {
    let block = args.block.clone();
    if let Some(count) = count_of(&args)? {
        let mut items = to_vec(host, receiver)?;
        sort_items(host, &mut items, block.as_ref())?;
        if wanted == Ordering::Greater {
            items.reverse();
        }
        items.truncate(count);
        return Ok(Value::array(items));
    }
    let found = fold(host, receiver, None, move |host, best: &mut Option<Value>, item| {
        let item = item.into_value();
        let better = match &*best {
            None => true,
            Some(best) if block.is_some() => order_of(host, block.as_ref(), &item, best)? == wanted,
            Some(best) => ops::compare(host, best, &item)? == wanted.reverse(),
        };
        if better {
            *best = Some(item);
        }
        Ok(Flow::Next)
    })?;
    Ok(found.unwrap_or_default())
}

fn best_by(host: &mut dyn Host, receiver: &Value, args: Args, wanted: Ordering) -> Result<Value> {
    let name = if wanted == Ordering::Less { "min_by" } else { "max_by" };
    let Some(block) = args.block.clone() else { return Ok(enumerator::of(receiver, name, args)) };
    if let Some(count) = count_of(&args)? {
        let mut items = sorted_by(host, receiver, &block)?;
        if wanted == Ordering::Greater {
            items.reverse();
        }
        items.truncate(count);
        return Ok(Value::array(items));
    }
    let found = fold(host, receiver, None, move |host, best: &mut Option<(Value, Value)>, item| {
        let key = item.pass(host, &block)?;
        let better = match &*best {
            None => true,
            Some((best, _)) => ops::compare(host, &key, best)? == wanted,
        };
        if better {
            *best = Some((key, item.into_value()));
        }
        Ok(Flow::Next)
    })?;
    Ok(found.map(|(_, item)| item).unwrap_or_default())
}

/// `minmax`, `minmax { |a, b| … }`.
pub fn minmax(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let block = args.block;
    let found = fold(host, receiver, None, move |host, ends: &mut Option<(Value, Value)>, item| {
        let item = item.into_value();
        match ends {
            None => *ends = Some((item.clone(), item)),
            Some((least, greatest)) => {
                if order_of(host, block.as_ref(), least, &item)? == Ordering::Greater {
                    *least = item;
                } else if order_of(host, block.as_ref(), greatest, &item)? == Ordering::Less {
                    *greatest = item;
                }
            }
        }
        Ok(Flow::Next)
    })?;
    let (least, greatest) = found.unwrap_or_default();
    Ok(Value::array(vec![least, greatest]))
}

fn minmax_by(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let Some(block) = args.block.clone() else { return Ok(enumerator::of(receiver, "minmax_by", args)) };
    let (items, keys) = keyed(host, receiver, &block)?;
    let (mut least, mut greatest) = (0, 0);
    for (at, key) in keys.iter().enumerate().skip(1) {
        if let (Some(low), Some(high)) = (keys.get(least), keys.get(greatest)) {
            if ops::compare(host, key, low)? == Ordering::Less {
                least = at;
            } else if ops::compare(host, key, high)? == Ordering::Greater {
                greatest = at;
            }
        }
    }
    let item = |at: usize| items.get(at).cloned().unwrap_or_default();
    Ok(Value::array(vec![item(least), item(greatest)]))
}
