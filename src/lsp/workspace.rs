//! The connectors of the folders that a client has open: what they define, whether or not they are open themselves.

use super::convert::{Places, Range};
use super::documents::{Documents, path_of, uri_of};
use super::wire;
use crate::editor::{self, Document, Symbol, SymbolKind};
use crate::text::{Source, Unit};
use hashbrown::HashMap;
use serde::Serialize;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Folders within folders are looked into so far.
const DEEPEST: usize = 8;
/// More connectors are not read.
const MOST_FILES: usize = 2_000;
/// More symbols are not answered.
const MOST_ANSWERS: usize = 500;

pub struct Workspace {
    folders: Vec<PathBuf>,
    unit: Unit,
    /// What files that are not open have, and when that was so.
    files: HashMap<PathBuf, (Option<SystemTime>, Vec<Found>)>,
}

/// One definition.
#[derive(Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Found {
    name: String,
    kind: u8,
    container_name: String,
    location: Place,
}

#[derive(Clone, Serialize)]
struct Place {
    uri: String,
    range: Range,
}

impl Workspace {
    /// The folders that `initialize` names.
    pub fn new(params: &Value, unit: Unit) -> Self {
        let named = params["workspaceFolders"].as_array().into_iter().flatten().map(|folder| &folder["uri"]);
        let mut folders: Vec<PathBuf> = named.filter_map(|uri| path_of(uri.as_str()?)).collect();
        if folders.is_empty() {
            folders.extend(params["rootUri"].as_str().and_then(path_of));
        }
        Self { folders, unit, files: HashMap::new() }
    }

    /// The definitions whose names have the letters of the query in their order, as JSON. Open texts count as they are.
    pub fn symbols(&mut self, documents: &mut Documents, params: &Value) -> String {
        let query = params["query"].as_str().unwrap_or_default().to_lowercase();
        let mut all: Vec<Found> = Vec::new();
        let mut open: Vec<PathBuf> = Vec::new();
        for uri in documents.uris() {
            open.extend(path_of(&uri));
            if let Some((document, places)) = documents.get(&uri) {
                all.extend(definitions(document, places, &uri));
            }
        }
        let mut files = Vec::new();
        self.folders.iter().for_each(|folder| collect(folder, DEEPEST, &mut files));
        for path in files.iter().filter(|path| !open.contains(path)) {
            let changed = std::fs::metadata(path).and_then(|about| about.modified()).ok();
            if self.files.get(path).is_none_or(|(known, _)| *known != changed || changed.is_none()) {
                self.files.insert(path.clone(), (changed, read(path, self.unit)));
            }
            all.extend(self.files.get(path).into_iter().flat_map(|(_, found)| found.iter().cloned()));
        }
        self.files.retain(|path, _| files.contains(path));
        all.retain(|found| is_meant(&found.name, &query));
        all.sort_by_key(|found| (!found.name.to_lowercase().starts_with(&query), found.name.len()));
        all.truncate(MOST_ANSWERS);
        wire::json(&all)
    }
}

/// The connectors in a folder; what is hidden or made is passed over.
fn collect(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) {
    let mut entries: Vec<_> = std::fs::read_dir(folder).into_iter().flatten().flatten().collect();
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let (path, name) = (entry.path(), entry.file_name());
        let name = name.to_string_lossy();
        let Ok(kind) = entry.file_type() else { continue };
        if kind.is_dir() && depth > 0 && !name.starts_with('.') && !matches!(&*name, "node_modules" | "target") {
            collect(&path, depth - 1, files);
        } else if kind.is_file() && path.extension().is_some_and(|end| end == "conn") && files.len() < MOST_FILES {
            files.push(path);
        }
    }
}

fn read(path: &Path, unit: Unit) -> Vec<Found> {
    let Ok(text) = std::fs::read_to_string(path) else { return Vec::new() };
    let document = Document::new(Source::new(path.to_string_lossy(), text));
    let places = Places { source: &document.source, unit };
    definitions(&document, places, &uri_of(path)).collect()
}

/// What the sections of a connector define.
fn definitions<'d>(document: &Document, places: Places<'d>, uri: &'d str) -> impl Iterator<Item = Found> + use<'d> {
    let found = move |section: &str, symbol: Symbol| Found {
        name: symbol.name,
        kind: kind(symbol.kind),
        container_name: section.to_owned(),
        location: Place { uri: uri.to_owned(), range: places.range(symbol.name_span) },
    };
    editor::symbols(document).into_iter().flat_map(move |section| {
        let (name, children) = (section.name, section.children);
        children.into_iter().map(move |symbol| found(&name, symbol))
    })
}

/// The number that the protocol has for it.
pub fn kind(kind: SymbolKind) -> u8 {
    match kind {
        SymbolKind::Section => 2,
        SymbolKind::Lambda => 12,
        SymbolKind::Value => 7,
    }
}

fn is_meant(name: &str, query: &str) -> bool {
    let mut letters = name.chars().flat_map(char::to_lowercase);
    query.chars().all(|wanted| letters.any(|letter| letter == wanted))
}

#[cfg(test)]
mod tests {
    use super::is_meant;

    #[test]
    fn letters_are_looked_for_in_order() {
        assert!(is_meant("create_invoice", "crinv") && is_meant("Any", "") && is_meant("getUser", "user"));
        assert!(!is_meant("create_invoice", "invcr"));
    }
}
