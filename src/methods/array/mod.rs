//! Array: its methods, a file for each concern. A `where` answers to all of them with its rows.

mod access;
mod change;
mod combinations;
mod combine;
mod convert;
mod filter;
mod groups;
pub mod index;
mod make;
mod sdk;
mod search;
mod write;

pub use convert::join;

use super::{Host, Receiver, Table, args::no_conversion, ops, where_};
use crate::value::{Array, Kind, Result, Value};
use std::rc::Rc;

/// The tables of this directory.
pub static TABLES: &[Table] = &[
    Table { receiver: ARRAY, rows: access::ROWS },
    Table { receiver: ARRAY, rows: change::ROWS },
    Table { receiver: ARRAY, rows: combinations::ROWS },
    Table { receiver: ARRAY, rows: combine::ROWS },
    Table { receiver: ARRAY, rows: convert::ROWS },
    Table { receiver: ARRAY, rows: filter::ROWS },
    Table { receiver: ARRAY, rows: groups::ROWS },
    Table { receiver: ARRAY, rows: sdk::ROWS },
    Table { receiver: ARRAY, rows: search::ROWS },
    Table { receiver: ARRAY, rows: write::ROWS },
    Table { receiver: Receiver::Singleton("Array"), rows: make::ROWS },
];

const ARRAY: Receiver = Receiver::Kinds(&[Kind::Array, Kind::Where]);

/// The array that a method was called on.
fn this(host: &mut dyn Host, receiver: &Value) -> Result<Rc<Array>> {
    match receiver {
        Value::Array(array) => Ok(Rc::clone(array)),
        other => as_array(host, other),
    }
}

/// The array to be changed; FrozenError if it may not be.
fn this_to_write(host: &mut dyn Host, receiver: &Value) -> Result<Rc<Array>> {
    let array = this(host, receiver)?;
    if array.is_frozen() {
        ops::check_frozen(receiver)?;
    }
    Ok(array)
}

/// An argument that must be an array; a request is executed first.
pub fn as_array(host: &mut dyn Host, value: &Value) -> Result<Rc<Array>> {
    match host.force(value)? {
        Value::Array(array) => Ok(array),
        other => match where_::rows(host, &other)? {
            Some(Value::Array(array)) => Ok(array),
            _ => Err(no_conversion(&other, "Array")),
        },
    }
}
