//! Values of the language: what a lambda computes with. Arrays, hashes and strings are shared mutable objects, as in Ruby.
//!
//! Knows nothing of syntax or HTTP; procs and requests are opaque here (`Proc::code`, `Object`).

mod array;
pub mod calendar;
mod class;
mod compare;
mod date;
mod decimal;
mod duration;
mod encoding;
mod escape;
mod exception;
mod float;
mod hash;
mod indifferent;
mod inspect;
mod instant;
pub mod json;
mod number;
pub mod number_text;
mod object;
mod pattern;
mod printable;
mod proc;
mod range;
mod regexp;
mod release;
mod set;
mod string;
mod symbol;
mod time;
mod unwind;
pub(crate) mod walk;
pub mod yaml;

pub use array::Array;
pub use class::{Class, ClassId, Kind};
pub use compare::{case_equal_plain, compare, eql, equal, hash_of, same};
pub use date::{DAY_NAMES, Date, month_name};
pub use decimal::Decimal;
pub use duration::{Duration, DurationUnit};
pub use encoding::{Encoding, Layout, Step};
pub use escape::{dump_string, inspect_string};
pub use exception::{Exception, TraceEntry};
pub use float::Float;
pub use hash::{Hash, HashDefault, RowKeys};
pub use indifferent::{assigned, deep_copy, indifferent, indifferent_copy, indifferent_hash, is_blank, plain_copy};
pub use inspect::{inspect, is_plain_symbol, to_s};
pub use instant::{Instant, Rounding};
pub use number::{Rational, big_to_f64, float_to_s, fraction, int_value, ratio_to_f64, shortest};
pub use object::Object;
pub use proc::{Arity, Cell, Code, Proc};
pub use range::Range;
pub use regexp::{Groups, MatchData, Regexp, RegexpOptions};
pub use set::Set;
pub use string::{Str, StrClass};
pub use symbol::Symbol;
pub use time::{Flavor, Period, Time, Wall, Zone, offset_text};
pub use unwind::{FrameId, Limit, Result, Unwind, raise};

use num_bigint::BigInt;
use std::rc::Rc;

/// Any value. Two words, the kind and what it holds: numbers, booleans and symbols are inline, everything else is one
/// shared pointer. Every variant holds nothing or one whole integer or pointer, so that the compiler keeps and returns
/// values in two registers; a variant with anything else, an `f64` or a `bool`, makes every move of a value slower.
#[derive(Clone, Default)]
pub enum Value {
    #[default]
    Nil,
    False,
    True,
    Int(i64),
    Float(Float),
    Symbol(Symbol),
    /// A class or module, such as `Integer` or `JSON`.
    Class(ClassId),
    Date(Rc<Date>),
    Str(Rc<Str>),
    Array(Rc<Array>),
    Hash(Rc<Hash>),
    Range(Rc<Range>),
    Proc(Rc<Proc>),
    /// An integer that does not fit `Int`; never one that does.
    BigInt(Rc<BigInt>),
    Decimal(Rc<Decimal>),
    Rational(Rc<Rational>),
    /// Time, TimeWithZone, DateTime and the SDK's own time (`Flavor`).
    Time(Rc<Time>),
    Duration(Rc<Duration>),
    Regexp(Rc<Regexp>),
    Match(Rc<MatchData>),
    Set(Rc<Set>),
    Exception(Rc<Exception>),
    /// Everything else: requests, enumerators, the context, encodings…
    Object(Rc<Box<dyn Object>>),
}

const _: () = assert!(size_of::<Value>() <= 16);
const _: () = assert!(size_of::<Result<Value>>() <= 16);

impl Value {
    #[inline]
    pub const fn bool(holds: bool) -> Self {
        if holds { Self::True } else { Self::False }
    }

    #[inline]
    pub const fn float(number: f64) -> Self {
        Self::Float(Float::new(number))
    }

    pub fn date(date: Date) -> Self {
        Self::Date(Rc::new(date))
    }

    pub fn str(text: &str) -> Self {
        Self::Str(Rc::new(Str::from(text)))
    }

    pub fn string(text: String) -> Self {
        Self::Str(Rc::new(Str::from(text)))
    }

    /// A string of the class Binary: bytes without an encoding.
    pub fn binary(bytes: Vec<u8>) -> Self {
        Self::Str(Rc::new(Str::binary(bytes)))
    }

    pub fn symbol(text: &str) -> Self {
        Self::Symbol(Symbol::new(text))
    }

    pub fn array(items: Vec<Self>) -> Self {
        Self::Array(Rc::new(Array::from(items)))
    }

    pub fn hash(hash: Hash) -> Self {
        Self::Hash(Rc::new(hash))
    }

    pub fn object(object: impl Object) -> Self {
        Self::Object(Rc::new(Box::new(object)))
    }

    pub fn big(number: BigInt) -> Self {
        int_value(number)
    }

    pub fn decimal(number: impl Into<Decimal>) -> Self {
        Self::Decimal(Rc::new(number.into()))
    }

    pub fn rational(number: Rational) -> Self {
        Self::Rational(Rc::new(number))
    }

    pub const fn truthy(&self) -> bool {
        !matches!(self, Self::Nil | Self::False)
    }

    pub const fn is_nil(&self) -> bool {
        matches!(self, Self::Nil)
    }

    /// The dispatch kind: which method tables apply.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Nil => Kind::Nil,
            Self::True => Kind::True,
            Self::False => Kind::False,
            Self::Int(_) | Self::BigInt(_) => Kind::Integer,
            Self::Float(_) => Kind::Float,
            Self::Symbol(_) => Kind::Symbol,
            Self::Class(_) => Kind::Class,
            Self::Date(_) => Kind::Date,
            Self::Str(_) => Kind::String,
            Self::Array(_) => Kind::Array,
            Self::Hash(_) => Kind::Hash,
            Self::Range(_) => Kind::Range,
            Self::Proc(_) => Kind::Proc,
            Self::Decimal(_) => Kind::Decimal,
            Self::Rational(_) => Kind::Rational,
            Self::Time(time) => match time.flavor {
                Flavor::Time | Flavor::Sdk => Kind::Time,
                Flavor::WithZone => Kind::TimeWithZone,
                Flavor::DateTime => Kind::DateTime,
            },
            Self::Duration(_) => Kind::Duration,
            Self::Regexp(_) => Kind::Regexp,
            Self::Match(_) => Kind::MatchData,
            Self::Set(_) => Kind::Set,
            Self::Exception(_) => Kind::Exception,
            Self::Object(object) => object.kind(),
        }
    }

    /// The Ruby class, as `.class` answers.
    pub fn class(&self) -> ClassId {
        match self {
            Self::Nil => ClassId::NIL,
            Self::True => ClassId::TRUE,
            Self::False => ClassId::FALSE,
            Self::Int(_) | Self::BigInt(_) => ClassId::INTEGER,
            Self::Float(_) => ClassId::FLOAT,
            Self::Symbol(_) => ClassId::SYMBOL,
            Self::Class(id) => id.metaclass(),
            Self::Date(_) => ClassId::DATE,
            Self::Str(text) => match text.class() {
                StrClass::Plain => ClassId::STRING,
                StrClass::Binary => ClassId::BINARY,
                StrClass::Unicode => ClassId::UNICODE_STRING,
                StrClass::Safe => ClassId::SAFE_BUFFER,
            },
            Self::Array(_) => ClassId::ARRAY,
            Self::Hash(hash) => {
                if hash.is_indifferent() {
                    ClassId::INDIFFERENT_HASH
                } else {
                    ClassId::HASH
                }
            }
            Self::Range(_) => ClassId::RANGE,
            Self::Proc(_) => ClassId::PROC,
            Self::Decimal(_) => ClassId::BIG_DECIMAL,
            Self::Rational(_) => ClassId::RATIONAL,
            Self::Time(time) => match time.flavor {
                Flavor::Time => ClassId::TIME,
                Flavor::Sdk => ClassId::SDK_TIME,
                Flavor::WithZone => ClassId::TIME_WITH_ZONE,
                Flavor::DateTime => ClassId::DATE_TIME,
            },
            Self::Duration(_) => ClassId::DURATION,
            Self::Regexp(_) => ClassId::REGEXP,
            Self::Match(_) => ClassId::MATCH_DATA,
            Self::Set(_) => ClassId::SET,
            Self::Exception(exception) => exception.class,
            Self::Object(object) => object.class(),
        }
    }

    /// The object behind an `Object` value, if it is a `T`.
    pub fn downcast<T: Object>(&self) -> Option<&T> {
        match self {
            Self::Object(object) => (***object).as_any().downcast_ref(),
            _ => None,
        }
    }
}

impl std::fmt::Debug for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&inspect(self).to_text())
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::bool(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<usize> for Value {
    fn from(value: usize) -> Self {
        Self::Int(value as i64)
    }
}

impl From<f64> for Value {
    fn from(value: f64) -> Self {
        Self::float(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::str(value)
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::string(value)
    }
}

impl From<Vec<Self>> for Value {
    fn from(value: Vec<Self>) -> Self {
        Self::array(value)
    }
}

impl From<Hash> for Value {
    fn from(value: Hash) -> Self {
        Self::hash(value)
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Nil, Into::into)
    }
}
