//! What an editor asks about a text: pure functions from a document and an offset to what is known there. No protocol.

mod complete;
mod definition;
mod hints;
mod hover;
mod lenses;
mod locals;
mod mentions;
mod outline;
mod rewrites;
mod selection;
mod signature;
mod tokens;
mod usual;

pub use complete::{Item, ItemKind, complete};
pub use definition::{definition, highlights, references, rename};
pub use hints::{Hint, hints};
pub use hover::hover;
pub use lenses::{Lens, LensKind, lenses};
pub use outline::{Fold, Symbol, SymbolKind, folds, symbols};
pub use rewrites::rewrites;
pub use selection::selections;
pub use signature::{Signature, signature};
pub use tokens::{Token, TokenKind, tokens};

use crate::check::{self, Config, Connector, Known};
use crate::diagnostic::Diagnostic;
use crate::format;
use crate::syntax::{self, Parsed, Seen};
use crate::text::Source;
use std::cell::{OnceCell, RefCell};

/// A text that has been read. It never changes; what is found in it is worked out once, when somebody asks.
pub struct Document {
    pub source: Source,
    pub parsed: Parsed,
    config: Config,
    findings: OnceCell<Vec<Diagnostic>>,
    /// What is known of its parts, at first of those of the text before it.
    known: RefCell<Known>,
    /// Tokens of its parts, of the text that was formatted last.
    seen: RefCell<Seen>,
}

impl Document {
    pub fn new(source: Source) -> Self {
        Self::after(None, source, Config::default())
    }

    /// The document after a change: what did not change is not read again.
    pub fn after(before: Option<Self>, source: Source, config: Config) -> Self {
        let (known, seen, before) = match before {
            Some(before) => (before.known, before.seen, Some((before.source, before.parsed))),
            None => Default::default(),
        };
        let parsed = syntax::reparse(&source, before);
        Self { source, parsed, config, findings: OnceCell::new(), known, seen }
    }

    /// Exactly what `connrun check` says of the text.
    pub fn findings(&self) -> &[Diagnostic] {
        self.findings.get_or_init(|| check::check_with(&self.connector(), &self.parsed, &self.config))
    }

    /// The text, formatted.
    ///
    /// # Errors
    /// What is wrong with a text that cannot be formatted.
    pub fn formatted(&self) -> Result<String, Vec<Diagnostic>> {
        format::format_again(&self.source, &self.parsed, &mut self.seen.borrow_mut())
    }

    fn connector(&self) -> Connector<'_> {
        Connector::of(&self.source, &self.parsed, &mut self.known.borrow_mut())
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
