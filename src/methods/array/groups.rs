//! ActiveSupport's groups: `in_groups_of`, `in_groups`, `split`.

use super::search::position;
use super::this;
use crate::methods::{Args, Host, Method, ops, rails};
use crate::value::{Array, ClassId, Result, Value, equal, inspect, raise};

pub(super) const ROWS: &[Method] = &[
    rails(
        "in_groups",
        "(number, fill = nil) [{ |group| … }] -> Array",
        "The items in so many groups.",
        "[1, 2, 3].in_groups(2) => [[1, 2], [3, nil]]\n[1, 2, 3].in_groups(2, false) => [[1, 2], [3]]",
        in_groups,
    ),
    rails(
        "in_groups_of",
        "(size, fill = nil) [{ |group| … }] -> Array",
        "The items in groups of that size.",
        "[1, 2, 3].in_groups_of(2) => [[1, 2], [3, nil]]\n[1, 2, 3].in_groups_of(2, false) => [[1, 2], [3]]",
        in_groups_of,
    ),
    rails(
        "split",
        "(value = nil) [{ |item| … }] -> Array",
        "The parts between items that are equal, or hold.",
        "[1, 2, 0, 3].split(0) => [[1, 2], [3]]",
        split,
    ),
];

fn keeps_short(fill: &Value) -> bool {
    matches!(fill, Value::False)
}

fn in_groups_of(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let number = args.get(0);
    let count = match &number {
        Value::Str(_) => ops::send(host, &number, "to_i", &[])?,
        other => other.clone(),
    };
    let size = match count {
        Value::Nil => 0,
        other => crate::methods::args::to_int(&other)?,
    };
    let Some(size) = usize::try_from(size).ok().filter(|size| *size > 0) else {
        let number = inspect(&number).to_text();
        let message = format!("Group size must be a positive integer, was {number}");
        return Err(raise(ClassId::ARGUMENT_ERROR, message));
    };
    let mut items = this(host, receiver)?.to_vec();
    let fill = args.get(1);
    if !keeps_short(&fill) && items.len() % size != 0 {
        let padded = items.len() + size - items.len() % size;
        host.charge(padded.saturating_mul(16))?;
        items.resize(padded, fill);
    }
    let whole = Value::array(items.clone());
    let groups: Vec<Value> = items.chunks(size).map(|group| Value::array(group.to_vec())).collect();
    match &args.block {
        None => Ok(Value::array(groups)),
        Some(block) => {
            for group in groups {
                host.yield_block(block, &[group])?;
            }
            Ok(whole)
        }
    }
}

fn in_groups(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let items = this(host, receiver)?.to_vec();
    let number = args.int(0)?;
    if number == 0 {
        return Err(raise(ClassId::ZERO_DIVISION_ERROR, "divided by 0"));
    }
    let number = usize::try_from(number).unwrap_or(0);
    host.charge(number.saturating_mul(32))?;
    let fill = args.get(1);
    let (division, modulo) = (items.len() / number.max(1), items.len() % number.max(1));
    let mut groups = Vec::with_capacity(number);
    let mut start = 0;
    for index in 0..number {
        let length = division + usize::from(modulo > 0 && modulo > index);
        let mut group = items.get(start..start + length).unwrap_or_default().to_vec();
        if !keeps_short(&fill) && modulo > 0 && length == division {
            group.push(fill.clone());
        }
        groups.push(Value::array(group));
        start += length;
    }
    if let Some(block) = &args.block {
        for group in &groups {
            host.yield_block(block, std::slice::from_ref(group))?;
        }
    }
    Ok(Value::array(groups))
}

fn split(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let array = this(host, receiver)?;
    let mut parts = Vec::new();
    let mut part = Vec::new();
    let wanted = args.get(0);
    if args.block.is_none() && position(host, &array, &wanted)?.is_none() {
        return Ok(Value::array(vec![Value::array(array.to_vec())]));
    }
    let mut at = 0;
    while let Some(item) = array.get(at) {
        let cuts = match &args.block {
            Some(block) => host.yield_block(block, std::slice::from_ref(&item))?.truthy(),
            None => equal(&item, &wanted),
        };
        if cuts {
            parts.push(Value::array(std::mem::take(&mut part)));
        } else {
            part.push(item);
        }
        at += 1;
    }
    parts.push(Value::Array(Array::from(part).into()));
    Ok(Value::array(parts))
}
