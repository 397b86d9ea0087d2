//! Binary search over ranges of numbers and over arrays: the block answers true/false or a direction.

use super::bounds::this;
use crate::methods::{Args, Host, enumerator};
use crate::value::{ClassId, Proc, Result, Value, raise};
use std::cmp::Ordering;
use std::rc::Rc;

/// Which way to go on.
pub enum Probe {
    /// `true`: this one, or one to the left.
    Left,
    /// `false`, nil, or a number above zero: to the right.
    Right,
    /// Zero: this one.
    Here,
    /// A number below zero: to the left, and not this one.
    Less,
}

/// Reads what the block answered.
pub fn probe(answer: &Value) -> Result<Probe> {
    Ok(match answer {
        Value::True => Probe::Left,
        Value::False | Value::Nil => Probe::Right,
        other => match crate::value::compare(other, &Value::Int(0)) {
            Some(Ordering::Equal) => Probe::Here,
            Some(Ordering::Less) => Probe::Less,
            Some(Ordering::Greater) => Probe::Right,
            None => {
                let class = other.class().name();
                let message = format!("wrong argument type {class} (must be numeric, true, false or nil)");
                return Err(raise(ClassId::TYPE_ERROR, message));
            }
        },
    })
}

/// Searches the numbers from `lo` below `hi`; `at` asks the block about one of them.
pub fn search(lo: i128, hi: i128, mut at: impl FnMut(i128) -> Result<Value>) -> Result<Option<i128>> {
    let (mut lo, mut hi) = (lo, hi);
    let mut found = None;
    while lo < hi {
        let middle = lo + (hi - lo) / 2;
        match probe(&at(middle)?)? {
            Probe::Here => return Ok(Some(middle)),
            Probe::Left => {
                found = Some(middle);
                hi = middle;
            }
            Probe::Less => hi = middle,
            Probe::Right => lo = middle + 1,
        }
    }
    Ok(found)
}

pub(super) fn bsearch(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let range = this(receiver)?;
    let Some(block) = args.block.clone() else { return Ok(enumerator::of(receiver, "bsearch", args)) };
    match (&range.lo, &range.hi) {
        (Value::Float(_), _) | (_, Value::Float(_)) => {
            let lo = ordered(&range.lo, f64::NEG_INFINITY)?;
            let hi = ordered(&range.hi, f64::INFINITY)? + i128::from(!range.exclusive);
            let found = search(lo, hi, |at| host.yield_block(&block, &[Value::float(from_ordered(at))]))?;
            Ok(found.map(from_ordered).into())
        }
        (Value::Int(lo), Value::Int(hi)) => {
            let hi = i128::from(*hi) + i128::from(!range.exclusive);
            integers(host, &block, i128::from(*lo), hi)
        }
        (Value::Int(lo), Value::Nil) => endless(host, &block, i128::from(*lo), 1),
        (Value::Nil, Value::Int(hi)) => endless(host, &block, i128::from(*hi), -1),
        (lo, _) => {
            let class = lo.class().name();
            Err(raise(ClassId::TYPE_ERROR, format!("can't do binary search for {class}")))
        }
    }
}

fn integers(host: &mut dyn Host, block: &Rc<Proc>, lo: i128, hi: i128) -> Result<Value> {
    let found = search(lo, hi, |at| host.yield_block(block, &[Value::big(at.into())]))?;
    Ok(found.map_or(Value::Nil, |at| Value::big(at.into())))
}

/// Doubles the distance from the known end until the answer lies between.
fn endless(host: &mut dyn Host, block: &Rc<Proc>, from: i128, direction: i128) -> Result<Value> {
    let mut distance = 1_i128;
    loop {
        let at = from + distance * direction;
        let answer = probe(&host.yield_block(block, &[Value::big(at.into())])?)?;
        let passed = match answer {
            Probe::Here => return Ok(Value::big(at.into())),
            Probe::Left | Probe::Less => direction > 0,
            Probe::Right => direction < 0,
        };
        if passed {
            let (lo, hi) = if direction > 0 { (from, at + 1) } else { (at, from + 1) };
            return integers(host, block, lo, hi);
        }
        if distance > i128::from(i64::MAX) {
            return Ok(Value::Nil);
        }
        distance *= 2;
    }
}

/// Floats in their order as integers.
fn ordered(value: &Value, missing: f64) -> Result<i128> {
    let number = match value {
        Value::Nil => missing,
        Value::Float(number) => number.get(),
        Value::Int(number) => *number as f64,
        other => {
            let class = other.class().name();
            return Err(raise(ClassId::TYPE_ERROR, format!("can't do binary search for {class}")));
        }
    };
    let bits = i128::from(number.abs().to_bits());
    Ok(if number.is_sign_negative() { -bits } else { bits })
}

fn from_ordered(at: i128) -> f64 {
    let magnitude = f64::from_bits(u64::try_from(at.unsigned_abs()).unwrap_or(u64::MAX));
    if at < 0 { -magnitude } else { magnitude }
}
