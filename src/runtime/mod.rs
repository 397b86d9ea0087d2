//! What keeps running: polls that go on where the last one stopped, each page committed with its jobs.
//!
//! A turn ([`turn::turn`]) asks the connector for one page and says what to commit; it touches no state. A cycle
//! ([`Cycle`]) takes turns, commits each, and hands the new jobs out. Time and stop signals are given from outside.

mod backoff;
mod cycle;
mod failure;
mod identity;
mod rank;
mod schedule;
pub mod sink;
mod sync;
mod turn;

pub use backoff::{after_failure, retry_after};
pub use cycle::{Cycle, Emitted, Outcome, Pace, Trouble};
pub use identity::{canonical, digest};
pub use schedule::{CATCH_UPS, CatchUp, Due, LATE, Schedule, next_due};
pub use sync::{Copy, Incremental, Progress};
pub use turn::{Failed, Judged, Known, Position, Prepared, Turn, Verdict, turn};
