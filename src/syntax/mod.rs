//! Text to tree. pest's `Rule` never leaves this directory.

pub mod ast;
pub mod walk;
