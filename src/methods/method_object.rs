//! Method objects: `5.method(:+)`.

use super::{Args, Host, Method, Receiver, Table, native_proc, proc, registry, ruby};
use crate::text::Name;
use crate::value::{Arity, ClassId, Kind, Object, Result, Value, equal};
use std::any::Any;

pub static TABLES: &[Table] = &[Table { receiver: Receiver::Kinds(&[Kind::Method]), rows: ROWS }];

const ROWS: &[Method] = &[
    ruby(
        "<<",
        "(callable) -> Proc",
        "A proc that calls the other first and this method with its answer.",
        "f = 5.method(:+) << ->(x) { x * 2 }; f.call(3) => 11",
        |_, a, args| Ok(proc::composed(args.get(0), a.clone())),
    ),
    ruby(
        ">>",
        "(callable) -> Proc",
        "A proc that calls this method first and the other with its answer.",
        "f = 5.method(:+) >> ->(x) { x * 2 }; f.call(3) => 16",
        |_, a, args| Ok(proc::composed(a.clone(), args.get(0))),
    ),
    ruby(
        "arity",
        "() -> Integer",
        "How many arguments it takes; below zero if some are optional.",
        "5.method(:+).arity => 1",
        |_, a, _| Ok(Value::Int(this(a).map_or(-1, BoundMethod::arity))),
    ),
    ruby("call [] ===", "(*args) [{ … }] -> Object", "Calls it.", "5.method(:+).call(3) => 8", call),
    ruby(
        "curry",
        "(count = nil) -> Proc",
        "A proc that collects arguments until it has them all.",
        "5.method(:+).curry[3] => 8",
        |host, a, args| {
            let block = to_proc(a);
            host.send(&block, Name::new("curry"), args)
        },
    ),
    ruby("name original_name", "() -> Symbol", "Its name.", "5.method(:+).name => :+", |_, a, _| {
        Ok(this(a).map_or(Value::Nil, |method| Value::symbol(&method.name)))
    }),
    ruby("owner", "() -> Class", "The class of the receiver.", "5.method(:+).owner => Integer", |_, a, _| {
        Ok(this(a).map_or(Value::Nil, |method| Value::Class(method.receiver.class())))
    }),
    ruby("parameters", "() -> Array", "Kind of each parameter.", "5.method(:+).parameters => [[:req]]", |_, a, _| {
        let Value::Proc(block) = to_proc(a) else { return Ok(Value::Nil) };
        Ok(proc::parameter_list(&block, true))
    }),
    ruby("receiver", "() -> Object", "The object it belongs to.", "5.method(:+).receiver => 5", |_, a, _| {
        Ok(this(a).map_or(Value::Nil, |method| method.receiver.clone()))
    }),
    ruby(
        "source_location",
        "() -> nil",
        "nil: the method is built in.",
        "5.method(:+).source_location => nil",
        |_, _, _| Ok(Value::Nil),
    ),
    ruby("to_proc", "() -> Proc", "A lambda that calls it.", "[1, 2].map(&5.method(:+)) => [6, 7]", |_, a, _| {
        Ok(to_proc(a))
    }),
    ruby("unbind", "() -> Method", "The method itself.", "5.method(:+).unbind.name => :+", |_, a, _| Ok(a.clone())),
];

/// A method of one object.
struct BoundMethod {
    receiver: Value,
    name: String,
}

impl Object for BoundMethod {
    fn kind(&self) -> Kind {
        Kind::Method
    }

    fn class(&self) -> ClassId {
        ClassId::METHOD
    }

    fn inspect(&self) -> String {
        let parameters = match self.arity() {
            open @ ..0 => {
                if open == -1 {
                    "*".to_owned()
                } else {
                    String::new()
                }
            }
            count => vec!["_"; count as usize].join(", "),
        };
        format!("#<Method: {}#{}({parameters})>", self.receiver.class().name(), self.name)
    }

    fn equals(&self, other: &dyn Object) -> bool {
        let other: Option<&Self> = other.as_any().downcast_ref();
        other.is_some_and(|other| self.name == other.name && equal(&self.receiver, &other.receiver))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl BoundMethod {
    /// The row's signature; functions of the connector take any number.
    fn signature(&self) -> Arity {
        let name = Name::new(&self.name);
        match registry().find_name(self.receiver.kind(), name) {
            Some(method) => Arity {
                required: u16::from(method.arity.required),
                optional: match method.arity.at_most {
                    u8::MAX => 0,
                    most => u16::from(most - method.arity.required),
                },
                rest: method.arity.at_most == u8::MAX,
                needs_keywords: false,
            },
            None => Arity { required: 0, optional: 0, rest: true, needs_keywords: false },
        }
    }

    /// Native methods with optional arguments count as taking any number.
    fn arity(&self) -> i64 {
        let signature = self.signature();
        if signature.rest || signature.optional > 0 { -1 } else { i64::from(signature.required) }
    }
}

/// `receiver.method(name)`.
pub fn method_object(receiver: Value, name: &str) -> Value {
    Value::object(BoundMethod { receiver, name: name.to_owned() })
}

fn this(value: &Value) -> Option<&BoundMethod> {
    value.downcast()
}

fn call(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    match this(receiver) {
        Some(method) => host.send(&method.receiver.clone(), Name::new(&method.name), args),
        None => Ok(Value::Nil),
    }
}

fn to_proc(value: &Value) -> Value {
    let arity = this(value)
        .map_or(Arity { required: 0, optional: 0, rest: true, needs_keywords: false }, BoundMethod::signature);
    native_proc(arity, vec![value.clone()], |host, bound, args| match bound {
        [method] => call(host, method, args),
        _ => Ok(Value::Nil),
    })
}
