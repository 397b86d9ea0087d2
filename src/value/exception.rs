//! Exceptions, with the place in the `.conn` file and the calls that led there.

use super::{ClassId, Value};
use crate::text::{Name, Span};
use std::cell::RefCell;
use std::rc::Rc;

/// One call on the way to a failure, innermost first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraceEntry {
    /// What was called: `lambda execute`, `method 'find'`, `block of map`.
    pub what: String,
    /// The call's place.
    pub span: Span,
}

pub struct Exception {
    pub class: ClassId,
    message: RefCell<Value>,
    pub cause: RefCell<Option<Rc<Exception>>>,
    span: std::cell::Cell<Option<Span>>,
    pub trace: RefCell<Vec<TraceEntry>>,
    /// What a class adds: `code`, `method`, `response` of a failed request, `key` of a KeyError, `name` of a NameError.
    pub attributes: RefCell<Vec<(Name, Value)>>,
    /// A cure, shown to the author, never to `rescue`.
    pub help: RefCell<Option<String>>,
}

impl Exception {
    pub fn new(class: ClassId, message: String) -> Self {
        Self::with_value(class, Value::string(message))
    }

    /// `message` may be any object, as in `raise Klass, 5`; nil is the class's name.
    pub fn with_value(class: ClassId, message: Value) -> Self {
        Self {
            class,
            message: RefCell::new(message),
            cause: RefCell::new(None),
            span: std::cell::Cell::new(None),
            trace: RefCell::new(Vec::new()),
            attributes: RefCell::new(Vec::new()),
            help: RefCell::new(None),
        }
    }

    /// The message as `e.message` answers it.
    pub fn message(&self) -> String {
        match &*self.message.borrow() {
            Value::Nil => self.class.name().to_owned(),
            other => super::to_s(other).to_text(),
        }
    }

    pub fn message_value(&self) -> Value {
        self.message.borrow().clone()
    }

    pub fn set_message(&self, message: Value) {
        *self.message.borrow_mut() = message;
    }

    pub fn span(&self) -> Option<Span> {
        self.span.get()
    }

    /// The first place stays: it is the innermost.
    pub fn set_span(&self, span: Span) {
        if self.span.get().is_none() {
            self.span.set(Some(span));
        }
    }

    pub fn attribute(&self, name: &str) -> Option<Value> {
        self.attributes.borrow().iter().find(|(key, _)| key.as_str() == name).map(|(_, value)| value.clone())
    }

    pub fn set_attribute(&self, name: &str, value: Value) {
        let name = Name::new(name);
        let mut attributes = self.attributes.borrow_mut();
        attributes.retain(|(key, _)| *key != name);
        attributes.push((name, value));
    }

    #[must_use]
    pub fn with_attribute(self, name: &str, value: Value) -> Self {
        self.set_attribute(name, value);
        self
    }

    #[must_use]
    pub fn with_help(self, help: impl Into<String>) -> Self {
        *self.help.borrow_mut() = Some(help.into());
        self
    }
}

impl Exception {
    /// `#<RuntimeError: message>`; the class alone where the message is empty.
    pub fn inspect(&self) -> String {
        let message = self.message();
        if message.is_empty() { self.class.name().to_owned() } else { format!("#<{}: {message}>", self.class.name()) }
    }
}
