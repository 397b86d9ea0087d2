//! Floats as values carry them.

/// A 64-bit float, kept as its bits: all payloads of a `Value` being whole words, it travels in two registers.
#[derive(Clone, Copy)]
pub struct Float(u64);

impl Float {
    pub const fn new(number: f64) -> Self {
        Self(number.to_bits())
    }

    pub const fn get(self) -> f64 {
        f64::from_bits(self.0)
    }
}
