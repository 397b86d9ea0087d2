//! The open texts. Each is read once after a change, when somebody asks.

use super::convert::Lines;
use crate::check::Config;
use crate::editor::Document;
use crate::project;
use crate::text::Source;
use hashbrown::HashMap;
use serde_json::Value;
use std::path::Path;

pub struct Documents {
    open: HashMap<String, Open>,
    /// Columns are counted in UTF-16 units, not in bytes.
    wide: bool,
    changed: Vec<String>,
}

struct Open {
    text: String,
    version: Option<i64>,
    read: Option<Document>,
    /// What was read before the text changed.
    stale: Option<Document>,
}

impl Documents {
    pub fn new(wide: bool) -> Self {
        Self { open: HashMap::new(), wide, changed: Vec::new() }
    }

    pub fn open(&mut self, uri: &str, params: &Value) {
        let text = params.pointer("/textDocument/text").and_then(Value::as_str).unwrap_or_default().to_owned();
        let version = params.pointer("/textDocument/version").and_then(Value::as_i64);
        self.open.insert(uri.to_owned(), Open { text, version, read: None, stale: None });
    }

    /// Applies the changes in order; one without a range replaces the whole text.
    pub fn change(&mut self, uri: &str, params: &Value) {
        let wide = self.wide;
        let Some(open) = self.open.get_mut(uri) else { return };
        for change in params["contentChanges"].as_array().into_iter().flatten() {
            let Some(new) = change["text"].as_str() else { continue };
            if change["range"].is_object() {
                let lines = Lines::new(&open.text, wide);
                let (start, end) = (lines.offset(&change["range"]["start"]), lines.offset(&change["range"]["end"]));
                open.text.replace_range(start..end.max(start), new);
            } else {
                new.clone_into(&mut open.text);
            }
        }
        open.version = params.pointer("/textDocument/version").and_then(Value::as_i64);
        if let Some(read) = open.read.take() {
            open.stale = Some(read);
        }
    }

    pub fn close(&mut self, uri: &str) {
        self.open.remove(uri);
    }

    pub fn version(&self, uri: &str) -> Option<i64> {
        self.open.get(uri)?.version
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

    /// The document and its lines.
    pub fn get(&mut self, uri: &str) -> Option<(&Document, Lines<'_>)> {
        let wide = self.wide;
        let open = self.open.get_mut(uri)?;
        let name = uri.rsplit('/').next().unwrap_or(uri);
        let document = open.read.get_or_insert_with(|| {
            Document::after(open.stale.take(), Source::new(name, open.text.clone()), &config(uri))
        });
        let lines = Lines::new(document.source.text(), wide);
        Some((document, lines))
    }

    pub fn diagnostics(&mut self, uri: &str) -> Vec<Value> {
        let Some((document, lines)) = self.get(uri) else { return Vec::new() };
        document.findings.iter().map(|finding| lines.diagnostic(finding, uri)).collect()
    }
}

/// What the project of a file says of findings: nothing where there is none, or where it cannot be read.
fn config(uri: &str) -> Config {
    let Some(path) = uri.strip_prefix("file://") else { return Config::default() };
    let path = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
    // Paths with a drive stand behind a slash.
    let drive = path.strip_prefix('/').filter(|rest| rest.get(1..2) == Some(":"));
    project::check_config(Path::new(drive.unwrap_or(&path))).unwrap_or_default()
}
