//! Hashes as XML, the way of the Gyoku library and of request payloads: keys are element names, `@key` an attribute, `content!` the text of an element, a key that ends in
//! `!` holds XML as it is, one that ends in `/` an element without content, `order!` the order of the others.

use crate::methods::{Args, Host, Method, ruby};
use crate::value::{ClassId, Hash, Result, Value, inspect, raise, to_s};
use std::rc::Rc;

/// Deeper payloads are cycles.
const DEPTH: usize = 500;

/// `<root>payload</root>`, compact and without a declaration.
pub fn to_xml(root: &str, payload: &Rc<Hash>) -> Result<String> {
    let mut out = String::new();
    write_entry(root, &Value::Hash(Rc::clone(payload)), &[], &mut out, 0)?;
    Ok(out)
}

/// Of `Gyoku`.
pub(super) const ROWS: &[Method] = &[ruby(
    "xml",
    "(hash, key_converter: :lower_camelcase) -> String",
    "The hash as XML; symbols as keys are spelt by the converter, strings stay.",
    "Gyoku.xml({ 'a' => { :@id => 1, 'b' => nil } }) => \"<a id=\\\"1\\\"><b xsi:nil=\\\"true\\\"/></a>\"\nGyoku.xml({ my_key: 1 }, key_converter: :camelcase) => \"<MyKey>1</MyKey>\"",
    gyoku,
)];

fn gyoku(host: &mut dyn Host, _: &Value, mut args: Args) -> Result<Value> {
    let options = if args.len() > 1 { args.take_options() } else { None };
    let converter = options.and_then(|options| options.get_either("key_converter")).unwrap_or_default();
    let hash = match host.force(&args.get(0))? {
        Value::Hash(hash) => spelt(host, &hash, &converter, 0)?,
        other => return Err(crate::methods::args::no_conversion(&other, "Hash")),
    };
    let mut out = String::new();
    write_hash(&hash, &mut out, 0)?;
    Ok(Value::string(out))
}

/// The same hash with string keys, symbols spelt by the converter.
fn spelt(host: &mut dyn Host, hash: &Hash, converter: &Value, depth: usize) -> Result<Rc<Hash>> {
    if depth > DEPTH {
        return Err(raise(ClassId::SYSTEM_STACK_ERROR, "stack level too deep"));
    }
    let plain = Hash::with_capacity(hash.len());
    for (key, value) in hash.to_vec() {
        let name = match &key {
            Value::Symbol(symbol) => {
                let name = symbol.text();
                if name.starts_with('@') || name.ends_with('!') { name } else { spell(host, &name, converter)? }
            }
            other => to_s(other).to_text(),
        };
        plain.insert_str(&name, spelt_value(host, &value, converter, depth + 1)?);
    }
    Ok(Rc::new(plain))
}

fn spelt_value(host: &mut dyn Host, value: &Value, converter: &Value, depth: usize) -> Result<Value> {
    match host.force(value)? {
        Value::Hash(hash) => spelt(host, &hash, converter, depth).map(Value::Hash),
        Value::Array(items) => {
            let items = items.to_vec();
            let items: Result<Vec<_>> =
                items.iter().map(|item| spelt_value(host, item, converter, depth + 1)).collect();
            items.map(Value::array)
        }
        other => Ok(other),
    }
}

fn spell(host: &mut dyn Host, name: &str, converter: &Value) -> Result<String> {
    let capitalized = |word: &str| {
        let mut chars = word.chars();
        chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
    };
    let camel = || name.split('_').map(capitalized).collect::<String>();
    Ok(match converter {
        Value::Proc(converter) => {
            let spelt = host.call_proc(converter, Args::one(Value::str(name)))?;
            to_s(&spelt).to_text()
        }
        Value::Symbol(kind) => match kind.text().as_str() {
            "camelcase" => camel(),
            "none" => name.to_owned(),
            "upcase" => name.to_uppercase(),
            _ => lower_camel(&camel()),
        },
        _ => lower_camel(&camel()),
    })
}

fn lower_camel(name: &str) -> String {
    let mut chars = name.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

type Attributes = Vec<(String, Value)>;

/// The children of an element.
fn write_hash(hash: &Hash, out: &mut String, depth: usize) -> Result<()> {
    if depth > DEPTH {
        return Err(raise(ClassId::SYSTEM_STACK_ERROR, "stack level too deep"));
    }
    let outer = hash.get_either("attributes!").unwrap_or_default();
    for (key, value) in in_order(hash)? {
        let attributes = match &outer {
            Value::Hash(outer) => outer.get_either(&key).map(|given| attributes_in(&given, "")).unwrap_or_default(),
            _ => Attributes::new(),
        };
        write_entry(&key, &value, &attributes, out, depth)?;
    }
    Ok(())
}

/// Entries that are elements or text, as `order!` wants them.
fn in_order(hash: &Hash) -> Result<Vec<(String, Value)>> {
    let entries: Vec<(String, Value)> = hash
        .to_vec()
        .into_iter()
        .map(|(key, value)| (to_s(&key).to_text(), value))
        .filter(|(key, _)| !key.starts_with('@') && key != "attributes!" && key != "order!")
        .collect();
    let Some(Value::Array(order)) = hash.get_either("order!") else { return Ok(entries) };
    let order: Vec<String> = order.to_vec().iter().map(|key| to_s(key).to_text()).collect();
    let names: Vec<&String> = entries.iter().map(|(key, _)| key).collect();
    let missing: Vec<&&String> = names.iter().filter(|name| !order.contains(**name)).collect();
    let spurious: Vec<&String> = order.iter().filter(|name| !names.contains(name)).collect();
    if !missing.is_empty() {
        return Err(raise(ClassId::ARGUMENT_ERROR, format!("Missing elements in :order! {missing:?}")));
    }
    if !spurious.is_empty() {
        return Err(raise(ClassId::ARGUMENT_ERROR, format!("Spurious elements in :order! {spurious:?}")));
    }
    let find = |name: &String| entries.iter().find(|(key, _)| key == name).cloned();
    Ok(order.iter().filter_map(find).collect())
}

fn write_entry(key: &str, value: &Value, outer: &[(String, Value)], out: &mut String, depth: usize) -> Result<()> {
    let escape = !key.ends_with('!');
    let closes_itself = key.ends_with('/');
    let name = element_name(key);
    if key == "content!" {
        return write_text(value, false, out, depth);
    }
    let mut attributes = outer.to_vec();
    let mut value = value.clone();
    if let Value::Hash(hash) = &value {
        for (name, own) in attributes_in(&value, "@") {
            attributes.retain(|(known, _)| *known != name);
            attributes.push((name, own));
        }
        value = without_attributes(hash);
    }
    match &value {
        Value::Array(items) => write_items(name, &items.to_vec(), escape, closes_itself, &attributes, out, depth),
        Value::Hash(hash) => {
            open(name, &attributes, out);
            write_hash(hash, out, depth + 1)?;
            close(name, out);
            Ok(())
        }
        _ if closes_itself => {
            tag(name, &attributes, out);
            out.push_str("/>");
            Ok(())
        }
        Value::Nil => {
            nil_element(name, out);
            Ok(())
        }
        other => {
            open(name, &attributes, out);
            write_text(other, escape, out, depth)?;
            close(name, out);
            Ok(())
        }
    }
}

/// What an element holds: its `content!` if it has one, else its other entries; empty text for none at all.
fn without_attributes(hash: &Hash) -> Value {
    if let Some(content) = hash.get_either("content!").filter(|content| !content.is_nil()) {
        return match &content {
            Value::Array(items) if items.is_empty() => Value::str(""),
            Value::Hash(hash) if hash.is_empty() => Value::str(""),
            _ => content,
        };
    }
    let rest = Hash::with_capacity(hash.len());
    for (key, value) in hash.to_vec() {
        let name = to_s(&key).to_text();
        if !name.starts_with('@') && name != "content!" {
            rest.insert(key, value);
        }
    }
    if rest.is_empty() { Value::str("") } else { Value::hash(rest) }
}

/// One element an item.
fn write_items(
    name: &str,
    items: &[Value],
    escape: bool,
    closes_itself: bool,
    outer: &[(String, Value)],
    out: &mut String,
    depth: usize,
) -> Result<()> {
    if depth > DEPTH {
        return Err(raise(ClassId::SYSTEM_STACK_ERROR, "stack level too deep"));
    }
    for (index, item) in items.iter().enumerate() {
        let mut attributes = nth(outer, index);
        attributes.extend(attributes_in(item, "@"));
        if closes_itself {
            tag(name, &attributes, out);
            out.push_str("/>");
            continue;
        }
        match item {
            Value::Nil => nil_element(name, out),
            Value::Hash(hash) => {
                open(name, &attributes, out);
                write_hash(hash, out, depth + 1)?;
                close(name, out);
            }
            Value::Array(inner) => {
                open(name, &attributes, out);
                write_items("element", &inner.to_vec(), true, false, &[], out, depth + 1)?;
                close(name, out);
            }
            other => {
                open(name, &attributes, out);
                write_text(other, escape, out, depth)?;
                close(name, out);
            }
        }
    }
    Ok(())
}

/// Attributes given as arrays have a value for each item.
fn nth(outer: &[(String, Value)], index: usize) -> Attributes {
    let of_item = |(name, value): &(String, Value)| {
        let value = match value {
            Value::Array(values) => values.get(index).unwrap_or_default(),
            other => other.clone(),
        };
        value.truthy().then(|| (name.clone(), value))
    };
    outer.iter().filter_map(of_item).collect()
}

/// Entries whose key starts with `prefix`, without it.
fn attributes_in(value: &Value, prefix: &str) -> Attributes {
    let Value::Hash(hash) = value else { return Attributes::new() };
    hash.to_vec()
        .into_iter()
        .filter_map(|(key, value)| Some((to_s(&key).to_text().strip_prefix(prefix)?.to_owned(), value)))
        .collect()
}

/// A key without the sign at its end; `:name` and `:ns:name` lose the namespace.
fn element_name(key: &str) -> &str {
    let name = key.strip_suffix(['!', '/']).unwrap_or(key);
    if name.starts_with(':') { name.rsplit(':').next().unwrap_or(name) } else { name }
}

fn open(name: &str, attributes: &[(String, Value)], out: &mut String) {
    tag(name, attributes, out);
    out.push('>');
}

fn close(name: &str, out: &mut String) {
    out.extend(["</", name, ">"]);
}

fn nil_element(name: &str, out: &mut String) {
    out.extend(["<", name, " xsi:nil=\"true\"/>"]);
}

fn tag(name: &str, attributes: &[(String, Value)], out: &mut String) {
    out.extend(["<", name]);
    for (name, value) in attributes {
        out.extend([" ", name, "=\""]);
        for c in plain_text(value).chars() {
            match c {
                '"' => out.push_str("&quot;"),
                '\n' => out.push_str("&#10;"),
                '\r' => out.push_str("&#13;"),
                c => escape_char(c, out),
            }
        }
        out.push('"');
    }
}

fn escape_char(c: char, out: &mut String) {
    match c {
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        c => out.push(c),
    }
}

fn write_text(value: &Value, escape: bool, out: &mut String, depth: usize) -> Result<()> {
    match value {
        Value::Str(text) if escape => {
            for c in text.to_text().chars() {
                match c {
                    '"' => out.push_str("&quot;"),
                    '\'' => out.push_str("&#39;"),
                    c => escape_char(c, out),
                }
            }
        }
        Value::Hash(hash) => write_hash(hash, out, depth + 1)?,
        other => out.push_str(&plain_text(other)),
    }
    Ok(())
}

fn plain_text(value: &Value) -> String {
    match value {
        // In full: the bare time of day that some writers produce would lose the date.
        Value::Time(time) => time.xmlschema(0),
        Value::Array(_) | Value::Hash(_) => inspect(&by_symbols(value, 0)).to_text(),
        other => to_s(other).to_text(),
    }
}

/// A value whose hashes have symbols as keys: payloads get them before they are written, which shows where a hash stands
/// in the place of a text.
fn by_symbols(value: &Value, depth: usize) -> Value {
    match value {
        _ if depth > DEPTH => value.clone(),
        Value::Array(items) => Value::array(items.to_vec().iter().map(|item| by_symbols(item, depth + 1)).collect()),
        Value::Hash(hash) => {
            let made = Hash::with_capacity(hash.len());
            for (key, value) in hash.to_vec() {
                made.insert(Value::symbol(&to_s(&key).to_text()), by_symbols(&value, depth + 1));
            }
            made.into()
        }
        other => other.clone(),
    }
}
