//! The methods of the classes Date and DateTime: by numbers, by text, by format.

use super::date_class::{Naming, date, datetime, is_valid};
use super::moment::{current_zone, invalid_date, now, today, value};
use super::parse::{self, Parts, complete, formats};
use super::spans::{DAY_NAMES, day_number, week_start};
use super::time_class::{check_length, text};
use crate::methods::args::no_conversion;
use crate::methods::{Args, Host, Method, rails, ruby};
use crate::value::calendar::is_gregorian_leap;
use crate::value::{ClassId, Date, Flavor, Result, Time, Value, Zone};

pub(super) const DATE: &[Method] = &[
    ruby(
        "_httpdate",
        "(text, limit: 128) -> Hash",
        "The fields of an HTTP date.",
        "Date._httpdate('x') => {}",
        |_, _, args| fields(args, formats::httpdate),
    ),
    ruby(
        "_iso8601",
        "(text, limit: 128) -> Hash",
        "The fields of an ISO 8601 date.",
        "Date._iso8601('2024-01-02')[:mon] => 1",
        |_, _, args| fields(args, formats::iso8601),
    ),
    ruby(
        "_jisx0301",
        "(text, limit: 128) -> Hash",
        "The fields of a Japanese date.",
        "Date._jisx0301('R06.01.02')[:year] => 2024",
        |_, _, args| fields(args, formats::jisx0301),
    ),
    ruby(
        "_parse",
        "(text, expand_years = true, limit: 128) -> Hash",
        "Whatever in the text looks like part of a date or time.",
        "Date._parse('10:20, Jan 2') => {:hour=>10, :min=>20, :mon=>1, :mday=>2}",
        |_, _, mut args| {
            let text = limited(&mut args)?;
            let expand = args.given(1).is_none_or(Value::truthy);
            Ok(parse::parse(&text, expand).to_hash())
        },
    ),
    ruby(
        "_rfc2822 _rfc822",
        "(text, limit: 128) -> Hash",
        "The fields of a mail date.",
        "Date._rfc2822('x') => {}",
        |_, _, args| fields(args, formats::rfc2822),
    ),
    ruby(
        "_rfc3339",
        "(text, limit: 128) -> Hash",
        "The fields of an RFC 3339 date.",
        "Date._rfc3339('x') => {}",
        |_, _, args| fields(args, formats::rfc3339),
    ),
    ruby(
        "_strptime",
        "(text, format = '%F') -> Hash",
        "The fields that a format finds; nil if the text is not of that format.",
        "Date._strptime('2024', '%Y') => {:year=>2024}\nDate._strptime('x', '%Y') => nil",
        |_, _, args| {
            let format = if args.len() > 1 { text(&args, 1)? } else { "%F".to_owned() };
            Ok(parse::strptime(&text(&args, 0)?, &format).map_or(Value::Nil, |parts| parts.to_hash()))
        },
    ),
    ruby(
        "_xmlschema",
        "(text, limit: 128) -> Hash",
        "The fields of an XML Schema date.",
        "Date._xmlschema('2024-01') => {:year=>2024, :mon=>1}",
        |_, _, args| fields(args, formats::xmlschema),
    ),
    rails(
        "beginning_of_week",
        "() -> Symbol",
        "The day that weeks begin with.",
        "Date.beginning_of_week => :monday",
        |host, _, _| {
            let start = week_start(host) as usize;
            Ok(Value::symbol(DAY_NAMES.get(start).copied().unwrap_or("monday")))
        },
    ),
    rails(
        "beginning_of_week=",
        "(day)",
        "Sets the day that weeks begin with.",
        "Date.beginning_of_week = :someday => ArgumentError: Invalid beginning of week: someday",
        |host, _, args| {
            let given = args.get(0);
            let Ok(day) = day_number(&given) else {
                let shown = crate::value::to_s(&given).to_text();
                return Err(super::moment::argument_error(format!("Invalid beginning of week: {shown}")));
            };
            host.state().week_start = Some(day);
            Ok(given)
        },
    ),
    ruby(
        "commercial",
        "(year = -4712, week = 1, day = 1, start = Date::ITALY) -> Date",
        "The day of an ISO week.",
        "Date.commercial(2024, 10, 1) => Mon, 04 Mar 2024",
        |_, _, args| date(Naming::Commercial, &without_start(&args, 3)),
    ),
    rails("current", "() -> Date", "Today in `Time.zone`.", "Date.current.class => Date", |host, _, _| {
        let zone = current_zone(host);
        Ok(Value::date(super::moment::day_of(&now(host, zone, Flavor::WithZone))))
    }),
    ruby(
        "httpdate",
        "(text = '-4712-01-01', start = Date::ITALY, limit: 128) -> Date",
        "Reads an HTTP date.",
        "Date.httpdate('Tue, 02 Jan 2024 03:04:05 GMT') => Tue, 02 Jan 2024",
        |host, it, args| read(host, it, args, formats::httpdate),
    ),
    ruby(
        "iso8601",
        "(text = '-4712-01-01', start = Date::ITALY, limit: 128) -> Date",
        "Reads an ISO 8601 date.",
        "Date.iso8601('2024-01-02') => Tue, 02 Jan 2024\nDate.iso8601('x') => Date::Error: invalid date",
        |host, it, args| read(host, it, args, formats::iso8601),
    ),
    ruby(
        "jd",
        "(day = 0, start = Date::ITALY) -> Date",
        "The day of a Julian day number.",
        "Date.jd(2460311) => Mon, 01 Jan 2024",
        |_, _, args| date(Naming::Julian, &without_start(&args, 1)),
    ),
    ruby(
        "jisx0301",
        "(text = '-4712-01-01', start = Date::ITALY, limit: 128) -> Date",
        "Reads a Japanese date.",
        "Date.jisx0301('R06.01.02') => Tue, 02 Jan 2024",
        |host, it, args| read(host, it, args, formats::jisx0301),
    ),
    ruby(
        "julian_leap?",
        "(year) -> Boolean",
        "A leap year of the Julian calendar?",
        "Date.julian_leap?(1900) => true",
        |_, _, args| Ok(Value::bool(args.int(0)?.rem_euclid(4) == 0)),
    ),
    ruby("leap? gregorian_leap?", "(year) -> Boolean", "A leap year?", "Date.leap?(2024) => true", |_, _, args| {
        Ok(Value::bool(is_gregorian_leap(args.int(0)?)))
    }),
    ruby(
        "new civil",
        "(year = -4712, month = 1, day = 1, start = Date::ITALY) -> Date",
        "A day; negative months and days count from the end.",
        "Date.new(2024, 2, -1) => Thu, 29 Feb 2024\nDate.new(2024, 2, 30) => Date::Error: invalid date",
        |_, _, args| date(Naming::Civil, &without_start(&args, 3)),
    ),
    ruby(
        "ordinal",
        "(year = -4712, day = 1, start = Date::ITALY) -> Date",
        "A day of the year.",
        "Date.ordinal(2024, 60) => Thu, 29 Feb 2024",
        |_, _, args| date(Naming::Ordinal, &without_start(&args, 2)),
    ),
    ruby(
        "parse",
        "(text = '-4712-01-01', expand_years = true, start = Date::ITALY, limit: 128) -> Date",
        "Reads a date written in almost any way.",
        "Date.parse('2 January 2024') => Tue, 02 Jan 2024\nDate.parse('x') => Date::Error: invalid date",
        |host, it, mut args| {
            let text = limited(&mut args)?;
            let expand = args.given(1).is_none_or(Value::truthy);
            complete(host, it, parse::parse(&text, expand))
        },
    ),
    ruby(
        "rfc2822 rfc822",
        "(text = '-4712-01-01', start = Date::ITALY, limit: 128) -> Date",
        "Reads a mail date.",
        "Date.rfc2822('Tue, 2 Jan 2024 03:04:05 +0000') => Tue, 02 Jan 2024",
        |host, it, args| read(host, it, args, formats::rfc2822),
    ),
    ruby(
        "rfc3339",
        "(text = '-4712-01-01', start = Date::ITALY, limit: 128) -> Date",
        "Reads an RFC 3339 date.",
        "Date.rfc3339('2024-01-02T03:04:05Z') => Tue, 02 Jan 2024",
        |host, it, args| read(host, it, args, formats::rfc3339),
    ),
    ruby(
        "strptime",
        "(text = '-4712-01-01', format = '%F', start = Date::ITALY) -> Date",
        "Reads a date by a format.",
        "Date.strptime('02-01-2024', '%d-%m-%Y') => Tue, 02 Jan 2024",
        |host, it, args| {
            let text = if args.is_empty() { DEFAULT.to_owned() } else { text(&args, 0)? };
            let default = if is_datetime(it) { "%FT%T%z" } else { "%F" };
            let format = if args.len() > 1 { self::text(&args, 1)? } else { default.to_owned() };
            let parts = parse::strptime(&text, &format).ok_or_else(invalid_date)?;
            complete(host, it, parts)
        },
    ),
    ruby(
        "today",
        "(start = Date::ITALY) -> Date",
        "Today on this machine's calendar, which runs in UTC.",
        "Date.today.class => Date",
        |host, _, _| Ok(Value::date(today(host))),
    ),
    rails("tomorrow", "() -> Date", "Tomorrow in `Time.zone`.", "Date.tomorrow.class => Date", |host, _, _| {
        day_from_today(host, 1)
    }),
    ruby(
        "valid_commercial?",
        "(year, week, day, start = Date::ITALY) -> Boolean",
        "Is there such a day of an ISO week?",
        "Date.valid_commercial?(2024, 53, 1) => false",
        |_, _, args| Ok(Value::bool(is_valid(Naming::Commercial, &args.values))),
    ),
    ruby(
        "valid_date? valid_civil?",
        "(year, month, day, start = Date::ITALY) -> Boolean",
        "Is there such a day?",
        "Date.valid_date?(2024, 2, 30) => false",
        |_, _, args| Ok(Value::bool(is_valid(Naming::Civil, &args.values))),
    ),
    ruby(
        "valid_jd?",
        "(day, start = Date::ITALY) -> Boolean",
        "Is it a number?",
        "Date.valid_jd?(5) => true",
        |_, _, args| Ok(Value::bool(is_valid(Naming::Julian, &args.values))),
    ),
    ruby(
        "valid_ordinal?",
        "(year, day, start = Date::ITALY) -> Boolean",
        "Has the year such a day?",
        "Date.valid_ordinal?(2023, 366) => false",
        |_, _, args| Ok(Value::bool(is_valid(Naming::Ordinal, &args.values))),
    ),
    ruby(
        "xmlschema",
        "(text = '-4712-01-01', start = Date::ITALY, limit: 128) -> Date",
        "Reads an XML Schema date.",
        "Date.xmlschema('2024-01-02') => Tue, 02 Jan 2024",
        |host, it, args| read(host, it, args, formats::xmlschema),
    ),
    rails("yesterday", "() -> Date", "Yesterday in `Time.zone`.", "Date.yesterday.class => Date", |host, _, _| {
        day_from_today(host, -1)
    }),
];

pub(super) const DATE_TIME: &[Method] = &[
    rails(
        "civil_from_format",
        "(form, year, month = 1, day = 1, hour = 0, minute = 0, second = 0) -> DateTime",
        "A DateTime in UTC, which is this machine's zone as well.",
        "DateTime.civil_from_format(:utc, 2024).to_s => \"2024-01-01T00:00:00+00:00\"",
        |_, _, args| datetime(Naming::Civil, args.values.get(1..).unwrap_or_default()),
    ),
    ruby(
        "commercial",
        "(year = -4712, week = 1, day = 1, hour = 0, minute = 0, second = 0, offset = 0, start = Date::ITALY) -> DateTime",
        "A time on a day of an ISO week.",
        "DateTime.commercial(2024, 10, 1, 5).to_s => \"2024-03-04T05:00:00+00:00\"",
        |_, _, args| datetime(Naming::Commercial, &args.values),
    ),
    rails("current", "() -> DateTime", "Now, in `Time.zone`.", "DateTime.current.class => DateTime", |host, _, _| {
        let zone = current_zone(host);
        let now = now(host, zone, Flavor::WithZone);
        Ok(value(Time::new(now.at.clone(), Zone::Fixed(now.offset()), Flavor::DateTime)))
    }),
    ruby(
        "jd",
        "(day = 0, hour = 0, minute = 0, second = 0, offset = 0, start = Date::ITALY) -> DateTime",
        "A time on the day of a Julian day number.",
        "DateTime.jd(2460311, 12).to_s => \"2024-01-01T12:00:00+00:00\"",
        |_, _, args| datetime(Naming::Julian, &args.values),
    ),
    ruby(
        "new civil",
        "(year = -4712, month = 1, day = 1, hour = 0, minute = 0, second = 0, offset = 0, start = Date::ITALY) -> DateTime",
        "A time; the offset is text or a part of a day.",
        "DateTime.new(2024, 1, 2, 3, 4, 5, '+09:00').to_s => \"2024-01-02T03:04:05+09:00\"",
        |_, _, args| datetime(Naming::Civil, &args.values),
    ),
    ruby(
        "now",
        "(start = Date::ITALY) -> DateTime",
        "Now, on this machine's clock, which runs in UTC.",
        "DateTime.now.class => DateTime",
        |host, _, _| Ok(value(now(host, Zone::Fixed(0), Flavor::DateTime))),
    ),
    ruby(
        "ordinal",
        "(year = -4712, day = 1, hour = 0, minute = 0, second = 0, offset = 0, start = Date::ITALY) -> DateTime",
        "A time on a day of the year.",
        "DateTime.ordinal(2024, 60, 5).to_s => \"2024-02-29T05:00:00+00:00\"",
        |_, _, args| datetime(Naming::Ordinal, &args.values),
    ),
];

const DEFAULT: &str = "-4712-01-01";

fn is_datetime(class: &Value) -> bool {
    matches!(class, Value::Class(class) if *class == ClassId::DATE_TIME)
}

/// Takes the keyword `limit:` off and checks the text against it.
fn limited(args: &mut Args) -> Result<String> {
    let limit = match args.take_keywords().and_then(|options| options.get(&Value::symbol("limit"))) {
        None => Some(128),
        Some(Value::Nil) => None,
        Some(limit) => Some(usize::try_from(crate::methods::args::to_int(&limit)?).unwrap_or(0)),
    };
    let text = match args.given(0) {
        None => DEFAULT.to_owned(),
        Some(Value::Str(text)) => text.to_text(),
        Some(other) => return Err(no_conversion(other, "String")),
    };
    check_length(&text, limit)?;
    Ok(text)
}

fn fields(mut args: Args, read: fn(&str) -> Parts) -> Result<Value> {
    if args.given(0).is_some_and(Value::is_nil) {
        return Ok(Parts::default().to_hash());
    }
    Ok(read(&limited(&mut args)?).to_hash())
}

fn read(host: &mut dyn Host, class: &Value, mut args: Args, read: fn(&str) -> Parts) -> Result<Value> {
    let text = limited(&mut args)?;
    complete(host, class, read(&text))
}

/// The Date or DateTime that the parts name, whichever class was asked.
fn complete(host: &mut dyn Host, class: &Value, parts: Parts) -> Result<Value> {
    let today = today(host);
    if is_datetime(class) {
        return complete::date_time(parts, today).map(value).ok_or_else(invalid_date);
    }
    complete::date(parts, today).map(Value::date).ok_or_else(invalid_date)
}

fn without_start(args: &Args, count: usize) -> Vec<Value> {
    args.values.iter().take(count).cloned().collect()
}

fn day_from_today(host: &mut dyn Host, days: i64) -> Result<Value> {
    let today = super::moment::today_in_zone(host);
    Date::of_day(today.day() + days).map(Value::date).ok_or_else(invalid_date)
}
