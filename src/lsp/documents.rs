//! The open texts. Each is read once after a change, when somebody asks, and what is known of it is kept until the next one.

use super::convert::{Finding, Places};
use super::wire;
use crate::check::Config;
use crate::editor::Document;
use crate::project;
use crate::text::{Source, Unit};
use hashbrown::HashMap;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use serde_json::Value;
use std::path::{Path, PathBuf};

pub struct Documents {
    open: HashMap<String, Open>,
    unit: Unit,
    changed: Vec<String>,
    /// What is wrong with the project's file, said once.
    fault: Option<String>,
    told: bool,
}

struct Open {
    source: Source,
    version: Option<i64>,
    read: Option<Document>,
    /// What was read before the text changed.
    stale: Option<Document>,
}

#[derive(Serialize)]
struct Publication<'d> {
    uri: &'d str,
    version: Option<i64>,
    diagnostics: Vec<Finding<'d>>,
}

impl Documents {
    pub fn new(unit: Unit) -> Self {
        Self { open: HashMap::new(), unit, changed: Vec::new(), fault: None, told: true }
    }

    pub fn open(&mut self, uri: &str, params: &Value) {
        let text = params.pointer("/textDocument/text").and_then(Value::as_str).unwrap_or_default();
        let name = uri.rsplit('/').next().unwrap_or(uri);
        let open = Open { source: Source::new(name, text), version: version(params), read: None, stale: None };
        self.open.insert(uri.to_owned(), open);
    }

    /// Applies the changes in order; one without a range replaces the whole text.
    pub fn change(&mut self, uri: &str, params: &Value) {
        let unit = self.unit;
        let Some(open) = self.open.get_mut(uri) else { return };
        for change in params["contentChanges"].as_array().into_iter().flatten() {
            let Some(new) = change["text"].as_str() else { continue };
            let text = if change["range"].is_object() {
                let places = Places { source: &open.source, unit };
                let (start, end) = (places.offset(&change["range"]["start"]), places.offset(&change["range"]["end"]));
                replaced(open.source.text(), start, end.max(start), new)
            } else {
                new.to_owned()
            };
            open.source = Source::new(open.source.name(), text);
        }
        open.version = version(params);
        if let Some(read) = open.read.take() {
            open.stale = Some(read);
        }
    }

    /// The findings of a text that is gone: none.
    pub fn close(&mut self, uri: &str) -> Option<String> {
        self.open.remove(uri)?;
        Some(publication(&Publication { uri, version: None, diagnostics: Vec::new() }))
    }

    /// Forgets what has been read of a text, of all texts where none is named.
    pub fn forget(&mut self, uri: Option<&str>) {
        for (_, open) in self.open.iter_mut().filter(|(known, _)| uri.is_none_or(|uri| uri == known.as_str())) {
            (open.read, open.stale) = (None, None);
        }
    }

    /// What is wrong with the project's file, as a message, if it has not been sent.
    pub fn complaint(&mut self) -> Option<String> {
        let fault = self.fault.as_ref().filter(|_| !self.told)?;
        self.told = true;
        let message = wire::json(fault);
        Some(wire::note("window/showMessage", &format!("{{\"type\":2,\"message\":{message}}}")))
    }

    /// Remembers that findings of this text are to be sent.
    pub fn defer(&mut self, uri: &str) {
        if !self.changed.iter().any(|known| known == uri) {
            self.changed.push(uri.to_owned());
        }
    }

    pub fn deferred(&mut self) -> Option<String> {
        self.changed.pop()
    }

    /// The texts that are open.
    pub fn uris(&self) -> Vec<String> {
        self.open.keys().cloned().collect()
    }

    /// The document and its places.
    pub fn get(&mut self, uri: &str) -> Option<(&Document, Places<'_>)> {
        let unit = self.unit;
        let open = self.open.get_mut(uri)?;
        let (fault, told) = (&mut self.fault, &mut self.told);
        let document = open.read.get_or_insert_with(|| {
            let (config, wrong) = config(uri);
            if *fault != wrong {
                (*told, *fault) = (wrong.is_none(), wrong);
            }
            Document::after(open.stale.take(), open.source.clone(), config)
        });
        Some((document, Places { source: &document.source, unit }))
    }

    /// The message with the findings of a text.
    pub fn publication(&mut self, uri: &str) -> Option<String> {
        let version = self.open.get(uri)?.version;
        let (document, places) = self.get(uri)?;
        let diagnostics = document.findings().iter().map(|finding| places.finding(finding, uri)).collect();
        Some(publication(&Publication { uri, version, diagnostics }))
    }
}

fn version(params: &Value) -> Option<i64> {
    params.pointer("/textDocument/version").and_then(Value::as_i64)
}

fn publication(findings: &Publication) -> String {
    wire::note("textDocument/publishDiagnostics", &wire::json(findings))
}

/// `text` with `new` in place of the bytes `start..end`.
fn replaced(text: &str, start: usize, end: usize, new: &str) -> String {
    let (before, after) = (text.get(..start).unwrap_or(text), text.get(end..).unwrap_or_default());
    [before, new, after].concat()
}

/// The file that a client means.
pub fn path_of(uri: &str) -> Option<PathBuf> {
    let path = percent_encoding::percent_decode_str(uri.strip_prefix("file://")?).decode_utf8_lossy();
    // Paths with a drive stand behind a slash.
    let drive = path.strip_prefix('/').filter(|rest| rest.get(1..2) == Some(":"));
    Some(PathBuf::from(drive.unwrap_or(&path)))
}

/// What stands in an address for itself.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'.').remove(b'-').remove(b'_').remove(b'~');

pub fn uri_of(path: &Path) -> String {
    let path = path.to_string_lossy().replace('\\', "/");
    let slash = if path.starts_with('/') { "" } else { "/" };
    format!("file://{slash}{}", utf8_percent_encode(&path, PLAIN))
}

/// What the project of a file says of findings: nothing where there is none, and where it cannot be read, which is said.
fn config(uri: &str) -> (Config, Option<String>) {
    let Some(path) = path_of(uri) else { return (Config::default(), None) };
    match project::check_config(&path) {
        Ok(config) => (config, None),
        Err(fault) => {
            let line = fault.source.line_of(fault.error.span.lo) + 1;
            let place = format!("{}, line {line}", fault.source.name());
            (
                Config::default(),
                Some(format!("{place}: {}; until it is mended nothing in it counts", fault.error.message)),
            )
        }
    }
}
