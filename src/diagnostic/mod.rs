//! One type for everything connrun has to say about a text: syntax errors, lint findings, run-time errors.

mod codes;
mod excerpt;
mod fix;
mod model;
pub mod render;
mod troubles;

pub use codes::{CODES, Code, code};
pub use fix::{apply, together};
pub use model::{Diagnostic, Edit, Fix, Label, Severity};
pub use troubles::{TROUBLES, Trouble, trouble};
