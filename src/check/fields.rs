//! Schema fields: control types, types, keys that are nearly right.

use super::connector::{literal, value_of};
use super::part::Part;
use super::{Report, meant};
use crate::syntax::ast::{Expr, ExprKind, Pair};
use crate::syntax::walk::{self, Visitor};
use crate::text::{Source, Span, nearest};
use crate::vocabulary::{self, CONTROL_TYPES, FIELD_KEYS, FIELD_TYPES};

pub fn check(part: &Part, report: &mut Report) {
    each(part, &mut |pairs| Field { source: part.source, report }.check(pairs));
}

/// Calls `look` with the entries of each hash that describes a field.
pub fn each(part: &Part, look: &mut dyn FnMut(&[Pair])) {
    struct Fields<'a> {
        look: &'a mut dyn FnMut(&[Pair]),
    }
    impl Visitor for Fields<'_> {
        fn expr(&mut self, expr: &Expr) {
            if let ExprKind::Hash(pairs) = &expr.kind
                && is_field(pairs)
            {
                (self.look)(pairs);
            }
            walk::walk_expr(self, expr);
        }
    }
    part.hashes.iter().filter(|pairs| is_field(pairs)).for_each(|pairs| look(pairs));
    part.walk(&mut Fields { look });
}

/// A hash with a name and a control type, or with a name and a label, describes a field.
fn is_field(pairs: &[Pair]) -> bool {
    let has = |wanted: &str| value_of(pairs, wanted).is_some();
    has("name") && (has("control_type") || has("label") && (has("type") || has("optional")))
}

/// Looks at one field.
struct Field<'a, 'r, 's> {
    source: &'a Source,
    report: &'r mut Report<'s>,
}

/// Types that are not in the table, but are understood.
const OTHER_TYPES: [&str; 8] = ["boolean", "string", "form", "object", "array", "timestamp", "float", "hash"];

impl Field<'_, '_, '_> {
    fn check(&mut self, pairs: &[Pair]) {
        for pair in pairs {
            let Pair::Entry { key, value, .. } = pair else { continue };
            let Some((name, span)) = literal(self.source, key) else { continue };
            match name.as_str() {
                "control_type" => self.control_type(value),
                "type" => self.field_type(value),
                _ => self.key(&name, span, pairs),
            }
        }
        self.choices(pairs);
    }

    fn control_type(&mut self, value: &Expr) {
        let Some((name, span)) = literal(self.source, value) else { return };
        if vocabulary::control_type(&name).is_some() {
            return;
        }
        let near = nearest(&name, CONTROL_TYPES.iter().map(|known| known.name));
        let message = format!("there is no control type `{name}`");
        let help = meant(near, "the field is shown as text; `connrun explain control_type` lists what there is");
        self.report.warn("check::control-type", span, message, "unknown", help).surely(span, near);
    }

    fn field_type(&mut self, value: &Expr) {
        let Some((name, span)) = literal(self.source, value) else { return };
        if vocabulary::field_type(&name).is_some() || OTHER_TYPES.contains(&name.as_str()) {
            return;
        }
        let Some(near) = nearest(&name, FIELD_TYPES.iter().map(|known| known.name)) else { return };
        let message = format!("there is no type `{name}`: the field counts as a string");
        let finding = self.report.warn("check::field-type", span, message, "unknown", meant(Some(near), ""));
        finding.perhaps(span, Some(near));
    }

    /// Fields carry keys of their authors' own, so only misspellings are told: a near key that the field has already is
    /// not what was meant.
    fn key(&mut self, name: &str, span: Span, pairs: &[Pair]) {
        if vocabulary::field_key(name).is_some() || name.len() < 4 || name.contains(char::is_uppercase) {
            return;
        }
        let close = |known: &&str| {
            known.len().abs_diff(name.len()) <= 1
                && known.starts_with(name.get(..1).unwrap_or_default())
                && value_of(pairs, known).is_none()
        };
        let Some(near) = nearest(name, FIELD_KEYS.iter().map(|known| known.name).filter(close)) else { return };
        let message = format!("nothing reads the key `{name}` of a field");
        let help = meant(Some(near), "");
        self.report.warn("check::unknown-field-key", span, message, "unknown key", help).perhaps(span, Some(near));
    }

    fn choices(&mut self, pairs: &[Pair]) {
        let control = value_of(pairs, "control_type");
        let Some((name, span)) = control.and_then(|(_, value)| literal(self.source, value)) else { return };
        let needs = vocabulary::control_type(&name).is_some_and(|control| control.needs_pick_list);
        let has = ["pick_list", "options", "picklist", "tree_options"].iter().any(|key| value_of(pairs, key).is_some());
        if needs && !has && !pairs.iter().any(|pair| matches!(pair, Pair::Splat(_))) {
            let message = format!("a field with the control type `{name}` needs a `pick_list`");
            self.report.hint("check::no-pick-list", span, message, "no choices", "add `pick_list: 'name'`".into());
        }
    }
}
