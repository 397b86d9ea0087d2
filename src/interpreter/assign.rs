//! Assignments to anything but a plain variable.

use super::Interpreter;
use super::names::names;
use crate::methods::{Args, Column, Host};
use crate::program::{ArgNode, IndexTarget, Node, Op, TargetNode};
use crate::text::{Name, Span};
use crate::value::{Result, Value};
use std::rc::Rc;

use crate::program::OpKind;

/// What stands between the brackets: nearly always one value.
enum Key {
    One(Value),
    Args(Args),
}

impl Interpreter {
    /// `target = value`: the receiver and the index are evaluated first, then the value.
    pub(super) fn eval_assigned(&mut self, target: &TargetNode, value: &Node) -> Result<Value> {
        match target {
            TargetNode::Index(index) => {
                let receiver = self.eval(&index.receiver)?;
                if index.safe && receiver.is_nil() {
                    return Ok(Value::Nil);
                }
                let key = self.eval_key(&receiver, &index.args)?;
                let value = self.eval(value)?;
                self.store(&receiver, key, value.clone(), index)?;
                Ok(value)
            }
            TargetNode::Attribute(attribute) => {
                let receiver = self.eval(&attribute.receiver)?;
                if attribute.safe && receiver.is_nil() {
                    return Ok(Value::Nil);
                }
                let value = self.eval(value)?;
                self.call_at(&receiver, attribute.write, attribute.setter, Args::one(value.clone()), attribute.span)?;
                Ok(value)
            }
            _ => {
                let value = self.eval(value)?;
                self.assign_to(target, value.clone())?;
                Ok(value)
            }
        }
    }

    /// Puts a value into a place.
    pub(super) fn assign_to(&mut self, target: &TargetNode, value: Value) -> Result<()> {
        match target {
            TargetNode::Variable(place) => self.set(*place, value),
            TargetNode::InstanceVar(name) => self.set_instance_variable(name.as_str(), value),
            TargetNode::Global(name) => {
                if name.as_str() == "$~" {
                    self.set_last_match(value);
                }
            }
            TargetNode::Index(index) => {
                let receiver = self.eval(&index.receiver)?;
                let key = self.eval_key(&receiver, &index.args)?;
                self.store(&receiver, key, value, index)?;
            }
            TargetNode::Attribute(attribute) => {
                let receiver = self.eval(&attribute.receiver)?;
                self.call_at(&receiver, attribute.write, attribute.setter, Args::one(value), attribute.span)?;
            }
            TargetNode::Splat(Some(inner)) => {
                let values = self.splat(&value)?;
                self.assign_to(inner, Value::array(values))?;
            }
            TargetNode::Splat(None) => {}
            TargetNode::Nested(targets) => self.destructure(targets, &value)?,
        }
        Ok(())
    }

    fn eval_key(&mut self, receiver: &Value, args: &[ArgNode]) -> Result<Key> {
        match args {
            [ArgNode::Value(Node { op: Op::FrozenStr(number), .. })] => {
                Ok(Key::One(match (receiver, self.pooled(*number)) {
                    // A literal is a new object each time, which only such a hash can tell.
                    (Value::Hash(hash), Value::Str(text))
                        if hash.compares_by_identity() && !self.program.frozen_strings =>
                    {
                        Value::Str(Rc::new(text.copy()))
                    }
                    (_, key) => key,
                }))
            }
            [ArgNode::Value(key)] => self.eval(key).map(Key::One),
            _ => self.eval_args(args).map(Key::Args),
        }
    }

    /// `receiver[key]`
    fn fetch(&mut self, receiver: &Value, key: &Key, target: &IndexTarget) -> Result<Value> {
        match key {
            Key::One(key) => self.index(receiver, key.clone(), target.span),
            Key::Args(args) => self.call_at(receiver, target.read, names().index.name, args.clone(), target.span),
        }
    }

    /// `receiver[key] = value`: hashes and places that an array has are written at once.
    fn store(&mut self, receiver: &Value, key: Key, value: Value, target: &IndexTarget) -> Result<()> {
        let mut args = match (receiver, key) {
            (Value::Hash(hash), Key::One(key)) if !hash.is_frozen() && !hash.is_indifferent() && hash.can_add(&key) => {
                hash.insert(key, value);
                return Ok(());
            }
            (Value::Array(array), Key::One(Value::Int(at))) if !array.is_frozen() && array.has(at) => {
                array.put(at, value);
                return Ok(());
            }
            (_, Key::One(key)) => Args::one(key),
            (_, Key::Args(args)) => args,
        };
        args.values.push(value);
        args.keywords = false;
        self.call_at(receiver, target.write, names().set_index.name, args, target.span).map(drop)
    }

    fn call_at(&mut self, receiver: &Value, column: Column, name: Name, args: Args, span: Span) -> Result<Value> {
        self.span = span;
        self.dispatch(receiver, column, name, args).map_err(|unwind| self.locate(unwind, span))
    }

    /// `place op= value` for indexes, attributes and instance variables: the place is evaluated once.
    pub(super) fn eval_op_assign(&mut self, target: &TargetNode, kind: OpKind, value: &Node) -> Result<Value> {
        match target {
            TargetNode::Index(index) => {
                let receiver = self.eval(&index.receiver)?;
                if index.safe && receiver.is_nil() {
                    return Ok(Value::Nil);
                }
                let key = self.eval_key(&receiver, &index.args)?;
                let old = self.fetch(&receiver, &key, index)?;
                let Some(new) = self.combine(old.clone(), kind, value, index.span)? else { return Ok(old) };
                self.store(&receiver, key, new.clone(), index)?;
                Ok(new)
            }
            TargetNode::Attribute(attribute) => {
                let receiver = self.eval(&attribute.receiver)?;
                if attribute.safe && receiver.is_nil() {
                    return Ok(Value::Nil);
                }
                let span = attribute.span;
                let old = self.call_at(&receiver, attribute.read, attribute.name, Args::none(), span)?;
                let Some(new) = self.combine(old.clone(), kind, value, span)? else { return Ok(old) };
                self.call_at(&receiver, attribute.write, attribute.setter, Args::one(new.clone()), span)?;
                Ok(new)
            }
            TargetNode::InstanceVar(name) => {
                let old = self.instance_variable(name.as_str());
                let Some(new) = self.combine(old.clone(), kind, value, value.span)? else { return Ok(old) };
                self.set_instance_variable(name.as_str(), new.clone());
                Ok(new)
            }
            other => {
                let new = self.eval(value)?;
                self.assign_to(other, new.clone())?;
                Ok(new)
            }
        }
    }

    /// The new value of an updated place; `None` where `||=` and `&&=` leave it alone.
    fn combine(&mut self, old: Value, kind: OpKind, value: &Node, span: Span) -> Result<Option<Value>> {
        match kind {
            OpKind::Or if old.truthy() => Ok(None),
            OpKind::And if !old.truthy() => Ok(None),
            OpKind::Or | OpKind::And => self.eval(value).map(Some),
            OpKind::Op(op, name, column) => {
                let right = self.eval(value)?;
                self.operate(op, name, column, old, &right, span).map(Some)
            }
        }
    }

    /// `a, (b, *c) = value`: the value of the whole is the right side.
    pub(super) fn eval_multi_assign(&mut self, targets: &[TargetNode], value: &Node) -> Result<Value> {
        let value = self.eval(value)?;
        let values = match self.force(&value)? {
            Value::Array(array) => array.to_vec(),
            other => vec![other],
        };
        self.assign_each(targets, &values)?;
        Ok(value)
    }

    pub(super) fn assign_each(&mut self, targets: &[TargetNode], values: &[Value]) -> Result<()> {
        let splat = targets.iter().position(|target| matches!(target, TargetNode::Splat(_)));
        let Some(splat) = splat else {
            for (at, target) in targets.iter().enumerate() {
                self.assign_to(target, values.get(at).cloned().unwrap_or_default())?;
            }
            return Ok(());
        };
        let after = targets.len() - splat - 1;
        let rest = values.len().saturating_sub(splat + after);
        for (at, target) in targets.iter().enumerate() {
            let value = match at.cmp(&splat) {
                std::cmp::Ordering::Less => values.get(at).cloned().unwrap_or_default(),
                std::cmp::Ordering::Equal => {
                    let from = splat.min(values.len());
                    Value::array(values.get(from..from + rest).unwrap_or_default().to_vec())
                }
                std::cmp::Ordering::Greater => values.get(at - 1 + rest).cloned().unwrap_or_default(),
            };
            self.assign_to(target, value)?;
        }
        Ok(())
    }
}
