//! Regexp and MatchData.

mod match_data;
mod pattern;

pub use pattern::escape;

use super::{Receiver, Table};
use crate::value::{Kind, Value};

pub static TABLES: &[Table] = &[
    Table { receiver: Receiver::Kinds(&[Kind::Regexp]), rows: pattern::ROWS },
    Table { receiver: Receiver::Singleton("Regexp"), rows: pattern::CLASS_ROWS },
    Table { receiver: Receiver::Kinds(&[Kind::MatchData]), rows: match_data::ROWS },
];

/// The value of a constant such as `Regexp::IGNORECASE`, by what stands after the colons.
pub fn constant(name: &str) -> Option<Value> {
    let number = match name {
        "IGNORECASE" => 1,
        "EXTENDED" => 2,
        "MULTILINE" => 4,
        "FIXEDENCODING" => 16,
        "NOENCODING" => 32,
        _ => return None,
    };
    Some(Value::Int(number))
}
