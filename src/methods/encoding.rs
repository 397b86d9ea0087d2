//! Encodings as objects: `Encoding::UTF_8`, `Encoding.compatible?`, `'…'.encoding`.

use super::{Host, Method, Receiver, Table, ruby};
use crate::value::{ClassId, Encoding, Kind, Object, Result, Value, raise};
use std::any::Any;

pub static TABLES: &[Table] = &[
    Table { receiver: Receiver::Kinds(&[Kind::Encoding]), rows: ROWS },
    Table { receiver: Receiver::Singleton("Encoding"), rows: CLASS_ROWS },
];

const ROWS: &[Method] = &[
    ruby(
        "ascii_compatible?",
        "() -> Boolean",
        "ASCII characters are single ASCII bytes in it.",
        "Encoding::UTF_8.ascii_compatible? => true",
        |_, receiver, _| Ok(this(receiver).is_ascii_compatible().into()),
    ),
    ruby("dummy?", "() -> Boolean", "Known by name only.", "Encoding::UTF_8.dummy? => false", |_, receiver, _| {
        Ok(this(receiver).is_dummy().into())
    }),
    ruby("name to_s", "() -> String", "Its name.", "Encoding::UTF_8.name => \"UTF-8\"", |_, receiver, _| {
        Ok(this(receiver).name().into())
    }),
    ruby(
        "names",
        "() -> Array",
        "Its name and its other names.",
        "Encoding::US_ASCII.names => [\"US-ASCII\", \"ASCII\", \"ANSI_X3.4-1968\", \"646\"]",
        |_, receiver, _| {
            let name = this(receiver).name();
            let others = Encoding::all().find(|(main, _)| *main == name).map_or("", |(_, others)| others);
            let names = std::iter::once(name).chain(others.split_whitespace());
            Ok(names.map(Value::str).collect::<Vec<_>>().into())
        },
    ),
];

const CLASS_ROWS: &[Method] = &[
    ruby(
        "aliases",
        "() -> Hash",
        "The other names with the encodings they mean.",
        "Encoding.aliases['BINARY'] => \"ASCII-8BIT\"",
        |_, _, _| {
            let hash = crate::value::Hash::new();
            for (name, others) in Encoding::all() {
                for other in others.split_whitespace() {
                    hash.insert(Value::str(other), Value::str(name));
                }
            }
            Ok(hash.into())
        },
    ),
    ruby(
        "compatible?",
        "(a, b) -> Encoding",
        "The encoding that two strings have when joined; nil if they cannot be.",
        "Encoding.compatible?('a', 'é'.b) => #<Encoding:ASCII-8BIT>",
        |_, _, args| match (args.get(0), args.get(1)) {
            (Value::Str(a), Value::Str(b)) => Ok(a.compatible(&b).map_or(Value::Nil, value_of)),
            _ => Ok(Value::Nil),
        },
    ),
    ruby(
        "default_external default_internal",
        "() -> Encoding",
        "The encoding of text from outside: always UTF-8 here.",
        "Encoding.default_external => #<Encoding:UTF-8>",
        |_, _, _| Ok(value_of(Encoding::Utf8)),
    ),
    ruby(
        "find",
        "(name) -> Encoding",
        "The encoding of that name.",
        "Encoding.find('latin9') => ArgumentError: unknown encoding name - latin9\nEncoding.find('utf-8') => #<Encoding:UTF-8>",
        |host, _, args| find(host, &args.get(0)),
    ),
    ruby("list", "() -> Array", "Every encoding.", "Encoding.list.first => #<Encoding:ASCII-8BIT>", |_, _, _| {
        let all = Encoding::all().filter_map(|(name, _)| Encoding::find(name));
        Ok(all.map(value_of).collect::<Vec<_>>().into())
    }),
    ruby(
        "name_list",
        "() -> Array",
        "Every name of every encoding.",
        "Encoding.name_list.include?('BINARY') => true",
        |_, _, _| {
            let names =
                Encoding::all().flat_map(|(name, others)| std::iter::once(name).chain(others.split_whitespace()));
            Ok(names.map(Value::str).collect::<Vec<_>>().into())
        },
    ),
];

/// An encoding as a value.
struct EncodingObject(Encoding);

impl Object for EncodingObject {
    fn kind(&self) -> Kind {
        Kind::Encoding
    }

    fn class(&self) -> ClassId {
        ClassId::ENCODING
    }

    fn inspect(&self) -> String {
        let dummy = if self.0.is_dummy() { " (dummy)" } else { "" };
        format!("#<Encoding:{}{dummy}>", self.0.name())
    }

    fn equals(&self, other: &dyn Object) -> bool {
        other.as_any().downcast_ref::<Self>().is_some_and(|other| other.0 == self.0)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// The Encoding object of an encoding.
pub fn value_of(encoding: Encoding) -> Value {
    Value::object(EncodingObject(encoding))
}

/// The encoding behind an Encoding object.
pub fn of_value(value: &Value) -> Option<Encoding> {
    value.downcast::<EncodingObject>().map(|object| object.0)
}

/// The value of a constant such as `Encoding::UTF_8`, by what stands after the colons.
pub fn constant(name: &str) -> Option<Value> {
    let wanted = |known: &str| {
        known.len() == name.len()
            && known
                .bytes()
                .zip(name.bytes())
                .all(|(a, b)| a.eq_ignore_ascii_case(&b) || (b == b'_' && !a.is_ascii_alphanumeric()))
    };
    let (found, _) = Encoding::all().find(|(main, others)| wanted(main) || others.split_whitespace().any(wanted))?;
    Encoding::find(found).map(value_of)
}

fn this(receiver: &Value) -> Encoding {
    of_value(receiver).unwrap_or(Encoding::Utf8)
}

fn find(host: &mut dyn Host, value: &Value) -> Result<Value> {
    match value {
        Value::Object(_) => Ok(value.clone()),
        Value::Symbol(symbol) => find(host, &Value::string(symbol.text())),
        other => match super::string::encode::encoding_of(host, other)? {
            Ok(encoding) => Ok(value_of(encoding)),
            Err(name) => Err(raise(ClassId::ARGUMENT_ERROR, format!("unknown encoding name - {name}"))),
        },
    }
}
