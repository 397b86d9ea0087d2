//! A test of the last run: what it was given and what was answered are in its trace, what came of it comes again.

use super::{Made, Options, Subject, expectation, tried};
use crate::cli::failure::Failure;
use crate::cli::trace::{self, Rerun};
use crate::http::redact::{MASK, MASK_START};
use crate::http::trace::{Body, Record};
use crate::testing::draft::{Content, Draft, exchange};
use chrono::SecondsFormat;
use serde_json::Value as Json;
use std::path::{Path, PathBuf};

const RECORD: &str = "run it again with `--record FILE`, and then this: a recording keeps everything";

pub fn make(options: &Options) -> Result<(Subject, Made), Failure> {
    let path = options.trace.clone().or_else(trace::place).ok_or_else(|| {
        Failure::usage("trace::off", "CONNRUN_TRACE says that no trace is kept")
            .help("unset it, or name a trace with `--trace FILE`")
    })?;
    let kept = trace::read(&path)?;
    let ran = kept.head.ran.clone().ok_or_else(|| {
        Failure::usage("generate::run", format!("the last run was no `exec` (`connrun {}`)", kept.head.run))
            .help("run the part that shall be tested: `connrun exec action NAME …`")
    })?;
    let connector = options.connector.clone().unwrap_or_else(|| PathBuf::from(&kept.head.connector));
    let subject = Subject::open(Some(&connector))?;
    let mut draft = Draft {
        name: options.name.clone().unwrap_or_else(|| called(&ran)),
        path: ran.path.clone(),
        settings: Json::Object(ran.settings.clone()),
        inputs: ran.inputs.clone(),
        ..Draft::default()
    };
    // A recording has more than a trace: bodies of any size, the clock and the dice.
    draft.exchanges = match &ran.cassette {
        Some(cassette) => recorded(cassette, &mut draft)?,
        None if kept.lost > 0 => return Err(lacking("it sent more than its trace holds")),
        None => kept.records.iter().map(answered).collect::<Result<_, _>>().map_err(|reason| lacking(&reason))?,
    };
    draft.now = draft.now.or(ran.now).or_else(|| Some(kept.head.began.to_rfc3339_opts(SecondsFormat::Millis, true)));
    draft.seed = draft.seed.or(ran.seed);
    let (outcome, _) = tried(&subject, &draft).map_err(|reason| lacking(&reason))?;
    if let Some(error) = outcome.error.as_ref().filter(|error| error.unanswered) {
        return Err(lacking(&error.message));
    }
    draft.expect = expectation(&outcome);
    if let Some(cassette) = &ran.cassette {
        draft.exchanges.clear();
        draft.cassette = Some(from(options.output.as_deref(), cassette));
        (draft.now, draft.seed) = (None, None);
    }
    Ok((subject, Made { drafts: vec![draft], remarks: Vec::new() }))
}

fn lacking(reason: &str) -> Failure {
    Failure::usage("generate::run", format!("the trace of the run is not enough for a test: {reason}")).help(RECORD)
}

/// `actions.get_customer` is called `get customer`.
fn called(ran: &Rerun) -> String {
    let mut steps = ran.path.splitn(2, '.');
    let first = steps.next().unwrap_or_default();
    steps.next().unwrap_or(first).replace('_', " ")
}

/// The exchanges of a recording, and when it was made.
fn recorded(path: &Path, draft: &mut Draft) -> Result<Vec<Json>, Failure> {
    let cassette = crate::cli::tape::read(path, &crate::cli::args::Where::default())?;
    draft.now.clone_from(&cassette.run.now);
    draft.seed = cassette.run.seed;
    let text = crate::cassette::write(&cassette, &crate::http::redact::Redactor::default());
    let value = crate::value::yaml::parse(&text, crate::value::yaml::YamlMode::Settings).unwrap_or_default();
    let json = crate::value::json::generate(&value).unwrap_or_default();
    let mut json: Json = serde_json::from_str(&json).unwrap_or_default();
    Ok(json["exchanges"].as_array_mut().map(std::mem::take).unwrap_or_default())
}

/// A path from the folder of the tests.
fn from(output: Option<&Path>, path: &Path) -> String {
    let folder = output.and_then(Path::parent).unwrap_or(Path::new(""));
    let steps = folder.components().count();
    match path.strip_prefix(folder) {
        Ok(inside) => inside.display().to_string(),
        Err(_) if path.is_absolute() => path.display().to_string(),
        Err(_) => format!("{}{}", "../".repeat(steps), path.display()),
    }
}

/// A request of the trace with its answer.
fn answered(record: &Record) -> Result<Json, String> {
    let Some(answer) = &record.answer else { return Err(format!("{} {} had no answer", record.method, record.url)) };
    for body in record.body.iter().chain([&answer.body]) {
        if body.cut || body.binary {
            let why = if body.binary { "is no text" } else { "is longer than a trace keeps" };
            return Err(format!("a body of {} {} {why}", record.method, record.url));
        }
    }
    let text = |body: &Body| plain(&body.text);
    let (sent, came) = (record.body.as_ref().map(text), text(&answer.body));
    let content = sent.as_deref().map(|text| Content { kind: record.header("Content-Type"), text });
    let headers: Vec<(String, String)> =
        answer.headers.iter().map(|(name, value)| (name.clone(), plain(value))).collect();
    let came = Content { kind: answer.header("Content-Type"), text: &came };
    Ok(exchange((&record.method, &plain(&record.url), content), answer.status, &headers, came))
}

/// Masks without the names of the secrets, as recordings have them.
fn plain(text: &str) -> String {
    let mut parts = text.split(MASK_START);
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out += MASK;
        out += part.split_once(']').map_or(part, |(_, rest)| rest);
    }
    out
}
