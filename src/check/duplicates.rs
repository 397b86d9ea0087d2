//! Keys that a hash has twice: the later one wins without a word.

use super::Report;
use super::connector::{Connector, literal};
use crate::syntax::ast::{Expr, ExprKind, Pair};
use crate::syntax::walk::{self, Visitor};
use crate::text::{Source, Span};

pub fn check(connector: &Connector, report: &mut Report) {
    let mut visitor = Hashes { source: connector.source, report };
    connector.file.statements.iter().for_each(|statement| visitor.expr(statement));
}

struct Hashes<'a, 'r> {
    source: &'a Source,
    report: &'a mut Report<'r>,
}

impl Visitor for Hashes<'_, '_> {
    fn expr(&mut self, expr: &Expr) {
        if let ExprKind::Hash(pairs) = &expr.kind {
            self.hash(pairs);
        }
        walk::walk_expr(self, expr);
    }
}

impl Hashes<'_, '_> {
    fn hash(&mut self, pairs: &[Pair]) {
        let mut seen: Vec<(bool, String, Span)> = Vec::new();
        for pair in pairs {
            let Pair::Entry { key, .. } = pair else { continue };
            let symbol = matches!(key.kind, ExprKind::Symbol(_));
            let Some((name, span)) = literal(self.source, key) else { continue };
            if let Some((.., first)) = seen.iter().find(|(kind, known, _)| *kind == symbol && *known == name) {
                let line = self.source.line_column(first.lo).line;
                let message = format!("the key `{name}` stands in this hash twice");
                let help = format!("this one replaces the one of line {line}: remove one of the two");
                let first = *first;
                self.report.warn("check::duplicate-key", span, message, "again", help);
                if let Some(last) = self.report.findings.last_mut() {
                    last.labels.push(crate::diagnostic::Label { span: first, text: "first here".into() });
                }
            } else {
                seen.push((symbol, name, span));
            }
        }
    }
}
