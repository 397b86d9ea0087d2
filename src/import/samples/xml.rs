//! Records from XML: attributes and elements side by side, repeated elements as lists.

use super::text::typed;
use crate::http::xml::{self, Element, Node};
use serde_json::{Map, Value as Json};
use std::collections::BTreeSet;

/// What the text of an element is called that has attributes, too.
const TEXT: &str = "content";

/// The record in the root; a root that does nothing but repeat one element holds records of that kind.
pub fn records(text: &str) -> Result<Vec<Json>, String> {
    if !text.trim_start_matches('\u{feff}').trim_start().starts_with('<') {
        return Err("it does not begin with an element".to_owned());
    }
    let root = xml::parse(text.as_bytes())
        .map_err(|error| format!("line {}, column {}: {}", error.line, error.column, error.message))?;
    let children: Vec<&Element> = elements(&root).collect();
    let same = children.first().is_some_and(|first| children.iter().all(|child| child.name == first.name));
    let has_own = children.iter().all(|child| elements(child).next().is_some() || !attributes(child).is_empty());
    if children.len() > 1 && same && has_own && attributes(&root).is_empty() {
        let lists = lists(&children);
        return Ok(children.into_iter().map(|child| value(child, "", &lists)).collect());
    }
    match value(&root, "", &lists(&[&root])) {
        object @ Json::Object(_) => Ok(vec![object]),
        plain => Ok(vec![Json::Object(Map::from_iter([(local(&root.name).to_owned(), plain)]))]),
    }
}

fn elements(element: &Element) -> impl Iterator<Item = &Element> {
    element.children.iter().filter_map(|node| match node {
        Node::Element(child) => Some(child),
        _ => None,
    })
}

/// Without what declares namespaces and schemas.
fn attributes(element: &Element) -> Vec<(&str, &str)> {
    let own = element
        .attributes
        .iter()
        .filter(|(name, _)| name != "xmlns" && !["xmlns:", "xsi:", "xml:"].iter().any(|start| name.starts_with(start)));
    own.map(|(name, value)| (local(name), value.as_str())).collect()
}

fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

/// The places of elements that stand more than once in their parent, in any of these: there they are lists, also where
/// but one stands.
fn lists(records: &[&Element]) -> BTreeSet<String> {
    fn collect(element: &Element, path: &str, into: &mut BTreeSet<String>) {
        let mut seen = BTreeSet::new();
        for child in elements(element) {
            let path = format!("{path}/{}", local(&child.name));
            if !seen.insert(local(&child.name)) {
                into.insert(path.clone());
            }
            collect(child, &path, into);
        }
    }
    let mut found = BTreeSet::new();
    records.iter().for_each(|record| collect(record, "", &mut found));
    found
}

fn value(element: &Element, path: &str, lists: &BTreeSet<String>) -> Json {
    let attributes = attributes(element);
    let text = element.text();
    if attributes.is_empty() && elements(element).next().is_none() {
        return typed(&text);
    }
    let mut fields = Map::new();
    for (name, value) in attributes {
        fields.insert(name.to_owned(), typed(value));
    }
    for child in elements(element) {
        let name = local(&child.name).to_owned();
        let path = format!("{path}/{name}");
        let value = value(child, &path, lists);
        let again = lists.contains(&path);
        match fields.get_mut(&name) {
            Some(Json::Array(items)) if again => items.push(value),
            _ if again => drop(fields.insert(name, Json::Array(vec![value]))),
            // An element beside an attribute of the same name.
            Some(_) => drop(fields.insert(format!("{name}_element"), value)),
            None => drop(fields.insert(name, value)),
        }
    }
    if !text.trim().is_empty() {
        fields.insert(TEXT.to_owned(), typed(&text));
    }
    Json::Object(fields)
}
