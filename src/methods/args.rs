//! The arguments of one call.

use crate::value::{ClassId, Hash, Proc, Result, Value, raise, to_s};
use smallvec::SmallVec;
use std::rc::Rc;

/// Positional values, the brace-less keywords as a last hash (`keywords` says that there is one), and the block.
#[derive(Clone, Default)]
pub struct Args {
    pub values: SmallVec<[Value; 3]>,
    /// The last value is a hash made of brace-less keywords.
    pub keywords: bool,
    pub block: Option<Rc<Proc>>,
}

impl Args {
    pub fn none() -> Self {
        Self::default()
    }

    pub fn one(value: Value) -> Self {
        let mut args = Self::default();
        args.values.push(value);
        args
    }

    pub fn of(values: &[Value]) -> Self {
        Self { values: values.iter().cloned().collect(), keywords: false, block: None }
    }

    #[must_use]
    pub fn with_block(mut self, block: Option<Rc<Proc>>) -> Self {
        self.block = block;
        self
    }

    pub fn len(&self) -> usize {
        self.values.len()
    }

    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The argument at `index`; nil if there is none.
    pub fn get(&self, index: usize) -> Value {
        self.values.get(index).cloned().unwrap_or_default()
    }

    /// The argument at `index`, if one was given.
    pub fn given(&self, index: usize) -> Option<&Value> {
        self.values.get(index)
    }

    /// Takes the keywords (or a last hash given with braces, as options were always taken) off the values.
    pub fn take_options(&mut self) -> Option<Rc<Hash>> {
        match self.values.last() {
            Some(Value::Hash(hash)) => {
                let hash = Rc::clone(hash);
                self.values.pop();
                self.keywords = false;
                Some(hash)
            }
            _ => None,
        }
    }

    /// Takes brace-less keywords off the values; a hash in braces stays an argument.
    pub fn take_keywords(&mut self) -> Option<Rc<Hash>> {
        if self.keywords { self.take_options() } else { None }
    }

    /// The values of known keywords, each at most once; the first `required` have to be there. A missing or an unknown
    /// one raises Ruby's ArgumentError.
    pub fn known_keywords<const N: usize>(
        &mut self,
        names: [&'static str; N],
        required: usize,
    ) -> Result<[Option<Value>; N]> {
        let given = self.take_keywords();
        let mut found = [const { None }; N];
        let mut unknown = Vec::new();
        for (key, value) in given.iter().flat_map(|given| given.to_vec()) {
            let name = to_s(&key).to_text();
            match names.iter().position(|known| *known == name) {
                Some(at) => found[at] = Some(value),
                None => unknown.push(crate::value::inspect(&key).to_text()),
            }
        }
        let missing = names.iter().zip(&found).take(required).filter(|(_, value)| value.is_none());
        let missing: Vec<String> = missing.map(|(name, _)| format!(":{name}")).collect();
        for (what, list) in [("missing", missing), ("unknown", unknown)] {
            if !list.is_empty() {
                let plural = if list.len() > 1 { "s" } else { "" };
                let message = format!("{what} keyword{plural}: {}", list.join(", "));
                return Err(raise(ClassId::ARGUMENT_ERROR, message));
            }
        }
        Ok(found)
    }

    /// An integer argument: an Integer, or a Float cut to one; as Ruby's implicit conversion.
    pub fn int(&self, index: usize) -> Result<i64> {
        to_int(&self.get(index))
    }

    /// A string argument.
    pub fn str(&self, index: usize) -> Result<Rc<crate::value::Str>> {
        match self.get(index) {
            Value::Str(text) => Ok(text),
            other => Err(no_conversion(&other, "String")),
        }
    }

    /// A string or symbol argument, as text.
    pub fn name(&self, index: usize) -> Result<String> {
        match self.get(index) {
            Value::Str(text) => Ok(text.to_text()),
            Value::Symbol(symbol) => Ok(symbol.text()),
            other => Err(raise(
                ClassId::TYPE_ERROR,
                format!("{} is not a symbol nor a string", crate::value::inspect(&other).to_text()),
            )),
        }
    }

    /// The argument's `to_s`.
    pub fn text(&self, index: usize) -> String {
        to_s(&self.get(index)).to_text()
    }

    /// The block, or the LocalJumpError of a method that must have one.
    pub fn need_block(&self) -> Result<Rc<Proc>> {
        self.block.clone().ok_or_else(|| raise(ClassId::LOCAL_JUMP_ERROR, "no block given (yield)"))
    }
}

/// Ruby's implicit conversion to an integer.
pub fn to_int(value: &Value) -> Result<i64> {
    match value {
        Value::Int(number) => Ok(*number),
        Value::Float(number) if number.get().abs() < 9.3e18 => Ok(number.get() as i64),
        Value::Float(number) => {
            let shown = super::format::brief(number.get());
            Err(raise(ClassId::RANGE_ERROR, format!("float {shown} out of range of integer")))
        }
        Value::BigInt(_) => Err(raise(ClassId::RANGE_ERROR, "bignum too big to convert into `long'")),
        Value::Nil => Err(raise(ClassId::TYPE_ERROR, "no implicit conversion from nil to integer")),
        Value::Duration(duration) => to_int(&duration.seconds),
        Value::Decimal(_) | Value::Rational(_) => match crate::value::fraction(value) {
            Some((numerator, denominator)) => to_int(&crate::value::int_value(numerator / denominator)),
            None => Err(no_conversion(value, "Integer")),
        },
        other => Err(no_conversion(other, "Integer")),
    }
}

/// `no implicit conversion of X into Y`.
#[cold]
pub fn no_conversion(value: &Value, into: &str) -> Box<crate::value::Unwind> {
    raise(ClassId::TYPE_ERROR, format!("no implicit conversion of {} into {into}", describe(value)))
}

/// How conversion messages name a value: `nil`, `true`, `false`, else its class.
pub fn describe(value: &Value) -> &'static str {
    match value {
        Value::Nil => "nil",
        Value::True => "true",
        Value::False => "false",
        other => other.class().name(),
    }
}
