//! A text that was repaired so that the grammar can read it, and the way back to what was written.

use crate::diagnostic::{Diagnostic, Edit};
use crate::text::{Source, Span};
use std::ops::Range;

/// One repair: the bytes that go, and what comes in their place.
pub type Repair = (Range<usize>, String);

/// The repaired text. Repairs never add or remove a line.
#[derive(Clone)]
pub struct Patched {
    pub text: String,
    pieces: Vec<Piece>,
    /// Places of the repairs in the original text.
    pub places: Vec<Span>,
}

#[derive(Clone, Copy)]
struct Piece {
    start: usize,
    original: usize,
    /// Nothing of it was written by the author.
    added: bool,
}

impl Patched {
    pub fn new(text: &str) -> Self {
        Self { text: text.to_owned(), pieces: vec![Piece { start: 0, original: 0, added: false }], places: Vec::new() }
    }

    fn piece(&self, offset: usize) -> Piece {
        let after = self.pieces.partition_point(|piece| piece.start <= offset);
        self.pieces.get(after.saturating_sub(1)).copied().unwrap_or(Piece { start: 0, original: 0, added: false })
    }

    /// Where a place of the repaired text lies in the original.
    pub fn original(&self, offset: usize) -> usize {
        let piece = self.piece(offset);
        if piece.added { piece.original } else { piece.original + offset - piece.start }
    }

    pub fn original_span(&self, span: Span) -> Span {
        let lo = self.original(span.lo as usize);
        // The end is exclusive: what was added right there belongs to what follows.
        let hi = if span.hi > span.lo { self.end(span.hi as usize) } else { lo };
        Span::new(lo as u32, hi.max(lo) as u32)
    }

    fn end(&self, hi: usize) -> usize {
        let piece = self.piece(hi.saturating_sub(1));
        if piece.added { piece.original } else { piece.original + hi - piece.start }
    }

    /// Applies repairs; one that overlaps an earlier one is left out.
    pub fn apply(&mut self, mut repairs: Vec<Repair>) {
        repairs.sort_by_key(|(range, _)| (range.start, range.end));
        let mut text = String::with_capacity(self.text.len() + 16 * repairs.len());
        let mut pieces = Vec::new();
        let mut done = 0;
        for (range, replacement) in repairs {
            let (Some(kept), Some(_)) = (self.text.get(done..range.start), self.text.get(range.clone())) else {
                continue;
            };
            self.keep(done..range.start, text.len(), &mut pieces);
            text.push_str(kept);
            let original = self.original(range.start);
            self.places.push(Span::new(original as u32, self.original(range.end).max(original) as u32));
            pieces.push(Piece { start: text.len(), original, added: true });
            text.push_str(&replacement);
            done = range.end;
        }
        self.keep(done..self.text.len() + 1, text.len(), &mut pieces);
        text.push_str(self.text.get(done..).unwrap_or_default());
        self.text = text;
        self.pieces = pieces;
    }

    /// The pieces of a stretch that stays, at its new place.
    fn keep(&self, range: Range<usize>, at: usize, pieces: &mut Vec<Piece>) {
        if range.is_empty() {
            return;
        }
        let first = self.piece(range.start);
        let original = if first.added { first.original } else { first.original + range.start - first.start };
        pieces.push(Piece { start: at, original, added: first.added });
        let inside = self.pieces.iter().filter(|piece| range.start < piece.start && piece.start < range.end);
        pieces.extend(inside.map(|piece| Piece { start: at + piece.start - range.start, ..*piece }));
    }

    /// The same diagnostic, said of the original text.
    pub fn restore(&self, mut diagnostic: Diagnostic, source: &Source) -> Diagnostic {
        diagnostic.source = Some(source.clone());
        for label in &mut diagnostic.labels {
            label.span = self.original_span(label.span);
        }
        if let Some(fix) = &mut diagnostic.fix {
            for Edit { span, .. } in &mut fix.edits {
                *span = self.original_span(*span);
            }
        }
        diagnostic
    }
}

#[cfg(test)]
mod tests {
    use super::Patched;

    #[test]
    fn places_lead_back() {
        let mut patched = Patched::new("a b c");
        patched.apply(vec![(2..2, "XX".into()), (4..5, String::new())]);
        assert_eq!(patched.text, "a XXb ");
        assert_eq!([0, 2, 3, 4, 5].map(|at| patched.original(at)), [0, 2, 2, 2, 3]);
        patched.apply(vec![(0..0, "(".into())]);
        assert_eq!(patched.text, "(a XXb ");
        assert_eq!([0, 1, 3, 5].map(|at| patched.original(at)), [0, 0, 2, 2]);
    }
}
