//! A test of each action: its required fields filled in, and the service answering with `sample_output`, in the shape in
//! which the action finds it.

use super::{Made, Options, Subject, expectation, plain, tried};
use crate::cassette::{self, Recording};
use crate::cli::failure::Failure;
use crate::cli::test::run as runner;
use crate::connector;
use crate::http::reroute::Offline;
use crate::http::{FromFn, Request, Response, Transport};
use crate::testing::draft::{Content, Draft, exchange};
use crate::testing::{Outcome, sample};
use crate::text::nearest;
use serde_json::{Map, Value as Json, json};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What goes on asking after so many answers does not end.
const ANSWERS: usize = 30;
/// So many keys of the file are tried as the one under which an action finds its answer.
const KEYS: usize = 60;

pub fn make(options: &Options) -> Result<(Subject, Made), Failure> {
    let subject = Subject::open(options.connector.as_deref())?;
    let settings = Json::Object(sample::input(&part(&subject, "connection.fields", &Json::Null).unwrap_or_default()));
    let known = names(&subject);
    if let Some(unknown) = options.actions.iter().find(|name| !known.contains(name)) {
        let near = nearest(unknown, known.iter().map(String::as_str)).map(|near| format!("did you mean `{near}`? "));
        return Err(Failure::usage("usage::name", format!("there is no action `{unknown}`")).help(format!(
            "{}there is: {}",
            near.unwrap_or_default(),
            known.join(", ")
        )));
    }
    let chosen = |name: &&String| options.actions.is_empty() || options.actions.contains(name);
    let mut made = Made::default();
    for name in known.iter().filter(chosen) {
        match action(&subject, name, &settings) {
            Ok(draft) => made.drafts.push(draft),
            Err(reason) => made.remarks.push(format!(
                "{name} is left out: {reason}; run it with `--record FILE`, then `connrun generate test --from-run`"
            )),
        }
    }
    if known.is_empty() {
        made.remarks.push("there are no actions to test".to_owned());
    }
    Ok((subject, made))
}

fn action(subject: &Subject, name: &str, settings: &Json) -> Result<Draft, String> {
    let path = format!("actions.{name}");
    let fields = |part_name: &str| part(subject, &format!("{path}.{part_name}"), settings).unwrap_or_default();
    let config = sample::input(&fields("config_fields"));
    let mut input = config.clone();
    input.extend(sample::input(&fields("input_fields")));
    let mut inputs = Map::from_iter([("input".to_owned(), Json::Object(input))]);
    if !config.is_empty() {
        inputs.insert("config_fields".to_owned(), config.into());
    }
    inputs.retain(|_, value| value.as_object().is_some_and(|value| !value.is_empty()));
    let wanted = fields("sample_output");
    let (outcome, exchanges, _) = best(subject, &path, settings, &inputs, &wanted)?;
    let draft = Draft {
        name: name.replace('_', " "),
        path,
        settings: settings.clone(),
        inputs,
        exchanges,
        expect: expectation(&outcome),
        ..Draft::default()
    };
    match tried(subject, &draft)?.1.as_slice() {
        [] => Ok(draft),
        _ => Err("it does not come to the same twice".to_owned()),
    }
}

/// The outcome that is most like the sample, of all shapes in which the sample may be answered; with the exchanges that led
/// to it, and that shape.
pub(super) fn best(
    subject: &Subject,
    path: &str,
    settings: &Json,
    inputs: &Map<String, Json>,
    wanted: &Json,
) -> Result<(Outcome, Vec<Json>, Json), String> {
    let mut best: Option<(usize, Outcome, Vec<Json>, Json)> = None;
    let mut failed = None;
    for answer in shapes(wanted, subject.source.text()) {
        let (outcome, exchanges) = answered(subject, path, settings, inputs, &answer);
        if let Some(error) = outcome.error {
            failed.get_or_insert(error.message);
            continue;
        }
        let output = outcome.output.clone().unwrap_or_default();
        let (like, all) = sample::likeness(wanted, &output);
        let done = like == all || exchanges.is_empty();
        if best.as_ref().is_none_or(|(known, ..)| like > *known) {
            best = Some((like, outcome, exchanges, answer));
        }
        if done {
            break;
        }
    }
    match best {
        Some((_, outcome, exchanges, answer)) => Ok((outcome, exchanges, answer)),
        None => Err(format!("answered with its sample it fails ({})", failed.unwrap_or_default())),
    }
}

/// The sample alone, what it holds, in a list, and all of them under keys that the connector reads.
fn shapes(sample: &Json, text: &str) -> Vec<Json> {
    let sample = if sample.is_null() { json!({}) } else { sample.clone() };
    let mut plain = vec![sample.clone(), json!([sample])];
    if let Some((_, only)) =
        sample.as_object().filter(|sample| sample.len() == 1).and_then(|sample| sample.iter().next())
    {
        plain.push(only.clone());
    }
    let keys: BTreeSet<&str> = text
        .split("['")
        .skip(1)
        .filter_map(|rest| rest.split_once("']").map(|(key, _)| key))
        .filter(|key| !key.is_empty() && key.len() < 40 && !key.contains(['\'', '\n']))
        .take(KEYS * 8)
        .collect();
    let mut all = plain.clone();
    for key in keys.into_iter().take(KEYS) {
        all.extend(plain.iter().map(|value| json!({ key: value })));
    }
    all
}

/// Runs an action whose every request is answered with that.
fn answered(
    subject: &Subject,
    path: &str,
    settings: &Json,
    inputs: &Map<String, Json>,
    answer: &Json,
) -> (Outcome, Vec<Json>) {
    let (body, count) = (answer.to_string(), AtomicUsize::new(0));
    let always = FromFn(move |request: &Request| {
        if count.fetch_add(1, Ordering::Relaxed) >= ANSWERS {
            return Offline.send(request);
        }
        let mut response = Response { status: 200, url: request.url.clone(), ..Response::default() };
        response.headers.append("Content-Type", "application/json");
        response.body = body.clone().into_bytes();
        Ok(response)
    });
    let recording = Recording::new(always);
    let tape = recording.tape();
    let outcome = runner::attempt(&subject.found(), &plain(path, settings, inputs), Box::new(recording));
    let exchanges = tape.take().iter().map(written).collect();
    (outcome, exchanges)
}

fn written(one: &cassette::Interaction) -> Json {
    let body = one.body.as_deref().map(String::from_utf8_lossy);
    let content = body.as_deref().map(|text| Content { kind: one.headers.get("Content-Type"), text });
    let cassette::Answer::Response { status, body: answer, .. } = &one.answer else { return Json::Null };
    let answer = String::from_utf8_lossy(answer);
    let answer = Content { kind: Some("application/json"), text: &answer };
    exchange((one.method.as_str(), &one.url, content), *status, &[], answer)
}

/// A part that needs no service; `None` where it does.
fn part(subject: &Subject, path: &str, settings: &Json) -> Option<Json> {
    let outcome = runner::attempt(&subject.found(), &plain(path, settings, &Map::new()), Box::new(Offline));
    outcome.output.filter(|_| outcome.requests.is_empty())
}

/// The actions, in the order of the file.
fn names(subject: &Subject) -> Vec<String> {
    let environment = connector::Environment::new(Arc::new(Offline), crate::value::Value::Nil);
    let run = crate::cli::args::Run::default();
    let output = crate::cli::world::Output::Buffer(std::rc::Rc::default());
    let world = crate::cli::open::world(&run, output);
    let limits = crate::cli::open::limits(&run);
    let loaded = connector::Connector::load(Arc::clone(&subject.program), Box::new(world), limits, environment);
    let Ok(loaded) = loaded else { return Vec::new() };
    let actions = loaded.session().table(&["actions"]);
    actions.keys().iter().map(|key| crate::value::to_s(key).to_text()).collect()
}
