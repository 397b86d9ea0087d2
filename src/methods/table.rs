//! The list of tables.

use super::{
    Table, class, comparable, convert, decimal, dsl, enumerable, enumerator, exception, float, format, integer, json,
    kernel, math, method_object, number_format, numeric, object, proc, range, rational, request, units, where_,
};

/// Every table. A new file of methods is one line here.
pub static TABLES: &[&[Table]] = &[
    class::TABLES,
    comparable::TABLES,
    convert::TABLES,
    decimal::TABLES,
    dsl::TABLES,
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
    request::TABLES,
    units::TABLES,
    where_::TABLES,
];
