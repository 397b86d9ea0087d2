//! Patterns of `case … in`.

use super::Builder;
use crate::program::node::{HashRest, PatternNode, PatternOp, Place};
use crate::syntax::ast::{self, Pattern, PatternKind};
use crate::text::{Name, Span};

impl Builder<'_> {
    pub(super) fn pattern(&mut self, pattern: &Pattern) -> PatternNode {
        PatternNode { op: self.pattern_op(&pattern.kind, pattern.span), span: pattern.span }
    }

    fn pattern_op(&mut self, kind: &PatternKind, span: Span) -> PatternOp {
        match kind {
            PatternKind::Value(value) => PatternOp::Value(self.read_only(value)),
            PatternKind::Bind(name) => PatternOp::Bind(self.place(*name)),
            PatternKind::As(inner, name) => {
                let inner = Box::new(self.pattern(inner));
                PatternOp::As(inner, self.place(*name))
            }
            PatternKind::Alternatives(patterns) => PatternOp::Alternatives(self.patterns(patterns)),
            PatternKind::Array { class, before, rest, after } => PatternOp::Array {
                class: class.as_ref().map(|class| self.node(class)),
                before: self.patterns(before),
                rest: rest.map(|name| self.optional_place(name)),
                after: self.patterns(after),
            },
            PatternKind::Find { class, before, middle, after } => PatternOp::Find {
                class: class.as_ref().map(|class| self.node(class)),
                before: self.optional_place(*before),
                middle: self.patterns(middle),
                after: self.optional_place(*after),
            },
            PatternKind::Hash { class, entries, rest } => PatternOp::Hash {
                class: class.as_ref().map(|class| self.node(class)),
                entries: entries.iter().map(|(name, value)| self.entry(*name, value.as_ref(), span)).collect(),
                rest: match rest {
                    ast::HashRest::None => HashRest::None,
                    ast::HashRest::Rest(name) => HashRest::Rest(self.optional_place(*name)),
                    ast::HashRest::Exact => HashRest::Exact,
                },
            },
        }
    }

    fn patterns(&mut self, patterns: &[Pattern]) -> Box<[PatternNode]> {
        patterns.iter().map(|pattern| self.pattern(pattern)).collect()
    }

    /// `{name:}` binds the value to the name.
    fn entry(&mut self, name: Name, value: Option<&Pattern>, span: Span) -> (Name, PatternNode) {
        match value {
            Some(value) => (name, self.pattern(value)),
            None => (name, PatternNode { op: PatternOp::Bind(self.place(name)), span }),
        }
    }

    fn optional_place(&mut self, name: Option<Name>) -> Option<Place> {
        name.map(|name| self.place(name))
    }
}
