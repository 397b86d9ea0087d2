//! Finding secrets by value: all spellings of all of them in one pass.

use aho_corasick::AhoCorasick;
use std::ops::Range;
use std::sync::OnceLock;

/// One way of writing a secret.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Spelling {
    pub text: String,
    /// `[redacted:api_token]`, or `[redacted:api_token encoded]` where it is not written as it is.
    pub named: String,
}

/// Every spelling of every secret, longest first.
#[derive(Clone, Default)]
pub(super) struct Spellings {
    all: Vec<Spelling>,
    /// Made when it is first needed; nothing in it where it cannot be made.
    finder: OnceLock<Option<AhoCorasick>>,
}

/// A stretch of a text that has to be masked, and the longest spelling that was found in it.
pub(super) type Stretch<'a> = (Range<usize>, &'a Spelling);

impl Spellings {
    pub fn add(&mut self, more: impl Iterator<Item = Spelling>) {
        self.all.extend(more);
        self.all.sort_by(|a, b| b.text.len().cmp(&a.text.len()).then_with(|| a.text.cmp(&b.text)));
        self.all.dedup_by(|a, b| a.text == b.text);
        self.finder = OnceLock::new();
    }

    pub fn iter(&self) -> impl Iterator<Item = &Spelling> {
        self.all.iter()
    }

    /// Where secrets stand, in order. Where two overlap, all that either covers is one stretch.
    pub fn stretches(&self, bytes: &[u8]) -> Vec<Stretch<'_>> {
        let Some(longest) = self.all.first() else { return Vec::new() };
        let finder = self.finder.get_or_init(|| AhoCorasick::new(self.all.iter().map(|spelling| &spelling.text)).ok());
        // What cannot be searched is not shown.
        let Some(finder) = finder else { return vec![(0..bytes.len(), longest)] };
        let mut found: Vec<Stretch<'_>> = finder
            .find_overlapping_iter(bytes)
            .filter_map(|found| Some((found.range(), self.all.get(found.pattern().as_usize())?)))
            .collect();
        found.sort_by_key(|(range, _)| range.start);
        let mut stretches: Vec<Stretch<'_>> = Vec::with_capacity(found.len());
        for (range, spelling) in found {
            match stretches.last_mut().filter(|(last, _)| range.start < last.end) {
                Some((last, longest)) => {
                    last.end = last.end.max(range.end);
                    if spelling.text.len() > longest.text.len() {
                        *longest = spelling;
                    }
                }
                None => stretches.push((range, spelling)),
            }
        }
        stretches
    }
}
