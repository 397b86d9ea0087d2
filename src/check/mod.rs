//! What a connector says that cannot be meant: findings over the syntax tree and the vocabulary. Nothing is executed.

mod allow;
mod arity;
mod combinations;
mod config;
mod connector;
mod cursors;
mod declared;
mod deprecated;
mod duplicates;
mod edits;
mod fields;
mod keys;
mod names;
mod portable;
mod references;
mod requests;
mod root;
mod secrets;
mod unreachable;
mod unused;

pub use config::{Config, ConfigError, Level};
pub use connector::{
    Connector, Entry, Mention, MentionKind, Section, lambda, literal, pairs, parameter_count, value_of,
};

use crate::diagnostic::{Diagnostic, Fix, Severity};
use crate::syntax::{self, Parsed};
use crate::text::{Source, Span};
use hashbrown::HashSet;

/// Everything that is wrong with a text, by position: its syntax, and then what it means.
pub fn check(source: &Source, config: &Config) -> Vec<Diagnostic> {
    let parsed = syntax::parse(source);
    check_with(source, &parsed, config)
}

/// The findings of a text that has been read already.
pub fn check_parsed(source: &Source, parsed: &Parsed) -> Vec<Diagnostic> {
    check_with(source, parsed, &Config::default())
}

/// The same under a configuration.
pub fn check_with(source: &Source, parsed: &Parsed, config: &Config) -> Vec<Diagnostic> {
    let mut findings = parsed.diagnostics.clone();
    if parsed.is_valid() {
        findings.extend(crate::program::build(&parsed.file, source).1);
        findings.extend(syntax::odd_characters(source));
        findings.extend(root::check(source, &parsed.file));
    }
    let lines: HashSet<usize> =
        findings.iter().filter_map(Diagnostic::span).map(|span| source.line_column(span.lo).line).collect();
    let told =
        |finding: &Diagnostic| finding.span().is_some_and(|span| lines.contains(&source.line_column(span.lo).line));
    findings.extend(meaning(source, parsed, config).into_iter().filter(|finding| !told(finding)));
    allow::filter(source, &parsed.file.comments, &mut findings);
    config.weigh(&mut findings);
    findings.sort_by_key(|finding| (finding.span().map(|span| span.lo), std::cmp::Reverse(finding.severity)));
    findings
}

/// A rule looks at the whole connector and reports what it finds.
type Rule = fn(&Connector, &mut Report);

/// Rules that hold for what was written, even around a syntax error.
const ALWAYS: &[Rule] = &[keys::check, arity::check, fields::check, combinations::check, duplicates::check];

/// Rules about what is missing or never used, which nobody can say of a text that is broken.
const WHOLE: &[Rule] = &[
    references::check,
    declared::check,
    unused::check,
    unreachable::check,
    requests::check,
    names::check,
    secrets::check,
    deprecated::check,
];

/// What the rules say. Where the text was repaired nothing is said of what may be missing.
fn meaning(source: &Source, parsed: &Parsed, config: &Config) -> Vec<Diagnostic> {
    let connector = Connector::of(source, &parsed.file);
    let mut report = Report { source, findings: Vec::new() };
    if !connector.is_connector() {
        return Vec::new();
    }
    let mut run = |rules: &[Rule]| rules.iter().for_each(|rule| rule(&connector, &mut report));
    run(ALWAYS);
    if parsed.is_valid() {
        run(WHOLE);
        if config.portable {
            run(&[portable::check, cursors::check]);
        }
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
    fn warn(&mut self, code: &'static str, span: Span, message: String, label: &str, help: String) -> &mut Diagnostic {
        self.push(Severity::Warning, code, span, message, label, help)
    }

    fn hint(&mut self, code: &'static str, span: Span, message: String, label: &str, help: String) -> &mut Diagnostic {
        self.push(Severity::Hint, code, span, message, label, help)
    }

    fn push(
        &mut self,
        severity: Severity,
        code: &'static str,
        span: Span,
        message: String,
        label: &str,
        help: String,
    ) -> &mut Diagnostic {
        let diagnostic = Diagnostic::warning(code, message).within(self.source).label(span, label);
        let diagnostic = if help.is_empty() { diagnostic } else { diagnostic.help(help) };
        let at = self.findings.len();
        self.findings.push(Diagnostic { severity, ..diagnostic });
        &mut self.findings[at]
    }
}

impl Diagnostic {
    /// Offers a near name to choose: it may be what was meant, and what the connector does changes with it.
    fn perhaps(&mut self, span: Span, near: Option<&str>) {
        self.choices.extend(near.map(|near| Fix::one(format!("write `{near}`"), span, near)));
    }

    /// Puts a near name in its place where nothing else can be meant, and a run stays what it is.
    fn surely(&mut self, span: Span, near: Option<&str>) {
        self.fix = near.map(|near| Fix::one(format!("write `{near}`"), span, near));
    }
}

/// `did you mean …?`, or else `otherwise`.
fn meant(near: Option<&str>, otherwise: &str) -> String {
    near.map_or_else(|| otherwise.to_owned(), |near| format!("did you mean `{near}`?"))
}
