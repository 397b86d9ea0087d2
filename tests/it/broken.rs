//! Broken files: what is said of them, that nothing is said twice, and that what is not broken survives.

use connrun::syntax::ast::{Expr, ExprKind, Pair};
use connrun::syntax::{self, Parsed};
use connrun::text::Source;
use serde_json::Value;
use std::fmt::Write;
use std::path::Path;

fn parse(text: &str) -> (Source, Parsed) {
    let source = Source::new("test.conn", text);
    let parsed = syntax::parse(&source);
    (source, parsed)
}

/// Line, column and words of every finding.
fn findings(source: &Source, parsed: &Parsed) -> Vec<(usize, usize, String)> {
    let place = |diagnostic: &connrun::diagnostic::Diagnostic| {
        let place = source.line_column(diagnostic.span().unwrap_or_default().lo);
        let help = diagnostic.help.as_deref().unwrap_or_default();
        (place.line, place.column, format!("{} {help}", diagnostic.message))
    };
    parsed.diagnostics.iter().map(place).collect()
}

/// The dotted paths of all keys.
fn outline(expr: &Expr, path: &str, found: &mut Vec<String>) {
    let ExprKind::Hash(pairs) = &expr.kind else { return };
    for pair in pairs {
        let Pair::Entry { key, value, .. } = pair else { continue };
        let ExprKind::Symbol(name) = &key.kind else { continue };
        let path = if path.is_empty() { name.to_string() } else { format!("{path}.{name}") };
        found.push(path.clone());
        outline(value, &path, found);
    }
}

fn outline_of(parsed: &Parsed) -> Vec<String> {
    let mut found = Vec::new();
    parsed.file.statements.iter().for_each(|statement| outline(statement, "", &mut found));
    found
}

/// The texts of the table, each with its name.
fn texts() -> impl Iterator<Item = (&'static str, &'static str)> {
    let table = include_str!("../syntax/broken.txt").trim_start_matches("== ");
    table.split("\n== ").filter_map(|section| section.split_once('\n'))
}

fn number(value: &Value, key: &str) -> usize {
    value[key].as_u64().unwrap_or_default() as usize
}

/// The annotated files: how many of the errors are found where they are, in words that help.
#[test]
fn recorded_files_are_explained() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/conformance/broken");
    let (mut errors, mut lines, mut places, mut worded) = (0, 0, 0, 0);
    let (mut files, mut quiet, mut survivors, mut kept) = (0, 0, 0, 0);
    let mut misses = String::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|extension| extension != "conn") {
            continue;
        }
        let notes: Value =
            serde_json::from_str(&std::fs::read_to_string(path.with_extension("json")).unwrap()).unwrap();
        let (source, parsed) = parse(&std::fs::read_to_string(&path).unwrap());
        let found = findings(&source, &parsed);
        assert!(!found.is_empty(), "{} is accepted", path.display());
        files += 1;
        quiet += usize::from(found.len() <= number(&notes, "max_diagnostics"));
        let wanted = notes["errors"].as_array().unwrap();
        for error in wanted {
            let accepted: Vec<(usize, usize)> = error["accept"]
                .as_array()
                .unwrap()
                .iter()
                .map(|place| (number(place, "line"), number(place, "col")))
                .collect();
            let near = |line: usize| line == number(error, "line") || accepted.iter().any(|place| place.0 == line);
            let start = (number(error, "line"), number(error, "col"));
            let end = (number(error, "end_line"), number(error, "end_col"));
            let says = |text: &str| {
                let text = text.to_lowercase();
                let one_of = |group: &Value| {
                    group.as_array().unwrap().iter().any(|word| text.contains(&word.as_str().unwrap().to_lowercase()))
                };
                error["message_mentions"].as_array().unwrap().iter().all(one_of)
            };
            errors += 1;
            let line = found.iter().take(wanted.len()).any(|(line, ..)| near(*line));
            let place = found.iter().any(|(line, column, _)| {
                accepted.contains(&(*line, *column)) || start <= (*line, *column) && (*line, *column) <= end
            });
            let words = found.iter().any(|(line, _, text)| near(*line) && says(text));
            lines += usize::from(line);
            places += usize::from(place);
            worded += usize::from(words);
            if !(line && place && words) {
                let _ = writeln!(misses, "{}: {found:?}", path.display());
            }
        }
        let outline = outline_of(&parsed);
        for survivor in notes["surviving_outline"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            survivors += 1;
            if outline.iter().any(|path| path == survivor) {
                kept += 1;
            } else {
                let _ = writeln!(misses, "{}: {survivor} is lost", path.display());
            }
        }
    }
    let percent = |part: usize, whole: usize| 100 * part / whole.max(1);
    let figures = [
        percent(lines, errors),
        percent(places, errors),
        percent(worded, errors),
        percent(quiet, files),
        percent(kept, survivors),
    ];
    let goals = [95, 88, 88, 95, 90];
    assert!(figures.iter().zip(goals).all(|(figure, goal)| *figure >= goal), "{figures:?}\n{misses}");
}

/// What is said of each of our own broken texts, and of the text after the fixes.
#[test]
fn broken_texts() {
    let mut out = String::new();
    for (name, text) in texts() {
        let (source, parsed) = parse(text);
        let _ = writeln!(out, "== {name}");
        for diagnostic in &parsed.diagnostics {
            let place = source.line_column(diagnostic.span().unwrap_or_default().lo);
            let line = source.slice(source.line_span(place.line).unwrap_or_default());
            let _ = writeln!(out, "{:>3} │ {line}", place.line);
            let _ = writeln!(out, "    │ {}^ {}", " ".repeat(place.column - 1), diagnostic.message);
            if let Some(help) = &diagnostic.help {
                let _ = writeln!(out, "    │ help: {help}");
            }
        }
        let _ = writeln!(out, "    outline: {}", outline_of(&parsed).join(" "));
    }
    insta::assert_snapshot!(out);
}

/// A fix that is offered removes the error it is offered for.
#[test]
fn fixes_cure() {
    for (name, text) in texts() {
        let (_, parsed) = parse(text);
        let mut edits: Vec<_> = parsed
            .diagnostics
            .iter()
            .filter_map(|finding| finding.fix.as_ref())
            .flat_map(|fix| fix.edits.clone())
            .collect();
        if edits.is_empty() || parsed.diagnostics.iter().any(|finding| finding.fix.is_none()) {
            continue;
        }
        edits.sort_by_key(|edit| std::cmp::Reverse(edit.span.lo));
        let mut fixed = text.to_owned();
        for edit in edits {
            fixed.replace_range(edit.span.range(), &edit.text);
        }
        let (source, parsed) = parse(&fixed);
        assert!(parsed.is_valid(), "{name}:\n{fixed}\n{:?}", findings(&source, &parsed));
    }
}

/// Every character that structures a text is left out once: something is said nearby, and little.
#[test]
fn slips_are_told_nearby() {
    let (mut broken, mut near, mut few) = (0, 0, 0);
    for name in ["customers", "github", "rss"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("connectors/{name}.conn"));
        let text = std::fs::read_to_string(path).unwrap();
        let places = text.match_indices(|c: char| "{}[]()'\",|".contains(c)).map(|(at, _)| at);
        for at in places.step_by(7) {
            let mut edited = text.clone();
            edited.remove(at);
            let (source, parsed) = parse(&edited);
            if parsed.is_valid() {
                continue;
            }
            let here = source.line_column(at as u32).line;
            let lines: Vec<usize> = findings(&source, &parsed).iter().map(|finding| finding.0).collect();
            let told = parsed.diagnostics.iter().flat_map(|finding| &finding.labels);
            broken += 1;
            near += usize::from(
                told.map(|label| source.line_column(label.span.lo).line).any(|line| line.abs_diff(here) <= 3),
            );
            few += usize::from(lines.len() <= 5);
        }
    }
    assert!(
        broken > 50 && near * 100 >= broken * 80 && few * 100 >= broken * 95,
        "{broken} broken, {near} near, {few} few"
    );
}
