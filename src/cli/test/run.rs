//! Runs tests: each on one thread, with a connector, settings, clock and answers of its own.

use super::find::Found;
use super::{Ran, State};
use crate::cassette::{Cassette, Facts, Replay};
use crate::cli::args::{Clock, Run, Test as Options};
use crate::cli::failure::{Failure, Kind};
use crate::cli::observe::Observer;
use crate::cli::open::{connection_fields, limits, world};
use crate::cli::secrets::Secrets;
use crate::cli::world::Output;
use crate::cli::{lookups, report};
use crate::connector::{Connector, Environment, Inputs};
use crate::http::reroute::Offline;
use crate::http::trace::Trace;
use crate::http::{Request, Transport, digest, redirect};
use crate::testing::{Complaint, Failed, Outcome, Test, judge};
use crate::value::{Hash, Symbol, Unwind, Value, json};
use chrono::{DateTime, Utc};
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

/// Stack of each thread; reserved, not used, until something is that deep.
const STACK: usize = 256 << 20;
/// The clock of tests that say nothing of it, and have no recording that does.
const NOW: &str = "2025-01-01T00:00:00Z";

/// Runs the tests whose names hold what is asked for.
pub fn all(files: &[Found], filter: &[String], options: &Options) -> Result<Vec<Ran>, Failure> {
    let chosen = |name: &str| filter.is_empty() || filter.iter().any(|part| name.contains(part.as_str()));
    let queue: Vec<(usize, usize)> = files
        .iter()
        .enumerate()
        .flat_map(|(file, found)| {
            let tests = found.suite.tests.iter().enumerate();
            tests.filter(|(_, test)| chosen(&test.name)).map(move |(test, _)| (file, test)).collect::<Vec<_>>()
        })
        .collect();
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let workers = options.jobs.unwrap_or(cores).clamp(1, queue.len().max(1));
    let (next, results) = (AtomicUsize::new(0), Mutex::new(Vec::with_capacity(queue.len())));
    let work = || {
        while let Some(&(file, test)) = queue.get(next.fetch_add(1, Ordering::Relaxed)) {
            let Some(found) = files.get(file) else { continue };
            let Some(asked) = found.suite.tests.get(test) else { continue };
            let result = one(found, asked, file, test, options.profile.is_some());
            results.lock().unwrap_or_else(PoisonError::into_inner).push(result);
            Symbol::forget_run_time();
        }
    };
    let started = std::thread::scope(|scope| {
        let threads: Vec<_> =
            (0..workers).map(|_| std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work)).collect();
        threads.iter().filter(|thread| thread.is_ok()).count()
    });
    if started == 0 {
        return Err(Failure::usage("test::threads", "this machine gives no thread to run tests on"));
    }
    Ok(results.into_inner().unwrap_or_else(PoisonError::into_inner))
}

fn one(found: &Found, test: &Test, file: usize, number: usize, profiled: bool) -> Ran {
    let began = Instant::now();
    let observer = Observer { counts: found.counts.clone(), profile: profiled.then(Arc::default) };
    let (outcome, secrets) = outcome(found, test, None, &observer);
    let profile = observer.profile.map(|profile| {
        let mut profile = profile.lock().unwrap_or_else(PoisonError::into_inner);
        profile.finish(&test.name, began.elapsed().as_secs_f64(), &found.program)
    });
    let complaints = match &test.expect {
        Some(expect) => judge(expect, &outcome, &secrets.redactor()),
        None => Vec::new(),
    };
    let state = if complaints.is_empty() { State::Passed } else { State::Failed };
    Ran { file, test: number, outcome, complaints, took: began.elapsed(), state, profile }
}

/// Runs a test that `carrier` answers instead of what it says itself.
pub fn attempt(found: &Found, test: &Test, carrier: Box<dyn Transport>) -> Outcome {
    outcome(found, test, Some(carrier), &Observer::default()).0
}

/// Runs a test, and says besides what was not as it expects.
pub fn judged(found: &Found, test: &Test) -> (Outcome, Vec<Complaint>) {
    let (outcome, secrets) = outcome(found, test, None, &Observer::default());
    let complaints = test.expect.as_ref().map(|expect| judge(expect, &outcome, &secrets.redactor()));
    (outcome, complaints.unwrap_or_default())
}

fn outcome(found: &Found, test: &Test, carrier: Option<Box<dyn Transport>>, observer: &Observer) -> (Outcome, Secrets) {
    let secrets = Secrets::default();
    let cassette = match (&test.exchanges, &test.cassette) {
        (Some(exchanges), _) => Some(Arc::new(Cassette { run: Facts::default(), exchanges: exchanges.clone() })),
        (None, Some(named)) => found.cassettes.get(named).cloned(),
        (None, None) => None,
    };
    let carrier: Box<dyn Transport> = match (carrier, &cassette) {
        (Some(carrier), _) => carrier,
        (None, Some(cassette)) => {
            let known = secrets.clone();
            Box::new(Replay::new(cassette, Arc::new(move || known.redactor()), None))
        }
        (None, None) => Box::new(Offline),
    };
    let sent: Arc<Mutex<Vec<Request>>> = Arc::default();
    let (seen, known, listening) = (Arc::clone(&sent), secrets.clone(), observer.clone());
    let watched = Trace::new(carrier, move |exchange| {
        seen.lock().unwrap_or_else(PoisonError::into_inner).push(exchange.request.clone());
        if let Ok(response) = exchange.outcome {
            known.learn(&response.body);
        }
        listening.exchanged(exchange, || known.redactor());
    });
    let transport = Arc::new(redirect::Redirects(digest::Digest(watched)));
    let printed = Rc::new(RefCell::new(Vec::new()));
    let facts = cassette.as_deref().map(|cassette| &cassette.run);
    let result = value(found, test, transport, &secrets, facts, (&printed, observer));
    let redactor = secrets.redactor();
    let mut outcome = Outcome {
        requests: sent.lock().unwrap_or_else(PoisonError::into_inner).iter().map(|one| redactor.request(one)).collect(),
        printed: redactor.text(&String::from_utf8_lossy(&printed.borrow())),
        ..Outcome::default()
    };
    match result {
        Ok(mut output) => {
            redactor.known_in_json(&mut output);
            outcome.output = Some(output);
        }
        Err(failed) => outcome.error = Some(Failed { message: redactor.message(&failed.message), ..failed }),
    }
    (outcome, secrets)
}

/// Loads the connector and runs the part.
fn value(
    found: &Found,
    test: &Test,
    transport: Arc<dyn Transport>,
    secrets: &Secrets,
    facts: Option<&Facts>,
    (printed, observer): (&Rc<RefCell<Vec<u8>>>, &Observer),
) -> Result<serde_json::Value, Failed> {
    let failed = |unwind: Box<Unwind>| of_unwind(&unwind, found);
    let settings = test.settings.as_ref().map_or_else(|| Value::hash(Hash::new()), to_value);
    let run = settled(test, facts);
    let mut environment = Environment::new(transport, settings.clone());
    environment.habits.no_wait = true;
    for (name, value) in found.lookups.iter().chain(&test.lookups) {
        lookups::put(&mut environment, name, to_value(value));
    }
    let world = world(&run, Output::Buffer(Rc::clone(printed))).observed(observer);
    let loaded = Connector::load(Arc::clone(&found.program), Box::new(world), limits(&run), environment);
    let mut connector = loaded.map_err(failed)?;
    let fields = connection_fields(&mut connector);
    if let Value::Hash(settings) = &settings {
        secrets.add_settings(settings, &fields);
    }
    let recorded = Hash::new();
    for (name, value) in facts.iter().flat_map(|facts| &facts.settings) {
        if connector.session().setting(name).is_nil() {
            recorded.insert_str(name, Value::str(value));
        }
    }
    connector.session().merge_settings(&recorded);
    let output = match connector.run(&path(&test.path), &inputs(test)) {
        Ok(output) => output,
        Err(unwind) => match *unwind {
            Unwind::Suspend(step) => step,
            unwind => return Err(of_unwind(&unwind, found)),
        },
    };
    let written = json::pretty(&output, json::BinaryForm::Hex).map_err(failed)?;
    serde_json::from_str(&written).map_err(|error| Failed { message: error.to_string(), ..Failed::default() })
}

/// Clock and dice: as the test says, as the recording says, as all tests have them.
fn settled(test: &Test, facts: Option<&Facts>) -> Run {
    let time = |text: &str| DateTime::parse_from_rfc3339(text).ok().map(|time| time.with_timezone(&Utc));
    let recorded = facts.and_then(|facts| facts.now.as_deref()).and_then(time);
    Run {
        now: test.now.or(recorded).or_else(|| time(NOW)),
        seed: test.seed.or_else(|| facts.and_then(|facts| facts.seed)).or(Some(1)),
        clock: Clock::Replayed,
        no_wait: true,
        ..Run::default()
    }
}

fn of_unwind(unwind: &Unwind, found: &Found) -> Failed {
    let failure = report::of_unwind(unwind, &found.source);
    let place = failure.diagnostic.span().map(|span| {
        let place = found.source.line_column(span.lo);
        format!("{}:{}:{}", found.source.name(), place.line, place.column)
    });
    let class = failure.class.unwrap_or_else(|| failure.kind.name().to_owned());
    Failed { class, message: failure.diagnostic.message.clone(), place, unanswered: failure.kind == Kind::Offline }
}

/// `action search` is `actions.search`, as on the command line.
fn path(written: &str) -> String {
    match written.split_once(' ') {
        Some((kind, name)) => format!("{}s.{}", kind.replace('-', "_"), name.trim()),
        None => written.to_owned(),
    }
}

fn to_value(given: &serde_json::Value) -> Value {
    json::parse(given.to_string().as_bytes()).unwrap_or_default()
}

fn inputs(test: &Test) -> Inputs {
    let mut inputs = Inputs::default();
    for (name, given) in &test.inputs {
        let value = to_value(given);
        match name.as_str() {
            "args" => inputs.args = value,
            "closure" => inputs.closure = value,
            "config_fields" => inputs.config_fields = value,
            "continue" => inputs.continued = value,
            "extended_input_schema" => inputs.extended_input_schema = value,
            "extended_output_schema" => inputs.extended_output_schema = value,
            "webhook_headers" => inputs.webhook_headers = value,
            "webhook_params" => inputs.webhook_params = value,
            "webhook_payload" => inputs.webhook_payload = value,
            "webhook_subscribe_output" => inputs.webhook_subscribe_output = value,
            _ => inputs.input = value,
        }
    }
    inputs
}
