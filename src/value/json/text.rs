//! How strings and numbers are written inside JSON.

use crate::value::{ClassId, Encoding, Result, Str, raise};

/// Which characters are escaped beyond those that must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Escape {
    /// Only what the standard asks for.
    Plain,
    /// Also `<`, `>`, `&` and the line separators: safe inside a web page, and what signatures are computed over.
    Html,
}

/// Writes a string with its quotes.
pub(super) fn write_string(text: &str, escape: Escape, out: &mut String) {
    out.push('"');
    let mut clean = 0;
    for (at, c) in text.char_indices() {
        let Some(escaped) = escaped(c, escape) else { continue };
        out.push_str(&text[clean..at]);
        match escaped {
            Escaped::Short(letter) => out.extend(['\\', letter]),
            Escaped::Code => out.push_str(&format!("\\u{:04x}", c as u32)),
        }
        clean = at + c.len_utf8();
    }
    out.push_str(&text[clean..]);
    out.push('"');
}

enum Escaped {
    Short(char),
    Code,
}

const fn escaped(c: char, escape: Escape) -> Option<Escaped> {
    Some(match c {
        '"' | '\\' => Escaped::Short(c),
        '\n' => Escaped::Short('n'),
        '\r' => Escaped::Short('r'),
        '\t' => Escaped::Short('t'),
        '\u{8}' => Escaped::Short('b'),
        '\u{c}' => Escaped::Short('f'),
        '\0'..='\u{1f}' => Escaped::Code,
        '<' | '>' | '&' | '\u{2028}' | '\u{2029}' if matches!(escape, Escape::Html) => Escaped::Code,
        _ => return None,
    })
}

/// The string as UTF-8, or the error of a string that cannot be written.
pub(super) fn with_utf8<T>(text: &Str, read: impl FnOnce(&str) -> T) -> Result<T> {
    if let Some(valid) = text.text() {
        return Ok(read(&valid));
    }
    let message = if text.encoding() == Encoding::Utf8 {
        "source sequence is illegal/malformed utf-8".to_owned()
    } else {
        let first = text.bytes().iter().copied().find(|byte| !byte.is_ascii()).unwrap_or_default();
        format!("\"\\x{first:02X}\" from {} to UTF-8", text.encoding().name())
    };
    Err(raise(ClassId::JSON_GENERATOR_ERROR, message))
}

/// The bytes in hexadecimal, as Binary prints itself: at most 128 bytes, then how many more there are.
pub(super) fn hex_preview(bytes: &[u8]) -> String {
    hex_preview_of(bytes, bytes.len() as u64)
}

/// The same for bytes of which only the first are at hand, and how many there are in all.
pub fn hex_preview_of(first: &[u8], length: u64) -> String {
    const MOST: usize = 128;
    let shown = &first[..first.len().min(MOST)];
    let mut out = format!("0x{}", hex::encode(shown));
    if length > MOST as u64 {
        out.push_str(&format!("…({} bytes more)", length - MOST as u64));
    }
    out
}
