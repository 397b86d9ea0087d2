//! `URI`: reading, joining, encoding of forms.

use super::ascii_value;
use super::uri_object::Uri;
use crate::http::url::Url;
use crate::methods::{Args, Host, Method, ruby};
use crate::text::Name;
use crate::value::{ClassId, Hash, Result, Unwind, Value, inspect, raise, to_s};

pub(super) const ROWS: &[Method] = &[
    ruby(
        "decode_www_form",
        "(text, enc = nil, separator: '&') -> Array",
        "The pairs of an encoded form.",
        "URI.decode_www_form('a=1&b=2+3') => [[\"a\", \"1\"], [\"b\", \"2 3\"]]",
        decode_www_form,
    ),
    ruby(
        "decode_www_form_component decode_uri_component",
        "(text, enc = nil) -> String",
        "Undoes the encoding of one key or value.",
        "URI.decode_www_form_component('a+b%20') => \"a b \"\nURI.decode_www_form_component('%z') => ArgumentError: invalid %-encoding (%z)",
        |_, _, args| {
            let text = args.str(0)?;
            let bytes = text.bytes();
            let is_broken =
                |at: usize| !bytes.get(at + 1..at + 3).is_some_and(|hex| hex.iter().all(u8::is_ascii_hexdigit));
            if (0..bytes.len()).any(|at| bytes[at] == b'%' && is_broken(at)) {
                let message = format!("invalid %-encoding ({})", text.to_text());
                return Err(raise(ClassId::ARGUMENT_ERROR, message));
            }
            Ok(utf8(unescape(&bytes, true)))
        },
    ),
    ruby(
        "encode_www_form",
        "(pairs, enc = nil) -> String",
        "A hash or pairs as a form: arrays repeat their key, nil is a bare key.",
        "URI.encode_www_form(a: 1, b: [2, 3], c: nil) => \"a=1&b=2&b=3&c\"",
        |host, _, args| encode_www_form(host, &args.get(0)),
    ),
    ruby(
        "encode_www_form_component encode_uri_component",
        "(value, enc = nil) -> String",
        "One key or value of a form, encoded.",
        "URI.encode_www_form_component('a b*~é') => \"a+b*%7E%C3%A9\"",
        |host, _, args| {
            let text = crate::methods::kernel::text_of(host, &args.get(0))?;
            Ok(ascii_value(escape_form(&text.bytes())))
        },
    ),
    ruby(
        "extract",
        "(text, schemes = nil) -> Array",
        "The absolute URLs in a text.",
        "URI.extract('see http://a.com/x now', ['http']) => [\"http://a.com/x\"]",
        extract,
    ),
    ruby(
        "join",
        "(base, *references) -> URI",
        "References resolved one after the other.",
        "URI.join('http://x.com/a/b', '/c').to_s => \"http://x.com/c\"",
        |_, _, args| {
            let mut url = parse_value(&args.get(0))?;
            for reference in args.values.iter().skip(1) {
                url = url.merged(&parse_value(reference)?)?;
            }
            Ok(Value::object(url))
        },
    ),
    ruby(
        "parse",
        "(text) -> URI",
        "A URL taken apart.",
        "URI.parse('https://x.com/p?a=1').host => \"x.com\"\nURI.parse('bad url') => URI::InvalidURIError: bad URI(is not URI?): \"bad url\"",
        |_, _, args| parse_value(&args.get(0)).map(Value::object),
    ),
    ruby(
        "split",
        "(text) -> Array",
        "Scheme, userinfo, host, port, registry, path, opaque, query, fragment.",
        "URI.split('http://h/p') => [\"http\", nil, \"h\", nil, nil, \"/p\", nil, nil, nil]",
        |_, _, args| Ok(parse_value(&args.get(0))?.split()),
    ),
];

/// `URI('…')`.
pub(super) const FUNCTIONS: &[Method] = &[ruby(
    "URI",
    "(text) -> URI",
    "A URL taken apart; a URI is itself.",
    "URI('http://x.com/a').to_s => \"http://x.com/a\"\nURI(5) => ArgumentError: bad argument (expected URI object or URI string)",
    |_, _, args| match args.get(0) {
        value @ Value::Str(_) => parse_value(&value).map(Value::object),
        value if value.downcast::<Uri>().is_some() => Ok(value),
        _ => Err(raise(ClassId::ARGUMENT_ERROR, "bad argument (expected URI object or URI string)")),
    },
)];

/// `URI::HTTP.build` and the like.
pub(super) const CLASS_ROWS: &[Method] = &[ruby(
    "build",
    "(parts) -> URI",
    "A URL of parts: scheme, userinfo, host, port, path, query, fragment.",
    "URI::HTTPS.build(host: 'h', path: '/p', query: 'a=1').to_s => \"https://h/p?a=1\"",
    |_, class, args| build(class, &args),
)];

/// Of `URI::DEFAULT_PARSER`.
pub(super) const PARSER: &[Method] = &[
    ruby(
        "escape",
        "(text, unsafe = nil) -> String",
        "A whole URL with everything escaped that may not stand in one.",
        "URI::DEFAULT_PARSER.escape('a bé') => \"a%20b%C3%A9\"",
        |_, _, args| {
            let text = args.str(0)?;
            let bytes = text.bytes();
            Ok(ascii_value(escape(&bytes, b"-_.!~*'();/?:@&=+$,[]", "%20")))
        },
    ),
    ruby(
        "parse",
        "(text) -> URI",
        "A URL taken apart.",
        "URI::DEFAULT_PARSER.parse('http://x').host => \"x\"",
        |_, _, args| parse_value(&args.get(0)).map(Value::object),
    ),
    ruby(
        "unescape",
        "(text) -> String",
        "Undoes percent escapes.",
        "URI::DEFAULT_PARSER.unescape('a%20b+') => \"a b+\"",
        |_, _, args| Ok(utf8(unescape(&args.str(0)?.bytes(), false))),
    ),
];

pub(super) fn utf8(bytes: Vec<u8>) -> Value {
    Value::Str(crate::value::Str::owned(bytes, crate::value::Encoding::Utf8).into())
}

/// Escapes all but letters, digits and `kept`.
pub(super) fn escape(bytes: &[u8], kept: &[u8], space: &str) -> String {
    let mut out = String::with_capacity(bytes.len() + 8);
    for byte in bytes {
        match byte {
            b' ' => out.push_str(space),
            byte if byte.is_ascii_alphanumeric() || kept.contains(byte) => out.push(char::from(*byte)),
            byte => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

fn escape_form(bytes: &[u8]) -> String {
    escape(bytes, b"*-._", "+")
}

/// Undoes percent escapes; broken ones stay as they are.
pub(super) fn unescape(bytes: &[u8], plus_is_space: bool) -> Vec<u8> {
    if !plus_is_space {
        return percent_encoding::percent_decode(bytes).collect();
    }
    let spaced: Vec<u8> = bytes.iter().map(|byte| if *byte == b'+' { b' ' } else { *byte }).collect();
    percent_encoding::percent_decode(&spaced).collect()
}

/// The URL that a string or URI stands for.
pub(super) fn parse_value(value: &Value) -> Result<Uri> {
    if let Some(uri) = value.downcast::<Uri>() {
        return Ok(uri.copy());
    }
    match value {
        Value::Str(text) => Uri::parse(&text.to_text()),
        other => Err(invalid(format!("bad URI(is not URI?): {}", inspect(other).to_text()))),
    }
}

#[cold]
pub(super) fn invalid(message: String) -> Box<Unwind> {
    raise(ClassId::INVALID_URI_ERROR, message)
}

fn decode_www_form(_: &mut dyn Host, _: &Value, args: Args) -> Result<Value> {
    let text = args.str(0)?;
    if !text.is_ascii() {
        let message = "the input of URI.decode_www_form must be ASCII only string";
        return Err(raise(ClassId::ARGUMENT_ERROR, message));
    }
    let text = text.to_text();
    let decoded = |part: &str| utf8(unescape(part.as_bytes(), true));
    let pairs = text.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        Value::array(vec![decoded(key), decoded(value)])
    });
    Ok(Value::array(pairs.collect()))
}

/// The pairs of a hash or of an array of pairs, as a form.
pub fn encode_www_form(host: &mut dyn Host, pairs: &Value) -> Result<Value> {
    let pairs: Vec<(Value, Value)> = match host.force(pairs)? {
        Value::Hash(hash) => hash.to_vec(),
        Value::Array(items) => items.to_vec().into_iter().map(pair).collect(),
        other => {
            let list = host.send(&other, Name::new("map"), Args::none());
            return list.and_then(|list| host.send(&list, Name::new("to_a"), Args::none()));
        }
    };
    let mut parts = Vec::with_capacity(pairs.len());
    for (key, value) in pairs {
        let key = component(host, &key)?;
        match value {
            Value::Nil => parts.push(key),
            Value::Array(items) => {
                let mut several = Vec::new();
                for item in items.to_vec() {
                    several.push(if item.is_nil() {
                        key.clone()
                    } else {
                        format!("{key}={}", component(host, &item)?)
                    });
                }
                parts.push(several.join("&"));
            }
            other => parts.push(format!("{key}={}", component(host, &other)?)),
        }
    }
    Ok(Value::string(parts.join("&")))
}

/// The first two of an array; anything else is a key alone.
fn pair(item: Value) -> (Value, Value) {
    match item {
        Value::Array(pair) => (pair.get(0).unwrap_or_default(), pair.get(1).unwrap_or_default()),
        key => (key, Value::Nil),
    }
}

fn component(host: &mut dyn Host, value: &Value) -> Result<String> {
    let text = crate::methods::kernel::text_of(host, value)?;
    let escaped = escape_form(&text.bytes());
    Ok(escaped)
}

fn extract(host: &mut dyn Host, _: &Value, args: Args) -> Result<Value> {
    let text = args.str(0)?.to_text();
    let schemes: Option<Vec<String>> = match args.get(1) {
        Value::Array(names) => Some(names.to_vec().iter().map(|name| to_s(name).to_text().to_lowercase()).collect()),
        Value::Str(name) => Some(vec![name.to_text().to_lowercase()]),
        _ => None,
    };
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(colon) = text[at..].find(':').map(|colon| at + colon) {
        let is_scheme = |c: char| c.is_ascii_alphanumeric() || "+-.".contains(c);
        let start =
            text[at..colon].rfind(|c| !is_scheme(c)).map_or(at, |before| at + before + next_char(&text[at + before..]));
        let start = start + text[start..colon].find(|c: char| c.is_ascii_alphabetic()).unwrap_or(colon - start);
        let end = colon + 1 + text[colon + 1..].find(|c| !is_url_char(c)).unwrap_or(text.len() - colon - 1);
        let scheme = text[start..colon].to_lowercase();
        let wanted = schemes.as_ref().is_none_or(|schemes| schemes.contains(&scheme));
        if !scheme.is_empty() && end > colon + 1 && wanted {
            found.push(Value::str(&text[start..end]));
            at = end;
        } else {
            at = colon + 1;
        }
    }
    if let Some(block) = args.block {
        for url in found {
            host.yield_block(&block, &[url])?;
        }
        return Ok(Value::Nil);
    }
    Ok(Value::array(found))
}

fn next_char(text: &str) -> usize {
    text.chars().next().map_or(0, char::len_utf8)
}

fn is_url_char(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-_.!~*'();/?:@&=+$,%#[]".contains(c)
}

fn build(class: &Value, args: &Args) -> Result<Value> {
    let parts = match args.get(0) {
        Value::Hash(parts) => parts,
        Value::Array(items) => {
            let parts = Hash::new();
            for (name, value) in ["userinfo", "host", "port", "path", "query", "fragment"].iter().zip(items.to_vec()) {
                parts.insert_str(name, value);
            }
            parts.into()
        }
        other => {
            return Err(raise(
                ClassId::ARGUMENT_ERROR,
                format!(
                    "expected Array of or Hash of components of {} but {}",
                    to_s(class).to_text(),
                    other.class().name()
                ),
            ));
        }
    };
    let text = |name: &str| parts.get_either(name).filter(|value| !value.is_nil()).map(|value| to_s(&value).to_text());
    let scheme = match class {
        Value::Class(ClassId::URI_HTTP) => Some("http".to_owned()),
        Value::Class(ClassId::URI_HTTPS) => Some("https".to_owned()),
        Value::Class(ClassId::URI_FTP) => Some("ftp".to_owned()),
        Value::Class(ClassId::URI_FILE) => Some("file".to_owned()),
        _ => text("scheme"),
    };
    let path = text("path").unwrap_or_default();
    if !path.is_empty() && !path.starts_with('/') && scheme.is_some() {
        let message = format!("bad component(expected absolute path component): {path}");
        return Err(raise(ClassId::INVALID_COMPONENT_ERROR, message));
    }
    let url = Url {
        scheme,
        userinfo: text("userinfo"),
        host: text("host"),
        port: text("port").and_then(|port| port.parse().ok()),
        path,
        query: text("query"),
        fragment: text("fragment"),
    };
    Ok(Value::object(Uri::of(url)))
}
