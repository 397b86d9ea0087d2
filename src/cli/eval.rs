//! `connrun eval`: one expression, or a line of JSON each, in an action's context.

use super::args::{Display, Eval, SaveSettings};
use super::failure::Failure;
use super::open::{self, Opened, Opening};
use super::out::say;
use super::secrets::Secrets;
use super::tape::Player;
use super::trace::Recorder;
use super::world::Output;
use super::{files, interrupt, network, report};
use crate::connector::{Connector, Environment};
use crate::diagnostic::Severity;
use crate::text::{Source, Span};
use crate::value::{
    ClassId, Hash, Kind, Result, Symbol, Unwind, Value, indifferent, indifferent_hash, inspect, json, raise, to_s,
};
use crate::{program, syntax};
use std::cell::RefCell;
use std::io::{BufRead, Write};
use std::rc::Rc;
use std::sync::Arc;

/// Where the expression stands in the connector that it is evaluated in.
const KEY: &str = "an expression";

pub fn run(options: &Eval, display: &Display, secrets: &Secrets) -> std::result::Result<u8, Failure> {
    if options.jsonl { lines(options, display, secrets) } else { expression(options, display, secrets) }
}

/// The expression of the command line: `connection` and `input` are known in it, `call` reaches the connector's methods.
fn expression(options: &Eval, display: &Display, secrets: &Secrets) -> std::result::Result<u8, Failure> {
    let Some(expression) = &options.expression else {
        return Err(Failure::usage("usage::no-expression", "there is nothing to evaluate")
            .help("give an expression: `connrun eval '1 + 2'`, or `--jsonl` to read lines"));
    };
    check(expression)?;
    let input = match &options.input {
        Some(input) => files::read_json(input, "--input")?,
        None => Value::hash(Hash::new()),
    };
    let around = around(options, expression)?;
    let player = Player::open(&options.tape, &options.run, &options.place, display)?;
    let run = player.run(&options.run);
    let opening = Opening {
        title: "eval".to_owned(),
        tape: Some(&player),
        ..Opening::new(&options.place, &run, &options.network, display)
    };
    interrupt::watch();
    let mut opened = opening.open_source(around.source.clone(), secrets)?;
    let lambda = opened.connector.session().part(&[KEY]);
    let arguments = [opened.connector.session().settings(), indifferent(&input)];
    let result = opened.connector.call(&lambda, &arguments).and_then(|value| {
        let value = opened.connector.enter(|run| run.resolve(&value))?;
        json::pretty(&value, json::BinaryForm::default())
    });
    let mut remarks = opened.notes();
    remarks.extend(player.finish(&opened, secrets, result.is_ok())?);
    remarks.extend(opened.keep(&options.place, SaveSettings::No));
    report::remarks(&remarks, display, &secrets.redactor());
    if interrupt::asked() {
        return Err(Failure::interrupted());
    }
    let text = result.map_err(|unwind| around.failure(&opened, &unwind, expression))?;
    say(&format!("{text}\n"))?;
    Ok(0)
}

/// An expression that is none is shown as it was written.
fn check(expression: &str) -> std::result::Result<(), Failure> {
    let source = Source::new("expression", expression);
    let params = ["connection", "input"];
    let parsed = syntax::parse_body(&source, &params);
    let (_, more) = program::build_body(&parsed.file, &source, &params);
    match parsed.diagnostics.into_iter().chain(more).find(|finding| finding.severity == Severity::Error) {
        None => Ok(()),
        Some(error) => {
            let mut failure = Failure::new(super::failure::Kind::Connector, error);
            failure.class = Some("SyntaxError".to_owned());
            Err(failure)
        }
    }
}

/// A connector with the expression put behind its end.
struct Around {
    source: Source,
    /// Bytes before the expression.
    before: u32,
}

fn around(options: &Eval, expression: &str) -> std::result::Result<Around, Failure> {
    let connector = match &options.place.connector {
        Some(path) => files::read_connector(path)?,
        None => Source::new("expression", "{ title: 'Expression' }"),
    };
    let before = format!("{}\n.merge('{KEY}' => lambda do |connection, input|\n", connector.text().trim_end());
    let source = Source::new(connector.name(), format!("{before}{expression}\nend)\n"));
    Ok(Around { source, before: before.len() as u32 })
}

impl Around {
    /// The failure, with places in the expression shown as such.
    fn failure(&self, opened: &Opened, unwind: &Unwind, expression: &str) -> Failure {
        let mut failure = opened.failure(unwind);
        failure.trace.retain(|(what, _)| !what.contains(KEY));
        let inner = Source::new("expression", expression);
        let shifted =
            |span: Span| Span::new(span.lo - self.before, (span.hi - self.before).min(expression.len() as u32));
        let labels = &mut failure.diagnostic.labels;
        if !labels.is_empty() && labels.iter().all(|label| label.span.lo >= self.before) {
            labels.iter_mut().for_each(|label| label.span = shifted(label.span));
            failure.diagnostic.source = Some(inner.clone());
        }
        if failure.trace.iter().all(|(_, span)| span.lo >= self.before) {
            failure.trace.iter_mut().for_each(|(_, span)| *span = shifted(*span));
            failure.source = Some(inner);
        }
        failure
    }
}

fn lines(options: &Eval, display: &Display, secrets: &Secrets) -> std::result::Result<u8, Failure> {
    let recorder = Recorder::new(&options.network, display, secrets, None, String::new())?;
    let route = network::route(&options.network, options.run.max_memory, secrets, recorder, None)?;
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let line =
            line.map_err(|error| Failure::usage("usage::stdin", format!("standard input cannot be read: {error}")))?;
        if line.trim().is_empty() {
            continue;
        }
        let answer = match json::parse(line.as_bytes()) {
            Ok(Value::Hash(case)) => answer(options, &route, &case),
            _ => r#"{"error":"JSON::ParserError","message":"each line must be a JSON object"}"#.to_owned(),
        };
        Symbol::forget_run_time();
        if writeln!(out, "{answer}").and_then(|()| out.flush()).is_err() {
            return Ok(1);
        }
    }
    Ok(0)
}

fn text_of(case: &Hash, key: &str) -> String {
    case.get_str(key).map(|value| to_s(&value).to_text()).unwrap_or_default()
}

/// The answer to one case, as a line of JSON.
fn answer(options: &Eval, route: &network::Route, case: &Hash) -> String {
    let printed = Rc::new(RefCell::new(Vec::new()));
    let text = |text: String| json::to_tagged(&Value::string(text));
    let id = json::to_tagged(&case.get_str("id").unwrap_or_default());
    let mut fields = vec![format!("\"id\":{id}")];
    match evaluate(options, route, case, Output::Buffer(Rc::clone(&printed))) {
        Ok((value, items)) => {
            fields.push(match items {
                Some(items) => format!("\"ok\":{{\"$enumerator\":{}}}", json::to_tagged(&items)),
                None => format!("\"ok\":{}", json::to_tagged(&value)),
            });
            fields.push(format!("\"class\":{}", text(value.class().name().to_owned())));
        }
        Err(unwind) => {
            let (class, message) = describe(&unwind);
            fields.push(format!("\"error\":{}", text(class)));
            fields.push(format!("\"message\":{}", text(message)));
        }
    }
    if !printed.borrow().is_empty() {
        let printed = String::from_utf8_lossy(&printed.borrow()).into_owned();
        fields.push(format!("\"stdout\":{}", text(printed)));
    }
    format!("{{{}}}", fields.join(","))
}

fn describe(unwind: &Unwind) -> (String, String) {
    match unwind {
        Unwind::Raise(exception) => (exception.class.name().to_owned(), exception.message()),
        Unwind::Limit { message, .. } => ("Limit".to_owned(), message.clone()),
        Unwind::Suspend(step) => ("Suspend".to_owned(), inspect(step).to_text()),
        _ => ("LocalJumpError".to_owned(), "unexpected jump".to_owned()),
    }
}

/// So many items of an enumerator are shown.
const ENUMERATED: i64 = 50;

/// Runs a case as the action of a connector around it, so that `methods` can be called. Of an enumerator its first
/// items come besides.
fn evaluate(options: &Eval, route: &network::Route, case: &Hash, output: Output) -> Result<(Value, Option<Value>)> {
    let text = format!(
        "{{ title: 't', connection: {{}}, methods: {{\n{}\n}}, actions: {{ t: {{ execute: lambda do |connection, input|\n{}\nend }} }} }}",
        text_of(case, "methods"),
        text_of(case, "expr"),
    );
    let source = Source::new("expression", text);
    let parsed = syntax::parse(&source);
    let (program, more) = program::build(&parsed.file, &source);
    let mut findings = parsed.diagnostics.iter().chain(&more);
    if let Some(diagnostic) = findings.find(|finding| finding.severity == Severity::Error) {
        return Err(raise(ClassId::SYNTAX_ERROR, diagnostic.message.clone()));
    }
    let program = Arc::new(program);
    let given = |key| case.get_str(key).unwrap_or_else(|| Value::hash(Hash::new()));
    let environment = Environment::new(Arc::clone(&route.transport), given("settings"));
    let world = open::world(&options.run, output);
    let mut connector = Connector::load(program, Box::new(world), open::limits(&options.run), environment)?;
    let execute = connector.session().part(&["actions", "t", "execute"]);
    let arguments = [connector.session().settings(), Value::Hash(indifferent_hash(&given("input")))];
    let value = connector.call(&execute, &arguments)?;
    let value = connector.enter(|run| run.resolve(&value))?;
    let items = matches!(value.kind(), Kind::Enumerator | Kind::Arithmetic)
        .then(|| connector.enter(|run| run.send(&value, "first", &[Value::Int(ENUMERATED)])));
    Ok((value, items.transpose()?))
}
