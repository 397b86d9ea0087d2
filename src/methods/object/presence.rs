//! `blank?`, `present?`, `presence`, `in?`.

use crate::methods::{Args, Host, Method, rails};
use crate::text::Name;
use crate::value::{ClassId, Result, Unwind, Value, raise};

pub(super) const ROWS: &[Method] = &[
    rails(
        "blank?",
        "() -> Boolean",
        "Whether it is nil, false, empty, or nothing but white space.",
        "' '.blank? => true\n0.blank? => false",
        |host, a, _| Ok(Value::bool(is_blank(host, a)?)),
    ),
    rails(
        "in?",
        "(collection) -> Boolean",
        "Whether the collection includes it.",
        "1.in?([1, 2]) => true",
        |host, a, args| is_in(host, a, args),
    ),
    rails(
        "presence",
        "() -> Object",
        "The value, or nil if it is blank.",
        "''.presence => nil\n0.presence => 0",
        |host, a, _| Ok(if is_blank(host, a)? { Value::Nil } else { a.clone() }),
    ),
    rails(
        "presence_in",
        "(collection) -> Object",
        "The value, or nil if the collection does not include it.",
        "1.presence_in([2]) => nil",
        |host, a, args| Ok(if is_in(host, a, args)?.truthy() { a.clone() } else { Value::Nil }),
    ),
    rails("present?", "() -> Boolean", "Whether it is not blank.", "[nil].present? => true", |host, a, _| {
        Ok(Value::bool(!is_blank(host, a)?))
    }),
];

/// `value.blank?`.
pub fn is_blank(host: &mut dyn Host, value: &Value) -> Result<bool> {
    Ok(match value {
        Value::Nil | Value::False => true,
        Value::Str(text) => match text.text() {
            Some(text) => text.chars().all(char::is_whitespace),
            None => text.bytes().iter().all(u8::is_ascii_whitespace),
        },
        Value::Symbol(symbol) => symbol.with(str::is_empty),
        Value::Array(items) => items.is_empty(),
        Value::Hash(hash) => hash.is_empty(),
        Value::Set(set) => set.members.is_empty(),
        Value::Object(_) if host.responds_to(value, Name::new("empty?")) => {
            host.send(value, Name::new("empty?"), Args::none())?.truthy()
        }
        _ => false,
    })
}

fn is_in(host: &mut dyn Host, value: &Value, args: Args) -> Result<Value> {
    let collection = host.force(&args.get(0))?;
    let name = Name::new("include?");
    if !host.responds_to(&collection, name) {
        return Err(no_include());
    }
    host.send(&collection, name, Args::one(value.clone()))
}

#[cold]
fn no_include() -> Box<Unwind> {
    raise(ClassId::ARGUMENT_ERROR, "The parameter passed to #in? must respond to #include?")
}
