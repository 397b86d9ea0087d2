//! Characters by sets: `tr`, `tr_s`, `delete`, `squeeze`, `count`.

use super::charset::{CharSet, Code, Spec, codes, write_code};
use super::text::{bang, like, require_compatible, text_arg, this};
use crate::methods::{Args, Host, Method, ruby};
use crate::value::{Encoding, Result, Str, Value};

pub(super) const ROWS: &[Method] = &[
    ruby(
        "count",
        "(set, *sets) -> Integer",
        "How many characters are in all of the sets.",
        "'hello world'.count('lo') => 5\n'hello'.count('^l') => 3\n'hello'.count('a-z', 'l-o') => 3",
        count,
    ),
    ruby(
        "delete",
        "(set, *sets) -> String",
        "Without the characters that are in all of the sets.",
        "'hello'.delete('l') => \"heo\"\n'tel: +1'.delete('^0-9+') => \"+1\"",
        |host, receiver, args| like_this(receiver, delete(host, receiver, &args)?),
    ),
    ruby(
        "delete!",
        "(set, *sets) -> String",
        "`delete` in place; nil if nothing was deleted.",
        "s = +'hello'; s.delete!('l'); s => \"heo\"",
        |host, receiver, args| bang(receiver, Some(delete(host, receiver, &args)?)),
    ),
    ruby(
        "squeeze",
        "(*sets) -> String",
        "Runs of the same character made one; only those in the sets, if any are given.",
        "'aaabbb'.squeeze => \"ab\"\n'aaabbbccc'.squeeze('a-b') => \"abccc\"",
        |host, receiver, args| like_this(receiver, squeeze(host, receiver, &args)?),
    ),
    ruby(
        "squeeze!",
        "(*sets) -> String",
        "`squeeze` in place; nil if nothing changed.",
        "'abc'.dup.squeeze! => nil",
        |host, receiver, args| bang(receiver, Some(squeeze(host, receiver, &args)?)),
    ),
    ruby(
        "tr",
        "(from, to) -> String",
        "Each character of `from` replaced by the one at its place in `to`; the last of `to` stands for the rest.",
        "'hello'.tr('el', 'ip') => \"hippo\"\n'hello'.tr('a-y', 'b-z') => \"ifmmp\"\n'hello'.tr('^l', '*') => \"**ll*\"",
        |host, receiver, args| like_this(receiver, translate(host, receiver, &args, false)?),
    ),
    ruby(
        "tr!",
        "(from, to) -> String",
        "`tr` in place; nil if nothing changed.",
        "s = +'abc'; s.tr!('a', 'x'); s => \"xbc\"",
        |host, receiver, args| bang(receiver, Some(translate(host, receiver, &args, false)?)),
    ),
    ruby(
        "tr_s",
        "(from, to) -> String",
        "`tr`, and runs of a replaced character made one.",
        "'hello'.tr_s('l', 'r') => \"hero\"",
        |host, receiver, args| like_this(receiver, translate(host, receiver, &args, true)?),
    ),
    ruby(
        "tr_s!",
        "(from, to) -> String",
        "`tr_s` in place; nil if nothing changed.",
        "'abc'.dup.tr_s!('x', 'y') => nil",
        |host, receiver, args| bang(receiver, Some(translate(host, receiver, &args, true)?)),
    ),
];

fn like_this(receiver: &Value, bytes: Vec<u8>) -> Result<Value> {
    Ok(like(this(receiver)?, bytes))
}

fn count(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let text = this(receiver)?;
    let set = CharSet::of_args(host, text, &args)?;
    if text.is_ascii() {
        return Ok(text.bytes().iter().filter(|byte| set.contains(Code::from(**byte))).count().into());
    }
    Ok(codes(text)?.into_iter().filter(|code| set.contains(*code)).count().into())
}

fn delete(host: &mut dyn Host, receiver: &Value, args: &Args) -> Result<Vec<u8>> {
    let text = this(receiver)?;
    let set = CharSet::of_args(host, text, args)?;
    keep(text, |code, _| !set.contains(code))
}

fn squeeze(host: &mut dyn Host, receiver: &Value, args: &Args) -> Result<Vec<u8>> {
    let text = this(receiver)?;
    let set = CharSet::of_args(host, text, args)?;
    keep(text, |code, before| before != Some(code) || !set.contains(code))
}

/// The characters that pass, each asked with the one before it.
fn keep(text: &Str, passes: impl Fn(Code, Option<Code>) -> bool) -> Result<Vec<u8>> {
    let (encoding, single) = (text.encoding(), text.is_single_byte());
    let mut out = Vec::with_capacity(text.len());
    let mut before = None;
    for code in codes(text)? {
        if passes(code, before) {
            write_code(code, encoding, single, &mut out);
        }
        before = Some(code);
    }
    Ok(out)
}

/// What `tr` puts for a character.
struct Table {
    from: Spec,
    to: Vec<(Code, Code)>,
    /// The replacement of every character that the pairs do not reach.
    last: Code,
}

impl Table {
    fn find(&self, code: Code) -> Option<Code> {
        if self.from.negated {
            return self.from.contains(code).then_some(self.last);
        }
        // The last mention counts.
        let mut at = 0;
        let mut place = None;
        for (lo, hi) in &self.from.ranges {
            if (*lo..=*hi).contains(&code) {
                place = Some(at + u64::from(code - lo));
            }
            at += u64::from(hi - lo) + 1;
        }
        let mut place = place?;
        for (lo, hi) in &self.to {
            let len = u64::from(hi - lo) + 1;
            if place < len {
                return Some(lo + place as Code);
            }
            place -= len;
        }
        Some(self.last)
    }
}

fn translate(host: &mut dyn Host, receiver: &Value, args: &Args, squeeze: bool) -> Result<Vec<u8>> {
    let text = this(receiver)?;
    let from = text_arg(host, args, 0)?;
    let to = text_arg(host, args, 1)?;
    require_compatible(text, &from)?;
    let encoding = require_compatible(text, &to)?;
    let from = Spec::parse(&from)?;
    if to.is_empty() {
        return keep(text, |code, _| !from.contains(code));
    }
    let single = text.is_single_byte() && (to.is_ascii() || encoding != Encoding::Utf8);
    let mut to = codes_as_range(&to)?;
    let last = to.last().map_or(0, |(_, hi)| *hi);
    let table = Table { from, to: std::mem::take(&mut to), last };
    let mut quick = [None; 128];
    for (code, place) in quick.iter_mut().enumerate() {
        *place = table.find(code as Code);
    }
    let mut out = Vec::with_capacity(text.len());
    let mut before = None;
    for code in codes(text)? {
        let replaced = match quick.get(code as usize) {
            Some(known) => *known,
            None => table.find(code),
        };
        if squeeze && replaced.is_some() && replaced == before {
            continue;
        }
        before = replaced;
        write_code(replaced.unwrap_or(code), encoding, single, &mut out);
    }
    Ok(out)
}

/// The right side of `tr`: `^` has no meaning there.
fn codes_as_range(text: &Str) -> Result<Vec<(Code, Code)>> {
    let spec = Spec::parse(text)?;
    let mut ranges = spec.ranges;
    if spec.negated {
        ranges.insert(0, (Code::from(b'^'), Code::from(b'^')));
    }
    Ok(ranges)
}
