//! Whether two trees mean the same: everything but the spans. A kind of node that is not known here is never the same.

use super::ast::{
    Arg, Begin, Block, BlockArg, Call, ConstScope, Expr, ExprKind as Kind, File, HashRest, InArm, Index, Pair, Param,
    ParamKind, Params, Pattern, PatternKind, Piece, Regex, Rescue, Target, TargetKind, When,
};

/// Both files have the same statements, whatever their layout.
pub fn same(a: &File, b: &File) -> bool {
    a.frozen_strings == b.frozen_strings && all(&a.statements, &b.statements, expr)
}

fn all<T>(a: &[T], b: &[T], same: impl Fn(&T, &T) -> bool) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
}

fn opt<T>(a: Option<&T>, b: Option<&T>, same: impl Fn(&T, &T) -> bool) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => same(a, b),
        (None, None) => true,
        _ => false,
    }
}

fn expr(a: &Expr, b: &Expr) -> bool {
    match (&a.kind, &b.kind) {
        (Kind::Nil, Kind::Nil) | (Kind::True, Kind::True) | (Kind::False, Kind::False) => true,
        (Kind::SelfRef, Kind::SelfRef) | (Kind::Redo, Kind::Redo) | (Kind::Retry, Kind::Retry) => true,
        (Kind::MethodName, Kind::MethodName) => true,
        (Kind::Int(a), Kind::Int(b)) => a == b,
        (Kind::Float(a), Kind::Float(b)) => a.to_bits() == b.to_bits(),
        (Kind::BigInt(a), Kind::BigInt(b))
        | (Kind::Rational(a), Kind::Rational(b))
        | (Kind::Imaginary(a), Kind::Imaginary(b)) => a == b,
        (Kind::Str(a), Kind::Str(b)) => a == b,
        (Kind::Interpolated(a), Kind::Interpolated(b)) | (Kind::DynSymbol(a), Kind::DynSymbol(b)) => all(a, b, piece),
        (Kind::Regex(a), Kind::Regex(b)) => regex(a, b),
        (Kind::Array(a), Kind::Array(b)) | (Kind::Yield(a), Kind::Yield(b)) => all(a, b, arg),
        (Kind::Hash(a), Kind::Hash(b)) => all(a, b, pair),
        (Kind::Range { lo, hi, exclusive }, Kind::Range { lo: lo2, hi: hi2, exclusive: exclusive2 }) => {
            exclusive == exclusive2
                && opt(lo.as_deref(), lo2.as_deref(), expr)
                && opt(hi.as_deref(), hi2.as_deref(), expr)
        }
        (Kind::Symbol(a), Kind::Symbol(b)) | (Kind::Local(a), Kind::Local(b)) => a == b,
        (Kind::InstanceVar(a), Kind::InstanceVar(b)) | (Kind::Global(a), Kind::Global(b)) => a == b,
        (Kind::Const { scope, name }, Kind::Const { scope: scope2, name: name2 }) => {
            name == name2 && const_scope(scope, scope2)
        }
        (Kind::Call(a), Kind::Call(b)) => call(a, b),
        (Kind::Index(a), Kind::Index(b)) => index(a, b),
        (Kind::Binary { op, lhs, rhs, .. }, Kind::Binary { op: op2, lhs: lhs2, rhs: rhs2, .. }) => {
            op == op2 && expr(lhs, lhs2) && expr(rhs, rhs2)
        }
        (Kind::Unary { op, operand }, Kind::Unary { op: op2, operand: operand2 }) => {
            op == op2 && expr(operand, operand2)
        }
        (Kind::Not(a), Kind::Not(b)) | (Kind::Defined(a), Kind::Defined(b)) => expr(a, b),
        (Kind::And(a, c), Kind::And(b, d)) | (Kind::Or(a, c), Kind::Or(b, d)) => expr(a, b) && expr(c, d),
        (Kind::Seq(a), Kind::Seq(b)) => all(a, b, expr),
        (Kind::Lambda(a), Kind::Lambda(b)) => block(a, b),
        (Kind::Def { name, block: a }, Kind::Def { name: name2, block: b }) => name == name2 && block(a, b),
        _ => assignment(a, b) || control(a, b),
    }
}

fn assignment(a: &Expr, b: &Expr) -> bool {
    match (&a.kind, &b.kind) {
        (Kind::Assign { target: to, value }, Kind::Assign { target: to2, value: value2 }) => {
            target(to, to2) && expr(value, value2)
        }
        (Kind::OpAssign { target: to, op, value }, Kind::OpAssign { target: to2, op: op2, value: value2 }) => {
            op == op2 && target(to, to2) && expr(value, value2)
        }
        (Kind::MultiAssign { targets, value }, Kind::MultiAssign { targets: targets2, value: value2 }) => {
            all(targets, targets2, target) && expr(value, value2)
        }
        _ => false,
    }
}

fn control(a: &Expr, b: &Expr) -> bool {
    match (&a.kind, &b.kind) {
        (Kind::If { cond, then, otherwise }, Kind::If { cond: cond2, then: then2, otherwise: otherwise2 }) => {
            expr(cond, cond2)
                && opt(then.as_deref(), then2.as_deref(), expr)
                && opt(otherwise.as_deref(), otherwise2.as_deref(), expr)
        }
        (
            Kind::While { cond, body, until, do_while },
            Kind::While { cond: cond2, body: body2, until: until2, do_while: do_while2 },
        ) => until == until2 && do_while == do_while2 && expr(cond, cond2) && expr(body, body2),
        (Kind::For { targets, iterable, body }, Kind::For { targets: targets2, iterable: iterable2, body: body2 }) => {
            all(targets, targets2, target) && expr(iterable, iterable2) && expr(body, body2)
        }
        (
            Kind::Case { subject, whens, otherwise },
            Kind::Case { subject: subject2, whens: whens2, otherwise: otherwise2 },
        ) => {
            opt(subject.as_deref(), subject2.as_deref(), expr)
                && all(whens, whens2, when)
                && opt(otherwise.as_deref(), otherwise2.as_deref(), expr)
        }
        (
            Kind::CaseIn { subject, arms, otherwise },
            Kind::CaseIn { subject: subject2, arms: arms2, otherwise: otherwise2 },
        ) => expr(subject, subject2) && all(arms, arms2, arm) && opt(otherwise.as_deref(), otherwise2.as_deref(), expr),
        (
            Kind::Match { subject, pattern: a, raises },
            Kind::Match { subject: subject2, pattern: b, raises: raises2 },
        ) => raises == raises2 && expr(subject, subject2) && pattern(a, b),
        (Kind::Begin(a), Kind::Begin(b)) => begin(a, b),
        (Kind::Return(a), Kind::Return(b)) | (Kind::Break(a), Kind::Break(b)) | (Kind::Next(a), Kind::Next(b)) => {
            opt(a.as_deref(), b.as_deref(), expr)
        }
        _ => false,
    }
}

fn const_scope(a: &ConstScope, b: &ConstScope) -> bool {
    match (a, b) {
        (ConstScope::Bare, ConstScope::Bare) | (ConstScope::Top, ConstScope::Top) => true,
        (ConstScope::In(a), ConstScope::In(b)) => expr(a, b),
        _ => false,
    }
}

fn piece(a: &Piece, b: &Piece) -> bool {
    match (a, b) {
        (Piece::Text(a), Piece::Text(b)) => a == b,
        (Piece::Code(a), Piece::Code(b)) => expr(a, b),
        _ => false,
    }
}

fn regex(a: &Regex, b: &Regex) -> bool {
    let flags = |r: &Regex| (r.ignore_case, r.multi_line, r.extended, r.no_encoding, r.once);
    flags(a) == flags(b) && all(&a.pieces, &b.pieces, piece)
}

fn arg(a: &Arg, b: &Arg) -> bool {
    match (a, b) {
        (Arg::Value(a), Arg::Value(b)) | (Arg::Splat(a), Arg::Splat(b)) => expr(a, b),
        (Arg::Keywords(a, _), Arg::Keywords(b, _)) => all(a, b, pair),
        _ => false,
    }
}

fn pair(a: &Pair, b: &Pair) -> bool {
    match (a, b) {
        (Pair::Entry { key, value, .. }, Pair::Entry { key: key2, value: value2, .. }) => {
            expr(key, key2) && expr(value, value2)
        }
        (Pair::Splat(a), Pair::Splat(b)) => expr(a, b),
        _ => false,
    }
}

fn call(a: &Call, b: &Call) -> bool {
    let passed = |a: &BlockArg, b: &BlockArg| match (a, b) {
        (BlockArg::Literal(a), BlockArg::Literal(b)) => block(a, b),
        (BlockArg::Pass(a), BlockArg::Pass(b)) => expr(a, b),
        _ => false,
    };
    a.name == b.name
        && a.safe == b.safe
        && a.parens == b.parens
        && opt(a.receiver.as_ref(), b.receiver.as_ref(), expr)
        && all(&a.args, &b.args, arg)
        && opt(a.block.as_ref(), b.block.as_ref(), passed)
}

fn index(a: &Index, b: &Index) -> bool {
    a.safe == b.safe && expr(&a.receiver, &b.receiver) && all(&a.args, &b.args, arg)
}

fn block(a: &Block, b: &Block) -> bool {
    a.is_do == b.is_do && params(&a.params, &b.params) && expr(&a.body, &b.body)
}

fn params(a: &Params, b: &Params) -> bool {
    a.locals == b.locals
        && a.trailing_comma == b.trailing_comma
        && a.numbered == b.numbered
        && all(&a.items, &b.items, param)
}

fn param(a: &Param, b: &Param) -> bool {
    use ParamKind as Kind;
    match (&a.kind, &b.kind) {
        (Kind::Required(a), Kind::Required(b)) | (Kind::Keyword(a), Kind::Keyword(b)) => a == b,
        (Kind::Block(a), Kind::Block(b)) => a == b,
        (Kind::Destructure(a), Kind::Destructure(b)) => all(a, b, param),
        (Kind::Optional(a, value), Kind::Optional(b, value2))
        | (Kind::KeywordOptional(a, value), Kind::KeywordOptional(b, value2)) => a == b && expr(value, value2),
        (Kind::Rest(a), Kind::Rest(b)) | (Kind::KeywordRest(a), Kind::KeywordRest(b)) => a == b,
        (Kind::NoKeywords, Kind::NoKeywords) => true,
        _ => false,
    }
}

fn target(a: &Target, b: &Target) -> bool {
    use TargetKind as Kind;
    match (&a.kind, &b.kind) {
        (Kind::Local(a), Kind::Local(b)) | (Kind::InstanceVar(a), Kind::InstanceVar(b)) => a == b,
        (Kind::Global(a), Kind::Global(b)) | (Kind::Const(a), Kind::Const(b)) => a == b,
        (Kind::Index(a), Kind::Index(b)) => index(a, b),
        (
            Kind::Attribute { receiver, safe, name, .. },
            Kind::Attribute { receiver: receiver2, safe: safe2, name: name2, .. },
        ) => safe == safe2 && name == name2 && expr(receiver, receiver2),
        (Kind::Splat(a), Kind::Splat(b)) => opt(a.as_ref(), b.as_ref(), |a, b| target(a, b)),
        (Kind::Nested(a), Kind::Nested(b)) => all(a, b, target),
        _ => false,
    }
}

fn when(a: &When, b: &When) -> bool {
    all(&a.tests, &b.tests, arg) && expr(&a.body, &b.body)
}

fn arm(a: &InArm, b: &InArm) -> bool {
    pattern(&a.pattern, &b.pattern) && opt(a.guard.as_ref(), b.guard.as_ref(), expr) && expr(&a.body, &b.body)
}

fn pattern(a: &Pattern, b: &Pattern) -> bool {
    use PatternKind as Kind;
    let class = |a: &Option<Expr>, b: &Option<Expr>| opt(a.as_ref(), b.as_ref(), expr);
    match (&a.kind, &b.kind) {
        (Kind::Value(a), Kind::Value(b)) => expr(a, b),
        (Kind::Bind(a), Kind::Bind(b)) => a == b,
        (Kind::As(a, name), Kind::As(b, name2)) => name == name2 && pattern(a, b),
        (Kind::Alternatives(a), Kind::Alternatives(b)) => all(a, b, pattern),
        (
            Kind::Array { class: c, before, rest, after },
            Kind::Array { class: c2, before: before2, rest: rest2, after: after2 },
        ) => rest == rest2 && class(c, c2) && all(before, before2, pattern) && all(after, after2, pattern),
        (
            Kind::Find { class: c, before, middle, after },
            Kind::Find { class: c2, before: before2, middle: middle2, after: after2 },
        ) => before == before2 && after == after2 && class(c, c2) && all(middle, middle2, pattern),
        (Kind::Hash { class: c, entries, rest }, Kind::Hash { class: c2, entries: entries2, rest: rest2 }) => {
            let entry = |a: &(_, Option<Pattern>), b: &(_, Option<Pattern>)| {
                a.0 == b.0 && opt(a.1.as_ref(), b.1.as_ref(), pattern)
            };
            class(c, c2) && hash_rest(rest, rest2) && all(entries, entries2, entry)
        }
        _ => false,
    }
}

fn hash_rest(a: &HashRest, b: &HashRest) -> bool {
    match (a, b) {
        (HashRest::None, HashRest::None) | (HashRest::Exact, HashRest::Exact) => true,
        (HashRest::Rest(a), HashRest::Rest(b)) => a == b,
        _ => false,
    }
}

fn begin(a: &Begin, b: &Begin) -> bool {
    a.explicit == b.explicit
        && expr(&a.body, &b.body)
        && all(&a.rescues, &b.rescues, rescue)
        && opt(a.otherwise.as_ref(), b.otherwise.as_ref(), expr)
        && opt(a.ensure.as_ref(), b.ensure.as_ref(), expr)
}

fn rescue(a: &Rescue, b: &Rescue) -> bool {
    all(&a.classes, &b.classes, arg) && opt(a.binding.as_ref(), b.binding.as_ref(), target) && expr(&a.body, &b.body)
}
