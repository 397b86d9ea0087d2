//! XML as Rails reads it: an element with text is that text, one with elements a hash, and `type` attributes cast.

use crate::http::xml::{Element, Node, local_name, parse};
use crate::methods::stdlib::{bytes_value, lenient_base64};
use crate::methods::{Args, Host};
use crate::text::Name;
use crate::value::{ClassId, Hash, Result, Value, raise, to_s};

const CONTENT: &str = "__content__";

/// `Hash.from_xml`.
pub(super) fn from_xml(host: &mut dyn Host, xml: &Value, restricted: bool) -> Result<Value> {
    let text = match host.force(xml)? {
        Value::Str(text) => text,
        Value::Nil => return Ok(Value::Nil),
        other => return Err(crate::methods::args::no_conversion(&other, "String")),
    };
    if text.bytes().iter().all(u8::is_ascii_whitespace) {
        return Ok(Value::Nil);
    }
    let root = parse(&text.bytes()).map_err(|error| raise(ClassId::REXML_ERROR, error.to_string()))?;
    let raw = Hash::new();
    merge(&raw, local_name(&root.name), Value::hash(collapse(&root)));
    cast(host, &raw.into(), restricted)
}

/// Attributes, child elements and text in one hash; what comes twice becomes an array.
fn collapse(element: &Element) -> Hash {
    let hash = Hash::new();
    for (name, value) in &element.attributes {
        hash.insert_str(&underscored(name), Value::str(value));
    }
    let mut text = String::new();
    let mut has_text = false;
    let mut has_elements = false;
    for child in &element.children {
        match child {
            Node::Element(child) => {
                has_elements = true;
                merge(&hash, local_name(&child.name), Value::hash(collapse(child)));
            }
            Node::Text(part) | Node::CData(part) => {
                has_text = true;
                text.push_str(part);
            }
        }
    }
    if has_text && !(has_elements && text.trim().is_empty()) {
        merge(&hash, CONTENT, Value::string(text));
    }
    hash
}

fn underscored(name: &str) -> String {
    name.replace('-', "_")
}

fn merge(hash: &Hash, name: &str, value: Value) {
    let name = underscored(name);
    match hash.get_str(&name) {
        Some(Value::Array(values)) => values.push(value),
        Some(first) => hash.insert_str(&name, Value::array(vec![first, value])),
        None => hash.insert_str(&name, value),
    }
}

fn cast(host: &mut dyn Host, value: &Value, restricted: bool) -> Result<Value> {
    match value {
        Value::Hash(hash) => cast_hash(host, hash, restricted),
        Value::Array(items) => {
            let items: Result<Vec<_>> = items.to_vec().iter().map(|item| cast(host, item, restricted)).collect();
            let mut items = items?;
            Ok(if items.len() > 1 { Value::array(items) } else { items.pop().unwrap_or_default() })
        }
        other => Ok(other.clone()),
    }
}

fn cast_hash(host: &mut dyn Host, hash: &Hash, restricted: bool) -> Result<Value> {
    let kind = match hash.get_str("type") {
        Some(Value::Str(kind)) => Some(kind.to_text()),
        _ => None,
    };
    let kind = kind.as_deref();
    if restricted && matches!(kind, Some("symbol" | "yaml")) {
        let message = format!("Disallowed type attribute: {:?}", kind.unwrap_or_default());
        return Err(raise(ClassId::DISALLOWED_TYPE_ERROR, message));
    }
    let content = hash.get_str(CONTENT).map(|content| to_s(&content).to_text());
    if kind == Some("array") {
        return cast_array(host, hash, content.as_deref(), restricted);
    }
    if let Some(content) = &content
        && (kind == Some("file") || hash.len() == 1 || !content.trim().is_empty())
    {
        return cast_content(host, content, kind, hash);
    }
    let is_nil = hash.get_str("nil").is_some_and(|value| to_s(&value).to_text() == "true");
    if kind == Some("string") && !is_nil {
        return Ok(Value::str(""));
    }
    if hash.is_empty() || is_nil || (kind.is_some() && hash.len() == 1) {
        return Ok(Value::Nil);
    }
    let plain = Hash::with_capacity(hash.len());
    for (key, value) in hash.to_vec() {
        plain.insert(key, cast(host, &value, restricted)?);
    }
    Ok(Value::hash(plain))
}

/// The entries below the first child element's name.
fn cast_array(host: &mut dyn Host, hash: &Hash, content: Option<&str>, restricted: bool) -> Result<Value> {
    let entries = hash.values().into_iter().find(|value| !matches!(value, Value::Str(_)));
    if content == Some("") {
        return Ok(Value::array(Vec::new()));
    }
    match entries {
        None => Ok(Value::array(Vec::new())),
        Some(Value::Array(items)) => {
            let items: Result<Vec<_>> = items.to_vec().iter().map(|item| cast(host, item, restricted)).collect();
            items.map(Value::array)
        }
        Some(one) => Ok(Value::array(vec![cast(host, &one, restricted)?])),
    }
}

fn cast_content(host: &mut dyn Host, content: &str, kind: Option<&str>, hash: &Hash) -> Result<Value> {
    let text = Value::str(content);
    let mut send = |receiver: &Value, name: &str, args: Args| host.send(receiver, Name::new(name), args);
    match kind {
        Some("boolean") => Ok(Value::bool(matches!(content.trim(), "1" | "true"))),
        Some("integer") => send(&text, "to_i", Args::none()),
        Some("float" | "double") => send(&text, "to_f", Args::none()),
        Some("decimal") => send(&text, "to_d", Args::none()),
        Some("date") => send(&Value::Class(ClassId::DATE), "parse", Args::one(text)),
        Some("datetime" | "dateTime") => {
            let time = send(&Value::Class(ClassId::TIME), "parse", Args::one(text))?;
            send(&time, "utc", Args::none())
        }
        Some("symbol") => send(&text, "to_sym", Args::none()),
        Some("base64Binary" | "file") => Ok(bytes_value(lenient_base64(content.as_bytes()))),
        Some("binary") if hash.get_str("encoding").is_some_and(|value| to_s(&value).to_text() == "base64") => {
            Ok(bytes_value(lenient_base64(content.as_bytes())))
        }
        _ => Ok(text),
    }
}
