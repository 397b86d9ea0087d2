//! `inspect` and `to_s` of every kind, as Ruby prints them.

use super::{Hash, Str, Value, float_to_s};
use std::cell::RefCell;
use std::rc::Rc;

/// Cycles and values deeper than this print as `...`.
const DEPTH: usize = 200;
/// Nobody reads more: what shares parts with itself could be written for ever.
const MOST: usize = 256 << 20;

thread_local! {
    /// What is being written, from the outermost in. Objects and exceptions write what they hold by [`inspect`] anew, and
    /// cycles may lead through them.
    static OPEN: RefCell<Vec<usize>> = const { RefCell::new(Vec::new()) };
}

/// `value.inspect`.
pub fn inspect(value: &Value) -> Str {
    let mut out = Vec::new();
    write_inspect(value, &mut out);
    Str::owned(out, super::Encoding::Utf8)
}

/// `value.to_s`. A string is itself, so the same object comes back.
pub fn to_s(value: &Value) -> Rc<Str> {
    match value {
        Value::Str(text) => Rc::clone(text),
        Value::Nil => Rc::new(Str::from("")),
        Value::Int(number) => Rc::new(Str::from(itoa::Buffer::new().format(*number))),
        Value::Symbol(symbol) => Rc::new(symbol.with(|text| Str::from(text))),
        Value::Exception(exception) => Rc::new(Str::from(exception.message())),
        Value::Duration(duration) => to_s(&duration.seconds),
        Value::Match(found) => match found.group(0) {
            Value::Str(text) => text,
            _ => Rc::new(Str::from("")),
        },
        Value::Range(range) => {
            let mut out = to_s(&range.lo).bytes().to_vec();
            out.extend_from_slice(if range.exclusive { b"..." } else { b".." });
            out.extend_from_slice(&to_s(&range.hi).bytes());
            Rc::new(Str::owned(out, super::Encoding::Utf8))
        }
        Value::Regexp(regexp) => Rc::new(Str::from(regexp.to_s())),
        Value::Time(time) => Rc::new(Str::from(time.to_s())),
        Value::Date(date) => Rc::new(Str::from(date.to_s())),
        Value::Decimal(number) => Rc::new(Str::from(number.to_plain())),
        Value::Rational(number) => Rc::new(Str::from(format!("{}/{}", number.numerator, number.denominator))),
        other => Rc::new(inspect(other)),
    }
}

fn write_inspect(value: &Value, out: &mut Vec<u8>) {
    if out.len() > MOST {
        return;
    }
    match value {
        Value::Nil => out.extend_from_slice(b"nil"),
        Value::True => out.extend_from_slice(b"true"),
        Value::False => out.extend_from_slice(b"false"),
        Value::Int(it) => out.extend_from_slice(itoa::Buffer::new().format(*it).as_bytes()),
        Value::BigInt(it) => out.extend_from_slice(it.to_string().as_bytes()),
        Value::Float(it) => out.extend_from_slice(float_to_s(it.get()).as_bytes()),
        Value::Symbol(it) => it.with(|text| write_symbol(text, out)),
        Value::Class(it) => out.extend_from_slice(it.name().as_bytes()),
        Value::Str(it) => super::inspect_string(it, out),
        Value::Array(it) => guarded(Rc::as_ptr(it).addr(), b"[...]", out, |out| {
            out.push(b'[');
            for (at, item) in it.to_vec().iter().enumerate() {
                separate(at, out);
                write_inspect(item, out);
            }
            out.push(b']');
        }),
        Value::Hash(it) => guarded(Rc::as_ptr(it).addr(), b"{...}", out, |out| write_hash(it, out)),
        Value::Set(it) => guarded(Rc::as_ptr(it).addr(), b"#<Set: {...}>", out, |out| {
            out.extend_from_slice(b"#<Set: {");
            for (at, item) in it.members.keys().iter().enumerate() {
                separate(at, out);
                write_inspect(item, out);
            }
            out.extend_from_slice(b"}>");
        }),
        Value::Range(it) => {
            if !it.lo.is_nil() || it.hi.is_nil() {
                write_inspect(&it.lo, out);
            }
            out.extend_from_slice(if it.exclusive { b"..." } else { b".." });
            if !it.hi.is_nil() || it.lo.is_nil() {
                write_inspect(&it.hi, out);
            }
        }
        Value::Rational(it) => out.extend_from_slice(format!("({}/{})", it.numerator, it.denominator).as_bytes()),
        Value::Regexp(it) => out.extend_from_slice(it.inspect().as_bytes()),
        Value::Match(it) => out.extend_from_slice(it.inspect().as_bytes()),
        Value::Time(it) => out.extend_from_slice(it.inspect().as_bytes()),
        Value::Date(it) => out.extend_from_slice(it.inspect().as_bytes()),
        Value::Duration(it) => out.extend_from_slice(it.inspect().as_bytes()),
        Value::Exception(it) => out.extend_from_slice(it.inspect().as_bytes()),
        Value::Proc(it) => out.extend_from_slice(if it.is_lambda { b"#<Proc (lambda)>" } else { b"#<Proc>" }),
        Value::Decimal(it) => out.extend_from_slice(it.to_scientific().as_bytes()),
        Value::Object(it) => {
            let cycle = format!("#<{}: ...>", it.class().name());
            guarded(Rc::as_ptr(it).addr(), cycle.as_bytes(), out, |out| out.extend_from_slice(it.inspect().as_bytes()));
        }
    }
}

fn write_hash(hash: &Rc<Hash>, out: &mut Vec<u8>) {
    out.push(b'{');
    for (at, (key, value)) in hash.to_vec().iter().enumerate() {
        separate(at, out);
        write_inspect(key, out);
        out.extend_from_slice(b"=>");
        write_inspect(value, out);
    }
    out.push(b'}');
}

fn separate(at: usize, out: &mut Vec<u8>) {
    if at > 0 {
        out.extend_from_slice(b", ");
    }
}

/// Writes a container unless it is being written already (a cycle) or lies too deep.
fn guarded(address: usize, cycle: &[u8], out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) {
    let inside = super::walk::enter();
    if inside.is_none() || OPEN.with_borrow(|open| open.contains(&address) || open.len() > DEPTH) {
        out.extend_from_slice(cycle);
        return;
    }
    OPEN.with_borrow_mut(|open| open.push(address));
    write(out);
    OPEN.with_borrow_mut(Vec::pop);
}

/// `:name`, or `:"quoted name"` where the bare form would not read back.
fn write_symbol(text: &str, out: &mut Vec<u8>) {
    out.push(b':');
    if is_plain_symbol(text) {
        out.extend_from_slice(text.as_bytes());
    } else {
        super::inspect_string(&Str::from(text), out);
    }
}

/// Readable after a colon without quotes: identifiers (with `?`, `!`, `=`), instance variables, globals, operators.
pub fn is_plain_symbol(text: &str) -> bool {
    const OPERATORS: &[&str] = &[
        "[]", "[]=", "+", "-", "*", "/", "%", "**", "==", "!=", "===", "=~", "!~", "<", "<=", ">", ">=", "<=>", "<<",
        ">>", "!", "~", "+@", "-@", "&", "|", "^", "`",
    ];
    if OPERATORS.contains(&text) {
        return true;
    }
    let sigil = ["@@", "@", "$"].iter().find(|sigil| text.starts_with(**sigil));
    let body = sigil.map_or(text, |sigil| &text[sigil.len()..]);
    let body = if sigil.is_none() { body.strip_suffix(['?', '!', '=']).unwrap_or(body) } else { body };
    let mut chars = body.chars();
    chars.next().is_some_and(|first| first.is_alphabetic() || first == '_' || !first.is_ascii())
        && chars.all(|c| c.is_alphanumeric() || c == '_' || !c.is_ascii())
}
