//! `# connrun:allow CODE …`: what a comment says not to tell, on its line or on the line below.

use crate::diagnostic::{Diagnostic, Severity};
use crate::text::{Source, Span};

/// Drops the findings that comments allow. Errors stay.
pub fn filter(source: &Source, comments: &[Span], findings: &mut Vec<Diagnostic>) {
    let allowed: Vec<(usize, Vec<&str>)> = comments.iter().filter_map(|comment| allowance(source, *comment)).collect();
    findings.retain(|finding| {
        let line = finding.span().map_or(0, |span| source.line_column(span.lo).line);
        let code = finding.code.rsplit("::").next().unwrap_or_default();
        let names =
            |codes: &Vec<&str>| codes.iter().any(|known| *known == code || *known == finding.code || *known == "all");
        finding.severity == Severity::Error
            || !allowed.iter().any(|(from, codes)| (*from == line || from + 1 == line) && names(codes))
    });
}

/// The line of a comment that allows something, and what it allows.
fn allowance(source: &Source, comment: Span) -> Option<(usize, Vec<&str>)> {
    let (_, codes) = source.slice(comment).split_once("connrun:allow")?;
    let codes = codes.split([' ', ',']).filter(|code| !code.is_empty()).collect();
    Some((source.line_column(comment.lo).line, codes))
}
