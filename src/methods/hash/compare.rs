//! Equality, hash value and subsets.

use super::{as_hash, this};
use crate::methods::{Args, Host, Method, ruby};
use crate::value::{Hash, Result, Value, eql, equal, hash_of};
use std::rc::Rc;

pub(super) const ROWS: &[Method] = &[
    ruby(
        "<",
        "(other) -> Boolean",
        "All entries are in the other, which has more.",
        "{a: 1} < {a: 1, b: 2} => true",
        |host, it, args| {
            let (hash, other) = both(host, it, &args)?;
            Ok((hash.len() < other.len() && is_part(&hash, &other)).into())
        },
    ),
    ruby("<=", "(other) -> Boolean", "All entries are in the other.", "{a: 1} <= {a: 1} => true", |host, it, args| {
        let (hash, other) = both(host, it, &args)?;
        Ok(is_part(&hash, &other).into())
    }),
    ruby(
        "==",
        "(other) -> Boolean",
        "The same keys with equal values.",
        "{a: 1} == {a: 1.0} => true",
        |_, it, args| Ok(equal(it, &args.get(0)).into()),
    ),
    ruby(
        ">",
        "(other) -> Boolean",
        "Has all entries of the other and more.",
        "{a: 1, b: 2} > {a: 1} => true",
        |host, it, args| {
            let (hash, other) = both(host, it, &args)?;
            Ok((other.len() < hash.len() && is_part(&other, &hash)).into())
        },
    ),
    ruby(
        ">=",
        "(other) -> Boolean",
        "Has all entries of the other.",
        "{a: 1, b: 2} >= {a: 1} => true",
        |host, it, args| {
            let (hash, other) = both(host, it, &args)?;
            Ok(is_part(&other, &hash).into())
        },
    ),
    ruby(
        "eql?",
        "(other) -> Boolean",
        "The same keys with the same values of the same classes.",
        "{a: 1}.eql?({a: 1.0}) => false",
        |_, it, args| {
            let other = args.get(0);
            let Value::Hash(other) = &other else { return Ok(false.into()) };
            let hash = this(it)?;
            let same = |key: &Value, value: &Value| other.get_exact(key).is_some_and(|other| eql(value, &other));
            Ok((hash.len() == other.len() && hash.all(same)).into())
        },
    ),
    ruby("hash", "() -> Integer", "The same for equal hashes.", "{a: 1}.hash == {a: 1}.hash => true", |_, it, _| {
        Ok(Value::Int((hash_of(it) >> 2) as i64))
    }),
];

fn both(host: &mut dyn Host, receiver: &Value, args: &Args) -> Result<(Rc<Hash>, Rc<Hash>)> {
    Ok((Rc::clone(this(receiver)?), as_hash(host, &args.get(0))?))
}

fn is_part(small: &Hash, large: &Hash) -> bool {
    small.all(|key, value| large.get(key).is_some_and(|other| equal(value, &other)))
}
