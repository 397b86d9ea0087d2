//! The likeliest reading of brackets and words that do not match. Every way to read them costs something: a closer at a
//! column where nothing began, a line that stands left of what it is in, and much more each opener or closer that would have
//! to be added or dropped. The cheapest reading tells what was forgotten.

use super::super::scan::{Mark, MarkKind};
use hashbrown::HashMap;

/// What the author forgot or has too much, by the numbers of marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slip {
    /// `opener` is never closed, and should be before mark `before`, or at the end.
    Forgotten {
        opener: usize,
        before: Option<usize>,
    },
    Extra {
        closer: usize,
    },
    Mismatch {
        opener: usize,
        closer: usize,
    },
}

/// What each error in a reading costs.
pub const ERROR: u32 = 10;
/// A closer at a column where neither its opener nor the opener's line begins.
const ASKEW: u32 = 3;
/// A line that does not stand right of the line of what it is in.
const SHIFTED: u32 = 2;
/// At most so many readings are followed at a time, and none that is so much worse than the best.
const READINGS: usize = 24;
const LAG: u32 = 35;
/// At most so many openers are given up at one place.
const GIVEN_UP: usize = 5;

/// Where a mark stands in its line.
#[derive(Clone, Copy, Default)]
pub struct Place {
    pub line: usize,
    pub column: usize,
    /// Column of the first character of the line.
    pub indent: usize,
}

/// The places of all marks.
pub fn places(text: &str, marks: &[Mark]) -> Vec<Place> {
    let bytes = text.as_bytes();
    let (mut line, mut start, mut done) = (0, 0, 0);
    let mut places = Vec::with_capacity(marks.len());
    for mark in marks {
        for at in memchr::memchr_iter(b'\n', bytes.get(done..mark.at).unwrap_or_default()) {
            line += 1;
            start = done + at + 1;
        }
        done = mark.at.max(done);
        let blank = bytes.get(start..).unwrap_or_default();
        let indent = blank.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        places.push(Place { line, column: mark.at.saturating_sub(start), indent });
    }
    places
}

/// What is wrong with the nesting, in order, and what the reading costs in all.
pub fn read(marks: &[Mark], places: &[Place]) -> (Vec<Slip>, u32) {
    let doubtful = reduce(marks, places);
    let mut search = Search { marks, places, nodes: vec![Node::default()], known: HashMap::default(), log: Vec::new() };
    let mut readings = vec![Reading::default()];
    for at in doubtful {
        readings = search.step(readings, at);
    }
    search.best(readings)
}

/// Leaves out everything that is surely right: pairs that close where they began, with nothing but such pairs inside.
fn reduce(marks: &[Mark], places: &[Place]) -> Vec<usize> {
    let mut left: Vec<usize> = Vec::new();
    // Positions in `left` of what is open.
    let mut open: Vec<usize> = Vec::new();
    for (at, mark) in marks.iter().enumerate() {
        match mark.kind {
            MarkKind::Open(_) | MarkKind::OpenWord(_) => {
                open.push(left.len());
                left.push(at);
            }
            MarkKind::Close(_) | MarkKind::End => {
                let matching = open.last().copied().and_then(|top| Some((top, *left.get(top)?)));
                match matching {
                    Some((top, opener))
                        if clean(marks, places, opener, at, left.get(top + 1..).unwrap_or_default()) =>
                    {
                        left.truncate(top);
                        open.pop();
                    }
                    Some((_, opener)) => {
                        if fits(marks[opener].kind, mark.kind) {
                            open.pop();
                        } else {
                            open.clear();
                        }
                        left.push(at);
                    }
                    None => left.push(at),
                }
            }
            MarkKind::Label | MarkKind::Line | MarkKind::Middle(_) => left.push(at),
            MarkKind::Comma | MarkKind::Odd(_) | MarkKind::Unclosed(_) => {}
        }
    }
    left
}

/// The pair closes where it began, and nothing between is out of place.
fn clean(marks: &[Mark], places: &[Place], opener: usize, closer: usize, between: &[usize]) -> bool {
    let (from, to) = (places[opener], places[closer]);
    let kind = marks[opener].kind;
    let aligned =
        from.line == to.line || to.column == to.indent && (to.column == from.indent || to.column == from.column);
    let inside = |at: &usize| match marks[*at].kind {
        MarkKind::Line => places[*at].column > from.indent,
        MarkKind::Label => places[*at].column > from.indent && matches!(kind, MarkKind::Open(_)),
        MarkKind::Middle(word) => {
            belongs(word, kind)
                && matches!(places[*at].column, column if column == from.indent || column == from.column)
        }
        _ => false,
    };
    fits(kind, marks[closer].kind) && aligned && between.iter().all(inside)
}

fn fits(opener: MarkKind, closer: MarkKind) -> bool {
    match (opener, closer) {
        (MarkKind::Open(wanted), MarkKind::Close(close)) => wanted == close,
        (MarkKind::OpenWord(_), MarkKind::End) => true,
        _ => false,
    }
}

/// Whether the word may stand between `opener` and its end.
fn belongs(word: &str, opener: MarkKind) -> bool {
    let MarkKind::OpenWord(opener) = opener else { return false };
    match word {
        "else" => !matches!(opener, "while" | "until" | "for"),
        "elsif" => opener == "if",
        "when" | "in" => opener == "case",
        _ => matches!(opener, "begin" | "do" | "def"),
    }
}

/// What is open, as a list from the innermost outwards; node 0 is nothing.
#[derive(Clone, Copy, Default)]
struct Node {
    opener: usize,
    below: usize,
}

#[derive(Clone, Copy, Default)]
struct Reading {
    stack: usize,
    cost: u32,
    /// The last entry of its log, plus one.
    log: usize,
}

struct Search<'m> {
    marks: &'m [Mark],
    places: &'m [Place],
    nodes: Vec<Node>,
    known: HashMap<(usize, usize), usize, foldhash::fast::FixedState>,
    log: Vec<(Slip, usize)>,
}

impl Search<'_> {
    fn step(&mut self, readings: Vec<Reading>, at: usize) -> Vec<Reading> {
        let mut next = Vec::with_capacity(readings.len() * 4);
        for reading in readings {
            match self.marks[at].kind {
                MarkKind::Open(_) | MarkKind::OpenWord(_) => {
                    let stack = self.push(reading.stack, at);
                    next.push(Reading { stack, ..reading });
                }
                MarkKind::Close(_) | MarkKind::End => self.close(reading, at, &mut next),
                kind => self.line(reading, at, kind, &mut next),
            }
        }
        next.sort_by_key(|reading| reading.cost);
        let worst = next.first().map_or(0, |best| best.cost + LAG);
        let mut kept: Vec<Reading> = Vec::with_capacity(READINGS);
        for reading in next {
            if kept.len() == READINGS || reading.cost > worst {
                break;
            }
            if !kept.iter().any(|other| other.stack == reading.stack) {
                kept.push(reading);
            }
        }
        kept
    }

    fn push(&mut self, below: usize, opener: usize) -> usize {
        let nodes = &mut self.nodes;
        *self.known.entry((below, opener)).or_insert_with(|| {
            nodes.push(Node { opener, below });
            nodes.len() - 1
        })
    }

    fn slip(&mut self, reading: Reading, slip: Slip) -> Reading {
        self.log.push((slip, reading.log));
        Reading { cost: reading.cost + ERROR, log: self.log.len(), ..reading }
    }

    /// The reading without its innermost opener, which is never closed.
    fn give_up(&mut self, reading: Reading, before: Option<usize>) -> Option<(Reading, usize)> {
        let node = *self.nodes.get(reading.stack).filter(|_| reading.stack != 0)?;
        let given = self.slip(reading, Slip::Forgotten { opener: node.opener, before });
        Some((Reading { stack: node.below, ..given }, node.opener))
    }

    fn close(&mut self, reading: Reading, at: usize, next: &mut Vec<Reading>) {
        next.push(self.slip(reading, Slip::Extra { closer: at }));
        if reading.stack != 0 {
            let top = self.nodes[reading.stack];
            if !fits(self.marks[top.opener].kind, self.marks[at].kind) {
                let replaced = self.slip(reading, Slip::Mismatch { opener: top.opener, closer: at });
                let cost = replaced.cost + self.askew(top.opener, at);
                next.push(Reading { stack: top.below, cost, ..replaced });
            }
        }
        let mut current = reading;
        for _ in 0..=GIVEN_UP {
            if current.stack == 0 {
                return;
            }
            let node = self.nodes[current.stack];
            if fits(self.marks[node.opener].kind, self.marks[at].kind) {
                next.push(Reading { stack: node.below, cost: current.cost + self.askew(node.opener, at), ..current });
            }
            match self.give_up(current, Some(at)) {
                Some((less, _)) => current = less,
                None => return,
            }
        }
    }

    /// What it costs to say that this closer closes that opener.
    fn askew(&self, opener: usize, closer: usize) -> u32 {
        let (from, to) = (self.places[opener], self.places[closer]);
        if from.line == to.line {
            0
        } else if to.column != to.indent {
            1
        } else if to.column == from.indent || to.column == from.column {
            0
        } else {
            ASKEW
        }
    }

    /// A line begins: does it stand inside of what is open?
    fn line(&mut self, reading: Reading, at: usize, kind: MarkKind, next: &mut Vec<Reading>) {
        let mut current = reading;
        for _ in 0..=GIVEN_UP {
            let cost = current.cost + self.misplaced(current.stack, at, kind);
            next.push(Reading { cost, ..current });
            if cost == current.cost {
                return;
            }
            match self.give_up(current, Some(at)) {
                Some((less, _)) => current = less,
                None => return,
            }
        }
    }

    fn misplaced(&self, stack: usize, at: usize, kind: MarkKind) -> u32 {
        if stack == 0 {
            return if matches!(kind, MarkKind::Middle(_)) { ERROR } else { 0 };
        }
        let opener = self.nodes[stack].opener;
        let (from, here) = (self.places[opener], self.places[at]);
        let opener = self.marks[opener].kind;
        if let MarkKind::Middle(word) = kind {
            let aligned = here.column == from.indent || here.column == from.column;
            return if belongs(word, opener) { if aligned { 0 } else { ASKEW } } else { ERROR };
        }
        let left = from.line != here.line && here.column <= from.indent;
        match (kind, opener) {
            (MarkKind::Label, MarkKind::OpenWord(_)) if left => SHIFTED + ASKEW,
            _ if left => SHIFTED,
            _ => 0,
        }
    }

    fn best(&mut self, readings: Vec<Reading>) -> (Vec<Slip>, u32) {
        let mut ends: Vec<Reading> = Vec::new();
        for mut reading in readings {
            while let Some((less, _)) = self.give_up(reading, None) {
                reading = less;
            }
            ends.push(reading);
        }
        let Some(best) = ends.into_iter().min_by_key(|reading| reading.cost) else { return (Vec::new(), 0) };
        let mut slips = Vec::new();
        let mut entry = best.log;
        while let Some((slip, before)) = entry.checked_sub(1).and_then(|at| self.log.get(at)) {
            slips.push(*slip);
            entry = *before;
        }
        slips.reverse();
        (slips, best.cost)
    }
}
