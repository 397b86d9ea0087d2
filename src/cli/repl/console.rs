//! The console's memory: the connector, what was entered, and the variables that entries share.

use super::pretty;
use crate::cli::args::{Display, Repl};
use crate::cli::failure::{Failure, Kind as FailureKind};
use crate::cli::open::{Opened, Opening};
use crate::cli::{files, report, secrets::Secrets};
use crate::connector::{Connector, Inputs};
use crate::diagnostic::{Diagnostic, Severity};
use crate::program::{self, Program};
use crate::syntax;
use crate::text::{Name, Source, Span};
use crate::value::{Cell, Hash, Kind, Unwind, Value, indifferent};
use std::sync::Arc;

/// What every console knows: the settings, the input, the last result.
const KNOWN: [&str; 3] = ["connection", "input", "_"];
/// The number of `_` among them.
const LAST: usize = 2;

pub struct Console {
    opened: Opened,
    /// The connector and all entries, so that places stay what they were.
    text: String,
    entries: Vec<Entry>,
    names: Vec<Name>,
    cells: Vec<Cell>,
    program: Arc<Program>,
    context: Value,
    told: usize,
}

/// One entry, and where it lies in the text of the session.
struct Entry {
    lo: u32,
    text: String,
}

impl Console {
    pub fn open(options: &Repl, display: &Display, secrets: &Secrets) -> Result<Self, Failure> {
        let source = match &options.place.connector {
            Some(path) => files::read_connector(path)?,
            None => Source::new("console", "{ title: 'Console' }"),
        };
        let input = match &options.input {
            Some(input) => files::read_json(input, "--input")?,
            None => Value::hash(Hash::new()),
        };
        let opening = Opening {
            title: "repl".to_owned(),
            ..Opening::new(&options.place, &options.run, &options.network, display)
        };
        let opened = opening.open_source(source, secrets)?;
        let settings = opened.connector.session().settings();
        let first = [settings, indifferent(&input), Value::Nil];
        Ok(Self {
            text: opened.source.text().trim_end().to_owned(),
            entries: Vec::new(),
            names: KNOWN.map(Name::new).to_vec(),
            cells: first.into_iter().map(|value| Cell::new(value.into())).collect(),
            program: Arc::clone(opened.connector.program()),
            context: Connector::context(),
            told: 0,
            opened,
        })
    }

    /// What the connector calls itself.
    pub fn title(&mut self) -> String {
        let described = self.opened.connector.describe();
        let title = match &described {
            Value::Hash(parts) => parts.get_str("title").unwrap_or_default(),
            _ => Value::Nil,
        };
        format!("{} ({})", crate::value::to_s(&title).to_text(), self.opened.source.name())
    }

    /// The variables, with what they hold.
    pub fn variables(&self) -> Vec<(&'static str, Kind, Value)> {
        let held = self.cells.iter().map(|cell| cell.borrow().clone());
        self.names.iter().zip(held).map(|(name, value)| (name.as_str(), value.kind(), value)).collect()
    }

    /// Runs an entry. Its result is `_` for the next.
    pub fn evaluate(&mut self, entry: &str) -> Result<Value, Failure> {
        let known: Vec<&str> = self.names.iter().map(|name| name.as_str()).collect();
        let is_error = |found: &Diagnostic| found.severity == Severity::Error;
        let alone = syntax::parse_body(&Source::new("console", entry), &known);
        if let Some(error) = alone.diagnostics.into_iter().find(is_error) {
            return Err(syntax_error(error));
        }
        let lo = self.text.len() as u32 + 2;
        let source = Source::new(self.opened.source.name(), format!("{}\n\n{entry}\n", self.text));
        let parsed = syntax::parse_body(&source, &known);
        let mut statements = parsed.file.statements;
        statements.retain(|statement| statement.span.lo >= lo);
        let mut names = self.names.clone();
        let (program, findings) = program::build_line(&statements, &source, &self.program, &mut names);
        let entered = Entry { lo, text: entry.to_owned() };
        if let Some(error) = findings.into_iter().find(is_error) {
            return Err(entered.shown(syntax_error(error)));
        }
        source.text().trim_end().clone_into(&mut self.text);
        self.entries.push(entered);
        self.opened.source = source;
        self.program = Arc::new(program);
        self.names = names;
        let result = self.opened.connector.line(Arc::clone(&self.program), &mut self.cells, &self.context);
        let value = result.map_err(|unwind| self.failure(&unwind))?;
        self.remember(&value);
        Ok(value)
    }

    /// Makes a result `_`.
    fn remember(&self, value: &Value) {
        if let Some(cell) = self.cells.get(LAST) {
            *cell.borrow_mut() = value.clone();
        }
    }

    /// A result as the console prints it.
    pub fn show(&mut self, value: &Value) -> Result<String, Failure> {
        let text = self.opened.connector.enter(|run| pretty::pretty(run, value));
        text.map(|text| format!("=> {text}\n")).map_err(|unwind| self.failure(&unwind))
    }

    /// Runs a part of the connector by its path, as `exec` does.
    pub fn run_path(&mut self, path: &str, input: Option<&str>) -> Result<Value, Failure> {
        let input = match input {
            Some(text) => files::read_json(text, ":run")?,
            None => self.cells.get(1).map(|cell| cell.borrow().clone()).unwrap_or_default(),
        };
        let inputs = Inputs { input, ..Inputs::default() };
        let result = self.opened.connector.run(path, &inputs);
        let value = result.map_err(|unwind| self.failure(&unwind))?;
        self.remember(&value);
        Ok(value)
    }

    /// Remarks since they were last asked for.
    pub fn notes(&mut self) -> Vec<String> {
        let notes = self.opened.notes();
        let new = notes.get(self.told..).unwrap_or_default().to_vec();
        self.told = notes.len();
        new
    }

    /// The failure of an entry; places in entries are shown in the entry alone.
    fn failure(&self, unwind: &Unwind) -> Failure {
        let failure = match unwind {
            Unwind::Suspend(_) => return report::of_unwind(unwind, &self.opened.source),
            _ => self.opened.failure(unwind),
        };
        let at = failure.diagnostic.labels.first().map_or(0, |label| label.span.lo);
        match self.entries.iter().rev().find(|entry| entry.lo <= at) {
            Some(entry) => entry.shown(failure),
            None => failure,
        }
    }
}

fn syntax_error(error: Diagnostic) -> Failure {
    let mut failure = Failure::new(FailureKind::Connector, error);
    failure.class = Some("SyntaxError".to_owned());
    failure
}

impl Entry {
    /// The failure with its places seen from this entry, where they lie in it.
    fn shown(&self, mut failure: Failure) -> Failure {
        let source = Source::new("console", self.text.clone());
        let end = self.text.len() as u32;
        let within = |span: &Span| span.lo >= self.lo && span.lo <= self.lo + end;
        let shift = |span: Span| Span::new((span.lo - self.lo).min(end), (span.hi.max(self.lo) - self.lo).min(end));
        if failure.trace.iter().all(|(_, span)| within(span)) {
            failure.trace.retain(|(what, _)| !what.contains("console"));
            failure.trace.iter_mut().for_each(|(_, span)| *span = shift(*span));
            failure.source = Some(source.clone());
        }
        let labels = &mut failure.diagnostic.labels;
        if labels.iter().all(|label| label.span.hi >= self.lo && label.span.lo <= self.lo + end) {
            labels.iter_mut().for_each(|label| {
                let span = Span::new(label.span.lo.max(self.lo), label.span.hi);
                label.span = shift(span);
            });
            failure.diagnostic.source = Some(source);
        }
        failure
    }
}
