//! Walking a value along its schema: converters at every field, required fields checked, values brought into the kinds
//! that lambdas expect.

use super::field::{flag, label, name, properties, toggle};
use super::{Direction, Schema};
use crate::connector::Run;
use crate::connector::operation::Operation;
use crate::connector::run::raised;
use crate::value::{
    Array, ClassId, Encoding, Exception, Flavor, Hash, Kind, Result, Str, StrClass, Time, Unwind, Value, Zone,
    indifferent_hash, is_blank, raise,
};
use std::rc::Rc;

impl Schema {
    /// Drops the keys that no field has.
    fn trim(&self, input: &Hash) {
        let known: Vec<String> = self
            .fields
            .iter()
            .flat_map(|field| [Some(name(field)), toggle(field).map(|toggle| name(&toggle))])
            .flatten()
            .collect();
        for key in input.keys() {
            if !known.contains(&crate::value::to_s(&key).to_text()) {
                input.remove(&key);
            }
        }
    }
}

/// Where a walk is.
struct Walk<'a> {
    direction: Direction,
    operation: &'a Operation,
}

impl Walk<'_> {
    /// Failures of converters say which field they were at.
    fn explained(&self, unwind: Box<Unwind>, field: &Hash) -> Box<Unwind> {
        if let Unwind::Raise(exception) = &*unwind {
            let mut help = exception.help.borrow_mut();
            if help.is_none() {
                let side = if self.direction == Direction::Input { "input" } else { "output" };
                *help =
                    Some(format!("while converting the {side} field '{}' of '{}'", name(field), self.operation.name));
            }
        }
        unwind
    }
}

impl Run<'_> {
    /// The input of a whole run: trimmed, converted, required fields present.
    pub fn apply_input_schema(&mut self, operation: &Operation, schema: &Schema, input: &Value) -> Result<Value> {
        let input = Rc::new(indifferent_hash(&crate::value::deep_copy(input)).copy());
        let given = input.keys();
        schema.trim(&input);
        self.note_dropped(&given, schema, &input, operation);
        let habits = &self.session.environment.habits;
        if habits.form {
            apply_defaults(&schema.fields, &input);
        }
        let walk = Walk { direction: Direction::Input, operation };
        for field in &schema.fields {
            self.convert_field(&walk, field, &input)?;
            if habits.validate {
                self.check_required(field, &input)?;
            }
        }
        if habits.form && habits.validate {
            check_nested(&schema.fields, &input)?;
        }
        Ok(Value::Hash(input))
    }

    /// Says what of the input was dropped, and why where nothing is left of it.
    fn note_dropped(&self, given: &[Value], schema: &Schema, input: &Hash, operation: &Operation) {
        let name = &operation.name;
        let dropped: Vec<String> = given
            .iter()
            .filter(|key| !input.contains(key))
            .map(|key| format!("'{}'", crate::value::to_s(key).to_text()))
            .collect();
        if !dropped.is_empty() && schema.fields.is_empty() {
            let dropped = dropped.join(", ");
            self.session.note(format!(
                "'{name}' declares no input fields, so all input was dropped ({dropped}): declare `input_fields`"
            ));
            return;
        }
        let known: Vec<String> = schema.fields.iter().map(|field| super::field::name(field)).collect();
        for key in &dropped {
            let near = crate::text::nearest(key.trim_matches('\''), known.iter().map(String::as_str));
            let near = near.map_or(String::new(), |near| format!("; did you mean '{near}'?"));
            self.session.note(format!("input {key} is no input field of '{name}' and was dropped{near}"));
        }
        if !dropped.is_empty() && input.is_empty() {
            self.session.note(format!("nothing is left of the input: '{name}' takes {}", known.join(", ")));
        }
    }

    /// The output of a whole run, converted.
    pub fn apply_output_schema(&mut self, operation: &Operation, schema: &Schema, output: &Value) -> Result<Value> {
        let output = indifferent_hash(output);
        let walk = Walk { direction: Direction::Output, operation };
        self.convert_hash(&walk, &schema.fields, &output)?;
        Ok(Value::Hash(output))
    }

    fn convert_hash(&mut self, walk: &Walk<'_>, fields: &[Rc<Hash>], values: &Rc<Hash>) -> Result<()> {
        for field in fields {
            self.convert_field(walk, field, values)?;
        }
        Ok(())
    }

    /// A field and its toggle field in the hash that holds their values.
    fn convert_field(&mut self, walk: &Walk<'_>, field: &Rc<Hash>, values: &Rc<Hash>) -> Result<()> {
        for field in [Some(Rc::clone(field)), toggle(field)].into_iter().flatten() {
            let key = Value::string(name(&field));
            let value = values.get(&key).unwrap_or_default();
            if !is_blank(&value) {
                let converted =
                    self.convert_value(walk, &field, &value).map_err(|unwind| walk.explained(unwind, &field))?;
                values.insert(key, converted);
            }
        }
        Ok(())
    }

    /// Children first, then the value itself.
    fn convert_value(&mut self, walk: &Walk<'_>, field: &Rc<Hash>, value: &Value) -> Result<Value> {
        match value {
            Value::Hash(inner) => self.convert_hash(walk, &properties(field), inner)?,
            Value::Array(items) => self.convert_items(walk, field, items)?,
            _ => {}
        }
        let converted = self.convert(walk, field, value)?;
        self.regular_value(converted)
    }

    /// Items of a list are converted by the list's own field.
    fn convert_items(&mut self, walk: &Walk<'_>, field: &Rc<Hash>, items: &Rc<Array>) -> Result<()> {
        for (index, item) in items.to_vec().iter().enumerate() {
            if is_blank(item) {
                continue;
            }
            let converted = self.convert_value(walk, field, item)?;
            if let Some(place) = items.items_mut().get_mut(index) {
                *place = converted;
            }
        }
        Ok(())
    }

    /// The field's converter: one that is built in, else a method of the connector, else a lambda in the field.
    fn convert(&mut self, walk: &Walk<'_>, field: &Rc<Hash>, value: &Value) -> Result<Value> {
        let converter = field.get_str(walk.direction.key()).unwrap_or_default();
        let converter_name = match &converter {
            Value::Nil | Value::False => return Ok(value.clone()),
            Value::Proc(_) => return self.invoke(&converter, &walk.operation.context, std::slice::from_ref(value)),
            Value::Str(text) => text.to_text(),
            Value::Symbol(symbol) => symbol.text(),
            other => {
                let message = format!("{} is not a symbol nor a string", crate::value::inspect(other).to_text());
                return Err(raise(ClassId::TYPE_ERROR, message));
            }
        };
        if let Some(built_in) = super::converters::find(&converter_name) {
            return built_in(self, value);
        }
        match self.session.part(&["methods", &converter_name]) {
            method @ Value::Proc(_) => self.invoke(&method, &walk.operation.context, std::slice::from_ref(value)),
            _ => {
                let message = format!("Cannot find converter '{converter_name}'.");
                let methods = self.session.table(&["methods"]).keys();
                let methods: Vec<String> = methods.iter().map(|key| crate::value::to_s(key).to_text()).collect();
                let known: Vec<&str> = methods
                    .iter()
                    .map(String::as_str)
                    .chain(super::converters::names().map(|name| name as &str))
                    .collect();
                let exception = Exception::new(ClassId::SDK_ARGUMENT_ERROR, message);
                Err(raised(match crate::text::nearest(&converter_name, known) {
                    Some(near) => exception.with_help(format!("did you mean '{near}'?")),
                    None => exception,
                }))
            }
        }
    }

    /// A value in one of the kinds that inputs and outputs consist of.
    fn regular_value(&mut self, value: Value) -> Result<Value> {
        if is_blank(&value) {
            return Ok(value);
        }
        match &value {
            Value::Time(time) => Ok(schema_time(time)),
            Value::Str(text) => Ok(schema_text(text)),
            Value::True
            | Value::False
            | Value::Int(_)
            | Value::BigInt(_)
            | Value::Float(_)
            | Value::Decimal(_)
            | Value::Rational(_)
            | Value::Date(_)
            | Value::Array(_)
            | Value::Hash(_) => Ok(value),
            Value::Object(object) if object.kind() == Kind::Stream => Ok(value),
            Value::Object(object) if object.kind() == Kind::Where => self.send(&value, "to_a", &[]),
            other => {
                let message = format!("Unsupported data type: {}", other.class().name());
                Err(raise(ClassId::SDK_ARGUMENT_ERROR, message))
            }
        }
    }

    fn check_required(&mut self, field: &Rc<Hash>, values: &Hash) -> Result<()> {
        let toggle = toggle(field);
        if is_satisfied(field, values) || toggle.as_ref().is_some_and(|toggle| is_satisfied(toggle, values)) {
            return Ok(());
        }
        Err(missing(field, toggle.as_deref()))
    }
}

/// Optional, or something was given: `false` and white space are something, an empty text is not.
fn is_satisfied(field: &Hash, values: &Hash) -> bool {
    if flag(field, "optional") || flag(field, "runtime_optional") {
        return true;
    }
    match values.get_str(&name(field)).unwrap_or_default() {
        Value::False => true,
        Value::Str(text) => !text.is_empty(),
        value => !is_blank(&value),
    }
}

fn missing(field: &Hash, toggle: Option<&Hash>) -> Box<crate::value::Unwind> {
    let own = label(field).unwrap_or_default();
    let message = match toggle.and_then(label).filter(|other| *other != own) {
        Some(other) => format!("Either '{own}' or '{other}' must be present"),
        None => format!("'{own}' must be present"),
    };
    let exception = Exception::new(ClassId::SDK_MISSING_INPUT_ERROR, message)
        .with_attribute("field", Value::string(name(field)))
        .with_help(format!("give '{}' in the input", name(field)));
    raised(exception)
}

/// What a form fills in before it is sent.
fn apply_defaults(fields: &[Rc<Hash>], values: &Hash) {
    for field in fields {
        let key = name(field);
        if let Some(default) = field.get_str("default")
            && values.get_str(&key).is_none()
        {
            values.insert_str(&key, crate::value::deep_copy(&default));
        }
        for inner in inner_hashes(&values.get_str(&key).unwrap_or_default()) {
            apply_defaults(&properties(field), &inner);
        }
    }
}

/// Required fields at every depth, as a form checks them.
fn check_nested(fields: &[Rc<Hash>], values: &Hash) -> Result<()> {
    for field in fields {
        for inner in inner_hashes(&values.get_str(&name(field)).unwrap_or_default()) {
            for property in properties(field) {
                let toggle = toggle(&property);
                let satisfied = is_satisfied(&property, &inner)
                    || toggle.as_ref().is_some_and(|toggle| is_satisfied(toggle, &inner));
                if !satisfied {
                    return Err(missing(&property, toggle.as_deref()));
                }
            }
            check_nested(&properties(field), &inner)?;
        }
    }
    Ok(())
}

fn inner_hashes(value: &Value) -> Vec<Rc<Hash>> {
    match value {
        Value::Hash(hash) => vec![Rc::clone(hash)],
        Value::Array(items) => items
            .to_vec()
            .into_iter()
            .filter_map(|item| match item {
                Value::Hash(hash) => Some(hash),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// A time that prints as ISO 8601 with its offset.
pub(super) fn schema_time(time: &Time) -> Value {
    let zone = Zone::Fixed(time.offset());
    Value::Time(Rc::new(Time::new(time.at.clone(), zone, Flavor::Sdk)))
}

/// Text or bytes, marked as such.
fn schema_text(text: &Rc<Str>) -> Value {
    if text.class() != StrClass::Plain {
        return Value::Str(Rc::clone(text));
    }
    if text.encoding() == Encoding::Binary {
        return Value::binary(text.bytes().to_vec());
    }
    let copy = text.copy();
    copy.set_class(StrClass::Unicode);
    Value::Str(Rc::new(copy))
}
