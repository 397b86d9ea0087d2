//! A named text with its line index.

use super::Span;
use std::sync::Arc;

/// One source file: its name as the user knows it, its text, and where its lines start. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Source {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    name: String,
    text: String,
    line_starts: Vec<u32>,
    wide: Vec<Wide>,
}

/// A character of several bytes: where it ends, and how many bytes all of its kind up to it take more than code points, and
/// more than UTF-16 units. So the column of any place is found without counting its line.
#[derive(Clone, Copy, Debug, Default)]
struct Wide {
    end: u32,
    points: u32,
    units: u32,
}

/// What columns count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    Byte,
    Point,
    Utf16,
}

impl Wide {
    const fn more(self, unit: Unit) -> u32 {
        match unit {
            Unit::Byte => 0,
            Unit::Point => self.points,
            Unit::Utf16 => self.units,
        }
    }
}

/// A place a person can find: both numbers start at 1, the column counts code points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineColumn {
    pub line: usize,
    pub column: usize,
}

impl Source {
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        let text = text.into();
        let newlines = memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at as u32 + 1);
        let line_starts = std::iter::once(0).chain(newlines).collect();
        let wide = wide(&text);
        Self { inner: Arc::new(Inner { name: name.into(), text, line_starts, wide }) }
    }

    pub fn name(&self) -> &str {
        &self.inner.name
    }

    pub fn text(&self) -> &str {
        &self.inner.text
    }

    /// The text under `span`; empty where the span does not lie on character boundaries of this text.
    pub fn slice(&self, span: Span) -> &str {
        self.inner.text.get(span.range()).unwrap_or_default()
    }

    /// Line and column of a byte offset; an offset past the end is the end.
    pub fn line_column(&self, offset: u32) -> LineColumn {
        let (line, column) = self.place(offset, Unit::Point);
        LineColumn { line: line + 1, column: column + 1 }
    }

    /// Line and column of a byte offset, both from 0; inside of a character they are those of the character.
    pub fn place(&self, offset: u32, unit: Unit) -> (usize, usize) {
        let mut offset = (offset as usize).min(self.inner.text.len());
        while !self.inner.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let offset = offset as u32;
        let line = self.line_of(offset);
        let start = self.inner.line_starts.get(line).copied().unwrap_or_default();
        let more = self.wide_before(offset).more(unit) - self.wide_before(start).more(unit);
        (line, (offset - start - more) as usize)
    }

    /// The line of a byte offset, from 0.
    pub fn line_of(&self, offset: u32) -> usize {
        self.inner.line_starts.partition_point(|start| *start <= offset).saturating_sub(1)
    }

    /// The byte offset of a line and a column, both from 0. Past the end of a line it is the end of the line, past the last
    /// line the end of the text.
    pub fn offset(&self, line: usize, column: usize, unit: Unit) -> u32 {
        let length = self.inner.text.len() as u32;
        let Some(start) = self.inner.line_starts.get(line).copied() else { return length };
        let end = self.inner.line_starts.get(line + 1).map_or(length, |next| next - 1);
        let before = self.wide_before(start).more(unit);
        let first = self.inner.wide.partition_point(|wide| wide.end <= start);
        let inside = self.inner.wide.get(first..).unwrap_or_default();
        let column = u32::try_from(column).unwrap_or(u32::MAX).min(end - start);
        let passed =
            inside.partition_point(|wide| wide.end <= end && wide.end - start + before <= column + wide.more(unit));
        let more =
            passed.checked_sub(1).and_then(|last| inside.get(last)).map_or(before, |wide| wide.more(unit)) - before;
        let mut offset = (start + column + more).min(end);
        while !self.inner.text.is_char_boundary(offset as usize) {
            offset += 1;
        }
        offset
    }

    fn wide_before(&self, offset: u32) -> Wide {
        let passed = self.inner.wide.partition_point(|wide| wide.end <= offset);
        passed.checked_sub(1).and_then(|last| self.inner.wide.get(last)).copied().unwrap_or_default()
    }

    /// The span of a 1-based line without its line break; `None` past the last line.
    pub fn line_span(&self, line: usize) -> Option<Span> {
        let lo = *self.inner.line_starts.get(line.checked_sub(1)?)?;
        let hi = self.inner.line_starts.get(line).map_or(self.inner.text.len() as u32, |next| next - 1);
        Some(Span::new(lo, hi))
    }

    pub fn line_count(&self) -> usize {
        self.inner.line_starts.len()
    }
}

fn wide(text: &str) -> Vec<Wide> {
    if text.is_ascii() {
        return Vec::new();
    }
    let mut found = Vec::new();
    let mut last = Wide::default();
    for (at, c) in text.char_indices().filter(|(_, c)| !c.is_ascii()) {
        let bytes = c.len_utf8() as u32;
        last = Wide {
            end: at as u32 + bytes,
            points: last.points + bytes - 1,
            units: last.units + bytes - c.len_utf16() as u32,
        };
        found.push(last);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{Source, Unit};

    #[test]
    fn columns_count_what_is_asked() {
        let text = "a\n'😀' é\nz";
        let source = Source::new("a", text);
        for (offset, line, bytes, points, units) in [
            (0, 0, 0, 0, 0),
            (2, 1, 0, 0, 0),
            (3, 1, 1, 1, 1),
            (7, 1, 5, 2, 3),
            (9, 1, 7, 4, 5),
            (11, 1, 9, 5, 6),
            (12, 2, 0, 0, 0),
        ] {
            for (unit, column) in [(Unit::Byte, bytes), (Unit::Point, points), (Unit::Utf16, units)] {
                assert_eq!(source.place(offset, unit), (line, column), "{offset} {unit:?}");
                assert_eq!(source.offset(line, column, unit), offset, "{line}:{column} {unit:?}");
            }
        }
        assert_eq!(source.place(5, Unit::Utf16), (1, 1));
        assert_eq!(source.offset(1, 2, Unit::Utf16), 7);
        assert_eq!(source.offset(1, 99, Unit::Utf16), 11);
        assert_eq!(source.offset(9, 0, Unit::Utf16), text.len() as u32);
        assert_eq!(source.offset(1, usize::MAX, Unit::Byte), 11);
    }

    /// Against counting, over every place of texts with all kinds of characters.
    #[test]
    fn columns_agree_with_counting() {
        for text in ["", "\n", "ä", "aß→😀\r\n\u{FEFF}x😀😀\n\nü", "😀"] {
            let source = Source::new("a", text);
            for (at, _) in text.char_indices().chain([(text.len(), ' ')]) {
                let line = text[..at].matches('\n').count();
                let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
                let column = text[start..at].encode_utf16().count();
                assert_eq!(source.place(at as u32, Unit::Utf16), (line, column));
                assert_eq!(source.offset(line, column, Unit::Utf16), at as u32);
            }
        }
    }
}
