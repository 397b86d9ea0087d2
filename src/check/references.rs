//! Names that nothing defines, calls with the wrong number of arguments, object definitions that need each other.

use super::connector::{Connector, Entry, Mention, MentionKind, Section, lambda, parameter_count};
use super::{Report, edits, meant};
use crate::syntax::ast::ParamKind;
use crate::text::nearest;

pub fn check(connector: &Connector, report: &mut Report) {
    for mention in connector.mentions() {
        match connector.definition(mention.section, mention.name) {
            Some(entry) => arguments(&mention, entry, report),
            None => undefined(connector, &mention, report),
        }
    }
    cycles(connector, report);
}

fn undefined(connector: &Connector, mention: &Mention, report: &mut Report) {
    let section = mention.section;
    if connector.is_open(section) {
        return;
    }
    let names: Vec<&str> = connector.defined(section).map(Entry::name).collect();
    let near = nearest(mention.name, names.iter().copied());
    let message = format!("there is no {} `{}`", section.thing(), mention.name);
    let code = match section {
        Section::Methods => "check::undefined-method",
        Section::PickLists => "check::undefined-pick-list",
        Section::ObjectDefinitions => "check::undefined-object-definition",
    };
    let help = meant(near, &format!("define it in `{}`", section.key()));
    let finding = report.warn(code, mention.span, message, "not defined", help);
    finding.perhaps(mention.span, near);
    let title = format!("define the {} `{}`", section.thing(), mention.name);
    finding.choices.extend(edits::define(connector, section.key(), title, &definition(mention)));
}

/// A definition of what is mentioned, to be filled in.
fn definition(mention: &Mention) -> String {
    let plain = mention.name.chars().all(|c| c.is_alphanumeric() || c == '_');
    let key = if plain { format!("{}:", mention.name) } else { format!("'{}' =>", mention.name) };
    match &mention.kind {
        MentionKind::Call { arguments, .. } => {
            let names: Vec<String> = (1..=arguments.unwrap_or(0)).map(|at| format!("argument{at}")).collect();
            let params = if names.is_empty() { String::new() } else { format!(" |{}|", names.join(", ")) };
            format!("{key} lambda do{params}\nend")
        }
        MentionKind::PickList => format!("{key} lambda do\n  [['Label', 'value']]\nend"),
        MentionKind::Definition => format!("{key} {{\n  fields: lambda do\n    []\n  end\n}}"),
    }
}

fn arguments(mention: &Mention, entry: &Entry, report: &mut Report) {
    let MentionKind::Call { arguments: Some(given), .. } = mention.kind else { return };
    let Some(block) = lambda(entry.value) else { return };
    let (least, most) = parameter_count(block);
    let keywords = block.params.items.iter().any(|param| {
        matches!(param.kind, ParamKind::Keyword(_) | ParamKind::KeywordOptional(..) | ParamKind::KeywordRest(_))
    });
    if keywords || least <= given && most.is_none_or(|most| given <= most) {
        return;
    }
    let wanted = match most {
        Some(most) if most == least => least.to_string(),
        Some(most) => format!("{least} to {most}"),
        None => format!("at least {least}"),
    };
    let message = format!("the method `{}` takes {wanted} arguments, and is given {given}", mention.name);
    let names: Vec<String> = block.params.items.iter().filter_map(|param| name_of(&param.kind)).collect();
    report.warn(
        "check::call-arity",
        mention.span,
        message,
        "called here",
        format!("its parameters are `|{}|`", names.join(", ")),
    );
}

fn name_of(kind: &ParamKind) -> Option<String> {
    match kind {
        ParamKind::Required(name) | ParamKind::Optional(name, _) => Some(name.to_string()),
        ParamKind::Rest(Some(name)) => Some(format!("*{name}")),
        _ => None,
    }
}

/// Object definitions that need themselves, over however many others.
fn cycles(connector: &Connector, report: &mut Report) {
    let entries: Vec<&Entry> = connector.defined(Section::ObjectDefinitions).collect();
    let mentions: Vec<Mention> =
        connector.mentions().filter(|mention| mention.section == Section::ObjectDefinitions).collect();
    let needs = |entry: &Entry| -> Vec<usize> {
        let inside =
            mentions.iter().filter(|mention| entry.span.lo <= mention.span.lo && mention.span.hi <= entry.span.hi);
        inside.filter_map(|mention| entries.iter().position(|entry| entry.name() == mention.name)).collect()
    };
    let graph: Vec<Vec<usize>> = entries.iter().map(|entry| needs(entry)).collect();
    let mut told = vec![false; entries.len()];
    for start in 0..entries.len() {
        let Some(cycle) = cycle_from(&graph, start).filter(|cycle| !cycle.iter().any(|at| told[*at])) else { continue };
        for at in &cycle {
            told[*at] = true;
        }
        let entry = entries[start];
        let names = cycle.iter().chain([&start]).map(|at| format!("`{}`", entries[*at].name()));
        let way = names.collect::<Vec<_>>().join(" → ");
        let message = format!("the object definition `{}` needs itself: {way}", entry.name());
        report.warn(
            "check::cyclic-definition",
            entry.key_span,
            message,
            "needs itself",
            "write out the fields at one of these places".into(),
        );
    }
}

/// A way through the graph from `start` back to it.
fn cycle_from(graph: &[Vec<usize>], start: usize) -> Option<Vec<usize>> {
    let mut before: Vec<Option<usize>> = vec![None; graph.len()];
    let mut pending = vec![start];
    while let Some(at) = pending.pop() {
        for next in graph.get(at)? {
            if *next == start {
                let mut way = vec![at];
                let mut here = at;
                while here != start {
                    here = before[here]?;
                    way.push(here);
                }
                way.reverse();
                return Some(way);
            }
            if before[*next].is_none() {
                before[*next] = Some(at);
                pending.push(*next);
            }
        }
    }
    None
}
