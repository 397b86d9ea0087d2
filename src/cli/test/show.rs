//! Results for people: failures with what differs, then a line that sums up.

use super::find::Found;
use super::{Ran, State};
use crate::cli::differences;
use crate::cli::paint::Paint;
use crate::testing::Complaint;
use std::time::Duration;

pub fn human(files: &[Found], results: &[Ran], took: Duration, all: bool, paint: Paint) -> String {
    let mut out = String::new();
    for result in results {
        let Some(file) = files.get(result.file) else { continue };
        let Some(test) = file.suite.tests.get(result.test) else { continue };
        let place = paint.dim(&file.name);
        match result.state {
            State::Passed if all => {
                let time = paint.dim(&format!("{:.1} ms", result.took.as_secs_f64() * 1000.0));
                out += &format!("{} {}  {place}  {time}\n", paint.green("✓"), test.name);
            }
            State::Passed => {}
            State::New => out += &format!("{} {}  {place}  snapshot written\n", paint.yellow("+"), test.name),
            State::Accepted => out += &format!("{} {}  {place}  snapshot accepted\n", paint.yellow("~"), test.name),
            State::Failed => {
                out += &format!("{} {}  {place}\n", paint.red("✗"), paint.bold(&test.name));
                out += &result.complaints.iter().map(|found| complaint(found, paint)).collect::<String>();
                for line in result.outcome.printed.lines().take(20) {
                    out += &format!("    {}\n", paint.dim(&format!("printed: {line}")));
                }
                out.push('\n');
            }
        }
    }
    out + &summary(results, took, paint)
}

fn summary(results: &[Ran], took: Duration, paint: Paint) -> String {
    let count = |state: State| results.iter().filter(|result| result.state == state).count();
    let failed = count(State::Failed);
    let passed = format!("{} passed", count(State::Passed));
    let mut words = vec![if count(State::Passed) > 0 { paint.green(&passed) } else { passed }];
    if failed > 0 {
        words.push(paint.red(&format!("{failed} failed")));
    }
    for (state, word) in [(State::New, "new"), (State::Accepted, "accepted")] {
        let count = count(state);
        if count > 0 {
            words.push(paint.yellow(&format!("{count} snapshot{} {word}", if count == 1 { "" } else { "s" })));
        }
    }
    let line = format!("{} in {:.1} ms\n", words.join(", "), took.as_secs_f64() * 1000.0);
    let changed = results.iter().any(|result| {
        result.complaints.iter().any(|found| matches!(found, Complaint::Differs { what: "snapshot", .. }))
    });
    if changed { line + &paint.dim("`connrun test --review` takes or refuses what has changed\n") } else { line }
}

/// One complaint, indented under its test.
pub fn complaint(found: &Complaint, paint: Paint) -> String {
    match found {
        Complaint::Line(text) => text.lines().map(|line| format!("    {line}\n")).collect(),
        Complaint::Differs { what, expected, actual } => {
            let mut out = format!("    {what} differs: {} expected, {} now\n", paint.red("-"), paint.green("+"));
            out += &differences::drawn(expected, actual, paint);
            out
        }
    }
}
