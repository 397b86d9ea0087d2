//! A service made from its own description: answers what its schemas say, and refuses what it does not describe.

use connrun::http::query;
use serde_json::{Map, Value, json};
use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// How many items lists have in all, two a page.
pub const ITEMS: usize = 5;

/// The description, and what it was asked.
pub struct Mock {
    pub base: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Mock {
    pub fn start(document: Value) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        // The thread ends with the process: nobody waits for it.
        std::thread::spawn({
            let (requests, document) = (Arc::clone(&requests), Arc::new(document));
            move || {
                for socket in listener.incoming().map_while(Result::ok) {
                    let (requests, document) = (Arc::clone(&requests), Arc::clone(&document));
                    std::thread::spawn(move || serve(socket, &document, &requests));
                }
            }
        });
        Self { base, requests }
    }

    /// What came in, as method, target, type of the body and body.
    pub fn requests(&self) -> Vec<String> {
        std::mem::take(&mut self.requests.lock().unwrap())
    }
}

fn serve(mut socket: TcpStream, document: &Value, requests: &Mutex<Vec<String>>) {
    let mut unread = Vec::new();
    while let Some(request) = super::server::read_request(&mut socket, &mut unread) {
        let text = String::from_utf8_lossy(&request).into_owned();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let mut first = head.lines().next().unwrap().split(' ');
        let (method, target) = (first.next().unwrap().to_lowercase(), first.next().unwrap().to_owned());
        let field = |name: &str| {
            let mut lines = head.lines().filter_map(|line| line.split_once(':'));
            lines.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim().to_owned())
        };
        let kind = field("content-type").unwrap_or_default().split(';').next().unwrap().to_owned();
        let host = field("host").unwrap_or_default();
        requests.lock().unwrap().push(format!("{method} {target} {kind} {body}"));
        let (status, headers, answer) = answer(document, &method, &target, &kind, &host);
        let answer = answer.map_or_else(String::new, |answer| answer.to_string());
        let length = answer.len();
        let sent = write!(
            socket,
            "HTTP/1.1 {status} X\r\nContent-Type: application/json\r\n{headers}Content-Length: {length}\r\n\r\n{answer}"
        );
        if sent.is_err() {
            return;
        }
    }
}

type Answer = (u16, String, Option<Value>);

fn refused(status: u16, message: &str) -> Answer {
    (status, String::new(), Some(json!({ "message": message })))
}

fn answer(document: &Value, method: &str, target: &str, kind: &str, host: &str) -> Answer {
    let (path, given) = target.split_once('?').unwrap_or((target, ""));
    let given = query::parse(given);
    if path == "/token" {
        return (200, String::new(), Some(json!({ "access_token": "a-token" })));
    }
    let Some(path) = path.strip_prefix(&prefix(document)) else { return refused(404, "not under the base path") };
    let paths = document["paths"].as_object().unwrap();
    let Some((_, item)) = paths.iter().find(|(pattern, item)| fits(pattern, path) && item[method].is_object()) else {
        return refused(404, &format!("{method} {path} is not described"));
    };
    let operation = &item[method];
    let known: Vec<String> = [&item["parameters"], &operation["parameters"]]
        .into_iter()
        .filter_map(Value::as_array)
        .flatten()
        .map(|param| followed(document, param)["name"].as_str().unwrap().to_owned())
        .collect();
    if let Some((name, _)) = given.iter().find(|(name, _)| !known.contains(name)) {
        return refused(400, &format!("the parameter {name} is not described"));
    }
    let wanted =
        operation["requestBody"]["content"].as_object().map(|content| content.keys().cloned().collect::<Vec<_>>());
    let wanted = wanted.or_else(|| {
        operation["consumes"].as_array().map(|all| all.iter().map(|kind| kind.as_str().unwrap().to_owned()).collect())
    });
    if let Some(wanted) = wanted.filter(|wanted| !wanted.iter().any(|wanted| wanted == kind)) {
        return refused(415, &format!("{kind:?} is none of {wanted:?}"));
    }
    let (code, response) = operation["responses"].as_object().unwrap().iter().next().unwrap();
    let content = response["content"].as_object().and_then(|content| content.values().next());
    let schema = content.map_or(&response["schema"], |content| &content["schema"]);
    let body = (!schema.is_null()).then(|| example(document, schema, &given, 0));
    let number = |name: &str| given.iter().find(|(key, _)| key == name).and_then(|(_, value)| value.parse().ok());
    let page: usize = number("page").unwrap_or(1);
    let more = response["headers"]["Link"].is_object() && page * 2 < ITEMS;
    let link = format!("Link: <http://{host}{}{path}?page={}>; rel=\"next\"\r\n", prefix(document), page + 1);
    (code.parse().unwrap(), if more { link } else { String::new() }, body)
}

/// What stands before the paths.
fn prefix(document: &Value) -> String {
    if let Some(path) = document["basePath"].as_str() {
        return path.to_owned();
    }
    let server = &document["servers"][0];
    let mut url = server["url"].as_str().unwrap().trim_end_matches('/').to_owned();
    for (name, variable) in server["variables"].as_object().into_iter().flatten() {
        url = url.replace(&format!("{{{name}}}"), variable["default"].as_str().unwrap());
    }
    let rest = url.split_once("://").unwrap().1;
    rest.find('/').map_or(String::new(), |at| rest[at..].to_owned())
}

fn fits(pattern: &str, path: &str) -> bool {
    let (pattern, path): (Vec<_>, Vec<_>) = (pattern.split('/').collect(), path.split('/').collect());
    pattern.len() == path.len() && pattern.iter().zip(&path).all(|(one, other)| one.starts_with('{') || one == other)
}

fn followed<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    let reference = value["$ref"].as_str().and_then(|reference| reference.strip_prefix('#'));
    reference.map_or(value, |pointer| followed(document, document.pointer(pointer).unwrap()))
}

/// A value of that kind. Lists hold a page of what there is.
fn example(document: &Value, schema: &Value, given: &[(String, String)], depth: usize) -> Value {
    let schema = followed(document, schema);
    if let Some(value) = schema.get("const").or_else(|| schema["enum"].get(0)) {
        return value.clone();
    }
    for key in ["oneOf", "anyOf"] {
        if let Some(first) = schema[key].get(0) {
            return example(document, first, given, depth);
        }
    }
    if let Some(parts) = schema["allOf"].as_array() {
        let parts = parts.iter().map(|part| example(document, part, given, depth));
        return parts.filter_map(|part| part.as_object().cloned()).flatten().collect();
    }
    let kind = schema["type"].as_str().or_else(|| schema["type"][0].as_str());
    match (kind, schema["format"].as_str()) {
        (Some("object"), _) => {
            let properties = schema["properties"].as_object().cloned().unwrap_or_default();
            let mut object: Map<String, Value> = Map::new();
            for (name, property) in properties.iter().filter(|_| depth < 4) {
                object.insert(name.clone(), example(document, property, given, depth + 1));
            }
            turn(&mut object, given);
            Value::Object(object)
        }
        (Some("array"), _) if depth > 1 => json!([]),
        (Some("array"), _) => {
            let before = before(given);
            let count = ITEMS.saturating_sub(before).min(2);
            let items = (0..count).map(|at| {
                let mut item = example(document, &schema["items"], given, depth + 1);
                if item["id"].is_string() {
                    item["id"] = (before + at + 1).to_string().into();
                }
                item
            });
            items.collect()
        }
        (Some("integer"), _) => json!(7),
        (Some("number"), _) => json!(1.5),
        (Some("boolean"), _) => json!(true),
        (_, Some("date")) => json!("2024-03-15"),
        (_, Some("date-time")) => json!("2024-03-15T12:34:56Z"),
        _ => json!("text"),
    }
}

/// How many items stand before the page that is asked for.
fn before(given: &[(String, String)]) -> usize {
    let number =
        |name: &str| given.iter().find(|(key, _)| key == name).and_then(|(_, value)| value.parse::<usize>().ok());
    let by_page = number("page").map(|page| (page - 1) * 2);
    by_page.or_else(|| number("offset")).or_else(|| number("starting_after")).or_else(|| number("cursor")).unwrap_or(0)
}

/// Says whether there is more, in the words of the styles that the documents use.
fn turn(object: &mut Map<String, Value>, given: &[(String, String)]) {
    let next = before(given) + 2;
    if object.contains_key("has_more") {
        object.insert("has_more".to_owned(), (next < ITEMS).into());
    }
    if object.contains_key("next_cursor") {
        let cursor = if next < ITEMS { json!(next.to_string()) } else { Value::Null };
        object.insert("next_cursor".to_owned(), cursor);
    }
}
