//! `connrun check`: every finding of every file in one go.

use super::args::{Check, CheckFormat, Display};
use super::failure::Failure;
use super::out::say;
use super::{files, report};
use crate::check;
use crate::diagnostic::{Diagnostic, Severity, render};
use crate::text::Source;
use std::io::Read;
use std::path::Path;

pub fn run(options: &Check, display: &Display) -> Result<u8, Failure> {
    let mut findings = Vec::new();
    for path in &options.files {
        findings.extend(check::check(&read(path, options)?));
    }
    print(&findings, options, display)?;
    let errors = count(&findings, Severity::Error);
    let warnings = count(&findings, Severity::Warning);
    let denied = errors > 0 || (options.deny.is_some() && warnings > 0);
    if options.format == CheckFormat::Human && !display.quiet {
        let files = options.files.len();
        let plural = |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
        eprintln!("{}: {}, {}", plural(files, "file"), plural(errors, "error"), plural(warnings, "warning"));
    }
    Ok(u8::from(denied))
}

fn read(path: &Path, options: &Check) -> Result<Source, Failure> {
    if path != Path::new("-") {
        return files::read_connector(path);
    }
    let mut bytes = Vec::new();
    std::io::stdin()
        .read_to_end(&mut bytes)
        .map_err(|error| Failure::usage("usage::stdin", format!("standard input cannot be read: {error}")))?;
    files::source(&options.stdin_filename, bytes)
}

fn count(findings: &[Diagnostic], severity: Severity) -> usize {
    findings.iter().filter(|finding| finding.severity == severity).count()
}

fn print(findings: &[Diagnostic], options: &Check, display: &Display) -> Result<(), Failure> {
    let text = match options.format {
        CheckFormat::Human => {
            let style = report::style(display);
            findings.iter().map(|finding| render::human(finding, style)).collect::<String>()
        }
        CheckFormat::Json => {
            let all: Vec<_> = findings.iter().map(render::json).collect();
            format!("{:#}\n", serde_json::Value::from(all))
        }
        CheckFormat::Sarif => format!("{:#}\n", render::sarif(findings)),
        CheckFormat::Github => findings.iter().map(|finding| render::github(finding) + "\n").collect(),
    };
    say(&text)
}
