//! Where a sync's records go. A sink writes a chunk whole or not at all, and can be brought back to the chunk that was
//! committed last, so that a crash neither loses nor repeats a record.

mod csv;
mod drift;
mod lines;
mod sqlite;
mod tail;

pub use self::csv::Csv;
pub use self::lines::{Lines, Written as LineWriter};
pub use self::sqlite::Sqlite;
pub use drift::{Drift, Drifted};

use crate::value::Value;
use std::fmt;

/// One chunk of a sync, as a sink gets it.
pub struct Chunk<'a> {
    /// Hashes.
    pub records: &'a [Value],
    /// What is kept with the records, and given back as [`Begun::ahead`].
    pub mark: &'a str,
    /// The version of the instance that this chunk is committed on.
    pub version: i64,
}

/// Where a copy stands when its sink begins.
pub struct Stand<'a> {
    /// Tells one copy from another that goes to the same place.
    pub copy: &'a str,
    /// What [`Stored`] said of the chunk that was committed last.
    pub position: Option<&'a str>,
    /// The version of the instance.
    pub version: i64,
}

/// What a sink found when it began.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Begun {
    /// It already holds the chunk of the version that comes next: the mark of that chunk.
    pub ahead: Option<String>,
    /// Remarks for people, such as what was repaired.
    pub notes: Vec<String>,
}

/// What writing a chunk came to.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Stored {
    /// Where the sink stands now, for [`Sink::begin`]; JSON.
    pub position: Option<String>,
    /// What did not fit.
    pub drifted: Vec<Drifted>,
}

/// A place for records.
pub trait Sink {
    /// Brings the sink to the chunk that was committed last.
    fn begin(&mut self, at: &Stand<'_>) -> Result<Begun, SinkError>;

    /// Writes a chunk, whole or not at all.
    fn write(&mut self, chunk: &Chunk<'_>) -> Result<Stored, SinkError>;
}

/// Why a sink could not be read or written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SinkError {
    pub message: String,
    pub help: Option<String>,
}

impl SinkError {
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None }
    }

    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

impl fmt::Display for SinkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for SinkError {}
