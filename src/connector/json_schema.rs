//! Fields as JSON Schema, for programs that fill inputs in or check outputs.

use super::operation::ExtendedSchema;
use super::run::{hash_of, presence};
use crate::value::{Hash, Value, to_s};
use std::rc::Rc;

const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// Deeper than fields nest.
const DEPTH: usize = 100;

/// Keys of a field and their names in JSON Schema; values go over as they are.
const SAME: &[(&str, &str)] = &[
    ("hint", "description"),
    ("default", "default"),
    ("min", "minimum"),
    ("max", "maximum"),
    ("min_length", "minLength"),
    ("max_length", "maxLength"),
    ("pattern", "pattern"),
    ("enum", "enum"),
    ("deprecated", "deprecated"),
    ("secret", "writeOnly"),
];

/// Both schemas of an operation. Only an input has required fields: what an API leaves out is no mistake.
pub fn of(extended: &ExtendedSchema, config_fields: &Value) -> Value {
    let mut input = fields(config_fields);
    input.extend(fields(&extended.input));
    hash_of([("input", document(&input, true)), ("output", document(&fields(&extended.output), false))])
}

fn document(fields: &[Rc<Hash>], with_required: bool) -> Value {
    let schema = Hash::new();
    schema.insert_str("$schema", Value::str(DIALECT));
    add_object(&schema, fields, with_required, 0);
    Value::hash(schema)
}

fn fields(value: &Value) -> Vec<Rc<Hash>> {
    let Value::Array(items) = value else { return Vec::new() };
    let as_hash = |item| match item {
        Value::Hash(field) => Some(field),
        _ => None,
    };
    items.to_vec().into_iter().filter_map(as_hash).collect()
}

fn add_object(schema: &Hash, fields: &[Rc<Hash>], with_required: bool, depth: usize) {
    schema.insert_str("type", Value::str("object"));
    let properties = Hash::new();
    let mut required = Vec::new();
    for field in fields {
        let name = text(field, "name");
        properties.insert_str(&name, property(field, with_required, depth));
        let other = match field.get_either("toggle_field") {
            Some(Value::Hash(toggle)) if !toggle.is_empty() => Some(toggle),
            _ => None,
        };
        let is_optional = field.get_either("optional").is_none_or(|value| value.truthy())
            || field.get_either("runtime_optional").is_some_and(|value| value.truthy());
        // Where a field can be filled in two ways, neither has to be there.
        let same_name = other.as_ref().is_none_or(|other| text(other, "name") == name);
        if with_required && !is_optional && same_name {
            required.push(Value::string(name));
        }
        if let Some(other) = other.filter(|_| !same_name) {
            properties.insert_str(&text(&other, "name"), property(&other, with_required, depth));
        }
    }
    schema.insert_str("properties", Value::hash(properties));
    if !required.is_empty() {
        schema.insert_str("required", Value::array(required));
    }
}

fn property(field: &Hash, with_required: bool, depth: usize) -> Value {
    let schema = Hash::new();
    add_type(&schema, field, &text(field, "type"), with_required, depth);
    if let Some(label) = field.get_either("label").and_then(presence) {
        schema.insert_str("title", label);
    }
    for (key, name) in SAME {
        if let Some(value) = field.get_either(key).filter(|value| !value.is_nil()) {
            schema.insert_str(name, value);
        }
    }
    let format = match text(field, "format").as_str() {
        "" => None,
        "url" => Some("uri".to_owned()),
        other => Some(other.to_owned()),
    };
    if let Some(format) = format {
        schema.insert_str("format", Value::string(format));
    }
    if let Some(Value::Array(choices)) = field.get_either("pick_list").or_else(|| field.get_either("options")) {
        let choices = choices.to_vec();
        schema.insert_str("oneOf", Value::array(choices.iter().map(choice).collect()));
    }
    Value::hash(schema)
}

/// `[label, value]` as a constant with a title.
fn choice(choice: &Value) -> Value {
    let Value::Array(pair) = choice else { return hash_of([("const", choice.clone())]) };
    let (label, value) = (pair.get(0).unwrap_or_default(), pair.get(1));
    hash_of([("const", value.unwrap_or_else(|| label.clone())), ("title", label)])
}

fn add_type(schema: &Hash, field: &Hash, kind: &str, with_required: bool, depth: usize) {
    let inner = field.get_either("properties").map(|value| fields(&value)).unwrap_or_default();
    let plain = |name: &'static str| schema.insert_str("type", Value::str(name));
    let text = |format: &'static str| {
        schema.insert_str("type", Value::str("string"));
        schema.insert_str("format", Value::str(format));
    };
    match kind {
        "integer" => plain("integer"),
        "number" => plain("number"),
        "boolean" => plain("boolean"),
        "date" => text("date"),
        "date_time" | "timestamp" => text("date-time"),
        "object" if depth < DEPTH => add_object(schema, &inner, with_required, depth + 1),
        "array" if depth < DEPTH => {
            plain("array");
            let of = self::text(field, "of");
            let items = Hash::new();
            // A list of nothing that is said is a list of objects.
            add_type(&items, field, if of.is_empty() { "object" } else { &of }, with_required, depth + 1);
            schema.insert_str("items", Value::hash(items));
        }
        _ => plain("string"),
    }
}

fn text(field: &Hash, key: &str) -> String {
    field.get_either(key).filter(|value| !value.is_nil()).map(|value| to_s(&value).to_text()).unwrap_or_default()
}
