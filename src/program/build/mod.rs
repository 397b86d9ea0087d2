//! Second pass: from the syntax tree to the resolved program.

mod assign;
mod call;
mod constant;
mod control;
mod expr;
mod params;
mod pattern;
mod probe;

use super::lambda::{Capture, Lambda, LambdaKind};
use super::node::{Node, Op, Place};
use super::scope::{self, ScopeInfo, Scopes};
use super::{Params, Probes, Program};
use crate::diagnostic::Diagnostic;
use crate::syntax::ast::{Block, Expr, File};
use crate::text::{Name, Source, Span};
use hashbrown::HashMap;
use probe::Marking;
use std::sync::Arc;

/// Resolves a file. What the sandbox refuses and what cannot be resolved is told in the diagnostics, and is an error at
/// run time where it is reached.
pub fn build(file: &File, source: &Source) -> (Program, Vec<Diagnostic>) {
    build_body(file, source, &[])
}

/// The same program, which tells the world what it reaches.
pub fn build_telling(file: &File, source: &Source, probes: Probes) -> (Program, Vec<Diagnostic>) {
    resolve(&file.statements, file.frozen_strings, source, &[], probes)
}

/// What resolving one expression of a file finds, with no variables around it.
pub fn complaints(expr: &Expr, source: &Source) -> Vec<Diagnostic> {
    resolve(std::slice::from_ref(expr), false, source, &[], Probes::default()).1
}

/// Resolves the body of a lambda with these parameters: the program's root takes them.
pub fn build_body(file: &File, source: &Source, params: &[&str]) -> (Program, Vec<Diagnostic>) {
    resolve(&file.statements, file.frozen_strings, source, params, Probes::default())
}

fn resolve(
    statements: &[Expr],
    frozen_strings: bool,
    source: &Source,
    params: &[&str],
    probes: Probes,
) -> (Program, Vec<Diagnostic>) {
    let names: Vec<Name> = params.iter().map(|name| Name::new(name)).collect();
    let scopes = scope::analyse(statements, &names);
    let mut builder = Builder {
        source: source.clone(),
        scopes: &scopes,
        open: Vec::new(),
        label: Name::new("connector"),
        frozen_strings,
        regexes: 0,
        strings: Vec::new(),
        string_numbers: HashMap::default(),
        diagnostics: Vec::new(),
        marking: Marking::new(probes),
    };
    let span = Span::new(0, source.text().len() as u32);
    builder.enter(0, LambdaKind::Root);
    let body = builder.sequence(statements, span);
    let params = builder.plain_params(&names);
    let root = Arc::new(builder.leave(LambdaKind::Root, params, body, span));
    builder.finish(root)
}

/// Resolves a line of a console, which goes on where `before` ended: it sees the variables of the lines before it, whose
/// names are `known`, and adds its own. What `before` refers to by number keeps its number.
pub fn build_line(
    statements: &[Expr],
    source: &Source,
    before: &Program,
    known: &mut Vec<Name>,
) -> (Program, Vec<Diagnostic>) {
    let scopes = scope::analyse_line(statements, known);
    let mut builder = Builder {
        source: source.clone(),
        scopes: &scopes,
        open: Vec::new(),
        label: Name::new("console"),
        frozen_strings: false,
        regexes: before.regexes as u32,
        strings: before.strings.clone(),
        string_numbers: HashMap::default(),
        diagnostics: Vec::new(),
        marking: Marking::default(),
    };
    let span = statements.iter().map(|statement| statement.span).reduce(Span::to).unwrap_or_default();
    builder.enter(0, LambdaKind::Root);
    builder.enter(scope::LINE, LambdaKind::Lambda);
    let body = builder.sequence(statements, span);
    let root = Arc::new(builder.leave(LambdaKind::Lambda, Params::default(), body, span));
    builder.finish(root)
}

struct Builder<'a> {
    source: Source,
    scopes: &'a Scopes,
    open: Vec<OpenScope>,
    /// What the next lambda will be called.
    label: Name,
    frozen_strings: bool,
    regexes: u32,
    strings: Vec<Box<[u8]>>,
    string_numbers: HashMap<Box<[u8]>, u32, foldhash::fast::FixedState>,
    diagnostics: Vec<Diagnostic>,
    marking: Marking,
}

/// A scope whose code is being built.
struct OpenScope {
    kind: LambdaKind,
    label: Name,
    variables: HashMap<Name, Place, foldhash::fast::FixedState>,
    slots: u16,
    cells: u16,
    captures: Vec<Capture>,
    captured: HashMap<Name, u16, foldhash::fast::FixedState>,
    /// How many `while` loops of this scope are open.
    loops: u32,
    /// So far no code within and no jump out.
    leaf: bool,
}

impl Builder<'_> {
    fn finish(self, root: Arc<Lambda>) -> (Program, Vec<Diagnostic>) {
        let program = Program {
            source: self.source,
            root,
            regexes: self.regexes as usize,
            strings: self.strings,
            frozen_strings: self.frozen_strings,
            points: self.marking.points.into(),
        };
        (program, self.diagnostics)
    }

    fn enter(&mut self, key: usize, kind: LambdaKind) {
        static NONE: ScopeInfo = ScopeInfo { variables: Vec::new() };
        let mut scope = OpenScope {
            kind,
            label: self.label,
            variables: HashMap::default(),
            slots: 0,
            cells: 0,
            captures: Vec::new(),
            captured: HashMap::default(),
            loops: 0,
            leaf: true,
        };
        self.not_a_leaf();
        for variable in &self.scopes.get(&key).unwrap_or(&NONE).variables {
            let counter = if variable.captured { &mut scope.cells } else { &mut scope.slots };
            let place = if variable.captured { Place::Cell(*counter) } else { Place::Slot(*counter) };
            *counter = counter.saturating_add(1);
            scope.variables.insert(variable.name, place);
        }
        self.open.push(scope);
    }

    fn leave(&mut self, kind: LambdaKind, params: Params, body: Node, span: Span) -> Lambda {
        let (label, slots, cells, captures, leaf) = match self.open.pop() {
            Some(scope) => (scope.label, scope.slots, scope.cells, scope.captures, scope.leaf),
            None => (self.label, 0, 0, Vec::new(), false),
        };
        let leaf = leaf && cells == 0 && captures.is_empty();
        Lambda { kind, label, params, body, slots, cells, leaf, captures: captures.into(), span }
    }

    /// The innermost scope needs a frame.
    fn not_a_leaf(&mut self) {
        if let Some(scope) = self.open.last_mut() {
            scope.leaf = false;
        }
    }

    fn lambda(&mut self, block: &Block, kind: LambdaKind) -> Arc<Lambda> {
        self.enter(scope::key(block), kind);
        let ((params, body), point) =
            self.owned(kind, block.span, |builder| (builder.params(&block.params), builder.body(&block.body)));
        let body = self.told(point, body);
        Arc::new(self.leave(kind, params, body, block.span))
    }

    /// Where the innermost scope finds a variable. One that the first pass did not see is a plain nil slot.
    fn place(&mut self, name: Name) -> Place {
        let innermost = self.open.len().saturating_sub(1);
        self.place_in(innermost, name).unwrap_or_else(|| {
            let Some(scope) = self.open.last_mut() else { return Place::Slot(0) };
            let place = Place::Slot(scope.slots);
            scope.slots = scope.slots.saturating_add(1);
            scope.variables.insert(name, place);
            place
        })
    }

    fn place_in(&mut self, at: usize, name: Name) -> Option<Place> {
        let scope = self.open.get(at)?;
        if let Some(place) = scope.variables.get(&name) {
            return Some(*place);
        }
        if let Some(number) = scope.captured.get(&name) {
            return Some(Place::Captured(*number));
        }
        if matches!(scope.kind, LambdaKind::Def | LambdaKind::Root) {
            return None;
        }
        let capture = match self.place_in(at.checked_sub(1)?, name)? {
            Place::Cell(number) => Capture::Cell(number),
            Place::Captured(number) => Capture::Captured(number),
            Place::Slot(_) => return None,
        };
        let scope = self.open.get_mut(at)?;
        let number = scope.captures.len() as u16;
        scope.captures.push(capture);
        scope.captured.insert(name, number);
        Some(Place::Captured(number))
    }

    /// The number of a frozen string in the program's pool.
    fn pooled(&mut self, bytes: &[u8]) -> u32 {
        if let Some(number) = self.string_numbers.get(bytes) {
            return *number;
        }
        let number = self.strings.len() as u32;
        self.strings.push(bytes.into());
        self.string_numbers.insert(bytes.into(), number);
        number
    }

    fn sequence(&mut self, exprs: &[Expr], span: Span) -> Node {
        match exprs {
            [] => Node { op: Op::Nil, span },
            [one] => self.node(one),
            many => Node { op: Op::Seq(many.iter().map(|expr| self.statement(expr)).collect()), span },
        }
    }

    fn option(&mut self, expr: Option<&Expr>, span: Span) -> Node {
        expr.map_or(Node { op: Op::Nil, span }, |expr| self.node(expr))
    }

    /// The statements of a branch that may be left out.
    fn optional_body(&mut self, expr: Option<&Expr>, span: Span) -> Node {
        expr.map_or(Node { op: Op::Nil, span }, |expr| self.body(expr))
    }

    fn boxed(&mut self, expr: Option<&Expr>) -> Option<Box<Node>> {
        expr.map(|expr| Box::new(self.node(expr)))
    }

    /// Tells that a `require` has nothing to load.
    fn needless(&mut self, library: &str, span: Span) {
        self.diagnostics.push(
            Diagnostic::hint("portable::require", format!("`{library}` is always there"))
                .within(&self.source)
                .label(span, "loads nothing")
                .help("leave the line out: the platform refuses `require`"),
        );
    }

    /// Reports something that the sandbox refuses and stands in for it.
    fn refuse(&mut self, what: &str, reason: &str, span: Span) -> Op {
        let message = format!("`{what}` is not supported by connrun");
        self.diagnostics.push(
            Diagnostic::warning("refused::construct", message.clone())
                .within(&self.source)
                .label(span, "refused")
                .help(reason),
        );
        Op::Refused(format!("{message}: {reason}").into())
    }
}
