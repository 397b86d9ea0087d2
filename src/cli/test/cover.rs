//! What tests reach of their connectors, and where their time goes: for people, and into files.

use super::Ran;
use super::find::Found;
use crate::cli::args::{CoverageTo, Display, Test as Options, TestFormat};
use crate::cli::failure::Failure;
use crate::cli::out::Target;
use crate::cli::paint::{self, Paint};
use crate::cli::profile::Sheet;
use crate::profile::Tree;
use crate::testing::coverage::{Counts, Coverage, Missed, Part, Ratio, lcov};
use std::io::Write;
use std::sync::Arc;

/// Where it is written; known to be writable before anything runs.
pub struct Sheets {
    lcov: Option<Target>,
    profile: Option<Sheet>,
}

impl Sheets {
    pub fn of(options: &Options) -> Result<Self, Failure> {
        let named = match &options.coverage {
            Some(CoverageTo::Lcov(path)) => Some(path),
            _ => options.lcov.as_ref(),
        };
        Ok(Self {
            lcov: named.map(|path| Target::of(Some(path))).transpose()?,
            profile: options.profile.as_ref().map(Sheet::of).transpose()?,
        })
    }

    /// Writes and shows all that is asked for. Is enough of the connectors covered?
    pub fn fill(
        &self,
        files: &[Found],
        results: &mut [Ran],
        options: &Options,
        display: &Display,
    ) -> Result<bool, Failure> {
        // Results for other programs are alone on standard output.
        let apart = options.format != TestFormat::Human || options.output.is_some();
        let paint = if apart { Paint::stderr(display) } else { Paint::stdout(display) };
        let mut out = String::new();
        if let Some(sheet) = &self.profile {
            let runs: Vec<Tree> = results.iter_mut().filter_map(|result| result.profile.take()).collect();
            let count = runs.len();
            let name = format!("{count} test{}", if count == 1 { "" } else { "s" });
            let text = sheet.fill(&Tree::of(&name, runs), paint)?;
            out += &if text.is_empty() { text } else { format!("\n{text}") };
        }
        let covered = connectors(files);
        if let Some(target) = &self.lcov {
            let report: String =
                covered.iter().map(|(file, counts)| lcov(file.source.name(), &file.program, counts)).collect();
            target.write(&report)?;
        }
        let all: Vec<Coverage> = covered.iter().map(|(file, counts)| Coverage::of(&file.program, counts)).collect();
        if options.coverage == Some(CoverageTo::Table) {
            out += &all.iter().map(|one| table(one, paint, paint::width())).collect::<String>();
        } else if options.probes().coverage {
            out += &all.iter().map(|one| format!("{}\n", summary(one, paint))).collect::<String>();
        }
        let (verdict, enough) = enough(&all, options.fail_under, paint);
        out += &verdict;
        if apart {
            // A closed standard error is no reason to fail.
            let _ = std::io::stderr().write_all(out.as_bytes());
        } else {
            crate::cli::out::say(&out)?;
        }
        Ok(enough)
    }
}

/// Each connector once, with what was counted.
fn connectors(files: &[Found]) -> Vec<(&Found, &Counts)> {
    let mut found: Vec<(&Found, &Counts)> = Vec::new();
    for file in files {
        let Some(counts) = &file.counts else { continue };
        if !found.iter().any(|(known, _)| Arc::ptr_eq(&known.program, &file.program)) {
            found.push((file, counts));
        }
    }
    found
}

fn enough(all: &[Coverage], wanted: Option<f64>, paint: Paint) -> (String, bool) {
    let Some(wanted) = wanted else { return (String::new(), true) };
    let lines = all
        .iter()
        .map(Coverage::lines)
        .fold(Ratio::default(), |sum, lines| Ratio { reached: sum.reached + lines.reached, all: sum.all + lines.all });
    if lines.percent() >= wanted {
        return (String::new(), true);
    }
    let line = format!("{:.1} % of the lines are covered, {wanted} % are wanted\n", lines.percent());
    (paint.red(&line), false)
}

/// How much of a connector is reached…
fn summary(coverage: &Coverage, paint: Paint) -> String {
    let (lines, branches) = (share(coverage.lines()), share(coverage.branches()));
    format!("{} · {lines} of lines · {branches} of branches", paint.bold(&coverage.file))
}

/// …and how many of its parts were run.
fn parts(coverage: &Coverage) -> String {
    let kinds = [("actions", "action"), ("triggers", "trigger"), ("methods", "method")];
    let words = kinds.map(|(kind, word)| match coverage.ran(kind) {
        Ratio { all: 0, .. } => None,
        Ratio { reached, all } => Some(format!("{reached} of {all} {word}{}", if all == 1 { "" } else { "s" })),
    });
    words.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// Never rounded up: all is all.
fn share(ratio: Ratio) -> String {
    format!("{:.0} %", ratio.percent().floor())
}

const BAR: usize = 10;
/// Behind the name: bar, percent, branches, and blanks between.
const FIXED: usize = 2 + 2 + BAR + 1 + 5 + 2 + 8 + 2;
/// So many lines are filled with what a part misses.
const MOST: usize = 3;

fn table(coverage: &Coverage, paint: Paint, width: usize) -> String {
    let mut out = format!("\n{}\n", summary(coverage, paint));
    let parts = parts(coverage);
    out += &if parts.is_empty() { parts } else { format!("{parts}\n") };
    let longest = coverage.parts.iter().map(|part| part.name.chars().count()).max().unwrap_or(0);
    let name = longest.clamp(8, width.saturating_sub(FIXED + 20).clamp(16, 40));
    out += &paint.dim(&format!("\n  {:name$}  {:BAR$} {:>5}  {:>8}  {}\n", "", "lines", "", "branches", "not covered"));
    let mut kind = "";
    for part in &coverage.parts {
        if part.kind != kind {
            kind = &part.kind;
            if *kind != part.name {
                out += &format!("{}\n", paint.bold(kind));
            }
        }
        out += &row(part, name, width, paint);
    }
    out
}

fn row(part: &Part, name: usize, width: usize, paint: Paint) -> String {
    let percent = part.lines.percent();
    let full = (percent / 100.0 * BAR as f64).floor() as usize;
    let bar = "█".repeat(full) + &paint.dim(&"░".repeat(BAR - full));
    let bar = match percent {
        percent if !part.ran || percent < 50.0 => paint.red(&bar),
        ..90.0 => paint.yellow(&bar),
        _ => paint.green(&bar),
    };
    let branches = match part.branches {
        Ratio { all: 0, .. } => String::new(),
        Ratio { reached, all } => format!("{reached}/{all}"),
    };
    // What is a part of nothing stands where the kinds stand.
    let alone = part.kind == part.name;
    let shown = paint::middle(&part.name, name);
    let space = " ".repeat(name - shown.chars().count() + usize::from(alone) * 2);
    let shown = match (part.ran, alone) {
        (false, _) => paint.red(&shown),
        (true, true) => paint.bold(&shown),
        (true, false) => shown,
    };
    let indent = if alone { "" } else { "  " };
    let missed = missed(part, width.saturating_sub(name + FIXED).max(16));
    let mut lines = missed.iter();
    let first = lines.next().map(String::as_str).unwrap_or_default();
    let mut out = format!("{indent}{shown}{space}  {bar} {:>5}  {branches:>8}  {first}", share(part.lines));
    out.truncate(out.trim_end().len());
    out.push('\n');
    for line in lines {
        out += &format!("{}{line}\n", " ".repeat(name + FIXED));
    }
    out
}

/// Line numbers, and what branches of other lines lack, in lines of that width.
fn missed(part: &Part, width: usize) -> Vec<String> {
    if !part.ran && part.lines.reached == 0 {
        return vec!["all of it".to_owned()];
    }
    let mut words: Vec<String> = part.missed.iter().map(word).collect();
    words.dedup();
    let mut lines: Vec<String> = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let left = words.len() - at;
        match lines.last_mut() {
            Some(line) if line.chars().count() + 2 + word.chars().count() <= width => *line = format!("{line}, {word}"),
            _ => lines.push(word.clone()),
        }
        if lines.len() > MOST {
            lines.pop();
            if let Some(last) = lines.last_mut() {
                *last = format!("{last} and {left} more");
            }
            return lines;
        }
    }
    lines
}

fn word(missed: &Missed) -> String {
    match missed {
        Missed::Lines(from, to) if from == to => from.to_string(),
        Missed::Lines(from, to) => format!("{from}–{to}"),
        Missed::Way { line, sign, name } => format!("{line} {} {name}", sign.text()),
    }
}
