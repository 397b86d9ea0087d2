//! Dates, times, zones and durations: Ruby's Time, Date and DateTime, ActiveSupport's TimeWithZone, Duration and TimeZone.
//!
//! The machine's zone is UTC always; `Time.zone` is Pacific until a connector says otherwise.

mod build;
mod calendar;
mod change;
mod compare;
pub mod constants;
mod context;
mod convert;
mod date_class;
mod date_rows;
mod duration;
mod duration_text;
mod fields;
mod moment;
mod number;
mod parse;
mod spans;
mod steps;
mod strftime;
mod strings;
mod text;
mod time_class;
mod units;
mod zone;
mod zone_names;
mod zone_rows;

pub use duration::build as duration_of_seconds;
pub use zone::ZoneObject;
pub use zone_names::NAMES as ZONE_NAMES;

use super::{Method, Receiver, Table};
use crate::value::Kind;

/// Everything with a day of the calendar.
const ANY: Receiver = Receiver::Kinds(&[Kind::Time, Kind::TimeWithZone, Kind::DateTime, Kind::Date]);
/// Everything with a clock.
const TIMES: Receiver = Receiver::Kinds(&[Kind::Time, Kind::TimeWithZone, Kind::DateTime]);
const CLOCKS: Receiver = Receiver::Kinds(&[Kind::Time, Kind::TimeWithZone]);
const DAYS: Receiver = Receiver::Kinds(&[Kind::Date, Kind::DateTime]);

const fn table(receiver: Receiver, rows: &'static [Method]) -> Table {
    Table { receiver, rows }
}

/// The tables of this directory.
pub static TABLES: &[Table] = &[
    table(ANY, change::ROWS),
    table(ANY, compare::ALL),
    table(DAYS, compare::DATES),
    table(Receiver::Context, context::ROWS),
    table(ANY, convert::ALL),
    table(TIMES, convert::TIMES),
    table(CLOCKS, convert::CLOCKS),
    table(Receiver::Kinds(&[Kind::TimeWithZone]), convert::ZONED),
    table(Receiver::Kinds(&[Kind::DateTime]), convert::DATE_TIMES),
    table(Receiver::Singleton("Date"), date_rows::DATE),
    table(Receiver::Singleton("DateTime"), date_rows::DATE_TIME),
    table(Receiver::Kinds(&[Kind::Duration]), duration::ROWS),
    table(Receiver::Singleton("ActiveSupport::Duration"), duration::CLASS),
    table(ANY, fields::ALL),
    table(TIMES, fields::TIMES),
    table(CLOCKS, fields::CLOCKS),
    table(DAYS, fields::DATES),
    table(Receiver::Kinds(&[Kind::DateTime]), fields::DATE_TIMES),
    table(ANY, spans::ALL),
    table(TIMES, spans::TIMES),
    table(DAYS, steps::ROWS),
    table(Receiver::Kinds(&[Kind::String]), strings::ROWS),
    table(ANY, text::ALL),
    table(TIMES, text::TIMES),
    table(Receiver::Kinds(&[Kind::Date]), text::DATES),
    table(DAYS, text::ALL_DATES),
    table(Receiver::Singleton("Time"), time_class::ROWS),
    table(Receiver::Numeric, units::NUMBERS),
    table(Receiver::Kinds(&[Kind::Integer]), units::INTEGERS),
    table(Receiver::Kinds(&[Kind::TimeZone]), zone_rows::OBJECTS),
    table(Receiver::Singleton("ActiveSupport::TimeZone"), zone_rows::CLASS),
];
