//! What follows from the ends of a range alone: making one, membership, size, least and greatest.

use super::each::beginless;
use crate::methods::enumerable::each::{Flow, fold, to_vec};
use crate::methods::{Args, Host, args::to_int, enumerator, ops};
use crate::text::Name;
use crate::value::{ClassId, Range, Result, Value, raise};
use std::cmp::Ordering;
use std::rc::Rc;

/// `lo..hi` or `lo...hi`; ArgumentError unless the ends can be compared.
pub fn new(host: &mut dyn Host, lo: Value, hi: Value, exclusive: bool) -> Result<Value> {
    let both_int = matches!((&lo, &hi), (Value::Int(_), Value::Int(_)));
    if !both_int && !lo.is_nil() && !hi.is_nil() && !matches!(ops::try_compare(host, &lo, &hi), Ok(Some(_))) {
        return Err(raise(ClassId::ARGUMENT_ERROR, "bad value for range"));
    }
    Ok(Value::Range(Rc::new(Range { lo, hi, exclusive })))
}

pub(super) fn this(value: &Value) -> Result<&Rc<Range>> {
    match value {
        Value::Range(range) => Ok(range),
        other => Err(crate::methods::args::no_conversion(other, "Range")),
    }
}

pub(super) const fn is_numeric(value: &Value) -> bool {
    matches!(value, Value::Int(_) | Value::Float(_) | Value::BigInt(_) | Value::Decimal(_) | Value::Rational(_))
}

pub(super) const fn is_integer(value: &Value) -> bool {
    matches!(value, Value::Int(_) | Value::BigInt(_))
}

/// `lo <= value && value <= hi` by `<=>` alone.
fn lies_between(host: &mut dyn Host, range: &Range, value: &Value) -> Result<bool> {
    let above = range.lo.is_nil()
        || matches!(ops::try_compare(host, &range.lo, value)?, Some(Ordering::Less | Ordering::Equal));
    if !above {
        return Ok(false);
    }
    Ok(match if range.hi.is_nil() { return Ok(true) } else { ops::try_compare(host, value, &range.hi)? } {
        Some(Ordering::Less) => true,
        Some(Ordering::Equal) => !range.exclusive,
        _ => false,
    })
}

/// `cover?` and `===`: a value between the ends, or a range within.
pub(super) fn covers(host: &mut dyn Host, receiver: &Value, value: &Value) -> Result<bool> {
    let range = this(receiver)?;
    match value {
        Value::Range(inner) => {
            contains_range(host, range, inner, value, |host, first| lies_between(host, range, first))
        }
        other => lies_between(host, range, other),
    }
}

/// `include?`: strings and dates are looked for one by one, numbers and times only compared.
pub(super) fn includes(host: &mut dyn Host, receiver: &Value, value: &Value) -> Result<bool> {
    let range = this(receiver)?;
    match value {
        Value::Range(inner) => {
            contains_range(host, range, inner, value, |host, first| has_member(host, receiver, range, first))
        }
        other => has_member(host, receiver, range, other),
    }
}

fn has_member(host: &mut dyn Host, receiver: &Value, range: &Range, value: &Value) -> Result<bool> {
    let is_linear = |end: &Value| is_numeric(end) || matches!(end, Value::Time(_));
    if is_linear(&range.lo) || is_linear(&range.hi) {
        return lies_between(host, range, value);
    }
    if range.lo.is_nil() {
        return Err(beginless());
    }
    if matches!((&range.lo, &range.hi), (Value::Str(_), Value::Str(_))) && !matches!(value, Value::Str(_)) {
        return Ok(false);
    }
    let wanted = value.clone();
    fold(host, receiver, false, move |host, found, item| {
        *found = ops::equals(host, &item.into_value(), &wanted)?;
        Ok(if *found { Flow::Stop } else { Flow::Next })
    })
}

/// A range lies within another if its first does, and its greatest does.
fn contains_range(
    host: &mut dyn Host,
    outer: &Range,
    inner: &Range,
    inner_value: &Value,
    has_first: impl Fn(&mut dyn Host, &Value) -> Result<bool>,
) -> Result<bool> {
    if !inner.lo.is_nil() && !inner.hi.is_nil() {
        let order = ops::compare(host, &inner.lo, &inner.hi)?;
        if order == Ordering::Greater || (order == Ordering::Equal && inner.exclusive) {
            return Ok(false);
        }
    }
    let greatest = if !outer.exclusive && inner.exclusive { max_plain(host, inner_value)? } else { last_end(inner)? };
    if inner.lo.is_nil() {
        return Err(beginless());
    }
    if !has_first(host, &inner.lo)? {
        return Ok(false);
    }
    if outer.hi.is_nil() {
        return Ok(true);
    }
    let order = ops::compare(host, &greatest, &outer.hi)?;
    let strictly = outer.exclusive && !inner.exclusive;
    Ok(order == Ordering::Less || (!strictly && order == Ordering::Equal))
}

fn last_end(range: &Range) -> Result<Value> {
    if range.hi.is_nil() {
        return Err(raise(ClassId::RANGE_ERROR, "cannot get the last element of endless range"));
    }
    Ok(range.hi.clone())
}

/// `range.size`: how many steps of 1 lie in a range of numbers; nil for others.
pub fn size(host: &mut dyn Host, receiver: &Value) -> Result<Value> {
    let range = this(receiver)?;
    match (&range.lo, &range.hi) {
        (lo, Value::Nil) if is_numeric(lo) => Ok(Value::float(f64::INFINITY)),
        (Value::Nil, hi) if is_numeric(hi) => Ok(Value::float(f64::INFINITY)),
        (Value::Int(lo), Value::Int(hi)) => {
            let count = i128::from(*hi) - i128::from(*lo) + i128::from(!range.exclusive);
            Ok(Value::big(count.max(0).into()))
        }
        (lo, Value::Float(hi)) if is_integer(lo) && hi.get().is_infinite() => {
            Ok(if hi.get() > 0.0 { Value::float(f64::INFINITY) } else { Value::Int(0) })
        }
        (lo, hi) if is_integer(lo) && is_integer(hi) => {
            let hi = if range.exclusive { hi.clone() } else { ops::send(host, hi, "+", &[Value::Int(1)])? };
            let count = ops::send(host, &hi, "-", std::slice::from_ref(lo))?;
            Ok(if ops::compare(host, &count, &Value::Int(0))? == Ordering::Less { Value::Int(0) } else { count })
        }
        (lo, hi) if is_numeric(lo) && is_numeric(hi) => {
            let sequence = enumerator::arithmetic(
                (receiver, "step", Args::none()),
                (lo.clone(), hi.clone()),
                Value::Int(1),
                range.exclusive,
            );
            host.send(&sequence, Name::new("size"), Args::none())
        }
        _ => Ok(Value::Nil),
    }
}

pub(super) fn count(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let range = this(receiver)?;
    if args.is_empty() && args.block.is_none() {
        if range.lo.is_nil() || range.hi.is_nil() {
            return Ok(Value::float(f64::INFINITY));
        }
        if is_integer(&range.lo) && is_integer(&range.hi) {
            return size(host, receiver);
        }
    }
    crate::methods::enumerable::count(host, receiver, args)
}

pub(super) fn first(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let range = this(receiver)?;
    if range.lo.is_nil() {
        return Err(beginless());
    }
    if args.is_empty() {
        return Ok(range.lo.clone());
    }
    let count = array_size(&args)?;
    crate::methods::enumerable::take_first(host, receiver, count).map(Value::array)
}

/// How many items `first(n)` and `last(n)` were asked for.
fn array_size(args: &Args) -> Result<usize> {
    let count = to_int(&args.get(0))?;
    usize::try_from(count).map_err(|_| raise(ClassId::ARGUMENT_ERROR, "negative array size (or size too big)"))
}

pub(super) fn last(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let range = this(receiver)?;
    let end = last_end(range)?;
    if args.is_empty() {
        return Ok(end);
    }
    if let (Value::Int(lo), Value::Int(hi)) = (&range.lo, &range.hi) {
        let count = to_int(&args.get(0))?;
        if count < 0 {
            return Err(raise(ClassId::ARGUMENT_ERROR, "negative array size"));
        }
        let hi = if range.exclusive { hi.saturating_sub(1) } else { *hi };
        let from = hi.saturating_sub(count).saturating_add(1).max(*lo);
        host.charge(usize::try_from(hi.saturating_sub(from)).unwrap_or_default().saturating_mul(16))?;
        return Ok(Value::array((from..=hi).map(Value::Int).collect()));
    }
    let count = to_int(&args.get(0))?;
    let count = usize::try_from(count).map_err(|_| raise(ClassId::ARGUMENT_ERROR, "negative array size"))?;
    let mut items = to_vec(host, receiver)?;
    Ok(Value::array(items.split_off(items.len().saturating_sub(count))))
}

/// `to_a`; a range without end has none.
pub(super) fn to_a(host: &mut dyn Host, receiver: &Value, _: Args) -> Result<Value> {
    let range = this(receiver)?;
    if range.hi.is_nil() {
        return Err(raise(ClassId::RANGE_ERROR, "cannot convert endless range to an array"));
    }
    if let (Value::Int(lo), Value::Int(hi)) = (&range.lo, &range.hi) {
        let hi = if range.exclusive { hi.saturating_sub(1) } else { *hi };
        host.charge(usize::try_from(hi.saturating_sub(*lo)).unwrap_or_default().saturating_mul(16))?;
        return Ok(Value::array((*lo..=hi).map(Value::Int).collect()));
    }
    to_vec(host, receiver).map(Value::array)
}

pub(super) fn min(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let range = this(receiver)?;
    let because = |how: &str| raise(ClassId::RANGE_ERROR, format!("cannot get the minimum of {how}"));
    if range.lo.is_nil() {
        return Err(because("beginless range"));
    }
    if args.block.is_some() {
        if range.hi.is_nil() {
            return Err(because("endless range with custom comparison method"));
        }
        return crate::methods::enumerable::min(host, receiver, args);
    }
    if !args.is_empty() {
        return first(host, receiver, args);
    }
    min_plain(host, receiver)
}

pub(super) fn max(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let range = this(receiver)?;
    let because = |how: &str| raise(ClassId::RANGE_ERROR, format!("cannot get the maximum of {how}"));
    if range.hi.is_nil() {
        return Err(because("endless range"));
    }
    if args.block.is_some() || !args.is_empty() || (range.exclusive && !is_numeric(&range.hi)) {
        if range.lo.is_nil() {
            return Err(because("beginless range with custom comparison method"));
        }
        return crate::methods::enumerable::max(host, receiver, args);
    }
    max_plain(host, receiver)
}

pub(super) fn minmax(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    if args.block.is_some() {
        return crate::methods::enumerable::minmax(host, receiver, args);
    }
    let least = min(host, receiver, Args::none())?;
    let greatest = max(host, receiver, Args::none())?;
    Ok(Value::array(vec![least, greatest]))
}

fn min_plain(host: &mut dyn Host, receiver: &Value) -> Result<Value> {
    let range = this(receiver)?;
    let order = if range.hi.is_nil() { Ordering::Less } else { ops::compare(host, &range.lo, &range.hi)? };
    let is_empty = order == Ordering::Greater || (order == Ordering::Equal && range.exclusive);
    Ok(if is_empty { Value::Nil } else { range.lo.clone() })
}

fn max_plain(host: &mut dyn Host, receiver: &Value) -> Result<Value> {
    let range = this(receiver)?;
    if range.exclusive && !is_numeric(&range.hi) {
        return max(host, receiver, Args::none());
    }
    let order = if range.lo.is_nil() { Ordering::Less } else { ops::compare(host, &range.lo, &range.hi)? };
    if order == Ordering::Greater {
        return Ok(Value::Nil);
    }
    if !range.exclusive {
        return Ok(range.hi.clone());
    }
    if !is_integer(&range.hi) {
        return Err(raise(ClassId::TYPE_ERROR, "cannot exclude non Integer end value"));
    }
    if order == Ordering::Equal {
        return Ok(Value::Nil);
    }
    if !is_integer(&range.lo) {
        return Err(raise(ClassId::TYPE_ERROR, "cannot exclude end value with non Integer begin value"));
    }
    ops::send(host, &range.hi, "-", &[Value::Int(1)])
}

/// `sum`: by formula for integers.
pub(super) fn sum(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let range = this(receiver)?;
    if args.block.is_none() {
        if range.lo.is_nil() {
            return Err(beginless());
        }
        let last = last_end(range)?;
        if let (Value::Int(lo), Value::Int(hi)) = (&range.lo, &last) {
            let (lo, hi) = (i128::from(*lo), i128::from(*hi) - i128::from(range.exclusive));
            let start = if args.get(0).truthy() { args.get(0) } else { Value::Int(0) };
            if hi < lo {
                return Ok(start);
            }
            let sum = (num_bigint::BigInt::from(hi - lo + 1) * num_bigint::BigInt::from(hi + lo)) / 2;
            return ops::send(host, &start, "+", &[Value::big(sum)]);
        }
    }
    crate::methods::enumerable::sum(host, receiver, args)
}

pub(super) fn overlaps(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let other = args.get(0);
    let start = first(host, &other, Args::none())?;
    if covers(host, receiver, &start)? {
        return Ok(true.into());
    }
    let start = first(host, receiver, Args::none())?;
    Ok(covers(host, &other, &start)?.into())
}
