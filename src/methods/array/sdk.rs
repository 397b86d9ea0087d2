//! The SDK's helpers for lists of schema fields: `only`, `ignored`, `required`.

use super::this;
use crate::methods::{Args, Host, Method, ops, sdk};
use crate::value::{Hash, Result, Value, equal};
use std::rc::Rc;

pub(super) const ROWS: &[Method] = &[
    sdk(
        "ignored",
        "(*names) -> Array",
        "Without the fields of these names.",
        "[{name: 'a'}, {name: 'b'}].ignored('a') => [{:name=>\"b\"}]",
        |host, it, args| by_name(host, it, &args, false),
    ),
    sdk(
        "only",
        "(*names) -> Array",
        "The fields of these names.",
        "[{name: 'a'}, {name: 'b'}].only('a') => [{:name=>\"a\"}]",
        |host, it, args| by_name(host, it, &args, true),
    ),
    sdk(
        "required",
        "(*names) -> Array",
        "The fields, those of these names with `optional: false`.",
        "[{name: 'a'}].required('a') => [{:name=>\"a\", :optional=>false}]",
        required,
    ),
];

/// Is the field's `:name` one of the names?
fn is_named(host: &mut dyn Host, field: &Value, names: &[Value]) -> Result<bool> {
    let name = ops::send(host, field, "[]", &[Value::symbol("name")])?;
    Ok(names.iter().any(|wanted| equal(wanted, &name)))
}

fn by_name(host: &mut dyn Host, receiver: &Value, args: &Args, wanted: bool) -> Result<Value> {
    let mut kept = Vec::new();
    for field in this(host, receiver)?.to_vec() {
        if is_named(host, &field, &args.values)? == wanted {
            kept.push(field);
        }
    }
    Ok(Value::array(kept))
}

fn required(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let mut fields = Vec::new();
    for field in this(host, receiver)?.to_vec() {
        fields.push(if is_named(host, &field, &args.values)? {
            let optional = Hash::new();
            optional.insert(Value::symbol("optional"), false.into());
            ops::send(host, &field, "merge", &[Value::Hash(Rc::new(optional))])?
        } else {
            field
        });
    }
    Ok(Value::array(fields))
}
