//! `split`, `partition`, `rpartition`, `lines` and the other ways to take a text apart.

use super::search::remember;
use super::slice::split_at;
use super::text::{Pattern, find_bytes, part, pattern_of, rfind_bytes, text_arg, this};
use crate::methods::args::to_int;
use crate::methods::{Args, Host, Method, enumerator, ruby, sdk};
use crate::value::{Regexp, Result, Str, Value};
use std::rc::Rc;

/// Bytes that a number in a list takes, and a part of a text.
const NUMBER: usize = size_of::<Value>();
const PART: usize = 64;
/// The parts of shorter texts are not counted beforehand.
const SHORT: usize = 4 << 20;

/// Asks for the room of all parts of a long text, separators counted by `count`.
fn room_for_parts(host: &mut dyn Host, text: &Str, count: impl FnOnce(&[u8]) -> usize) -> Result<()> {
    if text.len() < SHORT { Ok(()) } else { host.charge(count(&text.bytes()).saturating_mul(PART)) }
}

pub(super) const ROWS: &[Method] = &[
    ruby(
        "bytes",
        "() [{ |byte| }] -> Array",
        "The bytes as numbers.",
        "'é'.bytes => [195, 169]",
        |host, receiver, args| {
            host.charge(this(receiver)?.len().saturating_mul(NUMBER))?;
            let bytes: Vec<Value> = this(receiver)?.bytes().iter().map(|byte| Value::Int(i64::from(*byte))).collect();
            given(host, receiver, &args, bytes)
        },
    ),
    ruby(
        "chars",
        "() [{ |character| }] -> Array",
        "The characters.",
        "'hé'.chars => [\"h\", \"é\"]",
        |host, receiver, args| {
            host.charge(this(receiver)?.len().saturating_mul(PART))?;
            let parts = characters(this(receiver)?);
            given(host, receiver, &args, parts)
        },
    ),
    ruby(
        "codepoints",
        "() [{ |code| }] -> Array",
        "The characters as numbers.",
        "'aé'.codepoints => [97, 233]",
        |host, receiver, args| {
            host.charge(this(receiver)?.len().saturating_mul(NUMBER))?;
            let codes = super::charset::codes(this(receiver)?)?;
            given(host, receiver, &args, codes.into_iter().map(|code| Value::Int(i64::from(code))).collect())
        },
    ),
    ruby(
        "each_byte",
        "() [{ |byte| }] -> String",
        "Calls the block with each byte.",
        "'ab'.each_byte.to_a => [97, 98]",
        |host, receiver, args| each(host, receiver, args, "each_byte", bytes),
    ),
    ruby(
        "each_char",
        "() [{ |character| }] -> String",
        "Calls the block with each character.",
        "'ab'.each_char.to_a => [\"a\", \"b\"]",
        |host, receiver, args| each(host, receiver, args, "each_char", |text| Ok(characters(text))),
    ),
    ruby(
        "each_codepoint",
        "() [{ |code| }] -> String",
        "Calls the block with each character's number.",
        "'é'.each_codepoint.to_a => [233]",
        |host, receiver, args| each(host, receiver, args, "each_codepoint", codepoints),
    ),
    ruby(
        "each_grapheme_cluster",
        "() [{ |cluster| }] -> String",
        "Calls the block with each character as a reader sees it.",
        "\"e\\u0301x\".each_grapheme_cluster.count => 2",
        |host, receiver, args| each(host, receiver, args, "each_grapheme_cluster", clusters),
    ),
    ruby(
        "each_line",
        "(separator = \"\\n\", chomp: false) [{ |line| }] -> String",
        "Calls the block with each line.",
        "\"a\\nb\".each_line.to_a => [\"a\\n\", \"b\"]",
        |host, receiver, args| {
            let Some(block) = args.block.clone() else { return Ok(enumerator::of(receiver, "each_line", args)) };
            for line in lines(host, receiver, args)? {
                host.yield_block(&block, &[line])?;
            }
            Ok(receiver.clone())
        },
    ),
    ruby(
        "grapheme_clusters",
        "() [{ |cluster| }] -> Array",
        "The characters as a reader sees them.",
        "\"e\\u0301x\".grapheme_clusters.length => 2",
        |host, receiver, args| {
            let parts = clusters(this(receiver)?)?;
            given(host, receiver, &args, parts)
        },
    ),
    ruby(
        "lines",
        "(separator = \"\\n\", chomp: false) [{ |line| }] -> Array",
        "The lines with their ends, or without them.",
        "\"a\\nb\".lines => [\"a\\n\", \"b\"]\n\"a\\r\\nb\".lines(chomp: true) => [\"a\", \"b\"]",
        |host, receiver, args| {
            let block = args.block.clone();
            let parts = lines(host, receiver, args)?;
            given(host, receiver, &Args::none().with_block(block), parts)
        },
    ),
    ruby(
        "partition",
        "(pattern) -> Array",
        "What is before the first match, the match, and what is after it.",
        "'a=b=c'.partition('=') => [\"a\", \"=\", \"b=c\"]",
        partition,
    ),
    ruby(
        "rpartition",
        "(pattern) -> Array",
        "What is before the last match, the match, and what is after it.",
        "'a=b=c'.rpartition('=') => [\"a=b\", \"=\", \"c\"]",
        rpartition,
    ),
    ruby(
        "split",
        "(pattern = nil, limit = 0) [{ |part| }] -> Array",
        "The parts between matches; white space without a pattern. Empty parts at the end go, unless the limit is negative.",
        "'a,b,,'.split(',') => [\"a\", \"b\"]\n'a,b,,'.split(',', -1) => [\"a\", \"b\", \"\", \"\"]\n' a  b'.split => [\"a\", \"b\"]",
        |host, receiver, args| {
            let parts = split(host, receiver, &args)?;
            given(host, receiver, &args, parts)
        },
    ),
    sdk(
        "split_strip_compact",
        "(pattern) -> Array",
        "The parts between matches without white space at their sides, and without the empty ones.",
        "'a, b,,c '.split_strip_compact(',') => [\"a\", \"b\", \"c\"]",
        |host, receiver, args| {
            let mut out = Vec::new();
            for item in split(host, receiver, &args)? {
                let stripped = crate::methods::string::strip(&item)?;
                if !matches!(&stripped, Value::Str(text) if text.is_empty()) {
                    out.push(stripped);
                }
            }
            Ok(out.into())
        },
    ),
];

/// The parts as an array, or each to the block.
fn given(host: &mut dyn Host, receiver: &Value, args: &Args, parts: Vec<Value>) -> Result<Value> {
    let Some(block) = &args.block else { return Ok(parts.into()) };
    for part in parts {
        host.yield_block(block, &[part])?;
    }
    Ok(receiver.clone())
}

fn each(
    host: &mut dyn Host,
    receiver: &Value,
    args: Args,
    name: &str,
    parts: fn(&Str) -> Result<Vec<Value>>,
) -> Result<Value> {
    let Some(block) = args.block.clone() else { return Ok(enumerator::of(receiver, name, args)) };
    host.charge(this(receiver)?.len().saturating_mul(PART))?;
    for part in parts(this(receiver)?)? {
        host.yield_block(&block, &[part])?;
    }
    Ok(receiver.clone())
}

fn bytes(text: &Str) -> Result<Vec<Value>> {
    Ok(text.bytes().iter().map(|byte| Value::Int(i64::from(*byte))).collect())
}

fn codepoints(text: &Str) -> Result<Vec<Value>> {
    Ok(super::charset::codes(text)?.into_iter().map(|code| Value::Int(i64::from(code))).collect())
}

fn characters(text: &Str) -> Vec<Value> {
    text.char_ranges().into_iter().map(|(lo, hi)| part(text, lo, hi)).collect()
}

/// `\X` again and again: where each cluster ends.
pub(super) fn cluster_ends(text: &Str) -> Result<Vec<usize>> {
    if text.is_single_byte() && !text.bytes().contains(&b'\r') {
        return Ok((1..=text.len()).collect());
    }
    let pattern = super::text::compile(b"\\X", crate::value::RegexpOptions::default())?;
    let mut out = Vec::new();
    let mut from = 0;
    while let Some((_, hi)) = pattern.find_range(text, from)?.filter(|(lo, hi)| lo < hi) {
        out.push(hi);
        from = hi;
    }
    Ok(out)
}

fn clusters(text: &Str) -> Result<Vec<Value>> {
    let mut from = 0;
    let cut = |end: usize| {
        let cluster = part(text, from, end);
        from = end;
        cluster
    };
    Ok(cluster_ends(text)?.into_iter().map(cut).collect())
}

fn lines(host: &mut dyn Host, receiver: &Value, mut args: Args) -> Result<Vec<Value>> {
    let text = this(receiver)?;
    let options = args.take_keywords();
    let chomp = super::text::option(options.as_ref(), "chomp").is_some_and(|value| value.truthy());
    let separator = match args.given(0) {
        None => Rc::new(Str::from("\n")),
        Some(Value::Nil) => return Ok(vec![super::text::plain(text)]),
        Some(_) => text_arg(host, &args, 0)?,
    };
    let paragraphs = separator.is_empty();
    let ending: Vec<u8> = if paragraphs { b"\n\n".to_vec() } else { separator.bytes().to_vec() };
    let plain_lines = ending == b"\n";
    let mut out = Vec::new();
    let mut from = 0;
    room_for_parts(host, text, |bytes| memchr::memmem::find_iter(bytes, &ending).count())?;
    let bytes = text.bytes();
    while from < bytes.len() {
        let found = find_bytes(&bytes, &ending, from);
        let mut next = found.map_or(bytes.len(), |at| at + ending.len());
        let mut end = next;
        if chomp {
            let line = bytes.get(from..end).unwrap_or_default();
            end -= match (found, plain_lines) {
                (Some(_), true) if line.ends_with(b"\r\n") => 2,
                (Some(_), _) if paragraphs => 1,
                (Some(_), _) => ending.len(),
                (None, _) => 0,
            };
        }
        if paragraphs {
            while bytes.get(next) == Some(&b'\n') {
                next += 1;
            }
        }
        out.push(part(text, from, end));
        from = next;
    }
    Ok(out)
}

fn partition(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let text = this(receiver)?;
    let pattern = pattern_of(host, &args.get(0))?;
    let found = match &pattern {
        Pattern::Regexp(regexp) => remember_find(host, regexp, text, false)?,
        Pattern::Text(_) => pattern.find(text, 0)?,
    };
    Ok(match found {
        Some((lo, hi)) => split_at(text, lo, hi).to_vec().into(),
        None => vec![super::text::plain(text), Value::str(""), Value::str("")].into(),
    })
}

fn rpartition(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let text = this(receiver)?;
    let pattern = pattern_of(host, &args.get(0))?;
    let found = match &pattern {
        Pattern::Regexp(regexp) => remember_find(host, regexp, text, true)?,
        Pattern::Text(needle) => {
            super::text::require_compatible(text, needle)?;
            rfind_bytes(&text.bytes(), &needle.bytes(), text.len()).map(|at| (at, at + needle.len()))
        }
    };
    Ok(match found {
        Some((lo, hi)) => split_at(text, lo, hi).to_vec().into(),
        None => vec![Value::str(""), Value::str(""), super::text::plain(text)].into(),
    })
}

fn remember_find(host: &mut dyn Host, regexp: &Rc<Regexp>, text: &Str, last: bool) -> Result<Option<(usize, usize)>> {
    let groups = if last { regexp.find_last(text, text.len())? } else { regexp.find(text, 0)? };
    let found = remember(host, regexp, text, groups);
    Ok(found.and_then(|found| found.groups.first().copied().flatten()))
}

/// A split under way: at most `limit` parts, if it is positive.
struct Parts<'a> {
    text: &'a Str,
    limit: i64,
    out: Vec<Value>,
}

impl Parts<'_> {
    fn is_full(&self) -> bool {
        self.limit > 0 && self.out.len() as i64 + 1 >= self.limit
    }

    fn push(&mut self, lo: usize, hi: usize) {
        self.out.push(part(self.text, lo, hi));
    }
}

fn split(host: &mut dyn Host, receiver: &Value, args: &Args) -> Result<Vec<Value>> {
    let text = this(receiver)?;
    let limit = match args.given(1) {
        Some(value) => to_int(value)?,
        None => 0,
    };
    let pattern = match args.given(0) {
        None | Some(Value::Nil) => None,
        Some(value) => Some(pattern_of(host, value)?),
    };
    if text.is_empty() {
        return Ok(Vec::new());
    }
    if limit == 1 {
        return Ok(vec![super::text::plain(text)]);
    }
    if !text.is_valid() && text.encoding() == crate::value::Encoding::Utf8 {
        return Err(super::text::invalid_bytes(text));
    }
    let mut parts = Parts { text, limit, out: Vec::new() };
    match &pattern {
        Some(Pattern::Regexp(_)) => {}
        Some(Pattern::Text(needle)) if *needle.bytes() != *b" " => {
            let needle = needle.bytes();
            room_for_parts(host, text, |bytes| memchr::memmem::find_iter(bytes, &*needle).count())?;
        }
        _ => room_for_parts(host, text, |bytes| bytes.iter().filter(|byte| byte.is_ascii_whitespace()).count())?,
    }
    match &pattern {
        None => by_space(&mut parts),
        Some(Pattern::Text(needle)) if *needle.bytes() == *b" " => by_space(&mut parts),
        Some(Pattern::Text(needle)) => {
            super::text::require_compatible(text, needle)?;
            if !needle.is_valid() {
                return Err(super::text::invalid_bytes(needle));
            }
            if needle.is_empty() { by_character(&mut parts) } else { by_text(&mut parts, needle) }
        }
        Some(Pattern::Regexp(regexp)) => by_pattern(host, &mut parts, regexp)?,
    }
    let mut out = parts.out;
    if limit == 0 {
        while matches!(out.last(), Some(Value::Str(last)) if last.is_empty()) {
            out.pop();
        }
    }
    Ok(out)
}

fn by_space(parts: &mut Parts) {
    let bytes = parts.text.bytes();
    let is_space = |byte: &u8| matches!(byte, b'\t'..=b'\r' | b' ');
    let skip = |from: usize| {
        let rest = bytes.get(from..).unwrap_or_default();
        from + rest.iter().position(|byte| !is_space(byte)).unwrap_or(rest.len())
    };
    let mut from = skip(0);
    while from < bytes.len() {
        if parts.is_full() {
            parts.push(from, bytes.len());
            return;
        }
        let rest = bytes.get(from..).unwrap_or_default();
        let Some(len) = rest.iter().position(is_space) else {
            parts.push(from, bytes.len());
            return;
        };
        parts.push(from, from + len);
        from = skip(from + len);
    }
    if parts.limit != 0 && !bytes.is_empty() {
        parts.push(bytes.len(), bytes.len());
    }
}

fn by_character(parts: &mut Parts) {
    for (lo, hi) in parts.text.char_ranges() {
        if parts.is_full() {
            parts.push(lo, parts.text.len());
            return;
        }
        parts.push(lo, hi);
    }
    if parts.limit != 0 {
        parts.push(parts.text.len(), parts.text.len());
    }
}

fn by_text(parts: &mut Parts, needle: &Str) {
    let bytes = parts.text.bytes();
    let needle = needle.bytes();
    let finder = memchr::memmem::Finder::new(&*needle);
    let mut from = 0;
    while !parts.is_full() {
        let Some(at) = finder.find(bytes.get(from..).unwrap_or_default()) else { break };
        parts.push(from, from + at);
        from += at + needle.len();
    }
    parts.push(from, bytes.len());
}

fn by_pattern(host: &mut dyn Host, parts: &mut Parts, regexp: &Rc<Regexp>) -> Result<()> {
    let (text, len) = (parts.text, parts.text.len());
    let (mut begin, mut from, mut after_empty, mut splits) = (0, 0, false, 1);
    while from <= len {
        host.tick()?;
        let Some(groups) = regexp.find(text, from)? else { break };
        let (lo, hi) = groups.first().copied().flatten().unwrap_or_default();
        if lo == hi && lo == from {
            // An empty match splits only after a character has been passed.
            if !after_empty {
                from = if from == len { len + 1 } else { text.char_end(from) };
                after_empty = true;
                continue;
            }
            parts.push(begin, text.char_end(begin));
            begin = from;
        } else {
            parts.push(begin, lo);
            (begin, from) = (hi, hi);
        }
        after_empty = false;
        for (lo, hi) in groups.iter().skip(1).flatten() {
            parts.push(*lo, *hi);
        }
        splits += 1;
        if parts.limit > 0 && splits >= parts.limit {
            break;
        }
    }
    if parts.limit != 0 || begin < len {
        parts.push(begin, len);
    }
    Ok(())
}
