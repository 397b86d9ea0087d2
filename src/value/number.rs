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

    /// The nearest float.
    pub fn to_f64(&self) -> f64 {
        ratio_to_f64(&self.numerator, &self.denominator)
    }
}

/// The integer value: inline if it fits 64 bits.
pub fn int_value(number: BigInt) -> Value {
    number.to_i64().map_or_else(|| Value::BigInt(Rc::new(number)), Value::Int)
}

/// The float nearest to a fraction, correctly rounded however large its parts are.
pub fn ratio_to_f64(numerator: &BigInt, denominator: &BigInt) -> f64 {
    const EXACT: u64 = 1 << f64::MANTISSA_DIGITS;
    if denominator.is_zero() {
        return f64::NAN;
    }
    if let (Some(a), Some(b)) = (numerator.to_i64(), denominator.to_i64()) {
        if a.unsigned_abs() <= EXACT && b.unsigned_abs() <= EXACT {
            return a as f64 / b as f64;
        }
    }
    // A quotient of 66 bits or more whose last bit says whether anything was cut off rounds as the fraction itself.
    let shift = 66 - (numerator.bits() as i64 - denominator.bits() as i64);
    let (scaled, divisor) = if shift >= 0 {
        (numerator.magnitude() << shift.unsigned_abs(), denominator.magnitude().clone())
    } else {
        (numerator.magnitude().clone(), denominator.magnitude() << shift.unsigned_abs())
    };
    let (quotient, rest) = scaled.div_rem(&divisor);
    let sticky = quotient | num_bigint::BigUint::from(u8::from(!rest.is_zero()));
    let magnitude = scale_by_power(&sticky, -shift);
    if numerator.is_negative() == denominator.is_negative() { magnitude } else { -magnitude }
}

/// `digits * 2^power`, rounded once, subnormal results included.
fn scale_by_power(digits: &num_bigint::BigUint, power: i64) -> f64 {
    let lowest = i64::from(f64::MIN_EXP) - i64::from(f64::MANTISSA_DIGITS);
    let drop = lowest - power;
    let bits = digits.bits() as i64;
    if drop <= bits - i64::from(f64::MANTISSA_DIGITS) {
        let high = digits.to_f64().unwrap_or(f64::INFINITY);
        let half = power.clamp(-5000, 5000) / 2;
        return high * 2f64.powi(half as i32) * 2f64.powi((power.clamp(-5000, 5000) - half) as i32);
    }
    let kept = digits >> drop.unsigned_abs();
    let cut = digits - (&kept << drop.unsigned_abs());
    let half = num_bigint::BigUint::from(1u8) << (drop.unsigned_abs() - 1);
    let up = cut > half || (cut == half && kept.bit(0));
    let units = kept.to_f64().unwrap_or_default() + f64::from(u8::from(up));
    units * f64::from_bits(1)
}

/// `Float#to_s`: the shortest digits that read back the same, exponent form from 1e15 up and below 1e-4.
pub fn float_to_s(number: f64) -> String {
    if number.is_nan() {
        return "NaN".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { "Infinity" } else { "-Infinity" }.to_owned();
    }
    let magnitude = number.abs();
    if magnitude != 0.0 && !(1e-4..1e15).contains(&magnitude) {
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
