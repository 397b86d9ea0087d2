//! The list of tables.

use super::{Table, enumerable, enumerator, exception, json, kernel, range, where_};

/// Every table. A new file of methods is one line here.
pub static TABLES: &[&[Table]] = &[
    enumerable::TABLES,
    enumerator::TABLES,
    exception::TABLES,
    json::TABLES,
    kernel::TABLES,
    range::TABLES,
    where_::TABLES,
];
