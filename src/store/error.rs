//! Why the state could not be read or written.

use std::fmt;

/// The result of anything that touches the state.
pub type Result<T> = std::result::Result<T, StoreError>;

/// What kind of trouble it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// Somebody else has committed in between.
    Conflict,
    /// Somebody else holds the file for too long.
    Busy,
    /// The file is damaged, or is no state of connrun.
    Damaged,
    /// A newer connrun has written it.
    Newer,
    ReadOnly,
    Full,
    /// What was asked for is not there.
    Missing,
    Other,
}

/// One such trouble, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreError {
    pub kind: ErrorKind,
    pub message: String,
    pub help: Option<String>,
}

impl StoreError {
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), help: None }
    }

    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Somebody committed since the instance was read.
    pub fn conflict() -> Self {
        Self::new(ErrorKind::Conflict, "the state was changed by another process in between")
            .help("nothing was written; do it again to go on from the new state")
    }

    /// A key counts as seen, and no job came of it.
    pub fn no_job_of_key() -> Self {
        Self::new(ErrorKind::Conflict, "the key counts as seen, and no job came of it").help("take another key")
    }

    /// There is no such instance.
    pub fn no_instance(id: i64) -> Self {
        Self::new(ErrorKind::Missing, format!("the state holds no trigger or sync with the number {id}"))
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for StoreError {}
