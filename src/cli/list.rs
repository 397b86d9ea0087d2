//! `connrun list`: the connectors of a folder, by category, with their tags. Reads them without running anything.

use super::args::List;
use super::failure::Failure;
use super::files;
use super::out::{counted as number, say};
use crate::check::{Connector, Known, literal};
use crate::syntax;
use crate::syntax::ast::{Arg, Expr, ExprKind};
use crate::text::nearest;
use serde_json::{Map, Value as Json};
use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

/// Keys by which a connector says what it is, each a text.
const TEXTS: [&str; 6] = ["title", "version", "author", "description", "documentation_url", "logo"];
/// The same, each a list.
const LISTS: [&str; 2] = ["tags", "categories"];
/// What people count.
const SECTIONS: [(&str, &str); 3] = [("actions", "action"), ("triggers", "trigger"), ("syncs", "sync")];
/// Where connectors stand that have no category.
const NONE: &str = "(no category)";

pub fn run(options: &List) -> Result<u8, Failure> {
    let folder = options.folder.clone().unwrap_or_else(|| ".".into());
    let mut found = Vec::new();
    for path in files::connectors(std::slice::from_ref(&folder))? {
        found.push(about(&path)?);
    }
    if found.is_empty() {
        let message = format!("there is no connector in {}", folder.display());
        return Err(Failure::usage("usage::no-connector", message).help("name a folder that holds `.conn` files"));
    }
    for (key, wanted) in [("tags", &options.tag), ("categories", &options.category)] {
        if let Some(wanted) = wanted {
            only(&mut found, key, wanted)?;
        }
    }
    if options.json {
        say(&format!("{:#}\n", Json::Array(found)))?;
    } else {
        say(&table(&found))?;
    }
    Ok(0)
}

/// What a file says of itself.
fn about(path: &Path) -> Result<Json, Failure> {
    let source = files::read_connector(path)?;
    let parsed = syntax::parse(&source);
    let connector = Connector::of(&source, &parsed, &mut Known::default());
    let mut object = Map::new();
    let file = path.strip_prefix(".").unwrap_or(path).display().to_string();
    object.insert("file".to_owned(), file.into());
    let at = |key: &str| connector.entries.iter().find(|entry| entry.path.as_slice() == [key]).map(|entry| entry.value);
    for key in TEXTS {
        let text = at(key).and_then(|value| literal(&source, value)).map(|(text, _)| text);
        object.insert(key.to_owned(), text.into());
    }
    for key in LISTS {
        let items = at(key).map(|value| texts(&connector, value)).unwrap_or_default();
        object.insert(key.to_owned(), items.into());
    }
    for (section, _) in SECTIONS {
        let names = connector.entries.iter().filter_map(|entry| match entry.path.as_slice() {
            [first, name] if *first == section => Some(*name),
            _ => None,
        });
        object.insert(section.to_owned(), names.collect());
    }
    if !parsed.is_valid() {
        object.insert("broken".to_owned(), true.into());
    }
    Ok(Json::Object(object))
}

fn texts(connector: &Connector<'_>, value: &Expr) -> Vec<String> {
    match &value.kind {
        ExprKind::Array(items) => {
            let values = items.iter().filter_map(|item| match item {
                Arg::Value(value) => literal(connector.source, value),
                _ => None,
            });
            values.map(|(text, _)| text).collect()
        }
        _ => literal(connector.source, value).map(|(text, _)| text).into_iter().collect(),
    }
}

fn list<'a>(connector: &'a Json, key: &str) -> impl Iterator<Item = &'a str> {
    connector[key].as_array().into_iter().flatten().filter_map(Json::as_str)
}

/// Keeps those that bear the word, in whatever case.
fn only(found: &mut Vec<Json>, key: &str, wanted: &str) -> Result<(), Failure> {
    let known: BTreeSet<String> = found.iter().flat_map(|connector| list(connector, key)).map(str::to_owned).collect();
    found.retain(|connector| list(connector, key).any(|word| word.eq_ignore_ascii_case(wanted)));
    if !found.is_empty() {
        return Ok(());
    }
    let near = nearest(wanted, known.iter().map(String::as_str)).map(|near| format!("did you mean `{near}`? "));
    let listed: Vec<&str> = known.iter().map(String::as_str).collect();
    let listed = if listed.is_empty() {
        format!("no connector here has {key}: write `{key}: ['…']` beside `title:`")
    } else {
        format!("there is: {}", listed.join(", "))
    };
    let message = format!("no connector has `{wanted}` among its {key}");
    Err(Failure::usage("usage::name", message).help(format!("{}{listed}", near.unwrap_or_default())))
}

/// A heading for each category, and a line for each connector under it.
fn table(found: &[Json]) -> String {
    let mut categories: BTreeSet<&str> = found.iter().flat_map(|connector| list(connector, "categories")).collect();
    let has_none = |connector: &&Json| list(connector, "categories").next().is_none();
    let without: Vec<&Json> = found.iter().filter(has_none).collect();
    let width = |part: fn(&Json) -> String| found.iter().map(|it| part(it).chars().count()).max().unwrap_or(0);
    let widths = (width(title), width(file), width(counted));
    let mut out = String::new();
    let mut group = |heading: &str, members: &[&Json]| {
        let gap = if out.is_empty() { "" } else { "\n" };
        // Writing to a string cannot fail, here and below.
        let _ = writeln!(out, "{gap}{heading}");
        for member in members {
            let tags: Vec<String> = list(member, "tags").map(|tag| format!("#{tag}")).collect();
            let broken = if member["broken"] == true { " (broken: `connrun check` says why)" } else { "" };
            let (a, b, c) = widths;
            let line =
                format!("  {:a$}  {:b$}  {:c$}  {}", title(member), file(member), counted(member), tags.join(" "));
            let _ = writeln!(out, "{}{broken}", line.trim_end());
        }
    };
    // Nothing to group where nobody says anything.
    if categories.is_empty() {
        group("connectors", &without);
        return out;
    }
    while let Some(category) = categories.pop_first() {
        let members: Vec<&Json> =
            found.iter().filter(|connector| list(connector, "categories").any(|it| it == category)).collect();
        group(category, &members);
    }
    if !without.is_empty() {
        group(NONE, &without);
    }
    out
}

fn title(connector: &Json) -> String {
    connector["title"].as_str().unwrap_or("(no title)").to_owned()
}

fn file(connector: &Json) -> String {
    connector["file"].as_str().unwrap_or_default().to_owned()
}

/// `2 actions, 1 trigger`
fn counted(connector: &Json) -> String {
    let counts = SECTIONS.iter().filter_map(|(section, one)| {
        let count = connector[*section].as_array().map_or(0, Vec::len);
        (count > 0).then(|| number(count as u64, one))
    });
    counts.collect::<Vec<_>>().join(", ")
}
