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
mod facts;
mod fields;
mod flow;
mod keys;
mod names;
mod part;
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

pub use facts::Known;

use crate::diagnostic::{Diagnostic, Fix, Severity};
use crate::syntax::{self, Parsed};
use crate::text::{Source, Span};
use facts::Facts;
use hashbrown::HashSet;
use part::Part;

/// Everything that is wrong with a text, by position: its syntax, and then what it means.
pub fn check(source: &Source, config: &Config) -> Vec<Diagnostic> {
    let parsed = syntax::parse(source);
    let connector = Connector::of(source, &parsed, &mut Known::default());
    check_with(&connector, &parsed, config)
}

/// The findings of a text that has been read already.
pub fn check_with(connector: &Connector, parsed: &Parsed, config: &Config) -> Vec<Diagnostic> {
    let source = connector.source;
    let mut findings = parsed.diagnostics.clone();
    if parsed.is_valid() {
        findings.extend(moved(connector, |facts| &facts.program));
        findings.extend(syntax::odd_characters(source));
        findings.extend(root::check(source, &parsed.file));
    }
    let lines: HashSet<usize> =
        findings.iter().filter_map(Diagnostic::span).map(|span| source.line_column(span.lo).line).collect();
    let told =
        |finding: &Diagnostic| finding.span().is_some_and(|span| lines.contains(&source.line_column(span.lo).line));
    findings.extend(meaning(connector, parsed, config).into_iter().filter(|finding| !told(finding)));
    allow::filter(source, &parsed.file.comments, &mut findings);
    config.weigh(&mut findings);
    findings.sort_by_key(|finding| (finding.span().map(|span| span.lo), std::cmp::Reverse(finding.severity)));
    findings
}

/// What is kept of each part, where it stands now.
fn moved(connector: &Connector, which: fn(&Facts) -> &[Diagnostic]) -> Vec<Diagnostic> {
    let one = |(facts, by): (_, i64)| which(facts).iter().map(move |finding| finding.moved(by, connector.source));
    connector.facts().flat_map(one).collect()
}

/// A rule looks at one part of a connector and reports what it finds. What it finds depends on nothing else.
type Rule = fn(&Part, &mut Report);

/// Rules that hold for what was written, even around a syntax error.
const ALWAYS: &[Rule] =
    &[keys::check, arity::check, fields::check, flow::check, combinations::check, duplicates::check];

/// Rules about what is missing or never used, which nobody can say of a text that is broken.
const WHOLE: &[Rule] = &[unused::check_part, unreachable::check, requests::check, deprecated::check];

/// Rules about how the parts go together; they look at what is known of each.
const BETWEEN: &[fn(&Connector, &mut Report)] =
    &[references::check, declared::check, unused::check, names::check, secrets::check];

/// Rules of connectors that have to run elsewhere, too.
const PORTABLE: &[Rule] = &[portable::check, cursors::check];

/// What the rules say. Where the text was repaired nothing is said of what may be missing.
fn meaning(connector: &Connector, parsed: &Parsed, config: &Config) -> Vec<Diagnostic> {
    let source = connector.source;
    if !connector.is_connector() {
        return Vec::new();
    }
    let mut report = Report { source, findings: moved(connector, |facts| &facts.always) };
    if parsed.is_valid() {
        BETWEEN.iter().for_each(|rule| rule(connector, &mut report));
        report.findings.extend(moved(connector, |facts| &facts.whole));
        if config.portable {
            let part = Part::whole(connector);
            PORTABLE.iter().for_each(|rule| rule(&part, &mut report));
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
