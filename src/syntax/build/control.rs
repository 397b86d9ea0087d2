//! Constructs that words open: if, case, loops, begin, def.

use super::super::ast::{Begin, Block, Expr, ExprKind, InArm, Params, Rescue, When};
use super::super::grammar::Rule;
use super::{Builder, Cursor, Node, expr};
use crate::text::{Name, Span};

impl Builder<'_> {
    /// `if`, `unless` and, recursively, `elsif`.
    pub fn if_expr(&mut self, node: Node<'_>) -> Expr {
        let span = self.span(&node);
        let unless = node.as_rule() == Rule::unless_expr;
        let mut c = Cursor::new(node);
        let cond = Box::new(self.expression(&mut c));
        let then = Some(Box::new(self.body(&mut c)));
        // A row of `elsif` nests to the right; it is gathered first and folded, so that its length costs no stack.
        let mut branches = Vec::new();
        let mut otherwise = None;
        while let Some(clause) = c.next() {
            let clause_span = self.span(&clause);
            let is_else = clause.as_rule() == Rule::else_clause;
            let mut inner = Cursor::new(clause);
            if is_else {
                otherwise = Some(Box::new(self.body(&mut inner)));
            } else {
                let cond = self.expression(&mut inner);
                let body = self.body(&mut inner);
                branches.push((cond, body, clause_span));
            }
        }
        if branches.len() > super::DEPTH_LIMIT as usize {
            let message = format!("more than {} `elsif` in a row", super::DEPTH_LIMIT);
            self.error("syntax::too-deep", span, message, "use a hash or a `case`");
            branches.truncate(1);
        }
        while let Some((cond, body, clause_span)) = branches.pop() {
            let clause_span = otherwise.as_ref().map_or(clause_span, |last| clause_span.to(last.span));
            let kind = ExprKind::If { cond: Box::new(cond), then: Some(Box::new(body)), otherwise };
            otherwise = Some(Box::new(expr(kind, clause_span)));
        }
        let kind = if unless {
            ExprKind::If { cond, then: otherwise, otherwise: then }
        } else {
            ExprKind::If { cond, then, otherwise }
        };
        expr(kind, span)
    }

    pub fn while_expr(&mut self, node: Node<'_>) -> Expr {
        let span = self.span(&node);
        let mut c = Cursor::new(node);
        let until = c.next().is_some_and(|word| word.as_rule() == Rule::until_mod);
        let cond = Box::new(self.expression(&mut c));
        let body = Box::new(self.body(&mut c));
        expr(ExprKind::While { cond, body, until, do_while: false }, span)
    }

    pub fn for_expr(&mut self, node: Node<'_>) -> Expr {
        let span = self.span(&node);
        let mut c = Cursor::new(node);
        let mut targets = Vec::new();
        if let Some(node) = c.next_if(Rule::for_targets) {
            let mut inner = Cursor::new(node);
            while inner.peek().is_some() {
                targets.push(self.list_target(&mut inner));
            }
        }
        self.count_splats(&targets);
        let iterable = Box::new(self.expression(&mut c));
        let body = Box::new(self.body(&mut c));
        expr(ExprKind::For { targets, iterable, body }, span)
    }

    pub fn case_expr(&mut self, node: Node<'_>) -> Expr {
        let span = self.span(&node);
        let mut c = Cursor::new(node);
        let subject = match c.peek() {
            Some(Rule::when_clause | Rule::in_clause) | None => None,
            Some(_) => Some(Box::new(self.expression(&mut c))),
        };
        let (mut whens, mut arms) = (Vec::new(), Vec::new());
        let mut otherwise = None;
        while let Some(clause) = c.next() {
            match clause.as_rule() {
                Rule::when_clause => whens.push(self.when(clause)),
                Rule::in_clause => arms.push(self.in_arm(clause)),
                _ => otherwise = Some(Box::new(self.body(&mut Cursor::new(clause)))),
            }
        }
        match subject {
            Some(subject) if !arms.is_empty() => expr(ExprKind::CaseIn { subject, arms, otherwise }, span),
            subject => {
                if let Some(arm) = arms.first() {
                    let at = arm.span;
                    self.error("syntax::missing-value", at, "`case … in` needs a value to match", "write `case value`");
                }
                expr(ExprKind::Case { subject, whens, otherwise }, span)
            }
        }
    }

    fn when(&mut self, node: Node<'_>) -> When {
        let span = self.span(&node);
        let mut c = Cursor::new(node);
        let tests = match c.next_if(Rule::when_tests) {
            Some(tests) => self.arguments(tests, '\0').items,
            None => Vec::new(),
        };
        let body = self.body(&mut c);
        When { tests, body, span }
    }

    fn in_arm(&mut self, node: Node<'_>) -> InArm {
        let span = self.span(&node);
        let mut c = Cursor::new(node);
        let pattern = self.top_pattern(&mut c);
        let guard = match c.peek() {
            Some(rule @ (Rule::if_mod | Rule::unless_mod)) => {
                c.next();
                let cond = self.expression(&mut c);
                Some(if rule == Rule::if_mod {
                    cond
                } else {
                    let span = cond.span;
                    expr(ExprKind::Not(Box::new(cond)), span)
                })
            }
            _ => None,
        };
        let body = self.body(&mut c);
        InArm { pattern, guard, body, span }
    }

    pub fn begin_expr(&mut self, node: Node<'_>) -> Expr {
        let span = self.span(&node);
        let mut c = Cursor::new(node);
        let mut begin = self.begin(&mut c);
        begin.explicit = true;
        expr(ExprKind::Begin(Box::new(begin)), span)
    }

    /// A body whose clauses, if it has any, make it a `Begin`.
    pub fn guarded_body(&mut self, c: &mut Cursor<'_>) -> Expr {
        let begin = self.begin(c);
        if begin.rescues.is_empty() && begin.ensure.is_none() && begin.otherwise.is_none() {
            return begin.body;
        }
        let mut span = begin.body.span;
        for rescue in &begin.rescues {
            span = span.to(rescue.span);
        }
        for clause in [&begin.otherwise, &begin.ensure].into_iter().flatten() {
            span = span.to(clause.span);
        }
        expr(ExprKind::Begin(Box::new(begin)), span)
    }

    fn begin(&mut self, c: &mut Cursor<'_>) -> Begin {
        let body = self.body(c);
        let mut begin = Begin { body, rescues: Vec::new(), otherwise: None, ensure: None, explicit: false };
        while let Some(clause) = c.next() {
            let span = self.span(&clause);
            match clause.as_rule() {
                Rule::rescue_clause => begin.rescues.push(self.rescue(clause)),
                Rule::else_clause => {
                    if begin.rescues.is_empty() {
                        let at = Span::new(span.lo, span.lo + 4);
                        let help = "add a `rescue` before it, or remove it";
                        self.error("syntax::useless-else", at, "`else` without `rescue` is never needed here", help);
                    }
                    begin.otherwise = Some(self.body(&mut Cursor::new(clause)));
                }
                _ => begin.ensure = Some(self.body(&mut Cursor::new(clause))),
            }
        }
        begin
    }

    fn rescue(&mut self, node: Node<'_>) -> Rescue {
        let span = self.span(&node);
        let mut c = Cursor::new(node);
        let classes = match c.next_if(Rule::rescue_classes) {
            Some(classes) => self.arguments(classes, '\0').items,
            None => Vec::new(),
        };
        let binding = c.next_if(Rule::rescue_binding).map(|node| {
            let variable = self.primary(&mut Cursor::new(node));
            self.target(variable)
        });
        let body = self.fallback(|b| b.body(&mut c));
        Rescue { classes, binding, body, span }
    }

    /// Builds what runs after an error, where `retry` may stand.
    pub fn fallback(&mut self, build: impl FnOnce(&mut Self) -> Expr) -> Expr {
        let outer = std::mem::replace(&mut self.in_rescue, true);
        let body = build(self);
        self.in_rescue = outer;
        body
    }

    pub fn def_expr(&mut self, node: Node<'_>) -> Expr {
        let span = self.span(&node);
        let mut c = Cursor::new(node);
        let name = c.next().map_or_else(|| Name::new(""), |name| Name::new(name.as_str()));
        let outer = std::mem::replace(&mut self.in_rescue, false);
        self.scopes.enter_def();
        let params = match c.peek() {
            Some(Rule::def_parens | Rule::def_bare) => c.next().map(|node| self.params(node)),
            _ => None,
        };
        let params = params.unwrap_or_else(|| Params { span: Span::at(span.lo), ..Params::default() });
        let body = if c.next_if(Rule::endless).is_some() {
            let value = self.value(&mut c);
            if c.next_if(Rule::rescue_kw).is_some() {
                let fallback = self.fallback(|b| b.value(&mut c));
                super::statements::rescued(value, fallback)
            } else {
                value
            }
        } else {
            self.guarded_body(&mut c)
        };
        self.scopes.leave();
        self.in_rescue = outer;
        let block = Box::new(Block { params, body, span, is_do: true });
        expr(ExprKind::Def { name, block }, span)
    }
}
