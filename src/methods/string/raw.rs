//! Bytes and encodings of a text: `force_encoding`, `b`, `scrub`, `getbyte`, `unpack`, `inspect`, `dump`.

use super::encode::encoding_of;
use super::text::{like, plain, put, text_of, thawed, this};
use crate::methods::{Args, Host, Method, encoding, pack, ruby};
use crate::value::{ClassId, Encoding, Result, Str, Value, dump_string, inspect, raise};
use std::rc::Rc;

pub(super) const ROWS: &[Method] = &[
    ruby("b", "() -> String", "A copy as bytes.", "'é'.b.length => 2", |_, receiver, _| {
        let copy = Str::of(&this(receiver)?.bytes(), Encoding::Binary);
        Ok(Value::Str(Rc::new(copy)))
    }),
    ruby(
        "dump",
        "() -> String",
        "In quotes and with ASCII only.",
        "'é'.dump => \"\\\"\\\\u00E9\\\"\"",
        |_, receiver, _| Ok(dump_string(this(receiver)?).into()),
    ),
    ruby("encoding", "() -> Encoding", "Its encoding.", "'é'.encoding => #<Encoding:UTF-8>", |_, receiver, _| {
        Ok(encoding::value_of(this(receiver)?.encoding()))
    }),
    ruby(
        "force_encoding",
        "(encoding) -> String",
        "Says that the bytes are of another encoding, in place.",
        "(+\"\\xE9\").force_encoding('ISO-8859-1').encode('UTF-8') => \"é\"",
        |host, receiver, args| {
            let text = thawed(receiver)?;
            match encoding_of(host, &args.get(0))? {
                Ok(encoding) => text.set_encoding(encoding),
                Err(name) => {
                    return Err(raise(ClassId::ARGUMENT_ERROR, format!("unknown encoding name - {name}")));
                }
            }
            Ok(receiver.clone())
        },
    ),
    ruby(
        "getbyte",
        "(position) -> Integer",
        "The byte there, nil beyond the ends.",
        "'abc'.getbyte(0) => 97",
        |_, receiver, args| {
            let text = this(receiver)?;
            let found = byte_at(text, args.int(0)?);
            Ok(found.and_then(|at| text.bytes().get(at).map(|byte| i64::from(*byte))).into())
        },
    ),
    ruby(
        "inspect",
        "() -> String",
        "In quotes, with escapes for what does not print.",
        "\"a\\n\".inspect => \"\\\"a\\\\n\\\"\"",
        |_, receiver, _| Ok(Value::Str(Rc::new(inspect(receiver)))),
    ),
    ruby(
        "scrub",
        "(replacement = nil) [{ |bytes| }] -> String",
        "With a replacement for bytes that are no characters.",
        "\"a\\xffb\".scrub('?') => \"a?b\"",
        |host, receiver, args| {
            let text = this(receiver)?;
            match scrub(host, text, &args)? {
                Some(bytes) => Ok(like(text, bytes)),
                None => Ok(plain(text)),
            }
        },
    ),
    ruby(
        "scrub!",
        "(replacement = nil) [{ |bytes| }] -> String",
        "`scrub` in place.",
        "s = +\"a\\xff\"; s.scrub!(''); s => \"a\"",
        |host, receiver, args| {
            let text = thawed(receiver)?;
            if let Some(bytes) = scrub(host, text, &args)? {
                put(text, bytes);
            }
            Ok(receiver.clone())
        },
    ),
    ruby(
        "setbyte",
        "(position, byte) -> Integer",
        "Sets a byte in place.",
        "s = +'abc'; s.setbyte(0, 65); s => \"Abc\"",
        |_, receiver, args| {
            let text = thawed(receiver)?;
            let position = args.int(0)?;
            let byte = args.int(1)?;
            let Some(at) = byte_at(text, position) else {
                return Err(raise(ClassId::INDEX_ERROR, format!("index {position} out of string")));
            };
            if let Some(place) = text.bytes_mut().get_mut(at) {
                *place = byte as u8;
            }
            Ok(Value::Int(byte))
        },
    ),
    ruby(
        "sum",
        "(bits = 16) -> Integer",
        "The sum of the bytes, modulo 2 to the power of the bits.",
        "'abc'.sum => 294",
        |_, receiver, args| {
            let bits = match args.given(0) {
                Some(_) => args.int(0)?,
                None => 16,
            };
            let sum: u64 = this(receiver)?.bytes().iter().map(|byte| u64::from(*byte)).sum();
            let sum = if (1..63).contains(&bits) { sum & ((1 << bits) - 1) } else { sum };
            Ok(Value::Int(sum as i64))
        },
    ),
    ruby("undump", "() -> String", "The text that `dump` wrote.", "'\"a\\n\"'.undump => \"a\\n\"", |_, receiver, _| {
        undump(this(receiver)?).map(Value::string)
    }),
    ruby(
        "unpack",
        "(format, offset: 0) [{ |value| }] -> Array",
        "Values read from the bytes as the format says.",
        "'abc'.unpack('C*') => [97, 98, 99]\n'abc'.unpack('a1 a1') => [\"a\", \"b\"]",
        |host, receiver, args| {
            let block = args.block.clone();
            let values = unpack(host, receiver, args, false)?;
            let Some(block) = block else { return Ok(values.into()) };
            for value in values {
                host.yield_block(&block, &[value])?;
            }
            Ok(Value::Nil)
        },
    ),
    ruby(
        "unpack1",
        "(format, offset: 0) -> Object",
        "The first value that `unpack` would read.",
        "'abc'.unpack1('H*') => \"616263\"\n'YWJj'.unpack1('m') => \"abc\"",
        |host, receiver, args| Ok(unpack(host, receiver, args, true)?.into_iter().next().unwrap_or_default()),
    ),
];

fn byte_at(text: &Str, position: i64) -> Option<usize> {
    let len = text.len() as i64;
    let at = if position < 0 { position + len } else { position };
    (0..len).contains(&at).then_some(at as usize)
}

/// The bytes without broken characters; `None` if there are none.
fn scrub(host: &mut dyn Host, text: &Rc<Str>, args: &Args) -> Result<Option<Vec<u8>>> {
    if text.is_valid() {
        return Ok(None);
    }
    let replacement = match args.given(0) {
        None | Some(Value::Nil) => None,
        Some(value) => Some(text_of(host, value)?),
    };
    if let Some(new) = &replacement
        && !new.is_valid()
    {
        let shown = inspect(&Value::Str(Rc::clone(new))).to_text();
        let message = format!("replacement must be valid byte sequence '{shown}'");
        return Err(raise(ClassId::ARGUMENT_ERROR, message));
    }
    let bytes = text.bytes().to_vec();
    let mut out = Vec::with_capacity(bytes.len());
    let broken = |host: &mut dyn Host, unit: &[u8], out: &mut Vec<u8>| -> Result<()> {
        match (&replacement, &args.block) {
            (Some(new), _) => out.extend_from_slice(&new.bytes()),
            (None, Some(block)) => {
                let unit = like(text, unit.to_vec());
                let new = host.yield_block(block, &[unit])?;
                out.extend_from_slice(&text_of(host, &new)?.bytes());
            }
            (None, None) if text.encoding() == Encoding::Utf8 => out.extend_from_slice("\u{fffd}".as_bytes()),
            (None, None) => out.push(b'?'),
        }
        Ok(())
    };
    if text.encoding() == Encoding::Utf8 {
        for chunk in bytes.utf8_chunks() {
            out.extend_from_slice(chunk.valid().as_bytes());
            if !chunk.invalid().is_empty() {
                broken(host, chunk.invalid(), &mut out)?;
            }
        }
        return Ok(Some(out));
    }
    let layout = text.layout();
    let mut rest = &*bytes;
    while !rest.is_empty() {
        let step = layout.step(rest);
        let (unit, after) = rest.split_at(step.len.min(rest.len()));
        rest = after;
        if step.valid && (text.encoding() != Encoding::UsAscii || unit.is_ascii()) {
            out.extend_from_slice(unit);
        } else {
            broken(host, unit, &mut out)?;
        }
    }
    Ok(Some(out))
}

fn unpack(host: &mut dyn Host, receiver: &Value, mut args: Args, one: bool) -> Result<Vec<Value>> {
    let text = this(receiver)?;
    let options = args.take_keywords();
    let format = super::text::text_arg(host, &args, 0)?;
    let offset = match super::text::option(options.as_ref(), "offset") {
        None => 0,
        Some(value) => crate::methods::args::to_int(&value)?,
    };
    if offset < 0 {
        return Err(raise(ClassId::ARGUMENT_ERROR, "offset can't be negative"));
    }
    if offset as usize > text.len() {
        return Err(raise(ClassId::ARGUMENT_ERROR, "offset outside of string"));
    }
    let bytes = text.bytes().to_vec();
    pack::unpack(bytes.get(offset as usize..).unwrap_or_default(), &format.bytes(), one)
}

/// Reads what `dump` wrote.
fn undump(text: &Str) -> Result<String> {
    let fail = |message: &str| raise(ClassId::RUNTIME_ERROR, message);
    let source = text.to_text();
    let Some(rest) = source.strip_prefix('"') else {
        let message = "invalid dumped string; not wrapped with '\"' nor '\"...\".force_encoding(\"...\")' form";
        return Err(fail(message));
    };
    let mut out = Vec::new();
    let mut chars = rest.chars();
    loop {
        match chars.next() {
            None => return Err(fail("unterminated dumped string")),
            Some('"') => break,
            Some('\\') => undump_escape(&mut chars, &mut out).ok_or_else(|| fail("invalid escape character syntax"))?,
            Some(c) => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    Ok(String::from_utf8_lossy(&out).into_owned())
}

fn undump_escape(chars: &mut std::str::Chars, out: &mut Vec<u8>) -> Option<()> {
    let letter = chars.next()?;
    let short = match letter {
        'n' => Some(b'\n'),
        't' => Some(b'\t'),
        'r' => Some(b'\r'),
        'f' => Some(0x0c),
        'v' => Some(0x0b),
        'b' => Some(8),
        'a' => Some(7),
        'e' => Some(0x1b),
        _ => None,
    };
    if let Some(byte) = short {
        out.push(byte);
        return Some(());
    }
    match letter {
        'x' => out.push(take_hex(chars, 2)? as u8),
        'u' if chars.as_str().starts_with('{') => {
            let end = chars.as_str().find('}')?;
            for code in chars.as_str().get(1..end)?.split_whitespace() {
                let c = char::from_u32(u32::from_str_radix(code, 16).ok()?)?;
                out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
            }
            *chars = chars.as_str().get(end + 1..)?.chars();
        }
        'u' => {
            let c = char::from_u32(take_hex(chars, 4)?)?;
            out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        }
        other => out.extend_from_slice(other.encode_utf8(&mut [0; 4]).as_bytes()),
    }
    Some(())
}

fn take_hex(chars: &mut std::str::Chars, len: usize) -> Option<u32> {
    let digits = chars.as_str().get(..len)?;
    let value = u32::from_str_radix(digits, 16).ok()?;
    *chars = chars.as_str().get(len..)?.chars();
    Some(value)
}
