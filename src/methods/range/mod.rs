//! Ranges: the methods of Range and `Range.new`.

mod bounds;
mod bsearch;
mod each;
mod rows;
mod step;

pub use bounds::{new, size};
pub use bsearch::search;
pub use each::{each, each_string};

use super::Table;

/// The tables of this directory.
pub static TABLES: &[Table] = &[rows::TABLE, rows::SINGLETON];
