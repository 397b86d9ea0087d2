//! The command line: the rim that knows arguments, files, the clock and the terminal.

#![allow(clippy::result_large_err)] // A failure ends the command: its size is of no matter.

mod advice;
mod args;
mod author;
mod check;
mod completions;
mod connect;
mod dashes;
mod describe;
mod diff;
mod differences;
mod durable;
mod eval;
mod exec;
mod explain;
mod failure;
mod files;
mod fmt;
mod generate;
mod import;
mod interrupt;
mod list;
mod lookups;
mod lsp;
mod memory;
mod network;
mod new;
mod observe;
mod open;
mod out;
mod paint;
mod profile;
mod repl;
mod report;
mod sandbox;
mod schema;
mod secrets;
mod serve;
mod settings;
mod stream;
mod tape;
mod test;
mod trace;
mod usage;
mod watch;
mod world;

pub use memory::Counting;

use args::{Arguments, Command};
use clap::Parser;
use secrets::Secrets;
use std::process::ExitCode;

/// Stack of the thread that parses, runs and drops; reserved, not used, until something is that deep.
const STACK: usize = 512 << 20;

/// Runs the command that the process was started with.
pub fn main() -> ExitCode {
    let given = dashes::with_dashes(std::env::args_os());
    let arguments = match Arguments::try_parse_from(&given) {
        Ok(arguments) => arguments,
        Err(error) => return ExitCode::from(usage::report(&error, &given)),
    };
    let runner = std::thread::Builder::new().stack_size(STACK).spawn(move || run(&arguments));
    match runner.map(std::thread::JoinHandle::join) {
        Ok(Ok(status)) => ExitCode::from(status),
        Ok(Err(_)) | Err(_) => ExitCode::from(1),
    }
}

fn run(arguments: &Arguments) -> u8 {
    let display = &arguments.display;
    let secrets = Secrets::default();
    let result = match &arguments.command {
        Command::Exec(options) => exec::run(options, display, &secrets),
        Command::Eval(options) => eval::run(options, display, &secrets),
        Command::Repl(options) => repl::run(options, display, &secrets),
        Command::Trace(options) => trace::run(options, display),
        Command::New(options) => new::run(options),
        Command::Import(options) => import::run(options, display),
        Command::Generate(options) => generate::run(options, display, &secrets),
        Command::Check(options) => check::run(options, display),
        Command::Fmt(options) => fmt::run(options, display),
        Command::Test(options) => test::run(options, display),
        Command::Diff(options) => diff::run(options, display, &secrets),
        Command::Describe(options) => describe::run(options, display, &secrets),
        Command::Schema(options) => schema::run(options, display, &secrets),
        Command::Explain(options) => explain::run(options),
        Command::List(options) => list::run(options),
        Command::Connect(options) => connect::run(options, display, &secrets),
        Command::Settings(options) => settings::run(options, display),
        Command::Sandbox(options) => sandbox::run(options),
        Command::Trigger(options) => durable::trigger::run(options, display, &secrets),
        Command::Sync(options) => durable::sync::run(options, display, &secrets),
        Command::Backfill(options) => durable::backfill::run(options, display, &secrets),
        Command::Serve(options) => serve::run(options, display, &secrets),
        Command::State(options) => durable::state::run(options, display),
        Command::Runs(options) => durable::runs::run(options),
        Command::Lsp(_) => lsp::run(),
        Command::Completions(options) => completions::run(options),
    };
    result.unwrap_or_else(|failure| report::failure(failure, display, &secrets.redactor()))
}
