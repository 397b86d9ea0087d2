//! Subsets.

use super::{as_hash, this};
use crate::methods::{Args, Host, Method, ruby};
use crate::value::{Hash, Result, Value, equal};
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
];

fn both(host: &mut dyn Host, receiver: &Value, args: &Args) -> Result<(Rc<Hash>, Rc<Hash>)> {
    Ok((Rc::clone(this(receiver)?), as_hash(host, &args.get(0))?))
}

fn is_part(small: &Hash, large: &Hash) -> bool {
    small.all(|key, value| large.get(key).is_some_and(|other| equal(value, &other)))
}
