//! Changes of a connector's text: an entry more, an entry less.

use super::connector::Connector;
use crate::diagnostic::{Edit, Fix};
use crate::syntax::ast::{Expr, Pair};
use crate::text::{Source, Span};

/// Adds an entry to a hash: after the last one, or, where a heredoc begins on that line, before the first. The lines of
/// `text` are indented as the entries are.
pub fn add(source: &Source, hash: &Expr, pairs: &[Pair], title: String, text: &str) -> Option<Fix> {
    let spans: Vec<Span> = pairs.iter().map(span).collect();
    let (Some(first), Some(last)) = (spans.first(), spans.last()) else { return empty(source, hash, title, text) };
    let beside = margin(source, first.lo);
    if source.slice(*last).contains("<<") {
        let text = indented(text, &beside);
        return Some(Fix::one(title, Span::at(first.lo), format!("{text},\n{beside}")));
    }
    let tail = Span::new(last.hi, hash.span.hi.saturating_sub(1).max(last.hi));
    if !matches!(source.slice(tail).trim_matches(' '), "" | ",") {
        let text = indented(text, &beside);
        return Some(Fix::one(title, Span::at(last.hi), format!(",\n{beside}{text}")));
    }
    // The hash ends on the line of its last entry: what is added gets lines of its own.
    let outer = margin(source, hash.span.lo);
    let text = indented(text, &format!("{outer}  "));
    Some(Fix::one(title, tail, format!(",\n{outer}  {text}\n{outer}")))
}

/// Fills a hash that has nothing but blanks in it.
fn empty(source: &Source, hash: &Expr, title: String, text: &str) -> Option<Fix> {
    let inside = source.slice(hash.span).strip_prefix('{')?.strip_suffix('}')?;
    if !inside.trim().is_empty() {
        return None;
    }
    let outer = margin(source, hash.span.lo);
    let margin = format!("{outer}  ");
    let span = Span::new(hash.span.lo + 1, hash.span.hi - 1);
    Some(Fix::one(title, span, format!("\n{margin}{}\n{outer}", indented(text, &margin))))
}

/// Adds an entry to a section of the connector, and the section where there is none.
pub fn define(connector: &Connector, section: &str, title: String, text: &str) -> Option<Fix> {
    let (root, entries) = connector.root()?;
    match super::connector::value_of(entries, section) {
        Some((_, hash)) => add(connector.source, hash, super::connector::pairs(hash)?, title, text),
        None => {
            let text = format!("{section}: {{\n  {}\n}}", indented(text, "  "));
            add(connector.source, root, entries, title, &text)
        }
    }
}

/// Takes an entry out, with its comma, and with its lines where it has them to itself.
pub fn remove(source: &Source, entry: Span, title: String) -> Fix {
    let text = source.text();
    let after = text.get(entry.hi as usize..).unwrap_or_default();
    let comma = after.len() - after.trim_start_matches([' ', '\t']).strip_prefix(',').unwrap_or(after).len();
    let mut span = Span::new(entry.lo, entry.hi + comma as u32);
    let rest = text.get(span.hi as usize..).unwrap_or_default();
    let blank = rest.len() - rest.trim_start_matches([' ', '\t', '\r']).len();
    let line = text.get(..span.lo as usize).unwrap_or_default();
    let lead = line.len() - line.trim_end_matches([' ', '\t']).len();
    let begins = line.trim_end_matches([' ', '\t']).ends_with('\n');
    if begins && rest.get(blank..).is_some_and(|rest| rest.starts_with('\n')) {
        span = Span::new(span.lo - lead as u32, span.hi + blank as u32 + 1);
    } else if comma > 0 {
        span.hi += blank as u32;
    }
    Fix { title, edits: vec![Edit { span, text: String::new() }] }
}

fn span(pair: &Pair) -> Span {
    match pair {
        Pair::Entry { span, .. } => *span,
        Pair::Splat(value) => value.span,
    }
}

/// The blanks at the start of the line of `offset`.
pub fn margin(source: &Source, offset: u32) -> String {
    let before = source.text().get(..offset as usize).unwrap_or_default();
    let line = before.rsplit('\n').next().unwrap_or_default();
    line.chars().take_while(|c| matches!(c, ' ' | '\t')).collect()
}

fn indented(text: &str, margin: &str) -> String {
    text.replace('\n', &format!("\n{margin}"))
}
