//! Durable state: where triggers and syncs stand, which events they have seen, and the jobs that came of them.
//!
//! One trait, two implementations: [`Memory`], which ends with the process, and [`Sqlite`], a file that any number of
//! processes may open. Everything that must happen together happens in one [`Store::commit`]. What connectors say is
//! text here (JSON); nothing in this layer knows what it means.

mod error;
mod memory;
mod sqlite;

pub use error::{ErrorKind, Result, StoreError};
pub use memory::Memory;
pub use sqlite::Sqlite;

/// Milliseconds since 1970-01-01T00:00:00Z.
pub type Millis = i64;

/// What is kept: one of these for every (connector, part, connection, input).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Identity {
    /// The connector's file, as seen from the folder that the state lies in.
    pub connector: String,
    pub kind: Kind,
    /// Of the trigger or sync.
    pub name: String,
    /// The account; empty where there is but one.
    pub connection: String,
    /// JSON with sorted keys: the same input in another order is the same input.
    pub input: String,
}

impl Identity {
    /// All of it in one text, for digests.
    pub fn text(&self) -> String {
        [&self.connector, self.kind.name(), &self.name, &self.connection, &self.input].join("\0")
    }
}

/// What kind of part an instance belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    Trigger,
    Sync,
    Backfill,
    /// An action that is asked for by itself: its jobs are inputs, not events.
    Action,
}

const KINDS: &[(Kind, &str)] =
    &[(Kind::Trigger, "trigger"), (Kind::Sync, "sync"), (Kind::Backfill, "backfill"), (Kind::Action, "action")];

impl Kind {
    /// As it is written in the state.
    pub fn name(self) -> &'static str {
        KINDS.iter().find(|(kind, _)| *kind == self).map_or("trigger", |(_, name)| name)
    }

    /// The kind of that name.
    pub fn of(name: &str) -> Option<Self> {
        KINDS.iter().find(|(_, known)| *known == name).map(|(kind, _)| *kind)
    }
}

/// Where a trigger or sync stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance {
    pub id: i64,
    pub identity: Identity,
    /// Grows with every commit; who commits says which version it has read.
    pub version: i64,
    /// It is not to be run; who runs it now ends after the page.
    pub paused: bool,
    pub place: Place,
}

/// What of an instance changes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// JSON: the closure of the next poll, or a sync's state.
    pub cursor: Option<String>,
    /// JSON: the page that an interrupted cycle goes on with.
    pub page: Option<String>,
    /// The highest rank of the finished cycles, in the form of [`Pending::rank`].
    pub high_water: Option<String>,
    /// JSON: what `webhook_subscribe` gave.
    pub subscription: Option<String>,
    pub subscription_until: Option<Millis>,
    pub next_due: Option<Millis>,
    pub last_run: Option<Millis>,
    /// Failures in a row; 0 after a success.
    pub failures: u32,
    pub last_error: Option<String>,
    /// SHA-256 of the connector's text at the last run, in hexadecimal.
    pub connector_hash: Option<String>,
}

/// An event of a cycle that is not finished yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    pub key: Option<String>,
    /// What it is sorted by, in a form that its writer can read again.
    pub rank: String,
    /// JSON
    pub event: String,
}

/// An event that shall become a job, unless its key has been seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewJob {
    pub key: Option<String>,
    /// JSON
    pub event: String,
}

/// All that one step changes, at once or not at all.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// `None` leaves the place as it is.
    pub place: Option<Place>,
    /// Added to those of the running cycle.
    pub pending: Vec<Pending>,
    /// The cycle ends: its pending events are jobs now, or are given up.
    pub clear_pending: bool,
    /// In this order.
    pub jobs: Vec<NewJob>,
    /// What the new jobs are to begin as.
    pub status: Status,
    /// Keys that count as seen without a job, with their times.
    pub seen: Vec<(String, Millis)>,
    /// Keys that were met again: they are remembered from now on.
    pub touched: Vec<String>,
    /// Forget all keys first.
    pub clear_seen: bool,
    /// Notifications that are dealt with.
    pub handled: Vec<i64>,
    pub now: Millis,
}

/// A request that arrived for an instance, as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    pub id: i64,
    /// When it arrived.
    pub at: Millis,
    /// JSON: its headers and query.
    pub head: String,
    pub body: Vec<u8>,
    /// How often it could not be dealt with, and why last.
    pub attempts: u32,
    pub error: Option<String>,
}

/// What a commit came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Committed {
    pub version: i64,
    /// For each new job its id; `None` for one whose key had been seen.
    pub jobs: Vec<Option<String>>,
}

/// How a job stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Status {
    /// Its event was handed out; there is nothing to run.
    #[default]
    Emitted,
    Queued,
    Running,
    /// Until its time comes: for another attempt, or for its next step.
    Waiting,
    Succeeded,
    Failed,
    Cancelled,
}

/// Every status with its name.
const STATUSES: &[(Status, &str)] = &[
    (Status::Emitted, "emitted"),
    (Status::Queued, "queued"),
    (Status::Running, "running"),
    (Status::Waiting, "waiting"),
    (Status::Succeeded, "succeeded"),
    (Status::Failed, "failed"),
    (Status::Cancelled, "cancelled"),
];

impl Status {
    /// As it is written in the state.
    pub fn name(self) -> &'static str {
        STATUSES.iter().find(|(status, _)| *status == self).map_or("emitted", |(_, name)| name)
    }

    /// The status of that name.
    pub fn of(name: &str) -> Option<Self> {
        STATUSES.iter().find(|(_, known)| *known == name).map(|(status, _)| *status)
    }

    /// Every name, in the order of a job's life.
    pub fn names() -> impl Iterator<Item = &'static str> {
        STATUSES.iter().map(|(_, name)| *name)
    }
}

/// One event that was committed, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// Unique among all states: part of it is the state's own id.
    pub id: String,
    pub instance: i64,
    pub key: Option<String>,
    /// JSON
    pub event: String,
    pub status: Status,
    /// How often it was begun.
    pub attempts: u32,
    pub created_at: Millis,
    /// When it came into this status.
    pub since: Millis,
    pub finished_at: Option<Millis>,
    /// When a waiting job goes on.
    pub due: Option<Millis>,
    /// JSON: what a job that waits takes with it.
    pub carry: Option<String>,
    pub error: Option<String>,
    /// What a job that waits can be woken by before it is due.
    pub token: Option<String>,
    /// What it was woken with, or will be once it waits.
    pub answer: Option<Answer>,
    /// Somebody wants it to end while it runs.
    pub cancelled: bool,
}

/// What somebody says to a job that waits for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The token that it is for.
    pub token: String,
    /// JSON
    pub data: String,
}

/// One beginning of a job, after its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// From 1.
    pub number: u32,
    pub began: Millis,
    pub ended: Millis,
    /// One word; [`INTERRUPTED`] where nobody lived to say it.
    pub outcome: String,
    pub error: Option<String>,
}

/// How an attempt ended whose process died.
pub const INTERRUPTED: &str = "interrupted";

/// What is written together with a job.
#[derive(Clone, Debug, Default)]
pub struct Settlement {
    /// The attempt that ended.
    pub attempt: Option<Attempt>,
    /// A job of another instance that follows from it, unless its key has been seen.
    pub follower: Option<(i64, NewJob)>,
    /// It begins anew: what was said to it before is forgotten.
    pub anew: bool,
    pub now: Millis,
}

/// Which jobs are wanted; `Default` wants all.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    pub instance: Option<i64>,
    pub status: Option<Status>,
    /// Only so many, the newest.
    pub last: Option<u64>,
}

/// State that outlives a step. Every error leaves it as it was.
pub trait Store {
    /// The instance of that identity, made if there is none.
    fn open(&mut self, identity: &Identity) -> Result<Instance>;

    /// One instance as it is now.
    fn instance(&mut self, id: i64) -> Result<Instance>;

    /// All instances, in the order they were made.
    fn instances(&mut self) -> Result<Vec<Instance>>;

    /// Of these keys, which have been seen.
    fn seen(&mut self, instance: i64, keys: &[&str]) -> Result<Vec<bool>>;

    /// How many keys have been seen.
    fn seen_count(&mut self, instance: i64) -> Result<u64>;

    /// Every seen key with its time, in the order of the keys.
    fn seen_keys(&mut self, instance: i64, each: &mut dyn FnMut(&str, Millis)) -> Result<()>;

    /// Forgets keys seen before that time; how many. What has been looked through for nearly that time is not looked
    /// through again, so keys may live for a day longer.
    fn forget_before(&mut self, instance: i64, time: Millis) -> Result<u64>;

    /// The events of the unfinished cycle, as they came.
    fn pending(&mut self, instance: i64) -> Result<Vec<Pending>>;

    /// Makes a change, if the instance is still at that version; [`ErrorKind::Conflict`] otherwise.
    fn commit(&mut self, instance: &Instance, change: &Change) -> Result<Committed>;

    /// Keeps a request that arrived for an instance; its number. It stays until a commit has it among its `handled`.
    fn receive(&mut self, instance: i64, at: Millis, head: &str, body: &[u8]) -> Result<i64>;

    /// Notifications that are to be dealt with now, oldest first, not more than a hundred.
    fn received(&mut self, instance: i64, now: Millis) -> Result<Vec<Notification>>;

    /// When the next notification is to be dealt with; `None` where none is.
    fn next_received(&mut self, instance: i64) -> Result<Option<Millis>>;

    /// A notification could not be dealt with: it is due again then, or given up and kept.
    fn put_off(&mut self, notification: i64, due: Option<Millis>, error: &str) -> Result<()>;

    /// Notifications that were given up, oldest first, each with the instance that it is for.
    fn given_up(&mut self) -> Result<Vec<(i64, Notification)>>;

    /// Has them dealt with again from that time on; how many they are.
    fn revive(&mut self, now: Millis) -> Result<u64>;

    /// Says whether an instance is to be run. That is no part of its version: who runs it is not disturbed.
    fn pause(&mut self, instance: i64, paused: bool) -> Result<()>;

    /// The wanted jobs, oldest first.
    fn jobs(&mut self, wanted: &Wanted, each: &mut dyn FnMut(&Job)) -> Result<()>;

    /// One job; `None` if there is none of that id.
    fn job(&mut self, id: &str) -> Result<Option<Job>>;

    /// The job that an instance's key became, if it became one.
    fn job_of_key(&mut self, instance: i64, key: &str) -> Result<Option<Job>>;

    /// Takes the next job that may run, as running: queued, or waiting and due, or left behind by a process that died.
    /// One job of an instance runs at a time, the oldest first; those that wait let others pass.
    fn claim(&mut self, now: Millis) -> Result<Option<Job>>;

    /// When the next waiting job is due; `None` where none waits.
    fn next_due(&mut self) -> Result<Option<Millis>>;

    /// Writes what a job has come to: status, attempts, times, carry, error and token. `false`, and nothing is written but
    /// the attempt, where the job is no longer as it was read. One that would wait and was cancelled or answered
    /// meanwhile is cancelled, or queued, instead.
    fn settle(&mut self, before: &Job, after: &Job, with: &Settlement) -> Result<bool>;

    /// Says something to a job: one that waits for it is queued; one that is about to wait for it finds it then. `false`
    /// for one that has ended or waits for something else, and where it has been said already.
    fn answer(&mut self, id: &str, answer: &Answer, now: Millis) -> Result<bool>;

    /// Asks for the end of a job that runs. `false` where it is no longer as it was read.
    fn cancel(&mut self, running: &Job) -> Result<bool>;

    /// What only this state knows: tokens are made of it.
    fn secret(&mut self) -> Result<String>;

    /// Takes the next turn of a connection whose turns lie so far apart; how long it is until then. In microseconds.
    fn take_turn(&mut self, connection: &str, now: i64, apart: i64) -> Result<i64>;

    /// The attempts of a job that have ended, in their order.
    fn attempts(&mut self, id: &str) -> Result<Vec<Attempt>>;

    /// Takes the right to run an instance. `false` while somebody else who is alive has it.
    fn lease(&mut self, instance: i64, now: Millis) -> Result<bool>;

    /// Gives it back.
    fn release(&mut self, instance: i64) -> Result<()>;

    /// Forgets an instance with its keys, pending events and jobs.
    fn remove(&mut self, instance: i64) -> Result<()>;
}
