//! `connrun eval`: one expression, or a line of JSON each, in an action's context.

use super::args::{Display, Eval, Run};
use super::failure::Failure;
use super::out::say;
use super::world::{Output, SystemWorld};
use super::{files, report};
use crate::diagnostic::Severity;
use crate::interpreter::{Context, Interpreter, Limits};
use crate::text::Source;
use crate::value::{ClassId, Hash, Result, Symbol, Unwind, Value, json};
use crate::{program, syntax};
use std::cell::RefCell;
use std::io::{BufRead, Write};
use std::rc::Rc;
use std::sync::Arc;

pub fn run(options: &Eval, display: &Display) -> std::result::Result<u8, Failure> {
    if options.jsonl { lines(options) } else { expression(options, display) }
}

/// The expression of the command line: `connection` and `input` are known in it.
fn expression(options: &Eval, display: &Display) -> std::result::Result<u8, Failure> {
    let Some(expression) = &options.expression else {
        return Err(Failure::usage("usage::no-expression", "there is nothing to evaluate")
            .help("give an expression: `connrun eval '1 + 2'`, or `--jsonl` to read lines"));
    };
    let source = Source::new("expression", expression.as_str());
    let parsed = syntax::parse_body(&source, &["connection", "input"]);
    if let Some(error) = parsed.diagnostics.iter().find(|finding| finding.severity == Severity::Error) {
        return Err(Failure::new(super::failure::Kind::Connector, error.clone()));
    }
    let (program, notes) = program::build_body(&parsed.file, &source, &["connection", "input"]);
    report::notes(&notes, display);
    let input = match &options.input {
        Some(input) => files::read_json(input, "--input")?,
        None => Value::hash(Hash::new()),
    };
    let mut interpreter = interpreter(program, &options.run, Output::Stderr);
    let result = interpreter.run(&[Value::hash(Hash::indifferent()), input]);
    let result = result.and_then(|value| json::pretty(&value, json::BinaryForm::default()));
    let text = result.map_err(|unwind| report::of_unwind(&unwind, &source))?;
    say(&format!("{text}\n"))?;
    Ok(0)
}

fn interpreter(program: program::Program, options: &Run, output: Output) -> Interpreter {
    let frozen = options.now.map(|now| (now.timestamp(), now.timestamp_subsec_nanos()));
    let world = SystemWorld::new(frozen, options.seed, output);
    Interpreter::new(Arc::new(program), Box::new(world), limits(options))
}

/// The limits of a run, as the options say.
pub fn limits(options: &Run) -> Limits {
    Limits {
        steps: options.max_steps,
        depth: options.max_depth,
        memory: options.max_memory.saturating_mul(1 << 20),
        seconds: options.timeout,
    }
}

fn lines(options: &Eval) -> std::result::Result<u8, Failure> {
    let mut out = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let line =
            line.map_err(|error| Failure::usage("usage::stdin", format!("standard input cannot be read: {error}")))?;
        if line.trim().is_empty() {
            continue;
        }
        let answer = match json::parse(line.as_bytes()) {
            Ok(Value::Hash(case)) => answer(options, &case),
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
    case.get_str(key).map(|value| crate::value::to_s(&value).to_text()).unwrap_or_default()
}

/// The answer to one case, as a line of JSON.
fn answer(options: &Eval, case: &Hash) -> String {
    let printed = Rc::new(RefCell::new(Vec::new()));
    let text = |text: String| json::to_tagged(&Value::string(text));
    let id = json::to_tagged(&case.get_str("id").unwrap_or_default());
    let mut fields = vec![format!("\"id\":{id}")];
    match evaluate(options, case, Output::Buffer(Rc::clone(&printed))) {
        Ok(value) => {
            fields.push(format!("\"ok\":{}", json::to_tagged(&value)));
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
        _ => ("LocalJumpError".to_owned(), "unexpected jump".to_owned()),
    }
}

/// Runs a case as the action of a connector around it, so that `methods` can be called.
fn evaluate(options: &Eval, case: &Hash, output: Output) -> Result<Value> {
    let text = format!(
        "{{ title: 't', connection: {{}}, methods: {{\n{}\n}}, actions: {{ t: {{ execute: lambda do |connection, input|\n{}\nend }} }} }}",
        text_of(case, "methods"),
        text_of(case, "expr"),
    );
    let source = Source::new("expression", text);
    let parsed = syntax::parse(&source);
    if let Some(diagnostic) = parsed.diagnostics.iter().find(|finding| finding.severity == Severity::Error) {
        return Err(crate::value::raise(ClassId::SYNTAX_ERROR, diagnostic.message.clone()));
    }
    let (program, _) = program::build(&parsed.file, &source);
    let mut interpreter = interpreter(program, &options.run, output);
    let connector = interpreter.load()?;
    let execute = ["actions", "t", "execute"].iter().try_fold(connector, |value, key| match value {
        Value::Hash(hash) => hash.get_either(key),
        _ => None,
    });
    let Some(Value::Proc(execute)) = execute else { return Ok(Value::Nil) };
    let given = |key| case.get_str(key).unwrap_or_else(|| Value::hash(Hash::new()));
    interpreter.call_lambda(&execute, Context::value(ClassId::CONTEXT), &[given("settings"), given("input")], None)
}
