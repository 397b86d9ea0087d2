//! The ground that all methods of times stand on: numbers as exact lengths, times made from a wall clock, the zone of the run.

use crate::methods::Host;
use crate::value::calendar::EPOCH_DAY;
use crate::value::{
    ClassId, Date, Flavor, Instant, Period, Result, Time, Unwind, Value, Wall, Zone, float_to_s, raise,
};
use std::rc::Rc;

pub const DAY: i64 = 86_400;

pub fn value(time: Time) -> Value {
    Value::Time(Rc::new(time))
}

/// The error for instants and days beyond what is counted here: some 290 thousand million years.
#[cold]
pub fn too_far() -> Box<Unwind> {
    raise(ClassId::RANGE_ERROR, "bignum too big to convert into `long'")
}

#[cold]
pub fn argument_error(message: impl Into<String>) -> Box<Unwind> {
    raise(ClassId::ARGUMENT_ERROR, message)
}

#[cold]
pub fn type_error(message: impl Into<String>) -> Box<Unwind> {
    raise(ClassId::TYPE_ERROR, message)
}

#[cold]
pub fn invalid_date() -> Box<Unwind> {
    raise(ClassId::DATE_ERROR, "invalid date")
}

/// `Time.zone` of the run.
pub fn current_zone(host: &mut dyn Host) -> Zone {
    host.state().time_zone.unwrap_or(Zone::PACIFIC)
}

/// The clock in some zone.
pub fn now(host: &dyn Host, zone: Zone, flavor: Flavor) -> Time {
    let (seconds, nanos) = host.now();
    Time::new(Instant::new(seconds, nanos), zone, flavor)
}

/// Today on the machine's calendar, which fills in what texts leave out.
pub fn today(host: &dyn Host) -> Date {
    day_of(&now(host, Zone::Local, Flavor::Time))
}

/// Today in `Time.zone`.
pub fn today_in_zone(host: &mut dyn Host) -> Date {
    let zone = current_zone(host);
    day_of(&now(host, zone, Flavor::WithZone))
}

/// The day that a time's wall shows. Days that Date cannot count come out as the epoch.
pub fn day_of(time: &Time) -> Date {
    Date::of_day(time.wall().day).unwrap_or(Date::from_epoch())
}

/// A number as an exact length in seconds; for what is none, the TypeError of Ruby's Time.
pub fn exact(value: &Value) -> Result<Instant> {
    match value {
        Value::Float(number) if !number.get().is_finite() => {
            Err(raise(ClassId::FLOAT_DOMAIN_ERROR, float_to_s(number.get())))
        }
        Value::Duration(duration) => exact(&duration.seconds),
        Value::Int(_) | Value::Float(_) | Value::BigInt(_) | Value::Decimal(_) | Value::Rational(_) => {
            Instant::of(value).ok_or_else(too_far)
        }
        other => Err(type_error(format!("can't convert {} into an exact number", other.class().name()))),
    }
}

pub const fn is_number(value: &Value) -> bool {
    matches!(value, Value::Int(_) | Value::Float(_) | Value::BigInt(_) | Value::Decimal(_) | Value::Rational(_))
}

/// `Rational(value, 1)`, the error of what is no number included: DateTime converts lengths with it.
pub fn rational(value: &Value) -> Result<Instant> {
    match value {
        Value::Str(text) => {
            let text = text.to_text();
            let parsed = text.trim().parse::<f64>().ok().and_then(|number| Instant::of(&Value::float(number)));
            parsed.ok_or_else(|| argument_error(format!("invalid value for convert(): {}", inspect(value))))
        }
        Value::Nil => Err(type_error("can't convert nil into Rational")),
        Value::Duration(_) => exact(value),
        other if is_number(other) => exact(other),
        _ => Err(type_error("not an integer")),
    }
}

pub fn inspect(value: &Value) -> String {
    crate::value::inspect(value).to_text()
}

/// The time so much later, in the same zone and of the same class.
pub fn plus(time: &Time, length: &Instant) -> Result<Time> {
    let at = time.at.checked_add(length).ok_or_else(too_far)?;
    Ok(Time::new(at, time.zone(), time.flavor))
}

pub fn minus(time: &Time, length: &Instant) -> Result<Time> {
    let at = time.at.checked_sub(length).ok_or_else(too_far)?;
    Ok(Time::new(at, time.zone(), time.flavor))
}

/// The instant at which a wall shows `wall` (seconds as if it were UTC) with that offset.
pub fn at_offset(wall: &Instant, offset: i32) -> Result<Instant> {
    wall.checked_sub(&Instant::new(i64::from(offset), 0)).ok_or_else(too_far)
}

/// The seconds of midnight of a day, as if the wall were UTC.
pub fn midnight(day: i64) -> Result<i64> {
    (day - EPOCH_DAY).checked_mul(DAY).ok_or_else(too_far)
}

/// What the wall of a time shows, as an instant as if it were UTC.
pub fn wall_instant(time: &Time) -> Result<Instant> {
    time.at.checked_add(&Instant::new(i64::from(time.offset()), 0)).ok_or_else(too_far)
}

/// The UTC time that reads as the wall of a time with zone: what ActiveSupport computes with.
pub fn wall_time(time: &Time) -> Result<Time> {
    Ok(Time::new(wall_instant(time)?, Zone::Utc, Flavor::Time))
}

/// The time with zone whose wall shows `wall`. Where the clock was set back, the time in the same period as `origin`, else
/// the one in daylight saving; in a gap, an hour later.
pub fn zoned(wall: &Instant, zone: Zone, origin: Option<&Instant>) -> Result<Time> {
    let mut wall = wall.clone();
    loop {
        let periods = match zone {
            Zone::Named(..) => zone.periods_for_wall(wall.seconds),
            _ => return Ok(Time::new(at_offset(&wall, zone.offset_at(0))?, zone, Flavor::WithZone)),
        };
        if let Some(offset) = choose(&periods, &wall, zone, origin) {
            return Ok(Time::new(at_offset(&wall, offset)?, zone, Flavor::WithZone));
        }
        wall = wall.checked_add(&Instant::new(3600, 0)).ok_or_else(too_far)?;
    }
}

fn choose(periods: &[Period], wall: &Instant, zone: Zone, origin: Option<&Instant>) -> Option<i32> {
    if let ([_, _, ..], Some(origin)) = (periods, origin) {
        let in_period = |period: &&Period| {
            let at = wall.seconds - i64::from(period.offset);
            is_one_period(zone, origin.seconds, at)
        };
        if let Some(period) = periods.iter().find(in_period) {
            return Some(period.offset);
        }
    }
    let saving = periods.iter().rfind(|period| period.is_dst);
    saving.or_else(|| periods.last()).map(|period| period.offset)
}

/// Whether the clock was never set between two instants, as far as weekly looks tell; a year apart it always was.
fn is_one_period(zone: Zone, a: i64, b: i64) -> bool {
    const WEEK: i64 = 7 * DAY;
    let (from, to) = (a.min(b), a.max(b));
    let offset = zone.offset_at(from);
    to - from < 52 * WEEK
        && zone.offset_at(to) == offset
        && (1..=(to - from) / WEEK).all(|week| zone.offset_at(from + week * WEEK) == offset)
}

/// A time of the same class and zone whose wall shows `wall`.
pub fn rewalled(time: &Time, wall: &Instant) -> Result<Time> {
    if time.flavor == Flavor::WithZone {
        return zoned(wall, time.zone(), Some(&time.at));
    }
    Ok(Time::new(at_offset(wall, time.offset())?, time.zone(), time.flavor))
}

/// The part of a day that a wall has behind it.
pub const fn clock_seconds(wall: &Wall) -> i64 {
    wall.hour as i64 * 3600 + wall.minute as i64 * 60 + wall.second as i64
}

/// Both a TimeWithZone and a Time count as times; so does DateTime.
pub fn as_time(value: &Value) -> Option<&Rc<Time>> {
    match value {
        Value::Time(time) => Some(time),
        _ => None,
    }
}

/// The receiver as a time. Rows of times are found by its kind, so it always is one; epoch otherwise.
pub fn receiver(value: &Value) -> Rc<Time> {
    match value {
        Value::Time(time) => Rc::clone(time),
        _ => Rc::new(Time::new(Instant::default(), Zone::Utc, Flavor::Time)),
    }
}

/// The receiver as a date, found by its kind likewise.
pub fn receiver_date(value: &Value) -> Date {
    match value {
        Value::Date(date) => **date,
        Value::Time(time) => day_of(time),
        _ => Date::from_epoch(),
    }
}
