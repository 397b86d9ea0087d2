//! Changing in place at the ends or as a whole: `push`, `pop`, `concat`, `map!`, `sort!`, `reverse!` …

use super::index::array_size;
use super::{as_array, this_to_write};
use crate::methods::enumerable::{sort_items, sorted_by};
use crate::methods::{Args, Host, Method, args::to_int, enumerator, ruby};
use crate::value::{Hash, Result, Value};

pub(super) const ROWS: &[Method] = &[
    ruby("<<", "(value) -> Array", "Appends one value.", "[1] << 2 => [1, 2]", append),
    ruby("clear", "() -> Array", "Takes everything out.", "[1].clear => []", |host, it, _| {
        this_to_write(host, it)?.items_mut().clear();
        Ok(it.clone())
    }),
    ruby("concat", "(*arrays) -> Array", "Appends the items of arrays.", "[1].concat([2], [3]) => [1, 2, 3]", concat),
    ruby(
        "map! collect!",
        "() { |item| … } -> Array",
        "Puts the block's answer in the place of each item.",
        "[1, 2].map! { |x| x * 2 } => [2, 4]",
        map,
    ),
    ruby(
        "pop",
        "(count = nil)",
        "Takes off the last item, or the last few.",
        "a = [1, 2]; [a.pop, a] => [2, [1]]",
        pop,
    ),
    ruby("push append", "(*values) -> Array", "Appends values.", "[1].push(2, 3) => [1, 2, 3]", append),
    ruby("reverse!", "() -> Array", "Turns the order around.", "[1, 2].reverse! => [2, 1]", |host, it, _| {
        this_to_write(host, it)?.items_mut().reverse();
        Ok(it.clone())
    }),
    ruby(
        "rotate!",
        "(count = 1) -> Array",
        "Puts the first items behind the others.",
        "[1, 2, 3].rotate! => [2, 3, 1]",
        |host, it, args| {
            let array = this_to_write(host, it)?;
            rotate_items(&mut array.items_mut(), &args)?;
            Ok(it.clone())
        },
    ),
    ruby(
        "shift",
        "(count = nil)",
        "Takes off the first item, or the first few.",
        "a = [1, 2]; [a.shift, a] => [1, [2]]",
        shift,
    ),
    ruby(
        "shuffle!",
        "(random: nil) -> Array",
        "Puts the items into a random order.",
        "[1, 2].shuffle!.sort => [1, 2]",
        |host, it, _| {
            let array = this_to_write(host, it)?;
            let items = shuffled(host, array.to_vec());
            *array.items_mut() = items;
            Ok(it.clone())
        },
    ),
    ruby(
        "sort!",
        "() [{ |a, b| … }] -> Array",
        "Puts the items in order.",
        "[2, 1].sort! => [1, 2]",
        |host, it, args| {
            let array = this_to_write(host, it)?;
            let mut items = array.to_vec();
            sort_items(host, &mut items, args.block.as_ref())?;
            *array.items_mut() = items;
            Ok(it.clone())
        },
    ),
    ruby(
        "sort_by!",
        "() { |item| … } -> Array",
        "Puts the items into the order of the block's answers.",
        "[1, 2].sort_by! { |x| -x } => [2, 1]",
        sort_by,
    ),
    ruby(
        "uniq!",
        "() [{ |item| … }]",
        "Takes repetitions out; nil if there were none.",
        "[1, 1].uniq! => [1]\n[1].uniq! => nil",
        uniq,
    ),
    ruby("unshift prepend", "(*values) -> Array", "Puts values in front.", "[3].unshift(1, 2) => [1, 2, 3]", prepend),
];

fn append(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let array = this_to_write(host, receiver)?;
    args.values.into_iter().for_each(|value| array.push(value));
    Ok(receiver.clone())
}

fn prepend(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let array = this_to_write(host, receiver)?;
    array.items_mut().splice(0..0, args.values);
    Ok(receiver.clone())
}

fn concat(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let array = this_to_write(host, receiver)?;
    let mut more = Vec::new();
    for other in &args.values {
        more.extend_from_slice(&as_array(host, other)?.items());
    }
    array.items_mut().append(&mut more);
    Ok(receiver.clone())
}

fn pop(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let array = this_to_write(host, receiver)?;
    let Some(count) = args.given(0) else { return Ok(array.pop().unwrap_or_default()) };
    let count = array_size(count)?;
    let mut items = array.items_mut();
    let start = items.len().saturating_sub(count);
    Ok(Value::array(items.split_off(start)))
}

fn shift(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let array = this_to_write(host, receiver)?;
    let Some(count) = args.given(0) else { return Ok(array.shift().unwrap_or_default()) };
    let count = array_size(count)?.min(array.len());
    Ok(Value::array((0..count).filter_map(|_| array.shift()).collect()))
}

fn map(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let Some(block) = args.block.clone() else { return Ok(enumerator::of(receiver, "map!", args)) };
    let array = this_to_write(host, receiver)?;
    let mut at = 0;
    while let Some(item) = array.get(at) {
        let made = host.yield_block(&block, &[item])?;
        if let Some(slot) = array.items_mut().get_mut(at) {
            *slot = made;
        }
        at += 1;
    }
    Ok(receiver.clone())
}

pub(super) fn rotate_items(items: &mut [Value], args: &Args) -> Result<()> {
    let count = args.given(0).map_or(Ok(1), to_int)?;
    if !items.is_empty() {
        let count = usize::try_from(count.rem_euclid(items.len() as i64)).unwrap_or(0);
        items.rotate_left(count);
    }
    Ok(())
}

/// The items in a random order.
pub(super) fn shuffled(host: &mut dyn Host, mut items: Vec<Value>) -> Vec<Value> {
    for at in (1..items.len()).rev() {
        let other = usize::try_from(host.random() % (at as u64 + 1)).unwrap_or(0);
        items.swap(at, other);
    }
    items
}

fn sort_by(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let Some(block) = args.block.clone() else { return Ok(enumerator::of(receiver, "sort_by!", args)) };
    let array = this_to_write(host, receiver)?;
    let items = sorted_by(host, receiver, &block)?;
    *array.items_mut() = items;
    Ok(receiver.clone())
}

fn uniq(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let array = this_to_write(host, receiver)?;
    let seen = Hash::new();
    let mut kept = Vec::new();
    let mut at = 0;
    while let Some(item) = array.get(at) {
        let key = match &args.block {
            Some(block) => host.yield_block(block, std::slice::from_ref(&item))?,
            None => item.clone(),
        };
        if !seen.contains(&key) {
            seen.insert(key, Value::Nil);
            kept.push(item);
        }
        at += 1;
    }
    if kept.len() == at {
        return Ok(Value::Nil);
    }
    *array.items_mut() = kept;
    Ok(receiver.clone())
}
