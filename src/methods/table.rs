//! The list of tables.

use super::{
    Table, comparable, convert, decimal, enumerable, enumerator, exception, float, format, integer, json, kernel, math,
    number_format, numeric, range, rational, where_,
};

/// Every table. A new file of methods is one line here.
pub static TABLES: &[&[Table]] = &[
    comparable::TABLES,
    convert::TABLES,
    decimal::TABLES,
    enumerable::TABLES,
    enumerator::TABLES,
    exception::TABLES,
    float::TABLES,
    format::TABLES,
    integer::TABLES,
    json::TABLES,
    kernel::TABLES,
    math::TABLES,
    number_format::TABLES,
    numeric::TABLES,
    range::TABLES,
    rational::TABLES,
    where_::TABLES,
];
