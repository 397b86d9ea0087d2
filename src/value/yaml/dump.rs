//! Values to YAML, laid out as Ruby's Psych and the emitter below it lay them out.
//!
//! Hashes are plain whatever their class: no other reader knows Ruby's tags for them.

use super::object::{Object, Part, decimal_text, parts_of};
use super::{keyword, moment, number, symbol};
use crate::value::{Encoding, Flavor, Str, StrClass, Time, Value, float_to_s, inspect, to_s};
use base64::Engine;
use std::collections::HashMap;
use std::rc::Rc;

/// Lines are folded at the first space past this column.
const WIDTH: usize = 80;
const INDENT: i32 = 2;
/// Keys up to this many bytes stand on the line of their value.
const SIMPLE_KEY: usize = 128;
/// Deeper values are cycles that are not arrays or hashes.
const DEPTH: usize = 1_000;

/// `value.to_yaml`.
pub fn dump(value: &Value) -> String {
    let mut shared = Shared::default();
    shared.visit(value, 0);
    // Nothing stands before the first indicator, so it needs no space.
    let mut emitter = Emitter { shared, indent: -1, whitespace: true, indention: true, ..Emitter::default() };
    emitter.indicator("---", true, false, false);
    emitter.node(value, Place::Root, 0);
    emitter.write_indent();
    if emitter.open_ended {
        emitter.out.push_str("...\n");
    }
    emitter.out
}

/// Arrays and hashes that occur twice: anchored once, named after that.
#[derive(Default)]
struct Shared {
    /// Address → number of its anchor, 0 while it was seen only once.
    seen: HashMap<usize, usize>,
    anchors: usize,
    written: Vec<usize>,
}

impl Shared {
    fn visit(&mut self, value: &Value, depth: usize) {
        let Some(address) = address(value) else { return };
        if let Some(anchor) = self.seen.get_mut(&address) {
            if *anchor == 0 {
                self.anchors += 1;
                *anchor = self.anchors;
            }
            return;
        }
        self.seen.insert(address, 0);
        if depth > DEPTH {
            return;
        }
        match value {
            Value::Array(items) => items.to_vec().iter().for_each(|item| self.visit(item, depth + 1)),
            Value::Hash(hash) => {
                for (key, value) in hash.to_vec() {
                    self.visit(&key, depth + 1);
                    self.visit(&value, depth + 1);
                }
            }
            _ => {}
        }
    }
}

fn address(value: &Value) -> Option<usize> {
    match value {
        Value::Array(items) => Some(Rc::as_ptr(items).addr()),
        Value::Hash(hash) => Some(Rc::as_ptr(hash).addr()),
        _ => None,
    }
}

/// What a node stands in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    Root,
    Sequence,
    Mapping,
    SimpleKey,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Style {
    Plain,
    Single,
    Double,
    Literal,
}

/// A scalar as the emitter wants it.
struct Scalar {
    text: String,
    tag: Option<&'static str>,
    style: Style,
    /// May be quoted without a tag.
    quoted_implicit: bool,
}

impl Scalar {
    fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), tag: None, style: Style::Plain, quoted_implicit: false }
    }
}

#[derive(Default)]
struct Emitter {
    out: String,
    column: usize,
    /// The last thing written leaves room for a value.
    whitespace: bool,
    /// Only indentation stands on the line.
    indention: bool,
    indent: i32,
    /// The last scalar keeps its line ends, so that the end of the document has to be marked.
    open_ended: bool,
    shared: Shared,
}

impl Emitter {
    fn put(&mut self, c: char) {
        self.out.push(c);
        self.column += 1;
    }

    fn line_break(&mut self) {
        self.out.push('\n');
        self.column = 0;
    }

    fn write_indent(&mut self) {
        let indent = self.indent.max(0) as usize;
        if !self.indention || self.column > indent || (self.column == indent && !self.whitespace) {
            self.line_break();
        }
        while self.column < indent {
            self.put(' ');
        }
        self.whitespace = true;
        self.indention = true;
    }

    fn indicator(&mut self, text: &str, needs_space: bool, is_space: bool, is_indention: bool) {
        if needs_space && !self.whitespace {
            self.put(' ');
        }
        text.chars().for_each(|c| self.put(c));
        self.whitespace = is_space;
        self.indention = self.indention && is_indention;
    }

    fn increase_indent(&mut self, flow: bool, indentless: bool) -> i32 {
        let outer = self.indent;
        if self.indent < 0 {
            self.indent = if flow { INDENT } else { 0 };
        } else if !indentless {
            self.indent += INDENT;
        }
        outer
    }

    fn node(&mut self, value: &Value, place: Place, depth: usize) {
        if self.anchor(value) {
            return;
        }
        if depth > DEPTH {
            return self.scalar(&Scalar::plain("..."), place);
        }
        match value {
            Value::Array(items) => self.sequence(&items.to_vec(), place, depth),
            Value::Hash(hash) => {
                let pairs = hash.to_vec().into_iter().map(|(key, value)| (key, Part::Value(value))).collect();
                self.mapping(pairs, depth);
            }
            other => match parts_of(other) {
                Some(object) => self.object(object, depth),
                None => self.scalar(&scalar_of(other), place),
            },
        }
    }

    fn object(&mut self, object: Object, depth: usize) {
        self.indicator(&object.tag, true, false, false);
        self.mapping(object.parts.into_iter().map(|(name, part)| (Value::str(name), part)).collect(), depth);
    }

    /// Writes `*1` for what was written before (then there is nothing more to do), `&1` for what comes again.
    fn anchor(&mut self, value: &Value) -> bool {
        let Some(anchor) = address(value).and_then(|address| self.shared.seen.get(&address).copied()) else {
            return false;
        };
        if anchor == 0 {
            return false;
        }
        let is_alias = self.shared.written.contains(&anchor);
        self.indicator(&format!("{}{anchor}", if is_alias { '*' } else { '&' }), true, false, false);
        self.shared.written.push(anchor);
        is_alias
    }

    fn sequence(&mut self, items: &[Value], place: Place, depth: usize) {
        if items.is_empty() {
            self.indicator("[", true, true, false);
            return self.indicator("]", false, false, false);
        }
        let outer = self.increase_indent(false, place == Place::Mapping && !self.indention);
        for item in items {
            self.write_indent();
            self.indicator("-", true, false, true);
            self.node(item, Place::Sequence, depth + 1);
        }
        self.indent = outer;
    }

    fn mapping(&mut self, pairs: Vec<(Value, Part)>, depth: usize) {
        if pairs.is_empty() {
            self.indicator("{", true, true, false);
            return self.indicator("}", false, false, false);
        }
        let outer = self.increase_indent(false, false);
        for (key, part) in pairs {
            self.write_indent();
            if is_simple_key(&key) {
                self.node(&key, Place::SimpleKey, depth + 1);
                self.indicator(":", false, false, false);
            } else {
                self.indicator("?", true, false, true);
                self.node(&key, Place::Mapping, depth + 1);
                self.write_indent();
                self.indicator(":", true, false, true);
            }
            match part {
                Part::Value(value) => self.node(&value, Place::Mapping, depth + 1),
                Part::Object(object) => self.object(object, depth + 1),
            }
        }
        self.indent = outer;
    }

    fn scalar(&mut self, scalar: &Scalar, place: Place) {
        let shape = Shape::of(&scalar.text);
        let is_key = place == Place::SimpleKey;
        let style = shape.allowed(scalar, is_key);
        let bang = scalar.tag.is_none() && !scalar.quoted_implicit && style != Style::Plain;
        if let Some(tag) = scalar.tag.or(bang.then_some("!")) {
            self.indicator(tag, true, false, false);
        }
        let outer = self.increase_indent(true, false);
        self.open_ended = false;
        match style {
            Style::Plain => self.plain(&scalar.text, !is_key),
            Style::Single => self.single_quoted(&scalar.text, !is_key),
            Style::Double => self.double_quoted(&scalar.text, !is_key),
            Style::Literal => self.literal(&scalar.text),
        }
        self.indent = outer;
    }

    /// A space at which the line may be broken.
    fn folds(&self, allowed: bool, spaces: bool, next: Option<char>) -> bool {
        allowed && !spaces && self.column > WIDTH && next != Some(' ')
    }

    fn plain(&mut self, text: &str, may_fold: bool) {
        if !self.whitespace && !text.is_empty() {
            self.put(' ');
        }
        let mut spaces = false;
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            if c == ' ' && self.folds(may_fold, spaces, chars.peek().copied()) {
                self.write_indent();
                spaces = true;
                continue;
            }
            self.put(c);
            spaces = c == ' ';
            if !spaces {
                self.indention = false;
            }
        }
        self.whitespace = false;
        self.indention = false;
    }

    fn single_quoted(&mut self, text: &str, may_fold: bool) {
        self.indicator("'", true, false, false);
        let (mut spaces, mut breaks) = (false, false);
        let last = text.chars().count().saturating_sub(1);
        let mut chars = text.chars().enumerate().peekable();
        while let Some((at, c)) = chars.next() {
            let next = chars.peek().map(|(_, next)| *next);
            match c {
                ' ' => {
                    if at > 0 && at < last && self.folds(may_fold, spaces, next) {
                        self.write_indent();
                    } else {
                        self.put(' ');
                    }
                    spaces = true;
                    continue;
                }
                '\n' => {
                    if !breaks {
                        self.line_break();
                    }
                    self.line_break();
                    self.indention = true;
                    breaks = true;
                    continue;
                }
                _ => {}
            }
            if breaks {
                self.write_indent();
            }
            if c == '\'' {
                self.put('\'');
            }
            self.put(c);
            self.indention = false;
            (spaces, breaks) = (false, false);
        }
        if breaks {
            self.write_indent();
        }
        self.indicator("'", false, false, false);
        self.whitespace = false;
        self.indention = false;
    }

    fn double_quoted(&mut self, text: &str, may_fold: bool) {
        self.indicator("\"", true, false, false);
        let mut spaces = false;
        let last = text.chars().count().saturating_sub(1);
        let mut chars = text.chars().enumerate().peekable();
        while let Some((at, c)) = chars.next() {
            if c == ' ' {
                let next = chars.peek().map(|(_, next)| *next);
                if may_fold && !spaces && self.column > WIDTH && at > 0 && at < last {
                    self.write_indent();
                    if next == Some(' ') {
                        self.put('\\');
                    }
                } else {
                    self.put(' ');
                }
                spaces = true;
                continue;
            }
            spaces = false;
            if is_printable(c) && !is_break(c) && c != '"' && c != '\\' {
                self.put(c);
            } else {
                escape(c).chars().for_each(|c| self.put(c));
            }
        }
        self.indicator("\"", false, false, false);
        self.whitespace = false;
        self.indention = false;
    }

    fn literal(&mut self, text: &str) {
        self.indicator("|", true, false, false);
        if text.starts_with(|c| c == ' ' || is_break(c)) {
            self.put('2');
        }
        if !text.ends_with('\n') {
            self.put('-');
        } else if text.ends_with("\n\n") || text == "\n" {
            self.put('+');
            self.open_ended = true;
        }
        self.line_break();
        self.indention = true;
        self.whitespace = true;
        let mut breaks = true;
        for c in text.chars() {
            if c == '\n' {
                self.line_break();
                self.indention = true;
                breaks = true;
                continue;
            }
            if breaks {
                self.write_indent();
            }
            self.put(c);
            self.indention = false;
            breaks = false;
        }
    }
}

/// Keys that may stand on one line with their value.
fn is_simple_key(key: &Value) -> bool {
    match key {
        Value::Array(items) => items.is_empty(),
        Value::Hash(hash) => hash.is_empty(),
        other if parts_of(other).is_some() => false,
        other => {
            let scalar = scalar_of(other);
            let length = scalar.text.len() + scalar.tag.map_or(0, str::len);
            !scalar.text.contains(is_break) && length <= SIMPLE_KEY
        }
    }
}

fn scalar_of(value: &Value) -> Scalar {
    match value {
        Value::Nil => Scalar::plain(""),
        Value::True | Value::False | Value::Int(_) | Value::BigInt(_) | Value::Date(_) => {
            Scalar::plain(to_s(value).to_text())
        }
        Value::Float(number) if number.get().is_nan() => Scalar::plain(".nan"),
        Value::Float(number) if number.get().is_infinite() => {
            Scalar::plain(if number.get() > 0.0 { ".inf" } else { "-.inf" })
        }
        Value::Float(number) => Scalar::plain(float_to_s(number.get())),
        Value::Decimal(number) => {
            Scalar { tag: Some("!ruby/object:BigDecimal"), ..Scalar::plain(decimal_text(number)) }
        }
        Value::Symbol(name) => {
            let name = name.text();
            let tag = name.is_empty().then_some("!ruby/symbol");
            let text = if name.is_empty() { name } else { format!(":{name}") };
            Scalar { tag, ..Scalar::plain(text) }
        }
        Value::Str(text) => scalar_of_text(text),
        Value::Time(time) => Scalar {
            tag: (time.flavor == Flavor::DateTime).then_some("!ruby/object:DateTime"),
            ..Scalar::plain(time_text(time))
        },
        Value::Regexp(_) => Scalar { tag: Some("!ruby/regexp"), ..Scalar::plain(inspect(value).to_text()) },
        Value::Class(class) => Scalar {
            tag: Some(if class.info().is_module { "!ruby/module" } else { "!ruby/class" }),
            style: Style::Single,
            ..Scalar::plain(class.name())
        },
        other => Scalar::plain(to_s(other).to_text()),
    }
}

/// `2024-01-02 03:04:05.000000000 Z`
fn time_text(time: &Time) -> String {
    let text = time.xmlschema(9).replacen('T', " ", 1);
    let offset_at = text.find('.').map_or(text.len(), |point| point + 10);
    let (clock, offset) = text.split_at(offset_at.min(text.len()));
    let zulu = offset == "Z" || (time.flavor == Flavor::DateTime && offset == "+00:00");
    format!("{clock} {}", if zulu { "Z" } else { offset })
}

fn scalar_of_text(text: &Str) -> Scalar {
    let is_bytes = text.class() == StrClass::Binary || text.encoding() == Encoding::Binary;
    let valid = match text.text() {
        Some(valid) if !is_bytes || text.is_ascii() => valid.to_owned(),
        _ => {
            let encoded = base64::engine::general_purpose::STANDARD.encode(&*text.bytes());
            return Scalar { text: encoded, tag: Some("!binary"), style: Style::Literal, quoted_implicit: false };
        }
    };
    let (tag, style) = style_of(&valid);
    Scalar { text: valid, tag, style, quoted_implicit: true }
}

fn style_of(text: &str) -> (Option<&'static str>, Style) {
    let body = text.strip_suffix('\n').unwrap_or(text);
    if body.strip_suffix('\n').unwrap_or(body).contains('\n') || (body.contains('\n') && !body.ends_with('\n')) {
        return (None, Style::Literal);
    }
    let style = match text {
        "<<" => return (Some("!!str"), Style::Single),
        "y" | "n" => Style::Double,
        _ if has_odd_line(text) => Style::Double,
        _ if !reads_as_text(text) || is_odd_octal(text) => Style::Single,
        _ => Style::Plain,
    };
    (None, style)
}

/// A line begins with something that is no part of a word, and holds no double quote after it.
fn has_odd_line(text: &str) -> bool {
    let mut start = 0;
    loop {
        let line = &text[start..];
        let mut chars = line.chars();
        let Some(first) = chars.next() else { return false };
        let rest = chars.as_str();
        let end = rest.find('\n').unwrap_or(rest.len());
        let word = first.is_alphanumeric() || first == '_';
        if !word && !rest[..end].contains('"') {
            return true;
        }
        match line.find('\n') {
            Some(newline) => start += newline + 1,
            None => return false,
        }
    }
}

/// `089`: other readers take it for a number.
fn is_odd_octal(text: &str) -> bool {
    text.starts_with('0') && text.trim_start_matches(|c: char| ('0'..='7').contains(&c)).starts_with(['8', '9'])
}

fn reads_as_text(text: &str) -> bool {
    keyword(text).is_none() && symbol(text).is_none() && moment(text).is_none() && number(text).is_none()
}

/// What a text allows.
#[derive(Default)]
struct Shape {
    breaks: bool,
    plain: bool,
    single: bool,
    block: bool,
}

impl Shape {
    fn of(text: &str) -> Self {
        if text.is_empty() {
            return Self { breaks: false, plain: true, single: true, block: false };
        }
        let chars: Vec<char> = text.chars().collect();
        let is_blank = |at: usize| chars.get(at).is_none_or(|c| *c == ' ' || *c == '\t' || is_break(*c));
        let mut indicators = text.starts_with("---") || text.starts_with("...");
        let (mut special, mut breaks, mut break_space, mut space_break) = (false, false, false, false);
        let mut before = None;
        for (at, c) in chars.iter().enumerate() {
            let followed = is_blank(at + 1);
            indicators |= match c {
                '#' => at == 0 || is_blank(at - 1),
                ',' | '[' | ']' | '{' | '}' | '&' | '*' | '!' | '|' | '>' | '\'' | '"' | '%' | '@' | '`' => at == 0,
                '?' | '-' => at == 0 && followed,
                ':' => followed,
                _ => false,
            };
            special |= !is_printable(*c);
            breaks |= is_break(*c);
            break_space |= *c == ' ' && before.is_some_and(is_break);
            space_break |= is_break(*c) && before == Some(' ');
            before = Some(*c);
        }
        let edge = |c: Option<&char>| c.is_some_and(|c| *c == ' ' || is_break(*c));
        let edges = edge(chars.first()) || edge(chars.last());
        let broken = space_break || special;
        Self {
            breaks,
            plain: !(edges || break_space || broken || breaks || indicators),
            single: !(break_space || broken),
            block: !(broken || chars.last() == Some(&' ')),
        }
    }

    /// The style wanted, or the next one that the text allows.
    fn allowed(&self, scalar: &Scalar, is_key: bool) -> Style {
        let mut style = if is_key && self.breaks { Style::Double } else { scalar.style };
        if style == Style::Plain && (!self.plain || (scalar.text.is_empty() && is_key)) {
            style = Style::Single;
        }
        if style == Style::Plain && scalar.tag.is_none() && scalar.text.is_empty() && scalar.quoted_implicit {
            style = Style::Single;
        }
        if style == Style::Single && !self.single {
            style = Style::Double;
        }
        if style == Style::Literal && (!self.block || is_key) {
            style = Style::Double;
        }
        style
    }
}

const fn is_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

const fn is_printable(c: char) -> bool {
    matches!(c, '\n' | ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fefe}' | '\u{ff00}'..='\u{fffd}')
}

fn escape(c: char) -> String {
    let short = match c {
        '\0' => '0',
        '\u{7}' => 'a',
        '\u{8}' => 'b',
        '\t' => 't',
        '\n' => 'n',
        '\u{b}' => 'v',
        '\u{c}' => 'f',
        '\r' => 'r',
        '\u{1b}' => 'e',
        '"' | '\\' => c,
        '\u{85}' => 'N',
        '\u{a0}' => '_',
        '\u{2028}' => 'L',
        '\u{2029}' => 'P',
        c if (c as u32) <= 0xFF => return format!("\\x{:02X}", c as u32),
        c if (c as u32) <= 0xFFFF => return format!("\\u{:04X}", c as u32),
        c => return format!("\\U{:08X}", c as u32),
    };
    format!("\\{short}")
}
