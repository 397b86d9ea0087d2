//! Ruby's functions: bare calls that need no connector.

mod chance;
mod flow;
mod mersenne;
mod print;
mod raise;

pub use chance::{Source, random_number};
pub use mersenne::Mersenne;
pub use print::text_of;
pub use raise::{exception_of, raised};

use super::{Receiver, Table};

/// The rows of every `self`, of `Kernel`, and of `Random`.
pub static TABLES: &[Table] = &[
    Table { receiver: Receiver::Context, rows: chance::ROWS },
    Table { receiver: Receiver::Context, rows: flow::ROWS },
    Table { receiver: Receiver::Context, rows: print::ROWS },
    Table { receiver: Receiver::Context, rows: raise::ROWS },
    Table { receiver: Receiver::Singleton("Random"), rows: chance::RANDOM_CLASS },
    Table { receiver: Receiver::Namespace("Random"), rows: chance::RANDOM },
];
