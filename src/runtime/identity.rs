//! What makes two runs the same trigger: the same input, however its keys are ordered; and the same connector text.

use crate::value::json::{self, BinaryForm};
use crate::value::{Hash, Result, Value, to_s};
use sha2::{Digest, Sha256};

/// Inputs nest less deeply than this.
const DEPTH: usize = 100;

/// The input as JSON with sorted keys.
pub fn canonical(input: &Value) -> Result<String> {
    json::compact(&sorted(input, 0), BinaryForm::Hex)
}

fn sorted(value: &Value, depth: usize) -> Value {
    match value {
        Value::Hash(hash) if depth < DEPTH => {
            let mut pairs: Vec<(String, Value)> = hash
                .to_vec()
                .into_iter()
                .map(|(key, value)| (to_s(&key).to_text(), sorted(&value, depth + 1)))
                .collect();
            pairs.sort_by(|(a, _), (b, _)| a.cmp(b));
            let ordered = Hash::new();
            for (key, value) in pairs {
                ordered.insert_str(&key, value);
            }
            Value::hash(ordered)
        }
        Value::Array(items) => Value::array(items.to_vec().iter().map(|item| sorted(item, depth + 1)).collect()),
        other => other.clone(),
    }
}

/// SHA-256 of a connector's text, in hexadecimal.
pub fn digest(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}
