//! Methods of BigDecimal.

use super::arithmetic::decimal::{
    Rounding, WORD, divide_to, precision, round_significant, rounded_to, to_integer, words,
};
use super::arithmetic::{self, Op};
use super::{Args, Host, Method, Receiver, Table, args, number_format, rails, rounding, ruby};
use crate::value::number_text::room_for_digits;
use crate::value::{ClassId, Decimal, Kind, Rational, Result, Unwind, Value, equal, fraction, raise};
use bigdecimal::BigDecimal;
use num_bigint::BigInt;
use num_traits::{Signed, Zero};

pub static TABLES: &[Table] = &[
    Table { receiver: Receiver::Kinds(&[Kind::Decimal]), rows: ROWS },
    Table { receiver: Receiver::Singleton("BigDecimal"), rows: CLASS_ROWS },
];

const ROWS: &[Method] = &[
    ruby(
        "add",
        "(other, digits) -> BigDecimal",
        "The sum, rounded to significant digits.",
        "BigDecimal('1.234').add(1, 2) => 0.22e1",
        |host, a, args| operate(host, Op::Add, a, &args),
    ),
    ruby(
        "ceil",
        "(digits = nil) -> Integer",
        "Rounded up; with digits a BigDecimal.",
        "BigDecimal('1.2').ceil => 2\nBigDecimal('1.234').ceil(2) => 0.124e1",
        |host, a, args| rounding::round(host, a, args, Rounding::Ceiling),
    ),
    ruby(
        "div",
        "(other, digits = nil) -> Integer",
        "The floored quotient; with digits the quotient with so many significant ones.",
        "BigDecimal('7').div(2) => 3\nBigDecimal('1').div(3, 4) => 0.3333e0",
        div,
    ),
    ruby(
        "eql? == ===",
        "(other) -> Boolean",
        "Whether it is the same number.",
        "BigDecimal('1.5') == 1.5 => true",
        |host, a, args| {
            let other = host.force(&args.get(0))?;
            Ok(Value::bool(equal(a, &other)))
        },
    ),
    ruby(
        "exponent",
        "() -> Integer",
        "The power of ten of `0.digits`.",
        "BigDecimal('123.4').exponent => 3",
        |_, a, _| Ok(Value::Int(decimal(a).digits().1)),
    ),
    ruby("fix", "() -> BigDecimal", "The integer part as a decimal.", "BigDecimal('1.9').fix => 0.1e1", |_, a, _| {
        Ok(cut(&decimal(a), Rounding::Down))
    }),
    ruby(
        "floor",
        "(digits = nil) -> Integer",
        "Rounded down; with digits a BigDecimal.",
        "BigDecimal('-1.2').floor => -2",
        |host, a, args| rounding::round(host, a, args, Rounding::Floor),
    ),
    ruby(
        "frac",
        "() -> BigDecimal",
        "What stands after the point.",
        "BigDecimal('1.25').frac => 0.25e0",
        |host, a, _| {
            let number = decimal(a);
            if !number.is_finite() {
                return Ok(a.clone());
            }
            let whole = cut(&number, Rounding::Down);
            arithmetic::binary(host, Op::Subtract, a, &whole)
        },
    ),
    ruby(
        "mult",
        "(other, digits) -> BigDecimal",
        "The product, rounded to significant digits.",
        "BigDecimal('1.234').mult(2, 2) => 0.25e1",
        |host, a, args| operate(host, Op::Multiply, a, &args),
    ),
    ruby(
        "n_significant_digits",
        "() -> Integer",
        "How many digits are not padding.",
        "BigDecimal('1.250').n_significant_digits => 3",
        |_, a, _| Ok(Value::from(significant_digits(&decimal(a)))),
    ),
    ruby("nan?", "() -> Boolean", "Whether it is no number at all.", "BigDecimal('NaN').nan? => true", |_, a, _| {
        Ok(Value::bool(decimal(a).is_nan()))
    }),
    ruby(
        "power",
        "(exponent, digits = nil) -> BigDecimal",
        "The power, rounded to significant digits.",
        "BigDecimal('1.5').power(2) => 0.225e1",
        |host, a, args| {
            let power = arithmetic::power(host, a, &args.get(0))?;
            rounded(power, &args, 1)
        },
    ),
    ruby(
        "precision",
        "() -> Integer",
        "How many digits there are, from the first to the last one before or after the point.",
        "BigDecimal('123.45').precision => 5",
        |_, a, _| Ok(Value::Int(precision(&decimal(a)))),
    ),
    ruby(
        "precision_scale",
        "() -> Array",
        "Precision and scale.",
        "BigDecimal('123.45').precision_scale => [5, 2]",
        |_, a, _| {
            let number = decimal(a);
            Ok(Value::array(vec![Value::Int(precision(&number)), Value::Int(scale(&number))]))
        },
    ),
    ruby(
        "precs",
        "() -> Array",
        "The digits kept, and the most that could be.",
        "BigDecimal('1').precs => [9, 27]",
        |_, a, _| {
            let kept = words(&decimal(a)) * WORD;
            Ok(Value::array(vec![Value::from(kept), Value::from(kept + 2 * WORD)]))
        },
    ),
    ruby(
        "quo",
        "(other, digits = nil) -> BigDecimal",
        "The quotient.",
        "BigDecimal('1').quo(4) => 0.25e0",
        |host, a, args| match args.given(1) {
            Some(_) if args.int(1)? > 0 => div(host, a, args),
            _ => arithmetic::binary(host, Op::Divide, a, &args.get(0)),
        },
    ),
    ruby(
        "round",
        "(digits = nil, mode = nil, half: nil) -> Numeric",
        "Rounded: to an Integer, or to digits after the point as a BigDecimal; halves go away from zero unless a mode is given.",
        "BigDecimal('2.5').round => 3\nBigDecimal('12.345').round(2) => 0.1235e2\nBigDecimal('2.5').round(0, :half_even) => 0.2e1",
        round,
    ),
    ruby(
        "scale",
        "() -> Integer",
        "How many digits stand after the point.",
        "BigDecimal('123.45').scale => 2",
        |_, a, _| Ok(Value::Int(scale(&decimal(a)))),
    ),
    ruby("sign", "() -> Integer", "One of the SIGN_ constants.", "BigDecimal('-1').sign => -2", |_, a, _| {
        Ok(Value::Int(sign(&decimal(a))))
    }),
    ruby(
        "split",
        "() -> Array",
        "Sign, digits, base and exponent.",
        "BigDecimal('-12.5').split => [-1, \"125\", 10, 2]",
        split,
    ),
    ruby("sqrt", "(digits = 0) -> BigDecimal", "The square root.", "BigDecimal('16').sqrt(2) => 0.4e1", sqrt),
    ruby(
        "sub",
        "(other, digits) -> BigDecimal",
        "The difference, rounded to significant digits.",
        "BigDecimal('1.234').sub(1, 2) => 0.23e0",
        |host, a, args| operate(host, Op::Subtract, a, &args),
    ),
    rails("to_d", "() -> BigDecimal", "The number itself.", "BigDecimal('1').to_d => 0.1e1", |_, a, _| Ok(a.clone())),
    rails(
        "to_digits",
        "() -> String",
        "The plain decimal text.",
        "BigDecimal('1.50').to_digits => \"1.5\"",
        |_, a, _| Ok(Value::string(decimal(a).to_plain())),
    ),
    ruby("to_f", "() -> Float", "The nearest float.", "BigDecimal('1.1').to_f => 1.1", |_, a, _| {
        Ok(Value::float(decimal(a).to_f64()))
    }),
    ruby("to_i to_int", "() -> Integer", "The integer part.", "BigDecimal('-1.9').to_i => -1", |host, a, _| {
        to_integer(host, &decimal(a)).map(Value::big)
    }),
    ruby("to_r", "() -> Rational", "The exact fraction.", "BigDecimal('0.75').to_r => (3/4)", |host, a, _| {
        match fraction(a) {
            Some((numerator, denominator)) => Ok(Value::rational(Rational::reduced(numerator, denominator))),
            None => to_integer(host, &decimal(a)).map(Value::big),
        }
    }),
    ruby(
        "to_s",
        "(format = 'F', options = nil) -> String",
        "The plain text; `E` the form with an exponent, a number groups digits, `+` shows the sign. A symbol is one of the formats of Integer#to_s.",
        "BigDecimal('1.10').to_s => \"1.1\"\nBigDecimal('1234567.89').to_s('3F') => \"123 456 7.89\"\nBigDecimal('1.1').to_s('E') => \"0.11e1\"",
        to_s,
    ),
    ruby(
        "truncate",
        "(digits = nil) -> Integer",
        "Cut off; with digits a BigDecimal.",
        "BigDecimal('1.99').truncate(1) => 0.19e1",
        |host, a, args| rounding::round(host, a, args, Rounding::Down),
    ),
];

const CLASS_ROWS: &[Method] = &[
    ruby("double_fig", "() -> Integer", "How many digits a float holds.", "BigDecimal.double_fig => 16", |_, _, _| {
        Ok(Value::Int(16))
    }),
    ruby("limit", "(digits = nil) -> Integer", "The limit of digits: none.", "BigDecimal.limit => 0", |_, _, _| {
        Ok(Value::Int(0))
    }),
    ruby(
        "mode",
        "(which, value = nil) -> Integer",
        "The mode in force: halves away from zero, no exceptions.",
        "BigDecimal.mode(BigDecimal::ROUND_MODE) => 3",
        |_, _, args| Ok(Value::Int(if args.int(0)? == ROUND_MODE { 3 } else { 0 })),
    ),
];

/// The constant BigDecimal::ROUND_MODE.
pub const ROUND_MODE: i64 = 256;

fn decimal(value: &Value) -> Decimal {
    match value {
        Value::Decimal(number) => Decimal::clone(number),
        _ => Decimal::NaN,
    }
}

fn cut(number: &Decimal, mode: Rounding) -> Value {
    Value::decimal(rounded_to(number, 0, mode))
}

/// `add(other, digits)` and its sisters.
fn operate(host: &mut dyn Host, op: Op, a: &Value, args: &Args) -> Result<Value> {
    let result = arithmetic::binary(host, op, a, &args.get(0))?;
    rounded(result, args, 1)
}

/// Rounds to the significant digits of an argument; 0 or nil keeps all.
fn rounded(value: Value, args: &Args, index: usize) -> Result<Value> {
    if args.get(index).is_nil() {
        return Ok(value);
    }
    let digits = digits_argument(args, index)?;
    Ok(Value::decimal(round_significant(&decimal(&value), digits, Rounding::HalfUp)))
}

fn digits_argument(args: &Args, index: usize) -> Result<usize> {
    usize::try_from(args.int(index)?).map_err(|_| raise(ClassId::ARGUMENT_ERROR, "negative precision"))
}

fn div(host: &mut dyn Host, a: &Value, args: Args) -> Result<Value> {
    if args.get(1).is_nil() {
        return arithmetic::binary(host, Op::FloorDivide, a, &args.get(0));
    }
    let digits = digits_argument(&args, 1)?;
    if digits == 0 {
        return arithmetic::binary(host, Op::Divide, a, &args.get(0));
    }
    host.charge(digits)?;
    let zero = Value::decimal(0);
    let divisor = arithmetic::binary(host, Op::Add, &zero, &args.get(0))?;
    Ok(Value::decimal(divide_to(&decimal(a), &decimal(&divisor), digits)))
}

fn significant_digits(number: &Decimal) -> usize {
    match number {
        Decimal::Finite(finite) if !finite.is_zero() => number.digits().0.len(),
        _ => 0,
    }
}

fn scale(number: &Decimal) -> i64 {
    let digits = significant_digits(number) as i64;
    (digits - number.digits().1).max(0) * i64::from(digits > 0)
}

fn sign(number: &Decimal) -> i64 {
    let rank = match number {
        Decimal::NaN => return 0,
        Decimal::Infinite { .. } => 3,
        other if other.is_zero() => 1,
        _ => 2,
    };
    if number.is_negative() { -rank } else { rank }
}

fn split(_: &mut dyn Host, receiver: &Value, _: Args) -> Result<Value> {
    let number = decimal(receiver);
    let (digits, point) = match &number {
        Decimal::Finite(_) | Decimal::NegativeZero => number.digits(),
        other => (other.to_plain().trim_start_matches('-').to_owned(), 0),
    };
    let sign = if number.is_nan() {
        0
    } else if number.is_negative() {
        -1
    } else {
        1
    };
    Ok(Value::array(vec![Value::Int(sign), Value::string(digits), Value::Int(10), Value::Int(point)]))
}

/// A rounding mode by name or by number of the ROUND_ constants.
pub fn rounding_mode(value: &Value) -> Result<Rounding> {
    let name = match value {
        Value::Nil => return Ok(Rounding::HalfUp),
        Value::Int(number) => {
            return match number {
                1 => Ok(Rounding::Up),
                2 => Ok(Rounding::Down),
                3 => Ok(Rounding::HalfUp),
                4 => Ok(Rounding::HalfDown),
                5 => Ok(Rounding::Ceiling),
                6 => Ok(Rounding::Floor),
                7 => Ok(Rounding::HalfEven),
                _ => Err(invalid_mode()),
            };
        }
        Value::Symbol(symbol) => symbol.text(),
        Value::Str(text) => text.to_text(),
        other => return Err(args::no_conversion(other, "String")),
    };
    match name.to_ascii_lowercase().as_str() {
        "up" => Ok(Rounding::Up),
        "down" | "truncate" => Ok(Rounding::Down),
        "half_up" | "default" => Ok(Rounding::HalfUp),
        "half_down" => Ok(Rounding::HalfDown),
        "half_even" | "banker" => Ok(Rounding::HalfEven),
        "ceil" | "ceiling" => Ok(Rounding::Ceiling),
        "floor" => Ok(Rounding::Floor),
        _ => Err(invalid_mode()),
    }
}

#[cold]
fn invalid_mode() -> Box<Unwind> {
    raise(ClassId::ARGUMENT_ERROR, "invalid rounding mode")
}

/// `round(digits, mode)`, `round(digits, half: :even)`, `round(half: :even)`. With a mode the answer stays a BigDecimal,
/// however few digits are kept.
fn round(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let mut args = args;
    let options = args.take_keywords();
    let places = if args.is_empty() { None } else { Some(args.int(0)?) };
    let mode = match (options, args.given(1)) {
        (Some(options), _) => half_mode(&options.get(&Value::symbol("half")).unwrap_or_default())?,
        (None, Some(mode @ Value::Symbol(_))) => rounding_mode(mode)?,
        (None, Some(_)) => rounding_mode(&Value::Int(args.int(1)?))?,
        (None, None) => return rounding::round_to(host, receiver, places, Rounding::HalfUp),
    };
    Ok(Value::decimal(rounded_to(&decimal(receiver), places.unwrap_or(0), mode)))
}

fn half_mode(value: &Value) -> Result<Rounding> {
    let name = match value {
        Value::Nil => return Ok(Rounding::HalfUp),
        Value::Symbol(symbol) => symbol.text(),
        Value::Str(text) => text.to_text(),
        _ => return Err(invalid_mode()),
    };
    match name.as_str() {
        "up" => Ok(Rounding::HalfUp),
        "down" => Ok(Rounding::HalfDown),
        "even" => Ok(Rounding::HalfEven),
        _ => Err(raise(ClassId::ARGUMENT_ERROR, format!("invalid rounding mode: {name}"))),
    }
}

fn to_s(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let number = decimal(receiver);
    let format = match args.get(0) {
        Value::Symbol(_) => return number_format::to_formatted_s(host, receiver, args),
        Value::Nil => return Ok(Value::string(number.to_plain())),
        Value::Int(group) if group < 1 => {
            return Err(raise(ClassId::ARGUMENT_ERROR, "argument must be positive"));
        }
        Value::Int(group) => group.to_string(),
        Value::Str(text) => text.to_text(),
        other => return Err(args::no_conversion(&other, "Integer")),
    };
    let plus = match format.chars().next() {
        Some(sign @ ('+' | ' ')) if !number.is_negative() && !number.is_nan() => sign.to_string(),
        _ => String::new(),
    };
    let group: usize = format.chars().filter(char::is_ascii_digit).collect::<String>().parse().unwrap_or(0);
    if !number.is_finite() || number.is_zero() {
        return Ok(Value::string(plus + &number.to_plain()));
    }
    let fixed = format.to_ascii_uppercase().contains('F');
    let text = if fixed { number.to_plain() } else { number.to_scientific() };
    Ok(Value::string(plus + &grouped(&text, group, fixed)))
}

/// Spaces between groups of digits, on either side of the point counted from the left.
fn grouped(text: &str, group: usize, fixed: bool) -> String {
    if group == 0 {
        return text.to_owned();
    }
    let (sign, body) = text.strip_prefix('-').map_or(("", text), |body| ("-", body));
    let (whole, rest) = body.split_once('.').unwrap_or((body, ""));
    let (fraction, exponent) = match rest.split_once('e') {
        Some((fraction, exponent)) => (fraction, format!("e{exponent}")),
        None => (rest, String::new()),
    };
    let spaced = |digits: &str| {
        let groups: Vec<_> = digits.as_bytes().chunks(group).map(String::from_utf8_lossy).collect();
        groups.join(" ")
    };
    let whole = if fixed { spaced(whole) } else { whole.to_owned() };
    format!("{sign}{whole}.{}{exponent}", spaced(fraction))
}

/// The root with at least as many digits as asked for and as the number has.
fn sqrt(_: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let digits = digits_argument(&args, 0)?;
    let number = decimal(receiver);
    match &number {
        Decimal::NaN => Err(raise(ClassId::FLOAT_DOMAIN_ERROR, "sqrt of 'NaN'(Not a Number)")),
        other if other.is_zero() || (!other.is_finite() && !other.is_negative()) => Ok(receiver.clone()),
        other if other.is_negative() => Err(raise(ClassId::FLOAT_DOMAIN_ERROR, "sqrt of negative value")),
        Decimal::Finite(finite) => {
            room_for_digits(digits.saturating_mul(8), 10)?;
            let places = (digits + WORD).max(words(&number) * (WORD + 1)) + WORD;
            Ok(Value::decimal(root(finite, places as i64)))
        }
        _ => Ok(receiver.clone()),
    }
}

fn root(number: &BigDecimal, places: i64) -> BigDecimal {
    let (digits, scale) = number.as_bigint_and_exponent();
    let target = 2 * places.max((scale + 1) / 2);
    let scaled: BigInt = digits.abs() * BigInt::from(10).pow((target - scale) as u32);
    BigDecimal::new(scaled.sqrt(), target / 2)
}
