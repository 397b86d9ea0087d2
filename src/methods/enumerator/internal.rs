//! Running the code behind an enumerator with the library's own block.

use super::{Enumerator, Lazy, Source, yielder};
use crate::methods::enumerable::each::{Flow, Item, Sink, drive as drive_collection};
use crate::methods::{Args, Host, closure, where_};
use crate::text::Name;
use crate::value::{FrameId, Proc, Result, Unwind, Value};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// Makes items and sends them to a sink, as often as it is asked to.
pub type Stream = Rc<dyn Fn(&mut dyn Host, Sink) -> Result<()>>;

/// An enumerator over items that are made on the way.
pub fn stream(make: impl Fn(&mut dyn Host, Sink) -> Result<()> + 'static) -> Value {
    super::from_source(Source::Stream(Rc::new(make)), None)
}

/// Sends the items of an enumerator, or of any object with `each`, to a sink. Answers what the iteration answers, if
/// it ran to its end.
pub fn drive(host: &mut dyn Host, value: &Value, sink: Sink) -> Result<Value> {
    let nothing = |()| Value::Nil;
    if let Some(lazy) = value.downcast::<Lazy>() {
        return lazy.drive(host, sink).map(nothing);
    }
    if let Some(found) = where_::rows(host, value)? {
        return drive_collection(host, &found, sink).map(nothing);
    }
    let Some(enumerator) = value.downcast::<Enumerator>() else {
        return drive_call(host, value, Name::new("each"), &Args::none(), sink);
    };
    match &enumerator.source {
        Source::Method { receiver, name, args } => drive_call(host, receiver, *name, args, sink),
        Source::Generator(make) => {
            let make = Rc::clone(make);
            with_block(sink, |block| yielder::generate(host, &make, block))
        }
        Source::Stream(make) => make(host, sink).map(nothing),
        Source::Chain(parts) => drive_chain(host, parts, sink).map(nothing),
        Source::Arithmetic(sequence) => sequence.drive(host, sink).map(nothing),
    }
}

/// Calls a method with a block that feeds the sink.
fn drive_call(host: &mut dyn Host, receiver: &Value, name: Name, args: &Args, sink: Sink) -> Result<Value> {
    let args = args.clone();
    with_block(sink, |block| host.send(receiver, name, args.with_block(Some(block))))
}

/// Runs `call` with a block for the sink. `Flow::Stop` breaks out of it, through whatever code runs in between.
fn with_block(mut sink: Sink, call: impl FnOnce(Rc<Proc>) -> Result<Value>) -> Result<Value> {
    let home = new_home();
    let block = closure(move |host, args| match sink(host, item_of(args))? {
        Flow::Next => Ok(Value::Nil),
        Flow::Stop => Err(Box::new(Unwind::Break { home, value: Value::Nil })),
    });
    match call(block) {
        Err(unwind) => match *unwind {
            Unwind::Break { home: other, value } if other == home => Ok(value),
            other => Err(Box::new(other)),
        },
        ended => ended,
    }
}

fn item_of(args: Args) -> Item {
    let mut values = args.values;
    match values.len() {
        1 => Item::One(values.pop().unwrap_or_default()),
        _ => Item::Many(values.into_vec()),
    }
}

fn drive_chain(host: &mut dyn Host, parts: &[Value], sink: Sink) -> Result<()> {
    let stopped = Rc::new(Cell::new(false));
    let sink = Rc::new(RefCell::new(sink));
    for part in parts {
        let (stop, sink) = (Rc::clone(&stopped), Rc::clone(&sink));
        let forward: Sink = Box::new(move |host, item| {
            let flow = (sink.borrow_mut())(host, item)?;
            stop.set(flow == Flow::Stop);
            Ok(flow)
        });
        drive_collection(host, part, forward)?;
        if stopped.get() {
            break;
        }
    }
    Ok(())
}

/// A frame that no activation of the program has.
fn new_home() -> FrameId {
    thread_local! {
        static NEXT: Cell<u64> = const { Cell::new(1 << 63) };
    }
    FrameId(NEXT.replace(NEXT.get() + 1))
}
