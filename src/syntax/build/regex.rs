//! Regular expression literals. Their escapes are left to the engine.

use super::super::ast::{ExprKind, Regex};
use super::super::grammar::Rule;
use super::strings::Pieces;
use super::{Builder, Cursor, Node};
use crate::text::Name;

/// Characters that mean something to the engine, so that their backslash stays even before the delimiter.
const META: &[u8] = b"$*+.?^|)]}>([{<";

impl Builder<'_> {
    /// `/…/imxo`.
    pub fn regex(&mut self, node: Node<'_>) -> ExprKind {
        self.pattern_text(node, b'/')
    }

    /// `%r{…}imxo`.
    pub fn percent_regex(&mut self, node: Node<'_>) -> ExprKind {
        let delimiter = node.as_str().as_bytes().get(2).copied().unwrap_or_default();
        self.pattern_text(node, delimiter)
    }

    fn pattern_text(&mut self, node: Node<'_>, delimiter: u8) -> ExprKind {
        let mut pieces = Pieces::default();
        let mut regex = Regex {
            pieces: Vec::new(),
            ignore_case: false,
            multi_line: false,
            extended: false,
            no_encoding: false,
            once: false,
        };
        let mut c = Cursor::new(node);
        while let Some(part) = c.next() {
            match part.as_rule() {
                Rule::interpolation => self.interpolation(part, &mut pieces),
                Rule::regex_flags => self.regex_flags(&part, &mut regex),
                _ => keep_escapes(part.as_str(), delimiter, pieces.text()),
            }
        }
        regex.pieces = pieces.finish();
        self.declare_groups(&regex, &c);
        ExprKind::Regex(Box::new(regex))
    }

    fn regex_flags(&mut self, node: &Node<'_>, regex: &mut Regex) {
        for flag in node.as_str().chars() {
            match flag {
                'i' => regex.ignore_case = true,
                'm' => regex.multi_line = true,
                'x' => regex.extended = true,
                'o' => regex.once = true,
                'n' => regex.no_encoding = true,
                'u' | 'e' | 's' => {}
                other => {
                    let span = self.span(node);
                    self.error(
                        "syntax::bad-regex-flag",
                        span,
                        format!("`{other}` is not a regular expression flag"),
                        "the flags are `i` (ignore case), `m` (dot matches line breaks), `x` (extended) and `o` (once)",
                    );
                }
            }
        }
    }

    /// `/(?<year>\d+)/ =~ text` sets the local variable `year`.
    fn declare_groups(&mut self, regex: &Regex, c: &Cursor<'_>) {
        use super::super::ast::Piece;
        let rest = c.input.get(c.close..).unwrap_or_default();
        if !rest.trim_start_matches([' ', '\t']).starts_with("=~") {
            return;
        }
        let [Piece::Text(text)] = regex.pieces.as_slice() else { return };
        let text = String::from_utf8_lossy(text);
        for group in text.split("(?<").skip(1) {
            let Some((name, _)) = group.split_once('>') else { continue };
            let local = name.starts_with(|c: char| c.is_lowercase() || c == '_')
                && name.chars().all(|c| c.is_alphanumeric() || c == '_');
            if local {
                self.scopes.declare(Name::new(name));
            }
        }
    }
}

/// The pattern as the engine reads it: an escaped delimiter is the delimiter, every other escape stays.
fn keep_escapes(text: &str, delimiter: u8, out: &mut Vec<u8>) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match (byte, bytes.get(at + 1)) {
            (b'\\', Some(next)) if *next == delimiter && !META.contains(next) => {
                out.push(*next);
                at += 2;
            }
            (b'\\', Some(b'\n')) => at += 2,
            (b'\\', Some(next)) => {
                out.extend([b'\\', *next]);
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
