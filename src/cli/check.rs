//! `connrun check`: every finding of every file in one go, and the fixes of those that need no thought.

use super::args::{Check, CheckFormat, Display};
use super::failure::Failure;
use super::out::say;
use super::settings::write_whole;
use super::{files, report};
use crate::check::{self, Config};
use crate::diagnostic::{self, Diagnostic, Severity, render};
use crate::project;
use crate::text::Source;
use similar::TextDiff;
use std::path::{Path, PathBuf};

/// A fix may bring up another one; after so many rounds enough is enough.
const ROUNDS: usize = 10;

/// One file after the check.
struct Checked {
    path: PathBuf,
    source: Source,
    /// The text with the fixes made, if any were.
    fixed: Option<(Source, usize)>,
    findings: Vec<Diagnostic>,
}

pub fn run(options: &Check, display: &Display) -> Result<u8, Failure> {
    let paths = files::connectors(&options.files)?;
    let checked = paths.iter().map(|path| one(path, options)).collect::<Result<Vec<_>, _>>()?;
    let fixes: usize = checked.iter().filter_map(|file| file.fixed.as_ref()).map(|(_, count)| count).sum();
    if options.diff {
        say(&checked.iter().map(diff).collect::<String>())?;
    } else {
        for file in &checked {
            if let Some((fixed, _)) = &file.fixed {
                write_whole(&file.path, fixed.text().as_bytes())?;
            }
        }
        print(&checked, options, display)?;
    }
    let count = |severity| checked.iter().map(|file| count(&file.findings, severity)).sum::<usize>();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    if options.format == CheckFormat::Human && !display.quiet {
        eprintln!("{}", summary(checked.len(), errors, warnings, fixes, options));
    }
    Ok(u8::from(errors > 0 || options.deny.is_some() && warnings > 0 || options.diff && fixes > 0))
}

fn one(path: &Path, options: &Check) -> Result<Checked, Failure> {
    let piped = path == Path::new("-");
    let source = if piped { files::stdin(&options.stdin_filename)? } else { files::read_connector(path)? };
    let named = if piped { Path::new(&options.stdin_filename) } else { path };
    let mut config = project::check_config(named).map_err(|fault| {
        Failure::usage("usage::config", fault.error.message.clone())
            .at(&fault.source, fault.error.span, "here")
            .help(fault.error.help.clone())
    })?;
    config.portable |= options.portable;
    let findings = check::check(&source, &config);
    if !(options.fix || options.diff) {
        return Ok(Checked { path: path.to_owned(), source, fixed: None, findings });
    }
    if piped && !options.diff {
        return Err(Failure::usage("usage::arguments", "standard input cannot be fixed in place")
            .help("`--diff` shows the fixes; or name a file"));
    }
    let (fixed, findings) = fix(&source, findings, &config);
    Ok(Checked { path: path.to_owned(), source, fixed, findings })
}

/// Makes fixes until there are none. A round after which the text has more errors than before is not made.
fn fix(source: &Source, findings: Vec<Diagnostic>, config: &Config) -> (Option<(Source, usize)>, Vec<Diagnostic>) {
    let (mut fixed, mut findings) = (None::<(Source, usize)>, findings);
    for _ in 0..ROUNDS {
        let now = fixed.as_ref().map_or(source, |(text, _)| text);
        let (edits, taken) = diagnostic::together(findings.iter().filter_map(|finding| finding.fix.as_ref()));
        if edits.is_empty() {
            break;
        }
        let next = Source::new(source.name(), diagnostic::apply(now.text(), &edits));
        let left = check::check(&next, config);
        if next.text() == now.text() || count(&left, Severity::Error) > count(&findings, Severity::Error) {
            break;
        }
        fixed = Some((next, fixed.map_or(0, |(_, made)| made) + taken));
        findings = left;
    }
    (fixed, findings)
}

fn diff(file: &Checked) -> String {
    let Some((fixed, _)) = &file.fixed else { return String::new() };
    let name = file.source.name();
    TextDiff::from_lines(file.source.text(), fixed.text()).unified_diff().header(name, name).to_string()
}

fn count(findings: &[Diagnostic], severity: Severity) -> usize {
    findings.iter().filter(|finding| finding.severity == severity).count()
}

fn summary(files: usize, errors: usize, warnings: usize, cured: usize, options: &Check) -> String {
    let plural = |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
    let so_many = |count: usize| format!("{count} fix{}", if count == 1 { "" } else { "es" });
    let found = format!("{}: {}, {}", plural(files, "file"), plural(errors, "error"), plural(warnings, "warning"));
    match cured {
        0 => found,
        _ if options.diff => format!("{found}; `--fix` would make {}", so_many(cured)),
        _ => format!("{found}; {} made", so_many(cured)),
    }
}

fn print(checked: &[Checked], options: &Check, display: &Display) -> Result<(), Failure> {
    let findings = || checked.iter().flat_map(|file| &file.findings);
    let text = match options.format {
        CheckFormat::Human => {
            let style = report::style(display);
            findings().map(|finding| render::human(finding, style)).collect::<String>()
        }
        CheckFormat::Json => {
            let all: Vec<_> = findings().map(render::json).collect();
            format!("{:#}\n", serde_json::Value::from(all))
        }
        CheckFormat::Sarif => format!("{:#}\n", render::sarif(&findings().cloned().collect::<Vec<_>>())),
        CheckFormat::Short => findings().map(|finding| render::short(finding) + "\n").collect(),
        CheckFormat::Github => findings().map(|finding| render::github(finding) + "\n").collect(),
    };
    say(&text)
}
