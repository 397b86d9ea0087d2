//! Keeping some entries: `select`, `reject`, `slice`, `except`, `compact`, `extract!` and the forms in place.

use super::access::stored_key;
use super::{this, this_to_write, yield_pair};
use crate::methods::{Args, Host, Method, enumerator, ops, rails, ruby};
use crate::value::{Hash, Result, Value};
use std::rc::Rc;

pub(super) const ROWS: &[Method] = &[
    ruby("compact", "() -> Hash", "Without nil values.", "{a: 1, b: nil}.compact => {:a=>1}", |host, it, _| {
        let copy = filtered_base(this(it)?);
        filter(host, &copy, &mut |_, _, value| Ok(!value.is_nil()))?;
        Ok(Value::Hash(copy))
    }),
    ruby(
        "compact!",
        "()",
        "Takes nil values out; nil if there were none.",
        "{a: 1, b: nil}.compact! => {:a=>1}",
        |host, it, _| {
            let changed = filter(host, this_to_write(it)?, &mut |_, _, value| Ok(!value.is_nil()))?;
            Ok(if changed { it.clone() } else { Value::Nil })
        },
    ),
    rails(
        "compact_blank",
        "() -> Hash",
        "Without blank values.",
        "{a: 1, b: ''}.compact_blank => {:a=>1}",
        |host, it, _| {
            let copy = filtered_base(this(it)?);
            filter(host, &copy, &mut |host, _, value| Ok(!ops::is_blank(host, value)?))?;
            Ok(Value::Hash(copy))
        },
    ),
    rails(
        "compact_blank!",
        "() -> Hash",
        "Takes blank values out.",
        "{a: 1, b: ''}.compact_blank! => {:a=>1}",
        |host, it, _| {
            filter(host, this_to_write(it)?, &mut |host, _, value| Ok(!ops::is_blank(host, value)?))?;
            Ok(it.clone())
        },
    ),
    ruby(
        "delete_if",
        "() { |key, value| … } -> Hash",
        "Takes out the entries for which the block holds.",
        "{a: 1, b: 2}.delete_if { |k, v| v > 1 } => {:a=>1}",
        |host, it, args| in_place(host, it, args, "delete_if", false),
    ),
    rails(
        "except without excluding",
        "(*keys) -> Hash",
        "Without these keys.",
        "{a: 1, b: 2}.except(:a) => {:b=>2}",
        except,
    ),
    rails(
        "except!",
        "(*keys) -> Hash",
        "Takes these keys out.",
        "{a: 1, b: 2}.except!(:a) => {:b=>2}",
        |_, it, args| {
            let hash = this_to_write(it)?;
            for key in &args.values {
                hash.remove(key);
            }
            Ok(it.clone())
        },
    ),
    rails(
        "extract!",
        "(*keys) -> Hash",
        "Takes out and answers the entries of these keys.",
        "h = {a: 1, b: 2}; [h.extract!(:a), h] => [{:a=>1}, {:b=>2}]",
        |_, it, args| {
            let hash = this_to_write(it)?;
            let taken = if hash.is_indifferent() { Hash::indifferent() } else { Hash::new() };
            for key in &args.values {
                if let Some(value) = hash.remove(key) {
                    taken.insert(key.clone(), value);
                }
            }
            Ok(taken.into())
        },
    ),
    ruby(
        "keep_if",
        "() { |key, value| … } -> Hash",
        "Keeps only the entries for which the block holds.",
        "{a: 1, b: 2}.keep_if { |k, v| v > 1 } => {:b=>2}",
        |host, it, args| in_place(host, it, args, "keep_if", true),
    ),
    ruby(
        "reject",
        "() { |key, value| … } -> Hash",
        "The entries for which the block does not hold.",
        "{a: 1, b: 2}.reject { |k, v| v > 1 } => {:a=>1}",
        |host, it, args| copied(host, it, args, "reject", false),
    ),
    ruby(
        "reject!",
        "() { |key, value| … }",
        "Takes out the entries for which the block holds; nil if there are none.",
        "{a: 1}.reject! { |k, v| v > 1 } => nil",
        |host, it, args| in_place_or_nil(host, it, args, "reject!", false),
    ),
    ruby(
        "select filter",
        "() { |key, value| … } -> Hash",
        "The entries for which the block holds.",
        "{a: 1, b: 2}.select { |k, v| v > 1 } => {:b=>2}",
        |host, it, args| copied(host, it, args, "select", true),
    ),
    ruby(
        "select! filter!",
        "() { |key, value| … }",
        "Keeps only the entries for which the block holds; nil if that is all of them.",
        "{a: 1, b: 2}.select! { |k, v| v > 1 } => {:b=>2}",
        |host, it, args| in_place_or_nil(host, it, args, "select!", true),
    ),
    ruby(
        "slice",
        "(*keys) -> Hash",
        "The entries of these keys.",
        "{a: 1, b: 2}.slice(:a, :z) => {:a=>1}",
        |_, it, args| Ok(Value::Hash(slice(this(it)?, &args.values))),
    ),
    rails(
        "slice!",
        "(*keys) -> Hash",
        "Keeps only these keys and answers the other entries.",
        "h = {a: 1, b: 2}; [h.slice!(:a), h] => [{:b=>2}, {:a=>1}]",
        |host, it, args| {
            let hash = this_to_write(it)?;
            let others = except(host, it, args.clone())?;
            let kept = slice(hash, &args.values);
            hash.replace(&kept);
            Ok(others)
        },
    ),
];

/// A copy to take entries out of; only an indifferent one keeps its default.
fn filtered_base(hash: &Rc<Hash>) -> Rc<Hash> {
    let copy = Hash::copy(hash);
    if !hash.is_indifferent() {
        copy.set_default(crate::value::HashDefault::None);
    }
    Rc::new(copy)
}

/// Takes out the entries that the judge does not keep; says whether there were any.
fn filter(
    host: &mut dyn Host,
    hash: &Rc<Hash>,
    judge: &mut dyn FnMut(&mut dyn Host, &Value, &Value) -> Result<bool>,
) -> Result<bool> {
    let mut changed = false;
    super::each(host, hash, &mut |host, key, value| {
        if !judge(host, &key, &value)? {
            hash.remove(&key);
            changed = true;
        }
        Ok(())
    })?;
    Ok(changed)
}

fn copied(host: &mut dyn Host, receiver: &Value, args: Args, name: &str, wanted: bool) -> Result<Value> {
    if args.block.is_none() {
        return Ok(enumerator::of(receiver, name, args));
    }
    let hash = this(receiver)?;
    let kept = Hash::with_shape_of(hash);
    if !hash.is_indifferent() {
        kept.set_default(crate::value::HashDefault::None);
    }
    let mut position = 0;
    let source = Rc::new(Hash::copy(hash));
    while let Some((next, key, value)) = source.entry_from(position) {
        if yield_pair(host, &args, &key, &value)?.truthy() == wanted {
            kept.insert(key, value);
        }
        position = next;
    }
    Ok(kept.into())
}

fn run(host: &mut dyn Host, receiver: &Value, args: &Args, wanted: bool) -> Result<bool> {
    filter(host, this_to_write(receiver)?, &mut |host, key, value| {
        Ok(yield_pair(host, args, key, value)?.truthy() == wanted)
    })
}

fn in_place(host: &mut dyn Host, receiver: &Value, args: Args, name: &str, wanted: bool) -> Result<Value> {
    if args.block.is_none() {
        return Ok(enumerator::of(receiver, name, args));
    }
    run(host, receiver, &args, wanted)?;
    Ok(receiver.clone())
}

fn in_place_or_nil(host: &mut dyn Host, receiver: &Value, args: Args, name: &str, wanted: bool) -> Result<Value> {
    if args.block.is_none() {
        return Ok(enumerator::of(receiver, name, args));
    }
    Ok(if run(host, receiver, &args, wanted)? { receiver.clone() } else { Value::Nil })
}

/// An empty hash of the same kind without default.
fn bare(hash: &Hash) -> Hash {
    let made = Hash::with_shape_of(hash);
    made.set_default(crate::value::HashDefault::None);
    made
}

fn slice(hash: &Hash, keys: &[Value]) -> Rc<Hash> {
    let made = bare(hash);
    for key in keys {
        if let Some((key, value)) = hash.get_entry(key) {
            made.insert(key, value);
        }
    }
    Rc::new(made)
}

fn except(_: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let hash = this(receiver)?;
    let made = bare(hash);
    let unwanted = Hash::new();
    args.values.iter().for_each(|key| unwanted.insert(stored_key(hash, key), Value::Nil));
    hash.all(|key, value| {
        if !unwanted.contains(key) {
            made.insert(key.clone(), value.clone());
        }
        true
    });
    Ok(made.into())
}
