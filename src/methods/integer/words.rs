//! Integers as text: `to_s`, `chr`, `ordinalize`.

use super::big;
use crate::methods::{Args, Host, Method, number_format, rails, ruby};
use crate::value::{ClassId, Encoding, Result, Str, StrClass, Value, raise, to_s};
use num_integer::Integer;
use num_traits::{Signed, ToPrimitive};
use std::rc::Rc;

pub(super) const ROWS: &[Method] = &[
    ruby(
        "chr",
        "(encoding = nil) -> String",
        "The character with that code.",
        "97.chr => \"a\"\n8364.chr('UTF-8') => \"€\"",
        chr,
    ),
    ruby("ord", "() -> Integer", "The number itself.", "97.ord => 97", |_, a, _| Ok(a.clone())),
    rails("ordinal", "() -> String", "The ending of the ordinal.", "22.ordinal => \"nd\"", |_, a, _| {
        Ok(Value::str(ending(a)))
    }),
    rails(
        "ordinalize",
        "() -> String",
        "The ordinal.",
        "22.ordinalize => \"22nd\"\n-11.ordinalize => \"-11th\"",
        |_, a, _| Ok(Value::string(format!("{}{}", big(a), ending(a)))),
    ),
    ruby(
        "to_s inspect to_formatted_s",
        "(base = 10, options = nil) -> String",
        "The digits in a base from 2 to 36, or one of the formats :delimited, :currency, :percentage, :phone, :rounded, :human and :human_size.",
        "255.to_s(16) => \"ff\"\n1234567.to_s(:delimited) => \"1,234,567\"",
        to_text,
    )
    .plainly(|it| Some(Value::Str(to_s(it)))),
];

fn to_text(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    match args.given(0) {
        None | Some(Value::Nil) => Ok(Value::Str(to_s(receiver))),
        Some(Value::Symbol(_)) => number_format::to_formatted_s(host, receiver, args),
        Some(_) => {
            let base = args.int(0)?;
            match u32::try_from(base) {
                Ok(base @ 2..=36) => Ok(Value::string(big(receiver).to_str_radix(base))),
                _ => Err(raise(ClassId::ARGUMENT_ERROR, format!("invalid radix {base}"))),
            }
        }
    }
}

fn chr(_: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let code = big(receiver).to_u32();
    let out_of_range = || raise(ClassId::RANGE_ERROR, format!("{} out of char range", big(receiver)));
    let Some(code) = code else { return Err(out_of_range()) };
    if let Some(encoding) = args.given(0) {
        let name = to_s(encoding).to_text();
        if Encoding::find(&name).is_none() {
            return Err(raise(ClassId::ARGUMENT_ERROR, format!("unknown encoding name - {name}")));
        }
        return match char::from_u32(code) {
            Some(c) => Ok(Value::string(c.to_string())),
            None => Err(raise(ClassId::RANGE_ERROR, format!("invalid codepoint 0x{code:X} in UTF-8"))),
        };
    }
    let byte = u8::try_from(code).map_err(|_| out_of_range())?;
    let encoding = if byte.is_ascii() { Encoding::UsAscii } else { Encoding::Binary };
    let text = Str::owned(vec![byte], encoding);
    text.set_class(StrClass::Plain);
    Ok(Value::Str(Rc::new(text)))
}

/// `st`, `nd`, `rd` or `th`.
fn ending(number: &Value) -> &'static str {
    let number = big(number).abs();
    let last_two = number.mod_floor(&100.into()).to_u32().unwrap_or(0);
    match (last_two, last_two % 10) {
        (11..=13, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    }
}
