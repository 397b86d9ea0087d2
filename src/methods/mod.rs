//! The method library: one file per receiver, each a sorted table of rows. Adding a method is adding a row.
//!
//! Rows know the evaluator only as `Host`. `table::TABLES` lists the tables.

pub mod args;
pub mod enumerable;
pub mod enumerator;
mod host;
mod native;
pub mod ops;
pub mod range;
mod registry;
mod row;
mod table;
pub mod where_;

pub use args::Args;
pub use host::{Host, Platform};
pub use native::{NativeCode, closure, native_proc};
pub use registry::{Column, Registry, registry};
pub use row::{Body, Method, Origin, Receiver, Signature, Table, rails, ruby, sdk};

use crate::value::Value;

/// Why a bare call of that name is refused, if it is.
pub fn refused_function(_name: &str) -> Option<&'static str> {
    None
}

/// Why a constant is refused, if it is.
pub fn refused_constant(_path: &str) -> Option<&'static str> {
    None
}

/// A constant that is a value, such as `Float::INFINITY`.
pub fn constant(_path: &str) -> Option<Value> {
    None
}

/// `1`, `1+`, `0..2`: how many arguments a signature takes, as error messages say it.
pub fn describe_signature(arity: Signature) -> String {
    let required = arity.required;
    match arity.at_most {
        u8::MAX => format!("{required}+"),
        most if most > required => format!("{required}..{most}"),
        _ => required.to_string(),
    }
}
