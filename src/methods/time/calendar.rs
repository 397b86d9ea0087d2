//! Calendar arithmetic on dates and times of every class: other days at the same hour, other hours on the same day, months
//! that clamp. A time with zone computes on its wall and is put back into its zone.

use super::moment::{
    DAY, argument_error, current_zone, exact, invalid_date, midnight, minus, plus, rational, receiver_date, rewalled,
    too_far, type_error, wall_instant, zoned,
};
use super::number;
use crate::methods::Host;
use crate::methods::args::describe;
use crate::value::calendar::{Calendar, Civil, EPOCH_DAY};
use crate::value::{Date, Duration, DurationUnit, Flavor, Hash, Instant, Rational, Result, Time, Value};
use std::rc::Rc;

/// Year, month and day on the wall, and the day number.
pub fn civil(value: &Value) -> (Civil, i64) {
    match value {
        Value::Time(time) => {
            let wall = time.wall();
            (wall.civil, wall.day)
        }
        other => {
            let date = receiver_date(other);
            (date.civil(), date.day())
        }
    }
}

pub fn calendar_of(value: &Value) -> Calendar {
    match value {
        Value::Time(time) => time.calendar(),
        _ => Calendar::Reformed,
    }
}

pub const fn is_time(value: &Value) -> bool {
    matches!(value, Value::Time(_))
}

/// The same clock on another day.
pub fn on_day(value: &Value, day: i64) -> Result<Value> {
    match value {
        Value::Time(time) => {
            let wall = wall_instant(time)?;
            let moved = (day - time.wall().day).checked_mul(DAY).ok_or_else(too_far)?;
            let wall = wall.checked_add(&Instant::new(moved, 0)).ok_or_else(too_far)?;
            rewalled(time, &wall).map(super::moment::value)
        }
        other => {
            let part = receiver_date(other).day_seconds();
            let seconds = Instant::new(day.checked_mul(DAY).ok_or_else(too_far)?, 0);
            let date = seconds.checked_add(&part).and_then(|at| Date::of_seconds(&at));
            date.map(Value::date).ok_or_else(invalid_date)
        }
    }
}

/// Another clock on the same day; a date becomes a time in `Time.zone`.
pub fn at_clock(host: &mut dyn Host, value: &Value, seconds: i64, nanos: u32) -> Result<Value> {
    at_clock_on(host, value, civil(value).1, seconds, nanos)
}

/// Another clock on another day.
pub fn at_clock_on(host: &mut dyn Host, value: &Value, day: i64, seconds: i64, nanos: u32) -> Result<Value> {
    let day = if is_time(value) { day } else { gregorian(day) };
    let wall = Instant::new(midnight(day)?.checked_add(seconds).ok_or_else(too_far)?, nanos);
    match value {
        Value::Time(time) => rewalled(time, &wall).map(super::moment::value),
        _ => {
            let zone = current_zone(host);
            zoned(&wall, zone, None).map(super::moment::value)
        }
    }
}

/// The day number on which Time, which knows no Julian calendar, has the same year, month and day as Date.
pub fn gregorian(day: i64) -> i64 {
    Calendar::Gregorian.day(Calendar::Reformed.civil(day)).unwrap_or(day)
}

/// The first moment of that day for times, the day itself for dates.
pub fn first_moment(host: &mut dyn Host, value: &Value, day: i64) -> Result<Value> {
    if is_time(value) { at_clock_on(host, value, day, 0, 0) } else { on_day(value, day) }
}

/// The last moment of that day for times, the day itself for dates.
pub fn last_moment(host: &mut dyn Host, value: &Value, day: i64) -> Result<Value> {
    if is_time(value) { at_clock_on(host, value, day, DAY - 1, 999_999_999) } else { on_day(value, day) }
}

/// The day so many months later; a day that the month does not have becomes its last.
pub fn add_months(calendar: Calendar, day: i64, months: i64) -> Result<i64> {
    let Civil { year, month, day } = calendar.civil(day);
    let total = year.checked_mul(12).and_then(|total| total.checked_add(i64::from(month) - 1)).ok_or_else(too_far)?;
    let total = total.checked_add(months).ok_or_else(too_far)?;
    let (year, month) = (total.div_euclid(12), total.rem_euclid(12) as u32 + 1);
    (1..=day).rev().find_map(|day| calendar.day(Civil::new(year, month, day))).ok_or_else(invalid_date)
}

/// A count of months or years: a fraction is cut to what lies below.
pub fn whole_count(value: &Value) -> Result<i64> {
    match value {
        Value::Int(count) => Ok(*count),
        Value::Duration(duration) => whole_count(&duration.seconds),
        Value::Float(_) | Value::Rational(_) | Value::Decimal(_) | Value::BigInt(_) => Ok(exact(value)?.seconds),
        other => Err(type_error(format!("{} can't be coerced into Integer", describe(other)))),
    }
}

/// Years in months; a fraction of a year is as many whole months as it holds.
fn months_of_years(years: &Value) -> Result<i64> {
    if let Value::Int(years) = years {
        return years.checked_mul(12).ok_or_else(too_far);
    }
    whole_count(years)?;
    let (numerator, denominator) = crate::value::fraction(years).ok_or_else(too_far)?;
    Instant::of_fraction(&(numerator * 12), &denominator).map(|months| months.seconds).ok_or_else(too_far)
}

/// The counts given to `advance`.
#[derive(Clone, Default)]
pub struct Steps {
    pub years: Option<Value>,
    pub months: Option<Value>,
    pub weeks: Option<Value>,
    pub days: Option<Value>,
    pub hours: Option<Value>,
    pub minutes: Option<Value>,
    pub seconds: Option<Value>,
}

impl Steps {
    pub fn days(count: Value) -> Self {
        Self { days: Some(count), ..Self::default() }
    }

    pub fn weeks(count: Value) -> Self {
        Self { weeks: Some(count), ..Self::default() }
    }

    pub fn months(count: Value) -> Self {
        Self { months: Some(count), ..Self::default() }
    }

    pub fn years(count: Value) -> Self {
        Self { years: Some(count), ..Self::default() }
    }

    /// From the hash of `advance`; only symbols name a count.
    pub fn of(options: &Hash) -> Self {
        let count = |name: &str| options.get(&Value::symbol(name)).filter(|count| !count.is_nil());
        Self {
            years: count("years"),
            months: count("months"),
            weeks: count("weeks"),
            days: count("days"),
            hours: count("hours"),
            minutes: count("minutes"),
            seconds: count("seconds"),
        }
    }

    pub const fn moves_days(&self) -> bool {
        self.years.is_some() || self.months.is_some() || self.weeks.is_some() || self.days.is_some()
    }
}

/// Moves along the calendar: years and months first (days clamp), then weeks and days, then the clock.
pub fn advance(host: &mut dyn Host, value: &Value, steps: Steps) -> Result<Value> {
    match value {
        Value::Time(time) if time.flavor == Flavor::WithZone => advance_zoned(host, time, steps),
        Value::Time(time) => advance_time(host, time, steps),
        other => advance_date(other, &steps),
    }
}

/// Days move the wall clock, hours move the instant.
fn advance_zoned(host: &mut dyn Host, time: &Rc<Time>, steps: Steps) -> Result<Value> {
    if steps.moves_days() {
        let wall = super::moment::value(super::moment::wall_time(time)?);
        let Value::Time(moved) = advance(host, &wall, steps)? else { return Ok(Value::Nil) };
        return rewalled(time, &moved.at).map(super::moment::value);
    }
    let length = clock_length(host, &steps, &Value::Int(0))?;
    if number::is_zero(&length) {
        return Ok(Value::Time(Rc::clone(time)));
    }
    plus(time, &exact(&length)?).map(super::moment::value)
}

fn advance_time(host: &mut dyn Host, time: &Rc<Time>, mut steps: Steps) -> Result<Value> {
    if let Some(weeks) = steps.weeks.take() {
        let (whole, rest) = number::split_whole(host, &weeks)?;
        let days = number::multiply(host, &Value::Int(7), &rest)?;
        let days = number::add(host, &steps.days.take().unwrap_or(Value::Int(0)), &days)?;
        (steps.weeks, steps.days) = (Some(whole), Some(days));
    }
    let mut hours = Value::Int(0);
    if let Some(days) = steps.days.take() {
        let (whole, rest) = number::split_whole(host, &days)?;
        hours = number::multiply(host, &Value::Int(24), &rest)?;
        steps.days = Some(whole);
    }
    let length = clock_length(host, &steps, &hours)?;
    let day = advanced_day(time.calendar(), time.wall().day, &steps)?;
    let moved = on_day(&Value::Time(Rc::clone(time)), day)?;
    if number::is_zero(&length) { Ok(moved) } else { since(host, &moved, &length) }
}

/// Hours, minutes and seconds in seconds; `hours` are to be added.
fn clock_length(host: &mut dyn Host, steps: &Steps, hours: &Value) -> Result<Value> {
    let zero = Value::Int(0);
    let hours = number::add(host, steps.hours.as_ref().unwrap_or(&zero), hours)?;
    let minutes = number::multiply(host, steps.minutes.as_ref().unwrap_or(&zero), &Value::Int(60))?;
    let hours = number::multiply(host, &hours, &Value::Int(3600))?;
    let seconds = number::add(host, steps.seconds.as_ref().unwrap_or(&zero), &minutes)?;
    number::add(host, &seconds, &hours)
}

fn advanced_day(calendar: Calendar, day: i64, steps: &Steps) -> Result<i64> {
    let mut day = day;
    if let Some(years) = &steps.years {
        day = add_months(calendar, day, months_of_years(years)?)?;
    }
    if let Some(months) = &steps.months {
        day = add_months(calendar, day, whole_count(months)?)?;
    }
    let weeks = steps.weeks.as_ref().map_or(Ok(0), whole_count)?;
    let days = steps.days.as_ref().map_or(Ok(0), whole_count)?;
    let moved = weeks.checked_mul(7).and_then(|weeks| weeks.checked_add(days)).ok_or_else(too_far)?;
    day.checked_add(moved).ok_or_else(too_far)
}

/// A date keeps the part of the day that a fraction of a week or day leaves.
fn advance_date(value: &Value, steps: &Steps) -> Result<Value> {
    let months = Steps { years: steps.years.clone(), months: steps.months.clone(), ..Steps::default() };
    let mut date = on_day(value, advanced_day(Calendar::Reformed, receiver_date(value).day(), &months)?)?;
    for (count, size) in [(&steps.weeks, 7), (&steps.days, 1)] {
        if let Some(count) = count {
            date = add_days(&date, count, size)?;
        }
    }
    Ok(date)
}

/// `date + count`, in units of `size` days; DateTime too.
pub fn add_days(value: &Value, count: &Value, size: i64) -> Result<Value> {
    if let Value::Int(count) = count {
        let days = count.checked_mul(size).ok_or_else(too_far)?;
        return on_day(value, civil(value).1.checked_add(days).ok_or_else(too_far)?);
    }
    if !super::moment::is_number(count) {
        return Err(type_error("expected numeric"));
    }
    exact(count)?;
    let (numerator, denominator) = crate::value::fraction(count).ok_or_else(too_far)?;
    let length = Instant::of_fraction(&(numerator * (DAY * size)), &denominator).ok_or_else(too_far)?;
    match value {
        Value::Time(time) => plus(time, &length).map(super::moment::value),
        other => {
            let at = receiver_date(other).seconds().checked_add(&length).ok_or_else(too_far)?;
            Date::of_seconds(&at).map(Value::date).ok_or_else(invalid_date)
        }
    }
}

/// The moment so many seconds later, as `since` answers: a date starts at midnight in `Time.zone`.
pub fn since(host: &mut dyn Host, value: &Value, seconds: &Value) -> Result<Value> {
    match value {
        Value::Time(time) if time.flavor == Flavor::DateTime => {
            plus(time, &rational(seconds)?).map(super::moment::value)
        }
        Value::Time(time) => {
            if let Value::Duration(duration) = seconds {
                return shift(host, value, duration, 1);
            }
            match exact(seconds) {
                Ok(length) => plus(time, &length).map(super::moment::value),
                Err(_) => plus(time, &rational(seconds)?).map(super::moment::value),
            }
        }
        other => {
            let midnight = at_clock(host, other, 0, 0)?;
            since(host, &midnight, seconds)
        }
    }
}

/// Adds a duration part by part (`sign` -1 takes away): calendar parts on the calendar, others as lengths.
pub fn shift(host: &mut dyn Host, value: &Value, duration: &Duration, sign: i64) -> Result<Value> {
    if !matches!(value, Value::Time(_) | Value::Date(_)) {
        let shown = super::moment::inspect(value);
        return Err(argument_error(format!("expected a time or date, got {shown}")));
    }
    let sign = Value::Int(sign);
    if duration.parts.is_empty() {
        let length = number::multiply(host, &sign, &duration.seconds)?;
        return since(host, value, &length);
    }
    let mut at = value.clone();
    for (unit, count) in &duration.parts {
        let count = number::multiply(host, &sign, count)?;
        at = match unit {
            DurationUnit::Seconds => since(host, &at, &count)?,
            DurationUnit::Minutes | DurationUnit::Hours => {
                let length = number::multiply(host, &count, &Value::Int(unit.seconds()))?;
                since(host, &at, &length)?
            }
            DurationUnit::Days => advance(host, &at, Steps::days(count))?,
            DurationUnit::Weeks => advance(host, &at, Steps::weeks(count))?,
            DurationUnit::Months => advance(host, &at, Steps::months(count))?,
            DurationUnit::Years => advance(host, &at, Steps::years(count))?,
        };
    }
    Ok(at)
}

/// Whether adding it moves days on the calendar.
pub fn moves_calendar(duration: &Duration) -> bool {
    duration.parts.iter().any(|(unit, _)| *unit <= DurationUnit::Days)
}

/// `a - b` of two days or DateTimes: the exact number of days.
pub fn days_between(a: &Value, b: &Value) -> Result<Value> {
    let seconds = julian_seconds(a).checked_sub(&julian_seconds(b)).ok_or_else(too_far)?;
    let (numerator, denominator) = seconds.to_fraction();
    Ok(Value::Rational(Rc::new(Rational::reduced(numerator, denominator * DAY))))
}

/// Seconds since the midnight that day number 0 begins with, in UTC.
pub fn julian_seconds(value: &Value) -> Instant {
    match value {
        Value::Time(time) => time.at.checked_add(&Instant::new(EPOCH_DAY * DAY, 0)).unwrap_or_else(|| time.at.clone()),
        other => receiver_date(other).seconds(),
    }
}

/// Takes a length from a time of any class.
pub fn before(time: &Time, length: &Instant) -> Result<Value> {
    minus(time, length).map(super::moment::value)
}

/// A fraction of a day for an offset: `(3/8)` for nine hours.
pub fn day_fraction(seconds: &Instant) -> Value {
    let (numerator, denominator) = seconds.to_fraction();
    Value::Rational(Rc::new(Rational::reduced(numerator, denominator * DAY)))
}
