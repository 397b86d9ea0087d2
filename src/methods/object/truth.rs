//! The SDK's `is_true?` and `is_not_true?`, and `is_int?` of nil and integers.

use crate::methods::{Args, Method, sdk};
use crate::value::{ClassId, Result, Unwind, Value, inspect, raise};

pub(super) const ROWS: &[Method] = &[
    sdk(
        "is_not_true?",
        "(options = nil) -> Boolean",
        "The opposite of `is_true?`; nil is not true unless `null_not_true: false`.",
        "'no'.is_not_true? => true\nnil.is_not_true? => true",
        |_, a, args| Ok(Value::bool(!truth(a)?.unwrap_or(!option(&args, "null_not_true", true)))),
    ),
    sdk(
        "is_true?",
        "(options = nil) -> Boolean",
        "Does it say yes? true, t, yes, y and 1 do; false, f, no, n and 0 do not; nil does not unless `null_true: true`.",
        "'yes'.is_true? => true\n0.is_true? => false\nnil.is_true?(null_true: true) => true",
        |_, a, args| Ok(Value::bool(truth(a)?.unwrap_or(option(&args, "null_true", false)))),
    ),
];

pub(super) const NIL_ROWS: &[Method] =
    &[sdk("is_int? is_number?", "() -> Boolean", "false: nil is no number.", "nil.is_int? => false", |_, _, _| {
        Ok(Value::False)
    })];

pub(super) const INTEGER_ROWS: &[Method] =
    &[sdk("is_int?", "() -> Boolean", "true.", "5.is_int? => true", |_, _, _| Ok(Value::True))];

fn option(args: &Args, key: &str, default: bool) -> bool {
    match args.get(0) {
        Value::Hash(options) => options.get_either(key).map_or(default, |value| value.truthy()),
        _ => default,
    }
}

/// What the value says; `None` for nil.
fn truth(value: &Value) -> Result<Option<bool>> {
    match value {
        Value::Nil => Ok(None),
        Value::Duration(duration) => truth(&duration.seconds),
        Value::True => Ok(Some(true)),
        Value::False => Ok(Some(false)),
        Value::Int(0) => Ok(Some(false)),
        Value::Int(1) => Ok(Some(true)),
        Value::Int(_) | Value::BigInt(_) => Err(unclear(format!("number value {}", inspect(value).to_text()))),
        Value::Str(text) => {
            let text = text.to_text();
            match text.to_ascii_lowercase().as_str() {
                "true" | "t" | "yes" | "y" | "1" => Ok(Some(true)),
                "false" | "f" | "no" | "n" | "0" => Ok(Some(false)),
                "" => Err(unclear("empty string".to_owned())),
                _ => Err(unclear(format!("string value {text}"))),
            }
        }
        other => Err(unclear(format!("type {}", other.class().name()))),
    }
}

#[cold]
fn unclear(what: String) -> Box<Unwind> {
    raise(ClassId::RUNTIME_ERROR, format!("Can't convert {what} to boolean"))
}
