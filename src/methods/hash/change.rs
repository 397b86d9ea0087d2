//! Changing: `[]=`, `delete`, `clear`, `shift`, `replace`, defaults, freezing.

use super::access::{added_while_iterating, default_of, stored_key};
use super::{as_hash, this, this_to_write, to_hash};
use crate::methods::{Args, Host, Method, ops, ruby};
use crate::value::{ClassId, Hash, HashDefault, Result, Value, assigned, indifferent_copy, raise};
use std::rc::Rc;

pub(super) const ROWS: &[Method] = &[
    ruby("[]= store", "(key, value)", "Sets the value of a key.", "h = {}; h[:a] = 1; h => {:a=>1}", |_, it, args| {
        store(this(it)?, args.get(0), args.get(1))?;
        Ok(args.get(1))
    }),
    ruby("clear", "() -> Hash", "Takes everything out.", "{a: 1}.clear => {}", |_, it, _| {
        this_to_write(it)?.clear();
        Ok(it.clone())
    }),
    ruby(
        "compare_by_identity",
        "() -> Hash",
        "Tells keys apart that are equal but not the same object.",
        "{}.compare_by_identity.compare_by_identity? => true",
        |_, it, _| {
            let hash = this_to_write(it)?;
            if hash.is_iterating() {
                return Err(raise(ClassId::RUNTIME_ERROR, "compare_by_identity during iteration"));
            }
            hash.set_by_identity();
            Ok(it.clone())
        },
    ),
    ruby(
        "default=",
        "(value)",
        "Sets what a missing key answers.",
        "h = {}; h.default = 5; h[:x] => 5",
        |_, it, args| {
            let value = args.get(0);
            let default = if value.is_nil() { HashDefault::None } else { HashDefault::Value(value.clone()) };
            this_to_write(it)?.set_default(default);
            Ok(value)
        },
    ),
    ruby(
        "default_proc=",
        "(block)",
        "Sets the block that a missing key calls.",
        "h = {}; h.default_proc = ->(hash, key) { key }; h[:x] => :x",
        set_default_proc,
    ),
    ruby(
        "delete",
        "(key) [{ |key| … }]",
        "Takes out an entry and answers its value.",
        "h = {a: 1, b: 2}; [h.delete(:a), h] => [1, {:b=>2}]",
        |host, it, args| {
            let hash = this_to_write(it)?;
            match (hash.remove(&args.get(0)), &args.block) {
                (Some(value), _) => Ok(value),
                (None, Some(block)) => host.yield_block(block, &[stored_key(hash, &args.get(0))]),
                (None, None) => Ok(Value::Nil),
            }
        },
    ),
    ruby(
        "rehash",
        "() -> Hash",
        "Finds keys again that were changed from outside.",
        "{a: 1}.rehash => {:a=>1}",
        |_, it, _| {
            let hash = this_to_write(it)?;
            if hash.is_iterating() {
                return Err(raise(ClassId::RUNTIME_ERROR, "rehash during iteration"));
            }
            hash.rehash();
            Ok(it.clone())
        },
    ),
    ruby(
        "replace",
        "(hash) -> Hash",
        "Takes over the entries of another hash.",
        "{a: 1}.replace({b: 2}) => {:b=>2}",
        |host, it, args| {
            let hash = this_to_write(it)?;
            let other = if hash.is_indifferent() {
                indifferent_copy(&*to_hash(host, &args.get(0))?)
            } else {
                as_hash(host, &args.get(0))?
            };
            hash.replace(&other);
            hash.set_default(other.default_value());
            Ok(it.clone())
        },
    ),
    ruby(
        "shift",
        "()",
        "Takes off the first entry.",
        "h = {a: 1, b: 2}; [h.shift, h] => [[:a, 1], {:b=>2}]",
        |host, it, _| {
            let hash = this_to_write(it)?;
            match hash.shift() {
                Some((key, value)) => Ok(Value::array(vec![key, value])),
                None => default_of(host, hash, &Value::Nil),
            }
        },
    ),
];

/// `hash[key] = value`: the checks, and what an indifferent hash makes of the value.
pub fn store(hash: &Rc<Hash>, key: Value, value: Value) -> Result<()> {
    if hash.is_frozen() {
        ops::check_frozen(&Value::Hash(Rc::clone(hash)))?;
    }
    if !hash.can_add(&key) {
        return Err(added_while_iterating());
    }
    hash.insert(key, if hash.is_indifferent() { assigned(value) } else { value });
    Ok(())
}

fn set_default_proc(_: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let hash = this_to_write(receiver)?;
    let given = args.get(0);
    match &given {
        Value::Nil => hash.set_default(HashDefault::None),
        Value::Proc(block) => {
            let arity = block.code.arity().number(block.is_lambda);
            if block.is_lambda && arity != 2 && !(-3..0).contains(&arity) {
                let takes = if arity < 0 { -arity - 1 } else { arity };
                let message = format!("default_proc takes two arguments (2 for {takes})");
                return Err(raise(ClassId::TYPE_ERROR, message));
            }
            hash.set_default(HashDefault::Proc(Rc::clone(block)));
        }
        other => {
            let class = other.class().name();
            let message = format!("wrong default_proc type {class} (expected Proc)");
            return Err(raise(ClassId::TYPE_ERROR, message));
        }
    }
    Ok(given)
}
