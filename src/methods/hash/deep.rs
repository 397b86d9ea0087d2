//! All the way down: `deep_transform_keys`, `deep_transform_values`, `deep_stringify_keys`, `deep_symbolize_keys`.

use super::keys::{to_symbol, to_text};
use super::{store, this, this_to_write, undefined};
use crate::methods::{Args, Host, Method, enumerator, rails};
use crate::value::{Hash, HashDefault, Result, Value, plain_copy};
use std::rc::Rc;

pub(super) const ROWS: &[Method] = &[
    rails(
        "deep_stringify_keys",
        "() -> Hash",
        "All keys as strings, also within.",
        "{a: {b: 1}}.deep_stringify_keys => {\"a\"=>{\"b\"=>1}}",
        |host, it, _| {
            let hash = this(it)?;
            if hash.is_indifferent() { Ok(Hash::copy(hash).into()) } else { renamed(host, it, &mut to_text) }
        },
    ),
    rails(
        "deep_stringify_keys!",
        "() -> Hash",
        "Makes all keys strings, also within.",
        "{a: {b: 1}}.deep_stringify_keys! => {\"a\"=>{\"b\"=>1}}",
        |host, it, _| {
            if this_to_write(it)?.is_indifferent() { Ok(it.clone()) } else { rename(host, it, &mut to_text) }
        },
    ),
    rails(
        "deep_symbolize_keys",
        "() -> Hash",
        "All keys as symbols, also within.",
        "{'a' => {'b' => 1}}.deep_symbolize_keys => {:a=>{:b=>1}}",
        |host, it, _| renamed(host, &Value::Hash(plain_copy(this(it)?)), &mut to_symbol),
    ),
    rails(
        "deep_symbolize_keys!",
        "() -> Hash",
        "Makes all keys symbols, also within.",
        "{'a' => {'b' => 1}}.deep_symbolize_keys! => {:a=>{:b=>1}}",
        |host, it, _| {
            if this_to_write(it)?.is_indifferent() {
                return Err(undefined(it, "deep_symbolize_keys!"));
            }
            rename(host, it, &mut to_symbol)
        },
    ),
    rails(
        "deep_transform_keys",
        "() { |key| … } -> Hash",
        "All keys as the block makes them, also within.",
        "{a: {b: 1}}.deep_transform_keys(&:to_s) => {\"a\"=>{\"b\"=>1}}",
        |host, it, args| {
            let block = args.need_block()?;
            renamed(host, it, &mut |host, key| host.yield_block(&block, std::slice::from_ref(key)))
        },
    ),
    rails(
        "deep_transform_keys!",
        "() { |key| … } -> Hash",
        "Changes all keys to what the block makes of them, also within.",
        "{a: {b: 1}}.deep_transform_keys!(&:to_s) => {\"a\"=>{\"b\"=>1}}",
        |host, it, args| {
            let block = args.need_block()?;
            this_to_write(it)?;
            rename(host, it, &mut |host, key| host.yield_block(&block, std::slice::from_ref(key)))
        },
    ),
    rails(
        "deep_transform_values",
        "() { |value| … } -> Hash",
        "All values as the block makes them, also within.",
        "{a: [1, {b: 2}]}.deep_transform_values(&:to_s) => {:a=>[\"1\", {:b=>\"2\"}]}",
        |host, it, args| {
            if args.block.is_none() {
                return Ok(enumerator::of(it, "deep_transform_values", args));
            }
            changed(host, it, &args)
        },
    ),
    rails(
        "deep_transform_values!",
        "() { |value| … } -> Hash",
        "Changes all values to what the block makes of them, also within.",
        "{a: [1]}.deep_transform_values!(&:to_s) => {:a=>[\"1\"]}",
        |host, it, args| {
            args.need_block()?;
            this_to_write(it)?;
            change(host, it, &args)
        },
    ),
];

type Rename<'a> = &'a mut dyn FnMut(&mut dyn Host, &Value) -> Result<Value>;

/// A plain copy with other keys.
fn renamed(host: &mut dyn Host, value: &Value, rename: Rename<'_>) -> Result<Value> {
    host.tick()?;
    match value {
        Value::Hash(hash) => {
            let made = Hash::with_capacity(hash.len());
            for (key, value) in hash.to_vec() {
                let key = rename(host, &key)?;
                made.insert(key, renamed(host, &value, rename)?);
            }
            Ok(made.into())
        }
        Value::Array(array) => {
            let mut items = Vec::with_capacity(array.len());
            for item in array.to_vec() {
                items.push(renamed(host, &item, rename)?);
            }
            Ok(Value::array(items))
        }
        other => Ok(other.clone()),
    }
}

fn rename(host: &mut dyn Host, value: &Value, rename_key: Rename<'_>) -> Result<Value> {
    host.tick()?;
    match value {
        Value::Hash(hash) => {
            for key in hash.keys() {
                let inner = hash.remove(&key).unwrap_or_default();
                let key = rename_key(host, &key)?;
                let inner = rename(host, &inner, rename_key)?;
                store(hash, key, inner)?;
            }
        }
        Value::Array(array) => {
            let mut items = Vec::with_capacity(array.len());
            for item in array.to_vec() {
                items.push(rename(host, &item, rename_key)?);
            }
            *array.items_mut() = items;
        }
        _ => {}
    }
    Ok(value.clone())
}

fn changed(host: &mut dyn Host, value: &Value, args: &Args) -> Result<Value> {
    host.tick()?;
    match value {
        Value::Hash(hash) => {
            let copy = Hash::with_shape_of(hash);
            if !hash.is_indifferent() {
                copy.set_default(HashDefault::None);
            }
            for (key, value) in hash.to_vec() {
                let value = changed(host, &value, args)?;
                copy.insert(key, value);
            }
            Ok(copy.into())
        }
        Value::Array(array) => {
            let mut items = Vec::with_capacity(array.len());
            for item in array.to_vec() {
                items.push(changed(host, &item, args)?);
            }
            Ok(Value::array(items))
        }
        other => match &args.block {
            Some(block) => host.yield_block(block, std::slice::from_ref(other)),
            None => Ok(other.clone()),
        },
    }
}

fn change(host: &mut dyn Host, value: &Value, args: &Args) -> Result<Value> {
    host.tick()?;
    match value {
        Value::Hash(hash) => {
            for (key, inner) in hash.to_vec() {
                let inner = change(host, &inner, args)?;
                hash.insert(key, inner);
            }
            Ok(value.clone())
        }
        Value::Array(array) => {
            let mut items = Vec::with_capacity(array.len());
            for item in array.to_vec() {
                items.push(change(host, &item, args)?);
            }
            *array.items_mut() = items;
            Ok(Value::Array(Rc::clone(array)))
        }
        other => match &args.block {
            Some(block) => host.yield_block(block, std::slice::from_ref(other)),
            None => Ok(other.clone()),
        },
    }
}
