//! Arithmetic between any two numbers: Integer, Rational, Float, BigDecimal and, on the right, Duration.
//!
//! A pair meets at the wider of its two types (Integer < Rational < Float < BigDecimal), as Ruby's `coerce` arranges.

pub(super) mod decimal;
mod duration;
mod float;
mod integer;
mod power;
mod rational;

pub use power::{power, power_modulo};

use super::{Args, Host, args};
use crate::value::number_text::room_for_bits;
use crate::value::{ClassId, Decimal, Rational, Result, Unwind, Value, inspect, raise};
use num_bigint::BigInt;
use std::borrow::Cow;

/// An operation of two numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
    /// `div`: the floored quotient as an integer.
    FloorDivide,
    Remainder,
}

/// Two numbers at their common type.
enum Pair<'a> {
    Integers(i64, i64),
    BigIntegers(Cow<'a, BigInt>, Cow<'a, BigInt>),
    Rationals(Rational, Rational),
    Floats(f64, f64),
    Decimals(Decimal, Decimal),
}

/// `a op b`. Errors: TypeError where `b` is no number, ZeroDivisionError, FloatDomainError.
pub fn binary(host: &mut dyn Host, op: Op, a: &Value, b: &Value) -> Result<Value> {
    if let Some(pair) = pair(a, b) {
        return compute(host, op, a, b, pair);
    }
    match b {
        Value::Duration(duration) => duration::with_scalar(host, op, a, duration),
        Value::Object(_) => {
            let forced = host.force(b)?;
            if crate::value::same(&forced, b) { Err(cannot_coerce(b, a)) } else { binary(host, op, a, &forced) }
        }
        _ => Err(cannot_coerce(b, a)),
    }
}

fn compute(host: &mut dyn Host, op: Op, a: &Value, b: &Value, pair: Pair) -> Result<Value> {
    match (op, &pair) {
        (_, Pair::Integers(a, b)) => integer::small(op, *a, *b),
        (_, Pair::BigIntegers(a, b)) => {
            room_for_bits(if op == Op::Multiply { a.bits() + b.bits() } else { a.bits().max(b.bits()) })?;
            integer::big(op, a, b)
        }
        // Rational and Float take these three from Numeric, which goes by division and subtraction.
        (Op::FloorDivide, _) if !matches!(a, Value::Decimal(_) | Value::Int(_) | Value::BigInt(_)) => {
            floor_divide(host, a, b)
        }
        (Op::Modulo, _) if matches!(a, Value::Rational(_)) => generic_modulo(host, a, b),
        (Op::Remainder, _) if !matches!(a, Value::Decimal(_)) => generic_remainder(host, a, b),
        (_, Pair::Rationals(a, b)) => rational::compute(op, a, b),
        (_, Pair::Floats(a, b)) => float::compute(op, *a, *b),
        (_, Pair::Decimals(a, b)) => decimal::compute(host, op, a, b),
    }
}

/// `a.divmod(b)`.
pub fn divmod(host: &mut dyn Host, a: &Value, b: &Value) -> Result<Value> {
    let whole_and_rest = match (a, pair(a, b)) {
        (Value::Rational(_), _) | (_, Some(Pair::Integers(..) | Pair::BigIntegers(..) | Pair::Rationals(..))) => {
            [binary(host, Op::FloorDivide, a, b)?, binary(host, Op::Modulo, a, b)?]
        }
        (_, Some(Pair::Floats(a, b))) => float::divmod(a, b)?,
        (_, Some(Pair::Decimals(a, b))) => decimal::divmod(host, &a, &b)?.map(Value::decimal),
        (_, None) => [binary(host, Op::FloorDivide, a, b)?, binary(host, Op::Modulo, a, b)?],
    };
    Ok(Value::array(whole_and_rest.to_vec()))
}

/// `a.fdiv(b)`: the quotient as a float.
pub fn float_divide(host: &mut dyn Host, a: &Value, b: &Value) -> Result<Value> {
    let is_exact = |value: &Value| matches!(value, Value::Int(_) | Value::BigInt(_) | Value::Rational(_));
    let quotient = match (a, b) {
        (Value::Int(_) | Value::BigInt(_), Value::Int(_) | Value::BigInt(_)) => Value::float(integer::fdiv(a, b)),
        (Value::Int(_) | Value::BigInt(_), Value::Decimal(_)) => {
            let dividend = super::convert::as_float(a).unwrap_or(f64::NAN);
            binary(host, Op::Divide, &Value::float(dividend), b)?
        }
        (
            Value::Int(_) | Value::BigInt(_),
            Value::Nil | Value::True | Value::False | Value::Str(_) | Value::Symbol(_),
        ) => {
            return Err(cannot_coerce(b, a));
        }
        _ if is_exact(a) && is_zero(b) => binary(host, Op::Divide, a, &Value::float(0.0))?,
        (Value::Int(_) | Value::BigInt(_), _) => quotient(host, a, b)?,
        (Value::Decimal(number), _) => return binary(host, Op::Divide, &Value::float(number.to_f64()), b),
        _ => binary(host, Op::Divide, a, b)?,
    };
    if !is_exact(a) {
        return Ok(quotient);
    }
    Ok(super::convert::as_float(&quotient).map_or(quotient, Value::float))
}

/// `a.quo(b)`: exact where both are exact.
pub fn quotient(host: &mut dyn Host, a: &Value, b: &Value) -> Result<Value> {
    match (a, b) {
        (Value::Int(_) | Value::BigInt(_), Value::Float(_)) => binary(host, Op::Divide, a, b),
        (Value::Int(_) | Value::BigInt(_), _) => {
            let exact = Value::rational(integer_fraction(a));
            binary(host, Op::Divide, &exact, b)
        }
        _ => binary(host, Op::Divide, a, b),
    }
}

/// Numeric#div: the quotient, floored; a zero divisor of any type is an error.
fn floor_divide(host: &mut dyn Host, a: &Value, b: &Value) -> Result<Value> {
    if is_zero(b) {
        return Err(divided_by_zero());
    }
    let quotient = binary(host, Op::Divide, a, b)?;
    super::numeric::floor(host, &quotient)
}

fn generic_modulo(host: &mut dyn Host, a: &Value, b: &Value) -> Result<Value> {
    let quotient = binary(host, Op::FloorDivide, a, b)?;
    let product = binary(host, Op::Multiply, b, &quotient)?;
    binary(host, Op::Subtract, a, &product)
}

fn generic_remainder(host: &mut dyn Host, a: &Value, b: &Value) -> Result<Value> {
    let rest = binary(host, Op::Modulo, a, b)?;
    let zero = Value::Int(0);
    let signs = (crate::value::compare(a, &zero), crate::value::compare(b, &zero));
    let differ = signs.0.is_some() && signs.0.map(std::cmp::Ordering::reverse) == signs.1;
    if !differ || is_zero(&rest) {
        return Ok(rest);
    }
    if matches!(b, Value::Float(b) if b.get().is_infinite()) {
        return Ok(a.clone());
    }
    binary(host, Op::Subtract, &rest, b)
}

/// Zero of any type.
pub fn is_zero(value: &Value) -> bool {
    match value {
        Value::Int(number) => *number == 0,
        Value::Float(number) => number.get() == 0.0,
        Value::Rational(number) => number.numerator == BigInt::ZERO,
        Value::Decimal(number) => number.is_zero(),
        _ => false,
    }
}

/// An integer as a fraction over one.
fn integer_fraction(value: &Value) -> Rational {
    Rational { numerator: big(value).into_owned(), denominator: BigInt::from(1) }
}

fn big(value: &Value) -> Cow<'_, BigInt> {
    match value {
        Value::BigInt(number) => Cow::Borrowed(number),
        Value::Int(number) => Cow::Owned(BigInt::from(*number)),
        _ => Cow::Owned(BigInt::ZERO),
    }
}

fn pair<'a>(a: &'a Value, b: &'a Value) -> Option<Pair<'a>> {
    Some(match (a, b) {
        (Value::Int(a), Value::Int(b)) => Pair::Integers(*a, *b),
        (Value::Float(a), Value::Float(b)) => Pair::Floats(a.get(), b.get()),
        (Value::Decimal(_), _) | (_, Value::Decimal(_)) => Pair::Decimals(decimal_of(a, b)?, decimal_of(b, a)?),
        (Value::Float(_), _) | (_, Value::Float(_)) => {
            Pair::Floats(super::convert::as_float(a)?, super::convert::as_float(b)?)
        }
        (Value::Rational(_), _) | (_, Value::Rational(_)) => Pair::Rationals(rational_of(a)?, rational_of(b)?),
        (Value::Int(_) | Value::BigInt(_), Value::Int(_) | Value::BigInt(_)) => Pair::BigIntegers(big(a), big(b)),
        _ => return None,
    })
}

fn rational_of(value: &Value) -> Option<Rational> {
    match value {
        Value::Rational(number) => Some(Rational::clone(number)),
        Value::Int(_) | Value::BigInt(_) => Some(integer_fraction(value)),
        _ => None,
    }
}

/// A number as a decimal; a fraction is cut to the precision of the decimal it meets.
fn decimal_of(value: &Value, other: &Value) -> Option<Decimal> {
    match value {
        Value::Decimal(number) => Some(Decimal::clone(number)),
        Value::Int(number) => Some(Decimal::from(*number)),
        Value::BigInt(number) => Some(Decimal::from(BigInt::clone(number))),
        Value::Float(number) => Some(Decimal::from_float(number.get())),
        Value::Rational(number) => {
            let Value::Decimal(other) = other else { return None };
            let digits = decimal::words(other) * decimal::WORD;
            Some(decimal::ratio(&number.numerator, &number.denominator, digits))
        }
        _ => None,
    }
}

/// `coerce`: the pair `[other, self]` at a common type.
pub fn coerce(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let other = args.get(0);
    let both = match (receiver, &other) {
        (Value::Int(_) | Value::BigInt(_), Value::Int(_) | Value::BigInt(_)) | (Value::Float(_), Value::Float(_)) => {
            [other, receiver.clone()]
        }
        (Value::Rational(_), Value::Int(_) | Value::BigInt(_)) => {
            [Value::rational(integer_fraction(&other)), receiver.clone()]
        }
        (Value::Rational(_), Value::Rational(_)) => [other, receiver.clone()],
        (Value::Rational(number), Value::Float(_)) => [other, Value::float(number.to_f64())],
        (Value::Rational(_), _) => return Err(cannot_coerce(&other, receiver)),
        (Value::Decimal(_), _) => match decimal_of(&other, receiver) {
            Some(decimal) => [Value::decimal(decimal), receiver.clone()],
            None => return Err(cannot_coerce(&other, receiver)),
        },
        _ => {
            let other = super::convert::to_float(host, &other)?;
            let own = super::convert::to_float(host, receiver)?;
            [Value::float(other), Value::float(own)]
        }
    };
    Ok(Value::array(both.to_vec()))
}

/// How coercion and comparison errors name a value: nil, true, false, symbols and floats print, others by class.
pub fn name_in_error(value: &Value) -> String {
    match value {
        Value::Nil | Value::True | Value::False | Value::Symbol(_) | Value::Float(_) => inspect(value).to_text(),
        other => other.class().name().to_owned(),
    }
}

/// `X can't be coerced into Integer`.
#[cold]
pub fn cannot_coerce(value: &Value, into: &Value) -> Box<Unwind> {
    let message = format!("{} can't be coerced into {}", name_in_error(value), args::describe(into));
    raise(ClassId::TYPE_ERROR, message)
}

#[cold]
pub fn divided_by_zero() -> Box<Unwind> {
    raise(ClassId::ZERO_DIVISION_ERROR, "divided by 0")
}
