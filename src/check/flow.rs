//! The steps of `connection.flow`: each has one kind, and keys that `connrun connect` knows.

use super::connector::{literal, pairs};
use super::part::Part;
use super::{Report, meant};
use crate::syntax::ast::{Arg, Expr, ExprKind, Pair};
use crate::text::nearest;
use crate::vocabulary::{FLOW_KEYS, FLOW_KINDS};

pub fn check(part: &Part, report: &mut Report) {
    for flow in part.under(&["connection"]).filter(|entry| entry.name() == "flow") {
        let ExprKind::Array(items) = &flow.value.kind else { continue };
        for item in items {
            let Arg::Value(item) = item else { continue };
            if let Some(pairs) = pairs(item) {
                step(part, item, pairs, report);
            }
        }
    }
}

fn step(part: &Part, item: &Expr, pairs: &[Pair], report: &mut Report) {
    if pairs.iter().any(|pair| !matches!(pair, Pair::Entry { .. })) {
        return;
    }
    let keys = pairs.iter().filter_map(|pair| match pair {
        Pair::Entry { key, .. } => literal(part.source, key),
        Pair::Splat(_) => None,
    });
    let keys: Vec<_> = keys.collect();
    let known = || FLOW_KINDS.iter().chain(FLOW_KEYS).copied();
    let mut unknown = false;
    for (name, span) in keys.iter().filter(|(name, _)| !known().any(|known| known == name)) {
        unknown = true;
        let near = nearest(name, known());
        let message = format!("a step of `flow` has no key `{name}`");
        let all = format!("it has one of {}, besides {}", FLOW_KINDS.join(", "), FLOW_KEYS.join(", "));
        report.warn("check::unknown-key", *span, message, "nothing reads it", meant(near, &all)).perhaps(*span, near);
    }
    let kinds = keys.iter().filter(|(name, _)| FLOW_KINDS.contains(&name.as_str())).count();
    if kinds != 1 && !unknown {
        let message = format!("a step of `flow` is one of {}, and this is {kinds} of them", FLOW_KINDS.join(", "));
        let help = "for instance `{ redirect: 'https://…', returns: ['code'] }`".to_owned();
        report.warn("check::missing-key", item.span, message, "this step", help);
    }
}
