//! How dates and times are written: `strftime`, `to_s` and its named formats, the standards' formats.

use super::convert;
use super::moment::{current_zone, receiver, receiver_date};
use super::strftime::{Shown, strftime};
use crate::methods::args::no_conversion;
use crate::methods::{Args, Host, Method, rails, ruby};
use crate::value::{ClassId, Encoding, Flavor, Result, Str, Time, Value, Zone, raise, to_s};
use std::rc::Rc;

pub(super) const ALL: &[Method] = &[
    ruby(
        "ctime asctime",
        "() -> String",
        "As C's `ctime`.",
        "Date.new(2024, 1, 2).ctime => \"Tue Jan  2 00:00:00 2024\"",
        |host, it, _| formatted(host, it, b"%a %b %e %H:%M:%S %Y"),
    ),
    ruby(
        "httpdate",
        "() -> String",
        "As HTTP headers have it, in GMT.",
        "Time.utc(2024, 1, 2).httpdate => \"Tue, 02 Jan 2024 00:00:00 GMT\"",
        |host, it, _| match it {
            Value::Time(time) => {
                let flavor = if time.flavor == Flavor::DateTime { Flavor::DateTime } else { Flavor::Time };
                let utc = super::moment::value(Time::new(time.at.clone(), Zone::Utc, flavor));
                formatted(host, &utc, b"%a, %d %b %Y %T GMT")
            }
            other => formatted(host, other, b"%a, %d %b %Y %T GMT"),
        },
    ),
    ruby(
        "rfc2822 rfc822",
        "() -> String",
        "As mail headers have it.",
        "Time.utc(2024, 1, 2).rfc2822 => \"Tue, 02 Jan 2024 00:00:00 -0000\"",
        |host, it, _| match it {
            Value::Time(time) => match time.flavor {
                Flavor::DateTime => formatted(host, it, b"%a, %-d %b %Y %T %z"),
                _ if time.zone() == Zone::Utc => formatted(host, it, b"%a, %d %b %Y %T -0000"),
                _ => formatted(host, it, b"%a, %d %b %Y %T %z"),
            },
            other => formatted(host, other, b"%a, %-d %b %Y %T %z"),
        },
    ),
    rails(
        "to_formatted_s to_s",
        "(format = :default) -> String",
        "As text; formats are `:db`, `:number`, `:short`, `:long`, `:long_ordinal`, `:rfc822`, `:iso8601`, for times also `:time`, `:usec`, `:nsec`, `:inspect`.",
        "Time.utc(2024, 1, 2, 3).to_s(:db) => \"2024-01-02 03:00:00\"\nDate.new(2024, 1, 2).to_s(:long) => \"January 02, 2024\"",
        to_formatted_s,
    ),
];

pub(super) const TIMES: &[Method] = &[
    ruby(
        "iso8601 xmlschema rfc3339",
        "(digits = 0) -> String",
        "As ISO 8601, with that many digits after the second.",
        "Time.utc(2024, 1, 2).iso8601 => \"2024-01-02T00:00:00Z\"\nTime.utc(2024, 1, 2).iso8601(3) => \"2024-01-02T00:00:00.000Z\"",
        |host, it, args| {
            let digits = if args.is_empty() { 0 } else { digits(&args.get(0))? };
            host.charge(digits)?;
            Ok(Value::string(receiver(it).xmlschema(digits)))
        },
    ),
    ruby(
        "strftime",
        "(format = nil) -> String",
        "As the format says: `%Y-%m-%d`, `%H:%M:%S`, `%b`, `%z` and so on.",
        "Time.utc(2024, 3, 5, 7).strftime('%-d %b %y, %l %P') => \"5 Mar 24,  7 am\"",
        strftime_time,
    ),
];

pub(super) const DATES: &[Method] = &[
    ruby("iso8601", "() -> String", "As ISO 8601.", "Date.new(2024, 1, 2).iso8601 => \"2024-01-02\"", |_, it, _| {
        Ok(Value::string(receiver_date(it).to_s()))
    }),
    ruby(
        "rfc3339",
        "() -> String",
        "As RFC 3339, midnight in UTC.",
        "Date.new(2024, 1, 2).rfc3339 => \"2024-01-02T00:00:00+00:00\"",
        |host, it, _| formatted(host, it, b"%FT%T%:z"),
    ),
    ruby(
        "strftime",
        "(format = '%F') -> String",
        "As the format says: `%Y-%m-%d`, `%d %b`, `%A` and so on.",
        "Date.new(2024, 3, 5).strftime('%A, %-d. %B') => \"Tuesday, 5. March\"",
        |host, it, args| {
            if args.is_empty() {
                return Ok(Value::string(receiver_date(it).to_s()));
            }
            let format = args.given(0).and_then(as_text).ok_or_else(|| no_conversion(&args.get(0), "String"))?;
            with_format(host, &Shown::date(receiver_date(it)), &format)
        },
    ),
    rails(
        "xmlschema",
        "() -> String",
        "Midnight in `Time.zone` as ISO 8601.",
        "Date.new(2024, 1, 2).xmlschema => \"2024-01-02T00:00:00-08:00\"",
        |host, it, _| {
            let zone = super::zone::object_of(current_zone(host));
            match convert::in_time_zone(host, it, Some(&zone))? {
                Value::Time(time) => Ok(Value::string(time.xmlschema(0))),
                other => Ok(other),
            }
        },
    ),
];

pub(super) const ALL_DATES: &[Method] = &[ruby(
    "jisx0301",
    "(digits = 0) -> String",
    "As the Japanese standard, by era.",
    "Date.new(2024, 1, 2).jisx0301 => \"R06.01.02\"",
    jisx0301,
)];

fn as_text(value: &Value) -> Option<Rc<Str>> {
    match value {
        Value::Str(text) => Some(Rc::clone(text)),
        _ => None,
    }
}

/// A count of digits as `to_i` reads it.
fn digits(given: &Value) -> Result<usize> {
    let count = match given {
        Value::Nil => 0,
        Value::Str(text) => text.to_text().trim().parse().unwrap_or(0),
        other => crate::methods::args::to_int(other)?,
    };
    Ok(usize::try_from(count).unwrap_or(0))
}

fn formatted(host: &mut dyn Host, it: &Value, format: &[u8]) -> Result<Value> {
    let shown = match it {
        Value::Time(time) => Shown::time(time),
        other => Shown::date(receiver_date(other)),
    };
    let text = strftime(host, format, &shown)?;
    Ok(Value::Str(Rc::new(Str::owned(text, Encoding::Utf8))))
}

fn with_format(host: &mut dyn Host, shown: &Shown, format: &Str) -> Result<Value> {
    let bytes = format.bytes().to_vec();
    let text = strftime(host, &bytes, shown)?;
    Ok(Value::Str(Rc::new(Str::owned(text, format.encoding()))))
}

fn strftime_time(host: &mut dyn Host, it: &Value, args: Args) -> Result<Value> {
    let time = receiver(it);
    let Some(given) = args.given(0) else {
        if time.flavor == Flavor::DateTime {
            return formatted(host, it, b"%FT%T%:z");
        }
        return Err(raise(ClassId::ARGUMENT_ERROR, "wrong number of arguments (given 0, expected 1)"));
    };
    let Some(format) = as_text(given) else {
        return Err(match time.flavor {
            Flavor::WithZone => raise(
                ClassId::NO_METHOD_ERROR,
                format!("undefined method `gsub' for {}:{}", super::moment::inspect(given), given.class().name()),
            ),
            _ => no_conversion(given, "String"),
        });
    };
    if time.flavor == Flavor::WithZone {
        let name = time.abbreviation().unwrap_or_default();
        let format = Str::owned(zone_names_filled(&format.bytes(), name.as_bytes()), format.encoding());
        let local = Time::new(time.at.clone(), Zone::Fixed(time.offset()), Flavor::Time);
        return with_format(host, &Shown::time(&local), &format);
    }
    with_format(host, &Shown::time(&time), &format)
}

/// A time with zone puts its zone's name for each plain `%Z` that does not directly follow another.
fn zone_names_filled(format: &[u8], name: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(format.len() + name.len());
    let mut at = 0;
    let mut consumed = 0;
    while at < format.len() {
        if format[at..].starts_with(b"%Z") {
            let run = format[consumed..at].iter().rev().take_while(|byte| **byte == b'%').count();
            let before = at - run;
            let at_start = before == 0 && consumed == 0;
            if run % 2 == 0 && (at_start || before > consumed) {
                out.extend_from_slice(name);
                at += 2;
                consumed = at;
                continue;
            }
        }
        out.push(format[at]);
        at += 1;
    }
    out
}

/// Named formats of dates; those of times where they differ.
fn named_format(name: &str, is_time: bool) -> Option<&'static [u8]> {
    Some(match (name, is_time) {
        ("db", true) => b"%Y-%m-%d %H:%M:%S",
        ("inspect", true) => b"%Y-%m-%d %H:%M:%S.%9N %z",
        ("number", true) => b"%Y%m%d%H%M%S",
        ("nsec", true) => b"%Y%m%d%H%M%S%9N",
        ("usec", true) => b"%Y%m%d%H%M%S%6N",
        ("time", true) => b"%H:%M",
        ("short", true) => b"%d %b %H:%M",
        ("long", true) => b"%B %d, %Y %H:%M",
        ("db" | "inspect", false) => b"%Y-%m-%d",
        ("short", false) => b"%d %b",
        ("long", false) => b"%B %d, %Y",
        ("number", false) => b"%Y%m%d",
        ("rfc822", false) => b"%d %b %Y",
        _ => return None,
    })
}

fn to_formatted_s(host: &mut dyn Host, it: &Value, args: Args) -> Result<Value> {
    let Some(Value::Symbol(name)) = args.given(0) else { return Ok(Value::Str(to_s(it))) };
    let name = name.text();
    let is_time = matches!(it, Value::Time(_));
    let utc = match it {
        Value::Time(time) if time.flavor == Flavor::WithZone && name == "db" => {
            super::moment::value(convert::in_plain_zone(it, Zone::Utc))
        }
        _ => it.clone(),
    };
    if let Some(format) = named_format(&name, is_time) {
        return formatted(host, &utc, format);
    }
    match name.as_str() {
        "long_ordinal" => {
            let day = super::calendar::civil(it).0.day;
            let clock = if is_time { " %H:%M" } else { "" };
            formatted(host, it, format!("%B {day}{}, %Y{clock}", ordinal_suffix(day)).as_bytes())
        }
        "rfc822" => {
            let offset = receiver(it).offset_text("");
            formatted(host, it, format!("%a, %d %b %Y %H:%M:%S {offset}").as_bytes())
        }
        "iso8601" => Ok(Value::string(match it {
            Value::Time(time) => time.xmlschema(0),
            other => receiver_date(other).to_s(),
        })),
        _ => Ok(Value::Str(to_s(it))),
    }
}

const fn ordinal_suffix(day: u32) -> &'static str {
    match (day % 10, day / 10) {
        (1, tens) if tens != 1 => "st",
        (2, tens) if tens != 1 => "nd",
        (3, tens) if tens != 1 => "rd",
        _ => "th",
    }
}

/// Eras by the day they begin: letter and the year before the first.
const ERAS: [(i64, char, i64); 5] = [
    (2_405_160, 'M', 1867),
    (2_419_614, 'T', 1911),
    (2_424_875, 'S', 1925),
    (2_447_535, 'H', 1988),
    (2_458_605, 'R', 2018),
];

fn jisx0301(host: &mut dyn Host, it: &Value, args: Args) -> Result<Value> {
    let (civil, day) = super::calendar::civil(it);
    let date = match ERAS.iter().rev().find(|(first, ..)| day >= *first) {
        Some((_, letter, before)) => format!("{letter}{:02}.%m.%d", civil.year - before),
        None => "%Y-%m-%d".to_owned(),
    };
    let Value::Time(time) = it else {
        if !args.is_empty() {
            return Err(raise(ClassId::ARGUMENT_ERROR, "wrong number of arguments (given 1, expected 0)"));
        }
        return formatted(host, it, date.as_bytes());
    };
    let count = if args.is_empty() { 0 } else { digits(&args.get(0))? };
    host.charge(count)?;
    let part = if count == 0 { String::new() } else { format!(".{}", time.at.digits(count)) };
    formatted(host, it, format!("{date}T%H:%M:%S{part}%:z").as_bytes())
}
