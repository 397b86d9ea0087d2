//! Reading a text part by part: what the grammar accepts on its own keeps its tree, and only the rest is read with what is
//! around it. So an edit costs what it touches, and a mistake is looked for where it is.

mod memo;
mod names;
mod split;
mod tokens;

pub use memo::Part;
pub use tokens::{Seen, read as tokens};

use super::ast::{Expr, Pair};
use super::change::{self, Shift};
use super::errors;
use super::grammar::Rule;
use super::parse::{self, Failure, Parsed, settle};
use super::recover::{Patched, Repair};
use crate::text::{Source, Span};
use memo::{Memo, Splice};
use split::{Candidate, Line};
use std::ops::Range;

/// Parts with more lines are read part by part themselves.
const MOST_LINES: usize = 60;

/// Parts are looked for in parts no deeper than this.
const DEEPEST: usize = 12;

/// An entry of a hash, or an element of an array.
pub enum Node {
    Entry(Pair),
    Element(Expr),
}

/// A part that the grammar accepts.
struct Accepted {
    node: Node,
    /// Its lines but for the first and the last: what the rest of the text need not know.
    middle: Range<usize>,
    parts: Vec<Part>,
    comments: Vec<Span>,
}

/// A whole text. What `before` has of it is not read again; `failure` is where the grammar stopped, if it was asked already.
pub fn read(source: &Source, before: Option<(Source, Parsed)>, failure: Option<Failure>) -> Parsed {
    let memo = before.map(|(source, parsed)| Memo::new(source, parsed.file, parsed.parts)).unwrap_or_default();
    let mut reader = Reader { source, lines: split::lines(source.text()), memo, depth: 0, effort: 0 };
    let accepted = if separable(source.text()) { reader.parts(0..reader.lines.len(), false) } else { Vec::new() };
    let patched = elided(source.text(), &accepted, 0);
    reader.effort += patched.text.len();
    let reading = match failure.filter(|_| accepted.is_empty()) {
        Some(failure) => Err(failure),
        None => settle(source, Rule::file, &[], Some(&patched)),
    };
    let (mut parsed, repaired) = match reading {
        Ok(parsed) => (parsed, false),
        Err(failure) => (parse::recovered(source, Rule::file, &[], failure, &patched), true),
    };
    let (missing, parts) = insert(&mut parsed, accepted);
    if missing && !repaired || parsed.declares {
        // A part was not what it looks like.
        reader.effort += source.text().len();
        parsed = parse::whole(source, Rule::file, &[]);
    } else {
        parsed.parts = parts;
    }
    parsed.effort += reader.effort;
    parsed
}

/// Marks that change how all of the text is read forbid to read it in parts.
fn separable(text: &str) -> bool {
    let has = |mark: &str| memchr::memmem::find(text.as_bytes(), mark.as_bytes()).is_some();
    !text.starts_with('\u{FEFF}') && !has("__END__") && !has("\n=begin")
}

/// The text with the middle of these parts left out. `base` is where the text begins.
fn elided(text: &str, accepted: &[Accepted], base: usize) -> Patched {
    elide(text, accepted.iter().map(|part| part.middle.start - base..part.middle.end - base))
}

/// The text without these ranges, but with their line breaks.
fn elide(text: &str, ranges: impl Iterator<Item = Range<usize>>) -> Patched {
    let mut patched = Patched::new(text);
    patched.apply(ranges.map(|range| emptied(text, range)).collect());
    patched.places.clear();
    patched
}

/// Only the line breaks of a range are kept.
fn emptied(text: &str, range: Range<usize>) -> Repair {
    let breaks = memchr::memchr_iter(b'\n', text.get(range.clone()).unwrap_or_default().as_bytes()).count();
    (range, "\n".repeat(breaks))
}

/// Puts the parts into the tree of what is around them; whether one found no place, and all parts that are in it now.
fn insert(parsed: &mut Parsed, accepted: Vec<Accepted>) -> (bool, Vec<Part>) {
    let mut splice = Splice { nodes: hashbrown::HashMap::default() };
    let mut parts = Vec::new();
    for part in accepted {
        splice.nodes.insert(part.node.span().lo, part.node);
        parts.extend(part.parts);
        parsed.file.comments.extend(part.comments);
    }
    parsed.file.statements.iter_mut().for_each(|statement| change::expr(&mut splice, statement));
    parsed.file.comments.sort_unstable();
    parsed.file.comments.dedup();
    (!splice.nodes.is_empty(), parts)
}

struct Reader<'s> {
    source: &'s Source,
    lines: Vec<Line>,
    memo: Memo,
    depth: usize,
    /// Bytes that the grammar was given.
    effort: usize,
}

impl Reader<'_> {
    /// The largest parts of these lines that the grammar accepts.
    fn parts(&mut self, lines: Range<usize>, in_code: bool) -> Vec<Accepted> {
        if self.depth == DEEPEST {
            return Vec::new();
        }
        self.depth += 1;
        let candidates = split::split(self.source.text(), &self.lines, lines, in_code);
        let accepted = candidates.iter().flat_map(|candidate| self.part(candidate)).collect();
        self.depth -= 1;
        accepted
    }

    fn part(&mut self, candidate: &Candidate) -> Vec<Accepted> {
        let Candidate { lines, is_entry, in_code } = candidate;
        let Some((span, middle)) = self.extent(lines) else { return Vec::new() };
        let source = self.source;
        let mut text = source.text().get(span.clone()).unwrap_or_default();
        if !is_entry {
            text = text.strip_suffix(',').unwrap_or(text);
        }
        if let Some(kept) = self.memo.take(text, *is_entry, span.start) {
            return vec![Accepted { node: kept.node, middle, parts: kept.parts, comments: kept.comments }];
        }
        let large = lines.len() > MOST_LINES;
        let first = self.lines.get(lines.start).and_then(|line| source.text().get(line.start..line.end));
        let code = *in_code || split::begins_code(first);
        let inner = if large { self.parts(lines.start + 1..lines.end, code) } else { Vec::new() };
        match self.grammar(text, span.start, candidate, &middle, inner) {
            Ok((node, inner, comments)) => {
                let whole = Span::new(span.start as u32, (span.start + text.len()) as u32);
                let part = Part { span: whole, hash: memo::hash(text), is_entry: *is_entry };
                vec![Accepted { node, middle, parts: [part].into_iter().chain(inner).collect(), comments }]
            }
            Err(inner) => inner,
        }
    }

    /// From the first character of a part to its last, and what lies between its outer lines.
    fn extent(&self, lines: &Range<usize>) -> Option<(Range<usize>, Range<usize>)> {
        let (first, last) = (self.lines.get(lines.start)?, self.lines.get(lines.end.checked_sub(1)?)?);
        let before_last = self.lines.get(lines.end.checked_sub(2)?)?;
        let text = self.source.text();
        let start = first.start + text.get(first.start..first.end)?.find(|c| !matches!(c, ' ' | '\t'))?;
        let end = last.start + text.get(last.start..last.end)?.trim_end().len();
        Some((start..end, first.end..before_last.end))
    }

    /// The outer lines of a part can be read without what is between them.
    fn stands(&mut self, text: &str, middle: Range<usize>, rule: Rule) -> bool {
        let (first, last) = (text.get(..middle.start).unwrap_or_default(), text.get(middle.end..).unwrap_or_default());
        let opens = first.ends_with(['{', '[', '|']) || first.ends_with(" do");
        if opens && matches!(last.trim().trim_end_matches(','), "}" | "]" | "end") {
            return true;
        }
        let mut outer = Patched::new(text);
        outer.apply(vec![emptied(text, middle)]);
        self.effort += outer.text.len();
        settle(&Source::new("", outer.text), rule, &[], None).is_ok_and(|parsed| parsed.diagnostics.is_empty())
    }

    /// Reads one part, with the parts in it left out and put back; those are returned where it cannot be read.
    fn grammar(
        &mut self,
        text: &str,
        base: usize,
        candidate: &Candidate,
        middle: &Range<usize>,
        inner: Vec<Accepted>,
    ) -> Result<(Node, Vec<Part>, Vec<Span>), Vec<Accepted>> {
        let is_entry = candidate.is_entry;
        let rule = if is_entry { Rule::entries } else { Rule::file };
        let patched = elided(text, &inner, base);
        let source = Source::new(self.source.name(), text);
        self.effort += patched.text.len();
        let plain = !errors::suspicious(text) || errors::characters(&source).is_empty();
        let readable = plain && self.stands(text, middle.start - base..middle.end - base, rule);
        let Some(mut parsed) = readable.then(|| settle(&source, rule, &[], Some(&patched)).ok()).flatten() else {
            return Err(inner);
        };
        if !parsed.diagnostics.is_empty() || parsed.declares || candidate.in_code && names::depends(&parsed.file) {
            return Err(inner);
        }
        let mut shift = Shift(base as i64);
        parsed.file.comments.iter_mut().for_each(|comment| change::Change::span(&mut shift, comment));
        let Some(mut node) = memo::only(&mut parsed.file, is_entry) else { return Err(inner) };
        node.change(&mut shift);
        parsed.file.statements = Vec::new();
        let mut splice = Splice { nodes: hashbrown::HashMap::default() };
        let mut parts = Vec::new();
        let mut comments = parsed.file.comments;
        for part in inner {
            splice.nodes.insert(part.node.span().lo, part.node);
            parts.extend(part.parts);
            comments.extend(part.comments);
        }
        node.change(&mut splice);
        if splice.nodes.is_empty() { Ok((node, parts, comments)) } else { Err(Vec::new()) }
    }
}
