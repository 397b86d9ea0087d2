//! What several integration tests need.

pub mod command;
pub mod server;
pub mod tls;
