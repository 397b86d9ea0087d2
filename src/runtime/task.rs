//! What is done with events: an action of a connector, its input made of the event.

use super::template::{filled, found};
use crate::connector::Run;
use crate::methods::Args;
use crate::store::{Identity, Kind};
use crate::value::{Hash, Result, Value, indifferent, json};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

/// An action, and how an event becomes its input. The `do` of a trigger is one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Task {
    /// The connector's file, as [`Identity::connector`] names it.
    pub connector: String,
    /// The account; empty where there is but one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub account: String,
    pub action: String,
    #[serde(default, skip_serializing_if = "Map::is_event")]
    pub map: Map,
    /// What is done when a job has failed for good; it gets the job and its error as its event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_failure: Option<Box<Task>>,
}

/// How an event becomes an input.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Map {
    /// The event is the input.
    #[default]
    Event,
    /// The name of a lambda under `methods` of the action's connector: it takes the event and gives the input.
    Method(String),
    /// These fields of the event, under their own names.
    Names(Vec<String>),
    /// A hash with `{{path}}` in its texts.
    Fields(serde_json::Map<String, Json>),
}

impl Map {
    fn is_event(&self) -> bool {
        *self == Self::Event
    }
}

impl Task {
    /// The instance that holds jobs of this action that no trigger made: those that are asked for, and notifications.
    pub fn identity(&self) -> Identity {
        let input = if self.map.is_event() { json!({}) } else { json!({ "map": self.map }) };
        Identity {
            connector: self.connector.clone(),
            kind: Kind::Action,
            name: self.action.clone(),
            connection: self.account.clone(),
            input: input.to_string(),
        }
    }

    /// The task that made such an instance; `None` of anything else.
    pub fn of(identity: &Identity) -> Option<Self> {
        if identity.kind != Kind::Action {
            return None;
        }
        let input: Json = serde_json::from_str(&identity.input).ok()?;
        let map = input.get("map").map(|map| serde_json::from_value(map.clone()));
        Some(Self {
            connector: identity.connector.clone(),
            account: identity.connection.clone(),
            action: identity.name.clone(),
            map: map.transpose().ok()?.unwrap_or_default(),
            on_failure: None,
        })
    }

    /// The action's input for an event.
    pub(super) fn input(&self, run: &mut Run<'_>, event: &Value) -> Result<Value> {
        match &self.map {
            Map::Event => Ok(event.clone()),
            Map::Names(names) => {
                let input = Hash::new();
                names.iter().for_each(|name| input.insert_str(name, found(event, name)));
                Ok(Value::hash(input))
            }
            Map::Fields(fields) => {
                let fields = serde_json::to_vec(fields).unwrap_or_default();
                Ok(json::parse(&fields).map_or(Value::Nil, |fields| filled(&fields, event)))
            }
            Map::Method(name) => {
                let args = Args::of(&[Value::str(name), indifferent(event)]);
                let made = run.function("call", &args).unwrap_or(Ok(Value::Nil))?;
                run.resolve(&made)
            }
        }
    }
}
