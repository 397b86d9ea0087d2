//! `puts`, `p` and the like: text for the person who runs the connector.

use crate::methods::{Args, Host, Method, ruby};
use crate::text::Name;
use crate::value::{Kind, Result, Str, Value, inspect, to_s};
use std::rc::Rc;

pub(super) const ROWS: &[Method] = &[
    ruby(
        "p",
        "(*values) -> Object",
        "Prints the inspected values, one a line, and gives them back.",
        "p('a') => \"a\"\np(1, 2) => [1, 2]\np => nil",
        p,
    ),
    ruby("pp", "(*values) -> Object", "Prints the inspected values, and gives them back.", "pp([1]) => [1]", p),
    ruby("print", "(*values)", "Prints the values without line ends.", "print('a', 1) => nil", print),
    ruby(
        "printf",
        "(format = nil, *values)",
        "Prints the values in the format's places.",
        "printf('%02d', 5) => nil",
        printf,
    ),
    ruby("putc", "(character) -> Object", "Prints one character.", "putc('abc') => \"abc\"", putc),
    ruby(
        "puts",
        "(*values)",
        "Prints the values, one a line; arrays are spread.",
        "puts('a', [1, [nil]]) => nil",
        puts,
    ),
    ruby(
        "warn",
        "(*messages, uplevel: nil, category: nil)",
        "Prints the messages, one a line.",
        "warn('careful') => nil",
        warn,
    ),
];

/// The value's `to_s`; requests are executed, objects are asked.
pub fn text_of(host: &mut dyn Host, value: &Value) -> Result<Rc<Str>> {
    let value = host.force(value)?;
    if value.kind() == Kind::Request || !matches!(value, Value::Object(_)) {
        return Ok(to_s(&value));
    }
    match host.send(&value, Name::new("to_s"), Args::none())? {
        Value::Str(text) => Ok(text),
        _ => Ok(Rc::new(inspect(&value))),
    }
}

fn inspected(host: &mut dyn Host, value: &Value) -> Result<Rc<Str>> {
    match host.send(value, Name::new("inspect"), Args::none())? {
        Value::Str(text) => Ok(text),
        other => Ok(to_s(&other)),
    }
}

fn p(host: &mut dyn Host, _: &Value, args: Args) -> Result<Value> {
    let mut out = Vec::new();
    for value in &args.values {
        out.extend_from_slice(&inspected(host, value)?.bytes());
        out.push(b'\n');
    }
    host.print(&out);
    Ok(match args.values.len() {
        0 => Value::Nil,
        1 => args.get(0),
        _ => Value::array(args.values.to_vec()),
    })
}

fn print(host: &mut dyn Host, _: &Value, args: Args) -> Result<Value> {
    let mut out = Vec::new();
    for value in &args.values {
        out.extend_from_slice(&text_of(host, value)?.bytes());
    }
    host.print(&out);
    Ok(Value::Nil)
}

fn printf(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    if args.is_empty() {
        return Ok(Value::Nil);
    }
    let text = host.send(receiver, Name::new("format"), args)?;
    host.print(&to_s(&text).bytes());
    Ok(Value::Nil)
}

fn putc(host: &mut dyn Host, _: &Value, args: Args) -> Result<Value> {
    match args.get(0) {
        Value::Str(text) => {
            let first = text.to_text().chars().next().map(String::from).unwrap_or_default();
            host.print(first.as_bytes());
        }
        other => {
            let byte = crate::methods::args::to_int(&other)?;
            host.print(&[byte as u8]);
        }
    }
    Ok(args.get(0))
}

fn puts(host: &mut dyn Host, _: &Value, args: Args) -> Result<Value> {
    let mut out = Vec::new();
    if args.is_empty() {
        out.push(b'\n');
    }
    for value in &args.values {
        line(host, value, &mut out, &mut Vec::new())?;
    }
    host.print(&out);
    Ok(Value::Nil)
}

fn warn(host: &mut dyn Host, receiver: &Value, mut args: Args) -> Result<Value> {
    args.take_keywords();
    if args.is_empty() { Ok(Value::Nil) } else { puts(host, receiver, args) }
}

/// One value of `puts`; arrays are spread, a cycle prints as `[...]`.
fn line(host: &mut dyn Host, value: &Value, out: &mut Vec<u8>, open: &mut Vec<*const ()>) -> Result<()> {
    let value = host.force(value)?;
    if let Value::Array(items) = &value {
        let address = Rc::as_ptr(items).cast();
        if open.contains(&address) {
            out.extend_from_slice(b"[...]\n");
            return Ok(());
        }
        open.push(address);
        for item in items.to_vec() {
            line(host, &item, out, open)?;
        }
        open.pop();
        if items.is_empty() && open.is_empty() {
            out.push(b'\n');
        }
        return Ok(());
    }
    let text = text_of(host, &value)?;
    out.extend_from_slice(&text.bytes());
    if !text.bytes().ends_with(b"\n") {
        out.push(b'\n');
    }
    Ok(())
}
