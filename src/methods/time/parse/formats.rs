//! The standards' formats: ISO 8601, XML Schema, RFC 3339, RFC 2822, HTTP, JIS X 0301. Empty parts where a text is not one.

use super::lenient::japanese_date;
use super::parts::{Field, Parts, number};
use super::pattern::{DAYS, Groups, MONTHS, Pattern, index_of, pattern};
use crate::value::Value;
use std::sync::LazyLock;

macro_rules! patterns {
    ($($name:ident = $source:expr;)*) => { $(static $name: Pattern = LazyLock::new(|| pattern(&$source));)* };
}

const LONG_DAYS: &str = "sunday|monday|tuesday|wednesday|thursday|friday|saturday";

patterns! {
    ISO_EXTENDED = String::from(r"\A\s*(?:([-+]?\d{2,}|-)-(\d{2})?(?:-(\d{2}))?|([-+]?\d{2,})?-(\d{3})")
        + r"|(\d{4}|\d{2})?-w(\d{2})-(\d)|-w-(\d))"
        + r"(?:t(\d{2}):(\d{2})(?::(\d{2})(?:[,.](\d+))?)?(z|[-+]\d{2}(?::?\d{2})?)?)?\s*\z";
    ISO_BASIC = String::from(r"\A\s*(?:([-+]?(?:\d{4}|\d{2})|--)(\d{2}|-)(\d{2})|([-+]?(?:\d{4}|\d{2}))(\d{3})")
        + r"|-(\d{3})|(\d{4}|\d{2})w(\d{2})(\d)|-w(\d{2})(\d)|-w-(\d))"
        + r"(?:t?(\d{2})(\d{2})(?:(\d{2})(?:[,.](\d+))?)?(z|[-+]\d{2}(?:\d{2})?)?)?\s*\z";
    ISO_TIME = r"\A\s*(\d{2}):(\d{2})(?::(\d{2})(?:[,.](\d+))?(z|[-+]\d{2}(?::?\d{2})?)?)?\s*\z";
    ISO_BASIC_TIME = r"\A\s*(\d{2})(\d{2})(?:(\d{2})(?:[,.](\d+))?(z|[-+]\d{2}(?:\d{2})?)?)?\s*\z";
    RFC3339 = String::from(r"\A\s*(-?\d{4})-(\d{2})-(\d{2})(?:t|\s)(\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?")
        + r"(z|[-+]\d{2}:\d{2})\s*\z";
    XML_DATE = String::from(r"\A\s*(-?\d{4,})(?:-(\d{2})(?:-(\d{2}))?)?")
        + r"(?:t(\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?)?(z|[-+]\d{2}:\d{2})?\s*\z";
    XML_TIME = r"\A\s*(\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?(z|[-+]\d{2}:\d{2})?\s*\z";
    XML_PARTIAL = r"\A\s*(?:--(\d{2})(?:-(\d{2}))?|---(\d{2}))(z|[-+]\d{2}:\d{2})?\s*\z";
    RFC2822 = format!(r"\A\s*(?:({DAYS})\s*,\s+)?(\d{{1,2}})\s+({MONTHS})\s+(-?\d{{2,}})\s+")
        + r"(\d{2}):(\d{2})(?::(\d{2}))?\s*([-+]\d{4}|[[:alpha:]]+)\s*\z";
    HTTP = format!(r"\A\s*({DAYS})\s*,\s+(\d{{2}})\s+({MONTHS})\s+(-?\d{{4}})\s+(\d{{2}}):(\d{{2}}):(\d{{2}})\s+(gmt)\s*\z");
    HTTP_DASHES = format!(r"\A\s*({LONG_DAYS})\s*,\s+(\d{{2}})\s*-\s*({MONTHS})\s*-\s*(\d{{2}})\s+")
        + r"(\d{2}):(\d{2}):(\d{2})\s+(gmt)\s*\z";
    HTTP_ASCTIME = format!(r"\A\s*({DAYS})\s+({MONTHS})\s+(\d{{1,2}})\s+(\d{{2}}):(\d{{2}}):(\d{{2}})\s+(\d{{4}})\s*\z");
    JIS = String::from(r"\A\s*([mtshr])?(\d{2})\.(\d{2})\.(\d{2})")
        + r"(?:t(?:(\d{2}):(\d{2})(?::(\d{2})(?:[,.](\d*))?)?(z|[-+]\d{2}(?::?\d{2})?)?)?)?\s*\z";
}

/// `Date._iso8601`
pub fn iso8601(text: &str) -> Parts {
    let mut parts = Parts::default();
    if let Some(found) = Groups::find(&ISO_EXTENDED, text) {
        iso_date_extended(&found, &mut parts);
        clock(&found, 10, &mut parts);
    } else if let Some(found) = Groups::find(&ISO_BASIC, text) {
        iso_date_basic(&found, &mut parts);
        clock(&found, 13, &mut parts);
    } else if let Some(found) = Groups::find(&ISO_TIME, text).or_else(|| Groups::find(&ISO_BASIC_TIME, text)) {
        clock(&found, 1, &mut parts);
    }
    parts
}

/// Hour, minute, second, decimals and zone in five groups from `first` on.
fn clock(found: &Groups, first: usize, parts: &mut Parts) {
    parts.set_group(Field::Hour, found.get(first));
    parts.set_group(Field::Minute, found.get(first + 1));
    parts.set_group(Field::Second, found.get(first + 2));
    parts.set_fraction(found.get(first + 3));
    parts.set_zone(found.get(first + 4));
}

/// A year written with fewer than four characters lies between 1969 and 2068.
fn short_year(parts: &mut Parts, field: Field, digits: Option<&str>) {
    let Some(digits) = digits else { return };
    match number(digits) {
        Value::Int(year) if digits.len() < 4 => parts.set_int(field, year + if year >= 69 { 1900 } else { 2000 }),
        year => parts.set(field, year),
    }
}

fn iso_date_extended(found: &Groups, parts: &mut Parts) {
    if found.get(1).is_some() {
        parts.set_group(Field::MonthDay, found.get(3));
        if found.text(1) != "-" {
            short_year(parts, Field::Year, found.get(1));
            if found.get(2).is_none() {
                return;
            }
        }
        parts.set_group(Field::Month, found.get(2));
    } else if let Some(day) = found.get(5) {
        parts.set_digits(Field::YearDay, day);
        short_year(parts, Field::Year, found.get(4));
    } else if let Some(day) = found.get(8) {
        parts.set_group(Field::Week, found.get(7));
        parts.set_digits(Field::WeekYearDay, day);
        short_year(parts, Field::WeekYear, found.get(6));
    } else {
        parts.set_group(Field::WeekYearDay, found.get(9));
    }
}

fn iso_date_basic(found: &Groups, parts: &mut Parts) {
    if let Some(day) = found.get(3) {
        parts.set_digits(Field::MonthDay, day);
        let has_year = found.text(1) != "--";
        if has_year {
            short_year(parts, Field::Year, found.get(1));
        }
        if found.text(2) != "-" {
            parts.set_group(Field::Month, found.get(2));
        }
    } else if let Some(day) = found.get(5) {
        parts.set_digits(Field::YearDay, day);
        short_year(parts, Field::Year, found.get(4));
    } else if let Some(day) = found.get(6) {
        parts.set_digits(Field::YearDay, day);
    } else if let Some(day) = found.get(9) {
        parts.set_group(Field::Week, found.get(8));
        parts.set_digits(Field::WeekYearDay, day);
        short_year(parts, Field::WeekYear, found.get(7));
    } else if let Some(day) = found.get(11) {
        parts.set_group(Field::Week, found.get(10));
        parts.set_digits(Field::WeekYearDay, day);
    } else {
        parts.set_group(Field::WeekYearDay, found.get(12));
    }
}

/// `Date._rfc3339`
pub fn rfc3339(text: &str) -> Parts {
    let mut parts = Parts::default();
    if let Some(found) = Groups::find(&RFC3339, text) {
        for (field, group) in [Field::Year, Field::Month, Field::MonthDay].into_iter().zip(1..) {
            parts.set_group(field, found.get(group));
        }
        for (field, group) in [Field::Hour, Field::Minute, Field::Second].into_iter().zip(4..) {
            parts.set_group(field, found.get(group));
        }
        parts.set_zone(found.get(8));
        parts.set_fraction(found.get(7));
    }
    parts
}

/// `Date._xmlschema`
pub fn xmlschema(text: &str) -> Parts {
    let mut parts = Parts::default();
    if let Some(found) = Groups::find(&XML_DATE, text) {
        for (field, group) in [Field::Year, Field::Month, Field::MonthDay].into_iter().zip(1..) {
            parts.set_group(field, found.get(group));
        }
        clock(&found, 4, &mut parts);
    } else if let Some(found) = Groups::find(&XML_TIME, text) {
        clock(&found, 1, &mut parts);
    } else if let Some(found) = Groups::find(&XML_PARTIAL, text) {
        parts.set_group(Field::Month, found.get(1));
        parts.set_group(Field::MonthDay, found.get(2).or(found.get(3)));
        parts.set_zone(found.get(4));
    }
    parts
}

/// Day, month, year, hour, minute, second in the groups from 2 on, the name of the day in group 1.
fn mail_date(found: &Groups, year: i64) -> Parts {
    let mut parts = Parts::default();
    if let Some(day) = found.get(1) {
        parts.set_int(Field::WeekDay, index_of(DAYS, day));
    }
    parts.set_group(Field::MonthDay, found.get(2));
    parts.set_int(Field::Month, index_of(MONTHS, found.text(3)) + 1);
    parts.set_int(Field::Year, year);
    parts.set_group(Field::Hour, found.get(5));
    parts.set_group(Field::Minute, found.get(6));
    parts.set_group(Field::Second, found.get(7));
    parts
}

/// `Date._rfc2822`
pub fn rfc2822(text: &str) -> Parts {
    let Some(found) = Groups::find(&RFC2822, text) else { return Parts::default() };
    let digits = found.text(4);
    let year = digits.parse::<i64>().unwrap_or(i64::MAX);
    let short = digits.len() < 4;
    let mut parts = mail_date(&found, if short { year + if year >= 50 { 1900 } else { 2000 } } else { year });
    parts.set_zone(found.get(8));
    parts
}

/// `Date._httpdate`
pub fn httpdate(text: &str) -> Parts {
    if let Some(found) = Groups::find(&HTTP, text) {
        let mut parts = mail_date(&found, found.text(4).parse().unwrap_or(0));
        parts.set_zone(found.get(8));
        return parts;
    }
    if let Some(found) = Groups::find(&HTTP_DASHES, text) {
        let year: i64 = found.text(4).parse().unwrap_or(0);
        let mut parts = mail_date(&found, year + if year >= 69 { 1900 } else { 2000 });
        parts.set_zone(found.get(8));
        return parts;
    }
    let mut parts = Parts::default();
    if let Some(found) = Groups::find(&HTTP_ASCTIME, text) {
        parts.set_int(Field::WeekDay, index_of(DAYS, found.text(1)));
        parts.set_int(Field::Month, index_of(MONTHS, found.text(2)) + 1);
        for (field, group) in
            [Field::MonthDay, Field::Hour, Field::Minute, Field::Second, Field::Year].into_iter().zip(3..)
        {
            parts.set_group(field, found.get(group));
        }
    }
    parts
}

/// `Date._jisx0301`
pub fn jisx0301(text: &str) -> Parts {
    let Some(found) = Groups::find(&JIS, text) else { return iso8601(text) };
    let mut parts = Parts::default();
    japanese_date(&found, &mut parts);
    clock(&found, 5, &mut parts);
    parts
}
