//! YAML text to values, with the scalars that Ruby's Psych knows: `012` is ten, `yes` is true, `:a` is a symbol.

mod dump;
mod mapping;
mod object;

pub use dump::dump;
pub use mapping::{count, known_keys, text};

use super::number_text::float_strict;
use super::{Hash, Value, int_value};
use base64::Engine;
use num_bigint::BigInt;
use saphyr_parser::{Event, Parser, ScalarStyle, Span, Tag};
use std::collections::HashMap;

/// Deeper nesting than any file needs.
const DEPTH: usize = 200;
/// Nodes that one text may grow to through aliases.
const NODES: usize = 1_000_000;

/// What a text may hold besides plain data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum YamlMode {
    /// A settings file: symbols and aliases are fine, dates and times stay text.
    Settings,
    /// Text from outside: symbols, dates, times and aliases are refused, as `safe_load` refuses them.
    Safe,
}

/// A text that is no YAML, or holds what is not allowed. Line and column are 1-based, the column in characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YamlError {
    pub message: String,
    pub line: usize,
    pub column: usize,
}

impl std::fmt::Display for YamlError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} (line {}, column {})", self.message, self.line, self.column)
    }
}

impl std::error::Error for YamlError {}

/// The first document of a text; nil where there is none. Of equal keys the last wins.
pub fn parse(text: &str, mode: YamlMode) -> Result<Value, YamlError> {
    let mut reader = Reader { events: Parser::new_from_str(text), anchors: HashMap::new(), mode, nodes: 0 };
    loop {
        match reader.next()? {
            (Event::StreamEnd, _) => return Ok(Value::Nil),
            (Event::StreamStart | Event::DocumentStart(_) | Event::Nothing, _) => {}
            (event, span) => return reader.node(&event, span, 0),
        }
    }
}

struct Reader<'a> {
    events: Parser<'a, saphyr_parser::StrInput<'a>>,
    anchors: HashMap<usize, Value>,
    mode: YamlMode,
    nodes: usize,
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Result<(Event<'a>, Span), YamlError> {
        match self.events.next_event() {
            Some(Ok(event)) => Ok(event),
            Some(Err(error)) => Err(YamlError {
                message: error.info().to_owned(),
                line: error.marker().line().max(1),
                column: error.marker().col() + 1,
            }),
            None => Ok((Event::StreamEnd, Span::default())),
        }
    }

    fn node(&mut self, event: &Event<'a>, span: Span, depth: usize) -> Result<Value, YamlError> {
        self.nodes += 1;
        if depth > DEPTH || self.nodes > NODES {
            return Err(at(span, "nested too deep, or too large"));
        }
        let (value, anchor) = match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.allow(tag.as_deref(), span)?;
                if tag.as_ref().is_some_and(|tag| tag.suffix == "binary") {
                    return Ok(binary(text));
                }
                let is_text = *style != ScalarStyle::Plain || tag.as_ref().is_some_and(|tag| tag.suffix == "str");
                (if is_text { Value::str(text) } else { self.scalar(text, span)? }, *anchor)
            }
            Event::SequenceStart(anchor, tag) => {
                self.allow(tag.as_deref(), span)?;
                (self.sequence(depth)?, *anchor)
            }
            Event::MappingStart(anchor, tag) => {
                self.allow(tag.as_deref(), span)?;
                (self.mapping(depth)?, *anchor)
            }
            Event::Alias(anchor) => return self.alias(*anchor, span),
            _ => return Err(at(span, "a value is missing")),
        };
        if anchor > 0 {
            self.anchors.insert(anchor, value.clone());
        }
        Ok(value)
    }

    /// Tags that make objects of Ruby's classes are refused in text from outside.
    fn allow(&self, tag: Option<&Tag>, span: Span) -> Result<(), YamlError> {
        let Some(name) = tag.and_then(|tag| tag.suffix.strip_prefix("ruby/")) else { return Ok(()) };
        if self.mode == YamlMode::Settings {
            return Ok(());
        }
        let class = match name.split_once(':') {
            Some((_, class)) if !class.is_empty() => class,
            _ if name.starts_with("sym") => "Symbol",
            _ if name.starts_with("regexp") => "Regexp",
            _ if name.starts_with("range") => "Range",
            _ if name.starts_with("struct") => "Struct",
            _ if name.starts_with("exception") => "Exception",
            _ => "Object",
        };
        Err(at(span, &format!("Tried to load unspecified class: {class}")))
    }

    fn sequence(&mut self, depth: usize) -> Result<Value, YamlError> {
        let mut items = Vec::new();
        loop {
            match self.next()? {
                (Event::SequenceEnd, _) => return Ok(Value::array(items)),
                (event, span) => items.push(self.node(&event, span, depth + 1)?),
            }
        }
    }

    fn mapping(&mut self, depth: usize) -> Result<Value, YamlError> {
        let hash = Hash::new();
        loop {
            let (event, span) = self.next()?;
            if event == Event::MappingEnd {
                return Ok(Value::hash(hash));
            }
            let key = self.node(&event, span, depth + 1)?;
            let (event, span) = self.next()?;
            let value = self.node(&event, span, depth + 1)?;
            match (&key, &value) {
                (Value::Str(name), Value::Hash(merged)) if name.to_text() == "<<" => {
                    merged.to_vec().into_iter().for_each(|(key, value)| hash.insert(key, value));
                }
                _ => hash.insert(key, value),
            }
        }
    }

    fn alias(&self, anchor: usize, span: Span) -> Result<Value, YamlError> {
        if self.mode == YamlMode::Safe {
            return Err(at(span, "Unknown alias"));
        }
        self.anchors.get(&anchor).cloned().ok_or_else(|| at(span, "an alias of something that is not there"))
    }

    fn scalar(&self, text: &str, span: Span) -> Result<Value, YamlError> {
        let refused = |class: &str| Err(at(span, &format!("Tried to load unspecified class: {class}")));
        if let Some(name) = symbol(text) {
            return if self.mode == YamlMode::Safe { refused("Symbol") } else { Ok(Value::symbol(name)) };
        }
        if let Some(class) = moment(text).filter(|_| self.mode == YamlMode::Safe) {
            return refused(class);
        }
        Ok(keyword(text).or_else(|| number(text)).unwrap_or_else(|| Value::str(text)))
    }
}

/// Bytes in Base64.
fn binary(text: &str) -> Value {
    let packed: String = text.split_ascii_whitespace().collect();
    let bytes = base64::engine::general_purpose::STANDARD.decode(packed).unwrap_or_default();
    Value::Str(super::Str::owned(bytes, super::Encoding::Binary).into())
}

fn at(span: Span, message: &str) -> YamlError {
    YamlError { message: message.to_owned(), line: span.start.line().max(1), column: span.start.col() + 1 }
}

/// `:name` and `:"name"`
fn symbol(text: &str) -> Option<&str> {
    let name = text.strip_prefix(':')?;
    let quoted = name.strip_prefix('"').and_then(|name| name.strip_suffix('"'));
    let name = quoted.unwrap_or(name);
    (!name.is_empty() && !name.starts_with([' ', ':'])).then_some(name)
}

fn keyword(text: &str) -> Option<Value> {
    match text {
        "" | "~" => return Some(Value::Nil),
        _ if text.len() > 5 => return None,
        _ => {}
    }
    match text.to_ascii_lowercase().as_str() {
        "null" => Some(Value::Nil),
        "yes" | "true" | "on" => Some(Value::True),
        "no" | "false" | "off" => Some(Value::False),
        ".inf" | "+.inf" => Some(Value::float(f64::INFINITY)),
        "-.inf" => Some(Value::float(f64::NEG_INFINITY)),
        ".nan" => Some(Value::float(f64::NAN)),
        _ => None,
    }
}

/// Integers in four bases with `_` and `,` between digits, floats, and base 60 (`12:30`).
fn number(text: &str) -> Option<Value> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    if !digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return None;
    }
    // Separators stand between whole digits only.
    if digits.split_once('.').is_some_and(|(_, fraction)| fraction.contains(['_', ','])) {
        return None;
    }
    if digits.contains(':') {
        return base_60(digits, f64::from(sign));
    }
    // Between the digits of a decimal integer stands one separator at most, and none at its end.
    let is_separator = |c: char| matches!(c, '_' | ',');
    let doubled = digits.as_bytes().windows(2).any(|pair| pair.iter().all(|byte| is_separator(char::from(*byte))));
    if !digits.starts_with('0') && !digits.contains('.') && (doubled || digits.ends_with(is_separator)) {
        return None;
    }
    let plain: String = digits.chars().filter(|c| !is_separator(*c)).collect();
    let (base, body) = match plain.as_bytes() {
        [b'0', b'b', ..] => (2, &plain[2..]),
        [b'0', b'x', ..] => (16, &plain[2..]),
        [b'0', _, ..] if !plain.contains('.') => (8, &plain[1..]),
        _ => (10, plain.as_str()),
    };
    if let Some(number) = BigInt::parse_bytes(body.as_bytes(), base).filter(|_| !body.starts_with(['+', '-'])) {
        return Some(int_value(number * sign));
    }
    float(&plain).map(|number| Value::float(number * f64::from(sign)))
}

/// A dot is needed, and a sign in the exponent.
fn float(text: &str) -> Option<f64> {
    let (mantissa, exponent) = text.split_once(['e', 'E']).map_or((text, None), |(m, e)| (m, Some(e)));
    let signed = |e: &str| e.strip_prefix(['+', '-']).is_some_and(is_digits);
    let (whole, fraction) = mantissa.split_once('.')?;
    let shape = (is_digits(whole) || whole.is_empty()) && (is_digits(fraction) || fraction.is_empty());
    if !shape || mantissa == "." || exponent.is_some_and(|e| !signed(e)) {
        return None;
    }
    let exponent = exponent.map(|e| format!("e{e}")).unwrap_or_default();
    float_strict(format!("0{whole}.{fraction}0{exponent}").as_bytes())
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Psych counts the first of two places as hours, too.
fn base_60(text: &str, sign: f64) -> Option<Value> {
    let places: Vec<&str> = text.split(':').collect();
    let (last, firsts) = places.split_last()?;
    let small = |place: &&str| is_digits(place) && place.len() <= 2 && place.parse().is_ok_and(|n: u32| n < 60);
    let seconds = last.split_once('.').map_or(*last, |(whole, _)| whole);
    let fits = (2..=3).contains(&places.len()) && is_digits(firsts.first()?) && firsts.iter().skip(1).all(small);
    if !fits || !small(&seconds) {
        return None;
    }
    let weights = [3600.0, 60.0, 1.0];
    let mut total = 0.0;
    for (place, weight) in places.iter().zip(weights) {
        total += place.parse::<f64>().ok()? * weight;
    }
    let total = sign * total;
    Some(if last.contains('.') { Value::float(total) } else { Value::Int(total as i64) })
}

/// A date or a time: the class that Psych would make of it.
fn moment(text: &str) -> Option<&'static str> {
    let (date, rest) = text.split_at_checked(10)?;
    let shape = date.bytes().enumerate().all(|(i, b)| if matches!(i, 4 | 7) { b == b'-' } else { b.is_ascii_digit() });
    match rest.as_bytes() {
        _ if !shape => None,
        [] => Some("Date"),
        [b'T' | b't' | b' ', ..] if rest.contains(':') => Some("Time"),
        _ => None,
    }
}
