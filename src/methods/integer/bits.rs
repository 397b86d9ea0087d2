//! Bits: `& | ^ ~ << >> []` and the tests of masks.

use super::{big, implicit};
use crate::methods::arithmetic::cannot_coerce;
use crate::methods::{Args, Host, Method, ruby};
use crate::value::number_text::room_for_bits;
use crate::value::{ClassId, Result, Value, raise};
use num_bigint::BigInt;
use num_traits::{Signed, ToPrimitive, Zero};

pub(super) const ROWS: &[Method] = &[
    ruby("&", "(other) -> Integer", "The bits that both have.", "5 & 3 => 1", |host, a, args| {
        bitwise(host, a, &args.get(0), |a, b| a & b, |a, b| a & b)
    }),
    ruby("<<", "(count) -> Integer", "The bits moved up.", "1 << 10 => 1024", |_, a, args| shift(a, &args, false)),
    ruby(">>", "(count) -> Integer", "The bits moved down.", "-9 >> 1 => -5", |_, a, args| shift(a, &args, true)),
    ruby(
        "[]",
        "(index, length = 1) -> Integer",
        "One bit, or several as a number.",
        "5[0] => 1\n0b11010[1, 3] => 5",
        index,
    ),
    ruby("^", "(other) -> Integer", "The bits that one of the two has.", "5 ^ 3 => 6", |host, a, args| {
        bitwise(host, a, &args.get(0), |a, b| a ^ b, |a, b| a ^ b)
    }),
    ruby(
        "allbits?",
        "(mask) -> Boolean",
        "Whether all bits of the mask are set.",
        "6.allbits?(2) => true",
        |_, a, args| {
            let mask = implicit(&args.get(0))?;
            Ok(Value::bool((big(a).as_ref() & &mask) == mask))
        },
    ),
    ruby(
        "anybits?",
        "(mask) -> Boolean",
        "Whether any bit of the mask is set.",
        "6.anybits?(1) => false",
        |_, a, args| Ok(Value::bool(!(big(a).as_ref() & implicit(&args.get(0))?).is_zero())),
    ),
    ruby(
        "bit_length",
        "() -> Integer",
        "How many bits the number needs without its sign.",
        "255.bit_length => 8\n-1.bit_length => 0",
        |_, a, _| {
            let number = big(a);
            let magnitude = if number.is_negative() { !number.as_ref() } else { number.into_owned() };
            Ok(Value::Int(magnitude.bits() as i64))
        },
    ),
    ruby("nobits?", "(mask) -> Boolean", "Whether no bit of the mask is set.", "6.nobits?(1) => true", |_, a, args| {
        Ok(Value::bool((big(a).as_ref() & implicit(&args.get(0))?).is_zero()))
    }),
    ruby("|", "(other) -> Integer", "The bits that either has.", "5 | 3 => 7", |host, a, args| {
        bitwise(host, a, &args.get(0), |a, b| a | b, |a, b| a | b)
    }),
    ruby("~", "() -> Integer", "Every bit turned over.", "~5 => -6", |_, a, _| {
        Ok(match a {
            Value::Int(number) => Value::Int(!number),
            other => Value::big(!big(other).as_ref()),
        })
    }),
];

fn bitwise(
    host: &mut dyn Host,
    a: &Value,
    b: &Value,
    small: fn(i64, i64) -> i64,
    large: fn(&BigInt, &BigInt) -> BigInt,
) -> Result<Value> {
    let b = host.force(b)?;
    match (a, &b) {
        (Value::Int(a), Value::Int(b)) => Ok(Value::Int(small(*a, *b))),
        (_, Value::Int(_) | Value::BigInt(_)) => Ok(Value::big(large(&big(a), &big(&b)))),
        _ => Err(cannot_coerce(&b, a)),
    }
}

fn shift(a: &Value, args: &Args, down: bool) -> Result<Value> {
    let count = implicit(&args.get(0))?;
    let down = down != count.is_negative();
    let number = big(a);
    let Some(count) = count.magnitude().to_usize() else {
        return match (down, number.is_zero()) {
            (true, _) => Ok(Value::Int(if number.is_negative() { -1 } else { 0 })),
            (_, true) => Ok(Value::Int(0)),
            _ => Err(raise(ClassId::RANGE_ERROR, "shift width too big")),
        };
    };
    if down {
        return Ok(Value::big(number.into_owned() >> count));
    }
    if !number.is_zero() {
        room_for_bits(number.bits().saturating_add(count as u64))?;
    }
    Ok(Value::big(number.into_owned() << count))
}

/// `number[index]`, `number[index, length]`, `number[range]`.
fn index(_: &mut dyn Host, a: &Value, args: Args) -> Result<Value> {
    let number = big(a);
    if let Value::Range(range) = args.get(0) {
        let low = if range.lo.is_nil() { 0 } else { super::super::args::to_int(&range.lo)? };
        let moved = shift(a, &Args::one(Value::Int(low)), true)?;
        if range.hi.is_nil() {
            return Ok(moved);
        }
        let high = super::super::args::to_int(&range.hi)? - i64::from(range.exclusive);
        if range.lo.is_nil() {
            return beginless(a, high);
        }
        if high < low {
            return Ok(moved);
        }
        return Ok(low_bits(&moved, high - low + 1));
    }
    if args.given(1).is_some() {
        let moved = shift(a, &Args::one(args.get(0)), true)?;
        return Ok(low_bits(&moved, args.int(1)?));
    }
    let at = implicit(&args.get(0))?;
    let bit = match at.to_u64() {
        Some(at) => number.bit(at),
        None => !at.is_negative() && number.is_negative(),
    };
    Ok(Value::Int(i64::from(bit)))
}

/// Bits from minus infinity on: zero, unless some are set.
fn beginless(value: &Value, high: i64) -> Result<Value> {
    match low_bits(value, high + 1) {
        Value::Int(0) => Ok(Value::Int(0)),
        _ => Err(raise(ClassId::ARGUMENT_ERROR, "The beginless range for Integer#[] results in infinity")),
    }
}

fn low_bits(value: &Value, count: i64) -> Value {
    let count = u32::try_from(count).unwrap_or(0);
    let mask = (BigInt::from(1) << count) - 1;
    Value::big(big(value).as_ref() & mask)
}
