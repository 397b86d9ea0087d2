//! Symbol: most methods are those of its text.

use super::args::no_conversion;
use super::string::{is_blank, match_at, match_from};
use super::{Args, Host, Method, Receiver, Table, native_proc, rails, ruby, sdk};
use crate::text::Name;
use crate::value::{Arity, ClassId, Kind, Result, Str, Symbol, Value, compare, raise, to_s};
use std::rc::Rc;

pub static TABLES: &[Table] = &[Table { receiver: Receiver::Kinds(&[Kind::Symbol]), rows: ROWS }];

const ROWS: &[Method] = &[
    ruby(
        "<=>",
        "(other) -> Integer",
        "-1, 0 or 1 by the text; nil if the other is no Symbol.",
        ":a <=> :b => -1",
        |_, it, args| Ok(compare(it, &args.get(0)).map_or(Value::Nil, |ordering| Value::Int(ordering as i64))),
    ),
    ruby("== ===", "(other) -> Boolean", "The same symbol.", ":a == :a => true\n:a == 'a' => false", |_, it, args| {
        Ok(crate::value::equal(it, &args.get(0)).into())
    }),
    ruby(
        "=~",
        "(pattern) -> Integer",
        "Where the pattern first matches.",
        ":abc =~ /c/ => 2",
        |host, receiver, args| {
            let text = text(receiver)?;
            match args.get(0) {
                Value::Regexp(regexp) => match_at(host, &regexp, &text),
                other => host.send(&Value::Str(text), Name::new("=~"), Args::one(other)),
            }
        },
    ),
    ruby(
        "[] slice",
        "(position, length = nil) -> String",
        "A part of its text.",
        ":abc[1] => \"b\"",
        |host, receiver, args| of_text(host, receiver, "[]", args),
    ),
    rails("blank?", "() -> Boolean", "Its text is empty.", ":a.blank? => false", |_, receiver, _| {
        Ok(is_blank(&*text(receiver)?)?.into())
    }),
    ruby(
        "capitalize",
        "(*options) -> Symbol",
        "With a capital in front.",
        ":abc.capitalize => :Abc",
        |host, it, args| symbol_of_text(host, it, "capitalize", args),
    ),
    ruby(
        "casecmp",
        "(other) -> Integer",
        "`<=>` without regard to case.",
        ":aB.casecmp(:Ab) => 0",
        |host, it, args| with_symbol(host, it, "casecmp", &args),
    ),
    ruby(
        "casecmp?",
        "(other) -> Boolean",
        "The same without regard to case.",
        ":aB.casecmp?(:Ab) => true",
        |host, it, args| with_symbol(host, it, "casecmp?", &args),
    ),
    ruby("downcase", "(*options) -> Symbol", "In lower case.", ":Abc.downcase => :abc", |host, receiver, args| {
        symbol_of_text(host, receiver, "downcase", args)
    }),
    ruby("empty?", "() -> Boolean", "No characters.", ":a.empty? => false", |_, receiver, _| {
        Ok(text(receiver)?.is_empty().into())
    }),
    ruby(
        "encoding",
        "() -> Encoding",
        "The encoding of its text.",
        ":a.encoding => #<Encoding:US-ASCII>",
        |_, receiver, _| {
            let ascii = text(receiver)?.is_ascii();
            let encoding = if ascii { crate::value::Encoding::UsAscii } else { crate::value::Encoding::Utf8 };
            Ok(super::encoding::value_of(encoding))
        },
    ),
    ruby(
        "end_with? ends_with?",
        "(*suffixes) -> Boolean",
        "Ends with one of them.",
        ":abc.end_with?('c') => true",
        |host, it, args| of_text(host, it, "end_with?", args),
    ),
    ruby("hash", "() -> Integer", "The same for the same symbol.", ":a.hash == :a.hash => true", |_, receiver, _| {
        Ok(Value::Int(crate::value::hash_of(receiver) as i64 >> 2))
    }),
    ruby("inspect", "() -> String", "As it is written.", ":\"a b\".inspect => \":\\\"a b\\\"\"", |_, receiver, _| {
        Ok(Value::Str(Rc::new(crate::value::inspect(receiver))))
    }),
    sdk(
        "labelize",
        "(*acronyms) -> String",
        "As a label for a reader.",
        ":first_name.labelize => \"First name\"",
        |host, it, args| of_text(host, it, "labelize", args),
    ),
    ruby("length size", "() -> Integer", "The number of characters.", ":abc.length => 3", |_, receiver, _| {
        Ok(text(receiver)?.char_count().into())
    }),
    ruby(
        "match",
        "(pattern, start = 0) [{ |match| }] -> MatchData",
        "The first match.",
        ":abc.match(/b/)[0] => \"b\"",
        |host, it, args| {
            let text = text(it)?;
            match args.get(0) {
                Value::Regexp(regexp) => match_from(host, &regexp, &text, args.given(1), args.block.as_ref()),
                _ => host.send(&Value::Str(text), Name::new("match"), args),
            }
        },
    ),
    ruby(
        "match?",
        "(pattern, start = 0) -> Boolean",
        "Whether the pattern matches.",
        ":abc.match?(/b/) => true",
        |host, it, args| of_text(host, it, "match?", args),
    ),
    ruby(
        "start_with? starts_with?",
        "(*prefixes) -> Boolean",
        "Begins with one of them.",
        ":abc.start_with?('a') => true",
        |host, it, args| of_text(host, it, "start_with?", args),
    ),
    ruby("succ next", "() -> Symbol", "The next one in counting order.", ":ab.succ => :ac", |host, receiver, args| {
        symbol_of_text(host, receiver, "succ", args)
    }),
    ruby(
        "swapcase",
        "(*options) -> Symbol",
        "Upper case made lower and the other way round.",
        ":aB.swapcase => :Ab",
        |host, it, args| symbol_of_text(host, it, "swapcase", args),
    ),
    ruby(
        "to_proc",
        "() -> Proc",
        "A lambda that calls the method of that name on its argument.",
        "['a'].map(&:upcase) => [\"A\"]",
        to_proc,
    ),
    ruby("to_s id2name name", "() -> String", "Its text.", ":abc.to_s => \"abc\"", |_, receiver, _| {
        Ok(Value::Str(text(receiver)?))
    }),
    ruby("to_sym", "() -> Symbol", "Itself.", ":a.to_sym => :a", |_, receiver, _| Ok(receiver.clone())),
    ruby("upcase", "(*options) -> Symbol", "In upper case.", ":abc.upcase => :ABC", |host, receiver, args| {
        symbol_of_text(host, receiver, "upcase", args)
    }),
];

fn text(receiver: &Value) -> Result<Rc<Str>> {
    match receiver {
        Value::Symbol(_) => Ok(to_s(receiver)),
        other => Err(no_conversion(other, "Symbol")),
    }
}

/// The String method of that name on the symbol's text.
fn of_text(host: &mut dyn Host, receiver: &Value, name: &str, args: Args) -> Result<Value> {
    host.send(&Value::Str(text(receiver)?), Name::new(name), args)
}

fn symbol_of_text(host: &mut dyn Host, receiver: &Value, name: &str, args: Args) -> Result<Value> {
    match of_text(host, receiver, name, args)? {
        Value::Str(text) => Ok(Value::Symbol(Symbol::new(&text.to_text()))),
        other => Ok(other),
    }
}

/// Comparisons without regard to case take symbols only.
fn with_symbol(host: &mut dyn Host, receiver: &Value, name: &str, args: &Args) -> Result<Value> {
    match args.get(0) {
        other @ Value::Symbol(_) => of_text(host, receiver, name, Args::one(Value::Str(to_s(&other)))),
        _ => Ok(Value::Nil),
    }
}

fn to_proc(_: &mut dyn Host, receiver: &Value, _: Args) -> Result<Value> {
    let arity = Arity { required: 1, optional: 0, rest: true, needs_keywords: false };
    Ok(native_proc(arity, vec![receiver.clone()], |host, bound, mut args| {
        let Some(Value::Symbol(name)) = bound.first() else { return Ok(Value::Nil) };
        if args.is_empty() {
            return Err(raise(ClassId::ARGUMENT_ERROR, "no receiver given"));
        }
        let receiver = args.values.remove(0);
        let name = name.name().unwrap_or_else(|| Name::new(&name.text()));
        host.send(&receiver, name, args)
    }))
}
