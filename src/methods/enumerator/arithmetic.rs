//! Arithmetic sequences: `(1..10).step(3)`, `1.step(10, 3)`, `(1..10) % 3`.

use super::{Enumerator, Source, from_source, inspect_args};
use crate::methods::enumerable::each::{Flow, Item, Sink};
use crate::methods::{Args, Host, Method, Receiver, Table, ops, ruby};
use crate::value::{ClassId, Kind, Result, Value, equal, hash_of, inspect, raise};
use std::cmp::Ordering;

pub(super) const TABLE: Table = Table { receiver: Receiver::Kinds(&[Kind::Arithmetic]), rows: ROWS };

const ROWS: &[Method] = &[
    ruby(
        "== === eql?",
        "(other) -> Boolean",
        "Same begin, end, step and open end.",
        "(1..10).step(3) == ((1..10) % 3) => true",
        equals,
    ),
    ruby("begin", "()", "Where it starts.", "(1..10).step(3).begin => 1", |_, receiver, _| {
        Ok(this(receiver).map_or(Value::Nil, |it| it.begin.clone()))
    }),
    ruby("end", "()", "The limit it was given.", "(1..10).step(3).end => 10", |_, receiver, _| {
        Ok(this(receiver).map_or(Value::Nil, |it| it.end.clone()))
    }),
    ruby(
        "exclude_end?",
        "() -> Boolean",
        "The end is left out.",
        "(1...10).step(3).exclude_end? => true",
        |_, it, _| Ok(this(it).is_some_and(|it| it.exclusive).into()),
    ),
    ruby(
        "hash",
        "() -> Integer",
        "The same for equal sequences.",
        "(1..9).step(2).hash == ((1..9) % 2).hash => true",
        hash,
    ),
    ruby("last", "(count = nil)", "The last number or numbers.", "(1..9).step(3).last => 7", last),
    ruby("step", "()", "The difference of neighbours.", "(1..10).step(3).step => 3", |_, receiver, _| {
        Ok(this(receiver).map_or(Value::Nil, |it| it.step.clone()))
    }),
];

/// The numbers from `begin` to `end` by `step`, and the call that made them.
pub struct Arithmetic {
    receiver: Value,
    method: &'static str,
    args: Args,
    begin: Value,
    end: Value,
    step: Value,
    exclusive: bool,
}

/// The enumerator of `receiver.method(args)` without a block: `begin`, `end` (nil for none), step, open end.
pub fn arithmetic(
    (receiver, method, args): (&Value, &'static str, Args),
    (begin, end): (Value, Value),
    step: Value,
    exclusive: bool,
) -> Value {
    let sequence = Arithmetic { receiver: receiver.clone(), method, args, begin, end, step, exclusive };
    from_source(Source::Arithmetic(sequence), None)
}

fn this(value: &Value) -> Option<&Arithmetic> {
    match &value.downcast::<Enumerator>()?.source {
        Source::Arithmetic(sequence) => Some(sequence),
        _ => None,
    }
}

impl Arithmetic {
    pub(super) fn inspect(&self) -> String {
        let receiver = inspect(&self.receiver).to_text();
        let receiver = if matches!(self.receiver, Value::Range(_)) { format!("({receiver})") } else { receiver };
        format!("({receiver}.{}{})", self.method, inspect_args(&self.args))
    }

    pub(super) fn equals(&self, other: &Self) -> bool {
        equal(&self.begin, &other.begin)
            && equal(&self.end, &other.end)
            && equal(&self.step, &other.step)
            && self.exclusive == other.exclusive
    }

    pub(super) fn drive(&self, host: &mut dyn Host, mut sink: Sink) -> Result<()> {
        each_step(host, (&self.begin, &self.end), &self.step, self.exclusive, &mut sink)
    }

    /// How many numbers there are: an Integer, or Infinity.
    pub(super) fn size(&self, host: &mut dyn Host) -> Result<Value> {
        if self.end.is_nil() {
            return Ok(Value::float(f64::INFINITY));
        }
        if let Some((begin, end, step)) = self.floats() {
            let count = float_steps(begin, end, step, self.exclusive);
            return Ok(if count.is_finite() { Value::Int(count as i64) } else { Value::float(count) });
        }
        if let (Value::Int(begin), Value::Int(end), Value::Int(step)) = (&self.begin, &self.end, &self.step) {
            return Ok(Value::Int(integer_steps(*begin, *end, *step, self.exclusive)));
        }
        let mut count = 0;
        each_step(host, (&self.begin, &self.end), &self.step, self.exclusive, &mut |_, _| {
            count += 1;
            Ok(Flow::Next)
        })?;
        Ok(Value::Int(count))
    }

    fn floats(&self) -> Option<(f64, f64, f64)> {
        as_floats(&self.begin, &self.end, &self.step)
    }
}

/// All three as floats, if one of them is a Float.
fn as_floats(begin: &Value, end: &Value, step: &Value) -> Option<(f64, f64, f64)> {
    let any = [begin, end, step].into_iter().any(|value| matches!(value, Value::Float(_)));
    let step = if any { number(step)? } else { return None };
    let end = if end.is_nil() { f64::INFINITY.copysign(step) } else { number(end)? };
    Some((number(begin)?, end, step))
}

fn number(value: &Value) -> Option<f64> {
    use num_traits::ToPrimitive;
    match value {
        Value::Int(number) => Some(*number as f64),
        Value::Float(number) => Some(number.get()),
        Value::BigInt(number) => number.to_f64(),
        Value::Decimal(number) => Some(number.to_f64()),
        Value::Rational(it) => Some(it.numerator.to_f64()? / it.denominator.to_f64()?),
        _ => None,
    }
}

/// Yields `begin`, `begin + step`… up to `end` (nil for no end). Floats are multiplied, not added up, as Ruby does.
pub fn each_step(
    host: &mut dyn Host,
    (begin, end): (&Value, &Value),
    step: &Value,
    exclusive: bool,
    sink: &mut dyn FnMut(&mut dyn Host, Item) -> Result<Flow>,
) -> Result<()> {
    if let Some((begin, end, step)) = as_floats(begin, end, step) {
        return each_float(host, (begin, end, step), exclusive, sink);
    }
    let backwards = ops::try_compare(host, step, &Value::Int(0))? == Some(Ordering::Less);
    let mut at = begin.clone();
    loop {
        if !end.is_nil() {
            let order = ops::compare(host, &at, end)?;
            let past = if backwards { Ordering::Less } else { Ordering::Greater };
            if order == past || (exclusive && order == Ordering::Equal) {
                return Ok(());
            }
        }
        host.tick()?;
        if sink(host, Item::One(at.clone()))? == Flow::Stop {
            return Ok(());
        }
        at = match (&at, step) {
            (Value::Int(a), Value::Int(b)) if a.checked_add(*b).is_some() => Value::Int(a.wrapping_add(*b)),
            _ => ops::send(host, &at, "+", std::slice::from_ref(step))?,
        };
    }
}

fn each_float(
    host: &mut dyn Host,
    (begin, end, step): (f64, f64, f64),
    exclusive: bool,
    sink: &mut dyn FnMut(&mut dyn Host, Item) -> Result<Flow>,
) -> Result<()> {
    let count = float_steps(begin, end, step, exclusive);
    let mut at = 0.0;
    while at < count {
        host.tick()?;
        let value = if step.is_infinite() { begin } else { at * step + begin };
        let past = if step >= 0.0 { end < value } else { value < end };
        if sink(host, Item::One(Value::float(if past { end } else { value })))? == Flow::Stop {
            break;
        }
        at += 1.0;
    }
    Ok(())
}

fn integer_steps(begin: i64, end: i64, step: i64, exclusive: bool) -> i64 {
    let (begin, end, step) = (i128::from(begin), i128::from(end), i128::from(step));
    let distance = if step < 0 { begin - end } else { end - begin };
    if distance < 0 || step == 0 || (distance == 0 && exclusive) {
        return 0;
    }
    let distance = if exclusive { distance - 1 } else { distance };
    i64::try_from(distance / step.abs() + 1).unwrap_or(i64::MAX)
}

/// How many floats lie between; a rounding error of one part in 2^52 of what is added is forgiven.
pub fn float_steps(begin: f64, end: f64, step: f64, exclusive: bool) -> f64 {
    if step.is_infinite() {
        let any = if step > 0.0 { begin <= end } else { begin >= end };
        return f64::from(u8::from(any));
    }
    if step == 0.0 {
        return f64::INFINITY;
    }
    let steps = (end - begin) / step;
    let error = ((begin.abs() + end.abs() + (end - begin).abs()) / step.abs() * f64::EPSILON).min(0.5);
    if !exclusive {
        return if steps < 0.0 { 0.0 } else { (steps + error).floor() + 1.0 };
    }
    if steps <= 0.0 {
        return 0.0;
    }
    let mut count = if steps < 1.0 { 0.0 } else { (steps - error).floor() };
    let next = (count + 1.0) * step + begin;
    if (begin < end && next < end) || (begin > end && next > end) {
        count += 1.0;
    }
    count + 1.0
}

fn equals(_: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    Ok(match (this(receiver), this(&args.get(0))) {
        (Some(a), Some(b)) => a.equals(b).into(),
        _ => false.into(),
    })
}

fn hash(_: &mut dyn Host, receiver: &Value, _: Args) -> Result<Value> {
    let Some(it) = this(receiver) else { return Ok(Value::Nil) };
    let parts = vec![it.begin.clone(), it.end.clone(), it.step.clone(), it.exclusive.into()];
    Ok(Value::Int((hash_of(&Value::array(parts)) >> 2) as i64))
}

fn last(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let Some(sequence) = this(receiver) else { return Ok(Value::Nil) };
    if sequence.end.is_nil() {
        return Err(raise(ClassId::RANGE_ERROR, "cannot get the last element of endless arithmetic sequence"));
    }
    let mut items = crate::methods::enumerable::each::to_vec(host, receiver)?;
    let Some(count) = args.given(0) else { return Ok(items.pop().unwrap_or_default()) };
    let count = crate::methods::args::to_int(count)?;
    let count = usize::try_from(count).map_err(|_| raise(ClassId::ARGUMENT_ERROR, "negative array size"))?;
    Ok(Value::array(items.split_off(items.len().saturating_sub(count))))
}
