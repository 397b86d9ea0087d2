//! A connector of what is known of an API.

mod connection;
mod operation;
mod paging;

pub use operation::convert;
pub use paging::PAGE;

use super::field::nodes;
use super::model::{Api, Operation};
use crate::emit::{self, Entry, Node};

/// The text of the connector. `origin` is what it was made of.
pub fn connector(api: &Api, origin: &str) -> String {
    let mut entries =
        vec![Entry::new("title", Node::text(&api.title)), Entry::new("connection", connection::node(api))];
    entries.push(connection::test(api));
    if !api.definitions.is_empty() {
        let definitions = api.definitions.iter().map(|(name, fields)| {
            let shares = fields.iter().any(shares);
            let parameters = if shares { vec!["_connection", "_config_fields", "object_definitions"] } else { vec![] };
            (name.clone(), Node::map([("fields", Node::Gives(parameters, Box::new(nodes(fields))))]))
        });
        entries.push(Entry::new("object_definitions", Node::map(definitions)));
    }
    let actions = api
        .operations
        .iter()
        .map(|operation| Entry::new(&operation.name, operation::node(operation, api)).comment(comment(operation)));
    entries.push(Entry::new("actions", Node::Map(actions.collect())));
    let methods = paging::methods(api);
    if !methods.is_empty() {
        entries.push(Entry::new("methods", Node::Map(methods)));
    }
    emit::file(&head(api, origin), &Node::Map(entries))
}

fn head(api: &Api, origin: &str) -> Vec<String> {
    let mut head = vec![format!("{}, made from {origin} by `connrun import`.", api.title)];
    if !api.about.is_empty() {
        head.push(api.about.clone());
    }
    head.push(String::new());
    head.push(
        "Next: `connrun connect`, then `connrun exec test`; keep the actions that are needed, and remove the rest."
            .to_owned(),
    );
    if !api.notes.is_empty() {
        head.push(String::new());
        head.push("Not translated:".to_owned());
        head.extend(api.notes.iter().map(|note| format!("- {note}")));
    }
    head
}

fn comment(operation: &Operation) -> Vec<String> {
    operation.notes.iter().map(|note| format!("Not translated: {note}")).collect()
}

/// Whether a field is described by an object definition, at any depth.
fn shares(field: &super::Field) -> bool {
    match field.kind.inside() {
        Some(super::Inside::Shared(_)) => true,
        Some(super::Inside::Fields(fields)) => fields.iter().any(shares),
        None => false,
    }
}
