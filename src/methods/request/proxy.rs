//! Questions about the request itself that must not send it.

use super::LazyRequest;
use crate::methods::{Args, Host, Method, registry, ruby, sdk};
use crate::text::Name;
use crate::value::{ClassId, Kind, Result, Value, same};

/// Sorted by name.
pub(super) const ROWS: &[Method] = &[
    ruby(
        "class",
        "() -> Class",
        "The class of the request itself; the request is not sent.",
        "get('http://h/').class.name => \"Workato::Connector::Sdk::Request\"",
        |_, _, _| Ok(Value::Class(ClassId::REQUEST)),
    ),
    ruby(
        "dup clone",
        "() -> Request",
        "A copy that is sent on its own.",
        "get('http://h/').dup.current_verb => \"GET\"",
        |_, receiver, _| Ok(LazyRequest::of(receiver).map_or(Value::Nil, |request| Value::object(request.copy()))),
    ),
    ruby(
        "equal?",
        "(other) -> bool",
        "Whether both are the same request object.",
        "r = get('http://h/'); r.equal?(r) => true",
        |_, receiver, args| Ok(Value::bool(same(receiver, &args.get(0)))),
    ),
    ruby(
        "frozen?",
        "() -> bool",
        "False: a request can be changed.",
        "get('http://h/').frozen? => false",
        |_, _, _| Ok(Value::False),
    ),
    ruby(
        "instance_of?",
        "(class) -> bool",
        "Whether the request itself is of exactly that class.",
        "get('http://h/').instance_of?(Hash) => false",
        |_, _, args| Ok(Value::bool(matches!(args.get(0), Value::Class(ClassId::REQUEST)))),
    ),
    ruby(
        "itself",
        "() -> Request",
        "The request, not sent.",
        "get('http://h/').itself.current_verb => \"GET\"",
        itself,
    ),
    ruby("nil?", "() -> bool", "False: there is a request.", "get('http://h/').nil? => false", |_, _, _| {
        Ok(Value::False)
    }),
    ruby(
        "respond_to?",
        "(name, include_all = false) -> bool",
        "Whether the request itself has that method; its answer is not asked.",
        "get('http://h/').respond_to?(:payload) => true",
        responds,
    ),
    sdk(
        "response!",
        "() -> Object",
        "Sends the request, if that was not done yet, and gives its answer.",
        "",
        |host, receiver, _| host.force(receiver),
    ),
    ruby(
        "tap",
        "() { |request| } -> Request",
        "Runs the block with the request, not sent, and gives the request back.",
        "get('http://h/').tap { |r| r.params(a: 1) }.current_url => \"http://h/?a=1\"",
        |host, receiver, args| {
            host.yield_block(&args.need_block()?, std::slice::from_ref(receiver))?;
            Ok(receiver.clone())
        },
    ),
    ruby(
        "then yield_self",
        "() { |request| } -> Object",
        "What the block makes of the request, not sent.",
        "get('http://h/').then { |r| r.current_verb } => \"GET\"",
        |host, receiver, args| host.yield_block(&args.need_block()?, std::slice::from_ref(receiver)),
    ),
];

fn itself(_: &mut dyn Host, receiver: &Value, _: Args) -> Result<Value> {
    Ok(receiver.clone())
}

fn responds(_: &mut dyn Host, _: &Value, args: Args) -> Result<Value> {
    let name = Name::new(&args.name(0)?);
    Ok(Value::bool(registry().find_name(Kind::Request, name).is_some()))
}
