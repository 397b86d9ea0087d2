//! The list of tables.

use super::{Table, enumerable, enumerator, range, where_};

/// Every table. A new file of methods is one line here.
pub static TABLES: &[&[Table]] = &[enumerable::TABLES, enumerator::TABLES, range::TABLES, where_::TABLES];
