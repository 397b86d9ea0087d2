//! ASCII for Latin letters: `transliterate`.

use super::text::{invalid_bytes, require_compatible, text_of, this};
use crate::methods::{Method, sdk};
use crate::value::{ClassId, Encoding, Result, Str, Value, raise};
use std::rc::Rc;
use unicode_normalization::UnicodeNormalization;

pub(super) const ROWS: &[Method] = &[sdk(
    "transliterate",
    "(replacement = '?') -> String",
    "Latin letters as ASCII; what has no likeness there is replaced.",
    "'Müller ☃'.transliterate => \"Muller ?\"",
    |host, receiver, args| {
        let text = this(receiver)?;
        if !text.is_valid() {
            return Err(invalid_bytes(text));
        }
        if !text.is_ascii() && text.encoding() != Encoding::Utf8 {
            let message =
                format!("incompatible encoding regexp match (UTF-8 regexp with {} string)", text.encoding().name());
            return Err(raise(ClassId::COMPATIBILITY_ERROR, message));
        }
        let replacement = match args.given(0) {
            None | Some(Value::Nil) => Rc::new(Str::from("?")),
            Some(value) => text_of(host, value)?,
        };
        require_compatible(text, &replacement)?;
        Ok(transliterate(&text.to_text(), &replacement.to_text()).into())
    },
)];

/// Letters whose likeness is not what is left without their accents.
const SPECIAL: &[(char, &str)] = &[
    ('Æ', "AE"),
    ('Ð', "D"),
    ('×', "x"),
    ('Ø', "O"),
    ('Þ', "Th"),
    ('ß', "ss"),
    ('æ', "ae"),
    ('ð', "d"),
    ('ø', "o"),
    ('þ', "th"),
    ('Đ', "D"),
    ('đ', "d"),
    ('Ħ', "H"),
    ('ħ', "h"),
    ('ı', "i"),
    ('Ĳ', "IJ"),
    ('ĳ', "ij"),
    ('ĸ', "k"),
    ('Ŀ', "L"),
    ('ŀ', "l"),
    ('Ł', "L"),
    ('ł', "l"),
    ('ŉ', "'n"),
    ('Ŋ', "NG"),
    ('ŋ', "ng"),
    ('Œ', "OE"),
    ('œ', "oe"),
    ('Ŧ', "T"),
    ('ŧ', "t"),
];

fn transliterate(text: &str, replacement: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii() {
            out.push(c);
            continue;
        }
        let special = SPECIAL.iter().find(|(letter, _)| *letter == c).map(|(_, ascii)| *ascii);
        // The table that the rule comes from ends with Latin Extended-A.
        let base = ('\u{c0}'..='\u{17e}').contains(&c).then(|| c.nfd().next()).flatten().filter(char::is_ascii);
        match (special, base) {
            (Some(ascii), _) => out.push_str(ascii),
            (None, Some(letter)) => out.push(letter),
            (None, None) => out.push_str(replacement),
        }
    }
    out
}

/// What `parameterize` begins with: composed characters, bytes that are no UTF-8 read as Windows-1252.
pub(super) fn approximate(text: &Str) -> Result<Rc<Str>> {
    if !matches!(text.encoding(), Encoding::Utf8 | Encoding::UsAscii | Encoding::Other("GB18030")) {
        let message = format!("Cannot transliterate strings with {} encoding", text.encoding().name());
        return Err(raise(ClassId::ARGUMENT_ERROR, message));
    }
    let mut tidy = String::with_capacity(text.len());
    for chunk in text.bytes().utf8_chunks() {
        tidy.push_str(chunk.valid());
        tidy.push_str(&encoding_rs::WINDOWS_1252.decode_without_bom_handling(chunk.invalid()).0);
    }
    let composed: String = tidy.nfc().collect();
    Ok(Rc::new(Str::from(transliterate(&composed, "?"))))
}
