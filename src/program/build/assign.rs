//! Assignments of every form.

use super::Builder;
use crate::methods::{Column, registry};
use crate::program::node::{AttributeTarget, IndexTarget, Node, Op, OpKind, Place, TargetNode};
use crate::program::{Sign, Tells};
use crate::syntax::ast::{AssignOp, BinaryOp, Expr, Target, TargetKind};
use crate::text::{Name, Span};

impl Builder<'_> {
    pub(super) fn assign(&mut self, target: &Target, value: &Expr) -> Op {
        if let TargetKind::Local(name) = &target.kind {
            let outer = std::mem::replace(&mut self.label, *name);
            let value = Box::new(self.node(value));
            self.label = outer;
            return Op::Set(self.place(*name), value);
        }
        let target = self.target(target);
        Op::Assign(Box::new((target, self.node(value))))
    }

    pub(super) fn target(&mut self, target: &Target) -> TargetNode {
        match &target.kind {
            TargetKind::Local(name) | TargetKind::Const(name) => TargetNode::Variable(self.place(*name)),
            TargetKind::InstanceVar(name) => TargetNode::InstanceVar(*name),
            TargetKind::Global(name) => TargetNode::Global(*name),
            TargetKind::Index(index) => TargetNode::Index(Box::new(IndexTarget {
                receiver: self.node(&index.receiver),
                safe: index.safe,
                args: self.reading_args(&index.args),
                read: column("[]"),
                write: column("[]="),
                span: target.span,
            })),
            TargetKind::Attribute { receiver, safe, name, .. } => {
                let setter = Name::new(&format!("{name}="));
                TargetNode::Attribute(Box::new(AttributeTarget {
                    receiver: self.node(receiver),
                    safe: *safe,
                    name: *name,
                    setter,
                    read: registry().column(*name),
                    write: registry().column(setter),
                    span: target.span,
                }))
            }
            TargetKind::Splat(inner) => TargetNode::Splat(inner.as_deref().map(|inner| Box::new(self.target(inner)))),
            TargetKind::Nested(targets) => TargetNode::Nested(self.targets(targets)),
        }
    }

    pub(super) fn targets(&mut self, targets: &[Target]) -> Box<[TargetNode]> {
        targets.iter().map(|target| self.target(target)).collect()
    }

    pub(super) fn op_assign(&mut self, target: &Target, op: AssignOp, value: &Expr) -> Op {
        if let TargetKind::Local(name) = &target.kind {
            let name = *name;
            return self.op_assign_variable(name, op, value, target.span);
        }
        let kind = match op {
            AssignOp::Or => OpKind::Or,
            AssignOp::And => OpKind::And,
            AssignOp::Op(op) => OpKind::Op(op, Name::new(op.text()), column(op.text())),
        };
        let target = self.target(target);
        let node = self.node(value);
        // Whether it was there is asked inside: what can be told is that it had to be made.
        let value = match op {
            AssignOp::Op(_) => node,
            AssignOp::Or | AssignOp::And => {
                let (branch, sign) = (self.branch(), if op == AssignOp::Or { Sign::Or } else { Sign::And });
                self.way(Tells::Reached, branch, sign, "set", node, value.span)
            }
        };
        Op::OpAssign(Box::new((target, kind, value)))
    }

    /// `x += 1` is `x = x + 1`; `x ||= 1` is `x || x = 1`.
    fn op_assign_variable(&mut self, name: Name, op: AssignOp, value: &Expr, span: Span) -> Op {
        let read = Node { op: self.variable(name), span };
        let place: Place = self.place(name);
        let value = self.node(value);
        let set = |value| Node { op: Op::Set(place, Box::new(value)), span };
        match op {
            AssignOp::Or => Op::Or(Box::new((self.left(Sign::Or, read), set(value)))),
            AssignOp::And => Op::And(Box::new((self.left(Sign::And, read), set(value)))),
            AssignOp::Op(op) => {
                let span = span.to(value.span);
                let step = match (op, &value.op, place) {
                    (BinaryOp::Add, Op::Int(step), Place::Slot(slot)) => Some((slot, *step)),
                    (BinaryOp::Sub, Op::Int(step), Place::Slot(slot)) => step.checked_neg().map(|step| (slot, step)),
                    _ => None,
                };
                let sum =
                    Node { op: Op::Binary(op, Name::new(op.text()), column(op.text()), Box::new((read, value))), span };
                let slowly = set(sum);
                match step {
                    Some((slot, step)) => Op::Increment(slot, step, Box::new(slowly)),
                    None => slowly.op,
                }
            }
        }
    }

    pub(super) fn multi_assign(&mut self, targets: &[Target], value: &Expr) -> Op {
        let targets = self.targets(targets);
        Op::MultiAssign(Box::new((targets, self.node(value))))
    }
}

fn column(name: &str) -> Column {
    registry().column(Name::new(name))
}
