//! What keeps running: polls that go on where the last one stopped, each page committed with its jobs.
//!
//! A turn ([`poll_page`]) asks the connector for one page and says what to commit; it touches no state. A cycle
//! ([`Cycle`]) takes turns, commits each, and hands the new jobs out. A step ([`action_step`]) runs a job's action once;
//! [`work_one`] takes a job, runs its step and writes what came of it. An [`Engine`] is who does all that. Time and stop signals are given from outside.

mod backfill;
mod backoff;
mod cycle;
mod engine;
mod failure;
mod identity;
mod job;
mod notify;
mod queue;
mod rank;
mod schedule;
pub mod sink;
mod sync;
mod task;
mod template;
mod token;
mod turn;
mod turns;
mod windows;
mod work;

pub use backfill::Plan;
pub use backoff::{after_failure, retry_after};
pub use cycle::{Cycle, Emitted, Outcome, Pace, Trouble};
pub use engine::{Embedded, Engine, Submitted};
pub use identity::{canonical, digest};
pub use job::{Around, Step, action_step};
pub use notify::{Head, Heard, Inbox, Subscription, Wish, arrange, payload};
pub use queue::DueQueue;
pub use schedule::{CATCH_UPS, CatchUp, Due, LATE, Schedule, next_due};
pub use sync::{Copy, Incremental, Progress};
pub use task::{Map, Task};
pub use template::filled;
pub use turn::{Failed, Judged, Known, Position, Prepared, Turn, Verdict, poll_page};
pub use turns::KeptTurns;
pub use windows::{Span, Window, Windows, first_at};
pub use work::{Worked, Workshop, is_notification, work_one};
