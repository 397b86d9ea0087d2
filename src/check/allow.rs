//! `# connrun:allow CODE …`: what a comment says not to tell, on its own line or, where it has the line to itself, on the
//! next line with code. What follows ` -- ` is the reason.

use super::config;
use crate::diagnostic::{Diagnostic, Fix, Severity, code};
use crate::text::{Source, Span};
use hashbrown::HashMap;

const MARK: &str = "connrun:allow";

/// One comment that allows something.
struct Allowance<'s> {
    /// The line that it is about.
    line: usize,
    codes: Vec<(&'s str, Span)>,
}

/// Drops the findings that comments allow and tells of codes that do not exist. Errors stay.
pub fn filter(source: &Source, comments: &[Span], findings: &mut Vec<Diagnostic>) {
    let mut next = Next { source, known: HashMap::new() };
    let allowed: Vec<Allowance> =
        comments.iter().rev().filter_map(|comment| allowance(source, *comment, &mut next)).collect();
    let mut lines: HashMap<usize, Vec<&str>> = HashMap::new();
    for allowance in &allowed {
        lines.entry(allowance.line).or_default().extend(allowance.codes.iter().map(|(code, _)| *code));
    }
    findings.retain(|finding| {
        let line = finding.span().map_or(0, |span| source.line_column(span.lo).line);
        let short = finding.code.rsplit("::").next().unwrap_or_default();
        let names = |known: &&str| *known == short || *known == finding.code || *known == "all";
        finding.severity == Severity::Error || !lines.get(&line).is_some_and(|codes| codes.iter().any(names))
    });
    let codes = allowed.iter().flat_map(|allowance| &allowance.codes);
    findings.extend(codes.filter(|(name, _)| *name != "all" && code(name).is_none()).map(|(name, span)| {
        let mut finding = Diagnostic::warning("check::unknown-code", format!("there is no code `{name}` to allow"))
            .within(source)
            .label(*span, "unknown")
            .help(config::suggestion(name));
        finding.choices.extend(config::near(name).map(|near| Fix::one(format!("write `{near}`"), *span, near)));
        finding
    }));
}

fn allowance<'s>(source: &'s Source, comment: Span, next: &mut Next<'s>) -> Option<Allowance<'s>> {
    let text = source.slice(comment);
    let at = text.find(MARK)? + MARK.len();
    let list = text.get(at..)?.split(" -- ").next().unwrap_or_default();
    // The mark is a word of its own.
    if !list.is_empty() && !list.starts_with([' ', ':', '\t']) {
        return None;
    }
    let mut codes = Vec::new();
    let mut start = at;
    for word in list.split_inclusive([' ', ',', '\t', '\n']) {
        let name = word.trim_end_matches([' ', ',', '\t', '\n', '\r']).trim_matches(':');
        if !name.is_empty() {
            let lo = comment.lo + (start + word.find(name).unwrap_or(0)) as u32;
            codes.push((name, Span::new(lo, lo + name.len() as u32)));
        }
        start += word.len();
    }
    let own = source.line_column(comment.lo).line;
    let before = source.line_span(own).map_or("", |line| source.slice(Span::new(line.lo, comment.lo)));
    let line = if before.trim().is_empty() { next.code_after(own) } else { own };
    Some(Allowance { line, codes })
}

/// Finds lines with code. Asked from the last comment to the first, it reads no line twice.
struct Next<'s> {
    source: &'s Source,
    known: HashMap<usize, usize>,
}

impl Next<'_> {
    /// The next line that is neither blank nor only a comment.
    fn code_after(&mut self, line: usize) -> usize {
        let mut at = line + 1;
        while at <= self.source.line_count() && self.is_idle(at) {
            if let Some(found) = self.known.get(&at) {
                at = *found;
                break;
            }
            at += 1;
        }
        self.known.insert(line, at);
        at
    }

    fn is_idle(&self, line: usize) -> bool {
        self.source.line_span(line).is_some_and(|span| {
            let text = self.source.slice(span).trim();
            text.is_empty() || text.starts_with('#')
        })
    }
}
