//! What is in a connector, as far as it can be told without settings or the network.

use super::Run;
use super::operation::Operation;
use super::run::{at, hash_of};
use crate::value::{ClassId, Hash, Unwind, Value, deep_copy, is_blank, to_s};

impl Run<'_> {
    /// `{ title, connection: { fields }, actions: { name => { title, input_fields, output_fields } }, triggers, … }`.
    /// A lambda that cannot be run here is shown as `{ dynamic: reason }`.
    pub fn describe(&mut self) -> Value {
        let mut fields = self.session.part(&["connection", "fields"]);
        if matches!(fields, Value::Proc(_)) {
            fields =
                self.at_path("connection.fields", &super::Inputs::default()).unwrap_or_else(|unwind| dynamic(&unwind));
        }
        let connection = hash_of([("fields", plain(&fields)), ("authorization", self.described_authorization())]);
        let description = Hash::indifferent();
        for key in ["title", "description", "version", "author"] {
            let value = self.session.part(&[key]);
            if key == "title" || !value.is_nil() {
                description.insert_str(key, plain(&value));
            }
        }
        description.insert_str("connection", connection);
        description.insert_str("actions", self.described("actions", ClassId::CONTEXT));
        description.insert_str("triggers", self.described("triggers", ClassId::TRIGGER));
        for key in ["methods", "pick_lists", "object_definitions"] {
            let names = self.session.table(&[key]).keys().iter().map(|name| Value::Str(to_s(name))).collect();
            description.insert_str(key, Value::array(names));
        }
        let streams = self.stream_names().into_iter().map(Value::string).collect();
        description.insert_str("streams", Value::array(streams));
        Value::hash(description)
    }

    /// The kind as declared, and of several ways their names.
    fn described_authorization(&self) -> Value {
        let declared = &self.session.connection.authorization;
        let described = Hash::indifferent();
        let kind = Some(at(declared, "type")).filter(|kind| !kind.is_nil());
        let kind = kind.map(|kind| Value::Str(to_s(&kind)));
        let unnamed = || if is_blank(declared) { Value::Nil } else { Value::str("none") };
        described.insert_str("type", kind.unwrap_or_else(unnamed));
        if let Value::Hash(options) = at(declared, "options") {
            let names = options.keys().iter().map(|name| Value::Str(to_s(name))).collect();
            described.insert_str("options", Value::array(names));
        }
        Value::hash(described)
    }

    fn described(&mut self, kind: &str, class: ClassId) -> Value {
        let described = Hash::indifferent();
        for (name, definition) in self.session.table(&[kind]).to_vec() {
            let Value::Hash(definition) = definition else { continue };
            let name = to_s(&name).to_text();
            let operation = Operation::new(&name, definition, class);
            described.insert_str(&name, self.described_operation(&operation));
        }
        Value::hash(described)
    }

    fn described_operation(&mut self, operation: &Operation) -> Value {
        let mut title = operation.get("title");
        if title.is_nil() {
            title = self.send(&Value::str(&operation.name), "labelize", &[]).unwrap_or_default();
        }
        let described = Hash::indifferent();
        described.insert_str("title", plain(&title));
        for key in ["subtitle", "description", "deprecated", "batch", "bulk"] {
            let value = operation.get(key);
            if !value.is_nil() && !matches!(value, Value::Proc(_)) {
                described.insert_str(key, plain(&value));
            }
        }
        if operation.definition.get_either("poll").is_some() || operation.has("webhook_notification") {
            let kinds = [("poll", "poll"), ("webhook_subscribe", "webhook"), ("webhook_key", "static webhook")];
            let kinds = kinds.iter().filter(|(key, _)| operation.has(key)).map(|(_, kind)| Value::str(kind)).collect();
            described.insert_str("runs_by", Value::array(kinds));
        }
        let empty = Value::hash(Hash::new());
        for key in ["config_fields", "input_fields", "output_fields"] {
            if key == "config_fields" && !operation.has(key) {
                continue;
            }
            let fields =
                self.fields(operation, key, &empty).map_or_else(|unwind| dynamic(&unwind), |fields| plain(&fields));
            described.insert_str(key, fields);
        }
        Value::hash(described)
    }
}

/// Lambdas inside data are shown as what they are.
fn plain(value: &Value) -> Value {
    match value {
        Value::Proc(_) => hash_of([("dynamic", Value::str("a lambda"))]),
        Value::Array(items) => Value::array(items.to_vec().iter().map(plain).collect()),
        Value::Hash(hash) => {
            let shown = Hash::indifferent();
            for (key, value) in hash.to_vec() {
                shown.insert(key, plain(&value));
            }
            Value::hash(shown)
        }
        other => deep_copy(other),
    }
}

/// Why fields cannot be told now.
fn dynamic(unwind: &Unwind) -> Value {
    let reason = match unwind {
        Unwind::Raise(exception) => match exception.attribute("offline") {
            Some(_) => "it asks the service".to_owned(),
            None => exception.message(),
        },
        Unwind::Limit { message, .. } => message.clone(),
        _ => "it does not end by itself".to_owned(),
    };
    hash_of([("dynamic", Value::string(reason))])
}
