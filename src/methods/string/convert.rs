//! From text to other values: numbers, symbols, and text itself.

use super::text::{plain, this};
use crate::methods::args::to_int;
use crate::methods::complex::complex;
use crate::methods::convert::rational_prefix;
use crate::methods::{Args, Host, Method, number_format, rails, ruby, sdk};
use crate::value::number_text::{
    float_prefix, float_strict, integer_prefix, room_for_decimal, room_for_digits, small_integer_prefix,
};
use crate::value::{ClassId, Decimal, Encoding, Result, Str, Symbol, Value, int_value, raise};
use num_traits::Zero;
use std::rc::Rc;

pub(super) const ROWS: &[Method] = &[
    rails("acts_like_string?", "() -> Boolean", "Yes.", "'a'.acts_like_string? => true", |_, _, _| Ok(true.into())),
    ruby(
        "hex",
        "() -> Integer",
        "The number that hexadecimal digits spell.",
        "'0x1A'.hex => 26\n'zz'.hex => 0",
        |_, it, _| number(this(it)?, 16),
    ),
    sdk(
        "is_int?",
        "() -> Boolean",
        "Digits only.",
        "'12'.is_int? => true\n'-12'.is_int? => false",
        |_, receiver, _| {
            let text = this(receiver)?;
            let bytes = text.bytes();
            Ok((!bytes.is_empty() && bytes.iter().all(u8::is_ascii_digit)).into())
        },
    ),
    sdk(
        "is_number?",
        "() -> Boolean",
        "A line of digits, or text that `Float()` takes.",
        "'1e5'.is_number? => true\n'1,000'.is_number? => false",
        |_, receiver, _| {
            let text = this(receiver)?;
            let bytes = text.bytes();
            let is_digits = |line: &[u8]| !line.is_empty() && line.iter().all(u8::is_ascii_digit);
            Ok((bytes.split(|byte| *byte == b'\n').any(is_digits) || float_strict(&bytes).is_some()).into())
        },
    ),
    ruby(
        "oct",
        "() -> Integer",
        "The number that octal digits spell, or those of a prefix.",
        "'777'.oct => 511\n'0x1f'.oct => 31",
        |_, receiver, _| {
            let text = this(receiver)?;
            let bytes = text.bytes();
            let digits = bytes.trim_ascii_start();
            let digits = digits.strip_prefix(b"-").or_else(|| digits.strip_prefix(b"+")).unwrap_or(digits);
            let has_prefix = matches!(digits, [b'0', b'x' | b'X' | b'b' | b'B' | b'o' | b'O' | b'd' | b'D', ..]);
            let found = integer_prefix(&bytes, if has_prefix { 0 } else { 8 });
            Ok(found.map_or(Value::Int(0), |(number, _)| int_value(number)))
        },
    ),
    ruby("ord", "() -> Integer", "The number of the first character.", "'a'.ord => 97\n'é'.ord => 233", ord),
    ruby(
        "to_c",
        "() -> Complex",
        "The complex number that the text begins with.",
        "'1+2i'.to_c => (1+2i)",
        |_, receiver, _| {
            let text = this(receiver)?.to_text();
            Ok(complex_prefix(text.trim_start()).0.unwrap_or_else(|| complex(Value::Int(0), Value::Int(0))))
        },
    ),
    sdk(
        "to_currency",
        "(options = nil) -> String",
        "As an amount of money.",
        "'1234.5'.to_currency => \"$1,234.50\"",
        |host, receiver, args| number_format::currency(host, receiver, &number_format::options_of(&args, 0)?),
    ),
    rails(
        "to_d",
        "() -> BigDecimal",
        "The decimal number that the text begins with, 0 if none.",
        "'12.50abc'.to_d.to_s => \"12.5\"",
        |_, it, _| {
            let text = this(it)?.to_text();
            let found = Decimal::parse(&text).map(|(number, _)| number);
            Ok(Value::decimal(found.unwrap_or_else(|| Decimal::from(0))))
        },
    ),
    ruby(
        "to_f",
        "() -> Float",
        "The number that the text begins with, 0.0 if none.",
        "'12.7abc'.to_f => 12.7\n''.to_f => 0.0",
        |_, it, _| Ok(Value::float(float_prefix(&this(it)?.bytes()))),
    ),
    ruby(
        "to_i",
        "(base = 10) -> Integer",
        "The integer that the text begins with, 0 if none.",
        "'12abc'.to_i => 12\n'ff'.to_i(16) => 255",
        |_, receiver, args| {
            let base = match args.given(0) {
                Some(base) => to_int(base)?,
                None => 10,
            };
            if base < 0 || base == 1 || base > 36 {
                return Err(raise(ClassId::ARGUMENT_ERROR, format!("invalid radix {base}")));
            }
            number(this(receiver)?, base as u32)
        },
    ),
    sdk(
        "to_phone",
        "(options = nil) -> String",
        "As a telephone number.",
        "'5551234567'.to_phone => \"555-123-4567\"",
        |host, receiver, args| number_format::phone(host, receiver, &number_format::options_of(&args, 0)?),
    ),
    ruby(
        "to_r",
        "() -> Rational",
        "The fraction that the text begins with, 0 if none.",
        "'0.75'.to_r => (3/4)",
        |_, receiver, _| {
            let text = this(receiver)?.to_text();
            room_for_decimal(&text)?;
            match rational_prefix(text.trim_start()) {
                Some((number, _)) if number.denominator.is_zero() => {
                    Err(raise(ClassId::ZERO_DIVISION_ERROR, "divided by 0"))
                }
                Some((number, _)) => Ok(Value::Rational(Rc::new(number))),
                None => Ok(rational_zero()),
            }
        },
    ),
    ruby("to_s to_str", "() -> String", "Itself.", "'a'.to_s => \"a\"", |_, receiver, _| {
        let text = this(receiver)?;
        Ok(if text.class() == crate::value::StrClass::Unicode { plain(text) } else { receiver.clone() })
    }),
    ruby("to_sym intern", "() -> Symbol", "The symbol of that text.", "'a b'.to_sym => :\"a b\"", |_, receiver, _| {
        let text = this(receiver)?;
        if !text.is_valid() {
            let shown = crate::value::inspect(receiver).to_text();
            let message = format!("invalid symbol in encoding {} :{shown}", text.encoding().name());
            return Err(raise(ClassId::ENCODING_ERROR, message));
        }
        Ok(Value::Symbol(Symbol::new(&text.to_text())))
    }),
];

fn number(text: &Str, base: u32) -> Result<Value> {
    if base == 10
        && let Some(small) = small_integer_prefix(&text.bytes())
    {
        return Ok(Value::Int(small));
    }
    room_for_digits(text.len(), base)?;
    Ok(integer_prefix(&text.bytes(), base).map_or(Value::Int(0), |(number, _)| int_value(number)))
}

fn rational_zero() -> Value {
    rational_prefix("0").map_or(Value::Int(0), |(zero, _)| Value::Rational(Rc::new(zero)))
}

fn ord(_: &mut dyn Host, receiver: &Value, _: Args) -> Result<Value> {
    let text = this(receiver)?;
    if text.is_empty() {
        return Err(raise(ClassId::ARGUMENT_ERROR, "empty string"));
    }
    let first = text.sub_bytes(0, text.char_end(0));
    match text.encoding() {
        Encoding::Other(_) if text.encoding().is_unicode() => {
            let unicode = super::transcode::to_unicode(&first).and_then(|text| text.chars().next());
            unicode.map(|c| Value::Int(c as i64)).ok_or_else(|| super::text::invalid_bytes(text))
        }
        _ => {
            let codes = super::charset::codes(&first).map_err(|_| super::text::invalid_bytes(text))?;
            Ok(codes.first().map_or(Value::Nil, |code| Value::Int(i64::from(*code))))
        }
    }
}

/// `1+2i`, `3i`, `1@2`, `i`: the longest beginning that is a complex number.
/// The complex number at the front (`1+2i`, `-i`, `2@0.5`), and what follows it.
pub fn complex_prefix(text: &str) -> (Option<Value>, &str) {
    let zero = || Value::Int(0);
    let (first, rest) = real_prefix(text);
    let Some(first) = first else {
        return match imaginary(text).or_else(|| unit(text).map(|rest| (Value::Int(1), rest))) {
            Some((part, rest)) => (Some(complex(zero(), part)), rest),
            None => (None, text),
        };
    };
    if let Some(turned) = rest.strip_prefix('@')
        && let (Some(angle), rest) = real_prefix(turned)
    {
        let (size, angle) = (as_f64(&first), as_f64(&angle));
        return (Some(complex(Value::float(size * angle.cos()), Value::float(size * angle.sin()))), rest);
    }
    if let Some(rest) = unit(rest) {
        return (Some(complex(zero(), first)), rest);
    }
    match imaginary(rest) {
        Some((part, rest)) => (Some(complex(first, part)), rest),
        None => (Some(complex(first, zero())), rest),
    }
}

/// What follows an `i` or `j`.
fn unit(text: &str) -> Option<&str> {
    text.strip_prefix(['i', 'j'])
}

/// `+2i`, `-i`: a signed imaginary part, and what follows it.
fn imaginary(text: &str) -> Option<(Value, &str)> {
    let sign = text.chars().next().filter(|c| matches!(c, '+' | '-'))?;
    match real_prefix(text) {
        (Some(number), rest) => unit(rest).map(|rest| (number, rest)),
        (None, _) => unit(text.get(1..)?).map(|rest| (Value::Int(if sign == '-' { -1 } else { 1 }), rest)),
    }
}

/// A real number at the front, and what follows it.
fn real_prefix(text: &str) -> (Option<Value>, &str) {
    let digits = |from: usize| {
        text.get(from..).map_or(0, |rest| rest.bytes().take_while(|b| b.is_ascii_digit() || *b == b'_').count())
    };
    let start = usize::from(text.starts_with(['+', '-']));
    let mut end = start + digits(start);
    if end == start {
        return (None, text);
    }
    let mut is_float = false;
    for (mark, signs) in [(&['.'][..], false), (&['e', 'E'][..], true)] {
        let Some(rest) = text.get(end..) else { break };
        if rest.starts_with(mark) {
            let sign = usize::from(signs && rest.get(1..).is_some_and(|rest| rest.starts_with(['+', '-'])));
            let len = digits(end + 1 + sign);
            if len > 0 {
                is_float = true;
                end += 1 + sign + len;
            }
        }
    }
    let number = text.get(..end).unwrap_or_default();
    let rest = text.get(end..).unwrap_or_default();
    let value = if is_float {
        Value::float(float_prefix(number.as_bytes()))
    } else if rest.starts_with('/') {
        let len = digits(end + 1);
        let fraction = rational_prefix(text.get(..end + 1 + len).unwrap_or_default());
        let Some((fraction, _)) = fraction.filter(|_| len > 0) else { return (None, text) };
        return (Some(Value::Rational(Rc::new(fraction))), text.get(end + 1 + len..).unwrap_or_default());
    } else {
        integer_prefix(number.as_bytes(), 10).map_or(Value::Int(0), |(number, _)| int_value(number))
    };
    (Some(value), rest)
}

fn as_f64(value: &Value) -> f64 {
    crate::methods::convert::as_float(value).unwrap_or(0.0)
}
