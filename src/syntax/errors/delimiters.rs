//! Which bracket or word is never closed, or closes nothing. Indentation is the witness: a closer at the start of a line
//! closes what began at its column, and what lies between the two was forgotten.

use super::super::scan::{Mark, MarkKind};
use crate::diagnostic::{Diagnostic, Edit, Fix};
use crate::text::{Source, Span};

struct Open {
    mark: Mark,
    /// Column of the first character of its line.
    indent: usize,
    /// Its line begins with the label of an entry.
    labelled: bool,
}

/// What is wrong with the nesting, first things first.
pub fn check(source: &Source, marks: &[Mark]) -> Vec<Diagnostic> {
    let mut checker = Checker { source, text: source.text(), open: Vec::new(), found: Vec::new() };
    for mark in marks {
        match mark.kind {
            MarkKind::Open(_) | MarkKind::OpenWord(_) => checker.open(mark),
            MarkKind::Close(close) => checker.close(mark, Some(close)),
            MarkKind::End => checker.close(mark, None),
            MarkKind::Label => checker.label(mark),
            MarkKind::Unclosed(_) => {}
        }
    }
    checker.finish();
    checker.found
}

struct Checker<'s> {
    source: &'s Source,
    text: &'s str,
    open: Vec<Open>,
    found: Vec<Diagnostic>,
}

impl Checker<'_> {
    fn open(&mut self, mark: &Mark) {
        let (indent, rest) = self.line(mark.at);
        let labelled = rest.split_once(':').is_some_and(|(key, _)| {
            !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '\'' | '"'))
        });
        self.open.push(Open { mark: mark.clone(), indent, labelled });
    }

    /// The indentation of the line that holds `at`, and the line from there.
    fn line(&self, at: usize) -> (usize, &str) {
        let start = self.text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |newline| newline + 1);
        let line = self.text.get(start..).unwrap_or_default().split('\n').next().unwrap_or_default();
        let rest = line.trim_start_matches([' ', '\t']);
        (line.len() - rest.len(), rest)
    }

    fn starts_line(&self, at: usize) -> bool {
        let (indent, rest) = self.line(at);
        let start = self.text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |newline| newline + 1);
        !rest.is_empty() && start + indent == at
    }

    /// `close` is the closing bracket, or nothing for `end`.
    fn close(&mut self, mark: &Mark, close: Option<u8>) {
        let fits = |open: &Open| match (open.mark.kind, close) {
            (MarkKind::Open(wanted), Some(close)) => wanted == close,
            (MarkKind::OpenWord(_), None) => true,
            _ => false,
        };
        let starts_line = self.starts_line(mark.at);
        let (indent, _) = self.line(mark.at);
        let Some(top) = self.open.last() else { return self.extra(mark) };
        let aligned = self.open.iter().rposition(|open| fits(open) && open.indent == indent);
        if fits(top) {
            if starts_line
                && top.indent > indent
                && let Some(below) = aligned
            {
                self.forgotten(below + 1, mark);
            }
            self.open.pop();
            return;
        }
        // A closer at the column where the open thing began was meant for it.
        if starts_line && top.indent == indent && aligned.is_none() {
            self.mismatched(mark);
            self.open.pop();
            return;
        }
        let below = if starts_line { aligned } else { None };
        match below.or_else(|| self.open.iter().rposition(fits).filter(|_| starts_line)) {
            Some(below) => {
                self.forgotten(below + 1, mark);
                self.open.pop();
            }
            None => self.extra(mark),
        }
    }

    /// An entry at or left of an open entry's column shows that the open one was not closed.
    fn label(&mut self, mark: &Mark) {
        let (indent, _) = self.line(mark.at);
        let first =
            self.open.iter().position(|open| open.labelled && open.indent >= indent && self.ends_its_line(open));
        if let Some(first) = first {
            self.forgotten(first, mark);
        }
    }

    /// Nothing but parameters follows the opener on its line, so its content lies below.
    fn ends_its_line(&self, open: &Open) -> bool {
        let rest = self.text.get(open.mark.at..).unwrap_or_default().split('\n').next().unwrap_or_default();
        let rest = rest.trim_start_matches(|c: char| c.is_ascii_alphabetic() || matches!(c, '{' | '[' | '('));
        let rest = rest.trim();
        rest.is_empty() || rest.starts_with('|') && rest.ends_with('|') || rest.starts_with('#')
    }

    /// Everything opened from number `first` on is never closed; `witness` shows it.
    fn forgotten(&mut self, first: usize, witness: &Mark) {
        for open in self.open.split_off(first) {
            self.never_closed(&open, Some(witness));
        }
    }

    fn never_closed(&mut self, open: &Open, witness: Option<&Mark>) {
        let at = open.mark.at as u32;
        let (what, closer) = pair(open);
        let code = if closer == "end" { "syntax::missing-end" } else { "syntax::missing-closer" };
        let owner = self.owner(open);
        let message = match (what, owner) {
            ("do", Some(owner)) => format!("the `do` block of `{owner}` is never closed with `end`"),
            (what, Some(owner)) => format!("this `{what}` of `{owner}` is never closed"),
            (what, None) => format!("this `{what}` is never closed"),
        };
        let span = Span::new(at, at + what.len() as u32);
        let mut diagnostic = Diagnostic::error(code, message).within(self.source).label(span, "opened here");
        if let Some(witness) = witness {
            let place = self.source.line_column(witness.at as u32);
            let span = Span::new(witness.at as u32, witness.at as u32 + 1);
            diagnostic = diagnostic
                .label(span, "still open here, by the indentation")
                .help(format!("add `{closer}` before line {}", place.line));
            let line = self.source.line_span(place.line).unwrap_or_default();
            let text = format!("{}{closer}\n", " ".repeat(open.indent));
            diagnostic.fix =
                Some(Fix { title: format!("add `{closer}`"), edits: vec![Edit { span: Span::at(line.lo), text }] });
        } else {
            diagnostic = diagnostic.help(format!("add `{closer}`"));
        }
        self.found.push(diagnostic);
    }

    /// The key, method or variable that the opener's line begins with.
    fn owner(&self, open: &Open) -> Option<&str> {
        let (_, line) = self.line(open.mark.at);
        let start = self.text.get(..open.mark.at)?.rfind('\n').map_or(0, |newline| newline + 1);
        let before = self.text.get(start..open.mark.at)?.trim_end();
        if open.labelled {
            return line.split(':').next().map(|key| key.trim_matches(['\'', '"']));
        }
        let word = before.rsplit(|c: char| !(c.is_alphanumeric() || c == '_')).next()?;
        (!word.is_empty()).then_some(word)
    }

    fn mismatched(&mut self, mark: &Mark) {
        let Some(open) = self.open.last() else { return };
        let closer = closer(mark);
        let (opener, wanted) = pair(open);
        let at = mark.at as u32;
        let open_at = open.mark.at as u32;
        let diagnostic = Diagnostic::error(
            "syntax::mismatched-closer",
            format!("`{closer}` does not close this `{opener}`, which ends with `{wanted}`"),
        )
        .within(self.source)
        .label(Span::new(at, at + closer.len() as u32), format!("`{wanted}` belongs here"))
        .label(Span::new(open_at, open_at + opener.len() as u32), "opened here")
        .help(format!("write `{wanted}`"));
        self.found.push(diagnostic);
    }

    fn extra(&mut self, mark: &Mark) {
        let closer = closer(mark);
        let at = mark.at as u32;
        let open = match self.open.last() {
            Some(open) => {
                let line = self.source.line_column(open.mark.at as u32).line;
                format!("; the innermost that is open is the `{}` of line {line}", pair(open).0)
            }
            None => String::new(),
        };
        let code = if closer == "end" { "syntax::extra-end" } else { "syntax::extra-closer" };
        let diagnostic =
            Diagnostic::error(code, format!("unexpected `{closer}`: nothing is open that it could close{open}"))
                .within(self.source)
                .label(Span::new(at, at + closer.len() as u32), "closes nothing")
                .help("remove it");
        self.found.push(diagnostic);
    }

    fn finish(&mut self) {
        let left = std::mem::take(&mut self.open);
        for open in left.iter().rev().take(1) {
            self.never_closed(open, None);
        }
    }
}

/// How `mark` is written.
fn closer(mark: &Mark) -> &'static str {
    match mark.kind {
        MarkKind::Close(b'}') => "}",
        MarkKind::Close(b']') => "]",
        MarkKind::Close(_) => ")",
        _ => "end",
    }
}

/// How what is open was written, and what closes it.
fn pair(open: &Open) -> (&'static str, &'static str) {
    match open.mark.kind {
        MarkKind::Open(b'}') => ("{", "}"),
        MarkKind::Open(b']') => ("[", "]"),
        MarkKind::OpenWord(word) => (word, "end"),
        _ => ("(", ")"),
    }
}
