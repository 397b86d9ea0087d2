//! Statements behind one that never goes on: `return`, `next`, `raise`, `error(…)`.

use super::Report;
use super::edits;
use super::part::Part;
use crate::diagnostic::Label;
use crate::syntax::ast::{Expr, ExprKind};
use crate::syntax::walk::{self, Visitor};
use crate::text::Source;

pub fn check(part: &Part, report: &mut Report) {
    let mut visitor = Sequences { source: part.source, report };
    part.walk(&mut visitor);
}

struct Sequences<'a, 'r> {
    source: &'a Source,
    report: &'a mut Report<'r>,
}

impl Visitor for Sequences<'_, '_> {
    fn expr(&mut self, expr: &Expr) {
        if let ExprKind::Seq(exprs) = &expr.kind {
            self.sequence(exprs);
        }
        walk::walk_expr(self, expr);
    }
}

impl Sequences<'_, '_> {
    fn sequence(&mut self, exprs: &[Expr]) {
        let Some(at) = exprs.iter().position(ends) else { return };
        let Some(([end], rest)) = exprs.get(at..).map(|tail| tail.split_at(1)) else { return };
        let (Some(first), Some(last)) = (rest.first(), rest.last()) else { return };
        let span = first.span.to(last.span);
        let message = "this code never runs".to_owned();
        let help = "remove it, or put a condition on what stands before it".to_owned();
        let finding = self.report.warn("check::unreachable", span, message, "never runs", help);
        finding.labels.push(Label { span: end.span, text: "nothing goes on behind this".into() });
        finding.choices.push(edits::remove(self.source, span, "remove what never runs".into()));
    }
}

/// Control never comes out behind this expression.
fn ends(expr: &Expr) -> bool {
    let option = |branch: &Option<Box<Expr>>| branch.as_deref().is_some_and(ends);
    match &expr.kind {
        ExprKind::Return(_) | ExprKind::Break(_) | ExprKind::Next(_) | ExprKind::Redo | ExprKind::Retry => true,
        ExprKind::Call(call) if call.receiver.is_none() => match call.name.as_str() {
            "raise" => true,
            "error" | "fail" | "throw" => !call.args.is_empty(),
            _ => false,
        },
        ExprKind::If { then, otherwise, .. } => option(then) && option(otherwise),
        ExprKind::Case { whens, otherwise, .. } => {
            !whens.is_empty() && whens.iter().all(|when| ends(&when.body)) && option(otherwise)
        }
        ExprKind::Begin(begin) => {
            begin.ensure.as_ref().is_some_and(ends)
                || ends(&begin.body) && begin.rescues.iter().all(|rescue| ends(&rescue.body))
        }
        ExprKind::Seq(exprs) => exprs.iter().any(ends),
        _ => false,
    }
}
