//! Dates and DateTimes from numbers: `Date.new` and its relatives, with their rules for fractions and for counting from the
//! end.

use super::calendar::add_days;
use super::moment::{DAY, exact, invalid_date, is_number, midnight, too_far, type_error, value};
use super::parse::complete::{clock_seconds, valid_civil, valid_ordinal};
use super::parse::zone_offset;
use crate::value::calendar::{Calendar, day_of_iso_week};
use crate::value::{Date, Flavor, Instant, Rational, Result, Time, Value, Zone, fraction};
use std::rc::Rc;

/// A numeric argument cut to an integer, and the fraction it had.
fn split(given: &Value, name: &str) -> Result<(i64, Option<Value>)> {
    match given {
        Value::Int(number) => Ok((*number, None)),
        Value::Duration(duration) => split(&duration.seconds, name),
        other if is_number(other) => {
            let at = exact(other)?;
            let part = at.checked_sub(&Instant::new(at.seconds, 0)).unwrap_or_default();
            Ok((at.seconds, if part == Instant::default() { None } else { Some(part.to_rational()) }))
        }
        _ => Err(type_error(format!("invalid {name} (not numeric)"))),
    }
}

/// Which numbers name the day.
#[derive(Clone, Copy)]
pub enum Naming {
    Civil,
    Ordinal,
    Commercial,
    Julian,
}

impl Naming {
    const fn names(self) -> &'static [&'static str] {
        match self {
            Self::Civil => &["year", "month", "day"],
            Self::Ordinal => &["year", "yday"],
            Self::Commercial => &["year", "cweek", "cwday"],
            Self::Julian => &["jd"],
        }
    }

    /// How many numbers name a day.
    pub const fn len(self) -> usize {
        self.names().len()
    }

    const fn defaults(self) -> &'static [i64] {
        match self {
            Self::Civil => &[-4712, 1, 1],
            Self::Ordinal => &[-4712, 1],
            Self::Commercial => &[-4712, 1, 1],
            Self::Julian => &[0],
        }
    }

    fn day(self, numbers: &[i64]) -> Option<i64> {
        match (self, numbers) {
            (Self::Civil, [year, month, day]) => valid_civil(*year, *month, *day),
            (Self::Ordinal, [year, day]) => valid_ordinal(*year, *day),
            (Self::Commercial, [year, week, day]) => day_of_iso_week(Calendar::Reformed, *year, *week, *day),
            (Self::Julian, [day]) => Some(*day),
            _ => None,
        }
    }
}

/// The day and the fraction of a day that its numbers leave; only the last number given may have one.
fn named_day(naming: Naming, given: &[Value]) -> Result<(i64, Option<Value>)> {
    let mut numbers = naming.defaults().to_vec();
    let mut part = None;
    for (at, (argument, name)) in given.iter().zip(naming.names()).enumerate() {
        let (number, fraction) = split(argument, name)?;
        numbers[at] = number;
        if at + 1 == naming.len() {
            part = fraction;
        }
    }
    Ok((naming.day(&numbers).ok_or_else(invalid_date)?, part))
}

pub fn date(naming: Naming, given: &[Value]) -> Result<Value> {
    let (day, part) = named_day(naming, given)?;
    let date = Date::of_day(day).map(Value::date).ok_or_else(invalid_date)?;
    part.map_or(Ok(date.clone()), |part| add_days(&date, &part, 1))
}

pub fn new_date(year: &Value, month: &Value, day: &Value) -> Result<Value> {
    date(Naming::Civil, &[year.clone(), month.clone(), day.clone()])
}

/// Whether those numbers name a day; what is no number does not.
pub fn is_valid(naming: Naming, given: &[Value]) -> bool {
    let numbers: Option<Vec<i64>> = given
        .iter()
        .take(naming.len())
        .zip(naming.names())
        .map(|(value, name)| split(value, name).ok().map(|(number, _)| number))
        .collect();
    numbers.is_some_and(|numbers| numbers.len() == naming.len() && naming.day(&numbers).is_some())
}

/// A DateTime from the numbers of its day and of its clock. The last number given may have a fraction.
pub fn datetime(naming: Naming, given: &[Value]) -> Result<Value> {
    let date = given.get(..naming.len().min(given.len())).unwrap_or_default();
    let clock = given.get(naming.len()..).unwrap_or_default();
    let zone = clock.get(3).map_or(Ok(Zone::Fixed(0)), offset_argument)?;
    build(naming, date, clock.get(..clock.len().min(3)).unwrap_or_default(), zone)
}

pub fn new_datetime(date: &[Value], clock: &[Value], zone: Zone) -> Result<Value> {
    build(Naming::Civil, date, clock, zone)
}

fn build(naming: Naming, date: &[Value], clock: &[Value], zone: Zone) -> Result<Value> {
    let (day, day_part) = named_day(naming, date)?;
    let mut numbers = [0; 3];
    let mut length = Instant::default();
    let units = [("hour", 3600), ("minute", 60), ("second", 1)];
    for (at, (argument, (name, unit))) in clock.iter().zip(units).enumerate() {
        let (number, part) = split(argument, name)?;
        numbers[at] = number;
        if let Some(part) = part {
            if at + 1 < clock.len() {
                return Err(super::moment::argument_error("invalid fraction"));
            }
            length = scaled(&part, unit)?;
        }
    }
    if let Some(part) = day_part {
        if !clock.is_empty() {
            return Err(super::moment::argument_error("invalid fraction"));
        }
        length = scaled(&part, DAY)?;
    }
    let seconds = clock_seconds(numbers[0], numbers[1], numbers[2]).ok_or_else(invalid_date)?;
    let offset = i64::from(zone.offset_at(0));
    let at = Instant::new(midnight(day)? + seconds - offset, 0).checked_add(&length).ok_or_else(too_far)?;
    Ok(value(Time::new(at, zone, Flavor::DateTime)))
}

fn scaled(part: &Value, unit: i64) -> Result<Instant> {
    let (numerator, denominator) = fraction(part).ok_or_else(too_far)?;
    let product = Rational::reduced(numerator * unit, denominator);
    Instant::of(&Value::Rational(Rc::new(product))).ok_or_else(too_far)
}

/// An offset as text or as a part of a day; one beyond a day, and text that is none, count as none.
pub fn offset_argument(given: &Value) -> Result<Zone> {
    let seconds = match given {
        Value::Str(text) => match zone_offset(&text.to_text()) {
            Value::Nil => 0,
            offset => exact(&offset)?.seconds,
        },
        other if is_number(other) => {
            let (numerator, denominator) = fraction(other).ok_or_else(too_far)?;
            let at = Instant::of_fraction(&(numerator * DAY), &denominator).ok_or_else(too_far)?;
            at.rounded(0, crate::value::Rounding::HalfUp).map_or(at.seconds, |at| at.seconds)
        }
        other => {
            return Err(type_error(format!("invalid offset ({})", super::moment::inspect(other))));
        }
    };
    Ok(Zone::Fixed(if seconds.abs() > DAY { 0 } else { seconds as i32 }))
}
