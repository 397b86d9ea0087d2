//! A settings file on the disk: its text in the clear, whether it is encrypted or not, and how a new text replaces it.

use super::encrypted::{self, Key};
use crate::cli::args::Where;
use crate::cli::failure::Failure;
use crate::cli::files;
use crate::text::Source;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// A file, as it was read.
pub struct Stored {
    path: PathBuf,
    pub source: Source,
    key: Option<Key>,
}

impl Stored {
    /// Reads it, and decrypts it if its name says so.
    pub fn open(path: &Path, place: &Where) -> Result<Self, Failure> {
        let written = files::read_text(path)?;
        if !encrypted::is_encrypted(path) {
            return Ok(Self { path: path.to_path_buf(), source: written, key: None });
        }
        let key = Key::of(place, path)?;
        let text = encrypted::unseal(path, written.text(), &key)?;
        Ok(Self { path: path.to_path_buf(), source: Source::new(path.display().to_string(), text), key: Some(key) })
    }

    /// A file that is not there yet.
    pub fn new(path: &Path) -> Self {
        let source = Source::new(path.display().to_string(), String::new());
        Self { path: path.to_path_buf(), source, key: None }
    }

    /// Puts a new text in its place, encrypted with the same key if it was.
    pub fn replace(&self, text: &str) -> Result<(), Failure> {
        let written = match &self.key {
            Some(key) => encrypted::seal(text, key)?,
            None => text.to_owned(),
        };
        write_whole(&self.path, written.as_bytes())
    }
}

/// Writes a file that holds secrets, whole or not at all: whoever reads it sees the old content or the new one. A new
/// file can be read by its owner only; an old one keeps its permissions, and a link stays a link.
pub fn write_whole(path: &Path, content: &[u8]) -> Result<(), Failure> {
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    let mut name = std::ffi::OsString::from(".");
    name.push(target.file_name().unwrap_or_default());
    name.push(format!(".{}", std::process::id()));
    let beside = target.with_file_name(name);
    let written = written_beside(&beside, &target, content);
    written.map_err(|error| {
        // What is left of the attempt is of no use to anybody.
        let _ = fs::remove_file(&beside);
        Failure::usage("usage::output", format!("{} cannot be written: {error}", path.display()))
            .help("check the permissions of the file and of its folder; nothing was changed")
    })
}

fn written_beside(beside: &Path, target: &Path, content: &[u8]) -> io::Result<()> {
    let mut file = private(beside)?;
    file.write_all(content)?;
    file.sync_all()?;
    if let Ok(about) = fs::metadata(target) {
        fs::set_permissions(beside, about.permissions())?;
    }
    fs::rename(beside, target)
}

/// A new file for its owner only.
pub fn private(path: &Path) -> io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path)
}
