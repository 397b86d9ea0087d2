//! Keys that a hash has twice: the later one wins without a word.

use super::connector::literal;
use super::part::Part;
use super::{Report, edits};
use crate::diagnostic::Label;
use crate::syntax::ast::{Expr, ExprKind, Pair};
use crate::syntax::walk::{self, Visitor};
use crate::text::{Source, Span};
use hashbrown::HashMap;

pub fn check(part: &Part, report: &mut Report) {
    let mut visitor = Hashes { source: part.source, report };
    part.hashes.iter().for_each(|pairs| visitor.hash(pairs));
    part.walk(&mut visitor);
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
                let message = format!("the key `{name}` stands in this hash twice");
                let help = "this one replaces the first: remove one of the two".to_owned();
                let finding = self.report.warn("check::duplicate-key", span, message, "again", help);
                finding.labels.push(Label { span: first.span, text: "first here".into() });
                finding.choices.push(edits::remove(self.source, first.whole, format!("remove the first `{name}`")));
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
