//! Calling methods: arguments, dispatch, what happens when no row is found.

use super::invoke::lambda_of;
use super::names::names;
use super::{Interpreter, error, procs};
use crate::methods::{Args, Column, Host, Method, registry};
use crate::program::{ArgNode, BlockNode, Call, Lambda, Node};
use crate::text::{Name, Span};
use crate::value::{ClassId, FrameId, Kind, Proc, Result, Unwind, Value, raise, walk};
use std::rc::Rc;

impl Interpreter {
    #[inline(never)]
    pub(super) fn eval_call(&mut self, call: &Call, span: Span) -> Result<Value> {
        let Some(receiver) = &call.receiver else { return self.eval_self_call(call, span) };
        if call.plain
            && let Some(answer) = self.plain_answer(receiver, call.column)
        {
            self.step()?;
            return Ok(answer);
        }
        let receiver = self.operand(receiver)?;
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
        let mut args = Args::none();
        let literal = match (&*call.args, &call.block) {
            ([], BlockNode::None) => FrameId::default(),
            _ => self.eval_call_args(call, &mut args)?,
        };
        self.span = call.name_span;
        match self.dispatch(&receiver, call.column, call.name, args) {
            Ok(value) => Ok(value),
            Err(unwind) => self.after_call(unwind, literal, span_of(call, span)),
        }
    }

    /// What a row with a shorter way answers for a value that stands in a variable.
    #[inline]
    fn plain_answer(&self, receiver: &Node, column: Column) -> Option<Value> {
        let receiver = self.standing(receiver)?;
        let plain = registry().find(receiver.kind(), column)?.plain?;
        plain(receiver)
    }

    /// Calls a lambda with plain arguments, which are evaluated to where its parameters will be.
    fn call_directly(&mut self, callee: &Rc<Proc>, code: &Lambda, args: &[ArgNode], span: Span) -> Result<Value> {
        let base = self.stack.len();
        for arg in args {
            let ArgNode::Value(node) = arg else { continue };
            match self.operand(node) {
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
        let mut args = Args::none();
        let literal = self.eval_call_args(call, &mut args)?;
        self.span = call.name_span;
        match self.call_self(call.column, call.name, args, call.bare) {
            Ok(value) => Ok(value),
            Err(unwind) => self.after_call(unwind, literal, span_of(call, span)),
        }
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

    /// Evaluates the arguments and the block of a call. What `break` in a literal block ends comes back: this call.
    #[inline(never)]
    fn eval_call_args(&mut self, call: &Call, args: &mut Args) -> Result<FrameId> {
        if call.simple {
            for arg in &call.args {
                if let ArgNode::Value(value) = arg {
                    let value = self.operand(value)?;
                    args.values.push(value);
                }
            }
        } else {
            *args = self.eval_args(&call.args)?;
        }
        match &call.block {
            BlockNode::None => {}
            BlockNode::Literal(code) => {
                let block = self.close(code, false);
                let call = block.given_to;
                args.block = Some(block);
                return Ok(call);
            }
            BlockNode::Symbol(name) => args.block = Some(procs::symbol_proc(*name)),
            BlockNode::Pass(value) => {
                let value = self.eval(value)?;
                args.block = self.block_of(&value)?;
            }
        }
        Ok(FrameId::default())
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

    /// `break` in the call's own block is the call's value; an error notes where the call is.
    #[cold]
    fn after_call(&mut self, unwind: Box<Unwind>, call: FrameId, span: Span) -> Result<Value> {
        match *unwind {
            Unwind::Break { home, value } if home == call && call != FrameId::default() => Ok(value),
            other => Err(self.locate(Box::new(other), span)),
        }
    }

    /// Calls a method of a value.
    pub(super) fn dispatch(&mut self, receiver: &Value, column: Column, name: Name, args: Args) -> Result<Value> {
        let kind = receiver.kind();
        let own = match kind {
            Kind::Class | Kind::Namespace | Kind::Crypto | Kind::Other => own_method(receiver, name),
            _ => None,
        };
        match own.or_else(|| registry().find(kind, column)) {
            Some(method) => self.run_method(method, receiver, args),
            None => self.dispatch_missing(receiver, column, name, args),
        }
    }

    #[allow(clippy::inline_always)]
    #[inline(always)]
    pub(super) fn run_method(&mut self, method: &'static Method, receiver: &Value, args: Args) -> Result<Value> {
        self.step()?;
        let given = args.values.len();
        let arity = method.arity;
        let positional = if arity.keywords && args.keywords { given.saturating_sub(1) } else { given };
        if positional < usize::from(arity.required)
            || (arity.at_most != u8::MAX && positional > usize::from(arity.at_most) && !takes_options(method, &args))
        {
            return Err(error::wrong_arguments(positional, method));
        }
        let answer = (method.body)(self, receiver, args);
        if walk::turned_back() { Err(self.endless_walk()) } else { answer }
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
        if let (Some(Value::Hash(hash)), Some(key)) = (self.standing(receiver), self.pooled_before(key))
            && let Some(value) = hash.read(key)
        {
            return Ok(value);
        }
        let receiver = self.eval(receiver)?;
        let key = self.pooled(key);
        self.index(&receiver, key, span)
    }

    #[inline(never)]
    pub(super) fn eval_index(&mut self, receiver: &Node, key: &Node, span: Span) -> Result<Value> {
        let found = match self.standing(receiver) {
            Some(Value::Array(array)) => self.at_hand(key).map(|at| array.at(at).unwrap_or_default()),
            Some(Value::Hash(hash)) => self.standing(key).and_then(|key| hash.read(key)),
            _ => None,
        };
        if let Some(value) = found {
            return Ok(value);
        }
        let receiver = self.eval(receiver)?;
        let key = self.eval(key)?;
        self.index(&receiver, key, span)
    }

    /// `receiver[key]`
    pub(super) fn index(&mut self, receiver: &Value, key: Value, span: Span) -> Result<Value> {
        match (receiver, &key) {
            (Value::Array(array), Value::Int(index)) => return Ok(array.at(*index).unwrap_or_default()),
            (Value::Hash(hash), _) => {
                if let Some(value) = hash.read(&key) {
                    return Ok(value);
                }
            }
            _ => {}
        }
        self.span = span;
        let known = names().index;
        self.dispatch(receiver, known.column, known.name, Args::one(key)).map_err(|unwind| self.locate(unwind, span))
    }
}

/// A method of the object alone: of that class, of that namespace.
#[inline(never)]
fn own_method(receiver: &Value, name: Name) -> Option<&'static Method> {
    match receiver {
        Value::Class(class) => registry().singleton(*class, name),
        _ => registry().member(receiver, name),
    }
}

/// The code of a lambda that takes exactly that many plain arguments.
fn direct_code(callee: &Proc, given: usize) -> Option<&Lambda> {
    let code = lambda_of(callee)?;
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
