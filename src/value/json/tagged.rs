//! The tagged form: JSON in which values that JSON cannot hold are objects with a `$` key, so that no class is lost.

use super::DEPTH;
use super::text::{Escape, write_string};
use crate::value::walk;
use crate::value::{
    Array, ClassId, Encoding, Exception, Flavor, Hash, Kind, MatchData, Proc, Regexp, Str, StrClass, Time, Value, Zone,
    float_to_s, to_s,
};
use std::rc::Rc;

/// The value as one line of tagged JSON. Never fails: a cycle ends as its `inspect`.
pub fn to_tagged(value: &Value) -> String {
    let mut out = String::new();
    write(value, &mut out, 0);
    out
}

fn write(value: &Value, out: &mut String, depth: usize) {
    if depth > DEPTH {
        return string("…", out);
    }
    match value {
        Value::Nil => out.push_str("null"),
        Value::True => out.push_str("true"),
        Value::False => out.push_str("false"),
        Value::Int(it) => out.push_str(&it.to_string()),
        Value::BigInt(it) => tag("int", &it.to_string(), out),
        Value::Float(it) if !it.get().is_finite() => tag("float", &float_to_s(it.get()), out),
        Value::Float(it) => out.push_str(&float_to_s(it.get())),
        Value::Str(it) => text(it, out),
        Value::Symbol(it) => it.with(|text| tag("symbol", text, out)),
        Value::Class(it) => tag("module", it.public_name(), out),
        Value::Decimal(_) => tag("bigdecimal", &to_s(value).to_text(), out),
        Value::Rational(_) => tag("rational", &to_s(value).to_text(), out),
        Value::Date(_) => tag("date", &to_s(value).to_text(), out),
        Value::Time(it) => time(it, out),
        Value::Array(it) => match walk::enter() {
            Some(_inside) => array(it, out, depth),
            None => string("…", out),
        },
        Value::Hash(it) => match walk::enter() {
            Some(_inside) => hash(it, out, depth),
            None => string("…", out),
        },
        Value::Set(it) => {
            open("set", out);
            items(&it.members.keys(), out, depth);
            out.push('}');
        }
        Value::Range(it) => {
            open("range", out);
            items(&[it.lo.clone(), it.hi.clone(), Value::bool(it.exclusive)], out, depth);
            out.push('}');
        }
        Value::Duration(it) => {
            open("duration", out);
            write(&it.seconds, out, depth + 1);
            out.push_str(",\"parts\":{");
            for (at, (unit, amount)) in it.parts.iter().enumerate() {
                comma(at, out);
                string(unit.name(), out);
                out.push(':');
                write(amount, out, depth + 1);
            }
            out.push_str("}}");
        }
        Value::Regexp(it) => regexp(it, out),
        Value::Match(it) => found(it, out, depth),
        Value::Exception(it) => exception(it, out),
        Value::Proc(it) => proc(it, out),
        Value::Object(it) if it.class() == ClassId::COMPLEX => {
            tag("complex", it.inspect().trim_matches(['(', ')']), out);
        }
        Value::Object(it) => match it.as_json() {
            Some(Value::Str(name)) if it.kind() == Kind::TimeZone => tag("timezone", &name.to_text(), out),
            _ => tag(object_tag(it.kind()), &it.inspect(), out),
        },
    }
}

const fn object_tag(kind: Kind) -> &'static str {
    match kind {
        Kind::TimeZone => "timezone",
        Kind::Enumerator => "enumerator",
        Kind::Lazy => "lazy",
        Kind::Where => "where",
        Kind::Request => "request",
        Kind::Encoding => "encoding",
        Kind::Uri => "uri",
        Kind::Method => "method",
        _ => "object",
    }
}

fn string(text: &str, out: &mut String) {
    write_string(text, Escape::Plain, out);
}

fn open(name: &str, out: &mut String) {
    out.push_str("{\"$");
    out.push_str(name);
    out.push_str("\":");
}

fn tag(name: &str, text: &str, out: &mut String) {
    open(name, out);
    string(text, out);
    out.push('}');
}

fn also(name: &str, text: &str, out: &mut String) {
    out.push(',');
    string(name, out);
    out.push(':');
    string(text, out);
}

fn comma(at: usize, out: &mut String) {
    if at > 0 {
        out.push(',');
    }
}

fn items(values: &[Value], out: &mut String, depth: usize) {
    out.push('[');
    for (at, value) in values.iter().enumerate() {
        comma(at, out);
        write(value, out, depth + 1);
    }
    out.push(']');
}

fn array(array: &Array, out: &mut String, depth: usize) {
    items(&array.to_vec(), out, depth);
}

fn hash(hash: &Rc<Hash>, out: &mut String, depth: usize) {
    let pairs = hash.to_vec();
    let plain = pairs.iter().all(|(key, _)| matches!(key, Value::Str(key) if key.text().is_some()));
    if !plain {
        open("hash", out);
        let pairs: Vec<_> = pairs.into_iter().map(|(key, value)| Value::array(vec![key, value])).collect();
        items(&pairs, out, depth);
        out.push('}');
        return;
    }
    out.push('{');
    for (at, (key, value)) in pairs.iter().enumerate() {
        comma(at, out);
        string(&to_s(key).to_text(), out);
        out.push(':');
        write(value, out, depth + 1);
    }
    out.push('}');
}

/// Text is itself; bytes, and text that is not valid, are shown in hexadecimal.
fn text(text: &Str, out: &mut String) {
    let is_bytes = text.class() == StrClass::Binary
        || matches!(text.encoding(), Encoding::Binary | Encoding::Other(_)) && !text.is_ascii();
    match text.text() {
        Some(valid) if !is_bytes => string(&valid, out),
        _ => {
            open("bytes_hex", out);
            string(&hex::encode(&*text.bytes()), out);
            if text.class() != StrClass::Binary && text.encoding() != Encoding::Binary {
                also("encoding", text.encoding().name(), out);
            }
            out.push('}');
        }
    }
}

fn time(time: &Time, out: &mut String) {
    let digits = match time.at.nanos {
        0 => 0,
        nanos if nanos % 1_000_000 == 0 && time.flavor != Flavor::DateTime => 3,
        _ => 9,
    };
    open(if time.flavor == Flavor::DateTime { "datetime" } else { "time" }, out);
    string(&time.xmlschema(digits), out);
    if let (Flavor::WithZone, Zone::Named(_, name)) = (time.flavor, time.zone()) {
        also("zone", name, out);
    } else if time.flavor == Flavor::WithZone {
        also("zone", "UTC", out);
    }
    out.push('}');
}

fn regexp(regexp: &Regexp, out: &mut String) {
    let inspected = regexp.inspect();
    let options = inspected.rsplit('/').next().unwrap_or_default();
    open("regexp", out);
    string(&String::from_utf8_lossy(&regexp.source), out);
    also("opts", options, out);
    out.push('}');
}

fn found(found: &MatchData, out: &mut String, depth: usize) {
    let groups: Vec<_> = (0..found.groups.len()).map(|at| found.group(at)).collect();
    open("match", out);
    items(&groups, out, depth);
    let bytes = found.text.bytes();
    let (start, end) = found.groups.first().copied().flatten().unwrap_or_default();
    also("pre", &String::from_utf8_lossy(bytes.get(..start).unwrap_or_default()), out);
    also("post", &String::from_utf8_lossy(bytes.get(end..).unwrap_or_default()), out);
    out.push('}');
}

fn exception(exception: &Exception, out: &mut String) {
    open("exception", out);
    string(exception.class.name(), out);
    also("message", &exception.message(), out);
    out.push('}');
}

fn proc(proc: &Proc, out: &mut String) {
    open("proc", out);
    out.push_str(if proc.is_lambda { "true" } else { "false" });
    out.push_str(&format!(",\"arity\":{}}}", proc.code.arity().number(proc.is_lambda)));
}
