//! Reading ISO 8601 durations: `P1Y2M3DT4H5M6S`, `-P1W`, `PT1.5H`.

use super::moment::inspect;
use crate::value::{ClassId, DurationUnit, Result, Unwind, Value, raise};

type Parts = Vec<(DurationUnit, Value)>;

/// The parts of a duration, in the order they are written.
pub fn parse(text: &str) -> Result<Parts> {
    let error = |reason: &str| refused(text, reason);
    if text.is_empty() {
        return Err(error("is empty duration"));
    }
    let (sign, rest) = match text.as_bytes().first() {
        Some(b'-') => (-1, &text[1..]),
        Some(b'+') => (1, &text[1..]),
        _ => (1, text),
    };
    let mut rest = rest.strip_prefix('P').ok_or_else(|| error(""))?;
    let mut parts = Parts::new();
    let mut in_clock = false;
    while !rest.is_empty() {
        if let (Some(clock), false) = (rest.strip_prefix('T'), in_clock) {
            (rest, in_clock) = (clock, true);
            continue;
        }
        let (unit, count, after) = component(rest, in_clock, sign).ok_or_else(|| error(""))?;
        match parts.iter_mut().find(|(other, _)| *other == unit) {
            Some((_, place)) => *place = count,
            None => parts.push((unit, count)),
        }
        rest = after;
    }
    check(text, &parts, in_clock)?;
    Ok(parts)
}

#[cold]
fn refused(text: &str, reason: &str) -> Box<Unwind> {
    let message = format!("Invalid ISO 8601 duration: {} {reason}", inspect(&Value::str(text)));
    raise(ClassId::DURATION_PARSING_ERROR, message.trim())
}

/// A count with its letter, and what follows.
fn component(text: &str, in_clock: bool, sign: i64) -> Option<(DurationUnit, Value, &str)> {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let start = usize::from(text.starts_with('-'));
    let mut end = start + digits(&text[start..]);
    if end == start {
        return None;
    }
    let mut is_float = false;
    if text[end..].starts_with(['.', ',']) {
        let decimals = digits(&text[end + 1..]);
        if decimals == 0 {
            return None;
        }
        is_float = true;
        end += 1 + decimals;
    }
    let unit = match (text.as_bytes().get(end)?, in_clock) {
        (b'Y', false) => DurationUnit::Years,
        (b'M', false) => DurationUnit::Months,
        (b'W', false) => DurationUnit::Weeks,
        (b'D', false) => DurationUnit::Days,
        (b'H', true) => DurationUnit::Hours,
        (b'M', true) => DurationUnit::Minutes,
        (b'S', true) => DurationUnit::Seconds,
        _ => return None,
    };
    let count = if is_float {
        Value::float(text[..end].replace(',', ".").parse::<f64>().ok()? * sign as f64)
    } else {
        Value::Int(text[..end].parse::<i64>().ok()?.checked_mul(sign)?)
    };
    Some((unit, count, &text[end + 1..]))
}

fn check(text: &str, parts: &Parts, in_clock: bool) -> Result<()> {
    use DurationUnit::{Days, Months, Weeks, Years};
    let error = |reason: &str| Err(refused(text, reason));
    if parts.is_empty() {
        return error("is empty duration");
    }
    let has = |units: &[DurationUnit]| parts.iter().any(|(unit, _)| units.contains(unit));
    if has(&[Weeks]) && has(&[Years, Months, Days]) {
        return error("mixing weeks with other date parts not allowed");
    }
    if in_clock && !has(&[DurationUnit::Hours, DurationUnit::Minutes, DurationUnit::Seconds]) {
        return error("time part marker is present but time part is empty");
    }
    let is_fraction = |count: &Value| matches!(count, Value::Float(count) if count.get().fract() != 0.0);
    let counted: Vec<&Value> =
        parts.iter().map(|(_, count)| count).filter(|count| !super::number::is_zero(count)).collect();
    let fractions = counted.iter().filter(|count| is_fraction(count)).count();
    if fractions > 1 || (fractions == 1 && !counted.last().is_some_and(|count| is_fraction(count))) {
        return error("(only last part can be fractional)");
    }
    Ok(())
}
