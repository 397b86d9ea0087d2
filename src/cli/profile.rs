//! `--profile`: where the time went, as a table, as folded stacks or as a flame graph.

use super::failure::Failure;
use super::out::Target;
use super::paint::{self, Paint};
use crate::profile::{Kind, Row, Tree, folded, rows, svg, time};
use std::path::{Path, PathBuf};

/// So many rows are shown; what takes less time than they do is seldom of interest.
const ROWS: usize = 20;
const BAR: usize = 10;

/// What `--profile` asks for.
#[derive(Clone, Debug)]
pub enum ProfileTo {
    Table,
    File(PathBuf),
}

/// The ending of a file says what becomes of it.
pub fn to(text: &str) -> Result<ProfileTo, String> {
    match Path::new(text).extension().and_then(|ending| ending.to_str()) {
        _ if text == "table" => Ok(ProfileTo::Table),
        Some("svg" | "folded") => Ok(ProfileTo::File(text.into())),
        _ => Err("name a file that ends in .svg (a flame graph) or .folded (stacks), or none for a table".to_owned()),
    }
}

/// The place of a profile; known to be writable before anything runs.
pub enum Sheet {
    Table,
    File(Target, PathBuf),
}

impl Sheet {
    pub fn of(to: &ProfileTo) -> Result<Self, Failure> {
        Ok(match to {
            ProfileTo::Table => Self::Table,
            ProfileTo::File(path) => Self::File(Target::of(Some(path))?, path.clone()),
        })
    }

    /// What is to be printed of it; a file is written.
    pub fn fill(&self, tree: &Tree, paint: Paint) -> Result<String, Failure> {
        let Self::File(target, path) = self else { return Ok(table(tree, paint, paint::width())) };
        let is_picture = path.extension().is_some_and(|ending| ending == "svg");
        target.write(&if is_picture { svg(tree) } else { folded(tree) })?;
        Ok(String::new())
    }
}

fn table(tree: &Tree, paint: Paint, width: usize) -> String {
    let rows = rows(tree);
    let all = tree.seconds.max(f64::MIN_POSITIVE);
    let mut out = format!("{} · {}\n\n", paint.bold(&tree.name), time(tree.seconds));
    let head = format!("{:>9}  {:BAR$} {:>5}  {:>9}  {:>6}  {}", "self", "", "", "total", "calls", "call");
    out += &paint.dim(&head);
    out.push('\n');
    for row in rows.iter().take(ROWS) {
        out += &line(row, all, width, paint);
    }
    if let Some(rest) = rows.get(ROWS..).filter(|rest| !rest.is_empty()) {
        let own: f64 = rest.iter().map(|row| row.own).sum();
        out += &paint.dim(&format!("{:>9}  and {} more\n", time(own), rest.len()));
    }
    out
}

fn line(row: &Row, all: f64, width: usize, paint: Paint) -> String {
    let share = row.own / all;
    let full = ((share * BAR as f64).round() as usize).min(BAR);
    let bar = "█".repeat(full) + &"░".repeat(BAR - full);
    let (name, place) = match (row.kind, row.line) {
        (Kind::Run, _) => ("connrun itself".to_owned(), String::new()),
        (_, Some(line)) => (row.name.clone(), format!(":{line}")),
        (_, None) => (row.name.clone(), String::new()),
    };
    let used = 9 + 2 + BAR + 1 + 5 + 2 + 9 + 2 + 6 + 2 + place.len();
    let name = paint::middle(&name, width.saturating_sub(used).max(16));
    let painted = match row.kind {
        Kind::Request => paint.blue(&bar),
        Kind::Lambda => paint.magenta(&bar),
        Kind::Run => paint.dim(&bar),
    };
    let calls = if row.kind == Kind::Run { String::new() } else { row.calls.to_string() };
    format!(
        "{:>9}  {painted} {:>3.0} %  {:>9}  {calls:>6}  {name}{}\n",
        time(row.own),
        share * 100.0,
        time(row.total),
        paint.dim(&place)
    )
}
