//! A backfill: the windows of a sync's past, and which of them is next.

use super::windows::{Window, Windows};
use crate::store::Millis;
use crate::value::{Flavor, Hash, Instant, Time, Value, Zone};
use serde_json::{Value as Json, json};
use std::rc::Rc;

/// Windows of which some are done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    pub windows: Windows,
    /// The number of the first window that is not done.
    pub next: u32,
    /// How much earlier than its window each one reads.
    pub lookback: Option<super::Span>,
}

impl Plan {
    /// The window that is next; `None` where all are done.
    pub fn window(&self) -> Option<Window> {
        self.windows.next(self.next)
    }

    /// The plan behind that window.
    #[must_use]
    pub fn behind(&self, window: Window) -> Self {
        Self { next: window.number.saturating_add(1), ..*self }
    }

    /// Windows that are done, and all of them.
    pub fn counted(&self) -> (u64, u64) {
        self.windows.iter().fold((0, 0), |(done, all), window| (done + u64::from(window.number < self.next), all + 1))
    }

    /// As it is kept: the borders are what the first run made of them, however much later the next one is.
    pub fn kept(&self) -> String {
        json!({ "from": self.windows.from, "to": self.windows.to, "next": self.next }).to_string()
    }

    /// The plan with what was kept of it.
    #[must_use]
    pub fn resumed(&self, kept: &str) -> Self {
        let kept: Json = serde_json::from_str(kept).unwrap_or_default();
        let moment = |key: &str, usual: Millis| kept[key].as_i64().unwrap_or(usual);
        let windows =
            Windows { from: moment("from", self.windows.from), to: moment("to", self.windows.to), ..self.windows };
        Self { windows, next: kept["next"].as_u64().and_then(|next| next.try_into().ok()).unwrap_or(0), ..*self }
    }

    /// The input with the window in it: `from` and `to` are times.
    pub fn input(&self, input: &Value, window: Window) -> Value {
        let filled = match input {
            Value::Hash(given) => given.copy(),
            _ => Hash::new(),
        };
        // What lies before the beginning was not asked for.
        let from = self.lookback.map_or(window.from, |span| span.before(window.from, self.windows.zone));
        filled.insert_str("from", self.time(from.max(self.windows.from)));
        filled.insert_str("to", self.time(window.to));
        Value::hash(filled)
    }

    fn time(&self, at: Millis) -> Value {
        let at = Instant::new(at.div_euclid(1000), at.rem_euclid(1000) as u32 * 1_000_000);
        let zone = match self.windows.zone {
            chrono_tz::Tz::UTC => Zone::Utc,
            zone => Zone::Named(zone, zone.name()),
        };
        Value::Time(Rc::new(Time::new(at, zone, Flavor::Time)))
    }
}
