//! Values as parameters of queries and forms.

use crate::http::query::Param;
use crate::value::{Hash, Value, to_s};

/// A value as a parameter: hashes and arrays keep their shape, everything else is its text.
pub fn param(value: &Value) -> Param {
    param_at(value, 0)
}

/// A hash's entries as parameters.
pub fn pairs(hash: &Hash) -> Vec<(String, Param)> {
    pairs_at(hash, 0)
}

/// Deeper values are cycles.
const DEPTH: usize = 500;

fn param_at(value: &Value, depth: usize) -> Param {
    match value {
        Value::Nil => Param::Nil,
        Value::Array(items) if depth < DEPTH => {
            Param::List(items.to_vec().iter().map(|item| param_at(item, depth + 1)).collect())
        }
        Value::Hash(hash) if depth < DEPTH => Param::Map(pairs_at(hash, depth + 1)),
        other => Param::of_bytes(&to_s(other).bytes()),
    }
}

fn pairs_at(hash: &Hash, depth: usize) -> Vec<(String, Param)> {
    hash.to_vec().iter().map(|(key, value)| (to_s(key).to_text(), param_at(value, depth))).collect()
}

/// `to_param`: text that stands in a query as it is. Arrays are joined by `/`; `None` for nil and what is empty.
pub fn to_param(value: &Value) -> Option<String> {
    let text = match value {
        Value::Nil => return None,
        Value::Hash(hash) => crate::http::query::to_query(&pairs(hash)),
        Value::Array(items) => {
            let parts: Vec<String> = items.to_vec().iter().map(|item| to_param(item).unwrap_or_default()).collect();
            parts.join("/")
        }
        other => to_s(other).to_text(),
    };
    Some(text)
}
