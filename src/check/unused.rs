//! Methods, pick lists and object definitions that nothing mentions; variables and parameters that nothing reads.

use super::connector::{Connector, Section};
use super::facts::text_hash;
use super::part::Part;
use super::{Report, edits};
use crate::diagnostic::Fix;
use crate::syntax::ast::{Block, BlockArg, Expr, ExprKind, Param, ParamKind, Pattern, PatternKind, Target, TargetKind};
use crate::syntax::walk::{self, BlockKind, Visitor};
use crate::text::{Name, Span};
use hashbrown::{HashMap, HashSet};

const SECTIONS: [Section; 3] = [Section::Methods, Section::PickLists, Section::ObjectDefinitions];

pub fn check(connector: &Connector, report: &mut Report) {
    for section in SECTIONS {
        if !connector.is_dynamic(section) && !connector.is_open(section) {
            definitions(connector, section, report);
        }
    }
}

/// Of one part.
pub fn check_part(part: &Part, report: &mut Report) {
    for entry in part.entries.iter().filter(|entry| super::connector::lambda(entry.value).is_some()) {
        variables(entry.value, report);
    }
    parameters(part, report);
}

/// Methods of requests whose blocks get the same things everywhere, used or not.
const CUSTOMARY: [&str; 2] = ["after_error_response", "after_response"];

/// Parameters that nothing reads: those of methods, which callers fill for nothing, and the last ones of blocks.
fn parameters(part: &Part, report: &mut Report) {
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
    let lambdas = part.entries.iter().filter(|entry| entry.path.first() != Some(&"methods"));
    let given = lambdas.filter_map(|entry| super::connector::lambda(entry.value)).map(|block| block.span).collect();
    let mut blocks = Blocks { found: Vec::new(), given: &given };
    part.walk(&mut blocks);
    for (name, span) in blocks.found {
        let message = format!("the parameter `{name}` is never read");
        let help = format!("call it `_{name}`, or take it away");
        let finding = report.hint("check::unused-parameter", span, message, "unused", help);
        finding.choices.push(Fix::one(format!("call it `_{name}`"), span, format!("_{name}")));
    }
}

/// A name counts as mentioned wherever its text stands as a literal.
fn definitions(connector: &Connector, section: Section, report: &mut Report) {
    let mut silent: HashMap<u64, &str> =
        connector.defined(section).map(|entry| (text_hash(entry.name()), entry.name())).collect();
    // What other sections define under the same name counts, too.
    for entry in SECTIONS.into_iter().filter(|other| *other != section).flat_map(|other| connector.defined(other)) {
        silent.remove(&text_hash(entry.name()));
    }
    for (facts, _) in connector.facts() {
        silent.retain(|name, _| facts.literals.binary_search(name).is_err());
        if section == Section::Methods {
            silent.retain(|_, name| !facts.bare_calls.contains(name));
        }
    }
    for entry in connector.defined(section) {
        if silent.contains_key(&text_hash(entry.name())) {
            let message = format!("nothing mentions the {} `{}`", section.thing(), entry.name());
            let finding = report.hint("check::unused-definition", entry.key_span, message, "unused", String::new());
            finding.choices.push(edits::remove(connector.source, entry.span, format!("remove `{}`", entry.name())));
        }
    }
}

/// Names that are called without `call`: it was meant, and another rule tells so.
pub fn bare_calls(part: &Part) -> Vec<&'static str> {
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
    part.walk(&mut calls);
    calls.0.into_iter().collect()
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
