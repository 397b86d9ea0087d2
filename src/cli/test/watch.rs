//! `connrun test --watch`: runs again when a file is saved, until interrupted.

use crate::cli::interrupt;
use crate::cli::out::say;
use crate::cli::paint::Paint;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};

/// Between two looks at the files that are known…
const LOOK: Duration = Duration::from_millis(20);
/// …and two looks for new ones.
const SEARCH: Duration = Duration::from_secs(1);
/// No connector has more files around it.
const MOST: usize = 5_000;

/// What a file looked like.
type Stamp = Option<(SystemTime, u64)>;

/// Runs now, and after each change.
pub fn repeat(paint: Paint, mut once: impl FnMut() -> u8) -> u8 {
    interrupt::watch();
    loop {
        let before = all();
        let status = once();
        if interrupt::asked() {
            return status;
        }
        let Some(changed) = wait(&before) else { return status };
        // Nobody reads any more: there is nothing to run for.
        if say(&format!("\n{}\n", paint.dim(&format!("── {} ──", changed.display())))).is_err() {
            return status;
        }
    }
}

/// The file that changes next; `None` once a signal has come.
fn wait(before: &BTreeMap<PathBuf, Stamp>) -> Option<PathBuf> {
    let mut searched = Instant::now();
    while !interrupt::asked() {
        if let Some((path, _)) = before.iter().find(|(path, known)| stamp(path) != **known) {
            return Some(path.clone());
        }
        if searched.elapsed() > SEARCH {
            if let Some(new) = all().into_keys().find(|path| !before.contains_key(path)) {
                return Some(new);
            }
            searched = Instant::now();
        }
        interrupt::sleep(LOOK);
    }
    None
}

fn stamp(path: &Path) -> Stamp {
    let about = path.metadata().ok()?;
    Some((about.modified().ok()?, about.len()))
}

/// Connectors, tests and recordings below this folder.
fn all() -> BTreeMap<PathBuf, Stamp> {
    let mut found = BTreeMap::new();
    collect(Path::new("."), &mut found);
    found
}

fn collect(folder: &Path, into: &mut BTreeMap<PathBuf, Stamp>) {
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
