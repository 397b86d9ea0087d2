//! `connrun describe`: what is in a connector, as a table or as JSON. Sends nothing.

use super::args::{Describe, Display, Network, Run};
use super::failure::Failure;
use super::open::Opening;
use super::out::say;
use super::secrets::Secrets;
use super::{files, report};
use crate::value::json::{self, BinaryForm};
use serde_json::Value as Json;
use std::fmt::Write;

pub fn run(options: &Describe, display: &Display, secrets: &Secrets) -> Result<u8, Failure> {
    let network = Network { offline: true, ..Network::default() };
    let run = Run::default();
    let opening = Opening::new(&options.place, &run, &network, display);
    let mut opened = opening.open(secrets)?;
    let description = opened.connector.describe();
    let text = json::pretty(&description, BinaryForm::Hex).map_err(|unwind| opened.failure(&unwind))?;
    report::remarks(&opened.notes(), display, &secrets.redactor());
    if options.json {
        say(&(text + "\n"))?;
    } else {
        let file = files::connector_path(&options.place)?;
        let parsed: Json = serde_json::from_str(&text).unwrap_or_default();
        say(&table(&parsed, &file.display().to_string()))?;
    }
    Ok(0)
}

/// A line of the table: an indented name, its kind, its words.
struct Line {
    name: String,
    kind: String,
    label: String,
}

fn table(description: &Json, file: &str) -> String {
    let mut out = format!("{} · {file}\n", text(description, "title").unwrap_or("(no title)"));
    let kind = description["connection"]["authorization"]["type"].as_str().unwrap_or("none");
    section(&mut out, &format!("connection · {kind}"), &[("", &description["connection"]["fields"])]);
    for (kind, key) in [("action", "actions"), ("trigger", "triggers")] {
        for (name, operation) in description[key].as_object().into_iter().flatten() {
            let by = operation["runs_by"].as_array().into_iter().flatten().filter_map(Json::as_str);
            let by: Vec<&str> = by.collect();
            let by = if by.is_empty() { String::new() } else { format!(" · {}", by.join(", ")) };
            let heading = format!("{kind} {name} · {}{by}", text(operation, "title").unwrap_or(name));
            let fields = [
                ("config", &operation["config_fields"]),
                ("input", &operation["input_fields"]),
                ("output", &operation["output_fields"]),
            ];
            section(&mut out, &heading, &fields);
        }
    }
    for (title, key) in [
        ("methods", "methods"),
        ("pick lists", "pick_lists"),
        ("object definitions", "object_definitions"),
        ("streams", "streams"),
    ] {
        let names: Vec<&str> = description[key].as_array().into_iter().flatten().filter_map(Json::as_str).collect();
        if !names.is_empty() {
            // Writing to a string cannot fail, here and below.
            let _ = writeln!(out, "\n{title}\n  {}", names.join(", "));
        }
    }
    out
}

/// A heading with groups of fields, in aligned columns.
fn section(out: &mut String, heading: &str, groups: &[(&str, &Json)]) {
    let mut lines = Vec::new();
    for (title, fields) in groups.iter().filter(|(_, fields)| !fields.is_null()) {
        let depth = if title.is_empty() { 1 } else { 2 };
        let before = lines.len();
        collect(&mut lines, fields, depth);
        if !title.is_empty() && lines.len() > before {
            lines.insert(before, Line { name: format!("  {title}"), kind: String::new(), label: String::new() });
        }
    }
    let width = |column: fn(&Line) -> &str| lines.iter().map(|line| column(line).chars().count()).max().unwrap_or(0);
    let (names, kinds) = (width(|line| &line.name), width(|line| &line.kind));
    let _ = writeln!(out, "\n{heading}");
    for Line { name, kind, label } in &lines {
        let line = format!("{name:names$}  {kind:kinds$}  {label}");
        let _ = writeln!(out, "{}", line.trim_end());
    }
}

/// A line for each field, those inside it deeper.
fn collect(lines: &mut Vec<Line>, fields: &Json, depth: usize) {
    let indent = "  ".repeat(depth);
    if let Some(reason) = fields["dynamic"].as_str() {
        lines.push(Line { name: format!("{indent}(dynamic)"), kind: String::new(), label: reason.to_owned() });
    }
    for field in fields.as_array().into_iter().flatten() {
        let Some(name) = text(field, "name") else { continue };
        let required = if field["optional"] == false { " *" } else { "" };
        let label = text(field, "label").filter(|label| *label != name).unwrap_or_default();
        lines.push(Line { name: format!("{indent}{name}{required}"), kind: kind_of(field), label: label.to_owned() });
        collect(lines, &field["properties"], depth + 1);
    }
}

/// `integer`, `password`, `array of object`, `select`…
fn kind_of(field: &Json) -> String {
    let kind = text(field, "type").unwrap_or("string");
    match (kind, text(field, "of"), text(field, "control_type")) {
        ("array", Some(of), _) => format!("array of {of}"),
        ("string", _, Some(control)) => control.to_owned(),
        (kind, ..) => kind.to_owned(),
    }
}

fn text<'a>(object: &'a Json, key: &str) -> Option<&'a str> {
    object[key].as_str().filter(|text| !text.is_empty())
}
