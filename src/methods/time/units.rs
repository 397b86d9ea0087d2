//! Numbers as durations (`5.minutes`), and numbers as instants (`Integer#to_time`).

use super::duration::of;
use super::moment::{current_zone, exact, value};
use super::number::multiply;
use crate::methods::{Method, rails, sdk};
use crate::value::{DurationUnit, Flavor, Time, Value};

pub(super) const NUMBERS: &[Method] = &[
    rails("days day", "() -> Duration", "So many days.", "2.days => 2 days", |host, it, _| {
        of(host, DurationUnit::Days, it)
    }),
    rails(
        "fortnights fortnight",
        "() -> Duration",
        "So many times two weeks.",
        "1.fortnight => 2 weeks",
        |host, it, _| {
            let weeks = multiply(host, it, &Value::Int(2))?;
            of(host, DurationUnit::Weeks, &weeks)
        },
    ),
    rails("hours hour", "() -> Duration", "So many hours.", "1.5.hours => 1.5 hours", |host, it, _| {
        of(host, DurationUnit::Hours, it)
    }),
    rails("minutes minute", "() -> Duration", "So many minutes.", "5.minutes => 5 minutes", |host, it, _| {
        of(host, DurationUnit::Minutes, it)
    }),
    rails("seconds second", "() -> Duration", "So many seconds.", "1.second => 1 second", |host, it, _| {
        of(host, DurationUnit::Seconds, it)
    }),
    rails("weeks week", "() -> Duration", "So many weeks.", "2.weeks => 2 weeks", |host, it, _| {
        of(host, DurationUnit::Weeks, it)
    }),
];

pub(super) const INTEGERS: &[Method] = &[
    rails(
        "months month",
        "() -> Duration",
        "So many months of the calendar.",
        "Date.new(2024, 1, 31) + 1.month => Thu, 29 Feb 2024",
        |host, it, _| of(host, DurationUnit::Months, it),
    ),
    sdk(
        "to_time",
        "() -> TimeWithZone",
        "The time so many seconds after 1970, in `Time.zone`.",
        "1700000000.to_time.to_s => \"2023-11-14 14:13:20 -0800\"",
        |host, it, _| {
            let zone = current_zone(host);
            Ok(value(Time::new(exact(it)?, zone, Flavor::WithZone)))
        },
    ),
    rails(
        "years year",
        "() -> Duration",
        "So many years of the calendar.",
        "1.year.to_i => 31556952",
        |host, it, _| of(host, DurationUnit::Years, it),
    ),
];
