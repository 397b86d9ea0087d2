//! Constants and `defined?`.

use super::Builder;
use crate::program::node::{Node, Op};
use crate::syntax::ast::{ConstScope, Expr, ExprKind};
use crate::text::{Name, Span};
use crate::value::ClassId;

/// Bare constants of a connector are looked for here first, as in the reference.
const SDK: &str = "Workato::Connector::Sdk::";

impl Builder<'_> {
    pub(super) fn constant(&mut self, scope: &ConstScope, name: Name, span: Span) -> Op {
        let Some(path) = constant_path(scope, name) else {
            return self.refuse("::", "a constant can be looked up only in a constant", span);
        };
        if let Some(reason) = crate::methods::refused_constant(&path) {
            return self.refuse(&path, reason, span);
        }
        find_class(scope, &path).map_or_else(|| Op::Const(path.into()), Op::Class)
    }

    pub(super) fn defined(&mut self, operand: &Expr) -> Op {
        let text = match &operand.kind {
            ExprKind::Local(_) => "local-variable",
            ExprKind::SelfRef => "self",
            ExprKind::Nil => "nil",
            ExprKind::True => "true",
            ExprKind::False => "false",
            ExprKind::Assign { .. } | ExprKind::OpAssign { .. } | ExprKind::MultiAssign { .. } => "assignment",
            ExprKind::Call(_)
            | ExprKind::Index(_)
            | ExprKind::InstanceVar(_)
            | ExprKind::Global(_)
            | ExprKind::Const { .. }
            | ExprKind::Yield(_) => {
                let node: Node = self.node(operand);
                return Op::Defined(Box::new(node));
            }
            ExprKind::Binary { .. } | ExprKind::Unary { .. } | ExprKind::Not(_) => "method",
            ExprKind::Seq(exprs) if exprs.len() == 1 => return self.defined(&exprs[0]),
            _ => "expression",
        };
        Op::Str(text.as_bytes().into())
    }
}

fn find_class(scope: &ConstScope, path: &str) -> Option<ClassId> {
    let nameable = |path: &str| ClassId::find(path).filter(|class| class.info().nameable);
    match scope {
        ConstScope::Bare => nameable(&format!("{SDK}{path}")).or_else(|| nameable(path)),
        ConstScope::Top | ConstScope::In(_) => nameable(path),
    }
}

/// `A::B::C` as text; `None` if the scope is not made of constants.
fn constant_path(scope: &ConstScope, name: Name) -> Option<String> {
    let ConstScope::In(outer) = scope else { return Some(name.as_str().to_owned()) };
    let ExprKind::Const { scope, name: outer } = &outer.kind else { return None };
    Some(format!("{}::{}", constant_path(scope, *outer)?, name))
}
