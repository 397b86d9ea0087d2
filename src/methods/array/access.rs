//! Reading items by place: `[]`, `first`, `last`, `dig`, `fetch`, `values_at` …

use super::index::{array_size, place, span_of, span_to_write};
use super::this;
use crate::methods::{Args, Host, Method, args::to_int, enumerator, ops, rails, ruby};
use crate::value::{Array, ClassId, Kind, Range, Result, Value, inspect, raise};

pub(super) const ROWS: &[Method] = &[
    ruby(
        "[] slice",
        "(index, length = nil)",
        "The item at a place, or the items of a part.",
        "[1, 2, 3][1..] => [2, 3]\n[1, 2, 3][-1] => 3",
        at_index,
    ),
    ruby("at", "(index)", "The item at a place.", "[1, 2].at(-1) => 2", |host, it, args| {
        Ok(this(host, it)?.at(args.int(0)?).unwrap_or_default())
    }),
    ruby(
        "dig",
        "(key, *keys)",
        "Follows keys and indexes inwards; nil where one is missing.",
        "[[1, {a: 2}]].dig(0, 1, :a) => 2",
        |host, it, args| ops::dig(host, it, &args.values),
    ),
    ruby("drop", "(count) -> Array", "Without the first items.", "[1, 2, 3].drop(1) => [2, 3]", drop_first),
    ruby(
        "each",
        "() { |item| … } -> Array",
        "Calls the block with each item.",
        "[1, 2].each { |x| x } => [1, 2]",
        each,
    ),
    ruby(
        "each_index",
        "() { |index| … } -> Array",
        "Calls the block with each place.",
        "%w[a b].each_index.to_a => [0, 1]",
        each_index,
    ),
    ruby("empty?", "() -> Boolean", "Has no items.", "[].empty? => true", |host, it, _| {
        Ok(this(host, it)?.is_empty().into())
    })
    .plainly(|it| plain(it, |array| array.is_empty().into())),
    ruby(
        "fetch",
        "(index, default = nil) [{ |index| … }]",
        "The item at a place; a default, the block's answer or an IndexError if there is none.",
        "[1].fetch(5, :none) => :none\n[1].fetch(5) => IndexError: index 5 outside of array bounds: -1...1",
        fetch,
    ),
    rails("fifth", "()", "The fifth item.", "[1, 2, 3, 4, 5].fifth => 5", |host, it, _| nth(host, it, 4)),
    ruby("first", "(count = nil)", "The first item, or the first few.", "[1, 2, 3].first(2) => [1, 2]", first)
        .plainly(|it| plain(it, |array| array.get(0).unwrap_or_default())),
    rails("forty_two", "()", "The forty-second item.", "(1..50).to_a.forty_two => 42", |host, it, _| nth(host, it, 41)),
    rails("fourth", "()", "The fourth item.", "[1, 2, 3, 4].fourth => 4", |host, it, _| nth(host, it, 3)),
    rails("from", "(position) -> Array", "The items from a place on.", "[1, 2, 3].from(1) => [2, 3]", from),
    ruby("last", "(count = nil)", "The last item, or the last few.", "[1, 2, 3].last(2) => [2, 3]", last)
        .plainly(|it| plain(it, |array| array.at(-1).unwrap_or_default())),
    ruby("length size", "() -> Integer", "How many items.", "[1, 2].length => 2", |host, it, _| {
        Ok(this(host, it)?.len().into())
    })
    .plainly(|it| plain(it, |array| array.len().into())),
    rails("second", "()", "The second item.", "[1, 2].second => 2", |host, it, _| nth(host, it, 1)),
    rails("second_to_last", "()", "The last item but one.", "[1, 2, 3].second_to_last => 2", |host, it, _| {
        nth(host, it, -2)
    }),
    ruby("take", "(count) -> Array", "The first items.", "[1, 2, 3].take(2) => [1, 2]", take),
    rails("third", "()", "The third item.", "[1, 2, 3].third => 3", |host, it, _| nth(host, it, 2)),
    rails("third_to_last", "()", "The last item but two.", "[1, 2, 3].third_to_last => 1", |host, it, _| {
        nth(host, it, -3)
    }),
    rails("to", "(position) -> Array", "The items up to a place.", "[1, 2, 3].to(1) => [1, 2]", to),
    ruby(
        "values_at",
        "(*indexes) -> Array",
        "The items at these places.",
        "[1, 2, 3].values_at(0, 2, 9) => [1, 3, nil]",
        values_at,
    ),
];

fn nth(host: &mut dyn Host, receiver: &Value, index: i64) -> Result<Value> {
    Ok(this(host, receiver)?.at(index).unwrap_or_default())
}

/// A copy of `count` items from `start` on, cut at the end.
pub(super) fn part(array: &Array, start: usize, count: usize) -> Value {
    let items = array.items();
    let end = start.saturating_add(count).min(items.len());
    Value::array(items.get(start..end).unwrap_or_default().to_vec())
}

fn at_index(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let array = this(host, receiver)?;
    if let Some(length) = args.given(1) {
        let (start, length) = (args.int(0)?, to_int(length)?);
        return Ok(match (place(start, array.len()), usize::try_from(length)) {
            (Some(start), Ok(length)) if start <= array.len() => part(&array, start, length),
            _ => Value::Nil,
        });
    }
    match args.get(0) {
        Value::Int(index) => Ok(array.at(index).unwrap_or_default()),
        Value::Range(range) => {
            Ok(span_of(&range, array.len())?.map_or(Value::Nil, |(start, count)| part(&array, start, count)))
        }
        sequence if sequence.kind() == Kind::Arithmetic => every(host, &array, &sequence),
        other => Ok(array.at(to_int(&other)?).unwrap_or_default()),
    }
}

/// `array[(1..).step(2)]`
fn every(host: &mut dyn Host, array: &Array, sequence: &Value) -> Result<Value> {
    let step = to_int(&ops::send(host, sequence, "step", &[])?)?;
    let begin = ops::send(host, sequence, "begin", &[])?;
    let end = ops::send(host, sequence, "end", &[])?;
    let exclusive = ops::send(host, sequence, "exclude_end?", &[])?.truthy();
    let (lo, hi) = if step < 0 { (end, begin) } else { (begin, end) };
    let Some((start, count)) = span_of(&Range { lo, hi, exclusive }, array.len())? else {
        let text = inspect(sequence).to_text();
        return Err(raise(ClassId::RANGE_ERROR, format!("{text} out of range")));
    };
    let items = array.items();
    let part = items.get(start..start + count).unwrap_or_default();
    let stride = usize::try_from(step.unsigned_abs()).unwrap_or(usize::MAX).max(1);
    Ok(Value::array(if step < 0 {
        part.iter().rev().step_by(stride).cloned().collect()
    } else {
        part.iter().step_by(stride).cloned().collect()
    }))
}

fn each(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let Some(block) = args.block.clone() else { return Ok(enumerator::of(receiver, "each", args)) };
    let array = this(host, receiver)?;
    let mut at = 0;
    while let Some(item) = array.get(at) {
        host.yield_block(&block, &[item])?;
        at += 1;
    }
    Ok(receiver.clone())
}

fn each_index(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let Some(block) = args.block.clone() else { return Ok(enumerator::of(receiver, "each_index", args)) };
    let array = this(host, receiver)?;
    let mut at = 0;
    while at < array.len() {
        host.yield_block(&block, &[at.into()])?;
        at += 1;
    }
    Ok(receiver.clone())
}

fn fetch(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let array = this(host, receiver)?;
    let index = args.int(0)?;
    if let Some(item) = array.at(index) {
        return Ok(item);
    }
    if let Some(block) = &args.block {
        return host.yield_block(block, &[args.get(0)]);
    }
    match args.given(1) {
        Some(default) => Ok(default.clone()),
        None => {
            let len = array.len() as i64;
            Err(raise(ClassId::INDEX_ERROR, format!("index {index} outside of array bounds: {}...{len}", -len)))
        }
    }
}

/// What only takes a look at an array.
fn plain(receiver: &Value, look: impl Fn(&Array) -> Value) -> Option<Value> {
    match receiver {
        Value::Array(array) => Some(look(array)),
        _ => None,
    }
}

fn first(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let array = this(host, receiver)?;
    match args.given(0) {
        None => Ok(array.get(0).unwrap_or_default()),
        Some(count) => Ok(part(&array, 0, array_size(count)?)),
    }
}

fn last(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let array = this(host, receiver)?;
    match args.given(0) {
        None => Ok(array.at(-1).unwrap_or_default()),
        Some(count) => {
            let start = array.len().saturating_sub(array_size(count)?);
            Ok(part(&array, start, usize::MAX))
        }
    }
}

fn count_of(args: &Args, verb: &str) -> Result<usize> {
    let count = args.int(0)?;
    usize::try_from(count).map_err(|_| raise(ClassId::ARGUMENT_ERROR, format!("attempt to {verb} negative size")))
}

fn take(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let count = count_of(&args, "take")?;
    Ok(part(&*this(host, receiver)?, 0, count))
}

fn drop_first(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let count = count_of(&args, "drop")?;
    Ok(part(&*this(host, receiver)?, count, usize::MAX))
}

fn from(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let array = this(host, receiver)?;
    let start = place(args.int(0)?, array.len());
    Ok(start.map_or_else(|| Value::array(Vec::new()), |start| part(&array, start, usize::MAX)))
}

fn to(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let array = this(host, receiver)?;
    let end = place(args.int(0)?, array.len()).map_or(0, |end| end.saturating_add(1));
    Ok(part(&array, 0, end))
}

fn values_at(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let array = this(host, receiver)?;
    let mut found = Vec::with_capacity(args.len());
    for index in &args.values {
        match index {
            Value::Range(range) => {
                let (start, count) = span_to_write(range, array.len())?;
                if start <= array.len() {
                    host.charge(count.saturating_mul(16))?;
                    found.extend((start..start.saturating_add(count)).map(|at| array.get(at).unwrap_or_default()));
                }
            }
            other => found.push(array.at(to_int(other)?).unwrap_or_default()),
        }
    }
    Ok(Value::array(found))
}
