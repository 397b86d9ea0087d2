//! The conversion functions of Kernel: `Integer()`, `Float()`, `String()`, `Array()`, `Hash()`, `Rational()`, `BigDecimal()`.

use super::arithmetic::decimal;
use super::{Args, Host, Method, Receiver, Table, args, ruby};
use crate::text::Name;
use crate::value::{
    ClassId, Decimal, Encoding, Hash, Rational, Result, Str, Unwind, Value, big_to_f64, fraction, inspect, number_text,
    raise, to_s,
};
use num_bigint::BigInt;
use num_traits::{FromPrimitive, Zero};
use std::rc::Rc;

pub static TABLES: &[Table] = &[Table { receiver: Receiver::Context, rows: ROWS }];

const ROWS: &[Method] = &[
    ruby(
        "Array",
        "(value) -> Array",
        "Makes an array: nil gives an empty one, a hash its pairs, anything else an array of one.",
        "Array(nil) => []\nArray({ a: 1 }) => [[:a, 1]]\nArray('a') => [\"a\"]",
        array,
    ),
    ruby(
        "BigDecimal",
        "(value, digits = 0, exception: true) -> BigDecimal",
        "Makes an exact decimal; a Float needs a number of digits.",
        "BigDecimal('1.10') + 2 => 0.31e1\nBigDecimal('x') => ArgumentError: invalid value for BigDecimal(): \"x\"",
        big_decimal,
    ),
    ruby(
        "Float",
        "(value, exception: true) -> Float",
        "Makes a float; text must be a number as a whole.",
        "Float('1e3') => 1000.0\nFloat('1.5x') => ArgumentError: invalid value for Float(): \"1.5x\"",
        float,
    ),
    ruby(
        "Hash",
        "(value) -> Hash",
        "Makes a hash: nil and an empty array give an empty one.",
        "Hash(nil) => {}\nHash(5) => TypeError: can't convert Integer into Hash",
        hash,
    ),
    ruby(
        "Integer",
        "(value, base = 0, exception: true) -> Integer",
        "Makes an integer; text must be one as a whole, in the given base or by its prefix.",
        "Integer('0x1f') => 31\nInteger('ff', 16) => 255\nInteger('x', exception: false) => nil",
        integer,
    ),
    ruby(
        "Rational",
        "(numerator, denominator = 1, exception: true) -> Rational",
        "Makes an exact fraction.",
        "Rational(6, 4) => (3/2)\nRational('0.75') => (3/4)",
        rational,
    ),
    ruby("String", "(value) -> String", "The value's `to_s`.", "String(12) => \"12\"\nString(nil) => \"\"", string),
];

/// `exception: false` turns the conversion's errors into nil.
pub(super) fn guarded(
    host: &mut dyn Host,
    mut args: Args,
    convert: fn(&mut dyn Host, &Args) -> Result<Value>,
) -> Result<Value> {
    let options = args.take_keywords();
    let quiet = options.and_then(|options| options.get(&Value::symbol("exception"))).is_some_and(|it| !it.truthy());
    match convert(host, &args) {
        Err(error) if quiet && matches!(*error, Unwind::Raise(_)) => Ok(Value::Nil),
        other => other,
    }
}

/// `can't convert X into Y`; nil, true and false by name.
#[cold]
pub fn cannot_convert(value: &Value, into: &str) -> Box<Unwind> {
    raise(ClassId::TYPE_ERROR, format!("can't convert {} into {into}", args::describe(value)))
}

#[cold]
fn invalid(text: &Str, function: &str) -> Box<Unwind> {
    let text = text.copy();
    if function == "Float()" {
        // Ruby has only the bytes at hand here.
        text.set_encoding(Encoding::Binary);
    }
    let shown = inspect(&Value::Str(Rc::new(text))).to_text();
    raise(ClassId::ARGUMENT_ERROR, format!("invalid value for {function}: {shown}"))
}

fn integer(host: &mut dyn Host, _: &Value, args: Args) -> Result<Value> {
    guarded(host, args, |host, args| {
        let value = host.force(&args.get(0))?;
        match args.given(1) {
            None | Some(Value::Nil) => Ok(Value::big(to_integer(host, &value)?)),
            Some(_) => {
                let base = args.int(1)?;
                let Value::Str(text) = &value else {
                    return Err(raise(ClassId::ARGUMENT_ERROR, "base specified for non string value"));
                };
                Ok(Value::big(parse_integer(text, base)?))
            }
        }
    })
}

/// Text as a whole integer; a negative base takes the prefix of any base.
fn parse_integer(text: &Str, base: i64) -> Result<BigInt> {
    let radix = if base == -1 { 0 } else { base.unsigned_abs() };
    if radix == 1 || radix > 36 {
        return Err(raise(ClassId::ARGUMENT_ERROR, format!("invalid radix {base}")));
    }
    number_text::room_for_digits(text.len(), radix as u32)?;
    match number_text::integer_prefix(&text.bytes(), radix as u32) {
        Some((number, true)) => Ok(number),
        _ => Err(invalid(text, "Integer()")),
    }
}

/// `Integer(value)`.
pub fn to_integer(host: &mut dyn Host, value: &Value) -> Result<BigInt> {
    match value {
        Value::Int(number) => Ok(BigInt::from(*number)),
        Value::BigInt(number) => Ok(BigInt::clone(number)),
        Value::Float(number) => float_to_integer(number.get()),
        Value::Decimal(number) => decimal_to_integer(host, number),
        Value::Rational(number) => Ok(&number.numerator / &number.denominator),
        Value::Str(text) => parse_integer(text, 0),
        Value::Duration(_) | Value::Time(_) | Value::Object(_) => {
            let name = Name::new("to_i");
            if !host.responds_to(value, name) {
                return Err(cannot_convert(value, "Integer"));
            }
            match host.send(value, name, Args::none())? {
                Value::Int(number) => Ok(BigInt::from(number)),
                Value::BigInt(number) => Ok(BigInt::clone(&number)),
                _ => Err(cannot_convert(value, "Integer")),
            }
        }
        _ => Err(cannot_convert(value, "Integer")),
    }
}

/// A float cut to an integer; the error for NaN and the infinities.
pub fn float_to_integer(number: f64) -> Result<BigInt> {
    BigInt::from_f64(number.trunc()).ok_or_else(|| raise(ClassId::FLOAT_DOMAIN_ERROR, crate::value::float_to_s(number)))
}

/// A decimal cut to an integer.
pub fn decimal_to_integer(host: &mut dyn Host, number: &Decimal) -> Result<BigInt> {
    if let Some(number) = number.finite() {
        let digits = number.order_of_magnitude();
        host.charge(usize::try_from(digits).unwrap_or(0))?;
    }
    number.to_integer().ok_or_else(|| raise(ClassId::FLOAT_DOMAIN_ERROR, number.to_plain()))
}

fn float(host: &mut dyn Host, _: &Value, args: Args) -> Result<Value> {
    guarded(host, args, |host, args| {
        let value = host.force(&args.get(0))?;
        Ok(Value::float(to_float(host, &value)?))
    })
}

/// `Float(value)`.
pub fn to_float(host: &mut dyn Host, value: &Value) -> Result<f64> {
    match value {
        Value::Str(text) => parse_float(text),
        Value::Duration(_) | Value::Time(_) | Value::Object(_) => {
            let name = Name::new("to_f");
            if host.responds_to(value, name) && !matches!(value, Value::Time(_)) {
                match host.send(value, name, Args::none())? {
                    Value::Float(number) => Ok(number.get()),
                    _ => Err(cannot_convert(value, "Float")),
                }
            } else {
                Err(cannot_convert(value, "Float"))
            }
        }
        other => as_float(other).ok_or_else(|| cannot_convert(value, "Float")),
    }
}

/// Any number as the nearest float; `None` for everything else.
pub fn as_float(value: &Value) -> Option<f64> {
    match value {
        Value::Int(number) => Some(*number as f64),
        Value::Float(number) => Some(number.get()),
        Value::BigInt(number) => Some(big_to_f64(number)),
        Value::Rational(number) => Some(number.to_f64()),
        Value::Decimal(number) => Some(number.to_f64()),
        _ => None,
    }
}

fn parse_float(text: &Str) -> Result<f64> {
    if text.bytes().contains(&0) {
        return Err(raise(ClassId::ARGUMENT_ERROR, "string for Float contains null byte"));
    }
    number_text::float_strict(&text.bytes()).ok_or_else(|| invalid(text, "Float()"))
}

fn string(host: &mut dyn Host, _: &Value, args: Args) -> Result<Value> {
    let value = host.force(&args.get(0))?;
    Ok(Value::Str(to_s(&value)))
}

fn array(host: &mut dyn Host, _: &Value, args: Args) -> Result<Value> {
    let value = host.force(&args.get(0))?;
    match value {
        Value::Array(_) => Ok(value),
        Value::Nil => Ok(Value::array(Vec::new())),
        _ if host.responds_to(&value, Name::new("to_a")) => host.send(&value, Name::new("to_a"), Args::none()),
        _ => Ok(Value::array(vec![value])),
    }
}

fn hash(host: &mut dyn Host, _: &Value, args: Args) -> Result<Value> {
    let value = host.force(&args.get(0))?;
    match &value {
        Value::Hash(_) => Ok(value),
        Value::Nil => Ok(Value::hash(Hash::new())),
        Value::Array(items) if items.is_empty() => Ok(Value::hash(Hash::new())),
        other => Err(cannot_convert(other, "Hash")),
    }
}

fn rational(host: &mut dyn Host, _: &Value, args: Args) -> Result<Value> {
    guarded(host, args, |host, args| {
        let numerator = part(host, &args.get(0))?;
        let Some(denominator) = args.given(1) else { return Ok(Value::rational(numerator)) };
        let denominator = part(host, denominator)?;
        if denominator.numerator.is_zero() {
            return Err(raise(ClassId::ZERO_DIVISION_ERROR, "divided by 0"));
        }
        Ok(Value::rational(Rational::reduced(
            numerator.numerator * denominator.denominator,
            numerator.denominator * denominator.numerator,
        )))
    })
}

/// One argument of `Rational()` as a fraction.
fn part(host: &mut dyn Host, value: &Value) -> Result<Rational> {
    let value = host.force(value)?;
    match &value {
        Value::Str(text) => match rational_prefix(&text.to_text()) {
            Some((number, true)) => {
                if number.denominator.is_zero() {
                    return Err(raise(ClassId::ZERO_DIVISION_ERROR, "divided by 0"));
                }
                Ok(number)
            }
            _ => Err(invalid(text, "convert()")),
        },
        Value::Float(number) if !number.get().is_finite() => {
            Err(raise(ClassId::FLOAT_DOMAIN_ERROR, to_s(&value).to_text()))
        }
        other => match fraction(other) {
            Some((numerator, denominator)) => Ok(Rational::reduced(numerator, denominator)),
            None => Err(cannot_convert(other, "Rational")),
        },
    }
}

/// The fraction at the beginning of a text (`1/3`, `-0.75`, `1e-2/7`), and whether nothing but space follows.
pub fn rational_prefix(text: &str) -> Option<(Rational, bool)> {
    let text = text.trim_matches(|c: char| c.is_ascii_whitespace());
    let (head, tail) = text.split_once('/').map_or((text, None), |(head, tail)| (head, Some(tail)));
    let (number, complete) = Decimal::parse(head)?;
    let (numerator, denominator) = fraction(&Value::decimal(number))?;
    let Some(tail) = tail.filter(|_| complete && !head.ends_with(|c: char| c.is_ascii_whitespace())) else {
        return Some((Rational::reduced(numerator, denominator), complete && tail.is_none()));
    };
    if !tail.starts_with(|c: char| c.is_ascii_digit()) {
        return Some((Rational::reduced(numerator, denominator), false));
    }
    let (divisor, complete) = Decimal::parse(tail)?;
    let (over, under) = fraction(&Value::decimal(divisor))?;
    if over.is_zero() {
        return Some((Rational { numerator, denominator: over }, complete));
    }
    Some((Rational::reduced(numerator * under, denominator * over), complete))
}

fn big_decimal(host: &mut dyn Host, _: &Value, args: Args) -> Result<Value> {
    guarded(host, args, |host, args| {
        let value = host.force(&args.get(0))?;
        let digits = match args.given(1) {
            None => None,
            Some(_) => {
                let digits = args.int(1)?;
                Some(usize::try_from(digits).map_err(|_| raise(ClassId::ARGUMENT_ERROR, "negative precision"))?)
            }
        };
        Ok(Value::decimal(to_decimal(&value, digits)?))
    })
}

/// `BigDecimal(value, digits)`; `None` is without digits.
fn to_decimal(value: &Value, digits: Option<usize>) -> Result<Decimal> {
    match value {
        Value::Decimal(number) => Ok(Decimal::clone(number)),
        Value::Int(number) => Ok(Decimal::from(*number)),
        Value::BigInt(number) => Ok(Decimal::from(BigInt::clone(number))),
        Value::Float(number) => float_to_decimal(number.get(), digits),
        Value::Rational(number) => match digits {
            None => Err(raise(ClassId::ARGUMENT_ERROR, "can't omit precision for a Rational.")),
            Some(digits) => Ok(decimal::ratio(&number.numerator, &number.denominator, digits)),
        },
        Value::Str(text) => {
            if text.bytes().contains(&0) {
                return Err(raise(ClassId::ARGUMENT_ERROR, "string contains null byte"));
            }
            match Decimal::parse(&text.to_text()) {
                Some((number, true)) => Ok(number),
                _ => Err(invalid(text, "BigDecimal()")),
            }
        }
        other => Err(cannot_convert(other, "BigDecimal")),
    }
}

fn float_to_decimal(number: f64, digits: Option<usize>) -> Result<Decimal> {
    if !number.is_finite() {
        return Ok(Decimal::from_float(number));
    }
    match digits {
        None => Err(raise(ClassId::ARGUMENT_ERROR, "can't omit precision for a Float.")),
        Some(digits) if digits > f64::DIGITS as usize + 1 => {
            Err(raise(ClassId::ARGUMENT_ERROR, "precision too large."))
        }
        Some(digits) => Ok(Decimal::from_float_rounded(number, digits)),
    }
}
