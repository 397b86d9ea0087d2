//! What the runs of a program have reached of it: lines, branches and lambdas, put together by part of the connector.

mod lcov;

pub use lcov::lcov;

use crate::program::{Point, PointKind, Program, Sign};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

/// How often each point of a program was reached, by all its runs, on any thread.
#[derive(Debug, Default)]
pub struct Counts(Box<[AtomicU64]>);

impl Counts {
    pub fn of(program: &Program) -> Self {
        Self(program.points.iter().map(|_| AtomicU64::new(0)).collect())
    }

    /// The point with that number was reached once more.
    pub fn reached(&self, point: u32) {
        if let Some(count) = self.0.get(point as usize) {
            count.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn get(&self, point: usize) -> u64 {
        self.0.get(point).map_or(0, |count| count.load(Ordering::Relaxed))
    }
}

/// So many of so many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ratio {
    pub reached: usize,
    pub all: usize,
}

impl Ratio {
    fn count(&mut self, reached: bool) {
        self.all += 1;
        self.reached += usize::from(reached);
    }

    fn add(&mut self, other: Self) {
        self.reached += other.reached;
        self.all += other.all;
    }

    /// In hundredths; everything of nothing.
    pub fn percent(self) -> f64 {
        if self.all == 0 { 100.0 } else { self.reached as f64 * 100.0 / self.all as f64 }
    }
}

/// Something that was not reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Missed {
    /// Lines from and to.
    Lines(u32, u32),
    /// A way of a branch in a line that was reached.
    Way { line: u32, sign: Sign, name: &'static str },
}

impl Missed {
    pub const fn line(&self) -> u32 {
        match self {
            Self::Lines(line, _) | Self::Way { line, .. } => *line,
        }
    }
}

/// An action, a trigger, a method … with what was reached of it.
#[derive(Clone, Debug, Default)]
pub struct Part {
    /// `actions`, `triggers`, `methods` …
    pub kind: String,
    pub name: String,
    /// Its work was begun: `execute` of an action, the poll of a trigger.
    pub ran: bool,
    pub lines: Ratio,
    pub branches: Ratio,
    pub lambdas: Ratio,
    /// By line.
    pub missed: Vec<Missed>,
}

/// The coverage of one connector.
#[derive(Clone, Debug, Default)]
pub struct Coverage {
    pub file: String,
    /// In the order of the file.
    pub parts: Vec<Part>,
}

impl Coverage {
    pub fn of(program: &Program, counts: &Counts) -> Self {
        let mut parts: Vec<Draft> = Vec::new();
        for (number, point) in program.points.iter().enumerate() {
            let (kind, name) = part_of(program, point);
            let at = parts.iter().position(|part| part.part.kind == kind && part.part.name == name);
            let at = at.unwrap_or_else(|| {
                parts.push(Draft { part: Part { kind, name, ..Part::default() }, ..Draft::default() });
                parts.len() - 1
            });
            if let Some(draft) = parts.get_mut(at) {
                draft.take(program, point, counts.get(number));
            }
        }
        Self { file: program.source.name().to_owned(), parts: parts.into_iter().map(Draft::finish).collect() }
    }

    /// Lines of all parts.
    pub fn lines(&self) -> Ratio {
        self.sum(|part| part.lines)
    }

    pub fn branches(&self) -> Ratio {
        self.sum(|part| part.branches)
    }

    fn sum(&self, of: impl Fn(&Part) -> Ratio) -> Ratio {
        let mut sum = Ratio::default();
        self.parts.iter().for_each(|part| sum.add(of(part)));
        sum
    }

    /// How many parts of a kind were run.
    pub fn ran(&self, kind: &str) -> Ratio {
        let mut ran = Ratio::default();
        self.parts.iter().filter(|part| part.kind == kind).for_each(|part| ran.count(part.ran));
        ran
    }
}

/// What does the work of a part, where it has one of these.
const WORK: &[&str] = &["execute", "poll", "webhook_notification", "fetch"];

/// A part while its points are gathered.
#[derive(Default)]
struct Draft {
    part: Part,
    /// Statements by their first line: how often the line was reached, and where those end that were not.
    lines: BTreeMap<u32, (u64, u32)>,
    ways: Vec<(Missed, u64)>,
    /// A lambda that does the work was found; whether one was reached.
    work: Option<bool>,
    any: bool,
}

impl Draft {
    fn take(&mut self, program: &Program, point: &Point, count: u64) {
        let line = line(program, point.span.lo);
        match &point.what {
            PointKind::Lambda(path) => {
                self.part.lambdas.count(count > 0);
                self.any |= count > 0;
                if path.split('.').nth(2).is_some_and(|key| WORK.contains(&key)) {
                    self.work = Some(self.work.unwrap_or(false) || count > 0);
                }
            }
            PointKind::Statement => {
                let end = line_of_end(program, point);
                let known = self.lines.entry(line).or_insert((0, line));
                known.0 = known.0.max(count);
                known.1 = known.1.max(end);
            }
            PointKind::Way { sign, name, .. } => {
                self.part.branches.count(count > 0);
                self.ways.push((Missed::Way { line, sign: *sign, name }, count));
            }
        }
    }

    fn finish(mut self) -> Part {
        self.part.ran = self.work.unwrap_or(self.any);
        for (count, _) in self.lines.values() {
            self.part.lines.count(*count > 0);
        }
        let mut missed = self.ranges();
        let whole = |line: u32, missed: &[Missed]| {
            missed.iter().any(|range| matches!(range, Missed::Lines(from, to) if (*from..=*to).contains(&line)))
        };
        let mut ways: Vec<Missed> =
            self.ways.into_iter().filter(|(_, count)| *count == 0).map(|(way, _)| way).collect();
        // In lines that were not reached nothing else is worth a word.
        ways.retain(|way| !whole(way.line(), &missed));
        missed.extend(ways);
        missed.sort_by_key(Missed::line);
        self.part.missed = missed;
        self.part
    }

    /// What was not reached, from a statement's first line to its last; neighbours are one.
    fn ranges(&self) -> Vec<Missed> {
        let mut ranges: Vec<(u32, u32)> = Vec::new();
        let reached: Vec<u32> = self.lines.iter().filter(|(_, (count, _))| *count > 0).map(|(line, _)| *line).collect();
        for (line, (_, end)) in self.lines.iter().filter(|(_, (count, _))| *count == 0) {
            // Another statement of the last line may have been reached.
            let end =
                reached.iter().find(|reached| (*line..=*end).contains(reached)).map_or(*end, |reached| reached - 1);
            match ranges.last_mut() {
                Some(last) if *line <= last.1 + 1 => last.1 = last.1.max(end),
                _ => ranges.push((*line, end)),
            }
        }
        ranges.into_iter().map(|(from, to)| Missed::Lines(from, to)).collect()
    }
}

/// Kind and name of what a point belongs to: the first two keys.
fn part_of(program: &Program, point: &Point) -> (String, String) {
    let owner = program.points.get(point.owner as usize).map(|owner| &owner.what);
    let path = if let Some(PointKind::Lambda(path)) = owner { &**path } else { "" };
    let mut keys = path.split('.');
    let kind = keys.next().unwrap_or_default();
    (kind.to_owned(), keys.next().unwrap_or(kind).to_owned())
}

fn line(program: &Program, offset: u32) -> u32 {
    program.source.line_column(offset).line as u32
}

fn line_of_end(program: &Program, point: &Point) -> u32 {
    line(program, point.span.hi.saturating_sub(1).max(point.span.lo))
}
