//! Patterns of dates: compiled once, matched with numbered groups.

use crate::value::{Regexp, RegexpOptions};
use std::ops::Range;
use std::sync::LazyLock;

/// A pattern that is compiled at its first use. One that does not compile (none, as the tests see) never matches.
pub type Pattern = LazyLock<Option<Regexp>>;

pub const DAYS: &str = "sun|mon|tue|wed|thu|fri|sat";
pub const MONTHS: &str = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec";

/// Compiles a pattern that takes no notice of case.
pub fn pattern(source: &str) -> Option<Regexp> {
    Regexp::new(source.as_bytes(), RegexpOptions { ignore_case: true, ..RegexpOptions::default() }).ok()
}

/// A match in a text.
pub struct Groups<'t> {
    text: &'t str,
    ranges: Vec<Option<(usize, usize)>>,
}

impl<'t> Groups<'t> {
    pub fn find(pattern: &Pattern, text: &'t str) -> Option<Self> {
        let ranges = pattern.as_ref()?.find_in(text)?;
        Some(Self { text, ranges })
    }

    /// The text of a group that took part.
    pub fn get(&self, number: usize) -> Option<&'t str> {
        let (lo, hi) = (*self.ranges.get(number)?)?;
        self.text.get(lo..hi)
    }

    /// The text of a group, empty if it took no part.
    pub fn text(&self, number: usize) -> &'t str {
        self.get(number).unwrap_or_default()
    }

    pub fn whole(&self) -> Range<usize> {
        self.ranges.first().copied().flatten().map_or(0..0, |(lo, hi)| lo..hi)
    }
}

/// The place of a name in a list like `DAYS`, told by its first three letters.
pub fn index_of(names: &str, name: &str) -> i64 {
    let start = name.get(..3).unwrap_or(name).to_ascii_lowercase();
    names.split('|').position(|other| other == start).unwrap_or(0) as i64
}
