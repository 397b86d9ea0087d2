//! What a handler is asked, and what it replies.

use serde_json::{Value, json};

use crate::http::{Headers, content_type, query, status, xml};

/// A request, taken apart.
#[derive(Clone, Debug, Default)]
pub(crate) struct Asked {
    pub method: String,
    /// Without the query, still percent-encoded.
    pub path: String,
    pub query_string: String,
    /// Decoded, in order.
    pub query: Vec<(String, String)>,
    pub headers: Headers,
    pub body: Vec<u8>,
    /// What the route's `:name` segments matched, decoded.
    pub captures: Vec<(&'static str, String)>,
}

impl Asked {
    /// The last value of a query parameter that is not empty.
    pub fn param(&self, name: &str) -> Option<&str> {
        let found = self.query.iter().rev().find(|(key, _)| key == name)?;
        Some(found.1.as_str()).filter(|value| !value.is_empty())
    }

    /// What a `:name` segment matched.
    pub fn capture(&self, name: &str) -> &str {
        self.captures.iter().find(|(key, _)| *key == name).map_or("", |(_, value)| value)
    }

    /// The token of `Authorization: Bearer …` (or `token …`).
    pub fn bearer(&self) -> Option<&str> {
        let (scheme, token) = self.headers.get("Authorization")?.split_once(' ')?;
        let known = scheme.eq_ignore_ascii_case("Bearer") || scheme.eq_ignore_ascii_case("token");
        Some(token.trim()).filter(|token| known && !token.is_empty())
    }

    /// The scheme and host the client believes to talk to, for links in answers.
    pub fn origin(&self) -> String {
        let original = self.headers.get(crate::http::reroute::ORIGINAL_URL);
        let original = original.and_then(|url| crate::http::url::absolute(url).ok());
        match original {
            Some(url) => format!("{}://{}", url.scheme.as_deref().unwrap_or("http"), url.authority()),
            None => format!("http://{}", self.headers.get("Host").unwrap_or("127.0.0.1")),
        }
    }

    /// The body as JSON, whichever way it was written: JSON, a form, or XML (whose root is left out).
    pub fn data(&self) -> Result<Value, String> {
        let content_type = self.headers.get("Content-Type").map(content_type::essence).unwrap_or_default();
        if content_type == "application/x-www-form-urlencoded" {
            let pairs = query::parse(&String::from_utf8_lossy(&self.body));
            return Ok(pairs.into_iter().map(|(key, value)| (key, Value::from(value))).collect());
        }
        if content_type.ends_with("xml") {
            return xml::parse(&self.body)
                .map(|root| from_xml(&root))
                .map_err(|error| format!("the XML body: {error}"));
        }
        if self.body.is_empty() {
            return Ok(json!({}));
        }
        serde_json::from_slice(&self.body).map_err(|error| format!("the JSON body: {error}"))
    }
}

/// An answer.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub status: u16,
    pub headers: Headers,
    pub body: Vec<u8>,
}

/// How a service writes its data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Json,
    Xml,
}

impl Reply {
    pub fn empty(status: u16) -> Self {
        Self { status, headers: Headers::new(), body: Vec::new() }
    }

    pub fn text(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self { body: body.into(), ..Self::empty(status).header("Content-Type", content_type) }
    }

    /// Pretty JSON, since people read it.
    pub fn json(status: u16, value: &Value) -> Self {
        Self::text(status, "application/json; charset=utf-8", format!("{value:#}\n"))
    }

    /// An object in either format; as XML its only key is the root.
    pub fn data(status: u16, format: Format, value: &Value) -> Self {
        match format {
            Format::Json => Self::json(status, value),
            Format::Xml => {
                let mut writer = xml::Writer::default();
                writer.raw("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
                for (name, value) in value.as_object().into_iter().flatten() {
                    to_xml(&mut writer, name, value);
                }
                Self::text(status, "application/xml; charset=utf-8", writer.finish())
            }
        }
    }

    /// What went wrong and what to do about it.
    pub fn error(status: u16, format: Format, message: impl Into<String>) -> Self {
        let reason = status::reason(status).unwrap_or("Error");
        let error = json!({ "error": { "status": status, "reason": reason, "message": message.into() } });
        Self::data(status, format, &error)
    }

    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.append(name, value);
        self
    }
}

/// Arrays repeat their element under the singular of its name.
fn to_xml(writer: &mut xml::Writer, name: &str, value: &Value) {
    if value.is_null() {
        writer.empty(name, []);
        return;
    }
    writer.open(name, []);
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, value)| to_xml(writer, name, value)),
        Value::Array(items) => items.iter().for_each(|item| to_xml(writer, name.trim_end_matches('s'), item)),
        Value::String(text) => writer.text(text),
        other => writer.text(&other.to_string()),
    }
    writer.close(name);
}

fn from_xml(element: &xml::Element) -> Value {
    let fields: serde_json::Map<_, _> = element
        .children
        .iter()
        .filter_map(|node| match node {
            xml::Node::Element(child) => Some((child.name.clone(), from_xml(child))),
            _ => None,
        })
        .collect();
    if fields.is_empty() { Value::from(element.text()) } else { Value::Object(fields) }
}
