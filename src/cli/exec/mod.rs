//! `connrun exec`: runs one part of a connector and prints what it gives.

mod again;

use super::args::{Binary, Display, Exec, Inputs as Given, Run};
use super::failure::Failure;
use super::observe::Observer;
use super::open::{Opened, Opening};
use super::out::Target;
use super::paint::Paint;
use super::profile::Sheet;
use super::secrets::Secrets;
use super::stream::Pour;
use super::tape::{self, Player};
use super::trace::Rerun;
use super::{files, interrupt, report};
use crate::connector::{Connector, Inputs};
use crate::profile::Tree;
use crate::text::nearest;
use crate::value::json::{self, BinaryForm};
use crate::value::{Hash, Unwind, Value, to_s};
use chrono::SecondsFormat;
use std::io::Write;
use std::rc::Rc;
use std::sync::{Arc, PoisonError};
use std::time::Instant;

/// What can be named by a kind and a name: the kind, the root of its path, its words.
const KINDS: &[(&str, &str, &str)] = &[
    ("action", "actions", "action"),
    ("method", "methods", "method"),
    ("object-definition", "object_definitions", "object definition"),
    ("pick-list", "pick_lists", "pick list"),
    ("stream", "streams", "stream"),
    ("trigger", "triggers", "trigger"),
];
/// What a dotted path can begin with, besides the roots of the kinds.
const ROOTS: &[&str] = &["connection", "test", "title", "webhook_keys"];

pub fn run(options: &Exec, display: &Display, secrets: &Secrets) -> Result<u8, Failure> {
    let target = Target::of(options.output.as_deref())?;
    if options.watch {
        return again::run(options, display, &target);
    }
    match once(options, display, secrets, &target)? {
        Ran::Text(text) => target.write(&text).map(|()| 0),
        Ran::Poured(status) => Ok(status),
    }
}

/// What is to be done with a result.
enum Ran {
    Text(String),
    /// It has been written already.
    Poured(u8),
}

fn once(options: &Exec, display: &Display, secrets: &Secrets, target: &Target) -> Result<Ran, Failure> {
    let part = Part::of(options)?;
    let sheet = options.profile.as_ref().map(Sheet::of).transpose()?;
    let inputs = inputs(&options.inputs)?;
    let shown = Display { verbose: display.verbose || options.debug, ..display.clone() };
    let player = Player::open(&options.tape, &options.run, &options.place, display)?;
    let run = player.run(&options.run);
    let opening = Opening {
        tape: Some(&player),
        semantics: options.semantics,
        recipe_id: options.inputs.recipe_id.as_deref(),
        title: ["exec", &options.what, options.name.as_deref().unwrap_or_default()].join(" ").trim_end().to_owned(),
        observer: Observer { profile: sheet.as_ref().map(|_| Arc::default()), counts: None },
        ..Opening::new(&options.place, &run, &options.network, &shown)
    };
    interrupt::watch();
    let began = Instant::now();
    let mut opened = opening.open(secrets)?;
    if shown.verbose {
        report::remarks(&[opened.origin()], display, &secrets.redactor());
    }
    let path = part.path(&opened.connector, options)?;
    opened.route.recorder.given(ran(options, &path, &inputs, &run, &opened, secrets));
    player.prepare(&path, &mut opened, &inputs);
    let result = match path.strip_prefix("streams.").and_then(|name| name.strip_suffix('!')) {
        Some(name) => {
            let mut pour = Pour::new(target, options.binary)?;
            let read = opened.connector.stream(name, &inputs, &mut |chunk| pour.take(chunk));
            if pour.is_closed()? {
                return Ok(Ran::Poured(0));
            }
            read.map(|()| Outcome::Stream(pour))
        }
        None => opened.connector.run(&path, &inputs).map(Outcome::Value),
    };
    if let Some(sheet) = &sheet {
        let drawn = profiled(&opening, &opened, began.elapsed().as_secs_f64());
        let text = sheet.fill(&drawn, Paint::stderr(display))?;
        // A closed standard error is no reason to fail.
        let _ = std::io::stderr().write_all(text.as_bytes());
    }
    let mut remarks = opened.notes();
    remarks.extend(player.finish(&opened, secrets, result.is_ok())?);
    remarks.extend(opened.keep(&options.place, options.semantics.save_settings));
    report::remarks(&remarks, display, &secrets.redactor());
    if interrupt::asked() {
        return Err(Failure::interrupted());
    }
    let value = match result.map_err(|unwind| *unwind) {
        Ok(Outcome::Stream(pour)) => return pour.finish().map(|()| Ran::Poured(0)),
        Ok(Outcome::Value(value)) => value,
        Err(Unwind::Suspend(step)) => step,
        Err(unwind) => {
            let mut failure = opened.failure(&unwind);
            failure.causes = if options.debug { report::causes(&unwind) } else { Vec::new() };
            return Err(failure);
        }
    };
    let binary = match (options.binary, &value) {
        (Binary::Raw, Value::Str(text)) => {
            let mut pour = Pour::new(target, Binary::Raw)?;
            let written = pour.take(&Value::Str(Rc::clone(text)));
            let cut = pour.is_closed()? || written.is_err();
            return if cut { Ok(Ran::Poured(0)) } else { pour.finish().map(|()| Ran::Poured(0)) };
        }
        (Binary::Base64, _) => BinaryForm::Base64,
        (Binary::Hex | Binary::Raw, _) => BinaryForm::Hex,
    };
    opened.route.recorder.finish()?;
    let text = if options.compact { json::compact(&value, binary) } else { json::pretty(&value, binary) };
    text.map(|text| Ran::Text(text + "\n")).map_err(|unwind| opened.failure(&unwind))
}

/// How the run can be run again: what it is given, without secrets.
fn ran(options: &Exec, path: &str, inputs: &Inputs, run: &Run, opened: &Opened, secrets: &Secrets) -> Rerun {
    let redactor = secrets.redactor();
    let masked = |value: &Value| {
        let text = json::generate(value).unwrap_or_default();
        let mut plain = serde_json::from_str(&text).unwrap_or_default();
        redactor.shaped_json(&mut plain);
        plain
    };
    let given = &options.inputs;
    let all = [
        ("input", &given.input, &inputs.input),
        ("args", &given.args, &inputs.args),
        ("config_fields", &given.config_fields, &inputs.config_fields),
        ("closure", &given.closure, &inputs.closure),
        ("continue", &given.continue_with, &inputs.continued),
        ("extended_input_schema", &given.extended_input_schema, &inputs.extended_input_schema),
        ("extended_output_schema", &given.extended_output_schema, &inputs.extended_output_schema),
        ("webhook_payload", &given.webhook_payload, &inputs.webhook_payload),
        ("webhook_params", &given.webhook_params, &inputs.webhook_params),
        ("webhook_headers", &given.webhook_headers, &inputs.webhook_headers),
        ("webhook_subscribe_output", &given.webhook_subscribe_output, &inputs.webhook_subscribe_output),
    ];
    let given = all.into_iter().filter(|(_, given, _)| given.is_some());
    let tape = &options.tape.recording;
    Rerun {
        path: path.to_owned(),
        inputs: given.map(|(name, _, value)| (name.to_owned(), masked(value))).collect(),
        settings: tape::shown_settings(opened).into_iter().map(|(name, value)| (name, value.into())).collect(),
        now: run.now.map(|now| now.to_rfc3339_opts(SecondsFormat::Millis, true)),
        seed: run.seed,
        cassette: tape.record.clone().or_else(|| tape.replay.clone()).or_else(|| tape.replay_or_record.clone()),
    }
}

/// Where the time of a run went that is over.
fn profiled(opening: &Opening<'_>, opened: &Opened, seconds: f64) -> Tree {
    let Some(profile) = &opening.observer.profile else { return Tree::default() };
    profile.lock().unwrap_or_else(PoisonError::into_inner).finish(&opening.title, seconds, opened.connector.program())
}

/// What a run gives.
enum Outcome<'a> {
    Value(Value),
    /// It has been written, or waits in a file.
    Stream(Pour<'a>),
}

/// The part that shall run.
enum Part<'a> {
    Path(&'a str),
    /// A row of `KINDS`, and the name.
    Named(&'static (&'static str, &'static str, &'static str), Option<&'a str>),
}

impl<'a> Part<'a> {
    fn of(options: &'a Exec) -> Result<Self, Failure> {
        let (what, name) = (options.what.as_str(), options.name.as_deref());
        let plain = what.replace('_', "-");
        if let Some(kind) = KINDS.iter().find(|(kind, ..)| *kind == plain) {
            return Ok(Self::Named(kind, name));
        }
        let root = what.split('.').next().unwrap_or_default();
        let mut known = KINDS.iter().map(|(_, root, _)| *root).chain(ROOTS.iter().copied());
        if known.any(|known| known == root) {
            return match name {
                None => Ok(Self::Path(what)),
                Some(name) => {
                    Err(Failure::usage("usage::arguments", format!("`{what}` is a path, `{name}` is too much"))
                        .help("a kind takes a name (`exec action NAME`), a path stands alone (`exec actions.NAME`)"))
                }
            };
        }
        let kinds: Vec<&str> = KINDS.iter().map(|(kind, ..)| *kind).chain(["test"]).collect();
        let near = nearest(what, kinds.iter().copied()).map(|near| format!("did you mean `{near}`? "));
        let near = near.or_else(|| nearest(root, known).map(|near| format!("did you mean `{near}…`? ")));
        Err(Failure::usage("usage::kind", format!("`{what}` is nothing that can be run")).help(format!(
            "{}there is: {}, or a path such as `actions.NAME.input_fields`",
            near.unwrap_or_default(),
            kinds.join(", ")
        )))
    }

    /// Its dotted path; a name that is not there is an error with the names that are.
    fn path(&self, connector: &Connector, options: &Exec) -> Result<String, Failure> {
        let (kind, name) = match self {
            Self::Path(path) => return Ok((*path).to_owned()),
            Self::Named(kind, name) => (kind, name),
        };
        let (short, root, words) = kind;
        let known: Vec<String> = match *root {
            "streams" => Vec::new(),
            root => connector.session().table(&[root]).keys().iter().map(|key| to_s(key).to_text()).collect(),
        };
        let listed = if known.is_empty() { String::new() } else { format!("; there is: {}", known.join(", ")) };
        let Some(name) = name else {
            return Err(Failure::usage("usage::name", format!("which {words}?"))
                .help(format!("name it: `connrun exec {short} NAME`{listed}")));
        };
        // A stream is given as a whole, unless a piece of it is asked for.
        let piece = options.inputs.from.is_some() || options.inputs.frame_size.is_some() || name.ends_with('!');
        Ok(match *root {
            "streams" if !piece => format!("streams.{name}!"),
            root => format!("{root}.{name}"),
        })
    }
}

fn inputs(given: &Given) -> Result<Inputs, Failure> {
    let read =
        |text: &Option<String>, option: &str| text.as_deref().map(|text| files::read_json(text, option)).transpose();
    let object = |text: &Option<String>, option: &str| match read(text, option)? {
        None => Ok(Value::hash(Hash::new())),
        Some(value @ Value::Hash(_)) => Ok(value),
        Some(other) => Err(wrong_kind(option, "an object", &other)),
    };
    let list = |text: &Option<String>, option: &str| match read(text, option)? {
        None => Ok(Value::array(Vec::new())),
        Some(value @ Value::Array(_)) => Ok(value),
        Some(other) => Err(wrong_kind(option, "a list", &other)),
    };
    let text = |text: &Option<String>| text.as_deref().map(Value::str).unwrap_or_default();
    let usual = Inputs::default();
    let bytes =
        |number: Option<u64>, usual: i64| number.map_or(usual, |number| i64::try_from(number).unwrap_or(i64::MAX));
    Ok(Inputs {
        input: object(&given.input, "--input")?,
        args: read(&given.args, "--args")?.unwrap_or(usual.args),
        extended_input_schema: list(&given.extended_input_schema, "--extended-input-schema")?,
        extended_output_schema: list(&given.extended_output_schema, "--extended-output-schema")?,
        config_fields: object(&given.config_fields, "--config-fields")?,
        closure: read(&given.closure, "--closure")?.unwrap_or_default(),
        continued: object(&given.continue_with, "--continue")?,
        webhook_payload: read(&given.webhook_payload, "--webhook-payload")?.unwrap_or(usual.webhook_payload),
        webhook_params: object(&given.webhook_params, "--webhook-params")?,
        webhook_headers: object(&given.webhook_headers, "--webhook-headers")?,
        webhook_subscribe_output: read(&given.webhook_subscribe_output, "--webhook-subscribe-output")?
            .unwrap_or(usual.webhook_subscribe_output),
        webhook_url: given.webhook_url.clone(),
        oauth2_code: text(&given.oauth2_code),
        redirect_url: text(&given.redirect_url),
        verifier: text(&given.verifier),
        refresh_token: text(&given.refresh_token),
        from: bytes(given.from, usual.from),
        frame_size: bytes(given.frame_size, usual.frame_size),
        resume: read(&given.resume, "--resume")?,
        resume_timeout: given.resume_timeout,
    })
}

fn wrong_kind(option: &str, expected: &str, value: &Value) -> Failure {
    let class = match value {
        Value::Hash(_) => "an object",
        Value::Array(_) => "a list",
        Value::Str(_) => "a text",
        Value::Nil => "null",
        Value::True | Value::False => "true or false",
        _ => "a number",
    };
    let example = if expected == "a list" { "[…]" } else { "{\"name\": \"value\"}" };
    Failure::usage("usage::json-kind", format!("{option} is {class}, not {expected}"))
        .help(format!("give {expected}: `{option} '{example}'`, or a file that holds one"))
}
