//! Cassettes from text: connrun's own, and those of VCR.

use super::{Answer, Cassette, FAILURES, Facts, Interaction, failure_of, vcr};
use crate::http::{Headers, Method};
use crate::value::yaml::{self, YamlMode, known_keys, text};
use crate::value::{Hash, Value, json, to_s};
use base64::Engine as _;
use std::rc::Rc;

/// Why a text is no cassette. Line and column where they are known, from 1.
#[derive(Clone, Debug)]
pub struct Unreadable {
    pub message: String,
    pub place: Option<(usize, usize)>,
}

impl From<String> for Unreadable {
    fn from(message: String) -> Self {
        Self { message, place: None }
    }
}

type Read<T> = Result<T, String>;

/// Reads a file of either kind.
pub fn read(text: &str) -> Result<Cassette, Unreadable> {
    let value = yaml::parse(text, YamlMode::Settings)
        .map_err(|error| Unreadable { message: error.message, place: Some((error.line, error.column)) })?;
    let Value::Hash(root) = value else {
        return Err("a recording has `exchanges:`, a list of requests with their answers".to_owned().into());
    };
    if let Some(interactions) = root.get_either("http_interactions") {
        return Ok(Cassette { run: Facts::default(), exchanges: vcr::interactions(&interactions)? });
    }
    if let Some(Value::Int(version)) = root.get_either("connrun")
        && version > super::write::VERSION
    {
        return Err(format!("it was written by a later connrun, in form {version}").into());
    }
    known_keys(&root, &["connrun", "now", "seed", "settings", "exchanges"], "a recording")?;
    let list = root.get_either("exchanges").ok_or_else(|| "there are no `exchanges:` in it".to_owned())?;
    Ok(Cassette { run: facts(&root), exchanges: exchanges(&list)? })
}

fn facts(root: &Hash) -> Facts {
    let settings = match root.get_either("settings") {
        Some(Value::Hash(settings)) => {
            let pairs = settings.to_vec().into_iter();
            pairs.map(|(name, value)| (to_s(&name).to_text(), to_s(&value).to_text())).collect()
        }
        _ => Vec::new(),
    };
    Facts { now: text(root, "now"), seed: yaml::count(root, "seed"), settings }
}

/// The list under `exchanges`, also as a person writes it: `request: GET https://…`, bodies as YAML under `json`.
pub fn exchanges(list: &Value) -> Read<Vec<Interaction>> {
    let Value::Array(items) = list else { return Err("`exchanges` has to be a list".to_owned()) };
    let numbered = items.to_vec().into_iter().enumerate();
    numbered.map(|(at, item)| exchange(&item).map_err(|message| format!("exchange {}: {message}", at + 1))).collect()
}

fn exchange(item: &Value) -> Read<Interaction> {
    let Value::Hash(item) = item else { return Err("it has to hold `request` and `response`".to_owned()) };
    known_keys(item, &["request", "response", "failure", "reason"], "an exchange")?;
    let (method, url, headers, body) = match item.get_either("request") {
        Some(Value::Str(line)) => {
            let line = line.to_text();
            let (method, url) = line.split_once(' ').ok_or("`request` is a verb and an address: GET https://…")?;
            (verb(method)?, url.trim().to_owned(), Headers::new(), None)
        }
        Some(Value::Hash(request)) => {
            known_keys(&request, &["method", "url", "headers", "json", "text", "base64"], "a request")?;
            let url = text(&request, "url").ok_or("the request has no `url`")?;
            let method = text(&request, "method").unwrap_or_else(|| "GET".to_owned());
            (verb(&method)?, url, fields(&request), content(&request)?)
        }
        _ => return Err("it has no `request`".to_owned()),
    };
    let answer = answer(item, &url)?;
    Ok(Interaction { method, url, headers, body, answer })
}

fn answer(item: &Hash, url: &str) -> Read<Answer> {
    if let Some(name) = text(item, "failure") {
        let reason = text(item, "reason").unwrap_or_default();
        return failure_of(&name, &reason, url)
            .map(Answer::Failure)
            .ok_or_else(|| format!("`failure: {name}` is none of {}", FAILURES.join(", ")));
    }
    let response = match item.get_either("response") {
        None | Some(Value::Nil) => Rc::new(Hash::new()),
        Some(Value::Int(status)) => {
            let only = Hash::new();
            only.insert_str("status", Value::Int(status));
            Rc::new(only)
        }
        Some(Value::Hash(response)) => response,
        Some(_) => return Err("`response` has to hold `status`, `headers` and a body".to_owned()),
    };
    known_keys(&response, &["status", "headers", "json", "text", "base64"], "a response")?;
    let status = match response.get_either("status") {
        None => 200,
        Some(Value::Int(status)) => {
            u16::try_from(status).ok().filter(|status| (100..600).contains(status)).ok_or("`status` is no status")?
        }
        Some(_) => return Err("`status` has to be a number, such as 200".to_owned()),
    };
    let mut headers = fields(&response);
    let body = content(&response)?.unwrap_or_default();
    if response.get_either("json").is_some() {
        headers.set_default("content-type", "application/json");
    }
    Ok(Answer::Response { status, headers, body })
}

fn verb(text: &str) -> Read<Method> {
    text.parse().map_err(|text| format!("{text:?} is no verb that a connector sends"))
}

fn fields(holder: &Hash) -> Headers {
    let mut headers = Headers::new();
    if let Some(Value::Hash(fields)) = holder.get_either("headers") {
        for (name, value) in fields.to_vec() {
            let name = to_s(&name).to_text();
            match value {
                Value::Array(values) => {
                    values.to_vec().iter().for_each(|value| headers.append(name.clone(), to_s(value).to_text()));
                }
                value => headers.append(name, to_s(&value).to_text()),
            }
        }
    }
    headers
}

/// The body: JSON (as text, or as what it says) goes out on one line, text as it is.
fn content(holder: &Hash) -> Read<Option<Vec<u8>>> {
    if let Some(value) = holder.get_either("json") {
        let written = match &value {
            Value::Str(text) => text.to_text(),
            value => json::generate(value).map_err(|_| "`json` holds what JSON cannot say".to_owned())?,
        };
        let parsed: serde_json::Value =
            serde_json::from_str(&written).map_err(|error| format!("`json` is not valid JSON: {error}"))?;
        return Ok(Some(parsed.to_string().into_bytes()));
    }
    if let Some(value) = holder.get_either("text") {
        return Ok(Some(to_s(&value).bytes().to_vec()));
    }
    match text(holder, "base64") {
        None => Ok(None),
        Some(encoded) => {
            let plain: String = encoded.split_whitespace().collect();
            let bytes = base64::engine::general_purpose::STANDARD.decode(plain);
            bytes.map(Some).map_err(|_| "`base64` holds what is no base64".to_owned())
        }
    }
}
