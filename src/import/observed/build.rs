//! Requests as operations: what differs between requests of one kind is a value, what opens the door is a credential.

use super::{Observed, Payload};
use crate::http::redact::is_secret_field;
use crate::http::{query, url};
use crate::import::field::{Field, Inside, Kind};
use crate::import::model::{Answer, Api, Auth, Base, Body, Form, Operation, Param, Part, Place};
use crate::import::name::{self, Unique};
use crate::import::samples;
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// Headers that clients send by themselves.
const USUAL: &[&str] = &[
    "accept",
    "accept-encoding",
    "accept-language",
    "authorization",
    "cache-control",
    "connection",
    "content-length",
    "content-type",
    "cookie",
    "dnt",
    "host",
    "if-modified-since",
    "if-none-match",
    "origin",
    "pragma",
    "priority",
    "referer",
    "te",
    "upgrade-insecure-requests",
    "user-agent",
    "x-requested-with",
];

/// The API at the host that most requests went to. Errors: there is no request in it.
pub fn api(title: &str, requests: &[Observed]) -> Result<Api, String> {
    let mut hosts: BTreeMap<String, usize> = BTreeMap::new();
    let read: Vec<(url::Url, &Observed)> =
        requests.iter().filter_map(|request| Some((url::absolute(&request.url).ok()?, request))).collect();
    for (url, _) in &read {
        *hosts.entry(origin(url)).or_default() += 1;
    }
    let most = hosts.iter().max_by_key(|(_, count)| **count).map(|(host, _)| host.clone());
    let host = most.ok_or("there is no request with an absolute address in it")?;
    let (here, elsewhere): (Vec<_>, Vec<_>) = read.into_iter().partition(|(url, _)| origin(url) == host);
    let mut api = Api {
        title: title.to_owned(),
        base: Base { url: Some(vec![Part::Text(format!("{host}/"))]), fields: Vec::new() },
        ..Api::default()
    };
    if !elsewhere.is_empty() {
        let others: Vec<String> = hosts.into_keys().filter(|other| *other != host).collect();
        api.notes.push(format!("requests to {}", others.join(", ")));
    }
    let mut groups: Vec<(String, Vec<(url::Url, &Observed)>)> = Vec::new();
    for (url, request) in here {
        for auth in credentials(&url, request) {
            let in_header = |auth: &Auth| matches!(auth, Auth::Basic | Auth::Bearer);
            if api.auth.contains(&auth) {
                continue;
            }
            // One header cannot say two things.
            if in_header(&auth) && api.auth.iter().any(in_header) {
                let other = if auth == Auth::Basic { "basic authentication" } else { "a bearer token" };
                let note = format!("another way to log in, {other}");
                if !api.notes.contains(&note) {
                    api.notes.push(note);
                }
            } else {
                api.auth.push(auth);
            }
        }
        let key = format!("{} {}", request.method, template(&url.path));
        match groups.iter_mut().find(|(known, _)| *known == key) {
            Some((_, group)) => group.push((url, request)),
            None => groups.push((key, vec![(url, request)])),
        }
    }
    let mut names = Unique::default();
    for (_, group) in &groups {
        let operation = operation(group, &mut names, &mut api.notes);
        api.operations.extend(operation);
    }
    Ok(api)
}

fn origin(url: &url::Url) -> String {
    format!("{}://{}", url.scheme.as_deref().unwrap_or("https"), url.authority())
}

/// The path with `{}` for what looks like an id.
pub fn template(path: &str) -> String {
    path.split('/').map(|segment| if is_id(segment) { "{}" } else { segment }).collect::<Vec<_>>().join("/")
}

/// A number, a UUID, a long key, or a variable of a collection.
fn is_id(segment: &str) -> bool {
    let hex = segment.chars().all(|c| c.is_ascii_hexdigit() || c == '-');
    let has_digit = segment.chars().any(|c| c.is_ascii_digit());
    let number = !segment.is_empty() && segment.chars().all(|c| c.is_ascii_digit());
    let version = segment.len() < 4 && segment.starts_with('v');
    let key =
        segment.len() >= 16 && has_digit && segment.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    !version && (number || (hex && segment.len() >= 12 && has_digit) || key || variable(segment).is_some())
}

/// The name in `{{id}}` and `:id`.
fn variable(segment: &str) -> Option<&str> {
    let decoded = segment.strip_prefix("{{").and_then(|rest| rest.strip_suffix("}}"));
    decoded.or_else(|| segment.strip_prefix(':')).filter(|name| !name.is_empty())
}

/// What a request was allowed in by; its values stay where they are.
fn credentials(url: &url::Url, request: &Observed) -> Vec<Auth> {
    let mut found: Vec<Auth> = request.auth.iter().cloned().collect();
    for (name, value) in &request.headers {
        let scheme = value.split(' ').next().unwrap_or_default().to_ascii_lowercase();
        match (name.to_ascii_lowercase().as_str(), scheme.as_str()) {
            ("authorization", "basic") => found.push(Auth::Basic),
            ("authorization", "bearer") => found.push(Auth::Bearer),
            ("authorization", _) => found.push(Auth::Header("Authorization".to_owned())),
            (plain, _) if is_secret_field(name) && plain != "cookie" => found.push(Auth::Header(name.clone())),
            _ => {}
        }
    }
    let secret = queries(url).into_iter().filter(|(name, _)| is_secret_field(name));
    found.extend(secret.map(|(name, _)| Auth::Query(name)));
    found.dedup();
    found
}

fn queries(url: &url::Url) -> Vec<(String, String)> {
    url.query.as_deref().map(query::parse).unwrap_or_default()
}

/// All requests of one kind as one operation.
fn operation(group: &[(url::Url, &Observed)], names: &mut Unique, notes: &mut Vec<String>) -> Option<Operation> {
    let (url, first) = group.first()?;
    let method = first.method.to_ascii_lowercase();
    if !["get", "post", "put", "patch", "delete"].contains(&method.as_str()) {
        notes.push(format!("{} {}: only GET, POST, PUT, PATCH and DELETE become actions", first.method, url.path));
        return None;
    }
    let path = path(&url.path);
    let given = group.iter().find_map(|(_, request)| request.name.clone());
    let own = given.as_deref().map_or_else(|| usual_name(&method, &path), name::snake);
    let name = names.take(&own);
    let title = given.unwrap_or_else(|| name::title(&name));
    let about = group.iter().find_map(|(_, request)| request.about.as_deref()).map(name::sentence);
    let mut operation =
        Operation { name, title, about: about.filter(|about| !about.is_empty()), method, path, ..Operation::default() };
    operation.params = params(group);
    operation.body = body(group, notes, &operation.name);
    let answers: Vec<Json> = group.iter().filter_map(|(_, request)| request.answer.clone()).collect();
    operation.answer = if answers.is_empty() {
        let known = group.iter().any(|(_, request)| request.other_answer);
        if !known {
            operation.notes.push("what the answer looks like was not to be seen".to_owned());
        }
        if known { Answer::Text } else { Answer::Data(Kind::Object(Inside::Fields(Vec::new()))) }
    } else {
        Answer::Data(kind(&answers, &operation.name, notes))
    };
    Some(operation)
}

/// `GET /orders/7` is `get_order`, `GET /orders` is `list_orders`.
fn usual_name(method: &str, path: &[Part]) -> String {
    let texts: Vec<&str> = path
        .iter()
        .filter_map(|part| match part {
            Part::Text(text) => Some(text.trim_matches('/')),
            Part::Value(_) => None,
        })
        .filter(|text| !text.is_empty())
        .collect();
    let last = texts.last().and_then(|text| text.rsplit('/').next()).unwrap_or("root");
    let noun = name::snake(last.trim_end_matches(".json").trim_end_matches(".xml"));
    let one = matches!(path.last(), Some(Part::Value(_)));
    let singular = if one || method == "post" { singular(&noun) } else { noun };
    let verb = match (method, one) {
        ("get", false) => "list",
        ("get", true) => "get",
        ("post", _) => "create",
        ("delete", _) => "delete",
        _ => "update",
    };
    format!("{verb}_{singular}")
}

fn singular(noun: &str) -> String {
    match noun.strip_suffix("ies") {
        Some(stem) => format!("{stem}y"),
        None => noun.strip_suffix('s').filter(|stem| !stem.ends_with('s')).unwrap_or(noun).to_owned(),
    }
}

fn path(path: &str) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let mut text = String::new();
    let mut before = String::new();
    let mut taken = Unique::default();
    for (at, segment) in path.trim_start_matches('/').split('/').enumerate() {
        if at > 0 {
            text.push('/');
        }
        if is_id(segment) {
            if !text.is_empty() {
                parts.push(Part::Text(std::mem::take(&mut text)));
            }
            let usual =
                if before.is_empty() { "id".to_owned() } else { format!("{}_id", singular(&name::snake(&before))) };
            let own = variable(segment).map_or(usual, name::field);
            let number = segment.chars().all(|c| c.is_ascii_digit());
            let kind = if number { Kind::Integer } else { Kind::Text };
            parts.push(Part::Value(Field::new(taken.take(&own), kind).required()));
        } else {
            text.push_str(segment);
            segment.clone_into(&mut before);
        }
    }
    if !text.is_empty() || parts.is_empty() {
        parts.push(Part::Text(text));
    }
    parts
}

/// The parameters of the query, and headers that say something.
fn params(group: &[(url::Url, &Observed)]) -> Vec<Param> {
    let mut seen: Vec<(Place, String, Vec<Json>)> = Vec::new();
    let mut see = |place: Place, name: &str, value: &str| {
        let value = samples::typed(value);
        match seen.iter_mut().find(|(known, own, _)| *known == place && own == name) {
            Some((.., values)) => values.push(value),
            None => seen.push((place, name.to_owned(), vec![value])),
        }
    };
    for (url, request) in group {
        for (name, value) in queries(url).iter().filter(|(name, _)| !is_secret_field(name)) {
            see(Place::Query, name, value);
        }
        let usual = |name: &str| {
            let lower = name.to_ascii_lowercase();
            USUAL.contains(&lower.as_str())
                || lower.starts_with("sec-")
                || lower.starts_with(':')
                || is_secret_field(name)
        };
        for (name, value) in request.headers.iter().filter(|(name, _)| !usual(name)) {
            see(Place::Header, name, value);
        }
    }
    let field = |(place, sent, values): (Place, String, Vec<Json>)| {
        let mut shape = samples::Shape::default();
        values.iter().for_each(|value| shape.see(value));
        let mut field = shape.field(&name::field(&sent), &sent, &mut Vec::new());
        if field.name != sent {
            field.label = Some(sent.clone());
        }
        if place == Place::Header {
            field.default = values.first().filter(|value| value.is_string()).cloned();
        }
        Param { place, sent, field }
    };
    seen.into_iter().map(field).collect()
}

/// What records look like; a list in a list has no fields.
fn kind(samples: &[Json], path: &str, notes: &mut Vec<String>) -> Kind {
    let mut shape = samples::Shape::default();
    samples.iter().for_each(|sample| shape.see(sample));
    let mut own = Vec::new();
    let mut kind = shape.field(path, path, &mut own).kind;
    notes.extend(own);
    loosen(&mut kind);
    kind
}

/// Requests that somebody made show what may be sent, and not what has to be.
fn loosen(kind: &mut Kind) {
    if let Some(Inside::Fields(fields)) = kind.inside_mut() {
        for field in fields {
            field.required = None;
            loosen(&mut field.kind);
        }
    }
}

fn body(group: &[(url::Url, &Observed)], notes: &mut Vec<String>, name: &str) -> Option<Body> {
    let texts = |pairs: &[(String, String)]| {
        Json::Object(pairs.iter().map(|(name, value)| (name.clone(), samples::typed(value))).collect())
    };
    let (mut form, mut seen) = (None, Vec::new());
    for (_, request) in group {
        let (own, sample) = match &request.body {
            Payload::None => continue,
            Payload::Json(value) => (Form::Json, value.clone()),
            Payload::Form(pairs) => (Form::UrlEncoded, texts(pairs)),
            Payload::Multipart(parts) => {
                let pairs: Vec<_> = parts.iter().map(|(name, value, _)| (name.clone(), value.clone())).collect();
                (Form::Multipart, texts(&pairs))
            }
            Payload::Text(_) => (Form::Text, Json::from("")),
        };
        form.get_or_insert(own);
        seen.push(sample);
    }
    let form = form?;
    if form == Form::Text {
        notes.push(format!("{name}: a body that is neither JSON nor a form is sent as it is given"));
    }
    Some(Body { form, kind: kind(&seen, name, notes), media: None, without: Vec::new() })
}
