//! A text that the grammar refuses, explained to a person. Runs on broken files only.
//!
//! The grammar knows how far it came, which is seldom where the mistake is. So the nesting is looked at first, then known
//! mistakes around the place, and only then is the place itself reported.

mod delimiters;
mod literals;
mod mistakes;
mod place;

use super::parse::Failure;
use super::scan;
use crate::diagnostic::Diagnostic;
use crate::text::{Source, Span};

/// At least one diagnostic, the likely cause first.
pub fn explain(source: &Source, failure: Failure) -> Vec<Diagnostic> {
    if failure.too_deep {
        let span = Span::at(failure.offset as u32);
        let diagnostic = Diagnostic::error("syntax::too-deep", "this is nested too deeply")
            .within(source)
            .label(span, "here")
            .help("move the inner part into a method or a variable");
        return vec![diagnostic];
    }
    let marks = scan::scan_marks(source.text()).marks;
    let found = literals::check(source, &marks);
    if !found.is_empty() {
        return found;
    }
    if let Some(found) = mistakes::find(source, failure.offset) {
        return vec![found];
    }
    let mut found = delimiters::check(source, &marks);
    found.truncate(2);
    if found.is_empty() {
        found.push(place::unexpected(source, failure.offset));
    }
    found
}
