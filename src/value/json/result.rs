//! What the command line prints of a result: JSON that any reader takes, whatever the value holds.

use super::encode::{AsJson, as_json};
use super::generate::{Layout, generate_with};
use super::text::hex_preview;
use crate::value::{Hash, Result, Str, StrClass, Value, to_s, walk};
use base64::Engine;
use std::rc::Rc;

/// How bytes that are no text are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BinaryForm {
    /// `"0x…"`, the first 128 bytes
    #[default]
    Hex,
    /// All of them in Base64.
    Base64,
}

/// Two spaces a level.
pub fn pretty(value: &Value, binary: BinaryForm) -> Result<String> {
    generate_with(&result_form(value, binary)?, &Layout { max_nesting: 0, ..Layout::pretty() })
}

/// On one line.
pub fn compact(value: &Value, binary: BinaryForm) -> Result<String> {
    generate_with(&result_form(value, binary)?, &Layout { max_nesting: 0, ..Layout::default() })
}

/// The value in JSON's own kinds: times as text, bytes as text, no NaN.
pub fn result_form(value: &Value, binary: BinaryForm) -> Result<Value> {
    Ok(readable(&as_json(value, &AsJson::default())?, binary))
}

fn readable(value: &Value, binary: BinaryForm) -> Value {
    match value {
        Value::Str(text) => Value::string(readable_text(text, binary)),
        Value::Array(_) | Value::Hash(_) if !walk::enter() => Value::Nil,
        Value::Array(items) => Value::array(items.to_vec().iter().map(|item| readable(item, binary)).collect()),
        Value::Hash(hash) => {
            let plain = Hash::with_capacity(hash.len());
            for (key, item) in hash.to_vec() {
                plain.insert(Value::string(readable_text(&to_s(&key), BinaryForm::Hex)), readable(&item, binary));
            }
            Value::Hash(Rc::new(plain))
        }
        other => other.clone(),
    }
}

fn readable_text(text: &Str, binary: BinaryForm) -> String {
    match text.text() {
        Some(valid) if text.class() != StrClass::Binary => valid.to_owned(),
        _ if binary == BinaryForm::Base64 => base64::engine::general_purpose::STANDARD.encode(&*text.bytes()),
        _ => hex_preview(&text.bytes()),
    }
}
