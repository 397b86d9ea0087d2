//! `next` and `peek`: the items are collected ahead in batches, because the code behind an enumerator cannot be halted.

use super::{Enumerator, Lazy};
use crate::methods::enumerable::each::{Flow, Item, fold};
use crate::methods::{Args, Host, Method, Receiver, Table, ruby};
use crate::value::{ClassId, Kind, Result, Value, raise};
use std::cell::RefCell;

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
    complete: bool,
}

fn ahead_of(value: &Value) -> Option<&RefCell<Ahead>> {
    value.downcast::<Enumerator>().map(|it| &it.ahead).or_else(|| value.downcast::<Lazy>().map(|it| &it.ahead))
}

/// The values of the next step; `StopIteration` at the end.
fn peek(host: &mut dyn Host, receiver: &Value) -> Result<Vec<Value>> {
    let Some(ahead) = ahead_of(receiver) else { return Ok(Vec::new()) };
    let (taken, known, complete) = {
        let ahead = ahead.borrow();
        (ahead.taken, ahead.items.len(), ahead.complete)
    };
    if taken >= known && !complete {
        let wanted = (known * 2).max(BATCH);
        let items = collect(host, receiver, wanted)?;
        let mut ahead = ahead.borrow_mut();
        ahead.complete = items.len() < wanted;
        ahead.items = items;
    }
    let found = ahead.borrow().items.get(taken).cloned();
    found.ok_or_else(|| raise(ClassId::STOP_ITERATION, "iteration reached an end"))
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

fn collect(host: &mut dyn Host, receiver: &Value, wanted: usize) -> Result<Vec<Vec<Value>>> {
    fold(host, receiver, Vec::new(), move |_, items: &mut Vec<Vec<Value>>, item: Item| {
        items.push(item.into_values());
        Ok(if items.len() < wanted { Flow::Next } else { Flow::Stop })
    })
}

/// What `next` answers: nil, the value, or an array of several.
fn single(mut values: Vec<Value>) -> Value {
    if values.len() < 2 { values.pop().unwrap_or_default() } else { Value::array(values) }
}
