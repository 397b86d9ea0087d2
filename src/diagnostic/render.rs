//! Diagnostics for people (miette's graphical report) and for machines (one JSON object each).

use super::excerpt::Excerpt;
use super::{Diagnostic, Severity};
use crate::text::{Source, Span};
use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan,
    SpanContents,
};
use serde_json::{Value, json};
use std::fmt;

/// How the human form is drawn.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    pub color: bool,
    /// Columns of the terminal.
    pub width: usize,
}

impl Default for Style {
    fn default() -> Self {
        Self { color: false, width: 100 }
    }
}

/// The report of one diagnostic, ending in a line break.
pub fn human(diagnostic: &Diagnostic, style: Style) -> String {
    let theme = if style.color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let handler =
        GraphicalReportHandler::new_themed(theme).with_width(style.width).with_links(false).with_context_lines(1);
    let mut out = String::new();
    // Writing to a string cannot fail; if the handler refuses, the message alone is still useful.
    if handler.render_report(&mut out, &Report::new(diagnostic)).is_err() {
        out = format!("{}\n", diagnostic.message);
    }
    out
}

/// The object of `check --format json`: 1-based lines and columns in code points, the end exclusive.
pub fn json(diagnostic: &Diagnostic) -> Value {
    let mut object = json!({
        "code": diagnostic.code,
        "severity": severity_name(diagnostic.severity),
        "message": diagnostic.message,
        "help": diagnostic.help,
        "file": diagnostic.source.as_ref().map(Source::name),
    });
    if let Some(span) = diagnostic.span() {
        place(&mut object, diagnostic, span);
    }
    let labels = diagnostic.labels.iter().map(|label| {
        let mut object = json!({ "text": label.text });
        place(&mut object, diagnostic, label.span);
        object
    });
    object["labels"] = labels.collect();
    object["fix"] = diagnostic.fix.as_ref().map_or(Value::Null, |fix| {
        let edits = fix.edits.iter().map(|edit| {
            let mut object = json!({ "text": edit.text });
            place(&mut object, diagnostic, edit.span);
            object
        });
        json!({ "title": fix.title, "edits": edits.collect::<Vec<_>>() })
    });
    object
}

/// A SARIF log of all findings.
pub fn sarif(diagnostics: &[Diagnostic]) -> Value {
    let mut rules: Vec<&str> = diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
    rules.sort_unstable();
    rules.dedup();
    let rules: Vec<Value> = rules
        .into_iter()
        .map(|id| {
            let doc = super::code(id).map_or(id, |row| row.doc);
            json!({ "id": id, "shortDescription": { "text": doc } })
        })
        .collect();
    let results: Vec<Value> = diagnostics.iter().map(sarif_result).collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "connrun", "version": env!("CARGO_PKG_VERSION"), "rules": rules } },
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

fn sarif_result(diagnostic: &Diagnostic) -> Value {
    let level = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Hint => "note",
    };
    let help = diagnostic.help.as_ref().map(|help| format!(" ({help})")).unwrap_or_default();
    let mut result = json!({
        "ruleId": diagnostic.code,
        "level": level,
        "message": { "text": format!("{}{help}", diagnostic.message) },
    });
    if let Some((source, span)) = diagnostic.source.as_ref().zip(diagnostic.span()) {
        let (start, end) = (source.line_column(span.lo), source.line_column(span.hi));
        result["locations"] = json!([{ "physicalLocation": {
            "artifactLocation": { "uri": source.name() },
            "region": {
                "startLine": start.line, "startColumn": start.column, "endLine": end.line, "endColumn": end.column,
            },
        } }]);
    }
    result
}

/// One line for GitHub's log annotations.
pub fn github(diagnostic: &Diagnostic) -> String {
    let level = match diagnostic.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Hint => "notice",
    };
    let file = diagnostic.source.as_ref().map_or("", |source| source.name());
    let place = diagnostic.source.as_ref().zip(diagnostic.span()).map(|(source, span)| source.line_column(span.lo));
    let (line, column) = place.map_or((1, 1), |place| (place.line, place.column));
    let help = diagnostic.help.as_ref().map(|help| format!("%0A{help}")).unwrap_or_default();
    let message = diagnostic.message.replace('%', "%25").replace('\n', "%0A");
    format!("::{level} file={file},line={line},col={column},title={}::{message}{help}", diagnostic.code)
}

/// `file:line:column: severity: message [code]`, as compilers write it and every editor reads it.
pub fn short(diagnostic: &Diagnostic) -> String {
    let file = diagnostic.source.as_ref().map_or("", |source| source.name());
    let place = diagnostic.source.as_ref().zip(diagnostic.span()).map(|(source, span)| source.line_column(span.lo));
    let (line, column) = place.map_or((1, 1), |place| (place.line, place.column));
    let help = diagnostic.help.as_ref().map(|help| format!(" ({help})")).unwrap_or_default();
    let text = format!("{}{help}", diagnostic.message).replace('\n', " ");
    format!("{file}:{line}:{column}: {}: {text} [{}]", severity_name(diagnostic.severity), diagnostic.code)
}

pub const fn severity_name(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Hint => "hint",
    }
}

fn place(object: &mut Value, diagnostic: &Diagnostic, span: Span) {
    let Some(source) = &diagnostic.source else { return };
    let (start, end) = (source.line_column(span.lo), source.line_column(span.hi));
    object["line"] = start.line.into();
    object["column"] = start.column.into();
    object["end_line"] = end.line.into();
    object["end_column"] = end.column.into();
}

/// The same diagnostic as miette reads one.
struct Report<'a> {
    diagnostic: &'a Diagnostic,
    source: Option<Shown>,
    labels: Vec<LabeledSpan>,
}

/// The text of a report, by name. Lines may be cut, so the columns that the report names are kept beside it.
struct Shown {
    name: String,
    text: String,
    /// Where a label starts in `text`, and the column, from 0, that it has in the whole text.
    columns: Vec<(usize, usize)>,
}

impl SourceCode for Shown {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let read = self.text.read_span(span, before, after)?;
        // miette asks for the place alone, without lines around it, to name it in the heading.
        let known = self.columns.iter().find(|(at, _)| before + after == 0 && *at == span.offset());
        let column = known.map_or(read.column(), |(_, column)| *column);
        let (data, place, lines) = (read.data(), *read.span(), read.line_count());
        Ok(Box::new(MietteSpanContents::new_named(self.name.clone(), data, place, read.line(), column, lines)))
    }
}

impl<'a> Report<'a> {
    fn new(diagnostic: &'a Diagnostic) -> Self {
        let Some(source) = diagnostic.source.as_ref().filter(|_| !diagnostic.labels.is_empty()) else {
            return Self { diagnostic, source: None, labels: Vec::new() };
        };
        let spans: Vec<Span> = diagnostic.labels.iter().map(|label| label.span).collect();
        let excerpt = Excerpt::new(source.text(), &spans);
        let labeled = |label: &super::Label| {
            let (start, end) = (excerpt.place(label.span.lo), excerpt.place(label.span.hi));
            let span = SourceSpan::new(start.into(), end.saturating_sub(start));
            LabeledSpan::new_with_span(Some(label.text.clone()), span)
        };
        let labels = diagnostic.labels.iter().map(labeled).collect();
        let column = |span: &Span| (excerpt.place(span.lo), source.line_column(span.lo).column - 1);
        let columns = spans.iter().map(column).collect();
        let shown = Shown { name: source.name().to_owned(), text: excerpt.text.into_owned(), columns };
        Self { diagnostic, source: Some(shown), labels }
    }
}

impl fmt::Debug for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.diagnostic.message)
    }
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.diagnostic.message)
    }
}

impl std::error::Error for Report<'_> {}

impl miette::Diagnostic for Report<'_> {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        (!self.diagnostic.code.is_empty()).then(|| Box::new(self.diagnostic.code) as Box<dyn fmt::Display>)
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.diagnostic.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Hint => miette::Severity::Advice,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.diagnostic.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.source.as_ref().map(|source| source as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
}
