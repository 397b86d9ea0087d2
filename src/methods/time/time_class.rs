//! The methods of the class Time: `Time.now`, `Time.at`, `Time.parse`, `Time.zone` and so on.

use super::build::{Given, scaled, time_at, zone_argument};
use super::moment::{
    argument_error, current_zone, exact, inspect, invalid_date, now, plus, too_far, type_error, value,
};
use super::parse::{self, Field, Parts, clock, complete, formats};
use super::zone;
use crate::methods::{Args, Host, Method, rails, ruby};
use crate::value::calendar::{days_in_month, is_gregorian_leap};
use crate::value::{ClassId, Flavor, Hash, Instant, Result, Time, Value, Zone, raise};

pub(super) const ROWS: &[Method] = &[
    ruby(
        "at",
        "(seconds, part = 0, unit = :microsecond, in: nil) -> Time",
        "The time so many seconds after 1970.",
        "Time.at(1700000000).utc => 2023-11-14 22:13:20 UTC\nTime.at(0, 500, :millisecond).utc.iso8601(3) => \"1970-01-01T00:00:00.500Z\"",
        at,
    ),
    rails(
        "current",
        "() -> TimeWithZone",
        "Now, in `Time.zone`.",
        "Time.current.class => ActiveSupport::TimeWithZone",
        |host, _, _| {
            let zone = current_zone(host);
            Ok(value(now(host, zone, Flavor::WithZone)))
        },
    ),
    rails(
        "days_in_month",
        "(month, year = this year) -> Integer",
        "How many days the month has.",
        "Time.days_in_month(2, 2024) => 29",
        |host, _, args| {
            let year = given_year(host, args.given(1))?;
            let month = u32::try_from(args.int(0)?).unwrap_or(0);
            Ok(if (1..=12).contains(&month) { Value::Int(i64::from(days_in_month(year, month))) } else { Value::Nil })
        },
    ),
    rails(
        "days_in_year",
        "(year = this year) -> Integer",
        "How many days the year has.",
        "Time.days_in_year(2024) => 366",
        |host, _, args| {
            let year = given_year(host, args.given(0))?;
            Ok(Value::Int(if is_gregorian_leap(year) { 366 } else { 365 }))
        },
    ),
    rails(
        "find_zone",
        "(zone) -> TimeZone",
        "The zone of that name or offset; nil if there is none.",
        "Time.find_zone('Tokyo').name => \"Tokyo\"\nTime.find_zone('Nowhere') => nil",
        |host, _, args| Ok(find_zone(host, &args.get(0)).unwrap_or_default()),
    ),
    rails(
        "find_zone!",
        "(zone) -> TimeZone",
        "The zone of that name or offset.",
        "Time.find_zone!('Nowhere') => ArgumentError: Invalid Timezone: Nowhere",
        |host, _, args| find_zone(host, &args.get(0)),
    ),
    ruby(
        "httpdate",
        "(text) -> Time",
        "Reads a time as HTTP headers have it.",
        "Time.httpdate('Tue, 02 Jan 2024 03:04:05 GMT') => 2024-01-02 03:04:05 UTC",
        |_, _, args| clock::httpdate(&text(&args, 0)?).map(value),
    ),
    ruby(
        "iso8601 xmlschema",
        "(text) -> Time",
        "Reads a time as ISO 8601 and XML Schema have it.",
        "Time.iso8601('2024-01-02T03:04:05Z') => 2024-01-02 03:04:05 UTC",
        |_, _, args| clock::xmlschema(&text(&args, 0)?).map(value),
    ),
    ruby(
        "local mktime",
        "(*numbers) -> Time",
        "A time from year, month, day, hour, minute, second and microseconds on this machine's clock, which runs in UTC.",
        "Time.local(2024, 1, 2).to_s => \"2024-01-02 00:00:00 +0000\"",
        |_, _, args| from_numbers(&args, Zone::Local),
    ),
    ruby(
        "new",
        "(year = now, month = 1, day = 1, hour = 0, minute = 0, second = 0, zone = nil, in: nil) -> Time",
        "A time, or now; the zone may be `\"+09:00\"`, `\"UTC\"` or seconds.",
        "Time.new(2024, 1, 2, 3, 4, 5, '+09:00') => 2024-01-02 03:04:05 +0900",
        new,
    ),
    ruby(
        "now",
        "(in: nil) -> Time",
        "Now, on this machine's clock, which runs in UTC.",
        "Time.now.class => Time",
        |host, _, mut args| {
            let zone = in_option(args.take_keywords().as_deref())?.unwrap_or(Zone::Local);
            Ok(value(now(host, zone, Flavor::Time)))
        },
    ),
    ruby(
        "parse",
        "(text, now = now) -> Time",
        "Reads a time written in almost any way; what is missing in front comes from now.",
        "Time.parse('Jan 5 2024 3pm UTC') => 2024-01-05 15:00:00 UTC\nTime.parse('x') => ArgumentError: no time information in \"x\"",
        parse_text,
    ),
    ruby(
        "rfc2822 rfc822",
        "(text) -> Time",
        "Reads a time as mail headers have it.",
        "Time.rfc2822('Tue, 02 Jan 2024 03:04:05 +0900') => 2024-01-02 03:04:05 +0900",
        |_, _, args| clock::rfc2822(&text(&args, 0)?).map(value),
    ),
    rails(
        "rfc3339",
        "(text) -> Time",
        "Reads a time as RFC 3339 has it.",
        "Time.rfc3339('2024-01-02T03:04:05Z').to_s => \"2024-01-02 03:04:05 +0000\"",
        |_, _, args| {
            let parts = formats::rfc3339(&text(&args, 0)?);
            if parts.is_empty() {
                Err(argument_error("invalid date"))
            } else {
                plain_time(&parts, Zone::Local).map(value)
            }
        },
    ),
    ruby(
        "strptime",
        "(text, format, now = now) -> Time",
        "Reads a time by a format.",
        "Time.strptime('02/01/2024 03:04', '%d/%m/%Y %H:%M').to_s => \"2024-01-02 03:04:00 +0000\"",
        strptime,
    ),
    rails(
        "use_zone",
        "(zone) { … }",
        "Runs the block with another `Time.zone`.",
        "Time.use_zone('Tokyo') { Time.zone.name } => \"Tokyo\"",
        use_zone,
    ),
    ruby(
        "utc gm",
        "(*numbers) -> Time",
        "A time in UTC from year, month, day, hour, minute, second and microseconds.",
        "Time.utc(2024, 1, 2, 3) => 2024-01-02 03:00:00 UTC",
        |_, _, args| from_numbers(&args, Zone::Utc),
    ),
    rails(
        "zone",
        "() -> TimeZone",
        "The zone of `now`, `today` and of text without one.",
        "Time.zone.name => \"Pacific Time (US & Canada)\"",
        |host, _, _| Ok(zone::object_of(current_zone(host))),
    ),
    rails(
        "zone=",
        "(zone)",
        "Sets the zone of `now`, `today` and of text without one.",
        "Time.zone = 'Nowhere' => ArgumentError: Invalid Timezone: Nowhere",
        |host, _, args| {
            let given = args.get(0);
            host.state().time_zone = zone_or_none(host, &given)?;
            Ok(given)
        },
    ),
    rails("zone_default", "()", "nil: the zone is set for each run.", "Time.zone_default => nil", |_, _, _| {
        Ok(Value::Nil)
    }),
    ruby(
        "zone_offset",
        "(zone, year = this year) -> Integer",
        "The seconds east of UTC that a zone's text means to `Time.parse`.",
        "Time.zone_offset('EST') => -18000",
        |_, _, args| Ok(clock::known_offset(&text(&args, 0)?).map_or(Value::Nil, Value::Int)),
    ),
];

/// A text argument.
pub fn text(args: &Args, at: usize) -> Result<String> {
    args.str(at).map(|text| text.to_text())
}

fn given_year(host: &mut dyn Host, given: Option<&Value>) -> Result<i64> {
    match given {
        Some(year) => crate::methods::args::to_int(year),
        None => {
            let zone = current_zone(host);
            Ok(now(host, zone, Flavor::WithZone).wall().civil.year)
        }
    }
}

fn find_zone(host: &mut dyn Host, given: &Value) -> Result<Value> {
    if !given.truthy() {
        return Ok(given.clone());
    }
    zone::find(given, host.now().0).map(Value::object)
}

/// `nil` unsets the zone.
fn zone_or_none(host: &mut dyn Host, given: &Value) -> Result<Option<Zone>> {
    if !given.truthy() {
        return Ok(None);
    }
    zone::find(given, host.now().0).map(|zone| Some(zone.zone()))
}

fn use_zone(host: &mut dyn Host, _: &Value, args: Args) -> Result<Value> {
    let block = args.need_block()?;
    let zone = zone_or_none(host, &args.get(0))?;
    let outer = std::mem::replace(&mut host.state().time_zone, zone);
    let answer = host.yield_block(&block, &[]);
    host.state().time_zone = outer;
    answer
}

/// The zone of `in:`; other keywords are refused.
fn in_option(options: Option<&Hash>) -> Result<Option<Zone>> {
    let Some(options) = options else { return Ok(None) };
    for key in options.keys() {
        if !matches!(&key, Value::Symbol(name) if name.text() == "in") {
            return Err(argument_error(format!("unknown keyword: {}", inspect(&key))));
        }
    }
    match options.get(&Value::symbol("in")) {
        None | Some(Value::Nil) => Ok(None),
        Some(zone) => zone_argument(&zone).map(Some),
    }
}

fn at(_: &mut dyn Host, _: &Value, mut args: Args) -> Result<Value> {
    let zone = in_option(args.take_keywords().as_deref())?;
    let seconds = args.get(0);
    let (at, own_zone) = match &seconds {
        Value::Time(time) => match time.flavor {
            Flavor::Time | Flavor::Sdk => (time.at.clone(), time.zone()),
            Flavor::DateTime if args.len() == 1 => {
                (Instant::of(&Value::float(time.at.to_f64())).ok_or_else(too_far)?, Zone::Local)
            }
            Flavor::WithZone if args.len() == 1 => (time.at.clone(), Zone::Local),
            _ => return Err(type_error(format!("can't convert {} into an exact number", seconds.class().name()))),
        },
        other => (exact(other)?, Zone::Local),
    };
    let time = Time::new(at, zone.unwrap_or(own_zone), Flavor::Time);
    let Some(part) = args.given(1) else { return Ok(value(time)) };
    let per_second = match args.given(2) {
        None => 1_000_000,
        Some(Value::Symbol(unit)) => match unit.text().as_str() {
            "millisecond" => 1_000,
            "usec" | "microsecond" => 1_000_000,
            "nsec" | "nanosecond" => 1_000_000_000,
            other => return Err(argument_error(format!("unexpected unit: {other}"))),
        },
        Some(other) => {
            let shown = crate::value::to_s(other).to_text();
            return Err(argument_error(format!("unexpected unit: {shown}")));
        }
    };
    plus(&time, &scaled(part, per_second)?).map(value)
}

/// One to eight arguments, or ten in the order of `to_a`.
pub fn check_count(args: &Args) -> Result<()> {
    match args.len() {
        1..=8 | 10 => Ok(()),
        given => Err(argument_error(format!("wrong number of arguments (given {given}, expected 1..8)"))),
    }
}

fn from_numbers(args: &Args, zone: Zone) -> Result<Value> {
    check_count(args)?;
    time_at(&Given::of(&args.values).wall()?, zone).map(value)
}

fn new(host: &mut dyn Host, _: &Value, mut args: Args) -> Result<Value> {
    let keyword = in_option(args.take_keywords().as_deref())?;
    let positional = args.given(6).filter(|zone| !zone.is_nil());
    if keyword.is_some() && positional.is_some() {
        return Err(argument_error("timezone argument given as positional and keyword arguments"));
    }
    let is_local =
        |given: &Value| matches!(given, Value::Symbol(name) if matches!(name.text().as_str(), "dst" | "std"));
    let zone = match (keyword, positional) {
        (Some(zone), _) => zone,
        (None, Some(given)) if is_local(given) => Zone::Local,
        (None, Some(given)) => zone_argument(given)?,
        (None, None) => Zone::Local,
    };
    if args.is_empty() {
        return Ok(value(now(host, zone, Flavor::Time)));
    }
    let values = args.values.get(..args.len().min(6)).unwrap_or_default();
    time_at(&Given::of(values).wall()?, zone).map(value)
}

/// `Date._parse` with its limit: a text longer than 128 bytes is refused.
pub fn lenient(text: &str, expand_years: bool) -> Result<Parts> {
    check_length(text, Some(128))?;
    Ok(parse::parse(text, expand_years))
}

pub fn check_length(text: &str, limit: Option<usize>) -> Result<()> {
    match limit {
        Some(limit) if text.len() > limit => {
            let length = text.len();
            Err(argument_error(format!("string length ({length}) exceeds the limit {limit}")))
        }
        _ => Ok(()),
    }
}

/// The time that fills in what a text leaves out: the second or third argument, or now.
fn reference(host: &mut dyn Host, args: &Args, at: usize) -> Result<Option<Time>> {
    match args.given(at) {
        None => Ok(Some(now(host, Zone::Local, Flavor::Time))),
        Some(Value::Nil) => Ok(None),
        Some(Value::Time(time)) => Ok(Some(Time::clone(time))),
        Some(Value::Date(date)) => {
            let seconds = super::moment::midnight(date.day())?;
            Ok(Some(Time::new(Instant::new(seconds, 0), Zone::Local, Flavor::Time)))
        }
        Some(other) => Err(raise(
            ClassId::NO_METHOD_ERROR,
            format!("undefined method `year' for {}:{}", inspect(other), other.class().name()),
        )),
    }
}

fn parse_text(host: &mut dyn Host, _: &Value, args: Args) -> Result<Value> {
    let text = text(&args, 0)?;
    let now = reference(host, &args, 1)?;
    let mut parts = lenient(&text, args.block.is_none())?;
    if let (Some(block), Some(year)) = (&args.block, parts.get(Field::Year).cloned()) {
        let year = host.yield_block(block, &[year])?;
        parts.set(Field::Year, year);
    }
    clock::time(&text, &parts, now.as_ref()).map(value)
}

fn strptime(host: &mut dyn Host, _: &Value, args: Args) -> Result<Value> {
    let (text, format) = (text(&args, 0)?, text(&args, 1)?);
    let now = reference(host, &args, 2)?;
    let Some(mut parts) = parse::strptime(&text, &format) else {
        return Err(argument_error(format!("invalid date or strptime format - `{text}' `{format}'")));
    };
    if let Some(time) = clock::epoch(&parts) {
        return time.map(value);
    }
    if let (Some(block), Some(year)) = (&args.block, parts.get(Field::Year).cloned()) {
        let year = host.yield_block(block, &[year])?;
        parts.set(Field::Year, year);
    }
    let has = |field: Field| parts.has(field);
    let civil = has(Field::Month) && has(Field::MonthDay);
    let by_week =
        (has(Field::WeekYear) && !has(Field::Year)) || ((has(Field::WeekYearDay) || has(Field::Week)) && !civil);
    let numbered = (has(Field::SundayWeek) || has(Field::MondayWeek)) && !has(Field::YearDay) && !civil;
    let mut year_day = None;
    if by_week || numbered {
        let day = complete::date(parts.clone(), super::moment::today(host)).ok_or_else(invalid_date)?;
        if by_week {
            return super::convert::to_time(&Value::date(day), None);
        }
        year_day = Some(super::calendar::calendar_of(&Value::date(day)).year_day(day.day()));
    }
    clock::time_on_year_day(&text, &parts, year_day, now.as_ref()).map(value)
}

/// A Time from parts that name a whole date, at their offset or in `zone`. Missing parts are a KeyError.
pub fn plain_time(parts: &Parts, zone: Zone) -> Result<Time> {
    let need = |field: Field, name: &str| {
        parts.get(field).cloned().ok_or_else(|| super::spans::key_not_found(&Value::symbol(name)))
    };
    let or_zero = |field: Field| parts.get(field).cloned().unwrap_or(Value::Int(0));
    let (year, month, day) = (need(Field::Year, "year")?, need(Field::Month, "mon")?, need(Field::MonthDay, "mday")?);
    named_time(&[year, month, day, or_zero(Field::Hour), or_zero(Field::Minute), or_zero(Field::Second)], parts, zone)
}

/// A Time from six numbers, with the decimals and the offset of the parts.
pub fn named_time(fields: &[Value; 6], parts: &Parts, zone: Zone) -> Result<Time> {
    let part = parts.get(Field::Fraction).and_then(Instant::of).unwrap_or_default();
    let second = exact(&fields[5])?.checked_add(&part).ok_or_else(too_far)?.to_number();
    let given = Given {
        year: fields.first(),
        month: fields.get(1),
        day: fields.get(2),
        hour: fields.get(3),
        minute: fields.get(4),
        second: Some(&second),
        micros: None,
    };
    let numbers = given.read()?;
    let zone = match parts.get(Field::Offset) {
        None | Some(Value::Nil) => Ok(zone),
        Some(offset) => zone_argument(offset),
    };
    let wall = numbers.wall()?;
    time_at(&wall, zone?)
}
