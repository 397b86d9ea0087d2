//! `CGI`, `ERB::Util` and `ActiveSupport::SecurityUtils`: escapes for URLs and HTML.

use super::uri::{escape, unescape, utf8};
use super::{ascii_value, bytes_arg};
use crate::methods::crypto::digest::same_bytes;
use crate::methods::kernel::text_of;
use crate::methods::{Args, Host, Method, rails, ruby};
use crate::value::{ClassId, Encoding, Hash, HashDefault, Result, Str, StrClass, Value, raise};

pub(super) const CGI: &[Method] = &[
    ruby(
        "escape",
        "(text) -> String",
        "A text as a part of a form; space is `+`.",
        "CGI.escape('a b/é~*') => \"a+b%2F%C3%A9~%2A\"",
        |_, _, args| Ok(utf8(escape(&bytes_arg(&args, 0)?, b"-_.~", "+").into_bytes())),
    ),
    ruby(
        "escapeHTML escape_html h",
        "(text) -> String",
        "A text for HTML.",
        "CGI.escapeHTML('<a href=\"x\">') => \"&lt;a href=&quot;x&quot;&gt;\"",
        |_, _, args| Ok(utf8(escape_html(&bytes_arg(&args, 0)?))),
    ),
    ruby(
        "escapeURIComponent escape_uri_component",
        "(text) -> String",
        "A text as a part of a URL; space is `%20`.",
        "CGI.escapeURIComponent('a b') => \"a%20b\"",
        |_, _, args| Ok(utf8(escape(&bytes_arg(&args, 0)?, b"-_.~", "%20").into_bytes())),
    ),
    ruby(
        "parse",
        "(query) -> Hash",
        "A query's values by key, each an array.",
        "CGI.parse('a=1&b=2&a=3') => {\"a\"=>[\"1\", \"3\"], \"b\"=>[\"2\"]}",
        parse,
    ),
    ruby(
        "rfc1123_date",
        "(time) -> String",
        "A time as headers write it.",
        "CGI.rfc1123_date(Time.at(0)) => \"Thu, 01 Jan 1970 00:00:00 GMT\"",
        |host, _, args| host.send(&args.get(0), crate::text::Name::new("httpdate"), Args::none()),
    ),
    ruby(
        "unescape",
        "(text, encoding = nil) -> String",
        "Undoes `escape`.",
        "CGI.unescape('a+b%2Fc') => \"a b/c\"",
        |_, _, args| Ok(utf8(unescape(&bytes_arg(&args, 0)?, true))),
    ),
    ruby(
        "unescapeHTML unescape_html",
        "(text) -> String",
        "Undoes `escapeHTML`, and character references by number.",
        "CGI.unescapeHTML('&lt;&amp;&#39;&#x41;&eacute;') => \"<&'A&eacute;\"",
        |_, _, args| Ok(Value::string(unescape_html(&args.str(0)?.to_text()))),
    ),
    ruby(
        "unescapeURIComponent unescape_uri_component",
        "(text) -> String",
        "Undoes percent escapes.",
        "CGI.unescapeURIComponent('a%20b+') => \"a b+\"",
        |_, _, args| Ok(utf8(unescape(&bytes_arg(&args, 0)?, false))),
    ),
];

pub(super) const ERB_UTIL: &[Method] = &[
    rails(
        "h html_escape",
        "(value) -> String",
        "A text for HTML; marked as safe.",
        "ERB::Util.html_escape('<&>\"') => \"&lt;&amp;&gt;&quot;\"",
        |host, _, args| {
            let text = text_of(host, &args.get(0))?;
            if text.class() == StrClass::Safe {
                return Ok(Value::Str(text));
            }
            let escaped = escape_html(&text.bytes());
            Ok(safe(escaped))
        },
    ),
    rails(
        "html_escape_once",
        "(value) -> String",
        "The same, but entities stay.",
        "ERB::Util.html_escape_once('&amp;<') => \"&amp;&lt;\"",
        |host, _, args| {
            let text = text_of(host, &args.get(0))?.to_text();
            Ok(safe(escape_html_once(&text).into_bytes()))
        },
    ),
    rails(
        "json_escape",
        "(json) -> String",
        "JSON that is safe inside a page.",
        "ERB::Util.json_escape('{\"a\":\"<>\"}') => \"{\\\"a\\\":\\\"\\\\u003c\\\\u003e\\\"}\"",
        |host, _, args| {
            let text = text_of(host, &args.get(0))?.to_text();
            let mut out = String::with_capacity(text.len());
            for c in text.chars() {
                match c {
                    '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => out.push_str(&format!("\\u{:04x}", c as u32)),
                    other => out.push(other),
                }
            }
            Ok(Value::string(out))
        },
    ),
    ruby(
        "u url_encode",
        "(value) -> String",
        "A text as a part of a URL; space is `%20`.",
        "ERB::Util.url_encode('a b/') => \"a%20b%2F\"",
        |host, _, args| {
            let text = text_of(host, &args.get(0))?;
            Ok(ascii_value(escape(&text.bytes(), b"-_.~", "%20")))
        },
    ),
    rails(
        "unwrapped_html_escape",
        "(value) -> String",
        "A text for HTML, not marked.",
        "ERB::Util.unwrapped_html_escape('<') => \"&lt;\"",
        |host, _, args| {
            let text = text_of(host, &args.get(0))?;
            Ok(utf8(escape_html(&text.bytes())))
        },
    ),
];

/// Of `ActiveSupport::SecurityUtils`, and of `OpenSSL`.
pub(super) const COMPARING: &[Method] = &[
    rails(
        "fixed_length_secure_compare",
        "(a, b) -> true or false",
        "Equal, in a time that tells nothing; both must have the same length.",
        "OpenSSL.fixed_length_secure_compare('a', 'b') => false\nOpenSSL.fixed_length_secure_compare('a', 'bb') => ArgumentError: inputs must be of equal length",
        |_, _, args| {
            let (a, b) = (bytes_arg(&args, 0)?, bytes_arg(&args, 1)?);
            if a.len() != b.len() {
                return Err(raise(ClassId::ARGUMENT_ERROR, "inputs must be of equal length"));
            }
            Ok(Value::bool(same_bytes(&a, &b)))
        },
    ),
    rails(
        "secure_compare",
        "(a, b) -> true or false",
        "Equal, in a time that tells nothing.",
        "ActiveSupport::SecurityUtils.secure_compare('a', 'a') => true",
        |_, _, args| Ok(Value::bool(same_bytes(&bytes_arg(&args, 0)?, &bytes_arg(&args, 1)?))),
    ),
];

fn safe(bytes: Vec<u8>) -> Value {
    let text = Str::owned(bytes, Encoding::Utf8);
    text.set_class(StrClass::Safe);
    Value::Str(text.into())
}

fn parse(_: &mut dyn Host, _: &Value, args: Args) -> Result<Value> {
    let query = args.str(0)?.to_text();
    let hash = Hash::new();
    hash.set_default(HashDefault::Value(Value::array(Vec::new())));
    for pair in query.split(['&', ';']).filter(|pair| !pair.is_empty()) {
        let (key, value) = match pair.split_once('=') {
            Some((key, value)) => (key, Some(value)),
            None => (pair, None),
        };
        let key = utf8(unescape(key.as_bytes(), true));
        let values = match hash.get(&key) {
            Some(Value::Array(values)) => values,
            _ => {
                let values = std::rc::Rc::default();
                hash.insert(key, Value::Array(std::rc::Rc::clone(&values)));
                values
            }
        };
        if let Some(value) = value {
            values.push(utf8(unescape(value.as_bytes(), true)));
        }
    }
    Ok(Value::hash(hash))
}

/// `& < > " '` as entities.
pub fn escape_html(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() + 8);
    for byte in text {
        match byte {
            b'&' => out.extend_from_slice(b"&amp;"),
            b'<' => out.extend_from_slice(b"&lt;"),
            b'>' => out.extend_from_slice(b"&gt;"),
            b'"' => out.extend_from_slice(b"&quot;"),
            b'\'' => out.extend_from_slice(b"&#39;"),
            other => out.push(*other),
        }
    }
    out
}

fn escape_html_once(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        if c == '&' && entity(&text[at..]).is_some() {
            out.push('&');
        } else {
            out.push_str(&String::from_utf8_lossy(&escape_html(c.encode_utf8(&mut [0; 4]).as_bytes())));
        }
    }
    out
}

/// The name of the entity that the text begins with: `&name;`.
fn entity(text: &str) -> Option<&str> {
    let (name, _) = text.strip_prefix('&')?.split_once(';')?;
    let is_name = |name: &str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (is_name(name) || name.strip_prefix('#').is_some_and(is_name)).then_some(name)
}

fn unescape_html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        match entity(rest).and_then(|name| Some((name, character(name)?))) {
            Some((name, c)) => {
                out.push(c);
                rest = &rest[name.len() + 2..];
            }
            None => {
                out.push('&');
                rest = &rest[1..];
            }
        }
    }
    out + rest
}

fn character(name: &str) -> Option<char> {
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        name => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)?
        }
    })
}
