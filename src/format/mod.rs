//! The formatter: moves white space between tokens and nothing else. It refuses a text that it cannot read, and a result
//! that would mean something else.

mod edits;
mod indent;
mod sheet;
mod spacing;
mod typing;

pub use edits::{edits, edits_within};
pub use typing::reindent;

use crate::diagnostic::Diagnostic;
use crate::syntax::{self, Parsed};
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
    if !parsed.is_valid() || !parsed.repaired.is_empty() {
        return Err(parsed.diagnostics);
    }
    let mut sheet = Sheet::new(source.text(), tokens);
    if options.leading_dots {
        sheet.lead_with_dots();
    }
    sheet.settle();
    let text = sheet.write();
    if text == source.text() || unchanged(source, &parsed, &text) {
        return Ok(text);
    }
    Err(vec![changed(source)])
}

/// Whether `text` means what the source means, with the same comments.
fn unchanged(source: &Source, parsed: &Parsed, text: &str) -> bool {
    let after = Source::new(source.name(), text);
    let again = syntax::parse(&after);
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
