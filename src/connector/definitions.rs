//! `object_definitions`: a hash that makes a definition when it is asked for, once, and hands out copies of it.

use super::run::{Run, context};
use super::session::Session;
use crate::methods::{Args, Host, native_proc};
use crate::value::{
    Arity, ClassId, Exception, Hash, HashDefault, Object, Result, Value, deep_copy, indifferent, raise, to_s,
};
use std::any::Any;
use std::cell::RefCell;

/// Definitions made so far for one set of configuration fields.
struct Definitions {
    config_fields: Value,
    made: RefCell<Vec<(String, Value)>>,
    /// Being made: asking for one of these never ends.
    running: RefCell<Vec<String>>,
}

impl Object for Definitions {
    fn class(&self) -> ClassId {
        ClassId::OBJECT
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl Run<'_> {
    /// The hash that schema lambdas get as their first argument.
    pub fn object_definitions(&mut self, config_fields: &Value) -> Value {
        let definitions = Definitions {
            config_fields: indifferent(config_fields),
            made: RefCell::default(),
            running: RefCell::default(),
        };
        let arity = Arity { required: 2, optional: 0, rest: false, needs_keywords: false };
        let hash = Hash::indifferent();
        if let Value::Proc(make) = native_proc(arity, vec![Value::object(definitions)], definition_of) {
            hash.set_default(HashDefault::Proc(make));
        }
        Value::hash(hash)
    }

    /// The fields of one definition by itself; they have to be a list.
    pub fn definition_fields(&mut self, name: &str, config_fields: &Value) -> Result<Value> {
        let table = self.object_definitions(config_fields);
        match self.send(&table, "[]", &[Value::str(name)])? {
            fields @ Value::Array(_) => Ok(fields),
            other => {
                let class = other.class().name();
                let message = format!("fields of object definition '{name}' have to be an Array, got {class}");
                Err(raise(ClassId::TYPE_ERROR, message))
            }
        }
    }

    fn definition(&mut self, definitions: &Definitions, table: &Value, name: &str) -> Result<Value> {
        let known = definitions.made.borrow().iter().find(|(known, _)| known == name).map(|(_, made)| made.clone());
        if let Some(made) = known {
            return Ok(deep_copy(&made));
        }
        let fields = self.session.part(&["object_definitions", name, "fields"]);
        if !fields.truthy() {
            return Err(self.unknown_definition(name));
        }
        if definitions.running.borrow().iter().any(|running| running == name) {
            return Err(circle(name, &definitions.running.borrow()));
        }
        definitions.running.borrow_mut().push(name.to_owned());
        let made = if matches!(fields, Value::Proc(_)) {
            let args = [self.session.settings(), definitions.config_fields.clone(), table.clone()];
            self.with_streams(false, |run| run.invoke_resolved(&fields, &context(ClassId::OPERATION), &args))
        } else {
            Ok(fields)
        };
        definitions.running.borrow_mut().pop();
        let made = made?;
        definitions.made.borrow_mut().push((name.to_owned(), made.clone()));
        Ok(deep_copy(&made))
    }

    fn unknown_definition(&self, name: &str) -> Box<crate::value::Unwind> {
        let message = format!("Cannot find object definition for '{name}'");
        let exception = Exception::new(ClassId::SDK_OBJECT_DEFINITION_ERROR, message);
        let known = self.session.table(&["object_definitions"]).keys();
        let known: Vec<String> = known.iter().map(|key| to_s(key).to_text()).collect();
        super::run::raised(match crate::text::nearest(name, known.iter().map(String::as_str)) {
            Some(near) => exception.with_help(format!("did you mean '{near}'?")),
            None => exception,
        })
    }
}

fn circle(name: &str, running: &[String]) -> Box<crate::value::Unwind> {
    let message = format!("Infinite recursion occurred in object definition for '{name}'");
    let help = format!("{} → {name}", running.join(" → "));
    super::run::raised(Exception::new(ClassId::SDK_CIRCULAR_DEFINITION_ERROR, message).with_help(help))
}

/// What the hash answers for a key: called with the hash and the key.
fn definition_of(host: &mut dyn Host, bound: &[Value], args: Args) -> Result<Value> {
    let platform = host.platform();
    let session = platform.as_any().downcast_ref::<Session>();
    let definitions = bound.first().and_then(Value::downcast::<Definitions>);
    let (Some(session), Some(definitions)) = (session, definitions) else { return Ok(Value::Nil) };
    let name = to_s(&args.get(1)).to_text();
    Run::new(session, host).definition(definitions, &args.get(0), &name)
}
