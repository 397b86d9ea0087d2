//! Hashes as query strings: `to_query`, `to_param`, `encode_www_form`.

use super::this;
use crate::http::query::{self, Param};
use crate::methods::{Args, Host, Method, ops, rails, sdk};
use crate::value::{ClassId, Result, Value, raise, to_s};

pub(super) const ROWS: &[Method] = &[
    sdk(
        "encode_www_form",
        "() -> String",
        "As the body of an HTML form; nil is a bare key, arrays repeat the key.",
        "{a: 1, b: [2, 3], c: nil}.encode_www_form => \"a=1&b=2&b=3&c\"",
        encode_www_form,
    ),
    rails(
        "to_param to_query",
        "(namespace = nil) -> String",
        "As a query string, sorted; brackets for what is within.",
        "{b: 1, a: [2, nil]}.to_query => \"a%5B%5D=2&a%5B%5D=&b=1\"",
        to_query,
    ),
];

/// A value as a parameter of a query: its `to_param`, hashes and arrays part by part.
pub fn param_of(host: &mut dyn Host, value: &Value) -> Result<Param> {
    param_at(host, value, 0)
}

/// Deeper values are cycles.
const DEPTH: usize = 500;

fn param_at(host: &mut dyn Host, value: &Value, depth: usize) -> Result<Param> {
    host.tick()?;
    if depth > DEPTH {
        return Err(raise(ClassId::SYSTEM_STACK_ERROR, "stack level too deep"));
    }
    Ok(match value {
        Value::Nil => Param::Nil,
        Value::Array(array) => {
            let mut items = Vec::with_capacity(array.len());
            for item in array.to_vec() {
                items.push(param_at(host, &item, depth + 1)?);
            }
            Param::List(items)
        }
        Value::Hash(hash) => {
            let mut pairs = Vec::with_capacity(hash.len());
            for (key, value) in hash.to_vec() {
                pairs.push((text_of(host, &key)?, param_at(host, &value, depth + 1)?));
            }
            Param::Map(pairs)
        }
        Value::Object(_) => match host.force(value)? {
            Value::Object(_) => {
                let param = ops::send(host, value, "to_param", &[])?;
                Param::Text(to_s(&param).to_text())
            }
            answer => param_at(host, &answer, depth + 1)?,
        },
        other => Param::of_bytes(&to_s(other).bytes()),
    })
}

fn text_of(host: &mut dyn Host, value: &Value) -> Result<String> {
    match value {
        Value::Object(_) => Ok(to_s(&ops::send(host, value, "to_s", &[])?).to_text()),
        other => Ok(to_s(other).to_text()),
    }
}

fn to_query(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let param = param_of(host, receiver)?;
    Ok(Value::string(match (&param, args.given(0).filter(|namespace| !namespace.is_nil())) {
        (Param::Map(pairs), None) => query::to_query(pairs),
        (param, namespace) => {
            let namespace = namespace.map_or(Ok(String::new()), |namespace| text_of(host, namespace))?;
            query::to_query_as(&namespace, param)
        }
    }))
}

fn encode_www_form(host: &mut dyn Host, receiver: &Value, _: Args) -> Result<Value> {
    let mut parts = Vec::new();
    for (key, value) in this(receiver)?.to_vec() {
        let key = query::escape_form(&text_of(host, &key)?);
        match value {
            Value::Nil => parts.push(key),
            Value::Array(array) => {
                for item in array.to_vec() {
                    parts.push(match item {
                        Value::Nil => String::new(),
                        item => format!("{key}={}", query::escape_form(&text_of(host, &item)?)),
                    });
                }
            }
            other => parts.push(format!("{key}={}", query::escape_form(&text_of(host, &other)?))),
        }
    }
    Ok(Value::string(parts.join("&")))
}
