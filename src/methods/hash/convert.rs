//! Hashes as other things: `to_a`, `to_h`, `to_s`, `invert`, `flatten`, plain and indifferent copies.

use super::this;
use crate::methods::enumerable::pair_of;
use crate::methods::{Args, Host, Method, args::to_int, ops, rails, ruby};
use crate::value::{Hash, Result, Value, indifferent_copy, inspect, plain_copy};
use std::rc::Rc;

pub(super) const ROWS: &[Method] = &[
    ruby("deconstruct_keys", "(keys) -> Hash", "Itself.", "{a: 1}.deconstruct_keys(nil) => {:a=>1}", |_, it, _| {
        Ok(it.clone())
    }),
    rails(
        "extractable_options?",
        "() -> Boolean",
        "Can be taken for options.",
        "{}.extractable_options? => true",
        |_, _, _| Ok(true.into()),
    ),
    ruby(
        "flatten",
        "(depth = 1) -> Array",
        "Keys and values in one array.",
        "{a: [1, 2]}.flatten => [:a, [1, 2]]\n{a: [1, 2]}.flatten(2) => [:a, 1, 2]",
        flatten,
    ),
    ruby("inspect to_s", "() -> String", "As source text.", "{a: 1}.inspect => \"{:a=>1}\"", |_, it, _| {
        Ok(Value::Str(Rc::new(inspect(it))))
    }),
    ruby("invert", "() -> Hash", "Keys by values.", "{a: 1}.invert => {1=>:a}", |_, it, _| {
        let inverted = Hash::with_capacity(this(it)?.len());
        this(it)?.to_vec().into_iter().for_each(|(key, value)| inverted.insert(value, key));
        Ok(inverted.into())
    }),
    rails(
        "nested_under_indifferent_access",
        "() -> Hash",
        "An indifferent hash of the same entries.",
        "{a: 1}.nested_under_indifferent_access['a'] => 1",
        |_, it, _| {
            let hash = this(it)?;
            Ok(if hash.is_indifferent() { it.clone() } else { Value::Hash(indifferent_copy(hash)) })
        },
    ),
    ruby(
        "to_a entries",
        "() -> Array",
        "The entries as arrays of key and value.",
        "{a: 1}.to_a => [[:a, 1]]",
        |_, it, _| {
            let pairs = this(it)?.to_vec().into_iter().map(|(key, value)| Value::array(vec![key, value]));
            Ok(Value::array(pairs.collect()))
        },
    ),
    ruby(
        "to_h",
        "() [{ |key, value| … }] -> Hash",
        "A plain hash, or what the block makes of the entries.",
        "{a: 1}.to_h { |k, v| [k.to_s, v] } => {\"a\"=>1}",
        to_h,
    ),
    ruby(
        "to_hash",
        "() -> Hash",
        "A plain hash all the way down.",
        "{a: 1}.with_indifferent_access.to_hash => {\"a\"=>1}",
        |_, it, _| Ok(Value::Hash(plain_copy(this(it)?))),
    ),
    rails(
        "with_indifferent_access",
        "() -> Hash",
        "A copy that takes symbols and strings for the same key.",
        "{a: 1}.with_indifferent_access['a'] => 1",
        |_, it, _| Ok(Value::Hash(indifferent_copy(this(it)?))),
    ),
];

fn to_h(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let hash = this(receiver)?;
    if args.block.is_none() {
        return Ok(if hash.is_indifferent() { Hash::plain_copy(hash).into() } else { receiver.clone() });
    }
    let made = Hash::with_capacity(hash.len());
    super::each(host, hash, &mut |host, key, value| {
        let pair = super::yield_pair(host, &args, &key, &value)?;
        let (key, value) = pair_of(&pair, None)?;
        made.insert(key, value);
        Ok(())
    })?;
    Ok(made.into())
}

fn flatten(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let depth = args.given(0).map_or(Ok(1), to_int)?;
    let pairs = ops::send(host, receiver, "to_a", &[])?;
    ops::send(host, &pairs, "flatten", &[Value::Int(depth)])
}
