//! The resolved program: locals are slots, names are numbers, calls know their column. `Send + Sync`, shared by runs.

mod build;
mod lambda;
mod node;
mod probe;
mod scope;

pub use build::{build, build_body, build_line, build_telling, complaints};
pub use lambda::{Capture, Lambda, LambdaKind, Param, ParamKind, Params};
pub use node::{
    ArgNode, BeginNode, BlockNode, Call, CaseArm, CaseInNode, CaseNode, HashRest, IndexTarget, Node, Op, OpKind,
    PairNode, PatternNode, PatternOp, PieceNode, Place, RescueNode, TargetNode, WhenNode, While,
};
pub use probe::{Point, PointKind, ProbeNode, Probes, Sign, Tells};

use crate::text::Source;
use std::sync::Arc;

/// A connector file, ready to run.
#[derive(Debug)]
pub struct Program {
    pub source: Source,
    /// The statements of the file; its value is the connector's hash.
    pub root: Arc<Lambda>,
    /// How many regular expression literals and frozen strings the run's caches need.
    pub regexes: usize,
    pub strings: Vec<Box<[u8]>>,
    /// `# frozen_string_literal: true`: a literal is the same object each time.
    pub frozen_strings: bool,
    /// What it tells the world, by number; none unless it was asked for.
    pub points: Box<[Point]>,
}

const _: fn() = || {
    fn shared<T: Send + Sync>() {}
    shared::<Program>();
};
