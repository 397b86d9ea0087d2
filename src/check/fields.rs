//! Schema fields: control types, types, keys that are nearly right.

use super::connector::{Connector, literal};
use super::{Report, meant};
use crate::syntax::ast::{Expr, ExprKind, Pair};
use crate::syntax::walk::{self, Visitor};
use crate::text::{Source, Span, nearest};
use crate::vocabulary::{self, CONTROL_TYPES, FIELD_KEYS, FIELD_TYPES};

pub fn check(connector: &Connector, report: &mut Report) {
    let mut visitor = Fields { source: connector.source, report };
    connector.file.statements.iter().for_each(|statement| visitor.expr(statement));
}

struct Fields<'a, 'r> {
    source: &'a Source,
    report: &'a mut Report<'r>,
}

impl Visitor for Fields<'_, '_> {
    fn expr(&mut self, expr: &Expr) {
        if let ExprKind::Hash(pairs) = &expr.kind {
            self.hash(pairs);
        }
        walk::walk_expr(self, expr);
    }
}

/// Types that are not in the table, but are understood.
const OTHER_TYPES: [&str; 8] = ["boolean", "string", "form", "object", "array", "timestamp", "float", "hash"];

impl Fields<'_, '_> {
    /// A hash with a name and a control type, or with a name and a label, describes a field.
    fn hash(&mut self, pairs: &[Pair]) {
        let entries: Vec<(String, Span, &Expr)> = pairs
            .iter()
            .filter_map(|pair| match pair {
                Pair::Entry { key, value, .. } => literal(self.source, key).map(|(name, span)| (name, span, value)),
                Pair::Splat(_) => None,
            })
            .collect();
        let has = |wanted: &str| entries.iter().any(|(name, ..)| name == wanted);
        if !(has("name") && (has("control_type") || has("label") && (has("type") || has("optional")))) {
            return;
        }
        for (name, span, value) in &entries {
            match name.as_str() {
                "control_type" => self.control_type(value),
                "type" => self.field_type(value),
                _ => self.key(name, *span),
            }
        }
        self.choices(&entries);
    }

    fn control_type(&mut self, value: &Expr) {
        let Some((name, span)) = literal(self.source, value) else { return };
        if vocabulary::control_type(&name).is_some() {
            return;
        }
        let near = nearest(&name, CONTROL_TYPES.iter().map(|known| known.name));
        let message = format!("there is no control type `{name}`");
        let help = meant(near, "the field is shown as text; `connrun explain control_type` lists what there is");
        self.report.warn("check::control-type", span, message, "unknown", help);
        self.report.offer(span, near);
    }

    fn field_type(&mut self, value: &Expr) {
        let Some((name, span)) = literal(self.source, value) else { return };
        if vocabulary::field_type(&name).is_some() || OTHER_TYPES.contains(&name.as_str()) {
            return;
        }
        let Some(near) = nearest(&name, FIELD_TYPES.iter().map(|known| known.name)) else { return };
        let message = format!("there is no type `{name}`: the field counts as a string");
        self.report.warn("check::field-type", span, message, "unknown", meant(Some(near), ""));
        self.report.offer(span, Some(near));
    }

    /// Fields carry keys of their authors' own, so only misspellings are told.
    fn key(&mut self, name: &str, span: Span) {
        if vocabulary::field_key(name).is_some() || name.len() < 4 || name.contains(char::is_uppercase) {
            return;
        }
        let close = |known: &&str| {
            known.len().abs_diff(name.len()) <= 1 && known.starts_with(name.get(..1).unwrap_or_default())
        };
        let Some(near) = nearest(name, FIELD_KEYS.iter().map(|known| known.name).filter(close)) else { return };
        self.report.warn(
            "check::unknown-field-key",
            span,
            format!("nothing reads the key `{name}` of a field"),
            "unknown key",
            meant(Some(near), ""),
        );
        self.report.offer(span, Some(near));
    }

    fn choices(&mut self, entries: &[(String, Span, &Expr)]) {
        let control = entries.iter().find(|(name, ..)| name == "control_type");
        let Some((name, span)) = control.and_then(|(.., value)| literal(self.source, value)) else { return };
        let needs = vocabulary::control_type(&name).is_some_and(|control| control.needs_pick_list);
        let has = entries
            .iter()
            .any(|(name, ..)| matches!(name.as_str(), "pick_list" | "options" | "picklist" | "tree_options"));
        if needs && !has {
            let message = format!("a field with the control type `{name}` needs a `pick_list`");
            self.report.hint("check::no-pick-list", span, message, "no choices", "add `pick_list: 'name'`".into());
        }
    }
}
