//! Places and findings as the protocol writes them: lines from 0, columns in UTF-16 units or bytes.

use crate::diagnostic::{Diagnostic, Edit, Severity};
use crate::editor::Token;
use crate::text::{Source, Span, Unit};
use serde::Serialize;
use serde_json::Value;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Position {
    line: usize,
    character: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Range {
    start: Position,
    end: Position,
}

#[derive(Serialize)]
pub struct Location<'u> {
    pub uri: &'u str,
    pub range: Range,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TextEdit<'e> {
    pub range: Range,
    pub new_text: &'e str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Finding<'d> {
    range: Range,
    severity: u8,
    code: &'static str,
    source: &'static str,
    message: String,
    related_information: Vec<Related<'d>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tags: Option<[u8; 1]>,
}

#[derive(Serialize)]
struct Related<'d> {
    location: Location<'d>,
    message: &'d str,
}

/// The places of one text.
#[derive(Clone, Copy)]
pub struct Places<'s> {
    pub source: &'s Source,
    pub unit: Unit,
}

impl Places<'_> {
    /// The byte of a position; past the end of a line it is the end of the line, past the last line the end of the text.
    pub fn offset(&self, position: &Value) -> usize {
        let number = |key: &str| usize::try_from(position[key].as_u64().unwrap_or_default()).unwrap_or(usize::MAX);
        self.source.offset(number("line"), number("character"), self.unit) as usize
    }

    pub fn position(&self, offset: u32) -> Position {
        let (line, character) = self.source.place(offset, self.unit);
        Position { line, character }
    }

    pub fn range(&self, span: Span) -> Range {
        Range { start: self.position(span.lo), end: self.position(span.hi) }
    }

    pub fn edit<'e>(&self, edit: &'e Edit) -> TextEdit<'e> {
        TextEdit { range: self.range(edit.span), new_text: &edit.text }
    }

    /// Five numbers a token: lines and columns from the token before, length, kind, whether it is written.
    pub fn tokens(&self, tokens: &[Token]) -> Vec<u32> {
        let (mut line, mut column) = (0, 0);
        let mut numbers = Vec::with_capacity(tokens.len() * 5);
        for token in tokens {
            let (start, end) = (self.position(token.span.lo), self.position(token.span.hi));
            if start.line != end.line {
                continue;
            }
            let from = if start.line == line { column } else { 0 };
            let places = [start.line - line, start.character - from, end.character - start.character];
            numbers.extend(places.map(|number| number as u32));
            numbers.extend([token.kind as u32, u32::from(token.writes)]);
            (line, column) = (start.line, start.character);
        }
        numbers
    }

    pub fn finding<'d>(&self, finding: &'d Diagnostic, uri: &'d str) -> Finding<'d> {
        let severity = match finding.severity {
            Severity::Error => 1,
            Severity::Warning => 2,
            Severity::Hint => 4,
        };
        let related = |label: &'d crate::diagnostic::Label| Related {
            location: Location { uri, range: self.range(label.span) },
            message: &label.text,
        };
        let help = finding.help.as_ref().map(|help| format!("\nhelp: {help}")).unwrap_or_default();
        Finding {
            range: self.range(finding.span().unwrap_or_default()),
            severity,
            code: finding.code,
            source: "connrun",
            message: format!("{}{help}", finding.message),
            related_information: finding.labels.iter().skip(1).map(related).collect(),
            tags: tag(finding.code).map(|tag| [tag]),
        }
    }
}

/// What is unnecessary fades in editors, what is old is struck through.
fn tag(code: &str) -> Option<u8> {
    match code.rsplit("::").next().unwrap_or_default() {
        "unreachable" => Some(1),
        unused if unused.starts_with("unused-") => Some(1),
        "deprecated" => Some(2),
        _ => None,
    }
}
