//! One type for everything connrun has to say about a text: syntax errors, lint findings, run-time errors.

mod excerpt;
mod model;
pub mod render;

pub use model::{Diagnostic, Edit, Fix, Label, Severity};
