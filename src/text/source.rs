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
        Self { inner: Arc::new(Inner { name: name.into(), text, line_starts }) }
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
        let offset = (offset as usize).min(self.inner.text.len());
        let line = self.inner.line_starts.partition_point(|start| *start as usize <= offset);
        let start = self.inner.line_starts[line - 1] as usize;
        let column = self.inner.text.as_bytes()[start..offset].iter().filter(|byte| (**byte & 0xC0) != 0x80).count();
        LineColumn { line, column: column + 1 }
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
