//! Enumerable: what every collection can do, written once over `each::fold`.

mod combine;
pub mod each;
mod groups;
mod order;
mod query;
mod runs;
mod sdk;
mod select;
pub mod sorting;
mod sum;
mod transform;

pub use combine::pair_of;
pub use order::{max, min, minmax};
pub(crate) use order::{sort_items, sorted_by};
pub use query::count;
pub use select::take_first;
pub use sum::{Summing, sum, sum_array};

use super::Table;

/// The tables of this directory.
pub static TABLES: &[Table] = &[
    combine::TABLE,
    groups::TABLE,
    order::TABLE,
    query::TABLE,
    runs::TABLE,
    sdk::TABLE,
    select::TABLE,
    sum::TABLE,
    transform::TABLE,
];
