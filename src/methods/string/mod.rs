//! String: Ruby's methods, ActiveSupport's and the SDK's that are about text only. One file per concern.

mod build;
mod case;
mod charset;
mod class;
mod codec;
mod convert;
pub mod encode;
mod entities;
mod geo;
mod inflect;
mod inflections;
pub mod label;
mod query;
mod raw;
mod search;
mod slice;
mod split;
pub mod strip_tags;
mod substitute;
mod succ;
mod text;
pub mod transcode;
mod translate;
mod transliterate;
mod trim;

pub(crate) use convert::complex_prefix;
pub(crate) use query::is_blank;
pub(crate) use search::{group_number, match_at, match_from, start, subject};
pub(crate) use text::{compile, require_compatible, text_of};

use super::{Method, Receiver, Table};
use crate::value::{Kind, Result, Value};

const fn rows(rows: &'static [Method]) -> Table {
    Table { receiver: Receiver::Kinds(&[Kind::String]), rows }
}

pub static TABLES: &[Table] = &[
    rows(build::ROWS),
    rows(case::ROWS),
    rows(codec::ROWS),
    rows(convert::ROWS),
    rows(encode::ROWS),
    rows(geo::ROWS),
    rows(inflect::ROWS),
    rows(label::ROWS),
    rows(query::ROWS),
    rows(raw::ROWS),
    rows(search::ROWS),
    rows(slice::ROWS),
    rows(split::ROWS),
    rows(strip_tags::ROWS),
    rows(substitute::ROWS),
    rows(succ::ROWS),
    rows(translate::ROWS),
    rows(transliterate::ROWS),
    rows(trim::ROWS),
    Table { receiver: Receiver::Singleton("String"), rows: class::ROWS },
    Table { receiver: Receiver::Singleton("Workato::Types::Binary"), rows: class::BINARY_ROWS },
    Table { receiver: Receiver::Singleton("Workato::Types::UnicodeString"), rows: class::UNICODE_ROWS },
];

/// `value.strip` of a string; anything else is itself.
pub(crate) fn strip(value: &Value) -> Result<Value> {
    trim::strip(value)
}
