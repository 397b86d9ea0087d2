//! What is to be run: one trigger or sync of the project, and when.

use super::facts::Facts;
use crate::cli::durable::connector_name;
use crate::project::{Part, Project, Sync, Timing, Trigger};
use crate::runtime::{CatchUp, Due, Schedule, canonical, next_due};
use crate::store::{Identity, Kind, Millis, Place};
use crate::value::{Hash, Value, json};
use serde_json::{Map, Value as Json};
use std::path::Path;
use std::sync::Arc;

/// Seconds between two polls where nobody says otherwise.
const POLL: f64 = 300.0;
/// The same for syncs, and for polls that webhooks set off.
const HOUR: f64 = 3600.0;
const HYBRID: f64 = 12.0 * HOUR;
/// No failure waits longer than that.
const DAY: Millis = 86_400_000;

/// The name of a trigger or sync in the project.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    pub is_sync: bool,
    pub name: Arc<str>,
}

/// One trigger or sync with its place in the state.
#[derive(Clone, Debug)]
pub struct Plan {
    pub key: Key,
    pub what: What,
    pub identity: Identity,
}

#[derive(Clone, Debug, PartialEq)]
pub enum What {
    Trigger(Trigger),
    Sync(Sync),
}

impl Plan {
    /// Everything that the project wants to be run.
    pub fn all(project: &Project, state: &Path) -> Vec<Self> {
        let triggers = project.triggers.iter().map(|trigger| {
            let input = canonical_input(&trigger.input);
            let identity = identity(&trigger.part, Kind::Trigger, input, state);
            let key = Key { is_sync: false, name: trigger.name.value.as_str().into() };
            Self { key, what: What::Trigger(trigger.clone()), identity }
        });
        let syncs = project.syncs.iter().map(|sync| {
            // Where records go is part of what a sync is: another file is filled from the beginning.
            let table = sync.sink.table.as_ref().map(|table| format!("#{table}")).unwrap_or_default();
            let input: Json = serde_json::from_str(&canonical_input(&sync.input)).unwrap_or_default();
            let to = format!("{}{table}", sync.sink.path.display());
            let input = serde_json::json!({ "input": input, "to": to }).to_string();
            let identity = identity(&sync.part, Kind::Sync, input, state);
            let key = Key { is_sync: true, name: sync.name.value.as_str().into() };
            Self { key, what: What::Sync(sync.clone()), identity }
        });
        triggers.chain(syncs).collect()
    }

    pub fn part(&self) -> &Part {
        match &self.what {
            What::Trigger(trigger) => &trigger.part,
            What::Sync(sync) => &sync.part,
        }
    }

    /// The input as a run gets it.
    pub fn input(&self) -> Value {
        let input = match &self.what {
            What::Trigger(trigger) => &trigger.input,
            What::Sync(sync) => &sync.input,
        };
        value(input)
    }

    fn timing(&self) -> &Timing {
        match &self.what {
            What::Trigger(trigger) => &trigger.timing,
            What::Sync(sync) => &sync.timing,
        }
    }

    /// When it runs: as the project says, else as the connector says, else as is usual.
    ///
    /// # Errors
    /// What the connector says is no schedule; a sentence.
    pub fn times(&self, facts: &Facts) -> Result<Times, String> {
        let (own, declared) = (self.timing(), &facts.timing);
        let catch_up = own.catch_up.or(declared.catch_up).unwrap_or_default();
        let zone = own.timezone.as_ref().map(|zone| zone.value.as_str()).or(declared.timezone.as_deref());
        let schedule = if let Some(pattern) = &own.schedule {
            Schedule::cron(&pattern.value, zone)?
        } else if let Some(interval) = &own.poll_interval {
            Schedule::every(interval.value)?
        } else if let Some(pattern) = &declared.schedule {
            Schedule::cron(pattern, zone)?
        } else if let Some(interval) = declared.poll_interval {
            Schedule::every(interval)?
        } else {
            let usual = if self.key.is_sync {
                HOUR
            } else if facts.is_told() {
                HYBRID
            } else {
                POLL
            };
            Schedule::every(usual)?
        };
        let pattern = own
            .schedule
            .as_ref()
            .map(|given| given.value.clone())
            .or_else(|| declared.schedule.clone().filter(|_| own.poll_interval.is_none()));
        let shown = match (&schedule, pattern) {
            (Schedule::Cron(_, zone), Some(pattern)) => format!("{pattern} ({zone})"),
            (Schedule::Every(_), _) if !self.key.is_sync && !facts.hooks.polls => "when told".to_owned(),
            (Schedule::Every(interval), _) => format!("every {} s", *interval as f64 / 1000.0),
            (Schedule::Cron(..), None) => String::new(),
        };
        Ok(Times { schedule, catch_up, shown })
    }
}

/// When a plan runs.
#[derive(Clone, Debug)]
pub struct Times {
    schedule: Schedule,
    catch_up: CatchUp,
    /// As people read it.
    pub shown: String,
}

impl Times {
    /// When the next run is due, by what the state says of the last one.
    pub fn due(&self, place: Option<&Place>, now: Millis) -> Millis {
        let due = place.and_then(|place| place.next_due);
        if let (Some(due), Some(place)) = (due, place)
            && place.failures > 0
        {
            return due.min(now.saturating_add(DAY));
        }
        let last = due.map(|due| match &self.schedule {
            Schedule::Every(interval) => due.saturating_sub(*interval),
            Schedule::Cron(..) => due - 1,
        });
        match next_due(&self.schedule, self.catch_up, last, now) {
            Due::Now(due) | Due::At(due) => due,
        }
    }

    /// When the run after this one is due: one for `slot` that began at `began`.
    pub fn following(&self, slot: Millis, began: Millis) -> Millis {
        let from = if self.catch_up == CatchUp::All { slot } else { slot.max(began) };
        self.schedule.after(from).unwrap_or(Millis::MAX)
    }
}

fn identity(part: &Part, kind: Kind, input: String, state: &Path) -> Identity {
    Identity {
        connector: connector_name(&part.connector.value, state),
        kind,
        name: part.name.value.clone(),
        connection: part.account.as_ref().map(|account| account.value.clone()).unwrap_or_default(),
        input,
    }
}

fn canonical_input(input: &Map<String, Json>) -> String {
    canonical(&value(input)).unwrap_or_default()
}

/// An object as the language knows it.
pub fn value(input: &Map<String, Json>) -> Value {
    let text = serde_json::to_vec(input).unwrap_or_default();
    json::parse(&text).unwrap_or_else(|_| Value::hash(Hash::new()))
}
