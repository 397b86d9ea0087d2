//! What a connector says that cannot be meant: findings over the syntax tree and the vocabulary. Nothing is executed.

mod allow;
mod arity;
mod connector;
mod duplicates;
mod fields;
mod keys;
mod names;
mod references;
mod root;
mod unused;

pub use connector::{Connector, Entry, Mention, MentionKind, Section, lambda, literal, parameter_count};

use crate::diagnostic::{Diagnostic, Severity};
use crate::syntax::{self, Parsed};
use crate::text::{Source, Span};

/// Everything that is wrong with a text, by position: its syntax, and then what it means.
pub fn check(source: &Source) -> Vec<Diagnostic> {
    let parsed = syntax::parse(source);
    check_parsed(source, &parsed)
}

/// The findings of a text that has been read already.
pub fn check_parsed(source: &Source, parsed: &Parsed) -> Vec<Diagnostic> {
    let mut findings = parsed.diagnostics.clone();
    if parsed.is_valid() {
        findings.extend(crate::program::build(&parsed.file, source).1);
        findings.extend(syntax::odd_characters(source));
        findings.extend(root::check(source, &parsed.file));
    }
    let lines: Vec<usize> =
        findings.iter().filter_map(Diagnostic::span).map(|span| source.line_column(span.lo).line).collect();
    let told =
        |finding: &Diagnostic| finding.span().is_some_and(|span| lines.contains(&source.line_column(span.lo).line));
    findings.extend(meaning(source, parsed).into_iter().filter(|finding| !told(finding)));
    allow::filter(source, &parsed.file.comments, &mut findings);
    findings.sort_by_key(|finding| (finding.span().map(|span| span.lo), std::cmp::Reverse(finding.severity)));
    findings
}

/// What the rules say. Where the text was repaired nothing is said of what may be missing.
fn meaning(source: &Source, parsed: &Parsed) -> Vec<Diagnostic> {
    let connector = Connector::of(source, &parsed.file);
    let mut report = Report { source, findings: Vec::new() };
    if !connector.is_connector() {
        return Vec::new();
    }
    keys::check(&connector, &mut report);
    arity::check(&connector, &mut report);
    fields::check(&connector, &mut report);
    duplicates::check(&connector, &mut report);
    if parsed.is_valid() {
        references::check(&connector, &mut report);
        unused::check(&connector, &mut report);
        names::check(&connector, &mut report);
    }
    let told = |span: Span| {
        let line = source.line_column(span.lo).line;
        parsed.repaired.iter().any(|place| {
            let entry = connector.entry_around(place.lo);
            entry.is_some_and(|entry| entry.lo <= span.lo && span.lo <= entry.hi)
                || source.line_column(place.lo).line == line
        })
    };
    report.findings.retain(|finding| finding.span().is_none_or(|span| !told(span)));
    report.findings
}

/// Where rules put what they find.
pub struct Report<'a> {
    source: &'a Source,
    findings: Vec<Diagnostic>,
}

impl Report<'_> {
    fn warn(&mut self, code: &'static str, span: Span, message: String, label: &str, help: String) {
        self.push(Severity::Warning, code, span, message, label, help);
    }

    fn hint(&mut self, code: &'static str, span: Span, message: String, label: &str, help: String) {
        self.push(Severity::Hint, code, span, message, label, help);
    }

    fn push(&mut self, severity: Severity, code: &'static str, span: Span, message: String, label: &str, help: String) {
        let diagnostic = Diagnostic::warning(code, message).within(self.source).label(span, label);
        let diagnostic = if help.is_empty() { diagnostic } else { diagnostic.help(help) };
        self.findings.push(Diagnostic { severity, ..diagnostic });
    }

    /// Offers to replace the text of the last finding's place by a near name.
    fn offer(&mut self, span: Span, near: Option<&str>) {
        if let (Some(near), Some(last)) = (near, self.findings.last_mut()) {
            let edit = crate::diagnostic::Edit { span, text: near.to_owned() };
            last.fix = Some(crate::diagnostic::Fix { title: format!("write `{near}`"), edits: vec![edit] });
        }
    }
}

/// `did you mean …?`, or else `otherwise`.
fn meant(near: Option<&str>, otherwise: &str) -> String {
    near.map_or_else(|| otherwise.to_owned(), |near| format!("did you mean `{near}`?"))
}
