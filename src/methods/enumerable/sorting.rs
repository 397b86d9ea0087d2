//! Sorting with an order that may fail or be the connector's own: a stable merge sort, with quick ways for plain keys.

use crate::methods::{Host, ops};
use crate::value::{Result, Value};
use std::cmp::Ordering;

/// Sorts values by `<=>`.
pub fn sort(host: &mut dyn Host, items: &mut Vec<Value>) -> Result<()> {
    if sort_plain(items) {
        return Ok(());
    }
    sort_by_order(host, items, &mut ops::compare)
}

/// Sorts values by a comparison that may fail.
pub fn sort_by_order(
    host: &mut dyn Host,
    items: &mut Vec<Value>,
    order: &mut dyn FnMut(&mut dyn Host, &Value, &Value) -> Result<Ordering>,
) -> Result<()> {
    let places = merge_sort(host, items.len(), &mut |host, a, b| match (items.get(a), items.get(b)) {
        (Some(a), Some(b)) => order(host, a, b),
        _ => Ok(Ordering::Equal),
    })?;
    arrange(items, &places);
    Ok(())
}

/// Sorts items by their keys.
pub fn sort_by_keys(host: &mut dyn Host, items: &mut Vec<Value>, keys: &[Value]) -> Result<()> {
    let places = if let Some(places) = plain_places(keys) {
        places
    } else {
        merge_sort(host, keys.len(), &mut |host, a, b| match (keys.get(a), keys.get(b)) {
            (Some(a), Some(b)) => ops::compare(host, a, b),
            _ => Ok(Ordering::Equal),
        })?
    };
    arrange(items, &places);
    Ok(())
}

/// Puts the items into the order of `places`.
fn arrange(items: &mut Vec<Value>, places: &[u32]) {
    let mut old = std::mem::take(items);
    items.extend(places.iter().filter_map(|place| old.get_mut(*place as usize).map(std::mem::take)));
}

/// Kinds whose order is total and needs nobody's help.
#[derive(Clone, Copy, PartialEq)]
enum Plain {
    Int,
    Float,
    Str,
}

fn plain(items: &[Value]) -> Option<Plain> {
    let kind = |item: &Value| match item {
        Value::Int(_) => Some(Plain::Int),
        Value::Float(number) if !number.get().is_nan() => Some(Plain::Float),
        Value::Str(_) => Some(Plain::Str),
        _ => None,
    };
    let first = kind(items.first()?)?;
    items.iter().all(|item| kind(item) == Some(first)).then_some(first)
}

fn plain_order(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::Int(a), Value::Int(b)) => a.cmp(b),
        (Value::Float(a), Value::Float(b)) => a.get().partial_cmp(&b.get()).unwrap_or(Ordering::Equal),
        (Value::Str(a), Value::Str(b)) => a.bytes().cmp(&*b.bytes()),
        _ => Ordering::Equal,
    }
}

fn sort_plain(items: &mut [Value]) -> bool {
    let Some(_) = plain(items) else { return items.is_empty() };
    items.sort_by(plain_order);
    true
}

fn plain_places(keys: &[Value]) -> Option<Vec<u32>> {
    plain(keys)?;
    let mut places: Vec<u32> = (0..keys.len() as u32).collect();
    places.sort_by(|a, b| match (keys.get(*a as usize), keys.get(*b as usize)) {
        (Some(a), Some(b)) => plain_order(a, b),
        _ => Ordering::Equal,
    });
    Some(places)
}

type Order<'a> = &'a mut dyn FnMut(&mut dyn Host, usize, usize) -> Result<Ordering>;

/// The places `0..count` in order, halves first: the same pairs are compared as in Ruby, so the same one fails.
fn merge_sort(host: &mut dyn Host, count: usize, order: Order<'_>) -> Result<Vec<u32>> {
    let mut places: Vec<u32> = (0..count as u32).collect();
    let mut spare = places.clone();
    merge_halves(host, &mut places, &mut spare, order)?;
    Ok(places)
}

fn merge_halves(host: &mut dyn Host, places: &mut [u32], spare: &mut [u32], order: Order<'_>) -> Result<()> {
    let half = places.len() / 2;
    if half == 0 {
        return Ok(());
    }
    let (left, right) = places.split_at_mut(half);
    let (spare_left, spare_right) = spare.split_at_mut(half);
    merge_halves(host, left, spare_left, order)?;
    merge_halves(host, right, spare_right, order)?;
    let (mut l, mut r) = (0, 0);
    for slot in spare.iter_mut() {
        *slot = match (left.get(l), right.get(r)) {
            (Some(a), Some(b)) if order(host, *a as usize, *b as usize)? == Ordering::Greater => {
                r += 1;
                *b
            }
            (Some(a), _) => {
                l += 1;
                *a
            }
            (None, Some(b)) => {
                r += 1;
                *b
            }
            (None, None) => *slot,
        };
    }
    places.copy_from_slice(spare);
    Ok(())
}
