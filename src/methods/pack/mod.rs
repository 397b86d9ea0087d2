//! Bytes by a format: `Array#pack` and `String#unpack`.

mod format;
mod read;
mod text;
mod write;

pub use read::unpack;
pub use write::pack;
