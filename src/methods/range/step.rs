//! `Range#step` and `%`.

use super::bounds::{is_numeric, this};
use super::each::{beginless, each};
use crate::methods::enumerable::each::{Flow, Item};
use crate::methods::enumerator::{self, each_step};
use crate::methods::{
    Args, Host,
    args::{no_conversion, to_int},
    ops,
};
use crate::value::{ClassId, Result, Value, raise};
use std::cmp::Ordering;
use std::rc::Rc;

pub(super) fn step(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    run(host, receiver, args, "step")
}

pub(super) fn percent(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    run(host, receiver, args, "%")
}

fn run(host: &mut dyn Host, receiver: &Value, mut args: Args, name: &'static str) -> Result<Value> {
    let range = Rc::clone(this(receiver)?);
    if range.lo.is_nil() {
        return Err(beginless());
    }
    if matches!(&range.lo, Value::Time(time) if time.flavor == crate::value::Flavor::WithZone) {
        return Err(super::each::not_iterable(&range.lo));
    }
    let by = match args.given(0) {
        None => Value::Int(1),
        Some(number) if is_numeric(number) => number.clone(),
        Some(Value::Nil) => return Err(no_conversion(&Value::Nil, "Integer")),
        Some(other) => Value::Int(to_int(other)?),
    };
    let sign = ops::compare(host, &by, &Value::Int(0))?;
    if sign == Ordering::Equal {
        return Err(raise(ClassId::ARGUMENT_ERROR, "step can't be 0"));
    }
    let numeric = is_numeric(&range.lo) && (range.hi.is_nil() || is_numeric(&range.hi));
    let Some(block) = args.block.clone() else {
        if !numeric {
            return Ok(enumerator::of(receiver, name, args));
        }
        if args.is_empty() {
            args = Args::one(by.clone());
        }
        let ends = (range.lo.clone(), range.hi.clone());
        return Ok(enumerator::arithmetic((receiver, name, args), ends, by, range.exclusive));
    };
    if sign == Ordering::Less {
        return Err(raise(ClassId::ARGUMENT_ERROR, "step can't be negative"));
    }
    let mut call = |host: &mut dyn Host, item: Item| item.spread(host, &block).map(|_| Flow::Next);
    if numeric {
        each_step(host, (&range.lo, &range.hi), &by, range.exclusive, &mut call)?;
    } else {
        every(host, &range, to_int(&by)?, &mut call)?;
    }
    Ok(receiver.clone())
}

/// Every `by`-th item of a range that is not numeric.
fn every(
    host: &mut dyn Host,
    range: &crate::value::Range,
    by: i64,
    call: &mut dyn FnMut(&mut dyn Host, Item) -> Result<Flow>,
) -> Result<()> {
    let mut at = 0;
    each(host, range, &mut |host, item| {
        let hit = at % by == 0;
        at += 1;
        if hit { call(host, item) } else { Ok(Flow::Next) }
    })
}
