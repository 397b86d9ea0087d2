//! Where lines begin. Inside of a bracket or a body they begin one step further than the line that opened it. Lines that go
//! on with an expression, and what closes a bracket, may also stand under something above that the author chose: they stay
//! there, and move with it.

use super::STEP;
use super::sheet::Sheet;
use crate::syntax::tokens::{Bracket, TokenKind as Kind};

/// Places under which a line may stand, of one line; more are not remembered.
const MOST_ANCHORS: usize = 48;

/// The open brackets and bodies at a token.
pub struct Layout {
    frames: Vec<Frame>,
    /// The last token that is no comment.
    last: Option<Kind>,
}

struct Frame {
    bracket: Option<Bracket>,
    open: Option<usize>,
    /// The token under which the closing one stands.
    base: Option<usize>,
    /// Where elements and statements begin; of a list whose first element stands beside its bracket, once that is known.
    content: Option<u32>,
    /// Where `when` begins, once one has.
    middle: Option<u32>,
    /// The first token of the first element, of the current one, and of the last line.
    first: Option<usize>,
    element: Option<usize>,
    line: Option<usize>,
    /// The last line that went on with the current element.
    went_on: Option<usize>,
    /// What stands after a blank on the first and on the last line of the current element.
    anchors: Vec<usize>,
    late_anchors: Vec<usize>,
    /// The next token begins an element.
    fresh: bool,
}

impl Frame {
    fn new(bracket: Option<Bracket>) -> Self {
        Self {
            bracket,
            open: None,
            base: None,
            content: None,
            middle: None,
            first: None,
            element: None,
            line: None,
            went_on: None,
            anchors: Vec::new(),
            late_anchors: Vec::new(),
            fresh: true,
        }
    }

    /// Its elements are separated by commas.
    fn is_list(&self) -> bool {
        use Bracket::{Arguments, Array, Bars, Hash, Index};
        matches!(self.bracket, Some(Arguments | Array | Bars | Hash | Index))
    }

    fn anchor(&mut self, at: usize) {
        let anchors = if self.went_on.is_some() { &mut self.late_anchors } else { &mut self.anchors };
        if anchors.len() < MOST_ANCHORS {
            anchors.push(at);
        }
    }

    fn begin_element(&mut self, at: usize) {
        self.first.get_or_insert(at);
        self.element = Some(at);
        self.went_on = None;
        self.anchors.clear();
        self.late_anchors.clear();
        self.fresh = false;
    }
}

impl Layout {
    pub fn new() -> Self {
        let file = Frame { content: Some(0), ..Frame::new(None) };
        Self { frames: vec![file], last: None }
    }

    fn frame(&self) -> Option<&Frame> {
        self.frames.last()
    }

    // ---- columns

    /// The column of the token that begins a line.
    pub fn indent(&mut self, sheet: &Sheet<'_>, at: usize) -> u32 {
        let comment = match sheet.kind(at) {
            Some(Kind::BlockComment) => return 0,
            kind => kind == Some(Kind::Comment),
        };
        let Some(code) = sheet.code_from(at) else { return self.content(sheet, at) };
        match sheet.kind(code) {
            Some(Kind::Close(_)) if !comment => {
                self.frame().and_then(|frame| frame.base).map_or(0, |base| sheet.after[base])
            }
            Some(Kind::Close(_)) => self.content(sheet, at),
            Some(Kind::Middle) if !comment || self.belongs_to(sheet, at, code) => self.middle(sheet, code),
            Some(Kind::Middle) => self.content(sheet, code),
            Some(kind) if self.starts(kind) => self.content(sheet, code),
            _ => self.continuation(sheet, code),
        }
    }

    /// Whether a comment stands under the `else` or `when` that follows it, and not under what comes before.
    fn belongs_to(&self, sheet: &Sheet<'_>, comment: usize, middle: usize) -> bool {
        let column = sheet.before[comment];
        let inside = |frame: &Frame| frame.line.filter(|line| Some(*line) > frame.open);
        let above = self.frame().and_then(inside).filter(|line| sheet.kind(*line) != Some(Kind::Middle));
        column == sheet.before[middle] && above.is_none_or(|line| sheet.before[line] != column)
    }

    /// Whether a line that begins so begins an element or a statement.
    fn starts(&self, kind: Kind) -> bool {
        let Some(frame) = self.frame() else { return true };
        if frame.fresh || frame.element.is_none() {
            return true;
        }
        if frame.is_list() {
            return kind == Kind::Comma;
        }
        !goes_on(self.last, kind)
    }

    /// Where elements of the innermost bracket begin, now that one does at `at`.
    fn content(&self, sheet: &Sheet<'_>, at: usize) -> u32 {
        let Some(frame) = self.frame() else { return 0 };
        if let Some(content) = frame.content {
            return content;
        }
        let (Some(first), Some(base)) = (frame.first, frame.base) else { return 0 };
        let stepped = sheet.after[base] + STEP;
        if let Some(anchor) = frame.anchors.iter().find(|anchor| sheet.before[**anchor] == sheet.before[at]) {
            return sheet.after[*anchor];
        }
        let far = |column: u32| column.abs_diff(sheet.before[at]);
        if far(sheet.before[first]) <= far(sheet.before[base] + STEP) { sheet.after[first] } else { stepped }
    }

    fn middle(&self, sheet: &Sheet<'_>, at: usize) -> u32 {
        let Some((frame, base)) = self.frame().and_then(|frame| Some((frame, frame.base?))) else { return 0 };
        let stepped = frame.bracket == Some(Bracket::Case) && sheet.before[at] == sheet.before[base] + STEP;
        frame.middle.unwrap_or(sheet.after[base] + if stepped { STEP } else { 0 })
    }

    /// The column of a line that goes on with an element.
    fn continuation(&self, sheet: &Sheet<'_>, at: usize) -> u32 {
        let Some((frame, element)) = self.frame().and_then(|frame| Some((frame, frame.element?))) else { return 0 };
        let leads = sheet.leads(element);
        let head = matches!(frame.bracket, Some(Bracket::Word | Bracket::Case | Bracket::Group));
        let joined = self.last == Some(Kind::Backslash);
        let anchors = || frame.late_anchors.iter().chain(&frame.anchors).copied();
        let places = || {
            let line = frame.went_on.map(|line| (line, 0));
            let own = [(element, STEP, leads), (element, 0, !leads || joined)];
            let own = own.into_iter().filter(|(.., holds)| *holds).map(|(element, step, _)| (element, step));
            let received = anchors().filter(|anchor| receives(sheet, *anchor)).map(|anchor| (anchor, STEP));
            let deeper = frame.base.filter(|_| head).map(|base| (base, 2 * STEP));
            let places = line.into_iter().chain(own).chain(frame.line.map(|line| (line, STEP)));
            places.chain(received).chain(anchors().map(|anchor| (anchor, 0))).chain(deeper)
        };
        // A column beside the one that was meant is the one that was meant.
        let far = |(place, step): (usize, u32)| (sheet.before[place] + step).abs_diff(sheet.before[at]);
        let near = |columns: u32| places().find(|place| far(*place) == columns);
        let hanging = (element, if head && !leads { 0 } else { STEP });
        // What goes on with a condition would be taken for the body there.
        let stepped = frame.line.filter(|_| !leads && !head).map(|line| (line, STEP));
        let usual = stepped.filter(|stepped| far(*stepped) < far(hanging)).unwrap_or(hanging);
        let (place, step) = near(0).or_else(|| near(1)).unwrap_or(usual);
        sheet.after[place] + step
    }

    // ---- the way through the tokens

    /// Takes note of the token at `at`, which has so many blanks before it.
    pub fn enter(&mut self, sheet: &Sheet<'_>, at: usize, blanks: u32) {
        let (kind, leads) = (sheet.tokens[at].kind, sheet.leads(at));
        match kind {
            Kind::Comment | Kind::BlockComment | Kind::Heredocs => return,
            Kind::Close(bracket) => self.close(at, leads, bracket),
            Kind::Middle => self.enter_middle(sheet, at, leads),
            _ => self.enter_code(sheet, at, blanks),
        }
        self.last = Some(kind);
    }

    fn close(&mut self, at: usize, leads: bool, bracket: Bracket) {
        if self.frames.len() > 1 {
            self.frames.pop();
        }
        let Some(frame) = self.frames.last_mut() else { return };
        if leads {
            frame.line = Some(at);
        }
        frame.fresh |= bracket == Bracket::Bars;
    }

    fn enter_middle(&mut self, sheet: &Sheet<'_>, at: usize, leads: bool) {
        let Some(frame) = self.frames.last_mut() else { return };
        if leads {
            frame.line = Some(at);
            frame.content = Some(sheet.after[at] + STEP);
            if frame.bracket == Some(Bracket::Case) {
                frame.middle = Some(sheet.after[at]);
            }
        }
        frame.fresh = true;
    }

    fn enter_code(&mut self, sheet: &Sheet<'_>, at: usize, blanks: u32) {
        let (kind, leads) = (sheet.tokens[at].kind, sheet.leads(at));
        let starts = self.starts(kind);
        let Some(frame) = self.frames.last_mut() else { return };
        if leads {
            frame.line = Some(at);
        }
        if frame.fresh || leads && starts {
            if leads && frame.content.is_none() {
                frame.content = Some(sheet.after[at]);
            }
            frame.begin_element(at);
        } else if leads {
            frame.went_on = Some(at);
            frame.late_anchors.clear();
        }
        if !leads && (blanks > 0 || kind == Kind::Dot || frame.element == Some(at)) {
            frame.anchor(at);
        }
        match kind {
            Kind::Open(bracket) => self.open(sheet, at, bracket),
            Kind::Comma => frame.fresh = frame.is_list(),
            Kind::Semicolon | Kind::Starter => frame.fresh = true,
            _ => {}
        }
    }

    fn open(&mut self, sheet: &Sheet<'_>, at: usize, bracket: Bracket) {
        let Some(outer) = self.frames.last() else { return };
        let partner = sheet.partner[at];
        let leads = partner < sheet.tokens.len() && sheet.leads(partner);
        let chosen = leads.then(|| self.places(sheet, at).find(|place| sheet.before[*place] == sheet.before[partner]));
        let base = chosen.flatten().or(outer.line).unwrap_or(at);
        let mut frame = Frame::new(Some(bracket));
        let hangs = !sheet.leads(at + 1) && sheet.kind(at + 1) != Some(Kind::Comment);
        let body = matches!(bracket, Bracket::Word | Bracket::Case | Bracket::Block);
        frame.base = Some(base);
        frame.content = (body || !hangs).then(|| sheet.after[base] + STEP);
        frame.line = outer.line;
        frame.open = Some(at);
        self.frames.push(frame);
    }

    /// Under what a bracket that opens at `at` may close: its line, and what stands before it on that line.
    fn places(&self, sheet: &Sheet<'_>, at: usize) -> impl Iterator<Item = usize> {
        let beside = move |frame: &&Frame| frame.open.is_some_and(|open| sheet.line[open] == sheet.line[at]);
        let near = 1 + self.frames.iter().rev().take_while(beside).count();
        let places = |frame: &Frame| {
            let anchors = frame.anchors.iter().chain(&frame.late_anchors).copied();
            let firsts = [frame.line, frame.element, frame.first, frame.open];
            firsts.into_iter().flatten().chain(anchors).collect::<Vec<_>>()
        };
        let own = self.frames.last().and_then(|frame| frame.line);
        own.into_iter().chain([at]).chain(self.frames.iter().rev().take(near).flat_map(places))
    }
}

/// Whether a statement whose last token is `last` goes on with `kind` on the next line.
fn goes_on(last: Option<Kind>, kind: Kind) -> bool {
    use Kind::{Assign, Backslash, Colon, Comma, Dot, Joiner, KeyColon, Label, Lambda, Operator, Prefix};
    use Kind::{Question, Range, Rocket, Scope, Unary};
    matches!(kind, Dot | Colon)
        || matches!(
            last,
            Some(
                Assign
                    | Backslash
                    | Colon
                    | Comma
                    | Dot
                    | Joiner
                    | KeyColon
                    | Label
                    | Lambda
                    | Operator
                    | Prefix
                    | Question
                    | Range
                    | Rocket
                    | Scope
                    | Unary
            )
        )
}

/// Whether what stands at `at` is given to something: a line may go on one step further than it.
fn receives(sheet: &Sheet<'_>, at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|before| sheet.kind(before));
    let given =
        matches!(before, Some(Kind::Assign | Kind::Label | Kind::KeyColon | Kind::Rocket | Kind::Joiner | Kind::Word));
    given
        && !matches!(sheet.kind(at), Some(Kind::Assign | Kind::Operator | Kind::Rocket | Kind::Question | Kind::Colon))
}
