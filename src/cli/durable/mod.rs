//! The commands that work with a state file: `trigger`, `sync`, `backfill`, `state`, `runs`.

pub mod args;
pub mod backfill;
pub mod runs;
pub mod state;
pub mod sync;
pub mod trigger;

mod file;
mod job;
mod machine;

pub use file::{connector_name, failure as state_failure, open as open_state, shown};
pub use job::job_object;
