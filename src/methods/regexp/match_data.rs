//! MatchData: the groups of a match and where they are.

use crate::methods::args::{no_conversion, to_int};
use crate::methods::string::group_number;
use crate::methods::{Args, Host, Method, ruby};
use crate::value::{ClassId, Hash, MatchData, Result, Value, equal, inspect, raise};
use std::rc::Rc;

pub(super) const ROWS: &[Method] = &[
    ruby(
        "== eql?",
        "(other) -> Boolean",
        "The same match in the same text.",
        "m = /a/.match('a'); m == m => true",
        |_, it, args| Ok(equal(it, &args.get(0)).into()),
    ),
    ruby(
        "[]",
        "(group, length = nil) -> String",
        "A group by number or name; with a length or range, an array of groups.",
        "/(?<a>.)(?<b>.)/.match('xy')[:b] => \"y\"\n/(.)(.)/.match('xy')[1, 2] => [\"x\", \"y\"]",
        group,
    ),
    ruby(
        "begin",
        "(group) -> Integer",
        "Where a group begins, nil if it took no part.",
        "/o+/.match('foo').begin(0) => 1",
        |_, receiver, args| Ok(offset(receiver, &args)?.map(|(lo, _)| lo).into()),
    ),
    ruby(
        "captures",
        "() -> Array",
        "The groups without the whole.",
        "/(.)(.)/.match('xy').captures => [\"x\", \"y\"]",
        |_, it, _| {
            let found = this(it)?;
            Ok(groups(found, 1).into())
        },
    ),
    ruby(
        "end",
        "(group) -> Integer",
        "Where a group ends, nil if it took no part.",
        "/o+/.match('foo').end(0) => 3",
        |_, receiver, args| Ok(offset(receiver, &args)?.map(|(_, hi)| hi).into()),
    ),
    ruby("hash", "() -> Integer", "The same for equal matches.", "", |_, receiver, _| {
        Ok(Value::Int(crate::value::hash_of(&Value::Str(Rc::clone(&this(receiver)?.text))) as i64 >> 2))
    }),
    ruby(
        "inspect",
        "() -> String",
        "The match with its groups.",
        "/(?<a>.)b/.match('ab').inspect => \"#<MatchData \\\"ab\\\" a:\\\"a\\\">\"",
        |_, receiver, _| Ok(Value::Str(Rc::new(inspect(receiver)))),
    ),
    ruby(
        "length size",
        "() -> Integer",
        "The number of groups with the whole.",
        "/(.)/.match('x').length => 2",
        |_, it, _| Ok(this(it)?.groups.len().into()),
    ),
    ruby("match", "(group) -> String", "One group.", "/(.)b/.match('ab').match(1) => \"a\"", |_, receiver, args| {
        let found = this(receiver)?;
        Ok(found.group(number(found, &args.get(0))?))
    }),
    ruby(
        "match_length",
        "(group) -> Integer",
        "The length of one group.",
        "/(.+)b/.match('aab').match_length(1) => 2",
        |_, receiver, args| Ok(offset(receiver, &args)?.map(|(lo, hi)| hi - lo).into()),
    ),
    ruby(
        "named_captures",
        "() -> Hash",
        "The named groups by name.",
        "/(?<a>.)(?<b>.)/.match('xy').named_captures => {\"a\"=>\"x\", \"b\"=>\"y\"}",
        |_, receiver, _| {
            let found = this(receiver)?;
            let hash = Hash::new();
            for (name, _) in found.regexp.names() {
                let group = found.named(&name).unwrap_or_default();
                hash.insert(Value::string(name), group);
            }
            Ok(hash.into())
        },
    ),
    ruby(
        "names",
        "() -> Array",
        "The names of the groups.",
        "/(?<a>.)/.match('x').names => [\"a\"]",
        |_, receiver, _| {
            let names = this(receiver)?.regexp.names();
            Ok(names.into_iter().map(|(name, _)| Value::string(name)).collect::<Vec<_>>().into())
        },
    ),
    ruby(
        "offset",
        "(group) -> Array",
        "Where a group begins and ends.",
        "/o+/.match('foo').offset(0) => [1, 3]",
        |_, receiver, args| {
            let (lo, hi) = offset(receiver, &args)?.unzip();
            Ok(vec![lo.into(), hi.into()].into())
        },
    ),
    ruby(
        "post_match",
        "() -> String",
        "The text after the match.",
        "/o/.match('fob').post_match => \"b\"",
        |_, receiver, _| Ok(this(receiver)?.after()),
    ),
    ruby(
        "pre_match",
        "() -> String",
        "The text before the match.",
        "/o/.match('fob').pre_match => \"f\"",
        |_, receiver, _| Ok(this(receiver)?.before()),
    ),
    ruby("regexp", "() -> Regexp", "The pattern.", "/o/.match('fob').regexp => /o/", |_, receiver, _| {
        Ok(Value::Regexp(Rc::clone(&this(receiver)?.regexp)))
    }),
    ruby(
        "string",
        "() -> String",
        "A frozen copy of the text.",
        "/o/.match('fob').string => \"fob\"",
        |_, receiver, _| Ok(Value::Str(Rc::clone(&this(receiver)?.text))),
    ),
    ruby(
        "to_a deconstruct",
        "() -> Array",
        "The whole and the groups.",
        "/(.)b/.match('ab').to_a => [\"ab\", \"a\"]",
        |_, it, _| Ok(groups(this(it)?, 0).into()),
    ),
    ruby("to_s", "() -> String", "The whole match.", "/b./.match('abc').to_s => \"bc\"", |_, receiver, _| {
        Ok(this(receiver)?.group(0))
    }),
    ruby(
        "values_at",
        "(*groups) -> Array",
        "Several groups by number or name.",
        "/(.)(.)/.match('xy').values_at(2, 1) => [\"y\", \"x\"]",
        values_at,
    ),
];

fn this(receiver: &Value) -> Result<&Rc<MatchData>> {
    match receiver {
        Value::Match(found) => Ok(found),
        other => Err(no_conversion(other, "MatchData")),
    }
}

fn groups(found: &MatchData, from: usize) -> Vec<Value> {
    (from..found.groups.len()).map(|number| found.group(number)).collect()
}

fn number(found: &MatchData, group: &Value) -> Result<usize> {
    if let Value::Str(_) | Value::Symbol(_) = group {
        return Ok(group_number(found, group)?.unwrap_or_default());
    }
    let number = to_int(group)?;
    let known = usize::try_from(number).ok().filter(|number| *number < found.groups.len());
    known.ok_or_else(|| raise(ClassId::INDEX_ERROR, format!("index {number} out of matches")))
}

/// Where a group begins and ends, in characters.
fn offset(receiver: &Value, args: &Args) -> Result<Option<(usize, usize)>> {
    let found = this(receiver)?;
    let number = number(found, &args.get(0))?;
    let span = found.groups.get(number).copied().flatten();
    Ok(span.map(|(lo, hi)| (found.text.char_number(lo), found.text.char_number(hi))))
}

fn group(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let found = this(receiver)?;
    match (args.get(0), args.given(1)) {
        (Value::Range(_), _) | (_, Some(_)) => {
            let all: Value = groups(found, 0).into();
            host.send(&all, crate::text::Name::new("[]"), args)
        }
        (group, None) => Ok(group_number(found, &group)?.map_or(Value::Nil, |number| found.group(number))),
    }
}

fn values_at(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let found = this(receiver)?;
    let mut out = Vec::with_capacity(args.len());
    for group in &args.values {
        match group {
            Value::Range(_) => {
                let all: Value = groups(found, 0).into();
                let part = host.send(&all, crate::text::Name::new("values_at"), Args::one(group.clone()))?;
                if let Value::Array(part) = part {
                    out.extend(part.to_vec());
                }
            }
            other => out.push(group_number(found, other)?.map_or(Value::Nil, |number| found.group(number))),
        }
    }
    Ok(out.into())
}
