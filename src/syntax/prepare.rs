//! What is taken out of a text before the grammar reads it: the lines of heredocs, `=begin … =end`, everything after
//! `__END__`, a byte order mark. Blanks of the same length take their place, so offsets stay true.

use std::borrow::Cow;
use std::ops::Range;

use super::scan;

/// A heredoc, by byte offsets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heredoc {
    /// Where its `<<` stands.
    pub opener: usize,
    /// Its lines, without the one that ends it.
    pub body: Range<usize>,
    /// `<<'ID'`: neither escapes nor interpolation.
    pub raw: bool,
    /// `<<~ID`: the shared indentation goes.
    pub squiggly: bool,
}

/// A text that the grammar can read.
pub struct Prepared<'t> {
    pub text: Cow<'t, str>,
    pub heredocs: Vec<Heredoc>,
    /// `=begin … =end` comments.
    pub comments: Vec<Range<usize>>,
    /// What blanks took the place of, in order.
    pub blanks: Vec<Range<usize>>,
}

/// A whole file.
pub fn file(text: &str) -> Prepared<'_> {
    let bom = text.starts_with('\u{FEFF}');
    if !bom && !scan::worthwhile(text) {
        return Prepared { text: Cow::Borrowed(text), heredocs: Vec::new(), comments: Vec::new(), blanks: Vec::new() };
    }
    let found = scan::scan(text);
    let mut blanked = found.blanks;
    if bom {
        blanked.insert(0, 0..'\u{FEFF}'.len_utf8());
    }
    let kept = text.get(..found.end).unwrap_or(text);
    Prepared { text: blank(kept, &blanked), heredocs: found.heredocs, comments: found.comments, blanks: blanked }
}

/// The text of a heredoc, which may hold others in its interpolations.
pub fn nested(text: &str) -> Prepared<'_> {
    if !text.contains("#{") || !scan::worthwhile(text) {
        return Prepared { text: Cow::Borrowed(text), heredocs: Vec::new(), comments: Vec::new(), blanks: Vec::new() };
    }
    let found = scan::scan_template(text);
    Prepared {
        text: blank(text, &found.blanks),
        heredocs: found.heredocs,
        comments: found.comments,
        blanks: found.blanks,
    }
}

/// `text` with the blank before each of `offsets` marked: what follows it is an operator.
pub fn mark<'t>(text: &'t str, offsets: &[usize]) -> Cow<'t, str> {
    let mut bytes = text.as_bytes().to_vec();
    for offset in offsets {
        if let Some(byte @ (b' ' | b'\t')) = bytes.get_mut(*offset) {
            *byte = 1;
        }
    }
    String::from_utf8(bytes).map_or(Cow::Borrowed(text), Cow::Owned)
}

fn blank<'t>(text: &'t str, ranges: &[Range<usize>]) -> Cow<'t, str> {
    if ranges.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut bytes = text.as_bytes().to_vec();
    for range in ranges {
        if let Some(bytes) = bytes.get_mut(range.start..range.end.min(text.len())) {
            bytes.fill(b' ');
        }
    }
    String::from_utf8(bytes).map_or(Cow::Borrowed(text), Cow::Owned)
}
