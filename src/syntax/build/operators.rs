//! Flat rows of operands and operators to trees: precedence, ternaries, assignments.

use super::super::ast::{Arg, AssignOp, BinaryOp, Expr, ExprKind, UnaryOp};
use super::super::grammar::Rule;
use super::statements::rescued;
use super::{Builder, Cursor, Node, expr, missing};
use crate::text::Span;

/// How tightly an operator binds, and on which side equals group.
#[derive(Clone, Copy, PartialEq)]
enum Side {
    Left,
    Right,
    /// `a == b == c` is an error.
    Neither,
}

const RANGE: u8 = 1;
const UNARY_MINUS: u8 = 11;
const POWER: u8 = 12;

fn precedence(operator: &str) -> (u8, Side) {
    match operator {
        "||" => (2, Side::Left),
        "&&" => (3, Side::Left),
        "<=>" | "==" | "===" | "!=" | "=~" | "!~" => (4, Side::Neither),
        "<" | "<=" | ">" | ">=" => (5, Side::Left),
        "|" | "^" => (6, Side::Left),
        "&" => (7, Side::Left),
        "<<" | ">>" => (8, Side::Left),
        "+" | "-" => (9, Side::Left),
        "**" => (POWER, Side::Right),
        _ => (10, Side::Left),
    }
}

fn binary_op(operator: &str) -> BinaryOp {
    match operator {
        "+" => BinaryOp::Add,
        "-" => BinaryOp::Sub,
        "*" => BinaryOp::Mul,
        "/" => BinaryOp::Div,
        "**" => BinaryOp::Pow,
        "==" => BinaryOp::Eq,
        "!=" => BinaryOp::NotEq,
        "===" => BinaryOp::CaseEq,
        "<" => BinaryOp::Less,
        "<=" => BinaryOp::LessEq,
        ">" => BinaryOp::Greater,
        ">=" => BinaryOp::GreaterEq,
        "<=>" => BinaryOp::Compare,
        "=~" => BinaryOp::Match,
        "!~" => BinaryOp::NotMatch,
        "<<" => BinaryOp::ShiftLeft,
        ">>" => BinaryOp::ShiftRight,
        "&" => BinaryOp::BitAnd,
        "|" => BinaryOp::BitOr,
        "^" => BinaryOp::BitXor,
        _ => BinaryOp::Rem,
    }
}

impl Builder<'_> {
    /// One value: operators, ternary and assignment, but neither `and`/`or`/`not` nor modifiers.
    pub fn value(&mut self, c: &mut Cursor<'_>) -> Expr {
        let start = Span::at(self.at(c.next_start()));
        self.deeper_in(c, start, |b, c| b.ternary(c))
    }

    fn ternary(&mut self, c: &mut Cursor<'_>) -> Expr {
        let cond = self.binary(c, 0);
        if c.next_if(Rule::question).is_none() {
            return cond;
        }
        self.refuse_command(&cond);
        let then = self.value(c);
        let otherwise = self.value(c);
        let span = cond.span.to(otherwise.span);
        let kind =
            ExprKind::If { cond: Box::new(cond), then: Some(Box::new(then)), otherwise: Some(Box::new(otherwise)) };
        expr(kind, span)
    }

    /// Operators that bind at least as tightly as `floor`.
    fn binary(&mut self, c: &mut Cursor<'_>, floor: u8) -> Expr {
        let mut left = self.operand(c);
        let mut barred = u8::MAX;
        loop {
            let (level, side) = match c.head() {
                Some(node) if node.as_rule() == Rule::operator => precedence(node.as_str()),
                Some(node) if node.as_rule() == Rule::range_operator => (RANGE, Side::Neither),
                _ => return left,
            };
            if level < floor {
                return left;
            }
            let Some(operator) = c.next() else { return left };
            self.refuse_command(&left);
            self.refuse_void(&left);
            if level == barred {
                let span = self.span(&operator);
                let text = operator.as_str();
                self.error(
                    "syntax::chained-operator",
                    span,
                    format!("`{text}` cannot follow another operator of its kind"),
                    "put one of the two in parentheses",
                );
            }
            barred = if side == Side::Neither { level } else { u8::MAX };
            left = if level == RANGE {
                self.range(c, left, &operator)
            } else {
                let right = if side == Side::Right {
                    let start = Span::at(self.at(c.next_start()));
                    self.deeper_in(c, start, |b, c| b.binary(c, level))
                } else {
                    self.binary(c, level + 1)
                };
                self.combine(left, &operator, right)
            };
        }
    }

    fn combine(&mut self, left: Expr, operator: &Node<'_>, right: Expr) -> Expr {
        let span = left.span.to(right.span);
        let (lhs, rhs) = (Box::new(left), Box::new(right));
        let kind = match operator.as_str() {
            "&&" => ExprKind::And(lhs, rhs),
            "||" => ExprKind::Or(lhs, rhs),
            text => {
                self.refuse_void(&rhs);
                ExprKind::Binary { op: binary_op(text), op_span: self.span(operator), lhs, rhs }
            }
        };
        expr(kind, span)
    }

    fn range(&mut self, c: &mut Cursor<'_>, lo: Expr, operator: &Node<'_>) -> Expr {
        let exclusive = operator.as_str() == "...";
        let span = lo.span.to(self.span(operator));
        let lo = Some(Box::new(lo));
        if c.next_if(Rule::omitted).is_some() {
            return expr(ExprKind::Range { lo, hi: None, exclusive }, span);
        }
        let hi = self.binary(c, RANGE + 1);
        let span = span.to(hi.span);
        expr(ExprKind::Range { lo, hi: Some(Box::new(hi)), exclusive }, span)
    }

    fn operand(&mut self, c: &mut Cursor<'_>) -> Expr {
        match c.peek() {
            Some(Rule::unary) => self.unary(c),
            Some(Rule::defined_kw) => self.defined(c),
            Some(Rule::range_prefix) => self.beginless(c),
            Some(Rule::number) => self.number_operand(c),
            _ => {
                let operand = self.primary(c);
                self.assigned(operand, c)
            }
        }
    }

    /// `-2 ** 2` is `-(2 ** 2)`, though `-2` alone is one literal.
    fn number_operand(&mut self, c: &mut Cursor<'_>) -> Expr {
        let negative = c.head().is_some_and(|node| node.as_str().starts_with('-'));
        let power = || c.peek_second() == Some(Rule::operator) && c.head().is_some_and(followed_by_power);
        if !(negative && power()) {
            let operand = self.primary(c);
            return self.assigned(operand, c);
        }
        let Some(number) = c.next() else { return missing(Span::at(self.at(c.end))) };
        let span = self.span(&number);
        let kind = self.number(number.as_str().trim_start_matches('-'), span);
        let base = expr(kind, Span::new(span.lo + 1, span.hi));
        let Some(operator) = c.next() else { return base };
        let right = self.binary(c, POWER);
        let operand = self.combine(base, &operator, right);
        let span = span.to(operand.span);
        expr(ExprKind::Unary { op: UnaryOp::Minus, operand: Box::new(operand) }, span)
    }

    fn unary(&mut self, c: &mut Cursor<'_>) -> Expr {
        let Some(operator) = c.next() else { return missing(Span::at(self.at(c.end))) };
        let start = self.span(&operator);
        self.deeper_in(c, start, |b, c| {
            let (op, operand) = match operator.as_str() {
                "-" => (UnaryOp::Minus, b.binary(c, UNARY_MINUS)),
                "+" => (UnaryOp::Plus, b.operand(c)),
                "~" => (UnaryOp::Complement, b.operand(c)),
                _ => {
                    let operand = b.operand(c);
                    let span = start.to(operand.span);
                    return expr(ExprKind::Not(Box::new(operand)), span);
                }
            };
            b.refuse_void(&operand);
            let span = start.to(operand.span);
            let adjacent = operand.span.lo == start.hi;
            match operand.kind {
                kind @ (ExprKind::Int(_) | ExprKind::Float(_)) if op == UnaryOp::Plus && adjacent => expr(kind, span),
                kind => expr(ExprKind::Unary { op, operand: Box::new(expr(kind, operand.span)) }, span),
            }
        })
    }

    fn defined(&mut self, c: &mut Cursor<'_>) -> Expr {
        let Some(word) = c.next() else { return missing(Span::at(self.at(c.end))) };
        let start = self.span(&word);
        // `defined?(a) && b` tests `a` alone; with a blank before the parenthesis it takes everything.
        let adjacent = c.peek() == Some(Rule::paren) && c.gap().is_empty();
        let inner = if adjacent { self.primary(c) } else { self.value(c) };
        let span = start.to(inner.span);
        expr(ExprKind::Defined(Box::new(inner)), span)
    }

    fn beginless(&mut self, c: &mut Cursor<'_>) -> Expr {
        let Some(dots) = c.next() else { return missing(Span::at(self.at(c.end))) };
        let start = self.span(&dots);
        let hi = self.binary(c, RANGE + 1);
        let span = start.to(hi.span);
        let exclusive = dots.as_str() == "...";
        expr(ExprKind::Range { lo: None, hi: Some(Box::new(hi)), exclusive }, span)
    }

    /// `operand`, or the assignment to it when `=` follows.
    fn assigned(&mut self, operand: Expr, c: &mut Cursor<'_>) -> Expr {
        let Some(equals) = c.next_if(Rule::assign) else { return operand };
        let target = self.target(operand);
        let start = target.span;
        let splat = c.head().filter(|node| node.as_rule() == Rule::splat).map(|node| self.span(node));
        if let (Some(span), false) = (splat, equals.as_str() == "=") {
            self.error("syntax::bad-assignment", span, format!("`{}` takes one value", equals.as_str()), "");
        }
        let value = self.assigned_value(c);
        self.refuse_void(&value);
        let span = start.to(value.span);
        let (target, value) = (Box::new(target), Box::new(value));
        let text = equals.as_str().trim_end_matches('=');
        let kind = match text {
            "" => ExprKind::Assign { target, value },
            "||" => ExprKind::OpAssign { target, op: AssignOp::Or, value },
            "&&" => ExprKind::OpAssign { target, op: AssignOp::And, value },
            text => ExprKind::OpAssign { target, op: AssignOp::Op(binary_op(text)), value },
        };
        expr(kind, span)
    }

    fn assigned_value(&mut self, c: &mut Cursor<'_>) -> Expr {
        let value = if let Some(star) = c.next_if(Rule::splat) {
            let inner = self.value(c);
            let span = self.span(&star).to(inner.span);
            expr(ExprKind::Array(vec![Arg::Splat(inner)]), span)
        } else {
            self.value(c)
        };
        if c.next_if(Rule::rescue_kw).is_none() {
            return value;
        }
        let fallback = self.fallback(|b| b.value(c));
        rescued(value, fallback)
    }

    /// Arguments without parentheses may not stand inside an operator's operand.
    pub fn refuse_command(&mut self, operand: &Expr) {
        if let ExprKind::Call(call) = &operand.kind
            && !call.parens
            && !call.args.is_empty()
            // In parentheses of its own, the call begins after its span does.
            && operand.span.lo == call.receiver.as_ref().map_or(call.name_span.lo, |receiver| receiver.span.lo)
        {
            let (name, span) = (call.name, call.name_span);
            self.error(
                "syntax::needs-parentheses",
                span,
                format!("the arguments of `{name}` need parentheses here"),
                &format!("write `{name}(…)`"),
            );
        }
    }

    /// `return` and its kin have no value that could be used.
    pub fn refuse_void(&mut self, operand: &Expr) {
        if let Some(span) = void(operand) {
            let word = self.source.slice(span).split(|c: char| !c.is_ascii_lowercase()).next().unwrap_or_default();
            let message = format!("`{word}` leaves, so it has no value that could be used here");
            self.error("syntax::void-value", span, message, "put it into a statement of its own");
        }
    }
}

fn followed_by_power(node: &Node<'_>) -> bool {
    let rest = node.get_input().get(node.as_span().end()..).unwrap_or_default();
    rest.trim_start_matches([' ', '\t', '\u{1}']).starts_with("**")
}

/// The jump that ends `operand` on every path.
fn void(operand: &Expr) -> Option<Span> {
    match &operand.kind {
        ExprKind::Return(_) | ExprKind::Break(_) | ExprKind::Next(_) | ExprKind::Redo | ExprKind::Retry => {
            Some(operand.span)
        }
        ExprKind::Seq(statements) => void(statements.last()?),
        ExprKind::If { then: Some(then), otherwise: Some(otherwise), .. } => void(then).and(void(otherwise)),
        ExprKind::And(left, _) | ExprKind::Or(left, _) => void(left),
        _ => None,
    }
}
