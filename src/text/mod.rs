//! Source text: files, byte spans, lines and columns, interned names. Knows nothing of the language.

mod name;
mod nearest;
mod source;
mod span;

pub use name::Name;
pub use nearest::nearest;
pub use source::{LineColumn, Source};
pub use span::Span;
