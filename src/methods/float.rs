//! Methods of floats.

use super::{Args, Host, Method, Receiver, Table, arithmetic, convert, number_format, rails, ruby};
use crate::value::{ClassId, Decimal, Kind, Rational, Result, Value, compare, float_to_s, fraction, raise};
use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{One, Signed, Zero};
use std::cmp::Ordering;

pub static TABLES: &[Table] = &[Table { receiver: Receiver::Kinds(&[Kind::Float]), rows: ROWS }];

const ROWS: &[Method] = &[
    ruby(
        "<=>",
        "(other) -> Integer",
        "-1, 0 or 1; nil where the two do not compare.",
        "1.5 <=> 2 => -1\n1.5 <=> 'a' => nil",
        order,
    ),
    ruby(
        "eql?",
        "(other) -> Boolean",
        "Whether it is the same number, and a float.",
        "1.0.eql?(1) => false",
        |_, a, args| {
            Ok(Value::bool(matches!((a, args.get(0)), (Value::Float(a), Value::Float(b)) if a.get() == b.get())))
        },
    ),
    ruby("nan?", "() -> Boolean", "Whether it is no number at all.", "(0 / 0.0).nan? => true", |_, a, _| {
        Ok(Value::bool(float(a).is_nan()))
    }),
    ruby("next_float", "() -> Float", "The next larger float.", "1.0.next_float => 1.0000000000000002", |_, a, _| {
        Ok(Value::float(float(a).next_up()))
    }),
    ruby("prev_float", "() -> Float", "The next smaller float.", "1.0.prev_float => 0.9999999999999999", |_, a, _| {
        Ok(Value::float(float(a).next_down()))
    }),
    ruby(
        "rationalize",
        "(precision = nil) -> Rational",
        "The simplest fraction near the float.",
        "0.3.rationalize => (3/10)\n3.14159.rationalize(0.01) => (22/7)",
        rationalize,
    ),
    rails(
        "to_d",
        "(digits = 0) -> BigDecimal",
        "The float as an exact decimal of its shortest digits.",
        "0.1.to_d => 0.1e0",
        to_d,
    ),
    ruby("to_f", "() -> Float", "The float itself.", "1.5.to_f => 1.5", |_, a, _| Ok(a.clone())),
    ruby("to_i", "() -> Integer", "The integer part.", "-1.9.to_i => -1", |_, a, _| {
        Ok(Value::big(convert::float_to_integer(float(a))?))
    }),
    ruby("to_r", "() -> Rational", "The exact fraction.", "0.75.to_r => (3/4)", |_, a, _| {
        exact(a).map(Value::rational)
    }),
    ruby(
        "to_s inspect",
        "(format = nil, options = nil) -> String",
        "The shortest digits that read back the same, or one of the formats of Integer#to_s.",
        "1e20.to_s => \"1.0e+20\"\n12.3456.to_s(:percentage, precision: 1) => \"12.3%\"",
        to_s,
    ),
];

const fn float(value: &Value) -> f64 {
    match value {
        Value::Float(number) => number.get(),
        _ => f64::NAN,
    }
}

/// An infinite float compares with anything that says whether it is infinite.
fn order(host: &mut dyn Host, a: &Value, args: Args) -> Result<Value> {
    let other = host.force(&args.get(0))?;
    if let (Value::Float(number), Value::Decimal(decimal)) = (a, &other)
        && number.get().is_infinite()
        && decimal.is_nan()
    {
        return Ok(Value::Int(if number.get() > 0.0 { 1 } else { -1 }));
    }
    Ok(compare(a, &other).map_or(Value::Nil, |order| Value::Int(order as i64)))
}

fn to_s(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    match args.given(0) {
        Some(Value::Symbol(_)) => number_format::to_formatted_s(host, receiver, args),
        None | Some(Value::Nil) => Ok(Value::string(float_to_s(float(receiver)))),
        Some(_) => Err(raise(ClassId::ARGUMENT_ERROR, "wrong number of arguments (given 1, expected 0)")),
    }
}

fn exact(value: &Value) -> Result<Rational> {
    match fraction(value) {
        Some((numerator, denominator)) => Ok(Rational::reduced(numerator, denominator)),
        None => Err(raise(ClassId::FLOAT_DOMAIN_ERROR, float_to_s(float(value)))),
    }
}

fn to_d(_: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let digits = if args.is_empty() { 0 } else { args.int(0)? };
    let digits = usize::try_from(digits).map_err(|_| raise(ClassId::ARGUMENT_ERROR, "negative precision"))?;
    if digits > 16 {
        return Err(raise(ClassId::ARGUMENT_ERROR, "precision too large."));
    }
    Ok(Value::decimal(Decimal::from_float_rounded(float(receiver), digits)))
}

fn rationalize(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let number = exact(receiver)?;
    if let Some(precision) = args.given(0) {
        return within(host, receiver, precision);
    }
    // Half a unit of the last binary digit on either side reads back as the same float.
    let (mantissa, exponent, sign) = num_traits::float::FloatCore::integer_decode(float(receiver));
    if mantissa == 0 || exponent >= 0 {
        return Ok(Value::rational(number));
    }
    let doubled = BigInt::from(mantissa) * 2;
    let denominator = BigInt::from(1) << (1 - i32::from(exponent));
    let low = Rational::reduced(&doubled - 1, denominator.clone());
    let high = Rational::reduced(doubled + 1, denominator);
    let simplest = simplest_between(&low, &high);
    Ok(Value::rational(Rational { numerator: simplest.numerator * sign, denominator: simplest.denominator }))
}

/// The simplest fraction not farther than `precision` from a number.
pub fn within(host: &mut dyn Host, number: &Value, precision: &Value) -> Result<Value> {
    let exact_precision = Value::rational(exact(&super::numeric::absolute(precision))?);
    let exact_number = Value::rational(exact(number)?);
    let low = arithmetic::binary(host, arithmetic::Op::Subtract, &exact_number, &exact_precision)?;
    let high = arithmetic::binary(host, arithmetic::Op::Add, &exact_number, &exact_precision)?;
    let (Value::Rational(low), Value::Rational(high)) = (&low, &high) else { return Ok(exact_number) };
    if low == high {
        return Ok(exact_number);
    }
    Ok(Value::rational(simplest_around(low, high)))
}

/// As `simplest_between`, for any signs.
fn simplest_around(low: &Rational, high: &Rational) -> Rational {
    if low.numerator.is_positive() {
        return simplest_between(low, high);
    }
    if high.numerator.is_negative() {
        let mirrored =
            |number: &Rational| Rational { numerator: -&number.numerator, denominator: number.denominator.clone() };
        return mirrored(&simplest_between(&mirrored(high), &mirrored(low)));
    }
    Rational { numerator: BigInt::zero(), denominator: BigInt::one() }
}

/// The fraction of the smallest denominator from `low` to `high`, both positive: the walk of their continued fractions.
fn simplest_between(low: &Rational, high: &Rational) -> Rational {
    let (mut a, mut b) = (low.clone(), high.clone());
    let (mut p0, mut p1, mut q0, mut q1) = (BigInt::zero(), BigInt::one(), BigInt::one(), BigInt::zero());
    loop {
        let ceiling = a.numerator.div_ceil(&a.denominator);
        let is_inside = (&ceiling * &b.denominator).cmp(&b.numerator) != Ordering::Greater;
        let step = if is_inside { ceiling } else { ceiling - 1 };
        let (p2, q2) = (&step * &p1 + &p0, &step * &q1 + &q0);
        if is_inside {
            return Rational::reduced(p2, q2);
        }
        let next_a = Rational::reduced(b.denominator.clone(), &b.numerator - &step * &b.denominator);
        let next_b = Rational::reduced(a.denominator.clone(), &a.numerator - &step * &a.denominator);
        (a, b) = (next_a, next_b);
        (p0, p1, q0, q1) = (p1, p2, q1, q2);
    }
}
