//! The walk itself: one arm per kind of node.

use super::{Interpreter, error};
use crate::methods::Host;
use crate::program::{Node, Op, Place};
use crate::text::Name;
use crate::value::{Cell, FrameId, Proc, Rational, Result, Symbol, Unwind, Value};
use std::rc::Rc;

impl Interpreter {
    /// The value of a node. What takes more than a few instructions has a function of its own, so that this one needs no
    /// frame on the stack.
    pub(super) fn eval(&mut self, node: &Node) -> Result<Value> {
        match &node.op {
            Op::Slot(slot) => Ok(self.slot(*slot)),
            Op::Int(number) => Ok(Value::Int(*number)),
            Op::Call(call) => self.eval_call(call, node.span),
            Op::IndexStr(receiver, key) => self.eval_index_str(receiver, *key, node.span),
            Op::Index(parts) => self.eval_index(&parts.0, &parts.1, node.span),
            Op::Binary(op, name, column, operands) => self.eval_binary(*op, *name, *column, operands, node.span),
            Op::Set(place, value) => self.eval_set(*place, value),
            Op::Increment(slot, step, slowly) => match self.increment(*slot, *step) {
                Some(sum) => Ok(Value::Int(sum)),
                None => self.eval(slowly),
            },
            Op::If(parts) => self.eval_if(parts),
            Op::Seq(nodes) => self.eval_sequence(nodes),
            Op::Str(bytes) => Ok(fresh(bytes)),
            Op::FrozenStr(number) => Ok(self.pooled(*number)),
            Op::Symbol(name) => Ok(Value::Symbol(Symbol::from(*name))),
            Op::Nil => Ok(Value::Nil),
            Op::True => Ok(Value::True),
            Op::False => Ok(Value::False),
            Op::Cell(_) | Op::Captured(_) => Ok(self.captured(&node.op)),
            Op::And(parts) => self.eval_either(parts, false),
            Op::Or(parts) => self.eval_either(parts, true),
            Op::Not(operand) => self.eval_not(operand),
            Op::Hash(pairs) => self.eval_hash(pairs),
            Op::Array(items) => self.eval_array(items),
            Op::Interpolated(pieces) => self.eval_interpolated(pieces),
            Op::While(parts) => self.eval_while(parts),
            Op::SelfRef => Ok(self.receiver.clone()),
            Op::Float(number) => Ok(Value::float(*number)),
            Op::Lambda(code) => Ok(Value::Proc(self.close(code, true))),
            _ => self.eval_rare(node),
        }
    }

    /// The kinds that are seldom met, kept out of the hot function.
    #[inline(never)]
    fn eval_rare(&mut self, node: &Node) -> Result<Value> {
        match &node.op {
            Op::BigInt(number) => Ok(Value::big((**number).clone())),
            Op::Rational(parts) => {
                Ok(Value::Rational(Rc::new(Rational { numerator: parts.0.clone(), denominator: parts.1.clone() })))
            }
            Op::DynSymbol(pieces) => self.eval_symbol(pieces),
            Op::Regex(number, source, options) => self.eval_regex(*number, source, *options, node.span),
            Op::DynRegex(number, pieces, options) => self.eval_dynamic_regex(*number, pieces, *options, node.span),
            Op::ArrayOf(args) => Ok(Value::array(self.eval_args(args)?.values.into_vec())),
            Op::Range(ends, exclusive) => self.eval_range(ends, *exclusive, node.span),
            Op::InstanceVar(name) => Ok(self.instance_variable(name.as_str())),
            Op::Global(name) => Ok(self.global(*name)),
            Op::Class(class) => Ok(Value::Class(*class)),
            Op::Const(path) => crate::methods::constant(path)
                .ok_or_else(|| self.locate(error::uninitialized_constant(path), node.span)),
            Op::Defined(operand) => self.eval_defined(operand),
            Op::Assign(parts) => {
                let value = self.eval_assigned(&parts.0, &parts.1)?;
                Ok(value)
            }
            Op::OpAssign(parts) => self.eval_op_assign(&parts.0, parts.1, &parts.2),
            Op::MultiAssign(parts) => self.eval_multi_assign(&parts.0, &parts.1),
            Op::Case(parts) => self.eval_case(parts),
            Op::CaseIn(parts) => self.eval_case_in(parts, node.span),
            Op::Match(parts, raises) => self.eval_match(&parts.0, &parts.1, *raises, node.span),
            Op::Begin(parts) => self.eval_begin(parts),
            Op::Def(name, code) => {
                let method = self.close(code, true);
                self.defined.insert(*name, method);
                Ok(Value::Symbol(Symbol::from(*name)))
            }
            Op::Return(value) => {
                let value = self.eval_option(value.as_deref())?;
                Err(Box::new(Unwind::Return { home: self.home(), value }))
            }
            Op::Break(value) => {
                let value = self.eval_option(value.as_deref())?;
                let home = self.frame().map_or(FrameId::default(), |frame| frame.closure.given_to);
                Err(Box::new(Unwind::Break { home, value }))
            }
            Op::LoopBreak(value) => {
                let value = self.eval_option(value.as_deref())?;
                Err(Box::new(Unwind::Break { home: FrameId::default(), value }))
            }
            Op::Next(value) => {
                let value = self.eval_option(value.as_deref())?;
                Err(Box::new(Unwind::Next(value)))
            }
            Op::Redo => Err(Box::new(Unwind::Redo)),
            Op::Retry => Err(Box::new(Unwind::Retry)),
            Op::Yield(args) => self.eval_yield(args, node.span),
            Op::MethodName => Ok(self
                .frame()
                .and_then(|frame| frame.label)
                .map_or(Value::Nil, |name| Value::Symbol(Symbol::from(name)))),
            Op::Refused(message) => Err(self.locate(
                crate::value::raise(crate::value::ClassId::NOT_IMPLEMENTED_ERROR, message.as_ref()),
                node.span,
            )),
            Op::Probe(probe) => self.eval_probe(probe),
            _ => Ok(Value::Nil),
        }
    }

    pub(super) fn eval_option(&mut self, node: Option<&Node>) -> Result<Value> {
        node.map_or(Ok(Value::Nil), |node| self.eval(node))
    }

    #[inline(never)]
    fn eval_set(&mut self, place: Place, value: &Node) -> Result<Value> {
        let value = self.operand(value)?;
        self.set(place, value.clone());
        Ok(value)
    }

    #[inline(never)]
    fn eval_if(&mut self, parts: &(Node, Node, Node)) -> Result<Value> {
        let chosen = if self.holds(&parts.0)? { &parts.1 } else { &parts.2 };
        self.eval(chosen)
    }

    /// `a || b`, `a && b`: the left side where its truth is `wanted`.
    #[inline(never)]
    fn eval_either(&mut self, parts: &(Node, Node), wanted: bool) -> Result<Value> {
        let left = self.eval(&parts.0)?;
        if left.truthy() == wanted { Ok(left) } else { self.eval(&parts.1) }
    }

    #[inline(never)]
    fn eval_sequence(&mut self, nodes: &[Node]) -> Result<Value> {
        let Some((last, before)) = nodes.split_last() else { return Ok(Value::Nil) };
        for node in before {
            self.perform(node)?;
        }
        self.eval(last)
    }

    /// `!x`; of a request, of its answer.
    #[inline(never)]
    fn eval_not(&mut self, operand: &Node) -> Result<Value> {
        let value = self.eval(operand)?;
        let value = if matches!(value, Value::Object(_)) { self.force(&value)? } else { value };
        Ok(Value::bool(!value.truthy()))
    }

    #[inline]
    pub(super) fn slot(&self, slot: u16) -> Value {
        self.stack.get(self.base + usize::from(slot)).cloned().unwrap_or_default()
    }

    /// A captured variable that the running frame made.
    #[inline]
    pub(super) fn own_cell(&self, number: u16) -> Option<&Cell> {
        self.cells.get(self.frame()?.cells + usize::from(number))
    }

    /// A captured variable of an outer frame.
    #[inline]
    pub(super) fn captured_cell(&self, number: u16) -> Option<&Cell> {
        self.frame()?.closure.captured.get(usize::from(number))
    }

    /// What `return` leaves.
    pub(super) fn home(&self) -> FrameId {
        self.frame().map_or(FrameId::default(), |frame| frame.home)
    }

    #[inline(never)]
    fn captured(&self, op: &Op) -> Value {
        let cell = match op {
            Op::Cell(number) => self.own_cell(*number),
            Op::Captured(number) => self.captured_cell(*number),
            _ => None,
        };
        cell.map(|cell| cell.borrow().clone()).unwrap_or_default()
    }

    pub(super) fn set(&mut self, place: Place, value: Value) {
        match place {
            Place::Slot(slot) => {
                if let Some(variable) = self.stack.get_mut(self.base + usize::from(slot)) {
                    *variable = value;
                }
            }
            Place::Cell(number) => {
                if let Some(cell) = self.own_cell(number) {
                    // The old value is dropped after the borrow ends.
                    let _old = cell.replace(value);
                }
            }
            Place::Captured(number) => {
                if let Some(cell) = self.captured_cell(number) {
                    let _old = cell.replace(value);
                }
            }
        }
    }

    /// A value that stands in a variable or in the pool, where reading it needs no copy.
    #[inline]
    pub(super) fn standing(&self, node: &Node) -> Option<&Value> {
        match node.op {
            Op::Slot(slot) => self.stack.get(self.base + usize::from(slot)),
            Op::FrozenStr(number) => self.pooled_before(number),
            _ => None,
        }
    }

    /// A frozen string of the program, if it has been used before.
    #[inline]
    pub(super) fn pooled_before(&self, number: u32) -> Option<&Value> {
        self.strings.get(number as usize).filter(|text| !text.is_nil())
    }

    #[inline(never)]
    pub(super) fn pooled(&mut self, number: u32) -> Value {
        if let Some(text) = self.pooled_before(number) {
            return text.clone();
        }
        let at = number as usize;
        let bytes = self.program.strings.get(at).map(|bytes| bytes.to_vec()).unwrap_or_default();
        let text = crate::value::Str::owned(bytes, crate::value::Encoding::Utf8);
        text.freeze();
        let text = Value::Str(Rc::new(text));
        if let Some(place) = self.strings.get_mut(at) {
            place.clone_from(&text);
        }
        text
    }

    /// `$~` and its parts, `$!`; other globals do not exist in a connector.
    fn global(&self, name: Name) -> Value {
        match name.as_str() {
            "$~" => self.last_match.clone(),
            "$!" => self.last_error.clone(),
            other => self.match_part(other),
        }
    }

    fn match_part(&self, name: &str) -> Value {
        let Value::Match(found) = &self.last_match else { return Value::Nil };
        match name {
            "$&" => found.group(0),
            "$`" => found.before(),
            "$'" => found.after(),
            "$+" => {
                (1..found.groups.len()).rev().map(|group| found.group(group)).find(|g| !g.is_nil()).unwrap_or_default()
            }
            other => match (other.strip_prefix("$~"), other.trim_start_matches('$').parse()) {
                (Some(group), _) => found.named(group).unwrap_or_default(),
                (None, Ok(number)) => found.group(number),
                _ => Value::Nil,
            },
        }
    }

    fn eval_yield(&mut self, args: &[crate::program::ArgNode], span: crate::text::Span) -> Result<Value> {
        let args = self.eval_args(args)?;
        let block: Option<Rc<Proc>> = self.frame().and_then(|frame| frame.block.clone());
        match block {
            Some(block) => self.yield_to(&block, &args.values),
            None => Err(self.locate(error::local_jump("no block given (yield)"), span)),
        }
    }
}

/// A literal's string: new each time, its text shared until it is changed.
#[inline(never)]
fn fresh(bytes: &std::sync::Arc<[u8]>) -> Value {
    Value::Str(Rc::new(crate::value::Str::shared(bytes)))
}
