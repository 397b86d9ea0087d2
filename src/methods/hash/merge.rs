//! Bringing hashes together: `merge`, `update`, `reverse_merge`, `deep_merge`.

use super::access::stored_key;
use super::{as_hash, store, this, this_to_write, to_hash};
use crate::methods::{Args, Host, Method, ops, rails, ruby};
use crate::value::{Hash, Result, Value, indifferent, indifferent_copy};
use std::rc::Rc;

pub(super) const ROWS: &[Method] = &[
    rails(
        "deep_merge",
        "(other) [{ |key, old, new| … }] -> Hash",
        "Both hashes; hashes within are merged too.",
        "{a: {b: 1}}.deep_merge({a: {c: 2}}) => {:a=>{:b=>1, :c=>2}}",
        |host, it, args| {
            let copy = Hash::copy(this(it)?).into();
            deep_merge(host, &copy, &args)
        },
    ),
    rails(
        "deep_merge!",
        "(other) [{ |key, old, new| … }] -> Hash",
        "Merges another hash in; hashes within are merged too.",
        "{a: {b: 1}}.deep_merge!({a: {c: 2}}) => {:a=>{:b=>1, :c=>2}}",
        |host, it, args| {
            this_to_write(it)?;
            deep_merge(host, it, &args)
        },
    ),
    ruby(
        "merge",
        "(*others) [{ |key, old, new| … }] -> Hash",
        "The entries of all; later ones win, or the block decides.",
        "{a: 1}.merge({b: 2}) => {:a=>1, :b=>2}\n{a: 1}.merge({a: 2}) { |k, old, new| old + new } => {:a=>3}",
        |host, it, args| {
            let more = args.values.iter().map(|other| if let Value::Hash(other) = other { other.len() } else { 0 });
            let copy = this(it)?.copy_with_room(more.sum()).into();
            update(host, &copy, args)
        },
    ),
    ruby(
        "merge! update",
        "(*others) [{ |key, old, new| … }] -> Hash",
        "Takes in the entries of others; they win, or the block decides.",
        "{a: 1}.merge!({b: 2}) => {:a=>1, :b=>2}",
        |host, it, args| {
            this_to_write(it)?;
            update(host, it, args)
        },
    ),
    rails(
        "reverse_merge with_defaults",
        "(other) -> Hash",
        "The entries of both; the receiver's win.",
        "{a: 1}.reverse_merge({a: 9, b: 2}) => {:a=>1, :b=>2}",
        reverse_merge,
    ),
    rails(
        "reverse_merge! with_defaults! reverse_update",
        "(other) -> Hash",
        "Takes in the entries of another that are missing.",
        "{a: 1}.reverse_merge!({a: 9, b: 2}) => {:a=>1, :b=>2}",
        |host, it, args| {
            let hash = this_to_write(it)?;
            if let Value::Hash(merged) = reverse_merge(host, it, args)? {
                hash.replace(&merged);
            }
            Ok(it.clone())
        },
    ),
];

/// Decides between an old and a new value.
type Decide<'a> = Option<&'a mut dyn FnMut(&mut dyn Host, &Value, &Value, &Value) -> Result<Value>>;

fn update(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let hash = this(receiver)?;
    let block = args.block.clone();
    for other in &args.values {
        match &block {
            None => merge_one(host, hash, other, None)?,
            Some(block) => merge_one(
                host,
                hash,
                other,
                Some(&mut |host, key, old, new| host.yield_block(block, &[key.clone(), old.clone(), new.clone()])),
            )?,
        }
    }
    Ok(receiver.clone())
}

/// Merges one hash into another. An indifferent hash converts what comes from a plain one.
fn merge_one(host: &mut dyn Host, hash: &Rc<Hash>, other: &Value, mut decide: Decide<'_>) -> Result<()> {
    let other = if hash.is_indifferent() { to_hash(host, other)? } else { as_hash(host, other)? };
    let converts = hash.is_indifferent() && !other.is_indifferent();
    if decide.is_none() && !converts && !hash.is_iterating() && !Rc::ptr_eq(hash, &other) {
        hash.extend(&other);
        return Ok(());
    }
    for (key, value) in other.to_vec() {
        let value = match (&mut decide, hash.get(&key)) {
            (Some(decide), Some(old)) => decide(host, &stored_key(hash, &key), &old, &value)?,
            _ => value,
        };
        if hash.can_add(&key) {
            hash.insert(key, if converts { indifferent(&value) } else { value });
        } else {
            store(hash, key, value)?;
        }
    }
    Ok(())
}

fn deep_merge(host: &mut dyn Host, receiver: &Value, args: &Args) -> Result<Value> {
    let block = args.block.clone();
    let inner = block.clone();
    let mut decide = move |host: &mut dyn Host, key: &Value, old: &Value, new: &Value| match (old, new, &inner) {
        (Value::Hash(old), Value::Hash(_), _) => {
            host.tick()?;
            let copy: Value = Hash::copy(old).into();
            deep_merge(host, &copy, &Args::one(new.clone()).with_block(block.clone()))
        }
        (_, _, Some(block)) => host.yield_block(block, &[key.clone(), old.clone(), new.clone()]),
        (_, _, None) => Ok(new.clone()),
    };
    merge_one(host, this(receiver)?, &args.get(0), Some(&mut decide))?;
    Ok(receiver.clone())
}

fn reverse_merge(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let other = host.force(&args.get(0))?;
    let other = match (&other, this(receiver)?.is_indifferent()) {
        (Value::Hash(other), true) => Value::Hash(indifferent_copy(other)),
        (_, true) => Hash::indifferent().into(),
        (_, false) => other,
    };
    ops::send(host, &other, "merge", std::slice::from_ref(receiver))
}
