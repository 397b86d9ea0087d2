//! Methods of the classes Hash and HashWithIndifferentAccess themselves.

use super::as_hash;
use crate::methods::{Args, Host, Method, rails, ruby};
use crate::value::{ClassId, Hash, HashDefault, Result, Value, indifferent_copy, raise};
use std::rc::Rc;

pub(super) const ROWS: &[Method] = &[
    ruby(
        "[]",
        "(*values) -> Hash",
        "A hash of pairs, of keys and values in turn, or a copy of a hash.",
        "Hash[[[:a, 1]]] => {:a=>1}\nHash[:a, 1] => {:a=>1}",
        |host, _, args| Ok(of_values(host, args)?.into()),
    ),
    ruby(
        "new",
        "(default = nil) [{ |hash, key| … }] -> Hash",
        "An empty hash, with what a missing key answers.",
        "Hash.new(0)[:x] => 0\nHash.new { |hash, key| hash[key] = [] }[:x] => []",
        |_, _, args| {
            let hash = Hash::new();
            set_default(&hash, &args)?;
            Ok(hash.into())
        },
    ),
    ruby(
        "try_convert",
        "(value)",
        "The value if it is a hash, else nil.",
        "Hash.try_convert(1) => nil",
        |host, _, args| Ok(as_hash(host, &args.get(0)).map_or(Value::Nil, Value::Hash)),
    ),
];

pub(super) const INDIFFERENT_ROWS: &[Method] = &[
    rails(
        "[]",
        "(*values) -> Hash",
        "An indifferent hash of pairs, or of keys and values in turn.",
        "ActiveSupport::HashWithIndifferentAccess[:a, 1] => {\"a\"=>1}",
        |host, _, args| Ok(Value::Hash(indifferent_copy(&of_values(host, args)?))),
    ),
    rails(
        "new",
        "(hash_or_default = nil) [{ |hash, key| … }] -> Hash",
        "An indifferent copy of a hash, or an empty one.",
        "ActiveSupport::HashWithIndifferentAccess.new({a: 1}) => {\"a\"=>1}",
        |host, _, args| {
            if let Value::Hash(hash) = host.force(&args.get(0))? {
                return Ok(Value::Hash(indifferent_copy(&hash)));
            }
            let hash = Hash::indifferent();
            set_default(&hash, &args)?;
            Ok(hash.into())
        },
    ),
];

fn set_default(hash: &Hash, args: &Args) -> Result<()> {
    match (&args.block, args.given(0)) {
        (Some(_), Some(_)) => {
            return Err(raise(ClassId::ARGUMENT_ERROR, "wrong number of arguments (given 1, expected 0)"));
        }
        (Some(block), None) => hash.set_default(HashDefault::Proc(Rc::clone(block))),
        (None, Some(value)) if !value.is_nil() => hash.set_default(HashDefault::Value(value.clone())),
        (None, _) => {}
    }
    Ok(())
}

fn of_values(host: &mut dyn Host, args: Args) -> Result<Hash> {
    let hash = Hash::new();
    if args.len() == 1 {
        match host.force(&args.get(0))? {
            Value::Hash(other) => {
                other.to_vec().into_iter().for_each(|(key, value)| hash.insert(key, value));
                return Ok(hash);
            }
            Value::Array(pairs) => {
                for (at, pair) in pairs.to_vec().iter().enumerate() {
                    let (key, value) = pair_at(pair, at)?;
                    hash.insert(key, value);
                }
                return Ok(hash);
            }
            _ => {}
        }
    }
    if args.len() % 2 == 1 {
        return Err(raise(ClassId::ARGUMENT_ERROR, "odd number of arguments for Hash"));
    }
    for pair in args.values.chunks(2) {
        if let [key, value] = pair {
            hash.insert(key.clone(), value.clone());
        }
    }
    Ok(hash)
}

fn pair_at(pair: &Value, at: usize) -> Result<(Value, Value)> {
    let Value::Array(items) = pair else {
        let message = format!("wrong element type {} at {at} (expected array)", pair.class().name());
        return Err(raise(ClassId::ARGUMENT_ERROR, message));
    };
    match &*items.items() {
        [key] => Ok((key.clone(), Value::Nil)),
        [key, value] => Ok((key.clone(), value.clone())),
        items => {
            let message = format!("invalid number of elements ({} for 1..2)", items.len());
            Err(raise(ClassId::ARGUMENT_ERROR, message))
        }
    }
}
