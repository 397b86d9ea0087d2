//! `connrun generate docs`: the documentation of a connector, as Markdown or as one page of HTML.

use super::args::{Docs, DocsFormat};
use crate::cli::args::Display;
use crate::cli::diff::described;
use crate::cli::failure::Failure;
use crate::cli::files;
use crate::cli::out::Target;
use crate::cli::secrets::Secrets;
use crate::document;

pub fn run(options: &Docs, display: &Display, secrets: &Secrets) -> Result<u8, Failure> {
    let target = Target::of(options.output.as_deref())?;
    let path = files::connector_path(&options.place)?;
    let (description, _) = described(&path, display, secrets)?;
    let page = document::page(&description, &path.display().to_string());
    let by_name = options.output.as_ref().and_then(|path| path.extension()).is_some_and(|ending| ending == "html");
    let format = options.format.unwrap_or(if by_name { DocsFormat::Html } else { DocsFormat::Markdown });
    target.write(&match format {
        DocsFormat::Markdown => document::markdown(&page),
        DocsFormat::Html => document::html(&page),
    })?;
    Ok(0)
}
