//! Texts that are no connector, whatever they say: their value is not a hash, so nothing can run them.

use crate::diagnostic::{Diagnostic, Severity};
use crate::syntax::ast::{ExprKind, File};
use crate::text::{Source, Span};

/// What is wrong with the value of a text that can be read. A value that is known only when it runs is not judged.
pub fn check(source: &Source, file: &File) -> Option<Diagnostic> {
    let (span, what) = match file.statements.last() {
        None => (Span::new(0, 0), "nothing"),
        Some(last) => (last.span, kind(&last.kind)?),
    };
    let message = format!("a connector has to be a hash, this is {what}");
    let finding = Diagnostic::warning("check::no-connector", message).within(source).label(span, "not a hash");
    let finding =
        finding.help("the last expression of the file has to be `{ title: …, connection: { }, actions: { } }`");
    Some(Diagnostic { severity: Severity::Error, ..finding })
}

/// What a literal is that is no hash.
const fn kind(kind: &ExprKind) -> Option<&'static str> {
    Some(match kind {
        ExprKind::Nil => "nil",
        ExprKind::True | ExprKind::False => "true or false",
        ExprKind::Int(_) | ExprKind::BigInt(_) | ExprKind::Float(_) => "a number",
        ExprKind::Str(_) | ExprKind::Interpolated(_) => "a string",
        ExprKind::Symbol(_) | ExprKind::DynSymbol(_) => "a symbol",
        ExprKind::Array(_) => "an array",
        _ => return None,
    })
}
