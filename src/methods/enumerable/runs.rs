//! Runs of neighbouring items: `chunk`, `chunk_while`, `slice_when`, `slice_before`, `slice_after`.

use super::each::{Flow, Item, Sink, fold};
use crate::methods::enumerator::{self, Lazy, stream};
use crate::methods::{Args, Host, Method, Receiver, Table, ops, ruby};
use crate::value::{ClassId, Kind, Proc, Result, Unwind, Value, raise};
use std::rc::Rc;

pub(super) const TABLE: Table = Table { receiver: Receiver::Enumerable, rows: ROWS };

const ROWS: &[Method] = &[
    ruby(
        "chunk",
        "() { |item| … } -> Enumerator",
        "Runs of items for which the block answers the same, with that answer.",
        "[1, 3, 2].chunk(&:odd?).to_a => [[true, [1, 3]], [false, [2]]]",
        chunk,
    ),
    ruby(
        "chunk_while",
        "() { |a, b| … } -> Enumerator",
        "Runs of items, as long as the block holds for two neighbours.",
        "[1, 2, 4].chunk_while { |a, b| b == a + 1 }.to_a => [[1, 2], [4]]",
        |_, it, args| neighbours(it, args, false),
    ),
    ruby(
        "slice_after",
        "(pattern = nil) [{ |item| … }] -> Enumerator",
        "Runs that end with an item that matches.",
        "[1, 2, 3].slice_after(2).to_a => [[1, 2], [3]]",
        |_, it, args| at_matches(it, args, true),
    ),
    ruby(
        "slice_before",
        "(pattern = nil) [{ |item| … }] -> Enumerator",
        "Runs that begin with an item that matches.",
        "[1, 2, 3].slice_before(2).to_a => [[1], [2, 3]]",
        |_, it, args| at_matches(it, args, false),
    ),
    ruby(
        "slice_when",
        "() { |a, b| … } -> Enumerator",
        "Runs of items, cut where the block holds for two neighbours.",
        "[1, 2, 4].slice_when { |a, b| b != a + 1 }.to_a => [[1, 2], [4]]",
        |_, it, args| neighbours(it, args, true),
    ),
];

/// What a run under construction is made of, and where finished ones go.
struct Runs {
    run: Vec<Value>,
    sink: Sink,
    stopped: bool,
}

impl Runs {
    fn new(sink: Sink) -> Self {
        Self { run: Vec::new(), sink, stopped: false }
    }

    /// Hands out the run, if there is one.
    fn finish(&mut self, host: &mut dyn Host) -> Result<Flow> {
        if self.run.is_empty() || self.stopped {
            return Ok(Flow::Next);
        }
        let run = Value::array(std::mem::take(&mut self.run));
        let flow = (self.sink)(host, Item::One(run))?;
        self.stopped = flow == Flow::Stop;
        Ok(flow)
    }
}

#[cold]
fn no_block() -> Box<Unwind> {
    raise(ClassId::ARGUMENT_ERROR, "tried to create Proc object without a block")
}

/// An enumerator that is lazy if the receiver is.
fn answer(receiver: &Value, make: impl Fn(&mut dyn Host, Sink) -> Result<()> + 'static) -> Value {
    let runs = stream(make);
    if receiver.kind() == Kind::Lazy { Lazy::of(&runs) } else { runs }
}

fn neighbours(receiver: &Value, args: Args, cut_when: bool) -> Result<Value> {
    let block = args.block.ok_or_else(no_block)?;
    let source = receiver.clone();
    Ok(answer(receiver, move |host, sink| {
        let block = Rc::clone(&block);
        let mut runs = fold(host, &source, Runs::new(sink), move |host, runs, item| {
            let item = item.into_value();
            let cut = match runs.run.last() {
                Some(before) => host.yield_block(&block, &[before.clone(), item.clone()])?.truthy() == cut_when,
                None => false,
            };
            let flow = if cut { runs.finish(host)? } else { Flow::Next };
            runs.run.push(item);
            Ok(flow)
        })?;
        runs.finish(host).map(|_| ())
    }))
}

fn at_matches(receiver: &Value, args: Args, after: bool) -> Result<Value> {
    let pattern = match (args.given(0), &args.block) {
        (Some(_), Some(_)) => return Err(arity(1, 0)),
        (None, None) => return Err(arity(0, 1)),
        (pattern, _) => pattern.cloned(),
    };
    let (source, block) = (receiver.clone(), args.block);
    Ok(answer(receiver, move |host, sink| {
        let (block, pattern) = (block.clone(), pattern.clone());
        let mut runs = fold(host, &source, Runs::new(sink), move |host, runs, item| {
            let item = item.into_value();
            let matches = match (&block, &pattern) {
                (Some(block), _) => host.yield_block(block, std::slice::from_ref(&item))?.truthy(),
                (None, Some(pattern)) => ops::case_equals(host, pattern, &item)?,
                (None, None) => false,
            };
            let before = if matches && !after { runs.finish(host)? } else { Flow::Next };
            runs.run.push(item);
            if matches && after { runs.finish(host) } else { Ok(before) }
        })?;
        runs.finish(host).map(|_| ())
    }))
}

fn arity(given: usize, expected: usize) -> Box<Unwind> {
    let message = format!("wrong number of arguments (given {given}, expected {expected})");
    raise(ClassId::ARGUMENT_ERROR, message)
}

fn chunk(_: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let Some(block) = args.block.clone() else { return Ok(enumerator::of(receiver, "chunk", args)) };
    let source = receiver.clone();
    Ok(answer(receiver, move |host, sink| {
        let block = Rc::clone(&block);
        let start = Chunks { key: None, items: Vec::new(), sink, stopped: false };
        let mut chunks = fold(host, &source, start, move |host, chunks, item| chunks.take(host, &block, &item))?;
        chunks.finish(host).map(|_| ())
    }))
}

/// The chunk under construction.
struct Chunks {
    key: Option<Value>,
    items: Vec<Value>,
    sink: Sink,
    stopped: bool,
}

impl Chunks {
    fn take(&mut self, host: &mut dyn Host, block: &Rc<Proc>, item: &Item) -> Result<Flow> {
        let key = item.pass(host, block)?;
        let reserved = match &key {
            Value::Symbol(symbol) => symbol.with(|name| match name {
                "_alone" => Some(true),
                "_separator" => Some(false),
                _ => None,
            }),
            Value::Nil => Some(false),
            _ => None,
        };
        if reserved.is_none() && matches!(&key, Value::Symbol(symbol) if symbol.with(|name| name.starts_with('_'))) {
            return Err(raise(ClassId::RUNTIME_ERROR, "symbols beginning with an underscore are reserved"));
        }
        let continues = match (&self.key, reserved) {
            (Some(current), None) => ops::equals(host, current, &key)?,
            _ => false,
        };
        let flow = if continues { Flow::Next } else { self.finish(host)? };
        if reserved != Some(false) {
            self.key = Some(key);
            self.items.push(item.as_value());
        }
        Ok(flow)
    }

    fn finish(&mut self, host: &mut dyn Host) -> Result<Flow> {
        let Some(key) = self.key.take() else { return Ok(Flow::Next) };
        if self.stopped {
            return Ok(Flow::Stop);
        }
        let chunk = Value::array(vec![key, Value::array(std::mem::take(&mut self.items))]);
        let flow = (self.sink)(host, Item::One(chunk))?;
        self.stopped = flow == Flow::Stop;
        Ok(flow)
    }
}
