//! What several integration tests need.

pub mod bed;
pub mod command;
pub mod connector;
pub mod exchanges;
pub mod faults;
pub mod feed;
pub mod mock;
pub mod random;
pub mod server;
pub mod serving;
pub mod tls;
