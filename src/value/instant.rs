//! Exact points and lengths of time: whole seconds, nanoseconds, and a fraction of a nanosecond where arithmetic left one.

use super::number::{Rational, fraction, ratio_to_f64};
use super::{Value, int_value};
use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{ToPrimitive, Zero};
use std::cmp::Ordering;
use std::rc::Rc;

const NANOS: i64 = 1_000_000_000;

/// Seconds since the epoch (or of a length), floored, and what comes after them.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Instant {
    pub seconds: i64,
    pub nanos: u32,
    /// What lies below the nanosecond, as a part of one: `Time.at(0.1)` is not on any nanosecond.
    fine: Option<Rc<Rational>>,
}

impl Instant {
    pub const fn new(seconds: i64, nanos: u32) -> Self {
        Self { seconds, nanos, fine: None }
    }

    /// The exact value of a number of seconds; `None` for what is no finite number or beyond 64 bits.
    pub fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Int(seconds) => Some(Self::new(*seconds, 0)),
            _ => fraction(value).and_then(|(numerator, denominator)| Self::of_fraction(&numerator, &denominator)),
        }
    }

    /// `numerator / denominator` seconds.
    pub fn of_fraction(numerator: &BigInt, denominator: &BigInt) -> Option<Self> {
        if denominator.is_zero() {
            return None;
        }
        let (seconds, rest) = numerator.div_mod_floor(denominator);
        let (nanos, rest) = (rest * NANOS).div_mod_floor(denominator);
        let fine = (!rest.is_zero()).then(|| Rc::new(Rational::reduced(rest, denominator.clone())));
        Some(Self { seconds: seconds.to_i64()?, nanos: nanos.to_u32()?, fine })
    }

    /// The exact number of seconds, as numerator and denominator.
    pub fn to_fraction(&self) -> (BigInt, BigInt) {
        let nanos = BigInt::from(self.seconds) * NANOS + self.nanos;
        match &self.fine {
            None => (nanos, BigInt::from(NANOS)),
            Some(fine) => (nanos * &fine.denominator + &fine.numerator, &fine.denominator * NANOS),
        }
    }

    /// Nanoseconds, floored.
    pub fn total_nanos(&self) -> i128 {
        i128::from(self.seconds) * i128::from(NANOS) + i128::from(self.nanos)
    }

    pub fn checked_add(&self, other: &Self) -> Option<Self> {
        if self.fine.is_some() || other.fine.is_some() {
            let (a, a_part) = self.to_fraction();
            let (b, b_part) = other.to_fraction();
            return Self::of_fraction(&(a * &b_part + b * &a_part), &(a_part * b_part));
        }
        let nanos = i64::from(self.nanos) + i64::from(other.nanos);
        let seconds = self.seconds.checked_add(other.seconds)?.checked_add(nanos / NANOS)?;
        Some(Self::new(seconds, (nanos % NANOS) as u32))
    }

    pub fn checked_neg(&self) -> Option<Self> {
        if self.fine.is_none() && self.nanos == 0 {
            return self.seconds.checked_neg().map(|seconds| Self::new(seconds, 0));
        }
        let (numerator, denominator) = self.to_fraction();
        Self::of_fraction(&-numerator, &denominator)
    }

    pub fn checked_sub(&self, other: &Self) -> Option<Self> {
        self.checked_add(&other.checked_neg()?)
    }

    /// The nearest float, as Ruby's Time computes it.
    pub fn to_f64(&self) -> f64 {
        if self.fine.is_none() {
            return self.total_nanos() as f64 / NANOS as f64;
        }
        let (numerator, denominator) = self.to_fraction();
        ratio_to_f64(&numerator, &denominator)
    }

    /// Whether nothing lies below the nanosecond.
    pub const fn is_on_nanos(&self) -> bool {
        self.fine.is_none()
    }

    /// The part after the whole seconds: 0, or a Rational.
    pub fn fraction(&self) -> Value {
        let part = Self { seconds: 0, nanos: self.nanos, fine: self.fine.clone() };
        if part == Self::default() { Value::Int(0) } else { part.to_rational() }
    }

    /// The exact seconds as a Rational.
    pub fn to_rational(&self) -> Value {
        let (numerator, denominator) = self.to_fraction();
        Value::Rational(Rc::new(Rational::reduced(numerator, denominator)))
    }

    /// The seconds as an Integer where they are whole, else as a Rational.
    pub fn to_number(&self) -> Value {
        if self.nanos == 0 && self.fine.is_none() { Value::Int(self.seconds) } else { self.to_rational() }
    }

    /// The digits after the point, cut: `1.239` to 2 digits is `23`.
    pub fn digits(&self, count: usize) -> String {
        if count <= 9 || self.fine.is_none() {
            let mut text = format!("{:09}", self.nanos);
            if count <= 9 {
                text.truncate(count);
            } else {
                text.extend(std::iter::repeat_n('0', count - 9));
            }
            return text;
        }
        let part = Self { seconds: 0, nanos: self.nanos, fine: self.fine.clone() };
        let (numerator, denominator) = part.to_fraction();
        let scaled = numerator * BigInt::from(10).pow(count as u32) / denominator;
        format!("{:0>count$}", int_text(scaled))
    }

    /// Rounds to that many digits after the point.
    pub fn rounded(&self, digits: u32, rounding: Rounding) -> Option<Self> {
        let scale = BigInt::from(10).pow(digits);
        let (numerator, denominator) = self.to_fraction();
        let scaled = numerator * &scale;
        let (floor, rest) = scaled.div_mod_floor(&denominator);
        let up = match rounding {
            Rounding::Floor => false,
            Rounding::Ceil => !rest.is_zero(),
            Rounding::HalfUp => rest * 2 >= denominator,
        };
        Self::of_fraction(&(floor + i32::from(up)), &scale)
    }
}

/// Which way `Time#round`, `floor` and `ceil` go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    Floor,
    Ceil,
    HalfUp,
}

fn int_text(number: BigInt) -> String {
    super::to_s(&int_value(number)).to_text()
}

impl PartialOrd for Instant {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Instant {
    fn cmp(&self, other: &Self) -> Ordering {
        let coarse = (self.seconds, self.nanos).cmp(&(other.seconds, other.nanos));
        coarse.then_with(|| match (&self.fine, &other.fine) {
            (None, None) => Ordering::Equal,
            (Some(_), None) => Ordering::Greater,
            (None, Some(_)) => Ordering::Less,
            (Some(a), Some(b)) => (&a.numerator * &b.denominator).cmp(&(&b.numerator * &a.denominator)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_are_exact() {
        let tenth = Instant::of(&Value::float(0.1)).unwrap();
        assert_eq!((tenth.seconds, tenth.nanos, tenth.is_on_nanos()), (0, 100_000_000, false));
        assert!(tenth.to_f64().to_bits() == 0.1_f64.to_bits());
        assert_eq!(tenth.digits(20), "10000000000000000555");
        let minus = Instant::of(&Value::float(-0.5)).unwrap();
        assert_eq!((minus.seconds, minus.nanos), (-1, 500_000_000));
        assert_eq!(tenth.checked_sub(&tenth), Some(Instant::default()));
        assert_eq!(Instant::of(&Value::float(f64::NAN)), None);
    }

    #[test]
    fn rounding() {
        let time = Instant::new(1, 250_000_000);
        assert_eq!(time.rounded(1, Rounding::HalfUp), Some(Instant::new(1, 300_000_000)));
        assert_eq!(time.rounded(0, Rounding::Ceil), Some(Instant::new(2, 0)));
        assert_eq!(Instant::new(-1, 250_000_000).rounded(0, Rounding::Floor), Some(Instant::new(-1, 0)));
    }
}
