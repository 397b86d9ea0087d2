//! The project's file while the server runs: a new text that is right is taken, one that is wrong is told of once.

use super::{Server, load};
use crate::cli::failure::Failure;
use crate::runtime::digest;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Looks at the file again and again.
pub struct Watch {
    path: PathBuf,
    stamp: Option<(SystemTime, u64)>,
    /// Of the text that was looked at last.
    hash: String,
}

impl Watch {
    pub fn new(path: &str) -> Self {
        let path = PathBuf::from(path);
        let hash = std::fs::read_to_string(&path).map(|text| digest(&text)).unwrap_or_default();
        Self { stamp: stamp(&path), hash, path }
    }

    /// Takes the file if it has changed.
    pub fn look(&mut self, server: &Server) {
        let stamp = stamp(&self.path);
        if stamp == self.stamp || stamp.is_none() {
            return;
        }
        self.stamp = stamp;
        let Ok(text) = std::fs::read_to_string(&self.path) else { return };
        let hash = digest(&text);
        if hash == self.hash {
            return;
        }
        self.hash = hash;
        let name = self.path.display().to_string();
        let taken = match load(&name) {
            Ok(Ok(project)) => server.take(&project).map(|_| ()).map_err(|failure| vec![failure]),
            Ok(Err(failures)) => Err(failures),
            Err(failure) => Err(vec![failure]),
        };
        match taken {
            Ok(()) => {
                server.teller.say(&name, "has changed and was taken");
                server.sweep();
            }
            Err(failures) => broken(server, &name, failures),
        }
    }
}

fn broken(server: &Server, name: &str, failures: Vec<Failure>) {
    let mut what = "has changed and is wrong: what was before goes on";
    for failure in failures {
        server.teller.fail(name, what, failure);
        what = "and";
    }
}

fn stamp(path: &Path) -> Option<(SystemTime, u64)> {
    let about = std::fs::metadata(path).ok()?;
    Some((about.modified().ok()?, about.len()))
}
