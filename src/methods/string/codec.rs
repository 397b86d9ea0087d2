//! Bytes as text and back: base64, hexadecimal, URL encoding, and the SDK's Binary.

use super::text::{like, text_arg, this};
use crate::methods::pack;
use crate::methods::{Method, sdk};
use crate::value::{ClassId, Encoding, Result, Str, StrClass, Value, raise};
use std::rc::Rc;

pub(super) const ROWS: &[Method] = &[
    sdk(
        "as_string",
        "(encoding) -> String",
        "Bytes as text of an encoding, what is no character there replaced.",
        "'6Q=='.decode_base64.as_string('ISO-8859-1').encode('UTF-8') => \"é\"",
        |host, receiver, args| {
            let name = text_arg(host, &args, 0)?.to_text();
            let encoding = Encoding::find(&name)
                .ok_or_else(|| raise(ClassId::ARGUMENT_ERROR, format!("unknown encoding name - {name}")))?;
            as_string(this(receiver)?, encoding)
        },
    ),
    sdk(
        "as_utf8",
        "() -> String",
        "Bytes as UTF-8 text, what is no character replaced.",
        "'w6k='.decode_base64.as_utf8 => \"é\"",
        |_, receiver, _| as_string(this(receiver)?, Encoding::Utf8),
    ),
    sdk(
        "binary?",
        "() -> Boolean",
        "Bytes rather than text.",
        "'YQ=='.decode_base64.binary? => true\n'a'.binary? => false",
        |_, receiver, _| {
            let text = this(receiver)?;
            Ok(match text.class() {
                StrClass::Binary => true,
                StrClass::Unicode => false,
                StrClass::Plain | StrClass::Safe => text.encoding() == Encoding::Binary,
            }
            .into())
        },
    ),
    sdk(
        "decode_base64",
        "() -> Binary",
        "The bytes that base64 spells; other characters are skipped.",
        "'YWJj'.decode_base64 => \"abc\"",
        |_, receiver, _| Ok(Value::binary(pack::base64_lenient(&this(receiver)?.bytes()))),
    ),
    sdk(
        "decode_hex",
        "() -> Binary",
        "The bytes that hexadecimal digits spell.",
        "'616263'.decode_hex => \"abc\"",
        |_, it, _| {
            let text = this(it)?;
            let bytes = text.bytes();
            Ok(Value::binary(pack::hex_pack(&bytes, bytes.len(), true)))
        },
    ),
    sdk(
        "decode_url",
        "() -> String",
        "The text that URL encoding spells; `+` is a space.",
        "'a+b%20c%26'.decode_url => \"a b c&\"",
        |_, receiver, _| {
            let text = this(receiver)?;
            let decoded = decode_url(&text.bytes());
            let is_text = std::str::from_utf8(&decoded).is_ok();
            Ok(Value::Str(Rc::new(Str::owned(decoded, if is_text { Encoding::Utf8 } else { text.encoding() }))))
        },
    ),
    sdk(
        "decode_urlsafe_base64",
        "() -> Binary",
        "The bytes that base64 with `-` and `_` spells, with or without padding.",
        "'YT8-fg'.decode_urlsafe_base64.as_utf8 => \"a?>~\"",
        |_, receiver, _| {
            let text = this(receiver)?;
            let invalid = || raise(ClassId::ARGUMENT_ERROR, "invalid base64");
            urlsafe_decode(&text.bytes()).map(Value::binary).ok_or_else(invalid)
        },
    ),
    sdk(
        "encode_base64 base64",
        "() -> String",
        "As base64 in one line.",
        "'é€'.encode_base64 => \"w6nigqw=\"",
        |_, receiver, _| Ok(ascii(&pack::base64(&this(receiver)?.bytes(), 0))),
    ),
    sdk(
        "encode_hex to_hex",
        "() -> String",
        "As hexadecimal digits.",
        "'é'.encode_hex => \"c3a9\"",
        |_, receiver, _| Ok(ascii(&hex::encode(&*this(receiver)?.bytes()))),
    ),
    sdk(
        "encode_url",
        "() -> String",
        "With all but letters, digits and `-_.~` as `%` and two digits.",
        "'a b&c/é'.encode_url => \"a%20b%26c%2F%C3%A9\"",
        |_, receiver, _| {
            let text = this(receiver)?;
            let mut out = Vec::with_capacity(text.len() + 8);
            for byte in text.bytes().iter() {
                if byte.is_ascii_alphanumeric() || b"-_.~".contains(byte) {
                    out.push(*byte);
                } else {
                    out.extend_from_slice(format!("%{byte:02X}").as_bytes());
                }
            }
            Ok(Value::Str(Rc::new(Str::owned(out, Encoding::Binary))))
        },
    ),
    sdk(
        "encode_urlsafe_base64",
        "() -> String",
        "As base64 with `-` and `_`, padded.",
        "'a?>~'.encode_urlsafe_base64 => \"YT8-fg==\"",
        |_, receiver, _| {
            let text = pack::base64(&this(receiver)?.bytes(), 0).replace('+', "-").replace('/', "_");
            Ok(ascii(&text))
        },
    ),
];

/// ASCII text made of a string.
fn ascii(text: &str) -> Value {
    Value::Str(Rc::new(Str::of(text.as_bytes(), Encoding::UsAscii)))
}

fn as_string(text: &Str, encoding: Encoding) -> Result<Value> {
    let bytes = text.bytes();
    if encoding == Encoding::Utf8 {
        return Ok(String::from_utf8_lossy(&bytes).into_owned().into());
    }
    // The same encoding on both sides converts nothing; only broken characters go.
    let kept = Str::of(&bytes, encoding);
    if kept.is_valid() {
        return Ok(Value::Str(Rc::new(kept)));
    }
    let layout = encoding.layout();
    let mut rest = &*bytes;
    let mut out = Vec::with_capacity(bytes.len());
    while !rest.is_empty() {
        let step = layout.step(rest);
        let (unit, after) = rest.split_at(step.len.min(rest.len()));
        rest = after;
        let valid = step.valid && (encoding != Encoding::UsAscii || unit.is_ascii());
        out.extend_from_slice(if valid { unit } else { b"?" });
    }
    Ok(like(&kept, out))
}

fn decode_url(bytes: &[u8]) -> Vec<u8> {
    let digit = |byte: Option<&u8>| byte.and_then(|byte| char::from(*byte).to_digit(16));
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        at += 1;
        match (byte, digit(bytes.get(at)), digit(bytes.get(at + 1))) {
            (b'%', Some(high), Some(low)) => {
                out.push((high * 16 + low) as u8);
                at += 2;
            }
            (b'+', _, _) => out.push(b' '),
            (other, _, _) => out.push(*other),
        }
    }
    out
}

fn urlsafe_decode(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut text: Vec<u8> = bytes
        .iter()
        .map(|byte| match byte {
            b'-' => b'+',
            b'_' => b'/',
            other => *other,
        })
        .collect();
    if !text.ends_with(b"=") {
        while !text.len().is_multiple_of(4) {
            text.push(b'=');
        }
    }
    pack::base64_strict(&text)
}
