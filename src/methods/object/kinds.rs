//! What a value is: `class`, `is_a?`, `instance_of?`, `nil?`.

use crate::methods::{Args, Host, Method, rails, ruby};
use crate::value::{ClassId, Object, Result, Str, Unwind, Value, inspect, raise, to_s};
use std::rc::Rc;

pub(super) const ROWS: &[Method] = &[
    rails(
        "acts_like?",
        "(duck) -> Boolean",
        "Whether it behaves like a :time, a :date or a :string.",
        "'a'.acts_like?(:string) => true",
        |_, a, args| {
            let class = match args.name(0)?.as_str() {
                "string" => &[ClassId::STRING][..],
                "time" => &[ClassId::TIME, ClassId::TIME_WITH_ZONE, ClassId::DATE_TIME],
                "date" => &[ClassId::DATE],
                _ => &[],
            };
            Ok(Value::bool(class.iter().any(|class| a.class().is_a(*class))))
        },
    ),
    ruby("class", "() -> Class", "The class.", "5.class => Integer", |_, a, _| Ok(Value::Class(a.class()))),
    ruby(
        "define_singleton_method extend singleton_class singleton_method",
        "(*args) [{ … }]",
        "Not supported: objects have the methods of their class.",
        "'a'.extend(Comparable) => NotImplementedError: not supported by connrun: objects cannot be given methods of their own",
        refuse,
    ),
    rails(
        "html_safe?",
        "() -> Boolean",
        "Is it text to be put into HTML as it is? Numbers are.",
        "5.html_safe? => true\n'a'.html_safe? => false",
        |_, a, _| Ok(Value::bool(super::super::numeric::is_number(a))),
    ),
    ruby(
        "inspect",
        "() -> String",
        "The value as a program would write it.",
        "nil.inspect => \"nil\"\n:a.inspect => \":a\"",
        |_, a, _| Ok(Value::Str(inspect(a).into())),
    ),
    ruby(
        "instance_eval instance_exec",
        "(*args) [{ … }] -> Object",
        "Not supported: `self` of a block is that of the lambda around it.",
        "",
        |_, _, _| {
            let why = super::super::refused_function("instance_eval").unwrap_or_default();
            Err(raise(ClassId::NOT_IMPLEMENTED_ERROR, format!("not supported by connrun: instance_eval: {why}")))
        },
    ),
    ruby(
        "instance_of?",
        "(class) -> Boolean",
        "Whether that is its class.",
        "5.instance_of?(Numeric) => false",
        |_, a, args| {
            let class = class_argument(&args.get(0))?;
            Ok(Value::bool(match a {
                Value::Duration(duration) => class == ClassId::DURATION || duration.seconds.class() == class,
                other => other.class() == class,
            }))
        },
    ),
    ruby(
        "is_a? kind_of?",
        "(class) -> Boolean",
        "Whether it is of that class, of a subclass, or of a class that includes that module.",
        "5.is_a?(Numeric) => true",
        |_, a, args| Ok(Value::bool(is_kind_of(a, class_argument(&args.get(0))?))),
    ),
    ruby("nil?", "() -> Boolean", "Whether it is nil.", "nil.nil? => true\n0.nil? => false", |_, a, _| {
        Ok(Value::bool(a.is_nil()))
    }),
    ruby("to_s", "() -> String", "The value as text.", "nil.to_s => \"\"\n:a.to_s => \"a\"", |_, a, _| {
        Ok(Value::Str(text_of(a)))
    }),
];

pub(super) const CLASS_ROWS: &[Method] = &[ruby(
    "new",
    "(*args) -> Object",
    "An object that is equal to nothing but itself.",
    "Object.new == Object.new => false",
    |_, class, _| match class {
        Value::Class(ClassId::OBJECT | ClassId::BASIC_OBJECT) => Ok(Value::object(Plain)),
        other => {
            let name = to_s(other).to_text();
            Err(raise(ClassId::NO_METHOD_ERROR, format!("undefined method `new' for {name}:Class")))
        }
    },
)];

/// `to_s`; the texts of nil, true and false are always the same frozen ones.
fn text_of(value: &Value) -> Rc<Str> {
    let text = to_s(value);
    if matches!(value, Value::Nil | Value::True | Value::False) {
        text.freeze();
    }
    text
}

/// `Object.new`.
struct Plain;

impl Object for Plain {
    fn class(&self) -> ClassId {
        ClassId::OBJECT
    }

    fn inspect(&self) -> String {
        format!("#<Object:{:#018x}>", std::ptr::from_ref(self).addr())
    }

    fn as_any(&self) -> &dyn std::any::Any {
        self
    }
}

/// `value.is_a?(class)`. Durations are also what their number is, and times with a zone are times.
pub fn is_kind_of(value: &Value, class: ClassId) -> bool {
    let own = value.class();
    own.is_a(class)
        || match value {
            Value::Duration(duration) => duration.seconds.class().is_a(class),
            Value::Time(_) => own == ClassId::TIME_WITH_ZONE && class == ClassId::TIME,
            _ => false,
        }
}

fn class_argument(value: &Value) -> Result<ClassId> {
    match value {
        Value::Class(class) => Ok(*class),
        _ => Err(not_a_class()),
    }
}

#[cold]
fn not_a_class() -> Box<Unwind> {
    raise(ClassId::TYPE_ERROR, "class or module required")
}

fn refuse(_: &mut dyn Host, _: &Value, _: Args) -> Result<Value> {
    let message = "not supported by connrun: objects cannot be given methods of their own";
    Err(raise(ClassId::NOT_IMPLEMENTED_ERROR, message))
}
