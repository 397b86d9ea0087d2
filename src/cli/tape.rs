//! `--record`, `--replay`, `--replay-or-record`, `--dry-run`: where a run's requests go instead of the network, and what
//! is written of them at the end.

use super::args::{Clock, Display, Recording as Files, Run, Tape as Options, Where};
use super::failure::Failure;
use super::generate::answer_like;
use super::open::Opened;
use super::out::Target;
use super::paint::Paint;
use super::secrets::Secrets;
use super::settings;
use super::trace::unsent;
use crate::cassette::{self, Cassette, Facts, Recording, Replay, Tape, Unreadable};
use crate::connector::Inputs;
use crate::http::dry::DryRun;
use crate::http::redact::MASK;
use crate::http::{Request, Response, Transport};
use crate::text::{Source, Span};
use crate::value::{Hash, Value, to_s};
use chrono::{DateTime, SecondsFormat, SubsecRound, Utc};
use serde_json::Value as Json;
use std::cell::RefCell;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

/// What the options of one run ask for.
pub struct Player {
    cassette: Cassette,
    replays: bool,
    /// Where the recording goes.
    target: Option<Target>,
    dry: bool,
    paint: Paint,
    now: DateTime<Utc>,
    seed: u64,
    parts: RefCell<Parts>,
}

/// What the way to the network is made of, once it is made.
#[derive(Default)]
struct Parts {
    replay: Option<Arc<Replay>>,
    tape: Option<Arc<Tape>>,
    dry: Option<Arc<DryRun>>,
}

impl Player {
    /// Reads what is to be replayed, and sees that what is recorded can be written.
    pub fn open(options: &Options, run: &Run, place: &Where, display: &Display) -> Result<Self, Failure> {
        Self::over(&options.recording, options.dry_run, run, place, display)
    }

    /// The same for what only reads, which no dry run makes different.
    pub fn of_reads(files: &Files, run: &Run, place: &Where, display: &Display) -> Result<Self, Failure> {
        Self::over(files, false, run, place, display)
    }

    fn over(files: &Files, dry: bool, run: &Run, place: &Where, display: &Display) -> Result<Self, Failure> {
        let known = files.replay_or_record.as_ref().filter(|path| path.exists());
        let cassette = match files.replay.as_ref().or(known) {
            Some(path) => read(path, place)?,
            None => Cassette::default(),
        };
        let target = files.record.as_deref().or(files.replay_or_record.as_deref());
        let recorded = cassette.run.now.as_deref().and_then(|now| DateTime::parse_from_rfc3339(now).ok());
        Ok(Self {
            now: run.now.or(recorded.map(Into::into)).unwrap_or_else(|| Utc::now().trunc_subsecs(3)),
            seed: run.seed.or(cassette.run.seed).unwrap_or_else(|| getrandom::u32().map_or(1, u64::from)),
            replays: files.replay.is_some() || known.is_some(),
            cassette,
            target: target.map(|path| Target::of(Some(path))).transpose()?,
            dry,
            paint: Paint::stderr(display),
            parts: RefCell::default(),
        })
    }

    /// The run's clock and dice as the recording says, so that it goes the same way again.
    pub fn run(&self, run: &Run) -> Run {
        let clock = match (&self.target, self.replays) {
            (Some(_), _) => Clock::Recorded,
            (None, true) => Clock::Replayed,
            (None, false) => return run.clone(),
        };
        let knows = clock == Clock::Recorded || self.cassette.run.now.is_some();
        Run {
            now: if knows { Some(self.now) } else { run.now },
            seed: if knows { Some(self.seed) } else { run.seed },
            clock,
            ..run.clone()
        }
    }

    /// Does a request that was not recorded go anywhere?
    pub fn is_closed(&self) -> bool {
        self.replays && self.target.is_none()
    }

    /// The way to the network, with what is asked for before it.
    pub fn wrap(&self, carrier: Box<dyn Transport>, secrets: &Secrets) -> Box<dyn Transport> {
        let mut parts = self.parts.borrow_mut();
        let mut way = carrier;
        if self.target.is_some() {
            let recording = Recording::new(way);
            parts.tape = Some(recording.tape());
            way = Box::new(recording);
        }
        if self.replays {
            let known = secrets.clone();
            let beyond = if self.is_closed() { None } else { Some(way) };
            let replay = Arc::new(Replay::new(&self.cassette, Arc::new(move || known.redactor()), beyond));
            parts.replay = Some(Arc::clone(&replay));
            way = Box::new(replay);
        }
        if self.dry {
            let (paint, known) = (self.paint, secrets.clone());
            let show = move |request: &Request, answer: &Response| {
                let text = unsent(request, answer, &known.redactor().naming(), paint);
                // A closed standard error is no reason to fail.
                let _ = std::io::stderr().write_all(text.as_bytes());
            };
            let recorded = parts.replay.clone();
            let answers = move |request: &Request| recorded.as_ref().and_then(|replay| replay.answer(request));
            let dry = Arc::new(DryRun::new(way, Box::new(answers), Box::new(show)));
            parts.dry = Some(Arc::clone(&dry));
            way = Box::new(dry);
        }
        way
    }

    /// The recorded settings, for those that are not given: masks stand for secrets, which a replay needs no more.
    pub fn settings(&self, given: &dyn Fn(&str) -> Value) -> Option<Hash> {
        if !self.replays || self.cassette.run.settings.is_empty() {
            return None;
        }
        let filled = Hash::new();
        for (name, value) in &self.cassette.run.settings {
            let given = given(name);
            if given.is_nil() || to_s(&given).is_empty() {
                filled.insert_str(name, Value::str(value));
            }
        }
        Some(filled)
    }

    /// In a dry run, what an action gives as a sample answers its writes, in the shape in which the action reads it.
    /// Nothing leaves to find it out.
    pub fn prepare(&self, path: &str, opened: &mut Opened, inputs: &Inputs) {
        let Some(dry) = self.parts.borrow().dry.clone() else { return };
        let Some(action) = path.strip_prefix("actions.").and_then(|rest| rest.split('.').next()) else { return };
        let written = |value: &Value| {
            let text = crate::value::json::generate(value).ok()?;
            serde_json::from_str::<Json>(&text).ok()
        };
        dry.close(true);
        let sample = opened.connector.run(&format!("actions.{action}.sample_output"), &Inputs::default());
        let sample = sample.ok().filter(|sample| matches!(sample, Value::Hash(_) | Value::Array(_)));
        let answer = sample.as_ref().and_then(written).map(|sample| {
            let settings = written(&opened.connector.session().settings()).unwrap_or_default();
            let input = written(&inputs.input).unwrap_or_default();
            let like = answer_like(&opened.source, opened.connector.program(), path, &settings, &input, &sample);
            like.unwrap_or(sample)
        });
        dry.answer_with(answer.map(|answer| answer.to_string()));
        dry.close(false);
        opened.connector.restart();
    }

    /// Writes the recording, and says what is worth knowing.
    pub fn finish(&self, opened: &Opened, secrets: &Secrets, done: bool) -> Result<Vec<String>, Failure> {
        let parts = self.parts.borrow();
        let mut notes = Vec::new();
        // A run that failed says what it missed, and what it did not come to is no wonder.
        if let Some(replay) = parts.replay.as_ref().filter(|_| done) {
            notes.extend(missed(&replay.missed()));
            notes.extend(unused(&replay.unused(), replay.recorded()));
        }
        if let Some(dry) = &parts.dry {
            notes.extend(match dry.kept_back() {
                0 => None,
                1 => Some("dry run: 1 request was not sent".to_owned()),
                count => Some(format!("dry run: {count} requests were not sent")),
            });
        }
        if let (Some(target), Some(tape)) = (&self.target, &parts.tape) {
            let mut exchanges = self.cassette.exchanges.clone();
            let new = tape.take();
            if self.replays && new.is_empty() {
                return Ok(notes);
            }
            exchanges.extend(new);
            let run = Facts {
                now: Some(self.now.to_rfc3339_opts(SecondsFormat::Millis, true)),
                seed: Some(self.seed),
                settings: shown_settings(opened),
            };
            let count = exchanges.len();
            target.write(&cassette::write(&Cassette { run, exchanges }, &secrets.redactor()))?;
            notes.push(format!("recorded {count} exchange{}", if count == 1 { "" } else { "s" }));
        }
        Ok(notes)
    }
}

fn missed(missed: &[String]) -> Option<String> {
    match missed {
        [] => None,
        [one] => Some(format!("not in the recording: {one}")),
        [first, rest @ ..] => Some(format!("not in the recording: {first}, and {} more", rest.len())),
    }
}

fn unused(unused: &[String], recorded: usize) -> Option<String> {
    let count = unused.len();
    let (first, rest) = unused.split_first()?;
    let more = if rest.is_empty() { String::new() } else { format!(", and {} more", rest.len()) };
    let was = if count == 1 { "was" } else { "were" };
    Some(format!("{count} of {recorded} recorded exchanges {was} not asked for: number {first}{more}"))
}

/// Settings as a recording keeps them: those that people see where they fill them in, and the names of the others.
pub fn shown_settings(opened: &Opened) -> Vec<(String, String)> {
    let Value::Hash(settings) = opened.connector.session().settings() else { return Vec::new() };
    let shown = settings.to_vec().into_iter().filter_map(|(name, value)| {
        let name = to_s(&name).to_text();
        let open = opened.fields.iter().any(|field| field.name == name && field.is_shown());
        match value {
            Value::Hash(_) | Value::Array(_) | Value::Nil => None,
            value if open || matches!(value, Value::True | Value::False) => Some((name, to_s(&value).to_text())),
            value if to_s(&value).is_empty() => None,
            _ => Some((name, MASK.to_owned())),
        }
    });
    shown.collect()
}

/// A recording from its file, also an encrypted one, with its mistakes as failures.
pub fn read(path: &Path, place: &Where) -> Result<Cassette, Failure> {
    let source = settings::unsealed(path, place)?;
    cassette::read(source.text()).map_err(|unreadable| damaged(&source, unreadable))
}

fn damaged(source: &Source, unreadable: Unreadable) -> Failure {
    let failure =
        Failure::usage("cassette::damaged", format!("{} is no recording: {}", source.name(), unreadable.message))
            .help("record it anew with `--record`; docs/cassettes.md says what may stand in it");
    let Some((line, column)) = unreadable.place else { return failure };
    let lines = source.line_span(line).unwrap_or_default();
    let lo = (lines.lo + column.saturating_sub(1) as u32).min(lines.hi);
    failure.at(source, Span::new(lo, lines.hi.max(lo)), "here")
}
