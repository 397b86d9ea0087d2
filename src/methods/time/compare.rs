//! Order and equality of dates and times, and the sums and differences of `+` and `-`.

use super::calendar::{add_days, before, days_between, moves_calendar, shift, since};
use super::moment::{exact, is_number, plus, rational, type_error, value, wall_time};
use super::number;
use crate::methods::{Args, Host, Method, ops, rails, ruby};
use crate::value::{Flavor, Kind, Result, Time, Value, compare, eql, hash_of};
use std::cmp::Ordering;
use std::rc::Rc;

pub(super) const ALL: &[Method] = &[
    ruby(
        "+",
        "(length)",
        "Later by seconds, or by a duration; dates count in days.",
        "Time.utc(2024, 1, 31) + 1.month => 2024-02-29 00:00:00 UTC\nDate.new(2024, 1, 1) + 1 => Tue, 02 Jan 2024",
        |host, it, args| add(host, it, &args.get(0)),
    ),
    ruby(
        "-",
        "(other)",
        "Earlier by seconds, days or a duration; or the time between two.",
        "Time.utc(2024, 1, 2) - Time.utc(2024, 1, 1) => 86400.0\nDate.new(2024, 1, 2) - Date.new(2024, 1, 1) => (1/1)",
        |host, it, args| subtract(host, it, &args.get(0)),
    ),
    ruby("<", "(other) -> Boolean", "Is earlier.", "Date.new(2024) < Date.new(2025) => true", |host, it, args| {
        order(host, it, &args.get(0)).map(|order| Value::bool(order.is_lt()))
    }),
    ruby("<=", "(other) -> Boolean", "Is not later.", "Date.new(2024) <= Date.new(2024) => true", |host, it, args| {
        order(host, it, &args.get(0)).map(|order| Value::bool(order.is_le()))
    }),
    ruby(
        "<=>",
        "(other) -> Integer",
        "-1, 0 or 1 for earlier, the same, later; nil for what has no time.",
        "Time.utc(2024) <=> Date.new(2024) => 0\nTime.utc(2024) <=> nil => nil",
        |host, it, args| Ok(try_order(host, it, &args.get(0)).map_or(Value::Nil, |order| Value::Int(order as i64))),
    ),
    ruby(
        "==",
        "(other) -> Boolean",
        "The same instant.",
        "Time.utc(2024) == DateTime.new(2024) => true",
        |host, it, args| Ok(Value::bool(try_order(host, it, &args.get(0)).is_some_and(Ordering::is_eq))),
    ),
    ruby(
        "===",
        "(other) -> Boolean",
        "The same instant; for dates, the same day.",
        "Date.new(2024) === DateTime.new(2024, 1, 1, 12) => true",
        case_equal,
    ),
    ruby(">", "(other) -> Boolean", "Is later.", "Date.new(2024) > Date.new(2025) => false", |host, it, args| {
        order(host, it, &args.get(0)).map(|order| Value::bool(order.is_gt()))
    }),
    ruby(
        ">=",
        "(other) -> Boolean",
        "Is not earlier.",
        "Date.new(2024) >= Date.new(2024) => true",
        |host, it, args| order(host, it, &args.get(0)).map(|order| Value::bool(order.is_ge())),
    ),
    rails(
        "after?",
        "(other) -> Boolean",
        "Is later.",
        "Date.new(2024).after?(Date.new(2023)) => true",
        |host, it, args| order(host, it, &args.get(0)).map(|order| Value::bool(order.is_gt())),
    ),
    rails(
        "ago",
        "(seconds)",
        "So many seconds earlier.",
        "Time.utc(2024, 1, 1).ago(60) => 2023-12-31 23:59:00 UTC",
        |host, it, args| {
            let length = number::negate(host, &args.get(0));
            // Text has no minus sign either, but is asked only later.
            let length = if matches!(args.get(0), Value::Str(_)) { args.get(0) } else { length? };
            since_length(host, it, &length)
        },
    ),
    rails(
        "before?",
        "(other) -> Boolean",
        "Is earlier.",
        "Date.new(2024).before?(Date.new(2023)) => false",
        |host, it, args| order(host, it, &args.get(0)).map(|order| Value::bool(order.is_lt())),
    ),
    ruby(
        "eql?",
        "(other) -> Boolean",
        "The same instant and class.",
        "Time.utc(2024).eql?(DateTime.new(2024)) => false",
        |_, it, args| Ok(Value::bool(is_eql(it, &args.get(0)))),
    ),
    ruby(
        "hash",
        "() -> Integer",
        "The same for equal times.",
        "Date.new(2024).hash == Date.new(2024).hash => true",
        |_, it, _| Ok(Value::Int((hash_of(it) >> 2) as i64)),
    ),
    rails(
        "since in",
        "(seconds)",
        "So many seconds later.",
        "Time.utc(2024, 1, 1).since(60) => 2024-01-01 00:01:00 UTC",
        |host, it, args| since_length(host, it, &args.get(0)),
    ),
];

pub(super) const DATES: &[Method] = &[
    ruby(
        "<<",
        "(months)",
        "So many months earlier; the day clamps.",
        "Date.new(2024, 3, 31) << 1 => Thu, 29 Feb 2024",
        |host, it, args| {
            let Some(months) = numeric(&args.get(0)) else { return Err(type_error("expected numeric")) };
            let months = number::negate(host, &months)?;
            super::calendar::advance(host, it, super::calendar::Steps::months(months))
        },
    ),
    ruby(
        ">>",
        "(months)",
        "So many months later; the day clamps.",
        "Date.new(2024, 1, 31) >> 1 => Thu, 29 Feb 2024",
        |host, it, args| super::calendar::advance(host, it, super::calendar::Steps::months(args.get(0))),
    ),
];

fn numeric(given: &Value) -> Option<Value> {
    match given {
        Value::Duration(duration) => Some(duration.seconds.clone()),
        other if is_number(other) => Some(other.clone()),
        _ => None,
    }
}

/// `a <=> b`. Text stands for the DateTime it names, except for dates.
pub fn try_order(host: &dyn Host, it: &Value, other: &Value) -> Option<Ordering> {
    match (it, other) {
        (Value::Time(time), Value::Str(text)) => {
            let named = super::convert::text_as_datetime(host, &text.to_text())?;
            Some(time.at.cmp(&named.at))
        }
        _ => compare(it, other),
    }
}

fn order(host: &dyn Host, it: &Value, other: &Value) -> Result<Ordering> {
    try_order(host, it, other).ok_or_else(|| ops::incomparable(it, other))
}

fn case_equal(host: &mut dyn Host, it: &Value, args: Args) -> Result<Value> {
    let other = args.get(0);
    let is_day = |value: &Value| matches!(value.kind(), Kind::Date | Kind::DateTime);
    if !is_day(it) {
        return Ok(Value::bool(try_order(host, it, &other).is_some_and(Ordering::is_eq)));
    }
    if is_day(&other) {
        let day = |value: &Value| super::calendar::julian_seconds(value).seconds.div_euclid(86_400);
        let offset = |value: &Value| super::moment::as_time(value).map_or(0, |time| i64::from(time.offset()));
        let local = |value: &Value| {
            super::calendar::julian_seconds(value).seconds.saturating_add(offset(value)).div_euclid(86_400)
        };
        return Ok(Value::bool(day(it) == day(&other) && local(it) == local(&other)));
    }
    if is_number(&other) {
        return Ok(Value::bool(
            compare(&Value::Int(super::calendar::civil(it).1), &other).is_some_and(Ordering::is_eq),
        ));
    }
    Ok(Value::Nil)
}

fn is_eql(it: &Value, other: &Value) -> bool {
    let plain = |value: &Value| matches!(value.kind(), Kind::Time | Kind::TimeWithZone);
    match (plain(it), plain(other)) {
        (true, true) => eql(it, other),
        (false, false) if it.class() == other.class() => eql(it, other),
        (false, false) if matches!(other.kind(), Kind::Date | Kind::DateTime) => eql(it, other),
        _ => false,
    }
}

pub fn add(host: &mut dyn Host, it: &Value, other: &Value) -> Result<Value> {
    match it {
        Value::Time(time) => match time.flavor {
            Flavor::WithZone => add_zoned(host, time, other, 1),
            Flavor::DateTime => add_to_day(host, it, other),
            Flavor::Time | Flavor::Sdk => match other {
                Value::Duration(duration) => shift(host, it, duration, 1),
                Value::Time(second) if matches!(second.flavor, Flavor::Time | Flavor::Sdk) => {
                    Err(type_error("time + time?"))
                }
                other => plus(time, &exact(other)?).map(value),
            },
        },
        _ => add_to_day(host, it, other),
    }
}

fn add_to_day(host: &mut dyn Host, it: &Value, other: &Value) -> Result<Value> {
    match other {
        Value::Duration(duration) => shift(host, it, duration, 1),
        other => add_days(it, other, 1),
    }
}

/// A time with zone moves on its wall for days and longer, on the line of time for hours; a length it cannot read is read
/// once more as DateTime would.
fn add_zoned(host: &mut dyn Host, time: &Rc<Time>, other: &Value, sign: i64) -> Result<Value> {
    if let Value::Duration(duration) = other {
        if moves_calendar(duration) {
            let moved = shift(host, &value(wall_time(time)?), duration, sign)?;
            let Value::Time(moved) = moved else { return Ok(Value::Nil) };
            return super::moment::rewalled(time, &moved.at).map(value);
        }
        return shift(host, &Value::Time(Rc::clone(time)), duration, sign);
    }
    let length = match (exact(other), other) {
        (Ok(length), _) => length,
        (Err(_), Value::Time(second)) if second.flavor != Flavor::DateTime => second.at.clone(),
        (Err(_), _) if sign < 0 && !matches!(other, Value::Str(_)) => rational(&number::negate(host, other)?)?,
        (Err(_), _) => rational(other)?,
    };
    if sign < 0 { before(time, &length) } else { plus(time, &length).map(value) }
}

pub fn subtract(host: &mut dyn Host, it: &Value, other: &Value) -> Result<Value> {
    match it {
        Value::Time(time) => match (time.flavor, other) {
            (Flavor::DateTime, _) => subtract_from_day(host, it, other),
            (Flavor::WithZone, Value::Time(second)) => between(time, second),
            (Flavor::WithZone, other) => add_zoned(host, time, other, -1),
            (_, Value::Duration(duration)) => shift(host, it, duration, -1),
            (_, Value::Time(second)) => between(time, second),
            (_, other) => before(time, &exact(other)?),
        },
        _ => subtract_from_day(host, it, other),
    }
}

/// Seconds between two times. A DateTime is a Float before it is subtracted.
fn between(time: &Time, other: &Time) -> Result<Value> {
    if other.flavor == Flavor::DateTime && time.flavor != Flavor::WithZone {
        return Ok(Value::float(time.at.to_f64() - other.at.to_f64()));
    }
    let length = time.at.checked_sub(&other.at).ok_or_else(super::moment::too_far)?;
    Ok(Value::float(length.to_f64()))
}

fn subtract_from_day(host: &mut dyn Host, it: &Value, other: &Value) -> Result<Value> {
    match other {
        Value::Duration(duration) => shift(host, it, duration, -1),
        Value::Date(_) => days_between(it, other),
        Value::Time(time) if time.flavor == Flavor::DateTime => days_between(it, other),
        other if is_number(other) => {
            let other = number::negate(host, other)?;
            add_days(it, &other, 1)
        }
        _ => Err(type_error("expected numeric")),
    }
}

fn since_length(host: &mut dyn Host, it: &Value, length: &Value) -> Result<Value> {
    match it {
        Value::Time(time) if time.flavor == Flavor::WithZone => add_zoned(host, time, length, 1),
        other => since(host, other, length),
    }
}
