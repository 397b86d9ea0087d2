//! The nodes that the interpreter walks.

use super::{Lambda, ProbeNode};
use crate::methods::Column;
use crate::syntax::ast::BinaryOp;
use crate::text::{Name, Span};
use crate::value::{ClassId, RegexpOptions};
use num_bigint::BigInt;
use std::sync::Arc;

#[derive(Debug)]
pub struct Node {
    pub op: Op,
    pub span: Span,
}

/// Where a variable lives, seen from the running frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// On the value stack.
    Slot(u16),
    /// A captured variable that this frame made.
    Cell(u16),
    /// A captured variable of an outer frame.
    Captured(u16),
}

/// The tag stands by itself, so that telling the kinds apart is one load.
#[derive(Debug)]
#[repr(u8)]
pub enum Op {
    Nil,
    True,
    False,
    SelfRef,
    Int(i64),
    Float(f64),
    BigInt(Box<BigInt>),
    /// Numerator and denominator.
    Rational(Box<(BigInt, BigInt)>),
    Symbol(Name),
    /// A fresh string at each evaluation.
    Str(Arc<[u8]>),
    /// A frozen string of the program's pool: the same object each time.
    FrozenStr(u32),
    Interpolated(Box<[PieceNode]>),
    DynSymbol(Box<[PieceNode]>),
    /// A literal without interpolation: number in the run's cache, source, options.
    Regex(u32, Box<[u8]>, RegexpOptions),
    /// With interpolation; the number caches it where `o` was given.
    DynRegex(Option<u32>, Box<[PieceNode]>, RegexpOptions),
    Array(Box<[Node]>),
    /// With splats or keywords.
    ArrayOf(Box<[ArgNode]>),
    Hash(Box<[PairNode]>),
    Range(Box<(Node, Node)>, bool),
    Slot(u16),
    Cell(u16),
    Captured(u16),
    Set(Place, Box<Node>),
    /// `slot += literal`; the node does the same for what is no small integer.
    Increment(u16, i64, Box<Node>),
    InstanceVar(Name),
    Global(Name),
    Class(ClassId),
    /// A constant that is a value, or one that does not exist: looked up when reached.
    Const(Box<str>),
    Call(Box<Call>),
    /// `receiver[index]`
    Index(Box<(Node, Node)>),
    /// `receiver['literal']`
    IndexStr(Box<Node>, u32),
    /// The operator, the method behind it (`==` for `!=`) and its column.
    Binary(BinaryOp, Name, Column, Box<(Node, Node)>),
    Not(Box<Node>),
    And(Box<(Node, Node)>),
    Or(Box<(Node, Node)>),
    /// `defined?` of something that must be asked at run time; else a literal stands here.
    Defined(Box<Node>),
    Assign(Box<(TargetNode, Node)>),
    /// `place op= value` on an index or an attribute; `None` is `||=`, with `and` for `&&=`.
    OpAssign(Box<(TargetNode, OpKind, Node)>),
    MultiAssign(Box<(Box<[TargetNode]>, Node)>),
    If(Box<(Node, Node, Node)>),
    While(Box<While>),
    Case(Box<CaseNode>),
    CaseIn(Box<CaseInNode>),
    Match(Box<(Node, PatternNode)>, bool),
    Begin(Box<BeginNode>),
    Seq(Box<[Node]>),
    Lambda(Arc<Lambda>),
    Def(Name, Arc<Lambda>),
    Return(Option<Box<Node>>),
    /// `break` out of the call that this block was given to.
    Break(Option<Box<Node>>),
    /// `break` out of a `while` of the same frame.
    LoopBreak(Option<Box<Node>>),
    Next(Option<Box<Node>>),
    Redo,
    Retry,
    Yield(Box<[ArgNode]>),
    MethodName,
    /// Something the sandbox refuses, or a part that could not be read: an error when it is reached.
    Refused(Box<str>),
    /// Tells the world what is reached.
    Probe(Box<ProbeNode>),
}

/// How an index or attribute is updated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpKind {
    Or,
    And,
    Op(BinaryOp, Name, Column),
}

#[derive(Debug)]
pub enum PieceNode {
    Text(Arc<[u8]>),
    Code(Node),
}

#[derive(Debug)]
pub struct Call {
    /// `None`: a call on `self`.
    pub receiver: Option<Node>,
    pub safe: bool,
    pub name: Name,
    pub column: Column,
    pub args: Box<[ArgNode]>,
    /// All arguments are plain values.
    pub simple: bool,
    /// A `call` of plain values: when the receiver is a lambda, they go straight to its parameters.
    pub direct: bool,
    /// On a value, without arguments and block: rows may have a shorter way for it.
    pub plain: bool,
    pub block: BlockNode,
    pub name_span: Span,
    /// Written without parentheses, arguments and receiver: an unknown one is an undefined local variable too.
    pub bare: bool,
}

#[derive(Debug)]
pub enum BlockNode {
    None,
    Literal(Arc<Lambda>),
    /// `&:name`
    Symbol(Name),
    Pass(Node),
}

#[derive(Debug)]
pub enum ArgNode {
    Value(Node),
    Splat(Node),
    Keywords(Box<[PairNode]>),
}

#[derive(Debug)]
pub enum PairNode {
    Entry(Node, Node),
    Splat(Node),
}

#[derive(Debug)]
pub enum TargetNode {
    Variable(Place),
    InstanceVar(Name),
    Global(Name),
    Index(Box<IndexTarget>),
    Attribute(Box<AttributeTarget>),
    Splat(Option<Box<TargetNode>>),
    Nested(Box<[TargetNode]>),
}

#[derive(Debug)]
pub struct IndexTarget {
    pub receiver: Node,
    pub safe: bool,
    pub args: Box<[ArgNode]>,
    pub read: Column,
    pub write: Column,
    pub span: Span,
}

#[derive(Debug)]
pub struct AttributeTarget {
    pub receiver: Node,
    pub safe: bool,
    pub name: Name,
    pub setter: Name,
    pub read: Column,
    pub write: Column,
    pub span: Span,
}

#[derive(Debug)]
pub struct While {
    pub cond: Node,
    pub body: Node,
    pub until: bool,
    pub do_while: bool,
}

#[derive(Debug)]
pub struct CaseNode {
    pub subject: Option<Node>,
    pub whens: Box<[WhenNode]>,
    pub otherwise: Node,
}

#[derive(Debug)]
pub struct WhenNode {
    pub tests: Box<[ArgNode]>,
    pub body: Node,
}

#[derive(Debug)]
pub struct CaseInNode {
    pub subject: Node,
    pub arms: Box<[CaseArm]>,
    pub otherwise: Option<Node>,
}

#[derive(Debug)]
pub struct CaseArm {
    pub pattern: PatternNode,
    pub guard: Option<Node>,
    pub body: Node,
}

#[derive(Debug)]
pub struct PatternNode {
    pub op: PatternOp,
    pub span: Span,
}

#[derive(Debug)]
pub enum PatternOp {
    Value(Node),
    Bind(Place),
    As(Box<PatternNode>, Place),
    Alternatives(Box<[PatternNode]>),
    Array { class: Option<Node>, before: Box<[PatternNode]>, rest: Option<Option<Place>>, after: Box<[PatternNode]> },
    Find { class: Option<Node>, before: Option<Place>, middle: Box<[PatternNode]>, after: Option<Place> },
    Hash { class: Option<Node>, entries: Box<[(Name, PatternNode)]>, rest: HashRest },
}

#[derive(Clone, Copy, Debug)]
pub enum HashRest {
    None,
    Rest(Option<Place>),
    Exact,
}

#[derive(Debug)]
pub struct BeginNode {
    pub body: Node,
    pub rescues: Box<[RescueNode]>,
    pub otherwise: Option<Node>,
    pub ensure: Option<Node>,
}

#[derive(Debug)]
pub struct RescueNode {
    /// Empty: StandardError.
    pub classes: Box<[ArgNode]>,
    pub binding: Option<TargetNode>,
    pub body: Node,
}
