//! `connrun explain`: the documentation of a method, a key or a message's code, in the terminal.

use super::args::Explain;
use super::failure::Failure;
use super::out::say;
use crate::methods::{reference, refused_constant, refused_function, refused_name, tables};
use crate::vocabulary;

pub fn run(options: &Explain) -> Result<u8, Failure> {
    match options.name.as_deref().filter(|_| !options.all) {
        Some(name) => say(&text(name)?)?,
        None => say(&reference::markdown())?,
    }
    Ok(0)
}

/// What is known of a code, a key or a method: `missing-comma`, `actions.*.execute`, `control_type`, `pluck`, `Array#pluck`, `Time.now`, `workato.csv.parse`.
pub fn text(asked: &str) -> Result<String, Failure> {
    let asked = asked.trim().trim_end_matches("()");
    if let Some(row) = crate::diagnostic::code(asked) {
        let example = row.example.replace('\n', "\n  ");
        return Ok(format!("{}\n  {}\n\n  {example}\n", row.code, row.doc));
    }
    if let Some(row) = crate::diagnostic::trouble(asked) {
        return Ok(format!("{}\n  {}\n  {}\n", row.code, row.doc, row.cure));
    }
    if let Some(reason) = refused_name(asked).filter(|_| asked.contains('.')) {
        return Err(refused(asked, reason));
    }
    let (receiver, name) = match asked.rsplit_once(['.', '#']) {
        Some((receiver, name)) if !name.is_empty() => (Some(receiver), name),
        _ => (None, asked),
    };
    let mut found = reference::lookup(name);
    if let Some(receiver) = receiver {
        let narrower: Vec<_> =
            found.iter().copied().filter(|(table, _)| reference::belongs(table.receiver, receiver)).collect();
        if !narrower.is_empty() {
            found = narrower;
        }
    }
    let mut texts = keys(asked);
    // A dotted path of keys is no method of anything.
    if texts.is_empty() || receiver.is_none() {
        texts.extend(found.into_iter().map(|(table, row)| reference::describe(table, row)));
    }
    if texts.is_empty() { Err(unknown(asked, name)) } else { Ok(texts.join("\n")) }
}

/// What is known of keys of that name or path, and of words that stand under keys.
fn keys(asked: &str) -> Vec<String> {
    let path: Vec<&str> = asked.split('.').collect();
    let of_path = |key: &&vocabulary::Key| {
        key.path == asked || path.len() > 1 && vocabulary::key(&path).is_some_and(|row| row.path == key.path)
    };
    let mut found: Vec<&vocabulary::Key> = vocabulary::keys().filter(of_path).collect();
    if found.is_empty() {
        found = vocabulary::keys().filter(|key| key.name() == asked).collect();
    }
    let mut texts: Vec<String> = found.into_iter().map(key).collect();
    texts.extend(vocabulary::field_key(asked).map(|row| {
        let takes: Vec<_> = row.shapes.iter().map(|shape| shape.name()).collect();
        let words = words(asked).map(|words| format!("  one of: {words}\n")).unwrap_or_default();
        format!("{asked} (of a field)\n  {}\n  takes {}\n{words}", row.doc, takes.join(" or "))
    }));
    texts.extend(vocabulary::control_type(asked).map(|row| format!("{asked} (a control type)\n  {}\n", row.doc)));
    texts.extend(vocabulary::field_type(asked).map(|row| format!("{asked} (a type of fields)\n  {}\n", row.doc)));
    let converter = vocabulary::CONVERTERS.iter().find(|row| row.name == asked);
    texts.extend(converter.map(|row| format!("{asked} (a converter)\n  {}\n", row.doc)));
    texts
}

/// The words that a key of a field takes.
fn words(key: &str) -> Option<String> {
    let names: Vec<&str> = match key {
        "control_type" => vocabulary::CONTROL_TYPES.iter().map(|row| row.name).collect(),
        "type" | "of" => vocabulary::FIELD_TYPES.iter().map(|row| row.name).collect(),
        "convert_input" | "convert_output" => vocabulary::CONVERTERS.iter().map(|row| row.name).collect(),
        _ => return None,
    };
    Some(names.join(", "))
}

fn key(key: &vocabulary::Key) -> String {
    let takes: Vec<_> = key.shapes.iter().map(|shape| shape.name()).collect();
    let mut out = format!("{}\n  {}\n  takes {}", key.path, key.doc, takes.join(" or "));
    if !key.args.is_empty() {
        out += &format!("; a lambda is given |{}|", key.args.join(", "));
    }
    if !key.returns.is_empty() {
        out += &format!("\n  gives {}", key.returns);
    }
    if !key.example.is_empty() {
        out += &format!("\n\n  {}", key.example);
    }
    out + "\n"
}

fn unknown(asked: &str, name: &str) -> Failure {
    let reason = refused_function(name).or_else(|| refused_constant(asked)).or_else(|| refused_name(name));
    if let Some(reason) = reason {
        return refused(asked, reason);
    }
    let of_class = reference::of(asked);
    let names = || tables().flat_map(|table| table.rows).flat_map(|row| row.names.split(' '));
    let keys = || vocabulary::keys().map(vocabulary::Key::name).filter(|name| *name != "*");
    let help = match crate::text::nearest(name, names().chain(keys())) {
        _ if !of_class.is_empty() => format!("its methods: {}", of_class.join(", ")),
        Some(near) => format!("did you mean `{near}`?"),
        None => "`connrun explain --all` lists every method; a method of your own connector has no entry".to_owned(),
    };
    Failure::usage("usage::no-method", format!("there is no method, key or code `{asked}`")).help(help)
}

fn refused(asked: &str, reason: &str) -> Failure {
    Failure::usage("usage::no-method", format!("`{asked}` is not for connectors")).help(reason)
}
