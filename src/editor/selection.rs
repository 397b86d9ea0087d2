//! What a selection grows to: the nodes around a place, from the innermost outwards.

use super::Document;
use crate::syntax::ast::{Block, Expr, ExprKind, Pair};
use crate::syntax::walk::{self, BlockKind, Visitor};
use crate::text::Span;

/// Spans around `offset`, each within the next; the whole text last.
pub fn selections(document: &Document, offset: usize) -> Vec<Span> {
    let whole = Span::new(0, document.source.text().len() as u32);
    let (start, word) = document.word(offset);
    let mut around = Around { at: offset as u32, found: vec![whole] };
    document.parsed.file.statements.iter().for_each(|statement| around.expr(statement));
    if !word.is_empty() {
        around.found.push(Span::new(start as u32, (start + word.len()) as u32));
    }
    let mut found = around.found;
    found.sort_by_key(|span| span.len());
    let mut chain: Vec<Span> = Vec::new();
    for span in found {
        if chain.last().is_none_or(|inner| span.lo <= inner.lo && inner.hi <= span.hi && span != *inner) {
            chain.push(span);
        }
    }
    chain
}

struct Around {
    at: u32,
    found: Vec<Span>,
}

impl Around {
    fn add(&mut self, span: Span) {
        if span.lo <= self.at && self.at <= span.hi && !span.is_empty() {
            self.found.push(span);
        }
    }
}

impl Visitor for Around {
    fn expr(&mut self, expr: &Expr) {
        self.add(expr.span);
        if let ExprKind::Hash(pairs) = &expr.kind {
            for pair in pairs {
                if let Pair::Entry { span, .. } = pair {
                    self.add(*span);
                }
            }
        }
        walk::walk_expr(self, expr);
    }

    fn block(&mut self, block: &Block, _: BlockKind) {
        self.add(block.span);
        walk::walk_block(self, block);
    }
}
