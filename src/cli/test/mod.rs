//! `connrun test`: runs the tests beside connectors, on all cores.

mod cover;
pub mod find;
pub mod run;
mod show;
mod snapshots;

use super::args::{Display, Test as Options, TestFormat};
use super::failure::Failure;
use super::out::{Target, say};
use super::paint::Paint;
use super::secrets::Secrets;
use super::watch::Watched;
use super::{interrupt, report};
use crate::profile::Tree;
use crate::testing::report::{Line, junit, tap};
use crate::testing::{Complaint, Outcome, failed, judge_snapshot};
use find::Found;
use snapshots::Snapshots;
use std::time::{Duration, Instant};

/// What became of a test.
pub struct Ran {
    /// The file, and the number of the test in it.
    pub file: usize,
    pub test: usize,
    pub outcome: Outcome,
    pub complaints: Vec<Complaint>,
    pub took: Duration,
    pub state: State,
    pub profile: Option<Tree>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Passed,
    Failed,
    /// There was no snapshot; now there is.
    New,
    /// The snapshot was another one, and was accepted.
    Accepted,
}

pub fn run(options: &Options, display: &Display) -> Result<u8, Failure> {
    let target = Target::of(options.output.as_deref())?;
    let paint = if options.output.is_some() { Paint(false) } else { Paint::stdout(display) };
    if options.review {
        return snapshots::review(&find::pending(&options.paths)?, paint);
    }
    if options.watch {
        return Ok(again(options, display, &target, paint));
    }
    once(options, display, &target, paint)
}

/// Runs now, and after each change.
fn again(options: &Options, display: &Display, target: &Target, paint: Paint) -> u8 {
    interrupt::watch();
    loop {
        let before = Watched::Folder.stamps();
        let tried = once(options, display, target, paint);
        let status = tried.unwrap_or_else(|failure| report::failure(failure, display, &Secrets::default().redactor()));
        if interrupt::asked() {
            return status;
        }
        let Some(changed) = Watched::Folder.wait(&before) else { return status };
        // Nobody reads any more: there is nothing to run for.
        if say(&format!("\n{}\n", paint.dim(&format!("── {} ──", changed.display())))).is_err() {
            return status;
        }
    }
}

fn once(options: &Options, display: &Display, target: &Target, paint: Paint) -> Result<u8, Failure> {
    let sheets = cover::Sheets::of(options)?;
    let began = Instant::now();
    let (files, filter) = find::files(options)?;
    let mut results = run::all(&files, &filter, options)?;
    if results.is_empty() {
        return Err(find::nothing(&files, &filter));
    }
    results.sort_by_key(|result| (result.file, result.test));
    keep(&files, &mut results, options.accept)?;
    let took = began.elapsed();
    let text = match options.format {
        TestFormat::Human => show::human(&files, &results, took, display.verbose, paint),
        TestFormat::Tap => tap(&lines(&files, &results)),
        TestFormat::Junit => junit(&lines(&files, &results)),
    };
    target.write(&text)?;
    let enough = sheets.fill(&files, &mut results, options, display)?;
    Ok(u8::from(!enough || results.iter().any(|result| result.state == State::Failed)))
}

/// Compares with snapshots where a test expects nothing itself, and writes the new ones.
fn keep(files: &[Found], results: &mut [Ran], accept: bool) -> Result<(), Failure> {
    let strict = std::env::var_os("CI").is_some_and(|value| !value.is_empty() && value != "false");
    for (number, file) in files.iter().enumerate() {
        let mut snapshots = Snapshots::open(&file.path)?;
        for result in results.iter_mut().filter(|result| result.file == number) {
            let Some(test) = file.suite.tests.get(result.test).filter(|test| test.expect.is_none()) else { continue };
            if let Some(error) = result.outcome.error.as_ref().filter(|error| error.unanswered) {
                // That is nothing to keep, nor to compare.
                result.complaints = vec![failed(error)];
                result.state = State::Failed;
                continue;
            }
            let now = result.outcome.snapshot();
            match snapshots.get(&test.name).cloned() {
                None if strict && !accept => {
                    let line = "it has no snapshot; run it once on your machine and commit the file";
                    result.complaints.push(Complaint::Line(line.to_owned()));
                }
                None => {
                    snapshots.set(&test.name, now);
                    result.state = State::New;
                    continue;
                }
                Some(kept) => {
                    result.complaints = judge_snapshot(&kept, &result.outcome);
                    if !result.complaints.is_empty() && accept {
                        snapshots.set(&test.name, now);
                        result.complaints.clear();
                        result.state = State::Accepted;
                        continue;
                    }
                    if !result.complaints.is_empty() {
                        snapshots.propose(&test.name, now);
                    }
                }
            }
            result.state = if result.complaints.is_empty() { State::Passed } else { State::Failed };
        }
        snapshots.save()?;
    }
    Ok(())
}

fn lines<'a>(files: &'a [Found], results: &'a [Ran]) -> Vec<Line<'a>> {
    let line = |result: &'a Ran| {
        let file = files.get(result.file)?;
        Some(Line {
            suite: &file.name,
            name: &file.suite.tests.get(result.test)?.name,
            complaints: &result.complaints,
            seconds: result.took.as_secs_f64(),
        })
    };
    results.iter().filter_map(line).collect()
}
