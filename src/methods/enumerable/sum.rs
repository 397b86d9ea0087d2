//! `sum`: exact for integers and rationals, compensated (Kahan-Babuska) for floats, `+` for everything else.

use super::each::{Flow, fold};
use crate::methods::{Args, Host, Method, Receiver, Table, ops, rails};
use crate::value::{Result, Value};
use num_traits::ToPrimitive;

pub(super) const TABLE: Table = Table { receiver: Receiver::Enumerable, rows: ROWS };

const ROWS: &[Method] =
    &[rails("sum", "(start = 0) [{ |item| … }]", "All items added up.", "[1, 2, 3].to_set.sum => 6", sum)];

/// A sum under construction.
pub enum Summing {
    /// A start value, and the exact numbers that have come since.
    Exact(Value, Option<Value>),
    /// Floats: the sum and what rounding lost.
    Float(f64, f64),
    Any(Value),
}

impl Summing {
    /// A sum from `start`.
    pub fn from(start: Value) -> Self {
        match start {
            Value::Float(number) => Self::Float(number.get(), 0.0),
            Value::Int(_) | Value::BigInt(_) | Value::Rational(_) => Self::Exact(start, None),
            other => Self::Any(other),
        }
    }

    /// A sum from `start` whose leading integers are added up before it is looked at, as Array does.
    pub const fn from_any(start: Value) -> Self {
        Self::Exact(start, None)
    }

    pub fn add(&mut self, host: &mut dyn Host, item: Value) -> Result<()> {
        match (&mut *self, &item) {
            (Self::Exact(_, exact), Value::Int(_) | Value::BigInt(_) | Value::Rational(_)) => {
                *exact = Some(match exact.take() {
                    None => item,
                    Some(sum) => ops::add(host, &sum, &item)?,
                });
            }
            (Self::Exact(..), Value::Float(_)) => {
                let sum = std::mem::replace(self, Self::Any(Value::Nil)).finish(host)?;
                *self = float_of(&sum).map_or(Self::Any(sum), |number| Self::Float(number, 0.0));
                return self.add(host, item);
            }
            (Self::Float(sum, lost), item) if float_of(item).is_some() => {
                add_float(sum, lost, float_of(item).unwrap_or_default());
            }
            (Self::Any(sum), _) => *sum = ops::add(host, sum, &item)?,
            (Self::Float(sum, _), _) => {
                let sum = Value::float(*sum);
                *self = Self::Any(ops::add(host, &sum, &item)?);
            }
            (Self::Exact(..), _) => {
                let sum = std::mem::replace(self, Self::Any(Value::Nil)).finish(host)?;
                *self = Self::Any(ops::add(host, &sum, &item)?);
            }
        }
        Ok(())
    }

    pub fn finish(self, host: &mut dyn Host) -> Result<Value> {
        match self {
            Self::Exact(start, None) => Ok(start),
            Self::Exact(Value::Int(0), Some(exact)) => Ok(exact),
            Self::Exact(start, Some(exact)) => ops::add(host, &exact, &start),
            Self::Float(sum, lost) => Ok(Value::float(sum + lost)),
            Self::Any(sum) => Ok(sum),
        }
    }
}

fn float_of(value: &Value) -> Option<f64> {
    match value {
        Value::Float(number) => Some(number.get()),
        Value::Int(number) => Some(*number as f64),
        Value::BigInt(number) => number.to_f64(),
        Value::Rational(number) => Some(number.numerator.to_f64()? / number.denominator.to_f64()?),
        _ => None,
    }
}

fn add_float(sum: &mut f64, lost: &mut f64, item: f64) {
    if sum.is_nan() {
        return;
    }
    if item.is_nan() {
        *sum = item;
    } else if item.is_infinite() {
        let opposite = sum.is_infinite() && item.is_sign_negative() != sum.is_sign_negative();
        *sum = if opposite { f64::NAN } else { item };
    } else if sum.is_finite() {
        let next = *sum + item;
        *lost += if sum.abs() >= item.abs() { (*sum - next) + item } else { (item - next) + *sum };
        *sum = next;
    }
}

/// Adds up with a start value, as Ruby's own `sum` does.
fn from_start(host: &mut dyn Host, receiver: &Value, start: Summing, args: Args) -> Result<Value> {
    let block = args.block;
    let total = fold(host, receiver, start, move |host, total, item| {
        let item = match &block {
            Some(block) => item.pass(host, block)?,
            None => item.into_value(),
        };
        total.add(host, item)?;
        Ok(Flow::Next)
    })?;
    total.finish(host)
}

/// `sum` as ActiveSupport defines it: without a start value the first item is the start.
pub fn sum(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let start = args.get(0);
    if start.truthy() {
        return from_start(host, receiver, Summing::from(start), args);
    }
    if let Some(block) = args.block {
        let made = fold(host, receiver, Vec::new(), move |host, made, item| {
            made.push(item.spread(host, &block)?);
            Ok(Flow::Next)
        })?;
        return sum_array(host, &Value::array(made), Args::none());
    }
    plus(host, receiver)
}

/// `Array#sum`.
pub fn sum_array(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let start = args.get(0);
    let is_numeric = |value: &Value| {
        matches!(value, Value::Int(_) | Value::Float(_) | Value::BigInt(_) | Value::Decimal(_) | Value::Rational(_))
    };
    let first = match receiver {
        Value::Array(array) => array.get(0).unwrap_or_default(),
        _ => Value::Nil,
    };
    if !is_numeric(&start) && !is_numeric(&first) {
        return sum(host, receiver, args);
    }
    let start = if start.truthy() { start } else { Value::Int(0) };
    from_start(host, receiver, Summing::from_any(start), args)
}

/// `inject(:+) || 0`
fn plus(host: &mut dyn Host, receiver: &Value) -> Result<Value> {
    let total = fold(host, receiver, None, |host, total: &mut Option<Value>, item| {
        let item = item.into_value();
        *total = Some(match total.take() {
            None => item,
            Some(total) => ops::add(host, &total, &item)?,
        });
        Ok(Flow::Next)
    })?;
    Ok(total.filter(Value::truthy).unwrap_or(Value::Int(0)))
}
