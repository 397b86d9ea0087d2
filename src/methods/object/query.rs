//! `to_param` and `to_query` of what is no collection.

use crate::methods::{Args, Host, Method, rails};
use crate::text::Name;
use crate::value::{Result, Value, to_s};

pub(super) const ROWS: &[Method] = &[
    rails("to_param", "() -> String", "The value as a part of a URL: its text.", "5.to_param => \"5\"", |_, a, _| {
        Ok(Value::Str(to_s(a)))
    }),
    rails("to_query", "(key) -> String", "`key=value`, escaped.", "'a b'.to_query('k') => \"k=a+b\"", to_query),
];

pub(super) const SELF_ROWS: &[Method] = &[rails(
    "to_param",
    "() -> Object",
    "The value itself.",
    "nil.to_param => nil\ntrue.to_param => true",
    |_, a, _| Ok(a.clone()),
)];

fn to_query(host: &mut dyn Host, value: &Value, args: Args) -> Result<Value> {
    let mut text = |value: &Value| -> Result<String> {
        let param = host.send(value, Name::new("to_param"), Args::none())?;
        Ok(crate::http::query::escape(&to_s(&param).to_text()))
    };
    let key = text(&args.get(0))?;
    let value = text(value)?;
    Ok(Value::string(format!("{key}={value}")))
}
