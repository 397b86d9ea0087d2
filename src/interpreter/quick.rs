//! Short ways through the walk that make no intermediate values: conditions, statements whose value nobody uses, and
//! arithmetic on small integers that stand in variables or in the text.

use super::Interpreter;
use super::ops::integers;
use crate::program::{ArgNode, Node, Op, Place, TargetNode};
use crate::syntax::ast::BinaryOp;
use crate::value::{Result, Value};

impl Interpreter {
    /// The small integer that a literal or a variable holds, or that one operation on such gives. Nothing is changed on
    /// the way, so where there is none the node may be evaluated from its beginning.
    #[inline]
    fn small(&self, node: &Node) -> Option<i64> {
        match &node.op {
            Op::Binary(op, _, _, operands) => {
                let a = self.at_hand(&operands.0)?;
                let b = self.at_hand(&operands.1)?;
                arithmetic(*op, a, b)
            }
            _ => self.at_hand(node),
        }
    }

    #[allow(clippy::inline_always)]
    #[inline(always)]
    pub(super) fn at_hand(&self, node: &Node) -> Option<i64> {
        match node.op {
            Op::Int(number) => Some(number),
            Op::Slot(slot) => match self.stack.get(self.base + usize::from(slot)) {
                Some(Value::Int(number)) => Some(*number),
                _ => None,
            },
            _ => None,
        }
    }

    /// Adds to the small integer in a variable; the sum, if it is one too.
    #[allow(clippy::inline_always)]
    #[inline(always)]
    pub(super) fn increment(&mut self, slot: u16, step: i64) -> Option<i64> {
        match self.stack.get_mut(self.base + usize::from(slot)) {
            Some(Value::Int(number)) => {
                *number = number.checked_add(step)?;
                Some(*number)
            }
            _ => None,
        }
    }

    /// `a op b` where both are small integers at hand.
    #[inline]
    pub(super) fn small_binary(&self, op: BinaryOp, operands: &(Node, Node)) -> Option<Value> {
        let a = self.small(&operands.0)?;
        let b = self.at_hand(&operands.1)?;
        integers(op, a, b)
    }

    /// Whether a condition holds.
    #[allow(clippy::inline_always)]
    #[inline(always)]
    pub(super) fn holds(&mut self, node: &Node) -> Result<bool> {
        match self.compared(node) {
            Some(answer) => Ok(answer),
            None => self.holds_slowly(node),
        }
    }

    /// The answer of a comparison of small integers at hand.
    #[inline]
    fn compared(&self, node: &Node) -> Option<bool> {
        let Op::Binary(op, _, _, operands) = &node.op else { return None };
        let b = self.at_hand(&operands.1)?;
        compares(*op, self.small(&operands.0)?, b)
    }

    #[inline(never)]
    fn holds_slowly(&mut self, node: &Node) -> Result<bool> {
        match &node.op {
            Op::And(parts) => Ok(self.holds(&parts.0)? && self.holds(&parts.1)?),
            Op::Or(parts) => Ok(self.holds(&parts.0)? || self.holds(&parts.1)?),
            Op::Slot(slot) => Ok(self.stack.get(self.base + usize::from(*slot)).is_some_and(Value::truthy)),
            _ => Ok(self.eval(node)?.truthy()),
        }
    }

    /// The value of a node that is likely a variable or arithmetic.
    #[inline]
    pub(super) fn operand(&mut self, node: &Node) -> Result<Value> {
        match &node.op {
            Op::Slot(slot) => Ok(self.slot(*slot)),
            Op::Binary(..) => match self.small(node) {
                Some(number) => Ok(Value::Int(number)),
                None => self.eval(node),
            },
            _ => self.eval(node),
        }
    }

    /// `place = value`, without a second copy of the value.
    #[inline(never)]
    fn assign_quickly(&mut self, place: Place, value: &Node) -> Result<()> {
        let value = self.operand(value)?;
        self.set(place, value);
        Ok(())
    }

    /// Runs a statement for its effect.
    #[inline]
    pub(super) fn perform(&mut self, node: &Node) -> Result<()> {
        match &node.op {
            Op::Set(place, value) => self.assign_quickly(*place, value),
            Op::Increment(slot, step, slowly) => match self.increment(*slot, *step) {
                Some(_) => Ok(()),
                None => self.eval(slowly).map(drop),
            },
            Op::If(parts) => {
                let chosen = if self.holds(&parts.0)? { &parts.1 } else { &parts.2 };
                if matches!(chosen.op, Op::Nil) { Ok(()) } else { self.perform(chosen) }
            }
            Op::Seq(nodes) => nodes.iter().try_for_each(|node| self.perform(node)),
            Op::Call(call) => self.eval_call(call, node.span).map(drop),
            Op::Assign(parts) => self.store_quickly(&parts.0, &parts.1),
            Op::Nil => Ok(()),
            _ => self.eval(node).map(drop),
        }
    }

    /// `hash[key] = value`, where the three are at hand and the hash has the key: nothing is copied.
    #[inline(never)]
    fn store_quickly(&mut self, target: &TargetNode, value: &Node) -> Result<()> {
        let place = match target {
            TargetNode::Index(index) => match &*index.args {
                [ArgNode::Value(key)] => self.standing(&index.receiver).zip(self.standing(key)),
                _ => None,
            },
            _ => None,
        };
        if let Some((Value::Hash(hash), key)) = place
            && !hash.is_frozen()
            && let Some(value) = self.at_hand(value).map(Value::Int).or_else(|| self.standing(value).cloned())
            && hash.overwrite(key, value).is_ok()
        {
            return Ok(());
        }
        self.eval_assigned(target, value).map(drop)
    }
}

/// Sums, differences, products and remainders that stay small.
#[allow(clippy::inline_always)]
#[inline(always)]
fn arithmetic(op: BinaryOp, a: i64, b: i64) -> Option<i64> {
    match op {
        BinaryOp::Add => a.checked_add(b),
        BinaryOp::Sub => a.checked_sub(b),
        BinaryOp::Mul => a.checked_mul(b),
        BinaryOp::Rem if b > 0 => Some(a.rem_euclid(b)),
        _ => None,
    }
}

#[allow(clippy::inline_always)]
#[inline(always)]
fn compares(op: BinaryOp, a: i64, b: i64) -> Option<bool> {
    Some(match op {
        BinaryOp::Less => a < b,
        BinaryOp::LessEq => a <= b,
        BinaryOp::Greater => a > b,
        BinaryOp::GreaterEq => a >= b,
        BinaryOp::Eq => a == b,
        BinaryOp::NotEq => a != b,
        _ => return None,
    })
}
