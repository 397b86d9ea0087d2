//! White space and line ends off the sides: `strip`, `chomp`, `chop`, `squish`, `delete_prefix` …

use super::text::{bang, invalid_bytes, like, plain, require_compatible, text_arg, this};
use crate::methods::{Args, Host, Method, rails, ruby};
use crate::value::{Encoding, Result, Str, Value};

pub(super) const ROWS: &[Method] = &[
    ruby(
        "chomp",
        "(ending = nil) -> String",
        "Without the line end, or without that ending.",
        "\"a\\r\\n\".chomp => \"a\"\n'hello'.chomp('lo') => \"hel\"",
        |host, receiver, args| cut(receiver, chomp(host, receiver, &args)?),
    ),
    ruby(
        "chomp!",
        "(ending = nil) -> String",
        "`chomp` in place; nil if nothing was cut.",
        "s = +\"a\\n\"; s.chomp!; s => \"a\"",
        |host, receiver, args| cut_in_place(receiver, chomp(host, receiver, &args)?),
    ),
    ruby(
        "chop",
        "() -> String",
        "Without the last character (`\\r\\n` is one).",
        "'hello'.chop => \"hell\"",
        |_, receiver, _| cut(receiver, chop(this(receiver)?)),
    ),
    ruby(
        "chop!",
        "() -> String",
        "`chop` in place; nil for an empty text.",
        "s = +'ab'; s.chop!; s => \"a\"",
        |_, receiver, _| cut_in_place(receiver, chop(this(receiver)?)),
    ),
    ruby(
        "delete_prefix",
        "(prefix) -> String",
        "Without that beginning.",
        "'hello'.delete_prefix('he') => \"llo\"",
        |host, receiver, args| cut(receiver, prefix(host, receiver, &args)?),
    ),
    ruby(
        "delete_prefix!",
        "(prefix) -> String",
        "`delete_prefix` in place; nil if it was not there.",
        "'hello'.dup.delete_prefix!('x') => nil",
        |host, receiver, args| cut_in_place(receiver, prefix(host, receiver, &args)?),
    ),
    ruby(
        "delete_suffix",
        "(suffix) -> String",
        "Without that ending.",
        "'hello'.delete_suffix('llo') => \"he\"",
        |host, receiver, args| cut(receiver, suffix(host, receiver, &args)?),
    ),
    ruby(
        "delete_suffix!",
        "(suffix) -> String",
        "`delete_suffix` in place; nil if it was not there.",
        "'hello'.dup.delete_suffix!('x') => nil",
        |host, receiver, args| cut_in_place(receiver, suffix(host, receiver, &args)?),
    ),
    ruby("lstrip", "() -> String", "Without white space in front.", "\"\\n a \".lstrip => \"a \"", |_, receiver, _| {
        let text = this(receiver)?;
        cut(receiver, (left(text), text.len()))
    }),
    ruby(
        "lstrip!",
        "() -> String",
        "`lstrip` in place; nil if there was none.",
        "s = +' a'; s.lstrip!; s => \"a\"",
        |_, receiver, _| {
            let text = this(receiver)?;
            cut_in_place(receiver, (left(text), text.len()))
        },
    ),
    ruby(
        "rstrip",
        "() -> String",
        "Without white space at the end.",
        "\" a \\n\".rstrip => \" a\"",
        |_, receiver, _| {
            let text = this(receiver)?;
            cut(receiver, (0, right(text)?))
        },
    ),
    ruby(
        "rstrip!",
        "() -> String",
        "`rstrip` in place; nil if there was none.",
        "s = +'a '; s.rstrip!; s => \"a\"",
        |_, receiver, _| cut_in_place(receiver, (0, right(this(receiver)?)?)),
    ),
    rails(
        "squish",
        "() -> String",
        "Without white space at the sides, and with each run inside made one space.",
        "\"\\u00a0 x \\n y\".squish => \"x y\"",
        |_, receiver, _| Ok(like(this(receiver)?, squish(this(receiver)?)?)),
    ),
    rails(
        "squish!",
        "() -> String",
        "`squish` in place.",
        "s = +' a  b '; s.squish!; s => \"a b\"",
        |_, receiver, _| {
            let text = super::text::thawed(receiver)?;
            let squished = squish(text)?;
            super::text::put(text, squished);
            Ok(receiver.clone())
        },
    ),
    ruby(
        "strip",
        "() -> String",
        "Without white space (and NUL) at both sides.",
        "\"  a b\\n\".strip => \"a b\"",
        |_, receiver, _| cut(receiver, sides(this(receiver)?)?),
    ),
    ruby(
        "strip!",
        "() -> String",
        "`strip` in place; nil if there was none.",
        "s = +' a '; s.strip!; s => \"a\"",
        |_, receiver, _| cut_in_place(receiver, sides(this(receiver)?)?),
    ),
];

type Cut = (usize, usize);

fn cut(receiver: &Value, (lo, hi): Cut) -> Result<Value> {
    let text = this(receiver)?;
    if (lo, hi) == (0, text.len()) {
        return Ok(plain(text));
    }
    Ok(super::text::part(text, lo, hi))
}

fn cut_in_place(receiver: &Value, (lo, hi): Cut) -> Result<Value> {
    let text = this(receiver)?;
    let changed = ((lo, hi) != (0, text.len())).then(|| text.bytes().get(lo..hi).unwrap_or_default().to_vec());
    bang(receiver, changed)
}

const fn is_space(byte: u8) -> bool {
    matches!(byte, b'\t'..=b'\r' | b' ' | 0)
}

fn left(text: &Str) -> usize {
    let bytes = text.bytes();
    bytes.iter().position(|byte| !is_space(*byte)).unwrap_or(bytes.len())
}

fn right(text: &Str) -> Result<usize> {
    if !text.is_valid() {
        return Err(invalid_bytes(text));
    }
    let bytes = text.bytes();
    Ok(bytes.iter().rposition(|byte| !is_space(*byte)).map_or(0, |at| at + 1))
}

fn sides(text: &Str) -> Result<Cut> {
    let lo = left(text);
    Ok((lo, right(text)?.max(lo)))
}

fn chomp(host: &mut dyn Host, receiver: &Value, args: &Args) -> Result<Cut> {
    let text = this(receiver)?;
    let ending = match args.given(0) {
        Some(Value::Nil) => return Ok((0, text.len())),
        Some(_) => Some(text_arg(host, args, 0)?),
        None => None,
    };
    let bytes = text.bytes();
    let end = match &ending {
        None => without_line_end(&bytes),
        Some(ending) if *ending.bytes() == *b"\n" => without_line_end(&bytes),
        Some(ending) if ending.is_empty() => {
            let mut rest = &*bytes;
            while let Some(less) = rest.strip_suffix(b"\n") {
                rest = less.strip_suffix(b"\r").unwrap_or(less);
            }
            rest.len()
        }
        Some(ending) => bytes.strip_suffix(&*ending.bytes()).map_or(bytes.len(), <[u8]>::len),
    };
    Ok((0, end))
}

fn without_line_end(bytes: &[u8]) -> usize {
    let rest = match bytes {
        [rest @ .., b'\r', b'\n'] | [rest @ .., b'\n' | b'\r'] => rest,
        all => all,
    };
    rest.len()
}

fn chop(text: &Str) -> Cut {
    let bytes = text.bytes();
    if bytes.ends_with(b"\r\n") {
        return (0, bytes.len() - 2);
    }
    drop(bytes);
    let last = text.char_count().saturating_sub(1);
    (0, text.char_start(last).unwrap_or(0))
}

fn prefix(host: &mut dyn Host, receiver: &Value, args: &Args) -> Result<Cut> {
    let text = this(receiver)?;
    let prefix = text_arg(host, args, 0)?;
    require_compatible(text, &prefix)?;
    let lo = if text.bytes().starts_with(&prefix.bytes()) { prefix.len() } else { 0 };
    Ok((lo, text.len()))
}

fn suffix(host: &mut dyn Host, receiver: &Value, args: &Args) -> Result<Cut> {
    let text = this(receiver)?;
    let suffix = text_arg(host, args, 0)?;
    require_compatible(text, &suffix)?;
    let cut = if text.bytes().ends_with(&suffix.bytes()) { suffix.len() } else { 0 };
    Ok((0, text.len() - cut))
}

/// White space of any script, as `[[:space:]]` has it.
fn squish(text: &Str) -> Result<Vec<u8>> {
    if !text.is_valid() {
        return Err(invalid_bytes(text));
    }
    let bytes = text.bytes();
    if text.encoding() != Encoding::Utf8 {
        let parts = bytes.split(|byte| matches!(byte, b'\t'..=b'\r' | b' ')).filter(|part| !part.is_empty());
        return Ok(parts.collect::<Vec<_>>().join(&b' '));
    }
    let source = std::str::from_utf8(&bytes).unwrap_or_default();
    let mut out = String::with_capacity(source.len());
    for word in source.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    Ok(out.into_bytes())
}

/// `value.strip` of a string; anything else is itself.
pub(super) fn strip(value: &Value) -> Result<Value> {
    match value {
        Value::Str(text) => cut(value, sides(text)?),
        other => Ok(other.clone()),
    }
}
