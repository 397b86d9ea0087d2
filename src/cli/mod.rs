//! The command line: the rim that knows arguments, files, the clock and the terminal.

mod args;
mod check;
mod eval;
mod explain;
mod failure;
mod files;
mod memory;
mod network;
mod out;
mod report;
mod sandbox;
mod world;

pub use memory::Counting;

use crate::http::redact::Redactor;
use args::{Arguments, Command};
use clap::Parser;
use std::process::ExitCode;

/// Stack of the thread that parses, runs and drops; reserved, not used, until something is that deep.
const STACK: usize = 512 << 20;

/// Runs the command that the process was started with.
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version go to standard output with status 0, wrong use to standard error with status 2.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    let runner = std::thread::Builder::new().stack_size(STACK).spawn(move || run(&arguments));
    match runner.map(std::thread::JoinHandle::join) {
        Ok(Ok(status)) => ExitCode::from(status),
        Ok(Err(_)) | Err(_) => ExitCode::from(1),
    }
}

fn run(arguments: &Arguments) -> u8 {
    let display = &arguments.display;
    let result = match &arguments.command {
        Command::Check(options) => check::run(options, display),
        Command::Eval(options) => eval::run(options, display),
        Command::Explain(options) => explain::run(options),
        Command::Sandbox(options) => sandbox::run(options),
        Command::Exec(_) | Command::Describe(_) => Ok(0),
    };
    result.unwrap_or_else(|failure| report::failure(&failure, display, &Redactor::default()))
}
