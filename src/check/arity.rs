//! Lambdas that ask for more than they are given, or for the right things in the wrong order.

use super::Report;
use super::connector::{Entry, lambda, parameter_count};
use super::part::Part;
use crate::syntax::ast::{Block, ParamKind};

pub fn check(part: &Part, report: &mut Report) {
    for entry in &part.entries {
        let Some((key, block)) = entry.key.zip(lambda(entry.value)) else { continue };
        if key.args.is_empty() || key.args.iter().any(|arg| arg.starts_with('*')) {
            continue;
        }
        count(entry, key.args, block, report);
        order(entry, key.args, block, report);
    }
}

fn count(entry: &Entry, args: &[&str], block: &Block, report: &mut Report) {
    let (least, _) = parameter_count(block);
    if least <= args.len() {
        return;
    }
    let given = args.join(", ");
    let message = format!("`{}` takes {least} parameters, but is given {}: {given}", entry.name(), args.len());
    report.warn("check::lambda-arity", block.params.span, message, "too many", format!("write `|{given}|`, or fewer"));
}

/// A parameter bears the name of something that is handed over at another place.
fn order(entry: &Entry, args: &[&str], block: &Block, report: &mut Report) {
    for (at, param) in block.params.items.iter().enumerate() {
        let ParamKind::Required(name) = param.kind else { return };
        let Some(real) = args.iter().position(|arg| *arg == name.as_str()) else { continue };
        if real == at {
            continue;
        }
        let got = args.get(at).copied().unwrap_or("nothing");
        let message = format!("parameter {} of `{}` is called `{name}`, but is given `{got}`", at + 1, entry.name());
        let help = format!("the order is `|{}|`", args.join(", "));
        report.warn("check::parameter-order", param.span, message, "gets something else", help);
        return;
    }
}
