//! The connector at work: a session together with the evaluator, and the ways in which both are used everywhere.

use super::Session;
use super::session::Scope;
use crate::interpreter::Context;
use crate::methods::request::Access;
use crate::methods::{Args, Host};
use crate::text::Name;
use crate::value::{Array, ClassId, Exception, Hash, Proc, Result, Unwind, Value, indifferent, is_blank, raise, same};
use std::rc::Rc;

/// Deeper nesting than any answer has.
const DEPTH: usize = 2_000;

/// Everything that a part of the connector needs to work.
pub struct Run<'a> {
    pub session: &'a Session,
    pub host: &'a mut dyn Host,
}

impl<'a> Run<'a> {
    pub fn new(session: &'a Session, host: &'a mut dyn Host) -> Self {
        Self { session, host }
    }

    /// A host's call of a lambda: `self` is `receiver`, arguments beyond the declared parameters are dropped, a splat
    /// takes all.
    pub fn invoke(&mut self, lambda: &Value, receiver: &Value, args: &[Value]) -> Result<Value> {
        let lambda = expect_lambda(lambda)?;
        let given = args.get(..declared(lambda).min(args.len())).unwrap_or(args);
        self.host.call_with_receiver(lambda, receiver.clone(), Args::of(given))
    }

    /// The same, with requests in the result executed and its hashes made indifferent.
    pub fn invoke_resolved(&mut self, lambda: &Value, receiver: &Value, args: &[Value]) -> Result<Value> {
        let value = self.invoke(lambda, receiver, args)?;
        let resolved = self.resolve(&value)?;
        Ok(indifferent(&resolved))
    }

    /// Calls a method of a value.
    pub fn send(&mut self, value: &Value, method: &str, args: &[Value]) -> Result<Value> {
        self.host.send(value, Name::new(method), Args::of(args))
    }

    /// Calls a method if the value has it; nil otherwise, as `try` does.
    pub fn try_send(&mut self, value: &Value, method: &str, args: &[Value]) -> Result<Value> {
        let name = Name::new(method);
        if !value.is_nil() && self.host.responds_to(value, name) {
            self.host.send(value, name, Args::of(args))
        } else {
            Ok(Value::Nil)
        }
    }

    /// `pattern === value`.
    pub fn matches(&mut self, pattern: &Value, value: &Value) -> Result<bool> {
        match pattern {
            Value::Regexp(regexp) => Ok(match value {
                Value::Str(text) => regexp.find(text, 0)?.is_some(),
                _ => false,
            }),
            Value::Proc(_) => Ok(self.send(pattern, "===", std::slice::from_ref(value))?.truthy()),
            _ => Ok(crate::value::case_equal_plain(pattern, value)),
        }
    }

    /// Executes every request in a value, however deep, also requests that answers consist of. What holds none stays
    /// the same object.
    pub fn resolve(&mut self, value: &Value) -> Result<Value> {
        self.resolve_at(value, 0)
    }

    fn resolve_at(&mut self, value: &Value, depth: usize) -> Result<Value> {
        if depth > DEPTH {
            return Ok(value.clone());
        }
        match value {
            Value::Object(object) if object.kind() == crate::value::Kind::Request => {
                let answer = self.host.force(value)?;
                self.resolve_at(&answer, depth + 1)
            }
            Value::Array(items) => self.resolve_array(value, items, depth),
            Value::Hash(hash) => self.resolve_hash(value, hash, depth),
            other => Ok(other.clone()),
        }
    }

    fn resolve_array(&mut self, value: &Value, items: &Array, depth: usize) -> Result<Value> {
        let before = items.to_vec();
        let mut changed = false;
        let mut after = Vec::with_capacity(before.len());
        for item in &before {
            let resolved = self.resolve_at(item, depth + 1)?;
            changed |= !unchanged(item, &resolved);
            after.push(resolved);
        }
        Ok(if changed { Value::array(after) } else { value.clone() })
    }

    fn resolve_hash(&mut self, value: &Value, hash: &Hash, depth: usize) -> Result<Value> {
        let mut copy: Option<Hash> = None;
        for (key, item) in hash.to_vec() {
            let resolved = self.resolve_at(&item, depth + 1)?;
            if !unchanged(&item, &resolved) {
                copy.get_or_insert_with(|| hash.copy()).insert(key, resolved);
            }
        }
        Ok(copy.map_or_else(|| value.clone(), Value::hash))
    }

    /// Works with other rights than the surroundings have.
    pub fn within<T>(&mut self, scope: Scope, work: impl FnOnce(&mut Self) -> T) -> T {
        let outer = self.session.set_scope(scope);
        let result = work(self);
        self.session.set_scope(outer);
        result
    }

    /// Works where streams may (or may not) be used.
    pub fn with_streams<T>(&mut self, streams: bool, work: impl FnOnce(&mut Self) -> T) -> T {
        let scope = self.session.scope();
        self.within(Scope { streams, ..scope }, work)
    }

    /// Works without credentials on the requests.
    pub fn unauthorized<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> T {
        let scope = self.session.scope();
        self.within(Scope { access: Access::Unauthorized, ..scope }, work)
    }

    /// Waits, unless waiting was ruled out.
    pub fn wait(&mut self, seconds: f64) -> Result<()> {
        if self.session.environment.habits.no_wait || seconds <= 0.0 {
            return Ok(());
        }
        self.host.sleep(seconds)
    }
}

/// A new `self` for lambdas.
pub fn context(class: ClassId) -> Value {
    Context::value(class)
}

/// How many arguments a host's call passes at most: each declared parameter counts one, a splat takes all.
pub fn declared(lambda: &Proc) -> usize {
    let parameters = lambda.code.parameters();
    if parameters.iter().any(|(kind, _)| *kind == "rest") {
        return usize::MAX;
    }
    parameters.iter().filter(|(kind, _)| *kind != "block").count()
}

/// The proc in a value, or Ruby's TypeError.
pub fn expect_lambda(value: &Value) -> Result<&Rc<Proc>> {
    match value {
        Value::Proc(lambda) => Ok(lambda),
        other => {
            let message = format!("wrong argument type {} (expected Proc)", other.class().name());
            Err(raise(ClassId::TYPE_ERROR, message))
        }
    }
}

/// An exception ready to be returned as an error.
pub fn raised(exception: Exception) -> Box<Unwind> {
    Box::new(Unwind::Raise(Rc::new(exception)))
}

/// `Array.wrap`: nil is nothing, an array itself, anything else one item.
pub fn wrap_array(value: &Value) -> Vec<Value> {
    match value {
        Value::Nil => Vec::new(),
        Value::Array(items) => items.to_vec(),
        other => vec![other.clone()],
    }
}

/// `value.presence`
pub fn presence(value: Value) -> Option<Value> {
    if is_blank(&value) { None } else { Some(value) }
}

/// A key of a hash that is read by string or symbol.
pub fn at(value: &Value, key: &str) -> Value {
    match value {
        Value::Hash(hash) => hash.get_either(key).unwrap_or_default(),
        _ => Value::Nil,
    }
}

/// A hash of string keys.
pub fn hash_of(pairs: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    let hash = Hash::indifferent();
    for (key, value) in pairs {
        hash.insert_str(key, value);
    }
    Value::hash(hash)
}

/// Only requests and what holds them can change; those are compared as objects.
fn unchanged(before: &Value, after: &Value) -> bool {
    !matches!(before, Value::Object(_) | Value::Array(_) | Value::Hash(_)) || same(before, after)
}
