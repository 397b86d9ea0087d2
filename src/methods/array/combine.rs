//! Operators and copies in another shape: `+`, `-`, `&`, `|`, `*`, `==`, `<=>`, `flatten`, `transpose`, `reverse` …

use super::change::{rotate_items, shuffled};
use super::{as_array, convert, this};
use crate::methods::enumerable::sum_array;
use crate::methods::{Args, Host, Method, args::to_int, ops, ruby};
use crate::value::{Array, ClassId, Hash, Result, Value, eql, equal, raise, same};
use std::cmp::Ordering;
use std::rc::Rc;

pub(super) const ROWS: &[Method] = &[
    ruby("&", "(other) -> Array", "The items of both, once each.", "[1, 2] & [2, 3] => [2]", |host, it, args| {
        intersection(host, it, args)
    }),
    ruby(
        "*",
        "(times_or_separator)",
        "The items over and over, or joined.",
        "[1, 2] * 2 => [1, 2, 1, 2]\n[1, 2] * ',' => \"1,2\"",
        times,
    ),
    ruby("+", "(other) -> Array", "The items of both.", "[1] + [2] => [1, 2]", plus),
    ruby(
        "-",
        "(other) -> Array",
        "The items that the other does not have.",
        "[1, 2, 1] - [1] => [2]",
        |host, it, args| difference(host, it, args),
    ),
    ruby("<=>", "(other)", "The order of the first items that differ.", "[1, 2] <=> [1, 3] => -1", spaceship),
    ruby("==", "(other) -> Boolean", "Equal items in the same places.", "[1, 2] == [1, 2.0] => true", is_equal),
    ruby(
        "difference",
        "(*others) -> Array",
        "The items that no other has.",
        "[1, 2, 3].difference([1], [3]) => [2]",
        difference,
    ),
    ruby(
        "flatten",
        "(depth = nil) -> Array",
        "Arrays within replaced by their items.",
        "[1, [2, [3]]].flatten => [1, 2, 3]",
        |host, it, args| {
            let array = this(host, it)?;
            flattened(host, &array, &args).map(|(items, _)| Value::array(items))
        },
    ),
    ruby(
        "flatten!",
        "(depth = nil)",
        "Replaces arrays within by their items; nil if there were none.",
        "[1, [2]].flatten! => [1, 2]\n[1].flatten! => nil",
        |host, it, args| {
            let array = super::this_to_write(host, it)?;
            let (items, changed) = flattened(host, &array, &args)?;
            *array.items_mut() = items;
            Ok(if changed { it.clone() } else { Value::Nil })
        },
    ),
    ruby(
        "intersect?",
        "(other) -> Boolean",
        "Has items in common.",
        "[1, 2].intersect?([2]) => true",
        |host, it, args| {
            let found = intersection(host, it, args)?;
            Ok(matches!(found, Value::Array(array) if !array.is_empty()).into())
        },
    ),
    ruby(
        "intersection",
        "(*others) -> Array",
        "The items that all have, once each.",
        "[1, 2, 3].intersection([2, 3], [3]) => [3]",
        intersection,
    ),
    ruby("reverse", "() -> Array", "The items from the end.", "[1, 2].reverse => [2, 1]", |host, it, _| {
        let array = this(host, it)?;
        let items = array.items().iter().rev().cloned().collect();
        Ok(Value::array(items))
    }),
    ruby(
        "rotate",
        "(count = 1) -> Array",
        "The first items behind the others.",
        "[1, 2, 3].rotate => [2, 3, 1]",
        |host, it, args| {
            let mut items = this(host, it)?.to_vec();
            rotate_items(&mut items, &args)?;
            Ok(Value::array(items))
        },
    ),
    ruby("sample", "(count = nil, random: nil)", "A random item, or a few.", "[7].sample => 7", sample),
    ruby(
        "shuffle",
        "(random: nil) -> Array",
        "The items in a random order.",
        "[1, 2].shuffle.sort => [1, 2]",
        |host, it, _| {
            let items = this(host, it)?.to_vec();
            Ok(Value::array(shuffled(host, items)))
        },
    ),
    ruby(
        "sum",
        "(start = 0) [{ |item| … }]",
        "All items added up; floats without piling up rounding errors.",
        "[0.1, 0.2, 0.3].sum => 0.6\n['a', 'b'].sum => \"ab\"",
        |host, it, args| {
            let array = Value::Array(this(host, it)?);
            sum_array(host, &array, args)
        },
    ),
    ruby(
        "transpose",
        "() -> Array",
        "Rows become columns.",
        "[[1, 2], [3, 4]].transpose => [[1, 3], [2, 4]]",
        transpose,
    ),
    ruby("union", "(*others) -> Array", "The items of all, once each.", "[1].union([1, 2], [3]) => [1, 2, 3]", union),
    ruby("|", "(other) -> Array", "The items of both, once each.", "[1, 2] | [2, 3] => [1, 2, 3]", union),
];

fn plus(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let array = this(host, receiver)?;
    let other = as_array(host, &args.get(0))?;
    let mut items = Vec::with_capacity(array.len() + other.len());
    items.extend_from_slice(&array.items());
    items.extend_from_slice(&other.items());
    Ok(Value::array(items))
}

fn times(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let array = this(host, receiver)?;
    if let separator @ Value::Str(_) = args.get(0) {
        return convert::join(host, &array, &separator);
    }
    let count = args.int(0)?;
    let Ok(count) = usize::try_from(count) else { return Err(raise(ClassId::ARGUMENT_ERROR, "negative argument")) };
    let Some(total) = array.len().checked_mul(count).filter(|total| *total < usize::MAX / 16) else {
        return Err(raise(ClassId::ARGUMENT_ERROR, "argument too big"));
    };
    host.charge(total.saturating_mul(16))?;
    let items = array.items().repeat_items(count);
    Ok(Value::array(items))
}

/// Repetition without asking for `Copy`.
trait Repeat {
    fn repeat_items(&self, count: usize) -> Vec<Value>;
}

impl Repeat for [Value] {
    fn repeat_items(&self, count: usize) -> Vec<Value> {
        let mut all = Vec::with_capacity(self.len().saturating_mul(count));
        for _ in 0..count {
            all.extend_from_slice(self);
        }
        all
    }
}

/// The items of arrays as the keys of one hash.
fn keys_of(host: &mut dyn Host, array: &Value) -> Result<Hash> {
    let keys = Hash::new();
    as_array(host, array)?.items().iter().for_each(|item| keys.insert(item.clone(), Value::Nil));
    Ok(keys)
}

fn difference(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let mut items = this(host, receiver)?.to_vec();
    for other in &args.values {
        let other = as_array(host, other)?;
        if other.len() <= SMALL {
            let unwanted = other.items();
            items.retain(|item| !unwanted.iter().any(|other| eql(item, other)));
        } else {
            let unwanted = keys_of(host, &Value::Array(other))?;
            items.retain(|item| !unwanted.contains(item));
        }
    }
    Ok(Value::array(items))
}

/// Up to so many items a search is quicker than a hash.
const SMALL: usize = 16;

fn intersection(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let mut items = unique(this(host, receiver)?.to_vec());
    for other in &args.values {
        let wanted = keys_of(host, other)?;
        items.retain(|item| wanted.contains(item));
    }
    Ok(Value::array(items))
}

fn union(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let mut items = this(host, receiver)?.to_vec();
    for other in &args.values {
        items.extend_from_slice(&as_array(host, other)?.items());
    }
    Ok(Value::array(unique(items)))
}

fn unique(mut items: Vec<Value>) -> Vec<Value> {
    let seen = Hash::with_capacity(items.len());
    items.retain(|item| {
        let is_new = !seen.contains(item);
        if is_new {
            seen.insert(item.clone(), Value::Nil);
        }
        is_new
    });
    items
}

fn spaceship(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let array = this(host, receiver)?;
    let Ok(other) = as_array(host, &args.get(0)) else { return Ok(Value::Nil) };
    if Rc::ptr_eq(&array, &other) {
        return Ok(Value::Int(0));
    }
    let mut at = 0;
    while let (Some(a), Some(b)) = (array.get(at), other.get(at)) {
        match ops::try_compare(host, &a, &b)? {
            Some(Ordering::Equal) => at += 1,
            Some(order) => return Ok(Value::Int(order as i64)),
            None => return Ok(Value::Nil),
        }
    }
    Ok(Value::Int(array.len().cmp(&other.len()) as i64))
}

fn is_equal(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let other = args.get(0);
    if same(receiver, &other) {
        return Ok(true.into());
    }
    if let (Value::Array(_), Value::Array(_)) = (receiver, &other) {
        return Ok(equal(receiver, &other).into());
    }
    let Ok(other) = as_array(host, &other) else { return Ok(false.into()) };
    let array = this(host, receiver)?;
    Ok(equal(&Value::Array(array), &Value::Array(other)).into())
}

/// The flat items, and whether anything had to be flattened.
fn flattened(host: &mut dyn Host, array: &Rc<Array>, args: &Args) -> Result<(Vec<Value>, bool)> {
    let depth = match args.get(0) {
        Value::Nil => None,
        depth => usize::try_from(to_int(&depth)?).ok(),
    };
    if depth == Some(0) {
        return Ok((array.to_vec(), false));
    }
    let mut flat = Vec::with_capacity(array.len());
    let mut open = vec![(Rc::clone(array), 0)];
    let mut changed = false;
    while let Some((current, at)) = open.last_mut() {
        let item = current.get(*at);
        *at += 1;
        match item {
            None => {
                open.pop();
            }
            Some(Value::Array(inner)) if depth.is_none_or(|depth| open.len() <= depth) => {
                host.tick()?;
                if depth.is_none() && open.iter().any(|(outer, _)| Rc::ptr_eq(outer, &inner)) {
                    return Err(raise(ClassId::ARGUMENT_ERROR, "tried to flatten recursive array"));
                }
                changed = true;
                open.push((inner, 0));
            }
            Some(other) => flat.push(other),
        }
    }
    Ok((flat, changed))
}

fn sample(host: &mut dyn Host, receiver: &Value, mut args: Args) -> Result<Value> {
    args.take_keywords();
    let array = this(host, receiver)?;
    let Some(count) = args.given(0) else {
        let len = array.len() as u64;
        let at = if len == 0 { 0 } else { host.random() % len };
        return Ok(array.get(usize::try_from(at).unwrap_or(0)).unwrap_or_default());
    };
    let Ok(count) = usize::try_from(to_int(count)?) else {
        return Err(raise(ClassId::ARGUMENT_ERROR, "negative sample number"));
    };
    let mut items = shuffled(host, array.to_vec());
    items.truncate(count);
    Ok(Value::array(items))
}

fn transpose(host: &mut dyn Host, receiver: &Value, _: Args) -> Result<Value> {
    let rows = this(host, receiver)?.to_vec();
    let mut columns: Vec<Vec<Value>> = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        let row = as_array(host, row)?;
        if at == 0 {
            columns.resize_with(row.len(), Vec::new);
        } else if row.len() != columns.len() {
            let message = format!("element size differs ({} should be {})", row.len(), columns.len());
            return Err(raise(ClassId::INDEX_ERROR, message));
        }
        for (column, item) in columns.iter_mut().zip(row.items().iter()) {
            column.push(item.clone());
        }
    }
    Ok(Value::array(columns.into_iter().map(Value::array).collect()))
}
