//! Words that are not written but meant: the names of a method's parameters where it is called, and what else a lambda of the
//! connector is given.

use super::Document;
use crate::check::{Connector, Section, lambda, literal};
use crate::syntax::ast::{Arg, Call, Expr, ExprKind, ParamKind};
use crate::syntax::walk::{self, Visitor};
use crate::text::Span;

/// A word beside the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hint {
    pub at: u32,
    pub label: String,
    /// Stands before an argument; the others stand behind parameters.
    pub names_argument: bool,
}

/// Those within `span`, by place.
pub fn hints(document: &Document, span: Span) -> Vec<Hint> {
    let connector = document.connector();
    let mut calls = Calls { connector: &connector, span, found: parameters(&connector) };
    connector.file.statements.iter().for_each(|statement| calls.expr(statement));
    let mut found = calls.found;
    found.retain(|hint| span.lo <= hint.at && hint.at <= span.hi);
    found.sort_by_key(|hint| hint.at);
    found
}

/// What lambdas of the connector are given besides the parameters that they name.
fn parameters(connector: &Connector) -> Vec<Hint> {
    let hint = |entry: &crate::check::Entry| {
        let (block, key) = (lambda(entry.value)?, entry.key?);
        let items = &block.params.items;
        let named = |kind: &ParamKind| matches!(kind, ParamKind::Required(_) | ParamKind::Optional(..));
        let rest: Vec<&str> = key.args.iter().skip(items.len()).copied().filter(|arg| !arg.starts_with('*')).collect();
        if rest.is_empty() || block.params.numbered > 0 || !items.iter().all(|param| named(&param.kind)) {
            return None;
        }
        let rest = rest.join(", ");
        let opener = connector.source.slice(block.span);
        let (at, label) = match items.last() {
            Some(last) => (last.span.hi, format!(", {rest}")),
            None if opener.starts_with("->") => (block.span.lo + 2, format!("({rest})")),
            None => (block.span.lo + if opener.starts_with("do") { 2 } else { 1 }, format!(" |{rest}|")),
        };
        Some(Hint { at, label, names_argument: false })
    };
    connector.entries.iter().filter_map(hint).collect()
}

/// The calls of methods that reach into a span.
struct Calls<'c, 'a> {
    connector: &'c Connector<'a>,
    span: Span,
    found: Vec<Hint>,
}

impl Calls<'_, '_> {
    /// The parameters of a method before the arguments that it is given.
    fn arguments(&mut self, call: &Call) -> Option<()> {
        let Arg::Value(name) = call.args.first()? else { return None };
        let (name, _) = literal(self.connector.source, name)?;
        let block = lambda(self.connector.definition(Section::Methods, &name)?.value)?;
        for (param, arg) in block.params.items.iter().zip(call.args.iter().skip(1)) {
            let (ParamKind::Required(name) | ParamKind::Optional(name, _), Arg::Value(value)) = (&param.kind, arg)
            else {
                break;
            };
            // An argument that is called the same says it already.
            if self.connector.source.slice(value.span) != name.as_str().trim_start_matches('_') {
                self.found.push(Hint { at: value.span.lo, label: format!("{name}:"), names_argument: true });
            }
        }
        Some(())
    }
}

impl Visitor for Calls<'_, '_> {
    fn expr(&mut self, expr: &Expr) {
        let apart = expr.span.hi < self.span.lo || self.span.hi < expr.span.lo;
        if apart && !matches!(expr.kind, ExprKind::Seq(_)) {
            return;
        }
        if let ExprKind::Call(call) = &expr.kind
            && call.receiver.is_none()
            && call.name.as_str() == "call"
        {
            self.arguments(call);
        }
        walk::walk_expr(self, expr);
    }
}
