//! The method library: one file per receiver, each a sorted table of rows. Adding a method is adding a row.
//!
//! Rows know the evaluator only as `Host`. `table::TABLES` lists the tables.

pub mod args;
pub mod arithmetic;
pub mod array;
pub mod class;
pub mod comparable;
pub mod complex;
pub mod constants;
pub mod convert;
pub mod crypto;
pub mod csv;
pub mod decimal;
pub mod dsl;
pub mod encoding;
pub mod enumerable;
pub mod enumerator;
pub mod exception;
pub mod float;
pub mod format;
pub mod hash;
mod host;
mod integer;
pub mod json;
pub mod kernel;
pub mod math;
pub mod method_object;
mod native;
pub mod number_format;
pub mod numeric;
pub mod object;
pub mod ops;
pub mod pack;
pub mod proc;
pub mod range;
mod rational;
pub mod reference;
pub mod refused;
pub mod regexp;
mod registry;
pub mod request;
pub mod rounding;
mod row;
pub mod set;
pub mod stdlib;
mod stepping;
pub mod string;
mod symbol;
mod table;
pub mod time;
mod units;
pub mod where_;
pub mod workato;
pub mod xml;

pub use args::Args;
pub use constants::constant;
pub use host::{Host, Platform, RunState, watched};
pub use native::{NativeCode, closure, native_proc};
pub use refused::{
    brings as brings_library, constant as refused_constant, function as refused_function, method as refused_method,
    name as refused_name,
};
pub use registry::{Column, Registry, registry};
pub use row::{Body, Method, Origin, Receiver, Signature, Table, rails, ruby, sdk};

/// Every table of the library.
pub fn tables() -> impl Iterator<Item = &'static Table> {
    table::TABLES.iter().copied().flatten()
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
