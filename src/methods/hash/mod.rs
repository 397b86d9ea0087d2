//! Hash: its methods, a file for each concern. Indifferent hashes share them; where they differ the body says so.

mod access;
mod change;
mod compare;
mod convert;
mod deep;
mod filter;
mod keys;
mod make;
mod merge;
pub mod query;
mod values;

pub use access::lookup;
pub use change::store;

use super::{Args, Host, Receiver, Table, args::no_conversion, ops};
use crate::value::{ClassId, Hash, Kind, Result, Value, raise};
use std::rc::Rc;

/// The tables of this directory.
pub static TABLES: &[Table] = &[
    Table { receiver: HASH, rows: access::ROWS },
    Table { receiver: HASH, rows: change::ROWS },
    Table { receiver: HASH, rows: compare::ROWS },
    Table { receiver: HASH, rows: convert::ROWS },
    Table { receiver: HASH, rows: deep::ROWS },
    Table { receiver: HASH, rows: filter::ROWS },
    Table { receiver: HASH, rows: keys::ROWS },
    Table { receiver: HASH, rows: merge::ROWS },
    Table { receiver: HASH, rows: query::ROWS },
    Table { receiver: HASH, rows: values::ROWS },
    Table { receiver: Receiver::Singleton("Hash"), rows: make::ROWS },
    Table { receiver: Receiver::Singleton("ActiveSupport::HashWithIndifferentAccess"), rows: make::INDIFFERENT_ROWS },
];

const HASH: Receiver = Receiver::Kinds(&[Kind::Hash]);

/// The hash that a method was called on.
fn this(receiver: &Value) -> Result<&Rc<Hash>> {
    match receiver {
        Value::Hash(hash) => Ok(hash),
        other => Err(no_conversion(other, "Hash")),
    }
}

/// The hash to be changed; FrozenError if it may not be.
fn this_to_write(receiver: &Value) -> Result<&Rc<Hash>> {
    let hash = this(receiver)?;
    if hash.is_frozen() {
        ops::check_frozen(receiver)?;
    }
    Ok(hash)
}

/// An argument that must be a hash; a request is executed first.
pub fn as_hash(host: &mut dyn Host, value: &Value) -> Result<Rc<Hash>> {
    match value {
        Value::Hash(hash) => Ok(Rc::clone(hash)),
        other => match host.force(other)? {
            Value::Hash(hash) => Ok(hash),
            other => Err(no_conversion(&other, "Hash")),
        },
    }
}

/// An argument on which an indifferent hash calls `to_hash`.
fn to_hash(host: &mut dyn Host, value: &Value) -> Result<Rc<Hash>> {
    match host.force(value)? {
        Value::Hash(hash) => Ok(hash),
        other => match ops::send(host, &other, "to_hash", &[])? {
            Value::Hash(hash) => Ok(hash),
            other => Err(no_conversion(&other, "Hash")),
        },
    }
}

/// A method that an indifferent hash takes away.
fn undefined(receiver: &Value, name: &str) -> Box<crate::value::Unwind> {
    let text = crate::value::inspect(receiver).to_text();
    raise(ClassId::NO_METHOD_ERROR, format!("undefined method `{name}' for {text}:{}", receiver.class().name()))
}

/// Iterates with the hash marked: no new keys while the step runs, positions stay.
fn each(
    host: &mut dyn Host,
    hash: &Rc<Hash>,
    step: &mut dyn FnMut(&mut dyn Host, Value, Value) -> Result<()>,
) -> Result<()> {
    let _positions_stay = hash.iterate();
    let mut position = 0;
    while let Some((next, key, value)) = hash.entry_from(position) {
        step(host, key, value)?;
        position = next;
    }
    Ok(())
}

/// Calls a block that is given key and value as two things: `select`, `reject`, `delete_if`.
fn yield_pair(host: &mut dyn Host, args: &Args, key: &Value, value: &Value) -> Result<Value> {
    match &args.block {
        Some(block) => host.yield_block(block, &[key.clone(), value.clone()]),
        None => Ok(Value::Nil),
    }
}
