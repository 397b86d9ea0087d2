//! The parts of a connector: each action, trigger, method, pick list and object definition is one, and what is around them is
//! another. What rules say of a part depends on its text and its path alone.

use super::connector::{Connector, Entry, lambda};
use crate::syntax::ast::{Block, Expr, ExprKind, Pair, ParamKind};
use crate::syntax::walk::Visitor;
use crate::text::{Name, Source, Span};
use crate::vocabulary;
use hashbrown::HashMap;

pub struct Part<'p, 'a> {
    pub source: &'a Source,
    pub entries: Vec<&'p Entry<'a>>,
    /// What is written in it.
    exprs: Vec<&'a Expr>,
    /// Hashes of it whose entries are parts of their own.
    pub hashes: Vec<&'a [Pair]>,
    /// The lines it takes; none for what is around the others.
    pub lines: Option<Span>,
}

impl<'p, 'a> Part<'p, 'a> {
    /// The whole of a connector.
    pub fn whole(connector: &'p Connector<'a>) -> Self {
        let (entries, exprs) = (connector.entries.iter().collect(), connector.file.statements.iter().collect());
        Self { source: connector.source, entries, exprs, hashes: Vec::new(), lines: None }
    }

    /// All parts; what is around them comes first.
    pub fn all(connector: &'p Connector<'a>) -> Vec<Self> {
        let source = connector.source;
        let mut around = Self { source, entries: Vec::new(), exprs: Vec::new(), hashes: Vec::new(), lines: None };
        let mut parts: Vec<Self> = Vec::new();
        let mut places: HashMap<u32, usize> = HashMap::new();
        let mut inside = None;
        for entry in &connector.entries {
            if entry.path.len() <= 2 {
                inside = lines(source, entry).filter(|_| is_part(entry));
                if let Some(lines) = inside {
                    places.insert(entry.span.lo, parts.len());
                    let lines = Some(lines);
                    parts.push(Self { source, entries: Vec::new(), exprs: Vec::new(), hashes: Vec::new(), lines });
                }
            }
            let own = if inside.is_some() { parts.last_mut() } else { None };
            own.unwrap_or(&mut around).entries.push(entry);
        }
        let root = connector.root().map(|(root, _)| root);
        for statement in &connector.file.statements {
            match (&statement.kind, root) {
                (ExprKind::Hash(pairs), Some(root)) if std::ptr::eq(root, statement) => {
                    around.level(pairs, &mut parts, &places, 1);
                }
                _ => around.exprs.push(statement),
            }
        }
        parts.insert(0, around);
        parts
    }

    /// The entries of a hash with parts in it, or in the hashes in it.
    fn level(&mut self, pairs: &'a [Pair], parts: &mut [Self], places: &HashMap<u32, usize>, depth: usize) {
        self.hashes.push(pairs);
        let begins = |pair: &Pair| matches!(pair, Pair::Entry { span, .. } if places.contains_key(&span.lo));
        for pair in pairs {
            match pair {
                Pair::Splat(expr) => self.exprs.push(expr),
                Pair::Entry { key, value, span } => {
                    let part = if depth == 2 { places.get(&span.lo).and_then(|at| parts.get_mut(*at)) } else { None };
                    match (&value.kind, part) {
                        (_, Some(part)) => part.exprs.extend([key, value]),
                        (ExprKind::Hash(inner), None) if depth == 1 && inner.iter().any(begins) => {
                            self.exprs.push(key);
                            self.level(inner, parts, places, 2);
                        }
                        _ => self.exprs.extend([key, value]),
                    }
                }
            }
        }
    }

    pub fn exprs(&self) -> impl Iterator<Item = &'a Expr> {
        self.exprs.iter().copied()
    }

    pub fn walk(&self, visitor: &mut impl Visitor) {
        self.exprs.iter().for_each(|expr| visitor.expr(expr));
    }

    /// Entries whose hash is at `path`, given as in the vocabulary: `actions.*`.
    pub fn under<'s>(&'s self, path: &'s [&'s str]) -> impl Iterator<Item = &'p Entry<'a>> + 's {
        let fits = move |entry: &&&Entry| {
            entry.path.len() == path.len() + 1
                && path.iter().zip(&entry.path).all(|(step, name)| *step == "*" || step == name)
        };
        self.entries.iter().filter(fits).copied()
    }

    /// Every entry with a lambda, and the name that it gives to what is handed over as `argument`.
    pub fn given<'s>(&'s self, argument: &'s str) -> impl Iterator<Item = (&'p Entry<'a>, Name, &'a Block)> + 's {
        self.entries.iter().filter_map(move |entry| {
            let block = lambda(entry.value)?;
            let at = entry.key?.args.iter().position(|known| *known == argument)?;
            match block.params.items.get(at)?.kind {
                ParamKind::Required(name) | ParamKind::Optional(name, _) => Some((*entry, name, block)),
                _ => None,
            }
        })
    }
}

/// An entry under a name that its author chose, in a section.
fn is_part(entry: &Entry) -> bool {
    entry.path.len() == 2 && entry.path.get(..1).is_some_and(vocabulary::has_free_keys)
}

/// The lines of an entry, if no other has a share in the first.
fn lines(source: &Source, entry: &Entry) -> Option<Span> {
    let first = source.line_span(source.line_of(entry.span.lo) + 1)?;
    let last = source.line_span(source.line_of(entry.span.hi) + 1)?;
    let alone = source.slice(Span::new(first.lo, entry.span.lo)).trim().is_empty();
    alone.then_some(Span::new(first.lo, last.hi))
}
