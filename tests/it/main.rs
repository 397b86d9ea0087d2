//! The integration tests: one binary, one module a topic.

mod architecture;
mod cli;
mod conformance;
mod connectors;
mod docs;
mod errors;
mod http;
mod regex;
mod sandbox;
mod support;
mod tls;
mod yaml;
