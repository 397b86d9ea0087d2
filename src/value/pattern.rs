//! Ruby's regular expressions in the words of the engine: `\w \d \s` are ASCII, `(?a) (?u) (?d)` are understood, escapes
//! of characters beyond ASCII are written out.

use super::RegexpOptions;

/// A pattern ready for the engine.
pub(super) struct Pattern {
    pub bytes: Vec<u8>,
    /// Characters beyond ASCII stand in it, so it only fits text of its own encoding.
    pub beyond_ascii: bool,
}

/// What `\w`, `\d`, `\s`, `\b` and the POSIX brackets take for a letter.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Range {
    /// `(?d)`: `\w \d \s` are ASCII, the rest is Unicode.
    Default,
    /// `(?a)`
    Ascii,
    /// `(?u)`
    Unicode,
}

#[derive(Clone, Copy)]
struct State {
    ignore_case: bool,
    extended: bool,
    range: Range,
}

struct Rewriter<'a> {
    source: &'a [u8],
    at: usize,
    out: Vec<u8>,
    state: State,
    open: Vec<State>,
    binary: bool,
    beyond_ascii: bool,
}

/// What stood before in a class: a range needs a character on both sides.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    Char,
    /// A character and a dash.
    Dash,
    /// `\w` and its like.
    Set,
    Other,
}

impl Before {
    const fn then_char(self) -> Self {
        match self {
            Self::Dash => Self::Other,
            _ => Self::Char,
        }
    }
}

/// Classes in classes.
const DEPTH: usize = 1_000;

type Result<T = ()> = std::result::Result<T, &'static str>;

/// Rewrites `source`; the error is Ruby's sentence. `binary` keeps bytes above 7F as bytes.
pub(super) fn rewrite(source: &[u8], options: RegexpOptions, binary: bool) -> Result<Pattern> {
    let state = State { ignore_case: options.ignore_case, extended: options.extended, range: Range::Default };
    let out = Vec::with_capacity(source.len() + 16);
    let mut rewriter = Rewriter { source, at: 0, out, state, open: Vec::new(), binary, beyond_ascii: false };
    while let Some(byte) = rewriter.take() {
        rewriter.outside(byte)?;
    }
    Ok(Pattern { bytes: rewriter.out, beyond_ascii: rewriter.beyond_ascii })
}

impl Rewriter<'_> {
    fn take(&mut self) -> Option<u8> {
        let byte = self.source.get(self.at).copied();
        self.at += usize::from(byte.is_some());
        byte
    }

    fn rest(&self) -> &[u8] {
        self.source.get(self.at..).unwrap_or_default()
    }

    fn write(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }

    fn keep(&mut self, byte: u8) {
        self.beyond_ascii |= !byte.is_ascii();
        self.out.push(byte);
    }

    fn outside(&mut self, byte: u8) -> Result {
        match byte {
            b'\\' => self.escape(false)?,
            b'[' => self.class(0)?,
            b'(' => {
                self.open.push(self.state);
                self.group()?;
            }
            b')' => {
                self.state = self.open.pop().unwrap_or(self.state);
                self.out.push(byte);
            }
            b'#' if self.state.extended => {
                // Dropped, so that what it says is not taken for a pattern.
                while self.rest().first().is_some_and(|byte| *byte != b'\n') {
                    self.at += 1;
                }
            }
            other => self.keep(other),
        }
        Ok(())
    }

    /// After `(`: comments are copied, options are read.
    fn group(&mut self) -> Result {
        self.out.push(b'(');
        if self.rest().starts_with(b"?#") {
            while let Some(byte) = self.take() {
                self.keep(byte);
                match byte {
                    b'\\' => {
                        if let Some(next) = self.take() {
                            self.keep(next);
                        }
                    }
                    b')' => break,
                    _ => {}
                }
            }
            self.open.pop();
            return Ok(());
        }
        let Some(letters) = self.rest().strip_prefix(b"?") else { return Ok(()) };
        let len = letters.iter().take_while(|byte| b"imxadu-".contains(byte)).count();
        let end = letters.get(len).copied();
        let letters = letters.get(..len).unwrap_or_default().to_vec();
        if end.is_none() {
            return Err("end pattern in group");
        }
        if letters.is_empty() || !matches!(end, Some(b')' | b':')) {
            return Ok(());
        }
        self.at += 1 + len;
        self.options(&letters);
        if end == Some(b')') {
            // Holds to the end of the group around it.
            self.at += 1;
            self.open.pop();
            self.out.push(b')');
        }
        Ok(())
    }

    /// Applies option letters and writes those that the engine knows.
    fn options(&mut self, letters: &[u8]) {
        let (mut on, mut known) = (true, Vec::new());
        for letter in letters {
            match letter {
                b'-' => on = false,
                b'a' => self.state.range = Range::Ascii,
                b'u' => self.state.range = Range::Unicode,
                b'd' => self.state.range = Range::Default,
                b'i' => self.state.ignore_case = on,
                b'x' => self.state.extended = on,
                _ => {}
            }
            if b"imx-".contains(letter) {
                known.push(*letter);
            }
        }
        if known.iter().all(|letter| *letter == b'-') {
            // Nothing left to say, but the alternatives after it must stay grouped.
            known = if self.state.ignore_case { b"i".to_vec() } else { b"-i".to_vec() };
        }
        self.out.push(b'?');
        self.out.extend_from_slice(&known);
    }

    /// After `[`, up to its `]`; brackets nest.
    fn class(&mut self, depth: usize) -> Result {
        if depth > DEPTH {
            return Err("too deep nest level");
        }
        self.out.push(b'[');
        if self.rest().first() == Some(&b'^') {
            self.at += 1;
            self.out.push(b'^');
        }
        if let Some((b']', rest)) = self.rest().split_first() {
            if !rest.contains(&b']') {
                return Err("empty char-class");
            }
            self.at += 1;
            self.write("\\]");
        }
        let mut before = Before::Other;
        while let Some(byte) = self.take() {
            before = match byte {
                b']' => {
                    self.out.push(byte);
                    return Ok(());
                }
                b'[' => {
                    if self.rest().first() != Some(&b':') || !self.posix() {
                        self.class(depth + 1)?;
                    }
                    Before::Other
                }
                b'\\' => {
                    let is_set = matches!(self.rest().first(), Some(b'w' | b'W' | b'd' | b'D' | b's' | b'S'));
                    if is_set && before == Before::Dash {
                        return Err("char-class value at end of range");
                    }
                    self.escape(true)?;
                    if is_set { Before::Set } else { before.then_char() }
                }
                b'-' if before == Before::Set && !matches!(self.rest().first(), None | Some(b']' | b'[' | b'&')) => {
                    return Err("unmatched range specifier in char-class");
                }
                b'-' => {
                    self.out.push(byte);
                    if before == Before::Char { Before::Dash } else { before.then_char() }
                }
                other => {
                    self.keep(other);
                    before.then_char()
                }
            };
        }
        Err("premature end of char-class")
    }

    /// `[:name:]` inside a class; false if it is not one.
    fn posix(&mut self) -> bool {
        let rest = self.rest();
        let Some(end) = rest
            .get(..rest.len().min(24))
            .unwrap_or_default()
            .windows(2)
            .position(|pair| pair == b":]")
            .filter(|end| *end > 0)
        else {
            return false;
        };
        let name = rest.get(1..end).unwrap_or_default();
        if !name.iter().all(|byte| byte.is_ascii_alphabetic() || *byte == b'^') {
            return false;
        }
        let name = String::from_utf8_lossy(name).into_owned();
        self.at += end + 2;
        if self.state.range == Range::Ascii {
            let (not, name) = name.strip_prefix('^').map_or(("", &*name), |name| ("^", name));
            self.write(&format!("[{not}[:{name}:]&&[\\x00-\\x7f]]"));
        } else {
            self.write(&format!("[:{name}:]"));
        }
        true
    }

    /// After a backslash.
    fn escape(&mut self, in_class: bool) -> Result {
        let Some(byte) = self.take() else { return Err("too short escape sequence") };
        match byte {
            b'w' | b'W' | b'd' | b'D' | b's' | b'S' if self.state.range != Range::Unicode => {
                self.shorthand(byte, in_class);
            }
            b'b' | b'B' if !in_class && self.state.range == Range::Ascii => {
                let (a, b) = if byte == b'b' { ("(?!", "(?=") } else { ("(?=", "(?!") };
                self.write(&format!("(?:(?<=[a-zA-Z0-9_]){a}[a-zA-Z0-9_])|(?<![a-zA-Z0-9_]){b}[a-zA-Z0-9_]))"));
            }
            b'u' => self.unicode_escape()?,
            b'x' => {
                let byte = self.hex_byte()?;
                self.byte_escape(byte)?;
            }
            b'c' | b'C' | b'M' => {
                self.at -= 1;
                let byte = self.control(0)?;
                self.byte_escape(byte)?;
            }
            b'0'..=b'7' if byte == b'0' || in_class => {
                let byte = self.octal(byte);
                self.byte_escape(byte)?;
            }
            other => {
                self.out.push(b'\\');
                self.keep(other);
            }
        }
        Ok(())
    }

    fn shorthand(&mut self, letter: u8, in_class: bool) {
        let (set, not) = match letter.to_ascii_lowercase() {
            b'w' => ("a-zA-Z0-9_", letter == b'W'),
            b'd' => ("0-9", letter == b'D'),
            _ => ("\\x09-\\x0d\\x20", letter == b'S'),
        };
        let not = if not { "^" } else { "" };
        if self.state.ignore_case && set.contains('z') && !in_class {
            // Folding would let in letters that are not ASCII.
            self.write(&format!("(?-i:[{not}{set}])"));
        } else {
            self.write(&format!("[{not}{set}]"));
        }
    }

    /// `\uHHHH`, `\u{H… H…}`: the characters themselves.
    fn unicode_escape(&mut self) -> Result {
        if self.rest().first() != Some(&b'{') {
            let code = self.hex(4, 4).ok_or("invalid Unicode escape")?;
            return self.code_point(code);
        }
        self.at += 1;
        let mut any = false;
        loop {
            while self.rest().first().is_some_and(u8::is_ascii_whitespace) {
                self.at += 1;
            }
            if self.rest().first() == Some(&b'}') {
                self.at += 1;
                return if any { Ok(()) } else { Err("invalid Unicode list") };
            }
            let code = self.hex(1, 6).ok_or("invalid Unicode list")?;
            self.code_point(code)?;
            any = true;
        }
    }

    fn code_point(&mut self, code: u32) -> Result {
        match char::from_u32(code) {
            Some(c) if c.is_ascii() => self.write(&format!("\\x{:02X}", c as u32)),
            Some(c) => {
                self.beyond_ascii = true;
                self.write(c.encode_utf8(&mut [0; 4]));
            }
            None => return Err("invalid Unicode range"),
        }
        Ok(())
    }

    fn hex(&mut self, least: usize, most: usize) -> Option<u32> {
        let len = self.rest().iter().take(most).take_while(|byte| byte.is_ascii_hexdigit()).count();
        if len < least {
            return None;
        }
        let digits = self.rest().get(..len)?;
        let value = u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok();
        self.at += len;
        value
    }

    fn hex_byte(&mut self) -> Result<u8> {
        self.hex(1, 2).map(|code| code as u8).ok_or("invalid hex escape")
    }

    fn octal(&mut self, first: u8) -> u8 {
        let mut value = u32::from(first - b'0');
        for _ in 0..2 {
            let Some(digit @ b'0'..=b'7') = self.rest().first().copied() else { break };
            value = value * 8 + u32::from(digit - b'0');
            self.at += 1;
        }
        value as u8
    }

    /// From `c`, `C-` or `M-` on: a control or meta character.
    fn control(&mut self, depth: usize) -> Result<u8> {
        if depth > 2 {
            return Err("duplicate ctrl escape");
        }
        let short =
            if self.rest().first() == Some(&b'M') { "too short meta escape" } else { "too short control escape" };
        let is_meta = match self.take() {
            Some(b'c') => false,
            Some(letter) => {
                if self.take() != Some(b'-') {
                    return Err(short);
                }
                letter == b'M'
            }
            None => return Err(short),
        };
        let base = match self.take().ok_or(short)? {
            b'\\' => match self.rest().first() {
                Some(b'c' | b'C' | b'M') => self.control(depth + 1)?,
                Some(b'x') => {
                    self.at += 1;
                    self.hex_byte()?
                }
                _ => self.take().ok_or(short)?,
            },
            other => other,
        };
        Ok(match (is_meta, base) {
            (true, byte) => byte | 0x80,
            (false, b'?') => 0x7f,
            (false, byte) => byte & 0x9f,
        })
    }

    /// A byte given by its number. Above 7F it is part of a character, whose other bytes must follow.
    fn byte_escape(&mut self, byte: u8) -> Result {
        if byte.is_ascii() {
            self.write(&format!("\\x{byte:02X}"));
            return Ok(());
        }
        self.beyond_ascii = true;
        if self.binary {
            self.write(&format!("\\x{byte:02X}"));
            return Ok(());
        }
        let mut bytes = vec![byte];
        while std::str::from_utf8(&bytes).is_err() {
            if bytes.len() == 4 || super::encoding::utf8_lead_len(byte) <= bytes.len() {
                return Err("invalid multibyte escape");
            }
            if self.rest().starts_with(b"\\x") {
                self.at += 2;
                bytes.push(self.hex_byte()?);
            } else if let Some([b'\\', first @ b'2'..=b'3']) = self.rest().first_chunk() {
                let first = *first;
                self.at += 2;
                bytes.push(self.octal(first));
            } else {
                return Err("too short escaped multibyte character");
            }
        }
        self.out.extend_from_slice(&bytes);
        Ok(())
    }
}
