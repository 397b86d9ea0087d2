//! The tokens of a text, part by part: those of a part that has been seen before are not read again.

use super::memo::Part;
use super::{elide, parse};
use crate::syntax::grammar::Rule;
use crate::syntax::parse::Parsed;
use crate::syntax::tokens::Token;
use crate::text::{Source, Span};
use hashbrown::HashMap;
use std::ops::Range;
use std::rc::Rc;

/// The tokens of parts, by the hash of their text, with places from where the part begins.
#[derive(Default)]
pub struct Seen {
    parts: HashMap<u64, Rc<[Token]>, foldhash::fast::FixedState>,
}

/// All tokens of a text that was read as `parsed`; none where the grammar refuses it. What is seen of other texts is forgotten.
pub fn read(source: &Source, parsed: &Parsed, seen: &mut Seen) -> Option<Vec<Token>> {
    let mut parts = parsed.parts.clone();
    parts.sort_by_key(|part| (part.span.lo, std::cmp::Reverse(part.span.hi)));
    let before = std::mem::take(seen);
    let mut reader = Reader { text: source.text(), before, seen };
    reader.within(0..source.text().len(), Rule::file, &parts)
}

struct Reader<'r> {
    text: &'r str,
    before: Seen,
    seen: &'r mut Seen,
}

impl Reader<'_> {
    /// The tokens of a stretch of the text with these parts in it, with places from where it begins.
    fn within(&mut self, range: Range<usize>, rule: Rule, mut parts: &[Part]) -> Option<Vec<Token>> {
        let base = range.start;
        let mut inner: Vec<(Span, Rc<[Token]>)> = Vec::new();
        let mut middles = Vec::new();
        while let Some(part) = parts.first() {
            let end = parts.iter().take_while(|other| other.span.lo < part.span.hi).count();
            let (own, rest) = parts.split_at(end);
            parts = rest;
            let tokens = self.part(part, own.get(1..).unwrap_or_default())?;
            let at = |offset: u32| offset - base as u32;
            inner.push((Span::new(at(part.span.lo), at(part.span.hi)), tokens));
            middles.push(middle(self.text, part.span)?);
        }
        let text = self.text.get(range)?;
        let patched = elide(text, middles.into_iter().map(|middle| middle.start - base..middle.end - base));
        let outer = parse::tokens(&patched.text, rule)?;
        let outer = outer.into_iter().map(|token| Token { span: patched.original_span(token.span), ..token });
        Some(joined(outer, &inner))
    }

    fn part(&mut self, part: &Part, inner: &[Part]) -> Option<Rc<[Token]>> {
        let tokens = match self.before.parts.get(&part.hash) {
            Some(tokens) => Rc::clone(tokens),
            None => {
                let rule = if part.is_entry { Rule::entries } else { Rule::file };
                self.within(part.span.range(), rule, inner)?.into()
            }
        };
        self.seen.parts.insert(part.hash, Rc::clone(&tokens));
        Some(tokens)
    }
}

/// What lies between the first and the last line of a part.
fn middle(text: &str, span: Span) -> Option<Range<usize>> {
    let part = text.get(span.range())?;
    let (first, last) = (part.find('\n')?, part.rfind('\n')?);
    let lo = span.lo as usize;
    (first < last).then_some(lo + first..lo + last)
}

/// The tokens around parts, with those of the parts where the outer lines of each stand.
fn joined(outer: impl Iterator<Item = Token>, parts: &[(Span, Rc<[Token]>)]) -> Vec<Token> {
    let mut all = Vec::with_capacity(parts.iter().map(|(_, tokens)| tokens.len()).sum::<usize>() + parts.len());
    let mut parts = parts.iter().peekable();
    let mut end = 0;
    for token in outer {
        if token.span.lo < end {
            continue;
        }
        let Some((span, tokens)) = parts.next_if(|(span, _)| span.lo <= token.span.lo) else {
            all.push(token);
            continue;
        };
        let first = all.len();
        all.extend(tokens.iter().map(|inner| Token { span: inner.span.moved(i64::from(span.lo)), ..*inner }));
        if let Some(inner) = all.get_mut(first) {
            (inner.breaks, inner.blanks) = (token.breaks, token.blanks);
        }
        end = span.hi;
    }
    all
}
