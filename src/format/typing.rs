//! Where a line begins while it is being typed. The text around it is seldom whole, so this goes by what opens and closes
//! above the line, not by the grammar.

use super::STEP;
use crate::diagnostic::Edit;
use crate::syntax::{self, MarkKind};
use crate::text::Span;

/// A letter that stands for the line, so that it is read as code if it is code.
const STAND_IN: &str = "z\n";

/// The edit that puts the line around `offset` where it belongs; none in a string, or where it already stands there.
pub fn reindent(text: &str, offset: usize) -> Option<Edit> {
    let start = text.get(..offset)?.rfind('\n').map_or(0, |at| at + 1);
    let line = text.get(start..)?.split('\n').next().unwrap_or_default();
    let (blanks, code) = line.split_at(line.len() - line.trim_start_matches([' ', '\t']).len());
    let (above, below) = text.split_at(start);
    let open = open_at(above, below)?;
    let indent = match open.last() {
        Some((opener, _)) if closes(code) => column(text, *opener),
        opener => {
            let opener = opener.map(|(at, _)| *at);
            going_on(above, opener).unwrap_or_else(|| opener.map_or(0, |at| column(text, at) + STEP))
        }
    };
    let new = " ".repeat(indent as usize);
    let span = Span::new(start as u32, (start + blanks.len()) as u32);
    (new != blanks).then_some(Edit { span, text: new })
}

/// What is open where `above` ends, if that is in code.
pub fn open_at(above: &str, below: &str) -> Option<Vec<(usize, MarkKind)>> {
    let marks = syntax::marks(&[above, STAND_IN, below].concat());
    let mut open: Vec<(usize, MarkKind)> = Vec::new();
    for mark in &marks {
        match mark.kind {
            MarkKind::Line if mark.at == above.len() => return Some(open),
            _ if mark.at >= above.len() => return None,
            kind @ (MarkKind::Open(_) | MarkKind::OpenWord(_)) => open.push((mark.at, kind)),
            MarkKind::Close(_) | MarkKind::End => {
                let closes = |opener: MarkKind| match mark.kind {
                    MarkKind::Close(byte) => opener == MarkKind::Open(byte),
                    _ => matches!(opener, MarkKind::OpenWord(_)),
                };
                if let Some(at) = open.iter().rposition(|(_, kind)| closes(*kind)) {
                    open.truncate(at);
                }
            }
            _ => {}
        }
    }
    None
}

/// The column of a line that goes on with the one above: one step further, once.
fn going_on(above: &str, opener: Option<usize>) -> Option<u32> {
    let mut lines = above.lines().rev();
    let last = lines.next()?;
    if opener.is_some_and(|opener| opener >= above.len() - last.len() - 1) {
        return None;
    }
    let indent = width(last);
    let unfinished = |line: &str| {
        let line = line.trim_end();
        let ends = [".", "&&", "||", "\\", " =", " +", "=>", " ?"];
        ends.iter().any(|end| line.ends_with(end))
    };
    let second = lines.next().is_some_and(|line| unfinished(line) && width(line) <= indent);
    if unfinished(last) {
        return Some(if second { indent } else { indent + STEP });
    }
    None
}

fn closes(code: &str) -> bool {
    let word = code.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default();
    let label = code.get(word.len()..).is_some_and(|rest| rest.starts_with(':') && !rest.starts_with("::"));
    let middle = matches!(word, "end" | "else" | "elsif" | "when" | "rescue" | "ensure");
    code.starts_with(['}', ']', ')']) || middle && !label
}

/// The indentation of the line that `at` stands on.
pub fn column(text: &str, at: usize) -> u32 {
    let start = text.get(..at).and_then(|above| above.rfind('\n')).map_or(0, |newline| newline + 1);
    width(text.get(start..).unwrap_or_default())
}

pub fn width(line: &str) -> u32 {
    line.bytes().take_while(|byte| matches!(byte, b' ' | b'\t')).map(|byte| if byte == b'\t' { STEP } else { 1 }).sum()
}
