//! Where programs say which address events shall be sent to, and the sending: signed, and to this machine only.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::PoisonError;
use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};

use super::World;
use super::customers::authorize;
use super::message::{Asked, Format, Reply};
use crate::http::url;
use sha2::Sha256;

/// How long a receiver may take, and how often it is asked again.
const PATIENCE: Duration = Duration::from_secs(10);
const TRIES: usize = 3;

/// Webhooks a sandbox keeps.
const MOST: usize = 10_000;

/// The webhooks that are there, by their numbers.
#[derive(Default)]
pub(super) struct Hooks {
    by_id: BTreeMap<u64, Hook>,
    last: u64,
}

struct Hook {
    shown: Value,
    /// What the body is signed with; empty for none.
    secret: String,
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
        let secret = data["secret"].as_str().unwrap_or_default().to_owned();
        hooks.by_id.insert(id, Hook { shown: hook.clone(), secret });
        Ok(Reply::json(201, &json!({ "webhook": hook })))
    };
    replied(created())
}

/// `GET /v1/webhooks.json`
pub(super) fn list(world: &World, asked: &Asked) -> Reply {
    let all = || {
        authorize(asked)?;
        let hooks = world.hooks.lock().unwrap_or_else(PoisonError::into_inner);
        let all: Vec<&Value> = hooks.by_id.values().map(|hook| &hook.shown).collect();
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

/// Sends an event to everybody who wants it, behind the answer that is being given.
pub(super) fn tell(world: &World, event: &str, customer: &Value) {
    let hooks = world.hooks.lock().unwrap_or_else(PoisonError::into_inner);
    let wanted = hooks.by_id.values().filter(|hook| hook.shown["event"] == event);
    let body = json!({ "event": event, "customer": customer }).to_string();
    let requests: Vec<_> = wanted.filter_map(|hook| request(hook, &body)).collect();
    drop(hooks);
    if requests.is_empty() {
        return;
    }
    // Without a thread nothing is sent, as happens to services, too.
    let _ = std::thread::Builder::new().name("sandbox webhooks".to_owned()).spawn(move || {
        for (address, bytes) in requests {
            // A receiver that never answers well is given up.
            let _ = (0..TRIES).find(|_| send(address, &bytes).is_ok_and(|status| (200..300).contains(&status)));
        }
    });
}

/// The bytes to send, and where to; nothing for addresses beyond this machine.
fn request(hook: &Hook, body: &str) -> Option<(SocketAddr, Vec<u8>)> {
    let url = url::absolute(hook.shown["url"].as_str()?).ok()?;
    let authority = url.authority();
    let address = authority.replace("localhost", "127.0.0.1").parse::<SocketAddr>().ok()?;
    if !address.ip().is_loopback() || url.scheme.as_deref() != Some("http") {
        return None;
    }
    let whole = hook.shown["url"].as_str()?;
    let target =
        whole.split_once("://")?.1.find('/').and_then(|at| whole.split_once("://")?.1.get(at..)).unwrap_or("/");
    let mut head = format!(
        "POST {target} HTTP/1.1\r\nHost: {authority}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\
         Connection: close\r\n",
        body.len()
    );
    if !hook.secret.is_empty() {
        let mut mac = Hmac::<Sha256>::new_from_slice(hook.secret.as_bytes()).ok()?;
        mac.update(body.as_bytes());
        head.extend(["X-Sandbox-Signature: sha256=", &hex::encode(mac.finalize().into_bytes()), "\r\n"]);
    }
    Some((address, format!("{head}\r\n{body}").into_bytes()))
}

/// The status of the answer.
fn send(address: SocketAddr, request: &[u8]) -> std::io::Result<u16> {
    let mut socket = TcpStream::connect_timeout(&address, PATIENCE)?;
    socket.set_read_timeout(Some(PATIENCE))?;
    socket.write_all(request)?;
    let mut first = [0; 12];
    socket.read_exact(&mut first)?;
    let status = String::from_utf8_lossy(&first).split(' ').nth(1).and_then(|status| status.parse().ok());
    Ok(status.unwrap_or_default())
}
