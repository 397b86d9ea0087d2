//! Parts of a text by position, range, text or pattern: `[]`, `[]=`, `slice!`, `first`, `byteslice`, `insert` …

use super::search::{group_number, remember};
use super::text::{find_bytes, part, require_compatible, text_arg, text_of, thawed, this};
use crate::methods::args::to_int;
use crate::methods::{Args, Host, Method, ops, rails, ruby};
use crate::value::{ClassId, Range, Regexp, Result, Str, Unwind, Value, inspect, raise};
use std::rc::Rc;

pub(super) const ROWS: &[Method] = &[
    ruby(
        "[] slice",
        "(position, length = nil) -> String",
        "The character there; with a length or range, the part; with a text or pattern, what it finds. nil if nothing.",
        "'hello'[1..3] => \"ell\"\n'hello'[-3, 2] => \"ll\"\n'hello'[/l+/] => \"ll\"\n'hello'[9] => nil",
        slice,
    ),
    ruby(
        "[]=",
        "(position, length_or_value, value = nil) -> String",
        "Replaces the part that `[]` would answer.",
        "s = +'hello'; s[1..2] = 'u'; s => \"hulo\"",
        store,
    ),
    rails(
        "at",
        "(position) -> String",
        "`[]` with one argument.",
        "'hello'.at(1) => \"e\"\n'hello'.at(1..2) => \"el\"",
        slice,
    ),
    ruby(
        "byteslice",
        "(start, length = nil) -> String",
        "A part by bytes.",
        "'日本'.byteslice(0, 3) => \"日\"",
        byteslice,
    ),
    ruby("chr", "() -> String", "The first character.", "'hello'.chr => \"h\"", |_, receiver, _| {
        let text = this(receiver)?;
        Ok(part(text, 0, text.char_end(0)))
    }),
    rails(
        "first",
        "(count = 1) -> String",
        "The first characters.",
        "'hello'.first => \"h\"\n'hello'.first(2) => \"he\"",
        |_, receiver, args| {
            let text = this(receiver)?;
            let count = limit(&args)?;
            Ok(part(text, 0, text.char_start(count).unwrap_or(text.len())))
        },
    ),
    rails(
        "from",
        "(position) -> String",
        "From a position to the end.",
        "'hello'.from(2) => \"llo\"\n'hello'.from(-2) => \"lo\"",
        |host, receiver, args| {
            let text = this(receiver)?;
            let found = find(host, text, &args.get(0), Some(&Value::Int(text.char_count() as i64)))?;
            Ok(cut(text, found))
        },
    ),
    ruby(
        "insert",
        "(position, other) -> String",
        "Puts a text in front of a character, in place; negative positions count from the end.",
        "+'hello'.insert(2, 'XX') => \"heXXllo\"\n'hello'.dup.insert(-1, 'X') => \"helloX\"",
        insert,
    ),
    rails(
        "last",
        "(count = 1) -> String",
        "The last characters.",
        "'hello'.last => \"o\"\n'hello'.last(2) => \"lo\"",
        last,
    ),
    ruby(
        "slice!",
        "(position, length = nil) -> String",
        "Takes the part that `[]` would answer out of the text.",
        "s = +'hello'; s.slice!(0, 2); s => \"llo\"",
        take_out,
    ),
    rails(
        "to",
        "(position) -> String",
        "From the start up to and with a position.",
        "'hello'.to(1) => \"he\"\n'hello'.to(-2) => \"hell\"",
        to,
    ),
];

fn limit(args: &Args) -> Result<usize> {
    let count = match args.given(0) {
        Some(value) => to_int(value)?,
        None => 1,
    };
    usize::try_from(count).map_err(|_| raise(ClassId::ARGUMENT_ERROR, "negative limit"))
}

/// `self[[length - limit, 0].max, limit]`, whatever numbers they are.
fn last(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let text = this(receiver)?;
    let length = Value::Int(text.char_count() as i64);
    let limit = args.given(0).cloned().unwrap_or(Value::Int(1));
    let from = ops::send(host, &length, "-", std::slice::from_ref(&limit))?;
    let from = if ops::compare(host, &from, &Value::Int(0))?.is_lt() { Value::Int(0) } else { from };
    let found = span(text, to_int(&from)?, to_int(&limit)?);
    found.map(|(lo, hi)| part(text, lo, hi)).ok_or_else(|| raise(ClassId::ARGUMENT_ERROR, "negative limit"))
}

fn to(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let text = this(receiver)?;
    let mut position = args.get(0);
    if ops::send(host, &position, "<", &[Value::Int(0)])?.truthy() {
        position = ops::send(host, &position, "+", &[Value::Int(text.char_count() as i64)])?;
    }
    let count = to_int(&ops::send(host, &position, "+", &[Value::Int(1)])?)?;
    Ok(span(text, 0, count).map_or_else(|| Value::str(""), |(lo, hi)| part(text, lo, hi)))
}

/// The bytes of `length` characters from a Ruby index on; `None` out of range.
fn span(text: &Str, start: i64, length: i64) -> Option<(usize, usize)> {
    let length = usize::try_from(length).ok()?;
    let start = if start < 0 { usize::try_from(start + text.char_count() as i64).ok()? } else { start as usize };
    let lo = text.char_start(start)?;
    if text.is_single_byte() {
        return Some((lo, lo.saturating_add(length).min(text.len())));
    }
    if length == 0 {
        return Some((lo, lo));
    }
    let hi = start.checked_add(length).and_then(|end| text.char_start(end)).unwrap_or(text.len());
    Some((lo, hi))
}

fn cut(text: &Str, span: Option<(usize, usize)>) -> Value {
    span.map_or(Value::Nil, |(lo, hi)| part(text, lo, hi))
}

/// A range of Ruby indices as start and length; `None` if it begins out of `count` items.
pub(crate) fn range_span(range: &Range, count: usize) -> Result<Option<(usize, usize)>> {
    let end_of = |value: &Value, open: i64| if value.is_nil() { Ok(open) } else { to_int(value) };
    let count = count as i64;
    let lo = end_of(&range.lo, 0)?;
    let hi = end_of(&range.hi, -1)?;
    let exclusive = range.exclusive && !range.hi.is_nil();
    let lo = if lo < 0 { lo + count } else { lo };
    let hi = if hi < 0 { hi + count } else { hi };
    let hi = if exclusive { hi } else { hi.saturating_add(1) }.clamp(0, count);
    if !(0..=count).contains(&lo) {
        return Ok(None);
    }
    Ok(Some((lo as usize, (hi - lo).max(0) as usize)))
}

/// The bytes that the arguments of `[]` mean, with the match that a pattern makes.
fn find(
    host: &mut dyn Host,
    text: &Rc<Str>,
    position: &Value,
    length: Option<&Value>,
) -> Result<Option<(usize, usize)>> {
    if let Value::Regexp(regexp) = position {
        return Ok(find_group(host, text, regexp, length)?.span());
    }
    if let Some(length) = length {
        let (start, length) = (to_int(position)?, to_int(length)?);
        return Ok(span(text, start, length));
    }
    match position {
        Value::Int(start) => Ok(character(text, *start)),
        Value::Str(needle) => {
            require_compatible(text, needle)?;
            Ok(find_bytes(&text.bytes(), &needle.bytes(), 0).map(|at| (at, at + needle.len())))
        }
        Value::Range(range) => {
            let found = range_span(range, text.char_count())?;
            Ok(found.and_then(|(start, length)| span(text, start as i64, length as i64)))
        }
        other @ Value::Object(_) => {
            let forced = host.force(other)?;
            if let Value::Object(_) = forced {
                return Err(crate::methods::args::no_conversion(other, "Integer"));
            }
            find(host, text, &forced, None)
        }
        other => Ok(character(text, to_int(other)?)),
    }
}

fn character(text: &Str, start: i64) -> Option<(usize, usize)> {
    span(text, start, 1).filter(|(lo, hi)| lo < hi)
}

/// Where a group of a pattern's first match is.
enum GroupPlace {
    NoMatch,
    /// There is no such group, or it took no part.
    Absent,
    At(usize, usize),
}

impl GroupPlace {
    const fn span(self) -> Option<(usize, usize)> {
        match self {
            Self::At(lo, hi) => Some((lo, hi)),
            Self::NoMatch | Self::Absent => None,
        }
    }
}

fn find_group(host: &mut dyn Host, text: &Rc<Str>, regexp: &Rc<Regexp>, group: Option<&Value>) -> Result<GroupPlace> {
    let groups = regexp.find(text, 0)?;
    let found = remember(host, regexp, text, groups);
    let Some(found) = found else { return Ok(GroupPlace::NoMatch) };
    let number = match group {
        None => Some(0),
        Some(group) => group_number(&found, group)?,
    };
    let span = number.and_then(|number| found.groups.get(number).copied().flatten());
    Ok(span.map_or(GroupPlace::Absent, |(lo, hi)| GroupPlace::At(lo, hi)))
}

fn slice(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let text = this(receiver)?;
    let found = find(host, text, &args.get(0), args.given(1))?;
    Ok(cut(text, found))
}

fn byteslice(_: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let text = this(receiver)?;
    let len = text.len();
    let position = args.get(0);
    let found = match (&position, args.given(1)) {
        (_, Some(length)) => byte_span(len, to_int(&position)?, to_int(length)?),
        (Value::Range(range), None) => range_span(range, len)?.map(|(start, length)| (start, start + length)),
        (_, None) => byte_span(len, to_int(&position)?, 1).filter(|(lo, hi)| lo < hi),
    };
    Ok(cut(text, found))
}

fn byte_span(len: usize, start: i64, length: i64) -> Option<(usize, usize)> {
    let length = usize::try_from(length).ok()?;
    let start = usize::try_from(if start < 0 { start + len as i64 } else { start }).ok()?;
    (start <= len).then(|| (start, start.saturating_add(length).min(len)))
}

fn store(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let text = thawed(receiver)?;
    let position = args.get(0);
    let (length, value) = match args.given(2) {
        Some(value) => (args.given(1), value.clone()),
        None => (None, args.get(1)),
    };
    let (lo, hi) = place(host, text, &position, length)?;
    let new = text_of(host, &value)?;
    replace(text, lo, hi, &new)?;
    Ok(value)
}

/// The bytes to replace; the IndexError or RangeError of a place that is not there.
fn place(host: &mut dyn Host, text: &Rc<Str>, position: &Value, length: Option<&Value>) -> Result<(usize, usize)> {
    match position {
        Value::Regexp(regexp) => match find_group(host, text, regexp, length)? {
            GroupPlace::At(lo, hi) => Ok((lo, hi)),
            GroupPlace::Absent => Err(out("regexp group not matched")),
            GroupPlace::NoMatch => Err(out("regexp not matched")),
        },
        Value::Str(_) => find(host, text, position, None)?.ok_or_else(|| out("string not matched")),
        Value::Range(range) => {
            let found = range_span(range, text.char_count())?;
            let found = found.and_then(|(start, length)| span(text, start as i64, length as i64));
            let shown = || inspect(position).to_text();
            found.ok_or_else(|| raise(ClassId::RANGE_ERROR, format!("{} out of range", shown())))
        }
        _ => {
            let start = to_int(position)?;
            let found = match length {
                None => character(text, start),
                Some(length) => {
                    let length = to_int(length)?;
                    if length < 0 {
                        return Err(out(&format!("negative length {length}")));
                    }
                    span(text, start, length)
                }
            };
            found.ok_or_else(|| out(&format!("index {start} out of string")))
        }
    }
}

#[cold]
fn out(message: &str) -> Box<Unwind> {
    raise(ClassId::INDEX_ERROR, message)
}

fn replace(text: &Rc<Str>, lo: usize, hi: usize, new: &Rc<Str>) -> Result<()> {
    let encoding = require_compatible(text, new)?;
    let new = new.bytes().to_vec();
    text.bytes_mut().splice(lo..hi, new);
    text.set_encoding(encoding);
    Ok(())
}

fn take_out(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let text = thawed(receiver)?;
    let Some((lo, hi)) = find(host, text, &args.get(0), args.given(1))? else { return Ok(Value::Nil) };
    let taken = part(text, lo, hi);
    text.bytes_mut().drain(lo..hi);
    Ok(taken)
}

fn insert(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let text = thawed(receiver)?;
    let position = args.int(0)?;
    let new = text_arg(host, &args, 1)?;
    let from_end = position < 0;
    let start = if from_end { position + 1 + text.char_count() as i64 } else { position };
    let at = usize::try_from(start).ok().and_then(|start| text.char_start(start));
    let shown = if from_end { position + 1 } else { position };
    let at = at.ok_or_else(|| out(&format!("index {shown} out of string")))?;
    replace(text, at, at, &new)?;
    Ok(receiver.clone())
}

/// Both sides of a cut, as plain strings.
pub(super) fn split_at(text: &Str, lo: usize, hi: usize) -> [Value; 3] {
    [part(text, 0, lo), part(text, lo, hi), part(text, hi, text.len())]
}
