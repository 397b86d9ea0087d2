//! One turn of a poll: ask the connector for a page, and say what to commit. Pure of storage: what is known of earlier
//! cycles is asked for, nothing is written.

use super::rank::{Rank, highest};
use crate::connector::{Operation, PollArgs, PollPage, Polling, Run, Schema, declared_polling};
use crate::store::{self, Change, Millis, NewJob, Pending, Place, StoreError};
use crate::value::json::{self, BinaryForm};
use crate::value::{ClassId, Result, Unwind, Value, raise};
use std::cmp::Ordering;
use std::collections::HashSet;

/// Where a trigger stands between two turns.
#[derive(Clone, Debug, Default)]
pub struct Position {
    pub place: Place,
    /// Events of the unfinished cycle, newest first, as they came.
    pub pending: Vec<Pending>,
}

/// What became of one event of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is new.
    Fire,
    /// Its key has been seen.
    Duplicate,
    /// It ranks below everything that finished cycles have seen.
    Older,
    /// It comes after one that ended the cycle, and was not looked at.
    Beyond,
}

/// An event with what became of it.
#[derive(Clone, Debug)]
pub struct Judged {
    pub verdict: Verdict,
    pub key: Option<String>,
    /// JSON
    pub event: String,
}

/// What one page comes to.
pub struct Turn {
    pub change: Change,
    pub judged: Vec<Judged>,
    /// The connector has more at once.
    pub more: bool,
}

/// What a turn knows from outside.
pub struct Known<'a> {
    /// Which of these keys were seen in earlier cycles.
    pub seen: &'a mut dyn FnMut(&[&str]) -> store::Result<Vec<bool>>,
    pub now: Millis,
    /// A cycle of descending pages ends with this one, whatever the connector says.
    pub last: bool,
    /// Every event is new.
    pub keep_duplicates: bool,
}

/// Why there is no page.
pub enum Failed {
    Connector(Box<Unwind>),
    Store(StoreError),
}

impl From<Box<Unwind>> for Failed {
    fn from(unwind: Box<Unwind>) -> Self {
        Self::Connector(unwind)
    }
}

impl From<StoreError> for Failed {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// The input as lambdas get it, and what events are converted by.
pub struct Prepared {
    pub trigger: Operation,
    pub args: PollArgs,
    pub output: Schema,
}

/// Takes one turn from a position.
pub fn poll_page(
    run: &mut Run<'_>,
    prepared: &Prepared,
    at: &Position,
    known: &mut Known<'_>,
) -> std::result::Result<Turn, Failed> {
    let trigger = &prepared.trigger;
    let cursor = match declared_polling(trigger) {
        Polling::Classic => &at.place.cursor,
        Polling::PagingDesc => &at.place.page,
    };
    let page = run.poll_page(trigger, &prepared.args, &decoded(cursor.as_deref())?)?;
    let events = events_of(run, prepared, &page)?;
    match page.polling {
        Polling::Classic => classic(&page, events, at, known),
        Polling::PagingDesc => descending(&page, events, at, known),
    }
}

/// An event as the connector gave it, ready to be kept.
struct Event {
    key: Option<String>,
    rank: Rank,
    json: String,
}

fn events_of(run: &mut Run<'_>, prepared: &Prepared, page: &PollPage) -> Result<Vec<Event>> {
    let trigger = &prepared.trigger;
    let mut events = Vec::with_capacity(page.events.len());
    for event in &page.events {
        if !matches!(event, Value::Hash(_)) {
            let class = event.class().name();
            let message = format!("an event of trigger '{}' has to be a Hash, got {class}", trigger.name);
            return Err(raise(ClassId::TYPE_ERROR, message));
        }
        let key = run.dedup_key(trigger, event)?;
        let rank = Rank::of(&run.sort_key(trigger, event)?);
        let converted = run.apply_output_schema(trigger, &prepared.output, event)?;
        events.push(Event { key, rank, json: json::compact(&converted, BinaryForm::Hex)? });
    }
    Ok(events)
}

/// Ascending pages: what is new becomes jobs at once, together with the cursor behind it.
fn classic(
    page: &PollPage,
    events: Vec<Event>,
    at: &Position,
    known: &mut Known<'_>,
) -> std::result::Result<Turn, Failed> {
    let (seen, touched) = met_before(&events, known)?;
    let mut here = HashSet::new();
    let mut judged = Vec::with_capacity(events.len());
    for (event, seen) in events.into_iter().zip(seen) {
        let again = event.key.as_ref().is_some_and(|key| !here.insert(key.clone()));
        let verdict = if (seen || again) && !known.keep_duplicates { Verdict::Duplicate } else { Verdict::Fire };
        judged.push(Judged { verdict, key: event.key, event: event.json });
    }
    let jobs = fired(&judged, known.keep_duplicates);
    let place = Place { cursor: encoded(&page.next_poll)?, page: None, ..at.place.clone() };
    let change = Change { place: Some(place), jobs, touched, now: known.now, ..Change::default() };
    Ok(Turn { change, judged, more: page.can_poll_more })
}

/// Descending pages: events wait until the cycle has met what is known, then all of them become jobs, oldest first.
fn descending(
    page: &PollPage,
    events: Vec<Event>,
    at: &Position,
    known: &mut Known<'_>,
) -> std::result::Result<Turn, Failed> {
    let (seen, touched) = met_before(&events, known)?;
    let mark = at.place.high_water.as_deref().map_or(Rank::None, Rank::from_json);
    let mut here: HashSet<&str> = at.pending.iter().filter_map(|pending| pending.key.as_deref()).collect();
    let (mut judged, mut fresh, mut met_known) = (Vec::with_capacity(events.len()), Vec::new(), false);
    for (event, seen) in events.iter().zip(seen) {
        // Pages shift while they are read: what this very cycle has brought already says nothing about what follows.
        let again = event.key.as_deref().is_some_and(|key| here.contains(key));
        let verdict = if met_known {
            Verdict::Beyond
        } else if seen && !known.keep_duplicates {
            Verdict::Duplicate
        } else if event.rank.compare(&mark) == Some(Ordering::Less) {
            Verdict::Older
        } else if again && !known.keep_duplicates {
            judged.push(Judged { verdict: Verdict::Duplicate, key: event.key.clone(), event: event.json.clone() });
            continue;
        } else {
            Verdict::Fire
        };
        met_known |= verdict != Verdict::Fire;
        if verdict == Verdict::Fire {
            here.extend(event.key.as_deref());
            fresh.push(Pending { key: event.key.clone(), rank: event.rank.to_json(), event: event.json.clone() });
        }
        judged.push(Judged { verdict, key: event.key.clone(), event: event.json.clone() });
    }
    // An API that starts over brings a page that holds nothing new and what this cycle met first. Without that the pages
    // have only shifted, by what came while nobody asked, and what lies below is still to be read.
    let first = at.pending.first().and_then(|pending| pending.key.as_deref());
    let has_first = first.is_none_or(|first| events.iter().any(|event| event.key.as_deref() == Some(first)));
    let started_over = fresh.is_empty() && !events.is_empty() && has_first;
    let over = met_known || started_over || known.last || !page.next_page.truthy();
    let mut change = if over { end_of_cycle(at, fresh, known) } else { half_way(at, fresh, page, known.now)? };
    change.touched = touched;
    Ok(Turn { change, judged, more: !over })
}

fn half_way(at: &Position, pending: Vec<Pending>, page: &PollPage, now: Millis) -> Result<Change> {
    let place = Place { page: encoded(&page.next_page)?, ..at.place.clone() };
    Ok(Change { place: Some(place), pending, now, ..Change::default() })
}

fn end_of_cycle(at: &Position, fresh: Vec<Pending>, known: &Known<'_>) -> Change {
    let mut ranked: Vec<(Rank, Pending)> =
        at.pending.iter().cloned().chain(fresh).map(|it| (Rank::from_json(&it.rank), it)).collect();
    let mark = at.place.high_water.as_deref().map_or(Rank::None, Rank::from_json);
    let top = highest(ranked.iter().map(|(rank, _)| rank)).cloned();
    let high_water = match &top {
        Some(top) if !matches!(top, Rank::None) && top.compare(&mark) != Some(Ordering::Less) => Some(top.to_json()),
        _ => at.place.high_water.clone(),
    };
    ranked.reverse();
    if top.is_some() {
        ranked.sort_by(|(a, _), (b, _)| a.compare(b).unwrap_or(Ordering::Equal));
    }
    let key = |key: Option<String>| if known.keep_duplicates { None } else { key };
    let jobs = ranked.into_iter().map(|(_, it)| NewJob { key: key(it.key), event: it.event }).collect();
    let place = Place { page: None, high_water, ..at.place.clone() };
    Change { place: Some(place), clear_pending: true, jobs, now: known.now, ..Change::default() }
}

fn fired(judged: &[Judged], keep_duplicates: bool) -> Vec<NewJob> {
    let new = judged.iter().filter(|event| event.verdict == Verdict::Fire);
    new.map(|event| NewJob { key: event.key.clone().filter(|_| !keep_duplicates), event: event.event.clone() })
        .collect()
}

/// For each event whether its key was seen in earlier cycles; and those keys, since what the service still shows is not
/// forgotten, however long ago it was new.
fn met_before(events: &[Event], known: &mut Known<'_>) -> store::Result<(Vec<bool>, Vec<String>)> {
    let keys: Vec<&str> = events.iter().filter_map(|event| event.key.as_deref()).collect();
    let mut answers = (known.seen)(&keys)?.into_iter();
    let seen: Vec<bool> =
        events.iter().map(|event| event.key.is_some() && answers.next().unwrap_or_default()).collect();
    let met = events.iter().zip(&seen).filter(|(_, seen)| **seen);
    let touched = met.filter_map(|(event, _)| event.key.clone()).collect();
    Ok((seen, touched))
}

fn encoded(value: &Value) -> Result<Option<String>> {
    if value.is_nil() { Ok(None) } else { json::compact(value, BinaryForm::Hex).map(Some) }
}

fn decoded(text: Option<&str>) -> Result<Value> {
    let Some(text) = text else { return Ok(Value::Nil) };
    json::parse(text.as_bytes()).map_err(|error| {
        raise(ClassId::ARGUMENT_ERROR, format!("the cursor in the state is no JSON: {}", error.message))
    })
}
