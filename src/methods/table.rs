//! The list of tables.

use super::Table;

/// Every table. A new file of methods is one line here.
pub static TABLES: &[&[Table]] = &[];
