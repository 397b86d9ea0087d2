//! Changing keys: `transform_keys`, `stringify_keys`, `symbolize_keys`, `assert_valid_keys`.

use super::{as_hash, store, this, this_to_write, undefined};
use crate::methods::{Args, Host, Method, enumerator, ops, rails, ruby};
use crate::value::{ClassId, Hash, Result, Value, inspect, plain_copy, raise, to_s};
use std::rc::Rc;

pub(super) const ROWS: &[Method] = &[
    rails(
        "assert_valid_keys",
        "(*keys) -> Hash",
        "ArgumentError if there is any other key.",
        "{a: 1}.assert_valid_keys(:a) => {:a=>1}\n{a: 1}.assert_valid_keys(:b) => ArgumentError: Unknown key: :a. Valid keys are: :b",
        assert_valid_keys,
    ),
    rails(
        "stringify_keys",
        "() -> Hash",
        "The keys as strings.",
        "{a: 1}.stringify_keys => {\"a\"=>1}",
        |host, it, _| {
            let hash = this(it)?;
            if hash.is_indifferent() { Ok(Hash::copy(hash).into()) } else { renamed(host, hash, &mut to_text) }
        },
    ),
    rails(
        "stringify_keys!",
        "() -> Hash",
        "Makes the keys strings.",
        "{a: 1}.stringify_keys! => {\"a\"=>1}",
        |host, it, _| {
            if this(it)?.is_indifferent() { Ok(it.clone()) } else { rename(host, it, &mut to_text) }
        },
    ),
    rails(
        "symbolize_keys to_options",
        "() -> Hash",
        "The keys as symbols.",
        "{'a' => 1}.symbolize_keys => {:a=>1}",
        |host, it, _| renamed(host, &plain_copy(this(it)?), &mut to_symbol),
    ),
    rails(
        "symbolize_keys!",
        "() -> Hash",
        "Makes the keys symbols.",
        "{'a' => 1}.symbolize_keys! => {:a=>1}",
        |host, it, _| {
            if this(it)?.is_indifferent() {
                Err(undefined(it, "symbolize_keys!"))
            } else {
                rename(host, it, &mut to_symbol)
            }
        },
    ),
    rails(
        "to_options!",
        "() -> Hash",
        "Makes the keys symbols.",
        "{'a' => 1}.to_options! => {:a=>1}",
        |host, it, _| {
            if this(it)?.is_indifferent() { Ok(it.clone()) } else { rename(host, it, &mut to_symbol) }
        },
    ),
    ruby(
        "transform_keys",
        "(names = nil) [{ |key| … }] -> Hash",
        "The entries under the keys that a hash or the block gives.",
        "{a: 1}.transform_keys(&:to_s) => {\"a\"=>1}\n{a: 1, b: 2}.transform_keys({a: :x}) => {:x=>1, :b=>2}",
        transform_keys,
    ),
    ruby(
        "transform_keys!",
        "(names = nil) [{ |key| … }] -> Hash",
        "Puts the entries under the keys that a hash or the block gives.",
        "{a: 1}.transform_keys!(&:to_s) => {\"a\"=>1}",
        transform_keys_in_place,
    ),
];

type Rename<'a> = &'a mut dyn FnMut(&mut dyn Host, &Value) -> Result<Value>;

pub(super) fn to_text(host: &mut dyn Host, key: &Value) -> Result<Value> {
    match key {
        Value::Object(_) => ops::send(host, key, "to_s", &[]),
        other => Ok(Value::Str(to_s(other))),
    }
}

/// `key.to_sym rescue key`
pub(super) fn to_symbol(_: &mut dyn Host, key: &Value) -> Result<Value> {
    Ok(match key {
        Value::Str(text) => text.text().map_or_else(|| key.clone(), |text| Value::symbol(&text)),
        other => other.clone(),
    })
}

fn renamed(host: &mut dyn Host, hash: &Rc<Hash>, rename: Rename<'_>) -> Result<Value> {
    let made = Hash::with_capacity(hash.len());
    super::each(host, hash, &mut |host, key, value| {
        made.insert(rename(host, &key)?, value);
        Ok(())
    })?;
    Ok(made.into())
}

/// In place: a key that was already given to another entry is not taken away again.
fn rename(host: &mut dyn Host, receiver: &Value, rename: Rename<'_>) -> Result<Value> {
    let hash = this_to_write(receiver)?;
    let given = Hash::new();
    for (key, value) in hash.to_vec() {
        let new_key = rename(host, &key)?;
        if !given.contains(&key) {
            hash.remove(&key);
        }
        given.insert(new_key.clone(), Value::Nil);
        store(hash, new_key, value)?;
    }
    Ok(receiver.clone())
}

/// The new name of a key: by the given hash, then by the block, else the key itself.
fn new_name(host: &mut dyn Host, names: Option<&Rc<Hash>>, args: &Args, key: &Value) -> Result<Value> {
    match (names.and_then(|names| names.get(key)), &args.block) {
        (Some(name), _) => Ok(name),
        (None, Some(block)) => host.yield_block(block, std::slice::from_ref(key)),
        (None, None) => Ok(key.clone()),
    }
}

fn transform_keys(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let hash = this(receiver)?;
    if args.block.is_none() && (args.is_empty() || hash.is_indifferent()) {
        return Ok(enumerator::of(receiver, "transform_keys", args));
    }
    if hash.is_indifferent() {
        return transform_keys_in_place(host, &Hash::copy(hash).into(), args);
    }
    let names = args.given(0).map(|names| as_hash(host, names)).transpose()?;
    renamed(host, hash, &mut |host, key| new_name(host, names.as_ref(), &args, key))
}

fn transform_keys_in_place(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let hash = this_to_write(receiver)?;
    if args.block.is_none() && (args.is_empty() || hash.is_indifferent()) {
        return Ok(enumerator::of(receiver, "transform_keys!", args));
    }
    if hash.is_indifferent() {
        for key in hash.keys() {
            let new_key = new_name(host, None, &args, &key)?;
            let value = hash.remove(&key).unwrap_or_default();
            store(hash, new_key, value)?;
        }
        return Ok(receiver.clone());
    }
    let names = args.given(0).map(|names| as_hash(host, names)).transpose()?;
    rename(host, receiver, &mut |host, key| new_name(host, names.as_ref(), &args, key))
}

fn assert_valid_keys(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let valid = ops::send(host, &Value::array(args.values.into_vec()), "flatten", &[])?;
    let Value::Array(valid) = valid else { return Ok(receiver.clone()) };
    for key in this(receiver)?.keys() {
        if !valid.items().iter().any(|valid| crate::value::equal(valid, &key)) {
            let names: Vec<String> = valid.items().iter().map(|key| inspect(key).to_text()).collect();
            let key = inspect(&key).to_text();
            let message = format!("Unknown key: {key}. Valid keys are: {}", names.join(", "));
            return Err(raise(ClassId::ARGUMENT_ERROR, message));
        }
    }
    Ok(receiver.clone())
}
