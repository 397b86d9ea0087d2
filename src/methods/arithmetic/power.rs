//! `**` and `pow`.

use super::{Op, binary, cannot_coerce, decimal, divided_by_zero};
use crate::methods::{Host, convert};
use crate::value::number_text::room_for_bits;
use crate::value::{ClassId, Decimal, Rational, Result, Value, raise};
use bigdecimal::BigDecimal;
use num_bigint::BigInt;
use num_traits::{One, Signed, ToPrimitive, Zero};

/// Multiplications of machine words that a modular power may take: about a second.
const MOST_WORK: u64 = 1 << 29;

/// `a ** b`.
pub fn power(host: &mut dyn Host, a: &Value, b: &Value) -> Result<Value> {
    match (a, b) {
        (_, Value::Object(_)) => {
            let forced = host.force(b)?;
            if crate::value::same(&forced, b) { Err(cannot_coerce(b, a)) } else { power(host, a, &forced) }
        }
        (Value::Int(_) | Value::BigInt(_), Value::Int(_) | Value::BigInt(_)) => integer(a, b),
        (Value::Decimal(base), _) => decimal_power(base, b),
        (_, Value::Decimal(exponent)) => match super::decimal_of(a, b) {
            Some(base) => decimal_power(&base, &Value::decimal(Decimal::clone(exponent))),
            None => Err(cannot_coerce(b, a)),
        },
        (Value::Rational(base), _) => rational(base, b),
        (Value::Int(_) | Value::BigInt(_), Value::Rational(_)) => {
            rational(&Rational { numerator: super::big(a).into_owned(), denominator: BigInt::one() }, b)
        }
        _ => match (convert::as_float(a), convert::as_float(b)) {
            (Some(base), Some(exponent)) => float(base, exponent),
            _ => Err(cannot_coerce(b, a)),
        },
    }
}

fn float(base: f64, exponent: f64) -> Result<Value> {
    if base < 0.0 && exponent != exponent.round() {
        return super::super::complex::polar_power(base, exponent);
    }
    Ok(Value::float(base.powf(exponent)))
}

fn integer(a: &Value, b: &Value) -> Result<Value> {
    let (base, exponent) = (super::big(a), super::big(b));
    if exponent.is_negative() {
        return inverse(&base, &-exponent.as_ref());
    }
    positive(&base, &exponent)
}

/// A power with an exponent from zero up.
fn positive(base: &BigInt, exponent: &BigInt) -> Result<Value> {
    if exponent.is_zero() || base.is_one() {
        return Ok(Value::Int(1));
    }
    if base.is_zero() {
        return Ok(Value::Int(0));
    }
    if (-base).is_one() {
        return Ok(Value::Int(if exponent.bit(0) { -1 } else { 1 }));
    }
    // `base - 1` bits at least: two to the n has n + 1.
    let times = exponent.to_u64().unwrap_or(u64::MAX);
    room_for_bits((base.bits() - 1).max(1).saturating_mul(times))?;
    Ok(Value::big(base.pow(u32::try_from(times).unwrap_or(u32::MAX))))
}

/// `base ** -exponent` as a fraction.
fn inverse(base: &BigInt, exponent: &BigInt) -> Result<Value> {
    if base.is_zero() {
        return Err(divided_by_zero());
    }
    let power = positive(base, exponent)?;
    Ok(Value::rational(Rational::reduced(BigInt::one(), super::big(&power).into_owned())))
}

fn rational(base: &Rational, exponent: &Value) -> Result<Value> {
    let whole = match exponent {
        Value::Int(_) | Value::BigInt(_) => Some(super::big(exponent).into_owned()),
        Value::Rational(exponent) if exponent.denominator.is_one() => Some(exponent.numerator.clone()),
        Value::Float(_) | Value::Rational(_) => None,
        _ => return Err(cannot_coerce(exponent, &Value::rational(base.clone()))),
    };
    let Some(whole) = whole else {
        return float(base.to_f64(), convert::as_float(exponent).unwrap_or(f64::NAN));
    };
    let (up, down) = if whole.is_negative() {
        if base.numerator.is_zero() {
            return Err(divided_by_zero());
        }
        (&base.denominator, &base.numerator)
    } else {
        (&base.numerator, &base.denominator)
    };
    let size = whole.abs();
    if size.to_i64().is_none() && !(base.denominator.is_one() && base.numerator.magnitude().is_one()) {
        return float(base.to_f64(), crate::value::big_to_f64(&whole));
    }
    let (up, down) = (positive(up, &size)?, positive(down, &size)?);
    let (numerator, denominator) = (super::big(&up).into_owned(), super::big(&down).into_owned());
    // Powers of what has no common divisor have none.
    let sign = if denominator.is_negative() { -BigInt::one() } else { BigInt::one() };
    Ok(Value::rational(Rational { numerator: numerator * &sign, denominator: denominator * sign }))
}

fn decimal_power(base: &Decimal, exponent: &Value) -> Result<Value> {
    let whole = match exponent {
        Value::Int(number) => Some(*number),
        Value::Float(_) | Value::Rational(_) | Value::Decimal(_) => crate::value::fraction(exponent)
            .filter(|(_, denominator)| denominator.is_one())
            .and_then(|(numerator, _)| numerator.to_i64()),
        Value::BigInt(_) => return Ok(Value::decimal(special_power(base, exponent))),
        _ => {
            let name = exponent.class().name();
            let message = format!("wrong argument type {name} (expected scalar Numeric)");
            return Err(raise(ClassId::TYPE_ERROR, message));
        }
    };
    let (Decimal::Finite(number), Some(whole)) = (base, whole) else {
        if base.is_negative() && base.is_finite() && !base.is_zero() && whole.is_none() {
            return Err(raise(ClassId::MATH_DOMAIN_ERROR, "Zero or negative argument for log"));
        }
        return Ok(Value::decimal(special_power(base, exponent)));
    };
    if number.is_zero() {
        return Ok(Value::decimal(special_power(base, exponent)));
    }
    let size = whole.unsigned_abs();
    // A digit takes 3.3 bits.
    room_for_bits(number.digits().saturating_mul(size).saturating_mul(10) / 3)?;
    let Ok(size) = u32::try_from(size) else { return Ok(Value::decimal(special_power(base, exponent))) };
    let (digits, scale) = number.as_bigint_and_exponent();
    let power: Decimal = BigDecimal::new(digits.pow(size), scale * i64::from(size)).into();
    if whole >= 0 {
        return Ok(Value::decimal(power));
    }
    let digits = decimal::words(base) * (decimal::WORD + 1) * (size as usize + 1);
    Ok(Value::decimal(decimal::inverse(&power, digits.div_ceil(decimal::WORD))))
}

/// Powers of NaN, the infinities and zero, and those that only a float can say.
fn special_power(base: &Decimal, exponent: &Value) -> Decimal {
    let exponent = convert::as_float(exponent).unwrap_or(f64::NAN);
    match base {
        Decimal::NaN => Decimal::NaN,
        _ if exponent == 0.0 => Decimal::from(1),
        Decimal::NegativeZero if exponent > 0.0 => Decimal::from(0),
        _ => Decimal::from_float(base.to_f64().powf(exponent)),
    }
}

/// `a.pow(b, modulus)` of integers.
pub fn power_modulo(host: &mut dyn Host, a: &Value, b: &Value, modulus: &Value) -> Result<Value> {
    let whole = |value: &Value| matches!(value, Value::Int(_) | Value::BigInt(_));
    if !whole(b) {
        return Err(raise(
            ClassId::TYPE_ERROR,
            "Integer#pow() 2nd argument not allowed unless a 1st argument is integer",
        ));
    }
    let exponent = super::big(b);
    if exponent.is_negative() {
        return Err(raise(
            ClassId::RANGE_ERROR,
            "Integer#pow() 1st argument cannot be negative when 2nd argument specified",
        ));
    }
    if !whole(modulus) {
        return Err(raise(
            ClassId::TYPE_ERROR,
            "Integer#pow() 2nd argument not allowed unless all arguments are integers",
        ));
    }
    if super::is_zero(modulus) {
        return Err(divided_by_zero());
    }
    let divisor = super::big(modulus);
    // Each bit of the exponent costs a multiplication of numbers as long as the divisor.
    let words = divisor.bits() / 64 + 1;
    if exponent.bits().saturating_mul(words.saturating_mul(words)) > MOST_WORK {
        return Err(room_for_bits(u64::MAX).err().unwrap_or_else(divided_by_zero));
    }
    let result = super::big(a).modpow(&exponent, &divisor);
    let value = Value::big(result);
    binary(host, Op::Modulo, &value, modulus)
}
