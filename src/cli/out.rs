//! Where results go: standard output, or a file that is known to be writable before anything runs.

use super::failure::Failure;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// Writes text. A reader that has gone away (`| head`) is not an error.
pub fn say(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(no_stdout(&error)),
        _ => Ok(()),
    }
}

/// `1 event`, `2 events`
pub fn counted(count: u64, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
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

    /// Opens it for a result that comes in pieces.
    pub fn open(&self) -> Result<Sink, Failure> {
        let Some(path) = &self.0 else { return Ok(Sink::Stdout) };
        // Only a file can be replaced; a device or a pipe takes what comes.
        let sink = if path.metadata().is_ok_and(|about| !about.is_file()) {
            std::fs::OpenOptions::new().write(true).open(path).map(Sink::Device)
        } else {
            Sink::beside(path)
        };
        sink.map_err(|error| unwritable(path, &error))
    }

    /// What an error of a sink means to whoever named the target.
    pub fn failure(&self, error: &std::io::Error) -> Failure {
        match &self.0 {
            Some(path) => unwritable(path, error),
            None => no_stdout(error),
        }
    }

    /// Writes the result, whole or not at all.
    pub fn write(&self, text: &str) -> Result<(), Failure> {
        let Some(path) = &self.0 else { return say(text) };
        std::fs::write(path, text).map_err(|error| unwritable(path, &error))
    }
}

/// Takes a result in pieces. A file is there when it is finished; until then what was there before stays.
pub enum Sink {
    Stdout,
    Device(File),
    /// The unfinished file beside the one that it becomes.
    File(NamedTempFile, PathBuf),
}

impl Sink {
    fn beside(path: &Path) -> std::io::Result<Self> {
        let place = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
        let folder = place.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let mut builder = tempfile::Builder::new();
        builder.prefix(".connrun");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            builder.permissions(std::fs::Permissions::from_mode(0o666));
        }
        let file = builder.tempfile_in(folder)?;
        if let Ok(about) = place.metadata() {
            file.as_file().set_permissions(about.permissions())?;
        }
        Ok(Self::File(file, place))
    }

    /// All of it has been written.
    pub fn finish(mut self) -> Result<(), Failure> {
        let done = self.flush();
        match self {
            Self::Stdout => done.or_else(|error| match error.kind() {
                std::io::ErrorKind::BrokenPipe => Ok(()),
                _ => Err(no_stdout(&error)),
            }),
            Self::Device(_) => Ok(()),
            Self::File(file, path) => match file.persist(&path) {
                Ok(_) => Ok(()),
                Err(failed) => Err(unwritable(&path, &failed.error)),
            },
        }
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        match self {
            Self::Stdout => std::io::stdout().write(bytes),
            Self::Device(file) => file.write(bytes),
            Self::File(file, _) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        match self {
            Self::Stdout => std::io::stdout().flush(),
            Self::Device(file) => file.flush(),
            Self::File(file, _) => file.flush(),
        }
    }
}

fn no_stdout(error: &std::io::Error) -> Failure {
    Failure::usage("usage::stdout", format!("standard output cannot be written: {error}"))
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
