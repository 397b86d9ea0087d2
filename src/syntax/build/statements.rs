//! Bodies, statements with their modifiers, `and`/`or`/`not`, and assignments of several values.

use super::super::ast::{Arg, Begin, Expr, ExprKind, Rescue, Target, TargetKind};
use super::super::grammar::Rule;
use super::{Builder, Cursor, ends_body, expr, missing};
use crate::text::Span;

impl Builder<'_> {
    /// All statements up to a clause or the end of the cursor.
    pub fn body(&mut self, c: &mut Cursor<'_>) -> Expr {
        let start = self.at(c.next_start());
        let mut statements = self.statements(c);
        if statements.len() == 1
            && let Some(only) = statements.pop()
        {
            return only;
        }
        let span = statements.iter().fold(Span::at(start), |span, each| span.to(each.span));
        expr(ExprKind::Seq(statements), span)
    }

    pub fn statements(&mut self, c: &mut Cursor<'_>) -> Vec<Expr> {
        let mut statements = Vec::new();
        while c.peek().is_some_and(|rule| !ends_body(rule)) {
            statements.push(self.statement(c));
        }
        statements
    }

    fn statement(&mut self, c: &mut Cursor<'_>) -> Expr {
        let mut statement = self.unmodified(c);
        while let Some(rule) = c.peek() {
            statement = match rule {
                Rule::if_mod | Rule::unless_mod | Rule::while_mod | Rule::until_mod => {
                    c.next();
                    let cond = self.expression(c);
                    modified(rule, statement, cond)
                }
                Rule::rescue_kw => {
                    c.next();
                    let fallback = self.fallback(|b| b.expression(c));
                    rescued(statement, fallback)
                }
                _ => break,
            };
        }
        statement
    }

    fn unmodified(&mut self, c: &mut Cursor<'_>) -> Expr {
        let nested = c.peek() == Some(Rule::paren) && matches!(c.peek_second(), Some(Rule::comma | Rule::assign));
        if nested || c.peek() == Some(Rule::splat) {
            let first = self.list_target(c);
            return self.multiple(first, c);
        }
        let first = self.expression(c);
        if c.peek() != Some(Rule::comma) {
            return first;
        }
        if let ExprKind::Assign { target, value } = first.kind {
            let items = self.more_values(*value, c);
            let span = first.span.to(Span::at(self.at(c.end)));
            return expr(ExprKind::Assign { target, value: Box::new(array(items)) }, span);
        }
        let first = self.target(first);
        self.multiple(first, c)
    }

    /// The values after the first one of `a = 1, 2`.
    fn more_values(&mut self, first: Expr, c: &mut Cursor<'_>) -> Vec<Arg> {
        // `a = *b, c`: the first value already is an array made of the splat.
        let splat = self.source.text().as_bytes().get(first.span.lo as usize) == Some(&b'*');
        let mut items = match first.kind {
            ExprKind::Array(items) if splat => items,
            kind => vec![Arg::Value(expr(kind, first.span))],
        };
        while c.next_if(Rule::comma).is_some() {
            if let Some(item) = self.list_value(c) {
                items.push(item);
            }
        }
        items
    }

    fn list_value(&mut self, c: &mut Cursor<'_>) -> Option<Arg> {
        if c.next_if(Rule::splat).is_some() {
            return Some(Arg::Splat(self.value(c)));
        }
        matches!(c.peek(), Some(rule) if rule != Rule::comma).then(|| Arg::Value(self.value(c)))
    }

    /// `first` and the targets after it, up to the `=` and the values.
    fn multiple(&mut self, first: Target, c: &mut Cursor<'_>) -> Expr {
        let start = first.span;
        let mut targets = vec![first];
        while c.next_if(Rule::comma).is_some() {
            if matches!(c.peek(), Some(Rule::assign) | None) {
                break;
            }
            let target = self.list_target(c);
            targets.push(target);
        }
        let Some(equals) = c.next_if(Rule::assign) else {
            let span = targets.iter().fold(start, |span, target| span.to(target.span));
            self.error(
                "syntax::unexpected-comma",
                span,
                "several values stand here, but nothing takes them",
                "write `[a, b]` for an array, or `a, b = …` to assign several variables",
            );
            return missing(span);
        };
        if equals.as_str() != "=" {
            let span = self.span(&equals);
            self.error("syntax::bad-assignment", span, format!("`{}` takes one variable", equals.as_str()), "");
        }
        self.count_splats(&targets);
        let mut items = Vec::new();
        if let Some(item) = self.list_value(c) {
            items.push(item);
        }
        while c.next_if(Rule::comma).is_some() {
            if let Some(item) = self.list_value(c) {
                items.push(item);
            }
        }
        let mut value = match (items.len(), items.pop()) {
            (1, Some(Arg::Value(value))) => value,
            (_, Some(last)) => {
                items.push(last);
                array(items)
            }
            (_, None) => missing(Span::at(self.at(c.end))),
        };
        if c.next_if(Rule::rescue_kw).is_some() {
            let fallback = self.fallback(|b| b.value(c));
            value = rescued(value, fallback);
        }
        let span = start.to(value.span);
        expr(ExprKind::MultiAssign { targets, value: Box::new(value) }, span)
    }

    pub fn count_splats(&mut self, targets: &[Target]) {
        let mut splats = targets.iter().filter(|target| matches!(target.kind, TargetKind::Splat(_)));
        if let (Some(_), Some(second)) = (splats.next(), splats.next()) {
            let span = second.span;
            self.error("syntax::bad-assignment", span, "only one `*` may stand among the targets", "");
        }
    }

    /// `a`, `*a`, `(a, b)`, `x.y`, `x[0]` in a row of targets.
    pub fn list_target(&mut self, c: &mut Cursor<'_>) -> Target {
        if let Some(star) = c.next_if(Rule::splat) {
            let span = self.span(&star);
            if matches!(c.peek(), None | Some(Rule::comma | Rule::assign)) {
                return Target { kind: TargetKind::Splat(None), span: Span::new(span.lo, span.lo + 1) };
            }
            let inner = self.list_target(c);
            let span = span.to(inner.span);
            return Target { kind: TargetKind::Splat(Some(Box::new(inner))), span };
        }
        if c.peek() == Some(Rule::paren)
            && !matches!(c.peek_second(), Some(Rule::method | Rule::index | Rule::safe | Rule::scope_mark))
            && let Some(paren) = c.next()
        {
            let span = self.span(&paren);
            let mut inner = Cursor::new(paren);
            let mut targets = Vec::new();
            while inner.peek().is_some() {
                targets.push(self.list_target(&mut inner));
                if inner.next_if(Rule::comma).is_none() {
                    break;
                }
            }
            if let Some(extra) = inner.next() {
                let span = self.span(&extra);
                self.error("syntax::bad-assignment", span, "this cannot stand among the targets of an assignment", "");
            }
            self.count_splats(&targets);
            return Target { kind: TargetKind::Nested(targets), span };
        }
        let target = self.primary(c);
        self.target(target)
    }

    /// With `and`, `or`, `not` and one-line patterns, without modifiers.
    pub fn expression(&mut self, c: &mut Cursor<'_>) -> Expr {
        let mut left = self.negation(c);
        while let Some(word) = c.next_if(Rule::and_or) {
            let right = self.negation(c);
            let span = left.span.to(right.span);
            let (left_box, right) = (Box::new(left), Box::new(right));
            let kind =
                if word.as_str() == "and" { ExprKind::And(left_box, right) } else { ExprKind::Or(left_box, right) };
            left = expr(kind, span);
        }
        left
    }

    fn negation(&mut self, c: &mut Cursor<'_>) -> Expr {
        if let Some(word) = c.next_if(Rule::not_kw) {
            let start = self.span(&word);
            let inner = self.deeper_in(c, start, |b, c| b.negation(c));
            let span = start.to(inner.span);
            return expr(ExprKind::Not(Box::new(inner)), span);
        }
        let subject = self.value(c);
        match c.next_if(Rule::match_tail) {
            Some(tail) => self.one_line_match(subject, tail),
            None => subject,
        }
    }
}

fn array(items: Vec<Arg>) -> Expr {
    let span = items
        .iter()
        .map(|item| match item {
            Arg::Value(value) | Arg::Splat(value) => value.span,
            Arg::Keywords(_, span) => *span,
        })
        .reduce(Span::to)
        .unwrap_or_default();
    expr(ExprKind::Array(items), span)
}

/// `value rescue fallback`.
pub fn rescued(value: Expr, fallback: Expr) -> Expr {
    let span = value.span.to(fallback.span);
    let rescue = Rescue { classes: Vec::new(), binding: None, span: fallback.span, body: fallback };
    let begin = Begin { body: value, rescues: vec![rescue], otherwise: None, ensure: None, explicit: false };
    expr(ExprKind::Begin(Box::new(begin)), span)
}

fn modified(rule: Rule, body: Expr, cond: Expr) -> Expr {
    let span = body.span.to(cond.span);
    let cond = Box::new(cond);
    let kind = match rule {
        Rule::if_mod => ExprKind::If { cond, then: Some(Box::new(body)), otherwise: None },
        Rule::unless_mod => ExprKind::If { cond, then: None, otherwise: Some(Box::new(body)) },
        _ => {
            let do_while = matches!(&body.kind, ExprKind::Begin(begin) if begin.explicit);
            ExprKind::While { cond, body: Box::new(body), until: rule == Rule::until_mod, do_while }
        }
    };
    expr(kind, span)
}
