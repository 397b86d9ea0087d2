//! Complex numbers, as far as a connector meets them: made by `to_c`, `i` and roots of negative numbers, then shown.

use crate::value::{ClassId, Object, Result, Value, equal, inspect, to_s};
use std::any::Any;

/// A number with an imaginary part.
pub struct Complex {
    pub real: Value,
    pub imaginary: Value,
}

impl Object for Complex {
    fn class(&self) -> ClassId {
        ClassId::COMPLEX
    }

    fn inspect(&self) -> String {
        format!("({})", self.to_text(|part| inspect(part).to_text()))
    }

    fn equals(&self, other: &dyn Object) -> bool {
        let other: Option<&Self> = other.as_any().downcast_ref();
        other.is_some_and(|other| equal(&self.real, &other.real) && equal(&self.imaginary, &other.imaginary))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl Complex {
    /// `1+2i`.
    pub fn to_text(&self, write: impl Fn(&Value) -> String) -> String {
        let imaginary = write(&super::numeric::absolute(&self.imaginary));
        let sign = if is_negative(&self.imaginary) { '-' } else { '+' };
        let star = if imaginary.ends_with(|c: char| c.is_ascii_digit()) { "" } else { "*" };
        format!("{}{sign}{imaginary}{star}i", write(&self.real))
    }

    /// The text of `to_s`.
    pub fn plain(&self) -> String {
        self.to_text(|part| to_s(part).to_text())
    }
}

fn is_negative(part: &Value) -> bool {
    match part {
        Value::Float(number) => number.is_sign_negative() && !number.is_nan(),
        other => crate::value::compare(other, &Value::Int(0)).is_some_and(std::cmp::Ordering::is_lt),
    }
}

/// The complex number of two real ones.
pub fn complex(real: Value, imaginary: Value) -> Value {
    Value::object(Complex { real, imaginary })
}

/// A negative base to a broken power: it turns by π times the exponent.
pub fn polar_power(base: f64, exponent: f64) -> Result<Value> {
    let size = (-base).powf(exponent);
    let turn = std::f64::consts::PI * exponent;
    Ok(complex(Value::Float(size * turn.cos()), Value::Float(size * turn.sin())))
}
