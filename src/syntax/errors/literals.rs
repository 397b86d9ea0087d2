//! Strings, lists, interpolations and heredocs that are never closed.

use super::super::scan::{Literal, Mark, MarkKind};
use crate::diagnostic::Diagnostic;
use crate::text::{Source, Span};

/// The first such literal: what follows it cannot be judged.
pub fn check(source: &Source, marks: &[Mark]) -> Vec<Diagnostic> {
    let first = marks.iter().find_map(|mark| match mark.kind {
        MarkKind::Unclosed(literal) => Some((mark.at, literal)),
        _ => None,
    });
    first.map(|(at, literal)| unclosed(source, at, literal)).into_iter().collect()
}

fn unclosed(source: &Source, at: usize, literal: Literal) -> Diagnostic {
    let text = source.text().get(at..).unwrap_or_default();
    let line = text.split('\n').next().unwrap_or_default();
    let lo = at as u32;
    match literal {
        Literal::String => {
            let quote = line.get(..1).unwrap_or_default();
            Diagnostic::error("syntax::unclosed-string", "this string is never closed")
                .within(source)
                .label(Span::new(lo, lo + 1), "its opening quote")
                .help(format!("add `{quote}` at the end of the string"))
        }
        Literal::List => {
            let opener: String = line.chars().take_while(|c| !c.is_whitespace()).take(3).collect();
            let opener = opener
                .trim_end_matches(|c: char| c.is_alphanumeric() && !matches!(c, 'w' | 'W' | 'i' | 'I' | 'q' | 'Q'));
            let length = opener.len() as u32;
            let close = match opener.chars().last() {
                Some('[') => ']',
                Some('(') => ')',
                Some('{') => '}',
                Some('<') => '>',
                other => other.unwrap_or('%'),
            };
            Diagnostic::error("syntax::unclosed-string", format!("this `{opener}` is never closed"))
                .within(source)
                .label(Span::new(lo, lo + length.max(1)), "opened here")
                .help(format!("add `{close}` at its end"))
        }
        Literal::Interpolation => Diagnostic::error("syntax::unclosed-interpolation", "this `#{` is never closed")
            .within(source)
            .label(Span::new(lo, lo + 2), "opened here")
            .help("add `}` after the code"),
        Literal::Apostrophe => Diagnostic::error("syntax::apostrophe-in-string", "this apostrophe ends the string")
            .within(source)
            .label(Span::new(lo, lo + 1), "the string ends here")
            .help("write the string in `\"…\"`, or the apostrophe as `\\'`"),
    }
}
