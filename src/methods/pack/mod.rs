//! Bytes by a format: `Array#pack` and `String#unpack`.

mod format;
mod read;
mod text;
mod write;

pub use read::unpack;
pub use text::{base64, base64_lenient, base64_strict, hex_pack};
pub use write::pack;
