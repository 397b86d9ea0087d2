//! Numbers beyond a machine word, and how floats are written.

use super::Value;
use num_bigint::BigInt;
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
}

/// The float nearest to a fraction.
pub fn ratio_to_f64(numerator: &BigInt, denominator: &BigInt) -> f64 {
    const DIGITS: i64 = 66;
    if denominator.is_zero() {
        return f64::NAN;
    }
    let shift = DIGITS - (numerator.bits() as i64 - denominator.bits() as i64);
    let (mut scaled, mut divisor) = (numerator.abs(), denominator.abs());
    if shift >= 0 {
        scaled <<= shift
    } else {
        divisor <<= -shift
    }
    let (quotient, rest) = scaled.div_rem(&divisor);
    // A last bit that stands for everything cut off, so that the one rounding below is the right one.
    let sticky = if rest.is_zero() { quotient } else { quotient | BigInt::from(1) };
    let magnitude = sticky.to_f64().unwrap_or(f64::INFINITY) * 2_f64.powi(i32::try_from(-shift).unwrap_or(0));
    if numerator.is_negative() == denominator.is_negative() { magnitude } else { -magnitude }
}

/// The integer value: inline if it fits 64 bits.
pub fn int_value(number: BigInt) -> Value {
    number.to_i64().map_or_else(|| Value::BigInt(Rc::new(number)), Value::Int)
}

/// `Float#to_s`: the shortest digits that read back the same, exponent form from 1e16 up and below 1e-4.
pub fn float_to_s(number: f64) -> String {
    if number.is_nan() {
        return "NaN".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { "Infinity" } else { "-Infinity" }.to_owned();
    }
    let magnitude = number.abs();
    if magnitude != 0.0 && !(1e-4..1e16).contains(&magnitude) {
        let text = format!("{number:e}");
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let point = if mantissa.contains('.') { "" } else { ".0" };
        let (sign, digits) = exponent.strip_prefix('-').map_or(("+", exponent), |digits| ("-", digits));
        return format!("{mantissa}{point}e{sign}{digits:0>2}");
    }
    let text = number.to_string();
    if text.contains('.') { text } else { text + ".0" }
}

/// A finite number as numerator and denominator, exactly.
pub fn fraction(value: &Value) -> Option<(BigInt, BigInt)> {
    match value {
        Value::Int(number) => Some((BigInt::from(*number), BigInt::from(1))),
        Value::BigInt(number) => Some((BigInt::clone(number), BigInt::from(1))),
        Value::Rational(number) => Some((number.numerator.clone(), number.denominator.clone())),
        Value::Float(number) => float_fraction(*number),
        Value::Decimal(number) => {
            let (digits, scale) = number.as_bigint_and_exponent();
            let ten = BigInt::from(10);
            let power = ten.pow(u32::try_from(scale.unsigned_abs()).ok()?);
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

/// `BigDecimal#to_s` in the plain form that ActiveSupport makes the default: `1.1`, `100.0`.
pub fn decimal_to_s(number: &bigdecimal::BigDecimal) -> String {
    let text = number.normalized().to_plain_string();
    if text.contains('.') { text } else { text + ".0" }
}
