//! What a line that has just been broken opens gets its `end` or bracket, where none follows. Whether one follows is told by
//! the indentation: while somebody types, nothing else is to be trusted.

use super::typing::{column, open_at, width};
use crate::diagnostic::Edit;
use crate::syntax::MarkKind;
use crate::text::Span;

/// The line that closes what the line above `offset` opens. It is put below the line of `offset`, which has to be empty.
pub fn close(text: &str, offset: usize) -> Option<Edit> {
    let start = text.get(..offset)?.rfind('\n')? + 1;
    let (above, rest) = text.split_at(start);
    let (line, below) = rest.split_once('\n')?;
    let opening = above.get(..start - 1)?.rfind('\n').map_or(0, |at| at + 1);
    if !line.trim().is_empty() {
        return None;
    }
    let mut open = open_at(above, rest)?;
    open.retain(|(at, _)| *at >= opening);
    let indent = column(text, open.first()?.0);
    let next = below.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let (beside, code) = (width(next), next.trim_start());
    // Something belongs to it already, or closes it.
    if !code.is_empty() && (beside > indent || beside == indent && goes_on(code, open.last()?.1)) {
        return None;
    }
    let closers: String = open.iter().rev().map(|(_, kind)| closer(*kind)).collect();
    let opened = above.get(opening..)?.trim_start();
    let listed = is_entry(opened) && is_entry(code) || opened.starts_with('{') && code.starts_with('{');
    let comma = if listed && beside == indent { "," } else { "" };
    let span = Span::at((text.len() - below.len()) as u32);
    Some(Edit { span, text: format!("{}{closers}{comma}\n", " ".repeat(indent as usize)) })
}

fn closer(kind: MarkKind) -> String {
    match kind {
        MarkKind::Open(byte) => char::from(byte).to_string(),
        _ => "end".to_owned(),
    }
}

/// The line closes what was opened, or is another branch of it.
fn goes_on(code: &str, kind: MarkKind) -> bool {
    match kind {
        MarkKind::Open(byte) => code.as_bytes().first() == Some(&byte),
        _ => {
            let word = code.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default();
            matches!(word, "end" | "else" | "elsif" | "when" | "in" | "rescue" | "ensure") && !is_entry(code)
        }
    }
}

/// `key: …` or `'key' => …`.
fn is_entry(code: &str) -> bool {
    let word = code.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(code.len());
    let label = code.get(word..).is_some_and(|rest| rest.starts_with(':') && !rest.starts_with("::"));
    label && word > 0 || code.starts_with(['\'', '"']) && code.contains("=>")
}
