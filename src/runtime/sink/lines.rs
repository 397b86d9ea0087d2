//! JSON Lines, into a file or to whoever reads the output.

use super::tail::Tail;
use super::{Begun, Chunk, Sink, SinkError, Stand, Stored};
use crate::value::json::{self, BinaryForm};
use std::path::PathBuf;

/// Takes lines that cannot be taken back; `false` when nobody reads them any more.
pub type Written<'a> = Box<dyn FnMut(&str) -> bool + 'a>;

/// One object a line.
pub enum Lines<'a> {
    File(PathBuf, Option<Tail>),
    Stream(Written<'a>),
}

impl Sink for Lines<'_> {
    fn begin(&mut self, at: &Stand<'_>) -> Result<Begun, SinkError> {
        let mut begun = Begun::default();
        if let Self::File(path, tail) = self {
            *tail = Some(Tail::open(path, at.position, &mut begun)?);
        }
        Ok(begun)
    }

    fn write(&mut self, chunk: &Chunk<'_>) -> Result<Stored, SinkError> {
        let mut text = String::new();
        for record in chunk.records {
            text.push_str(&json::compact(record, BinaryForm::Base64).map_err(|_| unwritable())?);
            text.push('\n');
        }
        match self {
            Self::File(_, Some(tail)) => {
                tail.append(text.as_bytes())?;
                Ok(Stored { position: Some(tail.length().to_string()), ..Stored::default() })
            }
            Self::File(path, None) => Err(SinkError::new(format!("{} was not opened", path.display()))),
            Self::Stream(write) => {
                if write(&text) {
                    Ok(Stored::default())
                } else {
                    Err(SinkError::new("nobody reads the records any more")
                        .help("the chunk that was not read was not committed: the next run begins with it"))
                }
            }
        }
    }
}

fn unwritable() -> SinkError {
    SinkError::new("a record cannot be written as JSON").help("it holds a NaN, an infinity, or itself")
}
