//! `String.new`, and the SDK's Binary and UnicodeString.

use super::encode::{encoding_of, transcoded};
use super::text::{option, plain, text_arg};
use crate::methods::args::to_int;
use crate::methods::{Args, Host, Method, ruby, sdk};
use crate::value::{ClassId, Encoding, Result, Str, StrClass, Value, raise};
use std::rc::Rc;

pub(super) const ROWS: &[Method] = &[
    ruby(
        "new",
        "(text = nil, encoding: nil, capacity: nil) -> String",
        "A new string.",
        "String.new('a') => \"a\"",
        new,
    ),
    ruby(
        "try_convert",
        "(value) -> String",
        "The value if it is a string, nil otherwise.",
        "String.try_convert(1) => nil",
        |_, _, args| match args.get(0) {
            text @ Value::Str(_) => Ok(text),
            _ => Ok(Value::Nil),
        },
    ),
];

pub(super) const BINARY_ROWS: &[Method] = &[sdk(
    "new",
    "(text) -> Binary",
    "The bytes of a text.",
    "Workato::Types::Binary.new('a').binary? => true",
    |host, _, args| {
        let text = text_arg(host, &args, 0)?;
        let bytes = text.bytes().to_vec();
        Ok(Value::binary(bytes))
    },
)];

pub(super) const UNICODE_ROWS: &[Method] = &[sdk(
    "new",
    "(text) -> UnicodeString",
    "A text as UTF-8.",
    "Workato::Types::UnicodeString.new('a').binary? => false",
    |host, _, args| {
        let text = text_arg(host, &args, 0)?;
        let unicode = transcoded(host, &Value::Str(text), Encoding::Utf8)?;
        unicode.set_class(StrClass::Unicode);
        Ok(Value::Str(Rc::new(unicode)))
    },
)];

fn new(host: &mut dyn Host, _: &Value, mut args: Args) -> Result<Value> {
    let options = args.take_keywords();
    if let Some(capacity) = option(options.as_ref(), "capacity") {
        to_int(&capacity)?;
    }
    let text = match args.given(0) {
        None => Value::Str(Rc::new(Str::of(b"", Encoding::Binary))),
        Some(_) => plain(&*text_arg(host, &args, 0)?),
    };
    if let (Some(encoding), Value::Str(text)) = (option(options.as_ref(), "encoding"), &text) {
        match encoding_of(host, &encoding)? {
            Ok(encoding) => text.set_encoding(encoding),
            Err(name) => return Err(raise(ClassId::ARGUMENT_ERROR, format!("unknown encoding name - {name}"))),
        }
    }
    Ok(text)
}
