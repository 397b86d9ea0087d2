//! `# connrun:allow CODE …`: what a comment says not to tell, on its own line or, where it has the line to itself, on the
//! next line with code. What follows ` -- ` is the reason.

use super::config;
use crate::diagnostic::{Diagnostic, Fix, Severity, code};
use crate::text::{Source, Span};

const MARK: &str = "connrun:allow";

/// One comment that allows something.
struct Allowance<'s> {
    /// The line that it is about.
    line: usize,
    codes: Vec<(&'s str, Span)>,
}

/// Drops the findings that comments allow and tells of codes that do not exist. Errors stay.
pub fn filter(source: &Source, comments: &[Span], findings: &mut Vec<Diagnostic>) {
    let allowed: Vec<Allowance> = comments.iter().filter_map(|comment| allowance(source, *comment)).collect();
    findings.retain(|finding| {
        let line = finding.span().map_or(0, |span| source.line_column(span.lo).line);
        let short = finding.code.rsplit("::").next().unwrap_or_default();
        let names = |(known, _): &(&str, Span)| *known == short || *known == finding.code || *known == "all";
        finding.severity == Severity::Error
            || !allowed.iter().any(|allowance| allowance.line == line && allowance.codes.iter().any(names))
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

fn allowance(source: &Source, comment: Span) -> Option<Allowance<'_>> {
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
    let line = if before.trim().is_empty() { next_code(source, own) } else { own };
    Some(Allowance { line, codes })
}

/// The next line that is neither blank nor only a comment.
fn next_code(source: &Source, line: usize) -> usize {
    let idle = |line: &usize| {
        source.line_span(*line).is_some_and(|span| {
            let text = source.slice(span).trim();
            text.is_empty() || text.starts_with('#')
        })
    };
    (line + 1..=source.line_count()).find(|line| !idle(line)).unwrap_or(line + 1)
}
