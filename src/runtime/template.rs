//! Values with `{{path}}` in their texts, filled from an event.

use crate::value::json::{self, BinaryForm};
use crate::value::{Array, Hash, Value, to_s};

/// Values nest less deeply than this.
const DEPTH: usize = 100;

/// The value with its texts filled. A text that is nothing but one `{{path}}` becomes what stands there, whatever its
/// type; in any other text each one becomes text, and nothing where nothing stands. A path is names and positions with
/// dots between: `{{address.city}}`, `{{lines.0.sku}}`.
pub fn filled(template: &Value, event: &Value) -> Value {
    filled_at(template, event, 0)
}

fn filled_at(template: &Value, event: &Value, depth: usize) -> Value {
    match template {
        Value::Str(text) => filled_text(&text.to_text(), event),
        Value::Hash(hash) if depth < DEPTH => {
            let filled = Hash::new();
            for (key, value) in hash.to_vec() {
                filled.insert(key, filled_at(&value, event, depth + 1));
            }
            Value::hash(filled)
        }
        Value::Array(items) if depth < DEPTH => {
            Value::array(items.to_vec().iter().map(|item| filled_at(item, event, depth + 1)).collect())
        }
        other => other.clone(),
    }
}

fn filled_text(text: &str, event: &Value) -> Value {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, inside, after)) = tag(rest) {
        let value = found(event, inside.trim());
        if before.is_empty() && after.is_empty() && out.is_empty() {
            return value;
        }
        out.push_str(before);
        out.push_str(&as_text(&value));
        rest = after;
    }
    out.push_str(rest);
    Value::string(out)
}

/// The text before the first `{{…}}`, what is in it, and the text behind.
fn tag(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once("{{")?;
    let (inside, after) = rest.split_once("}}")?;
    Some((before, inside, after))
}

/// What stands at a path; nil where nothing does.
pub fn found(event: &Value, path: &str) -> Value {
    let mut value = event.clone();
    for name in path.split('.') {
        value = match &value {
            Value::Hash(hash) => hash.get_either(name).unwrap_or_default(),
            Value::Array(items) => item(items, name),
            _ => return Value::Nil,
        };
    }
    value
}

fn item(items: &Array, name: &str) -> Value {
    let position: Option<usize> = name.parse().ok();
    position.and_then(|position| items.to_vec().get(position).cloned()).unwrap_or_default()
}

fn as_text(value: &Value) -> String {
    match value {
        Value::Nil => String::new(),
        Value::Hash(_) | Value::Array(_) => json::compact(value, BinaryForm::Base64).unwrap_or_default(),
        other => to_s(other).to_text(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_filled_from_the_event() {
        let event = r#"{"id":7,"name":"Ada","address":{"city":"Bonn"},"tags":["a","b"],"none":null}"#;
        let event = json::parse(event.as_bytes()).unwrap();
        for (template, expected) in [
            (r#""{{id}}""#, "7"),
            (r#""{{ id }}""#, "7"),
            (r#""New: {{name}} of {{address.city}}""#, r#""New: Ada of Bonn""#),
            (r#""{{id}}{{id}}""#, r#""77""#),
            (r#""{{tags}}""#, r#"["a","b"]"#),
            (r#""{{tags.1}} in {{tags}}""#, r#""b in [\"a\",\"b\"]""#),
            (r#""<{{none}}{{nothing.at.all}}>""#, r#""<>""#),
            (r#""{{nothing}}""#, "null"),
            (r#""{{id""#, r#""{{id""#),
            (r#""plain""#, r#""plain""#),
            (r#"{"a":["{{id}}",{"b":"{{name}}"}],"n":1}"#, r#"{"a":[7,{"b":"Ada"}],"n":1}"#),
        ] {
            let filled = filled(&json::parse(template.as_bytes()).unwrap(), &event);
            assert_eq!(json::compact(&filled, BinaryForm::Hex).ok().as_deref(), Some(expected), "{template}");
        }
    }
}
