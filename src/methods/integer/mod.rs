//! Methods of integers of any size.

mod bits;
mod loops;
mod theory;
mod words;

use super::{Receiver, Table};
use crate::value::{ClassId, Kind, Result, Unwind, Value, raise};
use num_bigint::BigInt;
use std::borrow::Cow;

pub static TABLES: &[Table] = &[
    Table { receiver: Receiver::Kinds(&[Kind::Integer]), rows: bits::ROWS },
    Table { receiver: Receiver::Kinds(&[Kind::Integer]), rows: loops::ROWS },
    Table { receiver: Receiver::Kinds(&[Kind::Integer]), rows: theory::ROWS },
    Table { receiver: Receiver::Kinds(&[Kind::Integer]), rows: words::ROWS },
    Table { receiver: Receiver::Singleton("Integer"), rows: theory::CLASS_ROWS },
];

/// The receiver as a big integer.
fn big(value: &Value) -> Cow<'_, BigInt> {
    match value {
        Value::BigInt(number) => Cow::Borrowed(number),
        Value::Int(number) => Cow::Owned(BigInt::from(*number)),
        _ => Cow::Owned(BigInt::ZERO),
    }
}

/// Ruby's implicit conversion to an integer of any size.
fn implicit(value: &Value) -> Result<BigInt> {
    match value {
        Value::Int(number) => Ok(BigInt::from(*number)),
        Value::BigInt(number) => Ok(BigInt::clone(number)),
        Value::Float(number) => super::convert::float_to_integer(number.get()),
        Value::Rational(number) => Ok(&number.numerator / &number.denominator),
        Value::Decimal(number) => {
            number.to_integer().ok_or_else(|| raise(ClassId::FLOAT_DOMAIN_ERROR, number.to_plain()))
        }
        other => Err(super::args::no_conversion(other, "Integer")),
    }
}

/// An argument that must be an integer as it is.
fn strict(value: &Value) -> Result<Cow<'_, BigInt>> {
    match value {
        Value::Int(_) | Value::BigInt(_) => Ok(big(value)),
        _ => Err(not_an_integer()),
    }
}

#[cold]
fn not_an_integer() -> Box<Unwind> {
    raise(ClassId::TYPE_ERROR, "not an integer")
}
