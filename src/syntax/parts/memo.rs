//! What an earlier reading of nearly the same text leaves behind: its parts, by their texts.

use super::Node;
use crate::syntax::ast::{Expr, ExprKind, File, Pair};
use crate::syntax::change::{self, Change, Shift};
use crate::text::{Source, Span};
use hashbrown::{HashMap, HashSet};
use std::hash::BuildHasher;

/// A part that was read on its own.
#[derive(Clone, Copy, Debug)]
pub struct Part {
    pub span: Span,
    pub hash: u64,
    pub is_entry: bool,
}

pub fn hash(text: &str) -> u64 {
    foldhash::fast::FixedState::default().hash_one(text)
}

#[derive(Default)]
pub struct Memo {
    source: Option<Source>,
    file: File,
    /// Sorted by where they begin, the outer ones first.
    parts: Vec<Part>,
    by_hash: HashMap<u64, Vec<usize>, foldhash::fast::FixedState>,
    /// Numbers of the parts that have been taken.
    gone: HashSet<usize, foldhash::fast::FixedState>,
}

/// A part taken over from the earlier reading.
pub struct Kept {
    pub node: Node,
    /// The parts within it, itself included, at their new places.
    pub parts: Vec<Part>,
    pub comments: Vec<Span>,
}

impl Memo {
    pub fn new(source: Source, file: File, mut parts: Vec<Part>) -> Self {
        parts.sort_by_key(|part| (part.span.lo, std::cmp::Reverse(part.span.hi)));
        let mut by_hash: HashMap<u64, Vec<usize>, _> = HashMap::default();
        for (at, part) in parts.iter().enumerate().rev() {
            by_hash.entry(part.hash).or_default().push(at);
        }
        Self { source: Some(source), file, parts, by_hash, gone: HashSet::default() }
    }

    /// Takes the part with this text out of the earlier tree and moves it to `to`.
    pub fn take(&mut self, text: &str, is_entry: bool, to: usize) -> Option<Kept> {
        let hash = hash(text);
        let (within, part, mut node) = loop {
            // Of equal texts one may have gone already, with a part around it, or lack a part that went elsewhere.
            let at = self.by_hash.get_mut(&hash)?.pop()?;
            let part = *self.parts.get(at)?;
            let inside = self.parts.iter().skip(at).take_while(|inner| inner.span.lo < part.span.hi).count();
            let within = at..at + inside;
            if part.is_entry == is_entry
                && !within.clone().any(|at| self.gone.contains(&at))
                && self.source.as_ref()?.slice(part.span) == text
                && let Some(node) = self.remove(part)
            {
                break (within, part, node);
            }
        };
        self.gone.extend(within.clone());
        let mut shift = Shift(to as i64 - i64::from(part.span.lo));
        if shift.0 != 0 {
            node.change(&mut shift);
        }
        let moved = |span: Span| Span::new(shift.moved(span.lo), shift.moved(span.hi));
        let inside = self.parts.get(within).unwrap_or_default().iter();
        let parts = inside.map(|inner| Part { span: moved(inner.span), ..*inner }).collect();
        let first = self.file.comments.partition_point(|comment| comment.lo < part.span.lo);
        let comments = self.file.comments.iter().skip(first).take_while(|comment| comment.lo < part.span.hi);
        Some(Kept { node, parts, comments: comments.copied().map(moved).collect() })
    }

    fn remove(&mut self, part: Part) -> Option<Node> {
        let mut taker = Taker { part, taken: None };
        self.file.statements.iter_mut().for_each(|statement| change::expr(&mut taker, statement));
        taker.taken
    }
}

/// Finds the node of a part and leaves nothing in its place.
struct Taker {
    part: Part,
    taken: Option<Node>,
}

impl Change for Taker {
    fn expr(&mut self, expr: &mut Expr) -> bool {
        let around = expr.span.lo <= self.part.span.lo && self.part.span.lo < expr.span.hi;
        if around && !self.part.is_entry && self.taken.is_none() && expr.span.lo == self.part.span.lo {
            let same = expr.span.hi <= self.part.span.hi && matches!(expr.kind, ExprKind::Hash(_) | ExprKind::Array(_));
            if same {
                let kind = std::mem::replace(&mut expr.kind, ExprKind::Missing);
                self.taken = Some(Node::Element(Expr { kind, span: expr.span }));
            }
        }
        self.taken.is_none() && (around || matches!(expr.kind, ExprKind::Seq(_)))
    }

    fn pair(&mut self, pair: &mut Pair) -> bool {
        let Pair::Entry { span, .. } = pair else { return true };
        let span = *span;
        if self.part.is_entry && self.taken.is_none() && span.lo == self.part.span.lo && span.hi <= self.part.span.hi {
            let nothing = |span| Expr { kind: ExprKind::Missing, span };
            let empty = Pair::Entry { key: nothing(Span::at(span.lo)), value: nothing(Span::at(span.hi)), span };
            self.taken = Some(Node::Entry(std::mem::replace(pair, empty)));
        }
        self.taken.is_none() && span.lo <= self.part.span.lo && self.part.span.lo < span.hi
    }
}

/// Puts parts where their outer lines stand in a tree.
pub struct Splice {
    /// By where they begin.
    pub nodes: HashMap<u32, Node, foldhash::fast::FixedState>,
}

impl Change for Splice {
    fn expr(&mut self, expr: &mut Expr) -> bool {
        let fits = matches!(expr.kind, ExprKind::Hash(_) | ExprKind::Array(_));
        if fits && let Some(Node::Element(_)) = self.nodes.get(&expr.span.lo) {
            if let Some(Node::Element(whole)) = self.nodes.remove(&expr.span.lo) {
                *expr = whole;
            }
            return false;
        }
        true
    }

    fn pair(&mut self, pair: &mut Pair) -> bool {
        let Pair::Entry { span, .. } = pair else { return true };
        if let Some(Node::Entry(_)) = self.nodes.get(&span.lo) {
            if let Some(Node::Entry(whole)) = self.nodes.remove(&span.lo) {
                *pair = whole;
            }
            return false;
        }
        true
    }
}

impl Node {
    pub fn change(&mut self, c: &mut impl Change) {
        match self {
            Self::Entry(pair) => change::pair(c, pair),
            Self::Element(expr) => change::expr(c, expr),
        }
    }

    pub fn span(&self) -> Span {
        match self {
            Self::Entry(Pair::Entry { span, .. }) => *span,
            Self::Entry(Pair::Splat(expr)) | Self::Element(expr) => expr.span,
        }
    }
}

/// The node that a text of entries, or of one element, was read as; `None` where it is more than that.
pub fn only(file: &mut File, is_entry: bool) -> Option<Node> {
    let statement = if file.statements.len() == 1 { file.statements.pop()? } else { return None };
    match statement.kind {
        ExprKind::Hash(mut pairs) if is_entry => match pairs.pop()? {
            pair @ Pair::Entry { .. } if pairs.is_empty() => Some(Node::Entry(pair)),
            _ => None,
        },
        ExprKind::Hash(_) | ExprKind::Array(_) if !is_entry => Some(Node::Element(statement)),
        _ => None,
    }
    .filter(|node| node.span().lo == 0)
}
