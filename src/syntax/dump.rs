//! The tree as a compact s-expression, for tests and for looking at what was understood.

use std::fmt::Write;

use super::ast::{
    Arg, AssignOp, Begin, Block, BlockArg, Call, ConstScope, Expr, ExprKind, HashRest, Pair, Param, ParamKind, Params,
    Pattern, PatternKind, Piece, Regex, Target, TargetKind,
};

/// All statements, one a line.
pub fn dump(statements: &[Expr]) -> String {
    statements.iter().map(expr).collect::<Vec<_>>().join("\n")
}

fn list<T>(items: &[T], show: impl Fn(&T) -> String) -> String {
    items.iter().fold(String::new(), |mut out, item| {
        let _ = write!(out, " {}", show(item));
        out
    })
}

fn optional(value: Option<&Expr>) -> String {
    value.map_or_else(|| "_".into(), expr)
}

fn expr(e: &Expr) -> String {
    match &e.kind {
        ExprKind::Nil => "nil".into(),
        ExprKind::True => "true".into(),
        ExprKind::False => "false".into(),
        ExprKind::SelfRef => "self".into(),
        ExprKind::Int(number) => number.to_string(),
        ExprKind::BigInt(digits) => digits.to_string(),
        ExprKind::Float(number) => format!("{number:?}"),
        ExprKind::Rational(text) => format!("{text}r"),
        ExprKind::Imaginary(text) => format!("{text}i"),
        ExprKind::Str(text) => format!("{:?}", String::from_utf8_lossy(text)),
        ExprKind::Interpolated(parts) => format!("(str{})", pieces(parts)),
        ExprKind::Symbol(name) => format!(":{name}"),
        ExprKind::DynSymbol(parts) => format!("(sym{})", pieces(parts)),
        ExprKind::Regex(found) => regex(found),
        ExprKind::Array(items) => format!("[{}]", list(items, arg).trim_start()),
        ExprKind::Hash(entries) => format!("{{{}}}", list(entries, pair).trim_start()),
        ExprKind::Range { lo, hi, exclusive } => {
            let dots = if *exclusive { "..." } else { ".." };
            format!("({dots} {} {})", optional(lo.as_deref()), optional(hi.as_deref()))
        }
        ExprKind::Local(name) => format!("${name}"),
        ExprKind::InstanceVar(name) | ExprKind::Global(name) => name.to_string(),
        ExprKind::Const { scope, name } => constant(scope, name.as_str()),
        ExprKind::Call(found) => call(found),
        ExprKind::Index(index) => format!("(index {}{})", expr(&index.receiver), list(&index.args, arg)),
        ExprKind::Binary { op, lhs, rhs, .. } => format!("({} {} {})", op.text(), expr(lhs), expr(rhs)),
        ExprKind::Unary { op, operand } => format!("({} {})", op.text(), expr(operand)),
        ExprKind::Not(operand) => format!("(not {})", expr(operand)),
        ExprKind::And(lhs, rhs) => format!("(and {} {})", expr(lhs), expr(rhs)),
        ExprKind::Or(lhs, rhs) => format!("(or {} {})", expr(lhs), expr(rhs)),
        ExprKind::Defined(operand) => format!("(defined? {})", expr(operand)),
        ExprKind::Lambda(found) => format!("(->{})", block(found)),
        ExprKind::Yield(args) => format!("(yield{})", list(args, arg)),
        ExprKind::Def { name, block: body } => format!("(def {name}{})", block(body)),
        ExprKind::Seq(statements) => format!("(do{})", list(statements, expr)),
        ExprKind::MethodName => "__method__".into(),
        ExprKind::Missing => "<missing>".into(),
        _ => control(e),
    }
}

fn control(e: &Expr) -> String {
    match &e.kind {
        ExprKind::Assign { target: to, value } => format!("(= {} {})", target(to), expr(value)),
        ExprKind::OpAssign { target: to, op, value } => {
            let op = match op {
                AssignOp::Or => "||",
                AssignOp::And => "&&",
                AssignOp::Op(op) => op.text(),
            };
            format!("({op}= {} {})", target(to), expr(value))
        }
        ExprKind::MultiAssign { targets, value } => {
            format!("(= ({}) {})", list(targets, target).trim_start(), expr(value))
        }
        ExprKind::If { cond, then, otherwise } => {
            format!("(if {} {} {})", expr(cond), optional(then.as_deref()), optional(otherwise.as_deref()))
        }
        ExprKind::While { cond, body, until, do_while } => {
            let word = if *until { "until" } else { "while" };
            let first = if *do_while { "do-" } else { "" };
            format!("({first}{word} {} {})", expr(cond), expr(body))
        }
        ExprKind::For { targets, iterable, body } => {
            format!("(for ({}) {} {})", list(targets, target).trim_start(), expr(iterable), expr(body))
        }
        ExprKind::Case { subject, whens, otherwise } => {
            let whens =
                list(whens, |when| format!("(when ({}) {})", list(&when.tests, arg).trim_start(), expr(&when.body)));
            format!("(case {}{whens} {})", optional(subject.as_deref()), optional(otherwise.as_deref()))
        }
        ExprKind::CaseIn { subject, arms, otherwise } => {
            let arms = list(arms, |arm| {
                let guard = arm.guard.as_ref().map_or_else(String::new, |guard| format!(" if {}", expr(guard)));
                format!("(in {}{guard} {})", pattern(&arm.pattern), expr(&arm.body))
            });
            format!("(case {}{arms} {})", expr(subject), optional(otherwise.as_deref()))
        }
        ExprKind::Match { subject, pattern: wanted, raises } => {
            format!("({} {} {})", if *raises { "=>" } else { "in" }, expr(subject), pattern(wanted))
        }
        ExprKind::Begin(found) => begin(found),
        ExprKind::Return(value) => jump("return", value.as_deref()),
        ExprKind::Break(value) => jump("break", value.as_deref()),
        ExprKind::Next(value) => jump("next", value.as_deref()),
        ExprKind::Redo => "(redo)".into(),
        _ => "(retry)".into(),
    }
}

fn jump(word: &str, value: Option<&Expr>) -> String {
    value.map_or_else(|| format!("({word})"), |value| format!("({word} {})", expr(value)))
}

fn constant(scope: &ConstScope, name: &str) -> String {
    match scope {
        ConstScope::Bare => name.into(),
        ConstScope::Top => format!("::{name}"),
        ConstScope::In(outer) => format!("{}::{name}", expr(outer)),
    }
}

fn pieces(parts: &[Piece]) -> String {
    list(parts, |part| match part {
        Piece::Text(text) => format!("{:?}", String::from_utf8_lossy(text)),
        Piece::Code(code) => expr(code),
    })
}

fn regex(found: &Regex) -> String {
    let flags: String = [(found.ignore_case, 'i'), (found.multi_line, 'm'), (found.extended, 'x'), (found.once, 'o')]
        .iter()
        .filter(|(set, _)| *set)
        .map(|(_, flag)| *flag)
        .collect();
    match found.pieces.as_slice() {
        [Piece::Text(text)] => format!("/{}/{flags}", String::from_utf8_lossy(text)),
        parts => format!("(regex{} /{flags})", pieces(parts)),
    }
}

fn arg(item: &Arg) -> String {
    match item {
        Arg::Value(value) => expr(value),
        Arg::Splat(value) => format!("*{}", expr(value)),
        Arg::Keywords(entries, _) => list(entries, pair).trim_start().to_string(),
    }
}

fn pair(entry: &Pair) -> String {
    match entry {
        Pair::Entry { key, value, .. } => format!("{}=>{}", expr(key), expr(value)),
        Pair::Splat(value) => format!("**{}", expr(value)),
    }
}

fn call(found: &Call) -> String {
    let receiver = match &found.receiver {
        Some(receiver) => format!("{}{}", expr(receiver), if found.safe { "&." } else { "." }),
        None => String::new(),
    };
    let name = found.name;
    let args = list(&found.args, arg);
    let block = match &found.block {
        Some(BlockArg::Literal(literal)) => block(literal),
        Some(BlockArg::Pass(value)) => format!(" &{}", expr(value)),
        None => String::new(),
    };
    format!("({receiver}{name}{args}{block})")
}

fn block(found: &Block) -> String {
    format!(" {{{} {}}}", params(&found.params), expr(&found.body))
}

fn params(found: &Params) -> String {
    let mut out = list(&found.items, param).trim_start().to_string();
    if found.trailing_comma {
        out.push(',');
    }
    if !found.locals.is_empty() {
        out.push(';');
        out += &list(&found.locals, ToString::to_string);
    }
    if found.numbered > 0 {
        let _ = write!(out, "_{}", found.numbered);
    }
    format!("|{out}|")
}

fn param(found: &Param) -> String {
    let name = |name: &Option<crate::text::Name>| name.map_or("", crate::text::Name::as_str);
    match &found.kind {
        ParamKind::Required(name) => name.to_string(),
        ParamKind::Destructure(items) => format!("({})", list(items, param).trim_start()),
        ParamKind::Optional(name, value) => format!("{name}={}", expr(value)),
        ParamKind::Rest(rest) => format!("*{}", name(rest)),
        ParamKind::Keyword(name) => format!("{name}:"),
        ParamKind::KeywordOptional(name, value) => format!("{name}:{}", expr(value)),
        ParamKind::KeywordRest(rest) => format!("**{}", name(rest)),
        ParamKind::NoKeywords => "**nil".into(),
        ParamKind::Block(name) => format!("&{name}"),
    }
}

fn target(found: &Target) -> String {
    match &found.kind {
        TargetKind::Local(name) => format!("${name}"),
        TargetKind::InstanceVar(name) | TargetKind::Global(name) | TargetKind::Const(name) => name.to_string(),
        TargetKind::Index(index) => format!("(index {}{})", expr(&index.receiver), list(&index.args, arg)),
        TargetKind::Attribute { receiver, safe, name, .. } => {
            format!("({}{}{name})", expr(receiver), if *safe { "&." } else { "." })
        }
        TargetKind::Splat(inner) => format!("*{}", inner.as_deref().map_or_else(String::new, target)),
        TargetKind::Nested(targets) => format!("({})", list(targets, target).trim_start()),
    }
}

fn begin(found: &Begin) -> String {
    let mut out = format!("({} {}", if found.explicit { "begin" } else { "guard" }, expr(&found.body));
    for rescue in &found.rescues {
        let classes = list(&rescue.classes, arg);
        let binding = rescue.binding.as_ref().map_or_else(String::new, |to| format!(" => {}", target(to)));
        let _ = write!(out, " (rescue{classes}{binding} {})", expr(&rescue.body));
    }
    if let Some(body) = &found.otherwise {
        let _ = write!(out, " (else {})", expr(body));
    }
    if let Some(body) = &found.ensure {
        let _ = write!(out, " (ensure {})", expr(body));
    }
    out + ")"
}

fn pattern(found: &Pattern) -> String {
    let name = |name: &Option<crate::text::Name>| name.map_or("", crate::text::Name::as_str);
    let class = |class: &Option<Expr>| class.as_ref().map_or_else(String::new, expr);
    match &found.kind {
        PatternKind::Value(value) => format!("={}", expr(value)),
        PatternKind::Bind(name) => name.to_string(),
        PatternKind::As(inner, name) => format!("({} => {name})", pattern(inner)),
        PatternKind::Alternatives(all) => format!("(|{})", list(all, pattern)),
        PatternKind::Array { class: of, before, rest, after } => {
            let rest = rest.as_ref().map_or_else(String::new, |rest| format!(" *{}", name(rest)));
            format!("{}[{}{rest}{}]", class(of), list(before, pattern).trim_start(), list(after, pattern))
        }
        PatternKind::Find { class: of, before, middle, after } => {
            format!("{}[*{}{} *{}]", class(of), name(before), list(middle, pattern), name(after))
        }
        PatternKind::Hash { class: of, entries, rest } => {
            let entries = list(entries, |(key, value)| {
                format!("{key}:{}", value.as_ref().map_or_else(String::new, |value| format!(" {}", pattern(value))))
            });
            let rest = match rest {
                HashRest::None => String::new(),
                HashRest::Rest(rest) => format!(" **{}", name(rest)),
                HashRest::Exact => " **nil".into(),
            };
            format!("{}{{{}{rest}}}", class(of), entries.trim_start())
        }
    }
}
