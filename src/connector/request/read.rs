//! What came back, as the value that the connector sees.

use crate::connector::failure::{body_text, unreadable};
use crate::http::{Headers, Request, Response, content_type};
use crate::methods::request::ResponseFormat;
use crate::methods::{Args, Host, native_proc, watched, xml};
use crate::value::{Arity, ClassId, Encoding, Hash, HashDefault, Result, Str, StrClass, Value, json, to_s};
use std::rc::Rc;

/// The body in the format that was asked for. A body that is taken as it is leaves the answer, unless it is to be kept.
pub(super) fn body(
    host: &mut dyn Host,
    request: &Request,
    response: &mut Response,
    format: ResponseFormat,
    keep: bool,
) -> Result<Value> {
    match format {
        ResponseFormat::Raw => Ok(raw(response, keep)),
        ResponseFormat::Json => read_json(host, request, response),
        ResponseFormat::Xml { strip_namespaces } => watched(host, |watch| {
            xml::watched_document(&response.body, strip_namespaces, watch)
        })?
        .map_err(|error| unreadable(ClassId::SDK_XML_RESPONSE_FORMAT_ERROR, error.to_string(), request, response)),
    }
}

/// The bytes, with the encoding that was declared if they fit it, else as binary.
fn raw(response: &mut Response, keep: bool) -> Value {
    let declared = response.headers.get("Content-Type");
    let encoding = match content_type::decode(declared, &response.body) {
        None => Encoding::Binary,
        Some(_) => declared.and_then(|declared| content_type::parameter(declared, "charset")).map_or(
            Encoding::Binary,
            |charset| match charset.to_ascii_lowercase().as_str() {
                "utf-8" | "utf8" => Encoding::Utf8,
                "us-ascii" | "ascii" => Encoding::UsAscii,
                "iso-8859-1" | "iso8859-1" | "latin1" => Encoding::Other("ISO-8859-1"),
                "windows-1252" => Encoding::Other("Windows-1252"),
                "shift_jis" => Encoding::Other("Shift_JIS"),
                "euc-jp" => Encoding::Other("EUC-JP"),
                "iso-8859-2" => Encoding::Other("ISO-8859-2"),
                "iso-8859-15" => Encoding::Other("ISO-8859-15"),
                "utf-16" => Encoding::Other("UTF-16"),
                "utf-16le" => Encoding::Other("UTF-16LE"),
                "utf-16be" => Encoding::Other("UTF-16BE"),
                "gb2312" => Encoding::Other("GB2312"),
                "gbk" => Encoding::Other("GBK"),
                "big5" => Encoding::Other("Big5"),
                _ => Encoding::Binary,
            },
        ),
    };
    let bytes = if keep { response.body.clone() } else { std::mem::take(&mut response.body) };
    let text = Str::owned(bytes, encoding);
    text.set_class(StrClass::Plain);
    Value::Str(Rc::new(text))
}

/// A body without content is an empty object.
fn read_json(host: &mut dyn Host, request: &Request, response: &Response) -> Result<Value> {
    let decoded = content_type::decode(response.headers.get("Content-Type"), &response.body);
    let text = decoded.as_deref().map_or(&response.body[..], str::as_bytes);
    if response.status == 204 || text.iter().all(u8::is_ascii_whitespace) {
        return Ok(Value::hash(Hash::new()));
    }
    watched(host, |watch| json::parse_watched(text, json::ParseOptions::default(), watch))?
        .map_err(|error| unreadable(ClassId::SDK_JSON_RESPONSE_FORMAT_ERROR, error.message, request, response))
}

/// The text of the body for patterns and error handlers.
pub(super) fn text(response: &Response) -> Value {
    Value::string(body_text(response))
}

/// Header fields as a hash: names in lower case with `_`, found in any spelling. Repeated fields are joined, cookies
/// are a list (`as_text` shows it as text).
pub(super) fn headers(headers: &Headers, as_text: bool) -> Value {
    let hash = Hash::indifferent();
    for name in headers.names() {
        let values: Vec<&str> = headers.all(name).collect();
        let value = if name.eq_ignore_ascii_case("set-cookie") {
            let list = Value::array(values.into_iter().map(Value::str).collect());
            if as_text { Value::Str(to_s(&list)) } else { list }
        } else {
            Value::string(values.join(", "))
        };
        hash.insert_str(&plain(name), value);
    }
    let arity = Arity { required: 2, optional: 0, rest: false, needs_keywords: false };
    if let Value::Proc(any_spelling) = native_proc(arity, Vec::new(), in_any_spelling) {
        hash.set_default(HashDefault::Proc(any_spelling));
    }
    Value::hash(hash)
}

/// What a key finds that is not spelt as the hash has it.
fn in_any_spelling(_: &mut dyn Host, _: &[Value], args: Args) -> Result<Value> {
    let Value::Hash(hash) = args.get(0) else { return Ok(Value::Nil) };
    Ok(hash.get_str(&plain(&to_s(&args.get(1)).to_text())).unwrap_or_default())
}

fn plain(name: &str) -> String {
    name.to_ascii_lowercase().replace('-', "_")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::inspect;

    #[test]
    fn header_hashes() {
        let fields: Headers =
            [("X-Req-Id", "a"), ("Set-Cookie", "a=1"), ("Link", "x"), ("set-cookie", "b=2"), ("link", "y")]
                .into_iter()
                .collect();
        assert_eq!(
            inspect(&headers(&fields, true)).to_text(),
            r#"{"x_req_id"=>"a", "set_cookie"=>"[\"a=1\", \"b=2\"]", "link"=>"x, y"}"#
        );
        assert_eq!(
            inspect(&headers(&fields, false)).to_text(),
            r#"{"x_req_id"=>"a", "set_cookie"=>["a=1", "b=2"], "link"=>"x, y"}"#
        );
    }
}
