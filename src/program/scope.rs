//! First pass: which variables each scope has, and which of them inner scopes capture.

use crate::syntax::ast::{Block, Expr, ExprKind, Param, ParamKind, Params, Pattern, PatternKind, Target, TargetKind};
use crate::syntax::walk::{self, BlockKind, Visitor};
use crate::text::Name;
use hashbrown::HashMap;

/// The variables of one scope, in order of their first appearance.
#[derive(Debug, Default)]
pub struct ScopeInfo {
    pub variables: Vec<Variable>,
}

#[derive(Clone, Copy, Debug)]
pub struct Variable {
    pub name: Name,
    pub captured: bool,
}

/// Scopes by the address of their block in the tree; the root's under 0.
pub type Scopes = HashMap<usize, ScopeInfo, foldhash::fast::FixedState>;

/// The key of a block's scope.
pub fn key(block: &Block) -> usize {
    std::ptr::from_ref(block).addr()
}

/// Finds the scopes of a list of statements, whose outermost one starts with the variables `known`.
pub fn analyse(statements: &[Expr], known: &[Name]) -> Scopes {
    let mut analysis = Analysis { open: vec![Open::new(0, true)], done: Scopes::default() };
    known.iter().for_each(|name| analysis.declare(*name));
    statements.iter().for_each(|statement| analysis.expr(statement));
    analysis.close();
    analysis.done
}

/// The key of a console line's own scope: no block lies at that address.
pub const LINE: usize = 1;

/// The same for a line of a console: its variables belong to a scope around it that all lines share, `known` so far.
pub fn analyse_line(statements: &[Expr], known: &mut Vec<Name>) -> Scopes {
    let alone = analyse(statements, known);
    *known =
        alone.get(&0).map(|scope| scope.variables.iter().map(|variable| variable.name).collect()).unwrap_or_default();
    let mut shared = Open::new(0, true);
    shared.info.variables = known.iter().map(|name| Variable { name: *name, captured: true }).collect();
    let mut analysis = Analysis { open: vec![shared, Open::new(LINE, false)], done: Scopes::default() };
    statements.iter().for_each(|statement| analysis.expr(statement));
    analysis.close();
    analysis.close();
    analysis.done
}

struct Analysis {
    open: Vec<Open>,
    done: Scopes,
}

struct Open {
    key: usize,
    /// Sees no variables of outer scopes (`def`, the root).
    opaque: bool,
    info: ScopeInfo,
}

impl Open {
    fn new(key: usize, opaque: bool) -> Self {
        Self { key, opaque, info: ScopeInfo::default() }
    }

    fn find(&mut self, name: Name) -> Option<&mut Variable> {
        self.info.variables.iter_mut().find(|variable| variable.name == name)
    }
}

impl Analysis {
    fn close(&mut self) {
        if let Some(scope) = self.open.pop() {
            self.done.insert(scope.key, scope.info);
        }
    }

    /// A variable of the innermost scope, whatever outer ones are called (parameters).
    fn declare(&mut self, name: Name) {
        if let Some(scope) = self.open.last_mut()
            && scope.find(name).is_none()
        {
            scope.info.variables.push(Variable { name, captured: false });
        }
    }

    /// A use or an assignment: the nearest scope that has it owns it, else the innermost.
    fn touch(&mut self, name: Name) {
        for (distance, scope) in self.open.iter_mut().rev().enumerate() {
            if let Some(variable) = scope.find(name) {
                variable.captured |= distance > 0;
                return;
            }
            if scope.opaque {
                break;
            }
        }
        self.declare(name);
    }

    fn declare_params(&mut self, params: &Params) {
        for number in 1..=params.numbered {
            self.declare(Name::new(&format!("_{number}")));
        }
        params.items.iter().for_each(|param| self.declare_param(param));
        params.locals.iter().for_each(|name| self.declare(*name));
    }

    fn declare_param(&mut self, param: &Param) {
        match &param.kind {
            ParamKind::Required(name)
            | ParamKind::Optional(name, _)
            | ParamKind::Rest(Some(name))
            | ParamKind::Keyword(name)
            | ParamKind::KeywordOptional(name, _)
            | ParamKind::KeywordRest(Some(name))
            | ParamKind::Block(name) => self.declare(*name),
            ParamKind::Destructure(params) => params.iter().for_each(|param| self.declare_param(param)),
            ParamKind::Rest(None) | ParamKind::KeywordRest(None) | ParamKind::NoKeywords => {}
        }
    }
}

impl Visitor for Analysis {
    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Local(name) => self.touch(*name),
            _ => walk::walk_expr(self, expr),
        }
    }

    fn target(&mut self, target: &Target) {
        match &target.kind {
            TargetKind::Local(name) => self.touch(*name),
            _ => walk::walk_target(self, target),
        }
    }

    fn block(&mut self, block: &Block, kind: BlockKind) {
        self.open.push(Open::new(key(block), kind == BlockKind::Def));
        self.declare_params(&block.params);
        walk::walk_block(self, block);
        self.close();
    }

    fn pattern(&mut self, pattern: &Pattern) {
        match &pattern.kind {
            PatternKind::Bind(name) => self.touch(*name),
            PatternKind::As(_, name) => self.touch(*name),
            PatternKind::Array { rest: Some(Some(name)), .. } => self.touch(*name),
            PatternKind::Find { before, after, .. } => before.iter().chain(after).for_each(|name| self.touch(*name)),
            PatternKind::Hash { entries, rest, .. } => {
                for (name, _) in entries.iter().filter(|(_, pattern)| pattern.is_none()) {
                    self.touch(*name);
                }
                if let crate::syntax::ast::HashRest::Rest(Some(name)) = rest {
                    self.touch(*name);
                }
            }
            _ => {}
        }
        walk::walk_pattern(self, pattern);
    }
}
