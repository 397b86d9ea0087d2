//! Enumerators: a method call that waits for its block. Iterated from inside by running the call, from outside
//! (`next`, `peek`) by collecting ahead.

mod arithmetic;
mod external;
mod internal;
mod lazy;
mod rows;
mod size;
mod yielder;

pub use arithmetic::{Arithmetic, arithmetic, each_step};
pub use internal::{drive, stream};
pub use lazy::Lazy;

use super::{Args, Table};
use crate::text::Name;
use crate::value::{ClassId, Kind, Object, Proc, Value, inspect};
use external::Ahead;
use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

/// The tables of this directory.
pub static TABLES: &[Table] =
    &[rows::TABLE, rows::SINGLETON, rows::OBJECT, external::TABLE, arithmetic::TABLE, lazy::TABLE, yielder::TABLE];

/// An enumerator.
pub struct Enumerator {
    source: Source,
    /// What `size` answers, if it was given: a number, nil, or a proc to ask.
    size: Option<Value>,
    ahead: RefCell<Ahead>,
}

/// Where an enumerator's items come from.
enum Source {
    /// A method call without its block.
    Method { receiver: Value, name: Name, args: Args },
    /// `Enumerator.new { |yielder| … }`
    Generator(Rc<Proc>),
    /// Items that a method makes on the way (`chunk_while`, `slice_when`).
    Stream(internal::Stream),
    /// `a.each + b`
    Chain(Vec<Value>),
    /// `(1..10).step(3)`, `1.step(10, 3)`
    Arithmetic(Arithmetic),
}

/// The enumerator that a method without its block answers with: `enumerator::of(receiver, "each_slice", args)`.
pub fn of(receiver: &Value, name: &str, mut args: Args) -> Value {
    args.block = None;
    from_source(Source::Method { receiver: receiver.clone(), name: Name::new(name), args }, None)
}

/// The items of one after those of the other.
pub fn chain(parts: Vec<Value>) -> Value {
    from_source(Source::Chain(parts), None)
}

fn from_source(source: Source, size: Option<Value>) -> Value {
    Value::object(Enumerator { source, size, ahead: RefCell::default() })
}

impl Object for Enumerator {
    fn kind(&self) -> Kind {
        match self.source {
            Source::Arithmetic(_) => Kind::Arithmetic,
            _ => Kind::Enumerator,
        }
    }

    fn class(&self) -> ClassId {
        match self.source {
            Source::Arithmetic(_) => ClassId::ARITHMETIC_SEQUENCE,
            Source::Chain(_) => ClassId::CHAIN,
            _ => ClassId::ENUMERATOR,
        }
    }

    fn inspect(&self) -> String {
        match &self.source {
            Source::Method { receiver, name, args } => {
                format!("#<Enumerator: {}:{name}{}>", inspect(receiver).to_text(), inspect_args(args))
            }
            Source::Generator(_) | Source::Stream(_) => "#<Enumerator: #<Enumerator::Generator>:each>".to_owned(),
            Source::Chain(parts) => {
                let parts: Vec<_> = parts.iter().map(|part| inspect(part).to_text()).collect();
                format!("#<Enumerator::Chain: [{}]>", parts.join(", "))
            }
            Source::Arithmetic(sequence) => sequence.inspect(),
        }
    }

    fn equals(&self, other: &dyn Object) -> bool {
        match (&self.source, other.as_any().downcast_ref::<Self>().map(|other| &other.source)) {
            (Source::Arithmetic(a), Some(Source::Arithmetic(b))) => a.equals(b),
            _ => false,
        }
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// `(2)`, `(1, by: 2)`; nothing without arguments.
fn inspect_args(args: &Args) -> String {
    if args.is_empty() {
        return String::new();
    }
    let mut parts: Vec<String> = args.values.iter().map(|value| inspect(value).to_text()).collect();
    if let (true, Some(Value::Hash(options))) = (args.keywords, args.values.last()) {
        parts.pop();
        options.all(|key, value| {
            let key = crate::value::to_s(key).to_text();
            parts.push(format!("{key}: {}", inspect(value).to_text()));
            true
        });
    }
    format!("({})", parts.join(", "))
}
