//! What a connector says of its triggers and syncs before they run: read once for each version of the file.

use crate::connector::{Connector, Session};
use crate::runtime::{CatchUp, Incremental};
use crate::value::{Value, to_s};
use std::collections::HashMap;

/// What is declared of one trigger or sync.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    pub timing: Declared,
    pub hooks: Hooks,
    /// The columns that tell one record of a sync from another.
    pub primary_key: Vec<String>,
    pub incremental: Option<Incremental>,
}

#[derive(Clone, Debug, Default)]
pub struct Declared {
    pub schedule: Option<String>,
    pub timezone: Option<String>,
    pub poll_interval: Option<f64>,
    pub catch_up: Option<CatchUp>,
}

/// How a trigger hears of events.
#[derive(Clone, Debug, Default)]
pub struct Hooks {
    pub polls: bool,
    pub notified: bool,
    pub subscribes: bool,
    pub refreshes: bool,
    /// It is one of those that share the connector's address.
    pub keyed: bool,
    /// Bodies come as they are.
    pub raw: bool,
    pub response: Response,
}

/// What the sender of a webhook is answered.
#[derive(Clone, Debug, Default)]
pub struct Response {
    pub kind: Option<String>,
    pub status: Option<u16>,
    pub body: Option<String>,
    /// JSON, or a text that becomes JSON.
    pub headers: Option<String>,
}

/// The declarations of a whole connector.
#[derive(Clone, Debug, Default)]
pub struct Declarations {
    triggers: HashMap<String, Facts>,
    syncs: HashMap<String, Facts>,
}

impl Facts {
    /// Requests arrive for it.
    pub fn is_told(&self) -> bool {
        self.hooks.notified || self.hooks.subscribes || self.hooks.keyed
    }
}

impl Declarations {
    pub fn of(connector: &Connector) -> Self {
        let session = connector.session();
        let names = |section: &str| {
            let keys = session.table(&[section]).keys();
            keys.into_iter().map(|key| to_s(&key).to_text()).collect::<Vec<_>>()
        };
        let triggers = names("triggers").into_iter().map(|name| (name.clone(), trigger(session, &name)));
        let syncs = names("syncs").into_iter().map(|name| (name.clone(), sync(session, &name)));
        Self { triggers: triggers.collect(), syncs: syncs.collect() }
    }

    /// What is declared of one; nothing of one that is not there.
    pub fn get(&self, is_sync: bool, name: &str) -> Option<&Facts> {
        if is_sync { &self.syncs } else { &self.triggers }.get(name)
    }
}

fn trigger(session: &Session, name: &str) -> Facts {
    let part = |key: &str| session.part(&["triggers", name, key]);
    let has = |key: &str| part(key).truthy();
    Facts {
        timing: timing(&part),
        hooks: Hooks {
            polls: has("poll"),
            notified: has("webhook_notification"),
            subscribes: has("webhook_subscribe"),
            refreshes: has("webhook_refresh"),
            keyed: has("webhook_key") && session.part(&["webhook_keys"]).truthy(),
            raw: text(&part("webhook_payload_type")).as_deref() == Some("raw"),
            response: Response {
                kind: text(&part("webhook_response_type")),
                status: match part("webhook_response_status") {
                    Value::Int(status) => u16::try_from(status).ok(),
                    other => text(&other).and_then(|text| text.parse().ok()),
                },
                body: text(&part("webhook_response_body")),
                headers: headers(&part("webhook_response_headers")),
            },
        },
        ..Facts::default()
    }
}

fn headers(declared: &Value) -> Option<String> {
    match declared {
        Value::Hash(_) => crate::value::json::generate(declared).ok(),
        other => text(other),
    }
}

fn sync(session: &Session, name: &str) -> Facts {
    let part = |key: &str| session.part(&["syncs", name, key]);
    let primary_key = match part("primary_key") {
        Value::Array(names) => names.to_vec().iter().map(|name| to_s(name).to_text()).collect(),
        one => text(&one).into_iter().collect(),
    };
    Facts { timing: timing(&part), primary_key, incremental: Incremental::of(&part("incremental")), ..Facts::default() }
}

fn timing(part: &dyn Fn(&str) -> Value) -> Declared {
    Declared {
        schedule: text(&part("schedule")),
        timezone: text(&part("timezone")),
        poll_interval: match part("poll_interval") {
            Value::Int(seconds) => Some(seconds as f64),
            Value::Float(seconds) => Some(seconds.get()),
            _ => None,
        },
        catch_up: text(&part("catch_up")).and_then(|word| CatchUp::of(&word)),
    }
}

/// A string or symbol.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::Str(_) | Value::Symbol(_) => Some(to_s(value).to_text()).filter(|text| !text.is_empty()),
        _ => None,
    }
}
