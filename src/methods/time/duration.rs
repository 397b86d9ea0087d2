//! ActiveSupport's durations. What is not here the duration's number answers, as the evaluator sees to.

use super::calendar::shift;
use super::duration_text;
use super::moment::{current_zone, is_number, now, type_error, value};
use super::number::{add, divide, is_zero, modulo, multiply, negate};
use crate::methods::{Args, Host, Method, format, ops, rails};
use crate::value::{Duration, DurationUnit, Flavor, Hash, Result, Str, Value, compare, equal};
use std::rc::Rc;

pub(super) const ROWS: &[Method] = &[
    rails(
        "%",
        "(other) -> Duration",
        "The rest of a division, in calendar parts.",
        "1.day % 7.hours => 3 hours",
        |host, it, args| {
            let other = divisor(&args.get(0))?;
            let rest = modulo(host, &this(it).seconds, &other)?;
            build(host, &rest)
        },
    ),
    rails("*", "(factor) -> Duration", "So many times as long.", "1.day * 1.5 => 1.5 days", |host, it, args| {
        let other = divisor(&args.get(0))?;
        map(host, it, |host, count| multiply(host, count, &other))
    }),
    rails(
        "+",
        "(other) -> Duration",
        "Together; a number counts in seconds.",
        "1.day + 2.hours => 1 day and 2 hours",
        |host, it, args| sum(host, it, &args.get(0)),
    ),
    rails("+@", "() -> Duration", "The duration itself.", "+1.day => 1 day", |_, it, _| Ok(it.clone())),
    rails(
        "-",
        "(other) -> Duration",
        "Without another; a number counts in seconds.",
        "1.day - 1.hour => 1 day and -1 hours",
        |host, it, args| {
            let other = match args.get(0) {
                Value::Duration(_) => map(host, &args.get(0), negate)?,
                other => negate(host, &other)?,
            };
            sum(host, it, &other)
        },
    ),
    rails("-@", "() -> Duration", "As long the other way.", "-1.day => -1 days", |host, it, _| map(host, it, negate)),
    rails(
        "/",
        "(other)",
        "Divided; by a duration, how often it goes in.",
        "7.days / 2 => 3 days\n1.day / 1.hour => 24",
        |host, it, args| {
            if let Value::Duration(other) = args.get(0) {
                return divide(host, &this(it).seconds, &other.seconds);
            }
            let other = divisor(&args.get(0))?;
            map(host, it, |host, count| divide(host, count, &other))
        },
    ),
    rails(
        "<=>",
        "(other) -> Integer",
        "By length, also against numbers of seconds.",
        "(1.day <=> 2.days) => -1",
        |_, it, args| {
            let order = match args.get(0) {
                Value::Duration(other) => compare(&this(it).seconds, &other.seconds),
                other if is_number(&other) => compare(&this(it).seconds, &other),
                _ => None,
            };
            Ok(order.map_or(Value::Nil, |order| Value::Int(order as i64)))
        },
    ),
    rails(
        "== ===",
        "(other) -> Boolean",
        "As long, also as a number of seconds.",
        "1.day == 86400 => true",
        |_, it, args| Ok(Value::bool(equal(it, &args.get(0)))),
    ),
    rails(
        "ago until before",
        "(time = Time.current)",
        "So long before a time, or before now.",
        "1.month.ago(Time.utc(2024, 3, 31)) => 2024-02-29 00:00:00 UTC",
        |host, it, args| from(host, it, &args, -1),
    ),
    rails("as_json", "(options = nil) -> Integer", "The whole seconds.", "1.day.as_json => 86400", |host, it, _| {
        whole(host, it)
    }),
    rails("eql?", "(other) -> Boolean", "A duration as long?", "1.day.eql?(24.hours) => true", |_, it, args| {
        Ok(Value::bool(match args.get(0) {
            Value::Duration(other) => crate::value::eql(&this(it).seconds, &other.seconds),
            _ => false,
        }))
    }),
    rails("hash", "() -> Integer", "That of its seconds.", "1.day.hash == 86400.hash => true", |host, it, _| {
        ops::send(host, &this(it).seconds, "hash", &[])
    }),
    rails("in_days", "() -> Float", "The length in days.", "36.hours.in_days => 1.5", |host, it, _| {
        in_unit(host, it, DurationUnit::Days)
    }),
    rails("in_hours", "() -> Float", "The length in hours.", "90.minutes.in_hours => 1.5", |host, it, _| {
        in_unit(host, it, DurationUnit::Hours)
    }),
    rails("in_minutes", "() -> Float", "The length in minutes.", "90.seconds.in_minutes => 1.5", |host, it, _| {
        in_unit(host, it, DurationUnit::Minutes)
    }),
    rails("in_months", "() -> Float", "The length in average months.", "1.year.in_months => 12.0", |host, it, _| {
        in_unit(host, it, DurationUnit::Months)
    }),
    rails("in_seconds", "() -> Integer", "The whole seconds.", "1.hour.in_seconds => 3600", |host, it, _| {
        whole(host, it)
    }),
    rails("in_weeks", "() -> Float", "The length in weeks.", "14.days.in_weeks => 2.0", |host, it, _| {
        in_unit(host, it, DurationUnit::Weeks)
    }),
    rails("in_years", "() -> Float", "The length in average years.", "12.months.in_years => 1.0", |host, it, _| {
        in_unit(host, it, DurationUnit::Years)
    }),
    rails(
        "inspect",
        "() -> String",
        "Its calendar parts in words.",
        "(1.day + 2.hours).inspect => \"1 day and 2 hours\"",
        |_, it, _| Ok(Value::string(this(it).inspect())),
    ),
    rails(
        "iso8601",
        "(precision: nil) -> String",
        "As an ISO 8601 duration.",
        "(1.day + 90.seconds).iso8601 => \"P1DT90S\"",
        |host, it, mut args| {
            let precision = args.take_keywords().and_then(|options| options.get(&Value::symbol("precision")));
            iso8601(host, &this(it), precision.as_ref())
        },
    ),
    rails(
        "parts",
        "() -> Hash",
        "Its calendar parts.",
        "(1.day + 2.hours).parts => {:days=>1, :hours=>2}",
        |_, it, _| {
            let hash = Hash::new();
            for (unit, count) in &this(it).parts {
                hash.insert(Value::symbol(unit.name()), count.clone());
            }
            Ok(Value::hash(hash))
        },
    ),
    rails(
        "since from_now after",
        "(time = Time.current)",
        "So long after a time, or from now.",
        "1.month.since(Date.new(2024, 1, 31)) => Thu, 29 Feb 2024",
        |host, it, args| from(host, it, &args, 1),
    ),
    rails("to_i", "() -> Integer", "The whole seconds.", "1.5.hours.to_i => 5400", |host, it, _| whole(host, it)),
    rails("to_s", "() -> String", "The seconds as text.", "1.hour.to_s => \"3600\"", |_, it, _| {
        Ok(Value::Str(crate::value::to_s(&this(it).seconds)))
    }),
    rails("value", "()", "The seconds.", "1.hour.value => 3600", |_, it, _| Ok(this(it).seconds.clone())),
];

pub(super) const CLASS: &[Method] = &[
    rails(
        "build",
        "(seconds) -> Duration",
        "A number of seconds in calendar parts.",
        "ActiveSupport::Duration.build(100000) => 1 day, 3 hours, 46 minutes, and 40 seconds",
        |host, _, args| build(host, &args.get(0)),
    ),
    rails(
        "days",
        "(count) -> Duration",
        "So many days.",
        "ActiveSupport::Duration.days(2) => 2 days",
        |host, _, args| of(host, DurationUnit::Days, &args.get(0)),
    ),
    rails(
        "hours",
        "(count) -> Duration",
        "So many hours.",
        "ActiveSupport::Duration.hours(2) => 2 hours",
        |host, _, args| of(host, DurationUnit::Hours, &args.get(0)),
    ),
    rails(
        "minutes",
        "(count) -> Duration",
        "So many minutes.",
        "ActiveSupport::Duration.minutes(2) => 2 minutes",
        |host, _, args| of(host, DurationUnit::Minutes, &args.get(0)),
    ),
    rails(
        "months",
        "(count) -> Duration",
        "So many months.",
        "ActiveSupport::Duration.months(2) => 2 months",
        |host, _, args| of(host, DurationUnit::Months, &args.get(0)),
    ),
    rails(
        "parse",
        "(text) -> Duration",
        "Reads an ISO 8601 duration.",
        "ActiveSupport::Duration.parse('P1DT2H') => 1 day and 2 hours",
        |host, _, args| {
            let parts = duration_text::parse(&args.str(0)?.to_text())?;
            let mut seconds = Value::Int(0);
            for (unit, count) in &parts {
                let length = multiply(host, count, &Value::Int(unit.seconds()))?;
                seconds = add(host, &seconds, &length)?;
            }
            Ok(new(seconds, parts))
        },
    ),
    rails(
        "seconds",
        "(count) -> Duration",
        "So many seconds.",
        "ActiveSupport::Duration.seconds(2) => 2 seconds",
        |host, _, args| of(host, DurationUnit::Seconds, &args.get(0)),
    ),
    rails(
        "weeks",
        "(count) -> Duration",
        "So many weeks.",
        "ActiveSupport::Duration.weeks(2) => 2 weeks",
        |host, _, args| of(host, DurationUnit::Weeks, &args.get(0)),
    ),
    rails(
        "years",
        "(count) -> Duration",
        "So many years.",
        "ActiveSupport::Duration.years(2) => 2 years",
        |host, _, args| of(host, DurationUnit::Years, &args.get(0)),
    ),
];

fn this(it: &Value) -> Rc<Duration> {
    match it {
        Value::Duration(duration) => Rc::clone(duration),
        _ => Rc::new(Duration { parts: Vec::new(), seconds: Value::Int(0) }),
    }
}

/// A duration; parts of length 0 are left out unless the whole is 0.
pub fn new(seconds: Value, mut parts: Vec<(DurationUnit, Value)>) -> Value {
    if !is_zero(&seconds) {
        parts.retain(|(_, count)| !is_zero(count));
    }
    Value::Duration(Rc::new(Duration { parts, seconds }))
}

/// So many of a unit.
pub fn of(host: &mut dyn Host, unit: DurationUnit, count: &Value) -> Result<Value> {
    let seconds = match unit {
        DurationUnit::Seconds => count.clone(),
        _ => multiply(host, count, &Value::Int(unit.seconds()))?,
    };
    Ok(new(seconds, vec![(unit, count.clone())]))
}

/// A number of seconds taken apart into years, months and so on.
pub fn build(host: &mut dyn Host, seconds: &Value) -> Result<Value> {
    if !is_number(seconds) {
        let class = seconds.class().name();
        return Err(type_error(format!("can't build an ActiveSupport::Duration from a {class}")));
    }
    let sign = Value::Int(compare(seconds, &Value::Int(0)).map_or(0, |order| order as i64));
    let mut rest = match seconds {
        Value::Int(_) => seconds.clone(),
        other => ops::send(host, other, "round", &[Value::Int(9)])?,
    };
    rest = ops::send(host, &rest, "abs", &[])?;
    let mut parts = Vec::new();
    if !is_zero(seconds) {
        for unit in DurationUnit::ALL.into_iter().filter(|unit| *unit != DurationUnit::Seconds) {
            let size = Value::Int(unit.seconds());
            let count = ops::send(host, &rest, "div", std::slice::from_ref(&size))?;
            parts.push((unit, multiply(host, &count, &sign)?));
            rest = modulo(host, &rest, &size)?;
        }
    }
    parts.push((DurationUnit::Seconds, multiply(host, &rest, &sign)?));
    Ok(new(seconds.clone(), parts))
}

/// A number to multiply or divide with; a duration stands for its seconds.
fn divisor(given: &Value) -> Result<Value> {
    match given {
        Value::Duration(duration) => Ok(duration.seconds.clone()),
        other if is_number(other) => Ok(other.clone()),
        other => {
            let class = other.class().name();
            Err(type_error(format!("no implicit conversion of {class} into ActiveSupport::Duration")))
        }
    }
}

fn map(host: &mut dyn Host, it: &Value, change: impl Fn(&mut dyn Host, &Value) -> Result<Value>) -> Result<Value> {
    let duration = this(it);
    let seconds = change(host, &duration.seconds)?;
    let mut parts = Vec::with_capacity(duration.parts.len());
    for (unit, count) in &duration.parts {
        parts.push((*unit, change(host, count)?));
    }
    Ok(new(seconds, parts))
}

fn sum(host: &mut dyn Host, it: &Value, other: &Value) -> Result<Value> {
    let duration = this(it);
    let mut parts = duration.parts.clone();
    if let Value::Duration(other) = other {
        for (unit, count) in &other.parts {
            add_part(host, &mut parts, *unit, count)?;
        }
        let seconds = add(host, &duration.seconds, &other.seconds)?;
        return Ok(new(seconds, parts));
    }
    if !parts.iter().any(|(unit, _)| *unit == DurationUnit::Seconds) {
        parts.push((DurationUnit::Seconds, Value::Int(0)));
    }
    add_part(host, &mut parts, DurationUnit::Seconds, other)?;
    let seconds = add(host, &duration.seconds, other)?;
    Ok(new(seconds, parts))
}

fn add_part(
    host: &mut dyn Host,
    parts: &mut Vec<(DurationUnit, Value)>,
    unit: DurationUnit,
    count: &Value,
) -> Result<()> {
    match parts.iter().position(|(other, _)| *other == unit) {
        Some(at) => parts[at].1 = add(host, &parts[at].1.clone(), count)?,
        None => parts.push((unit, count.clone())),
    }
    Ok(())
}

fn from(host: &mut dyn Host, it: &Value, args: &Args, sign: i64) -> Result<Value> {
    let start = match args.given(0) {
        Some(time) => time.clone(),
        None => {
            let zone = current_zone(host);
            value(now(host, zone, Flavor::WithZone))
        }
    };
    shift(host, &start, &this(it), sign)
}

fn whole(host: &mut dyn Host, it: &Value) -> Result<Value> {
    match &this(it).seconds {
        Value::Int(seconds) => Ok(Value::Int(*seconds)),
        other => ops::send(host, other, "to_i", &[]),
    }
}

fn in_unit(host: &mut dyn Host, it: &Value, unit: DurationUnit) -> Result<Value> {
    let seconds = whole(host, it)?;
    let seconds = crate::value::fraction(&seconds)
        .map_or(0.0, |(numerator, denominator)| crate::value::ratio_to_f64(&numerator, &denominator));
    Ok(Value::float(seconds / unit.seconds() as f64))
}

fn iso8601(host: &mut dyn Host, duration: &Duration, precision: Option<&Value>) -> Result<Value> {
    let mut parts: Vec<(DurationUnit, Value)> =
        duration.parts.iter().filter(|(_, count)| !is_zero(count)).cloned().collect();
    let is_date = |unit: DurationUnit| matches!(unit, DurationUnit::Years | DurationUnit::Months | DurationUnit::Days);
    if let Some(at) = parts.iter().position(|(unit, _)| *unit == DurationUnit::Weeks)
        && parts.iter().any(|(unit, _)| is_date(*unit))
    {
        let (_, weeks) = parts.remove(at);
        let days = multiply(host, &weeks, &Value::Int(7))?;
        add_part(host, &mut parts, DurationUnit::Days, &days)?;
    }
    if parts.is_empty() {
        return Ok(Value::str("PT0S"));
    }
    let count = |unit: DurationUnit| parts.iter().find(|(other, _)| *other == unit).map(|(_, count)| count.clone());
    let mut text = "P".to_owned();
    let letters = [
        (DurationUnit::Years, "Y"),
        (DurationUnit::Months, "M"),
        (DurationUnit::Days, "D"),
        (DurationUnit::Weeks, "W"),
    ];
    for (unit, letter) in letters {
        if let Some(count) = count(unit) {
            text += &(crate::value::to_s(&count).to_text() + letter);
        }
    }
    let mut clock = String::new();
    for (unit, letter) in [(DurationUnit::Hours, "H"), (DurationUnit::Minutes, "M")] {
        if let Some(count) = count(unit) {
            clock += &(crate::value::to_s(&count).to_text() + letter);
        }
    }
    if let Some(seconds) = count(DurationUnit::Seconds) {
        let template = match precision {
            Some(digits) if digits.truthy() => format!("%0.0{}f", crate::value::to_s(digits).to_text()),
            _ => "%g".to_owned(),
        };
        let shown = format::format(host, &Str::from(template), &[seconds])?;
        clock += &(crate::value::to_s(&shown).to_text() + "S");
    }
    if !clock.is_empty() {
        text = text + "T" + &clock;
    }
    Ok(Value::string(text))
}
