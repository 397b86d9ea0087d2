//! What only connrun understands: a connector that has to run elsewhere, too, does without. Told on request.

use super::Report;
use super::connector::{literal, pairs};
use super::part::Part;
use crate::syntax::ast::{Arg, Expr, ExprKind, Pair};
use crate::syntax::walk::{self, Visitor};
use crate::vocabulary::{self, Shape, Standing};

/// Values that connrun takes beyond what the reference takes: where, of which shape, and what to write instead.
const VALUES: &[(&str, Shape, &str)] = &[
    ("actions.*.config_fields", Shape::Lambda, "write the fields as an array"),
    ("actions.*.input_fields", Shape::Array, "write `-> { [ … ] }`"),
    ("actions.*.output_fields", Shape::Array, "write `-> { [ … ] }`"),
    ("actions.*.sample_output", Shape::Hash, "write `-> { { … } }`"),
    ("connection.base_uri", Shape::Text, "write `->(connection) { '…' }`"),
    ("connection.fields", Shape::Lambda, "write the fields as an array"),
    ("object_definitions.*.fields", Shape::Array, "write `-> { [ … ] }`"),
    ("pick_lists.*", Shape::Array, "write `-> { [ … ] }`"),
    ("triggers.*.config_fields", Shape::Lambda, "write the fields as an array"),
    ("triggers.*.input_fields", Shape::Array, "write `-> { [ … ] }`"),
    ("triggers.*.output_fields", Shape::Array, "write `-> { [ … ] }`"),
    ("triggers.*.sample_output", Shape::Hash, "write `-> { { … } }`"),
];

pub fn check(part: &Part, report: &mut Report) {
    for entry in &part.entries {
        let Some(key) = entry.key else { continue };
        if key.standing == Standing::Own {
            // Of a hash that is connrun's own the outermost key is enough.
            let parents = entry.path.get(..entry.path.len() - 1).unwrap_or_default();
            if vocabulary::key(parents).is_none_or(|parent| parent.standing != Standing::Own) {
                own(entry.name(), entry.key_span, report);
            }
            continue;
        }
        let shape = shape(entry.value);
        if let Some((.., instead)) = VALUES.iter().find(|(path, other, _)| *path == key.path && Some(*other) == shape) {
            let message = format!("only connrun takes {} under `{}`", shape.map_or("this", Shape::name), entry.name());
            report.warn("portable::value", entry.value.span, message, "not taken elsewhere", (*instead).into());
        }
    }
    super::fields::each(part, &mut |field| fields(part, field, report));
    let mut calls = Calls { report };
    part.walk(&mut calls);
}

fn own(name: &str, span: crate::text::Span, report: &mut Report) {
    let message = format!("only connrun reads the key `{name}`");
    report.warn(
        "portable::key",
        span,
        message,
        "ignored elsewhere",
        "do without it where the file has to run elsewhere".into(),
    );
}

fn fields(part: &Part, field: &[Pair], report: &mut Report) {
    for pair in field {
        let Pair::Entry { key, value, .. } = pair else { continue };
        let Some((name, span)) = literal(part.source, key) else { continue };
        let row = vocabulary::field_key(&name);
        if row.is_some_and(|row| row.standing == Standing::Own) {
            own(&name, span, report);
        }
        let converts = matches!(name.as_str(), "convert_input" | "convert_output" | "render_input" | "parse_output");
        if converts && shape(value) == Some(Shape::Lambda) {
            let message = format!("only connrun calls a lambda under `{name}`");
            let help = "put the lambda into `methods` and write its name".to_owned();
            report.warn("portable::value", value.span, message, "ignored elsewhere", help);
        }
    }
}

fn shape(value: &Expr) -> Option<Shape> {
    if super::connector::lambda(value).is_some() {
        return Some(Shape::Lambda);
    }
    match value.kind {
        ExprKind::Array(_) => Some(Shape::Array),
        ExprKind::Str(_) => Some(Shape::Text),
        _ => pairs(value).map(|_| Shape::Hash),
    }
}

/// Calls that the reference fails at.
struct Calls<'a, 'r> {
    report: &'a mut Report<'r>,
}

impl Visitor for Calls<'_, '_> {
    fn expr(&mut self, expr: &Expr) {
        if let ExprKind::Call(call) = &expr.kind {
            let name = call.name.as_str();
            if name == "after_error_response" {
                for arg in &call.args {
                    let Arg::Value(value) = arg else { continue };
                    if matches!(value.kind, ExprKind::Array(_) | ExprKind::Range { .. }) {
                        let message = "only connrun matches a list or a range here".to_owned();
                        let help = "write the codes one by one, or put `*` before the list".to_owned();
                        self.report.warn("portable::value", value.span, message, "never matches elsewhere", help);
                    }
                }
            } else if name == "request_format_raw" && call.receiver.is_some() {
                let message = "`request_format_raw` is documented, but the reference does not have it".to_owned();
                self.report.warn(
                    "portable::method",
                    call.name_span,
                    message,
                    "fails elsewhere",
                    "use `request_body`".into(),
                );
            }
        }
        walk::walk_expr(self, expr);
    }
}
