//! Places of a program that tell the world when they are reached: what coverage and profiles are made of. A program that
//! was built without them has none, and a run of it looks for none.

use super::Node;
use crate::text::Span;

/// What shall be told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Probes {
    /// Each lambda, statement and way of a branch that is reached.
    pub coverage: bool,
    /// When lambdas begin and end.
    pub calls: bool,
}

impl Probes {
    pub const fn any(self) -> bool {
        self.coverage || self.calls
    }
}

/// What the number that the world is told stands for.
#[derive(Clone, Debug)]
pub struct Point {
    pub what: PointKind,
    pub span: Span,
    /// The lambda that it stands in; a lambda's own number.
    pub owner: u32,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PointKind {
    /// A lambda or `def`, with the keys that it stands under: `actions.search.execute`.
    Lambda(Box<str>),
    Statement,
    /// One of the ways that a branch can take. Those of one branch have its number.
    Way {
        branch: u32,
        sign: Sign,
        name: &'static str,
    },
}

/// What a branch is written with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    If,
    And,
    Or,
    SafeCall,
    Case,
    Rescue,
}

impl Sign {
    pub const fn text(self) -> &'static str {
        match self {
            Self::If => "if",
            Self::And => "&&",
            Self::Or => "||",
            Self::SafeCall => "&.",
            Self::Case => "case",
            Self::Rescue => "rescue",
        }
    }
}

/// A node that tells.
#[derive(Debug)]
pub struct ProbeNode {
    pub tells: Tells,
    /// The first of its points.
    pub point: u32,
    pub node: Node,
}

/// When a node tells which of its points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tells {
    /// Before it is evaluated.
    Reached,
    /// When it begins and when it ends.
    Call,
    /// When it has not failed.
    Done,
    /// The first point where its value counts as true, else the next.
    Truth,
    /// The first point where its value is nil, else the next.
    Nil,
}
