//! What stands at a place, in words: keys, fields, methods, things that are mentioned by name.

use super::Document;
use crate::check::{Entry, Section};
use crate::methods::reference;
use crate::text::Span;
use crate::vocabulary::{self, Key};
use std::fmt::Write;

/// Markdown for what stands at `offset`, and where that stands.
pub fn hover(document: &Document, offset: usize) -> Option<(Span, String)> {
    let connector = document.connector();
    let at = |span: Span| span.lo as usize <= offset && offset <= span.hi as usize;
    if let Some(mention) = connector.mentions().find(|mention| at(mention.span)) {
        let entry = connector.definition(mention.section, mention.name)?;
        return Some((mention.span, defined(document, mention.section, entry)));
    }
    if let Some((entry, key)) =
        connector.entries.iter().find(|entry| at(entry.key_span)).and_then(|entry| Some((entry, entry.key?)))
    {
        return Some((entry.key_span, describe(key)));
    }
    let (start, word) = document.word(offset);
    let span = Span::new(start as u32, (start + word.len()) as u32);
    let text = document.source.text();
    let label = text.get(start + word.len()..).is_some_and(|rest| rest.starts_with(':') && !rest.starts_with("::"));
    if label && let Some(row) = vocabulary::field_key(word) {
        return Some((span, format!("**{word}**\n\n{}", row.doc)));
    }
    let quote = text.get(..start).is_some_and(|before| before.ends_with(['\'', '"']));
    if quote {
        let line = document.line_before(start);
        let row = line.trim_end_matches(['\'', '"']).trim_end();
        let doc = if row.ends_with("control_type:") {
            vocabulary::control_type(word).map(|row| row.doc)
        } else {
            vocabulary::field_type(word).filter(|_| row.ends_with("type:")).map(|row| row.doc)
        };
        return doc.map(|doc| (span, format!("**{word}**\n\n{doc}")));
    }
    let rows = reference::lookup(word);
    let texts: Vec<String> =
        rows.iter().take(4).map(|(table, row)| format!("```text\n{}```", reference::describe(table, row))).collect();
    (!texts.is_empty() && !label).then(|| (span, texts.join("\n")))
}

fn describe(key: &Key) -> String {
    let shapes: Vec<String> = key.shapes.iter().map(ToString::to_string).collect();
    let mut out = format!("**{}** – {}\n\n{}", key.path, shapes.join(" or "), key.doc);
    // Writing to a string cannot fail, here and below.
    if !key.args.is_empty() {
        let _ = write!(out, "\n\nParameters, in order: `{}`", key.args.join("`, `"));
    }
    if !key.returns.is_empty() {
        let _ = write!(out, "\n\nReturns: {}", key.returns);
    }
    if !key.example.is_empty() {
        let _ = write!(out, "\n\n```ruby\n{}\n```", key.example);
    }
    let _ = write!(out, "\n\nMore: `connrun explain {}`", key.path);
    out
}

/// The head of a definition, and the comment above it.
fn defined(document: &Document, section: Section, entry: &Entry) -> String {
    let source = &document.source;
    let place = source.line_column(entry.span.lo);
    let line = |number| source.line_span(number).map(|span| source.slice(span).trim());
    let head = line(place.line).unwrap_or_default();
    let mut comment = Vec::new();
    let mut above = place.line;
    while let Some(text) = above.checked_sub(1).and_then(line).filter(|text| text.starts_with('#')) {
        comment.push(text.trim_start_matches(['#', ' ']));
        above -= 1;
    }
    comment.reverse();
    format!(
        "```ruby\n{head}\n```\n{} `{}`, line {}\n\n{}",
        section.thing(),
        entry.name(),
        place.line,
        comment.join("\n")
    )
}
