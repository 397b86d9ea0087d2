//! Arrays as text and as other things: `join`, `inspect`, `to_sentence`, `to_param`, `to_query`, `deep_dup`.

use super::this;
use crate::http::query;
use crate::methods::hash::query::param_of;
use crate::methods::{Args, Host, Method, args::no_conversion, ops, pack, rails, ruby};
use crate::value::{Array, ClassId, Encoding, Result, Str, Value, inspect, raise, to_s};
use std::rc::Rc;

pub(super) const ROWS: &[Method] = &[
    ruby(
        "inspect",
        "() -> String",
        "As source text.",
        "[1, nil, 'a'].inspect => \"[1, nil, \\\"a\\\"]\"",
        |host, it, _| {
            let array = Value::Array(this(host, it)?);
            Ok(Value::Str(Rc::new(inspect(&array))))
        },
    ),
    ruby(
        "join",
        "(separator = nil) -> String",
        "The items as text, with a separator between.",
        "[1, [2, 3]].join('-') => \"1-2-3\"",
        |host, it, args| {
            let array = this(host, it)?;
            join(host, &array, &args.get(0))
        },
    ),
    ruby(
        "pack",
        "(format, buffer: nil) -> String",
        "The items as bytes, by a format.",
        "[65, 66].pack('C*') => \"AB\"",
        |host, it, args| {
            let values = this(host, it)?.to_vec();
            let format = args.str(0)?.bytes().to_vec();
            Ok(Value::Str(Rc::new(pack::pack(host, &values, &format)?)))
        },
    ),
    ruby("to_a entries to_ary deconstruct", "() -> Array", "Itself.", "[1].to_a => [1]", |host, it, _| {
        Ok(Value::Array(this(host, it)?))
    }),
    rails("to_param", "() -> String", "The items joined by slashes.", "[1, 2].to_param => \"1/2\"", to_param),
    rails(
        "to_query",
        "(key) -> String",
        "As a part of a query string.",
        "[1, 2].to_query('a') => \"a%5B%5D=1&a%5B%5D=2\"",
        |host, it, args| {
            let array = Value::Array(this(host, it)?);
            let list = param_of(host, &array)?;
            Ok(Value::string(query::to_query_as(&args.text(0), &list)))
        },
    ),
    rails(
        "to_s to_default_s to_formatted_s",
        "(format = :default) -> String",
        "As source text.",
        "[1].to_s => \"[1]\"",
        text,
    ),
    rails(
        "to_sentence",
        "(options = {}) -> String",
        "The items as an enumeration in words.",
        "[1, 2, 3].to_sentence => \"1, 2, and 3\"",
        to_sentence,
    ),
];

/// Text under construction, with the encoding that its parts have brought.
struct Joined {
    bytes: Vec<u8>,
    encoding: Encoding,
    /// A part with other than ASCII characters has fixed the encoding.
    is_fixed: bool,
}

impl Joined {
    fn push(&mut self, text: &Str) -> Result<()> {
        if !text.is_ascii() {
            if self.is_fixed && text.encoding() != self.encoding {
                let (a, b) = (self.encoding.name(), text.encoding().name());
                let message = format!("incompatible character encodings: {a} and {b}");
                return Err(raise(ClassId::COMPATIBILITY_ERROR, message));
            }
            self.encoding = text.encoding();
            self.is_fixed = true;
        }
        self.bytes.extend_from_slice(&text.bytes());
        Ok(())
    }
}

/// `array.join(separator)`; nil is no separator.
pub fn join(host: &mut dyn Host, array: &Rc<Array>, separator: &Value) -> Result<Value> {
    let separator = match separator {
        Value::Nil => None,
        Value::Str(text) => Some(Rc::clone(text)),
        other => return Err(no_conversion(other, "String")),
    };
    let mut joined = Joined { bytes: Vec::new(), encoding: Encoding::Utf8, is_fixed: false };
    let mut is_first = true;
    let mut open = vec![(Rc::clone(array), 0)];
    while let Some((current, at)) = open.last_mut() {
        let Some(item) = current.get(*at) else {
            // An empty array within still has its separator.
            let was_empty = current.is_empty() && open.len() > 1;
            open.pop();
            if was_empty {
                separate(&mut joined, separator.as_deref(), &mut is_first)?;
            }
            continue;
        };
        *at += 1;
        if let Value::Array(inner) = item {
            if open.iter().any(|(outer, _)| Rc::ptr_eq(outer, &inner)) {
                return Err(raise(ClassId::ARGUMENT_ERROR, "recursive array join"));
            }
            open.push((inner, 0));
            continue;
        }
        separate(&mut joined, separator.as_deref(), &mut is_first)?;
        push_item(host, &mut joined, &item)?;
        host.tick()?;
        host.charge(joined.bytes.len())?;
    }
    Ok(Value::Str(Rc::new(Str::owned(joined.bytes, joined.encoding))))
}

fn separate(joined: &mut Joined, separator: Option<&Str>, is_first: &mut bool) -> Result<()> {
    match separator {
        Some(separator) if !*is_first => joined.push(separator),
        _ => {
            *is_first = false;
            Ok(())
        }
    }
}

fn push_item(host: &mut dyn Host, joined: &mut Joined, item: &Value) -> Result<()> {
    match item {
        Value::Object(_) => match ops::send(host, item, "to_s", &[])? {
            Value::Str(text) => joined.push(&text),
            other => joined.push(&to_s(&other)),
        },
        other => joined.push(&to_s(other)),
    }
}

fn text(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let array = this(host, receiver)?;
    if !matches!(args.get(0), Value::Symbol(symbol) if symbol.with(|name| name == "db")) {
        return Ok(Value::Str(Rc::new(inspect(&Value::Array(array)))));
    }
    if array.is_empty() {
        return Ok("null".into());
    }
    let mut ids = Vec::with_capacity(array.len());
    for item in array.to_vec() {
        ids.push(ops::send(host, &item, "id", &[])?);
    }
    join(host, &Rc::new(Array::from(ids)), &",".into())
}

fn to_param(host: &mut dyn Host, receiver: &Value, _: Args) -> Result<Value> {
    let mut params = Vec::new();
    for item in this(host, receiver)?.to_vec() {
        params.push(ops::send(host, &item, "to_param", &[])?);
    }
    join(host, &Rc::new(Array::from(params)), &"/".into())
}

/// What stands between the words of a sentence.
const CONNECTORS: [(&str, &str); 3] =
    [("words_connector", ", "), ("two_words_connector", " and "), ("last_word_connector", ", and ")];

fn to_sentence(host: &mut dyn Host, receiver: &Value, mut args: Args) -> Result<Value> {
    let options = args.take_options();
    let mut connectors = CONNECTORS.map(|(_, default)| Value::str(default));
    if let Some(options) = options {
        for (key, value) in options.to_vec() {
            let name = to_s(&key).to_text();
            let is_symbol = matches!(key, Value::Symbol(_));
            match CONNECTORS.iter().position(|(connector, _)| is_symbol && *connector == name) {
                Some(at) => connectors[at] = Value::Str(to_s(&value)),
                None if is_symbol && name == "locale" => {}
                None => {
                    let valid = ":words_connector, :two_words_connector, :last_word_connector, :locale";
                    let message = format!("Unknown key: {}. Valid keys are: {valid}", inspect(&key).to_text());
                    return Err(raise(ClassId::ARGUMENT_ERROR, message));
                }
            }
        }
    }
    let [words, two_words, last_word] = connectors;
    let mut items = this(host, receiver)?.to_vec();
    let last = items.pop();
    let rest = Rc::new(Array::from(items));
    let Some(last) = last else { return Ok("".into()) };
    let connector = if rest.len() > 1 { last_word } else { two_words };
    let parts = match rest.len() {
        0 => vec![text_of(host, &last)?],
        1 => vec![text_of(host, &rest.get(0).unwrap_or_default())?, connector, text_of(host, &last)?],
        _ => vec![join(host, &rest, &words)?, connector, text_of(host, &last)?],
    };
    join(host, &Rc::new(Array::from(parts)), &Value::Nil)
}

/// What `"#{value}"` makes of a value.
fn text_of(host: &mut dyn Host, value: &Value) -> Result<Value> {
    match value {
        Value::Object(_) => ops::send(host, value, "to_s", &[]),
        other => Ok(Value::Str(to_s(other))),
    }
}
