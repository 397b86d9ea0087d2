//! Methods of every object, and those of nil, true and false.

mod copy;
mod dispatch;
mod equality;
mod kinds;
mod logic;
mod presence;
mod query;
mod truth;
mod variables;

pub use copy::{copy, deep_copy, freeze, is_frozen};
pub use kinds::is_kind_of;
pub use presence::is_blank;

use super::{Receiver, Table};
use crate::value::Kind;

pub static TABLES: &[Table] = &[
    Table { receiver: Receiver::Object, rows: copy::ROWS },
    Table { receiver: Receiver::Object, rows: dispatch::ROWS },
    Table { receiver: Receiver::Object, rows: equality::ROWS },
    Table { receiver: Receiver::Object, rows: kinds::ROWS },
    Table { receiver: Receiver::Object, rows: presence::ROWS },
    Table { receiver: Receiver::Object, rows: query::ROWS },
    Table { receiver: Receiver::Object, rows: truth::ROWS },
    Table { receiver: Receiver::Object, rows: variables::ROWS },
    Table { receiver: Receiver::Kinds(&[Kind::Nil]), rows: logic::NIL_ROWS },
    Table { receiver: Receiver::Kinds(&[Kind::Nil, Kind::False]), rows: logic::FALSY_ROWS },
    Table { receiver: Receiver::Kinds(&[Kind::True]), rows: logic::TRUE_ROWS },
    Table { receiver: Receiver::Kinds(&[Kind::Nil, Kind::True, Kind::False]), rows: query::SELF_ROWS },
    Table { receiver: Receiver::Kinds(&[Kind::Nil]), rows: dispatch::NIL_ROWS },
    Table { receiver: Receiver::Kinds(&[Kind::Nil]), rows: truth::NIL_ROWS },
    Table { receiver: Receiver::Kinds(&[Kind::Integer]), rows: truth::INTEGER_ROWS },
    Table { receiver: Receiver::Singleton("Object"), rows: kinds::CLASS_ROWS },
];
