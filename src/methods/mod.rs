//! The method library: one file per receiver, each a sorted table of rows. Adding a method is adding a row.
//!
//! Rows know the evaluator only as `Host`. `table::TABLES` lists the tables.

pub mod args;
mod host;
mod registry;
mod row;
mod table;

pub use args::Args;
pub use host::{Host, Platform};
pub use registry::{Column, Registry, registry};
pub use row::{Body, Method, Origin, Receiver, Signature, Table, rails, ruby, sdk};
