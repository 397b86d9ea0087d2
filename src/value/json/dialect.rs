//! Ruby's reading of JSON where it leaves the standard: comments, bytes that are no UTF-8, lone surrogates, `NaN` on demand;
//! and the words it has for a text that is no JSON.

use super::parse::{Keys, ParseOptions, number};
use super::{DEPTH, JsonError};
use crate::value::{Encoding, Hash, Str, Value};

type Result<T> = std::result::Result<T, JsonError>;

/// Error texts quote at most that many bytes of what is left.
const FRAGMENT: usize = 32;

pub(super) fn parse(text: &[u8], options: ParseOptions, step: &dyn Fn() -> bool) -> Result<Value> {
    let mut reader = Reader { text, at: 0, depth: 0, options, keys: Keys::default(), step };
    let value = reader.value()?;
    reader.space()?;
    if reader.at < text.len() {
        return Err(reader.error_at("unexpected token at end of stream '", reader.at, "'"));
    }
    Ok(value)
}

struct Reader<'a> {
    text: &'a [u8],
    at: usize,
    depth: usize,
    options: ParseOptions,
    keys: Keys,
    /// Called for each value; whether to go on.
    step: &'a dyn Fn() -> bool,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    #[cold]
    fn plain(&self, message: &str) -> JsonError {
        JsonError::new(message.to_owned(), self.text, self.at)
    }

    /// `before`, the next bytes of the text from `at`, `after`.
    #[cold]
    fn error_at(&self, before: &str, at: usize, after: &str) -> JsonError {
        let rest = self.text.get(at..).unwrap_or_default();
        let end = rest.iter().position(|byte| *byte == 0).unwrap_or(rest.len());
        let mut fragment = &rest[..end.min(FRAGMENT)];
        if fragment.len() == FRAGMENT {
            while let [shorter @ .., 0x80..=0xBF] = fragment {
                fragment = shorter;
            }
            if let [shorter @ .., 0xC0..=0xFF] = fragment {
                fragment = shorter;
            }
        }
        JsonError::new(format!("{before}{}{after}", String::from_utf8_lossy(fragment)), self.text, at)
    }

    fn token_error(&self) -> JsonError {
        self.error_at("unexpected token at '", self.at, "'")
    }

    fn space(&mut self) -> Result<()> {
        while let Some(byte) = self.peek() {
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' => self.at += 1,
                b'/' => self.comment()?,
                _ => break,
            }
        }
        Ok(())
    }

    fn comment(&mut self) -> Result<()> {
        let rest = &self.text[self.at..];
        match rest.get(1) {
            Some(b'/') => {
                self.at += rest.iter().position(|byte| *byte == b'\n').map_or(rest.len(), |end| end + 1);
                Ok(())
            }
            Some(b'*') => match rest[2..].windows(2).position(|pair| pair == b"*/") {
                Some(end) => {
                    self.at += end + 4;
                    Ok(())
                }
                None => Err(self.plain("unexpected end of input, expected closing '*/'")),
            },
            _ => Err(self.token_error()),
        }
    }

    fn value(&mut self) -> Result<Value> {
        if !(self.step)() {
            return Err(self.plain("stopped"));
        }
        self.space()?;
        match self.peek() {
            None => Err(self.plain("unexpected end of input")),
            Some(b'n') => self.word(b"null", Value::Nil),
            Some(b't') => self.word(b"true", Value::True),
            Some(b'f') => self.word(b"false", Value::False),
            Some(b'N') => self.special(b"NaN", f64::NAN),
            Some(b'I') => self.special(b"Infinity", f64::INFINITY),
            Some(b'-') if self.text[self.at..].starts_with(b"-Infinity") => {
                self.special(b"-Infinity", f64::NEG_INFINITY)
            }
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b'"') => self.string().map(|bytes| Value::Str(Str::owned(bytes, Encoding::Utf8).into())),
            Some(b'[') => self.array(),
            Some(b'{') => self.object(),
            Some(_) => Err(self.error_at("unexpected character: '", self.at, "'")),
        }
    }

    fn word(&mut self, word: &[u8], value: Value) -> Result<Value> {
        if !self.text[self.at..].starts_with(word) {
            return Err(self.token_error());
        }
        self.at += word.len();
        Ok(value)
    }

    fn special(&mut self, word: &[u8], value: f64) -> Result<Value> {
        if !self.options.allow_nan {
            return Err(self.token_error());
        }
        self.word(word, Value::float(value))
    }

    fn digits(&mut self) -> usize {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        self.at - start
    }

    fn number(&mut self) -> Result<Value> {
        let start = self.at;
        self.at += usize::from(self.peek() == Some(b'-'));
        let leading_zero = self.peek() == Some(b'0');
        let digits = self.digits();
        if digits == 0 || (leading_zero && digits > 1) {
            return Err(self.error_at("invalid number: ", start, ""));
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            if self.digits() == 0 {
                return Err(self.error_at("invalid number: ", self.at, ""));
            }
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            self.at += usize::from(matches!(self.peek(), Some(b'+' | b'-')));
            if self.digits() == 0 {
                return Err(self.error_at("invalid number: ", self.at, ""));
            }
        }
        Ok(number(&String::from_utf8_lossy(&self.text[start..self.at])))
    }

    fn open(&mut self) -> Result<()> {
        self.depth += 1;
        let most = if self.options.max_nesting == 0 { DEPTH } else { self.options.max_nesting };
        if self.depth > most { Err(JsonError::too_deep(self.depth, self.text, self.at)) } else { Ok(()) }
    }

    fn array(&mut self) -> Result<Value> {
        self.at += 1;
        self.space()?;
        let mut items = Vec::new();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(Value::array(items));
        }
        self.open()?;
        loop {
            items.push(self.value()?);
            self.space()?;
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => break,
                _ => return Err(self.plain("expected ',' or ']' after array value")),
            }
        }
        self.at += 1;
        self.depth -= 1;
        Ok(Value::array(items))
    }

    fn object(&mut self) -> Result<Value> {
        self.at += 1;
        self.space()?;
        let hash = Hash::new();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(Value::hash(hash));
        }
        self.open()?;
        let mut first = true;
        loop {
            let key = self.key(first)?;
            hash.insert(key, self.value()?);
            self.space()?;
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => break,
                _ => return Err(self.error_at("expected ',' or '}' after object value, got: '", self.at, "'")),
            }
            self.space()?;
            first = false;
        }
        self.at += 1;
        self.depth -= 1;
        Ok(Value::hash(hash))
    }

    /// A key with its colon. The error of a first key is worded differently from that of the others.
    fn key(&mut self, first: bool) -> Result<Value> {
        if self.peek() != Some(b'"') {
            let (before, after) =
                if first { ("expected object key, got '", "") } else { ("expected object key, got: '", "'") };
            return Err(self.error_at(before, self.at, after));
        }
        let bytes = self.string()?;
        self.space()?;
        if self.peek() != Some(b':') {
            return Err(if first {
                self.plain("expected ':' after object key")
            } else {
                self.error_at("expected ':' after object key, got: '", self.at, "")
            });
        }
        self.at += 1;
        let text = String::from_utf8_lossy(&bytes);
        Ok(if self.options.symbolize_names { Value::symbol(&text) } else { self.keys.get(&text) })
    }

    fn string(&mut self) -> Result<Vec<u8>> {
        self.at += 1;
        let start = self.at;
        loop {
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => {
                    self.at += 1;
                    if self.peek().is_some_and(|byte| byte < 0x20) {
                        return Err(self.error_at("invalid ASCII control character in string: ", self.at, ""));
                    }
                    self.at += 1;
                }
                Some(0..0x20) => {
                    return Err(self.error_at("invalid ASCII control character in string: ", self.at, ""));
                }
                Some(_) => self.at += 1,
                None => return Err(self.plain("unexpected end of input, expected closing \"")),
            }
        }
        let raw = start..self.at;
        self.at += 1;
        self.unescape(raw)
    }

    fn unescape(&self, raw: std::ops::Range<usize>) -> Result<Vec<u8>> {
        let mut out = Vec::with_capacity(raw.len());
        let mut at = raw.start;
        while at < raw.end {
            let byte = self.text[at];
            at += 1;
            if byte != b'\\' {
                out.push(byte);
                continue;
            }
            let escaped = self.text[at];
            at += 1;
            match escaped {
                b'n' => out.push(b'\n'),
                b'r' => out.push(b'\r'),
                b't' => out.push(b'\t'),
                b'b' => out.push(8),
                b'f' => out.push(12),
                b'u' => at = self.unicode(at, raw.end, &mut out)?,
                other => out.push(other),
            }
        }
        Ok(out)
    }

    /// `\uXXXX` whose digits begin at `at`, with the second half of a surrogate pair; answers where it ends.
    fn unicode(&self, at: usize, end: usize, out: &mut Vec<u8>) -> Result<usize> {
        let high = self.hex4(at, end)?;
        if high & 0xFC00 != 0xD800 {
            push_code_unit(high, out);
            return Ok(at + 4);
        }
        let next = at + 4;
        if next + 6 > end {
            return Err(self.error_at("incomplete surrogate pair at '", at - 2, "'"));
        }
        if &self.text[next..next + 2] != b"\\u" {
            out.push(b'?');
            return Ok(next);
        }
        let low = self.hex4(next + 2, end)?;
        let code = ((high & 0x3F) << 10) | (((high >> 6 & 0xF) + 1) << 16) | (low & 0x3FF);
        if let Some(found) = char::from_u32(code) {
            out.extend_from_slice(found.encode_utf8(&mut [0; 4]).as_bytes());
        }
        Ok(next + 6)
    }

    fn hex4(&self, at: usize, end: usize) -> Result<u32> {
        let digits = self.text.get(at..at + 4).filter(|_| at + 4 <= end);
        digits
            .filter(|digits| digits.iter().all(u8::is_ascii_hexdigit))
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u32::from_str_radix(digits, 16).ok())
            .ok_or_else(|| self.error_at("incomplete unicode character escape sequence at '", at - 2, "'"))
    }
}

/// A code unit below U+10000 in UTF-8; a lone low surrogate gives its three (invalid) bytes, as Ruby does.
fn push_code_unit(code: u32, out: &mut Vec<u8>) {
    match char::from_u32(code) {
        Some(found) => out.extend_from_slice(found.encode_utf8(&mut [0; 4]).as_bytes()),
        None => out.extend([0xE0 | (code >> 12) as u8, 0x80 | (code >> 6 & 0x3F) as u8, 0x80 | (code & 0x3F) as u8]),
    }
}
