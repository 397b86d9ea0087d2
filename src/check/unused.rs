//! Methods, pick lists and object definitions that nothing mentions; variables and parameters that nothing reads.

use super::connector::{Connector, Section};
use super::{Report, edits};
use crate::diagnostic::Fix;
use crate::syntax::ast::{Block, BlockArg, Expr, ExprKind, Param, ParamKind, Pattern, PatternKind, Target, TargetKind};
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
    parameters(connector, report);
}

/// Methods of requests whose blocks get the same things everywhere, used or not.
const CUSTOMARY: [&str; 2] = ["after_error_response", "after_response"];

/// Parameters that nothing reads: those of methods, which callers fill for nothing, and the last ones of blocks.
fn parameters(connector: &Connector, report: &mut Report) {
    struct Blocks<'r> {
        found: Vec<(Name, Span)>,
        /// Lambdas that are handed what their place hands over.
        given: &'r HashSet<Span>,
    }
    impl Visitor for Blocks<'_> {
        fn expr(&mut self, expr: &Expr) {
            match &expr.kind {
                ExprKind::Call(call) => {
                    walk::walk_args(self, &call.args);
                    call.receiver.iter().for_each(|receiver| self.expr(receiver));
                    match &call.block {
                        Some(BlockArg::Literal(block)) => {
                            let lambda = matches!(call.name.as_str(), "lambda" | "proc");
                            if !CUSTOMARY.contains(&call.name.as_str()) && !self.given.contains(&block.span) {
                                self.look(block, lambda);
                            }
                            walk::walk_block(self, block);
                        }
                        Some(BlockArg::Pass(passed)) => self.expr(passed),
                        None => {}
                    }
                }
                ExprKind::Lambda(block) => {
                    if !self.given.contains(&block.span) {
                        self.look(block, true);
                    }
                    walk::walk_block(self, block);
                }
                _ => walk::walk_expr(self, expr),
            }
        }
    }
    impl Blocks<'_> {
        fn look(&mut self, block: &Block, lambda: bool) {
            let mut inside = Variables::default();
            walk::walk_block(&mut inside, block);
            let unused = |param: &Param| match param.kind {
                ParamKind::Required(name) if !name.as_str().starts_with('_') && !inside.read.contains(&name) => {
                    Some((name, param.span))
                }
                _ => None,
            };
            let items = block.params.items.iter();
            if lambda {
                self.found.extend(items.filter_map(unused));
            } else {
                // `|name|` alone says what the items are.
                let least = usize::from(block.params.items.len() == 1);
                self.found.extend(items.skip(least).rev().map_while(unused));
            }
        }
    }
    let lambdas = connector.entries.iter().filter(|entry| entry.path.first() != Some(&"methods"));
    let given = lambdas.filter_map(|entry| super::connector::lambda(entry.value)).map(|block| block.span).collect();
    let mut blocks = Blocks { found: Vec::new(), given: &given };
    connector.file.statements.iter().for_each(|statement| blocks.expr(statement));
    for (name, span) in blocks.found {
        let message = format!("the parameter `{name}` is never read");
        let help = format!("call it `_{name}`, or take it away");
        let finding = report.hint("check::unused-parameter", span, message, "unused", help);
        finding.choices.push(Fix::one(format!("call it `_{name}`"), span, format!("_{name}")));
    }
}

/// A name counts as mentioned wherever its text stands as a literal.
fn definitions(connector: &Connector, section: Section, report: &mut Report) {
    let keys: HashSet<u32> = connector.defined(section).map(|entry| entry.key_span.lo).collect();
    let literals: HashSet<&str> =
        connector.literals.iter().filter(|(_, span)| !keys.contains(&span.lo)).map(|(text, _)| text.as_str()).collect();
    let called = if section == Section::Methods { bare_calls(connector) } else { HashSet::new() };
    for entry in connector.defined(section) {
        if !literals.contains(entry.name()) && !called.contains(entry.name()) {
            let message = format!("nothing mentions the {} `{}`", section.thing(), entry.name());
            let finding = report.hint("check::unused-definition", entry.key_span, message, "unused", String::new());
            finding.choices.push(edits::remove(connector.source, entry.span, format!("remove `{}`", entry.name())));
        }
    }
}

/// Names that are called without `call`: it was meant, and another rule tells so.
fn bare_calls(connector: &Connector) -> HashSet<&'static str> {
    struct Calls(HashSet<&'static str>);
    impl Visitor for Calls {
        fn expr(&mut self, expr: &Expr) {
            if let ExprKind::Call(call) = &expr.kind
                && call.receiver.is_none()
            {
                self.0.insert(call.name.as_str());
            }
            walk::walk_expr(self, expr);
        }
    }
    let mut calls = Calls(HashSet::new());
    connector.file.statements.iter().for_each(|statement| calls.expr(statement));
    calls.0
}

/// Variables of one outermost lambda: what is assigned and never read.
fn variables(lambda: &Expr, report: &mut Report) {
    let mut found = Variables::default();
    found.expr(lambda);
    for (name, span) in found.written {
        if !found.read.contains(&name) && !name.as_str().starts_with('_') {
            let message = format!("the variable `{name}` is never read");
            let help = format!("remove it, or call it `_{name}`");
            let finding = report.hint("check::unused-variable", span, message, "unused", help);
            finding.choices.push(Fix::one(format!("call it `_{name}`"), span, format!("_{name}")));
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
