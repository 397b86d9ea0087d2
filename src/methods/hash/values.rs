//! Changing values: `transform_values`, `filter_map` and others are Enumerable's; these stay hashes.

use super::{this, this_to_write};
use crate::methods::{Args, Host, Method, enumerator, ruby};
use crate::value::{Hash, HashDefault, Result, Value};
use std::rc::Rc;

pub(super) const ROWS: &[Method] = &[
    ruby(
        "transform_values",
        "() { |value| … } -> Hash",
        "The keys with what the block makes of their values.",
        "{a: 1}.transform_values { |v| v * 2 } => {:a=>2}",
        |host, it, args| {
            if args.block.is_none() {
                return Ok(enumerator::of(it, "transform_values", args));
            }
            let hash = this(it)?;
            let copy = Rc::new(Hash::copy(hash));
            if !hash.is_indifferent() {
                copy.set_default(HashDefault::None);
            }
            change(host, &copy, &args)?;
            Ok(Value::Hash(copy))
        },
    ),
    ruby(
        "transform_values!",
        "() { |value| … } -> Hash",
        "Puts what the block makes of them in the place of the values.",
        "{a: 1}.transform_values!(&:to_s) => {:a=>\"1\"}",
        |host, it, args| {
            if args.block.is_none() {
                return Ok(enumerator::of(it, "transform_values!", args));
            }
            change(host, this_to_write(it)?, &args)?;
            Ok(it.clone())
        },
    ),
];

fn change(host: &mut dyn Host, hash: &Rc<Hash>, args: &Args) -> Result<()> {
    let Some(block) = &args.block else { return Ok(()) };
    super::each(host, hash, &mut |host, key, value| {
        let value = host.yield_block(block, &[value])?;
        if hash.contains(&key) {
            hash.insert(key, value);
        }
        Ok(())
    })
}
