//! The outline of a document, and what of it can be folded.

use super::Document;
use crate::check::{Connector, Entry, lambda, literal, value_of};
use crate::syntax;
use crate::syntax::ast::{Block, Expr, ExprKind, Pair};
use crate::syntax::walk::{self, BlockKind, Visitor};
use crate::text::Span;

#[derive(Debug, PartialEq, Eq)]
pub struct Symbol {
    pub name: String,
    /// The title of an action or trigger, the parameters of a lambda.
    pub detail: String,
    pub kind: SymbolKind,
    pub span: Span,
    pub name_span: Span,
    pub children: Vec<Symbol>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SymbolKind {
    Section,
    Lambda,
    Value,
}

/// Sections, what is defined in them, and its keys.
pub fn symbols(document: &Document) -> Vec<Symbol> {
    let connector = document.connector();
    let mut entries = connector.entries.as_slice();
    level(&connector, &mut entries, 1)
}

/// The entries of one hash; those of hashes in it follow each of them.
fn level(connector: &Connector, entries: &mut &[Entry], depth: usize) -> Vec<Symbol> {
    let mut symbols = Vec::new();
    while let Some((entry, rest)) = entries.split_first().filter(|(entry, _)| entry.path.len() >= depth) {
        *entries = rest;
        let children = level(connector, entries, entry.path.len() + 1);
        symbols.push(symbol(connector, entry, children));
    }
    symbols
}

fn symbol(connector: &Connector, entry: &Entry, children: Vec<Symbol>) -> Symbol {
    let block = lambda(entry.value);
    let kind = match (&entry.value.kind, block) {
        (_, Some(_)) => SymbolKind::Lambda,
        (ExprKind::Hash(_), None) => SymbolKind::Section,
        _ => SymbolKind::Value,
    };
    let detail = match (block, &entry.value.kind) {
        (Some(block), _) => connector.source.slice(block.params.span).trim().to_owned(),
        (None, ExprKind::Hash(pairs)) if !children.is_empty() => value_of(pairs, "title")
            .and_then(|(title, _)| literal(connector.source, title))
            .map(|(text, _)| text)
            .unwrap_or_default(),
        _ => String::new(),
    };
    let name = entry.name().to_owned();
    Symbol { name, detail, kind, span: entry.span, name_span: entry.key_span, children }
}

/// Lines, counted from 0, the last one included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fold {
    pub first: usize,
    pub last: usize,
    pub comment: bool,
}

/// Hashes, arrays, blocks, heredocs, runs of comments over several lines, and what stands between `#region` and `#endregion`.
pub fn folds(document: &Document) -> Vec<Fold> {
    let mut folds = Folds { document, found: Vec::new() };
    document.parsed.file.statements.iter().for_each(|statement| folds.expr(statement));
    let mut found = folds.found;
    let line = |at: usize| document.source.line_column(at as u32).line - 1;
    let heredocs = syntax::heredocs(document.source.text()).into_iter();
    // The line that ends a heredoc belongs to it.
    found.extend(heredocs.map(|lines| Fold { first: line(lines.start), last: line(lines.end), comment: false }));
    found.retain(|fold| fold.first < fold.last);
    found.extend(regions(document));
    found.extend(comments(document));
    found.sort_unstable();
    found.dedup_by_key(|fold| fold.first);
    found
}

struct Folds<'d> {
    document: &'d Document,
    found: Vec<Fold>,
}

impl Folds<'_> {
    fn add(&mut self, span: Span) {
        let line = |at| self.document.source.line_column(at).line - 1;
        let (first, last) = (line(span.lo), line(span.hi));
        if first < last {
            self.found.push(Fold { first, last: last - 1, comment: false });
        }
    }
}

impl Visitor for Folds<'_> {
    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Hash(pairs) => {
                self.add(expr.span);
                for pair in pairs {
                    if let Pair::Entry { span, .. } = pair {
                        self.add(*span);
                    }
                }
            }
            ExprKind::Array(_) | ExprKind::If { .. } | ExprKind::Case { .. } => self.add(expr.span),
            _ => {}
        }
        walk::walk_expr(self, expr);
    }

    fn block(&mut self, block: &Block, _: BlockKind) {
        self.add(block.span);
        walk::walk_block(self, block);
    }
}

/// From each `#region` to its `#endregion`.
fn regions(document: &Document) -> Vec<Fold> {
    let (mut open, mut found) = (Vec::new(), Vec::new());
    for comment in &document.parsed.file.comments {
        let line = document.source.line_column(comment.lo).line - 1;
        let text = document.source.slice(*comment).trim_start_matches(['#', ' ']);
        if text.starts_with("region") {
            open.push(line);
        } else if text.starts_with("endregion")
            && let Some(first) = open.pop()
        {
            found.push(Fold { first, last: line, comment: false });
        }
    }
    found
}

fn comments(document: &Document) -> Vec<Fold> {
    let mut found: Vec<Fold> = Vec::new();
    for comment in &document.parsed.file.comments {
        let line = document.source.line_column(comment.lo).line - 1;
        let last = document.source.line_column(comment.hi).line - 1;
        match found.last_mut() {
            Some(fold) if fold.last + 1 == line => fold.last = last,
            _ => found.push(Fold { first: line, last, comment: true }),
        }
    }
    found.retain(|fold| fold.first < fold.last);
    found
}
