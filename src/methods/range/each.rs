//! Iterating over ranges: numbers, strings as `String#upto` counts, symbols, dates and whatever has `succ`.

use crate::methods::enumerable::each::{Flow, Item};
use crate::methods::{Host, ops};
use crate::text::Name;
use crate::value::{ClassId, Range, Result, Str, Value, equal, raise};
use std::cmp::Ordering;
use std::rc::Rc;

/// Where items go.
pub type Step<'a> = &'a mut dyn FnMut(&mut dyn Host, Item) -> Result<Flow>;

/// Sends each item of the range to `step`.
pub fn each(host: &mut dyn Host, range: &Range, step: Step<'_>) -> Result<()> {
    match (&range.lo, &range.hi) {
        (Value::Nil, _) => Err(beginless()),
        (Value::Int(_) | Value::BigInt(_), _) => each_number(host, range, step),
        (Value::Str(lo), Value::Str(hi)) => each_string(host, lo, hi, range.exclusive, step),
        (Value::Symbol(lo), Value::Symbol(hi)) => {
            let [lo, hi] = [lo, hi].map(|symbol| symbol.with(|text| Rc::new(Str::from(text))));
            each_string(host, &lo, &hi, range.exclusive, &mut |host, item| match item {
                Item::One(Value::Str(text)) => step(host, Item::One(Value::symbol(&text.to_text()))),
                other => step(host, other),
            })
        }
        (lo, _) if can_succeed(host, lo) => each_successor(host, range, step),
        (lo, _) => Err(not_iterable(lo)),
    }
}

#[cold]
pub(super) fn beginless() -> Box<crate::value::Unwind> {
    raise(ClassId::RANGE_ERROR, "cannot get the first element of beginless range")
}

#[cold]
pub(super) fn not_iterable(lo: &Value) -> Box<crate::value::Unwind> {
    raise(ClassId::TYPE_ERROR, format!("can't iterate from {}", lo.class().name()))
}

/// Times have `succ` no longer; numbers with fractions never had.
fn can_succeed(host: &dyn Host, value: &Value) -> bool {
    match value {
        Value::Str(_) | Value::Symbol(_) | Value::Date(_) => true,
        Value::Float(_) | Value::Decimal(_) | Value::Rational(_) => false,
        Value::Time(time) => time.flavor == crate::value::Flavor::DateTime,
        other => host.responds_to(other, Name::new("succ")),
    }
}

fn each_number(host: &mut dyn Host, range: &Range, step: Step<'_>) -> Result<()> {
    let mut at = range.lo.clone();
    loop {
        if !range.hi.is_nil() {
            let order = ops::compare(host, &at, &range.hi)?;
            if order == Ordering::Greater || (range.exclusive && order == Ordering::Equal) {
                return Ok(());
            }
        }
        host.tick()?;
        if step(host, Item::One(at.clone()))? == Flow::Stop {
            return Ok(());
        }
        at = match at {
            Value::Int(number) if number < i64::MAX => Value::Int(number + 1),
            other => ops::send(host, &other, "+", &[Value::Int(1)])?,
        };
    }
}

fn each_successor(host: &mut dyn Host, range: &Range, step: Step<'_>) -> Result<()> {
    let mut at = range.lo.clone();
    loop {
        let order = if range.hi.is_nil() { None } else { ops::try_compare(host, &at, &range.hi)? };
        let inside = match order {
            Some(Ordering::Less) => true,
            Some(Ordering::Equal) => !range.exclusive,
            Some(Ordering::Greater) => false,
            None => range.hi.is_nil(),
        };
        if !inside {
            return Ok(());
        }
        host.tick()?;
        if step(host, Item::One(at.clone()))? == Flow::Stop {
            return Ok(());
        }
        at = ops::send(host, &at, "succ", &[])?;
    }
}

/// `lo.upto(hi)`: single characters by code, digits by number, everything else by `succ` until it outgrows `hi`.
pub fn each_string(host: &mut dyn Host, lo: &Rc<Str>, hi: &Rc<Str>, exclusive: bool, step: Step<'_>) -> Result<()> {
    if let (&[lo], &[hi]) = (&*lo.bytes(), &*hi.bytes())
        && lo.is_ascii()
        && hi.is_ascii()
    {
        return each_character(host, lo, hi, exclusive, step);
    }
    if let (Some((lo_number, width)), Some((hi_number, _))) = (digits(lo), digits(hi)) {
        let hi_number = if exclusive { hi_number - 1 } else { hi_number };
        for number in lo_number..=hi_number {
            host.tick()?;
            if step(host, Item::One(Value::string(format!("{number:0width$}"))))? == Flow::Stop {
                break;
            }
        }
        return Ok(());
    }
    each_succeeding_string(host, lo, hi, exclusive, step)
}

fn each_character(host: &mut dyn Host, lo: u8, hi: u8, exclusive: bool, step: Step<'_>) -> Result<()> {
    for byte in lo..=hi {
        if exclusive && byte == hi {
            break;
        }
        if step(host, Item::One(Value::string(char::from(byte).to_string())))? == Flow::Stop {
            break;
        }
    }
    Ok(())
}

/// The number that a string of digits spells, and its width.
fn digits(text: &Str) -> Option<(i64, usize)> {
    let bytes = text.bytes();
    if bytes.is_empty() || bytes.len() > 18 || !bytes.iter().all(u8::is_ascii_digit) {
        return None;
    }
    std::str::from_utf8(&bytes).ok()?.parse().ok().map(|number| (number, bytes.len()))
}

fn each_succeeding_string(
    host: &mut dyn Host,
    lo: &Rc<Str>,
    hi: &Rc<Str>,
    exclusive: bool,
    step: Step<'_>,
) -> Result<()> {
    let end = Value::Str(Rc::clone(hi));
    let mut at = Value::Str(Rc::new(lo.copy()));
    match ops::compare(host, &at, &end)? {
        Ordering::Greater => return Ok(()),
        Ordering::Equal if exclusive => return Ok(()),
        _ => {}
    }
    let after_end = ops::send(host, &end, "succ", &[])?;
    let longest = hi.len();
    while !equal(&at, &after_end) {
        host.tick()?;
        let is_last = !exclusive && equal(&at, &end);
        let next = if is_last { None } else { Some(ops::send(host, &at, "succ", &[])?) };
        if step(host, Item::One(at))? == Flow::Stop {
            return Ok(());
        }
        let Some(next) = next else { return Ok(()) };
        let outgrown = matches!(&next, Value::Str(text) if text.len() > longest || text.is_empty());
        if outgrown || (exclusive && equal(&next, &end)) {
            return Ok(());
        }
        at = next;
    }
    Ok(())
}
