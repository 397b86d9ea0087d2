//! Reading one regular field.

use crate::value::{Hash, Value, to_s};
use std::rc::Rc;

/// The name of a field or toggle field.
pub(super) fn name(field: &Hash) -> String {
    to_s(&field.get_either("name").unwrap_or_default()).to_text()
}

/// The label as text; empty where there is none.
pub(super) fn label(field: &Hash) -> Option<String> {
    field.get_either("label").filter(|label| !label.is_nil()).map(|label| to_s(&label).to_text())
}

/// The other way to fill the field in.
pub(super) fn toggle(field: &Hash) -> Option<Rc<Hash>> {
    match field.get_either("toggle_field") {
        Some(Value::Hash(toggle)) if !toggle.is_empty() => Some(toggle),
        _ => None,
    }
}

/// The fields inside an object or the objects of a list.
pub(super) fn properties(field: &Hash) -> Vec<Rc<Hash>> {
    match field.get_either("properties") {
        Some(Value::Array(items)) => items
            .to_vec()
            .into_iter()
            .filter_map(|item| match item {
                Value::Hash(field) => Some(field),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// A flag of the field.
pub(super) fn flag(field: &Hash, key: &str) -> bool {
    field.get_either(key).is_some_and(|value| value.truthy())
}
