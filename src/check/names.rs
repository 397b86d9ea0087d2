//! Methods that nothing has: misspelled ones, and ones that the library lacks.

use super::connector::Connector;
use super::{Report, meant};
use crate::methods;
use crate::syntax::ast::{Call, Expr, ExprKind};
use crate::syntax::walk::{self, Visitor};
use crate::text::nearest;
use hashbrown::HashSet;
use std::sync::LazyLock;

static KNOWN: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| methods::tables().flat_map(|table| table.rows).flat_map(|row| row.names.split(' ')).collect());

/// Words that are read before any table: lambdas, the context.
const BUILT_IN: [&str; 9] =
    ["lambda", "proc", "call", "block_given?", "binding", "new", "class", "method_missing", "defined?"];

pub fn check(connector: &Connector, report: &mut Report) {
    let mut visitor = Calls { report, defined: Vec::new() };
    connector.file.statements.iter().for_each(|statement| visitor.collect(statement));
    connector.file.statements.iter().for_each(|statement| visitor.expr(statement));
}

struct Calls<'a, 'r> {
    report: &'a mut Report<'r>,
    /// Names that the file defines itself.
    defined: Vec<&'static str>,
}

impl Calls<'_, '_> {
    fn collect(&mut self, expr: &Expr) {
        struct Defs<'d>(&'d mut Vec<&'static str>);
        impl Visitor for Defs<'_> {
            fn expr(&mut self, expr: &Expr) {
                if let ExprKind::Def { name, .. } = &expr.kind {
                    self.0.push(name.as_str());
                }
                walk::walk_expr(self, expr);
            }
        }
        Defs(&mut self.defined).expr(expr);
    }

    fn call(&mut self, call: &Call) {
        let name = call.name.as_str();
        if KNOWN.contains(name) || BUILT_IN.contains(&name) || self.defined.contains(&name) || call.name_span.is_empty()
        {
            return;
        }
        if call.receiver.as_ref().is_some_and(of_platform) {
            return;
        }
        let near = nearest(name, KNOWN.iter().copied().filter(|known| known.len() > 2));
        let message = match &call.receiver {
            Some(_) => format!("nothing has a method `{name}`"),
            None => format!("there is no variable and no method `{name}`"),
        };
        let help = meant(near, "methods of the connector are called by `call('name', …)`");
        self.report.warn("check::unknown-method", call.name_span, message, "unknown", help);
        self.report.offer(call.name_span, near);
    }
}

/// `workato.…` has members that only the platform knows.
fn of_platform(receiver: &Expr) -> bool {
    match &receiver.kind {
        ExprKind::Call(call) => match &call.receiver {
            Some(inner) => of_platform(inner),
            None => call.name.as_str() == "workato",
        },
        _ => false,
    }
}

impl Visitor for Calls<'_, '_> {
    fn expr(&mut self, expr: &Expr) {
        if let ExprKind::Call(call) = &expr.kind {
            self.call(call);
        }
        walk::walk_expr(self, expr);
    }
}
