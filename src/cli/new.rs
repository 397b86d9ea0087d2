//! `connrun new`: a folder with a connector that runs, to be changed into another one.

use super::failure::Failure;
use super::out::say;
use crate::scaffold::{File, TEMPLATES, Template, title_of};
use clap::Args;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

pub const EXAMPLES: &str = "\
Example:
  connrun new acme --template oauth2";

#[derive(Debug, Args)]
pub struct New {
    /// The folder; it may be there as long as none of the files is
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
    /// What kind of service it is for
    #[arg(long, short, value_parser = templates(), default_value = "token")]
    pub template: String,
    /// What the connector is called [default: as the folder]
    #[arg(long)]
    pub title: Option<String>,
}

fn templates() -> clap::builder::PossibleValuesParser {
    let values = TEMPLATES.iter().map(|template| clap::builder::PossibleValue::new(template.name).help(template.about));
    values.collect::<Vec<_>>().into()
}

pub fn run(options: &New) -> Result<u8, Failure> {
    let Some(template) = Template::named(&options.template) else {
        return Err(Failure::usage("usage::template", format!("there is no template `{}`", options.template)));
    };
    let folder = options.folder.as_path();
    let title = match &options.title {
        Some(title) => title.clone(),
        None => title_of(&name_of(folder)),
    };
    let files = template.files(&title);
    let is_new = !folder.exists();
    refuse_existing(folder, &files)?;
    std::fs::create_dir_all(folder).map_err(|error| unwritable(folder, &error))?;
    for file in &files {
        let path = folder.join(file.name);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(|error| unwritable(folder, &error))?;
        }
        let opened = std::fs::OpenOptions::new().write(true).create_new(true).open(&path);
        let written = opened.and_then(|mut opened| opened.write_all(file.text.as_bytes()));
        if let Err(error) = written {
            if is_new {
                // What was begun is of no use; what cannot be removed is not worth a second report.
                let _ = std::fs::remove_dir_all(folder);
            }
            return Err(unwritable(&path, &error));
        }
    }
    say(&told(folder, template, &files))?;
    Ok(0)
}

/// The name of a folder, also of `.`.
fn name_of(folder: &Path) -> String {
    let whole = std::path::absolute(folder).unwrap_or_else(|_| folder.to_path_buf());
    let mut parts = whole.components().filter_map(|part| match part {
        std::path::Component::Normal(name) => Some(name.to_string_lossy().into_owned()),
        _ => None,
    });
    parts.next_back().unwrap_or_default()
}

fn refuse_existing(folder: &Path, files: &[File]) -> Result<(), Failure> {
    if folder.exists() && !folder.is_dir() {
        let message = format!("{} is there already, and it is no folder", folder.display());
        return Err(Failure::usage("usage::exists", message).help("name another folder"));
    }
    let there: Vec<&str> = files.iter().map(|file| file.name).filter(|name| folder.join(name).exists()).collect();
    if there.is_empty() {
        return Ok(());
    }
    let message = format!("{} has {} already", folder.display(), there.join(", "));
    Err(Failure::usage("usage::exists", message).help("nothing was written; name another folder, or move them away"))
}

fn unwritable(path: &Path, error: &std::io::Error) -> Failure {
    let help = match error.kind() {
        ErrorKind::PermissionDenied => "check its permissions, or name another folder",
        _ => "name another folder",
    };
    let reason = error.to_string();
    let reason = reason.split(" (os error").next().unwrap_or_default();
    Failure::usage("usage::output", format!("{} cannot be written: {reason}", path.display())).help(help)
}

fn told(folder: &Path, template: &Template, files: &[File]) -> String {
    let rows = files.iter().map(|file| (folder.join(file.name).display().to_string(), file.about));
    let here = folder == Path::new(".");
    let go = (!here).then(|| (format!("cd {}", quoted(&folder.display().to_string())), ""));
    let tries = template.tries.iter().map(|(command, about)| ((*command).to_owned(), *about));
    let more = [
        ("connrun describe", "what is in it"),
        ("connrun check connector.conn", "after each change"),
        ("connrun test", "what is in tests/"),
    ];
    let more = more.into_iter().map(|(command, about)| (command.to_owned(), about));
    format!(
        "A connector of the kind `{}`:\n\n{}\nNext, without an account:\n\n{}",
        template.name,
        table(rows.collect(), "  "),
        table(go.into_iter().chain(tries.take(2)).chain(more).collect(), "  # "),
    )
}

/// Rows of two columns, but for long ones, which stand alone.
fn table(rows: Vec<(String, &str)>, between: &str) -> String {
    const WIDE: usize = 70;
    let widths = rows.iter().map(|(first, _)| first.chars().count());
    let width = widths.filter(|width| *width <= WIDE).max().unwrap_or(0);
    let line = |(first, about): &(String, &str)| match (about.is_empty(), first.chars().count() > WIDE) {
        (true, _) => format!("  {first}\n"),
        (_, true) => format!("  {first}\n"),
        _ => format!("  {first:width$}{between}{about}\n"),
    };
    rows.iter().map(line).collect()
}

fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./\\:".contains(c);
    if text.chars().all(plain) { text.to_owned() } else { format!("'{}'", text.replace('\'', "'\\''")) }
}
