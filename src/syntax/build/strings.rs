//! Quoted strings, symbols and `%`-strings: pieces of text and code.

use super::super::ast::{Expr, ExprKind, Piece};
use super::super::grammar::Rule;
use super::escapes::{unescape, unescape_raw};
use super::{Builder, Cursor, Node, expr};
use crate::text::{Name, Span};

/// Text and code in the order they stand; text that touches is one piece.
#[derive(Default)]
pub struct Pieces {
    done: Vec<Piece>,
    text: Vec<u8>,
}

impl Pieces {
    pub fn code(&mut self, code: Expr) {
        if !self.text.is_empty() {
            self.done.push(Piece::Text(std::mem::take(&mut self.text).into()));
        }
        self.done.push(Piece::Code(code));
    }

    pub fn text(&mut self) -> &mut Vec<u8> {
        &mut self.text
    }

    pub fn finish(mut self) -> Vec<Piece> {
        if !self.text.is_empty() {
            self.done.push(Piece::Text(self.text.into()));
        }
        self.done
    }

    /// A plain string where there is no code.
    pub fn into_kind(self) -> ExprKind {
        if self.done.is_empty() { ExprKind::Str(self.text.into()) } else { ExprKind::Interpolated(self.finish()) }
    }
}

/// Text without its first and last byte.
pub fn inside(text: &str) -> &str {
    text.get(1..text.len().saturating_sub(1)).unwrap_or_default()
}

impl Builder<'_> {
    /// One string literal, or several that stand side by side.
    pub fn string(&mut self, node: Node<'_>, c: &mut Cursor<'_>) -> Expr {
        let mut span = self.span(&node);
        let mut pieces = Pieces::default();
        self.quoted(node, &mut pieces);
        while c.next_if(Rule::adjacent).is_some()
            && let Some(node) = c.next()
        {
            span = span.to(self.span(&node));
            self.quoted(node, &mut pieces);
        }
        expr(pieces.into_kind(), span)
    }

    fn quoted(&mut self, node: Node<'_>, pieces: &mut Pieces) {
        match node.as_rule() {
            Rule::single => unescape_raw(inside(node.as_str()), b"'", pieces.text()),
            Rule::double => self.cooked(inside(node.as_str()), node.as_span().start() + 1, pieces),
            Rule::raw_string => {
                let text = node.as_str().get(2..).unwrap_or_default();
                unescape_raw(inside(text), &delimiters(text), pieces.text());
            }
            Rule::heredoc => self.heredoc(&node, pieces),
            _ => self.template(node, pieces),
        }
    }

    /// The text and code pieces below `node`, escapes undone.
    pub fn template(&mut self, node: Node<'_>, pieces: &mut Pieces) {
        let mut c = Cursor::new(node);
        while let Some(part) = c.next() {
            match part.as_rule() {
                Rule::interpolation => self.interpolation(part, pieces),
                Rule::EOI => {}
                _ => self.cooked(part.as_str(), part.as_span().start(), pieces),
            }
        }
    }

    pub fn interpolation(&mut self, node: Node<'_>, pieces: &mut Pieces) {
        let span = self.span(&node);
        let code = self.deeper(span, |b| {
            let mut inner = Cursor::new(node);
            b.body(&mut inner)
        });
        pieces.code(code);
    }

    /// Adds double-quoted text that begins at `start`, escapes undone.
    pub fn cooked(&mut self, text: &str, start: usize, pieces: &mut Pieces) {
        if let Err((at, message)) = unescape(text, pieces.text()) {
            let at = self.at(start + at);
            self.error("syntax::bad-escape", Span::new(at, at + 2), message, "write `\\\\` for a backslash");
        }
    }

    /// `?a`, `?\n`.
    pub fn character(&mut self, node: &Node<'_>) -> ExprKind {
        let mut pieces = Pieces::default();
        let text = node.as_str();
        self.cooked(text.get(1..).unwrap_or_default(), node.as_span().start() + 1, &mut pieces);
        pieces.into_kind()
    }

    /// `:"a b"`, `:'a'`.
    pub fn quoted_symbol(&mut self, node: Node<'_>) -> ExprKind {
        let mut pieces = Pieces::default();
        let mut c = Cursor::new(node);
        if let Some(quoted) = c.next() {
            self.quoted(quoted, &mut pieces);
        }
        symbol(pieces)
    }
}

/// `%s(…)`.
pub fn percent_symbol(node: &Node<'_>) -> ExprKind {
    let mut pieces = Pieces::default();
    let text = node.as_str().get(2..).unwrap_or_default();
    unescape_raw(inside(text), &delimiters(text), pieces.text());
    symbol(pieces)
}

/// The first and the last byte of a literal's text.
pub fn delimiters(text: &str) -> [u8; 2] {
    let bytes = text.as_bytes();
    [bytes.first().copied().unwrap_or_default(), bytes.last().copied().unwrap_or_default()]
}

fn symbol(pieces: Pieces) -> ExprKind {
    match pieces.into_kind() {
        ExprKind::Str(text) => ExprKind::Symbol(Name::new(&String::from_utf8_lossy(&text))),
        ExprKind::Interpolated(pieces) => ExprKind::DynSymbol(pieces),
        kind => kind,
    }
}
