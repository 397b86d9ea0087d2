//! Branches, loops, jumps and rescue.

use super::Builder;
use crate::program::lambda::LambdaKind;
use crate::program::node::{
    ArgNode, BeginNode, CaseArm, CaseInNode, CaseNode, Node, Op, RescueNode, TargetNode, WhenNode, While,
};
use crate::program::{Sign, Tells};
use crate::syntax::ast::{Arg, Begin, Expr, ExprKind, Target, When};
use crate::text::{Name, Span};

impl Builder<'_> {
    pub(super) fn control(&mut self, expr: &Expr) -> Op {
        let span = expr.span;
        match &expr.kind {
            ExprKind::If { cond, then, otherwise } => {
                let cond = self.condition(cond);
                let cond = self.fork(Tells::Truth, Sign::If, ["true", "false"], cond);
                Op::If(Box::new((
                    cond,
                    self.optional_body(then.as_deref(), span),
                    self.optional_body(otherwise.as_deref(), span),
                )))
            }
            ExprKind::While { cond, body, until, do_while } => self.in_loop(|builder| {
                let cond = builder.condition(cond);
                let body = builder.body(body);
                Op::While(Box::new(While { cond, body, until: *until, do_while: *do_while }))
            }),
            ExprKind::For { targets, iterable, body } => self.for_loop(targets, iterable, body, span),
            ExprKind::Case { subject, whens, otherwise } => {
                let subject = subject.as_deref().map(|subject| self.node(subject));
                let branch = self.branch();
                let whens = whens.iter().map(|when| self.when(when, branch)).collect();
                let at = otherwise.as_ref().map_or(span, |otherwise| otherwise.span);
                let otherwise = self.optional_body(otherwise.as_deref(), span);
                let otherwise = self.way(Tells::Reached, branch, Sign::Case, "else", otherwise, at);
                Op::Case(Box::new(CaseNode { subject, whens, otherwise }))
            }
            ExprKind::CaseIn { subject, arms, otherwise } => {
                let subject = self.node(subject);
                let branch = self.branch();
                let arms = arms.iter().map(|arm| CaseArm {
                    pattern: self.pattern(&arm.pattern),
                    guard: arm.guard.as_ref().map(|guard| self.node(guard)),
                    body: self.way_of(branch, Sign::Case, "in", &arm.body, arm.span),
                });
                let arms = arms.collect();
                let otherwise = otherwise.as_deref();
                let otherwise = otherwise.map(|body| self.way_of(branch, Sign::Case, "else", body, body.span));
                Op::CaseIn(Box::new(CaseInNode { subject, arms, otherwise }))
            }
            ExprKind::Match { subject, pattern, raises } => {
                let subject = self.node(subject);
                Op::Match(Box::new((subject, self.pattern(pattern))), *raises)
            }
            ExprKind::Begin(begin) => self.begin(begin),
            ExprKind::Return(value) => {
                self.not_a_leaf();
                Op::Return(self.boxed(value.as_deref()))
            }
            ExprKind::Break(value) => {
                self.not_a_leaf();
                self.break_out(value.as_deref(), span)
            }
            ExprKind::Next(value) => Op::Next(self.boxed(value.as_deref())),
            ExprKind::Redo => Op::Redo,
            ExprKind::Retry => Op::Retry,
            ExprKind::Yield(args) => Op::Yield(self.args(args)),
            ExprKind::Def { name, block } => {
                let outer = std::mem::replace(&mut self.label, *name);
                let code = self.lambda(block, LambdaKind::Def);
                self.label = outer;
                Op::Def(*name, code)
            }
            ExprKind::MethodName => Op::MethodName,
            _ => Op::Nil,
        }
    }

    /// A bare regular expression as a condition is matched against `$_`, a range of whole numbers compares them with
    /// `$.`: neither is set in a connector, so both are false.
    pub(super) fn condition(&mut self, cond: &Expr) -> Node {
        let op = match &cond.kind {
            ExprKind::And(lhs, rhs) => {
                let left = self.condition(lhs);
                Op::And(Box::new((self.left(Sign::And, left), self.condition(rhs))))
            }
            ExprKind::Or(lhs, rhs) => {
                let left = self.condition(lhs);
                Op::Or(Box::new((self.left(Sign::Or, left), self.condition(rhs))))
            }
            ExprKind::Seq(exprs) if exprs.len() == 1 => return self.condition(&exprs[0]),
            ExprKind::Range { lo, hi, .. } if [lo, hi].into_iter().all(|bound| is_line_number(bound.as_deref())) => {
                Op::False
            }
            _ => match self.node(cond).op {
                Op::Regex(..) | Op::DynRegex(..) => Op::False,
                op => op,
            },
        };
        Node { op, span: cond.span }
    }

    fn in_loop(&mut self, build: impl FnOnce(&mut Self) -> Op) -> Op {
        self.count_loops(1);
        let op = build(self);
        self.count_loops(-1);
        op
    }

    fn count_loops(&mut self, change: i32) {
        if let Some(scope) = self.open.last_mut() {
            scope.loops = scope.loops.saturating_add_signed(change);
        }
    }

    /// `for a in list` runs in the scope around it: the list is walked by a hidden index.
    fn for_loop(&mut self, targets: &[Target], iterable: &Expr, body: &Expr, span: Span) -> Op {
        let node = |op| Node { op, span };
        let depth = self.open.last().map_or(0, |scope| scope.loops);
        let items_name = Name::new(&format!("(for items {depth})"));
        let index_name = Name::new(&format!("(for index {depth})"));
        let result_name = Name::new(&format!("(for result {depth})"));
        let iterable = self.node(iterable);
        let (items, index, result) = (self.place(items_name), self.place(index_name), self.place(result_name));
        let mut setup = vec![
            node(Op::Set(result, Box::new(iterable))),
            node(Op::Set(items, Box::new(node(self.plain_call(result_name, "entries", None, span))))),
            node(Op::Set(index, Box::new(node(Op::Int(0))))),
        ];
        let walk = self.in_loop(|builder| {
            let cond = node(builder.less_than(index_name, items_name, span));
            let item =
                node(Op::Index(Box::new((node(builder.variable(items_name)), node(builder.variable(index_name))))));
            let targets: Box<[TargetNode]> = builder.targets(targets);
            let assign = match <[TargetNode; 1]>::try_from(targets.into_vec()) {
                Ok([one]) => Op::Assign(Box::new((one, item))),
                Err(many) => Op::MultiAssign(Box::new((many.into(), item))),
            };
            let step = node(builder.increment(index_name, span));
            let body = builder.body(body);
            let body = node(Op::Seq(Box::new([node(assign), step, body])));
            Op::While(Box::new(While { cond, body, until: false, do_while: false }))
        });
        // `break value` is the loop's value; otherwise it is the list itself.
        let done = node(walk);
        setup.push(node(Op::Or(Box::new((done, node(self.variable(result_name)))))));
        Op::Seq(setup.into())
    }

    /// The body of one way of a branch.
    fn way_of(&mut self, branch: u32, sign: Sign, name: &'static str, body: &Expr, at: Span) -> Node {
        let node = self.body(body);
        self.way(Tells::Reached, branch, sign, name, node, at)
    }

    fn when(&mut self, when: &When, branch: u32) -> WhenNode {
        let test = |arg: &Arg| match arg {
            Arg::Value(value) => ArgNode::Value(self.read_only(value)),
            Arg::Splat(value) => ArgNode::Splat(self.node(value)),
            Arg::Keywords(..) => ArgNode::Keywords(Box::default()),
        };
        let tests = when.tests.iter().map(test).collect();
        WhenNode { tests, body: self.way_of(branch, Sign::Case, "when", &when.body, when.span) }
    }

    fn begin(&mut self, begin: &Begin) -> Op {
        let body = self.body(&begin.body);
        if begin.rescues.is_empty() && begin.otherwise.is_none() && begin.ensure.is_none() {
            return body.op;
        }
        let branch = self.branch();
        let at = begin.body.span;
        let body = match begin.rescues.as_slice() {
            [] => body,
            _ => self.way(Tells::Done, branch, Sign::Rescue, "no error", body, at),
        };
        let mut rescues = Vec::with_capacity(begin.rescues.len());
        for rescue in &begin.rescues {
            rescues.push(RescueNode {
                classes: self.args(&rescue.classes),
                binding: rescue.binding.as_ref().map(|target| self.target(target)),
                body: self.way_of(branch, Sign::Rescue, "error", &rescue.body, rescue.span),
            });
        }
        let otherwise = begin.otherwise.as_ref().map(|otherwise| self.body(otherwise));
        let ensure = begin.ensure.as_ref().map(|ensure| self.body(ensure));
        Op::Begin(Box::new(BeginNode { body, rescues: rescues.into(), otherwise, ensure }))
    }

    fn break_out(&mut self, value: Option<&Expr>, span: Span) -> Op {
        let value = self.boxed(value);
        match self.open.last() {
            Some(scope) if scope.loops > 0 => Op::LoopBreak(value),
            Some(scope) if scope.kind == LambdaKind::Block => Op::Break(value),
            Some(scope) if scope.kind == LambdaKind::Lambda => Op::Return(value),
            _ => self.refuse("break", "there is no block or loop to break out of", span),
        }
    }
}

fn is_line_number(bound: Option<&Expr>) -> bool {
    bound.is_none_or(|bound| matches!(bound.kind, ExprKind::Int(_) | ExprKind::Nil))
}
