//! The integration tests: one binary, one module a topic.

mod architecture;
mod broken;
mod check;
mod cli;
mod conformance;
mod connector_features;
mod connectors;
mod docs;
mod errors;
mod faults;
mod http;
mod limits;
mod lsp;
mod methods;
mod regex;
mod repl;
mod sandbox;
mod settings;
mod support;
mod syntax;
mod tls;
mod yaml;
