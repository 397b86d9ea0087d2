//! Files that are written from connrun's tables: pages of the documentation, word lists of editors. Each is one row here.
//!
//! `CONNRUN_WRITE_DOCS=1 cargo test --test it generated` writes them; without it the test says which are out of date.

use connrun::check::{self, Config};
use connrun::diagnostic::render::severity_name;
use connrun::diagnostic::{CODES, Code, TROUBLES};
use connrun::methods::{Origin, Receiver, tables};
use connrun::text::Source;
use connrun::vocabulary::{self, FIELD_KEYS, Standing};
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

/// A file, and what makes its content.
type Output = (&'static str, fn() -> String);

const OUTPUTS: &[Output] = &[
    ("docs/diagnostics.md", diagnostics),
    ("editors/neovim/syntax/connector.vim", vim),
    ("editors/vim/syntax/connector.vim", vim),
    ("editors/vscode/syntaxes/conn.tmLanguage.json", crate::editors::grammar),
];

#[test]
fn files_agree_with_the_tables() {
    let mut stale = Vec::new();
    for (name, make) in OUTPUTS {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
        let now = make();
        if std::env::var_os("CONNRUN_WRITE_DOCS").is_some() {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, &now).unwrap();
        }
        if std::fs::read_to_string(&path).unwrap_or_default() != now {
            stale.push(*name);
        }
    }
    assert!(stale.is_empty(), "CONNRUN_WRITE_DOCS=1 cargo test --test it generated: {stale:?}");
}

/// The families of codes, and what is said of them.
const FAMILIES: [(&str, &str, &str); 4] = [
    (
        "check::",
        "What a connector cannot mean",
        "Nothing is run to find these. A comment or `connrun.toml` silences them.",
    ),
    ("refused::", "What a sandbox refuses", "A connector reaches the world only through requests."),
    (
        "portable::",
        "What only connrun understands",
        "Told with `--portable`, or with `portable = true` in `connrun.toml`.",
    ),
    ("syntax::", "Syntax", "These are errors, whatever the configuration."),
];

fn diagnostics() -> String {
    let mut out =
        "# Diagnostics\n\nEvery code of `connrun check`, with a text that earns it. `connrun explain CODE` shows the \
                   same in a terminal; [check.md](check.md) says how findings are silenced and weighed. This page is \
                   written from connrun's own table.\n"
            .to_owned();
    for (start, title, about) in FAMILIES {
        write!(out, "\n## {title}\n\n{about}\n").unwrap();
        for row in CODES.iter().filter(|row| row.code.starts_with(start)) {
            let severity = severity(row).map(|severity| format!(" ({severity})")).unwrap_or_default();
            write!(out, "\n### `{}`{severity}\n\n{}\n\n```ruby\n{}\n```\n", row.code, row.doc, row.example).unwrap();
        }
    }
    out.push_str("\n## What ends a run\n\nMessages of the commands that keep something running.\n\n| code | what happened | what to do |\n|---|---|---|\n");
    for row in TROUBLES {
        writeln!(out, "| `{}` | {} | {} |", row.code, row.doc, row.cure).unwrap();
    }
    out
}

/// Every code of these families that the sources name is explained, and no other.
#[test]
fn troubles_are_those_that_the_sources_name() {
    fn sources(folder: &Path, into: &mut String) {
        for entry in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if entry.is_dir() {
                sources(&entry, into);
            } else if !entry.ends_with("troubles.rs") {
                into.push_str(&std::fs::read_to_string(entry).unwrap());
            }
        }
    }
    let mut text = String::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut text);
    let families: BTreeSet<&str> = TROUBLES.iter().filter_map(|row| row.code.split("::").next()).collect();
    let quoted = text.split('"').filter(|part| {
        part.split_once("::").is_some_and(|(family, name)| {
            families.contains(family) && name.chars().all(|c| c.is_ascii_lowercase() || c == '-') && !name.is_empty()
        })
    });
    let named: BTreeSet<&str> = quoted.collect();
    assert_eq!(TROUBLES.iter().map(|row| row.code).collect::<BTreeSet<_>>(), named);
}

/// How much the finding of the row's example weighs.
fn severity(row: &Code) -> Option<&'static str> {
    let config = Config { portable: row.code.starts_with("portable::"), ..Config::default() };
    let found = check::check(&Source::new("a.conn", row.example), &config);
    found.iter().find(|finding| finding.code == row.code).map(|finding| severity_name(finding.severity))
}

/// Vim's highlighting: Ruby's, with the words of connectors on top.
fn vim() -> String {
    let sections = vocabulary::keys().filter(|key| key.parent().is_empty() && vocabulary::has_free_keys(&[key.name()]));
    let sections: Vec<&str> = sections.map(vocabulary::Key::name).chain(["connection", "test"]).collect();
    let keys: Vec<&str> = vocabulary::keys()
        .filter(|key| key.standing != Standing::Ignored)
        .map(vocabulary::Key::name)
        .filter(|name| *name != "*" && !sections.contains(name))
        .collect();
    let fields: Vec<&str> = FIELD_KEYS.iter().map(|row| row.name).filter(|name| !keys.contains(name)).collect();
    let functions = tables().filter(|table| table.receiver == Receiver::Context).flat_map(|table| table.rows);
    let functions = functions.filter(|row| row.origin == Origin::Sdk).flat_map(|row| row.names.split(' '));
    let functions: Vec<&str> = functions.filter(|name| name.chars().all(|c| c.is_alphanumeric() || c == '_')).collect();
    // As Ruby's own label begins: with what stands before it, so that the later one of two wins.
    let key = |group: &str, names: Vec<&str>| {
        vim_match(group, r"[[:space:],{(]\%(", names, r#"\):[[:space:]]\@="hs=s+1,he=e-1"#)
    };
    let call = vim_match("connectorFunction", r"\%(\.\)\@<!\<\%(", functions, r#"\)\>\ze\%(\s*(\|\s\+['\x22:]\)""#);
    format!(
        "\" The text reads as Ruby; keys of connectors and functions of the SDK stand out.\n\
         \" Written by `CONNRUN_WRITE_DOCS=1 cargo test --test it generated`.\n\
         if exists(\"b:current_syntax\")\n  finish\nendif\n\
         runtime! syntax/ruby.vim\n\n{}{}{}{call}\n\
         hi def link connectorSection Structure\n\
         hi def link connectorKey Keyword\n\
         hi def link connectorField Type\n\
         hi def link connectorFunction Function\n\
         let b:current_syntax = \"connector\"\n",
        key("connectorField", fields),
        key("connectorKey", keys),
        key("connectorSection", sections),
    )
}

/// One `syntax match` of any of the names, broken into lines; `after` closes the quote.
fn vim_match(group: &str, before: &str, mut names: Vec<&str>, after: &str) -> String {
    names.sort_unstable();
    names.dedup();
    let mut lines = vec![String::new()];
    for name in names {
        if lines.last().is_some_and(|line| line.len() > 90) {
            lines.push(String::new());
        }
        let line = lines.last_mut().unwrap();
        write!(line, "{name}\\|").unwrap();
    }
    let list = lines.join("\n      \\");
    format!("syntax match {group} \"{before}{}{after}\n", list.trim_end_matches("\\|"))
}
