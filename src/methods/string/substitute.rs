//! `sub` and `gsub` with a text, a hash or a block; `remove`.

use super::search::next_from;
use super::text::{Pattern, find_bytes, pattern_of, text_of, thawed, this};
use crate::methods::args::no_conversion;
use crate::methods::{Args, Host, Method, enumerator, rails, ruby};
use crate::text::Name;
use crate::value::{ClassId, Groups, Hash, MatchData, Proc, Regexp, RegexpOptions, Result, Str, Value, raise, to_s};
use std::rc::Rc;

pub(super) const ROWS: &[Method] = &[
    ruby(
        "gsub",
        "(pattern, replacement = nil) [{ |match| }] -> String",
        "Every match replaced: by a text with `\\1` `\\k<name>` `\\0`, by a hash's value, or by what the block answers.",
        "'hello'.gsub(/l/, 'L') => \"heLLo\"\n'hello'.gsub(/[el]/, 'e' => '3', 'l' => '1') => \"h311o\"\n'first_name'.gsub(/_(\\w)/) { $1.upcase } => \"firstName\"",
        |host, receiver, args| {
            if args.len() == 1 && args.block.is_none() {
                return Ok(enumerator::of(receiver, "gsub", args));
            }
            changed_copy(host, receiver, &args, true)
        },
    ),
    ruby(
        "gsub!",
        "(pattern, replacement = nil) [{ |match| }] -> String",
        "`gsub` in place; nil if nothing matched.",
        "s = +'hello'; s.gsub!('l', ''); s => \"heo\"",
        |host, receiver, args| {
            if args.len() == 1 && args.block.is_none() {
                return Ok(enumerator::of(receiver, "gsub!", args));
            }
            changed_in_place(host, receiver, &args, true)
        },
    ),
    rails(
        "remove",
        "(*patterns) -> String",
        "Without all matches of the patterns.",
        "'a1b2'.remove(/\\d/, 'a') => \"b\"",
        |host, receiver, args| {
            let copy = super::text::plain(this(receiver)?);
            remove(host, &copy, &args)
        },
    ),
    rails(
        "remove!",
        "(*patterns) -> String",
        "`remove` in place.",
        "s = +'a1'; s.remove!(/\\d/); s => \"a\"",
        |host, receiver, args| remove(host, receiver, &args),
    ),
    ruby(
        "sub",
        "(pattern, replacement = nil) [{ |match| }] -> String",
        "The first match replaced, as `gsub` does.",
        "'John Smith'.sub(/(\\w+) (\\w+)/, '\\2, \\1') => \"Smith, John\"",
        |host, receiver, args| {
            check_count(&args)?;
            changed_copy(host, receiver, &args, false)
        },
    ),
    ruby(
        "sub!",
        "(pattern, replacement = nil) [{ |match| }] -> String",
        "`sub` in place; nil if nothing matched.",
        "s = +'abc'; s.sub!('a', ''); s => \"bc\"",
        |host, receiver, args| {
            check_count(&args)?;
            changed_in_place(host, receiver, &args, false)
        },
    ),
];

fn check_count(args: &Args) -> Result<()> {
    if args.len() == 1 && args.block.is_none() {
        return Err(raise(ClassId::ARGUMENT_ERROR, "wrong number of arguments (given 1, expected 2)"));
    }
    Ok(())
}

/// What takes a match's place.
enum Replacement {
    Text(Rc<Str>),
    Hash(Rc<Hash>),
    Block(Rc<Proc>),
}

fn replacement(host: &mut dyn Host, args: &Args) -> Result<Replacement> {
    match (args.given(1), &args.block) {
        (Some(Value::Hash(hash)), _) => Ok(Replacement::Hash(Rc::clone(hash))),
        (Some(Value::Str(text)), _) => Ok(Replacement::Text(Rc::clone(text))),
        (Some(other @ Value::Object(_)), _) => match host.force(other)? {
            Value::Hash(hash) => Ok(Replacement::Hash(hash)),
            other => text_of(host, &other).map(Replacement::Text),
        },
        (Some(other), _) => Err(no_conversion(other, "String")),
        (None, Some(block)) => Ok(Replacement::Block(Rc::clone(block))),
        (None, None) => Err(no_conversion(&Value::Nil, "String")),
    }
}

fn changed_copy(host: &mut dyn Host, receiver: &Value, args: &Args, all: bool) -> Result<Value> {
    let text = this(receiver)?;
    match substitute(host, receiver, args, all)? {
        Some((bytes, encoding)) => Ok(Value::Str(Rc::new(Str::owned(bytes, encoding)))),
        None => Ok(super::text::plain(text)),
    }
}

fn changed_in_place(host: &mut dyn Host, receiver: &Value, args: &Args, all: bool) -> Result<Value> {
    let text = thawed(receiver)?;
    let before = text.bytes().to_vec();
    let Some((bytes, encoding)) = substitute(host, receiver, args, all)? else { return Ok(Value::Nil) };
    if *text.bytes() != *before {
        return Err(raise(ClassId::RUNTIME_ERROR, "string modified"));
    }
    super::text::put(text, bytes);
    text.set_encoding(encoding);
    Ok(receiver.clone())
}

/// The new text, or `None` if nothing matched.
fn substitute(
    host: &mut dyn Host,
    receiver: &Value,
    args: &Args,
    all: bool,
) -> Result<Option<(Vec<u8>, crate::value::Encoding)>> {
    let pattern = pattern_of(host, &args.get(0))?;
    pattern.require_valid()?;
    let replacement = replacement(host, args)?;
    let text = this(receiver)?;
    if let (Pattern::Text(needle), Replacement::Text(new)) = (&pattern, &replacement)
        && !new.bytes().contains(&b'\\')
    {
        return plain_substitute(host, text, needle, new, all);
    }
    let text = text.frozen_copy();
    let mut work = Work { text: &text, out: Vec::with_capacity(text.len() + 16), encoding: text.encoding(), done: 0 };
    let mut from = 0;
    let mut last = Value::Nil;
    while from <= text.len() {
        let (regexp, groups) = match &pattern {
            Pattern::Regexp(regexp) => match regexp.find(&text, from)? {
                Some(groups) => (Some(regexp), groups),
                None => break,
            },
            Pattern::Text(_) => match pattern.find(&text, from)? {
                Some(span) => (None, vec![Some(span)]),
                None => break,
            },
        };
        let (lo, hi) = groups.first().copied().flatten().unwrap_or_default();
        from = next_from(&text, lo, hi);
        work.copy_to(lo);
        last = work.replace(host, (regexp, groups), &replacement)?;
        work.done = hi;
        host.tick()?;
        host.charge(work.out.len())?;
        if !all {
            break;
        }
    }
    host.set_last_match(last.clone());
    if last.is_nil() {
        return Ok(None);
    }
    work.copy_to(text.len());
    Ok(Some((work.out, work.encoding)))
}

/// The result under way.
struct Work<'a> {
    text: &'a Rc<Str>,
    out: Vec<u8>,
    encoding: crate::value::Encoding,
    done: usize,
}

impl Work<'_> {
    fn copy_to(&mut self, hi: usize) {
        self.out.extend_from_slice(self.text.bytes().get(self.done..hi).unwrap_or_default());
    }

    fn append(&mut self, new: &Str) -> Result<()> {
        if !new.is_ascii() && new.encoding() != self.encoding {
            self.encoding = super::text::require_compatible(self.text, new)?;
        }
        self.out.extend_from_slice(&new.bytes());
        Ok(())
    }

    /// Writes what takes the place of one match; answers the match.
    fn replace(
        &mut self,
        host: &mut dyn Host,
        (regexp, groups): (Option<&Rc<Regexp>>, Groups),
        replacement: &Replacement,
    ) -> Result<Value> {
        let regexp = match regexp {
            Some(regexp) => Rc::clone(regexp),
            None => literal_pattern(self.text, &groups)?,
        };
        let found = Rc::new(MatchData { regexp, text: Rc::clone(self.text), groups });
        match replacement {
            Replacement::Text(new) => {
                let new = Rc::clone(new);
                if new.bytes().contains(&b'\\') {
                    expand(&new.bytes(), &found, &mut self.out)?;
                } else {
                    self.append(&new)?;
                }
            }
            Replacement::Hash(hash) => {
                let key = found.group(0);
                let value = host.send(&Value::Hash(Rc::clone(hash)), Name::new("[]"), Args::one(key))?;
                self.append_value(host, &value)?;
            }
            Replacement::Block(block) => {
                host.set_last_match(Value::Match(Rc::clone(&found)));
                let value = host.yield_block(block, &[found.group(0)])?;
                self.append_value(host, &value)?;
            }
        }
        Ok(Value::Match(found))
    }

    fn append_value(&mut self, host: &mut dyn Host, value: &Value) -> Result<()> {
        match value {
            Value::Object(_) => match host.send(value, Name::new("to_s"), Args::none())? {
                Value::Str(text) => self.append(&text),
                other => self.append(&to_s(&other)),
            },
            other => self.append(&to_s(other)),
        }
    }
}

/// The pattern that stands for a literal text in `$~`.
fn literal_pattern(text: &Str, groups: &Groups) -> Result<Rc<Regexp>> {
    let (lo, hi) = groups.first().copied().flatten().unwrap_or_default();
    let needle = text.sub_bytes(lo, hi);
    let source = crate::methods::regexp::escape(&needle.bytes());
    super::text::compile(&source, RegexpOptions::default())
}

/// A text put for a text: no pattern, no references.
fn plain_substitute(
    host: &mut dyn Host,
    text: &Rc<Str>,
    needle: &Str,
    new: &Str,
    all: bool,
) -> Result<Option<(Vec<u8>, crate::value::Encoding)>> {
    super::text::require_compatible(text, needle)?;
    let encoding = super::text::require_compatible(text, new)?;
    let bytes = text.bytes();
    let (needle, new) = (needle.bytes(), new.bytes());
    let Some(mut at) = find_bytes(&bytes, &needle, 0) else { return Ok(None) };
    let mut out = Vec::with_capacity(bytes.len() + new.len());
    let mut done = 0;
    loop {
        out.extend_from_slice(bytes.get(done..at).unwrap_or_default());
        out.extend_from_slice(&new);
        done = at + needle.len();
        if !all {
            break;
        }
        host.charge(out.len())?;
        match find_bytes(&bytes, &needle, next_from(text, at, done)) {
            Some(next) => at = next,
            None => break,
        }
    }
    out.extend_from_slice(bytes.get(done..).unwrap_or_default());
    Ok(Some((out, encoding)))
}

/// Writes a replacement text with its references to the match.
fn expand(new: &[u8], found: &MatchData, out: &mut Vec<u8>) -> Result<()> {
    let bytes = found.text.bytes();
    let (lo, hi) = found.groups.first().copied().flatten().unwrap_or_default();
    let group = |number: usize, out: &mut Vec<u8>| {
        if let Some(Some((lo, hi))) = found.groups.get(number) {
            out.extend_from_slice(bytes.get(*lo..*hi).unwrap_or_default());
        }
    };
    let mut rest = new;
    while let Some(at) = memchr::memchr(b'\\', rest) {
        out.extend_from_slice(rest.get(..at).unwrap_or_default());
        rest = rest.get(at + 1..).unwrap_or_default();
        let Some((letter, after)) = rest.split_first() else {
            out.push(b'\\');
            break;
        };
        match letter {
            b'0'..=b'9' => group(usize::from(letter - b'0'), out),
            b'&' => group(0, out),
            b'`' => out.extend_from_slice(bytes.get(..lo).unwrap_or_default()),
            b'\'' => out.extend_from_slice(bytes.get(hi..).unwrap_or_default()),
            b'+' => {
                let last =
                    (1..found.groups.len()).rev().find(|number| matches!(found.groups.get(*number), Some(Some(_))));
                if let Some(last) = last {
                    group(last, out);
                }
            }
            b'\\' => out.push(b'\\'),
            b'k' if after.first() == Some(&b'<') => {
                let Some(end) = memchr::memchr(b'>', after) else {
                    return Err(raise(ClassId::RUNTIME_ERROR, "invalid group name reference format"));
                };
                let name = String::from_utf8_lossy(after.get(1..end).unwrap_or_default()).into_owned();
                let undefined = || raise(ClassId::INDEX_ERROR, format!("undefined group name reference: {name}"));
                group(found.number_of(&name).ok_or_else(undefined)?, out);
                rest = after.get(end + 1..).unwrap_or_default();
                continue;
            }
            other => out.extend_from_slice(&[b'\\', *other]),
        }
        rest = after;
    }
    out.extend_from_slice(rest);
    Ok(())
}

fn remove(host: &mut dyn Host, receiver: &Value, args: &Args) -> Result<Value> {
    thawed(receiver)?;
    for pattern in &args.values {
        let args = Args::of(&[pattern.clone(), Value::str("")]);
        changed_in_place(host, receiver, &args, true)?;
    }
    Ok(receiver.clone())
}

/// `sub` or `gsub` for other methods: matches of a pattern put by a text with references; `None` if nothing matched.
pub(super) fn replace(text: &Rc<Str>, pattern: &Rc<Regexp>, new: &[u8], all: bool) -> Result<Option<Vec<u8>>> {
    let mut out = Vec::new();
    let (mut from, mut done, mut any) = (0, 0, false);
    while from <= text.len() {
        let Some(groups) = pattern.find(text, from)? else { break };
        let (lo, hi) = groups.first().copied().flatten().unwrap_or_default();
        out.extend_from_slice(text.bytes().get(done..lo).unwrap_or_default());
        expand(new, &MatchData { regexp: Rc::clone(pattern), text: Rc::clone(text), groups }, &mut out)?;
        (from, done, any) = (next_from(text, lo, hi), hi, true);
        if !all {
            break;
        }
    }
    out.extend_from_slice(text.bytes().get(done..).unwrap_or_default());
    Ok(any.then_some(out))
}
