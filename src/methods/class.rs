//! Methods of every class and module.

use super::object::is_kind_of;
use super::{Args, Host, Method, Receiver, Table, constants, rails, registry, ruby};
use crate::value::{ClassId, Kind, Result, Unwind, Value, hash_of, raise};

pub static TABLES: &[Table] = &[Table { receiver: Receiver::AnyClass, rows: ROWS }];

const ROWS: &[Method] = &[
    ruby(
        "<",
        "(other) -> Boolean",
        "Is it a subclass of the other, or does it include that module? nil if the two are not related.",
        "Integer < Numeric => true\nInteger < String => nil",
        |_, a, args| relation(a, &args, Relation::Below, false),
    ),
    ruby(
        "<=",
        "(other) -> Boolean",
        "As `<`, and true for the class itself.",
        "Integer <= Integer => true",
        |_, a, args| relation(a, &args, Relation::Below, true),
    ),
    ruby(
        "<=>",
        "(other) -> Integer",
        "-1 for a subclass of the other, 0 for the same, 1 for a superclass.",
        "Integer <=> Numeric => -1",
        order,
    ),
    ruby(
        "===",
        "(object) -> Boolean",
        "Whether the object is of this class.",
        "Integer === 5 => true",
        |host, a, args| {
            let object = host.force(&args.get(0))?;
            Ok(Value::bool(is_instance(class_of(a), &object)))
        },
    ),
    ruby(
        ">",
        "(other) -> Boolean",
        "Whether the other is a subclass of it.",
        "Numeric > Integer => true",
        |_, a, args| relation(a, &args, Relation::Above, false),
    ),
    ruby(
        ">=",
        "(other) -> Boolean",
        "As `>`, and true for the class itself.",
        "Numeric >= Integer => true",
        |_, a, args| relation(a, &args, Relation::Above, true),
    ),
    ruby(
        "allocate",
        "() -> Object",
        "Not supported: an object is made by `new`.",
        "Integer.allocate => TypeError: allocator undefined for Integer",
        |_, a, _| Err(raise(ClassId::TYPE_ERROR, format!("allocator undefined for {}", class_of(a).name()))),
    ),
    ruby(
        "ancestors",
        "() -> Array",
        "The class, its superclasses and the modules they include.",
        "Integer.ancestors.first(2) => [Integer, Numeric]",
        |_, a, _| Ok(Value::array(class_of(a).ancestors().into_iter().map(Value::Class).collect())),
    ),
    ruby(
        "const_defined?",
        "(name, inherit = true) -> Boolean",
        "Whether it has a constant of that name.",
        "Float.const_defined?(:MAX) => true",
        |_, a, args| Ok(Value::bool(constant(a, &args.name(0)?).is_some())),
    ),
    ruby(
        "const_get",
        "(name, inherit = true) -> Object",
        "A constant in it.",
        "Float.const_get(:DIG) => 15",
        const_get,
    ),
    ruby(
        "hash",
        "() -> Integer",
        "A number of this class alone.",
        "Integer.hash == Integer.hash => true",
        |_, a, _| Ok(Value::Int(hash_of(a) as i64 >> 2)),
    ),
    ruby(
        "include?",
        "(module) -> Boolean",
        "Whether it includes that module.",
        "Integer.include?(Comparable) => true",
        |_, a, args| {
            let module = class_argument(&args.get(0))?;
            Ok(Value::bool(class_of(a) != module && module.info().is_module && class_of(a).is_a(module)))
        },
    ),
    ruby(
        "included_modules",
        "() -> Array",
        "The modules that it and its superclasses include.",
        "Integer.included_modules => [Comparable, Kernel]",
        |_, a, _| {
            let modules = class_of(a).ancestors().into_iter().filter(|class| class.info().is_module);
            Ok(Value::array(modules.map(Value::Class).collect()))
        },
    ),
    ruby(
        "instance_methods public_instance_methods",
        "(all = true) -> Array",
        "The names of its objects' methods.",
        "String.instance_methods.include?(:upcase) => true",
        |_, a, _| {
            let names = kind_of(class_of(a)).map_or_else(Vec::new, |kind| registry().names_of(kind));
            Ok(Value::array(names.into_iter().map(Value::symbol).collect()))
        },
    ),
    ruby(
        "method_defined? public_method_defined?",
        "(name, all = true) -> Boolean",
        "Whether its objects have that method.",
        "String.method_defined?(:upcase) => true",
        |_, a, args| {
            let name = crate::text::Name::new(&args.name(0)?);
            Ok(Value::bool(kind_of(class_of(a)).is_some_and(|kind| registry().find_name(kind, name).is_some())))
        },
    ),
    rails(
        "module_parent_name",
        "() -> String",
        "The name of the module around it.",
        "JSON::ParserError.module_parent_name => \"JSON\"",
        |_, a, _| Ok(class_of(a).name().rsplit_once("::").map_or(Value::Nil, |(parent, _)| Value::str(parent))),
    ),
    ruby("name", "() -> String", "Its full name.", "Integer.name => \"Integer\"", |_, a, _| {
        Ok(Value::str(class_of(a).public_name()))
    }),
    ruby("superclass", "() -> Class", "The class above it.", "Integer.superclass => Numeric", |_, a, _| {
        let class = class_of(a);
        if class.info().is_module {
            let message = format!("undefined method `superclass' for {}:Module", class.name());
            return Err(raise(ClassId::NO_METHOD_ERROR, message));
        }
        Ok(class.parent().map_or(Value::Nil, Value::Class))
    }),
    ruby("to_s inspect", "() -> String", "Its full name.", "Integer.to_s => \"Integer\"", |_, a, _| {
        Ok(Value::str(class_of(a).name()))
    }),
];

fn class_of(value: &Value) -> ClassId {
    match value {
        Value::Class(class) => *class,
        _ => ClassId::OBJECT,
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
    raise(ClassId::TYPE_ERROR, "compared with non class/module")
}

/// `class === object`. A duration counts as its number only for `is_a?`.
fn is_instance(class: ClassId, object: &Value) -> bool {
    match object {
        Value::Duration(_) => object.class().is_a(class),
        other => is_kind_of(other, class),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Relation {
    Below,
    Above,
}

fn relation(a: &Value, args: &Args, wanted: Relation, or_same: bool) -> Result<Value> {
    let (class, other) = (class_of(a), class_argument(&args.get(0))?);
    if class == other {
        return Ok(Value::bool(or_same));
    }
    let found = if class.is_a(other) {
        Relation::Below
    } else if other.is_a(class) {
        Relation::Above
    } else {
        return Ok(Value::Nil);
    };
    Ok(Value::bool(found == wanted))
}

fn order(_: &mut dyn Host, a: &Value, args: Args) -> Result<Value> {
    let (class, other) = match args.get(0) {
        Value::Class(other) => (class_of(a), other),
        _ => return Ok(Value::Nil),
    };
    Ok(if class == other {
        Value::Int(0)
    } else if class.is_a(other) {
        Value::Int(-1)
    } else if other.is_a(class) {
        Value::Int(1)
    } else {
        Value::Nil
    })
}

fn constant(class: &Value, name: &str) -> Option<Value> {
    let path = match class_of(class) {
        ClassId::OBJECT | ClassId::KERNEL => name.to_owned(),
        class => format!("{}::{name}", class.name()),
    };
    let nameable = ClassId::find(&path).filter(|class| class.info().nameable);
    constants::constant(&path).or_else(|| nameable.map(Value::Class))
}

fn const_get(_: &mut dyn Host, class: &Value, args: Args) -> Result<Value> {
    let name = args.name(0)?;
    if let Some(why) = super::refused_constant(&name) {
        return Err(raise(ClassId::NOT_IMPLEMENTED_ERROR, format!("not supported by connrun: {name}: {why}")));
    }
    if !name.starts_with(|c: char| c.is_uppercase()) {
        return Err(raise(ClassId::NAME_ERROR, format!("wrong constant name {name}")));
    }
    constant(class, &name).ok_or_else(|| {
        let path = match class_of(class) {
            ClassId::OBJECT => name.clone(),
            class => format!("{}::{name}", class.name()),
        };
        raise(ClassId::NAME_ERROR, format!("uninitialized constant {path}"))
    })
}

/// The kind whose tables hold the methods of a class's objects.
fn kind_of(class: ClassId) -> Option<Kind> {
    Some(match class {
        ClassId::NIL => Kind::Nil,
        ClassId::TRUE => Kind::True,
        ClassId::FALSE => Kind::False,
        ClassId::INTEGER => Kind::Integer,
        ClassId::FLOAT => Kind::Float,
        ClassId::BIG_DECIMAL => Kind::Decimal,
        ClassId::RATIONAL => Kind::Rational,
        ClassId::STRING | ClassId::BINARY | ClassId::UNICODE_STRING => Kind::String,
        ClassId::SYMBOL => Kind::Symbol,
        ClassId::ARRAY => Kind::Array,
        ClassId::HASH | ClassId::INDIFFERENT_HASH => Kind::Hash,
        ClassId::RANGE => Kind::Range,
        ClassId::SET => Kind::Set,
        ClassId::REGEXP => Kind::Regexp,
        ClassId::MATCH_DATA => Kind::MatchData,
        ClassId::PROC => Kind::Proc,
        ClassId::METHOD => Kind::Method,
        ClassId::TIME | ClassId::SDK_TIME => Kind::Time,
        ClassId::TIME_WITH_ZONE => Kind::TimeWithZone,
        ClassId::DATE => Kind::Date,
        ClassId::DATE_TIME => Kind::DateTime,
        ClassId::DURATION => Kind::Duration,
        ClassId::TIME_ZONE => Kind::TimeZone,
        ClassId::ENUMERATOR => Kind::Enumerator,
        ClassId::LAZY => Kind::Lazy,
        ClassId::ENCODING => Kind::Encoding,
        ClassId::OBJECT => Kind::Other,
        class if class.is_exception() => Kind::Exception,
        _ => return None,
    })
}
