//! Taking items out: `delete`, `compact`, `select!`, `reject!`, `extract!` …

use super::{this, this_to_write};
use crate::methods::{Args, Host, Method, enumerator, ops, rails, ruby};
use crate::value::{Array, Hash, Proc, Result, Value};
use std::rc::Rc;

pub(super) const ROWS: &[Method] = &[
    ruby("compact", "() -> Array", "A copy without nil.", "[1, nil, false].compact => [1, false]", |host, it, _| {
        let array = this(host, it)?;
        Ok(without_nil(&array))
    })
    .plainly(|it| match it {
        Value::Array(array) => Some(without_nil(array)),
        _ => None,
    }),
    ruby(
        "compact!",
        "()",
        "Takes nil out; nil if there was none.",
        "[1, nil].compact! => [1]\n[1].compact! => nil",
        |host, it, _| {
            let array = this_to_write(host, it)?;
            let before = array.len();
            array.items_mut().retain(|item| !item.is_nil());
            Ok(if array.len() == before { Value::Nil } else { it.clone() })
        },
    ),
    rails(
        "compact_blank!",
        "() -> Array",
        "Takes out what is blank.",
        "[1, '', nil].compact_blank! => [1]",
        |host, it, _| {
            let array = this_to_write(host, it)?;
            retain(host, &array, &mut |host, item| Ok(!ops::is_blank(host, item)?))?;
            Ok(it.clone())
        },
    ),
    ruby(
        "delete",
        "(value) [{ … }]",
        "Takes out all equal items; answers the last of them.",
        "a = [1, 2, 1]; [a.delete(1), a] => [1, [2]]",
        delete,
    ),
    ruby(
        "delete_if",
        "() { |item| … } -> Array",
        "Takes out the items for which the block holds.",
        "[1, 2].delete_if(&:even?) => [1]",
        |host, it, args| keep(host, it, args, "delete_if", false),
    ),
    rails(
        "extract!",
        "() { |item| … } -> Array",
        "Takes out and answers the items for which the block holds.",
        "a = [1, 2, 3]; [a.extract!(&:odd?), a] => [[1, 3], [2]]",
        extract,
    ),
    rails(
        "extract_options!",
        "() -> Hash",
        "Takes off a hash at the end.",
        "a = [1, {b: 2}]; [a.extract_options!, a] => [{:b=>2}, [1]]",
        |host, it, _| {
            let array = this_to_write(host, it)?;
            if matches!(array.at(-1), Some(Value::Hash(_))) {
                return Ok(array.pop().unwrap_or_default());
            }
            Ok(Hash::new().into())
        },
    ),
    ruby(
        "keep_if",
        "() { |item| … } -> Array",
        "Keeps only the items for which the block holds.",
        "[1, 2].keep_if(&:even?) => [2]",
        |host, it, args| keep(host, it, args, "keep_if", true),
    ),
    ruby(
        "reject!",
        "() { |item| … }",
        "Takes out the items for which the block holds; nil if there are none.",
        "[1, 2].reject!(&:even?) => [1]",
        |host, it, args| keep_or_nil(host, it, args, "reject!", false),
    ),
    ruby(
        "select! filter!",
        "() { |item| … }",
        "Keeps only the items for which the block holds; nil if that is all of them.",
        "[1, 2].select!(&:even?) => [2]",
        |host, it, args| keep_or_nil(host, it, args, "select!", true),
    ),
];

fn without_nil(array: &Array) -> Value {
    let items = array.items();
    let mut kept = Vec::with_capacity(items.len());
    for item in items.iter() {
        if !item.is_nil() {
            kept.push(item.clone());
        }
    }
    Value::array(kept)
}

/// Keeps the items that the judge keeps. What it has decided stays decided if it fails on the way.
fn retain(
    host: &mut dyn Host,
    array: &Array,
    judge: &mut dyn FnMut(&mut dyn Host, &Value) -> Result<bool>,
) -> Result<bool> {
    let mut kept = Vec::new();
    let mut at = 0;
    let mut failed = None;
    while let Some(item) = array.get(at) {
        match judge(host, &item) {
            Ok(true) => kept.push(item),
            Ok(false) => {}
            Err(unwind) => {
                failed = Some(unwind);
                break;
            }
        }
        at += 1;
    }
    let changed = kept.len() < at;
    if changed {
        let mut items = array.items_mut();
        let end = at.min(items.len());
        items.splice(..end, kept);
    }
    failed.map_or(Ok(changed), Err)
}

fn filter(host: &mut dyn Host, receiver: &Value, block: &Rc<Proc>, wanted: bool) -> Result<bool> {
    let array = this_to_write(host, receiver)?;
    retain(host, &array, &mut |host, item| Ok(host.yield_block(block, std::slice::from_ref(item))?.truthy() == wanted))
}

fn keep(host: &mut dyn Host, receiver: &Value, args: Args, name: &str, wanted: bool) -> Result<Value> {
    let Some(block) = args.block.clone() else { return Ok(enumerator::of(receiver, name, args)) };
    filter(host, receiver, &block, wanted)?;
    Ok(receiver.clone())
}

fn keep_or_nil(host: &mut dyn Host, receiver: &Value, args: Args, name: &str, wanted: bool) -> Result<Value> {
    let Some(block) = args.block.clone() else { return Ok(enumerator::of(receiver, name, args)) };
    Ok(if filter(host, receiver, &block, wanted)? { receiver.clone() } else { Value::Nil })
}

fn delete(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let array = this(host, receiver)?;
    let wanted = args.get(0);
    if super::search::position(host, &array, &wanted)?.is_none() {
        return args.block.map_or(Ok(Value::Nil), |block| host.yield_block(&block, &[wanted]));
    }
    ops::check_frozen(receiver)?;
    let mut last = Value::Nil;
    retain(host, &array, &mut |host, item| {
        let found = ops::equals(host, item, &wanted)?;
        if found {
            last = item.clone();
        }
        Ok(!found)
    })?;
    Ok(last)
}

fn extract(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let Some(block) = args.block.clone() else { return Ok(enumerator::of(receiver, "extract!", args)) };
    let array = this_to_write(host, receiver)?;
    let mut taken = Vec::new();
    retain(host, &array, &mut |host, item| {
        let take = host.yield_block(&block, std::slice::from_ref(item))?.truthy();
        if take {
            taken.push(item.clone());
        }
        Ok(!take)
    })?;
    Ok(Value::array(taken))
}
