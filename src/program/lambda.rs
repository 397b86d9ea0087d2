//! Code with parameters: lambdas, blocks, `def`s and the file itself.

use super::Node;
use crate::text::{Name, Span};
use crate::value::{Arity, Code};
use std::any::Any;

use super::node::{Place, TargetNode};

/// One piece of code that gets a frame of its own.
#[derive(Debug)]
pub struct Lambda {
    pub kind: LambdaKind,
    /// What a trace calls it: the key it stands under (`execute`), or the method a block was given to.
    pub label: Name,
    pub params: Params,
    pub body: Node,
    /// Plain variables of a frame.
    pub slots: u16,
    /// Variables that inner code captures; each activation makes new ones.
    pub cells: u16,
    /// Nothing in the body looks at the frame: no captured variables, no code within, no jump out. As a block it runs in
    /// the frame of its caller.
    pub leaf: bool,
    /// Where making the closure takes its captured variables from.
    pub captures: Box<[Capture]>,
    pub span: Span,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LambdaKind {
    Root,
    Lambda,
    Block,
    Def,
}

/// A captured variable, as the code around sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Capture {
    Cell(u16),
    Captured(u16),
}

#[derive(Debug, Default)]
pub struct Params {
    pub items: Box<[Param]>,
    /// Every parameter is a plain required one in slots 0, 1, 2…: binding is a copy.
    pub simple: bool,
    pub required: u16,
    pub optional: u16,
    pub rest: bool,
    pub keywords: bool,
    pub trailing_comma: bool,
    /// `**nil`
    pub no_keywords: bool,
}

#[derive(Debug)]
pub struct Param {
    pub kind: ParamKind,
    pub name: Option<Name>,
}

#[derive(Debug)]
pub enum ParamKind {
    Required(Place),
    Destructure(Box<[TargetNode]>),
    Optional(Place, Node),
    Rest(Option<Place>),
    Keyword(Place),
    KeywordOptional(Place, Node),
    KeywordRest(Option<Place>),
    Block(Place),
}

impl Params {
    /// How many values `|a, b|` spreads one array over: more than one, or a lone one with a comma behind it.
    pub fn spreads(&self) -> bool {
        let positional = self.required + self.optional;
        positional > 1 || (positional == 1 && (self.rest || self.trailing_comma)) || (self.rest && positional > 0)
    }
}

impl Lambda {
    /// Declared parameters, each counting one: what a host's call is cut to. A splat takes all.
    pub fn declared(&self) -> usize {
        if self.params.rest { usize::MAX } else { self.params.items.len() }
    }
}

impl Code for Lambda {
    fn arity(&self) -> Arity {
        let needs_keywords = self.params.items.iter().any(|param| matches!(param.kind, ParamKind::Keyword(_)));
        Arity { required: self.params.required, optional: self.params.optional, rest: self.params.rest, needs_keywords }
    }

    fn parameters(&self) -> Vec<(&'static str, Option<Name>)> {
        let kind = |param: &Param| match &param.kind {
            ParamKind::Required(_) | ParamKind::Destructure(_) => "req",
            ParamKind::Optional(..) => "opt",
            ParamKind::Rest(_) => "rest",
            ParamKind::Keyword(_) => "keyreq",
            ParamKind::KeywordOptional(..) => "key",
            ParamKind::KeywordRest(_) => "keyrest",
            ParamKind::Block(_) => "block",
        };
        self.params.items.iter().map(|param| (kind(param), param.name)).collect()
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
