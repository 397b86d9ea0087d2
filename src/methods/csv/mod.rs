//! CSV as Ruby's library reads and writes it: its options, and its words for what is malformed.
//!
//! Written out here because separators of several characters, the detection of line ends and the exact complaints of
//! Ruby's strict parser are part of what connectors see.

mod class;
mod options;
mod read;
mod write;

pub(in crate::methods) use class::generate;
pub use options::{Format, Headers, format_of, headers_of};
pub use read::{Malformed, Row, read, with_headers};
pub use write::{Builder, line, lines_of};

use super::{Receiver, Table};
use crate::value::Kind;

/// Of `CSV`, of arrays and strings, and of what a `generate` block adds rows to.
pub static TABLES: &[Table] = &[
    Table { receiver: Receiver::Singleton("CSV"), rows: class::ROWS },
    Table { receiver: Receiver::Kinds(&[Kind::Array]), rows: write::ARRAY },
    Table { receiver: Receiver::Kinds(&[Kind::String]), rows: class::STRING },
    Table { receiver: Receiver::Namespace("CSV"), rows: write::BUILDER },
];
