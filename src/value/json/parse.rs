//! JSON text to values, straight from the reader: no tree in between.
//!
//! serde_json reads what the standard allows; what it refuses goes to `dialect`, which knows what Ruby takes besides and
//! how it words what it does not.

use super::{JsonError, dialect};
use crate::value::number_text::room_for_digits;
use crate::value::{Hash, RowKeys, Str, Value};
use num_bigint::BigInt;
use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use std::cell::{Cell, RefCell};
use std::fmt;
use std::rc::Rc;

/// How to read.
#[derive(Clone, Copy, Debug)]
pub struct ParseOptions {
    /// Keys become symbols.
    pub symbolize_names: bool,
    /// How deep arrays and objects may nest; 0 is any depth.
    pub max_nesting: usize,
    /// `NaN`, `Infinity` and `-Infinity` are numbers.
    pub allow_nan: bool,
}

impl Default for ParseOptions {
    fn default() -> Self {
        Self { symbolize_names: false, max_nesting: 100, allow_nan: false }
    }
}

/// Reads a text as `JSON.parse` does: string keys, the last of equal keys wins, integers of any size.
pub fn parse(text: &[u8]) -> Result<Value, JsonError> {
    parse_with(text, ParseOptions::default())
}

/// The same, with options.
pub fn parse_with(text: &[u8], options: ParseOptions) -> Result<Value, JsonError> {
    parse_watched(text, options, &mut || true)
}

/// The same, asking every few thousand values whether to go on: a few bytes of text may take many of memory.
pub fn parse_watched(text: &[u8], options: ParseOptions, go_on: &mut dyn FnMut() -> bool) -> Result<Value, JsonError> {
    let (left, stopped, go_on) = (Cell::new(STRIDE), Cell::new(false), RefCell::new(go_on));
    // One value more; a no is final.
    let step = || {
        left.set(left.get() - 1);
        if left.get() == 0 {
            left.set(STRIDE);
            stopped.set(stopped.get() || !(go_on.borrow_mut())());
        }
        !stopped.get()
    };
    if let Ok(valid) = std::str::from_utf8(text) {
        let keys = Keys::default();
        let rows = RefCell::default();
        let reader = Reader { keys: &keys, rows: &rows, options, depth: 0, step: &step };
        let mut source = serde_json::Deserializer::from_str(valid);
        if let Ok(value) = reader.deserialize(&mut source)
            && source.end().is_ok()
        {
            return Ok(value);
        }
    }
    dialect::parse(text, options, &step)
}

/// Values between two questions.
const STRIDE: u32 = 4096;

/// What a number's text is: an integer of any size that is allowed, or a float.
pub(super) fn number(text: &str) -> Value {
    if let Ok(small) = text.parse() {
        return Value::Int(small);
    }
    if text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') && room_for_digits(text.len(), 10).is_ok() {
        return text.parse::<BigInt>().map_or(Value::Nil, Value::big);
    }
    Value::float(text.parse().unwrap_or_default())
}

/// Key strings that were seen lately: rows of a list share theirs.
pub(super) struct Keys(RefCell<[Option<Rc<Str>>; 64]>);

impl Default for Keys {
    fn default() -> Self {
        Self(RefCell::new([const { None }; 64]))
    }
}

impl Keys {
    pub(super) fn get(&self, text: &str) -> Value {
        let bytes = text.as_bytes();
        let mixed = bytes.iter().fold(bytes.len(), |mixed, byte| mixed.wrapping_mul(31) ^ usize::from(*byte));
        let mut slots = self.0.borrow_mut();
        let slot = &mut slots[mixed % 64];
        match slot {
            Some(seen) if *seen.bytes() == *bytes => Value::Str(Rc::clone(seen)),
            _ => {
                let key = Str::from(text);
                key.freeze();
                let key = Rc::new(key);
                *slot = Some(Rc::clone(&key));
                Value::Str(key)
            }
        }
    }
}

/// Reads one value.
#[derive(Clone, Copy)]
struct Reader<'a> {
    keys: &'a Keys,
    rows: &'a RefCell<RowKeys>,
    options: ParseOptions,
    depth: usize,
    /// Called for each value; whether to go on.
    step: &'a dyn Fn() -> bool,
}

/// serde_json hands a number over as a map of one entry under this key, so that no digit is lost.
const NUMBER: &str = "$serde_json::private::Number";

impl Reader<'_> {
    fn deeper<E: de::Error>(self) -> Result<Self, E> {
        let depth = self.depth + 1;
        if self.options.max_nesting != 0 && depth > self.options.max_nesting {
            return Err(E::custom("too deep"));
        }
        Ok(Self { depth, ..self })
    }
}

impl<'de> DeserializeSeed<'de> for Reader<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<Value, D::Error> {
        if (self.step)() { source.deserialize_any(self) } else { Err(de::Error::custom("stopped")) }
    }
}

impl<'de> Visitor<'de> for Reader<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Nil)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Int(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::big(BigInt::from(value)))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Value::float(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::str(value))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::string(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut source: A) -> Result<Value, A::Error> {
        let reader = self.deeper()?;
        let mut items = Vec::new();
        while let Some(item) = source.next_element_seed(reader)? {
            items.push(item);
        }
        Ok(Value::array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut source: A) -> Result<Value, A::Error> {
        let name = Name { keys: self.keys, symbolize: self.options.symbolize_names };
        let hash = Hash::new();
        let mut next = source.next_key_seed(name)?;
        if let Some(Key::Number) = next {
            return source.next_value::<String>().map(|digits| number(&digits));
        }
        let reader = self.deeper()?;
        while let Some(Key::Name(key)) = next {
            hash.insert(key, source.next_value_seed(reader)?);
            next = source.next_key_seed(name)?;
        }
        hash.settle(&mut self.rows.borrow_mut());
        Ok(Value::hash(hash))
    }
}

/// Reads a key.
#[derive(Clone, Copy)]
struct Name<'a> {
    keys: &'a Keys,
    symbolize: bool,
}

enum Key {
    Number,
    Name(Value),
}

impl<'de> DeserializeSeed<'de> for Name<'_> {
    type Value = Key;

    fn deserialize<D: Deserializer<'de>>(self, source: D) -> Result<Key, D::Error> {
        source.deserialize_str(self)
    }
}

impl Visitor<'_> for Name<'_> {
    type Value = Key;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object key")
    }

    fn visit_str<E>(self, text: &str) -> Result<Key, E> {
        if text == NUMBER {
            return Ok(Key::Number);
        }
        Ok(Key::Name(if self.symbolize { Value::symbol(text) } else { self.keys.get(text) }))
    }
}
