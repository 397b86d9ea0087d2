//! The formatter: moves white space between tokens and nothing else. It refuses a text that it cannot read, and a result
//! that would mean something else.

mod closing;
mod edits;
mod indent;
mod sheet;
mod spacing;
mod typing;

pub use closing::close;
pub use edits::{edits, edits_within};
pub use typing::reindent;

use crate::diagnostic::Diagnostic;
use crate::syntax::tokens::Token;
use crate::syntax::{self, Parsed, Seen};
use crate::text::Source;
use sheet::Sheet;

/// Steps of indentation.
const STEP: u32 = 2;

/// What an author may choose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// `x.` and a line break become a line break and `.x`.
    pub leading_dots: bool,
}

/// The text, formatted. Errors: what is wrong with a text that cannot be read, or that the result would mean something else.
pub fn format(source: &Source, options: Options) -> Result<String, Vec<Diagnostic>> {
    let (parsed, tokens) = syntax::parse_tokens(source);
    arranged(source, &parsed, tokens, options, &|after| syntax::parse(after))
}

/// The same of a text that has been read. What is `seen` of an earlier version is not read again, and of the result only what
/// differs is.
pub fn format_again(source: &Source, parsed: &Parsed, seen: &mut Seen) -> Result<String, Vec<Diagnostic>> {
    if !parsed.is_valid() {
        return Err(parsed.diagnostics.clone());
    }
    let tokens = syntax::tokens_again(source, parsed, seen).unwrap_or_else(|| syntax::parse_tokens(source).1);
    let again = |after: &Source| syntax::reparse(after, Some((source.clone(), parsed.clone())));
    arranged(source, parsed, tokens, Options::default(), &again)
}

fn arranged(
    source: &Source,
    parsed: &Parsed,
    tokens: Vec<Token>,
    options: Options,
    again: &dyn Fn(&Source) -> Parsed,
) -> Result<String, Vec<Diagnostic>> {
    if !parsed.is_valid() || !parsed.repaired.is_empty() {
        return Err(parsed.diagnostics.clone());
    }
    let mut sheet = Sheet::new(source.text(), tokens);
    if options.leading_dots {
        sheet.lead_with_dots();
    }
    sheet.settle();
    let text = sheet.write();
    if text == source.text() || unchanged(source, parsed, &text, again) {
        return Ok(text);
    }
    Err(vec![changed(source)])
}

/// Whether `text` means what the source means, with the same comments.
fn unchanged(source: &Source, parsed: &Parsed, text: &str, again: &dyn Fn(&Source) -> Parsed) -> bool {
    let after = Source::new(source.name(), text);
    let again = again(&after);
    let comments = |source: &Source, parsed: &Parsed| -> Vec<String> {
        parsed.file.comments.iter().map(|span| source.slice(*span).replace('\r', "")).collect()
    };
    again.is_valid() && syntax::same(&parsed.file, &again.file) && comments(source, parsed) == comments(&after, &again)
}

fn changed(source: &Source) -> Diagnostic {
    Diagnostic::error("format::unsure", "formatting would change what this text means, so it was left as it is")
        .within(source)
        .help("this is a defect of connrun: please report it with the file")
}
