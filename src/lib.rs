//! connrun runs connectors: one file, a Ruby-like hash of lambdas, that says how to talk to an API.
//!
//! The layers, lowest first; each uses only those above it in this list (`tests/it/architecture.rs` checks):
//! `text`, `diagnostic`, `syntax` · `value` · `vocabulary`, `http` · `store` · `format` · `emit`, `methods` · `cassette`, `program`, `interpreter`,
//! `connector` · `check`, `runtime` · `editor` · `testing` · `scaffold` · `import` · `document` · `compare`, and the rims `project`, `sandbox`, `server`, `lsp` and `cli`.

pub mod cassette;
pub mod check;
pub mod cli;
pub mod compare;
pub mod connector;
pub mod diagnostic;
pub mod document;
pub mod editor;
pub mod emit;
pub mod format;
pub mod http;
pub mod import;
pub mod interpreter;
pub mod lsp;
pub mod methods;
pub mod profile;
pub mod program;
pub mod project;
pub mod runtime;
pub mod sandbox;
pub mod scaffold;
pub mod server;
pub mod store;
pub mod syntax;
pub mod testing;
pub mod text;
pub mod value;
pub mod vocabulary;
