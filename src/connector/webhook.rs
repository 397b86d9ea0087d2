//! Triggers that are told: subscriptions, notifications, the keys of static webhooks.

use super::Run;
use super::inputs::Inputs;
use super::operation::Operation;
use super::run::{context, raised, wrap_array};
use super::schema::Schema;
use crate::value::{ClassId, Exception, Result, Value, indifferent, indifferent_hash, raise};

/// What arrived, and what is known of the subscription.
pub struct Notification {
    /// Parsed JSON as it is, or raw text.
    pub payload: Value,
    pub headers: Value,
    pub params: Value,
    pub subscribe_output: Value,
}

impl Notification {
    pub fn of(inputs: &Inputs) -> Self {
        Self {
            payload: inputs.webhook_payload.clone(),
            headers: inputs.webhook_headers.clone(),
            params: inputs.webhook_params.clone(),
            subscribe_output: inputs.webhook_subscribe_output.clone(),
        }
    }
}

impl Run<'_> {
    /// `webhook_notification(input, payload, …)`: an event, several, or nil for none.
    pub fn notify(
        &mut self,
        trigger: &Operation,
        input: &Value,
        schemas: [Value; 2],
        notification: &Notification,
    ) -> Result<Value> {
        let lambda = expect(trigger, "webhook_notification")?;
        let hash = |value: &Value| Value::Hash(indifferent_hash(value));
        let [input_schema, output_schema] = schemas;
        let args = [
            hash(input),
            notification.payload.clone(),
            input_schema,
            output_schema,
            hash(&notification.headers),
            hash(&notification.params),
            self.session.settings(),
            hash(&notification.subscribe_output),
        ];
        let value = self.with_streams(true, |run| run.invoke(&lambda, &context(ClassId::WITH_DSL), &args))?;
        self.resolve(&value)
    }

    /// A notification by itself: input and schemas as they are.
    pub fn run_notification(&mut self, trigger: &Operation, inputs: &Inputs) -> Result<Value> {
        let schema = |value: &Value| Value::array(wrap_array(&indifferent(value)));
        let schemas = [schema(&inputs.extended_input_schema), schema(&inputs.extended_output_schema)];
        self.notify(trigger, &inputs.input, schemas, &Notification::of(inputs))
    }

    /// The whole pipeline of a notification: input converted, each event converted.
    pub fn run_webhook(&mut self, trigger: &Operation, inputs: &Inputs) -> Result<Value> {
        let (args, output_schema) = self.converted_poll_args(trigger, &inputs.input)?;
        let schemas = [args.input_schema, args.output_schema];
        let output = self.notify(trigger, &args.input, schemas, &Notification::of(inputs))?;
        self.convert_notified(trigger, &output_schema, &output)
    }

    fn convert_notified(&mut self, trigger: &Operation, schema: &Schema, output: &Value) -> Result<Value> {
        match output {
            Value::Nil => Ok(Value::Nil),
            Value::Hash(_) => self.apply_output_schema(trigger, schema, &crate::value::deep_copy(output)),
            Value::Array(events) => {
                let mut converted = Vec::new();
                for event in events.to_vec() {
                    converted.push(self.convert_notified(trigger, schema, &event)?);
                }
                Ok(Value::array(converted))
            }
            other => {
                let message = format!(
                    "webhook_notification of '{}' has to return a Hash, an Array or nil, got {}",
                    trigger.name,
                    other.class().name()
                );
                Err(raise(ClassId::TYPE_ERROR, message))
            }
        }
    }

    /// `webhook_subscribe(webhook_url, connection, input, recipe_id)`
    pub fn subscribe(&mut self, trigger: &Operation, url: &str, input: &Value) -> Result<Value> {
        let lambda = expect(trigger, "webhook_subscribe")?;
        let recipe = Value::str(&self.session.environment.recipe_id);
        let args = [Value::str(url), self.session.settings(), Value::Hash(indifferent_hash(input)), recipe];
        self.operate(trigger, &lambda, &args)
    }

    /// `webhook_refresh(webhook_subscribe_output)`
    pub fn refresh_subscription(&mut self, trigger: &Operation, output: &Value) -> Result<Value> {
        let lambda = expect(trigger, "webhook_refresh")?;
        self.operate(trigger, &lambda, &[indifferent(output), self.session.settings()])
    }

    /// `webhook_unsubscribe(webhook_subscribe_output, connection)`
    pub fn unsubscribe(&mut self, trigger: &Operation, output: &Value) -> Result<Value> {
        let lambda = expect(trigger, "webhook_unsubscribe")?;
        self.operate(trigger, &lambda, &[indifferent(output), self.session.settings()])
    }

    /// `webhook_key(connection, input)`
    pub fn webhook_key(&mut self, trigger: &Operation, input: &Value) -> Result<Value> {
        let lambda = expect(trigger, "webhook_key")?;
        let args = [self.session.settings(), Value::Hash(indifferent_hash(input))];
        self.invoke(&lambda, &context(ClassId::WITH_DSL), &args)
    }

    /// The connector's `webhook_keys(params, headers, payload)`: whom an arriving request is for.
    pub fn webhook_keys(&mut self, notification: &Notification) -> Result<Value> {
        let lambda = self.session.part(&["webhook_keys"]);
        if !lambda.truthy() {
            return Err(raise(ClassId::SDK_INVALID_DEFINITION_ERROR, "the connector has no 'webhook_keys'"));
        }
        let args = [
            Value::Hash(indifferent_hash(&notification.params)),
            Value::Hash(indifferent_hash(&notification.headers)),
            notification.payload.clone(),
        ];
        self.invoke(&lambda, &context(ClassId::WITH_DSL), &args)
    }
}

/// The lambda under a key, or an error that says that the trigger needs it.
fn expect(trigger: &Operation, key: &str) -> Result<Value> {
    let lambda = trigger.get(key);
    if lambda.truthy() {
        return Ok(lambda);
    }
    let message = format!("'{key}' block is required for trigger '{}'", trigger.name);
    Err(raised(Exception::new(ClassId::SDK_INVALID_DEFINITION_ERROR, message)))
}
