//! Older names of keys that have newer ones.

use super::Report;
use super::connector::{Entry, literal};
use super::part::Part;
use crate::diagnostic::Fix;
use crate::syntax::ast::Pair;
use crate::text::{Source, Span};
use crate::vocabulary::{self, Standing, successor};

pub fn check(part: &Part, report: &mut Report) {
    for entry in &part.entries {
        let Some(key) = entry.key.filter(|key| key.standing == Standing::Old) else { continue };
        let taken = |new: &str| siblings(part, entry).any(|other| other.name() == new);
        tell(part.source, entry.name(), entry.key_span, key.doc, &taken, report);
    }
    super::fields::each(part, &mut |field| {
        for pair in field {
            let Pair::Entry { key, .. } = pair else { continue };
            let Some((name, span)) = literal(part.source, key) else { continue };
            let Some(row) = vocabulary::field_key(&name).filter(|row| row.standing == Standing::Old) else { continue };
            let taken = |new: &str| super::connector::value_of(field, new).is_some();
            tell(part.source, &name, span, row.doc, &taken, report);
        }
    });
}

fn siblings<'s, 'p, 'a>(part: &'s Part<'p, 'a>, entry: &'s Entry<'a>) -> impl Iterator<Item = &'p Entry<'a>> + 's {
    let parent = entry.path.get(..entry.path.len().saturating_sub(1)).unwrap_or_default();
    part.entries
        .iter()
        .copied()
        .filter(move |other| other.path.len() == entry.path.len() && other.path.starts_with(parent))
}

fn tell(source: &Source, name: &str, span: Span, doc: &str, taken: &dyn Fn(&str) -> bool, report: &mut Report) {
    let now = successor(name);
    let help = now.map_or_else(|| doc.to_owned(), |now| format!("write `{now}`"));
    let message = match now {
        Some(now) => format!("`{name}` is the older name of `{now}`"),
        None => format!("`{name}` does not belong here any more"),
    };
    let finding = report.hint("check::deprecated", span, message, "older name", help);
    // What is written `'hint' =>` keeps its quotes: the span is that of the name.
    if let Some(now) = now.filter(|now| !taken(now) && source.slice(span) == name) {
        finding.fix = Some(Fix::one(format!("write `{now}`"), span, now));
    }
}
