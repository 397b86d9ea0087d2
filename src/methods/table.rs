//! The list of tables.

use super::{
    Table, array, class, comparable, complex, convert, decimal, dsl, encoding, enumerable, enumerator, exception,
    float, format, hash, integer, json, kernel, math, method_object, number_format, numeric, object, proc, range,
    rational, regexp, request, set, stdlib, string, symbol, units, where_,
};

/// Every table. A new file of methods is one line here.
pub static TABLES: &[&[Table]] = &[
    array::TABLES,
    class::TABLES,
    comparable::TABLES,
    complex::TABLES,
    convert::TABLES,
    decimal::TABLES,
    dsl::TABLES,
    encoding::TABLES,
    enumerable::TABLES,
    enumerator::TABLES,
    exception::TABLES,
    float::TABLES,
    format::TABLES,
    hash::TABLES,
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
    regexp::TABLES,
    request::TABLES,
    set::TABLES,
    stdlib::TABLES,
    string::TABLES,
    symbol::TABLES,
    units::TABLES,
    where_::TABLES,
];
