//! What the command line prints of a result: JSON that any reader takes, whatever the value holds.

use super::encode::{AsJson, as_json};
use super::generate::{Layout, generate_with};
use super::text::hex_preview;
use crate::value::{Hash, Result, Str, StrClass, Value, to_s};
use base64::Engine;

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
    let mut form = as_json(value, &AsJson::default())?;
    make_readable(&mut form, binary);
    Ok(form)
}

/// Puts text in the place of bytes. Arrays and hashes are changed where they are: `as_json` has just made them.
fn make_readable(value: &mut Value, binary: BinaryForm) {
    match value {
        Value::Str(text) if !is_readable(text) => *value = Value::string(readable_text(text, binary)),
        Value::Array(items) => items.items_mut().iter_mut().for_each(|item| make_readable(item, binary)),
        Value::Hash(hash) if hash.all(|key, _| matches!(key, Value::Str(key) if is_readable(key))) => {
            hash.each_value(|item| make_readable(item, binary));
        }
        Value::Hash(hash) => {
            let plain = Hash::with_capacity(hash.len());
            for (key, mut item) in hash.to_vec() {
                make_readable(&mut item, binary);
                plain.insert(Value::string(readable_text(&to_s(&key), BinaryForm::Hex)), item);
            }
            *value = Value::hash(plain);
        }
        _ => {}
    }
}

fn is_readable(text: &Str) -> bool {
    text.class() != StrClass::Binary && text.text().is_some()
}

fn readable_text(text: &Str, binary: BinaryForm) -> String {
    match text.text() {
        Some(valid) if text.class() != StrClass::Binary => valid.to_owned(),
        _ if binary == BinaryForm::Base64 => base64::engine::general_purpose::STANDARD.encode(&*text.bytes()),
        _ => hex_preview(&text.bytes()),
    }
}
