//! The project around a connector: its `connrun.toml`, found by walking up from the file.

mod given;
pub mod keys;
mod model;
pub mod names;

pub use given::Given;
pub use model::{
    Account, Action, LISTEN, MAX_BODY, Part, Project, Server, Settings, Sink, SinkKind, Sync, Timing, Trigger,
};

use crate::check::{Config, ConfigError};
use crate::diagnostic::Diagnostic;
use crate::text::Source;
use std::path::{Path, PathBuf};

/// The name of the file.
pub const FILE: &str = "connrun.toml";

/// A configuration that cannot be read as one, and its text.
#[derive(Debug)]
pub struct Fault {
    pub source: Source,
    pub error: ConfigError,
}

/// The nearest `connrun.toml` in the folder of a file, or above it.
pub fn find(file: &Path) -> Option<PathBuf> {
    let file = std::path::absolute(file).ok()?;
    file.ancestors().skip(1).map(|folder| folder.join(FILE)).find(|path| path.is_file())
}

/// What the project of a file says of findings; nothing where there is no project.
///
/// # Errors
/// The text is no configuration. One that cannot be read counts as none.
pub fn check_config(file: &Path) -> Result<Config, Box<Fault>> {
    let Some(path) = find(file) else { return Ok(Config::default()) };
    let Ok(text) = std::fs::read_to_string(&path) else { return Ok(Config::default()) };
    Config::parse(&text).map_err(|error| {
        let source = Source::new(path.display().to_string(), text);
        Box::new(Fault { source, error })
    })
}

/// A project, with all that it names looked up.
///
/// # Errors
/// Everything that is wrong with it.
pub fn load(source: &Source, folder: &Path) -> Result<Project, Vec<Diagnostic>> {
    let mut findings = Vec::new();
    if let Err(error) = Config::parse(source.text()) {
        let finding = Diagnostic::error("project::check", error.message).within(source);
        findings.push(finding.label(error.span, "here").help(error.help));
    }
    let project = match Project::parse(source, folder) {
        Ok(project) => project,
        // What is not TOML is said once.
        Err(more) if more.iter().any(|it| it.code == "project::not-toml") => return Err(more),
        Err(more) => {
            findings.extend(more);
            // As they stand in the file.
            findings.sort_by_key(|finding| finding.span().map(|span| span.lo));
            return Err(findings);
        }
    };
    findings.extend(names::check(&project));
    if findings.is_empty() { Ok(project) } else { Err(findings) }
}
