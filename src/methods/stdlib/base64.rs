//! `Base64`.

use super::{ascii_value, bytes_arg, bytes_value};
use crate::methods::{Args, Host, Method, ruby};
use crate::value::{ClassId, Result, Value, raise};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE, URL_SAFE_NO_PAD};

pub(super) const ROWS: &[Method] = &[
    ruby(
        "decode64",
        "(text) -> String",
        "Bytes of a text; what is no Base64 in it is skipped.",
        "Base64.decode64('eA==') => \"x\"\nBase64.decode64('e A') => \"x\"",
        |_, _, args| Ok(bytes_value(lenient_base64(&bytes_arg(&args, 0)?))),
    ),
    ruby(
        "encode64",
        "(bytes) -> String",
        "Text in lines of 60 characters.",
        "Base64.encode64('x') => \"eA==\\n\"\nBase64.encode64('') => \"\"",
        |_, _, args| {
            let encoded = STANDARD.encode(bytes_arg(&args, 0)?);
            let mut lines = String::with_capacity(encoded.len() + encoded.len() / 60 + 1);
            for line in encoded.as_bytes().chunks(60) {
                lines.push_str(&String::from_utf8_lossy(line));
                lines.push('\n');
            }
            Ok(ascii_value(lines))
        },
    ),
    ruby(
        "strict_decode64",
        "(text) -> String",
        "Bytes of a text; anything wrong is an error.",
        "Base64.strict_decode64('eA==') => \"x\"\nBase64.strict_decode64('eA') => ArgumentError: invalid base64",
        |_, _, args| strict(&bytes_arg(&args, 0)?),
    ),
    ruby(
        "strict_encode64",
        "(bytes) -> String",
        "Text on one line.",
        "Base64.strict_encode64('x') => \"eA==\"",
        |_, _, args| Ok(ascii_value(STANDARD.encode(bytes_arg(&args, 0)?))),
    ),
    ruby(
        "urlsafe_decode64",
        "(text) -> String",
        "Bytes of a text with `-` and `_`; padding may be missing.",
        "Base64.urlsafe_decode64('Pz8-Pg') => \"??>>\"\nBase64.urlsafe_decode64('a') => ArgumentError: invalid base64",
        urlsafe_decode,
    ),
    ruby(
        "urlsafe_encode64",
        "(bytes, padding: true) -> String",
        "Text on one line with `-` and `_` for `+` and `/`.",
        "Base64.urlsafe_encode64('??>>') => \"Pz8-Pg==\"\nBase64.urlsafe_encode64('??>>', padding: false) => \"Pz8-Pg\"",
        |_, _, mut args| {
            let padding = args.take_keywords().and_then(|options| options.get(&Value::symbol("padding")));
            let engine = if padding.is_none_or(|padding| padding.truthy()) { URL_SAFE } else { URL_SAFE_NO_PAD };
            Ok(ascii_value(engine.encode(bytes_arg(&args, 0)?)))
        },
    ),
];

fn strict(text: &[u8]) -> Result<Value> {
    STANDARD.decode(text).map(bytes_value).map_err(|_| raise(ClassId::ARGUMENT_ERROR, "invalid base64"))
}

fn urlsafe_decode(_: &mut dyn Host, _: &Value, args: Args) -> Result<Value> {
    let mut text = bytes_arg(&args, 0)?;
    for byte in &mut text {
        *byte = match *byte {
            b'-' => b'+',
            b'_' => b'/',
            other => other,
        };
    }
    if !text.ends_with(b"=") && text.len() % 4 != 0 {
        text.resize(text.len().next_multiple_of(4), b'=');
    }
    strict(&text)
}

/// Ruby's `unpack('m')`: other characters are skipped, padding ends the text.
pub fn lenient_base64(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let mut group = [0; 4];
    let mut filled = 0;
    for byte in text {
        let Some(bits) = sextet(*byte) else {
            if *byte == b'=' && filled >= 2 {
                break;
            }
            continue;
        };
        group[filled] = bits;
        filled += 1;
        if filled == 4 {
            out.extend([group[0] << 2 | group[1] >> 4, group[1] << 4 | group[2] >> 2, group[2] << 6 | group[3]]);
            filled = 0;
        }
    }
    if filled >= 2 {
        out.push(group[0] << 2 | group[1] >> 4);
    }
    if filled == 3 {
        out.push(group[1] << 4 | group[2] >> 2);
    }
    out
}

const fn sextet(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
}
