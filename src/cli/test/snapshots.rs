//! Snapshots: what tests that expect nothing themselves came to before, in a file beside theirs; changes wait in another
//! one until somebody has looked at them.

use super::show;
use crate::cli::failure::Failure;
use crate::cli::files;
use crate::cli::out::say;
use crate::cli::paint::Paint;
use crate::testing::Complaint;
use serde_json::{Map, Value as Json};
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

/// The snapshots of one test file, by the names of tests.
pub struct Snapshots {
    path: PathBuf,
    kept: Map<String, Json>,
    changed: bool,
    proposed: Map<String, Json>,
}

/// `customers.test.yaml` has `customers.test.snap.json`.
fn path_of(tests: &Path) -> PathBuf {
    tests.with_extension("snap.json")
}

fn proposals_of(tests: &Path) -> PathBuf {
    tests.with_extension("snap.new.json")
}

impl Snapshots {
    pub fn open(tests: &Path) -> Result<Self, Failure> {
        let path = path_of(tests);
        Ok(Self { kept: read(&path)?, path, changed: false, proposed: Map::new() })
    }

    pub fn get(&self, name: &str) -> Option<&Json> {
        self.kept.get(name)
    }

    pub fn set(&mut self, name: &str, value: Json) {
        self.kept.insert(name.to_owned(), value);
        self.changed = true;
    }

    /// What would be the new one, if somebody accepts it.
    pub fn propose(&mut self, name: &str, value: Json) {
        self.proposed.insert(name.to_owned(), value);
    }

    pub fn save(&self) -> Result<(), Failure> {
        if self.changed {
            write(&self.path, &self.kept)?;
        }
        let proposals = self.path.with_extension("").with_extension("snap.new.json");
        if self.proposed.is_empty() {
            // What was proposed before is the same as the snapshot now, or gone.
            let _ = std::fs::remove_file(proposals);
            return Ok(());
        }
        write(&proposals, &self.proposed)
    }
}

fn read(path: &Path) -> Result<Map<String, Json>, Failure> {
    if !path.exists() {
        return Ok(Map::new());
    }
    let source = files::read_text(path)?;
    serde_json::from_str(source.text()).map_err(|error| {
        Failure::usage("test::snapshot", format!("{} is not valid JSON: {error}", path.display()))
            .help("restore it, or delete it: the next run writes it anew")
    })
}

fn write(path: &Path, snapshots: &Map<String, Json>) -> Result<(), Failure> {
    let text = format!("{:#}\n", Json::Object(snapshots.clone()));
    std::fs::write(path, text).map_err(|error| {
        Failure::usage("test::snapshot", format!("{} cannot be written: {error}", path.display()))
            .help("check the permissions of the folder")
    })
}

/// Shows each change and asks what becomes of it. Fails while there are changes that nobody has decided about.
pub fn review(tests: &[PathBuf], paint: Paint) -> Result<u8, Failure> {
    let asks = std::io::stdin().is_terminal() && std::io::stdout().is_terminal();
    let (mut seen, mut left) = (0, 0);
    for tests in tests {
        let (path, proposals) = (path_of(tests), proposals_of(tests));
        let (mut kept, mut proposed) = (read(&path)?, read(&proposals)?);
        for (name, new) in proposed.clone() {
            seen += 1;
            let old = kept.get(&name).cloned().unwrap_or(Json::Null);
            let differs =
                Complaint::Differs { what: "snapshot", expected: format!("{old:#}"), actual: format!("{new:#}") };
            say(&format!(
                "{} {}\n{}",
                paint.bold(&name),
                paint.dim(&tests.display().to_string()),
                show::complaint(&differs, paint)
            ))?;
            match if asks { answer(paint)? } else { Answer::Later } {
                Answer::Accept => {
                    kept.insert(name.clone(), new);
                    proposed.remove(&name);
                }
                Answer::Reject => {
                    proposed.remove(&name);
                }
                Answer::Later => left += 1,
            }
        }
        write_or_remove(&path, &kept)?;
        write_or_remove(&proposals, &proposed)?;
    }
    say(&match (seen, left) {
        (0, _) => "no snapshot has changed\n".to_owned(),
        (_, 0) => String::new(),
        (_, left) => format!("{left} to decide: on a terminal with `--review`, or all of them with `--accept`\n"),
    })?;
    Ok(u8::from(left > 0))
}

fn write_or_remove(path: &Path, snapshots: &Map<String, Json>) -> Result<(), Failure> {
    if !snapshots.is_empty() {
        return write(path, snapshots);
    }
    if path.exists() {
        // Nothing is in it.
        let _ = std::fs::remove_file(path);
    }
    Ok(())
}

enum Answer {
    Accept,
    Reject,
    Later,
}

fn answer(paint: Paint) -> Result<Answer, Failure> {
    loop {
        say(&format!("{} ", paint.bold("[a]ccept, [r]eject, [s]kip?")))?;
        // A terminal that cannot be written to cannot be asked.
        let _ = std::io::stdout().flush();
        let mut line = String::new();
        match std::io::stdin().read_line(&mut line) {
            Ok(0) | Err(_) => return Ok(Answer::Later),
            Ok(_) => {}
        }
        match line.trim().to_ascii_lowercase().as_str() {
            "a" | "accept" | "y" | "yes" => return Ok(Answer::Accept),
            "r" | "reject" | "n" | "no" => return Ok(Answer::Reject),
            "s" | "skip" | "" => return Ok(Answer::Later),
            _ => {}
        }
    }
}
