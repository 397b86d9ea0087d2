//! Blanks between two tokens of one line.

use super::sheet::{Sheet, closed, opened};
use crate::syntax::tokens::{Bracket, TokenKind as Kind};

/// How many blanks belong before the token at `at`, which does not begin its line.
pub fn blanks(sheet: &Sheet<'_>, at: usize) -> u32 {
    let written = sheet.tokens[at].blanks;
    let Some(before) = at.checked_sub(1).and_then(|at| sheet.kind(at)) else { return 0 };
    let kind = sheet.tokens[at].kind;
    if kind == Kind::Comment {
        return written.max(1);
    }
    match wanted(sheet, at, before, kind) {
        Some(1) if written > 1 && aligned(sheet, at) => written,
        Some(blanks) => blanks,
        None => written.min(1),
    }
}

/// `None`: as written, but one at most.
fn wanted(sheet: &Sheet<'_>, at: usize, before: Kind, kind: Kind) -> Option<u32> {
    use Bracket::{Arguments, Array, Bars, Block, Case, Group, Hash, Index, Word};
    match (before, kind) {
        (_, Kind::Comma | Kind::Semicolon | Kind::Dot | Kind::KeyColon | Kind::Heredocs) => Some(0),
        (Kind::Dot | Kind::Scope | Kind::Prefix, _) => Some(0),
        (Kind::Open(Bars), _) | (_, Kind::Close(Bars)) => Some(0),
        (Kind::Open(bracket), Kind::Close(_)) => Some(u32::from(matches!(bracket, Word | Case))),
        (Kind::Open(Hash | Block | Word | Case), _) | (_, Kind::Close(Hash | Block | Word | Case)) => Some(1),
        (Kind::Open(Arguments | Group | Index | Array), _) | (_, Kind::Close(Arguments | Group | Index | Array)) => {
            Some(0)
        }
        (Kind::Lambda, Kind::Open(Arguments)) | (_, Kind::Open(Index)) => Some(0),
        (Kind::Comma | Kind::Semicolon | Kind::Label | Kind::KeyColon | Kind::Lambda | Kind::Close(Bars), _) => Some(1),
        (Kind::Unary, _) => (sheet.text(at - 1) == "!").then_some(0),
        (Kind::Assign | Kind::Rocket | Kind::Question | Kind::Colon, _) => Some(1),
        (_, Kind::Assign | Kind::Rocket | Kind::Question | Kind::Colon) => Some(1),
        (Kind::Operator, _) => (sheet.text(at - 1) != "**").then_some(1),
        (_, Kind::Operator) => (sheet.text(at) != "**").then_some(1),
        (Kind::Middle, _) | (_, Kind::Open(Bars | Block | Word | Case) | Kind::Backslash) => spaced(before),
        (Kind::Joiner, Kind::Open(Group)) => (!matches!(sheet.text(at - 1), "defined?" | "not")).then_some(1),
        (Kind::Close(_) | Kind::Literal | Kind::Word, Kind::Joiner | Kind::Starter) => Some(1),
        _ => None,
    }
}

/// One blank, unless what stands before holds on to what follows.
fn spaced(before: Kind) -> Option<u32> {
    (!matches!(before, Kind::Range)).then_some(1)
}

/// So far aligned lines may be apart, with others between them.
const FAR: usize = 10;

/// Whether more than one blank puts the token under, or above, one of its kind: on a line next to it, or on the next one
/// that begins at the same column.
fn aligned(sheet: &Sheet<'_>, at: usize) -> bool {
    let line = sheet.line[at];
    let above = (line.saturating_sub(FAR)..line).rev();
    let below = line + 1..(line + FAR).min(sheet.lines.len());
    beside(sheet, line, above).chain(beside(sheet, line, below)).any(|line| stands_at(sheet, line, at))
}

/// The first of `lines`, and the first that begins where `line` does.
fn beside(sheet: &Sheet<'_>, line: usize, mut lines: impl Iterator<Item = usize>) -> impl Iterator<Item = usize> {
    let column = |line: usize| sheet.lines.get(line).map(|first| sheet.before[*first]);
    let closes = |line: usize| sheet.lines.get(line).is_some_and(|first| closed(sheet.kind(*first)).is_some());
    let next = lines.next();
    let alike = next.into_iter().chain(lines).find(|other| column(*other) == column(line) && !closes(*other));
    next.into_iter().chain(alike)
}

fn stands_at(sheet: &Sheet<'_>, line: usize, at: usize) -> bool {
    let Some(first) = sheet.lines.get(line).copied() else { return false };
    let end = sheet.lines.get(line + 1).copied().unwrap_or(sheet.tokens.len());
    let column = sheet.before[at];
    let columns = sheet.before.get(first + 1..end).unwrap_or_default();
    // Columns rise along a line, but for literals of several lines: those are never aligned.
    let found = first + 1 + columns.partition_point(|other| *other < column);
    found < end
        && sheet.before.get(found) == Some(&column)
        && sheet.tokens[found].blanks > 0
        && class(sheet, found) == class(sheet, at)
}

/// Tokens of one class are aligned with each other.
fn class(sheet: &Sheet<'_>, at: usize) -> Option<Kind> {
    match sheet.kind(at) {
        Some(kind @ (Kind::Rocket | Kind::Assign | Kind::Operator)) => Some(kind),
        _ => at.checked_sub(1).and_then(|before| sheet.kind(before)).map(|before| match before {
            kind if opened(Some(kind)).is_some() || closed(Some(kind)).is_some() => Kind::Word,
            Kind::KeyColon => Kind::Label,
            kind => kind,
        }),
    }
}
