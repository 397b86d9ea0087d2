//! Which part of a sequence an index, a start with a length, or a range means.

use crate::methods::args::to_int;
use crate::value::{ClassId, Range, Result, Unwind, Value, inspect, raise};
use std::rc::Rc;

/// The start and the length that a range cuts out of `len` items; `None` if it starts outside.
pub fn span_of(range: &Range, len: usize) -> Result<Option<(usize, usize)>> {
    let (start, end) = ends(range, len)?;
    let Some(start) = start.filter(|start| *start <= len) else { return Ok(None) };
    Ok(Some((start, end.min(len).saturating_sub(start))))
}

/// The same for writing: the end may lie beyond; a start before the first item is a RangeError.
pub fn span_to_write(range: &Rc<Range>, len: usize) -> Result<(usize, usize)> {
    match ends(range, len)? {
        (Some(start), end) => Ok((start, end.saturating_sub(start))),
        (None, _) => Err(out_of_range(range)),
    }
}

/// Start (`None` if before the first item) and end, exclusive.
fn ends(range: &Range, len: usize) -> Result<(Option<usize>, usize)> {
    let start = if range.lo.is_nil() { 0 } else { to_int(&range.lo)? };
    let (end, exclusive) = if range.hi.is_nil() { (-1, false) } else { (to_int(&range.hi)?, range.exclusive) };
    let end = if end < 0 { end.saturating_add(len as i64) } else { end };
    let end = if exclusive { end } else { end.saturating_add(1) };
    Ok((place(start, len), usize::try_from(end).unwrap_or(0)))
}

/// An index from the front; negative ones count from the end, `None` if that is before the first item.
pub fn place(index: i64, len: usize) -> Option<usize> {
    usize::try_from(if index < 0 { index.saturating_add(len as i64) } else { index }).ok()
}

/// The place to write to, or `index -5 too small for array; minimum: -3`.
pub fn place_to_write(index: i64, len: usize) -> Result<usize> {
    place(index, len).ok_or_else(|| too_small(index, len))
}

#[cold]
pub fn too_small(index: i64, len: usize) -> Box<Unwind> {
    let message = format!("index {index} too small for array; minimum: -{len}");
    raise(ClassId::INDEX_ERROR, message)
}

#[cold]
fn out_of_range(range: &Rc<Range>) -> Box<Unwind> {
    let range = inspect(&Value::Range(Rc::clone(range))).to_text();
    raise(ClassId::RANGE_ERROR, format!("{range} out of range"))
}

/// A count that must not be negative: `first(n)`, `pop(n)`.
pub fn array_size(value: &Value) -> Result<usize> {
    let count = to_int(value)?;
    usize::try_from(count).map_err(|_| raise(ClassId::ARGUMENT_ERROR, "negative array size"))
}
