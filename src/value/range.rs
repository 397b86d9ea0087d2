//! Ranges.

use super::Value;

/// `lo..hi`; nil stands for a missing end.
pub struct Range {
    pub lo: Value,
    pub hi: Value,
    pub exclusive: bool,
}

impl Range {
    /// Whether going through it would never end: `(1..)`, `('a'..)`, `(1..Float::INFINITY)`.
    #[must_use]
    pub fn is_unbounded(&self) -> bool {
        match (&self.lo, &self.hi) {
            (Value::Int(_) | Value::BigInt(_) | Value::Str(_), Value::Nil) => true,
            (Value::Int(_) | Value::BigInt(_), Value::Float(hi)) => hi.get() == f64::INFINITY,
            _ => false,
        }
    }
}
