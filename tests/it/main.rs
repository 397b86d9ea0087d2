//! The integration tests: one binary, one module a topic.

mod architecture;
mod cli;
mod conformance;
mod docs;
mod errors;
mod connectors;
mod http;
mod methods;
mod regex;
mod sandbox;
mod support;
mod tls;
mod yaml;
