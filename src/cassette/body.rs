//! Bodies without secrets: as they are kept, and in the form in which two of them are compared.

use crate::http::redact::Redactor;
use crate::http::{Headers, content_type, query};
use serde_json::Value as Json;

/// How a body is kept.
#[derive(Debug, PartialEq, Eq)]
pub enum Kept {
    /// JSON that went over the wire on one line without blanks, laid out.
    Json(String),
    /// Exactly this.
    Text(String),
    /// No text.
    Bytes(Vec<u8>),
}

fn essence(headers: &Headers) -> String {
    headers.get("Content-Type").map(content_type::essence).unwrap_or_default()
}

fn parsed(text: &str) -> Option<Json> {
    let is_json = text.trim_start().starts_with(['{', '[']);
    if is_json { serde_json::from_str(text).ok() } else { None }
}

fn pretty(value: &Json) -> String {
    format!("{value:#}")
}

/// The body without its secrets; one that has none is given back to the byte.
pub fn kept(headers: &Headers, body: &[u8], redactor: &Redactor) -> Kept {
    let Ok(text) = std::str::from_utf8(body) else {
        return Kept::Bytes(redactor.bytes(body).unwrap_or_else(|| body.to_vec()));
    };
    let Some(before) = parsed(text) else {
        return Kept::Text(redactor.body(headers.get("Content-Type"), body));
    };
    let mut value = before.clone();
    redactor.shaped_json(&mut value);
    let laid_out = pretty(&before);
    let on_one_line = before.to_string();
    if on_one_line == text {
        return Kept::Json(pretty(&value));
    }
    if value == before {
        return Kept::Text(text.to_owned());
    }
    match text.strip_prefix(&laid_out) {
        Some(end) => Kept::Text(pretty(&value) + end),
        None => Kept::Json(pretty(&value)),
    }
}

/// What is compared: JSON with sorted keys, forms with sorted pairs, multipart without its boundary.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Compared {
    Nothing,
    Json(String),
    Text(String),
    Bytes(Vec<u8>),
}

pub fn compared(headers: &Headers, body: Option<&[u8]>, redactor: &Redactor) -> Compared {
    let Some(body) = body.filter(|body| !body.is_empty()) else { return Compared::Nothing };
    let body = without_boundary(headers, body);
    let Ok(text) = std::str::from_utf8(&body) else {
        return Compared::Bytes(redactor.bytes(&body).unwrap_or(body));
    };
    if let Some(mut value) = parsed(text) {
        redactor.shaped_json(&mut value);
        value.sort_all_objects();
        return Compared::Json(value.to_string());
    }
    let masked = redactor.body(headers.get("Content-Type"), text.as_bytes());
    if essence(headers) == "application/x-www-form-urlencoded" {
        let mut pairs = query::parse(&masked);
        pairs.sort();
        let lines: Vec<String> = pairs.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
        return Compared::Text(lines.join("\n"));
    }
    Compared::Text(masked.trim().to_owned())
}

/// Boundaries are made up anew each time.
fn without_boundary(headers: &Headers, body: &[u8]) -> Vec<u8> {
    let content_type = headers.get("Content-Type").filter(|_| essence(headers).starts_with("multipart/"));
    let Some(boundary) = content_type.and_then(|value| content_type::parameter(value, "boundary")) else {
        return body.to_vec();
    };
    let finder = memchr::memmem::Finder::new(boundary.as_bytes());
    let (mut out, mut rest) = (Vec::with_capacity(body.len()), body);
    while let Some(at) = finder.find(rest).filter(|_| !boundary.is_empty()) {
        out.extend_from_slice(rest.get(..at).unwrap_or_default());
        out.extend_from_slice(b"boundary");
        rest = rest.get(at + boundary.len()..).unwrap_or_default();
    }
    out.extend_from_slice(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(content_type: &str) -> Headers {
        [("Content-Type", content_type)].into_iter().collect()
    }

    #[test]
    fn bodies_stay_as_they_were_but_for_secrets() {
        let redactor = Redactor::new(["tok-123456", "7777777"]);
        let none = Headers::new();
        let mut table = String::new();
        for body in [
            "{\"a\":1.50,\"b\":[]}",
            "{ \"a\": 1 }\n",
            "{\n  \"a\": \"tok-123456\"\n}\n",
            "{\"token\":\"x\",\"password\":5,\"secret\":{\"k\":\"v\",\"n\":1},\"id\":7777777,\"tok-123456\":null}",
            "{ \"a\": \"tok-123456\" }",
            "plain tok-123456",
        ] {
            table += &format!("{body:?}\n  {:?}\n", kept(&none, body.as_bytes(), &redactor));
        }
        assert_eq!(kept(&none, b"\xfftok-123456", &redactor), Kept::Bytes(b"\xff[redacted]".to_vec()));
        insta::assert_snapshot!(table, @r#"
        "{\"a\":1.50,\"b\":[]}"
          Json("{\n  \"a\": 1.50,\n  \"b\": []\n}")
        "{ \"a\": 1 }\n"
          Text("{ \"a\": 1 }\n")
        "{\n  \"a\": \"tok-123456\"\n}\n"
          Text("{\n  \"a\": \"[redacted]\"\n}\n")
        "{\"token\":\"x\",\"password\":5,\"secret\":{\"k\":\"v\",\"n\":1},\"id\":7777777,\"tok-123456\":null}"
          Json("{\n  \"token\": \"[redacted]\",\n  \"password\": 5,\n  \"secret\": {\n    \"k\": \"[redacted]\",\n    \"n\": 1\n  },\n  \"id\": \"[redacted]\",\n  \"[redacted]\": null\n}")
        "{ \"a\": \"tok-123456\" }"
          Json("{\n  \"a\": \"[redacted]\"\n}")
        "plain tok-123456"
          Text("plain [redacted]")
        "#);
    }

    #[test]
    fn what_is_alike() {
        let redactor = Redactor::new(["tok-123456"]);
        let json = headers("application/json");
        let form = headers("application/x-www-form-urlencoded");
        let (one, two) = (headers("multipart/form-data; boundary=AAA"), headers("multipart/form-data; boundary=BBB"));
        for (left, a, right, b, alike) in [
            (&json, "{\"a\":1,\"b\":2}", &json, "{ \"b\": 2, \"a\": 1 }", true),
            (&json, "{\"a\":1}", &json, "{\"a\":2}", false),
            (&json, "{\"k\":\"tok-123456\"}", &json, "{\"k\":\"[redacted]\"}", true),
            (&form, "a=1&b=2", &form, "b=2&a=1", true),
            (&form, "password=x&b=2", &form, "b=2&password=y", true),
            (&one, "--AAA\r\nx\r\n--AAA--", &two, "--BBB\r\nx\r\n--BBB--", true),
            (&json, "", &form, "", true),
        ] {
            let compare = |headers, body: &str| compared(headers, Some(body.as_bytes()), &redactor);
            assert_eq!(compare(left, a) == compare(right, b), alike, "{a} and {b}");
        }
    }
}
