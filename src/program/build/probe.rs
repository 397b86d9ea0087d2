//! Where programs that tell what they reach get their probes.

use super::Builder;
use crate::program::lambda::LambdaKind;
use crate::program::node::{Node, Op};
use crate::program::probe::{Point, PointKind, ProbeNode, Probes, Sign, Tells};
use crate::syntax::ast::{Expr, ExprKind};
use crate::text::{Name, Span};

/// What the builder knows of probes: what is asked for, and where it stands.
#[derive(Default)]
pub(super) struct Marking {
    pub probes: Probes,
    pub points: Vec<Point>,
    /// The keys around.
    path: Vec<Name>,
    /// The lambda around; nothing outside of lambdas is marked.
    owner: Option<u32>,
    branches: u32,
}

impl Marking {
    pub fn new(probes: Probes) -> Self {
        Self { probes, ..Self::default() }
    }

    fn add(&mut self, what: PointKind, span: Span) -> u32 {
        let number = self.points.len() as u32;
        self.points.push(Point { what, span, owner: self.owner.unwrap_or(number) });
        number
    }

    /// Whether statements and branches are marked here.
    fn counts(&self) -> bool {
        self.probes.coverage && self.owner.is_some()
    }
}

impl Builder<'_> {
    /// Builds what stands under a key.
    pub(super) fn under<T>(&mut self, key: Name, build: impl FnOnce(&mut Self) -> T) -> T {
        if !self.marking.probes.any() {
            return build(self);
        }
        self.marking.path.push(key);
        let value = build(self);
        self.marking.path.pop();
        value
    }

    /// Builds the code of a lambda, which its statements and branches then belong to. Blocks belong to the code around.
    pub(super) fn owned<T>(
        &mut self,
        kind: LambdaKind,
        span: Span,
        build: impl FnOnce(&mut Self) -> T,
    ) -> (T, Option<u32>) {
        if kind == LambdaKind::Block || !self.marking.probes.any() {
            return (build(self), None);
        }
        let path = &self.marking.path;
        let own = if path.last() == Some(&self.label) { None } else { Some(&self.label) };
        let name = path.iter().chain(own).map(|key| key.as_str()).collect::<Vec<_>>().join(".");
        let outer = self.marking.owner.take();
        let point = self.marking.add(PointKind::Lambda(name.into()), span);
        self.marking.owner = Some(point);
        let code = build(self);
        self.marking.owner = outer;
        (code, Some(point))
    }

    /// The body of a lambda that was built, with its probe.
    pub(super) fn told(&self, point: Option<u32>, body: Node) -> Node {
        let Some(point) = point else { return body };
        let tells = if self.marking.probes.calls { Tells::Call } else { Tells::Reached };
        probe(tells, point, body)
    }

    /// A list of statements, as branches and lambdas have them.
    pub(super) fn body(&mut self, expr: &Expr) -> Node {
        match &expr.kind {
            ExprKind::Seq(exprs) => match exprs.as_slice() {
                [one] => self.statement(one),
                _ => self.node(expr),
            },
            _ => self.statement(expr),
        }
    }

    pub(super) fn statement(&mut self, expr: &Expr) -> Node {
        let node = self.node(expr);
        // What `rescue` guards is a list of statements itself.
        let is_list = matches!(expr.kind, ExprKind::Begin(_) | ExprKind::Seq(_) | ExprKind::Missing);
        if is_list || !self.marking.counts() {
            return node;
        }
        let point = self.marking.add(PointKind::Statement, expr.span);
        probe(Tells::Reached, point, node)
    }

    /// A value that one of two ways depends on: `first` is taken where it is true (or nil), `second` otherwise.
    pub(super) fn fork(&mut self, tells: Tells, sign: Sign, ways: [&'static str; 2], node: Node) -> Node {
        if !self.marking.counts() {
            return node;
        }
        let branch = self.branch();
        let span = node.span;
        let [first, second] = ways.map(|name| self.marking.add(PointKind::Way { branch, sign, name }, span));
        debug_assert_eq!(first + 1, second);
        probe(tells, first, node)
    }

    /// The left side of `&&` and `||`.
    pub(super) fn left(&mut self, sign: Sign, node: Node) -> Node {
        self.fork(Tells::Truth, sign, ["true", "false"], node)
    }

    /// A new branch, whose ways are marked one by one.
    pub(super) fn branch(&mut self) -> u32 {
        self.marking.branches += 1;
        self.marking.branches - 1
    }

    /// One way of a branch.
    pub(super) fn way(
        &mut self,
        tells: Tells,
        branch: u32,
        sign: Sign,
        name: &'static str,
        node: Node,
        at: Span,
    ) -> Node {
        if !self.marking.counts() {
            return node;
        }
        let point = self.marking.add(PointKind::Way { branch, sign, name }, at);
        probe(tells, point, node)
    }
}

fn probe(tells: Tells, point: u32, node: Node) -> Node {
    let span = node.span;
    Node { op: Op::Probe(Box::new(ProbeNode { tells, point, node })), span }
}
