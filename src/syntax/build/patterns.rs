//! Patterns of `case … in` and of one-line matches.

use super::super::ast::{ConstScope, Expr, ExprKind, HashRest, Pattern, PatternKind};
use super::super::grammar::Rule;
use super::{Builder, Cursor, Node, expr, missing};
use crate::text::{Name, Span};

/// An item of an array pattern.
enum Item {
    One(Pattern),
    Rest(Option<Name>),
}

impl Builder<'_> {
    /// `subject in pattern`, `subject => pattern`.
    pub fn one_line_match(&mut self, subject: Expr, tail: Node<'_>) -> Expr {
        let span = subject.span.to(self.span(&tail));
        let mut c = Cursor::new(tail);
        let raises = c.next().is_some_and(|word| word.as_rule() == Rule::rocket);
        let pattern = Box::new(self.top_pattern(&mut c));
        expr(ExprKind::Match { subject: Box::new(subject), pattern, raises }, span)
    }

    pub fn top_pattern(&mut self, c: &mut Cursor<'_>) -> Pattern {
        let outer = std::mem::take(&mut self.bound);
        let pattern = self.whole_pattern(c);
        self.bound = outer;
        pattern
    }

    /// A variable that the pattern sets; each may be set once.
    fn binds(&mut self, name: Name, span: Span) {
        if self.bound.contains(&name) && !name.as_str().starts_with('_') {
            self.error("syntax::bad-pattern", span, format!("`{name}` is set twice in this pattern"), "");
        }
        self.bound.push(name);
        self.scopes.declare(name);
    }

    fn whole_pattern(&mut self, c: &mut Cursor<'_>) -> Pattern {
        let Some(node) = c.next_if(Rule::top_pattern) else {
            let span = Span::at(self.at(c.end));
            return Pattern { kind: PatternKind::Value(missing(span)), span };
        };
        let span = self.span(&node);
        let mut inner = Cursor::new(node);
        if matches!(inner.peek(), Some(Rule::pattern_entry | Rule::pattern_rest)) {
            let kind = self.hash_pattern(None, &mut inner);
            return Pattern { kind, span };
        }
        let several = inner.peek_second().is_some() || inner.peek() == Some(Rule::pattern_splat);
        if several {
            let kind = self.array_pattern(None, &mut inner);
            return Pattern { kind, span };
        }
        self.pattern(&mut inner)
    }

    fn pattern(&mut self, c: &mut Cursor<'_>) -> Pattern {
        let Some(node) = c.next() else {
            let span = Span::at(self.at(c.end));
            return Pattern { kind: PatternKind::Value(missing(span)), span };
        };
        let span = self.span(&node);
        let mut inner = Cursor::new(node);
        let mut alternatives = Vec::new();
        let mut names = Vec::new();
        while let Some(part) = inner.next() {
            if part.as_rule() == Rule::pattern_name {
                names.push((Name::new(part.as_str()), self.span(&part)));
            } else {
                alternatives.push(self.pattern_one(part));
            }
        }
        if alternatives.len() > 1 {
            self.refuse_binds(&alternatives);
        }
        let mut pattern = match (alternatives.len(), alternatives.pop()) {
            (1, Some(only)) => only,
            (_, last) => {
                alternatives.extend(last);
                Pattern { kind: PatternKind::Alternatives(alternatives), span }
            }
        };
        for (name, at) in names {
            self.binds(name, at);
            pattern = Pattern { kind: PatternKind::As(Box::new(pattern), name), span };
        }
        pattern
    }

    fn refuse_binds(&mut self, alternatives: &[Pattern]) {
        for alternative in alternatives {
            if let PatternKind::Bind(name) = alternative.kind
                && !name.as_str().starts_with('_')
            {
                let message = format!("`{name}` cannot be set by only one of several alternatives");
                let help = "put the name after them: `a | b => name`";
                self.error("syntax::bad-pattern", alternative.span, message, help);
            }
        }
    }

    fn pattern_one(&mut self, node: Node<'_>) -> Pattern {
        let span = self.span(&node);
        let rule = node.as_rule();
        if self.depth >= super::DEPTH_LIMIT {
            let value = self.deeper(span, |_| missing(span));
            return Pattern { kind: PatternKind::Value(value), span };
        }
        self.depth += 1;
        let mut c = Cursor::new(node);
        let kind = match rule {
            Rule::array_pattern => self.array_pattern(None, &mut c),
            Rule::hash_pattern => {
                let mut kind = self.hash_pattern(None, &mut c);
                // `{}` matches the empty hash only.
                if let PatternKind::Hash { entries, rest: rest @ HashRest::None, .. } = &mut kind
                    && entries.is_empty()
                {
                    *rest = HashRest::Exact;
                }
                kind
            }
            Rule::group_pattern => self.pattern(&mut c).kind,
            Rule::pin_pattern => PatternKind::Value(self.pin(&mut c)),
            Rule::bind_pattern => PatternKind::Bind(self.bind(span, &mut c)),
            Rule::constant_pattern => self.constant_pattern(span, &mut c),
            _ => PatternKind::Value(self.value(&mut c)),
        };
        self.depth -= 1;
        Pattern { kind, span }
    }

    fn bind(&mut self, span: Span, c: &mut Cursor<'_>) -> Name {
        let name = Name::new(c.next().map_or("_", |node| node.as_str()));
        self.binds(name, span);
        name
    }

    fn pin(&mut self, c: &mut Cursor<'_>) -> Expr {
        let Some(node) = c.head().filter(|node| node.as_rule() == Rule::variable).cloned() else {
            return self.primary(c);
        };
        let (span, name) = (self.span(&node), Name::new(node.as_str()));
        if !self.scopes.knows(name) {
            let message = format!("`{name}` is not a local variable, so it cannot be pinned");
            self.error("syntax::bad-pattern", span, message, "write `^(expression)` to compare with a value");
        }
        expr(ExprKind::Local(name), span)
    }

    /// `A`, `A::B`, `A(…)`, `A[…]`, `A..B`.
    fn constant_pattern(&mut self, span: Span, c: &mut Cursor<'_>) -> PatternKind {
        let top = self.source.text().get(span.range()).is_some_and(|text| text.starts_with("::"));
        let mut class: Option<Expr> = None;
        while let Some(node) = c.next_if(Rule::constant) {
            let name = Name::new(node.as_str());
            let whole = Span::new(span.lo, self.span(&node).hi);
            let scope = match class {
                Some(outer) => ConstScope::In(Box::new(outer)),
                None if top => ConstScope::Top,
                None => ConstScope::Bare,
            };
            class = Some(expr(ExprKind::Const { scope, name }, whole));
        }
        match c.peek() {
            Some(Rule::array_arguments) => {
                let Some(node) = c.next() else { return PatternKind::Alternatives(Vec::new()) };
                self.array_pattern(class, &mut Cursor::new(node))
            }
            Some(Rule::hash_arguments) => {
                let Some(node) = c.next() else { return PatternKind::Alternatives(Vec::new()) };
                self.hash_pattern(class, &mut Cursor::new(node))
            }
            Some(_) => {
                let exclusive = c.next().is_some_and(|dots| dots.as_str() == "...");
                let hi = match c.next_if(Rule::omitted) {
                    Some(_) => None,
                    None => Some(Box::new(self.value(c))),
                };
                let range = ExprKind::Range { lo: class.map(Box::new), hi, exclusive };
                PatternKind::Value(expr(range, span))
            }
            None => PatternKind::Value(class.unwrap_or_else(|| missing(span))),
        }
    }

    fn array_pattern(&mut self, class: Option<Expr>, c: &mut Cursor<'_>) -> PatternKind {
        let mut items = Vec::new();
        let (mut rests, mut last_rest) = (0, Span::default());
        let mut open_end = false;
        while let Some(rule) = c.peek() {
            match rule {
                Rule::pattern_splat => {
                    let Some(node) = c.next() else { break };
                    let span = self.span(&node);
                    let name = Cursor::new(node).next().map(|name| Name::new(name.as_str()));
                    if let Some(name) = name {
                        self.binds(name, span);
                    }
                    rests += 1;
                    items.push(Item::Rest(name));
                    last_rest = span;
                }
                // `in a,` is `in [a, *]`.
                Rule::pattern_comma => {
                    c.next();
                    open_end = true;
                }
                _ => items.push(Item::One(self.pattern(c))),
            }
        }
        if open_end && rests == 0 {
            items.push(Item::Rest(None));
        }
        let finds = matches!(items.as_slice(), [Item::Rest(_), middle @ .., Item::Rest(_)] if !middle.is_empty());
        if rests > 1 && !(finds && rests == 2) {
            let message = "a pattern has one `*`, or two around what is looked for".to_owned();
            self.error("syntax::bad-pattern", last_rest, message, "write `[*, x, *]`, or take one away");
        }
        split_items(class, items, rests)
    }

    fn hash_pattern(&mut self, class: Option<Expr>, c: &mut Cursor<'_>) -> PatternKind {
        let mut entries: Vec<(Name, Option<Pattern>)> = Vec::new();
        let mut rest = HashRest::None;
        while let Some(node) = c.next() {
            let span = self.span(&node);
            if node.as_rule() == Rule::pattern_rest {
                rest = match Cursor::new(node).next() {
                    Some(word) if word.as_rule() == Rule::nil_kw => HashRest::Exact,
                    name => {
                        let name = name.map(|name| Name::new(name.as_str()));
                        if let Some(name) = name {
                            self.binds(name, span);
                        }
                        HashRest::Rest(name)
                    }
                };
                continue;
            }
            let mut inner = Cursor::new(node);
            let key = inner.next().map_or_else(|| Name::new(""), |key| pattern_key(&key));
            let value = inner.peek().is_some().then(|| self.pattern(&mut inner));
            if value.is_none() {
                self.binds(key, span);
            }
            if entries.iter().any(|(name, _)| *name == key) {
                self.error("syntax::bad-pattern", span, format!("the key `{key}` stands twice in this pattern"), "");
            }
            entries.push((key, value));
        }
        PatternKind::Hash { class, entries, rest }
    }
}

fn pattern_key(key: &Node<'_>) -> Name {
    let text = key.as_str();
    match key.as_rule() {
        Rule::label => Name::new(text.trim_end_matches(':')),
        _ => Name::new(text.get(1..text.len().saturating_sub(1)).unwrap_or_default()),
    }
}

fn split_items(class: Option<Expr>, items: Vec<Item>, rests: usize) -> PatternKind {
    if rests > 1 {
        let mut names = Vec::new();
        let mut middle = Vec::new();
        for item in items {
            match item {
                Item::One(pattern) => middle.push(pattern),
                Item::Rest(name) => names.push(name),
            }
        }
        let after = names.pop().flatten();
        return PatternKind::Find { class, before: names.pop().flatten(), middle, after };
    }
    let (mut before, mut after, mut rest) = (Vec::new(), Vec::new(), None);
    for item in items {
        match item {
            Item::One(pattern) if rest.is_none() => before.push(pattern),
            Item::One(pattern) => after.push(pattern),
            Item::Rest(name) => rest = Some(name),
        }
    }
    PatternKind::Array { class, before, rest, after }
}
