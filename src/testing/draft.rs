//! New tests as text: a file of them, or added to one that is there.

use crate::value::{Hash, Value, json, yaml};
use serde_json::{Map, Value as Json};

/// A test to be written.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    pub name: String,
    pub path: String,
    /// Object; secrets are masks.
    pub settings: Json,
    /// By the names of exec's options.
    pub inputs: Map<String, Json>,
    pub now: Option<String>,
    pub seed: Option<u64>,
    /// A recording's file, from the folder of the test file; else `exchanges` answer.
    pub cassette: Option<String>,
    pub exchanges: Vec<Json>,
    pub expect: Json,
}

/// How often and what a message of a service says is of no use in a test.
const PASSING: &[&str] = &[
    "age",
    "connection",
    "content-encoding",
    "content-length",
    "date",
    "etag",
    "keep-alive",
    "server",
    "set-cookie",
    "strict-transport-security",
    "transfer-encoding",
    "vary",
    "via",
];

/// A body as it is known: its kind, its text.
pub struct Content<'a> {
    pub kind: Option<&'a str>,
    pub text: &'a str,
}

/// An exchange as people write it: short where a short form says all.
pub fn exchange(
    request: (&str, &str, Option<Content<'_>>),
    status: u16,
    headers: &[(String, String)],
    answer: Content<'_>,
) -> Json {
    let (method, url, body) = request;
    let mut out = Map::new();
    out.insert(
        "request".into(),
        match body.filter(|body| !body.text.is_empty()) {
            None => format!("{method} {url}").into(),
            Some(body) => {
                let mut request = Map::new();
                request.insert("method".into(), method.into());
                request.insert("url".into(), url.into());
                if let (Some(kind), false) = (body.kind, is_json(&body)) {
                    request.insert("headers".into(), serde_json::json!({ "Content-Type": kind }));
                }
                content(&body, &mut request);
                request.into()
            }
        },
    );
    let mut response = Map::new();
    if status != 200 {
        response.insert("status".into(), status.into());
    }
    let mut kept = Map::new();
    for (name, value) in headers {
        let plain = name.to_ascii_lowercase();
        let known = PASSING.contains(&plain.as_str()) || (plain == "content-type" && is_json(&answer));
        if !known {
            kept.insert(name.clone(), value.clone().into());
        }
    }
    if !kept.is_empty() {
        response.insert("headers".into(), kept.into());
    }
    content(&answer, &mut response);
    out.insert("response".into(), response.into());
    out.into()
}

fn is_json(content: &Content<'_>) -> bool {
    content.text.trim_start().starts_with(['{', '[']) && serde_json::from_str::<Json>(content.text).is_ok()
}

fn content(content: &Content<'_>, into: &mut Map<String, Json>) {
    if content.text.is_empty() {
        return;
    }
    match serde_json::from_str::<Json>(content.text) {
        Ok(value @ (Json::Object(_) | Json::Array(_))) => into.insert("json".into(), value),
        _ => into.insert("text".into(), content.text.into()),
    };
}

/// A file with these tests. What all of them have in common stands above.
pub fn write(connector: Option<&str>, drafts: &[Draft]) -> String {
    let mut out = String::new();
    if let Some(connector) = connector {
        out += &pair("connector", &connector.into());
    }
    let shared = drafts.first().map_or(&Json::Null, |first| &first.settings);
    let shared = if drafts.iter().all(|draft| draft.settings == *shared) { shared } else { &Json::Null };
    if shared.as_object().is_some_and(|settings| !settings.is_empty()) {
        out += &pair("settings", shared);
    }
    out += "tests:\n";
    out + &drafts.iter().map(|draft| item(draft, shared, "")).collect::<String>()
}

/// The text of a test file with these tests behind its own. Errors: it has no list to be added to.
pub fn append(text: &str, drafts: &[Draft]) -> Result<String, String> {
    let list = text.lines().skip_while(|line| line.trim_end() != "tests:").skip(1);
    let item_line = list.map(str::trim_end).find(|line| line.trim_start().starts_with("- "));
    let indent = item_line
        .map(|line| &line[..line.len() - line.trim_start().len()])
        .ok_or("it has no list `tests:` with a test in it")?;
    let mut out = text.trim_end().to_owned() + "\n";
    out += &drafts.iter().map(|draft| item(draft, &Json::Null, indent)).collect::<String>();
    Ok(out)
}

/// One test of the list.
fn item(draft: &Draft, shared: &Json, indent: &str) -> String {
    let item = Hash::new();
    item.insert_str("name", Value::str(&draft.name));
    item.insert_str("path", Value::str(&draft.path));
    let own = draft.settings.as_object().filter(|settings| !settings.is_empty() && draft.settings != *shared);
    if own.is_some() {
        item.insert_str("settings", value(&draft.settings));
    }
    for (name, given) in &draft.inputs {
        item.insert_str(name, value(given));
    }
    if let Some(now) = &draft.now {
        item.insert_str("now", Value::str(now));
    }
    if let Some(seed) = draft.seed.and_then(|seed| i64::try_from(seed).ok()) {
        item.insert_str("seed", Value::Int(seed));
    }
    if let Some(cassette) = &draft.cassette {
        item.insert_str("cassette", Value::str(cassette));
    }
    if !draft.exchanges.is_empty() {
        item.insert_str("exchanges", value(&Json::Array(draft.exchanges.clone())));
    }
    item.insert_str("expect", value(&draft.expect));
    let text = yaml::dump(&Value::array(vec![Value::hash(item)]));
    let text = text.strip_prefix("---\n").unwrap_or(&text);
    // Lines of a text over several lines may be empty: they stay so.
    text.lines().map(|line| if line.is_empty() { "\n".to_owned() } else { format!("{indent}{line}\n") }).collect()
}

fn pair(key: &str, given: &Json) -> String {
    let holder = Hash::new();
    holder.insert_str(key, value(given));
    let text = yaml::dump(&Value::hash(holder));
    text.strip_prefix("---\n").unwrap_or(&text).to_owned()
}

fn value(given: &Json) -> Value {
    json::parse(given.to_string().as_bytes()).unwrap_or_default()
}
