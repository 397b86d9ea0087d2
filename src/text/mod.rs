//! Source text: files, byte spans, lines and columns, interned names, near names, texts without tags. Knows nothing of the language.

mod name;
mod nearest;
mod source;
mod span;
mod tags;

pub use name::Name;
pub use nearest::{nearest, nearest_several};
pub use source::{LineColumn, Source, Unit};
pub use span::Span;
pub use tags::without_tags;
