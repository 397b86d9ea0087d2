//! `connrun lsp`: the language server on standard input and output.

use super::failure::Failure;

pub fn run() -> Result<u8, Failure> {
    crate::lsp::serve().map_err(|error| Failure::usage("usage::lsp", format!("the session ended: {error}")))?;
    Ok(0)
}
