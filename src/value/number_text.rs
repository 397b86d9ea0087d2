//! Reading numbers from text, by the rules of `Integer()`, `to_i`, `Float()` and `to_f`.

use super::{ClassId, Exception, Limit, Result, Unwind};
use num_bigint::BigInt;
use std::rc::Rc;

/// Integers grow no longer than this, some 1.2 million digits: to write out what is longer would take minutes.
pub const MOST_BITS: u64 = 1 << 22;

/// Refuses an integer of more than [`MOST_BITS`]: the memory limit.
pub fn room_for_bits(bits: u64) -> Result<()> {
    if bits <= MOST_BITS {
        return Ok(());
    }
    Err(too_large(format!("an integer of more than {MOST_BITS} bits")))
}

/// The same for `1e1000000`, whose digits count with its exponent.
pub fn room_for_decimal(text: &str) -> Result<()> {
    let exponent = text.split(['e', 'E']).nth(1).map_or("", |rest| rest.trim_start_matches(['+', '-']));
    let digits = exponent.bytes().take_while(|byte| byte.is_ascii_digit());
    let zeros = digits.fold(0_usize, |sum, digit| sum.saturating_mul(10).saturating_add(usize::from(digit - b'0')));
    room_for_digits(text.len().saturating_add(zeros), 10)
}

/// Refuses text under way that is longer than anything a connector handles: the memory limit.
pub fn room_for_text(bytes: usize) -> Result<()> {
    const MOST: usize = 512 << 20;
    if bytes <= MOST { Ok(()) } else { Err(too_large(format!("more than {} MB for one text", MOST >> 20))) }
}

#[cold]
fn too_large(message: String) -> Box<Unwind> {
    let place = Rc::new(Exception::new(ClassId::SYSTEM_STACK_ERROR, message.clone()));
    Box::new(Unwind::Limit { limit: Limit::Memory, message, place })
}

/// The same for digits that are to be read.
pub fn room_for_digits(digits: usize, base: u32) -> Result<()> {
    let bits = f64::from(base.max(2)).log2() * digits as f64;
    if digits < 4096 { Ok(()) } else { room_for_bits(bits as u64) }
}

/// An integer at the beginning of `text`, and whether nothing but space follows. `base` 0 goes by the prefix (`0x`,
/// `0b`, `0o`, `0`), any other takes its own prefix. `None` where no digits are.
pub fn integer_prefix(text: &[u8], base: u32) -> Option<(BigInt, bool)> {
    let text = text.trim_ascii_start();
    let (negative, text) = match text.first() {
        Some(b'-') => (true, &text[1..]),
        Some(b'+') => (false, &text[1..]),
        _ => (false, text),
    };
    let (base, prefix) = base_of(text, base);
    let text = &text[prefix..];
    let (digits, end) = digits_of(text, base);
    if digits.is_empty() {
        // `0x` without digits still begins with the digit 0, but is no integer as a whole.
        return (prefix > 0).then_some((BigInt::ZERO, false));
    }
    let number = match (digits.len() < 12).then(|| i64::from_str_radix(&digits, base).ok()).flatten() {
        Some(small) => BigInt::from(small),
        None => BigInt::parse_bytes(digits.as_bytes(), base)?,
    };
    let complete = text[end..].trim_ascii_start().is_empty();
    Some((if negative { -number } else { number }, complete))
}

/// The decimal integer at the beginning of `text` where it is short and nothing after it could belong to it.
pub fn small_integer_prefix(text: &[u8]) -> Option<i64> {
    const MOST_DIGITS: usize = 18;
    let text = text.trim_ascii_start();
    let (negative, text) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    let mut number = 0;
    for (at, byte) in text.iter().enumerate() {
        match byte {
            b'0'..=b'9' if at < MOST_DIGITS => number = number * 10 + i64::from(byte - b'0'),
            // `1_000`, `0d12`
            b'0'..=b'9' | b'_' | b'd' | b'D' => return None,
            _ if at == 0 => return None,
            _ => break,
        }
    }
    (!text.is_empty()).then_some(if negative { -number } else { number })
}

/// The base to read in and how long the prefix is.
fn base_of(text: &[u8], base: u32) -> (u32, usize) {
    let marked = match text.get(..2) {
        Some([b'0', letter]) => match letter.to_ascii_lowercase() {
            b'x' => 16,
            b'b' => 2,
            b'o' => 8,
            b'd' => 10,
            _ => 0,
        },
        _ => 0,
    };
    if marked != 0 && (base == 0 || base == marked) {
        return (marked, 2);
    }
    match (base, text) {
        (0, [b'0', b'0'..=b'9' | b'_', ..]) => (8, 0),
        (0, _) => (10, 0),
        _ => (base, 0),
    }
}

/// The digits with single underscores between them left out, and where they end.
fn digits_of(text: &[u8], base: u32) -> (String, usize) {
    let mut digits = String::new();
    let mut at = 0;
    let is_digit = |byte: Option<&u8>| byte.is_some_and(|byte| char::from(*byte).is_digit(base));
    while is_digit(text.get(at)) || (text.get(at) == Some(&b'_') && at > 0 && is_digit(text.get(at + 1))) {
        if text[at] != b'_' {
            digits.push(char::from(text[at]));
        }
        at += 1;
    }
    (digits, at)
}

/// The float at the beginning of `text` as `to_f` reads it; 0.0 where there is none.
pub fn float_prefix(text: &[u8]) -> f64 {
    scan_float(text).map_or(0.0, |(number, _)| number)
}

/// `Float(text)`: the whole text must be a number.
pub fn float_strict(text: &[u8]) -> Option<f64> {
    let trimmed = text.trim_ascii();
    if let Some(number) = hex_float(trimmed) {
        return Some(number);
    }
    let (number, end) = scan_float(trimmed)?;
    (end == trimmed.len()).then_some(number)
}

/// Digits, an optional fraction and an optional exponent; where they end.
fn scan_float(text: &[u8]) -> Option<(f64, usize)> {
    let start = text.len() - text.trim_ascii_start().len();
    let mut at = start;
    let mut clean = String::new();
    if let Some(sign @ (b'-' | b'+')) = text.get(at) {
        clean.push(char::from(*sign));
        at += 1;
    }
    let (whole, length) = digits_of(&text[at..], 10);
    clean += &whole;
    at += length;
    let mut fraction = String::new();
    if text.get(at) == Some(&b'.') {
        let (digits, length) = digits_of(&text[at + 1..], 10);
        if !digits.is_empty() {
            clean.push('.');
            clean += &digits;
            at += 1 + length;
            fraction = digits;
        }
    }
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    if matches!(text.get(at), Some(b'e' | b'E')) {
        let signed = usize::from(matches!(text.get(at + 1), Some(b'-' | b'+')));
        let (digits, length) = digits_of(&text[at + 1 + signed..], 10);
        if !digits.is_empty() {
            clean.push('e');
            clean += std::str::from_utf8(&text[at + 1..at + 1 + signed]).unwrap_or_default();
            clean += &digits;
            at += 1 + signed + length;
        }
    }
    clean.parse().ok().map(|number| (number, at))
}

/// `0x1.8p3`.
fn hex_float(text: &[u8]) -> Option<f64> {
    let text = std::str::from_utf8(text).ok()?;
    let (negative, text) =
        text.strip_prefix('-').map_or((false, text.strip_prefix('+').unwrap_or(text)), |t| (true, t));
    let text = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"))?;
    let (mantissa, exponent) = text.split_once(['p', 'P']).unwrap_or((text, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    if whole.is_empty() || fraction.is_empty() {
        return None;
    }
    let digits = BigInt::parse_bytes(format!("{whole}{fraction}").as_bytes(), 16)?;
    let power = exponent.parse::<i32>().ok()? - 4 * fraction.len() as i32;
    let number = num_traits::ToPrimitive::to_f64(&digits)? * 2f64.powi(power);
    Some(if negative { -number } else { number })
}
