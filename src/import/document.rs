//! A document in JSON or in YAML 1.2, where `no` is a text and not false.

use saphyr_parser::{Event, Parser, ScalarStyle};
use serde_json::{Map, Value as Json};
use std::collections::HashMap;

/// Deeper nesting than any description has.
const DEPTH: usize = 200;
/// Nodes that one text may grow to through aliases.
const NODES: usize = 2_000_000;

/// Why a text is no document, and where: line and column from 1.
#[derive(Debug)]
pub struct Malformed {
    pub message: String,
    pub line: usize,
    pub column: usize,
}

/// Reads JSON if it begins as such, else YAML.
pub fn read(text: &str) -> Result<Json, Malformed> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim_start().starts_with(['{', '[']) {
        return serde_json::from_str(text).map_err(|error| Malformed {
            message: error.to_string().split(" at line").next().unwrap_or_default().to_owned(),
            line: error.line().max(1),
            column: error.column().max(1),
        });
    }
    let mut reader = Reader { events: Parser::new_from_str(text), anchors: HashMap::new(), nodes: 0 };
    loop {
        match reader.next()? {
            Event::StreamEnd => return Ok(Json::Null),
            Event::StreamStart | Event::DocumentStart(_) | Event::Nothing => {}
            event => return reader.node(&event, 0),
        }
    }
}

struct Reader<'a> {
    events: Parser<'a, saphyr_parser::StrInput<'a>>,
    anchors: HashMap<usize, (Json, usize)>,
    nodes: usize,
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Result<Event<'a>, Malformed> {
        match self.events.next_event() {
            Some(Ok((event, _))) => Ok(event),
            Some(Err(error)) => Err(Malformed {
                message: error.info().to_owned(),
                line: error.marker().line().max(1),
                column: error.marker().col() + 1,
            }),
            None => Ok(Event::StreamEnd),
        }
    }

    fn node(&mut self, event: &Event<'a>, depth: usize) -> Result<Json, Malformed> {
        self.nodes += 1;
        if depth > DEPTH || self.nodes > NODES {
            return Err(Malformed { message: "nested too deep, or too large".to_owned(), line: 1, column: 1 });
        }
        let before = self.nodes;
        let (value, anchor) = match event {
            Event::Scalar(text, style, anchor, tag) => {
                let is_text = *style != ScalarStyle::Plain || tag.as_ref().is_some_and(|tag| tag.suffix == "str");
                (if is_text { Json::from(text.as_ref()) } else { scalar(text) }, *anchor)
            }
            Event::SequenceStart(anchor, _) => {
                let mut items = Vec::new();
                loop {
                    match self.next()? {
                        Event::SequenceEnd | Event::StreamEnd => break,
                        event => items.push(self.node(&event, depth + 1)?),
                    }
                }
                (Json::Array(items), *anchor)
            }
            Event::MappingStart(anchor, _) => (self.mapping(depth)?, *anchor),
            Event::Alias(anchor) => {
                let (value, size) = self.anchors.get(anchor).cloned().unwrap_or_default();
                self.nodes += size;
                return Ok(value);
            }
            _ => return Ok(Json::Null),
        };
        if anchor > 0 {
            self.anchors.insert(anchor, (value.clone(), self.nodes - before + 1));
        }
        Ok(value)
    }

    fn mapping(&mut self, depth: usize) -> Result<Json, Malformed> {
        let mut fields = Map::new();
        loop {
            let key = match self.next()? {
                Event::MappingEnd | Event::StreamEnd => return Ok(Json::Object(fields)),
                // A key is what it is written as: `200`, `no`, `1.0`.
                Event::Scalar(text, ..) => text.into_owned(),
                event => self.node(&event, depth + 1)?.to_string(),
            };
            let event = self.next()?;
            let value = self.node(&event, depth + 1)?;
            match (key.as_str(), value) {
                ("<<", Json::Object(merged)) => merged.into_iter().for_each(|(key, value)| {
                    fields.entry(key).or_insert(value);
                }),
                (_, value) => drop(fields.insert(key, value)),
            }
        }
    }
}

/// A plain scalar by the core schema of YAML 1.2.
fn scalar(text: &str) -> Json {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Json::Null,
        "true" | "True" | "TRUE" => return Json::Bool(true),
        "false" | "False" | "FALSE" => return Json::Bool(false),
        _ => {}
    }
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    if unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        if let Ok(number) = text.parse::<i64>() {
            return number.into();
        }
        let plain = unsigned.chars().all(|c| c.is_ascii_digit() || "eE.+-".contains(c));
        if let Some(number) = text.parse().ok().filter(|_| plain).and_then(serde_json::Number::from_f64) {
            return Json::Number(number);
        }
    }
    text.into()
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn yaml_is_that_of_1_2() {
        let text = "a: [no, on, 012, 1.50, 12:30, 2024-01-01, ~, 'x', .5]\n200: &x {b: true}\nc: *x\nd:\n  <<: *x\n  e: |\n    l\n";
        assert_eq!(
            read(text).unwrap().to_string(),
            r#"{"a":["no","on",12,1.5,"12:30","2024-01-01",null,"x",0.5],"200":{"b":true},"c":{"b":true},"d":{"b":true,"e":"l\n"}}"#
        );
        let error = read("a: [1").unwrap_err();
        assert_eq!((error.line > 0, error.message.is_empty()), (true, false));
        assert_eq!(read("{\"a\": }").unwrap_err().column, 7);
    }
}
