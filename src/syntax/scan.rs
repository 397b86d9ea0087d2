//! A light reading of a text, before the grammar's: where strings, comments and heredocs are. It decides nothing but that.

use std::ops::Range;

use super::prepare::Heredoc;

/// What `scan` found.
#[derive(Default)]
pub struct Found {
    pub heredocs: Vec<Heredoc>,
    /// `=begin … =end`.
    pub comments: Vec<Range<usize>>,
    /// What the grammar must not see.
    pub blanks: Vec<Range<usize>>,
    /// Where the code ends: at `__END__`, or with the text.
    pub end: usize,
    /// Everything that opens or closes, in order; only where asked for.
    pub marks: Vec<Mark>,
}

/// Something that opens, closes, or shows where an entry begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    pub at: usize,
    pub kind: MarkKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MarkKind {
    /// `{`, `[`, `(`, by the closing byte.
    Open(u8),
    Close(u8),
    /// A word that `end` closes.
    OpenWord(&'static str),
    End,
    /// `name:` at the start of a line.
    Label,
    /// Other code at the start of a line, unless it goes on with the line above or closes something.
    Line,
    /// `else`, `when`, `rescue` and the like at the start of a line.
    Middle(&'static str),
    Comma,
    /// A character that nobody writes into code on purpose: typographic quotes, invisible ones.
    Odd(char),
    /// A literal that is never closed, or hardly where it seems to be.
    Unclosed(Literal),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Literal {
    String,
    List,
    Interpolation,
    /// A quote inside a single-quoted string, as in `'Don't'`.
    Apostrophe,
    Heredoc,
}

/// Words that `end` closes, wherever they stand.
const OPENERS: [&str; 5] = ["case", "begin", "def", "class", "module"];
/// Words between an opener and its `end`.
const MIDDLES: [&str; 6] = ["else", "elsif", "when", "in", "rescue", "ensure"];
/// Words that `end` closes unless they modify the statement before them.
const MODIFIERS: [&str; 4] = ["if", "unless", "while", "until"];

/// Whether `text` may hold anything that `scan` looks for. Most texts do not.
pub fn worthwhile(text: &str) -> bool {
    let bytes = text.as_bytes();
    text.starts_with("=begin")
        || memchr::memmem::find(bytes, b"\n=begin").is_some()
        || memchr::memmem::find(bytes, b"__END__").is_some()
        || memchr::memmem::find_iter(bytes, b"<<").any(|at| opener(text, at).is_some())
}

pub fn scan(text: &str) -> Found {
    Scanner::new(text, Context::Code { braces: 0, interpolated: false }).run()
}

/// The lines of heredocs: where each begins to be announced, and where its last line ends.
pub fn heredocs(text: &str) -> Vec<Range<usize>> {
    if !worthwhile(text) {
        return Vec::new();
    }
    scan(text).heredocs.into_iter().map(|heredoc| heredoc.opener..heredoc.body.end).collect()
}

/// What opens and closes where, in a text that may be broken.
pub fn marks(text: &str) -> Vec<Mark> {
    scan_marks(text, &[]).marks
}

/// Like `scan`, for a text that the grammar refuses: also says what opens and closes where. A literal at one of `trusted`
/// is closed where it says, however odd that looks.
pub fn scan_marks(text: &str, trusted: &[usize]) -> Found {
    let mut scanner = Scanner::new(text, Context::Code { braces: 0, interpolated: false });
    scanner.marking = true;
    scanner.trusted = trusted.to_vec();
    scanner.run()
}

/// Whether `c` stands for another character when it is met in code.
pub fn is_odd(c: char) -> bool {
    matches!(c, '\u{A0}' | '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2018}'..='\u{201F}' | '\u{202F}' | '\u{2060}' | '\u{3000}' | '\u{FEFF}')
        || matches!(c, '\u{2010}'..='\u{2015}' | '\u{2026}' | '\u{AB}' | '\u{BB}' | '\u{B4}')
}

/// Scans the inside of a string with interpolation.
pub fn scan_template(text: &str) -> Found {
    Scanner::new(text, Context::Text { open: 0, close: 0, nesting: 0, interpolates: true }).run()
}

#[derive(Clone, Copy)]
enum Context {
    Code { braces: u32, interpolated: bool },
    Text { open: u8, close: u8, nesting: u32, interpolates: bool },
}

/// What stood before: does an operand or an operator come next?
#[derive(Clone, Copy, PartialEq)]
enum Before {
    /// An operator, an opening bracket, a keyword, a line start.
    Nothing,
    /// `return`, `next`, `break`: an operand may follow, and so may a modifier.
    Jump,
    Value,
    /// A name: an operand may follow it after a blank, as its argument.
    Name,
    Dot,
}

struct Scanner<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    contexts: Vec<Context>,
    before: Before,
    /// Heredocs opened on this line.
    pending: Vec<Opener>,
    found: Found,
    marking: bool,
    trusted: Vec<usize>,
    /// Nothing of the line has been met yet.
    fresh: bool,
    /// A loop's head is open: its `do` opens nothing more.
    loop_head: bool,
}

struct Opener {
    at: usize,
    id: Range<usize>,
    raw: bool,
    squiggly: bool,
    indented: bool,
}

impl<'t> Scanner<'t> {
    fn new(text: &'t str, context: Context) -> Self {
        let found = Found { end: text.len(), ..Found::default() };
        let bytes = text.as_bytes();
        Self {
            text,
            bytes,
            at: 0,
            contexts: vec![context],
            before: Before::Nothing,
            pending: Vec::new(),
            found,
            marking: false,
            trusted: Vec::new(),
            fresh: true,
            loop_head: false,
        }
    }

    fn run(mut self) -> Found {
        self.line_start();
        while let (Some(byte), Some(context)) = (self.peek(0), self.contexts.last().copied()) {
            match context {
                Context::Code { .. } => self.code(byte),
                Context::Text { open, close, nesting, interpolates } => {
                    self.string(byte, open, close, nesting, interpolates);
                }
            }
        }
        self.found
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        if self.at + ahead >= self.found.end { None } else { self.bytes.get(self.at + ahead).copied() }
    }

    // ---- strings

    fn string(&mut self, byte: u8, open: u8, close: u8, nesting: u32, interpolates: bool) {
        match byte {
            b'\\' => self.at += 2,
            b'\n' => self.newline(),
            b'#' if interpolates && self.peek(1) == Some(b'{') => {
                if self.marking && self.lone_interpolation(close) {
                    self.mark(MarkKind::Unclosed(Literal::Interpolation));
                    self.at += 2;
                    return;
                }
                self.at += 2;
                self.before = Before::Nothing;
                self.contexts.push(Context::Code { braces: 0, interpolated: true });
            }
            _ if byte == close && nesting == 0 => {
                self.at += 1;
                self.contexts.pop();
                self.before = Before::Value;
            }
            _ if byte == close || byte == open => {
                let nesting = if byte == close { nesting - 1 } else { nesting + 1 };
                self.contexts.pop();
                self.contexts.push(Context::Text { open, close, nesting, interpolates });
                self.at += 1;
            }
            _ => self.at += 1,
        }
    }

    fn open_string(&mut self, skip: usize, delimiter: u8, interpolates: bool) {
        if self.marking && self.doubtful(skip, delimiter) {
            return;
        }
        self.at += skip;
        let (open, close) = match delimiter {
            b'(' => (b'(', b')'),
            b'[' => (b'[', b']'),
            b'{' => (b'{', b'}'),
            b'<' => (b'<', b'>'),
            other => (0, other),
        };
        self.contexts.push(Context::Text { open, close, nesting: 0, interpolates });
    }

    // ---- code

    fn code(&mut self, byte: u8) {
        if self.marking && self.fresh && !matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b'#') {
            self.fresh = false;
            self.mark_line(byte);
        }
        match byte {
            b'\n' => {
                self.newline();
                self.before = Before::Nothing;
                self.fresh = true;
            }
            b'#' => self.at += memchr::memchr(b'\n', &self.bytes[self.at..]).unwrap_or(self.bytes.len() - self.at),
            b'"' | b'`' => self.open_string(1, byte, true),
            b'\'' => self.open_string(1, byte, false),
            b'{' | b'}' => self.brace(byte),
            b'(' | b'[' => {
                self.mark(MarkKind::Open(if byte == b'(' { b')' } else { b']' }));
                self.step(1, Before::Nothing);
            }
            b')' | b']' => {
                self.mark(MarkKind::Close(byte));
                self.step(1, Before::Value);
            }
            b'.' => self.step(1, Before::Dot),
            b'%' if self.operand_next() && self.percent() => {}
            b'/' if self.operand_next() => self.open_string(1, b'/', true),
            b'?' if self.operand_next() && self.character() => {}
            b':' => self.colon(),
            b'<' => self.less(),
            b'@' | b'$' => {
                self.at += 1 + usize::from(self.peek(1) == Some(b'@'));
                if !self.word() {
                    self.at += 1;
                }
                self.before = Before::Value;
            }
            b'0'..=b'9' => {
                self.word();
                self.before = Before::Value;
            }
            b' ' | b'\t' | b'\r' => self.at += 1,
            b'\\' => self.at += 2,
            _ if byte >= 0x80 && self.odd() => {}
            _ if is_word(byte) => self.name(),
            b',' => {
                self.mark(MarkKind::Comma);
                self.step(1, Before::Nothing);
            }
            _ => self.step(1, Before::Nothing),
        }
    }

    fn step(&mut self, length: usize, before: Before) {
        self.at += length;
        self.before = before;
    }

    fn brace(&mut self, byte: u8) {
        let closes_code = matches!(self.contexts.last(), Some(Context::Code { braces: 0, interpolated: true }));
        if byte == b'{' {
            self.mark(MarkKind::Open(b'}'));
        } else if !closes_code {
            self.mark(MarkKind::Close(b'}'));
        }
        self.at += 1;
        let Some(Context::Code { braces, interpolated }) = self.contexts.last_mut() else { return };
        if byte == b'{' {
            *braces += 1;
            self.before = Before::Nothing;
        } else if *braces == 0 && *interpolated {
            self.contexts.pop();
        } else {
            *braces = braces.saturating_sub(1);
            self.before = Before::Value;
        }
    }

    /// Whether what stands here begins an operand. After a name it does when a blank stands before it, but none after.
    fn operand_next(&self) -> bool {
        match self.before {
            Before::Nothing | Before::Jump => true,
            Before::Value | Before::Dot => false,
            Before::Name => {
                let spaced = self.at > 0 && matches!(self.bytes[self.at - 1], b' ' | b'\t');
                spaced && !matches!(self.peek(1), None | Some(b' ' | b'\t' | b'\n' | b'\r' | b'='))
            }
        }
    }

    fn percent(&mut self) -> bool {
        let (skip, kind) = match self.peek(1) {
            Some(kind @ (b'w' | b'W' | b'i' | b'I' | b'q' | b'Q' | b'r' | b's' | b'x')) => (2, kind),
            _ => (1, b'Q'),
        };
        match self.peek(skip) {
            Some(delimiter) if delimiter.is_ascii_punctuation() && !(skip == 1 && delimiter == b'=') => {
                self.open_string(skip + 1, delimiter, !matches!(kind, b'w' | b'i' | b'q' | b's'));
                true
            }
            _ => false,
        }
    }

    fn character(&mut self) -> bool {
        match self.peek(1) {
            Some(b'\\') => {
                self.step(3, Before::Value);
                true
            }
            Some(byte) if !byte.is_ascii_whitespace() && !self.peek(2).is_some_and(is_word) => {
                self.step(2, Before::Value);
                true
            }
            _ => false,
        }
    }

    fn colon(&mut self) {
        self.at += 1;
        match self.peek(0) {
            Some(b':') => self.step(1, Before::Dot),
            Some(byte) if is_word(byte) => {
                self.word();
                self.before = Before::Value;
            }
            _ => self.before = Before::Nothing,
        }
    }

    fn less(&mut self) {
        if self.operand_next()
            && let Some((mut opener, length)) = opener(self.text, self.at)
        {
            opener.at = self.at;
            if self.terminator(&opener, self.at).is_some() {
                self.pending.push(opener);
                self.step(length, Before::Value);
                return;
            }
            self.mark(MarkKind::Unclosed(Literal::Heredoc));
        }
        let length = if self.peek(1) == Some(b'<') { 2 } else { 1 };
        self.step(length, Before::Nothing);
    }

    fn word(&mut self) -> bool {
        let start = self.at;
        while let Some(byte) = self.peek(0).filter(|byte| is_word(*byte)) {
            if byte >= 0xC0 && self.text.get(self.at..).and_then(|rest| rest.chars().next()).is_some_and(is_odd) {
                break;
            }
            self.at += 1;
        }
        self.at > start
    }

    fn name(&mut self) {
        let start = self.at;
        self.word();
        let text = self.text;
        let word = &text[start..self.at];
        if matches!(self.peek(0), Some(b'?' | b'!')) && self.peek(1) != Some(b'=') {
            self.at += 1;
        }
        if self.peek(0) == Some(b':') && self.peek(1) != Some(b':') && self.before != Before::Dot {
            if text[..start].trim_end_matches([' ', '\t']).ends_with('\n') {
                self.mark_at(start, MarkKind::Label);
            }
            self.step(1, Before::Nothing);
            return;
        }
        if self.marking && self.before != Before::Dot {
            self.mark_word(start, word);
        }
        self.before = match word {
            _ if self.before == Before::Dot => Before::Name,
            "end" | "self" | "true" | "false" | "nil" => Before::Value,
            "return" | "next" | "break" | "redo" | "retry" => Before::Jump,
            "if" | "unless" | "while" | "until" | "case" | "when" | "in" | "then" | "else" | "elsif" | "do" | "and"
            | "or" | "not" | "begin" | "rescue" | "ensure" | "yield" | "for" => Before::Nothing,
            _ => Before::Name,
        };
    }

    // ---- marks

    /// Marks and steps over a character that has no place in code.
    fn odd(&mut self) -> bool {
        // A byte order mark may begin the text.
        if self.at == 0 && self.text.starts_with('\u{FEFF}') {
            self.at = '\u{FEFF}'.len_utf8();
            return true;
        }
        let Some(odd) = self.text.get(self.at..).and_then(|rest| rest.chars().next()).filter(|c| is_odd(*c)) else {
            return false;
        };
        self.found.marks.push(Mark { at: self.at, kind: MarkKind::Odd(odd) });
        self.at += odd.len_utf8();
        true
    }

    /// What begins a line says where it belongs by its column.
    fn mark_line(&mut self, byte: u8) {
        if matches!(
            byte,
            b'}' | b']' | b')' | b'.' | b'&' | b'|' | b'?' | b':' | b'=' | b'+' | b'*' | b'/' | b'<' | b'>'
        ) {
            return;
        }
        let rest = self.line_from(self.at);
        let length = rest.bytes().take_while(|byte| is_word(*byte)).count();
        let (word, after) = rest.split_at(length);
        if after.starts_with(':') && !after.starts_with("::") && !word.is_empty()
            || matches!(word, "end" | "and" | "or")
        {
            return;
        }
        let middle = MIDDLES.iter().find(|middle| **middle == word);
        self.mark(middle.map_or(MarkKind::Line, |middle| MarkKind::Middle(middle)));
    }

    fn mark(&mut self, kind: MarkKind) {
        self.mark_at(self.at, kind);
    }

    fn mark_at(&mut self, at: usize, kind: MarkKind) {
        if self.marking {
            self.found.marks.push(Mark { at, kind });
        }
    }

    fn mark_word(&mut self, start: usize, word: &str) {
        if word == "end" {
            return self.mark_at(start, MarkKind::End);
        }
        if word == "do" {
            if !std::mem::take(&mut self.loop_head) {
                self.mark_at(start, MarkKind::OpenWord("do"));
            }
            return;
        }
        let modifier = || MODIFIERS.iter().find(|each| **each == word && self.before == Before::Nothing);
        let opener = OPENERS.iter().find(|each| **each == word).or_else(modifier);
        if let Some(opener) = opener.copied().or((word == "for").then_some("for")) {
            self.loop_head = matches!(opener, "while" | "until" | "for");
            self.mark_at(start, MarkKind::OpenWord(opener));
        }
    }

    /// The rest of the line that begins at `from`.
    fn line_from(&self, from: usize) -> &'t str {
        let rest = self.text.get(from..).unwrap_or_default();
        rest.split('\n').next().unwrap_or_default()
    }

    /// The `#{` here has no `}` on its line.
    fn lone_interpolation(&self, close: u8) -> bool {
        let (mut nesting, mut quotes) = (0, 0);
        for byte in self.line_from(self.at + 1).bytes() {
            match byte {
                // A brace behind the end of the string closes something else.
                _ if byte == close && matches!(close, b'"' | b'`') => quotes += 1,
                b'{' => nesting += 1,
                b'}' if nesting == 1 => return quotes % 2 == 1,
                b'}' => nesting -= 1,
                _ => {}
            }
        }
        true
    }

    /// Marks and steps over a literal that is surely not closed where the next such quote stands.
    fn doubtful(&mut self, skip: usize, delimiter: u8) -> bool {
        if self.trusted.contains(&self.at) {
            return false;
        }
        let line = self.line_from(self.at + skip);
        let quoted = matches!(delimiter, b'"' | b'\'') && skip == 1;
        let close = match delimiter {
            b'[' => b']',
            b'(' => b')',
            b'{' => b'}',
            b'<' => b'>',
            other => other,
        };
        if let Some(end) = closing(line, close) {
            let after = line.as_bytes().get(end + 1).copied();
            if delimiter == b'\'' && quoted && after.is_some_and(|byte| byte.is_ascii_lowercase()) {
                self.mark_at(self.at + skip + end, MarkKind::Unclosed(Literal::Apostrophe));
                self.step(skip + line.len(), Before::Value);
                return true;
            }
            return false;
        }
        let below = self.text.get(self.at + skip + line.len()..).unwrap_or_default();
        let body = closing(below, close).and_then(|end| below.get(..end));
        let after = body.and_then(|body| below.get(body.len() + 1..)).unwrap_or_default();
        let likely = match body {
            None => false,
            Some(_) if quoted => after
                .trim_start_matches([' ', '\t', '\r'])
                .starts_with([',', ')', ']', '}', '.', '\n', ';', '#', '+', '%']),
            Some(_) if delimiter == b'/' => false,
            Some(body) => !body.contains([',', '\'', '"']) && !body.contains(": "),
        };
        if likely || delimiter == b'`' {
            return false;
        }
        self.mark(MarkKind::Unclosed(if quoted { Literal::String } else { Literal::List }));
        self.step(skip + line.len(), Before::Value);
        true
    }

    // ---- lines

    fn newline(&mut self) {
        let newline = self.at;
        self.at += 1;
        self.loop_head = false;
        if !self.pending.is_empty() {
            for opener in std::mem::take(&mut self.pending) {
                let Some(line) = self.terminator(&opener, self.at - 1) else { continue };
                let body = self.at..line.start.max(self.at);
                self.at = (line.end + 1).min(self.bytes.len());
                let Opener { at, raw, squiggly, .. } = opener;
                self.found.heredocs.push(Heredoc { opener: at, body, raw, squiggly });
            }
            // The last line break stays, in place of the first.
            let ends_line = self.bytes.get(self.at - 1) == Some(&b'\n');
            self.at -= usize::from(ends_line);
            self.found.blanks.push(newline..self.at);
            self.at += usize::from(ends_line);
        }
        self.line_start();
    }

    /// `=begin` and `__END__` count only at the start of a line of code.
    fn line_start(&mut self) {
        if !matches!(self.contexts.as_slice(), [Context::Code { .. }]) {
            return;
        }
        let rest = &self.bytes[self.at..];
        if rest.starts_with(b"=begin") && rest.get(6).is_none_or(u8::is_ascii_whitespace) {
            let length = match memchr::memmem::find(rest, b"\n=end") {
                Some(end) => end + 1 + memchr::memchr(b'\n', &rest[end + 1..]).unwrap_or(rest.len() - end - 1),
                None => rest.len(),
            };
            let comment = self.at..self.at + length;
            self.found.comments.push(comment.clone());
            self.found.blanks.push(comment);
            self.at += length;
        } else if rest.starts_with(b"__END__") && matches!(rest.get(7), None | Some(b'\n' | b'\r')) {
            self.found.end = self.at;
        }
    }

    /// The line that ends the heredoc, searched after the line break that follows `from`.
    fn terminator(&self, opener: &Opener, from: usize) -> Option<Range<usize>> {
        let id = &self.bytes[opener.id.clone()];
        let mut start = from + memchr::memchr(b'\n', &self.bytes[from..])? + 1;
        loop {
            let rest = self.bytes.get(start..)?;
            let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            let mut line = &rest[..end];
            line = line.strip_suffix(b"\r").unwrap_or(line);
            if opener.indented {
                line = line.trim_ascii_start();
            }
            if line == id {
                return Some(start..start + end);
            }
            if end == rest.len() {
                return None;
            }
            start += end + 1;
        }
    }
}

/// Where `close` stands in `text`, not counting escaped ones.
fn closing(text: &str, close: u8) -> Option<usize> {
    let mut escaped = false;
    text.bytes().position(|byte| {
        let found = !escaped && byte == close;
        escaped = !escaped && byte == b'\\';
        found
    })
}

/// The heredoc opener that stands at `at`, and its length.
fn opener(text: &str, at: usize) -> Option<(Opener, usize)> {
    let bytes = text.as_bytes();
    let mut next = at + 2;
    if bytes.get(at..next) != Some(b"<<") {
        return None;
    }
    let sigil = bytes.get(next).copied().filter(|byte| matches!(byte, b'~' | b'-'));
    next += usize::from(sigil.is_some());
    let quote = bytes.get(next).copied().filter(|byte| matches!(byte, b'"' | b'\''));
    let start = next + usize::from(quote.is_some());
    let end = match quote {
        Some(quote) => start + memchr::memchr2(quote, b'\n', bytes.get(start..)?)?,
        None => start + bytes.get(start..)?.iter().take_while(|byte| is_word(**byte)).count(),
    };
    let closed = quote.is_none_or(|quote| bytes.get(end) == Some(&quote));
    if end == start && quote.is_none() || !closed || bytes.get(start).is_some_and(u8::is_ascii_digit) && quote.is_none()
    {
        return None;
    }
    let length = end + usize::from(quote.is_some()) - at;
    let raw = quote == Some(b'\'');
    Some((Opener { at, id: start..end, raw, squiggly: sigil == Some(b'~'), indented: sigil.is_some() }, length))
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}
