//! What files in YAML say under their keys, for those who read them strictly.

use crate::text::nearest;
use crate::value::{Hash, Value, to_s};

/// The text under a key; numbers and truth read as text, too.
pub fn text(holder: &Hash, key: &str) -> Option<String> {
    holder.get_either(key).filter(|value| !value.is_nil()).map(|value| to_s(&value).to_text())
}

/// The number under a key, if it is a whole one from 0 on.
pub fn count(holder: &Hash, key: &str) -> Option<u64> {
    match holder.get_either(key) {
        Some(Value::Int(number)) => u64::try_from(number).ok(),
        _ => None,
    }
}

/// A key that nobody reads would be a mistake that nobody notices. Errors: which one, and what it may have been meant for.
pub fn known_keys(holder: &Hash, known: &[&str], what: &str) -> Result<(), String> {
    for key in holder.keys() {
        let key = to_s(&key).to_text();
        if !known.contains(&key.as_str()) {
            let near = nearest(&key, known.iter().copied()).map(|near| format!("; did you mean `{near}`?"));
            return Err(format!("{what} has no key `{key}`{}", near.unwrap_or_default()));
        }
    }
    Ok(())
}
