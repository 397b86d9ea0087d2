//! Days of the calendar, as Ruby's Date counts them.

use super::calendar::{Calendar, Civil, EPOCH_DAY, week_day};
use super::{Instant, Value};
use std::rc::Rc;

/// A day, with the part of the day that arithmetic such as `date + 0.5` leaves and printing does not show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    /// The chronological Julian day number.
    day: i32,
    seconds: u32,
    nanos: u32,
}

const DAY: i64 = 86_400;

impl Date {
    /// The day with that Julian day number; `None` beyond some 5.8 million years from now.
    pub fn of_day(day: i64) -> Option<Self> {
        Some(Self { day: i32::try_from(day).ok()?, seconds: 0, nanos: 0 })
    }

    /// 1970-01-01
    pub const fn from_epoch() -> Self {
        Self { day: EPOCH_DAY as i32, seconds: 0, nanos: 0 }
    }

    /// That day, if the calendar has it.
    pub fn new(year: i64, month: u32, day: u32) -> Option<Self> {
        Calendar::Reformed.day(Civil::new(year, month, day)).and_then(Self::of_day)
    }

    /// The day (counted in days, with a fraction) that lies so many seconds after the start of day number 0.
    pub fn of_seconds(since_day_zero: &Instant) -> Option<Self> {
        let day = since_day_zero.seconds.div_euclid(DAY);
        let seconds = since_day_zero.seconds.rem_euclid(DAY) as u32;
        Some(Self { day: i32::try_from(day).ok()?, seconds, nanos: since_day_zero.nanos })
    }

    /// The inverse of `of_seconds`.
    pub fn seconds(self) -> Instant {
        Instant::new(i64::from(self.day) * DAY + i64::from(self.seconds), self.nanos)
    }

    /// The Julian day number.
    pub fn day(self) -> i64 {
        i64::from(self.day)
    }

    /// The part of the day, in seconds.
    pub fn day_seconds(self) -> Instant {
        Instant::new(i64::from(self.seconds), self.nanos)
    }

    pub fn civil(self) -> Civil {
        Calendar::Reformed.civil(self.day())
    }

    /// Sunday is 0.
    pub fn week_day(self) -> u32 {
        week_day(self.day())
    }

    /// `2024-01-02`
    pub fn to_s(self) -> String {
        self.civil().text()
    }

    /// `Tue, 02 Jan 2024`
    pub fn inspect(self) -> String {
        let Civil { year, month, day } = self.civil();
        let year = super::calendar::year_text(year);
        format!("{}, {day:02} {} {year}", DAY_NAMES[self.week_day() as usize % 7], month_name(month))
    }
}

/// Short names, Sunday first.
pub const DAY_NAMES: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

const MONTH_NAMES: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// The short name of a month, from 1.
pub fn month_name(month: u32) -> &'static str {
    MONTH_NAMES.get((month as usize).wrapping_sub(1)).copied().unwrap_or("")
}

impl From<Date> for Value {
    fn from(date: Date) -> Self {
        Self::Date(Rc::new(date))
    }
}
