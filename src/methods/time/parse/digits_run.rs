//! Dates and times written as one run of digits: `20240102`, `20240102T030405`, `240102`, `2024033`.

use super::parts::{Field, Parts};
use super::pattern::Groups;
use super::zone_offset;
use crate::value::Value;

use Field::{Hour, Minute, Month, MonthDay, Second, Year, YearDay};

/// Reads a run: its sign, its digits, a second run after `T`, decimals, a zone. True if the year is one to take as it is.
pub fn read(found: &Groups, parts: &mut Parts) -> bool {
    let (sign, digits) = (found.text(1), found.text(2));
    // Decimals without a second run mean that the run ends in seconds.
    let from_end = found.get(3).is_none() && found.get(4).is_some();
    let whole_year = if from_end { read_backwards(digits, sign, parts) } else { read_forwards(digits, sign, parts) };
    if let Some(clock) = found.get(3) {
        read_clock(clock, found.get(4).is_some(), parts);
    }
    parts.set_fraction(found.get(4));
    if let Some(zone) = found.get(5) {
        read_zone(zone, parts);
    }
    whole_year
}

/// A field and how many digits it has.
type Width = (Field, usize);

fn read_forwards(digits: &str, sign: &str, parts: &mut Parts) -> bool {
    let layout: &[Width] = match digits.len() {
        2 => &[(MonthDay, 2)],
        3 => &[(YearDay, 3)],
        4 => &[(Month, 2), (MonthDay, 2)],
        5 => &[(Year, 2), (YearDay, 3)],
        6 => &[(Year, 2), (Month, 2), (MonthDay, 2)],
        7 => &[(Year, 4), (YearDay, 3)],
        8 => &[(Year, 4), (Month, 2), (MonthDay, 2)],
        10 => &[(Year, 4), (Month, 2), (MonthDay, 2), (Hour, 2)],
        12 => &[(Year, 4), (Month, 2), (MonthDay, 2), (Hour, 2), (Minute, 2)],
        14 => &[(Year, 4), (Month, 2), (MonthDay, 2), (Hour, 2), (Minute, 2), (Second, 2)],
        _ => &[],
    };
    let mut at = 0;
    for (field, width) in layout {
        set(parts, *field, &digits[at..at + width], sign);
        at += width;
    }
    digits.len() >= 8 && !layout.is_empty()
}

fn read_backwards(digits: &str, sign: &str, parts: &mut Parts) -> bool {
    let layout: &[Width] = match digits.len() {
        2 => &[(Second, 2)],
        3 => &[(Second, 2), (Minute, 1)],
        4 => &[(Second, 2), (Minute, 2)],
        5 => &[(Second, 2), (Minute, 2), (Hour, 1)],
        6 => &[(Second, 2), (Minute, 2), (Hour, 2)],
        7 => &[(Second, 2), (Minute, 2), (Hour, 2), (MonthDay, 1)],
        8 => &[(Second, 2), (Minute, 2), (Hour, 2), (MonthDay, 2)],
        10 => &[(Second, 2), (Minute, 2), (Hour, 2), (MonthDay, 2), (Month, 2)],
        12 => &[(Second, 2), (Minute, 2), (Hour, 2), (MonthDay, 2), (Month, 2), (Year, 2)],
        14 => &[(Second, 2), (Minute, 2), (Hour, 2), (MonthDay, 2), (Month, 2), (Year, 4)],
        _ => &[],
    };
    let mut end = digits.len();
    for (field, width) in layout {
        set(parts, *field, &digits[end - width..end], sign);
        end -= width;
    }
    digits.len() == 14
}

fn set(parts: &mut Parts, field: Field, digits: &str, sign: &str) {
    let number: i64 = digits.parse().unwrap_or(0);
    parts.set_int(field, if field == Year && sign == "-" { -number } else { number });
}

/// The second run: hours first, or seconds last where decimals follow. Runs of odd length say nothing.
fn read_clock(digits: &str, from_end: bool, parts: &mut Parts) {
    if !digits.len().is_multiple_of(2) {
        return;
    }
    let fields: &[Field] = if from_end { &[Second, Minute, Hour] } else { &[Hour, Minute, Second] };
    for (at, field) in fields.iter().take(digits.len() / 2).enumerate() {
        let start = if from_end { digits.len() - 2 * (at + 1) } else { 2 * at };
        set(parts, *field, &digits[start..start + 2], "");
    }
}

/// `Z`, `+0900`, or in brackets with a name: `[-5:EST]`.
fn read_zone(zone: &str, parts: &mut Parts) {
    let Some(inside) = zone.strip_prefix('[').and_then(|zone| zone.strip_suffix(']')) else {
        parts.set(Field::Zone, Value::str(zone));
        return;
    };
    let (offset, name) = inside.split_once(':').unwrap_or((inside, inside));
    let sign = if offset.starts_with(|c: char| c.is_ascii_digit()) { "+" } else { "" };
    parts.set(Field::Zone, Value::str(name));
    parts.set(Field::Offset, zone_offset(&format!("{sign}{offset}")));
}
