//! nil, true and false.

use crate::methods::{Method, complex, rails, ruby};
use crate::value::{Decimal, Hash, Rational, Value, equal};
use num_bigint::BigInt;

pub(super) const NIL_ROWS: &[Method] = &[
    ruby("=~", "(pattern) -> nil", "nil never matches.", "nil =~ /a/ => nil", |_, _, _| Ok(Value::Nil)),
    ruby("rationalize", "(precision = nil) -> Rational", "Zero.", "nil.rationalize => (0/1)", |_, _, _| {
        Ok(zero_rational())
    }),
    ruby("to_a", "() -> Array", "An empty array.", "nil.to_a => []", |_, _, _| Ok(Value::array(Vec::new()))),
    ruby("to_c", "() -> Complex", "Zero.", "nil.to_c => (0+0i)", |_, _, _| {
        Ok(complex::complex(Value::Int(0), Value::Int(0)))
    }),
    rails("to_d", "() -> BigDecimal", "Zero.", "nil.to_d => 0.0", |_, _, _| Ok(Value::decimal(Decimal::from(0)))),
    ruby("to_f", "() -> Float", "Zero.", "nil.to_f => 0.0", |_, _, _| Ok(Value::float(0.0))),
    ruby("to_h", "() -> Hash", "An empty hash.", "nil.to_h => {}", |_, _, _| Ok(Value::hash(Hash::new()))),
    ruby("to_i", "() -> Integer", "Zero.", "nil.to_i => 0", |_, _, _| Ok(Value::Int(0))),
    ruby("to_r", "() -> Rational", "Zero.", "nil.to_r => (0/1)", |_, _, _| Ok(zero_rational())),
];

fn zero_rational() -> Value {
    Value::rational(Rational { numerator: BigInt::ZERO, denominator: BigInt::from(1) })
}

pub(super) const FALSY_ROWS: &[Method] = &[
    ruby("&", "(other) -> Boolean", "false.", "false & true => false", |_, _, _| Ok(Value::False)),
    ruby("^", "(other) -> Boolean", "Whether the other is true.", "nil ^ 1 => true", |_, _, args| {
        Ok(Value::bool(args.get(0).truthy()))
    }),
    ruby("|", "(other) -> Boolean", "Whether the other is true.", "nil | 1 => true", |_, _, args| {
        Ok(Value::bool(args.get(0).truthy()))
    }),
];

pub(super) const TRUE_ROWS: &[Method] = &[
    ruby("!", "() -> Boolean", "false.", "!true => false", |_, _, _| Ok(Value::False)),
    ruby("&", "(other) -> Boolean", "Whether the other is true.", "true & nil => false", |_, _, args| {
        Ok(Value::bool(args.get(0).truthy()))
    }),
    ruby("===", "(other) -> Boolean", "Whether it is true itself.", "true === 1 => false", |_, a, args| {
        Ok(Value::bool(equal(a, &args.get(0))))
    }),
    ruby("^", "(other) -> Boolean", "Whether the other is false.", "true ^ true => false", |_, _, args| {
        Ok(Value::bool(!args.get(0).truthy()))
    }),
    ruby("|", "(other) -> Boolean", "true.", "true | nil => true", |_, _, _| Ok(Value::True)),
];
