//! `connrun diff`: what a new version of a connector means for those who use the old one.

use super::args::{Display, Network, Run, Where};
use super::failure::Failure;
use super::open::Opening;
use super::out::say;
use super::secrets::Secrets;
use crate::compare::{self, Change, Weight};
use crate::value::json::{self, BinaryForm};
use clap::Args;
use serde_json::{Value as Json, json};
use std::path::{Path, PathBuf};

pub const EXAMPLES: &str = "\
Example:
  connrun diff released.conn connector.conn --exit-code

Exit status: 0 compared, 1 with `--exit-code` where something breaks, 2 a file could not be read.";

#[derive(Debug, Args)]
pub struct Diff {
    /// The version that people use
    #[arg(value_name = "OLD")]
    pub old: PathBuf,
    /// The version that they would get
    #[arg(value_name = "NEW")]
    pub new: PathBuf,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
    /// Fail if something breaks
    #[arg(long)]
    pub exit_code: bool,
}

pub fn run(options: &Diff, display: &Display, secrets: &Secrets) -> Result<u8, Failure> {
    let (old, old_text) = described(&options.old, display, secrets)?;
    let (new, new_text) = described(&options.new, display, secrets)?;
    let changes = compare::changes(&old, &new);
    let usual = (old_text != new_text).then_some(Weight::Patch);
    let step = compare::step(&changes).or(usual);
    if options.json {
        let list: Vec<Json> = changes.iter().map(as_json).collect();
        let breaking = changes.iter().any(|change| change.weight == Weight::Major);
        let whole = json!({ "step": step.map(Weight::name), "breaking": breaking, "changes": list });
        say(&format!("{whole:#}\n"))?;
    } else {
        say(&told(&changes, step, &old["version"]))?;
    }
    Ok(u8::from(options.exit_code && step == Some(Weight::Major)))
}

/// What is in a connector, and its text.
pub fn described(path: &Path, display: &Display, secrets: &Secrets) -> Result<(Json, String), Failure> {
    let place = Where { connector: Some(path.to_path_buf()), settings: Some("{}".to_owned()), ..Where::default() };
    let network = Network { offline: true, ..Network::default() };
    let run = Run::default();
    let opening = Opening::new(&place, &run, &network, display);
    let mut opened = opening.open(secrets)?;
    let description = opened.connector.describe();
    let text = json::compact(&description, BinaryForm::Hex).map_err(|unwind| opened.failure(&unwind))?;
    Ok((serde_json::from_str(&text).unwrap_or_default(), opened.source.text().to_owned()))
}

fn as_json(change: &Change) -> Json {
    json!({ "weight": change.weight.name(), "path": change.path, "message": change.message })
}

fn told(changes: &[Change], step: Option<Weight>, version: &Json) -> String {
    let mut out = String::new();
    for (weight, title) in [(Weight::Major, "breaks"), (Weight::Minor, "new"), (Weight::Patch, "else")] {
        let here: Vec<&Change> = changes.iter().filter(|change| change.weight == weight).collect();
        if here.is_empty() {
            continue;
        }
        let width = here.iter().map(|change| change.path.chars().count()).max().unwrap_or(0);
        out.push_str(&format!("{title}\n"));
        for Change { path, message, .. } in here {
            out.push_str(&format!("  {path:width$}  {message}\n"));
        }
        out.push('\n');
    }
    out.push_str(&match step {
        None => "nothing has changed\n".to_owned(),
        Some(step) if changes.is_empty() => format!("nothing that people see has changed: a {} version\n", step.name()),
        Some(step) => {
            let next = version.as_str().and_then(|version| next(version, step));
            format!("a {} version{}\n", step.name(), next.map(|next| format!(": {next}")).unwrap_or_default())
        }
    });
    out
}

/// The next version after one of three numbers.
fn next(version: &str, step: Weight) -> Option<String> {
    let numbers: Option<Vec<u64>> = version.split('.').map(|part| part.parse().ok()).collect();
    let [major, minor, patch] = numbers?.try_into().ok()?;
    Some(match step {
        Weight::Major => format!("{}.0.0", major + 1),
        Weight::Minor => format!("{major}.{}.0", minor + 1),
        Weight::Patch => format!("{major}.{minor}.{}", patch + 1),
    })
}
