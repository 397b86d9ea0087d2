//! Lengths of time with calendar parts: ActiveSupport::Duration.

use super::{Value, to_s};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DurationUnit {
    Years,
    Months,
    Weeks,
    Days,
    Hours,
    Minutes,
    Seconds,
}

/// Calendar parts, in the order they were added; each an Integer, Float, Rational or BigDecimal.
#[derive(Clone)]
pub struct Duration {
    pub parts: Vec<(DurationUnit, Value)>,
    /// The length in seconds, with average months and years.
    pub seconds: Value,
}

impl DurationUnit {
    /// Longest first, the order in which parts are printed.
    pub const ALL: [Self; 7] =
        [Self::Years, Self::Months, Self::Weeks, Self::Days, Self::Hours, Self::Minutes, Self::Seconds];

    /// The plural name: `days`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Years => "years",
            Self::Months => "months",
            Self::Weeks => "weeks",
            Self::Days => "days",
            Self::Hours => "hours",
            Self::Minutes => "minutes",
            Self::Seconds => "seconds",
        }
    }

    /// Its (average) length: a year is 365.2425 days, a month a twelfth of it.
    pub const fn seconds(self) -> i64 {
        match self {
            Self::Years => 31_556_952,
            Self::Months => 2_629_746,
            Self::Weeks => 604_800,
            Self::Days => 86_400,
            Self::Hours => 3_600,
            Self::Minutes => 60,
            Self::Seconds => 1,
        }
    }
}

impl Duration {
    /// `3 days and 2 hours`.
    pub fn inspect(&self) -> String {
        if self.parts.is_empty() {
            return to_s(&self.seconds).to_text() + " seconds";
        }
        let mut parts: Vec<_> = self.parts.iter().collect();
        parts.sort_by_key(|(unit, _)| *unit);
        let texts: Vec<String> = parts.into_iter().map(|(unit, count)| part_text(*unit, count)).collect();
        match texts.as_slice() {
            [one] => one.clone(),
            [one, two] => format!("{one} and {two}"),
            [most @ .., last] => format!("{}, and {last}", most.join(", ")),
            [] => String::new(),
        }
    }

    pub fn part(&self, unit: DurationUnit) -> Option<&Value> {
        self.parts.iter().find(|(other, _)| *other == unit).map(|(_, count)| count)
    }
}

fn part_text(unit: DurationUnit, count: &Value) -> String {
    let name = if super::equal(count, &Value::Int(1)) { &unit.name()[..unit.name().len() - 1] } else { unit.name() };
    format!("{} {name}", to_s(count).to_text())
}
