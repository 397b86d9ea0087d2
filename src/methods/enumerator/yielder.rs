//! The `y` of `Enumerator.new { |y| … }`.

use crate::methods::{Args, Host, Method, Receiver, Table, closure, ruby};
use crate::value::{ClassId, Kind, Object, Proc, Result, Value};
use std::any::Any;
use std::rc::Rc;

pub(super) const TABLE: Table = Table { receiver: Receiver::Kinds(&[Kind::Yielder]), rows: ROWS };

const ROWS: &[Method] = &[
    ruby(
        "<<",
        "(value)",
        "Yields one value and answers itself.",
        "Enumerator.new { |y| y << 1 << 2 }.to_a => [1, 2]",
        push,
    ),
    ruby(
        "to_proc",
        "() -> Proc",
        "A proc that yields what it is called with.",
        "Enumerator.new { |y| [1, 2].each(&y) }.to_a => [1, 2]",
        to_proc,
    ),
    ruby(
        "yield call",
        "(*values)",
        "Yields the values together.",
        "Enumerator.new { |y| y.yield 1, 2 }.to_a => [[1, 2]]",
        yield_values,
    ),
];

/// Hands values to the block that consumes an enumerator.
struct Yielder(Rc<Proc>);

impl Object for Yielder {
    fn kind(&self) -> Kind {
        Kind::Yielder
    }

    fn class(&self) -> ClassId {
        ClassId::YIELDER
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// Runs a generator's block with a yielder in front of `consumer`.
pub(super) fn generate(host: &mut dyn Host, generator: &Rc<Proc>, consumer: Rc<Proc>) -> Result<Value> {
    host.yield_block(generator, &[Value::object(Yielder(consumer))])
}

fn consumer(receiver: &Value) -> Option<Rc<Proc>> {
    receiver.downcast::<Yielder>().map(|yielder| Rc::clone(&yielder.0))
}

fn push(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    if let Some(block) = consumer(receiver) {
        host.yield_block(&block, &args.values)?;
    }
    Ok(receiver.clone())
}

fn yield_values(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    consumer(receiver).map_or(Ok(Value::Nil), |block| host.yield_block(&block, &args.values))
}

fn to_proc(_: &mut dyn Host, receiver: &Value, _: Args) -> Result<Value> {
    let Some(block) = consumer(receiver) else { return Ok(Value::Nil) };
    Ok(Value::Proc(closure(move |host, args| host.yield_block(&block, &args.values))))
}
