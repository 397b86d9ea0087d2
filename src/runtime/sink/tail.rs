//! A file that only grows, with a known good length: whatever lies behind it was not committed.

use super::{Begun, SinkError};
use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// An open file at its end.
pub struct Tail {
    path: PathBuf,
    file: File,
    length: u64,
}

impl Tail {
    /// Opens (or makes) the file and cuts off what was not committed: everything behind `position`, or without one a
    /// last line that was torn.
    pub fn open(path: &Path, position: Option<&str>, begun: &mut Begun) -> Result<Self, SinkError> {
        let wrong = |error| unusable(path, &error);
        let mut options = OpenOptions::new();
        let mut file = options.read(true).write(true).create(true).truncate(false).open(path).map_err(wrong)?;
        let found = file.metadata().map_err(wrong)?.len();
        let good = match position.and_then(|position| position.parse::<u64>().ok()) {
            Some(committed) if committed <= found => committed,
            // A file that was moved away or emptied begins anew.
            Some(_) => {
                begun.notes.push(format!("{} is shorter than it was: what is left is kept", path.display()));
                whole_lines(&mut file, found).map_err(wrong)?
            }
            None => whole_lines(&mut file, found).map_err(wrong)?,
        };
        if good < found {
            let cut = found - good;
            begun.notes.push(format!("{}: {cut} bytes of an unfinished chunk were cut off", path.display()));
            file.set_len(good).map_err(wrong)?;
        }
        file.seek(SeekFrom::Start(good)).map_err(wrong)?;
        Ok(Self { path: path.to_path_buf(), file, length: good })
    }

    pub const fn length(&self) -> u64 {
        self.length
    }

    /// The first line, without its end; `None` of an empty file.
    pub fn first_line(&mut self) -> Result<Option<String>, SinkError> {
        let path = self.path.clone();
        let wrong = |error| unusable(&path, &error);
        self.file.seek(SeekFrom::Start(0)).map_err(wrong)?;
        let mut line = String::new();
        let read = std::io::BufRead::read_line(&mut std::io::BufReader::new(&self.file), &mut line).map_err(wrong)?;
        self.file.seek(SeekFrom::Start(self.length)).map_err(wrong)?;
        Ok((read > 0).then(|| line.trim_end_matches(['\n', '\r']).to_owned()))
    }

    /// Appends, and waits until the disk has it.
    pub fn append(&mut self, bytes: &[u8]) -> Result<(), SinkError> {
        let written = self.file.write_all(bytes).and_then(|()| self.file.sync_data());
        written.map_err(|error| unusable(&self.path, &error))?;
        self.length += bytes.len() as u64;
        Ok(())
    }
}

/// The length up to the last line end.
fn whole_lines(file: &mut File, length: u64) -> std::io::Result<u64> {
    let mut end = length;
    let mut block = [0_u8; 4096];
    while end > 0 {
        let from = end.saturating_sub(block.len() as u64);
        let part = &mut block[..(end - from) as usize];
        file.seek(SeekFrom::Start(from))?;
        file.read_exact(part)?;
        if let Some(at) = part.iter().rposition(|byte| *byte == b'\n') {
            return Ok(from + at as u64 + 1);
        }
        end = from;
    }
    Ok(0)
}

fn unusable(path: &Path, error: &std::io::Error) -> SinkError {
    SinkError::new(format!("{} cannot be written: {error}", path.display()))
        .help("check its permissions and the room on its disk; what was committed before stands")
}
