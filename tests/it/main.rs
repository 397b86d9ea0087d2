//! The integration tests: one binary, one module a topic.

mod architecture;
mod conformance;
mod http;
mod methods;
mod regex;
mod sandbox;
mod support;
mod tls;
