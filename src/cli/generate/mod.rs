//! `connrun generate`: parts of a connector's project from what is there already.

pub mod args;
mod schema;

use super::args::Display;
use super::failure::Failure;
use args::{Command, Generate};

pub fn run(options: &Generate, display: &Display) -> Result<u8, Failure> {
    match &options.command {
        Command::Schema(options) => schema::run(options, display),
    }
}
