//! Cassettes to text.

use super::body::{Kept, kept};
use super::{Answer, Cassette, Facts, Interaction, failure_name};
use crate::http::redact::Redactor;
use crate::http::{ErrorKind, Headers};
use crate::value::{Hash, Value, yaml};
use base64::Engine as _;

/// The form of the file, so that a later one can be told apart.
pub const VERSION: i64 = 1;

const HEADING: &str = "\
# What a run sent, and what came back. Secrets were taken out before this was written.
# `--replay` answers from it without a network; docs/cassettes.md explains every key.
";

/// Fields of answers that say when and over which connection, which is of no use later.
const PASSING: &[&str] = &["connection", "keep-alive", "transfer-encoding"];

/// The file. Masks stand where secrets stood.
pub fn write(cassette: &Cassette, redactor: &Redactor) -> String {
    let root = Hash::new();
    root.insert_str("connrun", Value::Int(VERSION));
    run(&cassette.run, &root);
    let exchanges = cassette.exchanges.iter().map(|exchange| exchange_of(exchange, redactor));
    root.insert_str("exchanges", Value::array(exchanges.collect()));
    let text = yaml::dump(&Value::hash(root));
    let text = text.strip_prefix("---\n").unwrap_or(&text);
    // Nothing is left to mask; a secret that came this far would be worse than a file that reads oddly.
    format!("{HEADING}{}", redactor.text(text))
}

fn run(facts: &Facts, root: &Hash) {
    if let Some(now) = &facts.now {
        root.insert_str("now", Value::str(now));
    }
    if let Some(seed) = facts.seed.and_then(|seed| i64::try_from(seed).ok()) {
        root.insert_str("seed", Value::Int(seed));
    }
    if !facts.settings.is_empty() {
        let settings = Hash::new();
        for (name, value) in &facts.settings {
            settings.insert_str(name, Value::str(value));
        }
        root.insert_str("settings", Value::hash(settings));
    }
}

fn exchange_of(exchange: &Interaction, redactor: &Redactor) -> Value {
    let request = Hash::new();
    request.insert_str("method", Value::str(exchange.method.as_str()));
    request.insert_str("url", Value::string(redactor.url(&exchange.url)));
    fields(&exchange.headers, redactor, &request);
    if let Some(body) = &exchange.body {
        content(&exchange.headers, body, redactor, &request);
    }
    let both = Hash::new();
    both.insert_str("request", Value::hash(request));
    match &exchange.answer {
        Answer::Response { status, headers, body } => {
            let response = Hash::new();
            response.insert_str("status", Value::Int(i64::from(*status)));
            let lasting = headers.iter().filter(|(name, _)| !PASSING.contains(&name.to_ascii_lowercase().as_str()));
            fields(&lasting.collect(), redactor, &response);
            if !body.is_empty() {
                content(headers, body, redactor, &response);
            }
            both.insert_str("response", Value::hash(response));
        }
        Answer::Failure(kind) => {
            both.insert_str("failure", Value::str(failure_name(kind).unwrap_or("broken")));
            if let ErrorKind::Connect { reason, .. } | ErrorKind::Tls { reason } | ErrorKind::Protocol { reason } = kind
            {
                both.insert_str("reason", Value::string(redactor.text(reason)));
            }
        }
    }
    Value::hash(both)
}

/// A field that occurs more than once is a list.
fn fields(headers: &Headers, redactor: &Redactor, into: &Hash) {
    if headers.is_empty() {
        return;
    }
    let shown = Hash::new();
    for name in headers.names() {
        let values: Vec<Value> = headers.all(name).map(|value| Value::string(redactor.header(name, value))).collect();
        let value = match values.as_slice() {
            [one] => one.clone(),
            _ => Value::array(values),
        };
        shown.insert_str(&redactor.text(name), value);
    }
    into.insert_str("headers", Value::hash(shown));
}

fn content(headers: &Headers, body: &[u8], redactor: &Redactor, into: &Hash) {
    match kept(headers, body, redactor) {
        Kept::Json(text) => into.insert_str("json", Value::string(text + "\n")),
        Kept::Text(text) => into.insert_str("text", Value::string(text)),
        Kept::Bytes(bytes) => {
            into.insert_str("base64", Value::string(base64::engine::general_purpose::STANDARD.encode(bytes)));
        }
    }
}
