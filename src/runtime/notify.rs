//! Triggers that are told: notifications that were kept become jobs, and subscriptions are made, refreshed and taken back.

use super::backoff::after_failure;
use super::cycle::{Emitted, Pace, Trouble};
use super::failure::said;
use crate::connector::{Connector, Notification as Told, Operation, PollArgs, Run, Schema};
use crate::http::query;
use crate::store::{Change, Identity, Millis, NewJob, Notification, Place, Status, Store};
use crate::value::json::{self, BinaryForm};
use crate::value::{ClassId, Exception, Hash, Result, Unwind, Value, indifferent, raise, to_s};
use std::rc::Rc;

/// A notification that has failed so often is given up, and kept.
const MOST_ATTEMPTS: u32 = 8;

/// How a trigger's notifications are dealt with.
pub struct Inbox<'a> {
    pub identity: Identity,
    pub input: Value,
    /// Bodies are given to the connector as they are.
    pub raw: bool,
    /// It shares an address with others: its key says which are for it.
    pub keyed: bool,
    /// How long keys are remembered; `None` for ever.
    pub retention: Option<Millis>,
    /// What new jobs begin as.
    pub status: Status,
    pub pace: Pace<'a>,
}

/// What dealing with notifications came to.
#[derive(Debug, Default)]
pub struct Heard {
    pub handled: usize,
    /// The sentence of each that failed.
    pub failed: Vec<String>,
    /// Somebody else deals with them now.
    pub busy: bool,
}

/// The head of a notification, as it is kept.
#[derive(Debug, Default, serde::Serialize, serde::Deserialize)]
pub struct Head {
    pub headers: Vec<(String, String)>,
    pub query: Vec<(String, String)>,
}

impl Head {
    fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }
}

/// The payload that a lambda gets: raw text, or what the body says by its type.
///
/// # Errors
/// It says that it is JSON, and is none.
pub fn payload(head: &Head, body: &[u8], raw: bool) -> std::result::Result<Value, String> {
    let text = || Value::string(String::from_utf8_lossy(body).into_owned());
    if raw {
        return Ok(text());
    }
    let kind = head.header("content-type").unwrap_or_default().split(';').next().unwrap_or_default().trim();
    let kind = kind.to_ascii_lowercase();
    if kind == "application/x-www-form-urlencoded" {
        return Ok(hash(&query::parse(&String::from_utf8_lossy(body))));
    }
    let parsed = json::parse(body);
    match parsed {
        Ok(value) => Ok(value),
        Err(error) if kind == "application/json" || kind.ends_with("+json") => {
            let message = error.message.lines().next().unwrap_or_default();
            Err(format!("the body is no JSON, line {} column {}: {message}", error.line, error.column))
        }
        Err(_) => Ok(text()),
    }
}

fn hash(pairs: &[(String, String)]) -> Value {
    let hash = Hash::new();
    pairs.iter().for_each(|(key, value)| hash.insert_str(key, Value::str(value)));
    Value::hash(hash)
}

/// Headers under the names that lambdas ask for: `X-Hub-Signature`.
fn spelled(headers: &[(String, String)]) -> Value {
    let capital = |part: &str| {
        let mut letters = part.chars();
        letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str()).unwrap_or_default()
    };
    let name = |name: &str| name.split('-').map(capital).collect::<Vec<_>>().join("-");
    hash(&headers.iter().map(|(key, value)| (name(key), value.clone())).collect::<Vec<_>>())
}

struct Prepared {
    trigger: Operation,
    args: PollArgs,
    output: Schema,
    subscription: Value,
}

impl Inbox<'_> {
    /// Deals with everything that is due. `emit` gets the jobs of each notification, after they were committed.
    pub fn run(
        &self,
        connector: &mut Connector,
        store: &mut dyn Store,
        emit: &mut dyn FnMut(&[Emitted]),
    ) -> std::result::Result<Heard, Trouble> {
        let mut heard = Heard::default();
        let id = store.open(&self.identity)?.id;
        if store.received(id, (self.pace.now)())?.is_empty() {
            return Ok(heard);
        }
        if !store.lease(id, (self.pace.now)())? {
            return Ok(Heard { busy: true, ..heard });
        }
        if let Some(retention) = self.retention {
            store.forget_before(id, (self.pace.now)().saturating_sub(retention))?;
        }
        let result = self.batches(connector, store, emit, id, &mut heard);
        store.release(id)?;
        result.map(|()| heard)
    }

    fn batches(
        &self,
        connector: &mut Connector,
        store: &mut dyn Store,
        emit: &mut dyn FnMut(&[Emitted]),
        id: i64,
        heard: &mut Heard,
    ) -> std::result::Result<(), Trouble> {
        loop {
            let due = store.received(id, (self.pace.now)())?;
            if due.is_empty() || (self.pace.stop)() {
                return Ok(());
            }
            for notification in &due {
                let place = store.instance(id)?.place;
                match self.events(connector, &place, notification) {
                    Ok(jobs) => {
                        emit(&self.commit(store, id, notification, jobs)?);
                        heard.handled += 1;
                    }
                    Err(unwind) => {
                        let error = (self.pace.redact)(&said(&unwind));
                        let attempts = notification.attempts + 1;
                        let wait = after_failure(attempts, (self.pace.chance)(), None);
                        let again = (attempts < MOST_ATTEMPTS).then(|| (self.pace.now)().saturating_add(wait));
                        store.put_off(notification.id, again, &error)?;
                        heard.failed.push(error);
                    }
                }
                if (self.pace.stop)() {
                    return Ok(());
                }
            }
            store.lease(id, (self.pace.now)())?;
        }
    }

    /// Jobs and the end of the notification are one transaction, so that a crash repeats the lambda and nothing else.
    fn commit(
        &self,
        store: &mut dyn Store,
        id: i64,
        notification: &Notification,
        jobs: Vec<NewJob>,
    ) -> std::result::Result<Vec<Emitted>, Trouble> {
        let instance = store.instance(id)?;
        let now = (self.pace.now)();
        let place = Place { last_run: Some(now), ..instance.place.clone() };
        let handled = vec![notification.id];
        let change = Change { place: Some(place), jobs, status: self.status, handled, now, ..Change::default() };
        let committed = store.commit(&instance, &change)?;
        let new = change.jobs.into_iter().zip(committed.jobs).filter_map(|(job, id)| Some((job, id?)));
        Ok(new.map(|(job, id)| Emitted { id, dedup: job.key, event: job.event }).collect())
    }

    fn events(
        &self,
        connector: &mut Connector,
        place: &Place,
        notification: &Notification,
    ) -> std::result::Result<Vec<NewJob>, Box<Unwind>> {
        connector.restart();
        let events = connector.enter(|run| {
            let prepared = prepare(run, &self.identity.name, &self.input, place)?;
            let head: Head = serde_json::from_str(&notification.head).unwrap_or_default();
            let payload = payload(&head, &notification.body, self.raw)
                .map_err(|message| raise(ClassId::ARGUMENT_ERROR, message))?;
            let told = Told {
                payload,
                headers: spelled(&head.headers),
                params: hash(&head.query),
                subscribe_output: prepared.subscription.clone(),
            };
            if self.keyed && !meant(run, &prepared, &told)? {
                return Ok(Vec::new());
            }
            let schemas = [prepared.args.input_schema.clone(), prepared.args.output_schema.clone()];
            let output = run.notify(&prepared.trigger, &prepared.args.input, schemas, &told)?;
            jobs(run, &prepared, &output)
        });
        events.map_err(|unwind| connector.finish(unwind))
    }
}

fn prepare(run: &mut Run<'_>, name: &str, input: &Value, place: &Place) -> Result<Prepared> {
    let trigger = find(run, name)?;
    let (args, output) = run.converted_poll_args(&trigger, input)?;
    let subscription = place.subscription.as_deref().and_then(|text| json::parse(text.as_bytes()).ok());
    let subscription = match subscription {
        Some(Value::Hash(kept)) => kept.get_str("output").unwrap_or_default(),
        _ => Value::Nil,
    };
    Ok(Prepared { trigger, args, output, subscription })
}

fn find(run: &Run<'_>, name: &str) -> Result<Operation> {
    run.trigger(name).ok_or_else(|| {
        let exception = Exception::new(ClassId::KEY_ERROR, format!("there is no trigger '{name}'"));
        Box::new(Unwind::Raise(Rc::new(exception)))
    })
}

/// Whether the keys of the request have one that is the trigger's own.
fn meant(run: &mut Run<'_>, prepared: &Prepared, told: &Told) -> Result<bool> {
    let texts = |value: &Value| -> Vec<String> {
        match value {
            Value::Nil => Vec::new(),
            Value::Array(items) => items.to_vec().iter().map(|item| to_s(item).to_text()).collect(),
            one => vec![to_s(one).to_text()],
        }
    };
    let own = texts(&run.webhook_key(&prepared.trigger, &prepared.args.input)?);
    let given = texts(&run.webhook_keys(told)?);
    Ok(own.iter().any(|key| given.contains(key)))
}

/// The events that a lambda made of a notification: one, several, or none.
fn jobs(run: &mut Run<'_>, prepared: &Prepared, output: &Value) -> Result<Vec<NewJob>> {
    let events = match output {
        Value::Nil => Vec::new(),
        Value::Array(events) => events.to_vec(),
        one => vec![one.clone()],
    };
    let mut jobs = Vec::with_capacity(events.len());
    for event in events {
        match &event {
            Value::Nil => continue,
            Value::Hash(hash) if hash.is_empty() => continue,
            Value::Hash(_) => {}
            other => {
                let (name, class) = (&prepared.trigger.name, other.class().name());
                let message = format!(
                    "webhook_notification of '{name}' has to return a Hash, an Array of them or nil, got {class}"
                );
                return Err(raise(ClassId::TYPE_ERROR, message));
            }
        }
        let event = indifferent(&event);
        let key = run.dedup_key(&prepared.trigger, &event)?;
        let converted = run.apply_output_schema(&prepared.trigger, &prepared.output, &event)?;
        jobs.push(NewJob { key, event: json::compact(&converted, BinaryForm::Hex)? });
    }
    Ok(jobs)
}

/// A subscription of a trigger at a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscription {
    /// Where it sends events.
    pub url: String,
    /// JSON: what `webhook_subscribe` gave.
    pub output: String,
    pub until: Option<Millis>,
}

impl Subscription {
    /// The one that a place knows of.
    pub fn of(place: &Place) -> Option<Self> {
        let kept: serde_json::Value = serde_json::from_str(place.subscription.as_deref()?).ok()?;
        let url = kept.get("url")?.as_str()?.to_owned();
        Some(Self { url, output: kept.get("output")?.to_string(), until: place.subscription_until })
    }

    /// As a place keeps it.
    fn kept(&self) -> String {
        let output: serde_json::Value = serde_json::from_str(&self.output).unwrap_or_default();
        serde_json::json!({ "url": self.url, "output": output }).to_string()
    }

    /// When it is to be refreshed: a while before it runs out, or halfway where it is short.
    pub fn refresh_at(&self, now: Millis) -> Option<Millis> {
        const AHEAD: Millis = 300_000;
        self.until.map(|until| until - AHEAD.min((until - now).max(0) / 2))
    }
}

/// What is to be done about a subscription.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish<'a> {
    /// Have events sent to that address.
    Subscribe(&'a str),
    Refresh,
    Unsubscribe,
}

/// Does it, and keeps what comes of it.
pub fn arrange(
    wish: Wish<'_>,
    identity: &Identity,
    input: &Value,
    connector: &mut Connector,
    store: &mut dyn Store,
    pace: &Pace<'_>,
) -> std::result::Result<Option<Subscription>, Trouble> {
    let instance = store.open(identity)?;
    let known = Subscription::of(&instance.place);
    connector.restart();
    let made = connector.enter(|run| match (wish, &known) {
        (Wish::Subscribe(url), _) => subscribed(run, &identity.name, input, url).map(Some),
        (Wish::Refresh, Some(known)) => refreshed(run, &identity.name, known).map(Some),
        (Wish::Unsubscribe, Some(known)) => unsubscribed(run, &identity.name, known).map(|()| None),
        (Wish::Refresh | Wish::Unsubscribe, None) => Ok(None),
    });
    let made = match made {
        Ok(made) => made,
        Err(unwind) => {
            let unwind = connector.finish(unwind);
            return Err(super::failure::failed(store, &instance, pace, unwind));
        }
    };
    // A poll may have been committed meanwhile, and knows nothing of subscriptions.
    loop {
        let instance = store.open(identity)?;
        let after = Place {
            subscription: made.as_ref().map(Subscription::kept),
            subscription_until: made.as_ref().and_then(|made| made.until),
            failures: 0,
            last_error: None,
            ..instance.place.clone()
        };
        match store.commit(&instance, &Change { place: Some(after), now: (pace.now)(), ..Change::default() }) {
            Ok(_) => return Ok(made),
            Err(error) if error == crate::store::StoreError::conflict() => {}
            Err(error) => return Err(error.into()),
        }
    }
}

fn subscribed(run: &mut Run<'_>, name: &str, input: &Value, url: &str) -> Result<Subscription> {
    let trigger = find(run, name)?;
    let (args, _) = run.converted_poll_args(&trigger, input)?;
    let output = run.subscribe(&trigger, url, &args.input)?;
    of_output(&output, url)
}

fn refreshed(run: &mut Run<'_>, name: &str, known: &Subscription) -> Result<Subscription> {
    let trigger = find(run, name)?;
    let before = json::parse(known.output.as_bytes()).unwrap_or_default();
    of_output(&run.refresh_subscription(&trigger, &before)?, &known.url)
}

fn unsubscribed(run: &mut Run<'_>, name: &str, known: &Subscription) -> Result<()> {
    let trigger = find(run, name)?;
    if !trigger.has("webhook_unsubscribe") {
        return Ok(());
    }
    let output = json::parse(known.output.as_bytes()).unwrap_or_default();
    run.unsubscribe(&trigger, &output).map(drop)
}

/// A hash, or a hash and the time until which it is good.
fn of_output(output: &Value, url: &str) -> Result<Subscription> {
    let (output, until) = match output {
        Value::Array(pair) => {
            let pair = pair.to_vec();
            (pair.first().cloned().unwrap_or_default(), pair.get(1).and_then(time))
        }
        one => (one.clone(), None),
    };
    Ok(Subscription { url: url.to_owned(), output: json::compact(&output, BinaryForm::Hex)?, until })
}

/// A time, its text, or seconds since 1970.
pub(super) fn time(value: &Value) -> Option<Millis> {
    match value {
        Value::Int(seconds) => Some(seconds.saturating_mul(1000)),
        Value::Float(seconds) => Some((seconds.get() * 1000.0) as Millis),
        other => {
            let text = match other {
                Value::Time(time) => time.xmlschema(3),
                other => to_s(other).to_text(),
            };
            chrono::DateTime::parse_from_rfc3339(&text).ok().map(|time| time.timestamp_millis())
        }
    }
}
