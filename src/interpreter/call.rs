//! Calling methods: arguments, dispatch, what happens when no row is found.

use super::names::names;
use super::{Interpreter, error, procs};
use crate::methods::{Args, Column, Host, Method, registry};
use crate::program::{ArgNode, BlockNode, Call, Lambda, Node};
use crate::text::{Name, Span};
use crate::value::{ClassId, Kind, Proc, Result, Unwind, Value, raise};
use std::rc::Rc;

impl Interpreter {
    #[inline(never)]
    pub(super) fn eval_call(&mut self, call: &Call, span: Span) -> Result<Value> {
        let Some(receiver) = &call.receiver else { return self.eval_self_call(call, span) };
        let receiver = self.eval(receiver)?;
        if call.safe && receiver.is_nil() {
            return Ok(Value::Nil);
        }
        if call.direct
            && let Value::Proc(callee) = &receiver
            && let Some(code) = direct_code(callee, call.args.len())
        {
            return self
                .call_directly(callee, code, &call.args, call.name_span)
                .map_err(|unwind| self.locate(unwind, span_of(call, span)));
        }
        let mut args = self.eval_call_args(call)?;
        let literal = self.attach_block(&call.block, &mut args)?;
        self.span = call.name_span;
        let result = self.dispatch(&receiver, call.column, call.name, args);
        match result {
            Ok(value) => Ok(value),
            Err(unwind) => self.after_call(unwind, literal, call.name_span),
        }
        .map_err(|unwind| self.locate(unwind, span_of(call, span)))
    }

    /// Calls a lambda with plain arguments, which are evaluated to where its parameters will be.
    fn call_directly(&mut self, callee: &Rc<Proc>, code: &Lambda, args: &[ArgNode], span: Span) -> Result<Value> {
        let base = self.stack.len();
        for arg in args {
            let ArgNode::Value(node) = arg else { continue };
            match self.eval(node) {
                Ok(value) => self.stack.push(value),
                Err(unwind) => {
                    self.stack.truncate(base);
                    return Err(unwind);
                }
            }
        }
        self.span = span;
        self.run_lambda(callee, code, base, None, |_| Ok(()))
    }

    fn eval_self_call(&mut self, call: &Call, span: Span) -> Result<Value> {
        let mut args = self.eval_call_args(call)?;
        let literal = self.attach_block(&call.block, &mut args)?;
        self.span = call.name_span;
        match self.call_self(call.column, call.name, args, call.bare) {
            Ok(value) => Ok(value),
            Err(unwind) => self.after_call(unwind, literal, call.name_span),
        }
        .map_err(|unwind| self.locate(unwind, span_of(call, span)))
    }

    /// A bare call: a row of `self`, a local `def`, a function of the connector, else the name is undefined.
    pub(super) fn call_self(&mut self, column: Column, name: Name, args: Args, bare: bool) -> Result<Value> {
        let receiver = self.receiver.clone();
        if let Some(method) = self.defined.get(&name).cloned() {
            return self.invoke(&method, args);
        }
        let kind = receiver.kind();
        let own = registry().find(kind, column);
        let method = if kind == Kind::Context { own } else { own.or_else(|| registry().find(Kind::Context, column)) };
        if let Some(method) = method {
            return self.run_method(method, &receiver, args);
        }
        let platform = Rc::clone(&self.platform);
        if let Some(result) = platform.call(self, name, &args) {
            return result;
        }
        Err(error::undefined_name(&receiver, name, bare))
    }

    fn eval_call_args(&mut self, call: &Call) -> Result<Args> {
        if !call.simple {
            return self.eval_args(&call.args);
        }
        let mut args = Args::none();
        for arg in &call.args {
            if let ArgNode::Value(value) = arg {
                args.values.push(self.eval(value)?);
            }
        }
        Ok(args)
    }

    /// Gives the call its block. The proc of a literal block comes back: `break` in it ends this call.
    fn attach_block(&mut self, block: &BlockNode, args: &mut Args) -> Result<Option<Rc<Proc>>> {
        match block {
            BlockNode::None => Ok(None),
            BlockNode::Literal(code) => {
                let block = self.close(code, false);
                args.block = Some(Rc::clone(&block));
                Ok(Some(block))
            }
            BlockNode::Symbol(name) => {
                args.block = Some(procs::symbol_proc(*name));
                Ok(None)
            }
            BlockNode::Pass(value) => {
                let value = self.eval(value)?;
                args.block = self.block_of(&value)?;
                Ok(None)
            }
        }
    }

    /// What `&value` passes.
    fn block_of(&mut self, value: &Value) -> Result<Option<Rc<Proc>>> {
        match value {
            Value::Nil => Ok(None),
            Value::Proc(block) => Ok(Some(Rc::clone(block))),
            Value::Symbol(symbol) => Ok(Some(procs::symbol_proc(Name::new(&symbol.text())))),
            other if self.knows(other, names().to_proc.name) => {
                match self.send(other, names().to_proc.name, Args::none())? {
                    Value::Proc(block) => Ok(Some(block)),
                    _ => Ok(None),
                }
            }
            other => {
                let class = other.class().name();
                Err(raise(ClassId::TYPE_ERROR, format!("wrong argument type {class} (expected Proc)")))
            }
        }
    }

    /// `break` in the call's own block is the call's value; an error notes the block it came through.
    #[cold]
    fn after_call(&mut self, unwind: Box<Unwind>, block: Option<Rc<Proc>>, span: Span) -> Result<Value> {
        let _ = span;
        let Some(block) = block else { return Err(unwind) };
        match *unwind {
            Unwind::Break { home, value } if home == block.given_to => Ok(value),
            other => Err(Box::new(other)),
        }
    }

    /// Calls a method of a value.
    pub(super) fn dispatch(&mut self, receiver: &Value, column: Column, name: Name, args: Args) -> Result<Value> {
        let kind = receiver.kind();
        if kind == Kind::Class
            && let Value::Class(class) = receiver
            && let Some(method) = registry().singleton(*class, name)
        {
            return self.run_method(method, receiver, args);
        }
        if matches!(kind, Kind::Namespace | Kind::Crypto | Kind::Other)
            && let Some(method) = registry().member(receiver, name)
        {
            return self.run_method(method, receiver, args);
        }
        match registry().find(kind, column) {
            Some(method) => self.run_method(method, receiver, args),
            None => self.dispatch_missing(receiver, column, name, args),
        }
    }

    #[inline]
    pub(super) fn run_method(&mut self, method: &'static Method, receiver: &Value, args: Args) -> Result<Value> {
        self.step()?;
        let given = args.len();
        let arity = method.arity;
        let positional = if arity.keywords && args.keywords { given.saturating_sub(1) } else { given };
        if positional < usize::from(arity.required)
            || (arity.at_most != u8::MAX && positional > usize::from(arity.at_most) && !takes_options(method, &args))
        {
            return Err(error::wrong_arguments(positional, method));
        }
        (method.body)(self, receiver, args)
    }

    /// A request's answer takes the call; `self.f` reaches local `def`s; some exceptions have attributes.
    #[cold]
    fn dispatch_missing(&mut self, receiver: &Value, column: Column, name: Name, args: Args) -> Result<Value> {
        match receiver {
            Value::Object(object) => {
                if object.kind() == Kind::Request {
                    let answer = self.force(receiver)?;
                    let result = self.dispatch(&answer, column, name, args);
                    return result.map_err(|unwind| error::no_method_of_answer(unwind, name));
                }
                if object.kind() == Kind::Context {
                    return self.call_self(column, name, args, false);
                }
                if let Some(message) = object.missing(name.as_str()) {
                    return Err(raise(message.0, message.1));
                }
            }
            Value::Class(class) => {
                if let Some(constant) = crate::methods::constant(&format!("{}::{name}", class.name())) {
                    return Ok(constant);
                }
            }
            // A duration has every method of its number.
            Value::Duration(duration) => return self.dispatch(&duration.seconds, column, name, args),
            Value::Exception(_) => {
                if let Some(method) = registry().member(receiver, name) {
                    return self.run_method(method, receiver, args);
                }
            }
            _ => {}
        }
        Err(error::no_method(receiver, name))
    }

    /// Does the value answer to the method?
    pub(super) fn knows(&self, receiver: &Value, name: Name) -> bool {
        if let Value::Class(class) = receiver
            && registry().singleton(*class, name).is_some()
        {
            return true;
        }
        if let Value::Duration(duration) = receiver
            && self.knows(&duration.seconds, name)
        {
            return true;
        }
        registry().find_name(receiver.kind(), name).is_some()
            || registry().member(receiver, name).is_some()
            || (receiver.kind() == Kind::Context && self.defined.contains_key(&name))
    }

    /// `receiver['literal']`.
    #[inline(never)]
    pub(super) fn eval_index_str(&mut self, receiver: &Node, key: u32, span: Span) -> Result<Value> {
        let receiver = self.eval(receiver)?;
        let key = self.pooled(key);
        if let Value::Hash(hash) = &receiver
            && let Some(value) = hash.get(&Value::Str(Rc::clone(&key)))
        {
            return Ok(value);
        }
        self.index_slowly(&receiver, Value::Str(key), span)
    }

    #[inline(never)]
    pub(super) fn eval_index(&mut self, receiver: &Node, key: &Node, span: Span) -> Result<Value> {
        let receiver = self.eval(receiver)?;
        let key = self.eval(key)?;
        match (&receiver, &key) {
            (Value::Array(array), Value::Int(index)) => return Ok(array.at(*index).unwrap_or_default()),
            (Value::Hash(hash), _) => {
                if let Some(value) = hash.get(&key) {
                    return Ok(value);
                }
            }
            _ => {}
        }
        self.index_slowly(&receiver, key, span)
    }

    fn index_slowly(&mut self, receiver: &Value, key: Value, span: Span) -> Result<Value> {
        self.span = span;
        let known = names().index;
        self.dispatch(receiver, known.column, known.name, Args::one(key)).map_err(|unwind| self.locate(unwind, span))
    }
}

/// The code of a lambda that takes exactly that many plain arguments.
fn direct_code(callee: &Proc, given: usize) -> Option<&Lambda> {
    let code = callee.code.as_any().downcast_ref::<Lambda>()?;
    (callee.is_lambda && code.params.simple && code.params.items.len() == given).then_some(code)
}

/// A brace-less hash given to a method without keywords is a positional argument already counted; one too many that is
/// an empty options hash is forgiven, as Ruby does for `**{}`.
fn takes_options(method: &Method, args: &Args) -> bool {
    let _ = method;
    args.keywords && matches!(args.values.last(), Some(Value::Hash(hash)) if hash.is_empty())
}

/// The part of a call that a report should point at: from the name on.
fn span_of(call: &Call, span: Span) -> Span {
    if call.name_span.is_empty() { span } else { call.name_span }
}
