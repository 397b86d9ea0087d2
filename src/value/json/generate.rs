//! `JSON.generate` and `JSON.pretty_generate`: the standard's escapes, and `to_s` of what JSON has no form for.

use super::text::{Escape, hex_preview, with_utf8, write_string};
use crate::value::number_text::room_for_text;
use crate::value::{ClassId, Hash, Result, Str, StrClass, Value, float_to_s, raise, to_s, walk};
use std::rc::Rc;

/// How generated JSON is laid out.
#[derive(Clone, Debug)]
pub struct Layout {
    pub indent: String,
    /// After a colon.
    pub space: String,
    /// Before a colon.
    pub space_before: String,
    /// After `{`, and between pairs.
    pub object_newline: String,
    /// After `[`, and between items.
    pub array_newline: String,
    /// 0 is any depth.
    pub max_nesting: usize,
    pub allow_nan: bool,
    /// Depth that the first line stands at.
    pub depth: usize,
}

impl Default for Layout {
    fn default() -> Self {
        Self {
            indent: String::new(),
            space: String::new(),
            space_before: String::new(),
            object_newline: String::new(),
            array_newline: String::new(),
            max_nesting: 100,
            allow_nan: false,
            depth: 0,
        }
    }
}

impl Layout {
    /// Two spaces a level.
    pub fn pretty() -> Self {
        Self {
            indent: "  ".to_owned(),
            space: " ".to_owned(),
            object_newline: "\n".to_owned(),
            array_newline: "\n".to_owned(),
            ..Self::default()
        }
    }
}

/// `JSON.generate(value)`.
pub fn generate(value: &Value) -> Result<String> {
    generate_with(value, &Layout::default())
}

/// `JSON.pretty_generate(value)`.
pub fn pretty_generate(value: &Value) -> Result<String> {
    generate_with(value, &Layout::pretty())
}

/// Either, with a layout of one's own.
pub fn generate_with(value: &Value, layout: &Layout) -> Result<String> {
    let mut writer = Writer { layout, out: String::new(), depth: layout.depth };
    writer.value(value)?;
    Ok(writer.out)
}

pub(super) fn separate(at: usize, out: &mut String) {
    if at > 0 {
        out.push(',');
    }
}

struct Writer<'a> {
    layout: &'a Layout,
    out: String,
    depth: usize,
}

impl Writer<'_> {
    fn value(&mut self, value: &Value) -> Result<()> {
        room_for_text(self.out.len())?;
        match value {
            Value::Nil => self.out.push_str("null"),
            Value::True => self.out.push_str("true"),
            Value::False => self.out.push_str("false"),
            Value::Int(it) => self.out.push_str(&it.to_string()),
            Value::BigInt(it) => self.out.push_str(&it.to_string()),
            Value::Float(it) if it.get().is_finite() || self.layout.allow_nan => {
                self.out.push_str(&float_to_s(it.get()));
            }
            Value::Float(it) => {
                return Err(raise(
                    ClassId::JSON_GENERATOR_ERROR,
                    format!("{} not allowed in JSON", float_to_s(it.get())),
                ));
            }
            Value::Str(text) if text.class() == StrClass::Binary => self.out.push_str(&hex_preview(&text.bytes())),
            Value::Str(text) => self.text(text)?,
            Value::Array(items) => self.items(&items.to_vec())?,
            Value::Hash(hash) => self.pairs(hash)?,
            other => self.text(&to_s(other))?,
        }
        Ok(())
    }

    fn text(&mut self, text: &Str) -> Result<()> {
        with_utf8(text, |text| write_string(text, Escape::Plain, &mut self.out))
    }

    fn open(&mut self) -> Result<walk::Inside> {
        self.depth += 1;
        let most = if self.layout.max_nesting == 0 { super::DEPTH } else { self.layout.max_nesting };
        let inside = if self.depth > most { None } else { walk::enter() };
        inside.ok_or_else(|| raise(ClassId::JSON_NESTING_ERROR, format!("nesting of {} is too deep", self.depth)))
    }

    fn indent(&mut self) {
        for _ in 0..self.depth {
            self.out.push_str(&self.layout.indent);
        }
    }

    fn items(&mut self, items: &[Value]) -> Result<()> {
        let _inside = self.open()?;
        if items.is_empty() {
            self.depth -= 1;
            self.out.push_str("[]");
            return Ok(());
        }
        self.out.push('[');
        self.out.push_str(&self.layout.array_newline);
        for (at, item) in items.iter().enumerate() {
            if at > 0 {
                self.out.push(',');
                self.out.push_str(&self.layout.array_newline);
            }
            self.indent();
            self.value(item)?;
        }
        self.close(']');
        Ok(())
    }

    fn pairs(&mut self, hash: &Rc<Hash>) -> Result<()> {
        let _inside = self.open()?;
        if hash.is_empty() {
            self.depth -= 1;
            self.out.push_str("{}");
            return Ok(());
        }
        self.out.push('{');
        self.out.push_str(&self.layout.object_newline);
        for (at, (key, item)) in hash.to_vec().iter().enumerate() {
            if at > 0 {
                self.out.push(',');
                self.out.push_str(&self.layout.object_newline);
            }
            self.indent();
            self.text(&to_s(key))?;
            self.out.push_str(&self.layout.space_before);
            self.out.push(':');
            self.out.push_str(&self.layout.space);
            self.value(item)?;
        }
        self.close('}');
        Ok(())
    }

    fn close(&mut self, bracket: char) {
        self.depth -= 1;
        let newline = if bracket == ']' { &self.layout.array_newline } else { &self.layout.object_newline };
        if !newline.is_empty() {
            self.out.push_str(newline);
            self.indent();
        }
        self.out.push(bracket);
    }
}
