//! Loops, jumps and blocks: `loop`, `catch`, `throw`, `proc`, `block_given?`.

use crate::methods::{Args, Host, Method, enumerator, ruby};
use crate::value::{ClassId, Exception, Object, Result, Unwind, Value, inspect, raise, same};
use std::any::Any;
use std::rc::Rc;

pub(super) const ROWS: &[Method] = &[
    ruby(
        "__callee__ __method__",
        "() -> Symbol or nil",
        "The name of the lambda or method being run.",
        "__method__ => :execute",
        |host, _, _| Ok(host.method_name().map_or(Value::Nil, |name| Value::symbol(&name))),
    ),
    ruby(
        "block_given? iterator?",
        "() -> true or false",
        "Whether the running lambda or method was given a block.",
        "block_given? => false",
        |host, _, _| Ok(Value::bool(host.given_block().is_some())),
    ),
    ruby(
        "caller caller_locations",
        "(*range) -> Array",
        "Always empty: reports show the trace.",
        "caller => []",
        |_, _, _| Ok(Value::array(Vec::new())),
    ),
    ruby(
        "catch",
        "(tag = Object.new) { |tag| … } -> Object",
        "Runs the block; `throw` with the same tag ends it early.",
        "catch(:done) { throw :done, 5 } => 5\ncatch(:done) { 1 } => 1",
        catch,
    ),
    ruby(
        "lambda",
        "() { … } -> Proc",
        "The block as a lambda.",
        "lambda { |x| x * 2 }.call(4) => 8\nlambda => ArgumentError: tried to create Proc object without a block",
        block_itself,
    ),
    ruby(
        "loop",
        "() { … } -> Object",
        "Runs the block until `break` or StopIteration.",
        "n = 0; loop { n += 1; break n if n == 3 } => 3",
        run_loop,
    ),
    ruby(
        "proc",
        "() { … } -> Proc",
        "The block as a proc.",
        "proc { |a, b| [a, b] }.call(1) => [1, nil]\nproc => ArgumentError: tried to create Proc object without a block",
        block_itself,
    ),
    ruby(
        "throw",
        "(tag, value = nil)",
        "Ends the block of the `catch` with the same tag.",
        "throw :x => UncaughtThrowError: uncaught throw :x",
        throw,
    ),
];

fn block_itself(_: &mut dyn Host, _: &Value, args: Args) -> Result<Value> {
    args.block
        .map(Value::Proc)
        .ok_or_else(|| raise(ClassId::ARGUMENT_ERROR, "tried to create Proc object without a block"))
}

fn run_loop(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let Some(block) = args.block else {
        return Ok(enumerator::of(receiver, "loop", Args::none()));
    };
    loop {
        host.tick()?;
        if let Err(unwind) = host.yield_block(&block, &[]) {
            return match &*unwind {
                Unwind::Raise(stop) if stop.class.is_a(ClassId::STOP_ITERATION) => {
                    Ok(stop.attribute("result").unwrap_or_default())
                }
                _ => Err(unwind),
            };
        }
    }
}

/// What `catch` without a tag hands to its block: equal only to itself.
struct Tag;

impl Object for Tag {
    fn class(&self) -> ClassId {
        ClassId::OBJECT
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn catch(host: &mut dyn Host, _: &Value, args: Args) -> Result<Value> {
    let block = args.need_block()?;
    let tag = args.given(0).cloned().unwrap_or_else(|| Value::object(Tag));
    host.state().catching.push(tag.clone());
    let result = host.yield_block(&block, std::slice::from_ref(&tag));
    host.state().catching.pop();
    result.or_else(|unwind| match *unwind {
        Unwind::Throw { tag: thrown, value } if same(&thrown, &tag) => Ok(value),
        other => Err(Box::new(other)),
    })
}

fn throw(host: &mut dyn Host, _: &Value, args: Args) -> Result<Value> {
    let (tag, value) = (args.get(0), args.get(1));
    if host.state().catching.iter().any(|waiting| same(waiting, &tag)) {
        return Err(Box::new(Unwind::Throw { tag, value }));
    }
    let exception =
        Exception::new(ClassId::UNCAUGHT_THROW_ERROR, format!("uncaught throw {}", inspect(&tag).to_text()))
            .with_attribute("tag", tag)
            .with_attribute("value", value);
    Err(Box::new(Unwind::Raise(Rc::new(exception))))
}
