//! Whether a test came to what was expected.

use super::{Expect, Failed, Outcome};
use crate::cassette;
use crate::http::Request;
use crate::http::redact::Redactor;
use serde_json::Value as Json;

/// Something that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Complaint {
    /// Two texts of several lines.
    Differs { what: &'static str, expected: String, actual: String },
    /// Said in a line.
    Line(String),
}

/// What is wrong with an outcome; nothing if it is as expected.
pub fn judge(expect: &Expect, outcome: &Outcome, redactor: &Redactor) -> Vec<Complaint> {
    let mut found = Vec::new();
    match (&outcome.error, &expect.error) {
        (Some(error), None) => {
            found.push(failed(error));
        }
        (None, Some(_)) => {
            let output = outcome.output.as_ref().map(ToString::to_string).unwrap_or_default();
            found.push(Complaint::Line(format!("it was to fail, and gave {}", short(&output))));
        }
        (Some(error), Some(wanted)) => {
            if let Some(message) = wanted.message.as_ref().filter(|message| !error.message.contains(message.as_str())) {
                let (expected, actual) = (message.clone(), error.message.clone());
                found.push(Complaint::Differs { what: "the error's message", expected, actual });
            }
            if let Some(class) = wanted.class.as_ref().filter(|class| !is_class(&error.class, class)) {
                found.push(Complaint::Line(format!("the error is of class {}, not {class}", error.class)));
            }
        }
        (None, None) => {}
    }
    if let (Some(mut wanted), Some(output)) = (expect.output.clone(), &outcome.output) {
        // The output has masks where secrets were.
        redactor.known_in_json(&mut wanted);
        if wanted != *output {
            found.push(differs("output", &wanted, output));
        }
    }
    if let Some(wanted) = &expect.requests {
        found.extend(requests(wanted, &outcome.requests, redactor));
    }
    found
}

/// The same against what an earlier run gave.
pub fn judge_snapshot(kept: &Json, outcome: &Outcome) -> Vec<Complaint> {
    let now = outcome.snapshot();
    if *kept == now { Vec::new() } else { vec![differs("snapshot", kept, &now)] }
}

/// A failure that nobody expected.
pub fn failed(error: &Failed) -> Complaint {
    let place = error.place.as_ref().map(|place| format!(" at {place}")).unwrap_or_default();
    let mut line = format!("it failed{place}: {} ({})", error.message, error.class);
    if error.unanswered {
        line += "\ngive its answer under `exchanges`, or record it: `connrun exec … --record FILE`, `cassette: FILE`";
    }
    Complaint::Line(line)
}

fn differs(what: &'static str, expected: &Json, actual: &Json) -> Complaint {
    Complaint::Differs { what, expected: format!("{expected:#}"), actual: format!("{actual:#}") }
}

/// The whole name, or what stands behind its last `::`.
fn is_class(full: &str, wanted: &str) -> bool {
    full == wanted || full.strip_suffix(wanted).is_some_and(|rest| rest.ends_with("::"))
}

fn requests(wanted: &[Request], sent: &[Request], redactor: &Redactor) -> Vec<Complaint> {
    let mut found = Vec::new();
    for (at, (wanted, sent)) in wanted.iter().zip(sent).enumerate() {
        let mut compared = sent.clone();
        if wanted.body.is_none() {
            compared.body = None;
        }
        // What kind of body it is, the sent one says.
        let wanted = Request { headers: sent.headers.clone(), ..wanted.clone() };
        let differences = cassette::differences(&wanted, &compared, redactor);
        if !differences.is_empty() {
            let line = format!("request {} is not as expected: {}", at + 1, differences.join("; "));
            found.push(Complaint::Line(line));
        }
    }
    let line = |request: &Request| format!("{} {}", request.method, request.url);
    let missing = wanted.iter().skip(sent.len()).map(|request| format!("not sent: {}", line(request)));
    let more = sent.iter().skip(wanted.len()).map(|request| format!("sent besides: {}", line(request)));
    found.extend(missing.chain(more).map(Complaint::Line));
    found
}

fn short(text: &str) -> String {
    text.char_indices().nth(200).map_or_else(|| text.to_owned(), |(at, _)| format!("{}…", &text[..at]))
}
