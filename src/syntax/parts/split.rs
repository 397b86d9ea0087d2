//! Where the parts of a text begin and end, by the looks of its lines: entries `key: …` and elements `{ … }` that take
//! several lines. A guess, which the grammar confirms or not.

use std::ops::Range;

/// Parts with fewer lines are not worth it.
const FEWEST_LINES: usize = 4;

pub struct Line {
    pub start: usize,
    /// Without the line break.
    pub end: usize,
    indent: usize,
    kind: LineKind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum LineKind {
    /// Nothing, or a comment.
    Blank,
    /// `key: …`, `'key' => …`
    Entry,
    /// `{` or `[`
    Element,
    /// `}`, `]`, `)`, `end`
    Closer,
    Other,
}

/// A part that has not been read.
pub struct Candidate {
    pub lines: Range<usize>,
    /// An entry of a hash rather than an element of an array.
    pub is_entry: bool,
    /// It may stand inside a lambda, where names may be variables.
    pub in_code: bool,
}

pub fn lines(text: &str) -> Vec<Line> {
    let mut lines = Vec::with_capacity(text.len() / 32);
    let mut start = 0;
    let ends = memchr::memchr_iter(b'\n', text.as_bytes()).chain([text.len()]);
    for end in ends {
        let line = text.get(start..end).unwrap_or_default();
        let code = line.trim_start_matches([' ', '\t']);
        lines.push(Line { start, end, indent: line.len() - code.len(), kind: kind(code) });
        start = end + 1;
    }
    lines
}

fn kind(code: &str) -> LineKind {
    match code.as_bytes().first() {
        None | Some(b'#' | b'\r') => LineKind::Blank,
        Some(b'}' | b']' | b')') => LineKind::Closer,
        Some(b'{' | b'[') => LineKind::Element,
        Some(b'e') if code.strip_prefix("end").is_some_and(|rest| !rest.starts_with(word)) => LineKind::Closer,
        Some(_) if begins_entry(code) => LineKind::Entry,
        Some(_) => LineKind::Other,
    }
}

fn word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | ':' | '?' | '!')
}

fn begins_entry(code: &str) -> bool {
    if let Some(quote @ ('\'' | '"')) = code.chars().next() {
        let rest = code.get(1..).unwrap_or_default();
        let after = rest.find(quote).and_then(|at| rest.get(at + 1..)).unwrap_or_default();
        return after.starts_with(':') || after.trim_start().starts_with("=>");
    }
    let length = code.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(code.len());
    let rest = code.get(length..).unwrap_or_default();
    length > 0 && rest.starts_with(':') && !rest.starts_with("::")
}

/// What follows the line, and is indented more, may be a lambda's body.
pub fn begins_code(line: Option<&str>) -> bool {
    let line = line.unwrap_or_default().trim_end();
    line.contains("->")
        || line.contains('|')
        || line.ends_with(" do")
        || line.contains("lambda")
        || line.contains(" def ")
}

/// The parts among these lines that stand where the first of them stands. `in_code`: the lines stand inside a lambda.
pub fn split(text: &str, lines: &[Line], within: Range<usize>, in_code: bool) -> Vec<Candidate> {
    let all = lines.get(within.clone()).unwrap_or_default();
    let begins = |line: &Line| matches!(line.kind, LineKind::Entry | LineKind::Element);
    // The outermost line of a text is no part of it, and neither is a part that has the text to itself.
    let Some(indent) = all.iter().find(|line| begins(line) && line.indent > 0).map(|line| line.indent) else {
        return Vec::new();
    };
    let outer = all.iter().filter(|line| line.indent < indent && line.kind != LineKind::Blank);
    let in_code = in_code || outer.into_iter().any(|line| begins_code(text.get(line.start..line.end)));
    let mut found = Vec::new();
    let mut begun: Option<Candidate> = None;
    for (line, at) in all.iter().zip(within.start..) {
        match line.kind {
            LineKind::Blank => {}
            _ if line.indent > indent || line.indent == indent && line.kind == LineKind::Closer => {
                if let Some(part) = &mut begun {
                    part.lines.end = at + 1;
                }
            }
            kind => {
                found.extend(begun.take());
                if line.indent == indent && begins(line) {
                    begun = Some(Candidate { lines: at..at + 1, is_entry: kind == LineKind::Entry, in_code });
                }
            }
        }
    }
    found.extend(begun);
    found.retain(|part| part.lines.len() >= FEWEST_LINES);
    found
}
