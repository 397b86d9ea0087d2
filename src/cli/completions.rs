//! `connrun completions`: what a shell needs to complete commands and options.

use super::args::Arguments;
use super::failure::Failure;
use super::out::say;
use clap::{Args, CommandFactory};

#[derive(Debug, Args)]
pub struct Completions {
    /// The shell
    pub shell: clap_complete::Shell,
}

pub fn run(options: &Completions) -> Result<u8, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(options.shell, &mut Arguments::command(), "connrun", &mut script);
    say(&String::from_utf8_lossy(&script))?;
    Ok(0)
}
