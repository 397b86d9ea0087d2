//! Times from what their constructors are given: years, names of months, text digits, offsets in every spelling.

use super::moment::{argument_error, exact, is_number, too_far, type_error};
use crate::methods::args::describe;
use crate::value::calendar::{Civil, YEAR_LIMIT, days_in_month};
use crate::value::{Flavor, Instant, Result, Time, Value, Zone, fraction};

/// Year, month, day, hour, minute, second and microseconds as given; nil is not given.
#[derive(Default)]
pub struct Given<'a> {
    pub year: Option<&'a Value>,
    pub month: Option<&'a Value>,
    pub day: Option<&'a Value>,
    pub hour: Option<&'a Value>,
    pub minute: Option<&'a Value>,
    pub second: Option<&'a Value>,
    pub micros: Option<&'a Value>,
}

impl<'a> Given<'a> {
    /// Year first; ten arguments are the order of `Time#to_a`, second first.
    pub fn of(values: &'a [Value]) -> Self {
        let at = |index: usize| values.get(index).filter(|value| !value.is_nil());
        if values.len() == 10 {
            let (second, minute, hour) = (at(0), at(1), at(2));
            return Self { year: values.get(5), month: at(4), day: at(3), hour, minute, second, micros: None };
        }
        let (hour, minute, second) = (at(3), at(4), at(5));
        Self { year: values.first(), month: at(1), day: at(2), hour, minute, second, micros: at(6) }
    }

    /// The wall these arguments name, as an instant as if it were UTC. Ruby lets days up to 31 run over into the next
    /// month, 24:00 into the next day and second 60 into the next minute.
    pub fn wall(&self) -> Result<Instant> {
        let year = int_argument(self.year.unwrap_or(&Value::Nil))?;
        let month = self.month.map_or(Ok(1), month_argument)?;
        let day = bounded(self.day, 1, 31, 5, "mday")?;
        let hour = bounded(self.hour, 0, 24, 5, "hour")?;
        let last = if hour == 24 { 0 } else { 59 };
        let minute = bounded(self.minute, 0, last, 6, "min")?;
        let (second, part) = self.second.map_or(Ok((0, Instant::default())), split_second)?;
        let second = in_range(second, 0, if hour == 24 { 0 } else { 60 }, 6, "sec")?;
        let part = match self.micros {
            Some(micros) => micros_argument(micros)?,
            None => part,
        };
        if year.abs() > YEAR_LIMIT {
            return Err(too_far());
        }
        let length = days_in_month(year, month as u32);
        let (first, extra) = if day as u32 > length { (length, day - i64::from(length)) } else { (day as u32, 0) };
        let number = Civil::new(year, month as u32, first).gregorian_day() + extra;
        let midnight = super::moment::midnight(number)?;
        Instant::new(midnight + hour * 3600 + minute * 60 + second, 0).checked_add(&part).ok_or_else(too_far)
    }
}

/// A wall in UTC, in the machine's zone or at an offset.
pub fn time_at(wall: &Instant, zone: Zone) -> Result<Time> {
    let at = match zone {
        Zone::Utc | Zone::Local => wall.clone(),
        Zone::Fixed(offset) => super::moment::at_offset(wall, offset)?,
        Zone::Named(..) => {
            let time = super::moment::zoned(wall, zone, None)?;
            return Ok(Time::new(time.at, zone, Flavor::Time));
        }
    };
    Ok(Time::new(at, zone, Flavor::Time))
}

/// An integer argument: numbers are floored, text must be all digits.
fn int_argument(value: &Value) -> Result<i64> {
    match value {
        Value::Str(text) => text_int(&text.to_text()),
        Value::Nil => Err(type_error("no implicit conversion of nil into Integer")),
        Value::Duration(duration) => int_argument(&duration.seconds),
        other if is_number(other) => {
            let floored = exact(other)?.seconds;
            // Ruby cuts towards zero.
            let cut = matches!(other, Value::Float(_) | Value::Rational(_) | Value::Decimal(_)) && floored < 0;
            Ok(if cut && exact(other)?.nanos > 0 { floored + 1 } else { floored })
        }
        other => Err(type_error(format!("no implicit conversion of {} into Integer", describe(other)))),
    }
}

fn text_int(text: &str) -> Result<i64> {
    let trimmed = text.trim();
    let digits = trimmed.strip_prefix(['+', '-']).unwrap_or(trimmed);
    let well_formed = !digits.is_empty()
        && digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'_')
        && !digits.starts_with('_')
        && !digits.ends_with('_')
        && !digits.contains("__");
    if !well_formed {
        let shown = super::moment::inspect(&Value::str(text));
        return Err(argument_error(format!("invalid value for Integer(): {shown}")));
    }
    trimmed.replace('_', "").parse().map_err(|_| too_far())
}

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

fn month_argument(value: &Value) -> Result<i64> {
    if let Value::Str(text) = value {
        let text = text.to_text();
        if let Some(at) = MONTHS.iter().position(|name| text.eq_ignore_ascii_case(name)) {
            return Ok(at as i64 + 1);
        }
    }
    in_range(int_argument(value)?, 1, 12, 4, "mon")
}

fn bounded(value: Option<&Value>, low: i64, high: i64, bits: u32, name: &str) -> Result<i64> {
    value.map_or(Ok(low), |value| in_range(int_argument(value)?, low, high, bits, name))
}

/// Ruby first asks whether the number fits its field, then whether the field may hold it; the messages differ.
fn in_range(number: i64, low: i64, high: i64, bits: u32, name: &str) -> Result<i64> {
    if number < 0 || number >= 1 << bits {
        return Err(argument_error("argument out of range"));
    }
    if (low..=high).contains(&number) { Ok(number) } else { Err(argument_error(format!("{name} out of range"))) }
}

/// The whole seconds and the rest.
fn split_second(value: &Value) -> Result<(i64, Instant)> {
    if matches!(value, Value::Str(_)) || !is_number(value) {
        return Ok((int_argument(value)?, Instant::default()));
    }
    let exact = exact(value)?;
    let part = exact.checked_sub(&Instant::new(exact.seconds, 0)).unwrap_or_default();
    Ok((exact.seconds, part))
}

fn micros_argument(value: &Value) -> Result<Instant> {
    let micros = if let Value::Str(text) = value { Value::Int(text_int(&text.to_text())?) } else { value.clone() };
    let part = scaled(&micros, 1_000_000)?;
    let valid = part.seconds == 0;
    if valid { Ok(part) } else { Err(argument_error("subsecx out of range")) }
}

/// A number of parts of a second: micros with `per_second` 1,000,000.
pub fn scaled(value: &Value, per_second: i64) -> Result<Instant> {
    exact(value)?;
    let (numerator, denominator) = fraction(&plain(value)).ok_or_else(too_far)?;
    Instant::of_fraction(&numerator, &(denominator * per_second)).ok_or_else(too_far)
}

fn plain(value: &Value) -> Value {
    match value {
        Value::Duration(duration) => duration.seconds.clone(),
        other => other.clone(),
    }
}

/// The zone that an argument names: `"+09:00"`, `"UTC"`, a military letter, seconds, a time zone object.
pub fn zone_argument(value: &Value) -> Result<Zone> {
    match value {
        Value::Str(text) => text_zone(&text.to_text()),
        Value::Object(_) => match super::zone::zone_of(value) {
            Some(zone) => Ok(zone),
            None => Err(type_error(format!("can't convert {} into an exact number", value.class().name()))),
        },
        other => {
            let offset = exact(other)?;
            let seconds =
                offset.rounded(0, crate::value::Rounding::HalfUp).map_or(offset.seconds, |offset| offset.seconds);
            checked_offset(seconds)
        }
    }
}

fn checked_offset(seconds: i64) -> Result<Zone> {
    if seconds.abs() < 86_400 {
        Ok(Zone::Fixed(seconds as i32))
    } else {
        Err(argument_error("utc_offset out of range"))
    }
}

fn text_zone(text: &str) -> Result<Zone> {
    let unknown = || {
        let forms = r#""+HH:MM", "-HH:MM", "UTC" or "A".."I","K".."Z" expected for utc_offset: "#;
        argument_error(format!("{forms}{text}"))
    };
    if let [letter] = text.as_bytes() {
        let hours = match letter {
            b'Z' => return Ok(Zone::Utc),
            b'A'..=b'I' => letter - b'A' + 1,
            b'K'..=b'M' => letter - b'K' + 10,
            b'N'..=b'Y' => return Ok(Zone::Fixed(-3600 * i32::from(letter - b'N' + 1))),
            _ => return Err(unknown()),
        };
        return Ok(Zone::Fixed(3600 * i32::from(hours)));
    }
    if text.eq_ignore_ascii_case("utc") || matches!(text, "-00:00" | "-0000" | "-00" | "-00:00:00" | "-000000") {
        return Ok(Zone::Utc);
    }
    checked_offset(offset_of_text(text).ok_or_else(unknown)?)
}

/// `+HH`, `+HHMM`, `+HHMMSS` and with colons; minutes below 60.
fn offset_of_text(text: &str) -> Option<i64> {
    let sign = match text.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let fields: Vec<&str> = match text.len() {
        3 => vec![text.get(1..3)?],
        5 => vec![text.get(1..3)?, text.get(3..5)?],
        7 => vec![text.get(1..3)?, text.get(3..5)?, text.get(5..7)?],
        6 | 9 => text.get(1..)?.split(':').collect(),
        _ => return None,
    };
    let expected = match text.len() {
        3 => 1,
        5 | 6 => 2,
        _ => 3,
    };
    let two_digits = |field: &&str| field.len() == 2 && field.bytes().all(|byte| byte.is_ascii_digit());
    if fields.len() != expected || !fields.iter().all(two_digits) {
        return None;
    }
    let number = |at: usize| fields.get(at).and_then(|field| field.parse::<i64>().ok()).unwrap_or(0);
    (number(1) < 60).then(|| sign * (number(0) * 3600 + number(1) * 60 + number(2)))
}
