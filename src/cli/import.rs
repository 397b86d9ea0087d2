//! `connrun import`: a connector from a description of an API, or from requests that were made to it.

use super::args::Display;
use super::failure::Failure;
use super::out::say;
use super::{files, report};
use crate::http::redact::Redactor;
use crate::import::{self, Imported, document};
use crate::scaffold::title_of;
use crate::text::{Source, Span};
use clap::{Args, ValueEnum};
use std::io::Write;
use std::path::{Path, PathBuf};

pub const EXAMPLES: &str = "\
Examples:
  connrun import openapi petstore.yaml -o connector.conn
  connrun import curl \"curl https://api.example.com/v1/orders/7 -H 'Authorization: Bearer x'\"
  connrun import openapi large.json --only invoices --only /customers";

#[derive(Debug, Args)]
pub struct Import {
    /// What it is made of
    #[arg(value_enum)]
    pub kind: ImportKind,
    /// The document, in JSON or YAML; `-` reads standard input; a command line of curl may stand here itself
    #[arg(value_name = "FILE")]
    pub file: String,
    /// Write the connector to this file, which must not be there
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Only operations with this text in their name or path; may be given several times
    #[arg(long, value_name = "TEXT")]
    pub only: Vec<String>,
    /// What the connector is called
    #[arg(long)]
    pub title: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ImportKind {
    /// OpenAPI 3.0 and 3.1, Swagger 2
    Openapi,
    /// A collection of Postman
    Postman,
    /// Requests that a browser has recorded
    Har,
    /// Command lines of curl
    Curl,
}

pub fn run(options: &Import, display: &Display) -> Result<u8, Failure> {
    let source = read(options)?;
    if source.text().trim().is_empty() {
        return Err(Failure::usage("usage::import", format!("{} is empty", source.name()))
            .help("docs/import.md says what can be imported"));
    }
    let title = options.title.clone().unwrap_or_else(|| {
        let name = Path::new(source.name()).file_stem().map(|name| name.to_string_lossy().into_owned());
        name.filter(|_| Path::new(source.name()).exists()).map_or_else(|| "My API".to_owned(), |name| title_of(&name))
    });
    let imported = match options.kind {
        ImportKind::Curl => import::curl(source.text(), &title),
        kind => {
            let document = document::read(source.text()).map_err(|error| malformed(&source, &error))?;
            match kind {
                ImportKind::Openapi => import::openapi(&document, &options.only),
                ImportKind::Postman => import::postman(&document),
                ImportKind::Har | ImportKind::Curl => import::har(&document, &title),
            }
        }
    };
    let imported = imported.map_err(|message| {
        let failure = Failure::usage("usage::import", format!("{} cannot be imported: {message}", source.name()));
        failure.help(help(options.kind, source.text()))
    })?;
    write(options, &imported, display)?;
    Ok(0)
}

/// The text of the document; of curl also the argument itself.
fn read(options: &Import) -> Result<Source, Failure> {
    if options.file == "-" {
        return files::json_source("-", "the document");
    }
    if options.kind == ImportKind::Curl && options.file.trim_start().starts_with("curl ") {
        return Ok(Source::new("the command", options.file.as_str()));
    }
    files::read_text(Path::new(&options.file))
}

fn malformed(source: &Source, error: &document::Malformed) -> Failure {
    let line = source.line_span(error.line).unwrap_or_default();
    let text = source.slice(line);
    let at = text.char_indices().nth(error.column.saturating_sub(1)).map_or(text.len(), |(at, _)| at) as u32;
    let lo = (line.lo + at).min(line.hi);
    let hi = (lo + 1).min(line.hi).max(lo);
    let place = format!("{}:{}:{}", source.name(), error.line, error.column);
    Failure::usage("usage::import", format!("{place} is neither JSON nor YAML: {}", error.message))
        .at(source, Span::new(lo, hi), "here")
        .help("what begins with { is read as JSON, anything else as YAML")
}

/// What else the document may be.
fn help(kind: ImportKind, text: &str) -> String {
    let looks = [
        ("openapi", ["openapi:", "\"openapi\"", "swagger:", "\"swagger\""].as_slice()),
        ("postman", ["_postman_id", "schema.getpostman.com"].as_slice()),
        ("har", ["\"entries\""].as_slice()),
        ("curl", ["curl "].as_slice()),
    ];
    let own = match kind {
        ImportKind::Openapi => "openapi",
        ImportKind::Postman => "postman",
        ImportKind::Har => "har",
        ImportKind::Curl => "curl",
    };
    let head: String = text.chars().take(4000).collect();
    let other = looks.iter().find(|(name, marks)| *name != own && marks.iter().any(|mark| head.contains(mark)));
    match other {
        Some((name, _)) => format!("it looks like something else: `connrun import {name} …`"),
        None => "docs/import.md says what can be imported".to_owned(),
    }
}

fn write(options: &Import, imported: &Imported, display: &Display) -> Result<(), Failure> {
    let mut text = imported.text.clone();
    if let Some(title) = &options.title {
        let line = text.lines().find(|line| line.starts_with("  title: ")).unwrap_or_default().to_owned();
        text = text.replacen(&line, &format!("  title: {},", crate::emit::text(title)), 1);
    }
    let mut remarks: Vec<String> = imported.notes.iter().map(|note| format!("not translated: {note}")).collect();
    match &options.output {
        None => say(&text)?,
        Some(path) => {
            let created = std::fs::OpenOptions::new().write(true).create_new(true).open(path);
            created.and_then(|mut file| file.write_all(text.as_bytes())).map_err(|error| {
                let reason = error.to_string();
                let reason = reason.split(" (os error").next().unwrap_or_default();
                let message = format!("{} cannot be written: {reason}", path.display());
                Failure::usage("usage::output", message).help("name a file that is not there yet, in a folder that is")
            })?;
            let many =
                if imported.actions == 1 { "1 action".to_owned() } else { format!("{} actions", imported.actions) };
            remarks.insert(0, format!("{} written: {many}", path.display()));
        }
    }
    report::remarks(&remarks, display, &Redactor::default());
    Ok(())
}
