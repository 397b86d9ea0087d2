//! Times in the closure of a trigger: the next poll gets them as text, for the closure is kept as JSON. connrun reads such
//! a text where a time is asked for, others do not.

use super::Report;
use super::connector::literal;
use super::part::Part;
use crate::diagnostic::Fix;
use crate::syntax::ast::{Arg, Block, Call, Expr, ExprKind, TargetKind};
use crate::syntax::walk::{self, Visitor};
use crate::text::{Name, Source, Span};

/// What times have and texts, in Ruby, have not.
const OF_TIMES: [&str; 10] = [
    "advance",
    "beginning_of_day",
    "end_of_day",
    "iso8601",
    "localtime",
    "rfc2822",
    "strftime",
    "to_formatted_s",
    "utc",
    "xmlschema",
];

/// Methods that give the value itself.
const SAME: [&str; 4] = ["dup", "itself", "presence", "presence_in"];

pub fn check(part: &Part, report: &mut Report) {
    for (entry, name, block) in part.given("closure") {
        if entry.name() != "poll" {
            continue;
        }
        for call in misread(part.source, name, block) {
            let message = format!("`{}` may be asked of a text: the closure keeps times as text", call.0);
            let help = format!("write `.to_time.{}`, which reads a text and leaves a time as it is", call.0);
            let finding = report.warn("portable::text-time", call.1, message, "text after the first poll", help);
            finding
                .choices
                .extend(before_dot(part.source, call.1).map(|at| Fix::one("add `.to_time`", at, ".to_time")));
        }
    }
}

/// Calls of a method of times on what comes out of the closure.
fn misread(source: &Source, closure: Name, block: &Block) -> Vec<(Name, Span)> {
    let mut cursors = Cursors { source, names: vec![closure], found: Vec::new() };
    cursors.expr(&block.body);
    cursors.found
}

struct Cursors<'s> {
    source: &'s Source,
    /// The closure, and variables that hold something of it.
    names: Vec<Name>,
    found: Vec<(Name, Span)>,
}

impl Visitor for Cursors<'_> {
    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Assign { target, value } => {
                if let TargetKind::Local(name) = target.kind {
                    let holds = self.holds(value);
                    self.names.retain(|known| *known != name || holds);
                    if holds && !self.names.contains(&name) {
                        self.names.push(name);
                    }
                }
            }
            ExprKind::Call(call)
                if OF_TIMES.contains(&call.name.as_str())
                    && call.receiver.as_ref().is_some_and(|receiver| self.holds(receiver)) =>
            {
                self.found.push((call.name, call.name_span));
            }
            _ => {}
        }
        walk::walk_expr(self, expr);
    }
}

impl Cursors<'_> {
    /// The value may be a part of the closure, as it is.
    fn holds(&self, expr: &Expr) -> bool {
        match &expr.kind {
            ExprKind::Local(name) => self.names.contains(name),
            ExprKind::Index(index) => self.holds(&index.receiver) && self.is_key(&index.args),
            ExprKind::Call(call) => self.passes(call),
            ExprKind::Or(lhs, rhs) => self.holds(lhs) || self.holds(rhs),
            ExprKind::And(_, rhs) => self.holds(rhs),
            ExprKind::If { then, otherwise, .. } => then.iter().chain(otherwise).any(|branch| self.holds(branch)),
            ExprKind::Seq(exprs) => matches!(exprs.as_slice(), [only] if self.holds(only)),
            _ => false,
        }
    }

    fn passes(&self, call: &Call) -> bool {
        let of_closure = call.receiver.as_ref().is_some_and(|receiver| self.holds(receiver));
        of_closure && (SAME.contains(&call.name.as_str()) || call.name.as_str() == "dig" && self.is_key(&call.args))
    }

    fn is_key(&self, args: &[Arg]) -> bool {
        matches!(args.first(), Some(Arg::Value(key)) if literal(self.source, key).is_some())
    }
}

/// The place before the dot that stands before a method's name.
fn before_dot(source: &Source, name: Span) -> Option<Span> {
    let before = source.text().get(..name.lo as usize)?.trim_end();
    let before = before.strip_suffix('.')?;
    Some(Span::at(before.strip_suffix('&').unwrap_or(before).len() as u32))
}
