//! The syntax tree of a connector file: what was written, with a span on every node, and nothing resolved yet.

use crate::text::{Name, Span};

/// A whole file: the statements before the connector's hash, and the hash as the last one.
#[derive(Clone, Debug, Default)]
pub struct File {
    pub statements: Vec<Expr>,
    /// Comments in order, `#` and `=begin … =end`, without the line break.
    pub comments: Vec<Span>,
    /// `# frozen_string_literal: true` stands at the top.
    pub frozen_strings: bool,
}

#[derive(Clone, Debug)]
pub struct Expr {
    pub kind: ExprKind,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub enum ExprKind {
    Nil,
    True,
    False,
    SelfRef,
    /// An integer that fits 64 bits.
    Int(i64),
    /// Decimal digits of a larger integer.
    BigInt(Box<str>),
    Float(f64),
    /// `3r`, `1.5r`: the text without the suffix.
    Rational(Box<str>),
    /// `2i`: the text without the suffix.
    Imaginary(Box<str>),
    /// A string without interpolation, unescaped. Bytes, since `"\xFF"` is legal.
    Str(Box<[u8]>),
    /// A string with interpolation.
    Interpolated(Vec<Piece>),
    Symbol(Name),
    /// `:"a#{b}"`.
    DynSymbol(Vec<Piece>),
    Regex(Box<Regex>),
    /// `[a, *b, k: v]`; trailing pairs without braces are one `Hash` item.
    Array(Vec<Arg>),
    Hash(Vec<Pair>),
    /// `lo..hi`; either end may be missing, not both.
    Range {
        lo: Option<Box<Expr>>,
        hi: Option<Box<Expr>>,
        exclusive: bool,
    },
    /// A bare word that the parser knows to be a local variable (assigned or a parameter earlier in its scope).
    Local(Name),
    /// `@x`, with the `@`.
    InstanceVar(Name),
    /// `$~ $& $1 $! $stdout`…, with the `$`.
    Global(Name),
    /// `X`, `A::X`, `::X`.
    Const {
        scope: ConstScope,
        name: Name,
    },
    /// Every call: `f`, `f(a)`, `f a`, `r.f`, `r&.f(a) { }`, `r.()`. A bare word that is not a local is a call too.
    Call(Box<Call>),
    /// `r[a, b]`.
    Index(Box<Index>),
    /// `a + b`, `a == b`, `a =~ b`, `a != b`, `a !~ b`… Not `&& || and or`.
    Binary {
        op: BinaryOp,
        op_span: Span,
        lhs: Box<Expr>,
        rhs: Box<Expr>,
    },
    /// `-a`, `+a`, `~a`.
    Unary {
        op: UnaryOp,
        operand: Box<Expr>,
    },
    Not(Box<Expr>),
    And(Box<Expr>, Box<Expr>),
    Or(Box<Expr>, Box<Expr>),
    Defined(Box<Expr>),
    Assign {
        target: Box<Target>,
        value: Box<Expr>,
    },
    /// `a += b`, `a ||= b`, `h[k] &&= b`.
    OpAssign {
        target: Box<Target>,
        op: AssignOp,
        value: Box<Expr>,
    },
    /// `a, (b, *c) = value`. Several values on the right are one `Array`.
    MultiAssign {
        targets: Vec<Target>,
        value: Box<Expr>,
    },
    /// `if`, `unless` (with its branches already swapped), the modifiers and `?:`.
    If {
        cond: Box<Expr>,
        then: Option<Box<Expr>>,
        otherwise: Option<Box<Expr>>,
    },
    /// `while`/`until`; `do_while` for `begin … end while`.
    While {
        cond: Box<Expr>,
        body: Box<Expr>,
        until: bool,
        do_while: bool,
    },
    For {
        targets: Vec<Target>,
        iterable: Box<Expr>,
        body: Box<Expr>,
    },
    /// `case x when a, *b then …`.
    Case {
        subject: Option<Box<Expr>>,
        whens: Vec<When>,
        otherwise: Option<Box<Expr>>,
    },
    /// `case x in pattern if guard then …`.
    CaseIn {
        subject: Box<Expr>,
        arms: Vec<InArm>,
        otherwise: Option<Box<Expr>>,
    },
    /// `x in pattern` (true or false) and `x => pattern` (raises).
    Match {
        subject: Box<Expr>,
        pattern: Box<Pattern>,
        raises: bool,
    },
    Begin(Box<Begin>),
    /// Several statements; the value is the last one's. `()` and an empty body are an empty sequence (nil).
    Seq(Vec<Expr>),
    /// `->(a) { }`. `lambda { }` and `proc { }` are calls with a block.
    Lambda(Box<Block>),
    Return(Option<Box<Expr>>),
    Break(Option<Box<Expr>>),
    Next(Option<Box<Expr>>),
    Redo,
    Retry,
    /// `yield a`.
    Yield(Vec<Arg>),
    /// `def name(params) … end`, local to the context object.
    Def {
        name: Name,
        block: Box<Block>,
    },
    /// `__method__`.
    MethodName,
    /// A part that could not be read; its diagnostic has been reported.
    Missing,
}

#[derive(Clone, Debug)]
pub enum ConstScope {
    /// `X`
    Bare,
    /// `::X`
    Top,
    /// `A::X`
    In(Box<Expr>),
}

/// A part of an interpolated text.
#[derive(Clone, Debug)]
pub enum Piece {
    Text(Box<[u8]>),
    Code(Expr),
}

#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the literal")]
pub struct Regex {
    /// Pattern text as the regex engine reads it (escapes kept, `\/` already `/`).
    pub pieces: Vec<Piece>,
    pub ignore_case: bool,
    pub multi_line: bool,
    pub extended: bool,
    /// `n`: for bytes.
    pub no_encoding: bool,
    /// `o`: compile once.
    pub once: bool,
}

/// A pair of a hash literal or of brace-less keywords.
#[derive(Clone, Debug)]
pub enum Pair {
    /// `k: v` (key is a `Symbol`), `"k": v`, `'k' => v`, `expr => v`; `k:` alone has the value it names.
    Entry { key: Expr, value: Expr, span: Span },
    /// `**h`
    Splat(Expr),
}

/// An argument of a call, an item of an array.
#[derive(Clone, Debug)]
pub enum Arg {
    Value(Expr),
    /// `*a`
    Splat(Expr),
    /// Brace-less pairs; always the last but for the block.
    Keywords(Vec<Pair>, Span),
}

#[derive(Clone, Debug)]
pub struct Call {
    pub receiver: Option<Expr>,
    /// `&.`
    pub safe: bool,
    /// `call` for `f.()`. Setters (`a.b = c`) are `Target::Attribute`.
    pub name: Name,
    pub name_span: Span,
    pub args: Vec<Arg>,
    /// Parentheses were written, even empty ones. A call without receiver, arguments and parentheses is a bare word.
    pub parens: bool,
    pub block: Option<BlockArg>,
}

#[derive(Clone, Debug)]
pub enum BlockArg {
    /// `{ … }` or `do … end`
    Literal(Box<Block>),
    /// `&expr`
    Pass(Box<Expr>),
}

#[derive(Clone, Debug)]
pub struct Index {
    pub receiver: Expr,
    pub safe: bool,
    pub args: Vec<Arg>,
}

/// Parameters and body of a block, a lambda or a `def`.
#[derive(Clone, Debug)]
pub struct Block {
    pub params: Params,
    pub body: Expr,
    /// From the opening brace, `do` or `->` to the closing brace or `end`.
    pub span: Span,
    /// `do … end` rather than braces.
    pub is_do: bool,
}

#[derive(Clone, Debug, Default)]
pub struct Params {
    pub items: Vec<Param>,
    /// `|a; x, y|`: block-local names.
    pub locals: Vec<Name>,
    /// `|a,|`: takes the first of several and drops the rest.
    pub trailing_comma: bool,
    /// Highest `_1`…`_9` used when no parameters are declared, else 0.
    pub numbered: u8,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub struct Param {
    pub kind: ParamKind,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub enum ParamKind {
    Required(Name),
    /// `(a, (b, *c))`
    Destructure(Vec<Param>),
    Optional(Name, Expr),
    /// `*rest`, `*`
    Rest(Option<Name>),
    /// `k:`
    Keyword(Name),
    /// `k: default`
    KeywordOptional(Name, Expr),
    /// `**rest`, `**`
    KeywordRest(Option<Name>),
    /// `**nil`
    NoKeywords,
    /// `&blk`
    Block(Name),
}

/// What can stand left of `=`.
#[derive(Clone, Debug)]
pub struct Target {
    pub kind: TargetKind,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub enum TargetKind {
    Local(Name),
    InstanceVar(Name),
    Global(Name),
    Const(Name),
    Index(Box<Index>),
    /// `a.b = c`; the name without `=`.
    Attribute {
        receiver: Box<Expr>,
        safe: bool,
        name: Name,
        name_span: Span,
    },
    /// `*a`, `*` (only in multiple assignment)
    Splat(Option<Box<Target>>),
    /// `(a, b)`
    Nested(Vec<Target>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AssignOp {
    Or,
    And,
    Op(BinaryOp),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BinaryOp {
    Add,
    Sub,
    Mul,
    Div,
    Rem,
    Pow,
    Eq,
    NotEq,
    CaseEq,
    Less,
    LessEq,
    Greater,
    GreaterEq,
    Compare,
    Match,
    NotMatch,
    ShiftLeft,
    ShiftRight,
    BitAnd,
    BitOr,
    BitXor,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UnaryOp {
    Minus,
    Plus,
    Complement,
}

impl BinaryOp {
    /// The operator as written, which is also the method's name.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Sub => "-",
            Self::Mul => "*",
            Self::Div => "/",
            Self::Rem => "%",
            Self::Pow => "**",
            Self::Eq => "==",
            Self::NotEq => "!=",
            Self::CaseEq => "===",
            Self::Less => "<",
            Self::LessEq => "<=",
            Self::Greater => ">",
            Self::GreaterEq => ">=",
            Self::Compare => "<=>",
            Self::Match => "=~",
            Self::NotMatch => "!~",
            Self::ShiftLeft => "<<",
            Self::ShiftRight => ">>",
            Self::BitAnd => "&",
            Self::BitOr => "|",
            Self::BitXor => "^",
        }
    }
}

impl UnaryOp {
    /// The method's name.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Minus => "-@",
            Self::Plus => "+@",
            Self::Complement => "~",
        }
    }
}

#[derive(Clone, Debug)]
pub struct When {
    /// Values, splats; several are alternatives.
    pub tests: Vec<Arg>,
    pub body: Expr,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub struct InArm {
    pub pattern: Pattern,
    pub guard: Option<Expr>,
    pub body: Expr,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub struct Pattern {
    pub kind: PatternKind,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub enum PatternKind {
    /// Compared with `===`: literals, ranges, constants, `^(expr)`, `^name`.
    Value(Expr),
    /// Binds; `_` too.
    Bind(Name),
    /// `p => name`
    As(Box<Pattern>, Name),
    Alternatives(Vec<Pattern>),
    /// `[a, *rest, b]`, `Const(a, b)`
    Array {
        class: Option<Expr>,
        before: Vec<Pattern>,
        rest: Option<Option<Name>>,
        after: Vec<Pattern>,
    },
    /// `[*, x, *]`
    Find {
        class: Option<Expr>,
        before: Option<Name>,
        middle: Vec<Pattern>,
        after: Option<Name>,
    },
    /// `{k: p, k2:, **rest}`, `Const(k: p)`
    Hash {
        class: Option<Expr>,
        entries: Vec<(Name, Option<Pattern>)>,
        rest: HashRest,
    },
}

#[derive(Clone, Debug)]
pub enum HashRest {
    None,
    /// `**name`, `**`
    Rest(Option<Name>),
    /// `**nil`
    Exact,
}

/// `begin … rescue … else … ensure … end`, also the bodies of `do` blocks and the `rescue` modifier.
#[derive(Clone, Debug)]
pub struct Begin {
    pub body: Expr,
    pub rescues: Vec<Rescue>,
    pub otherwise: Option<Expr>,
    pub ensure: Option<Expr>,
    /// Explicit `begin` keyword (matters for `begin … end while`).
    pub explicit: bool,
}

#[derive(Clone, Debug)]
pub struct Rescue {
    /// Empty: StandardError.
    pub classes: Vec<Arg>,
    pub binding: Option<Target>,
    pub body: Expr,
    pub span: Span,
}
