//! `==` and its sisters, `!`, `=~`, `<=>`, `hash`.

use crate::methods::{Args, Method, ruby};
use crate::text::Name;
use crate::value::{Value, eql, equal, hash_of, same};

pub(super) const ROWS: &[Method] = &[
    ruby("!", "() -> Boolean", "true for nil and false only.", "!nil => true", |_, a, _| Ok(Value::bool(!a.truthy()))),
    ruby("!=", "(other) -> Boolean", "Not `==`.", "1 != 2 => true", |host, a, args| {
        let answer = host.send(a, Name::new("=="), Args::one(args.get(0)))?;
        Ok(Value::bool(!answer.truthy()))
    }),
    ruby("!~", "(pattern) -> Boolean", "Not `=~`.", "'a' !~ /b/ => true", |host, a, args| {
        let answer = host.send(a, Name::new("=~"), Args::one(args.get(0)))?;
        Ok(Value::bool(!answer.truthy()))
    }),
    ruby(
        "<=>",
        "(other) -> Integer",
        "0 for the same value, else nil.",
        "true <=> true => 0\ntrue <=> false => nil",
        |host, a, args| {
            let other = host.force(&args.get(0))?;
            Ok(if equal(a, &other) { Value::Int(0) } else { Value::Nil })
        },
    ),
    ruby(
        "== ===",
        "(other) -> Boolean",
        "Whether it is the same value.",
        "nil == nil => true\n[1] == [1.0] => true",
        |host, a, args| {
            let other = host.force(&args.get(0))?;
            Ok(Value::bool(equal(a, &other)))
        },
    ),
    ruby("=~", "(pattern) -> nil", "nil: only text and symbols match.", "5 =~ /5/ => nil", |_, _, _| Ok(Value::Nil)),
    ruby(
        "__id__ object_id",
        "() -> Integer",
        "A number of this object alone.",
        "1.object_id => 3\nnil.object_id => 8",
        |_, a, _| Ok(Value::Int(identity(a))),
    ),
    ruby(
        "eql?",
        "(other) -> Boolean",
        "Whether it is the same value of the same type, as for keys of a hash.",
        "1.eql?(1.0) => false",
        |host, a, args| {
            let other = host.force(&args.get(0))?;
            Ok(Value::bool(eql(a, &other)))
        },
    ),
    ruby("equal?", "(other) -> Boolean", "Whether it is the same object.", "'a'.equal?('a') => false", |_, a, args| {
        Ok(Value::bool(same(a, &args.get(0))))
    }),
    ruby("hash", "() -> Integer", "A number that equal values share.", "'a'.hash == 'a'.hash => true", |_, a, _| {
        Ok(Value::Int(hash_of(a) as i64 >> 2))
    }),
];

/// Small integers and constants have Ruby's numbers, the rest their place in memory.
fn identity(value: &Value) -> i64 {
    use std::rc::Rc;
    let address = match value {
        Value::Nil => return 8,
        Value::True => return 20,
        Value::False => return 0,
        Value::Int(number) => return number.wrapping_mul(2).wrapping_add(1),
        Value::Str(it) => Rc::as_ptr(it).addr(),
        Value::Array(it) => Rc::as_ptr(it).addr(),
        Value::Hash(it) => Rc::as_ptr(it).addr(),
        Value::Proc(it) => Rc::as_ptr(it).addr(),
        Value::Exception(it) => Rc::as_ptr(it).addr(),
        Value::Object(it) => Rc::as_ptr(it).addr(),
        other => return hash_of(other) as i64 >> 8,
    };
    address as i64
}
