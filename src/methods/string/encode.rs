//! `encode`: to another encoding, with what to do about characters that have no place there.

use super::text::{like, plain, put, text_of, thawed, this};
use super::transcode::Codec;
use crate::methods::args::no_conversion;
use crate::methods::{Args, Host, Method, ruby};
use crate::value::{ClassId, Encoding, Hash, Result, Str, Unwind, Value, inspect, raise, to_s};
use std::rc::Rc;

pub(super) const ROWS: &[Method] = &[
    ruby(
        "encode",
        "(encoding = nil, from = nil, invalid: nil, undef: nil, replace: nil, fallback: nil, xml: nil) -> String",
        "The text in another encoding; `undef:` and `invalid:` with `:replace` put `replace:` for what has no place.",
        "'aéb'.encode('US-ASCII', undef: :replace) => \"a?b\"\n\"a\\xffb\".encode('UTF-8', invalid: :replace, replace: '') => \"ab\"",
        |host, receiver, args| Ok(Value::Str(Rc::new(encode(host, receiver, args)?))),
    ),
    ruby(
        "encode!",
        "(encoding = nil, from = nil, invalid: nil, undef: nil, replace: nil, fallback: nil, xml: nil) -> String",
        "`encode` in place.",
        "s = +'é'; s.encode!('ISO-8859-1'); s.bytes => [233]",
        |host, receiver, args| {
            let text = thawed(receiver)?;
            let encoded = encode(host, receiver, args)?;
            put(text, encoded.bytes().to_vec());
            text.set_encoding(encoded.encoding());
            Ok(receiver.clone())
        },
    ),
    ruby(
        "unicode_normalize",
        "(form = :nfc) -> String",
        "Composed or decomposed characters: `:nfc`, `:nfd`, `:nfkc`, `:nfkd`.",
        "'é'.unicode_normalize(:nfd).length => 2",
        |_, receiver, args| Ok(like(this(receiver)?, normalize(this(receiver)?, &args)?.into_bytes())),
    ),
    ruby(
        "unicode_normalize!",
        "(form = :nfc) -> String",
        "`unicode_normalize` in place.",
        "s = +'é'; s.unicode_normalize!(:nfd); s.length => 2",
        |_, receiver, args| {
            let normal = normalize(this(receiver)?, &args)?;
            put(thawed(receiver)?, normal.into_bytes());
            Ok(receiver.clone())
        },
    ),
    ruby(
        "unicode_normalized?",
        "(form = :nfc) -> Boolean",
        "In that form already.",
        "'é'.unicode_normalized? => true",
        |_, receiver, args| {
            let text = this(receiver)?;
            let normal = normalize(text, &args)?;
            Ok((*text.bytes() == *normal.as_bytes()).into())
        },
    ),
];

/// The encoding that a String or Encoding argument names.
pub(crate) fn encoding_of(host: &mut dyn Host, value: &Value) -> Result<std::result::Result<Encoding, String>> {
    if let Some(encoding) = crate::methods::encoding::of_value(value) {
        return Ok(Ok(encoding));
    }
    let name = text_of(host, value)?.to_text();
    Ok(Encoding::find(&name).ok_or(name))
}

/// What the options say.
#[derive(Default)]
struct Plan {
    replace_invalid: bool,
    replace_undefined: bool,
    replacement: Option<Rc<Str>>,
    fallback: Option<Value>,
    xml: Option<Xml>,
    newline: Option<Newline>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Xml {
    Text,
    Attribute,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Newline {
    Crlf,
    Cr,
    Universal,
}

fn plan(host: &mut dyn Host, options: Option<&Rc<Hash>>) -> Result<Plan> {
    let mut plan = Plan::default();
    let Some(options) = options else { return Ok(plan) };
    let get = |name: &str| options.get(&Value::symbol(name)).unwrap_or_default();
    let is_replace = |value: &Value| matches!(value, Value::Symbol(symbol) if symbol.text() == "replace");
    let unknown = |what: &str| raise(ClassId::ARGUMENT_ERROR, format!("unknown value for {what} character option"));
    match get("invalid") {
        Value::Nil => {}
        value if is_replace(&value) => plan.replace_invalid = true,
        _ => return Err(unknown("invalid")),
    }
    match get("undef") {
        Value::Nil => {}
        value if is_replace(&value) => plan.replace_undefined = true,
        _ => return Err(unknown("undefined")),
    }
    match get("replace") {
        Value::Nil => {}
        value => plan.replacement = Some(text_of(host, &value)?),
    }
    plan.fallback = Some(get("fallback")).filter(|value| !value.is_nil());
    plan.xml = match get("xml") {
        Value::Symbol(symbol) if symbol.text() == "text" => Some(Xml::Text),
        Value::Symbol(symbol) if symbol.text() == "attr" => Some(Xml::Attribute),
        Value::Nil => None,
        other => {
            let message = format!("unexpected value for xml option: {}", to_s(&other).to_text());
            return Err(raise(ClassId::ARGUMENT_ERROR, message));
        }
    };
    let newlines =
        [("universal_newline", Newline::Universal), ("crlf_newline", Newline::Crlf), ("cr_newline", Newline::Cr)];
    plan.newline = newlines.into_iter().find(|(name, _)| get(name).truthy()).map(|(_, newline)| newline);
    Ok(plan)
}

/// A string in another encoding, as `encode` without options makes it.
pub(super) fn transcoded(host: &mut dyn Host, text: &Value, to: Encoding) -> Result<Str> {
    encode(host, text, Args::one(Value::str(to.name())))
}

fn encode(host: &mut dyn Host, receiver: &Value, mut args: Args) -> Result<Str> {
    let text = this(receiver)?;
    let options = args.take_keywords();
    let plan = plan(host, options.as_ref())?;
    let to = match args.given(0) {
        None => Ok(text.encoding()),
        Some(value) => encoding_of(host, value)?,
    };
    let from = match args.given(1) {
        None => Ok(text.encoding()),
        Some(value) => encoding_of(host, value)?,
    };
    let (from, to) = match (from, to) {
        (Ok(from), Ok(to)) => (from, to),
        (from, to) => {
            let name =
                |side: std::result::Result<Encoding, String>| side.map_or_else(|name| name, |it| it.name().to_owned());
            return Err(no_converter(&name(from), &name(to)));
        }
    };
    let untouched = plan.xml.is_none() && plan.newline.is_none();
    let same = from == to && !(plan.replace_invalid || plan.replace_undefined);
    let only_ascii = from.is_ascii_compatible() && to.is_ascii_compatible() && text.bytes().is_ascii();
    if untouched && (same || only_ascii) && (Codec::new(to).is_some() || from == to) {
        let Value::Str(copy) = plain(text) else { return Ok(text.copy()) };
        copy.set_encoding(to);
        return Ok(copy.copy());
    }
    convert(host, text, from, to, &plan)
}

#[cold]
fn no_converter(from: &str, to: &str) -> Box<Unwind> {
    raise(ClassId::CONVERTER_NOT_FOUND_ERROR, format!("code converter not found ({from} to {to})"))
}

/// One conversion under way.
struct Conversion<'a> {
    from: Codec,
    to: Codec,
    plan: &'a Plan,
    out: Vec<u8>,
}

fn convert(host: &mut dyn Host, text: &Str, from: Encoding, to: Encoding, plan: &Plan) -> Result<Str> {
    let missing = || no_converter(from.name(), to.name());
    let source = Codec::new(from).ok_or_else(missing)?;
    let target = Codec::new(to).ok_or_else(missing)?;
    let mut bytes = text.bytes().to_vec();
    let mut work = Conversion { from: source, to: target, plan, out: Vec::with_capacity(bytes.len()) };
    if to.name() == "UTF-16" || to.name() == "UTF-32" {
        work.write('\u{feff}');
    }
    if matches!((from.name(), bytes.as_slice()), ("UTF-16", [0xfe, 0xff, ..])) {
        bytes.drain(..2);
    }
    if plan.xml == Some(Xml::Attribute) {
        work.write('"');
    }
    let mut at = 0;
    let mut after_return = false;
    while at < bytes.len() {
        let rest = bytes.get(at..).unwrap_or_default();
        let step = work.from.layout.step(rest);
        let valid = step.valid && (from != Encoding::UsAscii || rest.first().is_some_and(u8::is_ascii));
        let len = if valid { step.len } else { broken_len(rest, work.from.layout) };
        let unit = rest.get(..len).unwrap_or_default();
        at += len;
        if !valid {
            work.invalid(unit, bytes.get(at).copied())?;
            continue;
        }
        match work.from.decode(unit) {
            Some('\n') if after_return => after_return = false,
            Some(c) => {
                after_return = c == '\r' && plan.newline == Some(Newline::Universal);
                work.character(host, c)?;
            }
            None => work.unreadable(unit)?,
        }
    }
    if plan.xml == Some(Xml::Attribute) {
        work.write('"');
    }
    Ok(Str::owned(work.out, to))
}

/// How many bytes of a broken character go together: what could have begun one.
fn broken_len(rest: &[u8], layout: crate::value::Layout) -> usize {
    if layout != crate::value::Layout::Utf8 {
        return layout.step(rest).len;
    }
    rest.utf8_chunks().next().map_or(1, |chunk| chunk.invalid().len().max(1))
}

impl Conversion<'_> {
    fn write(&mut self, c: char) -> bool {
        self.to.encode(c, &mut self.out)
    }

    fn write_text(&mut self, text: &str) {
        for c in text.chars() {
            self.write(c);
        }
    }

    fn character(&mut self, host: &mut dyn Host, c: char) -> Result<()> {
        let escaped = match (c, self.plan.xml) {
            ('&', Some(_)) => Some("&amp;"),
            ('<', Some(_)) => Some("&lt;"),
            ('>', Some(_)) => Some("&gt;"),
            ('"', Some(Xml::Attribute)) => Some("&quot;"),
            _ => match (c, self.plan.newline) {
                ('\n', Some(Newline::Crlf)) => Some("\r\n"),
                ('\n', Some(Newline::Cr)) => Some("\r"),
                ('\r', Some(Newline::Universal)) => Some("\n"),
                _ => None,
            },
        };
        match escaped {
            Some(text) => self.write_text(text),
            None if self.to.encoding == Encoding::Binary && !c.is_ascii() => self.undefined(host, c)?,
            None => {
                if !self.write(c) {
                    self.undefined(host, c)?;
                }
            }
        }
        Ok(())
    }

    fn replace(&mut self) -> Result<()> {
        let Some(replacement) = &self.plan.replacement else {
            let c = self.to.replacement();
            self.write(c);
            return Ok(());
        };
        let text = replacement.to_text();
        let all = text.chars().all(|c| self.to.encode(c, &mut self.out));
        if all { Ok(()) } else { Err(no_converter(replacement.encoding().name(), self.to.encoding.name())) }
    }

    /// Bytes that are no character of the source.
    fn invalid(&mut self, unit: &[u8], next: Option<u8>) -> Result<()> {
        if self.plan.replace_invalid {
            return self.replace();
        }
        let name = self.from.encoding.name();
        let shown = shown(unit);
        let expects_more = match self.from.layout {
            crate::value::Layout::Utf8 => unit.len() > 1 || matches!(unit.first(), Some(0xc2..=0xf4)),
            crate::value::Layout::Single => false,
            layout => layout.unit() > 1,
        };
        let message = match next {
            None if expects_more => format!("incomplete {shown} on {name}"),
            Some(next) if expects_more => format!("{shown} followed by {} on {name}", self::shown(&[next])),
            _ => format!("{shown} on {name}"),
        };
        Err(raise(ClassId::INVALID_BYTE_SEQUENCE_ERROR, message))
    }

    /// A character of the source that has no code point.
    fn unreadable(&mut self, unit: &[u8]) -> Result<()> {
        if self.plan.replace_undefined {
            return self.replace();
        }
        let (from, to) = (self.from.encoding.name(), self.to.encoding.name());
        let shown = shown(unit);
        let message = if to == "UTF-8" && !from.starts_with("Windows-") {
            format!("{shown} from {from} to {to}")
        } else if to == "UTF-8" {
            format!("{shown} to UTF-8 in conversion from {from} to UTF-8")
        } else {
            format!("{shown} to UTF-8 in conversion from {from} to UTF-8 to {to}")
        };
        Err(raise(ClassId::UNDEFINED_CONVERSION_ERROR, message))
    }

    /// A character that the target has no place for.
    fn undefined(&mut self, host: &mut dyn Host, c: char) -> Result<()> {
        if let Some(fallback) = &self.plan.fallback {
            let key = Value::string(c.to_string());
            let found = match fallback {
                Value::Hash(hash) => hash.get(&key).unwrap_or_default(),
                Value::Proc(callee) => host.call_proc(callee, Args::one(key))?,
                other => return Err(no_conversion(other, "Hash")),
            };
            if let Value::Str(text) = found {
                self.write_text(&text.to_text());
                return Ok(());
            }
        }
        if self.plan.xml.is_some() {
            self.write_text(&format!("&#x{:X};", c as u32));
            return Ok(());
        }
        if self.plan.replace_undefined {
            return self.replace();
        }
        let (from, to) = (self.from.encoding.name(), self.to.encoding.name());
        let code = c as u32;
        let message = if from == "UTF-8" {
            format!("U+{code:04X} from UTF-8 to {to}")
        } else {
            format!("U+{code:04X} to {to} in conversion from {from} to UTF-8 to {to}")
        };
        Err(raise(ClassId::UNDEFINED_CONVERSION_ERROR, message))
    }
}

fn shown(bytes: &[u8]) -> String {
    inspect(&Value::Str(Rc::new(Str::of(bytes, Encoding::Binary)))).to_text()
}

fn normalize(text: &Str, args: &Args) -> Result<String> {
    use unicode_normalization::UnicodeNormalization;
    let form = match args.given(0) {
        None => "nfc".to_owned(),
        Some(Value::Symbol(symbol)) => symbol.text(),
        Some(other) => to_s(other).to_text(),
    };
    if !matches!(&*form, "nfc" | "nfd" | "nfkc" | "nfkd") {
        return Err(raise(ClassId::ARGUMENT_ERROR, format!("Invalid normalization form {form}.")));
    }
    match text.encoding() {
        Encoding::Utf8 | Encoding::UsAscii => {}
        other if other.is_unicode() => {}
        other => {
            let message = format!("Unicode Normalization not appropriate for {}", other.name());
            return Err(raise(ClassId::COMPATIBILITY_ERROR, message));
        }
    }
    let Some(source) = text.text() else { return Err(super::text::invalid_bytes(text)) };
    Ok(match &*form {
        "nfc" => source.nfc().collect(),
        "nfd" => source.nfd().collect(),
        "nfkc" => source.nfkc().collect(),
        _ => source.nfkd().collect(),
    })
}
