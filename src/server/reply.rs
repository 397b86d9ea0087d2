//! What a handler is asked, and what it replies.

use crate::http::{Headers, query, status};
use axum::http::request::Parts;
use serde_json::{Value as Json, json};

/// A request, taken apart.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    pub method: String,
    /// What the `{…}` of the route's path matched, in order.
    pub params: Vec<String>,
    /// Decoded, in order.
    pub query: Vec<(String, String)>,
    pub headers: Headers,
    pub body: Vec<u8>,
}

impl Asked {
    pub(super) fn new(head: &Parts, params: Vec<String>, body: Vec<u8>) -> Self {
        let headers = head.headers.iter();
        Self {
            method: head.method.to_string(),
            params,
            query: head.uri.query().map(query::parse).unwrap_or_default(),
            headers: headers
                .map(|(name, value)| (name.as_str(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
                .collect(),
            body,
        }
    }

    /// What the first `{…}` of the path matched.
    pub fn name(&self) -> &str {
        self.params.first().map_or("", String::as_str)
    }

    /// The last value of a query parameter that is not empty.
    pub fn param(&self, name: &str) -> Option<&str> {
        let found = self.query.iter().rev().find(|(key, _)| key == name)?;
        Some(found.1.as_str()).filter(|value| !value.is_empty())
    }
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: Headers,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn text(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let mut headers = Headers::new();
        if !content_type.is_empty() {
            headers.append("content-type", content_type);
        }
        Self { status, headers, body: body.into() }
    }

    /// Pretty JSON, since people read it.
    pub fn json(status: u16, value: &Json) -> Self {
        Self::text(status, "application/json", format!("{value:#}\n"))
    }

    /// What is wrong: `{"error": {"status", "reason", "message", "help"?}}`.
    pub fn error(status: u16, message: impl Into<String>) -> Self {
        let reason = status::reason(status).unwrap_or("Error");
        Self::json(status, &json!({ "error": { "status": status, "reason": reason, "message": message.into() } }))
    }

    /// The same error with what to do about it.
    #[must_use]
    pub fn help(self, help: impl Into<String>) -> Self {
        let Ok(mut value) = serde_json::from_slice::<Json>(&self.body) else { return self };
        value["error"]["help"] = help.into().into();
        Self { body: format!("{value:#}\n").into_bytes(), ..self }
    }

    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.append(name, value);
        self
    }
}
