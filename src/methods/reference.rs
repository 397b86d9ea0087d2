//! The reference of the library, written from the rows.

use super::{Method, Origin, Receiver, Table, tables};
use std::fmt::Write;

/// Every method of that name, each with what it is a method of.
pub fn lookup(name: &str) -> Vec<(&'static Table, &'static Method)> {
    let rows = tables().flat_map(|table| table.rows.iter().map(move |row| (table, row)));
    rows.filter(|(_, row)| row.names.split(' ').any(|known| known == name)).collect()
}

/// Whether a receiver is what a person calls `Array`, `array`, `Time` or `workato.csv`.
pub fn belongs(receiver: Receiver, named: &str) -> bool {
    let same = |known: &str| known.eq_ignore_ascii_case(named);
    match receiver {
        Receiver::Kinds(kinds) => kinds.iter().any(|kind| same(&format!("{kind:?}"))),
        Receiver::Singleton(class) => same(class),
        Receiver::Namespace(space) => same(space),
        other => same(&receiver_name(other)),
    }
}

/// The names of a receiver's own methods, sorted; none where there is no such receiver.
pub fn of(named: &str) -> Vec<&'static str> {
    let rows = tables().filter(|table| belongs(table.receiver, named)).flat_map(|table| table.rows);
    let mut all: Vec<_> = rows.map(Method::name).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// One method for a terminal.
pub fn describe(table: &Table, row: &Method) -> String {
    let mut out = format!("{}\n  {}\n", heading(table.receiver, row), row.doc);
    let aliases: Vec<_> = row.names.split(' ').skip(1).collect();
    if !aliases.is_empty() {
        // Writing to a string cannot fail, here and below.
        let _ = writeln!(out, "  also: {}", aliases.join(", "));
    }
    for line in row.example.lines().filter(|line| !line.is_empty()) {
        let _ = writeln!(out, "  {line}");
    }
    let _ = writeln!(out, "  from {}", origin_name(row.origin));
    out
}

/// The whole library as one page of Markdown, a section for each receiver.
pub fn markdown() -> String {
    let mut sections: Vec<(String, Vec<&Method>)> = Vec::new();
    for table in tables() {
        let title = receiver_name(table.receiver);
        match sections.iter_mut().find(|(known, _)| *known == title) {
            Some((_, rows)) => rows.extend(table.rows),
            None => sections.push((title, table.rows.iter().collect())),
        }
    }
    sections.sort_by(|a, b| a.0.cmp(&b.0));
    let mut out = String::from(
        "# Methods\n\nEvery method that connrun knows, by what it is called on. `connrun explain NAME` shows the same in a terminal.\nExamples are run as tests. This page is written by `connrun explain --all`.\n",
    );
    for (title, mut rows) in sections {
        rows.sort_by_key(|row| row.name());
        let _ = writeln!(out, "\n## {title}\n\n| method | | example | from |\n|---|---|---|---|");
        for row in rows {
            let names: Vec<_> = row.names.split(' ').map(|name| format!("`{}`", cell(name))).collect();
            let examples: Vec<_> = row.example.lines().map(|line| format!("`{}`", cell(line))).collect();
            let signature = if row.signature == "()" { String::new() } else { format!(" `{}`", cell(row.signature)) };
            let _ = writeln!(
                out,
                "| {}{signature} | {} | {} | {} |",
                names.join(" "),
                cell(row.doc),
                examples.join("<br>"),
                origin_name(row.origin)
            );
        }
    }
    out
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

fn heading(receiver: Receiver, row: &Method) -> String {
    match receiver {
        Receiver::Singleton(class) => format!("{class}.{}{}", row.name(), row.signature),
        Receiver::Namespace(space) => format!("{space}.{}{}", row.name(), row.signature),
        Receiver::Context => format!("{}{}", row.name(), row.signature),
        other => format!("{}#{}{}", receiver_name(other), row.name(), row.signature),
    }
}

fn receiver_name(receiver: Receiver) -> String {
    match receiver {
        Receiver::Kinds(kinds) => {
            let names: Vec<_> = kinds.iter().map(|kind| format!("{kind:?}")).collect();
            names.join(", ")
        }
        Receiver::Object => "Object".to_owned(),
        Receiver::Enumerable => "Enumerable".to_owned(),
        Receiver::Comparable => "Comparable".to_owned(),
        Receiver::Numeric => "Numeric".to_owned(),
        Receiver::Singleton(class) => format!("{class} (class)"),
        Receiver::AnyClass => "Class".to_owned(),
        Receiver::Context => "Functions".to_owned(),
        Receiver::Namespace(space) => space.to_owned(),
    }
}

const fn origin_name(origin: Origin) -> &'static str {
    match origin {
        Origin::Ruby => "Ruby",
        Origin::ActiveSupport => "ActiveSupport",
        Origin::Sdk => "SDK",
    }
}
