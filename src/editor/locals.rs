//! Local variables and parameters: which places mean the same one.

use super::Document;
use crate::check::Connector;
use crate::syntax::ast::{Block, Expr, ExprKind, Param, ParamKind, Pattern, PatternKind, Target, TargetKind};
use crate::syntax::walk::{self, BlockKind, Visitor};
use crate::text::{Name, Source, Span};

/// A place where a variable is written or read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Occurrence {
    pub span: Span,
    pub writes: bool,
    /// The number of the variable: equal for all its places.
    variable: usize,
    pub parameter: bool,
}

/// Every place of every variable, in the order of the walk: the first of a variable is where it comes from.
pub fn occurrences(document: &Document) -> Vec<Occurrence> {
    let mut finder = Finder::new(&document.source);
    document.parsed.file.statements.iter().for_each(|statement| finder.expr(statement));
    finder.found
}

/// The places of the variable at `offset`, the first one first; none where no variable stands.
pub fn places(document: &Document, offset: usize) -> Vec<Occurrence> {
    let all = occurrences(document);
    let here = all.iter().find(|place| place.span.lo as usize <= offset && offset <= place.span.hi as usize);
    let Some(variable) = here.map(|place| place.variable) else { return Vec::new() };
    all.into_iter().filter(|place| place.variable == variable).collect()
}

/// The variables that can be read at `offset` within an entry, the one that was written last first.
pub fn visible(connector: &Connector, around: Span, offset: usize) -> Vec<Name> {
    let mut scope = Visible { offset: offset as u32, names: Vec::new() };
    connector.entries.iter().filter(|entry| entry.span == around).for_each(|entry| scope.expr(entry.value));
    let mut seen = hashbrown::HashSet::new();
    scope.names.into_iter().rev().filter(|name| seen.insert(*name)).collect()
}

/// Names of variables in the blocks around a place.
struct Visible {
    offset: u32,
    names: Vec<Name>,
}

impl Visible {
    fn param(&mut self, param: &Param) {
        match &param.kind {
            ParamKind::Destructure(params) => params.iter().for_each(|inner| self.param(inner)),
            kind => self.names.extend(named(kind)),
        }
    }
}

impl Visitor for Visible {
    fn target(&mut self, target: &Target) {
        if let TargetKind::Local(name) = target.kind
            && target.span.hi < self.offset
        {
            self.names.push(name);
        }
        walk::walk_target(self, target);
    }

    fn block(&mut self, block: &Block, _: BlockKind) {
        if block.span.lo < self.offset && self.offset <= block.span.hi {
            block.params.items.iter().for_each(|param| self.param(param));
            walk::walk_block(self, block);
        }
    }
}

/// The variable that a parameter makes.
fn named(kind: &ParamKind) -> Option<Name> {
    match kind {
        ParamKind::Required(name)
        | ParamKind::Optional(name, _)
        | ParamKind::Rest(Some(name))
        | ParamKind::Keyword(name)
        | ParamKind::KeywordOptional(name, _)
        | ParamKind::KeywordRest(Some(name))
        | ParamKind::Block(name) => Some(*name),
        ParamKind::Destructure(_) | ParamKind::Rest(None) | ParamKind::KeywordRest(None) | ParamKind::NoKeywords => {
            None
        }
    }
}

/// Why the variable at `offset` cannot be called `new`, if it cannot.
pub fn clash(document: &Document, offset: usize, new: &str) -> Option<String> {
    let mut letters = new.chars();
    let first = letters.next().is_some_and(|c| c == '_' || c.is_lowercase());
    if !first || !letters.all(|c| c.is_alphanumeric() || c == '_') || KEYWORDS.contains(&new) {
        return Some(format!("`{new}` is not a name for a variable"));
    }
    let (places, all) = (places(document, offset), occurrences(document));
    let (lo, hi) = (places.iter().map(|place| place.span.lo).min()?, places.iter().map(|place| place.span.hi).max()?);
    let taken =
        all.iter().any(|place| lo <= place.span.lo && place.span.hi <= hi && document.source.slice(place.span) == new);
    taken.then(|| format!("there is a variable `{new}` here already"))
}

const KEYWORDS: [&str; 32] = [
    "alias", "and", "begin", "break", "case", "class", "def", "do", "else", "elsif", "end", "ensure", "false", "for",
    "if", "in", "module", "next", "nil", "not", "or", "redo", "rescue", "retry", "return", "self", "then", "true",
    "unless", "until", "while", "yield",
];

/// Name, number, whether it is a parameter.
type Variables = Vec<(Name, usize, bool)>;

struct Finder<'s> {
    source: &'s Source,
    /// Variables by scope, the innermost last; `true` where a scope hides those around it.
    scopes: Vec<(bool, Variables)>,
    count: usize,
    found: Vec<Occurrence>,
}

impl<'s> Finder<'s> {
    fn new(source: &'s Source) -> Self {
        Self { source, scopes: vec![(true, Vec::new())], count: 0, found: Vec::new() }
    }

    fn known(&self, name: Name) -> Option<(usize, bool)> {
        for (hides, names) in self.scopes.iter().rev() {
            if let Some((_, variable, parameter)) = names.iter().rev().find(|(known, ..)| *known == name) {
                return Some((*variable, *parameter));
            }
            if *hides {
                return None;
            }
        }
        None
    }

    fn declare(&mut self, name: Name, parameter: bool) -> (usize, bool) {
        self.count += 1;
        if let Some((_, names)) = self.scopes.last_mut() {
            names.push((name, self.count, parameter));
        }
        (self.count, parameter)
    }

    fn place(&mut self, name: Name, within: Span, writes: bool, (variable, parameter): (usize, bool)) {
        let text = self.source.slice(within);
        let Some(at) = text.find(name.as_str()) else { return };
        let lo = within.lo + at as u32;
        let span = Span::new(lo, lo + name.as_str().len() as u32);
        self.found.push(Occurrence { span, writes, variable, parameter });
    }

    fn write(&mut self, name: Name, span: Span) {
        let variable = self.known(name).unwrap_or_else(|| self.declare(name, false));
        self.place(name, span, true, variable);
    }

    fn param(&mut self, param: &Param) {
        if let ParamKind::Destructure(params) = &param.kind {
            return params.iter().for_each(|inner| self.param(inner));
        }
        let Some(name) = named(&param.kind) else { return };
        let variable = self.declare(name, true);
        self.place(name, param.span, true, variable);
    }
}

impl Visitor for Finder<'_> {
    fn expr(&mut self, expr: &Expr) {
        if let ExprKind::Local(name) = expr.kind
            && let Some(variable) = self.known(name)
        {
            self.place(name, expr.span, false, variable);
        }
        walk::walk_expr(self, expr);
    }

    fn target(&mut self, target: &Target) {
        if let TargetKind::Local(name) = target.kind {
            self.write(name, target.span);
        }
        walk::walk_target(self, target);
    }

    fn block(&mut self, block: &Block, kind: BlockKind) {
        self.scopes.push((kind == BlockKind::Def, Vec::new()));
        block.params.items.iter().for_each(|param| self.param(param));
        for name in &block.params.locals {
            self.declare(*name, false);
        }
        walk::walk_block(self, block);
        self.scopes.pop();
    }

    fn pattern(&mut self, pattern: &Pattern) {
        if let PatternKind::Bind(name) = pattern.kind {
            self.write(name, pattern.span);
        }
        walk::walk_pattern(self, pattern);
    }
}
