//! What the methods of strings share: the receiver, its results, patterns, character positions.

use crate::methods::args::no_conversion;
use crate::methods::{Args, Host};
use crate::value::{ClassId, Encoding, Regexp, RegexpOptions, Result, Str, Unwind, Value, raise};
use std::rc::Rc;

/// The receiver of a string method.
pub fn this(receiver: &Value) -> Result<&Rc<Str>> {
    match receiver {
        Value::Str(text) => Ok(text),
        other => Err(no_conversion(other, "String")),
    }
}

/// The receiver of a method that changes it.
pub fn thawed(receiver: &Value) -> Result<&Rc<Str>> {
    let text = this(receiver)?;
    if text.is_frozen() { Err(frozen(text)) } else { Ok(text) }
}

#[cold]
fn frozen(text: &Rc<Str>) -> Box<Unwind> {
    let shown = crate::value::inspect(&Value::Str(Rc::clone(text))).to_text();
    raise(ClassId::FROZEN_ERROR, format!("can't modify frozen String: {shown}"))
}

/// A new plain string of these bytes in the encoding of `model`.
pub fn like(model: &Str, bytes: Vec<u8>) -> Value {
    Value::Str(Rc::new(Str::owned(bytes, model.encoding())))
}

/// A new plain string of a part of the text.
pub fn part(text: &Str, lo: usize, hi: usize) -> Value {
    Value::Str(Rc::new(text.sub_bytes(lo, hi)))
}

/// A plain copy.
pub fn plain(text: &Str) -> Value {
    let copy = text.copy();
    copy.set_class(crate::value::StrClass::Plain);
    Value::Str(Rc::new(copy))
}

/// A value where Ruby wants a string: executes a request, converts nothing else.
pub fn text_of(host: &mut dyn Host, value: &Value) -> Result<Rc<Str>> {
    match value {
        Value::Str(text) => Ok(Rc::clone(text)),
        other => match host.force(other)? {
            Value::Str(text) => Ok(text),
            other => Err(no_conversion(&other, "String")),
        },
    }
}

/// The string argument at `index`.
pub fn text_arg(host: &mut dyn Host, args: &Args, index: usize) -> Result<Rc<Str>> {
    match args.given(index) {
        Some(Value::Str(text)) => Ok(Rc::clone(text)),
        Some(other) => text_of(host, other),
        None => Err(no_conversion(&Value::Nil, "String")),
    }
}

/// Where to look: a text or a regular expression.
#[derive(Clone)]
pub enum Pattern {
    Text(Rc<Str>),
    Regexp(Rc<Regexp>),
}

/// The argument of `sub`, `index`, `split` …: a String or a Regexp.
pub fn pattern_of(host: &mut dyn Host, value: &Value) -> Result<Pattern> {
    match value {
        Value::Str(text) => Ok(Pattern::Text(Rc::clone(text))),
        Value::Regexp(regexp) => Ok(Pattern::Regexp(Rc::clone(regexp))),
        other => match host.force(other)? {
            Value::Str(text) => Ok(Pattern::Text(text)),
            other => {
                Err(raise(ClassId::TYPE_ERROR, format!("wrong argument type {} (expected Regexp)", class_name(&other))))
            }
        },
    }
}

/// The argument of `match`: a Regexp, or a String that is compiled.
pub fn regexp_of(host: &mut dyn Host, value: &Value) -> Result<Rc<Regexp>> {
    match pattern_of(host, value)? {
        Pattern::Regexp(regexp) => Ok(regexp),
        Pattern::Text(text) => compile(&text.bytes(), RegexpOptions::default()),
    }
}

/// A pattern made at run time.
pub fn compile(source: &[u8], options: RegexpOptions) -> Result<Rc<Regexp>> {
    Regexp::cached(source, options).map_err(|message| raise(ClassId::REGEXP_ERROR, message))
}

/// A value's class as messages of conversions name it: `nil`, `true`, `false`, else the class.
pub fn class_name(value: &Value) -> &'static str {
    crate::methods::args::describe(value)
}

impl Pattern {
    /// The RegexpError of a text that is not valid, where it is looked for as a pattern is.
    pub fn require_valid(&self) -> Result<()> {
        match self {
            Self::Text(text) if !text.is_valid() => {
                let mut shown = String::new();
                for chunk in text.bytes().utf8_chunks() {
                    shown.push_str(chunk.valid());
                    for byte in chunk.invalid() {
                        shown.push_str("\\x");
                        shown.push_str(&hex::encode_upper([*byte]));
                    }
                }
                Err(raise(ClassId::REGEXP_ERROR, format!("invalid multibyte character: /{shown}/")))
            }
            _ => Ok(()),
        }
    }

    /// The range of the first match at or after byte `from`.
    pub fn find(&self, text: &Str, from: usize) -> Result<Option<(usize, usize)>> {
        match self {
            Self::Text(needle) => {
                require_compatible(text, needle)?;
                let found = find_bytes(&text.bytes(), &needle.bytes(), from);
                Ok(found.map(|at| (at, at + needle.len())))
            }
            Self::Regexp(regexp) => regexp.find_range(text, from),
        }
    }
}

/// The encoding that two strings share, or the CompatibilityError.
pub fn require_compatible(a: &Str, b: &Str) -> Result<Encoding> {
    a.compatible(b).ok_or_else(|| {
        let message = format!("incompatible character encodings: {} and {}", a.encoding().name(), b.encoding().name());
        raise(ClassId::COMPATIBILITY_ERROR, message)
    })
}

/// The first place of `needle` at or after `from`.
pub fn find_bytes(text: &[u8], needle: &[u8], from: usize) -> Option<usize> {
    memchr::memmem::find(text.get(from..)?, needle).map(|at| at + from)
}

/// The last place of `needle` that begins at or before `from`.
pub fn rfind_bytes(text: &[u8], needle: &[u8], from: usize) -> Option<usize> {
    let end = from.saturating_add(needle.len()).min(text.len());
    memchr::memmem::rfind(text.get(..end)?, needle)
}

/// The ArgumentError of text that is not valid in its encoding, with Ruby's words for case mapping.
#[cold]
pub fn invalid_input() -> Box<Unwind> {
    raise(ClassId::ARGUMENT_ERROR, "input string invalid")
}

/// `invalid byte sequence in UTF-8`.
#[cold]
pub fn invalid_bytes(text: &Str) -> Box<Unwind> {
    raise(ClassId::ARGUMENT_ERROR, format!("invalid byte sequence in {}", text.encoding().name()))
}

/// A byte offset as the number of its character.
pub fn char_index(text: &Str, byte: usize) -> Value {
    Value::Int(text.char_number(byte) as i64)
}

/// Puts new bytes into a string in place.
pub fn put(text: &Str, bytes: Vec<u8>) {
    *text.bytes_mut() = bytes;
}

/// A method and its `!` form: the new string; and, in place, the receiver or nil where nothing changed.
pub fn bang(receiver: &Value, changed: Option<Vec<u8>>) -> Result<Value> {
    let text = thawed(receiver)?;
    let Some(bytes) = changed else { return Ok(Value::Nil) };
    if *text.bytes() == *bytes {
        return Ok(Value::Nil);
    }
    put(text, bytes);
    Ok(receiver.clone())
}

/// The `n`-th option of a keyword hash.
pub fn option(options: Option<&Rc<crate::value::Hash>>, name: &str) -> Option<Value> {
    options.and_then(|options| options.get(&Value::symbol(name)))
}
