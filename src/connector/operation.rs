//! What actions and triggers have in common: their `self`, schema lambdas, samples and summaries.

use super::Run;
use super::run::{context, wrap_array};
use super::schema::Schema;
use crate::value::{ClassId, Hash, Result, Value, indifferent, is_blank};
use std::rc::Rc;

/// An action or trigger of the connector, with one `self` for all its lambdas.
pub struct Operation {
    pub name: String,
    pub definition: Rc<Hash>,
    pub context: Value,
}

/// The fields of an operation for one input.
pub struct ExtendedSchema {
    pub input: Value,
    pub output: Value,
}

impl Operation {
    pub fn new(name: &str, definition: Rc<Hash>, class: ClassId) -> Self {
        Self { name: name.to_owned(), definition, context: context(class) }
    }

    /// What stands under a key.
    pub fn get(&self, key: &str) -> Value {
        self.definition.get_either(key).unwrap_or_default()
    }

    /// Something other than nothing stands under that key.
    pub fn has(&self, key: &str) -> bool {
        !is_blank(&self.get(key))
    }
}

impl Run<'_> {
    /// Runs one of the operation's lambdas as every operation does: requests in the result are executed, hashes in it
    /// are indifferent.
    pub fn operate(&mut self, operation: &Operation, lambda: &Value, args: &[Value]) -> Result<Value> {
        self.with_streams(true, |run| run.invoke_resolved(lambda, &operation.context, args))
    }

    /// Input and output fields, made with one set of object definitions.
    pub fn extended_schema(&mut self, operation: &Operation, config_fields: &Value) -> Result<ExtendedSchema> {
        let definitions = self.object_definitions(config_fields);
        let input = self.schema_lambda(operation, &operation.get("input_fields"), &definitions, config_fields)?;
        let output = self.schema_lambda(operation, &operation.get("output_fields"), &definitions, config_fields)?;
        Ok(ExtendedSchema { input, output })
    }

    /// The fields under `input_fields` or `output_fields`.
    pub fn fields(&mut self, operation: &Operation, key: &str, config_fields: &Value) -> Result<Value> {
        let definitions = self.object_definitions(config_fields);
        self.schema_lambda(operation, &operation.get(key), &definitions, config_fields)
    }

    fn schema_lambda(
        &mut self,
        operation: &Operation,
        lambda: &Value,
        definitions: &Value,
        config_fields: &Value,
    ) -> Result<Value> {
        let fields = match lambda {
            Value::Nil | Value::False => return Ok(Value::array(Vec::new())),
            Value::Proc(_) => {
                let args = [definitions.clone(), self.session.settings(), indifferent(config_fields)];
                self.operate(operation, lambda, &args)?
            }
            // Fields that need nothing to be known are as good as data.
            data => crate::value::deep_copy(&indifferent(data)),
        };
        Ok(Value::array(wrap_array(&fields)))
    }

    /// The fields that come before the input fields and rule them.
    pub fn config_fields(&mut self, operation: &Operation, config_fields: &Value) -> Result<Value> {
        let declared = operation.get("config_fields");
        let definitions = self.object_definitions(config_fields);
        self.schema_lambda(operation, &declared, &definitions, config_fields)
    }

    /// The schema in force for an input: configuration and input fields together.
    pub fn input_schema(&mut self, operation: &Operation, extended: &Schema, input: &Value) -> Result<Schema> {
        let config = self.config_fields(operation, input)?;
        Ok(self.schema(&config)?.followed_by(extended))
    }

    /// `sample_output`: a lambda, or a hash as it is.
    pub fn sample_output(&mut self, operation: &Operation, input: &Value) -> Result<Value> {
        match operation.get("sample_output") {
            lambda @ Value::Proc(_) => {
                let nothing = || Value::array(Vec::new());
                let continued = Value::hash(Hash::indifferent());
                let args = [self.session.settings(), indifferent(input), nothing(), nothing(), continued];
                self.operate(operation, &lambda, &args)
            }
            data => Ok(data),
        }
    }
}
