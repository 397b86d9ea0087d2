//! What names mean, for colours that a grammar of regular expressions cannot know.

use super::{Document, locals};
use crate::methods::{self, Receiver};
use crate::syntax::ast::{Expr, ExprKind, Pair};
use crate::syntax::walk::{self, Visitor};
use crate::text::Span;
use hashbrown::HashSet;
use std::sync::LazyLock;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum TokenKind {
    /// A key that the vocabulary knows.
    Keyword,
    /// Another key of a hash.
    Property,
    Parameter,
    Variable,
    /// A method of the context: `get`, `call`, `error`.
    Function,
    /// A method of a value.
    Method,
    /// The name of a method, pick list or object definition where it is mentioned.
    Reference,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Token {
    pub span: Span,
    pub kind: TokenKind,
    /// Where a variable gets its value, or a parameter its name.
    pub writes: bool,
}

/// By place; none overlaps another.
pub fn tokens(document: &Document) -> Vec<Token> {
    let connector = document.connector();
    let token = |span, kind| Token { span, kind, writes: false };
    let mut found: Vec<Token> = Vec::new();
    found.extend(connector.entries.iter().filter(|e| e.key.is_some()).map(|e| token(e.key_span, TokenKind::Keyword)));
    found.extend(connector.mentions().map(|mention| token(mention.span, TokenKind::Reference)));
    found.extend(locals::occurrences(document).into_iter().map(|place| {
        let kind = if place.parameter { TokenKind::Parameter } else { TokenKind::Variable };
        Token { span: place.span, kind, writes: place.writes }
    }));
    let mut names = Names { found };
    document.parsed.file.statements.iter().for_each(|statement| names.expr(statement));
    let mut found = names.found;
    found.retain(|token| !token.span.is_empty());
    found.sort_unstable();
    let mut end = 0;
    found.retain(|token| {
        let free = token.span.lo >= end;
        if free {
            end = token.span.hi;
        }
        free
    });
    found
}

static CONTEXT: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let tables = methods::tables().filter(|table| table.receiver == Receiver::Context);
    tables.flat_map(|table| table.rows).flat_map(|row| row.names.split(' ')).chain(["call", "lambda", "proc"]).collect()
});

struct Names {
    found: Vec<Token>,
}

impl Visitor for Names {
    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Call(call) => {
                let known = call.receiver.is_some() || CONTEXT.contains(call.name.as_str());
                let kind = if call.receiver.is_some() { TokenKind::Method } else { TokenKind::Function };
                if known {
                    self.found.push(Token { span: call.name_span, kind, writes: false });
                }
            }
            ExprKind::Hash(pairs) => {
                for pair in pairs {
                    if let Pair::Entry { key: Expr { kind: ExprKind::Symbol(_), span }, .. } = pair {
                        self.found.push(Token { span: *span, kind: TokenKind::Property, writes: false });
                    }
                }
            }
            _ => {}
        }
        walk::walk_expr(self, expr);
    }
}
