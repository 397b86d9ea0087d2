//! `self` of a lambda.

use crate::methods::{Args, Host, Platform};
use crate::text::Name;
use crate::value::{ClassId, Kind, Object, Result, Value};
use std::any::Any;
use std::cell::RefCell;

/// The object whose methods bare calls are: an action, a trigger or the connection, with its instance variables.
pub struct Context {
    class: ClassId,
    variables: RefCell<Vec<(String, Value)>>,
}

impl Context {
    /// A new `self` of that class.
    pub fn value(class: ClassId) -> Value {
        Value::object(Self { class, variables: RefCell::default() })
    }

    pub(super) fn variable(&self, name: &str) -> Option<Value> {
        self.variables.borrow().iter().find(|(key, _)| key == name).map(|(_, value)| value.clone())
    }

    pub(super) fn set_variable(&self, name: &str, value: Value) {
        let mut variables = self.variables.borrow_mut();
        match variables.iter_mut().find(|(key, _)| key == name) {
            Some((_, old)) => *old = value,
            None => variables.push((name.to_owned(), value)),
        }
    }
}

impl Object for Context {
    fn kind(&self) -> Kind {
        Kind::Context
    }

    fn class(&self) -> ClassId {
        self.class
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// No connector behind the run: an expression alone.
pub(super) struct NoPlatform;

impl Platform for NoPlatform {
    fn execute(&self, _host: &mut dyn Host, request: &Value) -> Result<Value> {
        Ok(request.clone())
    }

    fn call(&self, _host: &mut dyn Host, _name: Name, _args: &Args) -> Option<Result<Value>> {
        None
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
