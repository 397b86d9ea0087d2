//! ActiveSupport's sizes of numbers: `kilobytes` and the like.

use super::arithmetic::{Op, binary};
use super::{Method, Receiver, Table, rails};
use crate::value::Value;

pub static TABLES: &[Table] = &[Table { receiver: Receiver::Numeric, rows: ROWS }];

const ROWS: &[Method] = &[
    rails("bytes byte", "() -> Numeric", "The number itself.", "5.bytes => 5", |_, a, _| Ok(a.clone())),
    rails(
        "exabytes exabyte",
        "() -> Numeric",
        "That many exabytes in bytes.",
        "1.exabyte => 1152921504606846976",
        |host, a, _| binary(host, Op::Multiply, a, &Value::Int(1 << 60)),
    ),
    rails(
        "gigabytes gigabyte",
        "() -> Numeric",
        "That many gigabytes in bytes.",
        "1.gigabyte => 1073741824",
        |host, a, _| binary(host, Op::Multiply, a, &Value::Int(1 << 30)),
    ),
    rails(
        "in_milliseconds",
        "() -> Numeric",
        "The number of seconds in milliseconds.",
        "2.in_milliseconds => 2000",
        |host, a, _| binary(host, Op::Multiply, a, &Value::Int(1000)),
    ),
    rails(
        "kilobytes kilobyte",
        "() -> Numeric",
        "That many kilobytes in bytes.",
        "3.kilobytes => 3072",
        |host, a, _| binary(host, Op::Multiply, a, &Value::Int(1 << 10)),
    ),
    rails(
        "megabytes megabyte",
        "() -> Numeric",
        "That many megabytes in bytes.",
        "1.5.megabytes => 1572864.0",
        |host, a, _| binary(host, Op::Multiply, a, &Value::Int(1 << 20)),
    ),
    rails(
        "petabytes petabyte",
        "() -> Numeric",
        "That many petabytes in bytes.",
        "1.petabyte => 1125899906842624",
        |host, a, _| binary(host, Op::Multiply, a, &Value::Int(1 << 50)),
    ),
    rails(
        "terabytes terabyte",
        "() -> Numeric",
        "That many terabytes in bytes.",
        "1.terabyte => 1099511627776",
        |host, a, _| binary(host, Op::Multiply, a, &Value::Int(1 << 40)),
    ),
];
