//! Methods, pick lists and object definitions that nothing mentions; local variables that nothing reads.

use super::Report;
use super::connector::{Connector, Section};
use crate::syntax::ast::{Block, Expr, ExprKind, Pattern, PatternKind, Target, TargetKind};
use crate::syntax::walk::{self, BlockKind, Visitor};
use crate::text::{Name, Span};
use hashbrown::HashSet;

pub fn check(connector: &Connector, report: &mut Report) {
    for section in [Section::Methods, Section::PickLists, Section::ObjectDefinitions] {
        if !connector.is_dynamic(section) && !connector.is_open(section) {
            definitions(connector, section, report);
        }
    }
    for entry in connector.entries.iter().filter(|entry| super::connector::lambda(entry.value).is_some()) {
        variables(entry.value, report);
    }
}

/// A name counts as mentioned wherever its text stands as a literal.
fn definitions(connector: &Connector, section: Section, report: &mut Report) {
    let keys: HashSet<u32> = connector.defined(section).map(|entry| entry.key_span.lo).collect();
    let literals: HashSet<&str> =
        connector.literals.iter().filter(|(_, span)| !keys.contains(&span.lo)).map(|(text, _)| text.as_str()).collect();
    for entry in connector.defined(section) {
        if !literals.contains(entry.name()) {
            let message = format!("nothing mentions the {} `{}`", section.thing(), entry.name());
            report.hint("check::unused-definition", entry.key_span, message, "unused", String::new());
        }
    }
}

/// Variables of one outermost lambda: what is assigned and never read.
fn variables(lambda: &Expr, report: &mut Report) {
    let mut found = Variables::default();
    found.expr(lambda);
    for (name, span) in found.written {
        if !found.read.contains(&name) && !name.as_str().starts_with('_') {
            let message = format!("the variable `{name}` is never read");
            report.hint("check::unused-variable", span, message, "unused", format!("remove it, or call it `_{name}`"));
        }
    }
}

#[derive(Default)]
struct Variables {
    written: Vec<(Name, Span)>,
    read: HashSet<Name>,
}

impl Visitor for Variables {
    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Local(name) => {
                self.read.insert(*name);
            }
            ExprKind::Assign { target, value } => {
                if let TargetKind::Local(name) = target.kind {
                    self.written.push((name, target.span));
                } else {
                    self.target(target);
                }
                return self.expr(value);
            }
            // Named groups of a pattern become variables, and `a += 1` reads what it writes.
            ExprKind::OpAssign { target, .. } => self.target(target),
            _ => {}
        }
        walk::walk_expr(self, expr);
    }

    fn target(&mut self, target: &Target) {
        if let TargetKind::Local(name) = target.kind {
            self.read.insert(name);
        }
        walk::walk_target(self, target);
    }

    fn block(&mut self, block: &Block, _: BlockKind) {
        walk::walk_block(self, block);
    }

    fn pattern(&mut self, pattern: &Pattern) {
        if let PatternKind::Bind(name) = pattern.kind {
            self.read.insert(name);
        }
        walk::walk_pattern(self, pattern);
    }
}
