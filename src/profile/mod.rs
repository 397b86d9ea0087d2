//! Where the time of runs went, by lambda and by request: a tree of calls that is told when each begins and ends, and
//! what is made of it. Knows no clock: whoever tells says when.

mod folded;
mod svg;

pub use folded::folded;
pub use svg::{svg, time};

use crate::program::{PointKind, Program};

/// What runs.
#[derive(Clone, Debug, PartialEq, Eq)]
enum What {
    /// The run itself: everything between the calls.
    Run,
    /// The lambda with that point.
    Lambda(u32),
    Request(String),
}

#[derive(Debug)]
struct Frame {
    what: What,
    calls: u64,
    seconds: f64,
    inner: Vec<usize>,
}

/// The calls of one run while it goes on.
#[derive(Debug)]
pub struct Profile {
    /// The first is the run.
    frames: Vec<Frame>,
    /// Those that have begun, and when.
    open: Vec<(usize, f64)>,
}

impl Default for Profile {
    fn default() -> Self {
        Self { frames: vec![Frame { what: What::Run, calls: 1, seconds: 0.0, inner: Vec::new() }], open: Vec::new() }
    }
}

impl Profile {
    /// A lambda begins.
    pub fn enter(&mut self, point: u32, at: f64) {
        let frame = self.inner(What::Lambda(point));
        self.open.push((frame, at));
    }

    /// The lambda that began last ends.
    pub fn leave(&mut self, at: f64) {
        if let Some((frame, since)) = self.open.pop()
            && let Some(frame) = self.frames.get_mut(frame)
        {
            frame.calls += 1;
            frame.seconds += (at - since).max(0.0);
        }
    }

    /// A request is over that was sent from where the run is. Its name holds no secrets.
    pub fn request(&mut self, name: String, seconds: f64) {
        let frame = self.inner(What::Request(name));
        if let Some(frame) = self.frames.get_mut(frame) {
            frame.calls += 1;
            frame.seconds += seconds;
        }
    }

    /// The frame of a call from where the run is.
    fn inner(&mut self, what: What) -> usize {
        let current = self.open.last().map_or(0, |(frame, _)| *frame);
        let calls = self.frames.get(current).map(|frame| frame.inner.as_slice()).unwrap_or_default();
        if let Some(known) = calls.iter().find(|call| self.frames.get(**call).is_some_and(|frame| frame.what == what)) {
            return *known;
        }
        let new = self.frames.len();
        self.frames.push(Frame { what, calls: 0, seconds: 0.0, inner: Vec::new() });
        if let Some(frame) = self.frames.get_mut(current) {
            frame.inner.push(new);
        }
        new
    }

    /// All of a run that took so long, under that name.
    pub fn finish(&mut self, name: &str, seconds: f64, program: &Program) -> Tree {
        while !self.open.is_empty() {
            self.leave(seconds);
        }
        if let Some(run) = self.frames.first_mut() {
            run.seconds = seconds;
        }
        Tree { name: name.to_owned(), ..self.tree(0, program) }
    }

    fn tree(&self, at: usize, program: &Program) -> Tree {
        let Some(frame) = self.frames.get(at) else { return Tree::default() };
        let (kind, name, line) = match &frame.what {
            What::Run => (Kind::Run, String::new(), None),
            What::Request(name) => (Kind::Request, name.clone(), None),
            What::Lambda(point) => {
                let point = program.points.get(*point as usize);
                let name = match point.map(|point| &point.what) {
                    Some(PointKind::Lambda(path)) => path.to_string(),
                    _ => String::new(),
                };
                (Kind::Lambda, name, point.map(|point| program.source.line_column(point.span.lo).line as u32))
            }
        };
        let inner = frame.inner.iter().map(|inner| self.tree(*inner, program)).collect();
        Tree { kind, name, line, calls: frame.calls, seconds: frame.seconds, inner }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    #[default]
    Run,
    Lambda,
    Request,
}

/// A call with those that it made; equal calls from the same place are one.
#[derive(Clone, Debug, Default)]
pub struct Tree {
    pub kind: Kind,
    pub name: String,
    /// Where a lambda stands.
    pub line: Option<u32>,
    pub calls: u64,
    pub seconds: f64,
    pub inner: Vec<Tree>,
}

impl Tree {
    /// Several runs as one, under that name.
    pub fn of(name: &str, runs: Vec<Tree>) -> Self {
        let seconds = runs.iter().map(|run| run.seconds).sum();
        Self { kind: Kind::Run, name: name.to_owned(), line: None, calls: 1, seconds, inner: runs }
    }

    /// What it did itself, without the calls that it made. Requests that were sent at the same time take longer together
    /// than it did; then nothing is left.
    pub fn own(&self) -> f64 {
        (self.seconds - self.inner.iter().map(|inner| inner.seconds).sum::<f64>()).max(0.0)
    }
}

/// All calls of one lambda, or all requests of one name.
#[derive(Clone, Debug)]
pub struct Row {
    pub kind: Kind,
    pub name: String,
    pub line: Option<u32>,
    pub calls: u64,
    /// Seconds without what it called…
    pub own: f64,
    /// …and with it. What calls itself is counted once.
    pub total: f64,
}

/// What took time, most first.
pub fn rows(tree: &Tree) -> Vec<Row> {
    let mut rows = Vec::new();
    gather(tree, &mut Vec::new(), &mut rows);
    rows.sort_by(|a, b| b.own.total_cmp(&a.own).then(b.total.total_cmp(&a.total)).then(a.name.cmp(&b.name)));
    rows
}

fn gather<'a>(tree: &'a Tree, around: &mut Vec<&'a Tree>, rows: &mut Vec<Row>) {
    let same = |kind: Kind, name: &str, line: Option<u32>| kind == tree.kind && name == tree.name && line == tree.line;
    let again = around.iter().any(|outer| same(outer.kind, &outer.name, outer.line));
    // Runs are what is left over in the end: one row for all of them.
    let known = rows.iter_mut().find(|row| match tree.kind {
        Kind::Run => row.kind == Kind::Run,
        _ => same(row.kind, &row.name, row.line),
    });
    let total = if again || (tree.kind == Kind::Run && !around.is_empty()) { 0.0 } else { tree.seconds };
    match known {
        Some(row) => {
            row.calls += tree.calls;
            row.own += tree.own();
            row.total += total;
        }
        None => {
            let (kind, name, line, calls) = (tree.kind, tree.name.clone(), tree.line, tree.calls);
            rows.push(Row { kind, name, line, calls, own: tree.own(), total });
        }
    }
    around.push(tree);
    for inner in &tree.inner {
        gather(inner, around, rows);
    }
    around.pop();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree() -> Tree {
        let leaf = |kind, name: &str, calls, seconds| Tree {
            kind,
            name: name.to_owned(),
            line: None,
            calls,
            seconds,
            inner: Vec::new(),
        };
        let request = || leaf(Kind::Request, "GET api/a;b", 2, 0.050);
        let again = Tree { inner: vec![request()], ..leaf(Kind::Lambda, "methods.page", 1, 0.060) };
        let page = Tree { inner: vec![request(), again], ..leaf(Kind::Lambda, "methods.page", 1, 0.120) };
        let execute = Tree { inner: vec![page], ..leaf(Kind::Lambda, "actions.all.execute", 1, 0.150) };
        Tree { inner: vec![execute], ..leaf(Kind::Run, "exec action all", 1, 0.200) }
    }

    #[test]
    fn what_calls_itself_is_counted_once() {
        let shown: String = rows(&tree())
            .iter()
            .map(|row| format!("{:20} {} {:5.1} {:5.1}\n", row.name, row.calls, row.own * 1000.0, row.total * 1000.0))
            .collect();
        insta::assert_snapshot!(shown, @r"
        GET api/a;b          4 100.0 100.0
        exec action all      1  50.0 200.0
        actions.all.execute  1  30.0 150.0
        methods.page         2  20.0 120.0
        ");
    }

    #[test]
    fn stacks_are_folded() {
        insta::assert_snapshot!(folded(&tree()), @r"
        exec action all 50000
        exec action all;actions.all.execute 30000
        exec action all;actions.all.execute;methods.page 10000
        exec action all;actions.all.execute;methods.page;GET api/a,b 50000
        exec action all;actions.all.execute;methods.page;methods.page 10000
        exec action all;actions.all.execute;methods.page;methods.page;GET api/a,b 50000
        ");
    }

    #[test]
    fn requests_at_the_same_time_do_not_leave_their_box() {
        let mut tree = tree();
        tree.inner[0].inner = vec![
            Tree { kind: Kind::Request, name: "GET <a>".into(), line: None, calls: 2, seconds: 0.3, inner: Vec::new() },
            Tree { kind: Kind::Request, name: "GET b".into(), line: None, calls: 1, seconds: 0.3, inner: Vec::new() },
        ];
        assert_eq!(tree.inner[0].own(), 0.0);
        let drawn = svg(&tree);
        let rights = drawn.split("<g>").skip(1).map(|shape| {
            let number = |key: &str| -> f64 {
                shape.split(&format!(" {key}=\"")).nth(1).unwrap().split('"').next().unwrap().parse().unwrap()
            };
            number("x") + number("width")
        });
        assert!(rights.fold(0.0, f64::max) <= 1190.0, "{drawn}");
        assert!(drawn.contains("GET &lt;a&gt;: 300.0 ms (150.0 %), 2 calls"), "{drawn}");
    }
}
