//! Times from what their constructors are given: years, names of months, text digits, offsets in every spelling.

use super::moment::{argument_error, exact, is_number, too_far, type_error};
use crate::methods::args::describe;
use crate::value::calendar::{Civil, YEAR_LIMIT, days_in_month};
use crate::value::{ClassId, Flavor, Instant, Result, Time, Value, Zone, fraction, raise};

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

    /// The numbers that were given. Ruby asks first whether each fits its field, whatever the field may hold.
    pub fn read(&self) -> Result<Numbers> {
        let year = int_argument(self.year.unwrap_or(&Value::Nil))?;
        let month = self.month.map_or(Ok(1), month_argument)?;
        let day = self.day.map_or(Ok(1), |day| fitting(int_argument(day)?, 5))?;
        let hour = self.hour.map_or(Ok(0), |hour| fitting(int_argument(hour)?, 5))?;
        let minute = self.minute.map_or(Ok(0), |minute| fitting(int_argument(minute)?, 6))?;
        let (second, part) = self.second.map_or(Ok((0, Instant::default())), split_second)?;
        let second = fitting(second, 6)?;
        let part = self.micros.map_or(Ok(part), micros_argument)?;
        Ok(Numbers { year, month, day, hour, minute, second, part })
    }

    /// The wall these arguments name.
    pub fn wall(&self) -> Result<Instant> {
        self.read()?.wall()
    }
}

/// Year to second as numbers, not yet checked against each other.
pub struct Numbers {
    year: i64,
    month: i64,
    day: i64,
    hour: i64,
    minute: i64,
    second: i64,
    /// What comes after the whole second.
    part: Instant,
}

impl Numbers {
    /// The wall they name, as an instant as if it were UTC. Ruby lets days up to 31 run over into the next month, 24:00
    /// into the next day and second 60 into the next minute.
    pub fn wall(&self) -> Result<Instant> {
        let is_midnight = self.hour == 24;
        let ranges = [
            (self.month, 1, 12, "mon"),
            (self.day, 1, 31, "mday"),
            (self.hour, 0, 24, "hour"),
            (self.minute, 0, if is_midnight { 0 } else { 59 }, "min"),
            (self.second, 0, if is_midnight { 0 } else { 60 }, "sec"),
            (self.part.seconds, 0, 0, "subsecx"),
        ];
        if let Some((.., name)) = ranges.iter().find(|(number, low, high, _)| number < low || number > high) {
            return Err(argument_error(format!("{name} out of range")));
        }
        if self.year.abs() > YEAR_LIMIT {
            return Err(too_far());
        }
        let month = self.month as u32;
        let day = self.day.min(i64::from(days_in_month(self.year, month)));
        let number = Civil::new(self.year, month, day as u32).gregorian_day() + self.day - day;
        let clock = self.hour * 3600 + self.minute * 60 + self.second;
        let midnight = super::moment::midnight(number)?;
        Instant::new(midnight + clock, 0).checked_add(&self.part).ok_or_else(too_far)
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
    fitting(int_argument(value)?, 4)
}

/// Whether a number fits a field of so many bits.
fn fitting(number: i64, bits: u32) -> Result<i64> {
    if i32::try_from(number).is_err() {
        let size = if number < 0 { "small" } else { "big" };
        return Err(raise(ClassId::RANGE_ERROR, format!("integer {number} too {size} to convert to `int'")));
    }
    if (0..1 << bits).contains(&number) { Ok(number) } else { Err(argument_error("argument out of range")) }
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
    scaled(&micros, 1_000_000)
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
