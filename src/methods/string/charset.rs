//! The character sets of `tr`, `delete`, `squeeze` and `count`: `a-z`, `^0-9`, `\-`.

use super::text::{invalid_bytes, require_compatible, text_arg};
use crate::methods::{Args, Host};
use crate::value::{ClassId, Encoding, Result, Str, raise};

/// A character as a number: its code point, or its bytes where the encoding is not UTF-8.
pub type Code = u32;

/// What a set says: ranges in the order written, and whether it means all others.
pub struct Spec {
    pub negated: bool,
    pub ranges: Vec<(Code, Code)>,
}

/// The characters of a text as codes. Text that is not valid raises.
pub fn codes(text: &Str) -> Result<Vec<Code>> {
    if !text.is_valid() {
        return Err(invalid_bytes(text));
    }
    let bytes = text.bytes();
    if text.is_single_byte() {
        return Ok(bytes.iter().map(|byte| Code::from(*byte)).collect());
    }
    if text.encoding() == Encoding::Utf8 {
        return Ok(std::str::from_utf8(&bytes).unwrap_or_default().chars().map(|c| c as Code).collect());
    }
    drop(bytes);
    let ranges = text.char_ranges();
    let bytes = text.bytes();
    let code = |lo: usize, hi: usize| {
        bytes.get(lo..hi).unwrap_or_default().iter().fold(0, |code, byte| (code << 8) | Code::from(*byte))
    };
    Ok(ranges.into_iter().map(|(lo, hi)| code(lo, hi)).collect())
}

/// Writes a character back.
pub fn write_code(code: Code, encoding: Encoding, single: bool, out: &mut Vec<u8>) {
    if code < 0x80 || single {
        out.push(code as u8);
    } else if encoding == Encoding::Utf8 {
        let c = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
        out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
    } else {
        out.extend(code.to_be_bytes().into_iter().skip_while(|byte| *byte == 0));
    }
}

impl Spec {
    pub fn parse(text: &Str) -> Result<Self> {
        let codes = codes(text)?;
        let negated = codes.len() > 1 && codes.first() == Some(&Code::from(b'^'));
        let mut rest = codes.get(usize::from(negated)..).unwrap_or_default();
        let mut ranges = Vec::new();
        while let Some((lo, after)) = take(rest) {
            rest = after;
            let hi = match rest.split_first() {
                Some((dash, after)) if *dash == Code::from(b'-') => take(after),
                _ => None,
            };
            match hi {
                None => ranges.push((lo, lo)),
                Some((hi, after)) => {
                    rest = after;
                    if lo > hi {
                        return Err(bad_range(lo, hi));
                    }
                    ranges.push((lo, hi));
                }
            }
        }
        Ok(Self { negated, ranges })
    }

    pub fn contains(&self, code: Code) -> bool {
        self.ranges.iter().any(|(lo, hi)| (*lo..=*hi).contains(&code)) != self.negated
    }
}

/// One character of a set; a backslash takes its meaning off.
fn take(codes: &[Code]) -> Option<(Code, &[Code])> {
    match codes {
        [backslash, next, rest @ ..] if *backslash == Code::from(b'\\') => Some((*next, rest)),
        [first, rest @ ..] => Some((*first, rest)),
        [] => None,
    }
}

#[cold]
fn bad_range(lo: Code, hi: Code) -> Box<crate::value::Unwind> {
    let shown = |code| char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
    let message = format!("invalid range \"{}-{}\" in string transliteration", shown(lo), shown(hi));
    raise(ClassId::ARGUMENT_ERROR, message)
}

/// The characters that all sets of a call have in common, quick for ASCII.
pub struct CharSet {
    specs: Vec<Spec>,
    ascii: [bool; 128],
}

impl CharSet {
    /// The sets given to a method; none given is every character.
    pub fn of_args(host: &mut dyn Host, text: &Str, args: &Args) -> Result<Self> {
        let mut specs = Vec::with_capacity(args.len());
        for index in 0..args.len() {
            let set = text_arg(host, args, index)?;
            require_compatible(text, &set)?;
            specs.push(Spec::parse(&set)?);
        }
        let mut ascii = [false; 128];
        for (code, place) in ascii.iter_mut().enumerate() {
            *place = specs.iter().all(|spec| spec.contains(code as Code));
        }
        Ok(Self { specs, ascii })
    }

    pub fn contains(&self, code: Code) -> bool {
        match self.ascii.get(code as usize) {
            Some(known) => *known,
            None => self.specs.iter().all(|spec| spec.contains(code)),
        }
    }
}
