//! What may stand left of `=`.

use super::super::ast::{ConstScope, Expr, ExprKind, Target, TargetKind};
use super::Builder;
use crate::text::{Name, Span};

impl Builder<'_> {
    /// The target that `operand` names; a bare word becomes a local variable from here on.
    pub fn target(&mut self, operand: Expr) -> Target {
        let span = operand.span;
        let kind = match operand.kind {
            ExprKind::Local(name) => {
                self.refuse_numbered(name, span);
                TargetKind::Local(name)
            }
            ExprKind::InstanceVar(name) => TargetKind::InstanceVar(name),
            ExprKind::Global(name) => {
                if name.as_str().get(1..).is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit())) {
                    self.bad_target(span, &format!("`{name}` cannot be assigned: the last match sets it"));
                }
                TargetKind::Global(name)
            }
            ExprKind::Const { scope: ConstScope::Bare | ConstScope::Top, name } => TargetKind::Const(name),
            ExprKind::Const { scope: ConstScope::In(_), name } => {
                self.bad_target(span, "a constant of another object cannot be assigned");
                TargetKind::Const(name)
            }
            ExprKind::Index(index) => TargetKind::Index(index),
            ExprKind::Call(call) if !call.parens && call.args.is_empty() && call.block.is_none() => {
                let name = call.name;
                if name.as_str().ends_with(['?', '!']) {
                    self.bad_target(span, &format!("`{name}` cannot be assigned: its name ends in `?` or `!`"));
                }
                match call.receiver {
                    None => {
                        self.refuse_numbered(name, span);
                        self.scopes.declare(name);
                        TargetKind::Local(name)
                    }
                    Some(receiver) => TargetKind::Attribute {
                        receiver: Box::new(receiver),
                        safe: call.safe,
                        name,
                        name_span: call.name_span,
                    },
                }
            }
            kind => {
                self.bad_target(span, &unassignable(&kind));
                TargetKind::Local(Name::new("_"))
            }
        };
        Target { kind, span }
    }

    fn refuse_numbered(&mut self, name: Name, span: Span) {
        if matches!(name.as_str().as_bytes(), [b'_', b'1'..=b'9']) {
            self.bad_target(span, &format!("`{name}` is kept for the parameters of a block"));
        }
    }

    fn bad_target(&mut self, span: Span, message: &str) {
        let help = "left of `=` stands a variable, `object.name` or `object[key]`; to compare, write `==`";
        self.error("syntax::bad-assignment", span, message, help);
    }
}

fn unassignable(kind: &ExprKind) -> String {
    match kind {
        ExprKind::Nil => "`nil` cannot be assigned".into(),
        ExprKind::True => "`true` cannot be assigned".into(),
        ExprKind::False => "`false` cannot be assigned".into(),
        ExprKind::SelfRef => "`self` cannot be assigned".into(),
        ExprKind::Call(_) => "the result of a call cannot be assigned".into(),
        _ => "a value cannot be assigned".into(),
    }
}
