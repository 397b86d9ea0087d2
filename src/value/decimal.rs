//! BigDecimal: exact decimal numbers with the special values that Ruby's have (NaN, the infinities, negative zero).

use bigdecimal::{BigDecimal, RoundingMode};
use num_bigint::{BigInt, Sign};
use num_integer::Integer;
use num_traits::{ToPrimitive, Zero};
use std::cmp::Ordering;
use std::num::NonZeroU64;

/// A BigDecimal. `Finite` has no trailing zeros in its digits.
#[derive(Clone, Debug, PartialEq)]
pub enum Decimal {
    Finite(BigDecimal),
    NegativeZero,
    Infinite { negative: bool },
    NaN,
}

impl From<BigDecimal> for Decimal {
    fn from(number: BigDecimal) -> Self {
        Self::Finite(number.normalized())
    }
}

impl From<BigInt> for Decimal {
    fn from(number: BigInt) -> Self {
        BigDecimal::from(number).into()
    }
}

impl From<i64> for Decimal {
    fn from(number: i64) -> Self {
        BigDecimal::from(number).into()
    }
}

impl Decimal {
    /// The float's shortest digits, of which Ruby's arithmetic takes the first 16.
    pub fn from_float(number: f64) -> Self {
        const DIGITS: usize = 16;
        match Self::from_float_digits(number) {
            Self::Finite(decimal) => {
                let (digits, scale) = decimal.into_bigint_and_exponent();
                let extra = digits.magnitude().to_string().len().saturating_sub(DIGITS) as u32;
                BigDecimal::new(digits / BigInt::from(10).pow(extra), scale - i64::from(extra)).into()
            }
            other => other,
        }
    }

    /// The shortest decimal that reads back as the same float.
    pub fn from_float_digits(number: f64) -> Self {
        if number.is_nan() {
            return Self::NaN;
        }
        if number.is_infinite() {
            return Self::Infinite { negative: number < 0.0 };
        }
        if number == 0.0 && number.is_sign_negative() {
            return Self::NegativeZero;
        }
        super::number::shortest(number).parse::<BigDecimal>().unwrap_or_default().into()
    }

    /// The float rounded to that many significant digits.
    pub fn from_float_rounded(number: f64, digits: usize) -> Self {
        if digits == 0 || !number.is_finite() || number == 0.0 {
            return Self::from_float(number);
        }
        // As when it is printed: a digit 5 that alone is cut goes by the shortest digits, to the even side.
        if let Self::Finite(shortest) = Self::from_float_digits(number)
            && shortest.digits() == digits as u64 + 1
        {
            return Self::from(shortest.with_precision_round(digits_limit(digits), RoundingMode::HalfEven));
        }
        format!("{number:.*e}", digits - 1).parse::<BigDecimal>().unwrap_or_default().into()
    }

    /// The finite number; negative zero is zero.
    pub fn finite(&self) -> Option<BigDecimal> {
        match self {
            Self::Finite(number) => Some(number.clone()),
            Self::NegativeZero => Some(BigDecimal::zero()),
            Self::Infinite { .. } | Self::NaN => None,
        }
    }

    pub fn is_finite(&self) -> bool {
        matches!(self, Self::Finite(_) | Self::NegativeZero)
    }

    pub const fn is_nan(&self) -> bool {
        matches!(self, Self::NaN)
    }

    pub fn is_zero(&self) -> bool {
        match self {
            Self::Finite(number) => number.is_zero(),
            other => *other == Self::NegativeZero,
        }
    }

    pub fn is_negative(&self) -> bool {
        match self {
            Self::Finite(number) => number.sign() == Sign::Minus,
            Self::NegativeZero => true,
            Self::Infinite { negative } => *negative,
            Self::NaN => false,
        }
    }

    /// The nearest float; too large is infinite.
    pub fn to_f64(&self) -> f64 {
        match self {
            Self::Finite(number) => {
                let (digits, scale) = number.as_bigint_and_exponent();
                format!("{digits}e{}", -i128::from(scale)).parse().unwrap_or_default()
            }
            Self::NegativeZero => -0.0,
            Self::Infinite { negative: true } => f64::NEG_INFINITY,
            Self::Infinite { negative: false } => f64::INFINITY,
            Self::NaN => f64::NAN,
        }
    }

    /// The significant digits without sign, and the power of ten of `0.digits`: `12.5` is `("125", 2)`.
    pub fn digits(&self) -> (String, i64) {
        let Self::Finite(number) = self else { return ("0".to_owned(), 0) };
        let (digits, scale) = number.as_bigint_and_exponent();
        if digits.is_zero() {
            return ("0".to_owned(), 0);
        }
        let text = digits.magnitude().to_string();
        let point = text.len() as i64 - scale;
        (text, point)
    }

    /// `a <=> b`; nothing compares with NaN.
    pub fn compare(&self, other: &Self) -> Option<Ordering> {
        match (self.finite(), other.finite()) {
            (Some(a), Some(b)) => Some(a.cmp(&b)),
            _ if self.is_nan() || other.is_nan() => None,
            _ => self.infinity_rank().partial_cmp(&other.infinity_rank()),
        }
    }

    const fn infinity_rank(&self) -> i8 {
        match self {
            Self::Infinite { negative: true } => -1,
            Self::Infinite { negative: false } => 1,
            _ => 0,
        }
    }

    /// The integer part, if there is one. Of negative numbers with more than nine digits before the point Ruby takes the
    /// floor.
    pub fn to_integer(&self) -> Option<BigInt> {
        const WORD: i64 = 9;
        let number = self.finite()?;
        let (_, point) = self.digits();
        let (digits, scale) = number.into_bigint_and_exponent();
        let power = BigInt::from(10).pow(scale.unsigned_abs().to_u32()?);
        Some(match scale {
            ..=0 => digits * power,
            _ if point > WORD => digits.div_floor(&power),
            _ => digits / power,
        })
    }

    /// `1.1`, `100.0`: the plain form that ActiveSupport makes the default of `to_s`.
    pub fn to_plain(&self) -> String {
        let (digits, point) = match self {
            Self::Finite(_) => self.digits(),
            other => return other.special_text().to_owned(),
        };
        let sign = if self.is_negative() { "-" } else { "" };
        let length = digits.len() as i64;
        if point <= 0 {
            if self.is_zero() {
                return "0.0".to_owned();
            }
            format!("{sign}0.{}{digits}", "0".repeat(point.unsigned_abs() as usize))
        } else if point >= length {
            format!("{sign}{digits}{}.0", "0".repeat((point - length) as usize))
        } else {
            let (whole, fraction) = digits.split_at(point as usize);
            format!("{sign}{whole}.{fraction}")
        }
    }

    /// `0.11e1`: the form of `inspect`.
    pub fn to_scientific(&self) -> String {
        if self.is_zero() || !self.is_finite() {
            return self.special_text().to_owned();
        }
        let (digits, point) = self.digits();
        format!("{}0.{digits}e{point}", if self.is_negative() { "-" } else { "" })
    }

    const fn special_text(&self) -> &'static str {
        match self {
            Self::Finite(_) => "0.0",
            Self::NegativeZero => "-0.0",
            Self::Infinite { negative: true } => "-Infinity",
            Self::Infinite { negative: false } => "Infinity",
            Self::NaN => "NaN",
        }
    }

    /// Reads Ruby's spelling: digits with single underscores, a point between digits, `e` or `d` exponent, `NaN`,
    /// `Infinity`. Answers with the number and whether all of the text was used; `None` if it does not begin with one.
    pub fn parse(text: &str) -> Option<(Self, bool)> {
        let text = text.trim_matches(|c: char| c.is_ascii_whitespace());
        for (name, value) in [
            ("NaN", Self::NaN),
            ("Infinity", Self::Infinite { negative: false }),
            ("+Infinity", Self::Infinite { negative: false }),
            ("-Infinity", Self::Infinite { negative: true }),
        ] {
            if text.starts_with(name) {
                return Some((value, text.len() == name.len()));
            }
        }
        let mut scan = Scan { bytes: text.as_bytes(), at: 0, digits: String::new() };
        let negative = scan.sign();
        let whole = scan.digits();
        let mut fraction = 0;
        let point = scan.at;
        if scan.take(b'.') {
            fraction = scan.digits();
            if fraction == 0 {
                scan.at = point;
            }
        }
        if whole + fraction == 0 {
            return None;
        }
        let exponent = scan.exponent();
        let digits: BigInt = scan.digits.parse().ok()?;
        let complete = scan.at == text.len();
        if digits.is_zero() {
            return Some((if negative { Self::NegativeZero } else { Self::from(0) }, complete));
        }
        let digits = if negative { -digits } else { digits };
        Some((BigDecimal::new(digits, fraction as i64 - exponent).into(), complete))
    }
}

fn digits_limit(digits: usize) -> NonZeroU64 {
    NonZeroU64::new(digits as u64).unwrap_or(NonZeroU64::MIN)
}

/// A reader of number text.
struct Scan<'a> {
    bytes: &'a [u8],
    at: usize,
    digits: String,
}

impl Scan<'_> {
    fn take(&mut self, byte: u8) -> bool {
        let found = self.bytes.get(self.at) == Some(&byte);
        self.at += usize::from(found);
        found
    }

    fn sign(&mut self) -> bool {
        let negative = self.take(b'-');
        if !negative {
            self.take(b'+');
        }
        negative
    }

    /// Digits with single underscores between them; how many there were.
    fn digits(&mut self) -> usize {
        let before = self.digits.len();
        while let Some(byte) = self.bytes.get(self.at) {
            let underscore = *byte == b'_'
                && self.digits.len() > before
                && self.bytes.get(self.at + 1).is_none_or(u8::is_ascii_digit);
            if byte.is_ascii_digit() {
                self.digits.push(char::from(*byte));
            } else if !underscore {
                break;
            }
            self.at += 1;
        }
        self.digits.len() - before
    }

    fn exponent(&mut self) -> i64 {
        let start = self.at;
        if !matches!(self.bytes.get(self.at), Some(b'e' | b'E' | b'd' | b'D')) {
            return 0;
        }
        self.at += 1;
        let negative = self.sign();
        let kept = self.digits.len();
        if self.digits() == 0 {
            self.at = start;
            return 0;
        }
        let text = self.digits.split_off(kept);
        let exponent: i64 = text.parse().unwrap_or(i64::from(i32::MAX));
        let exponent = exponent.min(i64::from(i32::MAX));
        if negative { -exponent } else { exponent }
    }
}
