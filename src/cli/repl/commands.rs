//! What the console does besides evaluating: `:help`, `:run`, `:vars`, `:quit`.

use super::console::Console;
use crate::cli::explain;
use crate::cli::failure::Failure;
use std::fmt::Write;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name {
    Help,
    Run,
    Vars,
    Quit,
}

/// Spelling, what it takes, what it does.
pub const COMMANDS: &[(&str, Name, &str, &str)] = &[
    (":help", Name::Help, "[NAME]", "explains a method, or this console"),
    (":run", Name::Run, "PATH [JSON]", "runs a part of the connector: `:run actions.get_customer {\"id\": 1}`"),
    (":vars", Name::Vars, "", "the variables and what they hold"),
    (":quit", Name::Quit, "", "leaves, as do `exit` and Ctrl-D"),
];

/// The command that an entry is, and what follows its name. Any other word with a colon is a symbol.
pub fn find(entry: &str) -> Option<(Name, &str)> {
    let (word, rest) = entry.split_once(char::is_whitespace).unwrap_or((entry, ""));
    if rest.is_empty() && matches!(word, "exit" | "quit" | ":q" | ":exit") {
        return Some((Name::Quit, rest));
    }
    let found = COMMANDS.iter().find(|(name, ..)| *name == word)?;
    Some((found.1, rest.trim()))
}

/// Carries a command out and gives what it prints.
pub fn run(console: &mut Console, command: Name, rest: &str) -> Result<String, Failure> {
    match command {
        Name::Help if rest.is_empty() => Ok(help()),
        Name::Help => explain::text(rest),
        Name::Run => {
            let (path, input) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
            if path.is_empty() {
                let help = "name one: `:run actions.NAME`, `:run methods.NAME`, `:run test`";
                return Err(Failure::usage("usage::path", "there is nothing to run").help(help));
            }
            let input = Some(input.trim()).filter(|input| !input.is_empty());
            let value = console.run_path(path, input)?;
            console.show(&value)
        }
        Name::Vars => {
            let mut out = String::new();
            for (name, _, value) in console.variables() {
                let shown = console.show(&value)?;
                // Writing to a string cannot fail.
                let _ = write!(out, "{name} {shown}");
            }
            Ok(out)
        }
        Name::Quit => Ok(String::new()),
    }
}

fn help() -> String {
    let mut out = String::from(
        "An entry is an expression as in an action's `execute`; `connection`, `input` and `_`, the last result,\n\
         are there, and variables stay. A request is sent when it is the result. Tab completes, arrows recall;\n\
         an entry that is not complete goes on in the next line.\n\n",
    );
    for (name, _, takes, does) in COMMANDS {
        let _ = writeln!(out, "  {:<18} {does}", format!("{name} {takes}"));
    }
    out
}
