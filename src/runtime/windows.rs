//! A stretch of time cut into windows: days and months as the calendar of a zone has them. Pure arithmetic.

use crate::store::Millis;
use chrono::{DateTime, Days, LocalResult, Months, NaiveDateTime, TimeDelta, TimeZone};
use chrono_tz::Tz;

/// How much one window spans.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Span {
    Seconds(u32),
    /// Days of the calendar: one of them may have 23 or 25 hours.
    Days(u32),
    /// Months of the calendar. What begins on the 31st begins on the last day of shorter months.
    Months(u32),
}

/// One of each unit, as it is written.
const UNITS: &[(&str, Span)] = &[
    ("s", Span::Seconds(1)),
    ("m", Span::Seconds(60)),
    ("h", Span::Seconds(3600)),
    ("d", Span::Days(1)),
    ("w", Span::Days(7)),
    ("mo", Span::Months(1)),
    ("y", Span::Months(12)),
];

impl Span {
    /// Reads `1d`, `6h`, `30m`, `90s`, `2w`, `1mo`, `1y`. Errors: a sentence.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        let split = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
        let (count, unit) = text.split_at(split);
        let unit = UNITS.iter().find(|(name, _)| *name == unit.trim());
        let count: Option<u32> = count.parse().ok().filter(|count| *count > 0);
        let span = count.zip(unit).and_then(|(count, (_, unit))| unit.times(count));
        span.ok_or_else(|| format!("`{text}` is no span of time such as 1d, 6h, 30m, 2w, 1mo or 1y"))
    }

    fn times(self, count: u32) -> Option<Self> {
        Some(match self {
            Self::Seconds(one) => Self::Seconds(one.checked_mul(count)?),
            Self::Days(one) => Self::Days(one.checked_mul(count)?),
            Self::Months(one) => Self::Months(one.checked_mul(count)?),
        })
    }

    /// The moment that lies so much before another.
    pub fn before(self, at: Millis, zone: Tz) -> Millis {
        let Some(time) = DateTime::from_timestamp_millis(at) else { return at };
        let local = time.with_timezone(&zone).naive_local();
        let earlier = match self {
            Self::Seconds(seconds) => return at.saturating_sub(Millis::from(seconds) * 1000),
            Self::Days(days) => local.checked_sub_days(Days::new(u64::from(days))),
            Self::Months(months) => local.checked_sub_months(Months::new(months)),
        };
        earlier.map_or(at, |earlier| first_at(zone, earlier)).min(at)
    }
}

/// From one moment (inclusive) to another (exclusive), cut into windows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Windows {
    pub from: Millis,
    pub to: Millis,
    pub span: Span,
    /// Whose days and months they are.
    pub zone: Tz,
}

/// One of them: its first moment, and the first one behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    pub number: u32,
    pub from: Millis,
    pub to: Millis,
}

impl Windows {
    /// The first window of that number or a later one; `None` behind the last.
    pub fn next(&self, number: u32) -> Option<Window> {
        let mut number = number;
        loop {
            let (from, to) = (self.border(number)?, self.border(number.checked_add(1)?).unwrap_or(self.to));
            if from >= self.to {
                return None;
            }
            // A day that a zone has left out makes no window.
            if to > from {
                return Some(Window { number, from, to: to.min(self.to) });
            }
            number = number.checked_add(1)?;
        }
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = Window> + '_ {
        std::iter::successors(self.next(0), |window| self.next(window.number.checked_add(1)?))
    }

    /// Where the window of that number begins; `None` beyond what a calendar holds.
    fn border(&self, number: u32) -> Option<Millis> {
        if number == 0 {
            return Some(self.from);
        }
        // From the beginning each time: going on from the last border would keep the 28th of February for ever.
        let local = DateTime::from_timestamp_millis(self.from)?.with_timezone(&self.zone).naive_local();
        let local = match self.span {
            Span::Seconds(seconds) => {
                return self.from.checked_add(Millis::from(seconds).checked_mul(1000)?.checked_mul(number.into())?);
            }
            Span::Days(days) => local.checked_add_days(Days::new(u64::from(days) * u64::from(number)))?,
            Span::Months(months) => local.checked_add_months(Months::new(months.checked_mul(number)?))?,
        };
        Some(first_at(self.zone, local).max(self.from))
    }
}

/// The first moment at which clocks of a zone show that time, or where they leapt over it, the one they leapt to.
pub fn first_at(zone: Tz, local: NaiveDateTime) -> Millis {
    /// No zone has ever left out more than a day.
    const MINUTES: i64 = 25 * 60;
    let minutes = (0..MINUTES).map_while(|minutes| {
        let later = if minutes == 0 { local } else { cut(local).checked_add_signed(TimeDelta::minutes(minutes))? };
        Some(match zone.from_local_datetime(&later) {
            LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => Some(at.timestamp_millis()),
            LocalResult::None => None,
        })
    });
    minutes.flatten().next().unwrap_or_else(|| local.and_utc().timestamp_millis())
}

/// The whole minute.
fn cut(local: NaiveDateTime) -> NaiveDateTime {
    let time = local.time();
    chrono::Timelike::with_second(&time, 0)
        .and_then(|time| chrono::Timelike::with_nanosecond(&time, 0))
        .map_or(local, |time| local.date().and_time(time))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{Datelike, NaiveDate, Timelike, Utc};

    /// Windows as lines, in the zone's time.
    fn listed(from: &str, to: &str, span: &str, zone: Tz) -> String {
        let at = |text: &str| first_at(zone, text.parse::<NaiveDate>().unwrap().and_hms_opt(0, 0, 0).unwrap());
        let windows = Windows { from: at(from), to: at(to), span: Span::parse(span).unwrap(), zone };
        let local = |at: Millis| Utc.timestamp_millis_opt(at).unwrap().with_timezone(&zone).format("%m-%dT%H:%M%z");
        let line = |window: Window| {
            let hours = (window.to - window.from) as f64 / 3_600_000.0;
            format!("{} .. {} {hours}h\n", local(window.from), local(window.to))
        };
        windows.iter().map(line).collect()
    }

    #[test]
    fn months_keep_the_day_that_they_began_with() {
        insta::assert_snapshot!(listed("2024-01-31", "2024-05-31", "1mo", Tz::UTC), @r"
        01-31T00:00+0000 .. 02-29T00:00+0000 696h
        02-29T00:00+0000 .. 03-31T00:00+0000 744h
        03-31T00:00+0000 .. 04-30T00:00+0000 720h
        04-30T00:00+0000 .. 05-31T00:00+0000 744h
        ");
    }

    #[test]
    fn days_are_those_of_the_zone() {
        insta::assert_snapshot!(listed("2024-03-30", "2024-04-01", "1d", Tz::Europe__Berlin), @r"
        03-30T00:00+0100 .. 03-31T00:00+0100 24h
        03-31T00:00+0100 .. 04-01T00:00+0200 23h
        ");
        insta::assert_snapshot!(listed("2024-10-27", "2024-10-28", "6h", Tz::Europe__Berlin), @r"
        10-27T00:00+0200 .. 10-27T05:00+0100 6h
        10-27T05:00+0100 .. 10-27T11:00+0100 6h
        10-27T11:00+0100 .. 10-27T17:00+0100 6h
        10-27T17:00+0100 .. 10-27T23:00+0100 6h
        10-27T23:00+0100 .. 10-28T00:00+0100 1h
        ");
        // Samoa left out the 30th of December 2011.
        insta::assert_snapshot!(listed("2011-12-29", "2012-01-01", "1d", Tz::Pacific__Apia), @r"
        12-29T00:00-1000 .. 12-31T00:00+1400 24h
        12-31T00:00+1400 .. 01-01T00:00+1400 24h
        ");
    }

    #[test]
    fn spans() {
        for (text, expected) in [
            ("1d", Some(Span::Days(1))),
            ("2w", Some(Span::Days(14))),
            ("6h", Some(Span::Seconds(21_600))),
            ("30m", Some(Span::Seconds(1_800))),
            ("90s", Some(Span::Seconds(90))),
            ("1mo", Some(Span::Months(1))),
            ("1y", Some(Span::Months(12))),
            ("0d", None),
            ("d", None),
            ("1", None),
            ("1 fortnight", None),
            ("-1d", None),
            ("99999999999d", None),
            ("4294967295y", None),
            ("", None),
        ] {
            assert_eq!(Span::parse(text).ok(), expected, "{text}");
        }
    }

    /// Whatever the zone, the beginning and the span: windows lie end to end, cover everything once, and begin when the
    /// calendar says.
    #[test]
    fn windows_cover_everything_once() {
        let zones = [
            Tz::UTC,
            Tz::Europe__Berlin,
            Tz::America__New_York,
            Tz::America__Sao_Paulo,
            Tz::Australia__Lord_Howe,
            Tz::Pacific__Apia,
            Tz::Asia__Kathmandu,
            Tz::Africa__Monrovia,
            Tz::Antarctica__Troll,
        ];
        let spans = ["1d", "7d", "13d", "1mo", "5mo", "1y", "1h", "97m", "1w"];
        let mut seed = 20_240_229_u64;
        let mut below = |limit: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) % limit
        };
        for round in 0..4_000 {
            let zone = zones[below(zones.len() as u64) as usize];
            let span = Span::parse(spans[below(spans.len() as u64) as usize]).unwrap();
            let from = (below(70 * 366) * 86_400_000 + below(86_400) * 1000 + below(1000)) as Millis;
            let windows = Windows { from, to: from + below(60 * 86_400_000) as Millis, span, zone };
            let mut at = windows.from;
            for window in windows.iter() {
                assert_eq!(window.from, at, "round {round}: {windows:?}");
                assert!(window.to > window.from && window.to <= windows.to, "round {round}: {windows:?} {window:?}");
                begins_as_the_calendar_says(&windows, window);
                at = window.to;
            }
            assert_eq!(at, windows.to, "round {round}: {windows:?}");
            let early = span.before(windows.to, zone);
            assert!(early < windows.to, "round {round}: {windows:?}");
        }
    }

    fn begins_as_the_calendar_says(windows: &Windows, window: Window) {
        let local = |at: Millis| Utc.timestamp_millis_opt(at).unwrap().with_timezone(&windows.zone).naive_local();
        let (first, here) = (local(windows.from), local(window.from));
        let (same_time, late) = (first.time() == here.time(), here.time() > first.time());
        match windows.span {
            Span::Seconds(seconds) => assert_eq!((window.from - windows.from) % (Millis::from(seconds) * 1000), 0),
            // Where the clock leapt over the time, later on that day or the day after.
            Span::Days(_) => assert!(same_time || late || here.hour() <= 1, "{windows:?} {window:?}"),
            Span::Months(_) => {
                let last = here.date().with_day(1).unwrap().checked_add_months(Months::new(1)).unwrap().pred_opt();
                let day = first.day().min(last.unwrap().day());
                assert!(here.day() == day || !same_time, "{windows:?} {window:?}");
            }
        }
    }
}
