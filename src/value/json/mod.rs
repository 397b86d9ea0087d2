//! JSON in and out. One way in (`parse`); four ways out: what a request sends (`to_json`), what `JSON.generate` writes,
//! the result that the command line prints (`pretty`, `compact`), and the tagged form that keeps every class (`to_tagged`).
//!
//! Objects of other layers (requests, URIs) are written as their `inspect`; whoever can run methods replaces them first.

mod dialect;
mod encode;
mod error;
mod generate;
mod parse;
mod result;
mod tagged;
mod text;

pub use encode::{AsJson, as_json, to_json};
pub use error::JsonError;
pub use generate::{Layout, generate, generate_with, pretty_generate};
pub use parse::{ParseOptions, parse, parse_watched, parse_with};
pub use result::{BinaryForm, compact, pretty, result_form};
pub use tagged::to_tagged;
pub use text::hex_preview_of;

/// Deeper values are cycles, or hostile.
const DEPTH: usize = 5_000;
