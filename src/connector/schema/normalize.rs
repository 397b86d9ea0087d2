//! Field notation made regular: types by their few names, defaults of each type, labels, toggle fields checked.

use super::{Direction, Schema};
use crate::connector::Run;
use crate::connector::run::{raised, wrap_array};
use crate::value::{
    ClassId, Exception, Hash, Result, Unwind, Value, deep_copy, equal, indifferent, is_blank, raise, to_s,
};
use std::rc::Rc;

type TypeRow = (&'static [&'static str], &'static [(&'static str, &'static str)]);

/// `(declared types, keys of the type, before the declared ones)`. The last row is for every other type.
const TYPES: &[TypeRow] = &[
    (&["integer"], &[("type", "integer"), ("control_type", "number"), (PARSE, "integer_conversion")]),
    (&["number", "boolean"], &[("type", "number"), ("control_type", "number"), (PARSE, "float_conversion")]),
    (
        &["date_time", "timestamp"],
        &[
            ("type", "date_time"),
            ("control_type", "date_time"),
            (RENDER, "date_time_conversion"),
            (PARSE, "date_time_conversion"),
        ],
    ),
    (
        &["date"],
        &[("type", "date_time"), ("control_type", "date"), (RENDER, "date_conversion"), (PARSE, "date_conversion")],
    ),
    (&["object"], &[("type", "object")]),
    (&["array"], &[("type", "array")]),
    (&[], &[("type", "string"), ("control_type", "text")]),
];

const RENDER: &str = "render_input";
const PARSE: &str = "parse_output";

/// Deeper schemas are cycles.
const DEPTH: usize = 200;

impl Direction {
    /// The key of a field's converter in its regular form.
    pub(super) const fn key(self) -> &'static str {
        match self {
            Self::Input => RENDER,
            Self::Output => PARSE,
        }
    }
}

impl Run<'_> {
    /// The regular form of a list of fields (or of one field).
    pub fn schema(&mut self, fields: &Value) -> Result<Schema> {
        Ok(Schema { fields: self.normalize_all(fields, 0)? })
    }

    fn normalize_all(&mut self, fields: &Value, depth: usize) -> Result<Vec<Rc<Hash>>> {
        if depth > DEPTH {
            return Err(too_deep());
        }
        let mut regular = Vec::new();
        for field in wrap_array(fields) {
            let Value::Hash(field) = deep_copy(&indifferent(&field)) else {
                let class = field.class().name();
                let message = format!("a field of a schema has to be a Hash, got {class}");
                return Err(raise(ClassId::TYPE_ERROR, message));
            };
            self.prepare_field(&field)?;
            regular.push(self.with_defaults(&field, depth)?);
        }
        Ok(regular)
    }

    /// Converters under one name, defaults for `optional` and `label`, blank keys dropped, toggle field checked.
    fn prepare_field(&mut self, field: &Hash) -> Result<()> {
        rename_converter(field, "convert_input", RENDER);
        rename_converter(field, "convert_output", PARSE);
        if field.get_str("optional").is_none() {
            field.insert_str("optional", Value::True);
        }
        if !field.get_str("label").unwrap_or_default().truthy() {
            let name = field.get_str("name").unwrap_or_default();
            let label = self.send(&name, "labelize", &[])?;
            field.insert_str("label", label);
        }
        clean(field);
        self.prepare_toggle(field)?;
        if let Some(Value::Str(control)) = field.get_str("control_type") {
            let text = control.to_text();
            if let Some(plain) = text.strip_prefix("small-").or_else(|| text.strip_prefix("medium-")) {
                field.insert_str("control_type", Value::str(plain));
            }
        }
        Ok(())
    }

    fn prepare_toggle(&mut self, field: &Hash) -> Result<()> {
        let Some(Value::Hash(toggle)) = field.get_str("toggle_field") else { return Ok(()) };
        let name = to_s(&field.get_str("name").unwrap_or_default()).to_text();
        let present = |key: &str| toggle.get_str(key).is_some_and(|value| !is_blank(&value));
        if field.get_str("toggle_hint").is_none_or(|hint| is_blank(&hint)) {
            return Err(invalid("toggle_hint not present", &name));
        }
        if !present("name") || !present("type") {
            return Err(invalid("toggle_field not complete", &name));
        }
        let optional = field.get_str("optional").unwrap_or_default();
        if present("optional") && toggle.get_str("optional").is_some_and(|own| !equal(&own, &optional)) {
            return Err(invalid("toggle field cannot change optional attribute", &name));
        }
        let control = toggle.get_str("control_type").unwrap_or_default();
        let regular = self.with_defaults(&toggle, 1)?;
        for key in [RENDER, PARSE, "control_type"] {
            regular.remove(&Value::str(key));
        }
        regular.insert_str("control_type", control);
        clean(&regular);
        field.insert_str("toggle_field", Value::Hash(regular));
        Ok(())
    }

    /// The keys of the field's type, then its own.
    fn with_defaults(&mut self, field: &Hash, depth: usize) -> Result<Rc<Hash>> {
        let declared = field.remove(&Value::str("type")).unwrap_or_default();
        let declared = to_s(&declared).to_text();
        match declared.as_str() {
            "object" => {
                self.normalize_properties(field, depth)?;
                field.remove(&Value::str("control_type"));
            }
            "array" => {
                let of =
                    field.get_str("of").filter(Value::truthy).map_or_else(|| "object".into(), |of| to_s(&of).to_text());
                field.insert_str("of", Value::str(&of));
                match of.as_str() {
                    "object" => self.normalize_properties(field, depth)?,
                    "array" => return Err(too_deep()),
                    _ => {}
                }
            }
            _ => {}
        }
        let defaults = TYPES
            .iter()
            .find(|(names, _)| names.contains(&declared.as_str()) || names.is_empty())
            .map_or(&[][..], |(_, keys)| *keys);
        let regular = Hash::indifferent();
        for (key, value) in defaults {
            regular.insert_str(key, Value::str(value));
        }
        for (key, value) in field.to_vec() {
            regular.insert(key, value);
        }
        Ok(Rc::new(regular))
    }

    fn normalize_properties(&mut self, field: &Hash, depth: usize) -> Result<()> {
        let properties = self.normalize_all(&field.get_str("properties").unwrap_or_default(), depth + 1)?;
        field.insert_str("properties", Value::array(properties.into_iter().map(Value::Hash).collect()));
        Ok(())
    }
}

/// The newer name of a converter wins over the older one.
fn rename_converter(field: &Hash, new: &str, old: &str) {
    let renamed = field.remove(&Value::str(new)).filter(Value::truthy);
    if let Some(converter) = renamed {
        field.insert_str(old, converter);
    }
}

/// Drops what is blank but `false`; symbols become strings.
fn clean(field: &Hash) {
    for (key, value) in field.to_vec() {
        match value {
            Value::False => {}
            Value::Symbol(symbol) => field.insert(key, Value::string(symbol.text())),
            value if is_blank(&value) => {
                field.remove(&key);
            }
            _ => {}
        }
    }
}

fn invalid(message: &str, field: &str) -> Box<Unwind> {
    let exception = Exception::new(ClassId::SDK_INVALID_SCHEMA_ERROR, message.to_owned());
    raised(exception.with_help(format!("in field '{field}'")))
}

fn too_deep() -> Box<Unwind> {
    let exception = Exception::new(ClassId::SYSTEM_STACK_ERROR, "stack level too deep".to_owned());
    raised(exception.with_help("a schema cannot hold an array of arrays: make the items objects with properties"))
}
