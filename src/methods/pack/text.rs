//! The text encodings that pack knows: base64, quoted-printable, uuencode, hex and bits.

/// Base64, in lines of `line` bytes of input; 0 is one line without an end.
pub fn base64(bytes: &[u8], line: usize) -> String {
    use base64::Engine;
    let engine = base64::engine::general_purpose::STANDARD;
    if line == 0 {
        return engine.encode(bytes);
    }
    let mut out = String::with_capacity(bytes.len() * 3 / 2);
    for chunk in bytes.chunks(line) {
        engine.encode_string(chunk, &mut out);
        out.push('\n');
    }
    out
}

/// Base64 as mail reads it: what is no digit is skipped, padding may lack.
pub fn base64_lenient(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() * 3 / 4);
    let (mut bits, mut len) = (0_u32, 0);
    for byte in text {
        let digit = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' if len % 4 >= 2 => break,
            _ => continue,
        };
        bits = (bits << 6) | u32::from(digit);
        len += 1;
        if len % 4 == 0 {
            out.extend_from_slice(bits.to_be_bytes().get(1..).unwrap_or_default());
            bits = 0;
        }
    }
    match len % 4 {
        2 => out.push((bits >> 4) as u8),
        3 => out.extend_from_slice(&[(bits >> 10) as u8, (bits >> 2) as u8]),
        _ => {}
    }
    out
}

/// Base64 to the letter, without line ends and with its padding.
pub fn base64_strict(text: &[u8]) -> Option<Vec<u8>> {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.decode(text).ok()
}

/// Quoted-printable in lines of at most `width` characters.
pub fn quoted_printable(bytes: &[u8], width: usize) -> String {
    let mut out = String::with_capacity(bytes.len() + 2);
    let mut column = 0;
    let mut before = 0;
    for byte in bytes.iter().copied() {
        if byte > 126 || (byte < 32 && byte != b'\n' && byte != b'\t') || byte == b'=' {
            out.push('=');
            out.push_str(&hex::encode_upper([byte]));
            column += 3;
        } else if byte == b'\n' {
            if before == b' ' || before == b'\t' {
                out.push_str("=\n");
            }
            out.push('\n');
            column = 0;
        } else {
            out.push(char::from(byte));
            column += 1;
        }
        if column > width {
            out.push_str("=\n");
            column = 0;
        }
        before = byte;
    }
    if column > 0 {
        out.push_str("=\n");
    }
    out
}

pub fn quoted_printable_decode(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(byte) = text.get(at).copied() {
        at += 1;
        if byte != b'=' {
            out.push(byte);
            continue;
        }
        match text.get(at..).unwrap_or_default() {
            [b'\r', b'\n', ..] => at += 2,
            [b'\n', ..] => at += 1,
            [high, low, ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                out.push(hex_digit(*high) << 4 | hex_digit(*low));
                at += 2;
            }
            rest => {
                out.push(b'=');
                out.extend_from_slice(rest);
                break;
            }
        }
    }
    out
}

/// Uuencode, in lines of `line` bytes of input.
pub fn uuencode(bytes: &[u8], line: usize) -> String {
    let digit = |bits: u8| char::from(if bits == 0 { b'`' } else { bits + 32 });
    let mut out = String::new();
    for chunk in bytes.chunks(line.max(3)) {
        out.push(digit(chunk.len() as u8));
        for group in chunk.chunks(3) {
            let byte = |at: usize| group.get(at).copied().unwrap_or(0);
            out.push(digit(byte(0) >> 2));
            out.push(digit((byte(0) & 3) << 4 | byte(1) >> 4));
            out.push(digit((byte(1) & 15) << 2 | byte(2) >> 6));
            out.push(digit(byte(2) & 63));
        }
        out.push('\n');
    }
    out
}

pub fn uudecode(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let value = |byte: u8| byte.wrapping_sub(32) & 63;
    for line in text.split(|byte| *byte == b'\n') {
        let Some((first, digits)) = line.split_first() else { continue };
        let len = usize::from(value(*first));
        let start = out.len();
        for group in digits.chunks(4) {
            let digit = |at: usize| group.get(at).map_or(0, |byte| value(*byte));
            out.push(digit(0) << 2 | digit(1) >> 4);
            out.push(digit(1) << 4 | digit(2) >> 2);
            out.push(digit(2) << 6 | digit(3));
        }
        out.truncate(start + len.min(out.len() - start));
    }
    out
}

/// The value of a hexadecimal digit; letters beyond F count on, as pack has it.
pub const fn hex_digit(byte: u8) -> u8 {
    if byte.is_ascii_alphabetic() { (byte & 7).wrapping_add(9) & 15 } else { byte & 15 }
}

/// `count` hexadecimal digits as bytes; the high half comes first for `H`.
pub fn hex_pack(digits: &[u8], count: usize, high_first: bool) -> Vec<u8> {
    let digit = |at: usize| if at < count { digits.get(at).map_or(0, |byte| hex_digit(*byte)) } else { 0 };
    let join = |a: u8, b: u8| if high_first { a << 4 | b } else { b << 4 | a };
    (0..count.div_ceil(2)).map(|at| join(digit(at * 2), digit(at * 2 + 1))).collect()
}

pub fn hex_unpack(bytes: &[u8], count: usize, high_first: bool) -> String {
    let halves = bytes.iter().flat_map(|byte| {
        let (high, low) = (byte >> 4, byte & 15);
        if high_first { [high, low] } else { [low, high] }
    });
    halves.take(count).filter_map(|half| char::from_digit(u32::from(half), 16)).collect()
}

/// `count` binary digits as bytes; the highest bit comes first for `B`.
pub fn bit_pack(digits: &[u8], count: usize, high_first: bool) -> Vec<u8> {
    let bit = |at: usize| if at < count { digits.get(at).map_or(0, |byte| byte & 1) } else { 0 };
    let place = |at: usize| if high_first { 7 - at } else { at };
    (0..count.div_ceil(8)).map(|byte| (0..8).fold(0, |sum, at| sum | bit(byte * 8 + at) << place(at))).collect()
}

pub fn bit_unpack(bytes: &[u8], count: usize, high_first: bool) -> String {
    let bits = bytes.iter().flat_map(|byte| (0..8).map(move |at| byte >> if high_first { 7 - at } else { at } & 1));
    bits.take(count).map(|bit| if bit == 1 { '1' } else { '0' }).collect()
}
