//! Parameters.

use super::Builder;
use crate::program::lambda::{Param, ParamKind, Params};
use crate::program::node::{Node, Op, Place, TargetNode};
use crate::syntax::ast;
use crate::text::Name;

impl Builder<'_> {
    pub(super) fn params(&mut self, params: &ast::Params) -> Params {
        let mut items = Vec::new();
        for number in 1..=params.numbered {
            let name = Name::new(&format!("_{number}"));
            items.push(Param { kind: ParamKind::Required(self.place(name)), name: Some(name) });
        }
        for param in &params.items {
            if let Some(param) = self.param(param) {
                items.push(param);
            }
        }
        let count = |is: fn(&ParamKind) -> bool| items.iter().filter(|param| is(&param.kind)).count() as u16;
        let required = count(|kind| matches!(kind, ParamKind::Required(_) | ParamKind::Destructure(_)));
        let simple = items.iter().enumerate().all(|(at, param)| is_slot(&param.kind, at));
        Params {
            simple,
            required,
            optional: count(|kind| matches!(kind, ParamKind::Optional(..))),
            rest: count(|kind| matches!(kind, ParamKind::Rest(_))) > 0,
            keywords: count(|kind| {
                matches!(kind, ParamKind::Keyword(_) | ParamKind::KeywordOptional(..) | ParamKind::KeywordRest(_))
            }) > 0,
            trailing_comma: params.trailing_comma,
            no_keywords: params.items.iter().any(|param| matches!(param.kind, ast::ParamKind::NoKeywords)),
            items: items.into(),
        }
    }

    /// Required parameters of these names.
    pub(super) fn plain_params(&mut self, names: &[Name]) -> Params {
        let items: Box<[Param]> = names
            .iter()
            .map(|name| Param { kind: ParamKind::Required(self.place(*name)), name: Some(*name) })
            .collect();
        let simple = items.iter().enumerate().all(|(at, param)| is_slot(&param.kind, at));
        Params { simple, required: names.len() as u16, items, ..Params::default() }
    }

    fn param(&mut self, param: &ast::Param) -> Option<Param> {
        let (kind, name) = match &param.kind {
            ast::ParamKind::Required(name) => (ParamKind::Required(self.place(*name)), Some(*name)),
            ast::ParamKind::Destructure(params) => (ParamKind::Destructure(self.destructure(params)), None),
            ast::ParamKind::Optional(name, default) => {
                let default: Node = self.node(default);
                (ParamKind::Optional(self.place(*name), default), Some(*name))
            }
            ast::ParamKind::Rest(name) => (ParamKind::Rest(name.map(|name| self.place(name))), *name),
            ast::ParamKind::Keyword(name) => (ParamKind::Keyword(self.place(*name)), Some(*name)),
            ast::ParamKind::KeywordOptional(name, default) => {
                let default = self.node(default);
                (ParamKind::KeywordOptional(self.place(*name), default), Some(*name))
            }
            ast::ParamKind::KeywordRest(name) => (ParamKind::KeywordRest(name.map(|name| self.place(name))), *name),
            ast::ParamKind::Block(name) => (ParamKind::Block(self.place(*name)), Some(*name)),
            ast::ParamKind::NoKeywords => return None,
        };
        Some(Param { kind, name })
    }

    fn destructure(&mut self, params: &[ast::Param]) -> Box<[TargetNode]> {
        params.iter().map(|param| self.destructured(param)).collect()
    }

    fn destructured(&mut self, param: &ast::Param) -> TargetNode {
        match &param.kind {
            ast::ParamKind::Destructure(params) => TargetNode::Nested(self.destructure(params)),
            ast::ParamKind::Rest(name) => {
                TargetNode::Splat(name.map(|name| Box::new(TargetNode::Variable(self.place(name)))))
            }
            ast::ParamKind::Required(name)
            | ast::ParamKind::Optional(name, _)
            | ast::ParamKind::Keyword(name)
            | ast::ParamKind::KeywordOptional(name, _)
            | ast::ParamKind::Block(name) => TargetNode::Variable(self.place(*name)),
            ast::ParamKind::KeywordRest(_) | ast::ParamKind::NoKeywords => TargetNode::Splat(None),
        }
    }

    /// A call on a variable that the program makes itself.
    pub(super) fn plain_call(
        &mut self,
        variable: Name,
        method: &str,
        arg: Option<Node>,
        span: crate::text::Span,
    ) -> Op {
        use crate::program::node::{ArgNode, BlockNode, Call};
        let name = Name::new(method);
        Op::Call(Box::new(Call {
            receiver: Some(Node { op: self.variable(variable), span }),
            safe: false,
            name,
            column: crate::methods::registry().column(name),
            args: arg.into_iter().map(ArgNode::Value).collect(),
            simple: true,
            direct: false,
            plain: false,
            block: BlockNode::None,
            name_span: span,
            bare: false,
        }))
    }

    pub(super) fn less_than(&mut self, index: Name, items: Name, span: crate::text::Span) -> Op {
        let length = Node { op: self.plain_call(items, "length", None, span), span };
        self.plain_call(index, "<", Some(length), span)
    }

    pub(super) fn increment(&mut self, index: Name, span: crate::text::Span) -> Op {
        let sum = Node { op: self.plain_call(index, "+", Some(Node { op: Op::Int(1), span }), span), span };
        Op::Set(self.place(index), Box::new(sum))
    }
}

/// A plain parameter in the slot of its position.
fn is_slot(kind: &ParamKind, at: usize) -> bool {
    matches!(kind, ParamKind::Required(Place::Slot(slot)) if usize::from(*slot) == at)
}
