//! Keys that a hash has twice: the later one wins without a word.

use super::connector::{Connector, literal};
use super::{Report, edits};
use crate::diagnostic::Label;
use crate::syntax::ast::{Expr, ExprKind, Pair};
use crate::syntax::walk::{self, Visitor};
use crate::text::{Source, Span};
use hashbrown::HashMap;

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
        let mut seen: HashMap<(bool, String), Seen> = HashMap::new();
        for pair in pairs {
            let Pair::Entry { key, span: whole, .. } = pair else { continue };
            let symbol = matches!(key.kind, ExprKind::Symbol(_));
            let Some((name, span)) = literal(self.source, key) else { continue };
            if let Some(first) = seen.get(&(symbol, name.clone())) {
                let line = self.source.line_column(first.span.lo).line;
                let message = format!("the key `{name}` stands in this hash twice");
                let help = format!("this one replaces the one of line {line}: remove one of the two");
                let finding = self.report.warn("check::duplicate-key", span, message, "again", help);
                finding.labels.push(Label { span: first.span, text: "first here".into() });
                finding.choices.push(edits::remove(
                    self.source,
                    first.whole,
                    format!("remove the `{name}` of line {line}"),
                ));
            } else {
                seen.insert((symbol, name), Seen { span, whole: *whole });
            }
        }
    }
}

/// A key that stands earlier in the hash.
struct Seen {
    span: Span,
    whole: Span,
}
