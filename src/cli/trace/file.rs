//! The file of the last run's requests: a line of JSON that names the run, then one for each. It is written as they go,
//! does not grow beyond its bounds, and whoever deletes it loses nothing else.

use crate::cli::failure::Failure;
use crate::cli::files;
use crate::http::trace::Record;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Names the file, or says `off`; what is no file, such as a device, takes no trace either, for a trace is put in its place.
const VARIABLE: &str = "CONNRUN_TRACE";
const USUAL: &str = ".connrun/last-trace.jsonl";
/// A file this large becomes the older half of the trace, and what was the older half before goes.
const BOUND: usize = 8 << 20;

/// Which run it was.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Head {
    /// The command and what it ran.
    pub run: String,
    pub connector: String,
    pub began: DateTime<Utc>,
    /// How it can be run again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ran: Option<Rerun>,
}

/// What a run was given, without secrets.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Rerun {
    pub path: String,
    /// By the names of exec's options.
    pub inputs: Map<String, Json>,
    pub settings: Map<String, Json>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub now: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// The recording that it was made into or answered from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cassette: Option<PathBuf>,
}

/// Writes a trace; nothing is there before the first request.
pub struct Writer {
    head: Head,
    path: PathBuf,
    file: Option<File>,
    written: usize,
}

/// Where the trace of a run lies; `None` where there shall be none.
pub fn place() -> Option<PathBuf> {
    let path = match std::env::var(VARIABLE) {
        Ok(named) if named == "off" || named.is_empty() => return None,
        Ok(named) => PathBuf::from(named),
        Err(_) => PathBuf::from(USUAL),
    };
    let is_taken = path.metadata().is_ok_and(|about| !about.is_file());
    (!is_taken).then_some(path)
}

/// The older half.
fn older(path: &Path) -> PathBuf {
    path.with_extension("old.jsonl")
}

impl Writer {
    pub fn of(head: Head) -> Option<Self> {
        place().map(|path| Self { head, path, file: None, written: 0 })
    }

    /// Says how the run can be run again, where nothing has been written yet.
    pub fn tell(&mut self, ran: Rerun) {
        self.head.ran = Some(ran);
    }

    /// Adds a request.
    pub fn write(&mut self, record: &Record) -> std::io::Result<()> {
        if self.written > BOUND {
            self.file = None;
            let older = older(&self.path);
            // Only the newer half is lost where it cannot be moved.
            let _ = std::fs::rename(&self.path, older);
            self.open()?;
        } else if self.file.is_none() {
            // What an earlier run left is not this run's older half.
            let _ = std::fs::remove_file(older(&self.path));
            self.open()?;
        }
        let line = serde_json::to_string(record)? + "\n";
        self.written += line.len();
        self.file.as_mut().map_or(Ok(()), |file| file.write_all(line.as_bytes()))
    }

    /// The run has sent nothing: if there is a trace of an earlier one, it is no longer that of the last.
    pub fn clear(&mut self) {
        if self.path.exists() {
            let _ = std::fs::remove_file(older(&self.path));
            // Where it cannot be replaced the old one stays; its head says which run it is of.
            let _ = self.open();
        }
    }

    /// Begins a file under another name and puts it in place at once: two runs at a time do not write into one file.
    fn open(&mut self) -> std::io::Result<()> {
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
        if let Some(folder) = folder {
            files::own_folder(folder)?;
        }
        let mut builder = tempfile::Builder::new();
        let file = builder.prefix(".trace").tempfile_in(folder.unwrap_or(Path::new(".")))?;
        let mut file = file.persist(&self.path).map_err(|failed| failed.error)?;
        let line = serde_json::to_string(&self.head)? + "\n";
        file.write_all(line.as_bytes())?;
        self.written = line.len();
        self.file = Some(file);
        Ok(())
    }
}

/// A trace as it was kept.
pub struct Kept {
    pub head: Head,
    pub records: Vec<Record>,
    /// So many requests came before the first that is kept.
    pub lost: usize,
}

/// Reads the trace of the last run, or one that was named.
pub fn read(path: &Path) -> Result<Kept, Failure> {
    if !path.exists() {
        return Err(Failure::usage("trace::missing", format!("there is no trace {}", path.display()))
            .help("run something first, such as `connrun exec action NAME`: what it sends is kept here"));
    }
    let source = files::read_text(path)?;
    let mut lines = source.text().lines();
    let head: Option<Head> = lines.next().and_then(|line| serde_json::from_str(line).ok());
    let head = head.ok_or_else(|| {
        Failure::usage("trace::damaged", format!("{} is no trace", path.display()))
            .help("name a file that connrun has written, or delete this one")
    })?;
    let mut records = Vec::new();
    let older = older(path);
    if older.exists() {
        let source = files::read_text(&older)?;
        let mut lines = source.text().lines();
        let other: Option<Head> = lines.next().and_then(|line| serde_json::from_str(line).ok());
        if other.is_some_and(|other| other.began == head.began) {
            records.extend(lines.filter_map(|line| serde_json::from_str::<Record>(line).ok()));
        }
    }
    // The last line of a run that was cut off may be torn.
    records.extend(lines.filter_map(|line| serde_json::from_str::<Record>(line).ok()));
    let lost = records.first().map_or(0, |first| first.number.saturating_sub(1));
    Ok(Kept { head, records, lost })
}
