//! Matching: `=~`, `match`, `match?`, `scan`; and what a match leaves in `$~`.

use super::text::{Pattern, part, pattern_of, regexp_of, text_of, this};
use crate::methods::args::{no_conversion, to_int};
use crate::methods::{Args, Host, Method, ruby};
use crate::text::Name;
use crate::value::{ClassId, Groups, MatchData, Proc, Regexp, Result, Str, Value, raise};
use std::rc::Rc;

pub(super) const ROWS: &[Method] = &[
    ruby(
        "=~",
        "(pattern) -> Integer",
        "Where the pattern first matches, nil if nowhere; sets `$~`.",
        "'abc' =~ /c/ => 2\n'abc' =~ /x/ => nil",
        matches,
    ),
    ruby(
        "match",
        "(pattern, start = 0) [{ |match| }] -> MatchData",
        "The first match from a character on, nil if there is none; sets `$~`.",
        "'foo123'.match(/(\\d)\\d/)[1] => \"1\"\n'foo'.match(/x/) => nil",
        match_data,
    ),
    ruby(
        "match?",
        "(pattern, start = 0) -> Boolean",
        "Does the pattern match, from a character on? Leaves `$~` as it is.",
        "'foo'.match?(/o+/) => true",
        |host, receiver, args| {
            let regexp = regexp_of(host, &args.get(0))?;
            let text = this(receiver)?;
            let start = match args.given(1) {
                Some(_) => start(text, args.int(1)?),
                None => Some(0),
            };
            let Some(start) = start else { return Ok(false.into()) };
            Ok(regexp.find_range(text, start)?.is_some().into())
        },
    ),
    ruby(
        "scan",
        "(pattern) [{ |match| }] -> Array",
        "Every match; where the pattern has groups, arrays of their texts.",
        "'a1b22'.scan(/\\d+/) => [\"1\", \"22\"]\n'a1b2'.scan(/([a-z])(\\d)/) => [[\"a\", \"1\"], [\"b\", \"2\"]]",
        scan,
    ),
];

/// Sets `$~` to a match, or to nil; answers the match.
pub(crate) fn remember(
    host: &mut dyn Host,
    regexp: &Rc<Regexp>,
    text: &Str,
    groups: Option<Groups>,
) -> Option<Rc<MatchData>> {
    let Some(groups) = groups else {
        host.set_last_match(Value::Nil);
        return None;
    };
    let found = Rc::new(MatchData { regexp: Rc::clone(regexp), text: text.frozen_copy(), groups });
    host.set_last_match(Value::Match(Rc::clone(&found)));
    Some(found)
}

/// The number of a group given by number or name; `None` for a number that there is not.
pub(crate) fn group_number(found: &MatchData, group: &Value) -> Result<Option<usize>> {
    let named = |name: &str| {
        let number = found.number_of(name);
        number.ok_or_else(|| raise(ClassId::INDEX_ERROR, format!("undefined group name reference: {name}")))
    };
    match group {
        Value::Str(name) => named(&name.to_text()).map(Some),
        Value::Symbol(name) => named(&name.text()).map(Some),
        other => {
            let number = to_int(other)?;
            let number = if number < 0 { number + found.groups.len() as i64 } else { number };
            Ok(usize::try_from(number).ok().filter(|number| *number < found.groups.len()))
        }
    }
}

/// Where a search from a Ruby index begins, in bytes.
pub(crate) fn start(text: &Str, start: i64) -> Option<usize> {
    let start = if start < 0 { start + text.char_count() as i64 } else { start };
    text.char_start(usize::try_from(start).ok()?)
}

fn matches(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let text = this(receiver)?;
    match args.get(0) {
        Value::Regexp(regexp) => match_at(host, &regexp, text),
        Value::Str(_) => Err(raise(ClassId::TYPE_ERROR, "type mismatch: String given")),
        other => host.send(&other, Name::new("=~"), Args::one(receiver.clone())),
    }
}

/// `regexp =~ text`.
pub(crate) fn match_at(host: &mut dyn Host, regexp: &Rc<Regexp>, text: &Str) -> Result<Value> {
    let groups = regexp.find(text, 0)?;
    let found = remember(host, regexp, text, groups);
    let at = found.and_then(|found| found.groups.first().copied().flatten());
    Ok(at.map_or(Value::Nil, |(lo, _)| Value::Int(text.char_number(lo) as i64)))
}

fn match_data(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let regexp = regexp_of(host, &args.get(0))?;
    match_from(host, &regexp, this(receiver)?, args.given(1), args.block.as_ref())
}

/// `match`, with the block's answer where there is a block and a match.
pub(crate) fn match_from(
    host: &mut dyn Host,
    regexp: &Rc<Regexp>,
    text: &Str,
    from: Option<&Value>,
    block: Option<&Rc<Proc>>,
) -> Result<Value> {
    let from = match from {
        Some(from) => start(text, to_int(from)?),
        None => Some(0),
    };
    let groups = match from {
        Some(from) => regexp.find(text, from)?,
        None => None,
    };
    let Some(found) = remember(host, regexp, text, groups) else { return Ok(Value::Nil) };
    match block {
        Some(block) => host.yield_block(block, &[Value::Match(found)]),
        None => Ok(Value::Match(found)),
    }
}

/// A String or Symbol to match on; nil matches nothing.
pub(crate) fn subject(host: &mut dyn Host, value: &Value) -> Result<Option<Rc<Str>>> {
    match value {
        Value::Nil => Ok(None),
        Value::Str(text) => Ok(Some(Rc::clone(text))),
        Value::Symbol(symbol) => Ok(Some(Rc::new(symbol.with(|text| Str::from(text))))),
        Value::Object(_) => text_of(host, value).map(Some),
        other => Err(no_conversion(other, "String")),
    }
}

/// Where the search goes on after a match: an empty one must not be found again.
pub(crate) fn next_from(text: &Str, lo: usize, hi: usize) -> usize {
    match (lo == hi, hi < text.len()) {
        (false, _) => hi,
        (true, true) => text.char_end(hi),
        (true, false) => hi + 1,
    }
}

fn scan(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let pattern = pattern_of(host, &args.get(0))?;
    pattern.require_valid()?;
    let text = this(receiver)?.frozen_copy();
    let mut out = Vec::new();
    let mut last = None;
    let mut from = 0;
    while from <= text.len() {
        let groups = match &pattern {
            Pattern::Regexp(regexp) => regexp.find(&text, from)?,
            Pattern::Text(_) => pattern.find(&text, from)?.map(|span| vec![Some(span)]),
        };
        let Some(groups) = groups else { break };
        let (lo, hi) = groups.first().copied().flatten().unwrap_or_default();
        from = next_from(&text, lo, hi);
        let item = scan_item(&text, &groups);
        last = Some(groups);
        if let Some(block) = &args.block {
            host.set_last_match(match_of(&pattern, &text, last.clone()));
            host.yield_block(block, &[item])?;
        } else {
            host.tick()?;
            out.push(item);
        }
    }
    host.set_last_match(match_of(&pattern, &text, last));
    if args.block.is_some() { Ok(receiver.clone()) } else { Ok(out.into()) }
}

/// The match that `$~` is to be, for a pattern; nil for a text.
fn match_of(pattern: &Pattern, text: &Rc<Str>, groups: Option<Groups>) -> Value {
    match (pattern, groups) {
        (Pattern::Regexp(regexp), Some(groups)) => {
            Value::Match(Rc::new(MatchData { regexp: Rc::clone(regexp), text: Rc::clone(text), groups }))
        }
        _ => Value::Nil,
    }
}

/// The whole match, or the array of its groups.
fn scan_item(text: &Str, groups: &Groups) -> Value {
    let cut = |group: &Option<(usize, usize)>| group.map_or(Value::Nil, |(lo, hi)| part(text, lo, hi));
    match groups.as_slice() {
        [whole] => cut(whole),
        [_, rest @ ..] => rest.iter().map(cut).collect::<Vec<_>>().into(),
        [] => Value::Nil,
    }
}
