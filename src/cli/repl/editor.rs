//! The line editor: history, completion from the tables, entries of several lines.

use super::commands::COMMANDS;
use crate::cli::failure::Failure;
use crate::methods::{Receiver, registry, tables};
use crate::syntax;
use crate::text::Source;
use crate::value::{Kind, Value};
use rustyline::completion::{Completer, Pair};
use rustyline::error::ReadlineError;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::history::FileHistory;
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{CompletionType, Config, Context, Helper};
use std::path::PathBuf;

const PROMPT: &str = "> ";

pub struct Editor {
    lines: rustyline::Editor<Assistant, FileHistory>,
    history: Option<PathBuf>,
}

impl Editor {
    pub fn open() -> Result<Self, Failure> {
        let config = Config::builder()
            .completion_type(CompletionType::List)
            .history_ignore_space(true)
            .auto_add_history(true)
            .max_history_size(10_000)
            .and_then(|config| config.history_ignore_dups(true))
            .map_err(unusable)?
            .build();
        let mut lines = rustyline::Editor::with_config(config).map_err(unusable)?;
        lines.set_helper(Some(Assistant::default()));
        let history = history_file();
        if let Some(file) = &history {
            // There is none at first.
            let _ = lines.load_history(file);
        }
        Ok(Self { lines, history })
    }

    /// The next entry; `None` at the end. Ctrl-C drops what was typed.
    pub fn read(&mut self, variables: Vec<(&'static str, Kind, Value)>) -> Result<Option<String>, Failure> {
        if let Some(assistant) = self.lines.helper_mut() {
            assistant.variables = variables.into_iter().map(|(name, kind, _)| (name, kind)).collect();
        }
        loop {
            match self.lines.readline(PROMPT) {
                Ok(entry) => {
                    self.remember();
                    return Ok(Some(entry));
                }
                Err(ReadlineError::Interrupted) => {}
                Err(ReadlineError::Eof) => return Ok(None),
                Err(error) => return Err(unusable(error)),
            }
        }
    }

    /// Writes the history after each entry: a console may end in any way.
    fn remember(&mut self) {
        let Some(file) = &self.history else { return };
        if let Some(folder) = file.parent() {
            // Without a history the console works all the same.
            let _ = std::fs::create_dir_all(folder);
        }
        let _ = self.lines.save_history(file);
    }
}

fn unusable(error: ReadlineError) -> Failure {
    Failure::usage("usage::terminal", format!("this terminal cannot be read: {error}"))
        .help("entries may come through a pipe, too: `connrun repl < entries.txt`")
}

/// `CONNRUN_HISTORY`, or a file among the user's state.
fn history_file() -> Option<PathBuf> {
    let folder = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    folder("CONNRUN_HISTORY").or_else(|| {
        let state = folder("XDG_STATE_HOME")
            .or_else(|| folder("LOCALAPPDATA"))
            .or_else(|| folder("HOME").map(|home| home.join(".local/state")))?;
        Some(state.join("connrun").join("history"))
    })
}

/// Whether an entry is not complete: something is open, or an operator waits for its right side.
pub fn goes_on(entry: &str) -> bool {
    const OPEN: [&str; 5] = [
        "syntax::missing-closer",
        "syntax::missing-end",
        "syntax::unclosed-string",
        "syntax::unclosed-heredoc",
        "syntax::unexpected-end",
    ];
    if super::commands::find(entry.trim()).is_some() {
        return false;
    }
    let source = Source::new("console", entry);
    let parsed = syntax::parse_body(&source, &[]);
    !entry.trim().is_empty() && parsed.diagnostics.first().is_some_and(|found| OPEN.contains(&found.code))
}

/// What helps while typing.
#[derive(Default)]
struct Assistant {
    variables: Vec<(&'static str, Kind)>,
}

impl Helper for Assistant {}
impl Highlighter for Assistant {}

impl Hinter for Assistant {
    type Hint = String;
}

impl Validator for Assistant {
    fn validate(&self, context: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        let goes_on = goes_on(context.input());
        Ok(if goes_on { ValidationResult::Incomplete } else { ValidationResult::Valid(None) })
    }
}

impl Completer for Assistant {
    type Candidate = Pair;

    fn complete(&self, line: &str, at: usize, _: &Context<'_>) -> rustyline::Result<(usize, Vec<Pair>)> {
        let before = line.get(..at).unwrap_or_default();
        let start = before.rfind(|c: char| !(c.is_alphanumeric() || "_?!:@".contains(c))).map_or(0, |at| at + 1);
        let start = before.char_indices().map(|(at, _)| at).find(|at| *at >= start).unwrap_or(before.len());
        let word = before.get(start..).unwrap_or_default();
        let mut names: Vec<&str> = self.names(before.get(..start).unwrap_or_default(), word);
        names.retain(|name| name.starts_with(word));
        names.sort_unstable();
        names.dedup();
        let pair = |name: &str| Pair { display: name.to_owned(), replacement: name.to_owned() };
        Ok((start, names.into_iter().map(pair).collect()))
    }
}

impl Assistant {
    /// What may stand after `before`.
    fn names(&self, before: &str, word: &str) -> Vec<&'static str> {
        if let Some(receiver) = before.strip_suffix('.') {
            return self.members(receiver.trim_end_matches('&'));
        }
        if before.trim() == ":help" {
            return every(|_| true);
        }
        if word.starts_with(':') {
            return COMMANDS.iter().filter(|_| before.trim().is_empty()).map(|(name, ..)| *name).collect();
        }
        let mut names = every(|receiver| receiver == Receiver::Context);
        names.extend(self.variables.iter().map(|(name, _)| *name));
        names
    }

    /// The methods of a variable, class or namespace; of anything else, every method.
    fn members(&self, receiver: &str) -> Vec<&'static str> {
        let begin = receiver.rfind(|c: char| !(c.is_alphanumeric() || "_:.".contains(c))).map_or(0, |at| at + 1);
        let name = receiver.get(begin..).unwrap_or_default();
        if let Some((_, kind)) = self.variables.iter().find(|(known, _)| *known == name) {
            let mut names = registry().names_of(*kind);
            names.retain(|name| name.starts_with(char::is_alphabetic));
            return names;
        }
        let own = every(|of| matches!(of, Receiver::Singleton(known) | Receiver::Namespace(known) if known == name));
        if own.is_empty() {
            every(|of| !matches!(of, Receiver::Singleton(_) | Receiver::Namespace(_) | Receiver::Context))
        } else {
            own
        }
    }
}

/// The names in the tables of those receivers, operators left out.
fn every(wanted: impl Fn(Receiver) -> bool) -> Vec<&'static str> {
    let rows = tables().filter(|table| wanted(table.receiver)).flat_map(|table| table.rows);
    rows.flat_map(|row| row.names.split(' ')).filter(|name| name.starts_with(char::is_alphabetic)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustyline::history::DefaultHistory;

    fn completions(line: &str) -> Vec<String> {
        let assistant = Assistant { variables: vec![("customers", Kind::Array), ("input", Kind::Hash)] };
        let history = DefaultHistory::new();
        let (_, pairs) = assistant.complete(line, line.len(), &Context::new(&history)).unwrap();
        pairs.into_iter().map(|pair| pair.replacement).collect()
    }

    #[test]
    fn what_may_follow_is_completed() {
        for (line, expected) in [
            ("custo", vec!["customers"]),
            ("customers.plu", vec!["pluck"]),
            ("input.except", vec!["except", "except!"]),
            ("[1].each_wi", vec!["each_with_index", "each_with_object"]),
            ("x = workato.csv.", vec!["generate", "parse"]),
            ("Time.str", vec!["strptime"]),
            ("parse_", vec!["parse_json"]),
            (":he", vec![":help"]),
            (":help smart_", vec!["smart_join"]),
            ("é.squi", vec!["squish", "squish!"]),
        ] {
            assert_eq!(completions(line), expected, "{line}");
        }
    }

    #[test]
    fn entries_go_on_until_they_are_complete() {
        for entry in ["[1, 2", "x.map do |n|", "{ a:", "'abc", "1 +", "if a", "<<~A\ntext", "-> {", "foo("] {
            assert!(goes_on(entry), "{entry}");
        }
        for entry in ["", "1", "x ]", "end", "x = = 1", ":help [", "[1].map { |n| n }"] {
            assert!(!goes_on(entry), "{entry}");
        }
    }
}
