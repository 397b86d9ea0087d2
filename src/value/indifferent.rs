//! Hashes that take symbols and strings for the same key, and what counts as blank.

use super::{Encoding, Hash, Value, walk};
use std::rc::Rc;

/// Deeper nesting than any data has: a cycle, which is left as it is.
const DEPTH: usize = 2_000;

/// `with_indifferent_access`, also of the hashes inside hashes and arrays. A hash that is indifferent already stays the
/// same object; every other hash and every array is copied. Anything else is itself.
pub fn indifferent(value: &Value) -> Value {
    convert(value, 0)
}

/// The indifferent hash of a value: a new empty one for whatever is no hash.
pub fn indifferent_hash(value: &Value) -> Rc<Hash> {
    match indifferent(value) {
        Value::Hash(hash) => hash,
        _ => Rc::new(Hash::indifferent()),
    }
}

/// A value about to be assigned to a key of an indifferent hash: as `indifferent`, but an array stays the same object and
/// its items are converted where they are.
pub fn assigned(value: Value) -> Value {
    let Value::Array(array) = &value else { return indifferent(&value) };
    if array.is_frozen() {
        return indifferent(&value);
    }
    if array.items().iter().any(|item| matches!(item, Value::Hash(_) | Value::Array(_))) {
        let items = array.to_vec().into_iter().map(|item| convert_assigned(item, 1)).collect();
        *array.items_mut() = items;
    }
    value
}

fn convert_assigned(value: Value, depth: usize) -> Value {
    match &value {
        Value::Array(array) if depth < DEPTH && !array.is_frozen() => {
            let Some(_inside) = walk::enter() else { return value };
            let items = array.to_vec().into_iter().map(|item| convert_assigned(item, depth + 1)).collect();
            *array.items_mut() = items;
            value
        }
        other => convert(other, depth),
    }
}

/// A new indifferent hash of the same entries and default; what is within is converted but not copied if it is
/// indifferent already.
pub fn indifferent_copy(hash: &Hash) -> Rc<Hash> {
    if hash.is_indifferent() { Rc::new(hash.copy()) } else { Rc::new(copy_indifferent(hash, 0)) }
}

/// An indifferent hash as plain ones with string keys, all the way down (`to_hash`); a plain hash is itself.
pub fn plain_copy(hash: &Rc<Hash>) -> Rc<Hash> {
    plain(hash, 0)
}

fn plain(hash: &Rc<Hash>, depth: usize) -> Rc<Hash> {
    if !hash.is_indifferent() || depth > DEPTH {
        return Rc::clone(hash);
    }
    let Some(_inside) = walk::enter() else { return Rc::clone(hash) };
    let made = Hash::with_capacity(hash.len());
    made.set_default(hash.default_value());
    for (key, value) in hash.to_vec() {
        made.insert(key, plain_value(value, depth + 1));
    }
    Rc::new(made)
}

fn plain_value(value: Value, depth: usize) -> Value {
    match value {
        Value::Hash(hash) => Value::Hash(plain(&hash, depth)),
        Value::Array(array) if depth <= DEPTH => {
            let Some(_inside) = walk::enter() else { return Value::Array(array) };
            Value::array(array.to_vec().into_iter().map(|item| plain_value(item, depth + 1)).collect())
        }
        other => other,
    }
}

fn copy_indifferent(hash: &Hash, depth: usize) -> Hash {
    let converted = Hash::indifferent();
    for (key, value) in hash.to_vec() {
        converted.insert(key, convert(&value, depth + 1));
    }
    converted.set_default(hash.default_value());
    converted
}

fn convert(value: &Value, depth: usize) -> Value {
    if depth > DEPTH {
        return value.clone();
    }
    match value {
        Value::Hash(hash) if hash.is_indifferent() => value.clone(),
        Value::Hash(hash) => match walk::enter() {
            Some(_inside) => Value::hash(copy_indifferent(hash, depth)),
            None => value.clone(),
        },
        Value::Array(items) => match walk::enter() {
            Some(_inside) => Value::array(items.to_vec().iter().map(|item| convert(item, depth + 1)).collect()),
            None => value.clone(),
        },
        other => other.clone(),
    }
}

/// A copy that shares no hash, array or string with the original (`deep_dup`). Procs and objects are shared.
pub fn deep_copy(value: &Value) -> Value {
    copy(value, 0)
}

fn copy(value: &Value, depth: usize) -> Value {
    if depth > DEPTH {
        return value.clone();
    }
    match value {
        Value::Hash(hash) => {
            let Some(_inside) = walk::enter() else { return value.clone() };
            let copied = if hash.is_indifferent() { Hash::indifferent() } else { Hash::with_capacity(hash.len()) };
            for (key, value) in hash.to_vec() {
                copied.insert(key, copy(&value, depth + 1));
            }
            copied.set_default(hash.default_value());
            Value::hash(copied)
        }
        Value::Array(items) => match walk::enter() {
            Some(_inside) => Value::array(items.to_vec().iter().map(|item| copy(item, depth + 1)).collect()),
            None => value.clone(),
        },
        Value::Str(text) => Value::Str(Rc::new(text.copy())),
        other => other.clone(),
    }
}

/// `blank?`: nil, false, white space, and whatever is empty.
pub fn is_blank(value: &Value) -> bool {
    match value {
        Value::Nil | Value::False => true,
        Value::Str(text) => {
            if text.encoding() == Encoding::Binary {
                text.bytes().iter().all(|byte| byte.is_ascii_whitespace() || *byte == 0x0b)
            } else {
                text.text().is_some_and(|text| text.chars().all(char::is_whitespace))
            }
        }
        Value::Array(items) => items.is_empty(),
        Value::Hash(hash) => hash.is_empty(),
        Value::Set(set) => set.members.is_empty(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conversion_is_deep_and_keeps_what_is_indifferent() {
        let inner = Hash::new();
        inner.insert(Value::symbol("b"), Value::Int(1));
        let outer = Hash::new();
        outer.insert(Value::symbol("a"), Value::array(vec![Value::hash(inner), Value::Int(2)]));
        outer.insert(Value::Int(5), Value::Nil);
        let converted = indifferent(&Value::hash(outer));
        assert_eq!(crate::value::inspect(&converted).to_text(), r#"{"a"=>[{"b"=>1}, 2], 5=>nil}"#);
        let again = indifferent(&converted);
        assert!(crate::value::same(&converted, &again));
        assert!(!crate::value::same(&converted, &deep_copy(&converted)));
    }

    #[test]
    fn blankness() {
        for (value, expected) in [
            (Value::Nil, true),
            (Value::False, true),
            (Value::str(" \u{a0}\n"), true),
            (Value::array(vec![]), true),
            (Value::Int(0), false),
            (Value::str("x"), false),
            (Value::array(vec![Value::Nil]), false),
        ] {
            assert_eq!(is_blank(&value), expected, "{value:?}");
        }
    }
}
