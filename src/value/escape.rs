//! How strings print in `inspect` and `dump`.

use super::encoding::Layout;
use super::printable::is_printable;
use super::string::Steps;
use super::{Encoding, Str};

/// `"…".inspect`: escapes as Ruby writes them.
pub fn inspect_string(text: &Str, out: &mut Vec<u8>) {
    let bytes = text.bytes();
    out.push(b'"');
    match text.layout() {
        Layout::Utf8 => {
            for chunk in bytes.utf8_chunks() {
                let valid = chunk.valid();
                for (at, c) in valid.char_indices() {
                    write_unicode(c, valid.as_bytes().get(at + c.len_utf8()).copied(), out);
                }
                write_hex(chunk.invalid(), out);
            }
        }
        layout => write_encoded(&bytes, layout, text.encoding(), out),
    }
    out.push(b'"');
}

/// Characters of an encoding other than UTF-8: ASCII as it is, Unicode as `\u`, the rest as bytes.
fn write_encoded(bytes: &[u8], layout: Layout, encoding: Encoding, out: &mut Vec<u8>) {
    let mut at = 0;
    for step in (Steps { layout, rest: bytes }) {
        let unit = bytes.get(at..at + step.len).unwrap_or_default();
        at += step.len;
        match decode_unit(unit, layout) {
            Some(c) if step.valid && encoding.is_unicode() => {
                if c.is_ascii() {
                    let next = bytes.get(at..at + layout.unit()).and_then(|next| decode_unit(next, layout));
                    write_unicode(c, next.map(|next| next as u8), out);
                } else {
                    write_code(c as u32, out);
                }
            }
            Some(c) if c.is_ascii() => write_byte(c as u8, bytes.get(at).copied(), out),
            _ if step.valid && step.len > 1 => {
                out.extend_from_slice(b"\\x{");
                out.extend_from_slice(hex::encode_upper(unit).as_bytes());
                out.push(b'}');
            }
            _ => write_hex(unit, out),
        }
    }
}

/// The character of one unit, where this layout says it without a table.
fn decode_unit(unit: &[u8], layout: Layout) -> Option<char> {
    match (layout, unit) {
        (Layout::Utf16 { big }, _) => {
            let units = unit.chunks_exact(2).filter_map(<[u8]>::first_chunk);
            let units = units.map(|pair| if big { u16::from_be_bytes(*pair) } else { u16::from_le_bytes(*pair) });
            char::decode_utf16(units).next()?.ok()
        }
        (Layout::Utf32 { big }, _) => {
            let unit = unit.first_chunk()?;
            char::from_u32(if big { u32::from_be_bytes(*unit) } else { u32::from_le_bytes(*unit) })
        }
        (_, [byte]) if byte.is_ascii() => Some(char::from(*byte)),
        _ => None,
    }
}

fn write_hex(bytes: &[u8], out: &mut Vec<u8>) {
    for byte in bytes {
        out.extend_from_slice(b"\\x");
        out.extend_from_slice(hex::encode_upper([*byte]).as_bytes());
    }
}

fn write_code(code: u32, out: &mut Vec<u8>) {
    let text = if code > 0xffff { format!("\\u{{{code:X}}}") } else { format!("\\u{code:04X}") };
    out.extend_from_slice(text.as_bytes());
}

fn write_unicode(c: char, next: Option<u8>, out: &mut Vec<u8>) {
    if let Some(short) = short_escape(c, next) {
        out.extend_from_slice(short.as_bytes());
    } else if is_printable(c) {
        out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
    } else {
        write_code(c as u32, out);
    }
}

/// A byte of a string that is not Unicode.
fn write_byte(byte: u8, next: Option<u8>, out: &mut Vec<u8>) {
    if let Some(short) = short_escape(char::from(byte), next) {
        out.extend_from_slice(short.as_bytes());
    } else if (0x20..0x7f).contains(&byte) {
        out.push(byte);
    } else {
        write_hex(&[byte], out);
    }
}

/// Escapes with a letter; `#` is escaped where it would begin an interpolation.
const fn short_escape(c: char, next: Option<u8>) -> Option<&'static str> {
    Some(match c {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\n' => "\\n",
        '\t' => "\\t",
        '\r' => "\\r",
        '\u{7}' => "\\a",
        '\u{8}' => "\\b",
        '\u{b}' => "\\v",
        '\u{c}' => "\\f",
        '\u{1b}' => "\\e",
        '#' if matches!(next, Some(b'{' | b'$' | b'@')) => "\\#",
        _ => return None,
    })
}

/// `"…".dump`: ASCII only, so that it reads back anywhere.
pub fn dump_string(text: &Str) -> String {
    let bytes = text.bytes();
    let mut out = vec![b'"'];
    if text.layout() == Layout::Utf8 {
        for chunk in bytes.utf8_chunks() {
            let valid = chunk.valid();
            for (at, c) in valid.char_indices() {
                if c.is_ascii() {
                    write_byte(c as u8, valid.as_bytes().get(at + 1).copied(), &mut out);
                } else {
                    write_code(c as u32, &mut out);
                }
            }
            write_hex(chunk.invalid(), &mut out);
        }
    } else {
        for (at, byte) in bytes.iter().enumerate() {
            write_byte(*byte, bytes.get(at + 1).copied(), &mut out);
        }
    }
    out.push(b'"');
    let mut out = String::from_utf8_lossy(&out).into_owned();
    if !text.encoding().is_ascii_compatible() {
        out.push_str(".dup.force_encoding(\"");
        out.push_str(text.encoding().name());
        out.push_str("\")");
    }
    out
}
