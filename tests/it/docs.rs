//! The documentation stays true: its commands are run and print what it says; generated pages are up to date.
//!
//! A `console` block holds commands after `$ ` with what they print (standard output, then standard error); an `sh` block
//! holds commands that have to succeed. `CONNRUN_WRITE_DOCS=1` writes what the commands print into the pages. Commands run
//! in the package's root; those of a page that says so run in an empty folder, where `cd` works, too.

use connrun::vocabulary::{self, Standing};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn pages() -> Vec<PathBuf> {
    let docs = std::fs::read_dir(root().join("docs")).unwrap().map(|entry| entry.unwrap().path());
    let mut pages: Vec<_> = docs.filter(|path| path.extension().is_some_and(|extension| extension == "md")).collect();
    pages.push(root().join("README.md"));
    pages.sort();
    pages
}

/// Splits a command line as a shell does: blanks, single and double quotes.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    for c in line.chars() {
        match (quote, c) {
            (Some(open), c) if open == c => quote = None,
            (None, '\'' | '"') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, ' ') => words.extend(word.take()),
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

/// The arguments of a line that runs connrun, whichever way.
fn arguments(line: &str) -> Option<Vec<String>> {
    let line = line.split(" #").next().unwrap_or_default().trim();
    let rest = line.strip_prefix("cargo run --release -- ").or_else(|| line.strip_prefix("connrun "))?;
    Some(words(rest))
}

/// What a page says whose commands make files.
const OWN_FOLDER: &str = "<!-- The commands of this page run in an empty folder. -->";

/// One run in that folder; what it remembers between runs is kept in that file.
fn run(arguments: &[String], state: &Path, folder: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_connrun"))
        .args(arguments)
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .env("CONNRUN_STATE", state)
        .stdin(std::process::Stdio::null())
        .output()
        .unwrap()
}

fn printed(output: &Output) -> String {
    let text = [output.stdout.as_slice(), &output.stderr].concat();
    String::from_utf8(text).unwrap().lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

/// Times and ports differ from run to run.
fn steady(text: &str) -> String {
    let mut out = String::new();
    for word in text.split_inclusive(char::is_whitespace) {
        let number = |text: &str| text.trim().parse::<f64>().is_ok();
        match word.trim() {
            plain if plain.contains('.') && number(plain) => out.push_str(&word.replace(plain, "N")),
            _ => match word.find("127.0.0.1:") {
                Some(at) => {
                    let digits = |c: char| c.is_ascii_digit();
                    let (before, after) = word.split_at(at + "127.0.0.1:".len());
                    write!(out, "{before}PORT{}", after.trim_start_matches(digits)).unwrap();
                }
                None => out.push_str(word),
            },
        }
    }
    out
}

/// The page with what its commands print now, and the commands of `sh` blocks that failed.
fn renewed(page: &str) -> (String, Vec<String>) {
    let (mut out, mut failed, mut block) = (String::new(), Vec::new(), "");
    let folder = tempfile::TempDir::new().unwrap();
    let state = folder.path().join("state.db");
    let mut here = root().to_path_buf();
    if page.contains(OWN_FOLDER) {
        here = folder.path().join("work");
        std::fs::create_dir(&here).unwrap();
    }
    for line in page.lines() {
        if line.starts_with("```") {
            block = if block.is_empty() { line.trim_start_matches('`').trim() } else { "" };
        }
        let in_block = !line.starts_with("```");
        let command = line.strip_prefix("$ ").or((block == "sh").then_some(line));
        if let Some(into) = command.and_then(|command| command.strip_prefix("cd ")).filter(|_| in_block) {
            here.push(into);
            out.extend([line, "\n"]);
            continue;
        }
        match (block, line.strip_prefix("$ ")) {
            ("console", Some(command)) if in_block => {
                let arguments = arguments(command).unwrap_or_else(|| panic!("not connrun: {command}"));
                write!(out, "{line}\n{}", printed(&run(&arguments, &state, &here))).unwrap();
            }
            ("console", None) if in_block => {}
            _ => {
                out.push_str(line);
                out.push('\n');
                if let Some(arguments) = arguments(line).filter(|_| block == "sh" && in_block)
                    && !run(&arguments, &state, &here).status.success()
                {
                    failed.push(line.to_owned());
                }
            }
        }
    }
    (out, failed)
}

#[test]
fn commands_print_what_the_pages_say() {
    for path in pages() {
        let page = std::fs::read_to_string(&path).unwrap();
        let (now, failed) = renewed(&page);
        assert_eq!(failed, Vec::<String>::new(), "{}", path.display());
        if std::env::var_os("CONNRUN_WRITE_DOCS").is_some() && steady(&page) != steady(&now) {
            std::fs::write(&path, &now).unwrap();
            continue;
        }
        assert_eq!(steady(&page), steady(&now), "{}: CONNRUN_WRITE_DOCS=1 cargo test docs", path.display());
    }
}

#[test]
fn links_lead_somewhere() {
    for path in pages() {
        let page = std::fs::read_to_string(&path).unwrap();
        for target in page.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = target.split('#').next().unwrap_or_default();
            let is_local = !file.is_empty() && !file.contains("://");
            let folder = path.parent().unwrap();
            assert!(!is_local || folder.join(file).exists(), "{}: {target}", path.display());
        }
    }
}

#[test]
fn the_method_reference_is_up_to_date() {
    up_to_date("docs/methods.md", &connrun::methods::reference::markdown());
}

#[test]
fn the_key_reference_is_up_to_date() {
    up_to_date("docs/keys.md", &keys());
}

#[test]
fn the_project_reference_is_up_to_date() {
    up_to_date("docs/config.md", &project_keys());
}

/// Every key of a `connrun.toml`, from the table that reads it.
fn project_keys() -> String {
    use connrun::project::keys::{KEYS, Need, Shape, children};
    let mut out = "# connrun.toml\n\nThe file that says what [`connrun serve`](serve.md) keeps running. It is looked for in the \
                   folder of the command and above it; paths in it are seen from its own folder. This page is written from \
                   the table that reads the file.\n\n```toml\n"
        .to_owned();
    out.push_str(include_str!("fixtures/connrun.toml"));
    out.push_str("```\n");
    let tables =
        KEYS.iter().filter(|key| matches!(key.shape, Shape::Table) && children(key.path).all(|key| key.name() != "*"));
    for table in tables {
        let title = table.path.replace('*', "NAME");
        write!(out, "\n## `{title}`\n\n{}\n\n| key | takes | | for example |\n|---|---|---|---|\n", table.doc).unwrap();
        for key in children(table.path) {
            let need = if key.need == Need::Required { " Required." } else { "" };
            let example = if key.example.is_empty() { String::new() } else { format!("`{}`", cell(key.example)) };
            writeln!(out, "| `{}` | {} | {}{need} | {example} |", key.name(), cell(&key.shape.name()), cell(key.doc))
                .unwrap();
        }
    }
    out
}

#[test]
fn the_page_about_serving_names_every_route() {
    let page = std::fs::read_to_string(root().join("docs/serve.md")).unwrap();
    for route in connrun::server::ROUTES {
        let method = if route.method == "*" { "POST" } else { route.method };
        let row = format!("| `{method} {}` | {} |", route.path, route.doc);
        assert!(page.contains(&row), "{row}");
    }
}

/// Compares a generated page, or writes it.
fn up_to_date(name: &str, now: &str) {
    let path = root().join(name);
    if std::env::var_os("CONNRUN_WRITE_DOCS").is_some() {
        std::fs::write(&path, now).unwrap();
    }
    let is_same = std::fs::read_to_string(&path).unwrap_or_default() == now;
    assert!(is_same, "{name}: CONNRUN_WRITE_DOCS=1 cargo test docs");
}

/// Every key of connectors and of fields, from the tables that `connrun check` reads.
fn keys() -> String {
    let mut out = "# Keys\n\nEvery key that a connector may have, by where it stands; `*` is a name that you choose. \
                   This page is written from connrun's own tables.\n"
        .to_owned();
    let mut parents: Vec<&str> = Vec::new();
    for key in vocabulary::keys() {
        if !parents.contains(&key.parent()) {
            parents.push(key.parent());
        }
    }
    for parent in parents {
        let title = if parent.is_empty() { "The connector".to_owned() } else { format!("`{parent}`") };
        write!(out, "\n## {title}\n\n| key | takes | arguments | |\n|---|---|---|---|\n").unwrap();
        for key in vocabulary::keys().filter(|key| key.parent() == parent) {
            let shapes: Vec<_> = key.shapes.iter().map(|shape| shape.name()).collect();
            let (name, takes, args) = (key.name(), shapes.join(", "), key.args.join(", "));
            writeln!(out, "| `{name}` | {takes} | {args} | {}{} |", cell(key.doc), standing(key.standing)).unwrap();
        }
    }
    out.push_str("\n## Fields\n\n| key | takes | |\n|---|---|---|\n");
    for key in vocabulary::FIELD_KEYS {
        let shapes: Vec<_> = key.shapes.iter().map(|shape| shape.name()).collect();
        let doc = cell(key.doc) + standing(key.standing);
        writeln!(out, "| `{}` | {} | {doc} |", key.name, shapes.join(", ")).unwrap();
    }
    let types = vocabulary::FIELD_TYPES.iter().map(|row| (row.name, row.doc));
    let controls = vocabulary::CONTROL_TYPES.iter().map(|row| (row.name, row.doc));
    let converters = vocabulary::CONVERTERS.iter().map(|row| (row.name, row.doc));
    let tables: [(&str, Vec<_>); 3] = [
        ("Types of fields", types.collect()),
        ("Control types", controls.collect()),
        ("Converters", converters.collect()),
    ];
    for (title, rows) in tables {
        write!(out, "\n## {title}\n\n| | |\n|---|---|\n").unwrap();
        for (name, doc) in rows {
            writeln!(out, "| `{name}` | {} |", cell(doc)).unwrap();
        }
    }
    out
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

const fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::Common => "",
        Standing::Display => " (display only)",
        Standing::Old => " (old name)",
        Standing::Own => " (connrun only)",
        Standing::Ignored => " (no effect)",
    }
}

#[test]
fn the_sandbox_page_names_every_route() {
    let page = std::fs::read_to_string(root().join("docs/sandbox.md")).unwrap();
    for route in connrun::sandbox::ROUTES {
        let row = format!("| `{} {}` | {} |", route.method, route.pattern, route.doc);
        assert!(page.contains(&row), "{row}");
    }
}
