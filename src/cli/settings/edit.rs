//! Changes of a settings file's text that leave the rest as it is: comments, order, other accounts.

use crate::value::yaml::{self, YamlMode};
use crate::value::{Value, equal, json};
use saphyr_parser::{Event, Parser, Span};

/// A node of the text, by its bytes.
struct Node {
    lo: usize,
    hi: usize,
    kind: Kind,
}

enum Kind {
    Scalar(String),
    Map { entries: Vec<(Node, Node)>, flow: bool },
    List { items: Vec<Node>, flow: bool },
    Alias,
}

impl Node {
    /// Where its last character ends, comments and blank lines after it not counted.
    fn end(&self, text: &str) -> usize {
        let last = match &self.kind {
            Kind::Map { entries, flow: false } => {
                entries.last().map(|(key, value)| key.hi.max(if value.is_empty() { key.hi } else { value.end(text) }))
            }
            Kind::List { items, flow: false } => items.last().map(|item| item.end(text)),
            _ => None,
        };
        last.unwrap_or_else(|| {
            let own = text.get(self.lo..self.hi).unwrap_or_default();
            self.lo + own.trim_end().len()
        })
    }

    /// Nothing is written where it stands: `key:`.
    fn is_empty(&self) -> bool {
        matches!(&self.kind, Kind::Scalar(text) if text.is_empty()) && self.lo >= self.hi
    }
}

/// The text with `key` set to `value`, at the top or in the hash `account` that stands there. `None` where the text is
/// written in a way that cannot be changed safely.
pub fn set(text: &str, account: Option<&str>, key: &str, value: &Value) -> Option<String> {
    let value = scalar(value)?;
    let edited = match root(text)? {
        None => {
            let pair = format!("{}: {value}", name(key));
            let body = account.map_or_else(|| pair.clone(), |account| format!("{}:\n  {pair}", name(account)));
            with_line(text, text.len(), &body)
        }
        Some(root) => match account {
            None => set_in(text, &root, key, &value)?,
            Some(account) => set_in_account(text, &root, account, key, &value)?,
        },
    };
    Some(edited)
}

fn set_in_account(text: &str, root: &Node, account: &str, key: &str, value: &str) -> Option<String> {
    let Kind::Map { entries, flow } = &root.kind else { return None };
    match find(entries, account) {
        Some((_, inner)) if matches!(inner.kind, Kind::Map { .. }) => set_in(text, inner, key, value),
        Some((name, inner)) if inner.is_empty() => {
            let colon = after_colon(text, name)?;
            let indent = " ".repeat(column(text, name.lo) + 2);
            Some(spliced(text, colon, colon, &format!("{}{indent}{}: {value}", line_end(text), self::name(key))))
        }
        None if !flow => {
            let indent = " ".repeat(column(text, entries.first().map_or(root.lo, |(first, _)| first.lo)));
            let end = line_of(text, root.end(text));
            let body =
                format!("{indent}{}:{}{indent}  {}: {value}", self::name(account), line_end(text), self::name(key));
            Some(with_line(text, end, &body))
        }
        _ => None,
    }
}

fn set_in(text: &str, map: &Node, key: &str, value: &str) -> Option<String> {
    let Kind::Map { entries, flow } = &map.kind else { return None };
    if let Some((name, old)) = find(entries, key) {
        return Some(match &old.kind {
            Kind::Scalar(_) if old.is_empty() => {
                let colon = after_colon(text, name)?;
                spliced(text, colon, colon, &format!(" {value}"))
            }
            // A block begins after the sign that introduces it.
            Kind::Scalar(_) if text.get(name.hi..old.lo).is_some_and(|between| between.contains(['|', '>'])) => {
                spliced(text, after_colon(text, name)?, old.end(text), &format!(" {value}"))
            }
            Kind::Scalar(_) | Kind::Alias => spliced(text, old.lo, old.end(text), value),
            Kind::Map { .. } | Kind::List { .. } => {
                spliced(text, after_colon(text, name)?, old.end(text), &format!(" {value}"))
            }
        });
    }
    let pair = format!("{}: {value}", self::name(key));
    match (entries.last(), flow) {
        (Some((_, last)), true) => {
            let end = last.end(text);
            Some(spliced(text, end, end, &format!(", {pair}")))
        }
        (None, true) => Some(spliced(text, map.lo + 1, map.lo + 1, &pair)),
        (Some(_), false) => {
            let indent = " ".repeat(column(text, entries.first()?.0.lo));
            Some(with_line(text, line_of(text, map.end(text)), &format!("{indent}{pair}")))
        }
        (None, false) => None,
    }
}

/// The entry of that name, also as a symbol.
fn find<'a>(entries: &'a [(Node, Node)], wanted: &str) -> Option<&'a (Node, Node)> {
    entries
        .iter()
        .rev()
        .find(|(key, _)| matches!(&key.kind, Kind::Scalar(text) if text.strip_prefix(':').unwrap_or(text) == wanted))
}

/// The place after the colon of a key.
fn after_colon(text: &str, key: &Node) -> Option<usize> {
    let rest = text.get(key.hi..)?;
    let at = rest.find(':')?;
    rest.get(..at)?.trim().is_empty().then_some(key.hi + at + 1)
}

fn column(text: &str, at: usize) -> usize {
    text.get(..at).map_or(0, |before| before.chars().rev().take_while(|c| *c != '\n').count())
}

/// The end of the line that a place is on.
fn line_of(text: &str, at: usize) -> usize {
    let end = text.get(at..).and_then(|rest| rest.find('\n')).map_or(text.len(), |offset| at + offset);
    if end > at && text.as_bytes().get(end - 1) == Some(&b'\r') { end - 1 } else { end }
}

fn line_end(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}

fn spliced(text: &str, lo: usize, hi: usize, new: &str) -> String {
    format!("{}{new}{}", text.get(..lo).unwrap_or_default(), text.get(hi..).unwrap_or_default())
}

/// A new line after the one that ends at `at`.
fn with_line(text: &str, at: usize, line: &str) -> String {
    let end = line_end(text);
    let before = text.get(..at).unwrap_or_default();
    let after = text.get(at..).unwrap_or_default();
    let start = if before.is_empty() || before.ends_with('\n') { "" } else { end };
    let finish = if after.is_empty() { end } else { "" };
    format!("{before}{start}{line}{finish}{after}")
}

/// A name as a key is written.
fn name(key: &str) -> String {
    scalar(&Value::str(key)).unwrap_or_else(|| key.to_owned())
}

/// A value on one line: as it is where YAML reads it back as that, else quoted. Lists and hashes are written as JSON.
fn scalar(value: &Value) -> Option<String> {
    let plain = match value {
        Value::Str(text) => Some(text.to_text()),
        Value::Int(_) | Value::Float(_) | Value::True | Value::False => Some(crate::value::to_s(value).to_text()),
        _ => None,
    };
    let is_simple = |text: &String| {
        text.starts_with(|c: char| c.is_ascii_alphanumeric() || "_-/.+".contains(c))
            && text.chars().all(|c| c.is_ascii_alphanumeric() || "_-./@+=~".contains(c))
    };
    let reads_back = |text: &str| yaml::parse(text, YamlMode::Settings).is_ok_and(|read| equal(&read, value));
    match plain.filter(is_simple).filter(|text| reads_back(text)) {
        Some(text) => Some(text),
        None => json::generate(value).ok().filter(|text| reads_back(text)),
    }
}

/// The first document; the outer `None` for what is no YAML, the inner one for a text without any.
#[allow(clippy::option_option)]
fn root(text: &str) -> Option<Option<Node>> {
    let mut places: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    places.push(text.len());
    let mut reader = Reader { events: Parser::new_from_str(text), places, text };
    loop {
        match reader.next()? {
            (Event::StreamEnd, _) => return Some(None),
            (Event::StreamStart | Event::DocumentStart(_) | Event::Nothing, _) => {}
            (event, span) => {
                let node = reader.node(&event, span, 0)?;
                return Some((!node.is_empty()).then_some(node));
            }
        }
    }
}

struct Reader<'a> {
    events: Parser<'a, saphyr_parser::StrInput<'a>>,
    /// Where each character begins.
    places: Vec<usize>,
    text: &'a str,
}

/// Deeper nesting than settings have.
const DEPTH: usize = 50;

impl<'a> Reader<'a> {
    fn next(&mut self) -> Option<(Event<'a>, Span)> {
        self.events.next_event()?.ok()
    }

    fn bytes(&self, span: Span) -> (usize, usize) {
        let at = |index: usize| self.places.get(index).copied().unwrap_or(self.text.len());
        (at(span.start.index()), at(span.end.index()))
    }

    fn node(&mut self, event: &Event<'a>, span: Span, depth: usize) -> Option<Node> {
        if depth > DEPTH {
            return None;
        }
        let (lo, hi) = self.bytes(span);
        Some(match event {
            Event::Scalar(text, ..) => Node { lo, hi, kind: Kind::Scalar(text.to_string()) },
            Event::Alias(_) => Node { lo, hi, kind: Kind::Alias },
            Event::SequenceStart(..) => {
                let mut items = Vec::new();
                loop {
                    match self.next()? {
                        (Event::SequenceEnd, span) => {
                            let flow = self.text.get(lo..).is_some_and(|rest| rest.starts_with('['));
                            return Some(Node { lo, hi: self.bytes(span).1, kind: Kind::List { items, flow } });
                        }
                        (event, span) => items.push(self.node(&event, span, depth + 1)?),
                    }
                }
            }
            Event::MappingStart(..) => {
                let mut entries = Vec::new();
                loop {
                    match self.next()? {
                        (Event::MappingEnd, span) => {
                            let flow = self.text.get(lo..).is_some_and(|rest| rest.starts_with('{'));
                            return Some(Node { lo, hi: self.bytes(span).1, kind: Kind::Map { entries, flow } });
                        }
                        (event, span) => {
                            let key = self.node(&event, span, depth + 1)?;
                            let (event, span) = self.next()?;
                            entries.push((key, self.node(&event, span, depth + 1)?));
                        }
                    }
                }
            }
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edited(text: &str, account: Option<&str>, key: &str, value: &str) -> String {
        set(text, account, key, &json::parse(value.as_bytes()).ok().unwrap()).unwrap()
    }

    #[test]
    fn a_value_changes_and_nothing_else_does() {
        let text = "# tokens\nacme:  # the first\n  token: old # keep\n  host: a.example\n\nother:\n  token: theirs\n";
        insta::assert_snapshot!(edited(text, Some("acme"), "token", r#""new""#), @r"
        # tokens
        acme:  # the first
          token: new # keep
          host: a.example

        other:
          token: theirs
        ");
    }

    #[test]
    fn a_new_key_stands_after_the_last_one_of_its_account() {
        let text = "acme:\n  token: old # keep\n\n# the second\nother:\n  token: theirs\n";
        insta::assert_snapshot!(edited(text, Some("acme"), "expires in", r#""a: b""#), @r#"
        acme:
          token: old # keep
          "expires in": "a: b"

        # the second
        other:
          token: theirs
        "#);
        insta::assert_snapshot!(edited(text, Some("third"), "token", "12"), @r"
        acme:
          token: old # keep

        # the second
        other:
          token: theirs
        third:
          token: 12
        ");
    }

    #[test]
    fn every_way_of_writing_settings_can_be_changed() {
        for (text, account, expected) in [
            ("", None, "k: v\n"),
            ("# nothing yet\n", None, "# nothing yet\nk: v\n"),
            ("", Some("a"), "a:\n  k: v\n"),
            ("a: 1", None, "a: 1\nk: v\n"),
            ("k:\nb: 2\n", None, "k: v\nb: 2\n"),
            ("k: 'it''s'\nb: 2\n", None, "k: v\nb: 2\n"),
            ("k: |\n  one\n  two\nb: 2\n", None, "k: v\nb: 2\n"),
            ("k:\n  - 1\n  - 2\nb: 2\n", None, "k: v\nb: 2\n"),
            ("k:\n  a: 1\n  b:\n    c: 2\nb: 2\n", None, "k: v\nb: 2\n"),
            ("{\"k\": 1, b: 2}\n", None, "{\"k\": v, b: 2}\n"),
            ("{b: 2}", None, "{b: 2, k: v}"),
            ("{}", None, "{k: v}"),
            (":k: 1\n", None, ":k: v\n"),
            ("a:\nb: 2\n", Some("a"), "a:\n  k: v\nb: 2\n"),
            ("a: {b: 1}\n", Some("a"), "a: {b: 1, k: v}\n"),
            ("a: 1\r\nb: 2\r\n", None, "a: 1\r\nb: 2\r\nk: v\r\n"),
            ("ü: é # ß\nk: ö\n", None, "ü: é # ß\nk: v\n"),
            ("---\nk: 1\n...\n", None, "---\nk: v\n...\n"),
        ] {
            assert_eq!(edited(text, account, "k", r#""v""#), expected, "{text:?}");
        }
    }

    #[test]
    fn values_are_read_back_as_they_were() {
        for value in [
            r#""yes""#,
            r#""012""#,
            r#""12:30""#,
            r#""""#,
            r#""-----BEGIN\nx\n""#,
            r#""~""#,
            "null",
            "true",
            "1.5",
            r#"{"a":[1]}"#,
        ] {
            let text = edited("", None, "k", value);
            let read = yaml::parse(&text, YamlMode::Settings).unwrap();
            let Value::Hash(read) = read else { panic!("{text}") };
            assert_eq!(json::generate(&read.get_str("k").unwrap()).ok().unwrap(), value, "{text}");
        }
    }

    #[test]
    fn what_is_no_hash_is_left_alone() {
        assert_eq!(set("- 1\n", None, "k", &Value::Nil), None);
        assert_eq!(set("a: [", None, "k", &Value::Nil), None);
    }
}
