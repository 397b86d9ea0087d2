//! What the connector SDK adds to collections: `where`, `pluck`, `format_map`, `smart_join`, `transform_find` …

use super::each::{Flow, expected, fold};
use crate::methods::{Args, Host, Method, Receiver, Table, ops, sdk, where_};
use crate::text::Name;
use crate::value::{Result, Value, inspect};

pub(super) const TABLE: Table = Table { receiver: Receiver::Enumerable, rows: ROWS };

const ROWS: &[Method] = &[
    sdk(
        "format_map",
        "(format) -> Array",
        "Each item put into a format.",
        "[{a: 1}].format_map('n%{a}') => [\"n1\"]\n[1, 2].format_map('no %d') => [\"no 1\", \"no 2\"]",
        format_map,
    ),
    sdk(
        "pluck",
        "(*keys) -> Array",
        "The value of a key, or the values of several, of each item; an array is a path.",
        "[{a: {b: 1}}].pluck([:a, :b]) => [1]\n[{a: 1, b: 2}].pluck(:a, :b) => [[1, 2]]",
        pluck,
    ),
    sdk(
        "smart_join",
        "(separator) -> String",
        "The items that are not blank, stripped and joined.",
        "[' a', nil, '', 'b'].smart_join(',') => \"a,b\"",
        smart_join,
    ),
    sdk(
        "transform_find",
        "() { |item| … }",
        "The first truthy answer of the block.",
        "[1, 2, 3].transform_find { |x| x * 10 if x > 1 } => 20",
        transform_find,
    ),
    sdk(
        "transform_select",
        "() { |item| … } -> Array",
        "The truthy answers of the block.",
        "[1, 2, 3].transform_select { |x| x * 10 if x > 1 } => [20, 30]",
        transform_select,
    ),
    sdk(
        "where",
        "(conditions = {}) -> Where",
        "The rows for which all conditions hold; keys may end in an operator.",
        "[{'a' => 1}, {'a' => 2}].where('a >' => 1).to_a => [{\"a\"=>2}]",
        where_::new,
    ),
];

fn format_map(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let format = args.get(0);
    if ops::is_blank(host, &format)? {
        return Ok(receiver.clone());
    }
    let made = Vec::with_capacity(expected(receiver));
    fold(host, receiver, made, move |host, made, item| {
        let values = match item.into_value() {
            Value::Hash(hash) if hash.is_indifferent() => ops::send(host, &Value::Hash(hash), "symbolize_keys", &[])?,
            Value::Nil => Value::array(Vec::new()),
            other => other,
        };
        made.push(ops::send(host, &format, "%", &[values])?);
        Ok(Flow::Next)
    })
    .map(Value::array)
}

fn pluck(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let keys = args.values;
    let made = Vec::with_capacity(expected(receiver));
    fold(host, receiver, made, move |host, made, item| {
        let item = item.into_value();
        made.push(match &*keys {
            [] => dig(host, &item, &Value::Nil)?,
            [key] => dig(host, &item, key)?,
            keys => {
                let mut row = Vec::with_capacity(keys.len());
                for key in keys {
                    row.push(dig(host, &item, key)?);
                }
                Value::array(row)
            }
        });
        Ok(Flow::Next)
    })
    .map(Value::array)
}

/// `item.dig(*key)` where the item can, else `item[key]`.
fn dig(host: &mut dyn Host, item: &Value, key: &Value) -> Result<Value> {
    match (item, key) {
        (Value::Hash(_), Value::Array(path)) => {
            let path = path.to_vec();
            ops::send(host, item, "dig", &path)
        }
        (Value::Hash(_), key) => ops::send(host, item, "[]", std::slice::from_ref(key)),
        (_, Value::Array(path)) if host.responds_to(item, Name::new("dig")) => {
            let path = path.to_vec();
            ops::send(host, item, "dig", &path)
        }
        (_, key) if host.responds_to(item, Name::new("dig")) => ops::send(host, item, "dig", std::slice::from_ref(key)),
        (_, key) => ops::send(host, item, "[]", std::slice::from_ref(key)),
    }
}

fn smart_join(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let kept = fold(host, receiver, Vec::new(), |host, kept, item| {
        let value = match item.into_value() {
            text @ Value::Str(_) => ops::send(host, &text, "strip", &[])?,
            other => other,
        };
        if !ops::is_blank(host, &value)? {
            kept.push(value);
        }
        Ok(Flow::Next)
    })?;
    host.send(&Value::array(kept), Name::new("join"), args)
}

fn transform_find(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let Some(block) = args.block.clone() else { return Err(no_call(&Value::Nil)) };
    fold(host, receiver, Value::Nil, move |host, found, item| {
        *found = item.spread(host, &block)?;
        if found.truthy() {
            return Ok(Flow::Stop);
        }
        *found = Value::Nil;
        Ok(Flow::Next)
    })
}

fn transform_select(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let Some(block) = args.block.clone() else { return Err(no_call(&Value::Nil)) };
    fold(host, receiver, Vec::new(), move |host, made, item| {
        let value = item.spread(host, &block)?;
        if value.truthy() {
            made.push(value);
        }
        Ok(Flow::Next)
    })
    .map(Value::array)
}

/// What calling a block that was not given comes to.
#[cold]
fn no_call(value: &Value) -> Box<crate::value::Unwind> {
    let message = format!("undefined method `call' for {}:{}", inspect(value).to_text(), value.class().name());
    crate::value::raise(crate::value::ClassId::NO_METHOD_ERROR, message)
}
