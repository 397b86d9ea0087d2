//! `%d %i %u %o %x %X %b %B`.

use super::Spec;
use num_bigint::{BigInt, Sign};
use num_traits::{One, Signed};

/// Writes a whole number. Negative ones in another base than ten are two's complement (`..f01`) unless a sign was asked
/// for.
pub(super) fn write(spec: &Spec, kind: u8, number: &BigInt, out: &mut Vec<u8>) {
    let base = match kind {
        b'o' => 8,
        b'x' | b'X' => 16,
        b'b' | b'B' => 2,
        _ => 10,
    };
    let signed = base == 10 || spec.plus || spec.space;
    let dots = !signed && number.is_negative();
    let digits = if dots { complement(number, base) } else { number.magnitude().to_str_radix(base) };
    let digits = if kind == b'X' { digits.to_ascii_uppercase() } else { digits };
    let parts = Parts {
        sign: if signed { spec.sign(number.is_negative()) } else { "" },
        prefix: if spec.sharp { prefix(kind) } else { "" },
        dots,
        fill: if dots { sign_digit(kind) } else { b'0' },
        digits,
    };
    parts.write(spec, out);
}

struct Parts {
    sign: &'static str,
    prefix: &'static str,
    dots: bool,
    fill: u8,
    digits: String,
}

impl Parts {
    fn write(mut self, spec: &Spec, out: &mut Vec<u8>) {
        let taken = if self.dots { 2 } else { 0 };
        let mut precision = spec.precision.map(|precision| precision.saturating_sub(taken));
        if self.prefix == "0" {
            if self.dots {
                self.prefix = "";
            } else if self.digits == "0" {
                self.digits.clear();
                precision = precision.map(|precision| precision.saturating_sub(1));
            } else if precision.is_some_and(|precision| precision > self.digits.len()) {
                self.prefix = "";
            }
        } else if self.digits == "0" {
            self.prefix = "";
        }
        let around = self.sign.len() + self.prefix.len() + taken;
        let width = spec.width.unwrap_or(0).saturating_sub(around);
        let by_zero = spec.zero && !spec.minus && precision.is_none();
        let mut length = if by_zero { width } else { precision.unwrap_or(0) };
        if !by_zero && length < self.digits.len() {
            if self.prefix.is_empty() && precision == Some(0) && self.digits == "0" {
                self.digits.clear();
            }
            length = self.digits.len();
        }
        let length = length.max(self.digits.len());
        let spaces = width.saturating_sub(length);
        if !spec.minus {
            out.resize(out.len() + spaces, b' ');
        }
        out.extend_from_slice(self.sign.as_bytes());
        out.extend_from_slice(self.prefix.as_bytes());
        if self.dots {
            out.extend_from_slice(b"..");
        }
        out.resize(out.len() + length - self.digits.len(), self.fill);
        out.extend_from_slice(self.digits.as_bytes());
        if spec.minus {
            out.resize(out.len() + spaces, b' ');
        }
    }
}

const fn prefix(kind: u8) -> &'static str {
    match kind {
        b'o' => "0",
        b'x' => "0x",
        b'X' => "0X",
        b'b' => "0b",
        b'B' => "0B",
        _ => "",
    }
}

/// The digit that repeats without end to the left of a negative number.
const fn sign_digit(kind: u8) -> u8 {
    match kind {
        b'x' => b'f',
        b'X' => b'F',
        b'o' => b'7',
        _ => b'1',
    }
}

/// Two's complement digits with exactly one sign digit in front.
fn complement(number: &BigInt, base: u32) -> String {
    let bits_per_digit = u64::from(base.trailing_zeros());
    let count = number.bits() / bits_per_digit + 2;
    let modulus = BigInt::one() << (count * bits_per_digit);
    let (sign, magnitude) = (modulus + number).into_parts();
    debug_assert!(sign == Sign::Plus, "the modulus is larger than the number");
    let text = magnitude.to_str_radix(base);
    let sign_digit = match base {
        16 => 'f',
        8 => '7',
        _ => '1',
    };
    format!("{sign_digit}{}", text.trim_start_matches(sign_digit))
}
