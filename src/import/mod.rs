//! Connectors and fields from what a service is known by: samples of its data.

pub mod field;
pub mod samples;

pub use field::{Field, Inside, Kind};
