//! The house keeps its layers: a layer uses only layers above it, files stay small, nothing can panic.

use std::path::{Path, PathBuf};

/// Layers by directory, lowest first. Directories of one row do not use each other unless `MAY` says so.
const LAYERS: &[&[&str]] = &[
    &["text"],
    &["diagnostic"],
    &["syntax", "value", "vocabulary"],
    &["http", "store", "format", "emit"],
    &["methods", "cassette"],
    &["program"],
    &["interpreter"],
    &["connector", "check"],
    &["runtime", "testing", "editor", "scaffold", "import", "document", "compare", "profile"],
    &["project", "sandbox", "server", "lsp", "cli"],
];

/// Arrows within a row: the command line starts everything.
const MAY: &[(&str, &str)] = &[
    ("cli", "sandbox"),
    ("cli", "server"),
    ("cli", "lsp"),
    ("cli", "project"),
    ("lsp", "project"),
    ("check", "connector"),
    ("server", "sandbox"),
];

/// Hard limit of a file.
const LINES: usize = 700;

/// What only the rims may touch, and the words that say it.
const RIM_ONLY: &[&str] = &["std::env", "std::fs", "SystemTime::now", "Instant::now", "io::stdout", "io::stdin"];

/// The network transport times its own exchanges; the store keeps files that it is given by path.
const MEETS: &[(&str, &str)] =
    &[("Instant::now", "src/http/live/"), ("std::fs", "src/store/"), ("std::fs", "src/runtime/sink/")];

fn sources() -> Vec<PathBuf> {
    fn collect(folder: &Path, into: &mut Vec<PathBuf>) {
        let mut entries: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        entries.sort();
        for path in entries {
            if path.is_dir() {
                collect(&path, into);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                into.push(path);
            }
        }
    }
    let mut all = Vec::new();
    collect(Path::new("src"), &mut all);
    assert!(all.len() > 20, "run from the package's root");
    all
}

fn layer_of(path: &Path) -> Option<String> {
    let mut parts = path.components().skip(1);
    let first = parts.next()?.as_os_str().to_str()?.to_owned();
    parts.next().map(|_| first)
}

fn rank(layer: &str) -> usize {
    LAYERS.iter().position(|row| row.contains(&layer)).unwrap_or_else(|| panic!("{layer} stands in no layer"))
}

/// The code without comments and without the test modules at the end of a file.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
    let line = |line: &str| line.split("//").next().unwrap_or_default().to_owned();
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn arrows_point_one_way() {
    let mut wrong = Vec::new();
    for path in sources() {
        let Some(layer) = layer_of(&path) else { continue };
        let text = code(&std::fs::read_to_string(&path).unwrap());
        for used in text.split("crate::").skip(1) {
            let used: String = used.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            let is_layer = LAYERS.iter().flat_map(|row| row.iter()).any(|name| *name == used);
            if !is_layer || used == layer || MAY.contains(&(layer.as_str(), used.as_str())) {
                continue;
            }
            if rank(&used) >= rank(&layer) {
                wrong.push(format!("{}: {layer} uses {used}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn files_stay_small() {
    let long: Vec<_> = sources()
        .into_iter()
        .map(|path| (std::fs::read_to_string(&path).unwrap().lines().count(), path))
        .filter(|(lines, _)| *lines > LINES)
        .collect();
    assert!(long.is_empty(), "over {LINES} lines: {long:?}");
}

#[test]
fn nothing_panics() {
    let mut found = Vec::new();
    for path in sources() {
        let text = code(&std::fs::read_to_string(&path).unwrap());
        for word in [".unwrap()", ".expect(", "panic!(", "todo!(", "unimplemented!(", "unreachable!(", "dbg!("] {
            if text.contains(word) {
                found.push(format!("{}: {word}", path.display()));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn the_outside_is_met_at_the_rims() {
    let mut found = Vec::new();
    for path in sources() {
        let Some(layer) = layer_of(&path) else { continue };
        if rank(&layer) == LAYERS.len() - 1 {
            continue;
        }
        let text = code(&std::fs::read_to_string(&path).unwrap());
        found.extend(
            RIM_ONLY
                .iter()
                .filter(|word| text.contains(**word))
                .filter(|word| !MEETS.iter().any(|(may, folder)| may == *word && path.starts_with(folder)))
                .map(|word| format!("{}: {word}", path.display())),
        );
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn grammar_rules_stay_in_syntax() {
    let leaks: Vec<_> = sources()
        .into_iter()
        .filter(|path| layer_of(path).is_some_and(|layer| layer != "syntax"))
        .filter(|path| {
            let text = code(&std::fs::read_to_string(path).unwrap());
            text.contains("Rule::") || text.contains("pest::")
        })
        .collect();
    assert!(leaks.is_empty(), "{leaks:?}");
}
