//! Methods of fractions.

use super::arithmetic::decimal::ratio;
use super::{Args, Host, Method, Receiver, Table, float, numeric, rails, ruby};
use crate::value::{ClassId, Kind, Rational, Result, Value, inspect, raise, to_s};

pub static TABLES: &[Table] = &[Table { receiver: Receiver::Kinds(&[Kind::Rational]), rows: ROWS }];

const ROWS: &[Method] = &[
    ruby(
        "inspect",
        "() -> String",
        "The fraction in parentheses.",
        "Rational(1, 3).inspect => \"(1/3)\"",
        |_, a, _| Ok(Value::Str(inspect(a).into())),
    ),
    ruby(
        "rationalize",
        "(precision = nil) -> Rational",
        "The simplest fraction near this one.",
        "Rational(333, 1000).rationalize(Rational(1, 100)) => (1/3)",
        |host, a, args| match args.given(0) {
            None => Ok(a.clone()),
            Some(precision) => float::within(host, a, precision),
        },
    ),
    rails(
        "to_d",
        "(digits) -> BigDecimal",
        "The fraction as a decimal of that many significant digits.",
        "Rational(1, 3).to_d(4) => 0.3333e0",
        to_d,
    ),
    ruby("to_f", "() -> Float", "The nearest float.", "Rational(1, 4).to_f => 0.25", |_, a, _| {
        Ok(Value::float(fraction(a).map_or(0.0, Rational::to_f64)))
    }),
    ruby("to_i", "() -> Integer", "The integer part.", "Rational(-7, 2).to_i => -3", |host, a, _| {
        numeric::truncate(host, a)
    }),
    ruby("to_r", "() -> Rational", "The fraction itself.", "Rational(1, 2).to_r => (1/2)", |_, a, _| Ok(a.clone())),
    ruby(
        "to_s",
        "() -> String",
        "Numerator and denominator with a stroke.",
        "Rational(1, 3).to_s => \"1/3\"",
        |_, a, _| Ok(Value::Str(to_s(a))),
    ),
];

fn fraction(value: &Value) -> Option<&Rational> {
    match value {
        Value::Rational(number) => Some(number),
        _ => None,
    }
}

fn to_d(_: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let digits = args.int(0)?;
    if digits < 0 {
        return Err(raise(ClassId::ARGUMENT_ERROR, "negative precision"));
    }
    let Some(number) = fraction(receiver) else { return Ok(Value::Nil) };
    Ok(Value::decimal(ratio(&number.numerator, &number.denominator, digits as usize)))
}
