//! Whether a part means the same wherever it stands: a bare word may be a variable of the code around it.

use crate::syntax::ast::{Arg, BlockArg, Call, Expr, ExprKind, File};
use crate::syntax::walk::{self, Visitor};

pub fn depends(file: &File) -> bool {
    let mut finder = Bare { found: false };
    file.statements.iter().for_each(|statement| finder.expr(statement));
    finder.found
}

struct Bare {
    found: bool,
}

impl Visitor for Bare {
    fn expr(&mut self, expr: &Expr) {
        if let ExprKind::Call(call) = &expr.kind {
            self.found |= could_be_variable(call);
        }
        walk::walk_expr(self, expr);
    }
}

/// A word without parentheses; after a variable, `[1]` or `-1` would be no argument.
fn could_be_variable(call: &Call) -> bool {
    let literal = |arg: &Arg| match arg {
        Arg::Value(value) => matches!(value.kind, ExprKind::Str(_) | ExprKind::Interpolated(_)),
        Arg::Splat(_) | Arg::Keywords(..) => false,
    };
    let block = matches!(call.block, Some(BlockArg::Literal(_)));
    call.receiver.is_none() && !call.parens && !call.args.first().map_or(block, literal)
}
