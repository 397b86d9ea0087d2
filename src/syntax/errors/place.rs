//! The last resort: what stands where the grammar stopped, in words.

use crate::diagnostic::Diagnostic;
use crate::text::{Source, Span};

/// Says what cannot stand at `offset`.
pub fn unexpected(source: &Source, offset: usize) -> Diagnostic {
    let text = source.text();
    // Nobody sees a blank: what is wrong is what stands before or behind it.
    let blanks = text.get(offset..).unwrap_or_default().bytes().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let lone = text.get(..offset).is_some_and(|before| before.ends_with([':', '&', '.', '@', '$']));
    let offset = if blanks > 0 && lone { offset - 1 } else { offset + blanks };
    let rest = text.get(offset..).unwrap_or_default();
    let token = token(rest);
    let lo = offset as u32;
    let span = Span::new(lo, lo + token.len() as u32);
    let before = text.get(..offset).unwrap_or_default();
    let same_line = before.trim_end_matches([' ', '\t']);
    let after_value =
        same_line.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | ')' | ']' | '}' | '\'' | '"'));
    let value =
        token.starts_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '\'' | '"' | '{' | '[' | ':' | '@'));
    if rest.trim_start().is_empty() {
        return Diagnostic::error("syntax::unexpected-end", "the text ends in the middle of an expression")
            .within(source)
            .label(Span::at(lo), "more is expected here")
            .help("complete it");
    }
    if token.starts_with('\n') {
        let at = same_line.len() as u32;
        return Diagnostic::error("syntax::unexpected-line-end", "the line ends where more is expected")
            .within(source)
            .label(Span::at(at), "something is missing here")
            .help("complete the line");
    }
    if after_value && value && !is_keyword(token) {
        let at = same_line.len() as u32;
        return Diagnostic::error("syntax::missing-comma", format!("missing `,` or operator before `{token}`"))
            .within(source)
            .label(Span::at(at), "something is missing here")
            .help("separate the two with `,`, or put an operator between them");
    }
    let (message, help) = describe(token);
    Diagnostic::error("syntax::unexpected", message).within(source).label(span, "here").help(help)
}

fn is_keyword(token: &str) -> bool {
    PHRASES.iter().any(|(word, ..)| *word == token)
}

/// What people see, what it may mean, what to do.
const PHRASES: [(&str, &str, &str); 21] = [
    (")", "unexpected `)`", "something before it is incomplete, or a `(` is missing"),
    ("]", "unexpected `]`", "something before it is incomplete, or a `[` is missing"),
    ("}", "unexpected `}`", "something before it is incomplete, or a `{` is missing"),
    ("end", "unexpected `end`", "something before it is incomplete, or nothing is open that it could close"),
    ("else", "unexpected `else`", "it belongs into an `if`, `unless` or `case`"),
    ("elsif", "unexpected `elsif`", "it belongs into an `if`; `unless` has none"),
    ("when", "unexpected `when`", "it belongs into a `case`"),
    ("in", "unexpected `in`", "it belongs into a `case` or a `for`; a match inside a call needs parentheses"),
    ("then", "unexpected `then`", "it belongs after a condition"),
    ("do", "unexpected `do`", "no call stands here that could take a block"),
    ("rescue", "unexpected `rescue`", "it belongs into a `begin`, a `def` or a `do` block, not into braces"),
    ("ensure", "unexpected `ensure`", "it belongs into a `begin`, a `def` or a `do` block"),
    ("and", "unexpected `and`", "inside an expression write `&&`"),
    ("or", "unexpected `or`", "inside an expression write `||`"),
    ("not", "unexpected `not`", "inside an expression write `!`"),
    (",", "unexpected `,`", "a value is missing before it"),
    ("=", "unexpected `=`", "to compare, write `==`; in a hash, write `key: value`"),
    ("=>", "unexpected `=>`", "it belongs between a key and its value, in a hash or in arguments"),
    (":", "unexpected `:`", "write `:name` for a symbol, `key: value` for an entry"),
    ("|", "unexpected `|`", "block parameters follow `do` or `{`"),
    ("?", "unexpected `?`", "a ternary is written `condition ? one : other`"),
];

fn describe(token: &str) -> (String, &'static str) {
    match PHRASES.iter().find(|(word, ..)| *word == token) {
        Some((_, message, help)) => ((*message).to_string(), help),
        None => (format!("unexpected `{token}`"), "something before it is incomplete, or it is misspelled"),
    }
}

/// The first word, number, operator or character of `rest`.
fn token(rest: &str) -> &str {
    let word = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
    if word > 0 {
        return &rest[..word];
    }
    let long = ["=>", "&&", "||", "==", "!=", "**", "->", "..", "::", "<<", ">>"];
    match long.iter().find(|operator| rest.starts_with(**operator)) {
        Some(operator) => operator,
        None => rest.get(..rest.chars().next().map_or(0, char::len_utf8)).unwrap_or_default(),
    }
}
