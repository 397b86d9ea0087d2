//! `to_xml` of hashes and arrays with Rails' type attributes, `String#from_xml`, and `Hash.from_xml`.

use super::typecast;
use crate::methods::{Args, Host, Method, rails, sdk, watched};
use crate::text::Name;
use crate::value::{ClassId, Hash, Result, Value, raise, to_s};
use std::rc::Rc;

pub(super) const ARRAY: &[Method] = &[rails(
    "to_xml",
    "(options = {}) -> String",
    "The items as XML elements with their types; `root:` names the element around them.",
    "[{ a: 1 }].to_xml(root: 'rows', skip_instruct: true, indent: 0) => \"<rows type=\\\"array\\\"><row><a type=\\\"integer\\\">1</a></row></rows>\"",
    |host, items, args| {
        let Value::Array(array) = items else { return Ok(Value::Nil) };
        let mut writer = Writer::new(host, &args.get(0))?;
        let root = match &writer.root {
            Some(root) => root.clone(),
            None => writer.name_of_items(&array.to_vec())?,
        };
        writer.array(&root, &array.to_vec(), 0)?;
        Ok(Value::string(writer.out))
    },
)];

pub(super) const HASH: &[Method] = &[rails(
    "to_xml",
    "(options = {}) -> String",
    "The entries as XML elements with their types; `root:` names the element around them.",
    "{ a: nil }.to_xml(skip_instruct: true) => \"<hash>\\n  <a nil=\\\"true\\\"/>\\n</hash>\\n\"",
    |host, hash, args| {
        let Value::Hash(entries) = hash else { return Ok(Value::Nil) };
        let mut writer = Writer::new(host, &args.get(0))?;
        let root = writer.root.clone().unwrap_or_else(|| "hash".to_owned());
        writer.hash(&root, entries, 0)?;
        Ok(Value::string(writer.out))
    },
)];

pub(super) const STRING: &[Method] = &[sdk(
    "from_xml",
    "() -> Hash",
    "An XML document as a hash: elements are arrays under their names, `@name` an attribute, `content!` the text.",
    "'<a x=\"1\">t</a>'.from_xml => {\"a\"=>[{\"@x\"=>\"1\", \"content!\"=>\"t\"}]}",
    |host, text, _| {
        let Value::Str(text) = text else { return Ok(Value::Nil) };
        let bytes = text.bytes();
        let document = watched(host, |watch| crate::methods::xml::watched_document(&bytes, false, watch))?;
        document.map_err(|error| raise(ClassId::NOKOGIRI_SYNTAX_ERROR, error.to_string()))
    },
)];

pub(super) const HASH_CLASS: &[Method] = &[
    rails(
        "from_trusted_xml",
        "(xml) -> Hash",
        "The same as `from_xml`.",
        "Hash.from_trusted_xml('<a>1</a>') => {\"a\"=>\"1\"}",
        |host, _, args| typecast::from_xml(host, &args.get(0), false),
    ),
    rails(
        "from_xml",
        "(xml, disallowed_types = nil) -> Hash",
        "An XML document as Rails reads it: single elements are values, types are cast.",
        "Hash.from_xml('<a><b type=\"integer\">1</b></a>') => {\"a\"=>{\"b\"=>1}}",
        |host, _, args| typecast::from_xml(host, &args.get(0), true),
    ),
];

/// Deeper values are cycles.
const DEPTH: usize = 500;

struct Writer<'a> {
    host: &'a mut dyn Host,
    out: String,
    root: Option<String>,
    children: Option<String>,
    indent: usize,
    skip_types: bool,
    dasherize: bool,
    camelize: Option<bool>,
}

impl<'a> Writer<'a> {
    fn new(host: &'a mut dyn Host, options: &Value) -> Result<Self> {
        let empty = Rc::new(Hash::new());
        let options = match options {
            Value::Hash(options) => options,
            _ => &empty,
        };
        let option = |name: &str| options.get_either(name).filter(|value| !value.is_nil());
        let is_set = |name: &str| option(name).is_some_and(|value| value.truthy());
        let text = |name: &str| option(name).map(|value| to_s(&value).to_text());
        let indent = match option("indent") {
            Some(Value::Int(width)) => usize::try_from(width).unwrap_or(0),
            _ => 2,
        };
        let out = if is_set("skip_instruct") {
            String::new()
        } else {
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>".to_owned()
        };
        let camelize = option("camelize").filter(Value::truthy).map(|way| to_s(&way).to_text() == "lower");
        let mut writer = Self {
            host,
            out,
            root: text("root"),
            children: text("children"),
            indent,
            skip_types: is_set("skip_types"),
            dasherize: options.get_either("dasherize").is_none_or(|value| value.truthy()),
            camelize,
        };
        if !writer.out.is_empty() {
            writer.newline();
        }
        Ok(writer)
    }

    fn newline(&mut self) {
        if self.indent > 0 {
            self.out.push('\n');
        }
    }

    fn pad(&mut self, depth: usize) {
        self.out.push_str(&" ".repeat(self.indent * depth));
    }

    /// What stands around items of one class: its name in the plural; `objects` for hashes and mixed ones.
    fn name_of_items(&mut self, items: &[Value]) -> Result<String> {
        let class = items.first().map_or(ClassId::NIL, Value::class);
        if class == ClassId::HASH || !items.iter().all(|item| item.class().is_a(class)) {
            return Ok("objects".to_owned());
        }
        let underscored = self.word(class.name(), "underscore")?;
        Ok(self.word(&underscored, "pluralize")?.replace('/', "_"))
    }

    /// A word changed by one of the inflections.
    fn word(&mut self, word: &str, change: &str) -> Result<String> {
        let changed = self.host.send(&Value::str(word), Name::new(change), Args::none())?;
        Ok(to_s(&changed).to_text())
    }

    fn rename(&mut self, name: &str) -> Result<String> {
        let name = match self.camelize {
            Some(true) => {
                let args = Args::one(Value::symbol("lower"));
                to_s(&self.host.send(&Value::str(name), Name::new("camelize"), args)?).to_text()
            }
            Some(false) => self.word(name, "camelize")?,
            None => name.to_owned(),
        };
        if !self.dasherize {
            return Ok(name);
        }
        let body = name.trim_start_matches('_');
        let left = &name[..name.len() - body.len()];
        let middle = body.trim_end_matches('_');
        let right = &body[middle.len()..];
        Ok(format!("{left}{}{right}", middle.replace(['_', ' '], "-")))
    }

    fn open(&mut self, name: &str, attributes: &[(&str, &str)], depth: usize) {
        self.pad(depth);
        self.out.push('<');
        self.out.push_str(name);
        for (key, value) in attributes {
            self.out.push_str(&format!(" {key}=\"{}\"", escape(value).replace('"', "&quot;")));
        }
    }

    fn hash(&mut self, name: &str, entries: &Hash, depth: usize) -> Result<()> {
        check(depth)?;
        let name = self.rename(name)?;
        self.open(&name, &[], depth);
        self.out.push('>');
        self.newline();
        for (key, value) in entries.to_vec() {
            self.value(&to_s(&key).to_text(), &value, depth + 1)?;
        }
        self.close(&name, depth);
        Ok(())
    }

    fn close(&mut self, name: &str, depth: usize) {
        self.pad(depth);
        self.out.push_str(&format!("</{name}>"));
        self.newline();
    }

    fn array(&mut self, name: &str, items: &[Value], depth: usize) -> Result<()> {
        check(depth)?;
        let name = self.rename(name)?;
        let attributes: &[(&str, &str)] = if self.skip_types { &[] } else { &[("type", "array")] };
        self.open(&name, attributes, depth);
        if items.is_empty() {
            self.out.push_str("/>");
            self.newline();
            return Ok(());
        }
        self.out.push('>');
        self.newline();
        let child = match self.children.take() {
            Some(child) => child,
            None => self.word(&name, "singularize")?,
        };
        for item in items {
            self.value(&child, item, depth + 1)?;
        }
        self.close(&name, depth);
        Ok(())
    }

    fn value(&mut self, name: &str, value: &Value, depth: usize) -> Result<()> {
        let value = self.host.force(value)?;
        match &value {
            Value::Hash(entries) => return self.hash(name, entries, depth),
            Value::Array(items) => return self.array(name, &items.to_vec(), depth),
            _ => {}
        }
        let name = self.rename(name)?;
        let kind = type_of(&value);
        let mut attributes = Vec::new();
        if let Some(kind) = kind.filter(|_| !self.skip_types) {
            attributes.push(("type", kind));
        }
        if value.is_nil() {
            attributes.push(("nil", "true"));
        }
        self.open(&name, &attributes, depth);
        if value.is_nil() {
            self.out.push_str("/>");
        } else {
            let text = match &value {
                Value::Time(time) => time.xmlschema(0),
                _ => crate::methods::kernel::text_of(self.host, &value)?.to_text(),
            };
            self.out.push_str(&format!(">{}</{name}>", escape(&text)));
        }
        self.newline();
        Ok(())
    }
}

fn check(depth: usize) -> Result<()> {
    if depth > DEPTH { Err(raise(ClassId::SYSTEM_STACK_ERROR, "stack level too deep")) } else { Ok(()) }
}

/// The `type` attribute; text and nil have none.
fn type_of(value: &Value) -> Option<&'static str> {
    Some(match value {
        Value::Nil | Value::Str(_) => return None,
        Value::Symbol(_) => "symbol",
        Value::Int(_) | Value::BigInt(_) => "integer",
        Value::Decimal(_) => "decimal",
        Value::Float(_) => "float",
        Value::True | Value::False => "boolean",
        Value::Date(_) => "date",
        Value::Time(_) => "dateTime",
        other => other.class().name(),
    })
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            // XML has no way to write these.
            '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' => out.push('\u{fffd}'),
            other => out.push(other),
        }
    }
    out
}
