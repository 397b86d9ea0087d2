//! What a connector may say: every key by its path, the keys of schema fields, control types, types, converters.
//!
//! One row a word. `check`, completion, hover and the reference read these tables; nothing here executes.

mod action;
mod connection;
mod control;
mod converter;
mod field;
mod old;
mod top;
mod trigger;

pub use connection::{FLOW_KEYS, FLOW_KINDS};
pub use control::{CONTROL_TYPES, ControlType, control_type};
pub use converter::{CONVERTERS, Converter};
pub use field::{FIELD_KEYS, FIELD_TYPES, FieldKey, FieldType, field_key, field_type};
pub use old::{OLD, successor};

use hashbrown::HashMap;
use std::fmt;
use std::sync::LazyLock;

/// One key of a connector.
#[derive(Debug)]
pub struct Key {
    /// Dotted from the top; `*` stands for a name that the author chooses.
    pub path: &'static str,
    /// What may stand under it.
    pub shapes: &'static [Shape],
    /// What a lambda under it is called with, in order.
    pub args: &'static [&'static str],
    /// What a lambda has to return; empty where it does not matter.
    pub returns: &'static str,
    /// One sentence.
    pub doc: &'static str,
    /// As it would be written.
    pub example: &'static str,
    pub standing: Standing,
}

/// The kinds of values that keys take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    Lambda,
    Hash,
    /// Schema fields.
    Fields,
    Array,
    Text,
    /// A string or symbol out of a few.
    Word,
    Boolean,
    Integer,
    Number,
    Any,
}

/// Who knows a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Workato and connrun.
    Common,
    /// Workato's user interface only: it has no effect on a run.
    Display,
    /// An older name of something; the sentence says of what.
    Old,
    /// connrun only; Workato ignores it.
    Own,
    /// Accepted without effect.
    Ignored,
}

impl Key {
    /// A key that Workato and connrun know.
    const fn new(path: &'static str, shapes: &'static [Shape], doc: &'static str, example: &'static str) -> Self {
        Self { path, shapes, args: &[], returns: "", doc, example, standing: Standing::Common }
    }

    /// A key that takes a lambda.
    const fn lambda(
        path: &'static str,
        args: &'static [&'static str],
        returns: &'static str,
        doc: &'static str,
        example: &'static str,
    ) -> Self {
        Self { path, shapes: &[Shape::Lambda], args, returns, doc, example, standing: Standing::Common }
    }

    /// The same key with other shapes allowed besides.
    const fn or(mut self, shapes: &'static [Shape]) -> Self {
        self.shapes = shapes;
        self
    }

    const fn standing(mut self, standing: Standing) -> Self {
        self.standing = standing;
        self
    }

    /// The last part of the path: the key as it is written.
    pub fn name(&self) -> &'static str {
        self.path.rsplit('.').next().unwrap_or_default()
    }

    /// The path of the hash it stands in; empty for keys of the top.
    pub fn parent(&self) -> &'static str {
        self.path.rsplit_once('.').map_or("", |(parent, _)| parent)
    }

    pub fn takes(&self, shape: Shape) -> bool {
        self.shapes.contains(&shape) || self.shapes.contains(&Shape::Any)
    }
}

/// All keys, table after table; each table is sorted by path.
pub fn keys() -> impl Iterator<Item = &'static Key> {
    [top::KEYS, connection::KEYS, action::KEYS, trigger::KEYS].into_iter().flatten()
}

/// The row of a path of keys as written: `["actions", "get_user", "execute"]`.
pub fn key(path: &[&str]) -> Option<&'static Key> {
    // Looked up by depth and by last part: a large connector asks thousands of times.
    static BY_END: LazyLock<HashMap<(usize, &str), Vec<&'static Key>>> = LazyLock::new(|| {
        let mut by_end = HashMap::<_, Vec<_>>::new();
        for key in keys() {
            by_end.entry((key.path.split('.').count(), key.name())).or_default().push(key);
        }
        by_end
    });
    let at = |name| BY_END.get(&(path.len(), name)).into_iter().flatten().find(|key| fits(key.path, path)).copied();
    let (named, starred) = (at(path.last()?), at("*"));
    named.or(starred)
}

/// The rows of the keys that may stand in the hash at a path of keys as written.
pub fn children<'a>(path: &'a [&'a str]) -> impl Iterator<Item = &'static Key> + 'a {
    // The paths of hashes are few, and every entry of a connector asks.
    static BY_PARENT: LazyLock<Vec<(usize, &str, Vec<&'static Key>)>> = LazyLock::new(|| {
        let mut groups: Vec<(usize, &str, Vec<&'static Key>)> = Vec::new();
        for key in keys() {
            let parent = key.parent();
            match groups.iter_mut().find(|(_, known, _)| *known == parent) {
                Some((.., keys)) => keys.push(key),
                None => groups.push((if parent.is_empty() { 0 } else { parent.split('.').count() }, parent, vec![key])),
            }
        }
        groups
    });
    let fitting = BY_PARENT.iter().filter(|(depth, parent, _)| *depth == path.len() && fits(parent, path));
    fitting.flat_map(|(.., keys)| keys.iter().copied())
}

/// Authors choose the names of the keys in the hash at this path: `actions`, `methods`, `pick_lists` …
pub fn has_free_keys(path: &[&str]) -> bool {
    children(path).any(|key| key.name() == "*")
}

/// A pattern is a path with `*` for what authors name themselves; the empty one is that of the top.
pub fn fits(pattern: &str, path: &[&str]) -> bool {
    if pattern.is_empty() {
        return path.is_empty();
    }
    let mut steps = pattern.split('.');
    path.iter().all(|name| steps.next().is_some_and(|step| step == "*" || step == *name)) && steps.next().is_none()
}

impl Shape {
    /// As a message names it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Lambda => "a lambda",
            Self::Hash => "a hash",
            Self::Fields => "an array of fields",
            Self::Array => "an array",
            Self::Text => "a string",
            Self::Word => "a string or symbol",
            Self::Boolean => "true or false",
            Self::Integer => "an integer",
            Self::Number => "a number",
            Self::Any => "anything",
        }
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted_unique_and_documented() {
        for table in [top::KEYS, connection::KEYS, action::KEYS, trigger::KEYS] {
            for pair in table.windows(2) {
                assert!(pair[0].path < pair[1].path, "{} stands before {}", pair[0].path, pair[1].path);
            }
        }
        for key in keys() {
            assert!(key.doc.ends_with('.') && !key.shapes.is_empty(), "{}", key.path);
            assert!(key.args.is_empty() || key.takes(Shape::Lambda), "{}", key.path);
            let parent = key.parent();
            assert!(parent.is_empty() || keys().any(|other| other.path == parent), "no row for {parent}");
        }
        assert!(FIELD_KEYS.is_sorted_by(|a, b| a.name < b.name));
        assert!(CONTROL_TYPES.is_sorted_by(|a, b| a.name < b.name));
        let old = keys().filter(|key| key.standing == Standing::Old).map(Key::name);
        let fields = FIELD_KEYS.iter().filter(|key| key.standing == Standing::Old).map(|key| key.name);
        for name in old.chain(fields) {
            assert!(OLD.iter().any(|(known, _)| *known == name), "{name} has no row in OLD");
        }
        assert!(CONVERTERS.is_sorted_by(|a, b| a.name < b.name));
    }

    #[test]
    fn paths_find_their_rows() {
        for (path, expected) in [
            (&["title"][..], Some("title")),
            (&["actions", "get_user"], Some("actions.*")),
            (&["actions", "get_user", "execute"], Some("actions.*.execute")),
            (
                &["connection", "authorization", "options", "token", "apply"],
                Some("connection.authorization.options.*.apply"),
            ),
            (&["actions", "get_user", "exeute"], None),
            (&["nope"], None),
        ] {
            assert_eq!(key(path).map(|key| key.path), expected, "{path:?}");
        }
        assert!(has_free_keys(&["actions"]) && has_free_keys(&["methods"]));
        assert!(!has_free_keys(&["connection"]) && !has_free_keys(&[]));
        let names: Vec<_> = children(&["object_definitions", "user"]).map(Key::name).collect();
        assert_eq!(names, ["fields", "preview"]);
    }
}
