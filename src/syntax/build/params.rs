//! Parameters of blocks, lambdas and methods.

use hashbrown::HashSet;

use super::super::ast::{Block, Expr, ExprKind, Param, ParamKind, Params};
use super::super::grammar::Rule;
use super::{Builder, Cursor, Node, expr};
use crate::text::{Name, Span};

impl Builder<'_> {
    /// `->(a) { … }`, `-> a do … end`.
    pub fn lambda(&mut self, node: Node<'_>) -> Expr {
        let span = self.span(&node);
        let mut c = Cursor::new(node);
        let outer = std::mem::replace(&mut self.in_rescue, false);
        self.scopes.enter_block();
        let mut params = match c.next_if(Rule::lambda_params) {
            Some(node) => self.params(node),
            None => Params { span: Span::at(span.lo + 2), ..Params::default() },
        };
        let is_do = c.peek() == Some(Rule::lambda_do);
        let body = match c.next() {
            Some(node) => self.guarded_body(&mut Cursor::new(node)),
            None => super::missing(Span::at(span.hi)),
        };
        params.numbered = self.leave_block(span);
        self.in_rescue = outer;
        expr(ExprKind::Lambda(Box::new(Block { params, body, span, is_do })), span)
    }

    /// All parameters in `node`; their names are local variables of the scope entered last.
    pub fn params(&mut self, node: Node<'_>) -> Params {
        self.scopes.has_params();
        let mut params = Params { span: self.span(&node), ..Params::default() };
        let mut c = Cursor::new(node);
        let mut seen = HashSet::new();
        while let Some(node) = c.next() {
            match node.as_rule() {
                Rule::block_local => {
                    let name = self.declare(&node, &mut seen);
                    params.locals.push(name);
                }
                Rule::trailing_comma => params.trailing_comma = true,
                _ => {
                    let param = self.param(node, &mut seen);
                    params.items.push(param);
                }
            }
        }
        self.check_order(&params.items);
        params
    }

    fn declare(&mut self, node: &Node<'_>, seen: &mut HashSet<Name>) -> Name {
        let text = node.as_str().trim_end_matches(':');
        let text = text.trim_start_matches(['*', '&']);
        let name = Name::new(text);
        if !seen.insert(name) && !text.starts_with('_') {
            let span = self.span(node);
            self.error("syntax::duplicate-parameter", span, format!("the parameter `{text}` is named twice"), "");
        }
        self.scopes.declare(name);
        name
    }

    fn param(&mut self, node: Node<'_>, seen: &mut HashSet<Name>) -> Param {
        let span = self.span(&node);
        let rule = node.as_rule();
        let mut c = Cursor::new(node);
        let kind = match rule {
            Rule::required_param => ParamKind::Required(self.param_name(&mut c, seen)),
            Rule::optional_param | Rule::block_optional => {
                let name = self.param_name(&mut c, seen);
                ParamKind::Optional(name, self.value(&mut c))
            }
            Rule::keyword_param | Rule::block_keyword => {
                let name = self.param_name(&mut c, seen);
                match c.peek() {
                    Some(_) => ParamKind::KeywordOptional(name, self.value(&mut c)),
                    None => ParamKind::Keyword(name),
                }
            }
            Rule::destructure_param => {
                let mut items = Vec::new();
                while let Some(item) = c.next() {
                    if item.as_rule() != Rule::trailing_comma {
                        items.push(self.param(item, seen));
                    }
                }
                ParamKind::Destructure(items)
            }
            Rule::rest_param => ParamKind::Rest(c.next().map(|name| self.declare(&name, seen))),
            Rule::keyword_rest_param => match c.next() {
                Some(name) if name.as_rule() == Rule::nil_kw => ParamKind::NoKeywords,
                name => ParamKind::KeywordRest(name.map(|name| self.declare(&name, seen))),
            },
            _ => match c.next() {
                Some(name) => ParamKind::Block(self.declare(&name, seen)),
                None => ParamKind::Block(Name::new("&")),
            },
        };
        Param { kind, span }
    }

    fn param_name(&mut self, c: &mut Cursor<'_>, seen: &mut HashSet<Name>) -> Name {
        match c.next() {
            Some(node) => self.declare(&node, seen),
            None => Name::new(""),
        }
    }

    /// Plain parameters first (optional ones and `*rest` in their middle), then keywords, `**rest`, `&block`.
    fn check_order(&mut self, params: &[Param]) {
        let mut highest = 0;
        let mut rests = 0;
        for param in params {
            let (rank, what) = match &param.kind {
                ParamKind::Required(_) | ParamKind::Destructure(_) => {
                    (if highest <= 2 { highest } else { 0 }, "a parameter")
                }
                ParamKind::Optional(..) => (1, "an optional parameter"),
                ParamKind::Rest(_) => (2, "`*rest`"),
                ParamKind::Keyword(_) | ParamKind::KeywordOptional(..) => (3, "a keyword"),
                ParamKind::KeywordRest(_) | ParamKind::NoKeywords => (4, "`**rest`"),
                ParamKind::Block(_) => (5, "`&block`"),
            };
            rests += u32::from(rank == 2 && matches!(param.kind, ParamKind::Rest(_)));
            if rank < highest || rank > 3 && rank == highest || rests > 1 {
                let span = param.span;
                self.error(
                    "syntax::parameter-order",
                    span,
                    format!("{what} cannot stand here"),
                    "the order is: plain, optional, `*rest`, keywords, `**rest`, `&block`",
                );
                return;
            }
            highest = highest.max(rank);
        }
    }
}
