//! `JSON`, `to_json`, `as_json` and the SDK's `parse_json`: the dialects of `value::json` as methods.

use super::{Args, Host, Method, Receiver, Table, rails, ruby, sdk, watched};
use crate::text::Name;
use crate::value::json::{self, AsJson, Layout, ParseOptions};
use crate::value::{ClassId, Hash, Kind, Result, Str, Unwind, Value, raise, to_s, walk};
use std::rc::Rc;

/// Of every value, of `JSON` and `ActiveSupport::JSON`, and the bare functions.
pub static TABLES: &[Table] = &[
    Table { receiver: Receiver::Object, rows: OBJECT },
    Table { receiver: Receiver::Singleton("JSON"), rows: MODULE },
    Table { receiver: Receiver::Singleton("ActiveSupport::JSON"), rows: RAILS },
    Table { receiver: Receiver::Context, rows: FUNCTIONS },
];

const OBJECT: &[Method] = &[
    rails(
        "as_json",
        "(options = nil) -> Object",
        "The value in JSON's own kinds.",
        "{ a: :b }.as_json => {\"a\"=>\"b\"}\n{ a: 1, b: 2 }.as_json(only: ['a']) => {\"a\"=>1}",
        |host, value, args| {
            let plain = without_objects(host, value)?;
            json::as_json(&plain, &encode_options(&args.get(0)))
        },
    ),
    rails(
        "to_json",
        "(options = nil) -> String",
        "The value as JSON, safe inside HTML; what a request's body holds.",
        "{ a: '<b>' }.to_json => \"{\\\"a\\\":\\\"\\\\u003cb\\\\u003e\\\"}\"",
        |host, value, args| {
            let plain = without_objects(host, value)?;
            json::to_json(&plain, &encode_options(&args.get(0))).map(Value::string)
        },
    ),
];

const MODULE: &[Method] = &[
    ruby(
        "[]",
        "(value, options = {}) -> Object",
        "Reads a string; writes anything else.",
        "JSON['[1]'] => [1]\nJSON[[1]] => \"[1]\"",
        |host, receiver, args| match args.get(0) {
            Value::Str(_) => parse(host, receiver, args),
            _ => generate(host, receiver, args),
        },
    ),
    ruby(
        "dump",
        "(value, io = nil, limit = nil) -> String",
        "The value as compact JSON; NaN is allowed.",
        "JSON.dump({ a: nil }) => \"{\\\"a\\\":null}\"",
        |host, _, args| {
            let layout = Layout { max_nesting: 0, allow_nan: true, ..Layout::default() };
            json::generate_with(&without_objects(host, &args.get(0))?, &layout).map(Value::string)
        },
    ),
    ruby(
        "fast_generate generate unparse fast_unparse",
        "(value, options = nil) -> String",
        "The value as compact JSON.",
        "JSON.generate('a' => [1, nil]) => \"{\\\"a\\\":[1,null]}\"",
        generate,
    ),
    ruby(
        "load restore",
        "(source, proc = nil, options = {}) -> Object",
        "Reads JSON of any depth; nil and blank text are nil.",
        "JSON.load('[1]') => [1]\nJSON.load(nil) => nil\nJSON.load('') => nil",
        load,
    ),
    ruby(
        "parse parse!",
        "(source, options = {}) -> Object",
        "Reads JSON; `symbolize_names: true` makes the keys symbols.",
        "JSON.parse('{\"a\": 1}') => {\"a\"=>1}\nJSON.parse('{\"a\": 1}', symbolize_names: true) => {:a=>1}\nJSON.parse('x') => JSON::ParserError: unexpected character: 'x'",
        parse,
    ),
    ruby(
        "pretty_generate pretty_unparse",
        "(value, options = nil) -> String",
        "The value as JSON of many lines, two spaces a level.",
        "JSON.pretty_generate([1]) => \"[\\n  1\\n]\"",
        |host, _, args| {
            let layout = layout_options(Layout::pretty(), &args.get(1));
            json::generate_with(&without_objects(host, &args.get(0))?, &layout).map(Value::string)
        },
    ),
];

const RAILS: &[Method] = &[
    rails(
        "decode",
        "(source, options = {}) -> Object",
        "Reads JSON.",
        "ActiveSupport::JSON.decode('[1]') => [1]",
        parse,
    ),
    rails(
        "encode",
        "(value, options = nil) -> String",
        "The same as `to_json`.",
        "ActiveSupport::JSON.encode(a: 1) => \"{\\\"a\\\":1}\"",
        |host, _, args| {
            let plain = without_objects(host, &args.get(0))?;
            json::to_json(&plain, &encode_options(&args.get(1))).map(Value::string)
        },
    ),
];

const FUNCTIONS: &[Method] = &[
    ruby(
        "JSON",
        "(value, options = {}) -> Object",
        "Reads a string; writes anything else.",
        "JSON('[1]') => [1]",
        |host, receiver, args| match args.get(0) {
            Value::Str(_) => parse(host, receiver, args),
            _ => generate(host, receiver, args),
        },
    ),
    sdk(
        "parse_json",
        "(source) -> Object",
        "Reads JSON text; a request is executed, anything else is itself.",
        "parse_json('{\"a\": 1}') => {\"a\"=>1}\nparse_json(nil) => nil",
        parse_json,
    ),
];

/// `parse_json`, also as `workato.parse_json`.
pub fn parse_json(host: &mut dyn Host, _: &Value, args: Args) -> Result<Value> {
    match args.get(0) {
        Value::Str(text) => {
            let text = text.bytes();
            let parsed = watched(host, |watch| json::parse_watched(&text, ParseOptions::default(), watch))?;
            parsed.map_err(|error| raise(ClassId::SDK_JSON_PARSING_ERROR, error.message))
        }
        other => host.force(&other),
    }
}

fn parse(host: &mut dyn Host, _: &Value, args: Args) -> Result<Value> {
    let source = source_text(host, &args.get(0))?;
    read(host, &source, &args.get(1), ParseOptions::default())
}

/// The text to read: a string, or what converts to one.
fn source_text(host: &mut dyn Host, source: &Value) -> Result<Rc<Str>> {
    match host.force(source)? {
        Value::Str(text) => Ok(text),
        other => Err(super::args::no_conversion(&other, "String")),
    }
}

fn read(host: &mut dyn Host, source: &Str, options: &Value, defaults: ParseOptions) -> Result<Value> {
    let mut parse = defaults;
    let mut freeze = false;
    if let Value::Hash(options) = options {
        let option = |name: &str| options.get(&Value::symbol(name));
        parse.symbolize_names = option("symbolize_names").is_some_and(|value| value.truthy());
        parse.allow_nan = option("allow_nan").map_or(parse.allow_nan, |value| value.truthy());
        freeze = option("freeze").is_some_and(|value| value.truthy());
        match option("max_nesting") {
            Some(Value::Int(depth)) => parse.max_nesting = usize::try_from(depth).unwrap_or(0),
            Some(Value::Nil | Value::False) => parse.max_nesting = 0,
            _ => {}
        }
    }
    let parsed = watched(host, |watch| json::parse_watched(&source.bytes(), parse, watch))?;
    let value = parsed.map_err(parser_error)?;
    if freeze {
        freeze_deeply(&value);
    }
    Ok(value)
}

fn freeze_deeply(value: &Value) {
    match value {
        Value::Str(text) => text.freeze(),
        Value::Array(items) => {
            items.items().iter().for_each(freeze_deeply);
            items.freeze();
        }
        Value::Hash(hash) => {
            hash.values().iter().for_each(freeze_deeply);
            hash.freeze();
        }
        _ => {}
    }
}

#[cold]
fn parser_error(error: json::JsonError) -> Box<Unwind> {
    let class = if error.too_deep { ClassId::JSON_NESTING_ERROR } else { ClassId::JSON_PARSER_ERROR };
    raise(class, error.message)
}

fn load(host: &mut dyn Host, _: &Value, args: Args) -> Result<Value> {
    let source = match host.force(&args.get(0))? {
        Value::Nil => return Ok(Value::Nil),
        other => source_text(host, &other)?,
    };
    if source.is_empty() {
        return Ok(Value::Nil);
    }
    let (callback, options) = match args.get(1) {
        Value::Proc(callback) => (Some(callback), args.get(2)),
        Value::Hash(options) => (None, Value::Hash(options)),
        _ => (args.block.clone(), args.get(2)),
    };
    let value =
        read(host, &source, &options, ParseOptions { max_nesting: 0, allow_nan: true, symbolize_names: false })?;
    if let Some(callback) = callback {
        visit(host, &callback, &value)?;
    }
    Ok(value)
}

/// Hands every value to the callback, inside out.
fn visit(host: &mut dyn Host, callback: &Rc<crate::value::Proc>, value: &Value) -> Result<()> {
    match value {
        Value::Array(items) => {
            for item in items.to_vec() {
                visit(host, callback, &item)?;
            }
        }
        Value::Hash(hash) => {
            for (key, item) in hash.to_vec() {
                visit(host, callback, &key)?;
                visit(host, callback, &item)?;
            }
        }
        _ => {}
    }
    host.call_proc(callback, Args::one(value.clone())).map(|_| ())
}

fn generate(host: &mut dyn Host, _: &Value, args: Args) -> Result<Value> {
    let layout = layout_options(Layout::default(), &args.get(1));
    json::generate_with(&without_objects(host, &args.get(0))?, &layout).map(Value::string)
}

fn layout_options(mut layout: Layout, options: &Value) -> Layout {
    let Value::Hash(options) = options else { return layout };
    let option = |name: &str| options.get_either(name);
    let text = |name: &str, into: &mut String| {
        if let Some(Value::Str(given)) = option(name) {
            *into = given.to_text();
        }
    };
    text("indent", &mut layout.indent);
    text("space", &mut layout.space);
    text("space_before", &mut layout.space_before);
    text("object_nl", &mut layout.object_newline);
    text("array_nl", &mut layout.array_newline);
    layout.allow_nan = option("allow_nan").is_some_and(|value| value.truthy());
    match option("max_nesting") {
        Some(Value::Int(depth)) => layout.max_nesting = usize::try_from(depth).unwrap_or(0),
        Some(Value::False) => layout.max_nesting = 0,
        _ => {}
    }
    layout
}

/// `only:` and `except:`, each a name or names.
fn encode_options(options: &Value) -> AsJson {
    let Value::Hash(options) = options else { return AsJson::default() };
    let names = |value: Value| match value {
        Value::Array(names) => names.to_vec().iter().map(|name| to_s(name).to_text()).collect(),
        Value::Nil => Vec::new(),
        name => vec![to_s(&name).to_text()],
    };
    AsJson {
        only: options.get_either("only").filter(|only| !only.is_nil()).map(names),
        except: options.get_either("except").map(names).unwrap_or_default(),
    }
}

/// The same value with every object of another layer replaced: requests by their answers, collections by arrays, the
/// rest by its `to_s` or (what has none of its own) by an empty hash. Values without objects are not copied.
pub fn without_objects(host: &mut dyn Host, value: &Value) -> Result<Value> {
    if holds_objects(value, 0) { replaced(host, value, 0) } else { Ok(value.clone()) }
}

const DEPTH: usize = 5_000;

fn holds_objects(value: &Value, depth: usize) -> bool {
    match value {
        _ if depth > DEPTH => false,
        Value::Object(_) => true,
        Value::Array(items) => {
            walk::enter().is_some_and(|_inside| items.items().iter().any(|item| holds_objects(item, depth + 1)))
        }
        Value::Hash(hash) => walk::enter().is_some_and(|_inside| !hash.all(|_, item| !holds_objects(item, depth + 1))),
        _ => false,
    }
}

fn replaced(host: &mut dyn Host, value: &Value, depth: usize) -> Result<Value> {
    if depth > DEPTH {
        return Err(raise(ClassId::SYSTEM_STACK_ERROR, "stack level too deep"));
    }
    match value {
        Value::Array(items) => {
            let items = items.to_vec();
            let items: Result<Vec<_>> = items.iter().map(|item| replaced(host, item, depth + 1)).collect();
            items.map(Value::array)
        }
        Value::Hash(hash) => {
            let copy = Hash::with_capacity(hash.len());
            for (key, item) in hash.to_vec() {
                copy.insert(key, replaced(host, &item, depth + 1)?);
            }
            Ok(Value::hash(copy))
        }
        Value::Object(object) => match object.kind() {
            Kind::Request => {
                let answer = host.force(value)?;
                replaced(host, &answer, depth + 1)
            }
            Kind::Enumerator | Kind::Lazy | Kind::Where => {
                let items = host.send(value, Name::new("to_a"), Args::none())?;
                replaced(host, &items, depth + 1)
            }
            Kind::Uri | Kind::Encoding => host.send(value, Name::new("to_s"), Args::none()),
            _ => Ok(Hash::new().into()),
        },
        other => Ok(other.clone()),
    }
}
