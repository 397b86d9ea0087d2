//! Diagnostics for people (miette's graphical report) and for machines (one JSON object each).

use super::{Diagnostic, Severity};
use crate::text::Span;
use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource, SourceSpan};
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
        "file": diagnostic.source.as_ref().map(|source| source.name()),
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
    source: Option<NamedSource<String>>,
}

impl<'a> Report<'a> {
    fn new(diagnostic: &'a Diagnostic) -> Self {
        let source = diagnostic.source.as_ref().filter(|_| !diagnostic.labels.is_empty());
        let source = source.map(|source| NamedSource::new(source.name(), source.text().to_owned()));
        Self { diagnostic, source }
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

    fn source_code(&self) -> Option<&dyn miette::SourceCode> {
        self.source.as_ref().map(|source| source as &dyn miette::SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let labeled = |label: &super::Label| {
            let span = SourceSpan::new((label.span.lo as usize).into(), label.span.len());
            LabeledSpan::new_with_span(Some(label.text.clone()), span)
        };
        Some(Box::new(self.diagnostic.labels.iter().map(labeled)))
    }
}
