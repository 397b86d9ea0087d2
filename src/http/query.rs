//! Query strings and form bodies, in both spellings that connectors meet.

/// A parameter, made by the layer that knows values; map keys are already text.
#[derive(Clone, Debug, PartialEq)]
pub enum Param {
    Nil,
    Text(String),
    /// Text that is not UTF-8.
    Bytes(Vec<u8>),
    List(Vec<Self>),
    Map(Vec<(String, Self)>),
}

impl From<&str> for Param {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

/// The query of params and of `request_format_www_form_urlencoded`: at each hash level the encoded pairs are sorted
/// as text, but not inside an array, which keeps its order; empty hashes and arrays inside a hash are left out, nil is `key=`.
pub fn to_query(pairs: &[(String, Param)]) -> String {
    map_to_query(pairs, None)
}

fn map_to_query(pairs: &[(String, Param)], namespace: Option<&str>) -> String {
    let mut parts: Vec<String> = pairs
        .iter()
        .filter(|(_, value)| !is_empty_container(value))
        .map(|(key, value)| match namespace {
            Some(outer) => to_query_as(&format!("{outer}[{key}]"), value),
            None => to_query_as(key, value),
        })
        .collect();
    // Inside an array the fields of one element stay together and in order, so that a reader can tell elements apart.
    if !namespace.is_some_and(|outer| outer.contains("[]")) {
        parts.sort();
    }
    parts.join("&")
}

fn is_empty_container(value: &Param) -> bool {
    match value {
        Param::List(items) => items.is_empty(),
        Param::Map(pairs) => pairs.is_empty(),
        _ => false,
    }
}

impl Param {
    /// A parameter of a string's bytes.
    pub fn of_bytes(bytes: &[u8]) -> Self {
        std::str::from_utf8(bytes).map_or_else(|_| Self::Bytes(bytes.to_vec()), Self::from)
    }
}

/// One value under a key, or a hash or array under a prefix.
pub fn to_query_as(key: &str, value: &Param) -> String {
    match value {
        Param::Nil => format!("{}=", escape(key)),
        Param::Text(text) => format!("{}={}", escape(key), escape(text)),
        Param::Bytes(bytes) => format!("{}={}", escape(key), escape_except(bytes, b"-._~")),
        Param::Map(pairs) => map_to_query(pairs, Some(key)),
        Param::List(items) => {
            let key = format!("{key}[]");
            if items.is_empty() {
                return to_query_as(&key, &Param::Nil);
            }
            items.iter().map(|item| to_query_as(&key, item)).collect::<Vec<_>>().join("&")
        }
    }
}

/// Escapes a component as `to_query` does: unreserved characters stay, space is `+`.
pub fn escape(text: &str) -> String {
    escape_except(text.as_bytes(), b"-._~")
}

/// Escapes a component as an HTML form does: `*` stays, `~` does not.
pub fn escape_form(text: &str) -> String {
    escape_except(text.as_bytes(), b"*-._")
}

fn escape_except(text: &[u8], kept: &[u8]) -> String {
    let mut out = String::with_capacity(text.len());
    for &byte in text {
        match byte {
            b' ' => out.push('+'),
            _ if byte.is_ascii_alphanumeric() || kept.contains(&byte) => out.push(char::from(byte)),
            _ => percent(&mut out, byte),
        }
    }
    out
}

/// Appends `%XX`.
pub(super) fn percent(out: &mut String, byte: u8) {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or_default().to_ascii_uppercase();
    out.extend(['%', digit(byte >> 4), digit(byte & 15)]);
}

/// A query written by hand, as Ruby's URI keeps it: what no URL can hold is escaped, line ends and tabs are dropped, the rest stays.
pub fn escape_raw(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'\t' | b'\r' | b'\n' => {}
            b'!' | b'$'..=b'&' | b'('..=b';' | b'=' | b'?'..=b'_' | b'a'..=b'~' => out.push(char::from(byte)),
            _ => percent(&mut out, byte),
        }
    }
    out
}

/// Undoes either escape; a broken `%` sequence stays as it is, bytes that are not UTF-8 become U+FFFD.
pub fn unescape(text: &str) -> String {
    let spaced = text.replace('+', " ");
    percent_encoding::percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
}

/// Splits a query or form body into decoded pairs, in order; a key without `=` has an empty value.
pub fn parse(query: &str) -> Vec<(String, String)> {
    query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            (unescape(key), unescape(value))
        })
        .collect()
}

/// Joins a URL's own query with an encoded one: empty pairs are dropped, `None` when nothing is left.
pub fn join(existing: Option<&str>, added: &str) -> Option<String> {
    let pairs: Vec<&str> =
        existing.unwrap_or_default().split('&').chain(added.split('&')).filter(|pair| !pair.is_empty()).collect();
    (!pairs.is_empty()).then(|| pairs.join("&"))
}

/// A hash given as `request_body`: nothing sorted, brackets not escaped, nil and empty containers a bare key.
pub fn to_form(pairs: &[(String, Param)]) -> String {
    let mut out = Vec::new();
    for (key, value) in pairs {
        form_pairs(&escape_form(key), value, &mut out);
    }
    out.join("&")
}

fn form_pairs(key: &str, value: &Param, out: &mut Vec<String>) {
    match value {
        Param::Text(text) => out.push(format!("{key}={}", escape_form(text))),
        Param::Bytes(bytes) => out.push(format!("{key}={}", escape_except(bytes, b"*-._"))),
        Param::List(items) if !items.is_empty() => {
            for item in items {
                form_pairs(&format!("{key}[]"), item, out);
            }
        }
        Param::Map(pairs) if !pairs.is_empty() => {
            for (inner, value) in pairs {
                form_pairs(&format!("{key}[{}]", escape_form(inner)), value, out);
            }
        }
        _ => out.push(key.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_written_by_hand_are_escaped_where_they_have_to_be() {
        assert_eq!(escape_raw("a=b c&d=%20%&e=\"'[é]\n"), "a=b%20c&d=%20%&e=%22%27[%C3%A9]");
    }

    /// A parameter from JSON, numbers and booleans as their text.
    fn param(json: &serde_json::Value) -> Param {
        match json {
            serde_json::Value::Null => Param::Nil,
            serde_json::Value::String(text) => Param::Text(text.clone()),
            serde_json::Value::Array(items) => Param::List(items.iter().map(param).collect()),
            serde_json::Value::Object(map) => Param::Map(map.iter().map(|(k, v)| (k.clone(), param(v))).collect()),
            other => Param::Text(other.to_string()),
        }
    }

    fn pairs(json: &str) -> Vec<(String, Param)> {
        match param(&serde_json::from_str(json).unwrap()) {
            Param::Map(pairs) => pairs,
            _ => panic!("a hash"),
        }
    }

    #[test]
    fn queries() {
        for (json, expected) in [
            (r"{}", ""),
            (r#"{"b":1,"a":2}"#, "a=2&b=1"),
            (r#"{"a":[1,null,"x y"]}"#, "a%5B%5D=1&a%5B%5D=&a%5B%5D=x+y"),
            (r#"{"c":{"k":[{"q":1},{"q":2}],"z":null}}"#, "c%5Bk%5D%5B%5D%5Bq%5D=1&c%5Bk%5D%5B%5D%5Bq%5D=2&c%5Bz%5D="),
            (r#"{"d":null,"e":{},"f":[],"g":true}"#, "d=&g=true"),
            (r#"{"a":[[]]}"#, "a%5B%5D%5B%5D="),
            (
                r#"{"f":{"g":[{"h":1,"a":2},{}]},"x y":"*~é"}"#,
                "f%5Bg%5D%5B%5D%5Bh%5D=1&f%5Bg%5D%5B%5D%5Ba%5D=2&&x+y=%2A~%C3%A9",
            ),
            (r#"{"a":{"x":"y z"},"aa":1,"A":2}"#, "A=2&a%5Bx%5D=y+z&aa=1"),
        ] {
            assert_eq!(to_query(&pairs(json)), expected, "{json}");
        }
    }

    #[test]
    fn forms() {
        for (json, expected) in [
            (r#"{"a":[1,2],"b":null,"c":{"d":"x y"}}"#, "a[]=1&a[]=2&b&c[d]=x+y"),
            (r#"{"z":"~*","a b":{"c":[{"d":1}]},"e":[],"f":{"g":{}}}"#, "z=%7E*&a+b[c][][d]=1&e&f[g]"),
            (r#"{"f":false}"#, "f=false"),
        ] {
            assert_eq!(to_form(&pairs(json)), expected, "{json}");
        }
    }

    #[test]
    fn joining_and_reading() {
        assert_eq!(join(Some("x=1&&y=2"), "z=3"), Some("x=1&y=2&z=3".to_owned()));
        assert_eq!(join(Some("fixed=1&x"), ""), Some("fixed=1&x".to_owned()));
        assert_eq!(join(None, ""), None);
        let read = parse("a=x+y&b%5B%5D=%C3%A9&&c&d=%zz=1");
        let expected = [("a", "x y"), ("b[]", "é"), ("c", ""), ("d", "%zz=1")];
        assert_eq!(read, expected.map(|(key, value)| (key.to_owned(), value.to_owned())));
    }
}
