//! From the fields of a text to a Time: `Time.parse`, `Time.strptime`, `Time.iso8601` and the like. Zones known to Time are
//! fewer than those known to Date.

use super::parts::{Field, Parts, number};
use super::pattern::{Groups, MONTHS, Pattern, index_of, pattern};
use crate::methods::time::build::{Given, time_at};
use crate::methods::time::moment::{argument_error, exact, inspect, too_far};
use crate::value::calendar::days_in_month;
use crate::value::{Flavor, Instant, Result, Time, Value, Zone};
use num_bigint::BigInt;
use std::sync::LazyLock;

/// The offset that a zone's name or text means to Time; `None` for one it does not know.
pub fn known_offset(zone: &str) -> Option<i64> {
    let zone = zone.to_ascii_uppercase();
    let hours = match zone.as_str() {
        "UTC" | "Z" | "UT" | "GMT" => 0,
        "EST" => -5,
        "EDT" => -4,
        "CST" => -6,
        "CDT" => -5,
        "MST" => -7,
        "MDT" => -6,
        "PST" => -8,
        "PDT" => -7,
        letter if letter.len() == 1 => military(letter.as_bytes().first().copied()?)?,
        offset => return written_offset(offset),
    };
    Some(hours * 3600)
}

fn military(letter: u8) -> Option<i64> {
    Some(match letter {
        b'A'..=b'I' => i64::from(letter - b'A') + 1,
        b'K'..=b'M' => i64::from(letter - b'K') + 10,
        b'N'..=b'Y' => -i64::from(letter - b'N') - 1,
        _ => return None,
    })
}

/// `+09`, `+0900`, `+09:00`, `+090030`, `+09:00:30`.
fn written_offset(text: &str) -> Option<i64> {
    let sign = match text.as_bytes().first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let rest = text.get(1..)?;
    let colons = rest.contains(':');
    let fields: Vec<&str> = if colons {
        rest.split(':').collect()
    } else {
        rest.as_bytes().chunks(2).map(|chunk| std::str::from_utf8(chunk).unwrap_or_default()).collect()
    };
    let well_formed = fields.iter().all(|field| field.len() == 2 && field.bytes().all(|byte| byte.is_ascii_digit()));
    if !well_formed || fields.len() > 3 || (colons && fields.len() < 2) {
        return None;
    }
    let value = |at: usize| fields.get(at).and_then(|field| field.parse::<i64>().ok()).unwrap_or(0);
    Some(sign * ((value(0) * 60 + value(1)) * 60 + value(2)))
}

fn means_utc(zone: &str) -> bool {
    ["-00:00", "-0000", "-00", "utc", "z", "ut"].iter().any(|name| zone.eq_ignore_ascii_case(name))
}

/// Shows a time in the zone it was written with; the machine's zone wins where the offset is the same.
fn force_zone(time: &Time, zone: &str, offset: Option<i64>) -> Result<()> {
    let shown = if means_utc(zone) {
        Zone::Utc
    } else {
        match offset.or_else(|| known_offset(zone)) {
            None | Some(0) => Zone::Local,
            Some(offset) if offset.abs() < 86_400 => Zone::Fixed(offset as i32),
            Some(_) => return Err(argument_error("utc_offset out of range")),
        }
    };
    time.set_zone(shown);
    Ok(())
}

/// The fields of a time that Ruby reads from a text; `None` was not there.
#[derive(Clone, Default)]
struct Clock {
    year: Option<i64>,
    year_day: Option<i64>,
    month: Option<i64>,
    day: Option<i64>,
    hour: Option<i64>,
    minute: Option<i64>,
    second: Option<i64>,
    fraction: Option<Instant>,
    zone: Option<String>,
}

impl Clock {
    fn of(parts: &Parts) -> Self {
        let zone = match parts.get(Field::Zone) {
            Some(Value::Str(zone)) => Some(zone.to_text()),
            _ => None,
        };
        Self {
            year: parts.int(Field::Year),
            year_day: parts.int(Field::YearDay),
            month: parts.int(Field::Month),
            day: parts.int(Field::MonthDay),
            hour: parts.int(Field::Hour),
            minute: parts.int(Field::Minute),
            second: parts.int(Field::Second),
            fraction: parts.get(Field::Fraction).and_then(Instant::of),
            zone,
        }
    }

    const fn is_empty(&self) -> bool {
        self.year.is_none()
            && self.year_day.is_none()
            && self.month.is_none()
            && self.day.is_none()
            && self.hour.is_none()
            && self.minute.is_none()
            && self.second.is_none()
            && self.fraction.is_none()
    }

    /// Takes from `now` what stands before the first field given.
    fn fill_from(&mut self, now: &Time) {
        let wall = now.wall();
        let fields = [
            (&mut self.year, wall.civil.year),
            (&mut self.month, i64::from(wall.civil.month)),
            (&mut self.day, i64::from(wall.civil.day)),
            (&mut self.hour, i64::from(wall.hour)),
            (&mut self.minute, i64::from(wall.minute)),
            (&mut self.second, i64::from(wall.second)),
        ];
        for (field, present) in fields {
            if field.is_some() {
                return;
            }
            *field = Some(present);
        }
        self.fraction.get_or_insert(Instant::new(0, now.at.nanos / 1000 * 1000));
    }
}

/// `Time.parse`: the time that the parts of `text` name; `now` fills in what stands before them.
pub fn time(text: &str, parts: &Parts, now: Option<&Time>) -> Result<Time> {
    make(text, Clock::of(parts), now)
}

/// The same with another day of the year, as `Time.strptime` finds it from weeks.
pub fn time_on_year_day(text: &str, parts: &Parts, year_day: Option<i64>, now: Option<&Time>) -> Result<Time> {
    let mut clock = Clock::of(parts);
    clock.year_day = year_day.or(clock.year_day);
    make(text, clock, now)
}

fn make(text: &str, mut clock: Clock, now: Option<&Time>) -> Result<Time> {
    if clock.is_empty() {
        return Err(argument_error(format!("no time information in {}", inspect(&Value::str(text)))));
    }
    if let Some(year_day) = clock.year_day.take() {
        return make_on_year_day(text, &clock, year_day, now);
    }
    let offset = clock.zone.as_deref().and_then(known_offset);
    if let Some(now) = now {
        let local = match offset {
            Some(offset) if offset.abs() < 86_400 => now.in_zone(Zone::Fixed(offset as i32)),
            Some(_) => return Err(argument_error("utc_offset out of range")),
            None => now.in_zone(Zone::Local),
        };
        clock.fill_from(&local);
    }
    let zone = clock.zone.take();
    let mut fields = [
        clock.year.unwrap_or(1970),
        clock.month.unwrap_or(1),
        clock.day.unwrap_or(1),
        clock.hour.unwrap_or(0),
        clock.minute.unwrap_or(0),
        clock.second.unwrap_or(0),
    ];
    let part = clock.fraction.unwrap_or_default();
    match (offset, zone) {
        (Some(offset), Some(zone)) => {
            apply_offset(&mut fields, offset);
            let time = at_fields(&fields, &part, Zone::Utc)?;
            force_zone(&time, &zone, Some(offset))?;
            Ok(time)
        }
        _ => at_fields(&fields, &part, Zone::Local),
    }
}

/// A day of the year is looked for from the month that 31-day months would put it in.
fn make_on_year_day(text: &str, clock: &Clock, year_day: i64, now: Option<&Time>) -> Result<Time> {
    let out_of_range = || argument_error(format!("yday {year_day} out of range"));
    if !(1..=366).contains(&year_day) {
        return Err(out_of_range());
    }
    let (mut month, mut day) = ((year_day - 1) / 31 + 1, (year_day - 1) % 31 + 1);
    let at = |month: i64, day: i64| make(text, Clock { month: Some(month), day: Some(day), ..clock.clone() }, now);
    let guess = at(month, day)?;
    let wall = guess.wall();
    let off = year_day - guess.calendar().year_day(wall.day);
    if off == 0 {
        return Ok(guess);
    }
    day += off;
    let year = clock.year.or_else(|| now.map(|now| now.wall().civil.year)).unwrap_or(1970);
    let length = i64::from(days_in_month(year, month as u32));
    if day > 28 && day > length {
        month += 1;
        if month > 12 {
            return Err(out_of_range());
        }
        day -= length;
    }
    at(month, day)
}

/// Moves the clock to UTC field by field, so that only a carry out of the hours looks at the calendar.
fn apply_offset(fields: &mut [i64; 6], offset: i64) {
    let [year, month, day, hour, minute, second] = fields;
    let sign = if offset < 0 { 1 } else { -1 };
    let mut left = offset.abs();
    for (field, size) in [(second, 60), (minute, 60), (hour, 24)] {
        let part = left % size;
        left /= size;
        if part != 0 {
            let moved = *field + sign * part;
            *field = moved.rem_euclid(size);
            left += sign * moved.div_euclid(size);
        }
    }
    if left == 0 {
        return;
    }
    *day += sign * left;
    // A month that does not exist has no end to run over; it is refused later.
    let exists = (1..=12).contains(month);
    if sign > 0 && exists && *day > i64::from(days_in_month(*year, *month as u32)) {
        *day = 1;
        *month += 1;
        if *month > 12 {
            (*month, *year) = (1, year.saturating_add(1));
        }
    } else if sign < 0 && *day < 1 {
        *month -= 1;
        if *month < 1 {
            (*month, *year) = (12, year.saturating_sub(1));
        }
        *day = i64::from(days_in_month(*year, u32::try_from(*month).unwrap_or(0)));
    }
}

fn at_fields(fields: &[i64; 6], part: &Instant, zone: Zone) -> Result<Time> {
    let values = fields.map(Value::Int);
    let second = Instant::new(fields[5], 0).checked_add(part).ok_or_else(too_far)?.to_number();
    let given = Given {
        year: values.first(),
        month: values.get(1),
        day: values.get(2),
        hour: values.get(3),
        minute: values.get(4),
        second: Some(&second),
        micros: None,
    };
    time_at(&given.wall()?, zone)
}

/// `Time.strptime` for seconds since the epoch: their fraction goes away from zero, a zone only shows them.
pub fn epoch(parts: &Parts) -> Option<Result<Time>> {
    let seconds = parts.get(Field::Epoch)?.clone();
    Some((|| {
        let at = exact(&seconds)?;
        let part = parts.get(Field::Fraction).and_then(Instant::of).unwrap_or_default();
        let moved = if at < Instant::default() { at.checked_sub(&part) } else { at.checked_add(&part) };
        let time = Time::new(moved.ok_or_else(too_far)?, Zone::Local, Flavor::Time);
        if let Some(Value::Str(zone)) = parts.get(Field::Zone) {
            force_zone(&time, &zone.to_text(), None)?;
        }
        Ok(time)
    })())
}

static MAIL: Pattern = LazyLock::new(|| {
    let days = r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)";
    pattern(&format!(
        r"\A\s*(?:{days}\s*,\s*)?(\d{{1,2}})\s+({MONTHS})\s+(\d{{2,}})\s+(\d{{2}})\s*:\s*(\d{{2}})\s*(?::\s*(\d{{2}}))?\s+{}",
        r"([+-]\d{4}|UT|GMT|EST|EDT|CST|CDT|MST|MDT|PST|PDT|[A-IK-Z])"
    ))
});

static HTTP: Pattern = LazyLock::new(|| {
    pattern(&format!(
        r"\A\s*(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), (\d{{2}}) ({MONTHS}) (\d{{4}}) (\d{{2}}):(\d{{2}}):(\d{{2}}) GMT\s*\z"
    ))
});

static HTTP_LONG: Pattern = LazyLock::new(|| {
    let days = "(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)";
    pattern(&format!(r"\A\s*{days}, (\d\d)-({MONTHS})-(\d\d) (\d\d):(\d\d):(\d\d) GMT\s*\z"))
});

static HTTP_C: Pattern = LazyLock::new(|| {
    let days = "(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)";
    pattern(&format!(r"\A\s*{days} ({MONTHS}) (\d\d| \d) (\d\d):(\d\d):(\d\d) (\d{{4}})\s*\z"))
});

static XML: Pattern =
    LazyLock::new(|| pattern(r"\A\s*(-?\d+)-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d+)?(Z|[+-]\d\d(?::?\d\d)?)?\s*\z"));

fn group_int(found: &Groups, group: usize) -> i64 {
    found.text(group).trim().parse().unwrap_or(if found.get(group).is_some() { i64::MAX } else { 0 })
}

fn century(year: i64) -> i64 {
    year + if year < 50 { 2000 } else { 1900 }
}

/// `Time.rfc2822`; years of up to three digits lie around 2000.
pub fn rfc2822(text: &str) -> Result<Time> {
    let Some(found) = Groups::find(&MAIL, text) else {
        return Err(argument_error(format!("not RFC 2822 compliant date: {}", inspect(&Value::str(text)))));
    };
    let year = group_int(&found, 3);
    let year = if found.text(3).len() <= 3 { century(year) } else { year };
    let zone = found.text(7);
    let offset = known_offset(zone).unwrap_or(0);
    let mut fields = [
        year,
        index_of(MONTHS, found.text(2)) + 1,
        group_int(&found, 1),
        group_int(&found, 4),
        group_int(&found, 5),
        group_int(&found, 6),
    ];
    apply_offset(&mut fields, offset);
    let time = at_fields(&fields, &Instant::default(), Zone::Utc)?;
    force_zone(&time, zone, Some(offset))?;
    Ok(time)
}

/// `Time.httpdate`, in its three historic forms.
pub fn httpdate(text: &str) -> Result<Time> {
    let month = |found: &Groups, group: usize| index_of(MONTHS, found.text(group)) + 1;
    let fields = if let Some(found) = Groups::find(&HTTP, text) {
        let clock = [4, 5, 6].map(|group| group_int(&found, group));
        [group_int(&found, 3), month(&found, 2), group_int(&found, 1), clock[0], clock[1], clock[2]]
    } else if let Some(found) = Groups::find(&HTTP_LONG, text) {
        let clock = [4, 5, 6].map(|group| group_int(&found, group));
        [century(group_int(&found, 3)), month(&found, 2), group_int(&found, 1), clock[0], clock[1], clock[2]]
    } else if let Some(found) = Groups::find(&HTTP_C, text) {
        let clock = [3, 4, 5].map(|group| group_int(&found, group));
        [group_int(&found, 6), month(&found, 1), group_int(&found, 2), clock[0], clock[1], clock[2]]
    } else {
        return Err(argument_error(format!("not RFC 2616 compliant date: {}", inspect(&Value::str(text)))));
    };
    at_fields(&fields, &Instant::default(), Zone::Utc)
}

/// `Time.xmlschema` (`Time.iso8601`).
pub fn xmlschema(text: &str) -> Result<Time> {
    let Some(found) = Groups::find(&XML, text) else {
        return Err(argument_error(format!("invalid xmlschema format: {}", inspect(&Value::str(text)))));
    };
    let mut fields = [1, 2, 3, 4, 5, 6].map(|group| group_int(&found, group));
    let part = found.get(7).map_or_else(Instant::default, |digits| decimals(&digits[1..]));
    let Some(zone) = found.get(8) else { return at_fields(&fields, &part, Zone::Local) };
    let offset = known_offset(zone).unwrap_or(0);
    apply_offset(&mut fields, offset);
    let time = at_fields(&fields, &part, Zone::Utc)?;
    force_zone(&time, zone, Some(offset))?;
    Ok(time)
}

fn decimals(digits: &str) -> Instant {
    let Some((numerator, _)) = crate::value::fraction(&number(digits)) else { return Instant::default() };
    Instant::of_fraction(&numerator, &BigInt::from(10).pow(digits.len() as u32)).unwrap_or_default()
}
