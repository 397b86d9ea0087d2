//! What the server says: a line for each thing that happens, on standard error, and reports of what went wrong.

use crate::cli::args::{Color, Display, ErrorFormat};
use crate::cli::failure::Failure;
use crate::cli::report;
use crate::cli::secrets::Secrets;
use chrono::{SecondsFormat, TimeZone, Utc};
use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Where lines go, and how.
pub struct Teller {
    display: Display,
    secrets: Secrets,
    clock: fn() -> i64,
    /// Names are aligned.
    width: AtomicUsize,
}

impl Teller {
    pub fn new(display: &Display, secrets: &Secrets, clock: fn() -> i64) -> Self {
        Self { display: display.clone(), secrets: secrets.clone(), clock, width: AtomicUsize::new(0) }
    }

    /// Makes room for names of that length.
    pub fn fit<'a>(&self, names: impl Iterator<Item = &'a str>) {
        let widest = names.map(|name| name.chars().count()).max().unwrap_or(0);
        self.width.store(widest.min(32), Ordering::Relaxed);
    }

    /// Something happened.
    pub fn say(&self, name: &str, what: &str) {
        if !self.display.quiet {
            self.line("info", name, what);
        }
    }

    /// Something happened that most people need not know.
    pub fn mention(&self, name: &str, what: &str) {
        if self.display.verbose {
            self.line("debug", name, what);
        }
    }

    /// Something went wrong, in a sentence.
    pub fn warn(&self, name: &str, what: &str) {
        self.line("warning", name, what);
    }

    /// Something went wrong, with a report.
    pub fn fail(&self, name: &str, what: &str, failure: Failure) {
        if self.is_json() {
            let message = format!("{what}: {}", failure.diagnostic.message);
            self.line("error", name, &message);
            return;
        }
        self.line("error", name, what);
        report::failure(failure, &self.display, &self.secrets.redactor());
    }

    fn is_json(&self) -> bool {
        matches!(self.display.error_format, ErrorFormat::Json)
    }

    fn line(&self, level: &str, name: &str, what: &str) {
        let what = self.secrets.redactor().text(what);
        let time = Utc.timestamp_millis_opt((self.clock)()).single().unwrap_or_default();
        let line = if self.is_json() {
            let time = time.to_rfc3339_opts(SecondsFormat::Millis, true);
            format!("{}\n", serde_json::json!({ "time": time, "level": level, "name": name, "message": what }))
        } else {
            let time = time.to_rfc3339_opts(SecondsFormat::Secs, true);
            let width = self.width.load(Ordering::Relaxed);
            let colored = matches!(self.display.color, Color::Always)
                || (matches!(self.display.color, Color::Auto) && report::style(&self.display).color);
            let what = match (colored, level) {
                (true, "error") => format!("\u{1b}[31m{what}\u{1b}[0m"),
                (true, "warning") => format!("\u{1b}[33m{what}\u{1b}[0m"),
                _ => what,
            };
            format!("{time}  {name:width$}  {what}\n")
        };
        // A closed standard error is no reason to fail.
        let _ = std::io::stderr().write_all(line.as_bytes());
    }
}
