//! Methods of procs and lambdas.

use super::{Args, Host, Method, Receiver, Table, native_proc, ruby};
use crate::text::Name;
use crate::value::{Arity, ClassId, Kind, Proc, Result, Unwind, Value, equal, raise};
use std::rc::Rc;

pub static TABLES: &[Table] = &[
    Table { receiver: Receiver::Kinds(&[Kind::Proc]), rows: ROWS },
    Table { receiver: Receiver::Singleton("Proc"), rows: CLASS_ROWS },
];

const CLASS_ROWS: &[Method] = &[ruby(
    "new",
    "() { … } -> Proc",
    "The block as a proc.",
    "Proc.new { |x| x * 2 }.call(4) => 8",
    |_, _, args| match args.block {
        Some(block) => Ok(Value::Proc(block)),
        None => Err(raise(ClassId::ARGUMENT_ERROR, "tried to create Proc object without a block")),
    },
)];

const ROWS: &[Method] = &[
    ruby(
        "<<",
        "(callable) -> Proc",
        "A proc that calls the other first and this one with its answer.",
        "f = ->(x) { x + 1 } << ->(x) { x * 2 }; f.call(3) => 7",
        |_, a, args| {
            let g = callable(&args.get(0))?;
            Ok(composed(g, a.clone()))
        },
    ),
    ruby(
        "== eql?",
        "(other) -> Boolean",
        "Whether it is the same proc.",
        "->(x) { x } == ->(x) { x } => false",
        |_, a, args| Ok(Value::bool(equal(a, &args.get(0)))),
    ),
    ruby(
        ">>",
        "(callable) -> Proc",
        "A proc that calls this one first and the other with its answer.",
        "f = ->(x) { x + 1 } >> ->(x) { x * 2 }; f.call(3) => 8",
        |_, a, args| {
            let g = callable(&args.get(0))?;
            Ok(composed(a.clone(), g))
        },
    ),
    ruby(
        "arity",
        "() -> Integer",
        "How many arguments it takes; below zero if some are optional: -1 minus those it must have.",
        "->(a, b) { }.arity => 2\n->(a, b = 1) { }.arity => -2",
        |_, a, _| Ok(Value::Int(proc_of(a).map_or(0, |block| arity(block)))),
    ),
    ruby(
        "call () yield [] ===",
        "(*args) -> Object",
        "Runs it.",
        "->(x) { x * 2 }.call(4) => 8\n->(x) { x * 2 }[4] => 8",
        call,
    ),
    ruby(
        "curry",
        "(count = nil) -> Proc",
        "A proc that collects arguments, one call after the other, until it has them all.",
        "->(a, b, c) { a + b + c }.curry[1, 2][3] => 6",
        curry,
    ),
    ruby(
        "lambda?",
        "() -> Boolean",
        "Whether it counts its arguments, and `return` leaves it alone.",
        "->(x) { x }.lambda? => true\nproc { }.lambda? => false",
        |_, a, _| Ok(Value::bool(proc_of(a).is_some_and(|block| block.is_lambda))),
    ),
    ruby(
        "parameters",
        "() -> Array",
        "Kind and name of each parameter.",
        "->(a, b = 1, *c, d:) { }.parameters => [[:req, :a], [:opt, :b], [:rest, :c], [:keyreq, :d]]",
        parameters,
    ),
    ruby("ruby2_keywords", "() -> Proc", "The proc itself.", "proc { }.ruby2_keywords.call => nil", |_, a, _| {
        Ok(a.clone())
    }),
    ruby(
        "source_location",
        "() -> nil",
        "nil: reports show the place.",
        "proc { }.source_location => nil",
        |_, _, _| Ok(Value::Nil),
    ),
    ruby("to_proc", "() -> Proc", "The proc itself.", "[1].map(&->(x) { x + 1 }.to_proc) => [2]", |_, a, _| {
        Ok(a.clone())
    }),
];

fn proc_of(value: &Value) -> Option<&Rc<Proc>> {
    match value {
        Value::Proc(block) => Some(block),
        _ => None,
    }
}

fn call(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    match proc_of(receiver) {
        Some(block) => host.call_proc(&Rc::clone(block), args),
        None => Ok(Value::Nil),
    }
}

/// Ruby's number for what a proc takes.
pub fn arity(block: &Proc) -> i64 {
    let (required, most) = bounds(block);
    let exact = if block.is_lambda { most == Some(required) } else { most.is_some() };
    if exact { required } else { -required - 1 }
}

/// The fewest and the most arguments; `None` is any number. Keywords count as one argument.
fn bounds(block: &Proc) -> (i64, Option<i64>) {
    let parameters = block.code.parameters();
    let count = |wanted: &str| parameters.iter().filter(|(kind, _)| *kind == wanted).count() as i64;
    let keywords = count("keyreq") + count("key") + count("keyrest") > 0;
    let required = count("req") + i64::from(count("keyreq") > 0);
    let most = count("req") + count("opt") + i64::from(keywords);
    (required, (count("rest") == 0).then_some(most))
}

fn parameters(_: &mut dyn Host, receiver: &Value, _: Args) -> Result<Value> {
    Ok(proc_of(receiver).map_or(Value::Nil, |block| parameter_list(block, block.is_lambda)))
}

/// `[[:req, :a], [:opt, :b]]`; outside lambdas nothing is required.
pub fn parameter_list(block: &Proc, strict: bool) -> Value {
    let parameters = block.code.parameters().into_iter().map(|(kind, name)| {
        let kind = if kind == "req" && !strict { "opt" } else { kind };
        let mut pair = vec![Value::symbol(kind)];
        match name {
            Some(name) => pair.push(Value::Symbol(name.into())),
            None if kind == "opt" => pair.push(Value::Nil),
            None => {}
        }
        Value::array(pair)
    });
    Value::array(parameters.collect())
}

#[cold]
fn not_callable() -> Box<Unwind> {
    raise(ClassId::TYPE_ERROR, "callable object is expected")
}

/// A proc or a method object.
fn callable(value: &Value) -> Result<Value> {
    match value.kind() {
        Kind::Proc | Kind::Method => Ok(value.clone()),
        _ => Err(not_callable()),
    }
}

const ANY: Arity = Arity { required: 0, optional: 0, rest: true, needs_keywords: false };

/// A lambda that calls `first`, then `second` with its answer.
pub fn composed(first: Value, second: Value) -> Value {
    native_proc(ANY, vec![first, second], |host, halves, args| {
        let name = Name::new("call");
        let [first, second] = halves else { return Ok(Value::Nil) };
        let between = host.send(first, name, args)?;
        host.send(second, name, Args::one(between))
    })
}

fn curry(_: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let Some(block) = proc_of(receiver) else { return Ok(Value::Nil) };
    let (required, most) = bounds(block);
    let count = match args.given(0) {
        None => required,
        Some(_) => {
            let count = args.int(0)?;
            if block.is_lambda && (count < required || most.is_some_and(|most| count > most)) {
                return Err(wrong_count(count, required, most));
            }
            count
        }
    };
    if count == 0 && args.is_empty() && most == Some(0) {
        return Ok(receiver.clone());
    }
    Ok(collecting(receiver.clone(), count, Vec::new()))
}

#[cold]
fn wrong_count(given: i64, required: i64, most: Option<i64>) -> Box<Unwind> {
    let expected = match most {
        None => format!("{required}+"),
        Some(most) if most > required => format!("{required}..{most}"),
        Some(_) => required.to_string(),
    };
    raise(ClassId::ARGUMENT_ERROR, format!("wrong number of arguments (given {given}, expected {expected})"))
}

/// A lambda that has some of the arguments and waits for the rest.
fn collecting(callee: Value, count: i64, have: Vec<Value>) -> Value {
    native_proc(ANY, vec![callee, Value::Int(count), Value::array(have)], |host, bound, args| {
        let [callee, Value::Int(count), Value::Array(have)] = bound else { return Ok(Value::Nil) };
        let mut all = have.to_vec();
        all.extend(args.values.iter().cloned());
        if (all.len() as i64) < *count {
            return Ok(collecting(callee.clone(), *count, all));
        }
        host.send(callee, Name::new("call"), Args::of(&all).with_block(args.block))
    })
}
