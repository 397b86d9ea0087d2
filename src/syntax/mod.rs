//! Text to tree. pest's `Rule` never leaves this directory.

pub mod ast;
mod build;
mod change;
mod dump;
mod errors;
mod grammar;
mod locals;
mod parse;
mod parts;
mod prepare;
mod recover;
mod same;
mod scan;
pub mod tokens;
pub mod walk;

pub use dump::dump;
use parse::parse_rule;
pub use parse::{Parsed, odd_characters, parse, parse_body, parse_entries, parse_tokens, reparse};
pub use parts::{Seen, tokens as tokens_again};
pub use same::same;
pub use scan::{Mark, MarkKind, heredocs, marks};
