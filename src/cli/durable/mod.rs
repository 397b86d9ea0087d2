//! The commands that work with a state file: `trigger`, `state`, `runs`.

pub mod args;
pub mod runs;
pub mod state;
pub mod trigger;

mod file;
