//! `Array#pack`.

use super::format::{Count, Directive, parse};
use super::text::{base64, bit_pack, hex_pack, quoted_printable, uuencode};
use crate::methods::Host;
use crate::methods::args::{describe, no_conversion, to_int};
use crate::value::{ClassId, Encoding, Result, Str, Value, raise, to_s};
use num_bigint::BigInt;
use num_traits::{Signed, ToPrimitive};
use std::rc::Rc;

/// The values packed as the format says.
pub fn pack(host: &mut dyn Host, values: &[Value], format: &[u8]) -> Result<Str> {
    let directives = parse(format)?;
    let mut packer = Packer { values, at: 0, out: Vec::new() };
    let mut encoding = None;
    for directive in &directives {
        host.tick()?;
        encoding = Some(next_encoding(encoding, directive));
        packer.write(host, directive)?;
    }
    Ok(Str::owned(packer.out, encoding.unwrap_or(Encoding::UsAscii)))
}

/// A format that begins with `U` makes text; one of `m`, `M`, `u` only is ASCII; the rest is bytes.
const fn next_encoding(before: Option<Encoding>, directive: &Directive) -> Encoding {
    match (before, directive.letter) {
        (None, b'U') | (Some(Encoding::Utf8), _) => Encoding::Utf8,
        (None | Some(Encoding::UsAscii), b'm' | b'M' | b'u') => Encoding::UsAscii,
        _ => Encoding::Binary,
    }
}

struct Packer<'a> {
    values: &'a [Value],
    at: usize,
    out: Vec<u8>,
}

impl Packer<'_> {
    fn next(&mut self, host: &mut dyn Host) -> Result<Value> {
        let value = self.values.get(self.at).ok_or_else(|| raise(ClassId::ARGUMENT_ERROR, "too few arguments"))?;
        self.at += 1;
        host.force(value)
    }

    fn rest(&self) -> usize {
        self.values.len().saturating_sub(self.at)
    }

    fn write(&mut self, host: &mut dyn Host, directive: &Directive) -> Result<()> {
        if let Some(integer) = directive.integer() {
            for _ in 0..directive.times(self.rest()) {
                let value = self.next(host)?;
                let bytes = low_bytes(&value)?;
                let mut bytes = bytes.get(..integer.size).unwrap_or_default().to_vec();
                if integer.big {
                    bytes.reverse();
                }
                self.out.extend_from_slice(&bytes);
            }
            return Ok(());
        }
        if let Some((size, big)) = directive.float() {
            for _ in 0..directive.times(self.rest()) {
                let number = float(&self.next(host)?)?;
                let mut bytes =
                    if size == 8 { number.to_le_bytes().to_vec() } else { (number as f32).to_le_bytes().to_vec() };
                if big {
                    bytes.reverse();
                }
                self.out.extend_from_slice(&bytes);
            }
            return Ok(());
        }
        match directive.letter {
            b'a' | b'A' | b'Z' => self.text(host, directive),
            b'B' | b'b' | b'H' | b'h' => self.digits(host, directive),
            b'U' | b'w' => self.numbers(host, directive),
            b'm' | b'M' | b'u' => self.encoded(host, directive),
            b'x' => self.fill(host, directive.times(0)),
            b'@' => {
                let to = directive.times(0);
                if to > self.out.len() {
                    return self.fill(host, to - self.out.len());
                }
                self.out.truncate(to);
                Ok(())
            }
            b'X' => {
                let back = directive.times(0);
                let Some(len) = self.out.len().checked_sub(back) else {
                    return Err(raise(ClassId::ARGUMENT_ERROR, "X outside of string"));
                };
                self.out.truncate(len);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn fill(&mut self, host: &mut dyn Host, count: usize) -> Result<()> {
        host.charge(count)?;
        self.out.resize(self.out.len() + count, 0);
        Ok(())
    }

    /// A string argument; nil is empty.
    fn next_text(&mut self, host: &mut dyn Host) -> Result<Rc<Str>> {
        match self.next(host)? {
            Value::Str(text) => Ok(text),
            Value::Nil => Ok(Rc::new(Str::from(""))),
            other => Err(no_conversion(&other, "String")),
        }
    }

    fn text(&mut self, host: &mut dyn Host, directive: &Directive) -> Result<()> {
        let text = self.next_text(host)?;
        let bytes = text.bytes();
        let all = bytes.len() + usize::from(directive.letter == b'Z');
        let width = directive.times(all);
        host.charge(width)?;
        let taken = bytes.get(..width).unwrap_or(&bytes);
        self.out.extend_from_slice(taken);
        let padding = if directive.letter == b'A' { b' ' } else { 0 };
        self.out.resize(self.out.len() + (width - taken.len()), padding);
        Ok(())
    }

    fn digits(&mut self, host: &mut dyn Host, directive: &Directive) -> Result<()> {
        let text = self.next_text(host)?;
        let bytes = text.bytes();
        let count = directive.times(bytes.len());
        host.charge(count)?;
        let packed = match directive.letter {
            b'H' => hex_pack(&bytes, count, true),
            b'h' => hex_pack(&bytes, count, false),
            b'B' => bit_pack(&bytes, count, true),
            _ => bit_pack(&bytes, count, false),
        };
        self.out.extend_from_slice(&packed);
        Ok(())
    }

    fn numbers(&mut self, host: &mut dyn Host, directive: &Directive) -> Result<()> {
        if directive.letter == b'U' && directive.count == Count::Times(0) {
            return Ok(());
        }
        for _ in 0..directive.times(self.rest()) {
            let value = self.next(host)?;
            if directive.letter == b'w' {
                self.compressed(&value)?;
            } else {
                let out_of_range = || raise(ClassId::RANGE_ERROR, "pack(U): value out of range");
                let code = u32::try_from(to_int(&value).map_err(|error| refine(&value, error))?);
                write_utf8(code.map_err(|_| out_of_range())?, &mut self.out);
            }
        }
        Ok(())
    }

    /// Seven bits a byte, high ones first; all but the last are marked.
    fn compressed(&mut self, value: &Value) -> Result<()> {
        let mut number = big(value)?;
        if number.is_negative() {
            return Err(raise(ClassId::ARGUMENT_ERROR, "can't compress negative numbers"));
        }
        let mut bytes = Vec::new();
        loop {
            let low = (&number & BigInt::from(0x7f)).to_u8().unwrap_or(0);
            bytes.push(if bytes.is_empty() { low } else { low | 0x80 });
            number >>= 7;
            if number.sign() == num_bigint::Sign::NoSign {
                break;
            }
        }
        self.out.extend(bytes.into_iter().rev());
        Ok(())
    }

    fn encoded(&mut self, host: &mut dyn Host, directive: &Directive) -> Result<()> {
        let value = self.next(host)?;
        let text = match (&value, directive.letter) {
            (Value::Str(text), _) => Rc::clone(text),
            (other, b'M') => to_s(other),
            (other, _) => return Err(no_conversion(other, "String")),
        };
        let bytes = text.bytes();
        let line = match directive.count {
            Count::Times(0) if directive.letter == b'm' => 0,
            Count::Times(count @ 3..) => count / 3 * 3,
            _ => 45,
        };
        let encoded = match directive.letter {
            b'm' => base64(&bytes, line),
            b'u' => uuencode(&bytes, line.min(63)),
            _ => quoted_printable(&bytes, if let Count::Times(width @ 2..) = directive.count { width } else { 72 }),
        };
        self.out.extend_from_slice(encoded.as_bytes());
        Ok(())
    }
}

/// Names nil as a value, where the general rule words it as a number.
fn refine(value: &Value, error: Box<crate::value::Unwind>) -> Box<crate::value::Unwind> {
    if value.is_nil() { no_conversion(value, "Integer") } else { error }
}

fn big(value: &Value) -> Result<BigInt> {
    match value {
        Value::BigInt(number) => Ok(BigInt::clone(number)),
        other => Ok(BigInt::from(to_int(other).map_err(|error| refine(other, error))?)),
    }
}

/// The lowest eight bytes of an integer, little end first.
fn low_bytes(value: &Value) -> Result<[u8; 8]> {
    if let Value::BigInt(number) = value {
        let modulus: BigInt = BigInt::from(1) << 64;
        let low = ((&**number % &modulus) + &modulus) % &modulus;
        return Ok(low.to_u64().unwrap_or(0).to_le_bytes());
    }
    Ok(to_int(value).map_err(|error| refine(value, error))?.to_le_bytes())
}

fn float(value: &Value) -> Result<f64> {
    match value {
        Value::Float(number) => Ok(number.get()),
        Value::Int(number) => Ok(*number as f64),
        Value::BigInt(number) => Ok(number.to_f64().unwrap_or(f64::INFINITY)),
        other => {
            let (numerator, denominator) = crate::value::fraction(other)
                .ok_or_else(|| raise(ClassId::TYPE_ERROR, format!("can't convert {} into Float", describe(other))))?;
            Ok(numerator.to_f64().unwrap_or(0.0) / denominator.to_f64().unwrap_or(1.0))
        }
    }
}

/// UTF-8 of any number up to 31 bits, as the old rule has it.
fn write_utf8(code: u32, out: &mut Vec<u8>) {
    let tail = |shift: u32| (code >> shift & 0x3f) as u8 | 0x80;
    match code {
        0..=0x7f => out.push(code as u8),
        0x80..=0x7ff => out.extend_from_slice(&[(code >> 6) as u8 | 0xc0, tail(0)]),
        0x800..=0xffff => out.extend_from_slice(&[(code >> 12) as u8 | 0xe0, tail(6), tail(0)]),
        0x1_0000..=0x1f_ffff => out.extend_from_slice(&[(code >> 18) as u8 | 0xf0, tail(12), tail(6), tail(0)]),
        _ => out.extend_from_slice(&[(code >> 24) as u8 | 0xf8, tail(18), tail(12), tail(6), tail(0)]),
    }
}
