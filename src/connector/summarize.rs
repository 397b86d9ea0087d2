//! Summaries: long lists and texts at named paths, shortened for display.

use crate::value::{Result, Value, deep_copy, to_s};

/// A longer list keeps this many entries, one of them a remark.
const ITEMS: usize = 100;
/// A longer text keeps one character less than this, and a remark.
const CHARACTERS: usize = 1024;

/// The data with what is too long at `paths` shortened; the original stays.
pub fn summarize(data: &Value, paths: &[Value]) -> Result<Value> {
    let copy = deep_copy(data);
    for path in paths {
        let path = to_s(path).to_text();
        let mut steps: Vec<&str> = path.split('.').collect();
        let Some(last) = steps.pop() else { continue };
        let container = steps.iter().try_fold(copy.clone(), |value, step| dig(&value, step));
        if let Some(Value::Hash(container)) = container
            && let Some(short) = container.get_either(last).as_ref().and_then(shortened)
        {
            let symbol = super::function::symbol(last);
            let key = if container.get_str(last).is_some() { Value::str(last) } else { symbol };
            container.insert(key, short);
        }
    }
    Ok(copy)
}

fn dig(value: &Value, step: &str) -> Option<Value> {
    match value {
        Value::Hash(hash) => hash.get_either(step),
        _ => None,
    }
}

fn shortened(value: &Value) -> Option<Value> {
    match value {
        Value::Array(items) if items.len() > ITEMS => {
            let mut items = items.to_vec();
            let remark = Value::string(format!("... {} items ...", items.len() - ITEMS));
            let last = items.pop();
            items.truncate(ITEMS - 2);
            items.push(remark);
            items.extend(last);
            Some(Value::array(items))
        }
        Value::Str(text) => {
            let text = text.to_text();
            let length = text.chars().count();
            (length > CHARACTERS).then(|| {
                let kept: String = text.chars().take(CHARACTERS - 1).collect();
                Value::string(format!("{kept}... {} characters ...", length - CHARACTERS))
            })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Hash;

    #[test]
    fn long_values_are_shortened() {
        let inner = Hash::indifferent();
        inner.insert_str("list", Value::array((0..150).map(Value::Int).collect()));
        let data = Hash::indifferent();
        data.insert_str("text", Value::string("x".repeat(1030)));
        data.insert_str("nested", Value::hash(inner));
        data.insert_str("short", Value::array(vec![Value::Int(1)]));
        let data = Value::hash(data);
        let paths = ["text", "nested.list", "short", "missing.path"].map(Value::str);
        let Ok(Value::Hash(short)) = summarize(&data, &paths) else { panic!("a hash") };
        let text = to_s(&short.get_str("text").unwrap()).to_text();
        assert!(text.ends_with("x... 6 characters ..."), "{text}");
        let Some(Value::Hash(nested)) = short.get_str("nested") else { panic!("a hash") };
        let Some(Value::Array(list)) = nested.get_str("list") else { panic!("a list") };
        assert_eq!(list.len(), 100);
        assert_eq!(format!("{:?}", list.get(98).unwrap()), "\"... 50 items ...\"");
        assert_eq!(format!("{:?}", list.get(99).unwrap()), "149");
        assert_eq!(format!("{:?}", short.get_str("short").unwrap()), "[1]");
    }
}
