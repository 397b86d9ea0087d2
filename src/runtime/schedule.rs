//! When something is due: cron patterns in a time zone, intervals, and what becomes of runs that were missed. Pure: the
//! time is given from outside.

use crate::store::Millis;
use chrono::{DateTime, TimeZone, Utc};
use chrono_tz::Tz;
use croner::Cron;
use croner::parser::{CronParser, Seconds, Year};

/// A run that begins later than this after its time was missed, and not only slow to begin.
pub const LATE: Millis = 60_000;
/// A due time that lies this far behind the next one was computed by a clock that was wrong.
const ASTRAY: Millis = 48 * 3_600_000;

/// The times at which something runs.
#[derive(Clone, Debug)]
pub enum Schedule {
    /// Milliseconds from the beginning of one run to the beginning of the next.
    Every(Millis),
    /// At the times of a pattern, in a zone.
    Cron(Box<Cron>, Tz),
}

/// What becomes of runs whose time has passed while nothing could run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CatchUp {
    /// One run makes up for all of them.
    #[default]
    One,
    /// Every one is made, one after the other.
    All,
    /// They are left out.
    None,
}

/// Every way to catch up, as it is written.
pub const CATCH_UPS: &[(&str, CatchUp)] = &[("one", CatchUp::One), ("all", CatchUp::All), ("none", CatchUp::None)];

impl CatchUp {
    pub fn of(name: &str) -> Option<Self> {
        CATCH_UPS.iter().find(|(known, _)| *known == name).map(|(_, catch_up)| *catch_up)
    }
}

impl Schedule {
    /// So many seconds from one run to the next. Errors: it is no number of seconds that somebody can wait for.
    pub fn every(seconds: f64) -> Result<Self, String> {
        const LONGEST: f64 = 366.0 * 86_400.0;
        if (0.0..=LONGEST).contains(&seconds) {
            return Ok(Self::Every(((seconds * 1000.0) as Millis).max(1)));
        }
        Err(format!("{seconds} is no number of seconds from 0 to a year"))
    }

    /// A pattern of five fields, or six with seconds first, in an IANA zone (UTC without one).
    pub fn cron(pattern: &str, zone: Option<&str>) -> Result<Self, String> {
        let zone = match zone {
            Some(name) => Self::zone(name)?,
            None => Tz::UTC,
        };
        let parser = CronParser::builder().seconds(Seconds::Optional).year(Year::Disallowed).build();
        let cron = parser.parse(pattern).map_err(|_| {
            format!("`{pattern}` is no pattern of cron: five fields, minute hour day month weekday, or six with seconds first")
        })?;
        let schedule = Self::Cron(Box::new(cron), zone);
        // One that never comes would wait without a word.
        if schedule.after(0).is_none() {
            return Err(format!("`{pattern}` names a time that never comes"));
        }
        Ok(schedule)
    }

    /// The zone of an IANA name. Errors: there is none; the nearest one is named.
    pub fn zone(name: &str) -> Result<Tz, String> {
        name.parse().map_err(|_| {
            let near = crate::text::nearest(name, chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name()));
            let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            format!("there is no time zone `{name}`{near}")
        })
    }

    /// The first time strictly after `time`; `None` of a pattern whose last time has passed.
    pub fn after(&self, time: Millis) -> Option<Millis> {
        match self {
            Self::Every(interval) => Some(time.saturating_add(*interval)),
            Self::Cron(cron, zone) => {
                let from = instant(time)?.with_timezone(zone);
                let mut next = cron.find_next_occurrence(&from, false).ok()?;
                // In an hour that comes twice the wall clock runs back: what lies behind is not next.
                while next.timestamp_millis() <= time {
                    next = cron.find_next_occurrence(&next, false).ok()?;
                }
                Some(next.timestamp_millis())
            }
        }
    }
}

fn instant(time: Millis) -> Option<DateTime<Utc>> {
    Utc.timestamp_millis_opt(time).single()
}

/// What is due next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Due {
    /// Now, for that time.
    Now(Millis),
    /// Not before that time.
    At(Millis),
}

/// What to do at `now`, when `last` is the due time that was run last, or the beginning of the last run of an interval;
/// `None` before the first run: an interval begins at once, a pattern waits for its next time.
///
/// A clock that jumps ahead makes runs late, one that is set back makes none of them come twice: a pattern's times that
/// were run are not run again, and an interval never waits longer than itself.
pub fn next_due(schedule: &Schedule, catch_up: CatchUp, last: Option<Millis>, now: Millis) -> Due {
    let far = Due::At(Millis::MAX);
    let Some(last) = last else {
        return match schedule {
            Schedule::Every(_) => Due::Now(now),
            Schedule::Cron(..) => schedule.after(now).map_or(far, Due::At),
        };
    };
    let last = settled(schedule, last, now);
    let Some(due) = schedule.after(last) else { return far };
    if due > now {
        return Due::At(due);
    }
    match catch_up {
        CatchUp::All => Due::Now(due),
        CatchUp::One => Due::Now(latest(schedule, due, now)),
        CatchUp::None if now - due <= LATE => Due::Now(latest(schedule, due, now)),
        CatchUp::None => schedule.after(latest(schedule, due, now)).map_or(far, Due::At),
    }
}

/// `last`, unless the clock says that it lies ahead by more than can be.
fn settled(schedule: &Schedule, last: Millis, now: Millis) -> Millis {
    if last <= now {
        return last;
    }
    match schedule {
        Schedule::Every(_) => now,
        Schedule::Cron(..) => match schedule.after(now) {
            Some(next) if last > next.saturating_add(ASTRAY) => now,
            _ => last,
        },
    }
}

/// The last time of the schedule that is not after `now`, from one that is not either.
fn latest(schedule: &Schedule, due: Millis, now: Millis) -> Millis {
    match schedule {
        // The next interval is counted from the run that is made now.
        Schedule::Every(_) => now,
        Schedule::Cron(cron, zone) => instant(now)
            .and_then(|now| cron.find_previous_occurrence(&now.with_timezone(zone), true).ok())
            .map_or(due, |before| before.timestamp_millis().clamp(due, now)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Millis {
        DateTime::parse_from_rfc3339(text).unwrap().timestamp_millis()
    }

    fn shown(time: Millis) -> String {
        instant(time).unwrap().format("%m-%dT%H:%M:%S").to_string()
    }

    #[test]
    fn what_is_due() {
        let daily = Schedule::cron("0 2 * * *", None).unwrap();
        let minute = Schedule::every(60.0).unwrap();
        for (schedule, catch_up, last, now, expected) in [
            (&minute, CatchUp::One, "", "2024-03-15T12:00:00Z", "now 03-15T12:00:00"),
            (&minute, CatchUp::One, "2024-03-15T12:00:00Z", "2024-03-15T12:00:30Z", "at 03-15T12:01:00"),
            (&minute, CatchUp::One, "2024-03-15T12:00:00Z", "2024-03-15T13:00:30Z", "now 03-15T13:00:30"),
            (&minute, CatchUp::All, "2024-03-15T12:00:00Z", "2024-03-15T13:00:30Z", "now 03-15T12:01:00"),
            (&minute, CatchUp::None, "2024-03-15T12:00:00Z", "2024-03-15T13:00:30Z", "at 03-15T13:01:30"),
            (&daily, CatchUp::One, "", "2024-03-15T12:00:00Z", "at 03-16T02:00:00"),
            (&daily, CatchUp::One, "2024-03-12T02:00:00Z", "2024-03-15T12:00:00Z", "now 03-15T02:00:00"),
            (&daily, CatchUp::All, "2024-03-12T02:00:00Z", "2024-03-15T12:00:00Z", "now 03-13T02:00:00"),
            (&daily, CatchUp::None, "2024-03-12T02:00:00Z", "2024-03-15T12:00:00Z", "at 03-16T02:00:00"),
            (&daily, CatchUp::None, "2024-03-14T02:00:00Z", "2024-03-15T02:00:20Z", "now 03-15T02:00:00"),
            // The clock goes back a day: nothing comes twice, and an interval goes on.
            (&daily, CatchUp::One, "2024-03-15T02:00:00Z", "2024-03-14T02:00:01Z", "at 03-16T02:00:00"),
            (&minute, CatchUp::One, "2024-03-15T12:00:00Z", "2024-03-14T12:00:30Z", "at 03-14T12:01:30"),
            // A clock that was years ahead is not believed.
            (&daily, CatchUp::One, "2031-03-15T02:00:00Z", "2024-03-14T12:00:00Z", "at 03-15T02:00:00"),
        ] {
            let last_run = (!last.is_empty()).then(|| at(last));
            let said = match next_due(schedule, catch_up, last_run, at(now)) {
                Due::Now(time) => format!("now {}", shown(time)),
                Due::At(time) => format!("at {}", shown(time)),
            };
            assert_eq!(said, expected, "{schedule:?} {catch_up:?} last {last:?} now {now}");
        }
    }

    #[test]
    fn every_time_comes_once_when_clocks_change() {
        for (pattern, from, expected) in [
            // Spring in Berlin: 2:00 becomes 3:00 on 2024-03-31.
            ("30 2 * * *", "2024-03-30T00:00:00Z", ["03-30T01:30:00", "03-31T01:00:00", "04-01T00:30:00"]),
            ("0 * * * *", "2024-03-31T00:00:00Z", ["03-31T01:00:00", "03-31T02:00:00", "03-31T03:00:00"]),
            // Autumn: 3:00 becomes 2:00 on 2024-10-27.
            ("30 2 * * *", "2024-10-26T00:00:00Z", ["10-26T00:30:00", "10-27T00:30:00", "10-28T01:30:00"]),
            ("0 * * * *", "2024-10-26T23:30:00Z", ["10-27T00:00:00", "10-27T01:00:00", "10-27T02:00:00"]),
            ("30 0 2 * * *", "2024-10-26T23:30:00Z", ["10-27T00:00:30", "10-28T01:00:30", "10-29T01:00:30"]),
        ] {
            let schedule = Schedule::cron(pattern, Some("Europe/Berlin")).unwrap();
            let times = std::iter::successors(schedule.after(at(from)), |time| schedule.after(*time));
            let times: Vec<_> = times.take(3).map(shown).collect();
            assert_eq!(times, expected, "{pattern} from {from}");
        }
    }

    #[test]
    fn a_year_of_restarts_loses_and_repeats_nothing() {
        for zone in ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC"] {
            for pattern in ["30 2 * * *", "*/15 * * * *", "0 9 * * 1-5", "59 23 28-31 * *"] {
                let schedule = Schedule::cron(pattern, Some(zone)).unwrap();
                let (mut now, end) = (at("2024-01-01T00:00:00Z"), at("2025-01-01T00:00:00Z"));
                let mut last = now;
                let (mut runs, mut nights) = (Vec::new(), 0);
                // Looks at odd moments, as a process that is started again and again does.
                while now < end {
                    while let Due::Now(due) = next_due(&schedule, CatchUp::All, Some(last), now) {
                        runs.push(due);
                        last = due;
                    }
                    nights += 1;
                    now += 7_919_000 + (nights % 13) * 1_000_003;
                }
                let first = schedule.after(at("2024-01-01T00:00:00Z"));
                let all = std::iter::successors(first, |time| schedule.after(*time));
                let whole: Vec<_> = all.take_while(|time| *time <= last).collect();
                assert!(runs == whole && runs.is_sorted_by(|a, b| a < b), "{pattern} in {zone}");
            }
        }
    }

    #[test]
    fn what_is_no_schedule() {
        for (pattern, zone, expected) in [
            ("0 2 * *", None, "is no pattern of cron"),
            ("61 2 * * *", None, "is no pattern of cron"),
            ("", None, "is no pattern of cron"),
            ("0 0 30 2 *", None, "never comes"),
            ("0 2 * * *", Some("Europe/Belrin"), "did you mean `Europe/Berlin`"),
        ] {
            let said = Schedule::cron(pattern, zone).map_or_else(|said| said, |_| String::new());
            assert!(said.contains(expected), "{pattern:?}: {said}");
        }
        assert!(Schedule::every(-1.0).is_err() && Schedule::every(f64::NAN).is_err());
    }
}
