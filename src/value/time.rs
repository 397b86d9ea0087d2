//! Points in time, in the zone they are shown in.

use super::Instant;
use super::calendar::{Calendar, Civil, EPOCH_DAY, week_day, year_text};
use super::date::{DAY_NAMES, month_name};
use chrono::{MappedLocalTime, NaiveDateTime, Offset, TimeZone};
use chrono_tz::{OffsetComponents, OffsetName, Tz};
use std::cell::Cell;

const DAY: i64 = 86_400;

/// A point in time with the zone it is shown in.
#[derive(Clone, Debug)]
pub struct Time {
    pub at: Instant,
    /// Changed in place by `utc` and `localtime`.
    zone: Cell<Zone>,
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

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zone {
    /// UTC proper: prints `UTC`.
    Utc,
    /// The zone of the machine, which always is UTC: prints `+0000`.
    Local,
    /// An offset in seconds east of UTC.
    Fixed(i32),
    /// A named zone: the IANA zone and the name it was asked for by (ActiveSupport's or IANA's).
    Named(Tz, &'static str),
}

/// The instant as a clock and a calendar on the wall show it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wall {
    /// The Julian day number.
    pub day: i64,
    pub civil: Civil,
    pub hour: u32,
    pub minute: u32,
    pub second: u32,
}

/// What holds in a zone during some period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    /// Seconds east of UTC.
    pub offset: i32,
    /// Without daylight saving.
    pub base_offset: i32,
    pub is_dst: bool,
    pub abbreviation: String,
}

impl Zone {
    /// The zone of `now` and `today` unless a connector says otherwise.
    pub const PACIFIC: Self = Self::Named(Tz::America__Los_Angeles, "Pacific Time (US & Canada)");

    /// The offset from UTC in seconds at that many seconds since the epoch.
    pub fn offset_at(self, seconds: i64) -> i32 {
        match self {
            Self::Utc | Self::Local => 0,
            Self::Fixed(offset) => offset,
            Self::Named(zone, _) => zone.offset_from_utc_datetime(&naive(seconds)).fix().local_minus_utc(),
        }
    }

    /// The period of a named zone at that many seconds since the epoch; other zones have none.
    pub fn period_at(self, seconds: i64) -> Option<Period> {
        match self {
            Self::Named(zone, _) => Some(period_of(&zone.offset_from_utc_datetime(&naive(seconds)))),
            _ => None,
        }
    }

    /// The periods of a named zone in which a clock shows that time (in seconds as if it were UTC), earlier first: none in
    /// a gap, two where the clock was set back.
    pub fn periods_for_wall(self, wall_seconds: i64) -> Vec<Period> {
        let Self::Named(zone, _) = self else { return Vec::new() };
        match zone.offset_from_local_datetime(&naive(wall_seconds)) {
            MappedLocalTime::None => Vec::new(),
            MappedLocalTime::Single(offset) => vec![period_of(&offset)],
            MappedLocalTime::Ambiguous(first, second) => {
                let mut periods = vec![period_of(&first), period_of(&second)];
                periods.sort_by_key(|period| std::cmp::Reverse(period.offset));
                periods
            }
        }
    }
}

/// Years that the zone data cannot know follow its first and last rule.
fn naive(seconds: i64) -> NaiveDateTime {
    const LIMIT: i64 = 8_000_000_000_000;
    chrono::DateTime::from_timestamp(seconds.clamp(-LIMIT, LIMIT), 0).unwrap_or_default().naive_utc()
}

fn period_of(offset: &<Tz as TimeZone>::Offset) -> Period {
    let dst = offset.dst_offset().num_seconds() as i32;
    let whole = offset.fix().local_minus_utc();
    Period {
        offset: whole,
        base_offset: offset.base_utc_offset().num_seconds() as i32,
        is_dst: dst != 0,
        abbreviation: offset.abbreviation().map_or_else(|| numeric_name(whole), str::to_owned),
    }
}

/// Zones without a name are called by their offset: `+05`, `+0545`.
fn numeric_name(offset: i32) -> String {
    let text = offset_text(offset, "");
    text.strip_suffix("00").unwrap_or(&text).to_owned()
}

impl Time {
    pub const fn new(at: Instant, zone: Zone, flavor: Flavor) -> Self {
        Self { at, zone: Cell::new(zone), flavor }
    }

    pub const fn zone(&self) -> Zone {
        self.zone.get()
    }

    /// Shows the same instant in another zone from now on.
    pub fn set_zone(&self, zone: Zone) {
        self.zone.set(zone);
    }

    /// The same instant, shown in another zone.
    #[must_use]
    pub fn in_zone(&self, zone: Zone) -> Self {
        Self { at: self.at.clone(), zone: Cell::new(zone), flavor: self.flavor }
    }

    /// The offset from UTC in seconds at this instant.
    pub fn offset(&self) -> i32 {
        self.zone().offset_at(self.at.seconds)
    }

    /// Time counts in the Gregorian calendar always, DateTime changes over in 1582.
    pub fn calendar(&self) -> Calendar {
        if self.flavor == Flavor::DateTime { Calendar::Reformed } else { Calendar::Gregorian }
    }

    /// The wall clock in the time's zone.
    pub fn wall(&self) -> Wall {
        Wall::of(self.at.seconds.saturating_add(i64::from(self.offset())), self.calendar())
    }

    /// `to_s` of its class.
    pub fn to_s(&self) -> String {
        let wall = self.wall();
        match self.flavor {
            Flavor::Sdk => self.xmlschema_with_offset(6, &self.offset_text(":")),
            Flavor::DateTime => self.xmlschema(0),
            Flavor::WithZone if self.is_utc() => format!("{} {} UTC", wall.civil.text(), wall.clock_text()),
            Flavor::Time if self.zone() == Zone::Utc => format!("{} {} UTC", wall.civil.text(), wall.clock_text()),
            Flavor::Time | Flavor::WithZone => {
                format!("{} {} {}", wall.civil.text(), wall.clock_text(), self.offset_text(""))
            }
        }
    }

    /// `inspect` of its class.
    pub fn inspect(&self) -> String {
        let wall = self.wall();
        match self.flavor {
            Flavor::Time | Flavor::Sdk => {
                let zone = if self.zone() == Zone::Utc { "UTC".to_owned() } else { self.exact_offset_text() };
                format!("{} {}{} {zone}", wall.civil.text(), wall.clock_text(), self.inspect_fraction())
            }
            Flavor::WithZone => {
                let (name, offset) = (self.abbreviation().unwrap_or_default(), self.offset_text(":"));
                format!("{} {}.{:09} {name} {offset}", wall.readable(), wall.clock_text(), self.at.nanos)
            }
            Flavor::DateTime => format!("{} {} {}", wall.readable(), wall.clock_text(), self.offset_text("")),
        }
    }

    /// `.5`, ` 1/3` for what is not on a nanosecond, or nothing.
    fn inspect_fraction(&self) -> String {
        if !self.at.is_on_nanos() {
            return format!(" {}", super::to_s(&self.at.fraction()).to_text());
        }
        if self.at.nanos == 0 {
            return String::new();
        }
        format!(".{:09}", self.at.nanos).trim_end_matches('0').to_owned()
    }

    /// ISO 8601 with that many digits after the seconds; `Z` for UTC, except that DateTime writes `+00:00`.
    pub fn xmlschema(&self, digits: usize) -> String {
        let is_z = self.flavor != Flavor::DateTime && self.is_utc();
        self.xmlschema_with_offset(digits, if is_z { "Z" } else { "" })
    }

    fn xmlschema_with_offset(&self, digits: usize, offset: &str) -> String {
        let wall = self.wall();
        let mut text = format!("{}T{}", wall.civil.text(), wall.clock_text());
        if digits > 0 {
            text.push('.');
            text.push_str(&self.at.digits(digits));
        }
        text + if offset.is_empty() { self.offset_text(":") } else { offset.to_owned() }.as_str()
    }

    /// In UTC, as `utc?` says: a Time in the machine's zone is not, though its offset is 0.
    pub fn is_utc(&self) -> bool {
        match self.zone() {
            Zone::Utc => true,
            Zone::Local => false,
            Zone::Fixed(offset) => self.flavor == Flavor::DateTime && offset == 0,
            Zone::Named(..) => matches!(self.abbreviation().as_deref(), Some("UTC" | "UCT")),
        }
    }

    /// The abbreviated name of the zone, `PDT`; a mere offset has none.
    pub fn abbreviation(&self) -> Option<String> {
        match self.zone() {
            Zone::Utc | Zone::Local => Some("UTC".to_owned()),
            Zone::Fixed(_) => None,
            Zone::Named(..) => self.zone().period_at(self.at.seconds).map(|period| period.abbreviation),
        }
    }

    /// `+0800`, with `separator` between hours and minutes.
    pub fn offset_text(&self, separator: &str) -> String {
        offset_text(self.offset(), separator)
    }

    /// `+0800`, and `+080030` where the offset has seconds.
    fn exact_offset_text(&self) -> String {
        let seconds = self.offset().abs() % 60;
        if seconds == 0 { self.offset_text("") } else { format!("{}{seconds:02}", self.offset_text("")) }
    }
}

/// An offset from UTC in seconds as `+0800`, with `separator` between hours and minutes.
pub fn offset_text(offset: i32, separator: &str) -> String {
    let sign = if offset < 0 { '-' } else { '+' };
    let minutes = offset.abs() / 60;
    format!("{sign}{:02}{separator}{:02}", minutes / 60, minutes % 60)
}

impl Wall {
    /// The wall at that many seconds after 1970-01-01 00:00 on the same wall.
    pub fn of(seconds: i64, calendar: Calendar) -> Self {
        let day = seconds.div_euclid(DAY) + EPOCH_DAY;
        let rest = seconds.rem_euclid(DAY) as u32;
        Self { day, civil: calendar.civil(day), hour: rest / 3600, minute: rest / 60 % 60, second: rest % 60 }
    }

    /// The inverse of `of`.
    pub fn seconds(&self) -> i64 {
        let clock = i64::from(self.hour) * 3600 + i64::from(self.minute) * 60 + i64::from(self.second);
        (self.day - EPOCH_DAY).saturating_mul(DAY).saturating_add(clock)
    }

    /// Sunday is 0.
    pub const fn week_day(&self) -> u32 {
        week_day(self.day)
    }

    fn clock_text(&self) -> String {
        format!("{:02}:{:02}:{:02}", self.hour, self.minute, self.second)
    }

    /// `Fri, 15 Mar 2024`
    fn readable(&self) -> String {
        let Civil { year, month, day } = self.civil;
        let name = DAY_NAMES[self.week_day() as usize % 7];
        format!("{name}, {day:02} {} {}", month_name(month), year_text(year))
    }
}
