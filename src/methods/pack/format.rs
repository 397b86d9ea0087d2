//! The directives of a pack format.

use crate::value::{ClassId, Result, raise};

/// How often a directive applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Count {
    Times(usize),
    /// `*`
    All,
    /// Not said.
    Once,
}

/// One directive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Directive {
    pub letter: u8,
    pub count: Count,
    /// `_` or `!`: the native size.
    pub native: bool,
    /// `>` or `<`.
    pub big: Option<bool>,
}

/// An integer's size and order, for the letters that are integers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Integer {
    pub size: usize,
    pub signed: bool,
    pub big: bool,
}

impl Directive {
    pub fn integer(&self) -> Option<Integer> {
        let long = if self.native { 8 } else { 4 };
        let (size, signed) = match self.letter {
            b'C' => (1, false),
            b'c' => (1, true),
            b'S' | b'n' | b'v' => (2, false),
            b's' => (2, true),
            b'I' | b'N' | b'V' => (4, false),
            b'i' => (4, true),
            b'L' => (long, false),
            b'l' => (long, true),
            b'Q' | b'J' => (8, false),
            b'q' | b'j' => (8, true),
            _ => return None,
        };
        let big = matches!(self.letter, b'n' | b'N') || self.big == Some(true);
        Some(Integer { size, signed, big })
    }

    /// A float's size in bytes and whether its bytes stand big end first.
    pub const fn float(&self) -> Option<(usize, bool)> {
        match self.letter {
            b'D' | b'd' | b'E' => Some((8, false)),
            b'F' | b'f' | b'e' => Some((4, false)),
            b'G' => Some((8, true)),
            b'g' => Some((4, true)),
            _ => None,
        }
    }

    /// The number of times, with `all` for `*`.
    pub const fn times(&self, all: usize) -> usize {
        match self.count {
            Count::Times(times) => times,
            Count::All => all,
            Count::Once => 1,
        }
    }
}

/// Reads a format. White space and comments are skipped.
pub fn parse(format: &[u8]) -> Result<Vec<Directive>> {
    let mut directives = Vec::new();
    let mut at = 0;
    while let Some(letter) = format.get(at).copied() {
        at += 1;
        if letter == b'#' {
            at += format.get(at..).unwrap_or_default().iter().take_while(|byte| **byte != b'\n').count();
            continue;
        }
        if letter.is_ascii_whitespace() || letter == 0 {
            continue;
        }
        let mut directive = Directive { letter, count: Count::Once, native: false, big: None };
        while let Some(modifier @ (b'_' | b'!' | b'<' | b'>')) = format.get(at).copied() {
            let allowed = b"sSiIlLqQjJ";
            if !allowed.contains(&letter) {
                let message = format!("'{}' allowed only after types sSiIlLqQjJ", char::from(modifier));
                return Err(raise(ClassId::ARGUMENT_ERROR, message));
            }
            match modifier {
                b'_' | b'!' => directive.native = true,
                order => directive.big = Some(order == b'>'),
            }
            at += 1;
        }
        at = count(format, at, &mut directive)?;
        directives.push(directive);
    }
    Ok(directives)
}

fn count(format: &[u8], at: usize, directive: &mut Directive) -> Result<usize> {
    let rest = format.get(at..).unwrap_or_default();
    if rest.first() == Some(&b'*') {
        directive.count = Count::All;
        return Ok(at + 1);
    }
    let len = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if len > 0 {
        let digits = std::str::from_utf8(rest.get(..len).unwrap_or_default()).unwrap_or_default();
        let times = digits.parse::<u32>().map_err(|_| raise(ClassId::RANGE_ERROR, "pack length too big"))?;
        directive.count = Count::Times(times as usize);
    }
    Ok(at + len)
}
