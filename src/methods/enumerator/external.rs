//! `next` and `peek`: the items are collected ahead in batches, because the code behind an enumerator cannot be halted.

use super::{Enumerator, Lazy, drive};
use crate::methods::enumerable::each::Flow;
use crate::methods::{Args, Host, Method, Receiver, Table, ruby};
use crate::value::{ClassId, Exception, Kind, Result, Unwind, Value};
use std::cell::RefCell;
use std::rc::Rc;

pub(super) const TABLE: Table =
    Table { receiver: Receiver::Kinds(&[Kind::Enumerator, Kind::Arithmetic, Kind::Lazy]), rows: ROWS };

const ROWS: &[Method] = &[
    ruby("next", "()", "The next item.", "e = [1, 2].each; [e.next, e.next] => [1, 2]", |host, receiver, _| {
        next(host, receiver).map(single)
    }),
    ruby(
        "next_values",
        "() -> Array",
        "What the next step yields, as an array.",
        "[1].each.next_values => [1]",
        |host, receiver, _| next(host, receiver).map(Value::array),
    ),
    ruby(
        "peek",
        "()",
        "The next item, without taking it.",
        "e = [1, 2].each; [e.peek, e.next] => [1, 1]",
        |host, receiver, _| peek(host, receiver).map(single),
    ),
    ruby(
        "peek_values",
        "() -> Array",
        "What the next step yields, without taking it.",
        "[1].each.peek_values => [1]",
        |host, receiver, _| peek(host, receiver).map(Value::array),
    ),
    ruby(
        "rewind",
        "() -> Enumerator",
        "Starts `next` again from the first item.",
        "e = [1, 2].each; e.next; e.rewind; e.next => 1",
        rewind,
    ),
];

/// The first batch; each further one doubles what was collected.
const BATCH: usize = 1024;

/// What has been collected, and how much of it was taken.
#[derive(Default)]
pub struct Ahead {
    items: Vec<Vec<Value>>,
    taken: usize,
    /// What the iteration answered, once all items are known.
    result: Option<Value>,
}

fn ahead_of(value: &Value) -> Option<&RefCell<Ahead>> {
    value.downcast::<Enumerator>().map(|it| &it.ahead).or_else(|| value.downcast::<Lazy>().map(|it| &it.ahead))
}

/// The values of the next step; `StopIteration` at the end.
fn peek(host: &mut dyn Host, receiver: &Value) -> Result<Vec<Value>> {
    let Some(ahead) = ahead_of(receiver) else { return Ok(Vec::new()) };
    let (taken, known, complete) = {
        let ahead = ahead.borrow();
        (ahead.taken, ahead.items.len(), ahead.result.is_some())
    };
    if taken >= known && !complete {
        let wanted = (known * 2).max(BATCH);
        let (items, result) = collect(host, receiver, wanted)?;
        let mut ahead = ahead.borrow_mut();
        ahead.result = (items.len() < wanted).then_some(result);
        ahead.items = items;
    }
    let found = ahead.borrow().items.get(taken).cloned();
    found.ok_or_else(|| at_end(ahead.borrow().result.clone().unwrap_or_default()))
}

#[cold]
fn at_end(result: Value) -> Box<Unwind> {
    let exception = Exception::new(ClassId::STOP_ITERATION, "iteration reached an end".to_owned());
    Box::new(Unwind::Raise(Rc::new(exception.with_attribute("result", result))))
}

/// The values of the next step, which is then taken.
fn next(host: &mut dyn Host, receiver: &Value) -> Result<Vec<Value>> {
    let values = peek(host, receiver)?;
    if let Some(ahead) = ahead_of(receiver) {
        ahead.borrow_mut().taken += 1;
    }
    Ok(values)
}

fn rewind(_: &mut dyn Host, receiver: &Value, _: Args) -> Result<Value> {
    if let Some(ahead) = ahead_of(receiver) {
        *ahead.borrow_mut() = Ahead::default();
    }
    Ok(receiver.clone())
}

/// The first items, and what the iteration answered.
fn collect(host: &mut dyn Host, receiver: &Value, wanted: usize) -> Result<(Vec<Vec<Value>>, Value)> {
    let items = Rc::new(RefCell::new(Vec::new()));
    let sink = Rc::clone(&items);
    let result = drive(
        host,
        receiver,
        Box::new(move |_, item| {
            let mut items = sink.borrow_mut();
            items.push(item.into_values());
            Ok(if items.len() < wanted { Flow::Next } else { Flow::Stop })
        }),
    )?;
    Ok((items.take(), result))
}

/// What `next` answers: nil, the value, or an array of several.
fn single(mut values: Vec<Value>) -> Value {
    if values.len() < 2 { values.pop().unwrap_or_default() } else { Value::array(values) }
}
