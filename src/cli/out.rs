//! Where results go: standard output, or a file that is known to be writable before anything runs.

use super::failure::Failure;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Writes text. A reader that has gone away (`| head`) is not an error.
pub fn say(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::usage("usage::stdout", format!("standard output cannot be written: {error}")))
        }
        _ => Ok(()),
    }
}

/// The place of one result.
pub struct Target(Option<PathBuf>);

impl Target {
    /// Standard output, or that file. Errors: the file cannot be written.
    pub fn of(path: Option<&Path>) -> Result<Self, Failure> {
        if let Some(path) = path {
            let existed = path.exists();
            let opened = std::fs::OpenOptions::new().append(true).create(true).open(path);
            opened.map_err(|error| unwritable(path, &error))?;
            if !existed {
                // Only tried: nothing is left behind by a run that fails.
                std::fs::remove_file(path).map_err(|error| unwritable(path, &error))?;
            }
        }
        Ok(Self(path.map(Path::to_path_buf)))
    }

    /// Writes the result, whole or not at all.
    pub fn write(&self, text: &str) -> Result<(), Failure> {
        let Some(path) = &self.0 else { return say(text) };
        std::fs::write(path, text).map_err(|error| unwritable(path, &error))
    }
}

fn unwritable(path: &Path, error: &std::io::Error) -> Failure {
    let name = path.display();
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let help = match folder {
        _ if path.is_dir() => "it is a folder; name a file inside it".to_owned(),
        Some(folder) if !folder.exists() => format!("there is no folder {}; make it first", folder.display()),
        _ => "check its permissions, or name another file".to_owned(),
    };
    let reason = error.to_string();
    let reason = reason.split(" (os error").next().unwrap_or_default();
    Failure::usage("usage::output", format!("the result cannot be written to {name}: {reason}")).help(help)
}
