//! What must not be shown: settings as they are given, and tokens as answers bring them.

use crate::http::redact::{Redactor, is_secret_field, may_tell};
use crate::value::{Hash, Value, to_s};
use serde_json::Value as Json;
use std::sync::{Arc, PoisonError, RwLock};

/// Larger answers are no token answers.
const TOKEN_ANSWER: usize = 64 << 10;

/// The secrets of a run, shared by all that prints.
#[derive(Clone, Default)]
pub struct Secrets(Arc<RwLock<Redactor>>);

impl Secrets {
    /// Masks with what is known now.
    pub fn redactor(&self) -> Redactor {
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// One more secret, under the name that exported commands give it.
    pub fn add(&self, name: &str, secret: &str) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).add_named(name, secret);
    }

    /// Every setting is a secret, but those whose field is shown in the clear where people fill it in.
    pub fn add_settings(&self, settings: &Hash, fields: &[Field]) {
        for (key, value) in settings.to_vec() {
            let name = to_s(&key).to_text();
            if !fields.iter().any(|field| field.name == name && field.is_shown()) {
                self.add_value(&name, &value);
            }
        }
    }

    fn add_value(&self, name: &str, value: &Value) {
        match value {
            Value::Str(text) => self.add(name, &text.to_text()),
            Value::Int(_) | Value::BigInt(_) => self.add(name, &to_s(value).to_text()),
            Value::Array(items) => items.to_vec().iter().for_each(|item| self.add_value(name, item)),
            Value::Hash(hash) => {
                hash.to_vec().iter().for_each(|(key, item)| self.add_value(&to_s(key).to_text(), item));
            }
            _ => {}
        }
    }

    /// Tokens that an answer brings are secrets from then on.
    pub fn learn(&self, body: &[u8]) {
        if body.len() > TOKEN_ANSWER || !body.starts_with(b"{") || !may_tell(body) {
            return;
        }
        if let Ok(Json::Object(fields)) = serde_json::from_slice(body) {
            for (name, value) in &fields {
                if let (true, Json::String(token)) = (is_secret_field(name), value) {
                    self.add(name, token);
                }
            }
        }
    }
}

/// A field of the connection, as far as settings and secrets go.
#[derive(Clone, Debug)]
pub struct Field {
    pub name: String,
    pub label: String,
    pub required: bool,
    control_type: String,
}

impl Field {
    /// The fields under `connection.fields`, and those that appear beside them.
    pub fn all(fields: &Value) -> Vec<Self> {
        let Value::Array(fields) = fields else { return Vec::new() };
        let fields = fields.to_vec();
        fields.iter().filter_map(Self::of).collect()
    }

    fn of(field: &Value) -> Option<Self> {
        let Value::Hash(field) = field else { return None };
        let text =
            |key: &str| field.get_either(key).map(|value| to_s(&value).to_text()).filter(|text| !text.is_empty());
        let name = text("name")?;
        let flag = |key: &str| field.get_either(key).is_some_and(|value| value.truthy());
        let optional = field.get_either("optional").is_none_or(|value| value.truthy());
        let required = !optional && !flag("runtime_optional") && field.get_either("ngIf").is_none();
        let label = text("label").unwrap_or_else(|| name.clone());
        Some(Self { name, label, required, control_type: text("control_type").unwrap_or_default() })
    }

    /// People see its value where they fill it in, and its name tells of no secret.
    pub fn is_shown(&self) -> bool {
        self.is_open() && !is_secret_field(&self.name)
    }

    /// Its value is no secret: an address, a choice, a number.
    fn is_open(&self) -> bool {
        const OPEN: &[&str] = &[
            "boolean",
            "checkbox",
            "date",
            "date_time",
            "email",
            "integer",
            "multiselect",
            "number",
            "phone",
            "select",
            "subdomain",
            "url",
        ];
        OPEN.contains(&self.control_type.as_str()) || (self.is_plain_text() && self.names_a_place())
    }

    fn is_plain_text(&self) -> bool {
        ["", "text", "plain-text"].contains(&self.control_type.as_str())
    }

    /// Reports of a server that cannot be reached are of no use without its name.
    fn names_a_place(&self) -> bool {
        const PLACES: &[&str] = &["domain", "environment", "host", "hostname", "port", "region", "subdomain"];
        let last = self.name.rsplit('_').next().unwrap_or_default();
        PLACES.contains(&last.to_ascii_lowercase().as_str())
    }
}
