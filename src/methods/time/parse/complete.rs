//! From the fields of a text to a day and a time of day: what is missing comes from today, what contradicts is an error.

use super::parts::{Field, Parts};
use crate::value::calendar::{Calendar, Civil, EPOCH_DAY, day_of_iso_week, day_of_numbered_week, iso_week, week_day};
use crate::value::{Date, Flavor, Instant, Time, Value, Zone};

use Field::{
    Hour, JulianDay, Minute, MondayWeek, Month, MonthDay, Second, SundayWeek, Week, WeekDay, WeekYear, WeekYearDay,
    Year, YearDay,
};

/// The kinds of knowledge a text can hold, from the one to prefer; each with the fields that speak for it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Clock,
    Civil,
    Ordinal,
    IsoWeek,
    WeekDay,
    SundayWeek,
    MondayWeek,
    Mixed,
}

const KINDS: &[(Kind, &[Field])] = &[
    (Kind::Clock, &[Hour, Minute, Second]),
    (Kind::Mixed, &[JulianDay]),
    (Kind::Ordinal, &[Year, YearDay, Hour, Minute, Second]),
    (Kind::Civil, &[Year, Month, MonthDay, Hour, Minute, Second]),
    (Kind::IsoWeek, &[WeekYear, Week, WeekYearDay, Hour, Minute, Second]),
    (Kind::WeekDay, &[WeekDay, Hour, Minute, Second]),
    (Kind::SundayWeek, &[Year, SundayWeek, WeekDay, Hour, Minute, Second]),
    (Kind::MondayWeek, &[Year, MondayWeek, WeekDay, Hour, Minute, Second]),
    (Kind::Mixed, &[WeekYear, Week, WeekDay, Hour, Minute, Second]),
    (Kind::Mixed, &[Year, SundayWeek, WeekYearDay, Hour, Minute, Second]),
    (Kind::Mixed, &[Year, MondayWeek, WeekYearDay, Hour, Minute, Second]),
];

/// The day that the parts name, as `Date.parse` and `Date.strptime` take them; `today` fills in what comes before the
/// first field given.
pub fn date(mut parts: Parts, today: Date) -> Option<Date> {
    let day = if is_plain_civil(&parts) { civil_day(&parts) } else { completed_day(&mut parts, today, false) }?;
    Date::of_day(day)
}

/// The time that the parts name, as `DateTime.parse` and `DateTime.strptime` take them.
pub fn date_time(mut parts: Parts, today: Date) -> Option<Time> {
    let day = if is_plain_civil(&parts) { civil_day(&parts) } else { completed_day(&mut parts, today, true) }?;
    let second = parts.int(Second).unwrap_or(0);
    let clock = clock_seconds(
        parts.int(Hour).unwrap_or(0),
        parts.int(Minute).unwrap_or(0),
        if second == 60 { 59 } else { second },
    )?;
    let offset = parts.get(Field::Offset).map_or(0, offset_seconds);
    let wall = Instant::new((day - EPOCH_DAY).checked_mul(86_400)?.checked_add(clock - offset)?, 0);
    let fraction = parts.get(Field::Fraction).and_then(Instant::of).unwrap_or_default();
    Some(Time::new(wall.checked_add(&fraction)?, Zone::Fixed(offset as i32), Flavor::DateTime))
}

/// A zone's offset in whole seconds; one of more than a day counts as none.
fn offset_seconds(offset: &Value) -> i64 {
    let seconds = Instant::of(offset)
        .map_or(0, |offset| if offset.seconds < 0 && offset.nanos > 0 { offset.seconds + 1 } else { offset.seconds });
    if seconds.abs() > 86_400 { 0 } else { seconds }
}

/// The seconds of a clock; negative fields count from the end, 24:00 is the end of the day.
pub fn clock_seconds(hour: i64, minute: i64, second: i64) -> Option<i64> {
    let from_end = |value: i64, size: i64| if value < 0 { value.saturating_add(size) } else { value };
    let (hour, minute, second) = (from_end(hour, 24), from_end(minute, 60), from_end(second, 60));
    let valid = (0..24).contains(&hour) && (0..60).contains(&minute) && (0..60).contains(&second);
    (valid || (hour, minute, second) == (24, 0, 0)).then(|| hour * 3600 + minute * 60 + second)
}

fn is_plain_civil(parts: &Parts) -> bool {
    !parts.has(JulianDay) && !parts.has(YearDay) && parts.has(Year) && parts.has(Month) && parts.has(MonthDay)
}

fn civil_day(parts: &Parts) -> Option<i64> {
    valid_civil(parts.int(Year)?, parts.int(Month)?, parts.int(MonthDay)?)
}

/// The day of a year, month and day; negative months and days count from the end.
pub fn valid_civil(year: i64, month: i64, day: i64) -> Option<i64> {
    let calendar = Calendar::Reformed;
    let month = u32::try_from(if month < 0 { month.checked_add(13)? } else { month }).ok()?;
    if day >= 0 {
        return calendar.day(Civil::new(year, month, u32::try_from(day).ok()?));
    }
    let last = calendar.last_day(year, month)?;
    let found = last.checked_add(day)?.checked_add(1)?;
    let civil = calendar.civil(found);
    (civil.year == year && civil.month == month).then_some(found)
}

/// The day of a year and a day of it; negative days count from the end.
pub fn valid_ordinal(year: i64, day: i64) -> Option<i64> {
    let calendar = Calendar::Reformed;
    let found = match day.cmp(&0) {
        std::cmp::Ordering::Greater => calendar.day(Civil::new(year, 1, 1))?.checked_add(day - 1)?,
        std::cmp::Ordering::Less => calendar.last_day(year, 12)?.checked_add(day)?.checked_add(1)?,
        std::cmp::Ordering::Equal => return None,
    };
    (calendar.civil(found).year == year).then_some(found)
}

fn completed_day(parts: &mut Parts, today: Date, with_time: bool) -> Option<i64> {
    rewrite_epoch(parts);
    complete(parts, today, with_time);
    named_day(parts)
}

/// Seconds since the epoch become a day and a clock.
fn rewrite_epoch(parts: &mut Parts) {
    let Some(mut at) = parts.remove(Field::Epoch).as_ref().and_then(Instant::of) else { return };
    if let Some(moved) = parts.get(Field::Offset).and_then(Instant::of).and_then(|offset| at.checked_add(&offset)) {
        at = moved;
    }
    let clock = at.seconds.rem_euclid(86_400);
    parts.set_int(JulianDay, at.seconds.div_euclid(86_400) + EPOCH_DAY);
    parts.set_int(Hour, clock / 3600);
    parts.set_int(Minute, clock / 60 % 60);
    parts.set_int(Second, clock % 60);
    parts.set(Field::Fraction, Instant::new(0, at.nanos).to_rational());
}

/// Finds the kind that most fields speak for (the earlier one where they are even) and fills its gaps.
fn complete(parts: &mut Parts, today: Date, with_time: bool) {
    let count = |fields: &[Field]| fields.iter().filter(|field| parts.has(**field)).count();
    let best = KINDS.iter().rev().max_by_key(|(_, fields)| count(fields)).filter(|(_, fields)| count(fields) > 0);
    if let Some((kind, fields)) = best {
        if count(fields) < fields.len() {
            fill(*kind, fields, parts, today);
        }
        if *kind == Kind::Clock && with_time && !parts.has(JulianDay) {
            parts.set_int(JulianDay, today.day());
        }
    }
    let second = parts.int(Second).unwrap_or(0).min(59);
    parts.set_int(Hour, parts.int(Hour).unwrap_or(0));
    parts.set_int(Minute, parts.int(Minute).unwrap_or(0));
    parts.set_int(Second, second);
}

fn fill(kind: Kind, fields: &[Field], parts: &mut Parts, today: Date) {
    let mut default = |field: Field, value: i64| {
        if !parts.has(field) {
            parts.set_int(field, value);
        }
    };
    match kind {
        Kind::Clock | Kind::Mixed => {}
        Kind::Ordinal => {
            default(Year, today.civil().year);
            default(YearDay, 1);
        }
        Kind::Civil => {
            fill_from_today(fields, parts, today);
            fill_rest(parts, &[(Month, 1), (MonthDay, 1)]);
        }
        Kind::IsoWeek => {
            fill_from_today(fields, parts, today);
            fill_rest(parts, &[(Week, 1), (WeekYearDay, 1)]);
        }
        Kind::WeekDay => {
            if let (Some(wanted), false) = (parts.int(WeekDay), parts.has(JulianDay)) {
                parts.set_int(JulianDay, today.day() - i64::from(today.week_day()) + wanted);
            }
        }
        Kind::SundayWeek => {
            fill_from_today(fields, parts, today);
            fill_rest(parts, &[(SundayWeek, 0), (WeekDay, 0)]);
        }
        Kind::MondayWeek => {
            fill_from_today(fields, parts, today);
            fill_rest(parts, &[(MondayWeek, 0), (WeekDay, 1)]);
        }
    }
}

/// Fields before the first one given are today's.
fn fill_from_today(fields: &[Field], parts: &mut Parts, today: Date) {
    for field in fields {
        if parts.has(*field) {
            return;
        }
        let civil = today.civil();
        let value = match field {
            Year => civil.year,
            Month => i64::from(civil.month),
            MonthDay => i64::from(civil.day),
            WeekYear => iso_week(Calendar::Reformed, today.day()).0,
            Week => iso_week(Calendar::Reformed, today.day()).1,
            WeekYearDay => i64::from((week_day(today.day()) + 6) % 7 + 1),
            _ => continue,
        };
        parts.set_int(*field, value);
    }
}

fn fill_rest(parts: &mut Parts, defaults: &[(Field, i64)]) {
    for (field, value) in defaults {
        if !parts.has(*field) {
            parts.set_int(*field, *value);
        }
    }
}

/// The first of the ways to name a day that is complete and names one.
fn named_day(parts: &Parts) -> Option<i64> {
    let all = |fields: [Field; 3]| Some((parts.int(fields[0])?, parts.int(fields[1])?, parts.int(fields[2])?));
    let julian = || parts.int(JulianDay);
    let ordinal = || valid_ordinal(parts.int(Year)?, parts.int(YearDay)?);
    let civil = || all([Year, Month, MonthDay]).and_then(|(year, month, day)| valid_civil(year, month, day));
    let iso = || {
        let of_week = parts.int(WeekDay).map(|day| if day == 0 { 7 } else { day });
        let day = parts.int(WeekYearDay).or(of_week)?;
        day_of_iso_week(Calendar::Reformed, parts.int(WeekYear)?, parts.int(Week)?, day)
    };
    let numbered = |week: Field, first: i64| {
        let day = parts.int(WeekDay).or(parts.int(WeekYearDay))?;
        let since_start = (day - first).rem_euclid(7);
        day_of_numbered_week(Calendar::Reformed, parts.int(Year)?, parts.int(week)?, since_start, first)
    };
    julian()
        .or_else(ordinal)
        .or_else(civil)
        .or_else(iso)
        .or_else(|| numbered(SundayWeek, 0))
        .or_else(|| numbered(MondayWeek, 1))
}
