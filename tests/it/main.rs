//! The integration tests: one binary, one module a topic.

mod http;
mod regex;
mod sandbox;
mod support;
mod tls;
