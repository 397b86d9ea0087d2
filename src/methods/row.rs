//! A method as data: one row says everything that dispatch, check, completion, hover, the reference and a test need.

use super::{Args, Host};
use crate::value::{Kind, Result, Value};

/// The code of a method. Arguments have been counted against the row's signature.
pub type Body = fn(&mut dyn Host, &Value, Args) -> Result<Value>;

/// What a call without arguments and block answers, where that takes a look at the value alone: it cannot fail and runs
/// no code of the connector. `None` sends the call the usual way.
pub type Plain = fn(&Value) -> Option<Value>;

/// Where a method comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    Ruby,
    ActiveSupport,
    Sdk,
}

/// One method.
pub struct Method {
    /// The name, then its aliases, separated by spaces.
    pub names: &'static str,
    /// `(pattern, limit = 0, *rest, key: default) { |part| } -> Array`. The parentheses rule how many arguments it
    /// takes; braces say that it uses a block (`[{ … }]` where the block is optional).
    pub signature: &'static str,
    /// One sentence.
    pub doc: &'static str,
    /// `expression => inspected result`, several lines for several examples; each is run as a test.
    pub example: &'static str,
    pub origin: Origin,
    pub arity: Signature,
    pub body: Body,
    pub plain: Option<Plain>,
}

/// How many positional arguments a signature takes. A trailing keyword hash counts as one unless `keywords`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signature {
    pub required: u8,
    /// `u8::MAX` is any number.
    pub at_most: u8,
    pub keywords: bool,
}

/// What a table's rows are methods of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Receiver {
    /// Values of these kinds.
    Kinds(&'static [Kind]),
    /// Every kind; looked up last.
    Object,
    /// Array, Hash, Range, Set, Enumerator, Lazy, Where: looked up after the kind's own table.
    Enumerable,
    /// Kinds with `<=>`: looked up after the kind's own table.
    Comparable,
    /// Integer, Float, BigDecimal, Rational: looked up after the kind's own table.
    Numeric,
    /// Methods of a class or module itself, by its full name: `Time.now`.
    Singleton(&'static str),
    /// Methods of every exception class or of every class (`Singleton` of `Class`): `new`, `name`, `===`.
    AnyClass,
    /// Bare calls in a lambda: `puts`, `format`, `get`, `call`.
    Context,
    /// `workato`, `workato.csv`, `aws`: members of a namespace, by its name.
    Namespace(&'static str),
}

/// The rows of one receiver, sorted by name.
pub struct Table {
    pub receiver: Receiver,
    pub rows: &'static [Method],
}

/// A row of Ruby's core or standard library.
pub const fn ruby(
    names: &'static str,
    signature: &'static str,
    doc: &'static str,
    example: &'static str,
    body: Body,
) -> Method {
    Method {
        names,
        signature,
        doc,
        example,
        origin: Origin::Ruby,
        arity: Signature::parse(signature),
        body,
        plain: None,
    }
}

/// A row of ActiveSupport.
pub const fn rails(
    names: &'static str,
    signature: &'static str,
    doc: &'static str,
    example: &'static str,
    body: Body,
) -> Method {
    Method {
        names,
        signature,
        doc,
        example,
        origin: Origin::ActiveSupport,
        arity: Signature::parse(signature),
        body,
        plain: None,
    }
}

/// A row of the connector SDK.
pub const fn sdk(
    names: &'static str,
    signature: &'static str,
    doc: &'static str,
    example: &'static str,
    body: Body,
) -> Method {
    Method {
        names,
        signature,
        doc,
        example,
        origin: Origin::Sdk,
        arity: Signature::parse(signature),
        body,
        plain: None,
    }
}

impl Method {
    /// The row with a shorter way for calls without arguments.
    #[must_use]
    pub const fn plainly(self, plain: Plain) -> Self {
        Self { plain: Some(plain), ..self }
    }

    /// The first of its names.
    pub fn name(&self) -> &'static str {
        self.names.split(' ').next().unwrap_or_default()
    }
}

impl Signature {
    /// Reads the parenthesised part: `a` is required, `a = 1` optional, `*a` any number, `a:` and `**a` keywords.
    const fn parse(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut found = Self { required: 0, at_most: 0, keywords: false };
        let mut at = 1;
        let mut depth = 0;
        let mut part = Part::new();
        while at < bytes.len() {
            let byte = bytes[at];
            if depth == 0 && (byte == b',' || byte == b')') {
                found = found.with(&part);
                part = Part::new();
                if byte == b')' {
                    break;
                }
            } else {
                match byte {
                    b'(' | b'[' | b'{' => depth += 1,
                    b')' | b']' | b'}' => depth -= 1,
                    _ => {}
                }
                if depth == 0 {
                    part = part.read(byte);
                }
            }
            at += 1;
        }
        found
    }

    const fn with(mut self, part: &Part) -> Self {
        if part.keyword {
            self.keywords = true;
        } else if part.rest {
            self.at_most = u8::MAX;
        } else if part.any {
            if !part.optional {
                self.required += 1;
            }
            self.at_most = self.at_most.saturating_add(1);
        }
        self
    }
}

/// What has been seen of one parameter.
struct Part {
    any: bool,
    optional: bool,
    rest: bool,
    keyword: bool,
}

impl Part {
    const fn new() -> Self {
        Self { any: false, optional: false, rest: false, keyword: false }
    }

    const fn read(mut self, byte: u8) -> Self {
        match byte {
            b' ' => {}
            b'*' if self.rest && !self.any => self.keyword = true,
            b'*' if !self.any => self.rest = true,
            b'=' => self.optional = true,
            b':' if !self.optional => self.keyword = true,
            _ => self.any = true,
        }
        self
    }
}
