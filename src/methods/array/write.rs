//! Writing by place: `[]=`, `fill`, `insert`, `slice!`, `delete_at`.

use super::access::part;
use super::index::{place, place_to_write, span_of, span_to_write, too_small};
use super::{as_array, this_to_write};
use crate::methods::{Args, Host, Method, args::to_int, ruby};
use crate::value::{Array, ClassId, Result, Value, raise};

pub(super) const ROWS: &[Method] = &[
    ruby(
        "[]=",
        "(index, length_or_value, value = nil)",
        "Puts an item at a place, or items in the place of a part.",
        "a = [1, 2]; a[3] = 4; a => [1, 2, nil, 4]\na = [1, 2, 3]; a[0, 2] = 9; a => [9, 3]",
        store,
    ),
    ruby(
        "delete_at",
        "(index)",
        "Takes out the item at a place.",
        "a = [1, 2]; [a.delete_at(0), a] => [1, [2]]",
        delete_at,
    ),
    ruby(
        "fill",
        "(*values) [{ |index| … }] -> Array",
        "Puts the value, or the block's answers, in the place of all items or of a part.",
        "[1, 2, 3].fill(0) => [0, 0, 0]\n[1, 2, 3].fill { |i| i * i } => [0, 1, 4]",
        fill,
    ),
    ruby(
        "insert",
        "(index, *values) -> Array",
        "Puts values in before a place.",
        "[1, 2].insert(1, :a) => [1, :a, 2]",
        insert,
    ),
    ruby(
        "replace",
        "(array) -> Array",
        "Takes over the items of another array.",
        "[1].replace([2, 3]) => [2, 3]",
        replace,
    ),
    ruby(
        "slice!",
        "(index, length = nil)",
        "Takes out an item or a part.",
        "a = [1, 2, 3]; [a.slice!(0, 2), a] => [[1, 2], [3]]",
        slice_out,
    ),
];

/// Puts `items` in the place of `count` items from `start` on; a gap before them is nil.
fn splice(host: &mut dyn Host, array: &Array, start: usize, count: usize, items: &[Value]) -> Result<()> {
    let len = array.len();
    if start > len {
        host.charge((start - len).saturating_mul(16))?;
    }
    let mut to = array.items_mut();
    if start > to.len() {
        to.resize(start, Value::Nil);
    }
    let end = start.saturating_add(count).min(to.len());
    to.splice(start..end, items.iter().cloned());
    Ok(())
}

fn replacement(value: &Value) -> Vec<Value> {
    match value {
        Value::Array(array) => array.to_vec(),
        other => vec![other.clone()],
    }
}

fn store(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let array = this_to_write(host, receiver)?;
    if let Some(value) = args.given(2) {
        let (start, length) = (args.int(0)?, args.int(1)?);
        let Ok(length) = usize::try_from(length) else {
            return Err(raise(ClassId::INDEX_ERROR, format!("negative length ({length})")));
        };
        let start = place_to_write(start, array.len())?;
        splice(host, &array, start, length, &replacement(value))?;
        return Ok(value.clone());
    }
    let value = args.get(1);
    match args.get(0) {
        Value::Range(range) => {
            let (start, count) = span_to_write(&range, array.len())?;
            splice(host, &array, start, count, &replacement(&value))?;
        }
        index => {
            let at = place_to_write(to_int(&index)?, array.len())?;
            if at >= array.len() {
                splice(host, &array, at, 0, std::slice::from_ref(&value))?;
            } else if let Some(slot) = array.items_mut().get_mut(at) {
                *slot = value.clone();
            }
        }
    }
    Ok(value)
}

fn insert(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let array = this_to_write(host, receiver)?;
    let index = args.int(0)?;
    let Some(values) = args.values.get(1..).filter(|values| !values.is_empty()) else { return Ok(receiver.clone()) };
    let len = array.len();
    let at = match index {
        -1 => Some(len),
        index if index < 0 => place(index.saturating_add(1), len),
        index => usize::try_from(index).ok(),
    };
    let at = at.ok_or_else(|| too_small(index, len + 1))?;
    splice(host, &array, at, 0, values)?;
    Ok(receiver.clone())
}

fn delete_at(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let array = this_to_write(host, receiver)?;
    let len = array.len();
    match place(args.int(0)?, len).filter(|at| *at < len) {
        Some(at) => Ok(array.items_mut().remove(at)),
        None => Ok(Value::Nil),
    }
}

fn slice_out(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let array = this_to_write(host, receiver)?;
    let len = array.len();
    let span = match (args.get(0), args.given(1)) {
        (start, Some(length)) => {
            let length = usize::try_from(to_int(length)?).ok();
            place(to_int(&start)?, len).filter(|start| *start <= len).zip(length)
        }
        (Value::Range(range), None) => span_of(&range, len)?,
        (_, None) => return delete_at(host, receiver, args),
    };
    let Some((start, count)) = span else { return Ok(Value::Nil) };
    let taken = part(&array, start, count);
    splice(host, &array, start, count, &[])?;
    Ok(taken)
}

fn fill(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let array = this_to_write(host, receiver)?;
    let skip = usize::from(args.block.is_none());
    if args.len() < skip || args.len() > skip + 2 {
        let expected = if skip == 1 { "1..3" } else { "0..2" };
        let message = format!("wrong number of arguments (given {}, expected {expected})", args.len());
        return Err(raise(ClassId::ARGUMENT_ERROR, message));
    }
    let len = array.len();
    let (start, count) = match (args.get(skip), args.get(skip + 1)) {
        (Value::Range(range), Value::Nil) => span_to_write(&range, len)?,
        (start, length) => {
            let start = if start.is_nil() { 0 } else { place(to_int(&start)?, len).unwrap_or(0) };
            let count = if length.is_nil() { len.saturating_sub(start) as i64 } else { to_int(&length)? };
            (start, usize::try_from(count).unwrap_or(0))
        }
    };
    if count == 0 {
        return Ok(receiver.clone());
    }
    host.charge(start.saturating_add(count).saturating_sub(len).saturating_mul(16))?;
    for at in start..start.saturating_add(count) {
        let value = match &args.block {
            Some(block) => host.yield_block(block, &[at.into()])?,
            None => args.get(0),
        };
        let mut items = array.items_mut();
        if at >= items.len() {
            items.resize(at, Value::Nil);
            items.push(value);
        } else if let Some(slot) = items.get_mut(at) {
            *slot = value;
        }
    }
    Ok(receiver.clone())
}

fn replace(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let array = this_to_write(host, receiver)?;
    let items = as_array(host, &args.get(0))?.to_vec();
    *array.items_mut() = items;
    Ok(receiver.clone())
}
