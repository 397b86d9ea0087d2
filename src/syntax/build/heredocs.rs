//! Heredocs: the opener stands in the code, its lines were set aside by `prepare`.

use super::super::grammar::Rule;
use super::super::prepare::Heredoc;
use super::strings::Pieces;
use super::{Builder, Cursor, Node};
use crate::text::Span;

/// A stretch of a heredoc's lines before escapes are undone.
enum Part<'i> {
    Text { start: usize, text: &'i str },
    Code(Node<'i>),
}

impl Builder<'_> {
    pub fn heredoc(&mut self, opener: &Node<'_>, pieces: &mut Pieces) {
        let start = opener.as_span().start();
        let found = self.heredocs.iter().find(|heredoc| heredoc.opener == start).cloned();
        let Some(heredoc) = found else {
            self.unclosed_heredoc(opener);
            return;
        };
        let base = self.base as usize + heredoc.body.start;
        let text = self.text().get(base..self.base as usize + heredoc.body.end).unwrap_or_default();
        if heredoc.raw {
            raw(text, &heredoc, pieces.text());
        } else {
            self.cooked_heredoc(text, base, &heredoc, pieces);
        }
    }

    fn unclosed_heredoc(&mut self, opener: &Node<'_>) {
        let span = self.span(opener);
        let id = opener.as_str().trim_start_matches(['<', '~', '-']).trim_matches(['"', '\'']);
        let indented = self.source.text().lines().any(|line| line != id && line.trim() == id);
        let help = if indented {
            format!("the `{id}` below is indented: write `<<~{id}`")
        } else {
            format!("end it with a line that holds only `{id}`")
        };
        self.error(
            "syntax::unclosed-heredoc",
            span,
            format!("the heredoc `{}` is never closed", opener.as_str()),
            &help,
        );
    }

    /// The lines are read by the grammar like a text of their own, with their own heredocs inside interpolations.
    fn cooked_heredoc(&mut self, text: &str, base: usize, heredoc: &Heredoc, pieces: &mut Pieces) {
        let prepared = super::super::prepare::nested(text);
        let node = match super::super::parse_rule(Rule::heredoc_text, &prepared.text) {
            Ok(node) => node,
            Err(failure) => {
                let at = Span::at(self.at(heredoc.body.start + failure.offset));
                self.error(
                    "syntax::bad-interpolation",
                    at,
                    "the code in this heredoc cannot be read",
                    "check its `#{…}`",
                );
                return;
            }
        };
        let outer_base = std::mem::replace(&mut self.base, base as u32);
        let outer = std::mem::replace(&mut self.heredocs, prepared.heredocs);
        let mut parts = Vec::new();
        let mut c = Cursor::new(node);
        while let Some(part) = c.next() {
            match part.as_rule() {
                Rule::interpolation => parts.push(Part::Code(part)),
                Rule::EOI => {}
                _ => {
                    // The text itself, not the copy in which nested heredocs were set aside.
                    let range = part.as_span().start()..part.as_span().end();
                    let text = text.get(range.clone()).unwrap_or_default();
                    parts.push(Part::Text { start: range.start, text });
                }
            }
        }
        let margin = if heredoc.squiggly { margin(&parts) } else { 0 };
        let mut at_line_start = true;
        for part in parts {
            match part {
                Part::Code(node) => {
                    at_line_start = false;
                    self.interpolation(node, pieces);
                }
                Part::Text { start, text } => {
                    for line in text.split_inclusive('\n') {
                        let offset = start + (line.as_ptr() as usize - text.as_ptr() as usize);
                        let cut = if at_line_start { indentation(line, margin) } else { 0 };
                        self.cooked(&line[cut..], offset + cut, pieces);
                        at_line_start = line.ends_with('\n');
                    }
                }
            }
        }
        self.base = outer_base;
        self.heredocs = outer;
    }
}

fn raw(text: &str, heredoc: &Heredoc, out: &mut Vec<u8>) {
    let margin = if heredoc.squiggly { margin(&[Part::Text { start: 0, text }]) } else { 0 };
    for line in text.split_inclusive('\n') {
        let line = &line[indentation(line, margin)..];
        match line.strip_suffix("\r\n") {
            Some(line) => {
                out.extend_from_slice(line.as_bytes());
                out.push(b'\n');
            }
            None => out.extend_from_slice(line.as_bytes()),
        }
    }
}

/// The indentation that all lines share, in columns; lines of blanks alone do not count, a tab reaches the next multiple of 8.
fn margin(parts: &[Part<'_>]) -> usize {
    let mut least: Option<usize> = None;
    let mut at_line_start = true;
    for (number, part) in parts.iter().enumerate() {
        let Part::Text { text, .. } = part else {
            if at_line_start {
                least = Some(0);
            }
            at_line_start = false;
            continue;
        };
        for line in text.split_inclusive('\n') {
            if at_line_start {
                let blank = line.trim_start_matches([' ', '\t']);
                let code_follows = blank.is_empty() && matches!(parts.get(number + 1), Some(Part::Code(_)));
                if !matches!(blank, "" | "\n" | "\r\n") || code_follows {
                    let columns = line[..line.len() - blank.len()].bytes().fold(0, next_column);
                    least = Some(least.map_or(columns, |least| least.min(columns)));
                }
            }
            at_line_start = line.ends_with('\n');
        }
        if !text.is_empty() && !text.ends_with('\n') {
            at_line_start = false;
        }
    }
    least.unwrap_or(0)
}

fn next_column(column: usize, blank: u8) -> usize {
    if blank == b'\t' { (column / 8 + 1) * 8 } else { column + 1 }
}

/// How many bytes at the start of `line` are indentation of at most `margin` columns.
fn indentation(line: &str, margin: usize) -> usize {
    let mut column = 0;
    for (at, byte) in line.bytes().enumerate() {
        if !matches!(byte, b' ' | b'\t') || next_column(column, byte) > margin {
            return at;
        }
        column = next_column(column, byte);
    }
    line.len()
}
