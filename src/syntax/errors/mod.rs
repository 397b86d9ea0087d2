//! A text that the grammar refuses, explained to a person. Runs on broken files only.
//!
//! The grammar knows how far it came, which is seldom where the mistake is. So characters and literals are looked at first,
//! then the nesting, and what is left is told where the grammar stopped.

mod characters;
mod delimiters;
mod foreign;
mod literals;
mod mistakes;
mod nesting;
mod place;
mod slips;

pub use characters::suspicious;

use super::recover::{Patched, Repair};
use super::scan::{self, MarkKind};
use crate::diagnostic::Diagnostic;
use crate::text::Source;

/// What is wrong, and how to change the text so that reading can go on.
pub struct Finding {
    pub diagnostic: Diagnostic,
    pub repairs: Vec<Repair>,
}

/// Characters that have no place in code.
pub fn characters(source: &Source) -> Vec<Finding> {
    characters::check(source, &scan::scan_marks(source.text(), &[]).marks)
}

/// Literals that are never closed, but for those that `trusted` names.
pub fn literals(source: &Source, trusted: &[usize]) -> Vec<Finding> {
    literals::check(source, &scan::scan_marks(source.text(), trusted).marks)
}

/// Control structures of other languages.
pub fn foreign(source: &Source, trusted: &[usize]) -> Vec<Finding> {
    foreign::check(source, &scan::scan_marks(source.text(), trusted).marks)
}

/// More slips than this are not weighed.
const MOST_WEIGHED: usize = 24;

/// Openers that were left out, told only where the nesting fits better with them.
pub fn openers(source: &Source, trusted: &[usize]) -> Vec<Finding> {
    let mut best = nesting(source, trusted).1;
    let mut found: Vec<Finding> = Vec::new();
    for finding in mistakes::openers(source).into_iter().take(MOST_WEIGHED) {
        if best < nesting::ERROR {
            break;
        }
        let mut patched = Patched::new(source.text());
        let all = found.iter().chain([&finding]).flat_map(|finding| finding.repairs.clone());
        patched.apply(all.collect());
        let cost = nesting(&Source::new(source.name(), patched.text), trusted).1;
        if cost + nesting::ERROR <= best {
            best = cost;
            found.push(finding);
        }
    }
    found
}

/// Brackets and words that are not closed or close nothing; with the cost of the reading that says so.
pub fn nesting(source: &Source, trusted: &[usize]) -> (Vec<Finding>, u32) {
    let mut marks = scan::scan_marks(source.text(), trusted).marks;
    marks.retain(|mark| !matches!(mark.kind, MarkKind::Comma | MarkKind::Odd(_)));
    delimiters::check(source, &marks)
}

/// What can be put in where the grammar stopped at `offset`, so that nothing has to be taken out.
pub fn mended(source: &Source, offset: usize) -> Option<Repair> {
    let at = slips::missing_value_at(source.text(), offset)?;
    Some((at..at, " nil,".to_owned()))
}

/// The grammar stopped at `offset`.
pub fn stopped(source: &Source, offset: usize) -> Diagnostic {
    mistakes::find(source, offset).unwrap_or_else(|| place::unexpected(source, offset))
}
