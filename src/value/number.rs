//! Numbers beyond a machine word, and how floats are written.

use super::Value;
use num_bigint::{BigInt, BigUint};
use num_integer::Integer;
use num_traits::{Signed, ToPrimitive, Zero};
use std::rc::Rc;

/// A fraction in lowest terms, denominator positive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rational {
    pub numerator: BigInt,
    pub denominator: BigInt,
}

impl Rational {
    /// In lowest terms; a denominator of 0 is taken for 1.
    pub fn reduced(numerator: BigInt, denominator: BigInt) -> Self {
        let divisor = numerator.gcd(&denominator);
        if divisor.is_zero() || denominator.is_zero() {
            return Self { numerator, denominator: BigInt::from(1) };
        }
        let sign = if denominator.is_negative() { -divisor } else { divisor };
        Self { numerator: numerator / &sign, denominator: denominator / sign }
    }

    /// The nearest float.
    pub fn to_f64(&self) -> f64 {
        ratio_to_f64(&self.numerator, &self.denominator)
    }
}

/// The integer value: inline if it fits 64 bits.
pub fn int_value(number: BigInt) -> Value {
    number.to_i64().map_or_else(|| Value::BigInt(Rc::new(number)), Value::Int)
}

/// The quotient of two integers as Ruby computes it: of machine integers by one float division, of
/// larger ones from the first 64 bits of the divisor.
pub fn ratio_to_f64(numerator: &BigInt, denominator: &BigInt) -> f64 {
    let common = numerator.gcd(denominator);
    if denominator.is_zero() || common.is_zero() {
        return big_to_f64(numerator) / big_to_f64(denominator);
    }
    let (numerator, denominator) = (numerator / &common, denominator / &common);
    match (fixnum(&numerator), fixnum(&denominator)) {
        (Some(a), Some(b)) => a as f64 / b as f64,
        (None, Some(b)) if big_to_f64(&numerator).is_finite() => big_to_f64(&numerator) / b as f64,
        _ => divide_leading_bits(&numerator, &denominator),
    }
}

/// The nearest float; infinite if too large.
pub fn big_to_f64(number: &BigInt) -> f64 {
    number.to_f64().unwrap_or(f64::INFINITY)
}

/// An integer that Ruby keeps in a machine word.
fn fixnum(number: &BigInt) -> Option<i64> {
    number.to_i64().filter(|number| (-(1 << 62)..1 << 62).contains(number))
}

fn divide_leading_bits(numerator: &BigInt, denominator: &BigInt) -> f64 {
    const WORD: i64 = 64;
    let drop_below = denominator.bits() as i64 - WORD;
    let divisor = shift_right(denominator.magnitude(), drop_below);
    let drop_above = match numerator.bits() as i64 - 2 * WORD {
        extra if extra > WORD => extra - WORD,
        extra => extra.min(0),
    };
    let quotient = shift_right(numerator.magnitude(), drop_above) / divisor;
    let magnitude = times_power(quotient.to_f64().unwrap_or(f64::INFINITY), drop_above - drop_below);
    if numerator.is_negative() == denominator.is_negative() { magnitude } else { -magnitude }
}

fn shift_right(number: &BigUint, bits: i64) -> BigUint {
    if bits >= 0 { number >> bits.unsigned_abs() } else { number << bits.unsigned_abs() }
}

/// `number * 2^power`, rounded once.
fn times_power(number: f64, power: i64) -> f64 {
    libm::ldexp(number, power.clamp(-5000, 5000) as i32)
}

/// `Float#to_s`: the shortest digits that read back the same. The exponent form begins at 1e15, but digits that reach
/// behind the point stay plain; and below 1e-4.
pub fn float_to_s(number: f64) -> String {
    const PLAIN_DIGITS: i32 = 15;
    if number.is_nan() {
        return "NaN".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { "Infinity" } else { "-Infinity" }.to_owned();
    }
    let text = shortest(number);
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let power: i32 = exponent.parse().unwrap_or(0);
    let digits = mantissa.bytes().filter(u8::is_ascii_digit).count() as i32;
    if power < -4 || (power >= PLAIN_DIGITS && power + 1 >= digits) {
        let point = if mantissa.contains('.') { "" } else { ".0" };
        let (sign, digits) = exponent.strip_prefix('-').map_or(("+", exponent), |digits| ("-", digits));
        return format!("{mantissa}{point}e{sign}{digits:0>2}");
    }
    let (sign, mantissa) = mantissa.strip_prefix('-').map_or(("", mantissa), |rest| ("-", rest));
    let digits = mantissa.replace('.', "");
    if power < 0 {
        return format!("{sign}0.{}{digits}", "0".repeat(power.unsigned_abs() as usize - 1));
    }
    let whole = power as usize + 1;
    match digits.split_at_checked(whole) {
        Some((whole, "")) => format!("{sign}{whole}.0"),
        Some((whole, fraction)) => format!("{sign}{whole}.{fraction}"),
        None => format!("{sign}{digits}{}.0", "0".repeat(whole - digits.len())),
    }
}

/// The shortest digits that read back as the same float, with an exponent; of two that are as near the even one.
pub fn shortest(number: f64) -> String {
    const TIES_FROM: usize = 16;
    let text = format!("{number:e}");
    let digits = text.bytes().take_while(|byte| *byte != b'e').filter(u8::is_ascii_digit).count();
    if digits < TIES_FROM {
        return text;
    }
    let even = format!("{number:.*e}", digits - 1);
    if even.parse() == Ok(number) { even } else { text }
}

/// A finite number as numerator and denominator, exactly.
pub fn fraction(value: &Value) -> Option<(BigInt, BigInt)> {
    match value {
        Value::Int(number) => Some((BigInt::from(*number), BigInt::from(1))),
        Value::BigInt(number) => Some((BigInt::clone(number), BigInt::from(1))),
        Value::Rational(number) => Some((number.numerator.clone(), number.denominator.clone())),
        Value::Float(number) => float_fraction(number.get()),
        Value::Decimal(number) => {
            let (digits, scale) = number.finite()?.into_bigint_and_exponent();
            let power = BigInt::from(10).pow(u32::try_from(scale.unsigned_abs()).ok()?);
            Some(if scale >= 0 { (digits, power) } else { (digits * power, BigInt::from(1)) })
        }
        _ => None,
    }
}

fn float_fraction(number: f64) -> Option<(BigInt, BigInt)> {
    if !number.is_finite() {
        return None;
    }
    let (mantissa, exponent, sign) = num_traits::float::FloatCore::integer_decode(number);
    let mantissa = BigInt::from(mantissa) * sign;
    let power = BigInt::from(1) << exponent.unsigned_abs();
    Some(if exponent >= 0 { (mantissa * power, BigInt::from(1)) } else { (mantissa, power) })
}
