//! Test files: YAML to tests, with what the file says for all of them.

use crate::cassette::{self, Interaction};
use crate::http::{Method, Request};
use crate::value::yaml::{self, YamlMode, count, known_keys, text as text_of};
use crate::value::{Hash, Value, json, to_s};
use chrono::{DateTime, Utc};
use serde_json::Value as Json;

/// The tests of one file.
#[derive(Clone, Debug, Default)]
pub struct Suite {
    /// The connector's file, from the folder of this one.
    pub connector: Option<String>,
    pub tests: Vec<Test>,
}

#[derive(Clone, Debug, Default)]
pub struct Test {
    pub name: String,
    pub path: String,
    /// Object.
    pub settings: Option<Json>,
    /// By the names of exec's options.
    pub inputs: Vec<(String, Json)>,
    /// What the connector looks up besides, by the names of `LOOKUPS`: objects, or files from the folder of this one.
    pub lookups: Vec<(String, Json)>,
    pub now: Option<DateTime<Utc>>,
    pub seed: Option<u64>,
    /// A recording's file, from the folder of this one.
    pub cassette: Option<String>,
    pub exchanges: Option<Vec<Interaction>>,
    /// Without it the outcome is compared with a snapshot.
    pub expect: Option<Expect>,
}

/// What has to be; what is not named may be anything.
#[derive(Clone, Debug, Default)]
pub struct Expect {
    pub output: Option<Json>,
    pub error: Option<ExpectedError>,
    pub requests: Option<Vec<Request>>,
}

#[derive(Clone, Debug, Default)]
pub struct ExpectedError {
    /// Has to occur in the message.
    pub message: Option<String>,
    pub class: Option<String>,
}

/// What a part can be given, besides settings.
const INPUTS: &[&str] = &[
    "args",
    "closure",
    "config_fields",
    "continue",
    "extended_input_schema",
    "extended_output_schema",
    "input",
    "webhook_headers",
    "webhook_params",
    "webhook_payload",
    "webhook_subscribe_output",
];
/// What a connector can look up besides its settings. Files of these names beside it hold it, too.
pub const LOOKUPS: &[&str] = &["account_properties", "lookup_tables", "workato_schemas"];
const SHARED: &[&str] = &["connector", "settings", "now", "seed", "cassette"];
const OWN: &[&str] = &["name", "path", "settings", "now", "seed", "cassette", "exchanges", "expect"];

type Read<T> = Result<T, String>;

/// Errors: what is wrong, with line and column where they are known.
pub fn read(text: &str) -> Result<Suite, cassette::Unreadable> {
    let value = yaml::parse(text, YamlMode::Settings)
        .map_err(|error| cassette::Unreadable { message: error.message, place: Some((error.line, error.column)) })?;
    let Value::Hash(root) = value else { return Err("a test file has `tests:`, a list".to_owned().into()) };
    let Some(list) = root.get_either("tests") else {
        // One test alone.
        let known: Vec<&str> = OWN.iter().chain(INPUTS).chain(LOOKUPS).chain(["connector"].iter()).copied().collect();
        known_keys(&root, &known, "a test")?;
        let only = test(&root, &Test::default(), 1)?;
        return Ok(Suite { connector: text_of(&root, "connector"), tests: vec![only] });
    };
    known_keys(&root, &[SHARED, LOOKUPS, &["tests"]].concat(), "a test file")?;
    let Value::Array(items) = list else { return Err("`tests` has to be a list".to_owned().into()) };
    let shared = shared(&root)?;
    let mut tests: Vec<Test> = Vec::new();
    for (at, item) in items.to_vec().iter().enumerate() {
        let read = one(item, &shared, at + 1).map_err(|message| format!("test {}: {message}", at + 1))?;
        if tests.iter().any(|known| known.name == read.name) {
            return Err(format!("two tests are called `{}`", read.name).into());
        }
        tests.push(read);
    }
    Ok(Suite { connector: text_of(&root, "connector"), tests })
}

fn shared(root: &Hash) -> Read<Test> {
    Ok(Test {
        settings: object(root, "settings")?,
        lookups: lookups(root)?,
        now: instant(root)?,
        seed: count(root, "seed"),
        cassette: text_of(root, "cassette"),
        ..Test::default()
    })
}

fn one(item: &Value, shared: &Test, number: usize) -> Read<Test> {
    let Value::Hash(item) = item else { return Err("it has to hold `path` and what goes in".to_owned()) };
    known_keys(item, &[OWN, INPUTS, LOOKUPS].concat(), "a test")?;
    test(item, shared, number)
}

fn test(item: &Hash, shared: &Test, number: usize) -> Read<Test> {
    let path = text_of(item, "path").ok_or("it has no `path`, such as `actions.search`")?;
    let mut inputs = Vec::new();
    for name in INPUTS {
        if let Some(value) = item.get_either(name) {
            inputs.push(((*name).to_owned(), to_json(&value)?));
        }
    }
    let exchanges = match item.get_either("exchanges") {
        Some(list) => Some(cassette::exchanges(&list)?),
        None => None,
    };
    let settings = match (object(item, "settings")?, &shared.settings) {
        (Some(Json::Object(own)), Some(Json::Object(shared))) => {
            let mut all = shared.clone();
            all.extend(own);
            Some(Json::Object(all))
        }
        (own, shared) => own.or_else(|| shared.clone()),
    };
    Ok(Test {
        name: text_of(item, "name").unwrap_or_else(|| format!("{number} {path}")),
        path,
        settings,
        inputs,
        lookups: [shared.lookups.clone(), lookups(item)?].concat(),
        now: instant(item)?.or(shared.now),
        seed: count(item, "seed").or(shared.seed),
        cassette: text_of(item, "cassette").or_else(|| shared.cassette.clone()).filter(|_| exchanges.is_none()),
        exchanges,
        expect: match item.get_either("expect") {
            None | Some(Value::Nil) => None,
            Some(value) => Some(expect(&value)?),
        },
    })
}

fn expect(value: &Value) -> Read<Expect> {
    let Value::Hash(expect) = value else {
        return Err("`expect` has to hold `output`, `error` or `requests`".to_owned());
    };
    known_keys(expect, &["output", "error", "requests"], "`expect`")?;
    let error = match expect.get_either("error") {
        None => None,
        Some(Value::True) => Some(ExpectedError::default()),
        Some(Value::Hash(error)) => {
            known_keys(&error, &["message", "class"], "`error`")?;
            Some(ExpectedError { message: text_of(&error, "message"), class: text_of(&error, "class") })
        }
        Some(message) => Some(ExpectedError { message: Some(to_s(&message).to_text()), class: None }),
    };
    let requests = match expect.get_either("requests") {
        None => None,
        Some(Value::Array(items)) => Some(items.to_vec().iter().map(request).collect::<Read<Vec<Request>>>()?),
        Some(_) => return Err("`requests` has to be a list".to_owned()),
    };
    let output = expect.get_either("output").map(|output| to_json(&output)).transpose()?;
    Ok(Expect { output, error, requests })
}

/// `GET https://…`, or `{ POST https://…: body }`.
fn request(item: &Value) -> Read<Request> {
    let (line, body) = match item {
        Value::Hash(hash) => match hash.to_vec().as_slice() {
            [(line, body)] => (to_s(line).to_text(), Some(body.clone())),
            _ => return Err("a request with a body is one pair: `POST https://…: { … }`".to_owned()),
        },
        line => (to_s(line).to_text(), None),
    };
    let (verb, url) = line.split_once(' ').ok_or_else(|| format!("`{line}` is no verb with an address"))?;
    let method: Method = verb.parse().map_err(|verb| format!("{verb:?} is no verb that a connector sends"))?;
    let mut request = Request::new(method, url.trim());
    request.body = match body {
        None => None,
        Some(Value::Str(text)) => Some(text.bytes().to_vec()),
        Some(value) => Some(to_json(&value)?.to_string().into_bytes()),
    };
    Ok(request)
}

fn to_json(value: &Value) -> Read<Json> {
    let text = json::generate(value).map_err(|_| "it holds what JSON cannot say".to_owned())?;
    serde_json::from_str(&text).map_err(|error| error.to_string())
}

fn object(item: &Hash, key: &str) -> Read<Option<Json>> {
    match item.get_either(key) {
        None | Some(Value::Nil) => Ok(None),
        Some(value @ Value::Hash(_)) => to_json(&value).map(Some),
        Some(_) => Err(format!("`{key}` has to be names with values")),
    }
}

/// Those that are named; an earlier one yields to a later one of the same name.
fn lookups(item: &Hash) -> Read<Vec<(String, Json)>> {
    let mut found = Vec::new();
    for name in LOOKUPS {
        match item.get_either(name) {
            None | Some(Value::Nil) => {}
            Some(value @ (Value::Hash(_) | Value::Str(_))) => found.push(((*name).to_owned(), to_json(&value)?)),
            Some(_) => return Err(format!("`{name}` has to be names with values, or a file that holds them")),
        }
    }
    Ok(found)
}

fn instant(item: &Hash) -> Read<Option<DateTime<Utc>>> {
    let Some(text) = text_of(item, "now") else { return Ok(None) };
    let read = DateTime::parse_from_rfc3339(&text);
    read.map(|now| Some(now.into())).map_err(|_| format!("`now: {text}` is no time such as 2024-03-15T12:34:56Z"))
}
