//! `connrun explain`: the documentation of a method or of a message's code, in the terminal.

use super::args::Explain;
use super::failure::Failure;
use super::out::say;
use crate::methods::{reference, tables};

pub fn run(options: &Explain) -> Result<u8, Failure> {
    let Some(name) = options.name.as_deref().filter(|_| !options.all) else {
        say(&reference::markdown())?;
        return Ok(0);
    };
    if let Some(row) = crate::diagnostic::code(name) {
        let example = row.example.replace('\n', "\n  ");
        say(&format!("{}\n  {}\n\n  {example}\n", row.code, row.doc))?;
        return Ok(0);
    }
    let name = name.rsplit(['.', '#']).next().unwrap_or(name);
    let found = reference::lookup(name);
    if found.is_empty() {
        let names = tables().flat_map(|table| table.rows).flat_map(|row| row.names.split(' '));
        let help = match crate::text::nearest(name, names) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`connrun explain --all` lists every method".to_owned(),
        };
        return Err(Failure::usage("usage::no-method", format!("there is no method `{name}`")).help(help));
    }
    let texts: Vec<_> = found.into_iter().map(|(table, row)| reference::describe(table, row)).collect();
    say(&texts.join("\n"))?;
    Ok(0)
}
