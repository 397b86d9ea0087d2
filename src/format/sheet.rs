//! The tokens of a text on their lines and columns, before and after, and the way back to text.

use crate::syntax::tokens::{Bracket, Token, TokenKind as Kind};
use crate::text::Span;

/// Blank lines in a row that stay.
const MOST_BLANK_LINES: u32 = 2;

/// Aligned columns may come apart when a line moves, which shows in the next pass. More than these are never needed.
const MOST_PASSES: usize = 12;

pub struct Sheet<'t> {
    text: &'t str,
    pub tokens: Vec<Token>,
    /// Columns of the tokens as they stand, and as this pass puts them.
    pub before: Vec<u32>,
    pub after: Vec<u32>,
    /// The other side of each bracket.
    pub partner: Vec<usize>,
    /// The line of each token, and the first token of each line.
    pub line: Vec<usize>,
    pub lines: Vec<usize>,
    /// Columns of a token, and those after its last line break.
    width: Vec<(u32, Option<u32>)>,
    newline: &'static str,
    /// `__LINE__` is a number: no line may go.
    keeps_lines: bool,
}

impl<'t> Sheet<'t> {
    pub fn new(text: &'t str, tokens: Vec<Token>) -> Self {
        let newline = match memchr::memchr(b'\n', text.as_bytes()) {
            Some(at) if at > 0 && text.as_bytes().get(at - 1) == Some(&b'\r') => "\r\n",
            _ => "\n",
        };
        let keeps_lines = memchr::memmem::find(text.as_bytes(), b"__LINE__").is_some();
        let mut sheet = Self {
            text,
            before: vec![0; tokens.len()],
            after: vec![0; tokens.len()],
            partner: Vec::new(),
            line: Vec::new(),
            lines: Vec::new(),
            width: Vec::new(),
            tokens,
            newline,
            keeps_lines,
        };
        sheet.limit_breaks();
        sheet.measure();
        sheet
    }

    fn limit_breaks(&mut self) {
        if self.keeps_lines {
            return;
        }
        for (at, token) in self.tokens.iter_mut().enumerate() {
            token.breaks = if at == 0 { 0 } else { token.breaks.min(MOST_BLANK_LINES + 1) };
        }
    }

    fn measure(&mut self) {
        let mut open = Vec::new();
        self.partner = vec![usize::MAX; self.tokens.len()];
        self.line.clear();
        self.lines.clear();
        self.width.clear();
        for (at, token) in self.tokens.iter().enumerate() {
            if at == 0 || token.breaks > 0 {
                self.lines.push(at);
            }
            self.line.push(self.lines.len() - 1);
            self.width.push(width(self.text.get(token.span.range()).unwrap_or_default()));
            match token.kind {
                Kind::Open(_) => open.push(at),
                Kind::Close(_) => {
                    if let Some(opener) = open.pop() {
                        self.partner[at] = opener;
                        self.partner[opener] = at;
                    }
                }
                _ => {}
            }
        }
    }

    pub fn text(&self, at: usize) -> &'t str {
        self.tokens.get(at).and_then(|token| self.text.get(token.span.range())).unwrap_or_default()
    }

    pub fn kind(&self, at: usize) -> Option<Kind> {
        self.tokens.get(at).map(|token| token.kind)
    }

    /// Whether the token is the first of its line.
    pub fn leads(&self, at: usize) -> bool {
        at == 0 || self.tokens.get(at).is_some_and(|token| token.breaks > 0)
    }

    /// The column after a token that begins at `column`.
    pub fn end(&self, at: usize, column: u32) -> u32 {
        match self.width.get(at) {
            Some((_, Some(tail))) => *tail,
            Some((width, None)) => column + width,
            None => column,
        }
    }

    /// The closest token from `at` on that is no comment.
    pub fn code_from(&self, at: usize) -> Option<usize> {
        let comment = |token: &Token| matches!(token.kind, Kind::Comment | Kind::BlockComment | Kind::Heredocs);
        let rest = self.tokens.get(at..)?;
        rest.iter().position(|token| !comment(token)).map(|found| at + found)
    }

    /// Puts the dots at the end of lines in front of the next ones.
    pub fn lead_with_dots(&mut self) {
        let mut moved: Vec<Token> = Vec::with_capacity(self.tokens.len());
        let mut held: Option<Token> = None;
        for (at, token) in self.tokens.iter().enumerate() {
            let next = self.code_from(at + 1);
            if token.kind == Kind::Dot && token.breaks == 0 && next.is_some_and(|next| self.broken(at, next)) {
                held = Some(*token);
                continue;
            }
            let mut token = *token;
            let comment = matches!(token.kind, Kind::Comment | Kind::BlockComment | Kind::Heredocs);
            if let Some(mut dot) = held {
                // No empty line may stand in a chain that goes on with a dot.
                token.breaks = token.breaks.min(1);
                if !comment {
                    (dot.breaks, dot.blanks) = (1, token.blanks);
                    (token.breaks, token.blanks) = (0, 0);
                    moved.push(dot);
                    held = None;
                }
            }
            moved.push(token);
        }
        self.tokens = moved;
        self.measure();
    }

    fn broken(&self, from: usize, to: usize) -> bool {
        self.line.get(from) != self.line.get(to)
    }

    /// Moves tokens until nothing moves.
    pub fn settle(&mut self) {
        for _ in 0..MOST_PASSES {
            let mut column = 0;
            for at in 0..self.tokens.len() {
                let blanks = self.tokens[at].blanks;
                self.before[at] = if self.leads(at) { blanks } else { column + blanks };
                column = self.end(at, self.before[at]);
            }
            if !self.pass() {
                break;
            }
        }
    }

    /// Sets the blanks before each token. Returns whether any changed.
    fn pass(&mut self) -> bool {
        let mut layout = super::indent::Layout::new();
        let mut blanks = Vec::with_capacity(self.tokens.len());
        let mut column = 0;
        for at in 0..self.tokens.len() {
            let leads = self.leads(at);
            let new = if leads { layout.indent(self, at) } else { super::spacing::blanks(self, at) };
            self.after[at] = if leads { new } else { column + new };
            column = self.end(at, self.after[at]);
            layout.enter(self, at, new);
            blanks.push(new);
        }
        let mut moved = false;
        for (token, new) in self.tokens.iter_mut().zip(blanks) {
            moved |= token.blanks != new;
            token.blanks = new;
        }
        moved
    }

    /// The text with the tokens where they are now.
    pub fn write(&self) -> String {
        let mut out = String::with_capacity(self.text.len() + 64);
        if self.text.starts_with('\u{FEFF}') {
            out.push('\u{FEFF}');
        }
        for (at, token) in self.tokens.iter().enumerate() {
            (0..token.breaks).for_each(|_| out.push_str(self.newline));
            out.extend(std::iter::repeat_n(' ', token.blanks as usize));
            if token.kind == Kind::Heredocs && self.newline == "\r\n" {
                out.push('\r');
            }
            out.push_str(self.text(at));
        }
        let end = self.tokens.iter().map(|token| token.span.hi).max().unwrap_or_default();
        self.write_tail(&mut out, end as usize);
        out
    }

    /// One line break, or what follows `__END__`.
    fn write_tail(&self, out: &mut String, end: usize) {
        let rest = self.text.get(end..).unwrap_or_default();
        let tail = rest.find("__END__").map(|at| rest.split_at(at));
        if !self.tokens.is_empty() {
            let blank = tail.map_or(0, |(gap, _)| gap.matches('\n').count().saturating_sub(1));
            let blank = if self.keeps_lines { blank } else { blank.min(MOST_BLANK_LINES as usize) };
            (0..=blank).for_each(|_| out.push_str(self.newline));
        }
        out.push_str(tail.map_or("", |(_, tail)| tail));
    }
}

fn width(text: &str) -> (u32, Option<u32>) {
    let count = |text: &str| if text.is_ascii() { text.len() } else { text.chars().count() } as u32;
    match memchr::memrchr(b'\n', text.as_bytes()) {
        Some(at) => (0, Some(count(text.get(at + 1..).unwrap_or_default()))),
        None => (count(text), None),
    }
}

/// The bracket that a token opens.
pub fn opened(kind: Option<Kind>) -> Option<Bracket> {
    match kind {
        Some(Kind::Open(bracket)) => Some(bracket),
        _ => None,
    }
}

/// The bracket that a token closes.
pub fn closed(kind: Option<Kind>) -> Option<Bracket> {
    match kind {
        Some(Kind::Close(bracket)) => Some(bracket),
        _ => None,
    }
}

/// The whole of a text.
pub fn whole(text: &str) -> Span {
    Span::new(0, text.len() as u32)
}
