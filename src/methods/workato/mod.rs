//! What the SDK gives to every lambda: `workato` and its packages, and methods of strings, arrays and hashes that
//! sign, encrypt, and read or write formats.

mod aes;
mod csv;
mod functions;
mod gyoku;
mod jwt;
mod package;
mod text;
mod typecast;
mod xml;

pub use gyoku::to_xml as hash_to_xml;

use super::{Receiver, Table};
use crate::value::{ClassId, Exception, Kind, Object, Result, Unwind, Value};
use std::any::Any;
use std::rc::Rc;

pub static TABLES: &[Table] = &[
    Table { receiver: Receiver::Context, rows: functions::ROWS },
    Table { receiver: Receiver::Kinds(&[Kind::Array]), rows: xml::ARRAY },
    Table { receiver: Receiver::Kinds(&[Kind::Hash]), rows: xml::HASH },
    Table { receiver: Receiver::Kinds(&[Kind::String]), rows: text::ROWS },
    Table { receiver: Receiver::Kinds(&[Kind::String]), rows: xml::STRING },
    Table { receiver: Receiver::Singleton("Gyoku"), rows: gyoku::ROWS },
    Table { receiver: Receiver::Singleton("Hash"), rows: xml::HASH_CLASS },
    Table { receiver: Receiver::Namespace("workato"), rows: package::ROWS },
    Table { receiver: Receiver::Namespace("workato"), rows: aes::ROWS },
    Table { receiver: Receiver::Namespace("workato"), rows: jwt::ROWS },
    Table { receiver: Receiver::Namespace("workato.csv"), rows: csv::ROWS },
    Table { receiver: Receiver::Namespace("workato.net"), rows: package::NET },
];

/// `workato`, `workato.csv`, …
pub struct Namespace(&'static str);

/// The namespace of that name as a value.
pub fn namespace(name: &'static str) -> Value {
    Value::object(Namespace(name))
}

impl Object for Namespace {
    fn kind(&self) -> Kind {
        Kind::Namespace
    }

    fn class(&self) -> ClassId {
        ClassId::NAMESPACE
    }

    fn namespace(&self) -> Option<&'static str> {
        Some(self.0)
    }

    fn missing(&self, method: &str) -> Option<(ClassId, String)> {
        let message = format!("Undefined method '{method}' for \"{}\" namespace", self.0);
        Some((ClassId::SDK_UNDEFINED_METHOD_ERROR, message))
    }

    fn equals(&self, other: &dyn Object) -> bool {
        other.as_any().downcast_ref::<Self>().is_some_and(|other| other.0 == self.0)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// The SDK's own ArgumentError.
#[cold]
fn refuse(message: impl Into<String>) -> Box<Unwind> {
    Box::new(Unwind::Raise(Rc::new(Exception::new(ClassId::SDK_ARGUMENT_ERROR, message.into()))))
}

/// The bytes of an argument that the SDK insists on being a String.
fn key_bytes(value: &Value, name: &str) -> Result<Vec<u8>> {
    match value {
        Value::Str(text) => Ok(text.bytes().to_vec()),
        other => Err(refuse(format!("Expected a String for '{name}' parameter, given {}", other.class().name()))),
    }
}
