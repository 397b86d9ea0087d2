//! Making longer and other texts: `+`, `*`, `<<`, `concat`, `prepend`, `ljust`, `reverse`, `replace` …

use super::charset::write_code;
use super::text::{like, part, plain, require_compatible, text_arg, text_of, thawed, this};
use crate::methods::args::to_int;
use crate::methods::{Args, Host, Method, format, ops, rails, ruby};
use crate::text::Name;
use crate::value::{ClassId, Encoding, Result, Str, Unwind, Value, raise, to_s};
use std::rc::Rc;

pub(super) const ROWS: &[Method] = &[
    ruby(
        "%",
        "(values) -> String",
        "Fills values into the fields of the text.",
        "'%s and %05.1f' % ['a', 2.5] => \"a and 002.5\"\n'%{a}' % {a: 1} => \"1\"",
        format::percent,
    ),
    ruby("*", "(count) -> String", "The text that many times.", "'ab' * 3 => \"ababab\"", |host, receiver, args| {
        let text = this(receiver)?;
        let count = args.int(0)?;
        let count = usize::try_from(count).map_err(|_| raise(ClassId::ARGUMENT_ERROR, "negative argument"))?;
        let Some(size) = text.len().checked_mul(count).filter(|size| *size < isize::MAX as usize) else {
            return Err(raise(ClassId::ARGUMENT_ERROR, "argument too big"));
        };
        host.charge(size)?;
        Ok(like(text, text.bytes().repeat(count)))
    }),
    ruby(
        "+",
        "(other) -> String",
        "The two joined; what is no text is turned into one, except nil.",
        "'a' + 'b' => \"ab\"\n'a' + 5 => \"a5\"",
        plus,
    ),
    ruby(
        "+@",
        "() -> String",
        "Itself, or a copy that can be changed.",
        "(+'a').frozen? => false",
        |_, receiver, _| {
            let text = this(receiver)?;
            Ok(if text.is_frozen() { plain(text) } else { receiver.clone() })
        },
    ),
    ruby("-@", "() -> String", "Itself, or a frozen copy.", "(-'a').frozen? => true", |_, receiver, _| {
        let text = this(receiver)?;
        Ok(if text.is_frozen() { receiver.clone() } else { Value::Str(text.frozen_copy()) })
    }),
    ruby(
        "<<",
        "(other) -> String",
        "Appends a text, or the character of a number, in place.",
        "+'abc' << 'd' << 101 => \"abcde\"",
        |host, receiver, args| {
            append(host, thawed(receiver)?, &args.get(0))?;
            Ok(receiver.clone())
        },
    ),
    ruby(
        "center",
        "(width, padding = ' ') -> String",
        "Padded on both sides to a width.",
        "'x'.center(5, '.') => \"..x..\"",
        |host, receiver, args| justify(host, receiver, &args, Side::Both),
    ),
    ruby("clear", "() -> String", "Empties the text in place.", "(+'abc').clear => \"\"", |_, receiver, _| {
        super::text::put(thawed(receiver)?, Vec::new());
        Ok(receiver.clone())
    }),
    ruby(
        "concat",
        "(*others) -> String",
        "Appends texts, or the characters of numbers, in place.",
        "(+'a').concat('b', 99) => \"abc\"",
        |host, receiver, args| {
            let text = thawed(receiver)?;
            let others: Vec<Value> = args.values.iter().map(|value| snapshot(text, value)).collect();
            for other in &others {
                append(host, text, other)?;
            }
            Ok(receiver.clone())
        },
    ),
    rails(
        "indent",
        "(amount, indent_string = nil, indent_empty_lines = false) -> String",
        "Each line moved to the right; empty ones only if asked.",
        "\"a\\n\\nb\".indent(2) => \"  a\\n\\n  b\"\n\"a\\n\\nb\".indent(2, '-') => \"--a\\n\\n--b\"",
        |host, receiver, args| Ok(like(this(receiver)?, indent(host, receiver, &args)?)),
    ),
    rails(
        "indent!",
        "(amount, indent_string = nil, indent_empty_lines = false) -> String",
        "`indent` in place; nil if nothing changed.",
        "s = +'a'; s.indent!(1); s => \" a\"",
        |host, receiver, args| {
            let changed = indent(host, receiver, &args)?;
            super::text::bang(receiver, Some(changed))
        },
    ),
    ruby(
        "ljust",
        "(width, padding = ' ') -> String",
        "Padded at the end to a width.",
        "'x'.ljust(3, '.') => \"x..\"",
        |host, receiver, args| justify(host, receiver, &args, Side::Right),
    ),
    ruby(
        "prepend",
        "(*others) -> String",
        "Puts texts in front, in place.",
        "(+'c').prepend('a', 'b') => \"abc\"",
        prepend,
    ),
    ruby(
        "replace initialize_copy",
        "(other) -> String",
        "Takes the text of another, in place.",
        "(+'abc').replace('x') => \"x\"",
        |host, receiver, args| {
            let text = thawed(receiver)?;
            let other = text_arg(host, &args, 0)?;
            let bytes = other.bytes().to_vec();
            super::text::put(text, bytes);
            text.set_encoding(other.encoding());
            Ok(receiver.clone())
        },
    ),
    ruby(
        "reverse",
        "() -> String",
        "Backwards, character by character.",
        "'日本'.reverse => \"本日\"",
        |_, receiver, _| Ok(like(this(receiver)?, reversed(this(receiver)?))),
    ),
    ruby("reverse!", "() -> String", "`reverse` in place.", "s = +'ab'; s.reverse!; s => \"ba\"", |_, receiver, _| {
        let text = thawed(receiver)?;
        super::text::put(text, reversed(text));
        Ok(receiver.clone())
    }),
    ruby(
        "rjust",
        "(width, padding = ' ') -> String",
        "Padded in front to a width.",
        "'7'.rjust(3, '0') => \"007\"",
        |host, receiver, args| justify(host, receiver, &args, Side::Left),
    ),
    rails(
        "strip_heredoc",
        "() -> String",
        "Without the indentation that all lines share.",
        "\"  a\\n    b\\n\".strip_heredoc => \"a\\n  b\\n\"",
        |_, receiver, _| Ok(like(this(receiver)?, strip_heredoc(&this(receiver)?.bytes()))),
    ),
    rails(
        "truncate",
        "(length, omission: '...', separator: nil) -> String",
        "Cut to a length with the omission, at a separator if one is given.",
        "'Once upon a time'.truncate(10) => \"Once up...\"\n'Once upon a time'.truncate(10, separator: ' ') => \"Once...\"",
        truncate,
    ),
    rails(
        "truncate_bytes",
        "(length, omission: '…') -> String",
        "Cut to a number of bytes without breaking a character.",
        "'日本語テキスト'.truncate_bytes(10) => \"日本…\"",
        truncate_bytes,
    ),
    rails(
        "truncate_words",
        "(count, omission: '...', separator: nil) -> String",
        "Cut to a number of words.",
        "'Once upon a time'.truncate_words(2) => \"Once upon...\"",
        truncate_words,
    ),
];

/// A request joined to a text is executed first; other values are turned into text, nil is refused.
fn plus(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let text = this(receiver)?;
    let other = match args.get(0) {
        Value::Str(other) => other,
        Value::Nil => {
            return Err(raise(ClassId::SDK_ARGUMENT_ERROR, "Cannot concatenate string with nil"));
        }
        other @ Value::Object(_) => match host.send(&other, Name::new("to_s"), Args::none())? {
            Value::Str(other) => other,
            other => to_s(&other),
        },
        other => to_s(&other),
    };
    let encoding = require_compatible(text, &other)?;
    let mut out = Vec::with_capacity(text.len() + other.len());
    out.extend_from_slice(&text.bytes());
    out.extend_from_slice(&other.bytes());
    Ok(Value::Str(Rc::new(Str::owned(out, encoding))))
}

/// A copy if it is the receiver itself, so that appending it twice appends the same.
fn snapshot(text: &Rc<Str>, value: &Value) -> Value {
    match value {
        Value::Str(other) if Rc::ptr_eq(text, other) => plain(other),
        other => other.clone(),
    }
}

fn append(host: &mut dyn Host, text: &Rc<Str>, value: &Value) -> Result<()> {
    let other = match value {
        Value::Int(code) => return append_code(text, *code),
        Value::BigInt(_) => return Err(raise(ClassId::RANGE_ERROR, "bignum out of char range")),
        other => text_of(host, other)?,
    };
    let encoding = require_compatible(text, &other)?;
    host.charge(other.len())?;
    text.append(&other);
    text.set_encoding(encoding);
    Ok(())
}

#[cold]
fn out_of_range(code: i64) -> Box<Unwind> {
    raise(ClassId::RANGE_ERROR, format!("{code} out of char range"))
}

fn append_code(text: &Rc<Str>, code: i64) -> Result<()> {
    let encoding = text.encoding();
    let mut out = Vec::new();
    match (encoding, u32::try_from(code)) {
        (Encoding::UsAscii, Ok(code @ 128..=255)) => {
            text.set_encoding(Encoding::Binary);
            out.push(code as u8);
        }
        (Encoding::Binary | Encoding::UsAscii, Ok(code @ 0..=255)) => out.push(code as u8),
        (Encoding::Utf8, Ok(code)) => match char::from_u32(code) {
            Some(c) => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
            None if code < 0x11_0000 => {
                return Err(raise(ClassId::RANGE_ERROR, format!("invalid codepoint 0x{code:X} in UTF-8")));
            }
            None => return Err(out_of_range(code.into())),
        },
        (Encoding::Other(_), Ok(code)) => write_code(code, encoding, text.layout().is_single(), &mut out),
        _ => return Err(out_of_range(code)),
    }
    text.bytes_mut().extend_from_slice(&out);
    Ok(())
}

fn prepend(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let text = thawed(receiver)?;
    let mut front = Vec::new();
    let mut encoding = text.encoding();
    for at in 0..args.len() {
        let other = text_arg(host, &args, at)?;
        encoding = require_compatible(text, &other)?;
        front.extend_from_slice(&other.bytes());
    }
    text.bytes_mut().splice(0..0, front);
    text.set_encoding(encoding);
    Ok(receiver.clone())
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Left,
    Right,
    Both,
}

fn justify(host: &mut dyn Host, receiver: &Value, args: &Args, side: Side) -> Result<Value> {
    let text = this(receiver)?;
    let width = args.int(0)?;
    let padding = match args.given(1) {
        Some(_) => text_arg(host, args, 1)?,
        None => Rc::new(Str::from(" ")),
    };
    let encoding = require_compatible(text, &padding)?;
    if padding.is_empty() {
        return Err(raise(ClassId::ARGUMENT_ERROR, "zero width padding"));
    }
    let missing = usize::try_from(width).unwrap_or(0).saturating_sub(text.char_count());
    if missing == 0 {
        return Ok(plain(text));
    }
    host.charge(missing.saturating_mul(4))?;
    let (left, right) = match side {
        Side::Left => (missing, 0),
        Side::Right => (0, missing),
        Side::Both => (missing / 2, missing - missing / 2),
    };
    let mut out = Vec::with_capacity(text.len() + missing);
    pad(&padding, left, &mut out);
    out.extend_from_slice(&text.bytes());
    pad(&padding, right, &mut out);
    Ok(Value::Str(Rc::new(Str::owned(out, encoding))))
}

/// `count` characters of the padding, over and over.
fn pad(padding: &Str, count: usize, out: &mut Vec<u8>) {
    let len = padding.char_count();
    let bytes = padding.bytes();
    for _ in 0..count / len {
        out.extend_from_slice(&bytes);
    }
    let rest = padding.char_start(count % len).unwrap_or(0);
    out.extend_from_slice(bytes.get(..rest).unwrap_or_default());
}

fn reversed(text: &Str) -> Vec<u8> {
    let bytes = text.bytes();
    if text.is_single_byte() {
        return bytes.iter().rev().copied().collect();
    }
    drop(bytes);
    let ranges = text.char_ranges();
    let bytes = text.bytes();
    let mut out = Vec::with_capacity(bytes.len());
    for (lo, hi) in ranges.into_iter().rev() {
        out.extend_from_slice(bytes.get(lo..hi).unwrap_or_default());
    }
    out
}

fn indent(host: &mut dyn Host, receiver: &Value, args: &Args) -> Result<Vec<u8>> {
    let text = this(receiver)?;
    let amount = usize::try_from(args.int(0)?).map_err(|_| raise(ClassId::ARGUMENT_ERROR, "negative argument"))?;
    let bytes = text.bytes().to_vec();
    let unit = match args.given(1) {
        None | Some(Value::Nil) => {
            // The first indentation found in the text, else a space.
            let mut lines = bytes.split(|byte| *byte == b'\n');
            let first = lines.find_map(|line| line.first().filter(|byte| matches!(byte, b' ' | b'\t')).copied());
            vec![first.unwrap_or(b' ')]
        }
        Some(_) => text_arg(host, args, 1)?.bytes().to_vec(),
    };
    let lines = memchr::memchr_iter(b'\n', &bytes).count() + 1;
    host.charge(amount.saturating_mul(unit.len()).saturating_mul(lines))?;
    let unit = unit.repeat(amount);
    let every = args.get(2).truthy();
    let mut out = Vec::with_capacity(bytes.len() + unit.len() * lines);
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        if every || line != b"\n" {
            out.extend_from_slice(&unit);
        }
        out.extend_from_slice(line);
    }
    if every && (bytes.is_empty() || bytes.ends_with(b"\n")) {
        // `^` matches at the end of a text too, but not after its last line end.
        if bytes.is_empty() {
            out.extend_from_slice(&unit);
        }
    }
    Ok(out)
}

fn strip_heredoc(bytes: &[u8]) -> Vec<u8> {
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t');
    let lines = || bytes.split_inclusive(|byte| *byte == b'\n');
    let depth = |line: &[u8]| {
        let depth = line.iter().take_while(|byte| is_blank(byte)).count();
        line.get(depth).is_some_and(|byte| !byte.is_ascii_whitespace()).then_some(depth)
    };
    let least = lines().filter_map(depth).min().unwrap_or(0);
    let mut out = Vec::with_capacity(bytes.len());
    for line in lines() {
        let cut = line.iter().take(least).take_while(|byte| is_blank(byte)).count();
        out.extend_from_slice(line.get(if cut == least { cut } else { 0 }..).unwrap_or_default());
    }
    out
}

/// The options of the truncations: the omission, and what to cut at.
fn omission(host: &mut dyn Host, args: &mut Args, default: &str) -> Result<(Rc<Str>, Option<Value>)> {
    let options = if args.len() > 1 || args.keywords { args.take_options() } else { None };
    let omission = match super::text::option(options.as_ref(), "omission") {
        Some(Value::Nil) if default == "…" => Rc::new(Str::from("")),
        None | Some(Value::Nil) => Rc::new(Str::from(default)),
        Some(other) => text_of(host, &other)?,
    };
    let separator = super::text::option(options.as_ref(), "separator").filter(Value::truthy);
    Ok((omission, separator))
}

fn truncate(host: &mut dyn Host, receiver: &Value, mut args: Args) -> Result<Value> {
    let text = this(receiver)?;
    let (omission, separator) = omission(host, &mut args, "...")?;
    let length = args.get(0);
    if !ops::send(host, &Value::Int(text.char_count() as i64), ">", std::slice::from_ref(&length))?.truthy() {
        return Ok(plain(text));
    }
    let mut stop = ops::send(host, &length, "-", &[Value::Int(omission.char_count() as i64)])?;
    if let Some(separator) = separator {
        let found = ops::send(host, receiver, "rindex", &[separator, stop.clone()])?;
        if found.truthy() {
            stop = found;
        }
    }
    // A negative length counts from the end, as in `self[0, stop]`, which is nil then.
    let end = usize::try_from(to_int(&stop)?).ok().and_then(|stop| text.char_start(stop)).unwrap_or(0);
    let head = part(text, 0, end);
    let mut out = this(&head)?.bytes().to_vec();
    out.extend_from_slice(&omission.bytes());
    Ok(like(text, out))
}

fn truncate_bytes(host: &mut dyn Host, receiver: &Value, mut args: Args) -> Result<Value> {
    let text = this(receiver)?;
    let (omission, _) = omission(host, &mut args, "…")?;
    let length = args.get(0);
    if ops::send(host, &Value::from(text.len()), "<=", std::slice::from_ref(&length))?.truthy() {
        return Ok(plain(text));
    }
    if ops::send(host, &Value::from(omission.len()), ">", std::slice::from_ref(&length))?.truthy() {
        let length = to_s(&length).to_text();
        let message = format!(
            "Omission {} is {}, larger than the truncation length of {length} bytes",
            crate::value::inspect(&Value::Str(Rc::clone(&omission))).to_text(),
            omission.len()
        );
        return Err(raise(ClassId::ARGUMENT_ERROR, message));
    }
    let room = (to_int(&length)?.max(0) as usize).saturating_sub(omission.len());
    let mut out = Vec::with_capacity(room + omission.len());
    let mut from = 0;
    let clusters = super::split::cluster_ends(text)?;
    for end in clusters {
        if end > room {
            break;
        }
        out.extend_from_slice(text.bytes().get(from..end).unwrap_or_default());
        from = end;
    }
    out.extend_from_slice(&omission.bytes());
    Ok(like(text, out))
}

fn truncate_words(host: &mut dyn Host, receiver: &Value, mut args: Args) -> Result<Value> {
    let text = this(receiver)?;
    let (omission, separator) = omission(host, &mut args, "...")?;
    let count = args.int(0)?;
    let separator = match separator {
        None => "\\s+".to_owned(),
        Some(Value::Regexp(regexp)) => regexp.to_s(),
        Some(other) => {
            String::from_utf8_lossy(&crate::methods::regexp::escape(&text_of(host, &other)?.bytes())).into_owned()
        }
    };
    // The words up to the last one wanted, if more follow.
    let source = format!("\\A((?>.+?{separator}){{{}}}.+?){separator}.*", count - 1);
    let options = crate::value::RegexpOptions { multi_line: true, ..Default::default() };
    let regexp = super::text::compile(source.as_bytes(), options)?;
    let groups = regexp.find(text, 0)?;
    let Some((_, hi)) = groups.and_then(|groups| groups.get(1).copied().flatten()) else { return Ok(plain(text)) };
    let mut out = text.bytes().get(..hi).unwrap_or_default().to_vec();
    out.extend_from_slice(&omission.bytes());
    Ok(like(text, out))
}
