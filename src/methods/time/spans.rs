//! ActiveSupport's calendar: beginnings and ends of days, weeks, months, quarters and years; next and previous ones.

use super::calendar::{
    Steps, add_months, advance, at_clock, at_clock_on, calendar_of, civil, first_moment, last_moment, on_day,
};
use super::moment::{clock_seconds, receiver, today_in_zone};
use super::number;
use crate::methods::{Args, Host, Method, rails, ruby};
use crate::value::calendar::{Civil, days_in_month, week_day};
use crate::value::{ClassId, Exception, Flavor, Range, Result, Unwind, Value, raise};
use std::rc::Rc;

const LAST_NANO: u32 = 999_999_999;

/// Methods of dates and times. Those that end a span answer with its last nanosecond for times, its last day for dates.
pub(super) const ALL: &[Method] = &[
    rails(
        "all_day",
        "() -> Range",
        "From the first to the last moment of the day.",
        "Time.utc(2024, 1, 2).all_day.first => 2024-01-02 00:00:00 UTC",
        |host, it, _| {
            let (_, day) = civil(it);
            range(at_clock(host, it, 0, 0)?, at_clock_on(host, it, day, 86_399, LAST_NANO)?)
        },
    ),
    rails(
        "all_month",
        "() -> Range",
        "The whole month.",
        "Date.new(2024, 2, 7).all_month => Thu, 01 Feb 2024..Thu, 29 Feb 2024",
        |host, it, _| range(first_of(host, it, Span::Month)?, last_of(host, it, Span::Month)?),
    ),
    rails(
        "all_quarter",
        "() -> Range",
        "The whole quarter.",
        "Date.new(2024, 2, 7).all_quarter => Mon, 01 Jan 2024..Sun, 31 Mar 2024",
        |host, it, _| range(first_of(host, it, Span::Quarter)?, last_of(host, it, Span::Quarter)?),
    ),
    rails(
        "all_week",
        "(start = :monday) -> Range",
        "The whole week.",
        "Date.new(2024, 1, 3).all_week => Mon, 01 Jan 2024..Sun, 07 Jan 2024",
        |host, it, args| {
            let (first, last) = week(host, it, args.given(0))?;
            range(first_moment(host, it, first)?, last_moment(host, it, last)?)
        },
    ),
    rails(
        "all_year",
        "() -> Range",
        "The whole year.",
        "Date.new(2024, 2, 7).all_year => Mon, 01 Jan 2024..Tue, 31 Dec 2024",
        |host, it, _| range(first_of(host, it, Span::Year)?, last_of(host, it, Span::Year)?),
    ),
    rails(
        "beginning_of_day midnight at_midnight at_beginning_of_day",
        "()",
        "Midnight; of a date, in `Time.zone`.",
        "Time.utc(2024, 1, 2, 3).beginning_of_day => 2024-01-02 00:00:00 UTC",
        |host, it, _| at_clock(host, it, 0, 0),
    ),
    rails(
        "beginning_of_month at_beginning_of_month",
        "()",
        "The first of the month.",
        "Date.new(2024, 2, 7).beginning_of_month => Thu, 01 Feb 2024",
        |host, it, _| first_of(host, it, Span::Month),
    ),
    rails(
        "beginning_of_quarter at_beginning_of_quarter",
        "()",
        "The first day of the quarter.",
        "Date.new(2024, 6, 7).beginning_of_quarter => Mon, 01 Apr 2024",
        |host, it, _| first_of(host, it, Span::Quarter),
    ),
    rails(
        "beginning_of_week at_beginning_of_week",
        "(start = :monday)",
        "The first day of the week.",
        "Date.new(2024, 1, 3).beginning_of_week(:sunday) => Sun, 31 Dec 2023",
        |host, it, args| {
            let (first, _) = week(host, it, args.given(0))?;
            first_moment(host, it, first)
        },
    ),
    rails(
        "beginning_of_year at_beginning_of_year",
        "()",
        "The first of January.",
        "Date.new(2024, 6, 7).beginning_of_year => Mon, 01 Jan 2024",
        |host, it, _| first_of(host, it, Span::Year),
    ),
    rails(
        "days_ago",
        "(days)",
        "So many days earlier.",
        "Date.new(2024, 1, 1).days_ago(1) => Sun, 31 Dec 2023",
        |host, it, args| back(host, it, &args.get(0), Steps::days),
    ),
    rails(
        "days_since",
        "(days)",
        "So many days later.",
        "Date.new(2024, 1, 1).days_since(1) => Tue, 02 Jan 2024",
        |host, it, args| advance(host, it, Steps::days(args.get(0))),
    ),
    rails(
        "days_to_week_start",
        "(start = :monday) -> Integer",
        "How many days ago the week began.",
        "Date.new(2024, 1, 3).days_to_week_start => 2",
        |host, it, args| Ok(Value::Int(civil(it).1 - week(host, it, args.given(0))?.0)),
    ),
    rails(
        "end_of_day at_end_of_day",
        "()",
        "The last moment of the day; of a date, in `Time.zone`.",
        "Time.utc(2024, 1, 2).end_of_day.nsec => 999999999",
        |host, it, _| at_clock(host, it, 86_399, LAST_NANO),
    ),
    rails(
        "end_of_month at_end_of_month",
        "()",
        "The last day of the month.",
        "Date.new(2024, 2, 7).end_of_month => Thu, 29 Feb 2024",
        |host, it, _| last_of(host, it, Span::Month),
    ),
    rails(
        "end_of_quarter at_end_of_quarter",
        "()",
        "The last day of the quarter.",
        "Date.new(2024, 2, 7).end_of_quarter => Sun, 31 Mar 2024",
        |host, it, _| last_of(host, it, Span::Quarter),
    ),
    rails(
        "end_of_week at_end_of_week",
        "(start = :monday)",
        "The last day of the week.",
        "Date.new(2024, 1, 3).end_of_week => Sun, 07 Jan 2024",
        |host, it, args| {
            let (_, last) = week(host, it, args.given(0))?;
            last_moment(host, it, last)
        },
    ),
    rails(
        "end_of_year at_end_of_year",
        "()",
        "The last day of the year.",
        "Date.new(2024, 2, 7).end_of_year => Tue, 31 Dec 2024",
        |host, it, _| last_of(host, it, Span::Year),
    ),
    rails("future?", "() -> Boolean", "Is it still to come?", "Date.new(9999).future? => true", |host, it, _| {
        Ok(Value::bool(against_now(host, it).is_gt()))
    }),
    rails(
        "last_month",
        "()",
        "A month earlier.",
        "Date.new(2024, 3, 31).last_month => Thu, 29 Feb 2024",
        |host, it, _| advance(host, it, Steps::months(Value::Int(-1))),
    ),
    rails(
        "last_year",
        "()",
        "A year earlier.",
        "Date.new(2024, 2, 29).last_year => Tue, 28 Feb 2023",
        |host, it, _| advance(host, it, Steps::years(Value::Int(-1))),
    ),
    rails(
        "middle_of_day midday noon at_midday at_noon at_middle_of_day",
        "()",
        "Noon; of a date, in `Time.zone`.",
        "Time.utc(2024, 1, 2).noon => 2024-01-02 12:00:00 UTC",
        |host, it, _| at_clock(host, it, 43_200, 0),
    ),
    rails(
        "monday",
        "()",
        "The Monday of the week.",
        "Date.new(2024, 1, 3).monday => Mon, 01 Jan 2024",
        |host, it, _| {
            let (_, day) = civil(it);
            first_moment(host, it, day - i64::from((week_day(day) + 6) % 7))
        },
    ),
    rails(
        "months_ago",
        "(months)",
        "So many months earlier.",
        "Date.new(2024, 3, 31).months_ago(1) => Thu, 29 Feb 2024",
        |host, it, args| back(host, it, &args.get(0), Steps::months),
    ),
    rails(
        "months_since",
        "(months)",
        "So many months later.",
        "Date.new(2024, 1, 31).months_since(1) => Thu, 29 Feb 2024",
        |host, it, args| advance(host, it, Steps::months(args.get(0))),
    ),
    ruby(
        "next_day",
        "(days = 1)",
        "So many days later.",
        "Date.new(2024, 1, 1).next_day => Tue, 02 Jan 2024",
        |host, it, args| advance(host, it, Steps::days(one(&args))),
    ),
    ruby(
        "next_month",
        "(months = 1)",
        "So many months later.",
        "Date.new(2024, 1, 31).next_month => Thu, 29 Feb 2024",
        |host, it, args| advance(host, it, Steps::months(one(&args))),
    ),
    rails(
        "next_occurring",
        "(day)",
        "The next such day of the week.",
        "Date.new(2024, 1, 1).next_occurring(:monday) => Mon, 08 Jan 2024",
        |host, it, args| {
            let (_, day) = civil(it);
            let ahead = i64::from((day_number(&args.get(0))? + 7 - week_day(day)) % 7);
            moved(host, it, if ahead == 0 { 7 } else { ahead })
        },
    ),
    rails(
        "next_quarter",
        "()",
        "Three months later.",
        "Date.new(2024, 1, 31).next_quarter => Tue, 30 Apr 2024",
        |host, it, _| advance(host, it, Steps::months(Value::Int(3))),
    ),
    rails(
        "next_week",
        "(day = :monday, same_time: false)",
        "A day of the week after, at midnight.",
        "Date.new(2024, 1, 3).next_week(:friday) => Fri, 12 Jan 2024",
        |host, it, args| other_week(host, it, args, 1),
    ),
    rails(
        "next_weekday",
        "()",
        "The next day from Monday to Friday.",
        "Date.new(2024, 1, 5).next_weekday => Mon, 08 Jan 2024",
        |host, it, _| {
            moved(
                host,
                it,
                match week_day(civil(it).1) {
                    5 => 3,
                    6 => 2,
                    _ => 1,
                },
            )
        },
    ),
    ruby(
        "next_year",
        "(years = 1)",
        "So many years later.",
        "Date.new(2024, 2, 29).next_year => Fri, 28 Feb 2025",
        |host, it, args| advance(host, it, Steps::years(one(&args))),
    ),
    rails("past?", "() -> Boolean", "Is it over?", "Date.new(2024).past? => true", |host, it, _| {
        Ok(Value::bool(against_now(host, it).is_lt()))
    }),
    ruby(
        "prev_day",
        "(days = 1)",
        "So many days earlier.",
        "Date.new(2024, 1, 1).prev_day => Sun, 31 Dec 2023",
        |host, it, args| back(host, it, &one(&args), Steps::days),
    ),
    ruby(
        "prev_month",
        "(months = 1)",
        "So many months earlier.",
        "Date.new(2024, 3, 31).prev_month => Thu, 29 Feb 2024",
        |host, it, args| back(host, it, &one(&args), Steps::months),
    ),
    rails(
        "prev_occurring",
        "(day)",
        "The last such day of the week before.",
        "Date.new(2024, 1, 8).prev_occurring(:monday) => Mon, 01 Jan 2024",
        |host, it, args| {
            let (_, day) = civil(it);
            let behind = i64::from((week_day(day) + 7 - day_number(&args.get(0))?) % 7);
            moved(host, it, if behind == 0 { -7 } else { -behind })
        },
    ),
    rails(
        "prev_quarter last_quarter",
        "()",
        "Three months earlier.",
        "Date.new(2024, 1, 31).prev_quarter => Tue, 31 Oct 2023",
        |host, it, _| advance(host, it, Steps::months(Value::Int(-3))),
    ),
    rails(
        "prev_week last_week",
        "(day = :monday, same_time: false)",
        "A day of the week before, at midnight.",
        "Date.new(2024, 1, 3).prev_week => Mon, 25 Dec 2023",
        |host, it, args| other_week(host, it, args, -1),
    ),
    rails(
        "prev_weekday last_weekday",
        "()",
        "The last day from Monday to Friday before.",
        "Date.new(2024, 1, 8).prev_weekday => Fri, 05 Jan 2024",
        |host, it, _| {
            moved(
                host,
                it,
                match week_day(civil(it).1) {
                    0 => -2,
                    1 => -3,
                    _ => -1,
                },
            )
        },
    ),
    ruby(
        "prev_year",
        "(years = 1)",
        "So many years earlier.",
        "Date.new(2024, 2, 29).prev_year => Tue, 28 Feb 2023",
        |host, it, args| back(host, it, &one(&args), Steps::years),
    ),
    rails(
        "sunday",
        "()",
        "The Sunday of the week, for times its last moment.",
        "Date.new(2024, 1, 3).sunday => Sun, 07 Jan 2024",
        |host, it, _| {
            let (_, day) = civil(it);
            last_moment(host, it, day + i64::from((7 - week_day(day)) % 7))
        },
    ),
    rails("today?", "() -> Boolean", "Is it today in `Time.zone`?", "Date.new(2000).today? => false", |host, it, _| {
        is_days_from_today(host, it, 0)
    }),
    rails("tomorrow", "()", "A day later.", "Date.new(2024, 1, 1).tomorrow => Tue, 02 Jan 2024", |host, it, _| {
        moved(host, it, 1)
    }),
    rails(
        "tomorrow? next_day?",
        "() -> Boolean",
        "Is it tomorrow in `Time.zone`?",
        "Date.new(2000).tomorrow? => false",
        |host, it, _| is_days_from_today(host, it, 1),
    ),
    rails(
        "weeks_ago",
        "(weeks)",
        "So many weeks earlier.",
        "Date.new(2024, 1, 8).weeks_ago(1) => Mon, 01 Jan 2024",
        |host, it, args| back(host, it, &args.get(0), Steps::weeks),
    ),
    rails(
        "weeks_since",
        "(weeks)",
        "So many weeks later.",
        "Date.new(2024, 1, 1).weeks_since(1) => Mon, 08 Jan 2024",
        |host, it, args| advance(host, it, Steps::weeks(args.get(0))),
    ),
    rails(
        "years_ago",
        "(years)",
        "So many years earlier.",
        "Date.new(2024, 2, 29).years_ago(1) => Tue, 28 Feb 2023",
        |host, it, args| back(host, it, &args.get(0), Steps::years),
    ),
    rails(
        "years_since",
        "(years)",
        "So many years later.",
        "Date.new(2024, 2, 29).years_since(1) => Fri, 28 Feb 2025",
        |host, it, args| advance(host, it, Steps::years(args.get(0))),
    ),
    rails("yesterday", "()", "A day earlier.", "Date.new(2024, 1, 1).yesterday => Sun, 31 Dec 2023", |host, it, _| {
        moved(host, it, -1)
    }),
    rails(
        "yesterday? prev_day?",
        "() -> Boolean",
        "Is it yesterday in `Time.zone`?",
        "Date.new(2000).yesterday? => false",
        |host, it, _| is_days_from_today(host, it, -1),
    ),
];

pub(super) const TIMES: &[Method] = &[
    rails(
        "beginning_of_hour at_beginning_of_hour",
        "()",
        "The full hour before.",
        "Time.utc(2024, 1, 1, 3, 4).beginning_of_hour => 2024-01-01 03:00:00 UTC",
        |host, it, _| {
            let clock = clock_of(it);
            at_clock(host, it, clock - clock % 3600, 0)
        },
    ),
    rails(
        "beginning_of_minute at_beginning_of_minute",
        "()",
        "The full minute before.",
        "Time.utc(2024, 1, 1, 3, 4, 5).beginning_of_minute => 2024-01-01 03:04:00 UTC",
        |host, it, _| {
            let clock = clock_of(it);
            at_clock(host, it, clock - clock % 60, 0)
        },
    ),
    rails(
        "end_of_hour at_end_of_hour",
        "()",
        "The last moment of the hour.",
        "Time.utc(2024, 1, 1, 3).end_of_hour.min => 59",
        |host, it, _| {
            let clock = clock_of(it);
            at_clock(host, it, clock - clock % 3600 + 3599, LAST_NANO)
        },
    ),
    rails(
        "end_of_minute at_end_of_minute",
        "()",
        "The last moment of the minute.",
        "Time.utc(2024, 1, 1, 3).end_of_minute.sec => 59",
        |host, it, _| {
            let clock = clock_of(it);
            at_clock(host, it, clock - clock % 60 + 59, LAST_NANO)
        },
    ),
];

#[derive(Clone, Copy)]
enum Span {
    Month,
    Quarter,
    Year,
}

fn clock_of(it: &Value) -> i64 {
    clock_seconds(&receiver(it).wall())
}

fn one(args: &Args) -> Value {
    args.given(0).cloned().unwrap_or(Value::Int(1))
}

fn range(lo: Value, hi: Value) -> Result<Value> {
    Ok(Value::Range(Rc::new(Range { lo, hi, exclusive: false })))
}

fn moved(host: &mut dyn Host, it: &Value, days: i64) -> Result<Value> {
    advance(host, it, Steps::days(Value::Int(days)))
}

fn back(host: &mut dyn Host, it: &Value, count: &Value, steps: fn(Value) -> Steps) -> Result<Value> {
    let count = number::negate(host, count)?;
    advance(host, it, steps(count))
}

/// The first day of a span: the months since its first one back, then to the 1st.
fn first_of(host: &mut dyn Host, it: &Value, span: Span) -> Result<Value> {
    let (now, day) = civil(it);
    let since = match span {
        Span::Month => 0,
        Span::Quarter => (now.month - 1) % 3,
        Span::Year => now.month - 1,
    };
    let first = add_months(calendar_of(it), day, -i64::from(since))?;
    let Civil { year, month, day } = calendar_of(it).civil(first);
    let first = calendar_of(it).day(Civil::new(year, month, 1)).unwrap_or(first - i64::from(day) + 1);
    first_moment(host, it, first)
}

fn last_of(host: &mut dyn Host, it: &Value, span: Span) -> Result<Value> {
    let (now, day) = civil(it);
    let ahead = match span {
        Span::Month => 0,
        Span::Quarter => 2 - (now.month - 1) % 3,
        Span::Year => 12 - now.month,
    };
    let last = add_months(calendar_of(it), day, i64::from(ahead))?;
    let month = calendar_of(it).civil(last);
    last_moment(host, it, last + i64::from(days_in_month(month.year, month.month)) - i64::from(month.day))
}

/// The first and last day of the week around a day.
fn week(host: &mut dyn Host, it: &Value, start: Option<&Value>) -> Result<(i64, i64)> {
    let start = match start {
        Some(start) => day_number(start)?,
        None => week_start(host),
    };
    let (_, day) = civil(it);
    let first = day - i64::from((week_day(day) + 7 - start) % 7);
    Ok((first, first + 6))
}

/// `Date.beginning_of_week`; Sunday is 0.
pub fn week_start(host: &mut dyn Host) -> u32 {
    host.state().week_start.unwrap_or(1)
}

pub const DAY_NAMES: [&str; 7] = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

/// The number of a day named by a symbol.
pub fn day_number(name: &Value) -> Result<u32> {
    if let Value::Symbol(symbol) = name
        && let Some(at) = symbol.with(|text| DAY_NAMES.iter().position(|day| *day == text))
    {
        return Ok(at as u32);
    }
    Err(key_not_found(name))
}

/// `key not found: :foo`
pub fn key_not_found(key: &Value) -> Box<Unwind> {
    let message = format!("key not found: {}", super::moment::inspect(key));
    let exception = Exception::new(ClassId::KEY_ERROR, message).with_attribute("key", key.clone());
    Box::new(Unwind::Raise(Rc::new(exception)))
}

/// A day of the week `weeks` from now, at midnight or at the same time. Time with zone passes no keywords on.
fn other_week(host: &mut dyn Host, it: &Value, mut args: Args, weeks: i64) -> Result<Value> {
    let zoned = matches!(it, Value::Time(time) if time.flavor == Flavor::WithZone);
    if zoned && args.keywords {
        let given = args.len();
        return Err(raise(
            ClassId::ARGUMENT_ERROR,
            format!("wrong number of arguments (given {given}, expected 0..1)"),
        ));
    }
    let same_time = args.take_keywords().and_then(|options| options.get(&Value::symbol("same_time")));
    let start = week_start(host);
    let wanted = args.given(0).map_or(Ok(start), day_number)?;
    let (first, _) = week(host, it, None)?;
    let day = first + 7 * weeks + i64::from((wanted + 7 - start) % 7);
    if same_time.is_some_and(|same| same.truthy()) { on_day(it, day) } else { first_moment(host, it, day) }
}

/// Order against the present: today for dates, now for times.
fn against_now(host: &mut dyn Host, it: &Value) -> std::cmp::Ordering {
    match it {
        Value::Time(time) => {
            let (seconds, nanos) = host.now();
            time.at.cmp(&crate::value::Instant::new(seconds, nanos))
        }
        other => super::moment::receiver_date(other).cmp(&today_in_zone(host)),
    }
}

fn is_days_from_today(host: &mut dyn Host, it: &Value, days: i64) -> Result<Value> {
    let today = today_in_zone(host).day();
    Ok(Value::bool(super::moment::receiver_date(it).day() == today + days))
}
