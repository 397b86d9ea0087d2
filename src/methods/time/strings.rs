//! Text as dates and times: `to_date`, `to_time`, `to_datetime`, `in_time_zone`; and text in ISO 8601 as the time it names.

use super::moment::{argument_error, current_zone, inspect, invalid_date, now, today, value};
use super::parse::{self, Field, Parts, clock, complete, formats};
use super::time_class::{lenient, named_time};
use super::zone_rows::parts_to_time;
use super::{convert, zone};
use crate::methods::{Args, Host, Method, rails, sdk};
use crate::value::{ClassId, Flavor, Result, Str, Time, Value, Zone, raise};
use std::rc::Rc;

pub(super) const ROWS: &[Method] = &[
    rails(
        "in_time_zone",
        "(zone = Time.zone) -> TimeWithZone",
        "The time the text names; without an offset, on the zone's clock. nil if it names none.",
        "'2024-01-02 03:04'.in_time_zone.to_s => \"2024-01-02 03:04:00 -0800\"\n'2024-01-02'.in_time_zone('Tokyo').to_s => \"2024-01-02 00:00:00 +0900\"",
        |host, it, args| {
            let zone = match args.given(0) {
                None => current_zone(host),
                Some(zone) if zone.truthy() => zone::find(zone, host.now().0)?.zone(),
                Some(_) => return to_time(host, it, args),
            };
            let parts = lenient(&text(it), false)?;
            parts_to_time(host, zone, &parts, None)
        },
    ),
    sdk(
        "iso8601 xmlschema",
        "(digits = 0) -> String",
        "The time that ISO 8601 text names, as ISO 8601.",
        "'2024-01-02T03:04:05Z'.iso8601 => \"2024-01-02T03:04:05Z\"",
        |host, it, args| {
            let time = iso_time(host, it, "iso8601")?;
            let digits = if args.is_empty() { 0 } else { usize::try_from(args.int(0)?).unwrap_or(0) };
            host.charge(digits)?;
            Ok(Value::string(time.xmlschema(digits)))
        },
    ),
    rails(
        "to_date",
        "(format: nil) -> Date",
        "The day the text names; days come before months. nil for blank text.",
        "'01/02/2024'.to_date => Thu, 01 Feb 2024\n'02.15.2024'.to_date(format: '%m.%d.%Y') => Thu, 15 Feb 2024\n'x'.to_date => Date::Error: invalid date",
        to_date,
    ),
    rails(
        "to_datetime",
        "() -> DateTime",
        "The time the text names, at its offset or in UTC. nil for blank text.",
        "'2024-01-02T03:04:05+02:00'.to_datetime.to_s => \"2024-01-02T03:04:05+02:00\"",
        |host, it, _| {
            if is_blank(it) {
                return Ok(Value::Nil);
            }
            let parts = lenient(&text(it), false)?;
            complete::date_time(parts, today(host)).map(value).ok_or_else(invalid_date)
        },
    ),
    rails(
        "to_time",
        "(form = :local, format: nil) -> Time",
        "The time the text names, in UTC unless it has an offset; days come before months. nil if it names none.",
        "'2024-01-02T03:04:05-08:00'.to_time.to_s => \"2024-01-02 11:04:05 +0000\"\n'01/02/2024'.to_time(:utc) => 2024-02-01 00:00:00 UTC\n'x'.to_time => nil",
        to_time,
    ),
];

fn text(it: &Value) -> String {
    match it {
        Value::Str(text) => text.to_text(),
        other => crate::value::to_s(other).to_text(),
    }
}

fn is_blank(it: &Value) -> bool {
    text(it).chars().all(char::is_whitespace)
}

/// The time of a text that is ISO 8601 and nothing else; other text has no such method.
fn iso_time(_: &mut dyn Host, it: &Value, name: &str) -> Result<Time> {
    let text = text(it);
    if let Ok(time) = clock::xmlschema(&text) {
        return Ok(time);
    }
    let parts = formats::iso8601(&text);
    let is_day = parts.has(Field::Year) && parts.has(Field::Month) && parts.has(Field::MonthDay) && text.contains('-');
    if !is_day {
        let shown = inspect(it);
        return Err(raise(ClassId::NO_METHOD_ERROR, format!("undefined method `{name}' for {shown}:String")));
    }
    super::time_class::plain_time(&parts, Zone::Local)
}

/// `format:` of the keywords, if it says something.
fn format_option(args: &mut Args) -> Option<Rc<Str>> {
    match args.take_keywords()?.get(&Value::symbol("format")) {
        Some(Value::Str(format)) if !format.is_empty() => Some(format),
        _ => None,
    }
}

/// A format as `strptime` has it, or in the letters of `DD/MM/YYYY`.
fn directives(format: &str) -> String {
    if format.contains('%') {
        return format.to_owned();
    }
    let letters = [
        ("YYYY", "%Y"),
        ("YY", "%y"),
        ("MM", "%m"),
        ("DD", "%d"),
        ("HH", "%H"),
        ("mm", "%M"),
        ("SS", "%S"),
        ("ss", "%S"),
    ];
    letters.iter().fold(format.to_owned(), |format, (letters, directive)| format.replace(letters, directive))
}

fn to_date(host: &mut dyn Host, it: &Value, mut args: Args) -> Result<Value> {
    let format = format_option(&mut args);
    if is_blank(it) {
        return Ok(Value::Nil);
    }
    let parts = match format {
        Some(format) => parse::strptime(&text(it), &directives(&format.to_text())).ok_or_else(invalid_date)?,
        None => lenient(&text(it), false)?,
    };
    complete::date(parts, today(host)).map(Value::date).ok_or_else(invalid_date)
}

const USED: [Field; 8] = [
    Field::Year,
    Field::Month,
    Field::MonthDay,
    Field::Hour,
    Field::Minute,
    Field::Second,
    Field::Fraction,
    Field::Offset,
];

fn to_time(host: &mut dyn Host, it: &Value, mut args: Args) -> Result<Value> {
    let format = format_option(&mut args);
    let is_utc = matches!(args.given(0), Some(Value::Symbol(form)) if form.text() == "utc");
    let time = match format {
        Some(format) => formatted_time(host, &text(it), &directives(&format.to_text()))?,
        None => {
            let parts = lenient(&text(it), false)?;
            if !USED.iter().any(|field| parts.has(*field)) {
                return Ok(Value::Nil);
            }
            let civil = now(host, Zone::Local, Flavor::Time).wall().civil;
            let field = |field: Field, default: i64| parts.get(field).cloned().unwrap_or(Value::Int(default));
            let fields = [
                field(Field::Year, civil.year),
                field(Field::Month, i64::from(civil.month)),
                field(Field::MonthDay, i64::from(civil.day)),
                field(Field::Hour, 0),
                field(Field::Minute, 0),
                field(Field::Second, 0),
            ];
            named_time(&fields, &parts, if is_utc && !parts.has(Field::Offset) { Zone::Utc } else { Zone::Local })?
        }
    };
    Ok(value(convert::in_plain_zone(&value(time), if is_utc { Zone::Utc } else { Zone::Local })))
}

fn formatted_time(host: &mut dyn Host, text: &str, format: &str) -> Result<Time> {
    let refused = || argument_error(format!("invalid date or strptime format - `{text}' `{format}'"));
    let parts: Parts = parse::strptime(text, format).ok_or_else(refused)?;
    if let Some(time) = clock::epoch(&parts) {
        return time;
    }
    let now = now(host, Zone::Local, Flavor::Time);
    clock::time(text, &parts, Some(&now))
}
