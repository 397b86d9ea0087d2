//! `%f %e %E %g %G %a %A`.

use super::Spec;
use crate::value::{Value, fraction, shortest};
use num_bigint::{BigInt, BigUint};
use num_integer::Integer;
use num_traits::{One, Signed};

const DEFAULT_PRECISION: usize = 6;

/// Writes a float as C's printf does, but `Inf` and `NaN` by name.
pub(super) fn write(spec: &Spec, kind: u8, number: f64, out: &mut Vec<u8>) {
    let negative = number.is_sign_negative() && !number.is_nan();
    let sign = spec.sign(negative);
    if !number.is_finite() {
        let name = if number.is_nan() { "NaN" } else { "Inf" };
        spec.pad(format!("{sign}{name}").as_bytes(), out);
        return;
    }
    let magnitude = number.abs();
    let body = match kind {
        b'f' => fixed(magnitude, spec.precision.unwrap_or(DEFAULT_PRECISION), spec.sharp),
        b'e' | b'E' => exponential(magnitude, spec.precision.unwrap_or(DEFAULT_PRECISION), spec.sharp),
        b'g' | b'G' => general(magnitude, spec.precision.unwrap_or(DEFAULT_PRECISION).max(1), spec.sharp),
        _ => hexadecimal(magnitude, spec.precision, spec.sharp),
    };
    let body = if kind.is_ascii_uppercase() { body.to_ascii_uppercase() } else { body };
    let (prefix, body) = if matches!(kind, b'a' | b'A') { body.split_at(2) } else { ("", body.as_str()) };
    write_padded(spec, sign, prefix, body, out);
}

/// `%f` of an integer or a fraction: exact however long, half away from zero.
pub(super) fn write_exact(spec: &Spec, value: &Value, out: &mut Vec<u8>) {
    let precision = spec.precision.unwrap_or(DEFAULT_PRECISION);
    let (numerator, denominator) = fraction(value).unwrap_or((BigInt::ZERO, BigInt::one()));
    let power = BigUint::from(10u8).pow(precision as u32);
    let scaled = numerator.magnitude() * power;
    let rounded = (scaled + denominator.magnitude() / 2u8).div_floor(denominator.magnitude());
    let digits = format!("{:0>width$}", rounded.to_string(), width = precision + 1);
    let (whole, fraction) = digits.split_at(digits.len() - precision);
    let body = if precision == 0 { whole.to_owned() } else { format!("{whole}.{fraction}") };
    write_padded(spec, spec.sign(numerator.is_negative()), "", &body, out);
}

fn write_padded(spec: &Spec, sign: &str, prefix: &str, body: &str, out: &mut Vec<u8>) {
    if spec.zero && !spec.minus {
        let length = sign.len() + prefix.len() + body.len();
        let zeros = "0".repeat(spec.width.unwrap_or(0).saturating_sub(length));
        out.extend_from_slice(format!("{sign}{prefix}{zeros}{body}").as_bytes());
    } else {
        spec.pad(format!("{sign}{prefix}{body}").as_bytes(), out);
    }
}

fn fixed(number: f64, precision: usize, sharp: bool) -> String {
    let point = if sharp && precision == 0 { "." } else { "" };
    let text = match tie(number, |digits, power| digits - 1 - power, precision as i64) {
        Some((digits, _)) => {
            let digits = format!("{digits:0>width$}", width = precision + 1);
            let (whole, fraction) = digits.split_at(digits.len() - precision);
            if precision == 0 { whole.to_owned() } else { format!("{whole}.{fraction}") }
        }
        None => format!("{number:.precision$}"),
    };
    text + point
}

/// `1.5e+00`: at least two digits of exponent.
fn exponential(number: f64, precision: usize, sharp: bool) -> String {
    let text = match tie(number, |digits, _| digits - 1, precision as i64) {
        Some((digits, power)) => {
            let digits = digits.to_string();
            // Rounding up may have made a digit more: 9.95 to 10.0.
            let power = power + digits.len() as i64 - 1 - precision as i64;
            let fraction = digits.get(1..=precision).unwrap_or_default();
            let point = if fraction.is_empty() { "" } else { "." };
            format!("{}{point}{fraction}e{power}", digits.get(..1).unwrap_or("0"))
        }
        None => format!("{number:.precision$e}"),
    };
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let point = if sharp && precision == 0 { "." } else { "" };
    let (sign, digits) = exponent.strip_prefix('-').map_or(('+', exponent), |digits| ('-', digits));
    format!("{mantissa}{point}e{sign}{digits:0>2}")
}

/// Ruby decides a tie by the shortest digits of a float, not by its exact value: where exactly one digit is to be cut
/// and it is a 5, the digit before becomes even. Answers with the digits kept as an integer, and the power of ten of the
/// first one.
fn tie(number: f64, places: fn(i64, i64) -> i64, precision: i64) -> Option<(u64, i64)> {
    let text = shortest(number);
    let (mantissa, power) = text.split_once('e')?;
    let power: i64 = power.parse().ok()?;
    let digits = mantissa.replace('.', "");
    let kept = digits.strip_suffix('5').filter(|kept| !kept.is_empty())?;
    if places(digits.len() as i64, power) != precision + 1 {
        return None;
    }
    let kept: u64 = kept.parse().ok()?;
    Some((kept + kept % 2, power))
}

/// Fixed or exponential by size, without trailing zeros unless `#`.
fn general(number: f64, precision: usize, sharp: bool) -> String {
    let text = format!("{number:.*e}", precision - 1);
    let exponent: i64 = text.split_once('e').and_then(|(_, exponent)| exponent.parse().ok()).unwrap_or(0);
    if exponent < -4 || exponent >= precision as i64 {
        let text = exponential(number, precision - 1, sharp);
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "+00"));
        return format!("{}e{exponent}", trim(mantissa, sharp));
    }
    let places = usize::try_from(precision as i64 - 1 - exponent).unwrap_or(0);
    trim(&fixed(number, places, sharp), sharp).to_owned()
}

fn trim(text: &str, sharp: bool) -> &str {
    if sharp || !text.contains('.') { text } else { text.trim_end_matches('0').trim_end_matches('.') }
}

/// `0x1.8p+3`, normalised to a leading 1.
fn hexadecimal(number: f64, precision: Option<usize>, sharp: bool) -> String {
    if number == 0.0 {
        let zeros = "0".repeat(precision.unwrap_or(0));
        let point = if sharp || !zeros.is_empty() { "." } else { "" };
        return format!("0x0{point}{zeros}p+0");
    }
    let (mantissa, exponent, _) = num_traits::float::FloatCore::integer_decode(number);
    let shift = mantissa.leading_zeros() - (u64::BITS - f64::MANTISSA_DIGITS);
    let mantissa = mantissa << shift;
    let mut exponent = i32::from(exponent) - shift as i32 + f64::MANTISSA_DIGITS as i32 - 1;
    let (mut lead, mut digits) = (mantissa >> 52, mantissa & ((1 << 52) - 1));
    let mut text = format!("{digits:013x}");
    if let Some(places) = precision.filter(|places| *places < 13) {
        let drop = 52 - 4 * places as u32;
        let unit = 1_u64 << drop;
        let rest = mantissa & (unit - 1);
        let kept = mantissa >> drop;
        let up = rest > unit / 2 || (rest == unit / 2 && kept % 2 == 1);
        let rounded = (kept + u64::from(up)) << drop;
        (lead, digits) = (rounded >> 52, rounded & ((1 << 52) - 1));
        if lead > 1 {
            (lead, exponent) = (1, exponent + 1);
        }
        format!("{digits:013x}")[..places].clone_into(&mut text);
    } else if let Some(places) = precision {
        text += &"0".repeat(places - 13);
    } else {
        text.truncate(text.trim_end_matches('0').len());
    }
    let point = if sharp || !text.is_empty() { "." } else { "" };
    format!("0x{lead}{point}{text}p{exponent:+}")
}
