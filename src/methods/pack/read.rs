//! `String#unpack`.

use super::format::{Count, Directive, parse};
use super::text::{base64_lenient, base64_strict, bit_unpack, hex_unpack, quoted_printable_decode, uudecode};
use crate::value::{ClassId, Encoding, Result, Str, Value, int_value, raise};
use num_bigint::BigInt;
use std::rc::Rc;

/// The values that the format reads from the bytes; only the first if `one`.
pub fn unpack(bytes: &[u8], format: &[u8], one: bool) -> Result<Vec<Value>> {
    let mut reader = Reader { bytes, at: 0, out: Vec::new() };
    for directive in parse(format)? {
        reader.read(&directive)?;
        if one && !reader.out.is_empty() {
            break;
        }
    }
    Ok(reader.out)
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    out: Vec<Value>,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    fn take(&mut self, count: usize) -> &'a [u8] {
        let rest = self.rest();
        let taken = rest.get(..count).unwrap_or(rest);
        self.at += taken.len();
        taken
    }

    fn push(&mut self, bytes: &[u8], encoding: Encoding) {
        self.out.push(Value::Str(Rc::new(Str::of(bytes, encoding))));
    }

    fn read(&mut self, directive: &Directive) -> Result<()> {
        if let Some(integer) = directive.integer() {
            self.each(directive, integer.size, |bytes| {
                let byte = |at: usize| if integer.big { bytes.len() - 1 - at } else { at };
                let value = (0..bytes.len())
                    .fold(0_u64, |sum, at| sum | u64::from(bytes.get(byte(at)).copied().unwrap_or(0)) << (8 * at));
                let shift = 64 - 8 * integer.size as u32;
                if integer.signed {
                    Value::Int((value << shift).cast_signed() >> shift)
                } else {
                    int_value(BigInt::from(value))
                }
            });
            return Ok(());
        }
        if let Some((size, big)) = directive.float() {
            self.each(directive, size, |bytes| {
                let mut bytes = bytes.to_vec();
                if big {
                    bytes.reverse();
                }
                let double = bytes.first_chunk().map(|bytes| f64::from_le_bytes(*bytes));
                let single = bytes.first_chunk().map(|bytes| f64::from(f32::from_le_bytes(*bytes)));
                Value::float(if size == 8 { double } else { single }.unwrap_or(0.0))
            });
            return Ok(());
        }
        match directive.letter {
            b'a' | b'A' | b'Z' => self.text(directive),
            b'H' | b'h' | b'B' | b'b' => self.digits(directive),
            b'U' => return self.characters(directive),
            b'w' => self.compressed(directive),
            b'm' | b'M' | b'u' => return self.encoded(directive),
            b'x' => {
                let count = directive.times(self.rest().len());
                if count > self.rest().len() {
                    return Err(outside("x"));
                }
                self.at += count;
            }
            b'X' => {
                let back = directive.times(0);
                self.at = self.at.checked_sub(back).ok_or_else(|| outside("X"))?;
            }
            b'@' => {
                let to = directive.times(0);
                if to > self.bytes.len() {
                    return Err(outside("@"));
                }
                self.at = to;
            }
            _ => {}
        }
        Ok(())
    }

    /// Values of a fixed size; nil for each that the bytes do not reach.
    fn each(&mut self, directive: &Directive, size: usize, read: impl Fn(&[u8]) -> Value) {
        let whole = self.rest().len() / size;
        for _ in 0..directive.times(whole).min(whole) {
            let bytes = self.take(size);
            self.out.push(read(bytes));
        }
        if directive.count != Count::All {
            // A count beyond the bytes is answered with nils, within reason.
            let missing = directive.times(whole).saturating_sub(whole).min(1 << 16);
            self.out.extend(std::iter::repeat_n(Value::Nil, missing));
        }
    }

    fn text(&mut self, directive: &Directive) {
        let taken = self.take(directive.times(self.rest().len()));
        let kept = match directive.letter {
            b'A' => {
                let end = taken.iter().rposition(|byte| !matches!(byte, b' ' | 0)).map_or(0, |at| at + 1);
                taken.get(..end).unwrap_or_default()
            }
            b'Z' => {
                let end = taken.iter().position(|byte| *byte == 0);
                if let (Some(end), Count::All) = (end, directive.count) {
                    // The rest is for the next directive.
                    self.at -= taken.len() - end - 1;
                }
                taken.get(..end.unwrap_or(taken.len())).unwrap_or_default()
            }
            _ => taken,
        };
        self.push(kept, Encoding::Binary);
    }

    fn digits(&mut self, directive: &Directive) {
        let a_byte = if matches!(directive.letter, b'H' | b'h') { 2 } else { 8 };
        let most = self.rest().len() * a_byte;
        let count = directive.times(most).min(most);
        let taken = self.take(count.div_ceil(a_byte));
        let digits = match directive.letter {
            b'H' => hex_unpack(taken, count, true),
            b'h' => hex_unpack(taken, count, false),
            b'B' => bit_unpack(taken, count, true),
            _ => bit_unpack(taken, count, false),
        };
        self.push(digits.as_bytes(), Encoding::UsAscii);
    }

    fn characters(&mut self, directive: &Directive) -> Result<()> {
        if directive.count == Count::Times(0) {
            return Ok(());
        }
        for _ in 0..directive.times(self.rest().len()) {
            let Some(first) = self.rest().first() else { break };
            let len = match first {
                0x00..=0x7f => 1,
                0xc0..=0xdf => 2,
                0xe0..=0xef => 3,
                0xf0..=0xf7 => 4,
                _ => return Err(raise(ClassId::ARGUMENT_ERROR, "malformed UTF-8 character")),
            };
            let rest = self.rest();
            let unit = rest.get(..len).unwrap_or(rest);
            if unit.len() < len {
                let message = format!("malformed UTF-8 character (expected {len} bytes, given {} bytes)", unit.len());
                return Err(raise(ClassId::ARGUMENT_ERROR, message));
            }
            self.at += len;
            let head = if len == 1 { u32::from(*first) } else { u32::from(first & (0x7f >> len)) };
            let code = unit.iter().skip(1).fold(head, |code, byte| code << 6 | u32::from(byte & 0x3f));
            self.out.push(Value::Int(i64::from(code)));
        }
        Ok(())
    }

    fn compressed(&mut self, directive: &Directive) {
        let mut left = directive.times(self.rest().len());
        let mut number = BigInt::from(0);
        while left > 0 {
            let Some(byte) = self.take(1).first() else { break };
            number = (number << 7_u32) | BigInt::from(byte & 0x7f);
            if byte & 0x80 == 0 {
                self.out.push(int_value(std::mem::take(&mut number)));
                left -= 1;
            }
        }
    }

    fn encoded(&mut self, directive: &Directive) -> Result<()> {
        let rest = self.take(usize::MAX);
        let decoded = match directive.letter {
            b'm' if directive.count == Count::Times(0) => {
                base64_strict(rest).ok_or_else(|| raise(ClassId::ARGUMENT_ERROR, "invalid base64"))?
            }
            b'm' => base64_lenient(rest),
            b'u' => uudecode(rest),
            _ => quoted_printable_decode(rest),
        };
        self.push(&decoded, Encoding::Binary);
        Ok(())
    }
}

#[cold]
fn outside(letter: &str) -> Box<crate::value::Unwind> {
    raise(ClassId::ARGUMENT_ERROR, format!("{letter} outside of string"))
}
