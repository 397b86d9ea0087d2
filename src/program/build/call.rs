//! Calls, indexing and blocks.

use super::Builder;
use crate::methods::registry;
use crate::program::lambda::LambdaKind;
use crate::program::node::{ArgNode, BlockNode, Call, Node, Op};
use crate::program::{Sign, Tells};
use crate::syntax::ast::{self, Arg, BlockArg, Expr, ExprKind, Index};
use crate::text::{Name, Span};

/// Methods that only look at their string arguments, so that literals need no copy.
const READERS: &[&str] =
    &["delete", "dig", "end_with?", "has_key?", "include?", "join", "key?", "match?", "start_with?", "starts_with?"];

impl Builder<'_> {
    pub(super) fn call(&mut self, call: &ast::Call, span: Span) -> Op {
        let name = call.name.as_str();
        if call.receiver.is_none() {
            if let ("lambda", [], Some(BlockArg::Literal(block))) = (name, call.args.as_slice(), &call.block) {
                return Op::Lambda(self.lambda(block, LambdaKind::Lambda));
            }
            if let Some(library) = needless_require(name, &call.args) {
                self.needless(library, span);
                return Op::False;
            }
            if let Some(reason) = crate::methods::refused_function(name) {
                return self.refuse(name, reason, call.name_span);
            }
        }
        if let Some(Expr { kind: ExprKind::Const { name: constant, .. }, .. }) = &call.receiver
            && let Some(reason) = crate::methods::refused_method(constant.as_str(), name)
        {
            return self.refuse(&format!("{constant}.{name}"), reason, call.name_span);
        }
        let mut receiver = call.receiver.as_ref().map(|receiver| self.node(receiver));
        if call.safe {
            receiver = receiver.map(|receiver| self.fork(Tells::Nil, Sign::SafeCall, ["nil", "not nil"], receiver));
        }
        let args = if READERS.contains(&name) && call.block.is_none() {
            self.reading_args(&call.args)
        } else {
            self.args(&call.args)
        };
        let outer = std::mem::replace(&mut self.label, call.name);
        let block = self.block(call.block.as_ref());
        self.label = outer;
        let simple = args.iter().all(|arg| matches!(arg, ArgNode::Value(_)));
        Op::Call(Box::new(Call {
            safe: call.safe,
            name: call.name,
            column: registry().column(call.name),
            simple,
            direct: simple && name == "call" && call.block.is_none(),
            plain: receiver.is_some() && !call.safe && call.args.is_empty() && call.block.is_none(),
            bare: call.receiver.is_none() && call.args.is_empty() && !call.parens && call.block.is_none(),
            name_span: call.name_span,
            receiver,
            args,
            block,
        }))
    }

    /// A call without arguments that the program makes itself, such as `-x`.
    pub(super) fn send(&mut self, receiver: &Expr, name: &str, span: Span) -> Op {
        let name = Name::new(name);
        Op::Call(Box::new(Call {
            receiver: Some(self.node(receiver)),
            safe: false,
            name,
            column: registry().column(name),
            args: Box::default(),
            simple: true,
            direct: false,
            plain: true,
            block: BlockNode::None,
            name_span: span,
            bare: false,
        }))
    }

    pub(super) fn reading_args(&mut self, args: &[Arg]) -> Box<[ArgNode]> {
        if args.iter().all(|arg| matches!(arg, Arg::Value(_))) {
            let values = args.iter().filter_map(|arg| match arg {
                Arg::Value(value) => Some(ArgNode::Value(self.read_only(value))),
                _ => None,
            });
            return values.collect();
        }
        self.args(args)
    }

    fn block(&mut self, block: Option<&BlockArg>) -> BlockNode {
        match block {
            None => BlockNode::None,
            Some(BlockArg::Literal(block)) => BlockNode::Literal(self.lambda(block, LambdaKind::Block)),
            Some(BlockArg::Pass(passed)) => match &passed.kind {
                ExprKind::Symbol(name) => BlockNode::Symbol(*name),
                _ => BlockNode::Pass(self.node(passed)),
            },
        }
    }

    pub(super) fn index(&mut self, index: &Index, span: Span) -> Op {
        if let ([Arg::Value(key)], false) = (index.args.as_slice(), index.safe) {
            let receiver = self.node(&index.receiver);
            return match &key.kind {
                ExprKind::Str(bytes) => Op::IndexStr(Box::new(receiver), self.pooled(bytes)),
                _ => Op::Index(Box::new((receiver, self.node(key)))),
            };
        }
        let name = Name::new("[]");
        let mut receiver: Node = self.node(&index.receiver);
        if index.safe {
            receiver = self.fork(Tells::Nil, Sign::SafeCall, ["nil", "not nil"], receiver);
        }
        let args = self.args(&index.args);
        Op::Call(Box::new(Call {
            receiver: Some(receiver),
            safe: index.safe,
            name,
            column: registry().column(name),
            simple: args.iter().all(|arg| matches!(arg, ArgNode::Value(_))),
            direct: false,
            plain: false,
            args,
            block: BlockNode::None,
            name_span: span,
            bare: false,
        }))
    }
}

/// The library that `require 'json'` names, when there is nothing to load.
fn needless_require<'a>(name: &str, args: &'a [Arg]) -> Option<&'a str> {
    let ("require", [Arg::Value(Expr { kind: ExprKind::Str(library), .. })]) = (name, args) else { return None };
    std::str::from_utf8(library).ok().filter(|library| crate::methods::brings_library(library))
}
