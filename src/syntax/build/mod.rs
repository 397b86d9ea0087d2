//! Pairs to tree: precedence, local variables, `do` blocks, escapes, and every error that the grammar lets through so
//! that it can be told in words.

mod args;
mod atoms;
mod calls;
mod control;
mod cursor;
mod escapes;
mod heredocs;
mod numbers;
mod operators;
mod params;
mod patterns;
mod regex;
mod scope;
mod statements;
mod strings;
mod targets;
mod words;

use super::ast::{Expr, ExprKind};
use super::grammar::Rule;
use super::prepare::Heredoc;
use super::recover::Patched;
use crate::diagnostic::Diagnostic;
use crate::text::{Name, Source, Span};

pub use cursor::{Cursor, Node};

/// Deeper nesting is refused: every later stage walks the tree by recursion.
pub const DEPTH_LIMIT: u32 = 500;
/// A part is not built when less native stack than this is left.
const STACK_RESERVE: usize = 256 * 1024;

/// Turns the pairs of one source into a tree.
pub struct Builder<'s> {
    source: &'s Source,
    /// The text that is read, where repairs made it another than the source's.
    patched: Option<&'s Patched>,
    /// Where the text that the pairs lie in begins within the source; not 0 inside a heredoc.
    base: u32,
    heredocs: Vec<Heredoc>,
    scopes: scope::Scopes,
    pub diagnostics: Vec<Diagnostic>,
    /// Blanks before what was read as an argument although the word before it is a local variable.
    pub ambiguous: Vec<usize>,
    depth: u32,
    too_deep: bool,
    /// A `rescue` runs here, so `retry` may stand.
    in_rescue: bool,
    /// Names bound by the pattern being built.
    bound: Vec<Name>,
}

impl<'s> Builder<'s> {
    pub fn new(source: &'s Source, heredocs: Vec<Heredoc>, locals: &[&str]) -> Self {
        let mut scopes = scope::Scopes::default();
        for local in locals {
            scopes.declare(Name::new(local));
        }
        Self {
            source,
            patched: None,
            base: 0,
            heredocs,
            scopes,
            diagnostics: Vec::new(),
            ambiguous: Vec::new(),
            depth: 0,
            too_deep: false,
            in_rescue: false,
            bound: Vec::new(),
        }
    }

    /// Reads a repaired text; the spans of the tree are those of the source.
    pub fn of_patched(mut self, patched: &'s Patched) -> Self {
        self.patched = Some(patched);
        self
    }

    /// Local variables are known outside of all blocks.
    pub fn declares(&self) -> bool {
        self.scopes.declares()
    }

    fn span(&self, node: &Node<'_>) -> Span {
        let span = node.as_span();
        let span = Span::new(self.base + span.start() as u32, self.base + span.end() as u32);
        self.patched.map_or(span, |patched| patched.original_span(span))
    }

    fn at(&self, offset: usize) -> u32 {
        let at = self.base as usize + offset;
        self.patched.map_or(at, |patched| patched.original(at)) as u32
    }

    /// The text that is read.
    fn text(&self) -> &'s str {
        self.patched.map_or(self.source.text(), |patched| &patched.text)
    }

    fn error(&mut self, code: &'static str, span: Span, message: impl Into<String>, help: &str) {
        let diagnostic = Diagnostic::error(code, message).within(self.source).label(span, "here");
        self.diagnostics.push(if help.is_empty() { diagnostic } else { diagnostic.help(help) });
    }

    /// Like `deeper`, for what takes its parts from `c`: what is not built is passed over, so that no loop waits for it.
    fn deeper_in<'i>(
        &mut self,
        c: &mut Cursor<'i>,
        span: Span,
        build: impl FnOnce(&mut Self, &mut Cursor<'i>) -> Expr,
    ) -> Expr {
        let mut ran = false;
        let expr = self.deeper(span, |b| {
            ran = true;
            build(b, c)
        });
        if !ran {
            c.finish();
        }
        expr
    }

    /// Runs `build` one level deeper, or reports that the nesting is too deep.
    fn deeper(&mut self, span: Span, build: impl FnOnce(&mut Self) -> Expr) -> Expr {
        let little_stack = stacker::remaining_stack().is_some_and(|left| left < STACK_RESERVE);
        if self.depth >= DEPTH_LIMIT || little_stack {
            if !self.too_deep {
                self.too_deep = true;
                self.error(
                    "syntax::too-deep",
                    span,
                    format!("this is nested more than {DEPTH_LIMIT} levels deep"),
                    "move the inner part into a method or a variable",
                );
            }
            return Expr { kind: ExprKind::Missing, span };
        }
        self.depth += 1;
        let expr = build(self);
        self.depth -= 1;
        expr
    }
}

fn missing(span: Span) -> Expr {
    Expr { kind: ExprKind::Missing, span }
}

fn expr(kind: ExprKind, span: Span) -> Expr {
    Expr { kind, span }
}

/// The rules that begin a clause after a body.
fn ends_body(rule: Rule) -> bool {
    matches!(
        rule,
        Rule::rescue_clause
            | Rule::else_clause
            | Rule::elsif_clause
            | Rule::ensure_clause
            | Rule::when_clause
            | Rule::in_clause
            | Rule::EOI
    )
}
