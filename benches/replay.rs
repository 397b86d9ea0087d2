//! How often completion proposes what people wrote. `cargo bench --bench replay -- FOLDER` asks at places of all connectors of
//! a folder (`.conn`, `.rb`); without one, at those of connrun's own. `--missed` lists what was not proposed first.
//!
//! What is measured: `entry` is a key that went with its value, `key` one whose value stays, so that its shape and the names of
//! its parameters are evidence; names that authors choose for themselves are not asked. `mention` is the name in `call`,
//! `pick_list:` and `object_definitions[…]`, `input` and `connection` are the names in their brackets. `typed` says how many of
//! the letters are left; with none even a person who knows the connector has to guess, where several keys may follow or a line
//! says nothing of what it reads. Keys are to be first in 95 of 100 cases, names among five.

#[path = "support/replay.rs"]
mod replay;

use replay::{LETTERS, Scores, What};
use std::path::PathBuf;

/// Places of each kind in one text, unless `--places=3` says otherwise.
const MOST: usize = 12;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let list = arguments.iter().any(|argument| argument == "--missed");
    let most = arguments.iter().find_map(|argument| argument.strip_prefix("--places=")?.parse().ok()).unwrap_or(MOST);
    let folder = arguments.iter().find(|argument| !argument.starts_with("--"));
    let folder = folder.map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("connectors"), PathBuf::from);
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(&folder).expect("a folder").filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "conn" || extension == "rb"));
    paths.sort();
    let mut scores = Scores::new();
    for path in &paths {
        let Ok(text) = std::fs::read_to_string(path) else { continue };
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        replay::replay(&text, most, &mut scores, &mut |what, letters, wanted, got| {
            if list {
                let got: Vec<&str> = got.iter().map(String::as_str).take(6).collect();
                println!("{name} {what:?} {letters} {wanted}: {}", got.join(" "));
            }
        });
    }
    println!("{} files of {}", paths.len(), folder.display());
    println!("{:<12} {:>8} {:>10} {:>10} {:>10}", "taken out", "typed", "asked", "first", "of five");
    for what in [What::Entry, What::Key, What::Mention, What::Input, What::Connection] {
        for letters in 0..LETTERS {
            let Some(score) = scores.get(&(what, letters)) else { continue };
            let percent = |part: usize| part as f64 * 100.0 / score.asked.max(1) as f64;
            println!(
                "{:<12} {letters:>8} {:>10} {:>9.1}% {:>9.1}%",
                format!("{what:?}"),
                score.asked,
                percent(score.first),
                percent(score.five)
            );
        }
    }
}
