//! A tree for a text that the grammar refuses. Level one repairs characters, literals and nesting, by their looks; level two
//! asks the grammar, and takes out the entry or statement it stops in, until it is content.

mod patch;
mod slices;

pub use patch::{Patched, Repair};

use super::errors::{self, Finding};
use super::parse::Failure;
use super::scan::MarkKind;
use crate::diagnostic::Diagnostic;
use crate::text::{Source, Span};

/// More errors than this are not told.
const MOST_ERRORS: usize = 20;
/// Parts taken out before the rest of the text is given up: at least these,
const LEAST_CUTS: usize = 8;
/// at most these,
const MOST_CUTS: usize = 200;
/// and as many as let so many bytes be read again: somebody waits for the findings.
const MOST_READ: usize = 2 << 20;
/// An error within so many lines of another is the same one.
const NEAR: usize = 1;
/// A text that is nested deeper is not repaired.
const DEEPEST: usize = 200;
/// Literals that are tried both ways.
const MOST_DOUBTS: usize = 3;

/// What became of a broken text.
pub struct Recovery {
    pub patched: Patched,
    pub diagnostics: Vec<Diagnostic>,
    /// Parts of the original that were taken out: nothing may be said of them.
    pub lost: Vec<Span>,
}

/// Repairs what `start` has of `source` until `parse` accepts it. `None`: whatever is done, it does not.
pub fn recover(source: &Source, start: &Patched, parse: &dyn Fn(&str) -> Result<(), Failure>) -> Option<Recovery> {
    if depth(&start.text) > DEEPEST {
        return None;
    }
    let doubts = doubts(source, start);
    let mut best = attempt(source, start, &[], parse)?;
    if doubts.is_empty() || best.diagnostics.len() <= 1 {
        return Some(best);
    }
    let mut trusted: Vec<usize> = Vec::new();
    let mut tries: Vec<Vec<usize>> = doubts.iter().take(MOST_DOUBTS).map(|at| vec![*at]).collect();
    tries.insert(0, doubts);
    for more in tries {
        let mut all = trusted.clone();
        all.extend(&more);
        if best.diagnostics.len() <= 1 {
            break;
        }
        let Some(other) = attempt(source, start, &all, parse) else { continue };
        if other.diagnostics.len() < best.diagnostics.len() {
            trusted = all;
            best = other;
        }
    }
    Some(best)
}

/// How many brackets and words are open at once, however they match.
fn depth(text: &str) -> usize {
    let (mut depth, mut deepest) = (0usize, 0);
    for mark in super::scan::scan_marks(text, &[]).marks {
        match mark.kind {
            MarkKind::Open(_) | MarkKind::OpenWord(_) => depth += 1,
            MarkKind::Close(_) | MarkKind::End => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

/// Literals that look unclosed, but could be meant as they are.
fn doubts(source: &Source, start: &Patched) -> Vec<usize> {
    errors::literals(&Source::new(source.name(), start.text.clone()), &[])
        .iter()
        .filter_map(|finding| finding.diagnostic.span())
        .map(|span| start.original(span.lo as usize))
        .collect()
}

fn attempt(
    source: &Source,
    start: &Patched,
    trusted: &[usize],
    parse: &dyn Fn(&str) -> Result<(), Failure>,
) -> Option<Recovery> {
    let mut work = Work { source, patched: start.clone(), diagnostics: Vec::new(), lost: Vec::new() };
    // The passes that come first never add or remove bytes before a trusted literal in a valid text, so its place is found anew.
    work.pass(errors::characters);
    for pass in [errors::literals, errors::foreign, errors::openers, |source: &Source, trusted: &[usize]| {
        errors::nesting(source, trusted).0
    }] {
        let here = work.moved(trusted);
        work.pass(|source| pass(source, &here));
    }
    work.cut(trusted, parse)?;
    Some(Recovery { patched: work.patched, diagnostics: work.diagnostics, lost: work.lost })
}

struct Work<'s> {
    source: &'s Source,
    patched: Patched,
    diagnostics: Vec<Diagnostic>,
    lost: Vec<Span>,
}

impl Work<'_> {
    fn current(&self) -> Source {
        Source::new(self.source.name(), self.patched.text.clone())
    }

    /// Where the places of the original are by now.
    fn moved(&self, places: &[usize]) -> Vec<usize> {
        let marks = super::scan::scan_marks(&self.patched.text, &[]).marks;
        marks.iter().map(|mark| mark.at).filter(|at| places.contains(&self.patched.original(*at))).collect()
    }

    fn pass(&mut self, find: impl Fn(&Source) -> Vec<Finding>) {
        let found = find(&self.current());
        if found.is_empty() {
            return;
        }
        let mut repairs = Vec::new();
        for finding in found {
            self.tell(finding.diagnostic);
            repairs.extend(finding.repairs);
        }
        self.patched.apply(repairs);
    }

    fn tell(&mut self, diagnostic: Diagnostic) {
        let diagnostic = self.patched.restore(diagnostic, self.source);
        if self.diagnostics.len() < MOST_ERRORS {
            self.diagnostics.push(diagnostic);
        }
    }

    /// Takes out what the grammar cannot read.
    fn cut(&mut self, trusted: &[usize], parse: &dyn Fn(&str) -> Result<(), Failure>) -> Option<()> {
        let most = (MOST_READ / self.patched.text.len().max(1)).clamp(LEAST_CUTS, MOST_CUTS);
        for round in 0..=most {
            let failure = match parse(&self.patched.text) {
                Ok(()) => return Some(()),
                Err(failure) => failure,
            };
            if failure.too_deep {
                return None;
            }
            let current = self.current();
            if !self.known(failure.offset) {
                let diagnostic = errors::stopped(&current, failure.offset);
                self.tell(diagnostic);
            }
            if let Some(repair) = errors::mended(&current, failure.offset).filter(|_| round < most) {
                self.patched.apply(vec![repair]);
                continue;
            }
            let whole = round == most;
            let here = self.moved(trusted);
            let (range, text) = slices::around(&self.patched.text, failure.offset, whole, &here);
            let span = Span::new(range.start as u32, range.end as u32);
            self.lost.push(self.patched.original_span(span));
            self.patched.apply(vec![(range, text)]);
        }
        None
    }

    /// Another diagnostic already says what is wrong there.
    fn known(&self, offset: usize) -> bool {
        let line = |at: usize| self.source.line_column(at as u32).line;
        let here = line(self.patched.original(offset));
        let lost = self.lost.iter().any(|span| line(span.lo as usize) <= here && here <= line(span.hi as usize) + NEAR);
        lost || self.diagnostics.iter().any(|diagnostic| {
            let spans = diagnostic.labels.iter().map(|label| label.span.lo as usize);
            spans.into_iter().any(|at| line(at).abs_diff(here) <= NEAR)
        })
    }
}
