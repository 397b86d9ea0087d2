//! Where programs say which address events shall be sent to. The sandbox keeps the list and sends nothing.

use std::collections::BTreeMap;
use std::sync::PoisonError;

use serde_json::{Value, json};

use super::World;
use super::customers::authorize;
use super::message::{Asked, Format, Reply};
use crate::http::url;

/// Webhooks a sandbox keeps.
const MOST: usize = 10_000;

/// The webhooks that are there, by their numbers.
#[derive(Default)]
pub(super) struct Hooks {
    by_id: BTreeMap<u64, Value>,
    last: u64,
}

type Refusal = (u16, String);

fn replied(outcome: Result<Reply, Refusal>) -> Reply {
    outcome.unwrap_or_else(|(status, message)| Reply::error(status, Format::Json, message))
}

/// `POST /v1/webhooks.json`
pub(super) fn create(world: &World, asked: &Asked) -> Reply {
    let created = || {
        authorize(asked)?;
        let data = asked.data().map_err(|message| (400, message))?;
        let address = data["url"].as_str().unwrap_or_default();
        if !address.contains("://") || url::absolute(address).is_err() {
            return Err((422, "url is missing, or no absolute address: where events shall go".to_owned()));
        }
        let event = data["event"].as_str().filter(|event| !event.is_empty());
        let event = event.ok_or_else(|| (422, "event is missing, such as customer.created".to_owned()))?;
        let mut hooks = world.hooks.lock().unwrap_or_else(PoisonError::into_inner);
        if hooks.by_id.len() >= MOST {
            return Err((507, format!("the sandbox keeps {MOST} webhooks; start a new one")));
        }
        hooks.last += 1;
        let id = hooks.last;
        let hook = json!({ "id": id, "url": address, "event": event });
        hooks.by_id.insert(id, hook.clone());
        Ok(Reply::json(201, &json!({ "webhook": hook })))
    };
    replied(created())
}

/// `GET /v1/webhooks.json`
pub(super) fn list(world: &World, asked: &Asked) -> Reply {
    let all = || {
        authorize(asked)?;
        let hooks = world.hooks.lock().unwrap_or_else(PoisonError::into_inner);
        let all: Vec<&Value> = hooks.by_id.values().collect();
        Ok(Reply::json(200, &json!({ "webhooks": all })))
    };
    replied(all())
}

/// `DELETE /v1/webhooks/:id.json`
pub(super) fn delete(world: &World, asked: &Asked) -> Reply {
    let deleted = || {
        authorize(asked)?;
        let mut hooks = world.hooks.lock().unwrap_or_else(PoisonError::into_inner);
        let id = asked.capture("id");
        let found = id.parse().ok().and_then(|id: u64| hooks.by_id.remove(&id));
        found.map(|_| Reply::empty(204)).ok_or_else(|| (404, format!("there is no webhook {id}")))
    };
    replied(deleted())
}
