//! Regexp: matching, what it is made of, and how one is made.

use crate::methods::args::no_conversion;
use crate::methods::string::{compile, group_number, match_at, match_from, start, subject, text_of};
use crate::methods::{Args, Host, Method, encoding, rails, ruby};
use crate::value::{Encoding, Hash, Regexp, RegexpOptions, Result, Value, inspect, to_s};
use std::rc::Rc;

pub(super) const ROWS: &[Method] = &[
    ruby(
        "== eql?",
        "(other) -> Boolean",
        "The same pattern with the same options.",
        "/a/ == /a/ => true\n/a/ == /a/i => false",
        |_, receiver, args| Ok(crate::value::equal(receiver, &args.get(0)).into()),
    ),
    ruby(
        "===",
        "(text) -> Boolean",
        "Does it match? For `case`; anything but text does not; sets `$~`.",
        "/a/ === 'cat' => true\n/a/ === 5 => false",
        |host, receiver, args| {
            let regexp = this(receiver)?;
            let text = match host.force(&args.get(0))? {
                text @ (Value::Str(_) | Value::Symbol(_)) => subject(host, &text)?,
                _ => None,
            };
            let Some(text) = text else {
                host.set_last_match(Value::Nil);
                return Ok(false.into());
            };
            Ok((!match_at(host, regexp, &text)?.is_nil()).into())
        },
    ),
    ruby(
        "=~",
        "(text) -> Integer",
        "Where it first matches, nil if nowhere; sets `$~`.",
        "/c/ =~ 'abc' => 2\n/c/ =~ nil => nil",
        |host, receiver, args| {
            let regexp = this(receiver)?;
            let Some(text) = subject(host, &args.get(0))? else {
                host.set_last_match(Value::Nil);
                return Ok(Value::Nil);
            };
            match_at(host, regexp, &text)
        },
    ),
    ruby("casefold?", "() -> Boolean", "Ignores case.", "/a/i.casefold? => true", |_, receiver, _| {
        Ok(this(receiver)?.options.ignore_case.into())
    }),
    ruby(
        "encoding",
        "() -> Encoding",
        "The encoding of the pattern.",
        "/é/.encoding => #<Encoding:UTF-8>",
        |_, it, _| Ok(encoding::value_of(this(it)?.encoding())),
    ),
    ruby(
        "fixed_encoding?",
        "() -> Boolean",
        "Fits only text of its own encoding.",
        "/a/.fixed_encoding? => false",
        |_, receiver, _| Ok((this(receiver)?.encoding() != Encoding::UsAscii).into()),
    ),
    ruby("hash", "() -> Integer", "The same for equal patterns.", "/a/.hash == /a/.hash => true", |_, receiver, _| {
        Ok(Value::Int(crate::value::hash_of(receiver) as i64 >> 2))
    }),
    ruby("inspect", "() -> String", "As it is written.", "/a/i.inspect => \"/a/i\"", |_, receiver, _| {
        Ok(Value::Str(Rc::new(inspect(receiver))))
    }),
    ruby(
        "match",
        "(text, start = 0) [{ |match| }] -> MatchData",
        "The first match from a character on, nil if there is none; sets `$~`.",
        "/o+/.match('foo')[0] => \"oo\"\n/o/.match(nil) => nil",
        |host, receiver, args| {
            let regexp = this(receiver)?;
            let Some(text) = subject(host, &args.get(0))? else {
                host.set_last_match(Value::Nil);
                return Ok(Value::Nil);
            };
            match_from(host, regexp, &text, args.given(1), args.block.as_ref())
        },
    ),
    ruby(
        "match?",
        "(text, start = 0) -> Boolean",
        "Does it match, from a character on? Leaves `$~` as it is.",
        "/o/.match?('foo') => true\n/o/.match?(nil) => false",
        |host, receiver, args| {
            let regexp = this(receiver)?;
            let Some(text) = subject(host, &args.get(0))? else { return Ok(false.into()) };
            let from = match args.given(1) {
                Some(_) => start(&text, args.int(1)?),
                None => Some(0),
            };
            let Some(from) = from else { return Ok(false.into()) };
            Ok(regexp.find_range(&text, from)?.is_some().into())
        },
    ),
    rails("multiline?", "() -> Boolean", "`.` matches line ends.", "/a/m.multiline? => true", |_, receiver, _| {
        Ok(this(receiver)?.options.multi_line.into())
    }),
    ruby(
        "named_captures",
        "() -> Hash",
        "The names of the groups with their numbers.",
        "/(?<a>.)(?<b>.)/.named_captures => {\"a\"=>[1], \"b\"=>[2]}",
        |_, receiver, _| {
            let hash = Hash::new();
            for (name, numbers) in this(receiver)?.names() {
                let numbers: Vec<Value> = numbers.into_iter().map(|number| Value::Int(i64::from(number))).collect();
                hash.insert(Value::string(name), numbers.into());
            }
            Ok(hash.into())
        },
    ),
    ruby("names", "() -> Array", "The names of the groups.", "/(?<n>x)/.names => [\"n\"]", |_, receiver, _| {
        Ok(this(receiver)?.names().into_iter().map(|(name, _)| Value::string(name)).collect::<Vec<_>>().into())
    }),
    ruby("options", "() -> Integer", "The options as the sum of their numbers.", "/a/mix.options => 7", |_, it, _| {
        Ok(Value::Int(options_number(this(it)?)))
    }),
    ruby(
        "source",
        "() -> String",
        "The pattern without its slashes.",
        "/a\\/b/.source => \"a/b\"",
        |_, receiver, _| {
            let regexp = this(receiver)?;
            let encoding = if regexp.encoding() == Encoding::Binary { Encoding::Binary } else { Encoding::Utf8 };
            Ok(Value::Str(Rc::new(crate::value::Str::of(&regexp.source, encoding))))
        },
    ),
    ruby(
        "to_s",
        "() -> String",
        "As a group with its options, to be put into other patterns.",
        "/a/ix.to_s => \"(?ix-m:a)\"",
        |_, receiver, _| Ok(Value::Str(to_s(receiver))),
    ),
    ruby(
        "~",
        "() -> Integer",
        "Matches the last line read, of which there is none: nil.",
        "~/a/ => nil",
        |host, _, _| {
            host.set_last_match(Value::Nil);
            Ok(Value::Nil)
        },
    ),
];

pub(super) const CLASS_ROWS: &[Method] = &[
    ruby(
        "escape quote",
        "(text) -> String",
        "The text with all that means something in a pattern escaped.",
        "Regexp.escape('a.b*c') => \"a\\\\.b\\\\*c\"",
        |host, _, args| {
            let text = match args.get(0) {
                Value::Symbol(symbol) => Rc::new(symbol.with(|text| crate::value::Str::from(text))),
                other => text_of(host, &other)?,
            };
            let escaped = escape(&text.bytes());
            Ok(Value::Str(Rc::new(crate::value::Str::owned(escaped, text.encoding()))))
        },
    ),
    ruby(
        "last_match",
        "(group = nil) -> MatchData",
        "The last match, or a group of it.",
        "'x1' =~ /(\\d)/; Regexp.last_match(1) => \"1\"",
        |host, _, args| match (host.last_match(), args.given(0)) {
            (Value::Match(found), Some(group)) => {
                Ok(group_number(&found, group)?.map_or(Value::Nil, |number| found.group(number)))
            }
            (found, _) if args.is_empty() => Ok(found),
            _ => Ok(Value::Nil),
        },
    ),
    ruby(
        "new compile",
        "(pattern, options = nil, code = nil) -> Regexp",
        "The pattern of a text; options as a number, or true for ignoring case.",
        "Regexp.new('a+', Regexp::IGNORECASE) => /a+/i\nRegexp.new('[a') => RegexpError: premature end of char-class: /[a/",
        |host, _, args| match args.get(0) {
            Value::Regexp(regexp) => Ok(Value::Regexp(regexp)),
            other => {
                let options = options_of(args.given(1));
                let source = text_of(host, &other)?;
                let bytes = source.bytes();
                compile(&bytes, options).map(Value::Regexp)
            }
        },
    ),
    ruby(
        "try_convert",
        "(value) -> Regexp",
        "The value if it is a pattern, nil otherwise.",
        "Regexp.try_convert('a') => nil",
        |_, _, args| match args.get(0) {
            regexp @ Value::Regexp(_) => Ok(regexp),
            _ => Ok(Value::Nil),
        },
    ),
    ruby(
        "union",
        "(*patterns) -> Regexp",
        "A pattern that matches what one of them does; texts are escaped.",
        "Regexp.union('a.b', /c/i) => /a\\.b|(?i-mx:c)/",
        union,
    ),
];

fn this(receiver: &Value) -> Result<&Rc<Regexp>> {
    match receiver {
        Value::Regexp(regexp) => Ok(regexp),
        other => Err(no_conversion(other, "Regexp")),
    }
}

fn options_number(regexp: &Regexp) -> i64 {
    let options = regexp.options;
    let fixed = regexp.encoding() != Encoding::UsAscii && !options.no_encoding;
    i64::from(options.ignore_case)
        + 2 * i64::from(options.extended)
        + 4 * i64::from(options.multi_line)
        + 16 * i64::from(fixed)
        + 32 * i64::from(options.no_encoding)
}

fn options_of(value: Option<&Value>) -> RegexpOptions {
    match value {
        Some(Value::Int(bits)) => RegexpOptions {
            ignore_case: bits & 1 != 0,
            extended: bits & 2 != 0,
            multi_line: bits & 4 != 0,
            no_encoding: bits & 32 != 0,
        },
        other => RegexpOptions { ignore_case: other.is_some_and(Value::truthy), ..RegexpOptions::default() },
    }
}

/// Escapes all that means something in a pattern.
pub fn escape(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() + 8);
    for byte in text {
        let letter = match byte {
            b'\n' => b'n',
            b'\t' => b't',
            b'\r' => b'r',
            0x0c => b'f',
            0x0b => b'v',
            b'[' | b']' | b'{' | b'}' | b'(' | b')' | b'|' | b'-' | b'*' | b'.' | b'\\' | b'?' | b'+' | b'^' | b'$'
            | b' ' | b'#' => *byte,
            plain => {
                out.push(*plain);
                continue;
            }
        };
        out.extend_from_slice(&[b'\\', letter]);
    }
    out
}

fn union(host: &mut dyn Host, _: &Value, args: Args) -> Result<Value> {
    let patterns = match args.values.as_slice() {
        [Value::Array(list)] => list.to_vec(),
        values => values.to_vec(),
    };
    if let [Value::Regexp(only)] = patterns.as_slice() {
        return Ok(Value::Regexp(Rc::clone(only)));
    }
    if patterns.is_empty() {
        return compile(b"(?!)", RegexpOptions::default()).map(Value::Regexp);
    }
    let mut source = Vec::new();
    for (at, pattern) in patterns.iter().enumerate() {
        if at > 0 {
            source.push(b'|');
        }
        match pattern {
            Value::Regexp(regexp) => source.extend_from_slice(regexp.to_s().as_bytes()),
            Value::Symbol(symbol) => symbol.with(|text| source.extend_from_slice(&escape(text.as_bytes()))),
            other => source.extend_from_slice(&escape(&text_of(host, other)?.bytes())),
        }
    }
    compile(&source, RegexpOptions::default()).map(Value::Regexp)
}
