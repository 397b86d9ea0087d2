//! What an editor asks about a text: pure functions from a document and an offset to what is known there. No protocol.

mod complete;
mod definition;
mod hover;
mod locals;
mod outline;
mod selection;
mod tokens;

pub use complete::{Item, ItemKind, complete};
pub use definition::{definition, highlights, references, rename};
pub use hover::{Signature, hover, signature};
pub use outline::{Fold, Symbol, SymbolKind, folds, symbols};
pub use selection::selections;
pub use tokens::{Token, TokenKind, tokens};

use crate::check::{self, Config};
use crate::diagnostic::Diagnostic;
use crate::syntax::{self, Parsed};
use crate::text::Source;

/// A text that has been read and checked.
pub struct Document {
    pub source: Source,
    pub parsed: Parsed,
    /// Exactly what `connrun check` says of it.
    pub findings: Vec<Diagnostic>,
}

impl Document {
    pub fn new(source: Source) -> Self {
        Self::under(source, &Config::default())
    }

    /// The same in a project that has something to say of findings.
    pub fn under(source: Source, config: &Config) -> Self {
        Self::after(None, source, config)
    }

    /// The document after a change: what did not change is not read again.
    pub fn after(before: Option<Self>, source: Source, config: &Config) -> Self {
        let parsed = syntax::reparse(&source, before.map(|document| (document.source, document.parsed)));
        let findings = check::check_with(&source, &parsed, config);
        Self { source, parsed, findings }
    }

    /// The text between the start of the line and `offset`.
    fn line_before(&self, offset: usize) -> &str {
        let before = self.source.text().get(..offset).unwrap_or_default();
        before.rsplit('\n').next().unwrap_or_default()
    }

    /// The name around `offset`: where it begins, and its text.
    fn word(&self, offset: usize) -> (usize, &str) {
        let text = self.source.text();
        let part = |c: char| c.is_alphanumeric() || c == '_';
        let start = text.get(..offset).unwrap_or_default();
        let start = start.len() - start.chars().rev().take_while(|c| part(*c)).map(char::len_utf8).sum::<usize>();
        let rest = text.get(start..).unwrap_or_default();
        let length = rest.chars().take_while(|c| part(*c)).map(char::len_utf8).sum::<usize>();
        let marked = rest.get(length..).is_some_and(|rest| rest.starts_with(['?', '!']) && !rest.starts_with("!="));
        (start, rest.get(..length + usize::from(marked && length > 0)).unwrap_or_default())
    }
}
