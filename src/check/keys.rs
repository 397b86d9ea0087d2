//! Keys that nothing reads, keys that are missing, values of the wrong shape.

use super::connector::{Entry, lambda, value_of};
use super::part::Part;
use super::{Report, edits, meant};
use crate::syntax::ast::{Expr, ExprKind, Pair};
use crate::text::nearest;
use crate::vocabulary::{self, Key, Shape};

pub fn check(part: &Part, report: &mut Report) {
    for entry in &part.entries {
        match entry.key {
            None => unknown(part, entry, report),
            Some(key) => shape(entry, key, report),
        }
    }
    for action in part.under(&["actions"]) {
        require(part, action, &["execute"], "an action", report);
    }
    for trigger in part.under(&["triggers"]) {
        require(part, trigger, &["poll", "webhook_notification"], "a trigger", report);
        require(part, trigger, &["dedup", "document_id"], "a trigger", report);
    }
}

fn unknown(part: &Part, entry: &Entry, report: &mut Report) {
    let (name, parents) = (entry.name(), entry.path.get(..entry.path.len() - 1).unwrap_or_default());
    let near = nearest(name, vocabulary::children(parents).map(Key::name).filter(|name| *name != "*"));
    let place = match parents {
        [] => "at the top of a connector".to_owned(),
        [only] => format!("in `{only}`"),
        [.., section, name] => format!("in `{name}` of `{section}`"),
    };
    let message = format!("nothing reads the key `{name}` {place}");
    let help = meant(near, "remove it, or move it to where it belongs");
    let finding = report.warn("check::unknown-key", entry.key_span, message, "unknown key", help);
    finding.perhaps(entry.key_span, near);
    finding.choices.push(edits::remove(part.source, entry.span, format!("remove `{name}`")));
}

/// The hash lacks all of `names`; the first one is what is proposed.
fn require(part: &Part, entry: &Entry, names: &[&str], what: &str, report: &mut Report) {
    let ExprKind::Hash(pairs) = &entry.value.kind else { return };
    let open = pairs.iter().any(|pair| matches!(pair, Pair::Splat(_)));
    let has = |name: &str| value_of(pairs, name).is_some();
    if open || names.iter().any(|name| has(name)) {
        return;
    }
    let wanted = names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" or ");
    let message = format!("`{}` has no {wanted}", entry.name());
    let section = entry.path.first().copied().unwrap_or_default();
    let example = names.first().and_then(|name| vocabulary::key(&[section, "x", name]));
    let help = match example {
        Some(key) => format!("{what} needs it: `{}`", key.example),
        None => format!("{what} needs it"),
    };
    let finding = report.warn("check::missing-key", entry.key_span, message, "incomplete", help);
    for name in names {
        let title = format!("add `{name}`");
        let skeleton = SKELETONS.iter().find(|(known, _)| known == name);
        let fix = skeleton.and_then(|(_, text)| edits::add(part.source, entry.value, pairs, title, text));
        finding.choices.extend(fix);
    }
}

/// What is put in for a key that is missing.
const SKELETONS: [(&str, &str); 5] = [
    ("dedup", "dedup: lambda do |event|\n  event['id']\nend"),
    ("document_id", "document_id: lambda do |event|\n  event['id']\nend"),
    ("execute", "execute: lambda do |connection, input|\n  {}\nend"),
    (
        "poll",
        "poll: lambda do |connection, input, closure|\n  { events: [], next_poll: closure, can_poll_more: false }\nend",
    ),
    ("webhook_notification", "webhook_notification: lambda do |input, payload|\n  payload\nend"),
];

/// The value is a literal of a shape that the key does not take.
fn shape(entry: &Entry, key: &Key, report: &mut Report) {
    let Some((shapes, written)) = written(entry.value) else { return };
    if shapes.iter().any(|shape| key.takes(*shape)) {
        return;
    }
    let wanted = key.shapes.iter().map(Shape::to_string).collect::<Vec<_>>().join(" or ");
    let message = format!("`{}` takes {wanted}, and this is {written}", entry.name());
    let help = if key.example.is_empty() { String::new() } else { format!("for instance `{}`", key.example) };
    report.warn("check::wrong-value", entry.value.span, message, "of another kind", help);
}

/// The shapes that a literal may stand for, and what to call it. `nil` and what is computed may be anything.
fn written(value: &Expr) -> Option<(&'static [Shape], &'static str)> {
    if lambda(value).is_some() {
        return Some((&[Shape::Lambda], "a lambda"));
    }
    Some(match value.kind {
        ExprKind::Hash(_) => (&[Shape::Hash], "a hash"),
        ExprKind::Array(_) => (&[Shape::Array, Shape::Fields], "an array"),
        ExprKind::Str(_) => (&[Shape::Text, Shape::Word], "a string"),
        ExprKind::Symbol(_) => (&[Shape::Word, Shape::Text], "a symbol"),
        ExprKind::Int(_) => (&[Shape::Integer, Shape::Number], "a number"),
        ExprKind::Float(_) => (&[Shape::Number], "a number"),
        ExprKind::True | ExprKind::False => (&[Shape::Boolean], "true or false"),
        _ => return None,
    })
}
