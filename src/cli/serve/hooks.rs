//! Requests that services send: kept before they are answered; and the addresses that they are sent to.

use super::Server;
use super::board::Entry;
use super::desk::Clerk;
use super::facts::{Facts, Response};
use super::plan::{Key, Plan};
use super::work::{Clocked, facts};
use crate::cli::durable::{open_state, state_failure};
use crate::cli::failure::Failure;
use crate::project::names::stem;
use crate::runtime::{Head, Subscription, Trouble, Wish, arrange, payload};
use crate::server::{Asked, Escape, Reply, Whom, render};
use crate::store::{Identity, Instance, Kind, Store};
use crate::value::json;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value as Json, json};
use sha2::Sha256;
use std::path::Path;
use std::sync::PoisonError;

/// Headers of an answer that are not the connector's to set.
const RESERVED: &[&str] = &[
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-forwarded-port",
    "x-forwarded-for",
    "x-request-id",
    "x-frame-options",
    "x-powered-by",
];

impl Server {
    /// Where requests for an entry arrive, if it has any use for them.
    pub fn webhook_url(&self, entry: &Entry) -> Option<String> {
        let facts = self.facts(&entry.plan)?;
        facts.is_told().then(|| self.address(&entry.plan, &facts))?
    }

    /// The address of a trigger, or the one that it shares.
    pub fn address(&self, plan: &Plan, facts: &Facts) -> Option<String> {
        let path = if facts.hooks.keyed {
            format!("connectors/{}", stem(&plan.part().connector.value))
        } else {
            format!("triggers/{}", plan.key.name)
        };
        let key = self.key(&path).map(|key| format!("/{key}")).unwrap_or_default();
        Some(format!("{}/webhooks/{path}{key}", self.url.get()?))
    }

    /// What makes an address known only to those who were told: derived from the token, so that it stays as it is.
    fn key(&self, path: &str) -> Option<String> {
        let token = self.token.as_ref()?;
        let mut mac = Hmac::<Sha256>::new_from_slice(token.as_bytes()).ok()?;
        mac.update(path.as_bytes());
        Some(hex::encode(mac.finalize().into_bytes()).chars().take(32).collect())
    }

    fn facts(&self, plan: &Plan) -> Option<Facts> {
        if plan.key.is_sync {
            return None;
        }
        let (version, _) = self.shop.version(&plan.part().connector.value).ok()?;
        facts(plan, &version).ok()
    }

    /// Takes back the subscriptions of triggers that are no longer in the project.
    pub fn sweep(&self) {
        let _alone = self.sweeping.lock().unwrap_or_else(PoisonError::into_inner);
        let swept = open_state(&self.state).and_then(|mut store| {
            let instances = store.instances().map_err(|error| state_failure(&error))?;
            let entries = self.board.entries();
            for instance in instances {
                let known = entries.iter().any(|entry| entry.plan.identity == instance.identity);
                if !known && instance.identity.kind == Kind::Trigger && Subscription::of(&instance.place).is_some() {
                    self.unsubscribe(&instance, &mut store);
                }
            }
            Ok(())
        });
        if let Err(failure) = swept {
            self.teller.fail("", "subscriptions cannot be looked at", failure);
        }
    }

    fn unsubscribe(&self, instance: &Instance, store: &mut dyn Store) {
        let identity = &instance.identity;
        match self.try_unsubscribe(identity, store) {
            Ok(()) => self.teller.say(&identity.name, "left the project: its subscription was taken back"),
            Err(failure) => {
                let what = "left the project, and its subscription cannot be taken back";
                self.teller.fail(&identity.name, what, failure);
            }
        }
    }

    fn try_unsubscribe(&self, identity: &Identity, store: &mut dyn Store) -> Result<(), Failure> {
        let path = Path::new(&identity.connector);
        let (version, _) = self.shop.version(path)?;
        let mut ready = self.shop.connector(&version, path, &identity.connection)?;
        let input = json::parse(identity.input.as_bytes()).unwrap_or_default();
        let clocked = Clocked::new(self);
        let result = clocked.paced(&|began| began, |pace| {
            arrange(Wish::Unsubscribe, identity, &input, &mut ready.opened.connector, store, &pace)
        });
        result.map(drop).map_err(|trouble| match trouble {
            Trouble::Connector(unwind) => ready.opened.failure(&unwind),
            Trouble::Store(error) => state_failure(&error),
            Trouble::Sink(error) => Failure::usage("serve::unsubscribe", error.message),
        })
    }
}

impl Clerk {
    /// Keeps a request for everybody whom it may be for, and says what its sender is answered.
    pub fn keep(&self, whom: Whom<'_>, asked: &Asked) -> Result<Reply, Reply> {
        let server = self.server();
        let (path, entries) = match whom {
            Whom::Trigger(name) => {
                let key = Key { is_sync: false, name: name.into() };
                (format!("triggers/{name}"), server.board.get(&key).into_iter().collect::<Vec<_>>())
            }
            Whom::Connector(name) => {
                let entries = server.board.entries().into_iter();
                let of = |entry: &Entry| !entry.plan.key.is_sync && stem(&entry.plan.part().connector.value) == name;
                (format!("connectors/{name}"), entries.filter(of).collect())
            }
        };
        let shared = matches!(whom, Whom::Connector(_));
        let told: Vec<(Entry, Facts)> = entries
            .into_iter()
            .filter_map(|entry| server.facts(&entry.plan).map(|facts| (entry, facts)))
            .filter(|(_, facts)| facts.is_told() && facts.hooks.keyed == shared)
            .collect();
        let given = asked.params.get(1).map(String::as_str);
        let allowed = match (server.key(&path), given) {
            (None, None) => true,
            (Some(key), Some(given)) => crate::server::same(given, &key),
            _ => false,
        };
        let Some((_, first)) = told.first().filter(|_| allowed) else {
            return Err(Reply::error(404, "there is no webhook at this address")
                .help("GET /triggers shows the `webhook_url` of each trigger"));
        };
        let head = Head { headers: pairs(asked), query: asked.query.clone() };
        if let Err(message) = payload(&head, &asked.body, first.hooks.raw) {
            return Err(Reply::error(400, message));
        }
        // Verifying an address is done with GET, and brings no event.
        if asked.method != "GET" {
            self.take_in(&told, &head, asked)?;
        }
        Ok(response(&first.hooks.response, &head, asked))
    }

    fn take_in(&self, told: &[(Entry, Facts)], head: &Head, asked: &Asked) -> Result<(), Reply> {
        let text = serde_json::to_string(head).unwrap_or_default();
        for (entry, facts) in told {
            let (server, key) = (self.server(), &entry.plan.key);
            if facts.hooks.notified {
                let now = server.board.now();
                self.with(|engine| engine.notify(&entry.plan.identity, now, &text, &asked.body))
                    .map_err(|reply| Reply { status: 503, ..reply })?;
            } else {
                // What it says is looked up by a poll; however many come meanwhile, it is one.
                server.board.ask(key);
            }
            server.board.send(key);
        }
        Ok(())
    }
}

fn pairs(asked: &Asked) -> Vec<(String, String)> {
    asked.headers.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// The answer that the connector wants to be given.
fn response(wanted: &Response, head: &Head, asked: &Asked) -> Reply {
    let is_json = wanted.kind.as_deref() == Some("json");
    let context = json!({
        "headers": object(&head.headers),
        "query": object(&head.query),
        "body": serde_json::from_slice::<Json>(&asked.body)
            .unwrap_or_else(|_| Json::from(String::from_utf8_lossy(&asked.body).into_owned())),
    });
    let escape = if is_json { Escape::Json } else { Escape::Plain };
    let body = wanted.body.as_deref().map(|template| render(template, &context, escape)).unwrap_or_default();
    let kind = match wanted.kind.as_deref() {
        Some("json") => "application/json",
        Some("plain") => "text/plain; charset=utf-8",
        _ if body.is_empty() => "",
        _ => "text/plain; charset=utf-8",
    };
    let status = wanted.status.filter(|status| (200..300).contains(status)).unwrap_or(200);
    let mut reply = Reply::text(status, kind, body);
    let headers = wanted.headers.as_deref().map(|template| render(template, &context, Escape::Json));
    let headers = headers.and_then(|text| serde_json::from_str::<Json>(&text).ok());
    for (name, value) in headers.as_ref().and_then(Json::as_object).into_iter().flatten() {
        let name = name.to_ascii_lowercase();
        if name.starts_with("x-") && !RESERVED.contains(&name.as_str()) {
            reply = reply.header(&name, value.as_str().map_or_else(|| value.to_string(), str::to_owned));
        }
    }
    reply
}

fn object(pairs: &[(String, String)]) -> Json {
    pairs.iter().map(|(name, value)| (name.clone(), Json::from(value.as_str()))).collect()
}
