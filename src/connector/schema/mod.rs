//! Schemas: field notation made regular, input trimmed and converted, output converted.

mod apply;
mod converters;
mod field;
mod normalize;

use crate::value::{Hash, Value};
use std::rc::Rc;

/// Fields in their regular form: every one has `type`, `label` and `optional`.
#[derive(Clone, Default)]
pub struct Schema {
    fields: Vec<Rc<Hash>>,
}

/// Which way values go, hence which converter of a field is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    Input,
    Output,
}

impl Schema {
    /// These fields and then those.
    #[must_use]
    pub fn followed_by(mut self, more: &Self) -> Self {
        self.fields.extend(more.fields.iter().cloned());
        self
    }

    /// The fields as lambdas get them.
    pub fn to_value(&self) -> Value {
        Value::array(self.fields.iter().cloned().map(Value::Hash).collect())
    }

    pub fn fields(&self) -> &[Rc<Hash>] {
        &self.fields
    }
}
