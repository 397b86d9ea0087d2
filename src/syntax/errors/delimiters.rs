//! Which bracket or word is never closed, or closes nothing, in words, with the change that would cure it.

use super::super::scan::{Mark, MarkKind};
use super::Finding;
use super::nesting::{self, Place, Slip};
use crate::diagnostic::{Diagnostic, Edit, Fix};
use crate::text::{Source, Span};

/// More openers than this left at the end show that the text was cut off.
const CUT: usize = 1;
/// How many of them are named.
const NAMED: usize = 3;

/// What is wrong with the nesting, and what that reading of it costs.
pub fn check(source: &Source, marks: &[Mark]) -> (Vec<Finding>, u32) {
    let places = nesting::places(source.text(), marks);
    let (slips, cost) = nesting::read(marks, &places);
    let at_end = |slip: &Slip| matches!(slip, Slip::Forgotten { before: None, .. });
    let left: Vec<usize> = slips
        .iter()
        .filter_map(|slip| match slip {
            Slip::Forgotten { opener, before: None } => Some(*opener),
            _ => None,
        })
        .collect();
    let teller = Teller { source, marks, places: &places };
    let mut found: Vec<Finding> = slips.iter().filter(|slip| !at_end(slip)).map(|slip| teller.tell(*slip)).collect();
    if left.len() > CUT {
        found.push(teller.cut_off(&left));
    } else {
        found.extend(left.iter().map(|opener| teller.never_closed(*opener, None)));
    }
    (found, cost)
}

struct Teller<'s> {
    source: &'s Source,
    marks: &'s [Mark],
    places: &'s [Place],
}

impl<'s> Teller<'s> {
    fn tell(&self, slip: Slip) -> Finding {
        match slip {
            Slip::Forgotten { opener, before } => self.never_closed(opener, before),
            Slip::Extra { closer } => self.extra(closer),
            Slip::Mismatch { opener, closer } => self.mismatched(opener, closer),
        }
    }

    fn span(&self, mark: usize, length: usize) -> Span {
        let at = self.marks[mark].at as u32;
        Span::new(at, at + length as u32)
    }

    fn line(&self, mark: usize) -> usize {
        self.places[mark].line + 1
    }

    fn line_text(&self, mark: usize) -> &'s str {
        self.source.slice(self.source.line_span(self.line(mark)).unwrap_or_default())
    }

    fn never_closed(&self, opener: usize, before: Option<usize>) -> Finding {
        let (what, closer) = pair(self.marks[opener].kind);
        let code = if closer == "end" { "syntax::missing-end" } else { "syntax::missing-closer" };
        let message = match (what, self.owner(opener)) {
            ("do", Some(owner)) => format!("the `do` block of `{owner}` is never closed with `end`"),
            (what, Some(owner)) => format!("this `{what}` of `{owner}` is never closed with `{closer}`"),
            (what, None) => format!("this `{what}` is never closed with `{closer}`"),
        };
        let diagnostic =
            Diagnostic::error(code, message).within(self.source).label(self.span(opener, what.len()), "opened here");
        let Some(before) = before else {
            let end = self.source.text().len();
            let fix =
                Fix { title: format!("add `{closer}` at the end"), edits: vec![edit(end, format!("{closer}\n"))] };
            let diagnostic = Diagnostic { fix: Some(fix), ..diagnostic.help(format!("add `{closer}`")) };
            return Finding { diagnostic, repairs: vec![(end..end, format!(" {closer} "))] };
        };
        let at = self.marks[before].at;
        let entry = matches!(self.marks[before].kind, MarkKind::Label)
            || self.source.text().get(at..).is_some_and(starts_entry);
        let comma = if entry { "," } else { "" };
        let place = self.places[before];
        let starts_line = place.column == place.indent;
        let (where_, fixed) = if starts_line {
            let indent = " ".repeat(self.places[opener].indent);
            let line = self.source.line_span(place.line + 1).unwrap_or_default();
            (format!("before line {}", place.line + 1), edit(line.lo as usize, format!("{indent}{closer}{comma}\n")))
        } else {
            (format!("before `{}`", closer_text(self.marks[before].kind)), edit(at, closer.to_string()))
        };
        let fix = Fix { title: format!("add `{closer}{comma}` {where_}"), edits: vec![fixed] };
        let diagnostic = diagnostic
            .label(self.span(before, 1), "still open here, by the indentation")
            .help(format!("add `{closer}{comma}` {where_}"));
        let separator = match self.marks[before].kind {
            MarkKind::Close(_) | MarkKind::End | MarkKind::Middle(_) => " ",
            _ if entry => ", ",
            _ => "; ",
        };
        let repairs = vec![(at..at, format!(" {closer}{separator}"))];
        Finding { diagnostic: Diagnostic { fix: Some(fix), ..diagnostic }, repairs }
    }

    /// The text ends in the middle of several things.
    fn cut_off(&self, left: &[usize]) -> Finding {
        let text = self.source.text();
        let end = text.trim_end().len();
        let names: Vec<String> =
            left.iter().take(NAMED).map(|at| format!("`{}`", pair(self.marks[*at].kind).0)).collect();
        let message = format!(
            "the text ends, but {} things are still open: {}{}",
            left.len(),
            names.join(", "),
            if left.len() > NAMED { " …" } else { "" }
        );
        let mut diagnostic = Diagnostic::error("syntax::unexpected-end", message)
            .within(self.source)
            .label(Span::at(end as u32), "the text ends here");
        for opener in left.iter().take(NAMED) {
            let what = pair(self.marks[*opener].kind).0;
            diagnostic = diagnostic.label(self.span(*opener, what.len()), "never closed");
        }
        let closers: Vec<&str> = left.iter().map(|at| pair(self.marks[*at].kind).1).collect();
        let lines: String = left
            .iter()
            .map(|at| format!("{}{}\n", " ".repeat(self.places[*at].indent), pair(self.marks[*at].kind).1))
            .collect();
        diagnostic =
            diagnostic.help(format!("add {}", closers.iter().map(|c| format!("`{c}`")).collect::<Vec<_>>().join(", ")));
        diagnostic.fix = Some(Fix { title: "close everything".into(), edits: vec![edit(end, format!("\n{lines}"))] });
        Finding { diagnostic, repairs: vec![(text.len()..text.len(), format!(" {} ", closers.join(" ")))] }
    }

    /// The key, method or variable that the opener's line begins with.
    fn owner(&self, opener: usize) -> Option<&'s str> {
        let line = self.line_text(opener);
        let trimmed = line.trim_start();
        if let Some((key, _)) = trimmed.split_once(':')
            && !key.is_empty()
            && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '\'' | '"'))
        {
            return Some(key.trim_matches(['\'', '"']));
        }
        if !matches!(self.marks[opener].kind, MarkKind::OpenWord("do") | MarkKind::Open(_)) {
            return None;
        }
        let before = line.get(..self.places[opener].column)?.trim_end().trim_end_matches(')');
        let word = before.rsplit(|c: char| !(c.is_alphanumeric() || c == '_')).next()?;
        (!word.is_empty()).then_some(word)
    }

    fn mismatched(&self, opener: usize, closer: usize) -> Finding {
        let (what, wanted) = pair(self.marks[opener].kind);
        let written = closer_text(self.marks[closer].kind);
        let owner = self.owner(opener).map(|owner| format!(" of `{owner}`")).unwrap_or_default();
        let span = self.span(closer, written.len());
        let mut diagnostic = Diagnostic::error(
            "syntax::mismatched-closer",
            format!("`{written}` does not close this `{what}`{owner}, which ends with `{wanted}`"),
        )
        .within(self.source)
        .label(span, format!("`{wanted}` belongs here"))
        .label(self.span(opener, what.len()), "opened here")
        .help(format!("write `{wanted}`"));
        let edit = Edit { span, text: wanted.to_string() };
        diagnostic.fix = Some(Fix { title: format!("write `{wanted}`"), edits: vec![edit] });
        Finding { diagnostic, repairs: vec![(span.range(), wanted.to_string())] }
    }

    fn extra(&self, closer: usize) -> Finding {
        let written = closer_text(self.marks[closer].kind);
        let span = self.span(closer, written.len());
        let code = if written == "end" { "syntax::extra-end" } else { "syntax::extra-closer" };
        let message = format!("unexpected `{written}`: nothing is open that it could close");
        let mut diagnostic = Diagnostic::error(code, message)
            .within(self.source)
            .label(span, "closes nothing")
            .help(format!("remove this `{written}`"));
        let mut cut = span;
        // With the comma that follows, where the line holds nothing else.
        if self.line_text(closer).trim().trim_end_matches(',') == written {
            cut.hi += u32::from(self.source.text().as_bytes().get(span.hi as usize) == Some(&b','));
        }
        let edit = Edit { span: cut, text: String::new() };
        diagnostic.fix = Some(Fix { title: format!("remove this `{written}`"), edits: vec![edit] });
        Finding { diagnostic, repairs: vec![(cut.range(), " ".repeat(cut.len()))] }
    }
}

fn edit(at: usize, text: String) -> Edit {
    Edit { span: Span::at(at as u32), text }
}

/// What follows reads as the next entry or element: `key:`, `'key' =>`, `{ … },`.
fn starts_entry(rest: &str) -> bool {
    let line = rest.split('\n').next().unwrap_or_default();
    let key = line.trim_start_matches(['\'', '"']);
    let after = key.trim_start_matches(|c: char| c.is_alphanumeric() || c == '_').trim_start_matches(['\'', '"']);
    after.len() < line.len()
        && (after.starts_with(':') && !after.starts_with("::") || after.trim_start().starts_with("=>"))
        || line.starts_with('{') && line.trim_end().ends_with("},")
}

/// How a closer is written.
fn closer_text(kind: MarkKind) -> &'static str {
    match kind {
        MarkKind::Close(b'}') => "}",
        MarkKind::Close(b']') => "]",
        MarkKind::Close(_) => ")",
        _ => "end",
    }
}

/// How an opener is written, and what closes it.
fn pair(kind: MarkKind) -> (&'static str, &'static str) {
    match kind {
        MarkKind::Open(b'}') => ("{", "}"),
        MarkKind::Open(b']') => ("[", "]"),
        MarkKind::OpenWord(word) => (word, "end"),
        _ => ("(", ")"),
    }
}
