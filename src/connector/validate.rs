//! What a field may hold, said by the field itself: bounds, lengths, patterns, formats, choices. All failures at once.

use super::Run;
use super::run::raised;
use super::schema::Schema;
use crate::value::{ClassId, Exception, Hash, Regexp, RegexpOptions, Result, Value, compare, is_blank, raise, to_s};
use std::cmp::Ordering;
use std::rc::Rc;

/// Keys by which a field restricts its value.
const RULES: &[&str] = &["min", "max", "min_length", "max_length", "pattern", "format", "enum"];

impl Run<'_> {
    /// Checks values against the restrictions of their fields, at every depth. `what` names them in the message.
    pub fn validate(&mut self, fields: &[Rc<Hash>], values: &Hash, what: &str) -> Result<()> {
        let mut failures = Vec::new();
        check_all(fields, values, "", &mut failures)?;
        if failures.is_empty() {
            return Ok(());
        }
        let message = failures.iter().map(|failure| failure.message.as_str()).collect::<Vec<_>>().join("; ");
        let names = failures.iter().map(|failure| failure.path.as_str()).collect::<Vec<_>>().join(", ");
        let exception = Exception::new(ClassId::SDK_ARGUMENT_ERROR, message);
        exception.set_attribute("kind", Value::symbol("usage"));
        Err(raised(exception.with_help(format!("in the {what}: {names}"))))
    }

    /// Checks settings and an input before a whole run.
    pub fn validate_input(&mut self, schema: &Schema, input: &Value) -> Result<()> {
        if !self.session.environment.habits.validate {
            return Ok(());
        }
        self.validate_settings()?;
        match input {
            Value::Hash(values) => self.validate(schema.fields(), values, "input"),
            _ => Ok(()),
        }
    }

    /// Checks the settings against the fields of the connection.
    pub fn validate_settings(&mut self) -> Result<()> {
        let Value::Array(fields) = self.session.part(&["connection", "fields"]) else { return Ok(()) };
        let Value::Hash(settings) = self.session.settings() else { return Ok(()) };
        self.validate(&hashes(&fields.to_vec()), &settings, "settings")
    }
}

struct Failure {
    path: String,
    message: String,
}

fn hashes(items: &[Value]) -> Vec<Rc<Hash>> {
    let as_hash = |item: &Value| match item {
        Value::Hash(hash) => Some(Rc::clone(hash)),
        _ => None,
    };
    items.iter().filter_map(as_hash).collect()
}

fn check_all(fields: &[Rc<Hash>], values: &Hash, prefix: &str, failures: &mut Vec<Failure>) -> Result<()> {
    for field in fields {
        let name = to_s(&field.get_either("name").unwrap_or_default()).to_text();
        let value = values.get_either(&name).unwrap_or_default();
        if is_blank(&value) {
            continue;
        }
        let path = if prefix.is_empty() { name } else { format!("{prefix}.{name}") };
        if let Some(message) = broken_rule(field, &value)? {
            failures.push(Failure { path: path.clone(), message });
        }
        let Some(Value::Array(properties)) = field.get_either("properties") else { continue };
        let properties = hashes(&properties.to_vec());
        match &value {
            Value::Hash(inner) => check_all(&properties, inner, &path, failures)?,
            Value::Array(items) => {
                for (at, item) in items.to_vec().iter().enumerate() {
                    if let Value::Hash(inner) = item {
                        check_all(&properties, inner, &format!("{path}[{at}]"), failures)?;
                    }
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// The sentence of the first rule that the value breaks: the field's own, where it has one.
fn broken_rule(field: &Hash, value: &Value) -> Result<Option<String>> {
    for rule in RULES {
        let Some(limit) = field.get_either(rule).filter(|limit| !limit.is_nil()) else { continue };
        if let Some(complaint) = complaint(rule, &limit, value)? {
            let own = field.get_either("error").filter(Value::truthy);
            let label = ["label", "name"].iter().find_map(|key| field.get_either(key)).unwrap_or_default();
            return Ok(Some(match own {
                Some(own) => to_s(&own).to_text(),
                None => format!("'{}' {complaint}", to_s(&label).to_text()),
            }));
        }
    }
    Ok(None)
}

fn complaint(rule: &str, limit: &Value, value: &Value) -> Result<Option<String>> {
    let shown = to_s(limit).to_text();
    let text = || to_s(value).to_text();
    Ok(match rule {
        "min" | "max" => {
            let wrong = if rule == "min" { Ordering::Less } else { Ordering::Greater };
            let word = if rule == "min" { "least" } else { "most" };
            let found = number(value).and_then(|number| compare(&Value::float(number), limit));
            match found {
                None => Some("must be a number".to_owned()),
                Some(order) => (order == wrong).then(|| format!("must be at {word} {shown}")),
            }
        }
        "min_length" | "max_length" => {
            let (length, unit) = match value {
                Value::Array(items) => (items.len(), "items"),
                other => (to_s(other).to_text().chars().count(), "characters"),
            };
            let Value::Int(bound) = limit else { return Ok(None) };
            let is_short = rule == "min_length";
            let wrong = if is_short { (length as i64) < *bound } else { length as i64 > *bound };
            let word = if is_short { "least" } else { "most" };
            wrong.then(|| format!("must have at {word} {shown} {unit}"))
        }
        "pattern" => (!fits(limit, &text())?).then(|| format!("must match {}", pattern_text(limit))),
        "format" => format_complaint(&shown, &text()),
        "enum" => {
            let Value::Array(allowed) = limit else { return Ok(None) };
            let allowed: Vec<String> = allowed.to_vec().iter().map(|item| to_s(item).to_text()).collect();
            (!allowed.contains(&text())).then(|| format!("must be one of {}", allowed.join(", ")))
        }
        _ => None,
    })
}

fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Int(number) => Some(*number as f64),
        Value::Float(number) => Some(number.get()),
        Value::Str(text) => text.to_text().trim().parse().ok(),
        _ => None,
    }
}

fn pattern_text(pattern: &Value) -> String {
    match pattern {
        Value::Regexp(pattern) => pattern.inspect(),
        other => to_s(other).to_text(),
    }
}

fn fits(pattern: &Value, text: &str) -> Result<bool> {
    let text = crate::value::Str::from(text);
    match pattern {
        Value::Regexp(pattern) => Ok(pattern.find(&text, 0)?.is_some()),
        other => {
            let pattern = Regexp::new(&to_s(other).bytes(), RegexpOptions::default())
                .map_err(|message| raise(ClassId::REGEXP_ERROR, message))?;
            Ok(pattern.find(&text, 0)?.is_some())
        }
    }
}

fn format_complaint(format: &str, text: &str) -> Option<String> {
    let (ok, what) = match format {
        "url" => {
            let url = crate::http::url::absolute(text);
            (text.contains("://") && url.is_ok(), "an address such as https://example.com")
        }
        "email" => {
            let (name, host) = text.rsplit_once('@').unwrap_or_default();
            let is_host = host.split('.').count() > 1 && host.split('.').all(|label| !label.is_empty());
            (!name.is_empty() && is_host && !text.contains(char::is_whitespace), "an e-mail address")
        }
        "uuid" => {
            let lengths: Vec<usize> = text.split('-').map(str::len).collect();
            let is_hex = text.chars().all(|c| c == '-' || c.is_ascii_hexdigit());
            (lengths == [8, 4, 4, 4, 12] && is_hex, "a UUID")
        }
        _ => return None,
    };
    (!ok).then(|| format!("must be {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{inspect, json};

    #[test]
    fn rules_and_what_breaks_them() {
        for (field, value, expected) in [
            (r#"{"min":1,"max":5}"#, "3", None),
            (r#"{"min":1}"#, "0.5", Some("'n' must be at least 1")),
            (r#"{"max":5}"#, "\"7\"", Some("'n' must be at most 5")),
            (r#"{"max":5}"#, "\"x\"", Some("'n' must be a number")),
            (r#"{"min_length":2}"#, "\"é\"", Some("'n' must have at least 2 characters")),
            (r#"{"max_length":1}"#, "[1,2]", Some("'n' must have at most 1 items")),
            (r#"{"pattern":"^a+$"}"#, "\"aa\"", None),
            (r#"{"pattern":"^a+$","error":"only a"}"#, "\"b\"", Some("only a")),
            (r#"{"format":"email"}"#, "\"a@b.c\"", None),
            (r#"{"format":"email"}"#, "\"a@b\"", Some("'n' must be an e-mail address")),
            (r#"{"format":"url"}"#, "\"https://x\"", None),
            (r#"{"format":"url"}"#, "\"x\"", Some("'n' must be an address such as https://example.com")),
            (r#"{"format":"uuid"}"#, "\"123\"", Some("'n' must be a UUID")),
            (r#"{"enum":["a",1]}"#, "1", None),
            (r#"{"enum":["a",1],"label":"Kind"}"#, "\"b\"", Some("'Kind' must be one of a, 1")),
        ] {
            let Ok(Value::Hash(field)) = json::parse(field.as_bytes()) else { panic!("a hash") };
            field.insert_str("name", Value::str("n"));
            let value = json::parse(value.as_bytes()).unwrap();
            let Ok(found) = broken_rule(&field, &value) else { panic!("no error") };
            assert_eq!(found.as_deref(), expected, "{}", inspect(&Value::Hash(field)).to_text());
        }
    }
}
