//! `connrun explain`: the documentation of a method or of a message's code, in the terminal.

use super::args::Explain;
use super::failure::Failure;
use super::out::say;
use crate::methods::{reference, refused_constant, refused_function, tables};

pub fn run(options: &Explain) -> Result<u8, Failure> {
    match options.name.as_deref().filter(|_| !options.all) {
        Some(name) => say(&text(name)?)?,
        None => say(&reference::markdown())?,
    }
    Ok(0)
}

/// What is known of a method: `pluck`, `Array#pluck`, `Time.now`, `workato.csv.parse`.
pub fn text(asked: &str) -> Result<String, Failure> {
    let asked = asked.trim().trim_end_matches("()");
    if let Some(row) = crate::diagnostic::code(asked) {
        let example = row.example.replace('\n', "\n  ");
        return Ok(format!("{}\n  {}\n\n  {example}\n", row.code, row.doc));
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
    if found.is_empty() {
        return Err(unknown(asked, name));
    }
    let texts: Vec<_> = found.into_iter().map(|(table, row)| reference::describe(table, row)).collect();
    Ok(texts.join("\n"))
}

fn unknown(asked: &str, name: &str) -> Failure {
    if let Some(reason) = refused_function(name).or_else(|| refused_constant(asked)) {
        return Failure::usage("usage::no-method", format!("`{asked}` is not for connectors")).help(reason);
    }
    let of_class = reference::of(asked);
    let names = || tables().flat_map(|table| table.rows).flat_map(|row| row.names.split(' '));
    let help = match crate::text::nearest(name, names()) {
        _ if !of_class.is_empty() => format!("its methods: {}", of_class.join(", ")),
        Some(near) => format!("did you mean `{near}`?"),
        None => "`connrun explain --all` lists every method".to_owned(),
    };
    Failure::usage("usage::no-method", format!("there is no method `{asked}`")).help(help)
}
