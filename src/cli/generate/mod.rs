//! `connrun generate`: parts of a connector's project from what is there already.

pub mod args;
mod docs;
mod recorded;
mod schema;
mod test;

pub use test::answer_like;

use super::args::Display;
use super::failure::Failure;
use super::secrets::Secrets;
use args::{Command, Generate};

pub fn run(options: &Generate, display: &Display, secrets: &Secrets) -> Result<u8, Failure> {
    match &options.command {
        Command::Docs(options) => docs::run(options, display, secrets),
        Command::Schema(options) => schema::run(options, display),
        Command::Test(options) => test::run(options, display),
    }
}
