//! The list of tables.

use super::{
    Table, class, comparable, convert, decimal, enumerable, enumerator, exception, float, format, integer, json,
    kernel, math, method_object, number_format, numeric, object, proc, range, rational, units, where_,
};

/// Every table. A new file of methods is one line here.
pub static TABLES: &[&[Table]] = &[
    class::TABLES,
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
    method_object::TABLES,
    number_format::TABLES,
    numeric::TABLES,
    object::TABLES,
    proc::TABLES,
    range::TABLES,
    rational::TABLES,
    units::TABLES,
    where_::TABLES,
];
