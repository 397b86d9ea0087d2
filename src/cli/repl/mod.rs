//! `connrun repl`: expressions one after the other, in an action's context, on a terminal or from a pipe.

mod commands;
mod console;
mod editor;
mod pretty;

use super::args::{Display, Repl};
use super::failure::Failure;
use super::out::say;
use super::report;
use super::secrets::Secrets;
use console::Console;
use std::io::{BufRead, IsTerminal};

/// What became of one entry.
enum Step {
    /// The status that a command of its own would end with.
    Done(u8),
    Quit,
}

pub fn run(options: &Repl, display: &Display, secrets: &Secrets) -> Result<u8, Failure> {
    let mut console = Console::open(options, display, secrets)?;
    if std::io::stdin().is_terminal() {
        interactive(&mut console, display, secrets)
    } else {
        piped(&mut console, display, secrets)
    }
}

/// Reads with history and completion until `:quit`.
fn interactive(console: &mut Console, display: &Display, secrets: &Secrets) -> Result<u8, Failure> {
    let mut editor = editor::Editor::open()?;
    if !display.quiet {
        let title = console.title();
        say(&format!(
            "connrun {} · {title}\n`:help NAME` explains a method, `:help` the console, `:quit` leaves.\n",
            env!("CARGO_PKG_VERSION")
        ))?;
    }
    while let Some(entry) = editor.read(console.variables())? {
        if let Step::Quit = take(console, &entry, display, secrets)? {
            break;
        }
    }
    Ok(0)
}

/// Answers each entry of standard input; ends with the status of the first that failed.
fn piped(console: &mut Console, display: &Display, secrets: &Secrets) -> Result<u8, Failure> {
    let mut status = 0;
    let mut entry = String::new();
    for line in std::io::stdin().lock().lines() {
        let line =
            line.map_err(|error| Failure::usage("usage::stdin", format!("standard input cannot be read: {error}")))?;
        entry.push_str(&line);
        if editor::goes_on(&entry) {
            entry.push('\n');
            continue;
        }
        match take(console, &std::mem::take(&mut entry), display, secrets)? {
            Step::Done(failed) if status == 0 => status = failed,
            Step::Done(_) => {}
            Step::Quit => return Ok(status),
        }
    }
    match take(console, &entry, display, secrets)? {
        Step::Done(failed) if status == 0 => Ok(failed),
        _ => Ok(status),
    }
}

/// Carries out one entry: a command of the console or an expression.
fn take(console: &mut Console, entry: &str, display: &Display, secrets: &Secrets) -> Result<Step, Failure> {
    let text = entry.trim();
    if text.is_empty() {
        return Ok(Step::Done(0));
    }
    let result = match commands::find(text) {
        Some((commands::Name::Quit, _)) => return Ok(Step::Quit),
        Some((command, rest)) => commands::run(console, command, rest),
        None => console.evaluate(entry.trim_end()).and_then(|value| console.show(&value)),
    };
    match result {
        Ok(text) => {
            say(&text)?;
            report::remarks(&console.notes(), display, &secrets.redactor());
            Ok(Step::Done(0))
        }
        Err(failure) => Ok(Step::Done(report::failure(failure, display, &secrets.redactor()))),
    }
}
