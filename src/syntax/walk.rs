//! Walking a tree: a visitor whose methods descend by default, in source order.

use super::ast::{
    Arg, Block, BlockArg, ConstScope, Expr, ExprKind, Pair, Param, ParamKind, Params, Pattern, PatternKind, Piece,
    Target, TargetKind,
};

/// Override what is of interest and call the `walk_…` function of the same name to go on.
pub trait Visitor {
    fn expr(&mut self, expr: &Expr) {
        walk_expr(self, expr);
    }

    /// A place that is assigned to.
    fn target(&mut self, target: &Target) {
        walk_target(self, target);
    }

    /// A block, lambda or `def`: a new scope.
    fn block(&mut self, block: &Block, kind: BlockKind) {
        let _ = kind;
        walk_block(self, block);
    }

    fn pattern(&mut self, pattern: &Pattern) {
        walk_pattern(self, pattern);
    }
}

/// What a scope belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BlockKind {
    /// `{ … }` or `do … end` given to a call.
    Block,
    /// `->(…) { … }`
    Lambda,
    Def,
}

pub fn walk_expr<V: Visitor + ?Sized>(visitor: &mut V, expr: &Expr) {
    match &expr.kind {
        ExprKind::Interpolated(pieces) | ExprKind::DynSymbol(pieces) => walk_pieces(visitor, pieces),
        ExprKind::Regex(regex) => walk_pieces(visitor, &regex.pieces),
        ExprKind::Array(args) | ExprKind::Yield(args) => walk_args(visitor, args),
        ExprKind::Hash(pairs) => walk_pairs(visitor, pairs),
        ExprKind::Range { lo, hi, .. } => {
            walk_option(visitor, lo.as_deref());
            walk_option(visitor, hi.as_deref());
        }
        ExprKind::Const { scope: ConstScope::In(scope), .. } => visitor.expr(scope),
        ExprKind::Call(call) => {
            walk_option(visitor, call.receiver.as_ref());
            walk_args(visitor, &call.args);
            match &call.block {
                Some(BlockArg::Literal(block)) => visitor.block(block, BlockKind::Block),
                Some(BlockArg::Pass(passed)) => visitor.expr(passed),
                None => {}
            }
        }
        ExprKind::Index(index) => {
            visitor.expr(&index.receiver);
            walk_args(visitor, &index.args);
        }
        ExprKind::Binary { lhs, rhs, .. } | ExprKind::And(lhs, rhs) | ExprKind::Or(lhs, rhs) => {
            visitor.expr(lhs);
            visitor.expr(rhs);
        }
        ExprKind::Unary { operand, .. } | ExprKind::Not(operand) | ExprKind::Defined(operand) => visitor.expr(operand),
        ExprKind::Assign { target, value } => {
            visitor.target(target);
            visitor.expr(value);
        }
        ExprKind::OpAssign { target, value, .. } => {
            visitor.target(target);
            visitor.expr(value);
        }
        ExprKind::MultiAssign { targets, value } => {
            targets.iter().for_each(|target| visitor.target(target));
            visitor.expr(value);
        }
        ExprKind::If { cond, then, otherwise } => {
            visitor.expr(cond);
            walk_option(visitor, then.as_deref());
            walk_option(visitor, otherwise.as_deref());
        }
        ExprKind::While { cond, body, .. } => {
            visitor.expr(cond);
            visitor.expr(body);
        }
        ExprKind::For { targets, iterable, body } => {
            visitor.expr(iterable);
            targets.iter().for_each(|target| visitor.target(target));
            visitor.expr(body);
        }
        ExprKind::Case { subject, whens, otherwise } => {
            walk_option(visitor, subject.as_deref());
            for when in whens {
                walk_args(visitor, &when.tests);
                visitor.expr(&when.body);
            }
            walk_option(visitor, otherwise.as_deref());
        }
        ExprKind::CaseIn { subject, arms, otherwise } => {
            visitor.expr(subject);
            for arm in arms {
                visitor.pattern(&arm.pattern);
                walk_option(visitor, arm.guard.as_ref());
                visitor.expr(&arm.body);
            }
            walk_option(visitor, otherwise.as_deref());
        }
        ExprKind::Match { subject, pattern, .. } => {
            visitor.expr(subject);
            visitor.pattern(pattern);
        }
        ExprKind::Begin(begin) => {
            visitor.expr(&begin.body);
            for rescue in &begin.rescues {
                walk_args(visitor, &rescue.classes);
                rescue.binding.iter().for_each(|target| visitor.target(target));
                visitor.expr(&rescue.body);
            }
            walk_option(visitor, begin.otherwise.as_ref());
            walk_option(visitor, begin.ensure.as_ref());
        }
        ExprKind::Seq(exprs) => exprs.iter().for_each(|expr| visitor.expr(expr)),
        ExprKind::Lambda(block) => visitor.block(block, BlockKind::Lambda),
        ExprKind::Def { block, .. } => visitor.block(block, BlockKind::Def),
        ExprKind::Return(value) | ExprKind::Break(value) | ExprKind::Next(value) => {
            walk_option(visitor, value.as_deref());
        }
        _ => {}
    }
}

fn walk_option<V: Visitor + ?Sized>(visitor: &mut V, expr: Option<&Expr>) {
    if let Some(expr) = expr {
        visitor.expr(expr);
    }
}

fn walk_pieces<V: Visitor + ?Sized>(visitor: &mut V, pieces: &[Piece]) {
    for piece in pieces {
        if let Piece::Code(code) = piece {
            visitor.expr(code);
        }
    }
}

pub fn walk_args<V: Visitor + ?Sized>(visitor: &mut V, args: &[Arg]) {
    for arg in args {
        match arg {
            Arg::Value(value) | Arg::Splat(value) => visitor.expr(value),
            Arg::Keywords(pairs, _) => walk_pairs(visitor, pairs),
        }
    }
}

fn walk_pairs<V: Visitor + ?Sized>(visitor: &mut V, pairs: &[Pair]) {
    for pair in pairs {
        match pair {
            Pair::Entry { key, value, .. } => {
                visitor.expr(key);
                visitor.expr(value);
            }
            Pair::Splat(value) => visitor.expr(value),
        }
    }
}

pub fn walk_target<V: Visitor + ?Sized>(visitor: &mut V, target: &Target) {
    match &target.kind {
        TargetKind::Index(index) => {
            visitor.expr(&index.receiver);
            walk_args(visitor, &index.args);
        }
        TargetKind::Attribute { receiver, .. } => visitor.expr(receiver),
        TargetKind::Splat(Some(inner)) => visitor.target(inner),
        TargetKind::Nested(targets) => targets.iter().for_each(|target| visitor.target(target)),
        TargetKind::Local(_)
        | TargetKind::InstanceVar(_)
        | TargetKind::Global(_)
        | TargetKind::Const(_)
        | TargetKind::Splat(None) => {}
    }
}

/// Defaults of the parameters, then the body.
pub fn walk_block<V: Visitor + ?Sized>(visitor: &mut V, block: &Block) {
    walk_params(visitor, &block.params);
    visitor.expr(&block.body);
}

fn walk_params<V: Visitor + ?Sized>(visitor: &mut V, params: &Params) {
    params.items.iter().for_each(|param| walk_param(visitor, param));
}

fn walk_param<V: Visitor + ?Sized>(visitor: &mut V, param: &Param) {
    match &param.kind {
        ParamKind::Optional(_, default) | ParamKind::KeywordOptional(_, default) => visitor.expr(default),
        ParamKind::Destructure(params) => params.iter().for_each(|param| walk_param(visitor, param)),
        _ => {}
    }
}

pub fn walk_pattern<V: Visitor + ?Sized>(visitor: &mut V, pattern: &Pattern) {
    match &pattern.kind {
        PatternKind::Value(value) => visitor.expr(value),
        PatternKind::Bind(_) => {}
        PatternKind::As(inner, _) => visitor.pattern(inner),
        PatternKind::Alternatives(patterns) => patterns.iter().for_each(|pattern| visitor.pattern(pattern)),
        PatternKind::Array { class, before, after, .. } => {
            walk_option(visitor, class.as_ref());
            before.iter().chain(after).for_each(|pattern| visitor.pattern(pattern));
        }
        PatternKind::Find { class, middle, .. } => {
            walk_option(visitor, class.as_ref());
            middle.iter().for_each(|pattern| visitor.pattern(pattern));
        }
        PatternKind::Hash { class, entries, .. } => {
            walk_option(visitor, class.as_ref());
            entries.iter().filter_map(|(_, pattern)| pattern.as_ref()).for_each(|pattern| visitor.pattern(pattern));
        }
    }
}
