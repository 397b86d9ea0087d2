//! Calls by name: `send`, `try`, `respond_to?`, `method`; and `tap`, `then`, `itself`.

use crate::methods::method_object;
use crate::methods::{Args, Host, Method, enumerator, rails, registry, ruby};
use crate::text::Name;
use crate::value::{ClassId, Kind, Result, Value, inspect, raise, to_s};

pub(super) const ROWS: &[Method] = &[
    ruby("display", "(port = nil) -> nil", "Prints the object's text.", "5.display => nil", |host, a, _| {
        host.print(&to_s(a).bytes());
        Ok(Value::Nil)
    }),
    ruby("itself", "() -> Object", "The object.", "5.itself => 5", |_, a, _| Ok(a.clone())),
    ruby(
        "method public_method",
        "(name) -> Method",
        "A method of the object, to be called or passed on.",
        "[1, 2].map(&2.method(:+)) => [3, 4]",
        method,
    ),
    ruby(
        "methods public_methods",
        "(all = true) -> Array",
        "The names of its methods.",
        "5.methods.include?(:succ) => true",
        |_, a, _| {
            let names = registry().names_of(a.kind());
            Ok(Value::array(names.into_iter().map(Value::symbol).collect()))
        },
    ),
    ruby(
        "private_methods protected_methods singleton_methods",
        "(all = true) -> Array",
        "None: every method is public.",
        "5.singleton_methods => []",
        |_, _, _| Ok(Value::array(Vec::new())),
    ),
    ruby(
        "public_send send __send__",
        "(*name_and_args) [{ … }] -> Object",
        "Calls a method by its name.",
        "'a'.send(:upcase) => \"A\"",
        send,
    ),
    ruby(
        "respond_to?",
        "(name, include_all = false) -> Boolean",
        "Whether it has a method of that name.",
        "'a'.respond_to?(:upcase) => true",
        |host, a, args| {
            let name = Name::new(&args.name(0)?);
            Ok(Value::bool(host.responds_to(a, name)))
        },
    ),
    ruby(
        "tap",
        "() { |object| … } -> Object",
        "Gives itself to the block and answers with itself.",
        "[1].tap { |a| a << 2 } => [1, 2]",
        |host, a, args| {
            let block = args.need_block()?;
            host.yield_block(&block, std::slice::from_ref(a))?;
            Ok(a.clone())
        },
    ),
    ruby(
        "then yield_self",
        "() [{ |object| … }] -> Object",
        "The block's answer for the object.",
        "5.then { |n| n + 1 } => 6",
        |host, a, args| match &args.block {
            Some(block) => host.yield_block(&block.clone(), std::slice::from_ref(a)),
            None => Ok(enumerator::of(a, "then", args)),
        },
    ),
    rails(
        "try",
        "(*args) [{ |object| … }] -> Object",
        "Calls a method if the object has it, else answers nil.",
        "'a'.try(:upcase) => \"A\"\n5.try(:upcase) => nil\nnil.try(:upcase) => nil",
        |host, a, args| {
            if args.is_empty() {
                return yield_itself(host, a, &args);
            }
            let name = Name::new(&args.name(0)?);
            if host.responds_to(a, name) { send(host, a, args) } else { Ok(Value::Nil) }
        },
    ),
    rails(
        "try!",
        "(*args) [{ |object| … }] -> Object",
        "Calls a method, unless the object is nil.",
        "'a'.try!(:upcase) => \"A\"\nnil.try!(:upcase) => nil",
        |host, a, args| {
            if args.is_empty() { yield_itself(host, a, &args) } else { send(host, a, args) }
        },
    ),
    rails(
        "with_options",
        "(options) { |merger| … } -> Object",
        "Gives the block the object; calls on it get the options.",
        "",
        with_options,
    ),
];

pub(super) const NIL_ROWS: &[Method] = &[rails(
    "try try!",
    "(*args) [{ … }] -> nil",
    "nil: there is nothing to call.",
    "nil.try(:upcase) => nil",
    |_, _, _| Ok(Value::Nil),
)];

fn send(host: &mut dyn Host, receiver: &Value, mut args: Args) -> Result<Value> {
    if args.is_empty() {
        return Err(raise(ClassId::ARGUMENT_ERROR, "no method name given"));
    }
    let name = Name::new(&args.name(0)?);
    args.values.remove(0);
    host.send(receiver, name, args)
}

fn yield_itself(host: &mut dyn Host, receiver: &Value, args: &Args) -> Result<Value> {
    let Some(block) = args.block.clone() else {
        return Err(raise(ClassId::TYPE_ERROR, "nil is not a symbol nor a string"));
    };
    host.yield_block(&block, std::slice::from_ref(receiver))
}

fn method(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let name = args.name(0)?;
    if receiver.kind() != Kind::Context && !host.responds_to(receiver, Name::new(&name)) {
        let class = receiver.class().name();
        return Err(raise(ClassId::NAME_ERROR, format!("undefined method `{name}' for class `{class}'")));
    }
    Ok(method_object::method_object(receiver.clone(), &name))
}

/// The options are merged where a call on the object takes keywords, so the object itself will not do.
fn with_options(_: &mut dyn Host, _: &Value, args: Args) -> Result<Value> {
    let shown = inspect(&args.get(0)).to_text();
    let message = format!("with_options is not supported: pass {shown} to each call");
    Err(raise(ClassId::NOT_IMPLEMENTED_ERROR, message))
}
