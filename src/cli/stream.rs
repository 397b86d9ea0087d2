//! A whole stream on its way to the output: whatever its size, one chunk of it is in memory.

use super::args::Binary;
use super::failure::Failure;
use super::out::{Sink, Target};
use crate::value::json::hex_preview_of;
use crate::value::{ClassId, Result, StrClass, Value, raise};
use std::io::{self, Read, Seek, Write};
use tempfile::SpooledTempFile;

/// What is kept in memory of a stream that is to become JSON; more goes into a temporary file.
const IN_MEMORY: usize = 8 << 20;
/// Bytes that are read from there at a time.
const PIECE: usize = 64 << 10;

/// Takes the chunks of a stream. `--binary raw` writes them as they come; JSON can be written when all of them are
/// known, for one byte at the end decides whether they are a text.
pub struct Pour<'a> {
    target: &'a Target,
    binary: Binary,
    to: To,
    failed: Option<io::Error>,
}

enum To {
    Raw(Sink),
    Json(Kept),
}

impl<'a> Pour<'a> {
    pub fn new(target: &'a Target, binary: Binary) -> std::result::Result<Self, Failure> {
        let to = if binary == Binary::Raw { To::Raw(target.open()?) } else { To::Json(Kept::default()) };
        Ok(Self { target, binary, to, failed: None })
    }

    /// Takes one chunk. What cannot be written ends the run; `check` has the reason.
    pub fn take(&mut self, chunk: &Value) -> Result<()> {
        let text = match chunk {
            Value::Nil => return Ok(()),
            Value::Str(text) => text,
            other => {
                let message = format!("a stream has to give text or bytes, got {}", other.class().name());
                return Err(raise(ClassId::TYPE_ERROR, message));
            }
        };
        let written = match &mut self.to {
            To::Raw(sink) => sink.write_all(&text.bytes()),
            To::Json(kept) => kept.add(&text.bytes(), text.class() == StrClass::Binary),
        };
        written.map_err(|error| {
            self.failed = Some(error);
            raise(ClassId::IO_ERROR, "the output cannot be written")
        })
    }

    /// Whether the reader of the output has gone away (`| head`), which is no failure. Errors: it cannot be written.
    pub fn is_closed(&mut self) -> std::result::Result<bool, Failure> {
        match self.failed.take() {
            None => Ok(false),
            Some(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(true),
            Some(error) => Err(self.target.failure(&error)),
        }
    }

    /// Writes what has not been written yet.
    pub fn finish(self) -> std::result::Result<(), Failure> {
        match self.to {
            To::Raw(sink) => sink.finish(),
            To::Json(kept) => {
                let mut sink = self.target.open()?;
                match kept.write_json(self.binary, &mut sink) {
                    Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
                    Err(error) => Err(self.target.failure(&error)),
                    Ok(()) => sink.finish(),
                }
            }
        }
    }
}

/// The bytes so far, and whether they are a text so far.
struct Kept {
    bytes: SpooledTempFile,
    length: u64,
    /// No chunk at all is `null`, an empty one is an empty text.
    any: bool,
    binary: bool,
    /// The beginning of a character whose end is in the next chunk.
    cut: Vec<u8>,
}

impl Default for Kept {
    fn default() -> Self {
        let bytes = SpooledTempFile::new(IN_MEMORY);
        Self { bytes, length: 0, any: false, binary: false, cut: Vec::new() }
    }
}

impl Kept {
    fn add(&mut self, chunk: &[u8], binary: bool) -> io::Result<()> {
        self.any = true;
        self.length += chunk.len() as u64;
        self.binary |= binary || !text_so_far(&mut self.cut, chunk);
        self.bytes.write_all(chunk)
    }

    fn write_json(mut self, binary: Binary, out: &mut impl Write) -> io::Result<()> {
        self.bytes.rewind()?;
        if !self.any {
            return out.write_all(b"null\n");
        }
        out.write_all(b"\"")?;
        if !self.binary && self.cut.is_empty() {
            self.write_text(out)?;
        } else if binary == Binary::Base64 {
            let standard = &base64::engine::general_purpose::STANDARD;
            let mut encoder = base64::write::EncoderWriter::new(&mut *out, standard);
            io::copy(&mut self.bytes, &mut encoder)?;
            encoder.finish()?;
        } else {
            let mut first = Vec::new();
            self.bytes.take(PIECE as u64).read_to_end(&mut first)?;
            out.write_all(hex_preview_of(&first, self.length).as_bytes())?;
        }
        out.write_all(b"\"\n")
    }

    fn write_text(&mut self, out: &mut impl Write) -> io::Result<()> {
        let mut piece = Vec::with_capacity(PIECE);
        loop {
            let read = Read::by_ref(&mut self.bytes).take((PIECE - piece.len()) as u64).read_to_end(&mut piece)?;
            if read == 0 {
                return Ok(());
            }
            let whole = match std::str::from_utf8(&piece) {
                Ok(_) => piece.len(),
                Err(error) => error.valid_up_to(),
            };
            let text = String::from_utf8_lossy(&piece[..whole]);
            let quoted = serde_json::to_string(&text)?;
            out.write_all(quoted.trim_start_matches('"').as_bytes().split_last().map_or(&[], |(_, text)| text))?;
            piece.drain(..whole);
        }
    }
}

/// Whether a chunk goes on with a text. `cut` is the unfinished character that it begins with, then the one that it
/// ends with.
fn text_so_far(cut: &mut Vec<u8>, chunk: &[u8]) -> bool {
    let mut rest = chunk;
    while !cut.is_empty() {
        let Some((next, more)) = rest.split_first() else { return true };
        cut.push(*next);
        rest = more;
        match std::str::from_utf8(cut) {
            Ok(_) => cut.clear(),
            Err(error) if error.error_len().is_some() => return false,
            Err(_) => {}
        }
    }
    match std::str::from_utf8(rest) {
        Ok(_) => true,
        Err(error) if error.error_len().is_some() => false,
        Err(error) => {
            cut.extend_from_slice(&rest[error.valid_up_to()..]);
            true
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(chunks: &[&[u8]], binary: Binary) -> String {
        let mut kept = Kept::default();
        chunks.iter().for_each(|chunk| kept.add(chunk, false).unwrap());
        let mut out = Vec::new();
        kept.write_json(binary, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_text_stays_one_wherever_it_is_cut() {
        let text = "a\"é\u{1}\n漢字🦀\\";
        for at in 0..text.len() {
            for to in at..text.len() {
                let chunks = [&text.as_bytes()[..at], &text.as_bytes()[at..to], &text.as_bytes()[to..]];
                let expected = serde_json::to_string(text).unwrap() + "\n";
                assert_eq!(json(&chunks, Binary::Hex), expected, "{at} {to}");
            }
        }
        let long = "\"é".repeat(PIECE);
        assert_eq!(json(&[long.as_bytes()], Binary::Hex), serde_json::to_string(&long).unwrap() + "\n");
    }

    #[test]
    fn one_byte_makes_it_binary() {
        for (chunks, hex, base64) in [
            (vec![], "null\n", "null\n"),
            (vec![&b""[..]], "\"\"\n", "\"\"\n"),
            (vec![b"ab", b"\xff"], "\"0x6162ff\"\n", "\"YWL/\"\n"),
            (vec![b"\xc3", b"("], "\"0xc328\"\n", "\"wyg=\"\n"),
            (vec![b"ab\xe2\x82"], "\"0x6162e282\"\n", "\"YWLigg==\"\n"),
        ] {
            assert_eq!(
                (json(&chunks, Binary::Hex), json(&chunks, Binary::Base64)),
                (hex.to_owned(), base64.to_owned())
            );
        }
        let many = [0xff; 200];
        assert!(json(&[&many], Binary::Hex).ends_with("ff…(72 bytes more)\"\n"));
    }
}
