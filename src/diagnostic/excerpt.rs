//! The text that a report shows: lines too long for any terminal are cut to what lies around the labels.

use crate::text::Span;
use std::borrow::Cow;

/// A line of more bytes than this is cut.
const LONGEST: usize = 400;
/// Bytes of a long line that are kept before and after the start of its first label.
const BEFORE: usize = 60;
const AFTER: usize = 180;
const CUT: &str = "…";

/// A text of the same lines, with the places that the spans of the whole text have in it.
pub struct Excerpt<'t> {
    pub text: Cow<'t, str>,
    pieces: Vec<Piece>,
}

/// The bytes `from..to` of the whole text, which begin at `at` in the excerpt.
struct Piece {
    from: usize,
    to: usize,
    at: usize,
}

impl<'t> Excerpt<'t> {
    pub fn new(text: &'t str, spans: &[Span]) -> Self {
        if text.split('\n').all(|line| line.len() <= LONGEST) {
            return Self { text: Cow::Borrowed(text), pieces: Vec::new() };
        }
        let mut excerpt = Self { text: Cow::Owned(String::new()), pieces: Vec::new() };
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            let end = start + line.len();
            if line.len() <= LONGEST {
                excerpt.keep(text, start, end);
            } else {
                let label = spans.iter().map(|span| span.lo as usize).filter(|lo| (start..end).contains(lo)).min();
                let centre = label.unwrap_or(start);
                let from = boundary(text, centre.saturating_sub(BEFORE).max(start));
                let last = end - usize::from(line.ends_with('\n'));
                let to = boundary(text, (centre + AFTER).min(last));
                excerpt.mark(from > start);
                excerpt.keep(text, from, to);
                excerpt.mark(to < last);
                excerpt.keep(text, last, end);
            }
            start = end;
        }
        excerpt
    }

    fn keep(&mut self, text: &str, from: usize, to: usize) {
        let at = self.text.len();
        self.text.to_mut().push_str(&text[from..to]);
        self.pieces.push(Piece { from, to, at });
    }

    fn mark(&mut self, cut: bool) {
        if cut {
            self.text.to_mut().push_str(CUT);
        }
    }

    /// Where a byte of the whole text is in the excerpt; one that was cut away is where its piece ends.
    pub fn place(&self, offset: u32) -> usize {
        let offset = offset as usize;
        let next = self.pieces.partition_point(|piece| piece.from <= offset);
        match next.checked_sub(1).and_then(|index| self.pieces.get(index)) {
            Some(piece) => piece.at + offset.min(piece.to) - piece.from,
            None => offset.min(self.text.len()),
        }
    }
}

/// The nearest start of a character at or before `offset`.
fn boundary(text: &str, mut offset: usize) -> usize {
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}
