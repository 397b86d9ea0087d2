//! The calendar as arithmetic: days, years, months, weeks. Pure numbers, without a limit of years that a caller could meet.

/// The chronological Julian day number of 1970-01-01.
pub const EPOCH_DAY: i64 = 2_440_588;

/// The first day of the Gregorian calendar in Rome, where Ruby's Date changes over from the Julian one.
const REFORM_DAY: i64 = 2_299_161;

/// Years beyond this have no exact day number here.
pub const YEAR_LIMIT: i64 = 200_000_000_000;

/// A day of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Civil {
    pub year: i64,
    pub month: u32,
    pub day: u32,
}

/// Which rule of leap years holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Calendar {
    /// Always Gregorian: Ruby's Time.
    Gregorian,
    /// Julian before the reform of 1582: Ruby's Date and DateTime.
    Reformed,
}

pub const fn is_gregorian_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

const fn is_julian_leap(year: i64) -> bool {
    year % 4 == 0
}

/// Days of the month in the Gregorian calendar; 0 for a month that does not exist.
pub const fn days_in_month(year: i64, month: u32) -> u32 {
    match month {
        2 if is_gregorian_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    }
}

impl Civil {
    pub const fn new(year: i64, month: u32, day: u32) -> Self {
        Self { year, month, day }
    }

    /// `2024-01-02`: years have at least four digits, those before year 0 a sign.
    pub fn text(self) -> String {
        format!("{}-{:02}-{:02}", year_text(self.year), self.month, self.day)
    }

    /// The day number of a day that exists in the Gregorian calendar.
    pub const fn gregorian_day(self) -> i64 {
        day_number(self, true)
    }
}

impl Calendar {
    /// The day number, if that day exists; years beyond `YEAR_LIMIT` do not.
    pub fn day(self, civil: Civil) -> Option<i64> {
        if civil.year.abs() > YEAR_LIMIT || !(1..=12).contains(&civil.month) || !(1..=31).contains(&civil.day) {
            return None;
        }
        let day = match self {
            Self::Gregorian => day_number(civil, true),
            Self::Reformed => {
                let day = day_number(civil, true);
                if day < REFORM_DAY { day_number(civil, false) } else { day }
            }
        };
        (self.civil(day) == civil).then_some(day)
    }

    /// The day behind a day number.
    pub const fn civil(self, day: i64) -> Civil {
        match self {
            Self::Reformed if day < REFORM_DAY => civil_of(day, false),
            _ => civil_of(day, true),
        }
    }

    /// The last day of a month: for `Date.new(2024, 2, -1)` and for clamping month arithmetic.
    pub fn last_day(self, year: i64, month: u32) -> Option<i64> {
        (1..=31).rev().find_map(|day| self.day(Civil::new(year, month, day)))
    }

    pub fn is_leap(self, year: i64) -> bool {
        match self {
            Self::Reformed if year < 1582 => is_julian_leap(year),
            _ => is_gregorian_leap(year),
        }
    }

    /// The day of the year, from 1.
    pub fn year_day(self, day: i64) -> i64 {
        let year = self.civil(day).year;
        let first = self.day(Civil::new(year, 1, 1)).unwrap_or(day);
        day - first + 1
    }
}

/// A year with at least four digits, and a sign where it is negative.
pub fn year_text(year: i64) -> String {
    if year < 0 { format!("-{:04}", year.unsigned_abs()) } else { format!("{year:04}") }
}

/// Sunday is 0.
pub const fn week_day(day: i64) -> u32 {
    (day + 1).rem_euclid(7) as u32
}

/// The ISO 8601 year and week of a day.
pub fn iso_week(calendar: Calendar, day: i64) -> (i64, i64) {
    let thursday = day - (i64::from(week_day(day)) + 6) % 7 + 3;
    let year = calendar.civil(thursday).year;
    (year, (calendar.year_day(thursday) - 1) / 7 + 1)
}

/// The day of ISO year, week and week day (Monday is 1); negative weeks and days count from the end.
pub fn day_of_iso_week(calendar: Calendar, year: i64, week: i64, week_day: i64) -> Option<i64> {
    let week_day = if week_day < 0 { week_day + 8 } else { week_day };
    let first_monday = |year: i64| {
        let fourth = calendar.day(Civil::new(year, 1, 4))?;
        Some(fourth - (i64::from(self::week_day(fourth)) + 6) % 7)
    };
    let week = if week < 0 {
        let next = first_monday(year.checked_add(1)?)?;
        iso_week(calendar, next + week.checked_mul(7)?).1
    } else {
        week
    };
    let day = first_monday(year)?.checked_add((week.checked_sub(1)?).checked_mul(7)?)?.checked_add(week_day - 1)?;
    let valid = (1..=7).contains(&week_day) && (1..=53).contains(&week) && iso_week(calendar, day) == (year, week);
    valid.then_some(day)
}

/// The day of a year and a week number counted from the first Sunday (`first` 0) or Monday (1); week day from that day.
pub fn day_of_numbered_week(calendar: Calendar, year: i64, week: i64, week_day: i64, first: i64) -> Option<i64> {
    let week_day = if week_day < 0 { week_day + 7 } else { week_day };
    let january = calendar.day(Civil::new(year, 1, 1))? + 6;
    let start = january - (january + 1 - first).rem_euclid(7) - 7;
    let day = start.checked_add(week.checked_mul(7)?)?.checked_add(week_day)?;
    (calendar.civil(day).year == year && (0..=6).contains(&week_day) && (0..=53).contains(&week)).then_some(day)
}

/// The number of the week counted from the first Sunday (`first` 0) or Monday (1): `%U` and `%W`.
pub fn numbered_week(calendar: Calendar, day: i64, first: i64) -> i64 {
    let since_start = (i64::from(week_day(day)) + 7 - first) % 7;
    (calendar.year_day(day) - 1 + 7 - since_start) / 7
}

const fn day_number(civil: Civil, gregorian: bool) -> i64 {
    let shift = (14 - civil.month as i64) / 12;
    let year = civil.year + 4800 - shift;
    let month = civil.month as i64 + 12 * shift - 3;
    let day = civil.day as i64 + (153 * month + 2) / 5 + 365 * year + year.div_euclid(4);
    if gregorian { day - year.div_euclid(100) + year.div_euclid(400) - 32_045 } else { day - 32_083 }
}

const fn civil_of(day: i64, gregorian: bool) -> Civil {
    let (century, rest) = if gregorian {
        let shifted = day + 32_044;
        let century = (4 * shifted + 3).div_euclid(146_097);
        (century, shifted - (146_097 * century).div_euclid(4))
    } else {
        (0, day + 32_082)
    };
    let year = (4 * rest + 3).div_euclid(1461);
    let of_year = rest - (1461 * year).div_euclid(4);
    let month = (5 * of_year + 2) / 153;
    Civil {
        year: 100 * century + year - 4800 + month / 10,
        month: (month + 3 - 12 * (month / 10)) as u32,
        day: (of_year - (153 * month + 2) / 5 + 1) as u32,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_civil_are_inverse() {
        for calendar in [Calendar::Gregorian, Calendar::Reformed] {
            for day in (-2_000_000..5_000_000).step_by(37) {
                assert_eq!(calendar.day(calendar.civil(day)), Some(day), "{day}");
            }
        }
    }

    #[test]
    fn the_reform_leaves_ten_days_out() {
        let reformed = Calendar::Reformed;
        assert_eq!(reformed.civil(REFORM_DAY - 1), Civil::new(1582, 10, 4));
        assert_eq!(reformed.civil(REFORM_DAY), Civil::new(1582, 10, 15));
        assert_eq!(reformed.day(Civil::new(1582, 10, 10)), None);
        assert_eq!(Calendar::Gregorian.day(Civil::new(1970, 1, 1)), Some(EPOCH_DAY));
        assert_eq!(reformed.day(Civil::new(-4712, 1, 1)), Some(0));
    }

    #[test]
    fn weeks() {
        let reformed = Calendar::Reformed;
        let day = |year, month, day| reformed.day(Civil::new(year, month, day)).unwrap();
        assert_eq!(iso_week(reformed, day(2024, 3, 15)), (2024, 11));
        assert_eq!(iso_week(reformed, day(2021, 1, 1)), (2020, 53));
        assert_eq!(day_of_iso_week(reformed, 2024, 1, 2), Some(day(2024, 1, 2)));
        assert_eq!(day_of_iso_week(reformed, 2024, 53, 1), None);
        assert_eq!(day_of_iso_week(reformed, 2020, -1, -1), Some(day(2021, 1, 3)));
        assert_eq!(numbered_week(reformed, day(2024, 3, 5), 0), 9);
        assert_eq!(numbered_week(reformed, day(2024, 3, 5), 1), 10);
        assert_eq!(day_of_numbered_week(reformed, 2024, 9, 2, 0), Some(day(2024, 3, 5)));
        assert_eq!(week_day(day(2024, 3, 15)), 5);
    }
}
