//! Walking a tree to change it: every span, and the nodes that may be replaced.

use super::ast::{
    Arg, Block, BlockArg, ConstScope, Expr, ExprKind, Pair, Param, ParamKind, Pattern, PatternKind, Piece, Target,
    TargetKind,
};
use crate::text::Span;

/// What is done to a tree. The walk goes on below a node where its method says so.
pub trait Change {
    fn span(&mut self, _: &mut Span) {}

    fn expr(&mut self, _: &mut Expr) -> bool {
        true
    }

    fn pair(&mut self, _: &mut Pair) -> bool {
        true
    }
}

/// Moves a whole tree.
pub struct Shift(pub i64);

impl Shift {
    pub fn moved(&self, offset: u32) -> u32 {
        u32::try_from(i64::from(offset) + self.0).unwrap_or_default()
    }
}

impl Change for Shift {
    fn span(&mut self, span: &mut Span) {
        *span = Span::new(self.moved(span.lo), self.moved(span.hi));
    }
}

pub fn expr<C: Change>(c: &mut C, node: &mut Expr) {
    c.span(&mut node.span);
    if !c.expr(node) {
        return;
    }
    match &mut node.kind {
        ExprKind::Interpolated(all) | ExprKind::DynSymbol(all) => pieces(c, all),
        ExprKind::Regex(regex) => pieces(c, &mut regex.pieces),
        ExprKind::Array(all) | ExprKind::Yield(all) => args(c, all),
        ExprKind::Hash(all) => all.iter_mut().for_each(|one| pair(c, one)),
        ExprKind::Range { lo, hi, .. } => lo.iter_mut().chain(hi).for_each(|bound| expr(c, bound)),
        ExprKind::Const { scope: ConstScope::In(scope), .. } => expr(c, scope),
        ExprKind::Call(call) => {
            c.span(&mut call.name_span);
            option(c, call.receiver.as_mut());
            args(c, &mut call.args);
            match &mut call.block {
                Some(BlockArg::Literal(literal)) => block(c, literal),
                Some(BlockArg::Pass(passed)) => expr(c, passed),
                None => {}
            }
        }
        ExprKind::Index(index) => {
            expr(c, &mut index.receiver);
            args(c, &mut index.args);
        }
        ExprKind::Binary { op_span, lhs, rhs, .. } => {
            c.span(op_span);
            expr(c, lhs);
            expr(c, rhs);
        }
        ExprKind::And(lhs, rhs) | ExprKind::Or(lhs, rhs) => {
            expr(c, lhs);
            expr(c, rhs);
        }
        ExprKind::Unary { operand, .. } | ExprKind::Not(operand) | ExprKind::Defined(operand) => expr(c, operand),
        ExprKind::Assign { target: to, value } | ExprKind::OpAssign { target: to, value, .. } => {
            target(c, to);
            expr(c, value);
        }
        ExprKind::MultiAssign { targets, value } => {
            targets.iter_mut().for_each(|to| target(c, to));
            expr(c, value);
        }
        ExprKind::Seq(all) => all.iter_mut().for_each(|one| expr(c, one)),
        ExprKind::Lambda(inner) | ExprKind::Def { block: inner, .. } => block(c, inner),
        ExprKind::Return(value) | ExprKind::Break(value) | ExprKind::Next(value) => option(c, value.as_deref_mut()),
        _ => control(c, node),
    }
}

fn control<C: Change>(c: &mut C, node: &mut Expr) {
    match &mut node.kind {
        ExprKind::If { cond, then, otherwise } => {
            expr(c, cond);
            option(c, then.as_deref_mut());
            option(c, otherwise.as_deref_mut());
        }
        ExprKind::While { cond, body, .. } => {
            expr(c, cond);
            expr(c, body);
        }
        ExprKind::For { targets, iterable, body } => {
            targets.iter_mut().for_each(|to| target(c, to));
            expr(c, iterable);
            expr(c, body);
        }
        ExprKind::Case { subject, whens, otherwise } => {
            option(c, subject.as_deref_mut());
            for when in whens {
                c.span(&mut when.span);
                args(c, &mut when.tests);
                expr(c, &mut when.body);
            }
            option(c, otherwise.as_deref_mut());
        }
        ExprKind::CaseIn { subject, arms, otherwise } => {
            expr(c, subject);
            for arm in arms {
                c.span(&mut arm.span);
                pattern(c, &mut arm.pattern);
                option(c, arm.guard.as_mut());
                expr(c, &mut arm.body);
            }
            option(c, otherwise.as_deref_mut());
        }
        ExprKind::Match { subject, pattern: wanted, .. } => {
            expr(c, subject);
            pattern(c, wanted);
        }
        ExprKind::Begin(begin) => {
            expr(c, &mut begin.body);
            for rescue in &mut begin.rescues {
                c.span(&mut rescue.span);
                args(c, &mut rescue.classes);
                rescue.binding.iter_mut().for_each(|to| target(c, to));
                expr(c, &mut rescue.body);
            }
            option(c, begin.otherwise.as_mut());
            option(c, begin.ensure.as_mut());
        }
        _ => {}
    }
}

fn option<C: Change>(c: &mut C, node: Option<&mut Expr>) {
    if let Some(node) = node {
        expr(c, node);
    }
}

fn pieces<C: Change>(c: &mut C, pieces: &mut [Piece]) {
    for piece in pieces {
        if let Piece::Code(code) = piece {
            expr(c, code);
        }
    }
}

fn args<C: Change>(c: &mut C, args: &mut [Arg]) {
    for arg in args {
        match arg {
            Arg::Value(value) | Arg::Splat(value) => expr(c, value),
            Arg::Keywords(pairs, span) => {
                c.span(span);
                pairs.iter_mut().for_each(|one| pair(c, one));
            }
        }
    }
}

pub fn pair<C: Change>(c: &mut C, node: &mut Pair) {
    if !c.pair(node) {
        return;
    }
    match node {
        Pair::Entry { key, value, span } => {
            c.span(span);
            expr(c, key);
            expr(c, value);
        }
        Pair::Splat(value) => expr(c, value),
    }
}

fn block<C: Change>(c: &mut C, block: &mut Block) {
    c.span(&mut block.span);
    c.span(&mut block.params.span);
    block.params.items.iter_mut().for_each(|item| param(c, item));
    expr(c, &mut block.body);
}

fn param<C: Change>(c: &mut C, node: &mut Param) {
    c.span(&mut node.span);
    match &mut node.kind {
        ParamKind::Optional(_, default) | ParamKind::KeywordOptional(_, default) => expr(c, default),
        ParamKind::Destructure(params) => params.iter_mut().for_each(|inner| param(c, inner)),
        _ => {}
    }
}

fn target<C: Change>(c: &mut C, node: &mut Target) {
    c.span(&mut node.span);
    match &mut node.kind {
        TargetKind::Index(index) => {
            expr(c, &mut index.receiver);
            args(c, &mut index.args);
        }
        TargetKind::Attribute { receiver, name_span, .. } => {
            c.span(name_span);
            expr(c, receiver);
        }
        TargetKind::Splat(Some(inner)) => target(c, inner),
        TargetKind::Nested(targets) => targets.iter_mut().for_each(|inner| target(c, inner)),
        _ => {}
    }
}

fn pattern<C: Change>(c: &mut C, node: &mut Pattern) {
    c.span(&mut node.span);
    match &mut node.kind {
        PatternKind::Value(value) => expr(c, value),
        PatternKind::Bind(_) => {}
        PatternKind::As(inner, _) => pattern(c, inner),
        PatternKind::Alternatives(all) => all.iter_mut().for_each(|inner| pattern(c, inner)),
        PatternKind::Array { class, before, after, .. } => {
            option(c, class.as_mut());
            before.iter_mut().chain(after).for_each(|inner| pattern(c, inner));
        }
        PatternKind::Find { class, middle, .. } => {
            option(c, class.as_mut());
            middle.iter_mut().for_each(|inner| pattern(c, inner));
        }
        PatternKind::Hash { class, entries, .. } => {
            option(c, class.as_mut());
            entries.iter_mut().filter_map(|(_, value)| value.as_mut()).for_each(|inner| pattern(c, inner));
        }
    }
}
