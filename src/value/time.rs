//! Points in time and durations.

use super::Value;

/// A point in time with the zone it is shown in.
#[derive(Clone, Debug)]
pub struct Time {
    /// Seconds since the epoch, floored.
    pub seconds: i64,
    pub nanos: u32,
    pub zone: Zone,
    pub flavor: Flavor,
}

/// Which class a time is of; the same instant prints differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flavor {
    /// Ruby's Time
    Time,
    /// ActiveSupport::TimeWithZone
    WithZone,
    DateTime,
    /// The SDK's time, made by schema conversion: prints as ISO 8601 with six decimals.
    Sdk,
}

#[derive(Clone, Debug)]
pub enum Zone {
    /// UTC proper: prints `UTC`.
    Utc,
    /// An offset in seconds east of UTC.
    Fixed(i32),
    /// A named zone: the IANA zone and the name it was asked for by (ActiveSupport's or IANA's).
    Named(chrono_tz::Tz, &'static str),
}

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

/// ActiveSupport::Duration: calendar parts, in the order they were added; each an Integer, Float or Rational.
#[derive(Clone)]
pub struct Duration {
    pub parts: Vec<(DurationUnit, Value)>,
    /// The length in seconds, with average months and years.
    pub seconds: Value,
}

impl Time {
    /// The offset from UTC in seconds at this instant.
    pub fn offset(&self) -> i32 {
        use chrono::{Offset, TimeZone};
        match &self.zone {
            Zone::Utc => 0,
            Zone::Fixed(seconds) => *seconds,
            Zone::Named(zone, _) => {
                let utc = chrono::DateTime::from_timestamp(self.seconds, 0).unwrap_or_default().naive_utc();
                zone.offset_from_utc_datetime(&utc).fix().local_minus_utc()
            }
        }
    }

    /// The wall clock in the time's zone.
    pub fn local(&self) -> chrono::NaiveDateTime {
        let seconds = self.seconds + i64::from(self.offset());
        chrono::DateTime::from_timestamp(seconds, self.nanos).unwrap_or_default().naive_utc()
    }

    /// `to_s` of its class.
    pub fn to_s(&self) -> String {
        let local = self.local();
        match self.flavor {
            Flavor::Sdk => format!("{}{}", local.format("%Y-%m-%dT%H:%M:%S%.6f"), self.offset_text(":")),
            Flavor::DateTime => format!("{}{}", local.format("%Y-%m-%dT%H:%M:%S"), self.offset_text(":")),
            Flavor::Time | Flavor::WithZone if self.is_utc() => format!("{} UTC", local.format("%Y-%m-%d %H:%M:%S")),
            Flavor::Time | Flavor::WithZone => {
                format!("{} {}", local.format("%Y-%m-%d %H:%M:%S"), self.offset_text(""))
            }
        }
    }

    /// `inspect` of its class.
    pub fn inspect(&self) -> String {
        self.to_s()
    }

    pub const fn is_utc(&self) -> bool {
        matches!(self.zone, Zone::Utc)
    }

    /// `+0800`, with `separator` between hours and minutes.
    pub fn offset_text(&self, separator: &str) -> String {
        let offset = self.offset();
        let sign = if offset < 0 { '-' } else { '+' };
        let minutes = offset.abs() / 60;
        format!("{sign}{:02}{separator}{:02}", minutes / 60, minutes % 60)
    }
}

impl Duration {
    /// `3 days and 2 hours`.
    pub fn inspect(&self) -> String {
        super::to_s(&self.seconds).to_text() + " seconds"
    }
}
