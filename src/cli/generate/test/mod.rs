//! `connrun generate test`: tests that pass at once, of samples or of a run.

mod from_run;
mod from_samples;

use super::args::Test as Options;
use crate::cli::args::{Display, Where};
use crate::cli::failure::Failure;
use crate::cli::open::compile;
use crate::cli::out::Target;
use crate::cli::test::{find, run as runner};
use crate::cli::{files, report};
use crate::http::redact::Redactor;
use crate::program::Program;
use crate::testing::draft::{self, Draft};
use crate::testing::{self, Complaint, Outcome, Suite, Test, sample};
use crate::text::Source;
use serde_json::{Map, Value as Json};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The connector that tests are made of.
pub struct Subject {
    path: PathBuf,
    source: Source,
    program: Arc<Program>,
    lookups: Vec<(String, Json)>,
}

/// What came of it, and what has to be said about it.
#[derive(Default)]
struct Made {
    drafts: Vec<Draft>,
    remarks: Vec<String>,
}

pub fn run(options: &Options, display: &Display) -> Result<u8, Failure> {
    let target = Target::of(options.output.as_deref())?;
    let made = if options.from_run { from_run::make(options)? } else { from_samples::make(options)? };
    let (subject, mut made) = made;
    let known = options.output.as_deref().filter(|path| path.exists());
    let text = match known {
        Some(path) => Some(files::read_text(path)?.text().to_owned()),
        None => None,
    };
    let names: Vec<String> = match &text {
        Some(text) => read(text, known)?.tests.into_iter().map(|test| test.name).collect(),
        None => Vec::new(),
    };
    if options.from_run {
        renamed(&mut made.drafts, &names);
    } else {
        let before = made.drafts.len();
        made.drafts.retain(|draft| !names.contains(&draft.name));
        if made.drafts.len() < before {
            made.remarks.push(format!("{} of them there already", before - made.drafts.len()));
        }
    }
    report::remarks(&made.remarks, display, &Redactor::default());
    if made.drafts.is_empty() {
        return Ok(u8::from(names.is_empty()));
    }
    let written = match &text {
        Some(text) => draft::append(text, &made.drafts).map_err(|reason| unfit(known, &reason))?,
        None => draft::write(named(options.output.as_deref(), &subject).as_deref(), &made.drafts),
    };
    if read(&written, known)?.tests.len() != names.len() + made.drafts.len() {
        return Err(unfit(known, "its list `tests:` is not the last thing in it"));
    }
    target.write(&written)?;
    if let Some(path) = &options.output {
        let count = made.drafts.len();
        let word = if count == 1 { "test" } else { "tests" };
        let mut told = vec![format!("{} written: {count} {word}", path.display())];
        told.extend(find::remark(path));
        report::remarks(&told, display, &Redactor::default());
    }
    Ok(0)
}

impl Subject {
    fn open(connector: Option<&Path>) -> Result<Self, Failure> {
        let place = Where { connector: connector.map(Path::to_path_buf), ..Where::default() };
        let path = files::connector_path(&place)?;
        let source = files::read_connector(&path)?;
        let program = compile(&source)?;
        let lookups = find::lookups_of(&path)?;
        Ok(Self { path, source, program, lookups })
    }

    fn found(&self) -> find::Found {
        find::apart(self.source.clone(), Arc::clone(&self.program), self.lookups.clone())
    }
}

/// The answer of a service of which an action makes what its sample says, as far as that is found by trying: the sample, or
/// the sample inside of what the action reads. Nothing leaves for it.
pub fn answer_like(
    source: &Source,
    program: &Arc<Program>,
    path: &str,
    settings: &Json,
    input: &Json,
    sample: &Json,
) -> Option<Json> {
    let file = PathBuf::from(source.name());
    let lookups = find::lookups_of(&file).unwrap_or_default();
    let subject = Subject { path: file, source: source.clone(), program: Arc::clone(program), lookups };
    let inputs = Map::from_iter([("input".to_owned(), input.clone())]);
    let (outcome, _, answer) = from_samples::best(&subject, path, settings, &inputs, sample).ok()?;
    let (like, all) = sample::likeness(sample, &outcome.output.unwrap_or_default());
    // Times are written in another way on their way through the fields.
    (2 * like > all).then_some(answer)
}

/// What has to be of the test that gave this outcome: the output, and what was sent.
fn expectation(outcome: &Outcome) -> Json {
    let mut expect = Map::new();
    match &outcome.error {
        Some(error) => {
            expect.insert("error".into(), serde_json::json!({ "message": error.message, "class": error.class }));
        }
        None => {
            expect.insert("output".into(), outcome.output.clone().unwrap_or_default());
        }
    }
    if !outcome.requests.is_empty() {
        expect.insert("requests".into(), outcome.requests.iter().map(testing::sent).collect());
    }
    expect.into()
}

/// Runs a draft as `connrun test` would. Errors: the text that it makes cannot be read.
fn tried(subject: &Subject, draft: &Draft) -> Result<(Outcome, Vec<Complaint>), String> {
    let text = draft::write(None, std::slice::from_ref(draft));
    let suite = testing::read(&text).map_err(|unreadable| unreadable.message)?;
    let only = suite.tests.first().ok_or("it holds no test")?;
    Ok(runner::judged(&subject.found(), only))
}

/// A test of a part, before it is known what is answered.
fn plain(path: &str, settings: &Json, inputs: &Map<String, Json>) -> Test {
    Test {
        path: path.to_owned(),
        settings: Some(settings.clone()),
        inputs: inputs.iter().map(|(name, value)| (name.clone(), value.clone())).collect(),
        ..Test::default()
    }
}

/// The connector, where the file of the tests would not find it by itself.
fn named(output: Option<&Path>, subject: &Subject) -> Option<String> {
    let output = output?;
    let folder = output.parent().unwrap_or(Path::new("")).to_path_buf();
    let is_found = find::beside(output, &folder).is_ok_and(|found| find::tidy(&found) == find::tidy(&subject.path));
    if is_found {
        return None;
    }
    let up = folder.components().count();
    let from_there = if subject.path.is_absolute() { String::new() } else { "../".repeat(up) };
    Some(format!("{from_there}{}", subject.path.display()))
}

/// Names that are taken get a number.
fn renamed(drafts: &mut [Draft], names: &[String]) {
    for draft in drafts {
        let plain = draft.name.clone();
        let mut number = 2;
        while names.contains(&draft.name) {
            draft.name = format!("{plain} {number}");
            number += 1;
        }
    }
}

fn read(text: &str, path: Option<&Path>) -> Result<Suite, Failure> {
    testing::read(text).map_err(|unreadable| unfit(path, &unreadable.message))
}

fn unfit(path: Option<&Path>, reason: &str) -> Failure {
    let name = path.map_or_else(|| "the new file".to_owned(), |path| path.display().to_string());
    Failure::usage("test::file", format!("no test can be added to {name}: {reason}"))
        .help("name another file with `-o FILE`")
}
