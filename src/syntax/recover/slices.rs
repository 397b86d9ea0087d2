//! The smallest part of a text that can be taken out around a place: the value of an entry, an element, a statement.

use super::super::scan::{Mark, MarkKind, scan_marks};
use super::Repair;
use std::ops::Range;

/// What to put in place of the part around `offset`. A part that has been taken out already gives way to the next larger.
pub fn around(text: &str, offset: usize, whole: bool, trusted: &[usize]) -> Repair {
    let marks = scan_marks(text, trusted).marks;
    if !whole {
        for region in regions(&marks, text.len(), offset) {
            let range = part(text, &marks, &region, offset);
            let (range, text) = emptied(text, range, region.list);
            if let Some(repair) = text {
                return (range, repair);
            }
        }
    }
    let blank = text.chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect();
    (0..text.len(), blank)
}

/// The inside of something that is open around a place.
struct Region {
    inside: Range<usize>,
    /// Numbers of the marks inside.
    marks: Range<usize>,
    /// Its parts are separated by commas.
    list: bool,
}

/// From the innermost outwards, the whole text last.
fn regions(marks: &[Mark], end: usize, offset: usize) -> Vec<Region> {
    let mut open: Vec<usize> = Vec::new();
    let mut found = Vec::new();
    for (at, mark) in marks.iter().enumerate() {
        match mark.kind {
            MarkKind::Open(_) | MarkKind::OpenWord(_) => open.push(at),
            MarkKind::Close(_) | MarkKind::End => {
                let Some(opener) = open.pop().and_then(|number| Some((number, marks.get(number)?))) else { continue };
                let (number, opener) = opener;
                if opener.at < offset && offset <= mark.at {
                    let length = match opener.kind {
                        MarkKind::OpenWord(word) => word.len(),
                        _ => 1,
                    };
                    let list = matches!(opener.kind, MarkKind::Open(_));
                    found.push(Region { inside: opener.at + length..mark.at, marks: number + 1..at, list });
                }
            }
            _ => {}
        }
    }
    found.push(Region { inside: 0..end, marks: 0..marks.len(), list: false });
    found
}

/// The element or statement of `region` that holds `offset`.
fn part(text: &str, marks: &[Mark], region: &Region, offset: usize) -> Range<usize> {
    let (mut start, mut end) = (region.inside.start, region.inside.end);
    let mut depth = 0u32;
    let inside = marks.get(region.marks.clone()).unwrap_or_default();
    let entries = region.list && inside.iter().any(|mark| matches!(mark.kind, MarkKind::Comma | MarkKind::Label));
    let statement_indent =
        inside.iter().find(|mark| matches!(mark.kind, MarkKind::Line)).map(|mark| column(text, mark.at));
    for mark in inside {
        let boundary = match mark.kind {
            MarkKind::Open(_) | MarkKind::OpenWord(_) => {
                depth += 1;
                continue;
            }
            MarkKind::Close(_) | MarkKind::End => {
                depth = depth.saturating_sub(1);
                continue;
            }
            MarkKind::Comma if entries && depth == 0 => mark.at + 1,
            MarkKind::Label if entries && depth == 0 => mark.at,
            MarkKind::Line if !entries && depth == 0 && Some(column(text, mark.at)) <= statement_indent => mark.at,
            _ => continue,
        };
        if boundary <= offset {
            start = boundary;
        } else {
            end = if matches!(mark.kind, MarkKind::Comma) { mark.at } else { boundary };
            break;
        }
    }
    start..end
}

fn column(text: &str, at: usize) -> usize {
    let start = text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |newline| newline + 1);
    at - start
}

/// The part with nothing in it: an entry keeps its key, an element becomes `nil`, a statement goes. No text where that has
/// been done before.
fn emptied(text: &str, range: Range<usize>, list: bool) -> (Range<usize>, Option<String>) {
    let part = text.get(range.clone()).unwrap_or_default();
    let lead = part.len() - part.trim_start().len();
    let trimmed = part.trim();
    if trimmed.is_empty() || trimmed == "nil" {
        return (range, None);
    }
    let key = if list { key_length(trimmed) } else { 0 };
    let value = trimmed.get(key..).unwrap_or_default();
    let from = range.start + lead + key;
    let breaks: String = value.chars().filter(|c| *c == '\n').collect();
    if list && value.trim() != "nil" && (key > 0 || !value.contains(':')) {
        return (from..from + value.len(), Some(format!(" nil{breaks}")));
    }
    let blank: String = trimmed.chars().map(|c| if c == '\n' { '\n' } else { ' ' }).collect();
    let from = range.start + lead;
    (from..from + trimmed.len(), Some(blank))
}

/// The length of `key:` or `'key' =>` at the start of an entry.
fn key_length(entry: &str) -> usize {
    let line = entry.split('\n').next().unwrap_or_default();
    let word = line.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(line.len());
    if word > 0 && line.get(word..).is_some_and(|rest| rest.starts_with(':') && !rest.starts_with("::")) {
        return word + 1;
    }
    match line.find("=>") {
        Some(arrow) if line.starts_with(['\'', '"', ':']) => arrow + 2,
        _ => 0,
    }
}
