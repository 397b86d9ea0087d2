//! Values whose inside this layer does not know: requests, enumerators, the context of a lambda.

use super::{ClassId, Kind};
use std::any::Any;

/// An opaque kind of value; the layer that made it knows the inside and downcasts.
pub trait Object: Any {
    fn kind(&self) -> Kind {
        Kind::Other
    }

    fn class(&self) -> ClassId;

    /// What `inspect` prints.
    fn inspect(&self) -> String {
        format!("#<{}>", self.class().name())
    }

    /// `==` with another object; identity unless the kind says otherwise.
    fn equals(&self, _other: &dyn Object) -> bool {
        false
    }

    /// `workato`, `workato.csv`, …: the table of its members.
    fn namespace(&self) -> Option<&'static str> {
        None
    }

    /// The error for a method that no table has, where it is not the usual NoMethodError.
    fn missing(&self, _method: &str) -> Option<(ClassId, String)> {
        None
    }

    /// What stands in JSON for it; its `inspect` where there is nothing better.
    fn as_json(&self) -> Option<crate::value::Value> {
        None
    }

    fn as_any(&self) -> &dyn Any;
}
