//! Operands: what one is decided by the rule of its first part.

use super::super::ast::{ConstScope, Expr, ExprKind};
use super::super::grammar::Rule;
use super::strings::percent_symbol;
use super::{Builder, Cursor, Node, expr, missing};
use crate::text::{Name, Span};

/// Globals that a connector may use; the others are the host process's business.
const GLOBALS: [&str; 14] =
    ["$~", "$&", "$`", "$'", "$+", "$!", "$@", "$;", "$,", "$/", "$_", "$stdout", "$stderr", "$0"];

impl Builder<'_> {
    /// An operand and everything chained to it, without operators.
    pub fn primary(&mut self, c: &mut Cursor<'_>) -> Expr {
        let Some(node) = c.next() else {
            let at = Span::at(self.at(c.end));
            return missing(at);
        };
        let operand = self.atom(node, c);
        self.chained(operand, c)
    }

    fn atom(&mut self, node: Node<'_>, c: &mut Cursor<'_>) -> Expr {
        let span = self.span(&node);
        let kind = match node.as_rule() {
            Rule::name => return self.word(&node, c),
            Rule::single | Rule::double | Rule::template | Rule::raw_string | Rule::percent_string | Rule::heredoc => {
                return self.string(node, c);
            }
            Rule::number => self.number(node.as_str(), span),
            Rule::symbol => ExprKind::Symbol(Name::new(node.as_str().get(1..).unwrap_or_default())),
            Rule::true_kw => ExprKind::True,
            Rule::false_kw => ExprKind::False,
            Rule::nil_kw => ExprKind::Nil,
            Rule::self_kw => ExprKind::SelfRef,
            Rule::hash => return self.deeper(span, |b| b.hash(node)),
            Rule::array => return self.deeper(span, |b| b.array_literal(node)),
            Rule::paren => return self.deeper(span, |b| b.paren(node)),
            Rule::lambda => return self.deeper(span, |b| b.lambda(node)),
            Rule::if_expr | Rule::unless_expr => return self.deeper(span, |b| b.if_expr(node)),
            Rule::case_expr => return self.deeper(span, |b| b.case_expr(node)),
            Rule::begin_expr => return self.deeper(span, |b| b.begin_expr(node)),
            Rule::while_expr => return self.deeper(span, |b| b.while_expr(node)),
            Rule::for_expr => return self.deeper(span, |b| b.for_expr(node)),
            Rule::def_expr => return self.deeper(span, |b| b.def_expr(node)),
            Rule::instance_var => self.instance_var(&node),
            Rule::global => self.global(&node),
            Rule::quoted_symbol => self.quoted_symbol(node),
            Rule::regex => self.regex(node),
            Rule::percent_regex => self.percent_regex(node),
            Rule::raw_list | Rule::list => self.word_list(node),
            Rule::percent_symbol => percent_symbol(&node),
            Rule::character => self.character(&node),
            Rule::top_constant => {
                let span = Span::new(span.lo.saturating_sub(2), span.hi);
                return expr(ExprKind::Const { scope: ConstScope::Top, name: Name::new(node.as_str()) }, span);
            }
            Rule::jump_kw => return self.jump(&node, c),
            Rule::yield_kw => return self.yield_expr(&node, c),
            Rule::not_call => {
                let mut inner = Cursor::new(node);
                let body = self.body(&mut inner);
                ExprKind::Not(Box::new(body))
            }
            Rule::file_kw => ExprKind::Str(self.source.name().as_bytes().into()),
            Rule::line_kw => ExprKind::Int(self.source.line_column(span.lo).line as i64),
            Rule::encoding_kw => ExprKind::Const { scope: ConstScope::Bare, name: Name::new("__ENCODING__") },
            _ => return self.stray(&node),
        };
        expr(kind, span)
    }

    /// A part that cannot be an operand. The grammar does not let one through; an editor's half-typed text may.
    fn stray(&mut self, node: &Node<'_>) -> Expr {
        let span = self.span(node);
        let text = node.as_str().lines().next().unwrap_or_default().to_string();
        self.error("syntax::unexpected", span, format!("unexpected `{text}`"), "");
        missing(span)
    }

    fn instance_var(&mut self, node: &Node<'_>) -> ExprKind {
        let text = node.as_str();
        if text.starts_with("@@") {
            let span = self.span(node);
            self.error(
                "syntax::unsupported",
                span,
                format!("`{text}` is a class variable, and a connector has no classes"),
                "use a local variable, or `@name` within one action",
            );
        }
        ExprKind::InstanceVar(Name::new(text))
    }

    fn global(&mut self, node: &Node<'_>) -> ExprKind {
        let text = node.as_str();
        let group = text.get(1..).is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()));
        if !group && !GLOBALS.contains(&text) {
            let span = self.span(node);
            self.error(
                "syntax::unsupported",
                span,
                format!("the global variable `{text}` is not available: globals are shared by everything that runs"),
                "pass the value as an argument, or keep it in a local variable",
            );
        }
        ExprKind::Global(Name::new(text))
    }

    fn paren(&mut self, node: Node<'_>) -> Expr {
        let span = self.span(&node);
        let mut inner = Cursor::new(node);
        let mut statements = self.statements(&mut inner);
        match (statements.len(), statements.pop()) {
            // The parentheses belong to the operand, but a jump or a range in them keeps its own place.
            (1, Some(only)) => expr(only.kind, span),
            (_, Some(last)) => {
                statements.push(last);
                expr(ExprKind::Seq(statements), span)
            }
            (_, None) => expr(ExprKind::Seq(statements), span),
        }
    }
}
