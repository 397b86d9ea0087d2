//! What a date or time shows: year, month, hour, zone, and the numbers that count days and seconds.

use super::calendar::{calendar_of, civil, day_fraction, julian_seconds};
use super::moment::{DAY, clock_seconds, receiver, receiver_date, wall_instant};
use crate::methods::{Args, Host, Method, rails, ruby, sdk};
use crate::value::calendar::{iso_week, week_day};
use crate::value::{Flavor, Instant, Result, Value};

pub(super) const ALL: &[Method] = &[
    ruby("day mday", "() -> Integer", "The day of the month.", "Date.new(2024, 1, 2).day => 2", |_, it, _| {
        small(civil(it).0.day)
    }),
    ruby("friday?", "() -> Boolean", "Is it a Friday?", "Date.new(2024, 1, 5).friday? => true", is_day::<5>),
    ruby("monday?", "() -> Boolean", "Is it a Monday?", "Date.new(2024, 1, 1).monday? => true", is_day::<1>),
    ruby("month mon", "() -> Integer", "The month, from 1.", "Date.new(2024, 1, 2).month => 1", |_, it, _| {
        small(civil(it).0.month)
    }),
    rails(
        "on_weekday?",
        "() -> Boolean",
        "Monday to Friday?",
        "Date.new(2024, 1, 6).on_weekday? => false",
        |_, it, _| Ok(Value::bool(!is_weekend(it))),
    ),
    rails(
        "on_weekend?",
        "() -> Boolean",
        "Saturday or Sunday?",
        "Date.new(2024, 1, 6).on_weekend? => true",
        |_, it, _| Ok(Value::bool(is_weekend(it))),
    ),
    ruby("saturday?", "() -> Boolean", "Is it a Saturday?", "Date.new(2024, 1, 6).saturday? => true", is_day::<6>),
    ruby("sunday?", "() -> Boolean", "Is it a Sunday?", "Date.new(2024, 1, 7).sunday? => true", is_day::<0>),
    ruby("thursday?", "() -> Boolean", "Is it a Thursday?", "Date.new(2024, 1, 4).thursday? => true", is_day::<4>),
    ruby("tuesday?", "() -> Boolean", "Is it a Tuesday?", "Date.new(2024, 1, 2).tuesday? => true", is_day::<2>),
    ruby("wday", "() -> Integer", "The day of the week; Sunday is 0.", "Date.new(2024, 1, 2).wday => 2", |_, it, _| {
        small(week_day(civil(it).1))
    }),
    ruby("wednesday?", "() -> Boolean", "Is it a Wednesday?", "Date.new(2024, 1, 3).wednesday? => true", is_day::<3>),
    ruby("yday", "() -> Integer", "The day of the year, from 1.", "Date.new(2024, 2, 1).yday => 32", |_, it, _| {
        Ok(Value::Int(calendar_of(it).year_day(civil(it).1)))
    }),
    ruby("year", "() -> Integer", "The year.", "Date.new(2024, 1, 2).year => 2024", |_, it, _| {
        Ok(Value::Int(civil(it).0.year))
    }),
    sdk(
        "yweek",
        "() -> Integer",
        "The week of the year, as ISO 8601 counts.",
        "Date.new(2024, 3, 15).yweek => 11",
        |_, it, _| Ok(Value::Int(iso_week(calendar_of(it), civil(it).1).1)),
    ),
];

pub(super) const TIMES: &[Method] = &[
    rails(
        "acts_like_time?",
        "() -> Boolean",
        "true: it has a clock.",
        "Time.utc(2024).acts_like_time? => true",
        |_, _, _| Ok(Value::True),
    ),
    rails(
        "formatted_offset",
        "(colon = true, alternate_utc_string = nil) -> String",
        "The offset from UTC as text.",
        "Time.new(2024, 1, 1, 0, 0, 0, '-03:30').formatted_offset => \"-03:30\"",
        |_, it, args| {
            let time = receiver(it);
            if time.is_utc() && args.get(1).truthy() {
                return Ok(args.get(1));
            }
            let colon = args.given(0).is_none_or(Value::truthy);
            Ok(Value::string(time.offset_text(if colon { ":" } else { "" })))
        },
    ),
    ruby("hour", "() -> Integer", "The hour, from 0 to 23.", "Time.utc(2024, 1, 2, 13).hour => 13", |_, it, _| {
        small(receiver(it).wall().hour)
    }),
    ruby("min", "() -> Integer", "The minute.", "Time.utc(2024, 1, 2, 3, 4).min => 4", minute),
    ruby(
        "nsec",
        "() -> Integer",
        "The nanoseconds after the second.",
        "Time.at(0, 5, :millisecond).nsec => 5000000",
        |_, it, _| small(receiver(it).at.nanos),
    ),
    ruby("sec", "() -> Integer", "The second.", "Time.utc(2024, 1, 2, 3, 4, 5).sec => 5", second),
    rails(
        "seconds_since_midnight",
        "() -> Float",
        "The seconds since the day began.",
        "Time.utc(2024, 1, 1, 1).seconds_since_midnight => 3600.0",
        seconds_since_midnight,
    ),
    rails(
        "seconds_until_end_of_day",
        "() -> Integer",
        "The whole seconds until the last one of the day.",
        "Time.utc(2024, 1, 1, 23, 59).seconds_until_end_of_day => 59",
        |_, it, _| Ok(Value::Int(DAY - 1 - clock_seconds(&receiver(it).wall()))),
    ),
    ruby(
        "subsec sec_fraction",
        "()",
        "The part of the second, exactly.",
        "Time.at(0, 500, :millisecond).subsec => (1/2)",
        |_, it, _| {
            let time = receiver(it);
            Ok(if time.flavor == Flavor::DateTime { fraction(&time.at) } else { time.at.fraction() })
        },
    ),
    ruby(
        "to_f",
        "() -> Float",
        "The seconds since 1970 with their fraction.",
        "Time.at(1.5).to_f => 1.5",
        |_, it, _| Ok(Value::float(receiver(it).at.to_f64())),
    ),
    ruby("to_i", "() -> Integer", "The whole seconds since 1970.", "Time.at(1.5).to_i => 1", |_, it, _| {
        Ok(Value::Int(receiver(it).at.seconds))
    }),
    ruby(
        "usec",
        "() -> Integer",
        "The microseconds after the second.",
        "Time.at(0, 5, :millisecond).usec => 5000",
        |_, it, _| small(receiver(it).at.nanos / 1000),
    ),
    ruby("utc?", "() -> Boolean", "Is it shown in UTC?", "Time.utc(2024).utc? => true", |_, it, _| {
        Ok(Value::bool(receiver(it).is_utc()))
    }),
    ruby(
        "utc_offset",
        "() -> Integer",
        "The seconds east of UTC.",
        "Time.new(2024, 1, 1, 0, 0, 0, '+01:00').utc_offset => 3600",
        |_, it, _| Ok(Value::Int(i64::from(receiver(it).offset()))),
    ),
    ruby(
        "zone",
        "() -> String",
        "The short name of the zone; nil for a mere offset.",
        "Time.utc(2024, 1, 1).in_time_zone('Tokyo').zone => \"JST\"",
        |_, it, _| {
            let time = receiver(it);
            let is_date_time = time.flavor == Flavor::DateTime;
            Ok(if is_date_time { Value::string(time.offset_text(":")) } else { time.abbreviation().into() })
        },
    ),
];

pub(super) const CLOCKS: &[Method] = &[
    ruby(
        "dst? isdst",
        "() -> Boolean",
        "Is it daylight saving time there?",
        "Time.utc(2024, 7, 1).in_time_zone('London').dst? => true",
        |_, it, _| {
            let time = receiver(it);
            Ok(Value::bool(time.zone().period_at(time.at.seconds).is_some_and(|period| period.is_dst)))
        },
    ),
    ruby("gmt?", "() -> Boolean", "Is it shown in UTC?", "Time.utc(2024).gmt? => true", |_, it, _| {
        Ok(Value::bool(receiver(it).is_utc()))
    }),
    ruby(
        "gmt_offset gmtoff",
        "() -> Integer",
        "The seconds east of UTC.",
        "Time.new(2024, 1, 1, 0, 0, 0, '+01:00').gmtoff => 3600",
        |_, it, _| Ok(Value::Int(i64::from(receiver(it).offset()))),
    ),
    ruby(
        "to_a",
        "() -> Array",
        "Second, minute, hour, day, month, year, day of the week, day of the year, daylight saving, zone.",
        "Time.utc(2024, 1, 2).to_a => [0, 0, 0, 2, 1, 2024, 2, 2, false, \"UTC\"]",
        to_a,
    ),
    ruby("to_r", "() -> Rational", "The seconds since 1970, exactly.", "Time.at(1.5).to_r => (3/2)", |_, it, _| {
        Ok(receiver(it).at.to_rational())
    }),
    ruby(
        "tv_nsec",
        "() -> Integer",
        "The nanoseconds after the second.",
        "Time.at(1.5).tv_nsec => 500000000",
        |_, it, _| small(receiver(it).at.nanos),
    ),
    ruby("tv_sec", "() -> Integer", "The whole seconds since 1970.", "Time.at(1.5).tv_sec => 1", |_, it, _| {
        Ok(Value::Int(receiver(it).at.seconds))
    }),
    ruby(
        "tv_usec",
        "() -> Integer",
        "The microseconds after the second.",
        "Time.at(1.5).tv_usec => 500000",
        |_, it, _| small(receiver(it).at.nanos / 1000),
    ),
];

pub(super) const DATES: &[Method] = &[
    rails(
        "acts_like_date?",
        "() -> Boolean",
        "true: it has a day.",
        "Date.new(2024).acts_like_date? => true",
        |_, _, _| Ok(Value::True),
    ),
    ruby(
        "ajd",
        "() -> Rational",
        "The astronomical Julian day.",
        "Date.new(2024, 1, 1).ajd => (4920621/2)",
        |_, it, _| {
            let since_noon = julian_seconds(it).checked_sub(&Instant::new(DAY / 2, 0)).unwrap_or_default();
            Ok(day_fraction(&since_noon))
        },
    ),
    ruby(
        "amjd",
        "() -> Rational",
        "The astronomical modified Julian day.",
        "Date.new(2024, 1, 1).amjd => (60310/1)",
        |_, it, _| {
            let since_start = julian_seconds(it).checked_sub(&Instant::new(2_400_001 * DAY, 0)).unwrap_or_default();
            Ok(day_fraction(&since_start))
        },
    ),
    ruby(
        "cwday",
        "() -> Integer",
        "The day of the week; Monday is 1.",
        "Date.new(2024, 1, 7).cwday => 7",
        |_, it, _| small((week_day(civil(it).1) + 6) % 7 + 1),
    ),
    ruby("cweek", "() -> Integer", "The week by ISO 8601.", "Date.new(2024, 1, 8).cweek => 2", |_, it, _| {
        Ok(Value::Int(iso_week(calendar_of(it), civil(it).1).1))
    }),
    ruby("cwyear", "() -> Integer", "The year of that week.", "Date.new(2021, 1, 1).cwyear => 2020", |_, it, _| {
        Ok(Value::Int(iso_week(calendar_of(it), civil(it).1).0))
    }),
    ruby(
        "day_fraction",
        "() -> Rational",
        "The part of the day that is over.",
        "DateTime.new(2024, 1, 1, 12).day_fraction => (1/2)",
        |_, it, _| match it {
            Value::Time(time) => {
                let wall = wall_instant(time)?;
                Ok(day_fraction(
                    &wall.checked_sub(&Instant::new(wall.seconds.div_euclid(DAY) * DAY, 0)).unwrap_or_default(),
                ))
            }
            other => {
                let part = receiver_date(other).day_seconds();
                Ok(if part == Instant::default() { Value::Int(0) } else { day_fraction(&part) })
            }
        },
    ),
    ruby(
        "gregorian?",
        "() -> Boolean",
        "After the calendar's reform?",
        "Date.new(1500).gregorian? => false",
        |_, it, _| Ok(Value::bool(civil(it).1 >= REFORM)),
    ),
    ruby("jd", "() -> Integer", "The Julian day number.", "Date.new(2024, 1, 1).jd => 2460311", |_, it, _| {
        Ok(Value::Int(civil(it).1))
    }),
    ruby("julian?", "() -> Boolean", "Before the calendar's reform?", "Date.new(1500).julian? => true", |_, it, _| {
        Ok(Value::bool(civil(it).1 < REFORM))
    }),
    ruby("ld", "() -> Integer", "The Lilian day number.", "Date.new(2024, 1, 1).ld => 161151", |_, it, _| {
        Ok(Value::Int(civil(it).1 - 2_299_160))
    }),
    ruby("leap?", "() -> Boolean", "Is it a leap year?", "Date.new(2024).leap? => true", |_, it, _| {
        Ok(Value::bool(calendar_of(it).is_leap(civil(it).0.year)))
    }),
    ruby("mjd", "() -> Integer", "The modified Julian day number.", "Date.new(2024, 1, 1).mjd => 60310", |_, it, _| {
        Ok(Value::Int(civil(it).1 - 2_400_001))
    }),
    ruby(
        "start",
        "() -> Float",
        "The Julian day of the calendar's reform.",
        "Date.new(2024).start => 2299161.0",
        |_, _, _| Ok(Value::float(REFORM as f64)),
    ),
];

pub(super) const DATE_TIMES: &[Method] = &[
    ruby("minute", "() -> Integer", "The minute.", "DateTime.new(2024, 1, 1, 0, 7).minute => 7", minute),
    ruby(
        "offset",
        "() -> Rational",
        "The offset from UTC as a part of a day.",
        "DateTime.new(2024, 1, 1, 0, 0, 0, '+09:00').offset => (3/8)",
        |_, it, _| Ok(day_fraction(&Instant::new(i64::from(receiver(it).offset()), 0))),
    ),
    ruby("second", "() -> Integer", "The second.", "DateTime.new(2024, 1, 1, 0, 0, 9).second => 9", second),
    ruby(
        "second_fraction",
        "() -> Rational",
        "The part of the second, exactly.",
        "DateTime.new(2024, 1, 1, 0, 0, 0.5).second_fraction => (1/2)",
        |_, it, _| Ok(fraction(&receiver(it).at)),
    ),
];

const REFORM: i64 = 2_299_161;

fn small(number: u32) -> Result<Value> {
    Ok(Value::Int(i64::from(number)))
}

fn is_day<const DAY_NUMBER: u32>(_: &mut dyn Host, it: &Value, _: Args) -> Result<Value> {
    Ok(Value::bool(week_day(civil(it).1) == DAY_NUMBER))
}

fn is_weekend(it: &Value) -> bool {
    matches!(week_day(civil(it).1), 0 | 6)
}

fn minute(_: &mut dyn Host, it: &Value, _: Args) -> Result<Value> {
    small(receiver(it).wall().minute)
}

fn second(_: &mut dyn Host, it: &Value, _: Args) -> Result<Value> {
    small(receiver(it).wall().second)
}

/// The part of a second as DateTime has it: a Rational even where it is 0.
fn fraction(at: &Instant) -> Value {
    match at.fraction() {
        Value::Int(_) => Instant::default().to_rational(),
        fraction => fraction,
    }
}

/// DateTime answers in whole seconds, Time in a Float of microseconds.
fn seconds_since_midnight(_: &mut dyn Host, it: &Value, _: Args) -> Result<Value> {
    let time = receiver(it);
    let clock = clock_seconds(&time.wall());
    Ok(match time.flavor {
        Flavor::DateTime => Value::Int(clock),
        _ => Value::float(clock as f64 + f64::from(time.at.nanos / 1000) / 1.0e6),
    })
}

fn to_a(_: &mut dyn Host, it: &Value, _: Args) -> Result<Value> {
    let time = receiver(it);
    let wall = time.wall();
    let calendar = time.calendar();
    let is_dst = time.zone().period_at(time.at.seconds).is_some_and(|period| period.is_dst);
    let number = |number: u32| Value::Int(i64::from(number));
    Ok(Value::array(vec![
        number(wall.second),
        number(wall.minute),
        number(wall.hour),
        number(wall.civil.day),
        number(wall.civil.month),
        Value::Int(wall.civil.year),
        number(wall.week_day()),
        Value::Int(calendar.year_day(wall.day)),
        Value::bool(is_dst),
        time.abbreviation().into(),
    ]))
}
