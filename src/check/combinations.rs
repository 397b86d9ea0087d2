//! Keys of a field that do not go together.

use super::Report;
use super::connector::{literal, pairs as pairs_of, value_of};
use super::part::Part;
use crate::diagnostic::Fix;
use crate::syntax::ast::{Expr, ExprKind, Pair};
use crate::text::{Source, Span};
use crate::vocabulary::control_type;

const CODE: &str = "check::field-combination";

/// Signs that cannot be part of a name that formulas use.
const UNFIT: &str = "<>!@#$%^&*()+={}:;'\"`~,.?|";

pub fn check(part: &Part, report: &mut Report) {
    super::fields::each(part, &mut |pairs| {
        let field = Field { source: part.source, pairs };
        for rule in [optional, name, contents, choices, toggle] {
            rule(&field, report);
        }
    });
}

struct Field<'a> {
    source: &'a Source,
    pairs: &'a [Pair],
}

impl Field<'_> {
    fn value(&self, key: &str) -> Option<&Expr> {
        value_of(self.pairs, key).map(|(_, value)| value)
    }

    fn word(&self, key: &str) -> Option<(String, Span)> {
        literal(self.source, self.value(key)?)
    }

    fn key_span(&self, key: &str) -> Option<Span> {
        value_of(self.pairs, key).map(|(key, _)| key.span)
    }

    /// Everything that the field has is written out.
    fn is_whole(&self) -> bool {
        !self.pairs.iter().any(|pair| matches!(pair, Pair::Splat(_)))
    }
}

/// A text is never false.
fn optional(field: &Field, report: &mut Report) {
    for key in ["optional", "sticky", "extends_schema", "runtime_optional", "change_on_blur"] {
        let Some(value) = field.value(key) else { continue };
        if literal(field.source, value).is_some_and(|(text, _)| text == "false") {
            let message = format!("`{key}` is a text here, and every text counts as true");
            let help = format!("write `{key}: false`, without quotes");
            let finding = report.warn(CODE, value.span, message, "not false", help);
            finding.choices.push(Fix::one("write `false`", value.span, "false"));
        }
    }
}

fn name(field: &Field, report: &mut Report) {
    let Some((name, span)) = field.word("name") else { return };
    let Some(sign) = name.chars().find(|c| UNFIT.contains(*c)) else { return };
    let message = format!("the name `{name}` has a `{sign}`, which breaks references to the field");
    let help = "name it with letters, digits and `_`, and rename it in `execute`".to_owned();
    report.hint(CODE, span, message, "a sign too much", help);
}

/// What a list or an object consists of.
fn contents(field: &Field, report: &mut Report) {
    let Some((kind, _)) = field.word("type") else { return };
    if let Some((of, span)) = field.word("of") {
        if kind == "array" && of == "array" {
            let help = "wrap the inner list: `of: 'object'` with one field of type array".to_owned();
            report.warn(CODE, span, "a list of lists has no schema".into(), "ends nowhere", help);
        } else if kind != "array" {
            let message = format!("`of` belongs to lists, and this is a field of type `{kind}`");
            report.hint(CODE, span, message, "not read", "write `type: 'array'`, or remove `of`".into());
        }
    }
    let filled = |value: &Expr| !matches!(&value.kind, ExprKind::Array(items) if items.is_empty());
    let scalar =
        matches!(kind.as_str(), "string" | "integer" | "number" | "boolean" | "date" | "date_time" | "timestamp");
    if let Some(span) = field.value("properties").filter(|value| filled(value)).and(field.key_span("properties"))
        && scalar
    {
        let message = format!("`properties` belong to objects and lists, and this is a field of type `{kind}`");
        report.warn(CODE, span, message, "not read", "write `type: 'object'`, or `type: 'array', of: 'object'`".into());
    }
}

/// What goes with a choice.
fn choices(field: &Field, report: &mut Report) {
    if field.value("pick_list").is_none()
        && field.is_whole()
        && let Some(span) = field.key_span("pick_list_params")
    {
        report.hint(CODE, span, "there is no `pick_list` for these parameters".into(), "not read", String::new());
    }
    let Some((control, span)) = field.word("control_type") else { return };
    let Some(row) = control_type(&control) else { return };
    if let Some(key) = field.key_span("pick_list")
        && !row.needs_pick_list
        && !matches!(field.value("pick_list").map(|value| &value.kind), Some(ExprKind::Nil))
    {
        let message = format!("a field with the control type `{control}` shows no choices");
        let finding = report.hint(CODE, key, message, "not shown", "write `control_type: 'select'`".into());
        finding.choices.push(Fix::one("write `select`", span, "select"));
    }
    if row.name == "multiselect" && field.value("delimiter").is_none() && field.is_whole() {
        let help = "add `delimiter: ','`: it stands between the values".to_owned();
        report.hint(CODE, span, "a multiselect needs a `delimiter`".into(), "no delimiter", help);
    }
}

/// Another way to fill in a field: what the schema would refuse when it is made.
fn toggle(field: &Field, report: &mut Report) {
    let Some(value) = field.value("toggle_field") else { return };
    let Some(inner) = pairs_of(value) else { return };
    let span = field.key_span("toggle_field").unwrap_or(value.span);
    if field.value("toggle_hint").is_none() && field.is_whole() {
        let help = "add `toggle_hint: 'Select from list'`: what this way is called".to_owned();
        report.warn(CODE, span, "a field with a `toggle_field` needs a `toggle_hint`".into(), "no hint", help);
    }
    let inner = Field { source: field.source, pairs: inner };
    let missing: Vec<&str> = ["name", "type"].into_iter().filter(|key| inner.value(key).is_none()).collect();
    if !missing.is_empty() && inner.is_whole() {
        let wanted = missing.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(" and ");
        let help = format!("add {wanted}: the schema is refused without");
        report.warn(CODE, span, format!("this `toggle_field` has no {wanted}"), "incomplete", help);
    }
    let flag = |field: &Field| match field.value("optional").map(|value| &value.kind) {
        None => Some(None),
        Some(ExprKind::True) => Some(Some(true)),
        Some(ExprKind::False) => Some(Some(false)),
        _ => None,
    };
    let (Some(outer), Some(Some(true))) = (flag(field), flag(&inner)) else { return };
    let Some(value) = inner.value("optional") else { return };
    let help = "make `optional` the same in both, or leave it out in the `toggle_field`".to_owned();
    match outer {
        Some(true) => {}
        Some(false) => {
            report.warn(
                CODE,
                value.span,
                "the `toggle_field` is optional and its field is not".into(),
                "differs",
                help,
            );
        }
        // The same is meant, but the schema is refused all the same.
        None if field.is_whole() => {
            let message = "the `toggle_field` says that it is optional, and its field does not".to_owned();
            report.hint(CODE, value.span, message, "refused", help);
        }
        None => {}
    }
}
