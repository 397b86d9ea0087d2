//! What can be run of a connector, and how often its parts are mentioned: lines above their definitions.

use super::Document;
use crate::check::{Entry, Section};
use crate::text::Span;
use hashbrown::HashMap;

/// A line above a definition.
#[derive(Debug, PartialEq, Eq)]
pub struct Lens {
    /// The key it stands above.
    pub span: Span,
    pub kind: LensKind,
}

#[derive(Debug, PartialEq, Eq)]
pub enum LensKind {
    /// What `connrun exec` takes: `action` and a name, `test`.
    Run(Vec<&'static str>),
    /// Where the definition is mentioned.
    Mentions(Vec<Span>),
}

/// By place: actions, triggers and the test of the connection can be run, what has a name is mentioned.
pub fn lenses(document: &Document) -> Vec<Lens> {
    let connector = document.connector();
    let mut mentions: HashMap<(Section, &str), Vec<Span>> = HashMap::new();
    for mention in connector.mentions() {
        mentions.entry((mention.section, mention.name)).or_default().push(mention.span);
    }
    let lens = |entry: &Entry| {
        let kind = match entry.path.as_slice() {
            ["test"] => LensKind::Run(vec!["test"]),
            ["actions", name] => LensKind::Run(vec!["action", name]),
            ["triggers", name] => LensKind::Run(vec!["trigger", name]),
            path => LensKind::Mentions(mentions.get(&(Section::of(path)?, entry.name())).cloned().unwrap_or_default()),
        };
        Some(Lens { span: entry.key_span, kind })
    };
    connector.entries.iter().filter_map(lens).collect()
}
