//! Places and findings as the protocol writes them: lines from 0, columns in UTF-16 units or bytes.

use crate::diagnostic::{Diagnostic, Edit, Severity};
use crate::editor::Token;
use crate::text::Span;
use serde_json::{Value, json};

/// Where the lines of a text begin.
pub struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
    wide: bool,
}

impl<'t> Lines<'t> {
    pub fn new(text: &'t str, wide: bool) -> Self {
        let newlines = memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at + 1);
        Self { text, starts: std::iter::once(0).chain(newlines).collect(), wide }
    }

    /// The byte of a position; past the end of a line it is the end of the line, past the last line the end of the text.
    pub fn offset(&self, position: &Value) -> usize {
        let line = position["line"].as_u64().unwrap_or_default() as usize;
        let column = position["character"].as_u64().unwrap_or_default() as usize;
        let Some(start) = self.starts.get(line).copied() else { return self.text.len() };
        let end = self.starts.get(line + 1).map_or(self.text.len(), |next| next - 1);
        let mut units = 0;
        for (at, c) in self.text.get(start..end).unwrap_or_default().char_indices() {
            if units >= column {
                return start + at;
            }
            units += if self.wide { c.len_utf16() } else { c.len_utf8() };
        }
        end
    }

    pub fn position(&self, offset: usize) -> Value {
        let (line, column) = self.place(offset);
        json!({ "line": line, "character": column })
    }

    fn place(&self, offset: usize) -> (usize, usize) {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.starts.partition_point(|start| *start <= offset).saturating_sub(1);
        let start = self.starts.get(line).copied().unwrap_or_default();
        let before = self.text.get(start..offset).unwrap_or_default();
        let column = if self.wide { before.encode_utf16().count() } else { before.len() };
        (line, column)
    }

    pub fn range(&self, span: Span) -> Value {
        json!({ "start": self.position(span.lo as usize), "end": self.position(span.hi as usize) })
    }

    /// Five numbers a token: lines and columns from the token before, length, kind, whether it is written.
    pub fn tokens(&self, tokens: &[Token]) -> Vec<usize> {
        let (mut line, mut column) = (0, 0);
        let mut numbers = Vec::with_capacity(tokens.len() * 5);
        for token in tokens {
            let (at_line, at_column) = self.place(token.span.lo as usize);
            let (end_line, end_column) = self.place(token.span.hi as usize);
            if at_line != end_line {
                continue;
            }
            let from = if at_line == line { column } else { 0 };
            let kind = token.kind as usize;
            numbers.extend([at_line - line, at_column - from, end_column - at_column, kind, usize::from(token.writes)]);
            (line, column) = (at_line, at_column);
        }
        numbers
    }

    pub fn edit(&self, edit: &Edit) -> Value {
        json!({ "range": self.range(edit.span), "newText": edit.text })
    }

    pub fn diagnostic(&self, finding: &Diagnostic, uri: &str) -> Value {
        let severity = match finding.severity {
            Severity::Error => 1,
            Severity::Warning => 2,
            Severity::Hint => 4,
        };
        let help = finding.help.as_ref().map(|help| format!("\nhelp: {help}")).unwrap_or_default();
        let related =
            finding.labels.iter().skip(1).map(
                |label| json!({ "location": { "uri": uri, "range": self.range(label.span) }, "message": label.text }),
            );
        let mut value = json!({
            "range": self.range(finding.span().unwrap_or_default()),
            "severity": severity,
            "code": finding.code,
            "source": "connrun",
            "message": format!("{}{help}", finding.message),
            "relatedInformation": related.collect::<Vec<_>>(),
        });
        let code = finding.code.rsplit("::").next().unwrap_or_default();
        match code {
            // Unnecessary: editors let it fade.
            "unreachable" => value["tags"] = json!([1]),
            unused if unused.starts_with("unused-") => value["tags"] = json!([1]),
            // Old: editors strike it through.
            "deprecated" => value["tags"] = json!([2]),
            _ => {}
        }
        value
    }
}

#[cfg(test)]
mod tests {
    use super::Lines;
    use serde_json::json;

    #[test]
    fn positions_count_utf16_units() {
        let text = "a\n'😀' é\nz";
        let wide = Lines::new(text, true);
        for (offset, line, column) in [(0, 0, 0), (2, 1, 0), (3, 1, 1), (7, 1, 3), (9, 1, 5), (12, 2, 0), (13, 2, 1)] {
            let position = json!({ "line": line, "character": column });
            assert_eq!(wide.position(offset), position, "{offset}");
            assert_eq!(wide.offset(&position), offset, "{position}");
        }
        assert_eq!(wide.offset(&json!({ "line": 1, "character": 99 })), 11);
        assert_eq!(wide.offset(&json!({ "line": 9, "character": 0 })), text.len());
        assert_eq!(Lines::new(text, false).position(7), json!({ "line": 1, "character": 5 }));
    }
}
