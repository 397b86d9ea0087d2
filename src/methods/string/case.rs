//! Upper and lower case.

use super::text::{bang, invalid_input, like, this};
use super::transcode::{from_unicode, to_unicode};
use crate::methods::{Args, Host, Method, rails, ruby};
use crate::value::{ClassId, Encoding, Result, Str, Value, raise};

pub(super) const ROWS: &[Method] = &[
    ruby(
        "capitalize",
        "(*options) -> String",
        "The first character in title case, the rest in lower case.",
        "'hELLO wORLD'.capitalize => \"Hello world\"",
        |_, receiver, args| mapped(receiver, &args, Mapping::Capitalize),
    ),
    ruby(
        "capitalize!",
        "(*options) -> String",
        "`capitalize` in place; nil if nothing changed.",
        "s = +'ab'; s.capitalize!; s => \"Ab\"",
        |_, receiver, args| mapped_in_place(receiver, &args, Mapping::Capitalize),
    ),
    ruby(
        "downcase",
        "(*options) -> String",
        "In lower case; `:ascii`, `:turkic`, `:fold` change the rule.",
        "'ÀÉ'.downcase => \"àé\"\n'ß'.downcase(:fold) => \"ss\"",
        |_, receiver, args| mapped(receiver, &args, Mapping::Down),
    ),
    ruby(
        "downcase!",
        "(*options) -> String",
        "`downcase` in place; nil if nothing changed.",
        "s = +'AB'; s.downcase!; s => \"ab\"",
        |_, receiver, args| mapped_in_place(receiver, &args, Mapping::Down),
    ),
    ruby(
        "swapcase",
        "(*options) -> String",
        "Upper case made lower and the other way round.",
        "'hELLO'.swapcase => \"Hello\"",
        |_, receiver, args| mapped(receiver, &args, Mapping::Swap),
    ),
    ruby(
        "swapcase!",
        "(*options) -> String",
        "`swapcase` in place; nil if nothing changed.",
        "s = +'aB'; s.swapcase!; s => \"Ab\"",
        |_, receiver, args| mapped_in_place(receiver, &args, Mapping::Swap),
    ),
    ruby(
        "upcase",
        "(*options) -> String",
        "In upper case; `:ascii` and `:turkic` change the rule.",
        "'éß'.upcase => \"ÉSS\"",
        |_, receiver, args| mapped(receiver, &args, Mapping::Up),
    ),
    ruby(
        "upcase!",
        "(*options) -> String",
        "`upcase` in place; nil if nothing changed.",
        "s = +'ab'; s.upcase!; s => \"AB\"",
        |_, receiver, args| mapped_in_place(receiver, &args, Mapping::Up),
    ),
    rails(
        "upcase_first",
        "() -> String",
        "The first character in upper case, the rest as it is.",
        "'what a Day'.upcase_first => \"What a Day\"",
        upcase_first,
    ),
];

/// What becomes of the characters.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Mapping {
    Up,
    Down,
    Swap,
    Capitalize,
}

#[derive(Clone, Copy, Default)]
struct Options {
    ascii: bool,
    turkic: bool,
    fold: bool,
}

fn options(args: &Args, mapping: Mapping) -> Result<Options> {
    let invalid = || raise(ClassId::ARGUMENT_ERROR, "invalid option");
    let mut options = Options::default();
    for (index, value) in args.values.iter().enumerate() {
        if index > 1 || (index == 1 && (options.ascii || options.fold)) {
            return Err(raise(ClassId::ARGUMENT_ERROR, "too many options"));
        }
        let Value::Symbol(symbol) = value else { return Err(invalid()) };
        match &*symbol.text() {
            "ascii" if index == 0 => options.ascii = true,
            "turkic" => options.turkic = true,
            "lithuanian" => {}
            "fold" if mapping != Mapping::Down => {
                return Err(raise(ClassId::ARGUMENT_ERROR, "option :fold only allowed for downcasing"));
            }
            "fold" if index == 0 => options.fold = true,
            "ascii" | "fold" => return Err(raise(ClassId::ARGUMENT_ERROR, "too many options")),
            _ => return Err(invalid()),
        }
    }
    Ok(options)
}

fn mapped(receiver: &Value, args: &Args, mapping: Mapping) -> Result<Value> {
    let text = this(receiver)?;
    Ok(like(text, map(text, mapping, options(args, mapping)?)?))
}

fn mapped_in_place(receiver: &Value, args: &Args, mapping: Mapping) -> Result<Value> {
    let changed = map(this(receiver)?, mapping, options(args, mapping)?)?;
    bang(receiver, Some(changed))
}

/// The text in another case, with Ruby's full mapping.
pub(super) fn change(text: &Str, mapping: Mapping) -> Result<Vec<u8>> {
    map(text, mapping, Options::default())
}

fn map(text: &Str, mapping: Mapping, options: Options) -> Result<Vec<u8>> {
    let only_ascii = options.ascii || matches!(text.encoding(), Encoding::Binary | Encoding::UsAscii);
    if (text.is_ascii() && !options.turkic) || (only_ascii && text.encoding().is_ascii_compatible()) {
        return Ok(map_ascii(&text.bytes(), mapping));
    }
    if !text.is_valid() {
        return Err(invalid_input());
    }
    if text.encoding() != Encoding::Utf8 {
        let unicode = to_unicode(text).ok_or_else(invalid_input)?;
        let changed = map_unicode(&unicode, mapping, options);
        let back = from_unicode(&changed, text.encoding());
        return Ok(back.unwrap_or_else(|| map_ascii(&text.bytes(), mapping)));
    }
    let bytes = text.bytes();
    Ok(map_unicode(std::str::from_utf8(&bytes).unwrap_or_default(), mapping, options).into_bytes())
}

fn map_ascii(bytes: &[u8], mapping: Mapping) -> Vec<u8> {
    match mapping {
        Mapping::Up => bytes.to_ascii_uppercase(),
        Mapping::Down => bytes.to_ascii_lowercase(),
        Mapping::Swap => {
            let swap = |byte: &u8| {
                if byte.is_ascii_lowercase() { byte.to_ascii_uppercase() } else { byte.to_ascii_lowercase() }
            };
            bytes.iter().map(swap).collect()
        }
        Mapping::Capitalize => {
            let mut out = bytes.to_ascii_lowercase();
            if let Some(first) = out.first_mut() {
                first.make_ascii_uppercase();
            }
            out
        }
    }
}

fn map_unicode(text: &str, mapping: Mapping, options: Options) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.chars().enumerate() {
        let upper = match mapping {
            Mapping::Up => true,
            Mapping::Swap => c.is_lowercase() || (!c.is_uppercase() && c.to_lowercase().next() == Some(c)),
            Mapping::Capitalize if at == 0 => {
                title(c, options, &mut out);
                continue;
            }
            Mapping::Down | Mapping::Capitalize => false,
        };
        match (c, options.turkic) {
            ('i', true) if upper => out.push('İ'),
            ('I', true) if !upper => out.push('ı'),
            _ if upper => out.extend(c.to_uppercase()),
            _ if options.fold => out.extend(c.to_uppercase().flat_map(char::to_lowercase)),
            _ => out.extend(c.to_lowercase()),
        }
    }
    out
}

/// Title case, which differs from upper case for digraphs, ligatures and scripts without capitals at the front.
fn title(c: char, options: Options, out: &mut String) {
    let code = c as u32;
    let one = match code {
        0x69 if options.turkic => Some(0x130),
        0x1c4..=0x1c6 => Some(0x1c5),
        0x1c7..=0x1c9 => Some(0x1c8),
        0x1ca..=0x1cc => Some(0x1cb),
        0x1f1..=0x1f3 => Some(0x1f2),
        0x10d0..=0x10ff => Some(code),
        0x1c90..=0x1cbf => Some(code - 0x1c90 + 0x10d0),
        0x1f80..=0x1faf => Some(code | 8),
        0x1fb3 | 0x1fbc => Some(0x1fbc),
        0x1fc3 | 0x1fcc => Some(0x1fcc),
        0x1ff3 | 0x1ffc => Some(0x1ffc),
        _ => None,
    };
    if let Some(one) = one.and_then(char::from_u32) {
        out.push(one);
        return;
    }
    let mut upper = c.to_uppercase();
    out.extend(upper.next());
    for c in upper {
        if c == '\u{399}' && code >= 0x1f00 {
            out.push('\u{345}');
        } else {
            out.extend(c.to_lowercase());
        }
    }
}

fn upcase_first(_: &mut dyn Host, receiver: &Value, _: Args) -> Result<Value> {
    let text = this(receiver)?;
    let end = text.char_end(0);
    let mut out = change(&text.sub_bytes(0, end), Mapping::Up)?;
    out.extend_from_slice(text.bytes().get(end..).unwrap_or_default());
    Ok(like(text, out))
}
