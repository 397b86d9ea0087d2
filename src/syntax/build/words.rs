//! Word lists: `%w[…]`, `%i[…]` and, with interpolation, `%W[…]`, `%I[…]`.

use super::super::ast::{Arg, Expr, ExprKind, Piece};
use super::super::grammar::Rule;
use super::strings::{Pieces, delimiters, inside};
use super::{Builder, Cursor, Node, expr};
use crate::text::{Name, Span};

impl Builder<'_> {
    pub fn word_list(&mut self, node: Node<'_>) -> ExprKind {
        let symbols = node.as_str().starts_with(['%']) && node.as_str()[1..].starts_with(['i', 'I']);
        let words = if node.as_rule() == Rule::raw_list { self.raw_words(&node) } else { self.cooked_words(node) };
        let items = words.into_iter().map(|word| Arg::Value(if symbols { to_symbol(word) } else { word }));
        ExprKind::Array(items.collect())
    }

    fn raw_words(&mut self, node: &Node<'_>) -> Vec<Expr> {
        let text = node.as_str().get(2..).unwrap_or_default();
        let start = node.as_span().start() + 3;
        let special = delimiters(text);
        let mut words = Vec::new();
        let (mut word, mut from) = (Vec::new(), None);
        let mut chars = inside(text).bytes().enumerate();
        while let Some((at, byte)) = chars.next() {
            if byte.is_ascii_whitespace() || byte == 11 {
                if let Some(from) = from.take() {
                    words.push(self.raw_word(std::mem::take(&mut word), start + from, start + at));
                }
                continue;
            }
            from.get_or_insert(at);
            if byte != b'\\' {
                word.push(byte);
                continue;
            }
            match chars.next() {
                Some((_, next)) if next.is_ascii_whitespace() || next == b'\\' || special.contains(&next) => {
                    word.push(next);
                }
                Some((_, next)) => word.extend([b'\\', next]),
                None => word.push(b'\\'),
            }
        }
        if let Some(from) = from {
            let end = node.as_span().end() - 1;
            words.push(self.raw_word(word, start + from, end));
        }
        words
    }

    fn raw_word(&self, word: Vec<u8>, from: usize, to: usize) -> Expr {
        expr(ExprKind::Str(word.into()), Span::new(self.at(from), self.at(to)))
    }

    fn cooked_words(&mut self, node: Node<'_>) -> Vec<Expr> {
        let mut words = Vec::new();
        let mut current: Option<(Pieces, Span)> = None;
        let mut c = Cursor::new(node);
        while let Some(part) = c.next() {
            let span = self.span(&part);
            if part.as_rule() == Rule::interpolation {
                let (pieces, whole) = current.get_or_insert_with(|| (Pieces::default(), span));
                *whole = whole.to(span);
                self.interpolation(part, pieces);
                continue;
            }
            let start = part.as_span().start();
            let text = part.as_str();
            let escaped_blank = text.starts_with('\\') && text[1..].starts_with(|c: char| c.is_ascii_whitespace());
            for (at, run) in runs(text, escaped_blank) {
                if run.trim().is_empty() && !escaped_blank {
                    words.extend(current.take().map(|(pieces, span)| expr(pieces.into_kind(), span)));
                    continue;
                }
                let lo = self.at(start + at);
                let span = Span::new(lo, lo + run.len() as u32);
                let (pieces, whole) = current.get_or_insert_with(|| (Pieces::default(), span));
                *whole = whole.to(span);
                if escaped_blank {
                    pieces.text().extend_from_slice(&run.as_bytes()[1..]);
                } else {
                    self.cooked(run, start + at, pieces);
                }
            }
        }
        words.extend(current.take().map(|(pieces, span)| expr(pieces.into_kind(), span)));
        words
    }
}

/// Stretches of blanks and of other characters, with where each begins; an escaped blank is one stretch.
fn runs(text: &str, whole: bool) -> Vec<(usize, &str)> {
    if whole {
        return vec![(0, text)];
    }
    let mut runs = Vec::new();
    let mut from = 0;
    let mut blank = None;
    for (at, c) in text.char_indices() {
        let is_blank = c.is_ascii_whitespace();
        if blank.is_some_and(|blank| blank != is_blank) {
            runs.push((from, &text[from..at]));
            from = at;
        }
        blank = Some(is_blank);
    }
    if from < text.len() {
        runs.push((from, &text[from..]));
    }
    runs
}

fn to_symbol(word: Expr) -> Expr {
    let kind = match word.kind {
        ExprKind::Str(text) => ExprKind::Symbol(Name::new(&String::from_utf8_lossy(&text))),
        ExprKind::Interpolated(pieces) => dynamic(pieces),
        kind => kind,
    };
    expr(kind, word.span)
}

fn dynamic(pieces: Vec<Piece>) -> ExprKind {
    ExprKind::DynSymbol(pieces)
}
