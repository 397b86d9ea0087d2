//! The integration tests: one binary, one module a topic.

mod architecture;
mod broken;
mod check;
mod cli;
mod conformance;
mod connector_features;
mod connectors;
mod crash;
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
mod store;
mod streams;
mod support;
mod syntax;
mod tls;
mod yaml;
