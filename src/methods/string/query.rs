//! Questions about a text: length, comparison, what it contains and where.

use super::case::{Mapping, change};
use super::text::{char_index, find_bytes, require_compatible, rfind_bytes, text_arg, text_of, this};
use super::transcode::to_unicode;
use crate::methods::{Args, Host, Method, rails, ruby};
use crate::value::{Regexp, Result, Str, Value, compare};
use std::rc::Rc;

pub(super) const ROWS: &[Method] = &[
    ruby(
        "<=>",
        "(other) -> Integer",
        "-1, 0 or 1 by the bytes; nil if the other is no String.",
        "'a' <=> 'b' => -1\n'a' <=> 5 => nil",
        compared,
    ),
    ruby(
        "== ===",
        "(other) -> Boolean",
        "The same text.",
        "'a' == 'a' => true\n'a' == :a => false",
        |_, receiver, args| Ok(crate::value::equal(receiver, &args.get(0)).into()),
    ),
    ruby("ascii_only?", "() -> Boolean", "Only ASCII characters.", "'é'.ascii_only? => false", |_, receiver, _| {
        Ok(this(receiver)?.is_ascii().into())
    }),
    rails(
        "blank?",
        "() -> Boolean",
        "Empty or only white space, of any script.",
        "\" \\n\\u3000\".blank? => true\n'a'.blank? => false",
        |_, receiver, _| Ok(is_blank(this(receiver)?)?.into()),
    ),
    ruby("bytesize", "() -> Integer", "The number of bytes.", "'é'.bytesize => 2", |_, receiver, _| {
        Ok(this(receiver)?.len().into())
    }),
    ruby(
        "casecmp",
        "(other) -> Integer",
        "`<=>` without regard to the case of ASCII letters.",
        "'aBc'.casecmp('AbC') => 0\n'a'.casecmp(1) => nil",
        casecmp,
    ),
    ruby(
        "casecmp?",
        "(other) -> Boolean",
        "The same text without regard to case, in any script.",
        "'É'.casecmp?('é') => true\n'a'.casecmp?(nil) => nil",
        casecmp_is,
    ),
    ruby("empty?", "() -> Boolean", "No characters.", "''.empty? => true", |_, receiver, _| {
        Ok(this(receiver)?.is_empty().into())
    }),
    ruby(
        "end_with? ends_with?",
        "(*suffixes) -> Boolean",
        "Ends with one of them.",
        "'hello'.end_with?('x', 'lo') => true",
        end_with,
    ),
    ruby("eql?", "(other) -> Boolean", "A String with the same text.", "'a'.eql?('a') => true", |_, receiver, args| {
        Ok(crate::value::eql(receiver, &args.get(0)).into())
    }),
    rails(
        "exclude?",
        "(other) -> Boolean",
        "The text does not occur in it.",
        "'hello'.exclude?('z') => true",
        |host, receiver, args| Ok((!contains(host, receiver, &args)?).into()),
    ),
    ruby("hash", "() -> Integer", "The same for equal texts.", "'a'.hash == 'a'.hash => true", |_, receiver, _| {
        Ok(Value::Int(crate::value::hash_of(receiver) as i64 >> 2))
    }),
    ruby(
        "include?",
        "(other) -> Boolean",
        "The text occurs in it.",
        "'hello'.include?('ell') => true",
        |host, receiver, args| Ok(contains(host, receiver, &args)?.into()),
    ),
    ruby(
        "index",
        "(pattern, start = 0) -> Integer",
        "Where the text or pattern first occurs, from a character on; nil if it does not.",
        "'hello'.index('l') => 2\n'hello'.index(/l/, 3) => 3\n'hello'.index('z') => nil",
        index,
    ),
    rails("is_utf8?", "() -> Boolean", "Valid UTF-8 or ASCII.", "'é'.is_utf8? => true", |_, receiver, _| {
        let text = this(receiver)?;
        let unicode = matches!(text.encoding(), crate::value::Encoding::Utf8 | crate::value::Encoding::UsAscii);
        Ok((unicode && text.is_valid()).into())
    }),
    ruby("length size", "() -> Integer", "The number of characters.", "'héé'.length => 3", |_, receiver, _| {
        Ok(this(receiver)?.char_count().into())
    }),
    ruby(
        "rindex",
        "(pattern, start = -1) -> Integer",
        "Where the text or pattern last occurs, at a character or before it; nil if it does not.",
        "'hello'.rindex('l') => 3\n'hello'.rindex('l', 2) => 2",
        rindex,
    ),
    ruby(
        "start_with? starts_with?",
        "(*prefixes) -> Boolean",
        "Begins with one of them; a pattern must match at the start.",
        "'hello'.start_with?('he') => true\n'hello'.start_with?(/l/) => false",
        start_with,
    ),
    ruby(
        "valid_encoding?",
        "() -> Boolean",
        "The bytes are characters of the encoding.",
        "\"\\xff\".valid_encoding? => false",
        |_, receiver, _| Ok(this(receiver)?.is_valid().into()),
    ),
];

fn compared(_: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    Ok(compare(receiver, &args.get(0)).map_or(Value::Nil, |ordering| Value::Int(ordering as i64)))
}

/// `[[:space:]]*` and nothing else; text that is not valid raises, as the pattern would.
pub(crate) fn is_blank(text: &Str) -> Result<bool> {
    if !text.is_valid() {
        return Err(super::text::invalid_bytes(text));
    }
    let bytes = text.bytes();
    if text.is_ascii() || text.encoding() == crate::value::Encoding::Binary {
        return Ok(bytes.iter().all(|byte| matches!(byte, b'\t'..=b'\r' | b' ')));
    }
    drop(bytes);
    Ok(to_unicode(text).is_some_and(|text| text.chars().all(char::is_whitespace)))
}

fn casecmp(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let text = this(receiver)?;
    let Some(other) = other_text(host, &args)? else { return Ok(Value::Nil) };
    if text.compatible(&other).is_none() {
        return Ok(Value::Nil);
    }
    let ordering = text.bytes().to_ascii_lowercase().cmp(&other.bytes().to_ascii_lowercase());
    Ok(Value::Int(ordering as i64))
}

/// The other side of a comparison; anything but a string answers nil (and a number or the like raises).
fn other_text(host: &mut dyn Host, args: &Args) -> Result<Option<Rc<Str>>> {
    match args.get(0) {
        Value::Str(other) => Ok(Some(other)),
        Value::Object(_) => text_of(host, &args.get(0)).map(Some),
        _ => Ok(None),
    }
}

fn casecmp_is(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let text = this(receiver)?;
    let Some(other) = other_text(host, &args)? else { return Ok(Value::Nil) };
    if text.compatible(&other).is_none() {
        return Ok(Value::Nil);
    }
    if text.is_ascii() && other.is_ascii() {
        return Ok(text.bytes().eq_ignore_ascii_case(&other.bytes()).into());
    }
    // Down after up folds what only one of the two would miss (`ß`, `ſ`).
    let fold = |text: &Str| {
        let upper = Str::owned(change(text, Mapping::Up)?, text.encoding());
        change(&upper, Mapping::Down)
    };
    Ok((fold(text)? == fold(&other)?).into())
}

fn contains(host: &mut dyn Host, receiver: &Value, args: &Args) -> Result<bool> {
    let text = this(receiver)?;
    let needle = text_arg(host, args, 0)?;
    require_compatible(text, &needle)?;
    Ok(find_bytes(&text.bytes(), &needle.bytes(), 0).is_some())
}

fn start_with(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let text = this(receiver)?;
    for (at, prefix) in args.values.iter().enumerate() {
        let found = if let Value::Regexp(regexp) = prefix {
            let groups = regexp.find_at(text, 0)?;
            super::search::remember(host, regexp, text, groups).is_some()
        } else {
            let prefix = text_arg(host, &args, at)?;
            require_compatible(text, &prefix)?;
            text.bytes().starts_with(&prefix.bytes())
        };
        if found {
            return Ok(true.into());
        }
    }
    Ok(false.into())
}

fn end_with(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let text = this(receiver)?;
    for at in 0..args.len() {
        let suffix = text_arg(host, &args, at)?;
        require_compatible(text, &suffix)?;
        let starts = text.len().checked_sub(suffix.len());
        let at_character = starts.is_some_and(|at| at == text.len() || is_boundary(text, at));
        if at_character && text.bytes().ends_with(&suffix.bytes()) {
            return Ok(true.into());
        }
    }
    Ok(false.into())
}

/// A character begins at that byte.
fn is_boundary(text: &Str, at: usize) -> bool {
    text.encoding() != crate::value::Encoding::Utf8 || text.bytes().get(at).is_none_or(|byte| byte & 0xc0 != 0x80)
}

/// Where a search may begin: a Ruby index as a byte offset, `None` beyond the text.
fn start_at(text: &Str, start: i64) -> Option<usize> {
    let start = if start < 0 { start + text.char_count() as i64 } else { start };
    text.char_start(usize::try_from(start).ok()?)
}

fn index(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let text = this(receiver)?;
    let start = match args.given(1) {
        Some(_) => start_at(text, args.int(1)?),
        None => Some(0),
    };
    let pattern = args.get(0);
    let Some(start) = start else {
        if let Value::Regexp(_) = pattern {
            host.set_last_match(Value::Nil);
        }
        return Ok(Value::Nil);
    };
    let found = if let Value::Regexp(regexp) = &pattern {
        regexp_index(host, regexp, text, |regexp| regexp.find(text, start))?
    } else {
        let needle = text_arg(host, &args, 0)?;
        require_compatible(text, &needle)?;
        find_text(text, &needle, start)
    };
    Ok(found.map_or(Value::Nil, |at| char_index(text, at)))
}

/// A place of `needle` where a character begins.
fn find_text(text: &Str, needle: &Str, mut from: usize) -> Option<usize> {
    loop {
        let at = find_bytes(&text.bytes(), &needle.bytes(), from)?;
        if is_boundary(text, at) {
            return Some(at);
        }
        from = at + 1;
    }
}

fn regexp_index(
    host: &mut dyn Host,
    regexp: &Rc<Regexp>,
    text: &Rc<Str>,
    find: impl Fn(&Regexp) -> Result<Option<crate::value::Groups>>,
) -> Result<Option<usize>> {
    let groups = find(regexp)?;
    let at = groups.as_ref().and_then(|groups| groups.first().copied().flatten()).map(|(lo, _)| lo);
    super::search::remember(host, regexp, text, groups);
    Ok(at)
}

fn rindex(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let text = this(receiver)?;
    let count = text.char_count() as i64;
    let start = match args.given(1) {
        Some(_) => args.int(1)?,
        None => count,
    };
    let start = if start < 0 { start + count } else { start.min(count) };
    let pattern = args.get(0);
    let Some(start) = usize::try_from(start).ok().and_then(|start| text.char_start(start)) else {
        if let Value::Regexp(_) = pattern {
            host.set_last_match(Value::Nil);
        }
        return Ok(Value::Nil);
    };
    let found = if let Value::Regexp(regexp) = &pattern {
        regexp_index(host, regexp, text, |regexp| regexp.find_last(text, start))?
    } else {
        let needle = text_arg(host, &args, 0)?;
        require_compatible(text, &needle)?;
        rfind_bytes(&text.bytes(), &needle.bytes(), start)
    };
    Ok(found.map_or(Value::Nil, |at| char_index(text, at)))
}
