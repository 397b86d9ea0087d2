//! Methods of every number: arithmetic, comparison, predicates and parts.

use super::arithmetic::decimal::{Rounding, negate};
use super::arithmetic::{self, Op};
use super::{Args, Host, Method, Receiver, Table, complex, rounding, ruby};
use crate::value::{ClassId, Rational, Result, Unwind, Value, compare, equal, fraction, raise};
use std::cmp::Ordering;

pub static TABLES: &[Table] = &[Table { receiver: Receiver::Numeric, rows: ROWS }];

const ROWS: &[Method] = &[
    ruby(
        "% modulo",
        "(other) -> Numeric",
        "The rest of the floored division; it has the divisor's sign.",
        "-7 % 3 => 2\n7.5 % -2 => -0.5",
        |host, a, args| arithmetic::binary(host, Op::Modulo, a, &args.get(0)),
    ),
    ruby("*", "(other) -> Numeric", "The product.", "6 * 7 => 42\n2 * 1.5 => 3.0", |host, a, args| {
        arithmetic::binary(host, Op::Multiply, a, &args.get(0))
    }),
    ruby(
        "**",
        "(exponent) -> Numeric",
        "The power; a negative exponent of an integer gives a fraction.",
        "2 ** 10 => 1024\n2 ** -1 => (1/2)",
        |host, a, args| arithmetic::power(host, a, &args.get(0)),
    ),
    ruby(
        "+",
        "(other) -> Numeric",
        "The sum.",
        "1 + 2 => 3\n1 + '2' => TypeError: String can't be coerced into Integer",
        |host, a, args| arithmetic::binary(host, Op::Add, a, &args.get(0)),
    ),
    ruby("+@", "() -> Numeric", "The number itself.", "+5 => 5", |_, a, _| Ok(a.clone())),
    ruby("-", "(other) -> Numeric", "The difference.", "5 - 7 => -2", |host, a, args| {
        arithmetic::binary(host, Op::Subtract, a, &args.get(0))
    }),
    ruby("-@", "() -> Numeric", "The number with the other sign.", "-(3) => -3", |_, a, _| Ok(negated(a))),
    ruby(
        "/",
        "(other) -> Numeric",
        "The quotient; of two integers it is floored.",
        "7 / 2 => 3\n-7 / 2 => -4\n7 / 2.0 => 3.5\n1 / 0 => ZeroDivisionError: divided by 0",
        |host, a, args| arithmetic::binary(host, Op::Divide, a, &args.get(0)),
    ),
    ruby(
        "<",
        "(other) -> Boolean",
        "Whether it is smaller.",
        "1 < 1.5 => true\n1 < 'a' => ArgumentError: comparison of Integer with String failed",
        |host, a, args| relate(host, a, &args.get(0), Ordering::is_lt),
    ),
    ruby("<=", "(other) -> Boolean", "Whether it is smaller or the same.", "2 <= 2.0 => true", |host, a, args| {
        relate(host, a, &args.get(0), Ordering::is_le)
    }),
    ruby(
        "<=>",
        "(other) -> Integer",
        "-1, 0 or 1; nil where the two do not compare.",
        "1 <=> 2 => -1\n1 <=> 'a' => nil",
        order,
    ),
    ruby(
        "== ===",
        "(other) -> Boolean",
        "Whether it is the same number.",
        "1 == 1.0 => true\n1 == '1' => false",
        |host, a, args| {
            let other = host.force(&args.get(0))?;
            Ok(Value::bool(equal(a, &other)))
        },
    ),
    ruby(">", "(other) -> Boolean", "Whether it is larger.", "2 > 1 => true", |host, a, args| {
        relate(host, a, &args.get(0), Ordering::is_gt)
    }),
    ruby(">=", "(other) -> Boolean", "Whether it is larger or the same.", "2 >= 3 => false", |host, a, args| {
        relate(host, a, &args.get(0), Ordering::is_ge)
    }),
    ruby(
        "abs magnitude",
        "() -> Numeric",
        "The number without its sign.",
        "-5.abs => 5\n-2.5.abs => 2.5",
        |_, a, _| Ok(absolute(a)),
    ),
    ruby("abs2", "() -> Numeric", "The square.", "-5.abs2 => 25", |host, a, _| {
        arithmetic::binary(host, Op::Multiply, a, a)
    }),
    ruby(
        "arg angle phase",
        "() -> Numeric",
        "0 for positive numbers, π for negative ones.",
        "5.arg => 0",
        |_, a, _| Ok(angle(a)),
    ),
    ruby(
        "ceil",
        "(digits = 0) -> Integer",
        "Rounded up, to that many digits after the point.",
        "1.2.ceil => 2\n1.234.ceil(2) => 1.24\n15.ceil(-1) => 20",
        |host, a, args| rounding::round(host, a, args, Rounding::Ceiling),
    ),
    ruby(
        "coerce",
        "(other) -> Array",
        "Both numbers at a common type.",
        "1.coerce(2.5) => [2.5, 1.0]",
        arithmetic::coerce,
    ),
    ruby("conj conjugate", "() -> Numeric", "The number itself.", "5.conj => 5", |_, a, _| Ok(a.clone())),
    ruby(
        "denominator",
        "() -> Integer",
        "What is below the line of the exact fraction.",
        "0.75.denominator => 4",
        |_, a, _| Ok(exact(a).map_or(Value::Int(1), |number| Value::big(number.denominator))),
    ),
    ruby(
        "div",
        "(other) -> Integer",
        "The quotient, floored to an integer.",
        "7.div(2.0) => 3\n-7.div(2) => -4",
        |host, a, args| arithmetic::binary(host, Op::FloorDivide, a, &args.get(0)),
    ),
    ruby(
        "divmod",
        "(other) -> Array",
        "The floored quotient and the rest.",
        "-7.divmod(2) => [-4, 1]\n7.5.divmod(2) => [3, 1.5]",
        |host, a, args| arithmetic::divmod(host, a, &args.get(0)),
    ),
    ruby(
        "eql?",
        "(other) -> Boolean",
        "Whether it is the same number of the same type.",
        "1.eql?(1.0) => false",
        |_, a, args| Ok(Value::bool(crate::value::eql(a, &args.get(0)))),
    ),
    ruby("fdiv", "(other) -> Float", "The quotient as a float.", "7.fdiv(2) => 3.5", |host, a, args| {
        arithmetic::float_divide(host, a, &args.get(0))
    }),
    ruby(
        "finite?",
        "() -> Boolean",
        "Whether it is neither infinite nor NaN.",
        "5.finite? => true\n(1 / 0.0).finite? => false",
        |_, a, _| Ok(Value::bool(is_finite(a))),
    ),
    ruby(
        "floor",
        "(digits = 0) -> Integer",
        "Rounded down, to that many digits after the point.",
        "-1.5.floor => -2\n1.237.floor(2) => 1.23",
        |host, a, args| rounding::round(host, a, args, Rounding::Floor),
    ),
    ruby("i", "() -> Complex", "The number times the imaginary unit.", "5.i => (0+5i)", |_, a, _| {
        Ok(complex::complex(Value::Int(0), a.clone()))
    }),
    ruby("imaginary imag", "() -> Integer", "0: the number is real.", "5.imaginary => 0", |_, _, _| Ok(Value::Int(0))),
    ruby(
        "infinite?",
        "() -> Integer",
        "1 or -1 for the infinities, else nil.",
        "(-1 / 0.0).infinite? => -1\n5.infinite? => nil",
        |_, a, _| Ok(infinite(a)),
    ),
    ruby(
        "integer?",
        "() -> Boolean",
        "Whether it is an Integer.",
        "5.integer? => true\n5.0.integer? => false",
        |_, a, _| Ok(Value::bool(matches!(a, Value::Int(_) | Value::BigInt(_)))),
    ),
    ruby("negative?", "() -> Boolean", "Whether it is below zero.", "-1.negative? => true", |_, a, _| {
        Ok(Value::bool(compare(a, &Value::Int(0)).is_some_and(Ordering::is_lt)))
    }),
    ruby(
        "nonzero?",
        "() -> Numeric",
        "The number, or nil if it is zero.",
        "5.nonzero? => 5\n0.nonzero? => nil",
        |_, a, _| Ok(if arithmetic::is_zero(a) { Value::Nil } else { a.clone() }),
    ),
    ruby(
        "numerator",
        "() -> Integer",
        "What is above the line of the exact fraction.",
        "0.75.numerator => 3",
        |_, a, _| Ok(exact(a).map_or_else(|| a.clone(), |number| Value::big(number.numerator))),
    ),
    ruby("polar", "() -> Array", "Size and angle.", "5.polar => [5, 0]", |_, a, _| {
        Ok(Value::array(vec![absolute(a), angle(a)]))
    }),
    ruby("positive?", "() -> Boolean", "Whether it is above zero.", "1.positive? => true", |_, a, _| {
        Ok(Value::bool(compare(a, &Value::Int(0)).is_some_and(Ordering::is_gt)))
    }),
    ruby(
        "quo",
        "(other) -> Numeric",
        "The quotient, exact where both numbers are.",
        "1.quo(3) => (1/3)\n1.quo(2.0) => 0.5",
        |host, a, args| arithmetic::quotient(host, a, &args.get(0)),
    ),
    ruby("real", "() -> Numeric", "The number itself.", "5.real => 5", |_, a, _| Ok(a.clone())),
    ruby("real?", "() -> Boolean", "true: the number is not complex.", "5.real? => true", |_, _, _| Ok(Value::True)),
    ruby("rectangular rect", "() -> Array", "Real and imaginary part.", "5.rect => [5, 0]", |_, a, _| {
        Ok(Value::array(vec![a.clone(), Value::Int(0)]))
    }),
    ruby(
        "remainder",
        "(other) -> Numeric",
        "The rest with the sign of the number divided.",
        "-7.remainder(3) => -1",
        |host, a, args| arithmetic::binary(host, Op::Remainder, a, &args.get(0)),
    ),
    ruby(
        "round",
        "(digits = 0, half: nil) -> Numeric",
        "Rounded to that many digits after the point; halves go away from zero unless `half:` is :even or :down.",
        "2.5.round => 3\n2.675.round(2) => 2.68\n2.5.round(half: :even) => 2\n25.round(-1) => 30",
        |host, a, args| rounding::round(host, a, args, Rounding::HalfUp),
    ),
    ruby(
        "step",
        "(limit = nil, step = 1, by: 1, to: nil) [{ |number| }] -> Numeric",
        "Counts up or down to the limit by steps.",
        "1.step(10, 4).to_a => [1, 5, 9]\n1.step(by: 2, to: 5).to_a => [1, 3, 5]",
        super::stepping::step,
    ),
    ruby("to_c", "() -> Complex", "The number as a complex one.", "5.to_c => (5+0i)", |_, a, _| {
        Ok(complex::complex(a.clone(), Value::Int(0)))
    }),
    ruby("to_int", "() -> Integer", "The integer part.", "2.9.to_int => 2", |host, a, _| truncate(host, a)),
    ruby(
        "truncate",
        "(digits = 0) -> Integer",
        "Cut off, to that many digits after the point.",
        "-1.9.truncate => -1\n1.239.truncate(2) => 1.23",
        |host, a, args| rounding::round(host, a, args, Rounding::Down),
    ),
    ruby("zero?", "() -> Boolean", "Whether it is zero.", "0.0.zero? => true", |_, a, _| {
        Ok(Value::bool(arithmetic::is_zero(a)))
    }),
];

/// The number rounded down to an integer.
pub fn floor(host: &mut dyn Host, number: &Value) -> Result<Value> {
    rounding::round_to(host, number, None, Rounding::Floor)
}

/// The integer part.
pub fn truncate(host: &mut dyn Host, number: &Value) -> Result<Value> {
    rounding::round_to(host, number, None, Rounding::Down)
}

/// `-number`.
pub fn negated(number: &Value) -> Value {
    match number {
        Value::Int(number) => {
            number.checked_neg().map_or_else(|| Value::big(-num_bigint::BigInt::from(*number)), Value::Int)
        }
        Value::BigInt(number) => Value::big(-number.as_ref()),
        Value::Float(number) => Value::float(-number.get()),
        Value::Decimal(number) => Value::decimal(negate(number)),
        Value::Rational(number) => {
            Value::rational(Rational { numerator: -&number.numerator, denominator: number.denominator.clone() })
        }
        other => other.clone(),
    }
}

/// `number.abs`.
pub fn absolute(number: &Value) -> Value {
    match number {
        Value::Float(number) => Value::float(number.get().abs()),
        Value::Decimal(decimal) if decimal.is_negative() => negated(number),
        other if compare(other, &Value::Int(0)).is_some_and(Ordering::is_lt) => negated(other),
        other => other.clone(),
    }
}

fn angle(number: &Value) -> Value {
    match number {
        Value::Float(float) if float.get().is_nan() => number.clone(),
        Value::Float(float) if float.get().is_sign_negative() => Value::float(std::f64::consts::PI),
        other if compare(other, &Value::Int(0)).is_some_and(Ordering::is_lt) => Value::float(std::f64::consts::PI),
        _ => Value::Int(0),
    }
}

/// The number as a fraction in lowest terms; `None` for NaN and the infinities.
fn exact(number: &Value) -> Option<Rational> {
    fraction(number).map(|(numerator, denominator)| Rational::reduced(numerator, denominator))
}

fn is_finite(number: &Value) -> bool {
    match number {
        Value::Float(number) => number.get().is_finite(),
        Value::Decimal(number) => number.is_finite(),
        _ => true,
    }
}

fn infinite(number: &Value) -> Value {
    let negative = match number {
        Value::Float(number) if number.get().is_infinite() => number.get() < 0.0,
        Value::Decimal(number) if !number.is_finite() && !number.is_nan() => number.is_negative(),
        _ => return Value::Nil,
    };
    Value::Int(if negative { -1 } else { 1 })
}

fn order(host: &mut dyn Host, a: &Value, args: Args) -> Result<Value> {
    let other = host.force(&args.get(0))?;
    Ok(compare(a, &other).map_or(Value::Nil, |order| Value::Int(order as i64)))
}

/// A comparison of two numbers; NaN is neither, anything else than a number is an error.
fn relate(host: &mut dyn Host, a: &Value, b: &Value, holds: fn(Ordering) -> bool) -> Result<Value> {
    let b = host.force(b)?;
    match compare(a, &b) {
        Some(order) => Ok(Value::bool(holds(order))),
        None if is_number(&b) && !matches!(a, Value::Rational(_)) => Ok(Value::False),
        None => Err(comparison_failed(a, &b)),
    }
}

pub const fn is_number(value: &Value) -> bool {
    matches!(value, Value::Int(_) | Value::Float(_) | Value::BigInt(_) | Value::Decimal(_) | Value::Rational(_))
}

/// `comparison of Integer with String failed`.
#[cold]
pub fn comparison_failed(a: &Value, b: &Value) -> Box<Unwind> {
    let other = match b {
        Value::Int(_) => crate::value::inspect(b).to_text(),
        other => arithmetic::name_in_error(other),
    };
    raise(ClassId::ARGUMENT_ERROR, format!("comparison of {} with {other} failed", a.class().name()))
}
