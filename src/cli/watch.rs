//! `--watch`: runs again when a file is saved, until interrupted.

use super::interrupt;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

/// Between two looks at the files that are known…
const LOOK: Duration = Duration::from_millis(10);
/// …and two looks for new ones.
const SEARCH: Duration = Duration::from_secs(1);
/// A file that has not changed for so long has been written to its end.
const SETTLED: Duration = Duration::from_millis(4);
/// No connector has more files around it.
const MOST: usize = 5_000;

/// What a file looked like; `None` where there is none.
type Stamp = Option<(SystemTime, u64)>;

/// Files with what they look like.
pub type Stamps = BTreeMap<PathBuf, Stamp>;

/// What is looked at.
pub enum Watched {
    /// These files, also those that are not there yet.
    Files(Vec<PathBuf>),
    /// Connectors, tests and recordings below this folder.
    Folder,
}

impl Watched {
    pub fn stamps(&self) -> Stamps {
        match self {
            Self::Files(paths) => paths.iter().map(|path| (path.clone(), stamp(path))).collect(),
            Self::Folder => {
                let mut found = Stamps::new();
                collect(Path::new("."), &mut found);
                found
            }
        }
    }

    /// The file that changes next; `None` once a signal has come.
    pub fn wait(&self, before: &Stamps) -> Option<PathBuf> {
        let mut searched = Instant::now();
        while !interrupt::asked() {
            if let Some((path, _)) = before.iter().find(|(path, known)| stamp(path) != **known) {
                settle(path);
                return Some(path.clone());
            }
            if matches!(self, Self::Folder) && searched.elapsed() > SEARCH {
                if let Some(new) = self.stamps().into_keys().find(|path| !before.contains_key(path)) {
                    return Some(new);
                }
                searched = Instant::now();
            }
            interrupt::sleep(LOOK);
        }
        None
    }
}

/// Editors write in pieces: an unfinished file would be an error that nobody made.
fn settle(path: &Path) {
    for _ in 0..10 {
        let before = stamp(path);
        interrupt::sleep(SETTLED);
        if before.is_some() && stamp(path) == before {
            return;
        }
    }
}

fn stamp(path: &Path) -> Stamp {
    let about = path.metadata().ok()?;
    Some((about.modified().ok()?, about.len()))
}

fn collect(folder: &Path, into: &mut Stamps) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok) {
        let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
        if name.starts_with('.') || into.len() > MOST {
            continue;
        }
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            if name != "node_modules" && name != "target" {
                collect(&path, into);
            }
        } else if path.extension().is_some_and(|end| ["conn", "rb", "yaml", "yml"].iter().any(|known| end == *known)) {
            let plain = path.strip_prefix(".").map(Path::to_path_buf).unwrap_or(path);
            let now = stamp(&plain);
            into.insert(plain, now);
        }
    }
}
