//! ActiveSupport's JSON: what a request body holds and what `to_json` answers.

use super::text::{Escape, hex_preview, with_utf8, write_string};
use super::{DEPTH, generate};
use crate::value::number_text::room_for_text;
use crate::value::{
    ClassId, Duration, Hash, Result, Str, StrClass, Unwind, Value, float_to_s, inspect, raise, to_s, walk,
};
use std::rc::Rc;

/// Options of `to_json` and `as_json`: which keys of hashes are kept.
#[derive(Clone, Debug, Default)]
pub struct AsJson {
    pub only: Option<Vec<String>>,
    pub except: Vec<String>,
}

impl AsJson {
    fn keeps(&self, key: &str) -> bool {
        match &self.only {
            Some(only) => only.iter().any(|name| name == key),
            None => !self.except.iter().any(|name| name == key),
        }
    }

    fn keeps_all(&self) -> bool {
        self.only.is_none() && self.except.is_empty()
    }
}

/// `value.to_json`.
pub fn to_json(value: &Value, options: &AsJson) -> Result<String> {
    if let Value::Str(text) = value
        && text.class() == StrClass::Binary
    {
        return Ok(hex_preview(&text.bytes()));
    }
    let mut out = String::new();
    write(value, options, &mut out, 0)?;
    Ok(out)
}

/// `value.as_json`: made of nil, booleans, numbers, strings, arrays and plain hashes with string keys.
pub fn as_json(value: &Value, options: &AsJson) -> Result<Value> {
    convert(value, options, 0)
}

/// Every array and hash asks whether there is a way on.
fn enter() -> Result<walk::Inside> {
    walk::enter().ok_or_else(too_deep)
}

fn check(depth: usize) -> Result<()> {
    if depth > DEPTH { Err(too_deep()) } else { Ok(()) }
}

#[cold]
fn too_deep() -> Box<Unwind> {
    raise(ClassId::SYSTEM_STACK_ERROR, "stack level too deep")
}

fn convert(value: &Value, options: &AsJson, depth: usize) -> Result<Value> {
    check(depth)?;
    Ok(match value {
        Value::Array(items) => convert_all(&items.to_vec(), options, depth)?,
        Value::Set(set) => convert_all(&set.members.keys(), options, depth)?,
        Value::Hash(hash) => {
            let _inside = enter()?;
            let plain = Hash::with_capacity(hash.len());
            for (key, item) in hash.to_vec() {
                let key = to_s(&key);
                if options.keeps_all() || options.keeps(&key.to_text()) {
                    plain.insert(Value::Str(key), convert(&item, options, depth + 1)?);
                }
            }
            Value::hash(plain)
        }
        Value::Object(object) => match object.as_json() {
            Some(json) => convert(&json, options, depth + 1)?,
            None => scalar(value),
        },
        other => scalar(other),
    })
}

fn convert_all(items: &[Value], options: &AsJson, depth: usize) -> Result<Value> {
    let _inside = enter()?;
    items.iter().map(|item| convert(item, options, depth + 1)).collect::<Result<Vec<_>>>().map(Value::array)
}

/// What a value that holds no others becomes.
fn scalar(value: &Value) -> Value {
    match value {
        Value::Float(number) if !number.get().is_finite() => Value::Nil,
        Value::Symbol(symbol) => symbol.with(Value::str),
        Value::Time(time) => Value::string(time.xmlschema(3)),
        Value::Date(_) | Value::Decimal(_) | Value::Range(_) | Value::Regexp(_) | Value::Exception(_) => {
            Value::Str(to_s(value))
        }
        Value::Duration(duration) => whole_seconds(duration),
        Value::Class(_) | Value::Proc(_) | Value::Match(_) => Value::hash(Hash::new()),
        Value::Object(object) => object.as_json().unwrap_or_else(|| Value::Str(Rc::new(inspect(value)))),
        other => other.clone(),
    }
}

/// `Duration#to_i`.
fn whole_seconds(duration: &Duration) -> Value {
    match &duration.seconds {
        Value::Float(seconds) if seconds.get().is_finite() => Value::Int(seconds.get().trunc() as i64),
        Value::Rational(fraction) => Value::big(&fraction.numerator / &fraction.denominator),
        Value::Decimal(number) => number.to_integer().map_or(Value::Nil, Value::big),
        whole => whole.clone(),
    }
}

fn write(value: &Value, options: &AsJson, out: &mut String, depth: usize) -> Result<()> {
    check(depth)?;
    room_for_text(out.len())?;
    match value {
        Value::Nil => out.push_str("null"),
        Value::True => out.push_str("true"),
        Value::False => out.push_str("false"),
        Value::Int(it) => out.push_str(&it.to_string()),
        Value::BigInt(it) => out.push_str(&it.to_string()),
        Value::Float(it) if !it.get().is_finite() => out.push_str("null"),
        Value::Float(it) => out.push_str(&float_to_s(it.get())),
        Value::Str(text) => write_text(text, out)?,
        Value::Symbol(symbol) => symbol.with(|text| write_string(text, Escape::Html, out)),
        Value::Array(items) => write_items(&items.to_vec(), options, out, depth)?,
        Value::Set(set) => write_items(&set.members.keys(), options, out, depth)?,
        Value::Hash(hash) => write_hash(hash, options, out, depth)?,
        Value::Rational(_) => write_text(&to_s(value), out)?,
        other => write(&scalar(other), options, out, depth + 1)?,
    }
    Ok(())
}

fn write_text(text: &Str, out: &mut String) -> Result<()> {
    with_utf8(text, |text| write_string(text, Escape::Html, out))
}

fn write_items(items: &[Value], options: &AsJson, out: &mut String, depth: usize) -> Result<()> {
    let _inside = enter()?;
    out.push('[');
    for (at, item) in items.iter().enumerate() {
        generate::separate(at, out);
        write(item, options, out, depth + 1)?;
    }
    out.push(']');
    Ok(())
}

fn write_hash(hash: &Rc<Hash>, options: &AsJson, out: &mut String, depth: usize) -> Result<()> {
    let _inside = enter()?;
    let pairs = if hash.all(|key, _| matches!(key, Value::Str(_))) && options.keeps_all() {
        hash.to_vec()
    } else {
        // Keys that are the same as strings become one.
        let plain = Hash::with_capacity(hash.len());
        for (key, item) in hash.to_vec() {
            let key = to_s(&key);
            if options.keeps_all() || options.keeps(&key.to_text()) {
                plain.insert(Value::Str(key), item);
            }
        }
        plain.to_vec()
    };
    out.push('{');
    for (at, (key, item)) in pairs.iter().enumerate() {
        generate::separate(at, out);
        write_text(&to_s(key), out)?;
        out.push(':');
        write(item, options, out, depth + 1)?;
    }
    out.push('}');
    Ok(())
}
