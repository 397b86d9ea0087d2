//! What backslashes mean, in every kind of literal.

/// Undoes the escapes of a double-quoted text and adds the result to `out`. Says what is wrong with a bad one, and where.
pub fn unescape(text: &str, out: &mut Vec<u8>) -> Result<(), (usize, &'static str)> {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(step) = memchr::memchr2(b'\\', b'\r', &bytes[at..]) {
        out.extend_from_slice(&bytes[at..at + step]);
        at += step;
        if bytes[at] == b'\r' {
            // A line break is `\n` whatever the file uses.
            if bytes.get(at + 1) != Some(&b'\n') {
                out.push(b'\r');
            }
            at += 1;
            continue;
        }
        let mut reader = Reader { text, at: at + 1 };
        reader.escape(out).map_err(|message| (at, message))?;
        at = reader.at;
    }
    out.extend_from_slice(&bytes[at..]);
    Ok(())
}

/// Undoes `\\` and the escapes of the bytes in `special` in a single-quoted text; every other backslash stays.
pub fn unescape_raw(text: &str, special: &[u8], out: &mut Vec<u8>) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let next = bytes.get(at + 1).copied();
        match (byte, next) {
            (b'\\', Some(next)) if next == b'\\' || special.contains(&next) => {
                out.push(next);
                at += 2;
            }
            (b'\r', Some(b'\n')) => at += 1,
            _ => {
                out.push(*byte);
                at += 1;
            }
        }
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn byte(&mut self) -> Option<u8> {
        let byte = self.text.as_bytes().get(self.at).copied();
        self.at += usize::from(byte.is_some());
        byte
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// What stands after a backslash.
    fn escape(&mut self, out: &mut Vec<u8>) -> Result<(), &'static str> {
        match self.peek() {
            Some(b'u') => {
                self.at += 1;
                self.unicode(out)
            }
            Some(b'\n') => {
                self.at += 1;
                Ok(())
            }
            Some(b'\r') if self.text.as_bytes().get(self.at + 1) == Some(&b'\n') => {
                self.at += 2;
                Ok(())
            }
            Some(byte) if byte.is_ascii() => {
                let byte = self.single_byte()?;
                out.push(byte);
                Ok(())
            }
            Some(_) => {
                let rest = self.text.get(self.at..).unwrap_or_default();
                let length = rest.chars().next().map_or(0, char::len_utf8);
                out.extend_from_slice(&rest.as_bytes()[..length]);
                self.at += length;
                Ok(())
            }
            None => Err("a backslash ends this text"),
        }
    }

    /// An escape that stands for one byte.
    fn single_byte(&mut self) -> Result<u8, &'static str> {
        let byte = self.byte().ok_or("a backslash ends this text")?;
        Ok(match byte {
            b'n' => b'\n',
            b't' => b'\t',
            b'r' => b'\r',
            b'a' => 7,
            b'b' => 8,
            b'e' => 27,
            b'f' => 12,
            b'v' => 11,
            b's' => b' ',
            b'0'..=b'7' => self.digits(8, 2, u32::from(byte - b'0')) as u8,
            b'x' => {
                let start = self.at;
                let value = self.digits(16, 2, 0);
                if self.at == start {
                    return Err("`\\x` needs one or two hexadecimal digits");
                }
                value as u8
            }
            b'c' => self.control()?,
            b'C' | b'M' => {
                if self.byte() != Some(b'-') {
                    return Err("this escape needs a `-`: `\\C-a`, `\\M-a`");
                }
                if byte == b'C' { self.control()? } else { self.inner()? | 0x80 }
            }
            other => other,
        })
    }

    fn control(&mut self) -> Result<u8, &'static str> {
        let byte = self.inner()?;
        Ok(if byte == b'?' { 0x7F } else { byte & 0x9F })
    }

    fn inner(&mut self) -> Result<u8, &'static str> {
        match self.byte() {
            Some(b'\\') => self.single_byte(),
            Some(byte) => Ok(byte),
            None => Err("this escape has no character"),
        }
    }

    fn digits(&mut self, radix: u32, most: usize, start: u32) -> u32 {
        let mut value = start;
        for _ in 0..most {
            match self.peek().and_then(|byte| char::from(byte).to_digit(radix)) {
                Some(digit) => {
                    value = value * radix + digit;
                    self.at += 1;
                }
                None => break,
            }
        }
        value
    }

    fn unicode(&mut self, out: &mut Vec<u8>) -> Result<(), &'static str> {
        if self.peek() != Some(b'{') {
            let start = self.at;
            let value = self.digits(16, 4, 0);
            if self.at - start != 4 {
                return Err("`\\u` needs four hexadecimal digits, or some in braces");
            }
            return push_char(value, out);
        }
        let rest = self.text.get(self.at + 1..).unwrap_or_default();
        let length = rest.find('}').ok_or("this `\\u{` is never closed")?;
        self.at += length + 2;
        let mut any = false;
        for code in rest[..length].split_ascii_whitespace() {
            any = true;
            let value = u32::from_str_radix(code, 16).map_err(|_| "`\\u{…}` holds hexadecimal digits")?;
            push_char(value, out)?;
        }
        if any { Ok(()) } else { Err("`\\u{}` is empty") }
    }
}

fn push_char(value: u32, out: &mut Vec<u8>) -> Result<(), &'static str> {
    let letter = char::from_u32(value).ok_or("there is no such Unicode character")?;
    out.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
    Ok(())
}
