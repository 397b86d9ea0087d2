//! The constants of Date, Time, durations and zones.

use super::strftime::{DAYS, MONTHS};
use super::{spans, zone_names};
use crate::value::{DurationUnit, Hash, Value};

/// Names of days, Sunday first; the first three letters of them.
pub fn day_names(letters: usize) -> Value {
    Value::array(DAYS.iter().map(|name| Value::str(name.get(..letters).unwrap_or(name))).collect())
}

/// Names of months after a nil, so that January is 1; the first letters of them.
pub fn month_names(letters: usize) -> Value {
    let names = MONTHS.iter().map(|name| Value::str(name.get(..letters).unwrap_or(name)));
    Value::array(std::iter::once(Value::Nil).chain(names).collect())
}

/// `{sunday: 0, …}`
pub fn days_into_week() -> Value {
    table(spans::DAY_NAMES.iter().zip(0..).map(|(name, at)| (Value::symbol(name), Value::Int(at))))
}

/// The days of months in a common year, after a nil.
pub fn days_of_months() -> Value {
    let days = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31].map(Value::Int);
    Value::array(std::iter::once(Value::Nil).chain(days).collect())
}

/// The units of durations, longest first.
pub fn duration_parts() -> Value {
    Value::array(DurationUnit::ALL.iter().map(|unit| Value::symbol(unit.name())).collect())
}

/// The units of durations with their seconds, shortest first.
pub fn duration_lengths() -> Value {
    let units = DurationUnit::ALL.iter().rev();
    table(units.map(|unit| (Value::symbol(unit.name()), Value::Int(unit.seconds()))))
}

/// ActiveSupport's names of zones with IANA's.
pub fn zone_names() -> Value {
    table(zone_names::NAMES.iter().map(|(name, iana)| (Value::str(name), Value::str(iana))))
}

fn table(pairs: impl Iterator<Item = (Value, Value)>) -> Value {
    let hash = Hash::new();
    for (key, value) in pairs {
        hash.insert(key, value);
    }
    Value::hash(hash)
}
