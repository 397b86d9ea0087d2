//! Requests that are never sent: one is sent when its answer is first looked at, or when a lambda returns it.

use super::Report;
use super::connector::lambda;
use super::part::Part;
use crate::diagnostic::Fix;
use crate::methods::{Receiver, tables};
use crate::syntax::ast::{BlockArg, Call, Expr, ExprKind, TargetKind};
use crate::syntax::walk::{self, Visitor};
use crate::text::{Name, Span};
use crate::value::Kind;
use hashbrown::HashSet;
use std::sync::LazyLock;

const VERBS: [&str; 9] = ["get", "post", "put", "patch", "delete", "head", "options", "copy", "move"];

/// Methods that change a request and do not send it.
static CHAIN: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let of_requests = tables().filter(|table| matches!(table.receiver, Receiver::Kinds([Kind::Request])));
    let rows = of_requests.flat_map(|table| table.rows).filter(|row| row.signature.ends_with("-> Request"));
    rows.flat_map(|row| row.names.split(' ')).collect()
});

/// Methods that throw away what their block gives.
const HEEDLESS: [&str; 14] = [
    "each",
    "each_with_index",
    "each_pair",
    "each_key",
    "each_value",
    "each_slice",
    "each_cons",
    "each_with_object",
    "reverse_each",
    "times",
    "upto",
    "downto",
    "loop",
    "tap",
];

pub fn check(part: &Part, report: &mut Report) {
    for entry in part.entries.iter().filter(|entry| lambda(entry.value).is_some()) {
        let mut names = Names::default();
        names.expr(entry.value);
        let mut visitor = Discarded { read: names.read, found: Vec::new() };
        visitor.expr(entry.value);
        visitor.found.sort_by_key(|found| found.verb.lo);
        visitor.found.dedup_by_key(|found| found.verb.lo);
        for Unsent { verb, end, name } in visitor.found {
            let message = match name {
                Some(name) => format!("this request is never sent: nothing reads `{name}`"),
                None => "this request is never sent: nothing looks at its answer".to_owned(),
            };
            let help = "read something of the answer, return it, or call `response!` on it".to_owned();
            let finding = report.warn("check::unsent-request", verb, message, "never sent", help);
            finding.choices.push(Fix::one("send it: add `.response!`", Span::at(end), ".response!"));
        }
    }
}

/// The call of the verb at the start of a chain that has sent nothing yet.
fn verb(expr: &Expr) -> Option<&Call> {
    match &expr.kind {
        ExprKind::Call(call) => match &call.receiver {
            None => (VERBS.contains(&call.name.as_str()) && !call.args.is_empty()).then_some(call),
            Some(receiver) => verb(receiver).filter(|_| CHAIN.contains(call.name.as_str())),
        },
        ExprKind::Seq(exprs) => match exprs.as_slice() {
            [only] => verb(only),
            _ => None,
        },
        _ => None,
    }
}

/// Local variables that something reads.
#[derive(Default)]
struct Names {
    read: HashSet<Name>,
}

impl Visitor for Names {
    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Local(name) => {
                self.read.insert(*name);
            }
            ExprKind::OpAssign { target, .. } => {
                if let TargetKind::Local(name) = target.kind {
                    self.read.insert(name);
                }
            }
            _ => {}
        }
        walk::walk_expr(self, expr);
    }
}

/// A request whose answer nobody can look at, and the variable that holds it, if one does.
struct Unsent {
    verb: Span,
    end: u32,
    name: Option<Name>,
}

struct Discarded {
    read: HashSet<Name>,
    found: Vec<Unsent>,
}

impl Visitor for Discarded {
    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Seq(exprs) => {
                let dropped = exprs.len().saturating_sub(1);
                exprs.iter().take(dropped).for_each(|expr| self.discard(expr));
            }
            ExprKind::Call(call) if HEEDLESS.contains(&call.name.as_str()) => {
                if let Some(BlockArg::Literal(block)) = &call.block {
                    self.discard(&block.body);
                }
            }
            ExprKind::While { body, .. } | ExprKind::For { body, .. } => self.discard(body),
            ExprKind::Begin(begin) => begin.ensure.iter().for_each(|branch| self.discard(branch)),
            _ => {}
        }
        walk::walk_expr(self, expr);
    }
}

impl Discarded {
    /// The value of this expression is thrown away.
    fn discard(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Call(_) => self.unsent(expr, None),
            ExprKind::Assign { target, value } => {
                if let TargetKind::Local(name) = target.kind
                    && !self.read.contains(&name)
                {
                    if verb(value).is_some() { self.unsent(value, Some(name)) } else { self.discard(value) }
                }
            }
            ExprKind::If { then, otherwise, .. } => {
                then.iter().chain(otherwise).for_each(|branch| self.discard(branch));
            }
            ExprKind::Case { whens, otherwise, .. } => {
                whens.iter().for_each(|when| self.discard(&when.body));
                otherwise.iter().for_each(|branch| self.discard(branch));
            }
            ExprKind::Begin(begin) => {
                self.discard(&begin.body);
                begin.rescues.iter().for_each(|rescue| self.discard(&rescue.body));
                begin.otherwise.iter().for_each(|branch| self.discard(branch));
            }
            ExprKind::Seq(exprs) => exprs.iter().for_each(|expr| self.discard(expr)),
            ExprKind::And(_, rhs) | ExprKind::Or(_, rhs) => self.discard(rhs),
            _ => {}
        }
    }

    fn unsent(&mut self, request: &Expr, name: Option<Name>) {
        if let Some(call) = verb(request) {
            self.found.push(Unsent { verb: call.name_span, end: request.span.hi, name });
        }
    }
}
