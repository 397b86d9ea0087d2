//! `round`, `floor`, `ceil` and `truncate` of every kind of number, with places and with `half:`.

use super::arithmetic::decimal::{Rounding, round_quotient, rounded_to, to_integer};
use super::{Args, Host, args, convert};
use crate::value::{ClassId, Decimal, Rational, Result, Value, inspect, raise};
use num_bigint::BigInt;
use num_integer::Integer;

/// `receiver.round(places, half:)` and its three sisters; `mode` is what the method is called for.
pub fn round(host: &mut dyn Host, receiver: &Value, args: Args, mode: Rounding) -> Result<Value> {
    let mut args = args;
    let options = args.take_keywords();
    if args.is_empty() && matches!(receiver, Value::Int(_) | Value::BigInt(_)) {
        return Ok(receiver.clone());
    }
    let mode = match options {
        Some(options) if mode == Rounding::HalfUp => {
            half_option(&options.get(&Value::symbol("half")).unwrap_or_default())?
        }
        _ => mode,
    };
    let places = match args.given(0) {
        None => None,
        Some(value) if matches!(receiver, Value::Rational(_)) && !matches!(value, Value::Int(_)) => {
            return Err(raise(ClassId::TYPE_ERROR, "not an integer"));
        }
        Some(value) => Some(args::to_int(value)?),
    };
    round_to(host, receiver, places, mode)
}

/// Rounds to a number of places; without one to an integer.
pub fn round_to(host: &mut dyn Host, number: &Value, places: Option<i64>, mode: Rounding) -> Result<Value> {
    match number {
        Value::Int(_) | Value::BigInt(_) if places.unwrap_or(0) >= 0 => Ok(number.clone()),
        Value::Int(number) => Ok(round_integer(&BigInt::from(*number), places.unwrap_or(0), mode)),
        Value::BigInt(number) => Ok(round_integer(number, places.unwrap_or(0), mode)),
        Value::Float(number) => round_float(number.get(), places.unwrap_or(0), mode),
        Value::Rational(number) => round_rational(host, number, places, mode),
        Value::Decimal(number) => round_decimal(host, number, places, mode),
        other => Ok(other.clone()),
    }
}

/// `half: :up | :even | :down`, as symbol or text.
fn half_option(value: &Value) -> Result<Rounding> {
    let text = match value {
        Value::Nil => return Ok(Rounding::HalfUp),
        Value::Symbol(symbol) => symbol.text(),
        Value::Str(text) => text.to_text(),
        other => {
            let shown = inspect(other).to_text();
            return Err(raise(ClassId::ARGUMENT_ERROR, format!("invalid rounding mode ({shown})")));
        }
    };
    match text.as_str() {
        "up" => Ok(Rounding::HalfUp),
        "even" => Ok(Rounding::HalfEven),
        "down" => Ok(Rounding::HalfDown),
        _ => Err(raise(ClassId::ARGUMENT_ERROR, format!("invalid rounding mode: {text}"))),
    }
}

/// An integer rounded before the point (`places` is negative).
fn round_integer(number: &BigInt, places: i64, mode: Rounding) -> Value {
    let drop = places.unsigned_abs();
    if is_far_below(number, drop) {
        return Value::Int(0);
    }
    let power = BigInt::from(10).pow(drop as u32);
    let in_words = |number: &BigInt| number.bits() < 62;
    if mode == Rounding::Ceiling && !(in_words(number) && in_words(&power)) {
        // Beyond machine words Ruby goes up even from a multiple.
        return Value::big((number.div_floor(&power) + 1) * power);
    }
    Value::big(round_quotient(number, &power, mode) * power)
}

/// Ruby's test for a power of ten far above the number, by the number's size in bytes.
fn is_far_below(number: &BigInt, drop: u64) -> bool {
    let bytes = number.bits().div_ceil(8).max(8);
    0.415_241 * drop as f64 - 0.125 > bytes as f64
}

fn round_float(number: f64, places: i64, mode: Rounding) -> Result<Value> {
    if places > 0 {
        return Ok(Value::float(float_places(number, places, mode)));
    }
    if places < 0 && matches!(mode, Rounding::HalfUp | Rounding::HalfDown | Rounding::HalfEven) {
        let whole = convert::float_to_integer(number)?;
        return Ok(round_integer(&whole, places, mode));
    }
    let whole = match mode {
        Rounding::Floor => number.floor(),
        Rounding::Ceiling => number.ceil(),
        Rounding::Down => number.trunc(),
        Rounding::HalfDown => half_down(number, 1.0),
        Rounding::HalfEven => half_even(number, 1.0),
        Rounding::HalfUp | Rounding::Up => number.round(),
    };
    let whole = convert::float_to_integer(whole)?;
    Ok(if places < 0 { round_integer(&whole, places, mode) } else { Value::big(whole) })
}

/// A float kept a float: the nearest one to the number rounded after the point.
fn float_places(number: f64, places: i64, mode: Rounding) -> f64 {
    if number == 0.0 || !number.is_finite() || has_fewer_digits(number, places) {
        return number;
    }
    if is_below(number, places) {
        match mode {
            Rounding::Ceiling if number > 0.0 => {}
            Rounding::Floor if number < 0.0 => {}
            _ => return 0.0,
        }
    }
    let scale = 10_f64.powi(places as i32);
    match mode {
        Rounding::Floor => floor_places(number, scale),
        Rounding::Ceiling => ceil_places(number, scale),
        Rounding::Down if number > 0.0 => floor_places(number, scale),
        Rounding::Down => ceil_places(number, scale),
        _ if places > 14 => exact_places(number, places, mode),
        Rounding::HalfDown => half_down(number, scale) / scale,
        Rounding::HalfEven => half_even(number, scale) / scale,
        Rounding::HalfUp | Rounding::Up => half_up(number, scale) / scale,
    }
}

/// The binary exponent as C's `frexp` gives it.
fn exponent_of(number: f64) -> i64 {
    let (mantissa, exponent, _) = num_traits::float::FloatCore::integer_decode(number);
    i64::from(exponent) + i64::from(u64::BITS - mantissa.leading_zeros())
}

/// No float of that size has digits so far behind the point.
fn has_fewer_digits(number: f64, places: i64) -> bool {
    let exponent = exponent_of(number);
    places >= 17 - if exponent > 0 { exponent / 4 } else { exponent / 3 - 1 }
}

/// Less than half a unit of the last place.
fn is_below(number: f64, places: i64) -> bool {
    let exponent = exponent_of(number);
    places < -(if exponent > 0 { exponent / 3 + 1 } else { exponent / 4 })
}

fn floor_places(number: f64, scale: f64) -> f64 {
    let units = (number * scale).floor();
    let next = (units + 1.0) / scale;
    if next > number { units / scale } else { next }
}

fn ceil_places(number: f64, scale: f64) -> f64 {
    (number * scale).ceil() / scale
}

fn half_up(number: f64, scale: f64) -> f64 {
    let units = (number * scale).round();
    if number > 0.0 {
        if (units + 0.5) / scale <= number { units + 1.0 } else { units }
    } else if (units - 0.5) / scale >= number {
        units - 1.0
    } else {
        units
    }
}

fn half_down(number: f64, scale: f64) -> f64 {
    let units = (number * scale).round();
    if number > 0.0 {
        if (units - 0.5) / scale >= number { units - 1.0 } else { units }
    } else if (units + 0.5) / scale <= number {
        units + 1.0
    } else {
        units
    }
}

fn half_even(number: f64, scale: f64) -> f64 {
    let magnitude = number.abs();
    let product = magnitude * scale;
    let units = product.floor();
    let rest = product - units;
    let rounded = if rest > 0.5 {
        units + 1.0
    } else if rest == 0.5 || (units + 0.5) / scale <= magnitude {
        units + units % 2.0
    } else {
        units
    };
    rounded.copysign(number)
}

/// Far behind the point a power of ten is no exact float, so the fraction is rounded.
fn exact_places(number: f64, places: i64, mode: Rounding) -> f64 {
    let Some((numerator, denominator)) = crate::value::fraction(&Value::float(number)) else { return number };
    let power = BigInt::from(10).pow(places as u32);
    let units = round_quotient(&(numerator * &power), &denominator, mode);
    crate::value::ratio_to_f64(&units, &power)
}

fn round_rational(host: &mut dyn Host, number: &Rational, places: Option<i64>, mode: Rounding) -> Result<Value> {
    let Some(places) = places else {
        return Ok(Value::big(round_quotient(&number.numerator, &number.denominator, mode)));
    };
    host.charge(usize::try_from(places.unsigned_abs()).unwrap_or(usize::MAX))?;
    let power = BigInt::from(10).pow(places.unsigned_abs() as u32);
    if places > 0 {
        let units = round_quotient(&(&number.numerator * &power), &number.denominator, mode);
        return Ok(Value::rational(Rational::reduced(units, power)));
    }
    let units = round_quotient(&number.numerator, &(&number.denominator * &power), mode);
    Ok(Value::big(units * power))
}

/// Without places, or rounded to no places, an Integer; else a BigDecimal.
fn round_decimal(host: &mut dyn Host, number: &Decimal, places: Option<i64>, mode: Rounding) -> Result<Value> {
    let is_round = !matches!(mode, Rounding::Floor | Rounding::Ceiling | Rounding::Down);
    let as_integer = places.is_none_or(|places| is_round && places < 1);
    let rounded = rounded_to(number, places.unwrap_or(0), mode);
    if as_integer { to_integer(host, &rounded).map(Value::big) } else { Ok(Value::decimal(rounded)) }
}
