//! `connrun fmt`: white space put in order, in place or to standard output.

use super::args::{Display, Fmt};
use super::failure::Failure;
use super::out::say;
use super::settings::write_whole;
use super::{files, report};
use crate::diagnostic::render;
use crate::format::{self, Options};
use crate::text::Source;
use similar::TextDiff;
use std::path::Path;

/// Files whose layout differs were found by `--check` or `--diff`.
const DIFFERENT: u8 = 1;
/// A file could not be read, parsed or written.
const FAILED: u8 = 2;

/// What became of the files.
#[derive(Default)]
struct Tally {
    formatted: usize,
    unchanged: usize,
    failed: usize,
}

pub fn run(options: &Fmt, display: &Display) -> Result<u8, Failure> {
    let mut tally = Tally::default();
    for path in &files::connectors(&options.files)? {
        if let Err(failure) = file(path, options, display, &mut tally) {
            report::failure(failure, display, &crate::http::redact::Redactor::default());
            tally.failed += 1;
        }
    }
    let piped = options.files.iter().any(|path| is_stdin(path));
    if !display.quiet && (!piped || options.check) {
        eprintln!("{}", summary(&tally, options));
    }
    Ok(match tally {
        Tally { failed: 1.., .. } => FAILED,
        Tally { formatted: 1.., .. } if options.check || options.diff => DIFFERENT,
        _ => 0,
    })
}

fn is_stdin(path: &Path) -> bool {
    path == Path::new("-")
}

fn file(path: &Path, options: &Fmt, display: &Display, tally: &mut Tally) -> Result<(), Failure> {
    let source = if is_stdin(path) { files::stdin(&options.stdin_filename)? } else { files::read_connector(path)? };
    let style = Options { leading_dots: options.leading_dots };
    let text = match format::format(&source, style) {
        Ok(text) => text,
        Err(diagnostics) => {
            let style = report::style(display);
            diagnostics.iter().for_each(|finding| eprint!("{}", render::human(finding, style)));
            tally.failed += 1;
            return Ok(());
        }
    };
    let same = text == source.text();
    if same {
        tally.unchanged += 1;
    } else {
        tally.formatted += 1;
    }
    match (options.diff, options.check) {
        (true, _) => say(&diff(&source, &text)),
        (false, true) if same => Ok(()),
        (false, true) => say(&format!("{}\n", source.name())),
        (false, false) if is_stdin(path) => say(&text),
        (false, false) if same => Ok(()),
        (false, false) => write_whole(path, text.as_bytes()),
    }
}

fn diff(source: &Source, text: &str) -> String {
    let name = source.name();
    TextDiff::from_lines(source.text(), text).unified_diff().header(name, name).to_string()
}

fn summary(tally: &Tally, options: &Fmt) -> String {
    let files = |count: usize| format!("{count} file{}", if count == 1 { "" } else { "s" });
    let done = if options.check || options.diff { "would be formatted" } else { "formatted" };
    let mut parts = Vec::new();
    if tally.formatted > 0 {
        parts.push(format!("{} {done}", files(tally.formatted)));
    }
    if tally.unchanged > 0 || parts.is_empty() && tally.failed == 0 {
        parts.push(format!("{} unchanged", files(tally.unchanged)));
    }
    if tally.failed > 0 {
        parts.push(format!(
            "{} left as {} because of errors",
            files(tally.failed),
            if tally.failed == 1 { "it is" } else { "they are" }
        ));
    }
    parts.join(", ")
}
