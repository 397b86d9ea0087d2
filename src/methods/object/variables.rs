//! Instance variables: those of the running lambda's `self`; other values have none.

use crate::methods::{Args, Method, rails, ruby};
use crate::value::{ClassId, Hash, Kind, Result, Unwind, Value, inspect, raise};

pub(super) const ROWS: &[Method] = &[
    rails("instance_values", "() -> Hash", "Its variables with their values.", "5.instance_values => {}", |_, _, _| {
        Ok(Value::hash(Hash::new()))
    }),
    ruby(
        "instance_variable_defined?",
        "(name) -> Boolean",
        "Whether that variable has been set.",
        "instance_variable_defined?(:@nothing) => false",
        |host, a, args| {
            let name = variable_name(&args)?;
            Ok(Value::bool(a.kind() == Kind::Context && !host.instance_variable(&name).is_nil()))
        },
    ),
    ruby(
        "instance_variable_get",
        "(name) -> Object",
        "The variable's value; nil if it was never set.",
        "instance_variable_get(:@nothing) => nil",
        |host, a, args| {
            let name = variable_name(&args)?;
            Ok(if a.kind() == Kind::Context { host.instance_variable(&name) } else { Value::Nil })
        },
    ),
    rails(
        "instance_variable_names",
        "() -> Array",
        "The names of its variables.",
        "5.instance_variable_names => []",
        |_, _, _| Ok(Value::array(Vec::new())),
    ),
    ruby(
        "instance_variable_set",
        "(name, value) -> Object",
        "Sets the variable.",
        "instance_variable_set(:@a, 5); @a => 5",
        |host, a, args| {
            let name = variable_name(&args)?;
            if a.kind() != Kind::Context {
                return Err(frozen(a));
            }
            host.set_instance_variable(&name, args.get(1));
            Ok(args.get(1))
        },
    ),
    ruby(
        "instance_variables",
        "() -> Array",
        "The names of its variables.",
        "5.instance_variables => []",
        |_, _, _| Ok(Value::array(Vec::new())),
    ),
];

fn variable_name(args: &Args) -> Result<String> {
    let name = args.name(0)?;
    let rest = name.strip_prefix('@').unwrap_or_default();
    if rest.is_empty() || rest.starts_with(|c: char| !c.is_alphabetic() && c != '_') {
        let message = format!("`{name}' is not allowed as an instance variable name");
        return Err(raise(ClassId::NAME_ERROR, message));
    }
    Ok(name)
}

/// No value but `self` keeps variables.
#[cold]
fn frozen(value: &Value) -> Box<Unwind> {
    let message = format!("can't modify frozen {}: {}", value.class().name(), inspect(value).to_text());
    raise(ClassId::FROZEN_ERROR, message)
}
