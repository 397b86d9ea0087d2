//! What the steps of `connection.flow` ask of the connector: requests without credentials, and lambdas.

use super::Run;
use super::run::{at, context};
use crate::value::{ClassId, Hash, Result, Value, raise, to_s};

/// The verbs by which a request is written as data: `{ post: 'https://…', payload: { … } }`.
const VERBS: &[&str] = &["get", "post", "put", "patch", "delete"];
/// What else may be said of it.
const KEYS: &[&str] = &["params", "payload", "headers", "format"];

impl Run<'_> {
    /// The answer to a request: of a lambda that takes the connection, or as data. Nothing of `apply` is on it.
    pub fn flow_request(&mut self, request: &Value) -> Result<Value> {
        self.unauthorized(|run| match request {
            Value::Hash(request) => {
                let request = run.written_request(request)?;
                run.resolve(&request)
            }
            lambda => {
                let settings = run.session.settings();
                run.invoke_resolved(lambda, &context(ClassId::OPERATION), &[settings])
            }
        })
    }

    /// A value as it stands, or what a lambda makes of the connection.
    pub fn flow_value(&mut self, value: &Value) -> Result<Value> {
        if !matches!(value, Value::Proc(_)) {
            return Ok(value.clone());
        }
        let settings = self.session.settings();
        self.invoke_resolved(value, &context(ClassId::OPERATION), &[settings])
    }

    fn written_request(&mut self, request: &Hash) -> Result<Value> {
        let wrong = |message: String| Err(raise(ClassId::ARGUMENT_ERROR, message));
        let names: Vec<String> = request.keys().iter().map(|key| to_s(key).to_text()).collect();
        if let Some(name) = names.iter().find(|name| !VERBS.contains(&name.as_str()) && !KEYS.contains(&name.as_str()))
        {
            return wrong(format!("`http` has no key `{name}`: it takes {}, {}", VERBS.join(", "), KEYS.join(", ")));
        }
        let [verb] = *names.iter().filter(|name| VERBS.contains(&name.as_str())).collect::<Vec<_>>() else {
            return wrong(format!("`http` needs the address under one of {}", VERBS.join(", ")));
        };
        let get = |key: &str| request.get_either(key).unwrap_or_default();
        let (address, payload, format) = (get(verb), get("payload"), get("format"));
        let given: Vec<Value> = [address].into_iter().chain((!payload.is_nil()).then_some(payload)).collect();
        let mut made = self.send(&context(ClassId::OPERATION), verb, &given)?;
        for option in ["params", "headers"] {
            if !get(option).is_nil() {
                made = self.send(&made, option, &[get(option)])?;
            }
        }
        match to_s(&format).to_text().as_str() {
            "" | "json" => Ok(made),
            "form" => self.send(&made, "request_format_www_form_urlencoded", &[]),
            other => wrong(format!("`format` of `http` is `json` or `form`, not {other:?}")),
        }
    }
}

/// What an answer brings, by the names under which it is wanted: each with the place where it stands in the answer,
/// such as `data.token`. The names of what is not there.
pub fn returned(answer: &Value, wanted: &[(String, String)]) -> (Hash, Vec<String>) {
    let (found, mut missing) = (Hash::new(), Vec::new());
    for (name, place) in wanted {
        let value = place.split('.').fold(answer.clone(), |value, key| match &value {
            Value::Array(items) => key.parse().ok().and_then(|index: usize| items.get(index)).unwrap_or_default(),
            Value::Hash(_) => at(&value, key),
            _ => Value::Nil,
        });
        if value.is_nil() { missing.push(name.clone()) } else { found.insert_str(name, value) }
    }
    (found, missing)
}

/// A list of names, or names with their places, as pairs; `None` for anything else.
pub fn wanted(returns: &Value) -> Option<Vec<(String, String)>> {
    let text = |value: &Value| to_s(value).to_text();
    match returns {
        Value::Nil => Some(Vec::new()),
        Value::Array(names) => Some(names.to_vec().iter().map(|name| (text(name), text(name))).collect()),
        Value::Hash(places) => Some(places.to_vec().iter().map(|(name, place)| (text(name), text(place))).collect()),
        _ => None,
    }
}
