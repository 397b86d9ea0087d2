//! The project's file while the server runs: a new text that is right is taken, one that is wrong is told of once.

use super::{Server, load};
use crate::cli::failure::Failure;
use crate::project::{Given, Project};
use crate::runtime::digest;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Looks at the file again and again.
pub struct Watch {
    path: PathBuf,
    stamp: Option<(SystemTime, u64)>,
    /// Of the text that was looked at last.
    hash: String,
    /// What the server began with and keeps.
    fixed: String,
}

/// What of a project holds for as long as the process lives.
fn fixed(project: &Project) -> String {
    let server = &project.server;
    let text = |given: &Option<Given<String>>| given.as_ref().map(|given| given.value.clone());
    let (token, url) = (text(&server.token), text(&server.public_url));
    format!("{} {token:?} {url:?} {} {} {:?}", server.listen.value, server.max_body, server.workers, project.state)
}

impl Watch {
    pub fn new(path: &str, project: &Project) -> Self {
        let path = PathBuf::from(path);
        let hash = std::fs::read_to_string(&path).map(|text| digest(&text)).unwrap_or_default();
        Self { stamp: stamp(&path), hash, path, fixed: fixed(project) }
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
            Ok(Ok(project)) => {
                let (now, known) = (fixed(&project), &mut self.fixed);
                if *known != now {
                    server.teller.warn(&name, "`[server]` and `[state]` have changed: that holds from the next start");
                    *known = now;
                }
                server.take(&project).map(|_| ()).map_err(|failure| vec![failure])
            }
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
