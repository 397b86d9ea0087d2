//! Literals, variables, operators.

use super::Builder;
use crate::diagnostic::Diagnostic;
use crate::methods::registry;
use crate::program::Sign;
use crate::program::lambda::LambdaKind;
use crate::program::node::{ArgNode, Node, Op, PairNode, PieceNode, Place};
use crate::syntax::ast::{Arg, BinaryOp, Expr, ExprKind, Pair, Piece, Regex, UnaryOp};
use crate::text::{Name, Span};
use crate::value::RegexpOptions;
use num_bigint::BigInt;
use num_traits::ToPrimitive;

impl Builder<'_> {
    pub(super) fn node(&mut self, expr: &Expr) -> Node {
        Node { op: self.op(expr), span: expr.span }
    }

    fn op(&mut self, expr: &Expr) -> Op {
        match &expr.kind {
            ExprKind::Nil | ExprKind::Missing => Op::Nil,
            ExprKind::True => Op::True,
            ExprKind::False => Op::False,
            ExprKind::SelfRef => Op::SelfRef,
            ExprKind::Int(number) => Op::Int(*number),
            ExprKind::BigInt(digits) => digits.parse().map_or(Op::Nil, |number| Op::BigInt(Box::new(number))),
            ExprKind::Float(number) => Op::Float(*number),
            ExprKind::Rational(text) => rational(text),
            ExprKind::Imaginary(text) => self.refuse(&format!("{text}i"), "complex numbers are left out", expr.span),
            ExprKind::Str(bytes) => self.string(bytes),
            ExprKind::Interpolated(pieces) => Op::Interpolated(self.pieces(pieces)),
            ExprKind::Symbol(name) => Op::Symbol(*name),
            ExprKind::DynSymbol(pieces) => Op::DynSymbol(self.pieces(pieces)),
            ExprKind::Regex(regex) => self.regex(regex, expr.span),
            ExprKind::Array(args) => self.array(args),
            ExprKind::Hash(pairs) => Op::Hash(self.pairs(pairs)),
            ExprKind::Range { lo, hi, exclusive } => Op::Range(
                Box::new((self.option(lo.as_deref(), expr.span), self.option(hi.as_deref(), expr.span))),
                *exclusive,
            ),
            ExprKind::Local(name) => self.variable(*name),
            ExprKind::InstanceVar(name) => Op::InstanceVar(*name),
            ExprKind::Global(name) => Op::Global(*name),
            ExprKind::Const { scope, name } => self.constant(scope, *name, expr.span),
            ExprKind::Call(call) => self.call(call, expr.span),
            ExprKind::Index(index) => self.index(index, expr.span),
            ExprKind::Binary { op, lhs, rhs, .. } => self.binary(*op, lhs, rhs),
            ExprKind::Unary { op, operand } => self.unary(*op, operand, expr.span),
            ExprKind::Not(operand) => Op::Not(Box::new(self.condition(operand))),
            ExprKind::And(lhs, rhs) => {
                let left = self.node(lhs);
                Op::And(Box::new((self.left(Sign::And, left), self.node(rhs))))
            }
            ExprKind::Or(lhs, rhs) => {
                let left = self.node(lhs);
                Op::Or(Box::new((self.left(Sign::Or, left), self.node(rhs))))
            }
            ExprKind::Defined(operand) => self.defined(operand),
            ExprKind::Assign { target, value } => self.assign(target, value),
            ExprKind::OpAssign { target, op, value } => self.op_assign(target, *op, value),
            ExprKind::MultiAssign { targets, value } => self.multi_assign(targets, value),
            ExprKind::Seq(exprs) => self.sequence(exprs, expr.span).op,
            ExprKind::Lambda(block) => Op::Lambda(self.lambda(block, LambdaKind::Lambda)),
            _ => self.control(expr),
        }
    }

    fn string(&mut self, bytes: &[u8]) -> Op {
        if self.frozen_strings { Op::FrozenStr(self.pooled(bytes)) } else { Op::Str(bytes.into()) }
    }

    /// A string literal that nothing can change (hash keys, comparisons) comes from the pool.
    pub(super) fn read_only(&mut self, expr: &Expr) -> Node {
        match &expr.kind {
            ExprKind::Str(bytes) => Node { op: Op::FrozenStr(self.pooled(bytes)), span: expr.span },
            _ => self.node(expr),
        }
    }

    pub(super) fn variable(&mut self, name: Name) -> Op {
        match self.place(name) {
            Place::Slot(number) => Op::Slot(number),
            Place::Cell(number) => Op::Cell(number),
            Place::Captured(number) => Op::Captured(number),
        }
    }

    fn pieces(&mut self, pieces: &[Piece]) -> Box<[PieceNode]> {
        let piece = |piece: &Piece| match piece {
            Piece::Text(text) => PieceNode::Text(text.as_ref().into()),
            Piece::Code(code) => PieceNode::Code(self.node(code)),
        };
        pieces.iter().map(piece).collect()
    }

    fn regex(&mut self, regex: &Regex, span: Span) -> Op {
        let options = RegexpOptions {
            ignore_case: regex.ignore_case,
            multi_line: regex.multi_line,
            extended: regex.extended,
            no_encoding: regex.no_encoding,
        };
        if let [Piece::Text(text)] = regex.pieces.as_slice() {
            self.check_pattern(text, options, span);
        }
        let mut number = || {
            self.regexes += 1;
            self.regexes - 1
        };
        match regex.pieces.as_slice() {
            [] => Op::Regex(number(), Box::default(), options),
            [Piece::Text(text)] => Op::Regex(number(), text.clone(), options),
            pieces => {
                let cached = regex.once.then(&mut number);
                Op::DynRegex(cached, self.pieces(pieces), options)
            }
        }
    }

    /// A pattern that does not compile is an error of the file, wherever it stands.
    fn check_pattern(&mut self, source: &[u8], options: RegexpOptions, span: Span) {
        if let Err(message) = crate::value::Regexp::cached(source, options) {
            self.diagnostics.push(
                Diagnostic::error("syntax::bad-regex", message)
                    .within(&self.source)
                    .label(span, "this pattern cannot be read")
                    .help(
                        "characters that mean something in a pattern are written with a backslash: `\\(`, `\\[`, `\\+`",
                    ),
            );
        }
    }

    fn array(&mut self, args: &[Arg]) -> Op {
        if args.iter().all(|arg| matches!(arg, Arg::Value(_))) {
            let values = args.iter().filter_map(|arg| match arg {
                Arg::Value(value) => Some(self.node(value)),
                _ => None,
            });
            return Op::Array(values.collect());
        }
        Op::ArrayOf(self.args(args))
    }

    pub(super) fn args(&mut self, args: &[Arg]) -> Box<[ArgNode]> {
        let arg = |arg: &Arg| match arg {
            Arg::Value(value) => ArgNode::Value(self.node(value)),
            Arg::Splat(value) => ArgNode::Splat(self.node(value)),
            Arg::Keywords(pairs, _) => ArgNode::Keywords(self.pairs(pairs)),
        };
        args.iter().map(arg).collect()
    }

    fn pairs(&mut self, pairs: &[Pair]) -> Box<[PairNode]> {
        pairs.iter().map(|pair| self.pair(pair)).collect()
    }

    fn pair(&mut self, pair: &Pair) -> PairNode {
        match pair {
            Pair::Entry { key, value, .. } => {
                let outer = self.label;
                match &key.kind {
                    ExprKind::Symbol(name) => self.label = *name,
                    ExprKind::Str(bytes) => self.label = Name::new(&String::from_utf8_lossy(bytes)),
                    _ => {}
                }
                let node = self.read_only(key);
                let label = self.label;
                let pair = PairNode::Entry(node, self.under(label, |builder| builder.node(value)));
                self.label = outer;
                pair
            }
            Pair::Splat(value) => PairNode::Splat(self.node(value)),
        }
    }

    fn binary(&mut self, op: BinaryOp, lhs: &Expr, rhs: &Expr) -> Op {
        let method = match op {
            BinaryOp::NotEq => BinaryOp::Eq,
            BinaryOp::NotMatch => BinaryOp::Match,
            other => other,
        };
        let name = Name::new(method.text());
        let column = registry().column(name);
        // What is compared or joined is only looked at.
        let joins = method == BinaryOp::Add;
        let lhs_node = if joins { self.read_only(lhs) } else { self.node(lhs) };
        let rhs_node = if joins || method == BinaryOp::Eq { self.read_only(rhs) } else { self.node(rhs) };
        let operands = Box::new((lhs_node, rhs_node));
        let operation = Op::Binary(op, name, column, operands);
        if op == BinaryOp::Match { self.with_named_groups(operation, lhs) } else { operation }
    }

    /// `/(?<year>…)/ =~ text` sets local variables; the parser declares them, the interpreter fills them from `$~`.
    fn with_named_groups(&mut self, operation: Op, lhs: &Expr) -> Op {
        let ExprKind::Regex(regex) = &lhs.kind else { return operation };
        let [Piece::Text(text)] = regex.pieces.as_slice() else { return operation };
        let names = group_names(&String::from_utf8_lossy(text));
        if names.is_empty() {
            return operation;
        }
        let span = lhs.span;
        let result = self.place(Name::new("(match)"));
        let node = |op| Node { op, span };
        let mut steps = vec![node(Op::Set(result, Box::new(node(operation))))];
        for name in names {
            let value = Op::Global(Name::new(&format!("$~{name}")));
            let place = self.place(Name::new(&name));
            steps.push(node(Op::Set(place, Box::new(node(value)))));
        }
        steps.push(node(self.variable(Name::new("(match)"))));
        Op::Seq(steps.into())
    }

    fn unary(&mut self, op: UnaryOp, operand: &Expr, span: Span) -> Op {
        self.send(operand, op.text(), span)
    }
}

/// The names of the groups of a pattern, in order.
fn group_names(pattern: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for part in pattern.split("(?<").skip(1) {
        let name: String = part.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
        if part[name.len()..].starts_with('>') && name.starts_with(|c: char| c.is_lowercase() || c == '_') {
            names.push(name);
        }
    }
    names
}

/// `3r`, `1.5r`.
fn rational(text: &str) -> Op {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = format!("{whole}{fraction}");
    let numerator: BigInt = digits.parse().unwrap_or_default();
    let denominator = BigInt::from(10).pow(fraction.len().to_u32().unwrap_or(0));
    let divisor = num_integer::Integer::gcd(&numerator, &denominator);
    Op::Rational(Box::new((&numerator / &divisor, &denominator / &divisor)))
}
