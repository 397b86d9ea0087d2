//! Requests that failed, as the exceptions that connectors rescue and reports show.

use super::run::raised;
use crate::http::{Error, ErrorKind, Phase, Request, Response, content_type, status};
use crate::text::Name;
use crate::value::{ClassId, Exception, Hash, Unwind, Value};

/// What is kept of a body: more than a report shows, so that a secret at the end of what it shows is still whole.
const EXCERPT: usize = 20_000;

/// The attribute that holds what a report says of the request: a hash of `method` and `url`.
pub const REQUEST: &str = "failed_request";
/// The attribute that holds what a report says of the answer: a hash of `status`, `headers` and `body`.
pub const RESPONSE: &str = "failed_response";

/// A status that is not a success.
pub fn failed(request: &Request, response: &Response) -> Box<Unwind> {
    let exception = Exception::new(ClassId::SDK_REQUEST_FAILED_ERROR, status::message(response.status))
        .with_attribute("code", Value::Int(i64::from(response.status)))
        .with_attribute("method", Value::str(request.method.as_str()))
        .with_attribute("response", Value::string(body_text(response)))
        .with_attribute(RESPONSE, described(response));
    raised(about(exception, request))
}

/// No answer at all.
pub fn unanswered(error: &Error, request: &Request) -> Box<Unwind> {
    let mut exception = Exception::new(class_of(&error.kind), error.kind.to_string());
    if let Some(help) = help(&error.kind) {
        exception = exception.with_help(help);
    }
    if error.kind == ErrorKind::Broken {
        exception = exception
            .with_attribute("code", Value::Nil)
            .with_attribute("method", Value::str(request.method.as_str()))
            .with_attribute("response", Value::Nil);
    }
    if matches!(error.kind, ErrorKind::TooLarge { .. }) {
        exception = exception.with_attribute("kind", Value::symbol("limit"));
    }
    if matches!(error.kind, ErrorKind::Offline | ErrorKind::NotRecorded { .. }) {
        exception = exception.with_attribute("offline", Value::True);
    }
    raised(about(exception, request))
}

/// An answer that cannot be read, or that says that the credentials are not good.
pub fn unreadable(class: ClassId, message: String, request: &Request, response: &Response) -> Box<Unwind> {
    let exception = Exception::new(class, message).with_attribute(RESPONSE, described(response));
    raised(about(exception, request))
}

/// The body as text, by its charset.
pub fn body_text(response: &Response) -> String {
    content_type::decode(response.headers.get("Content-Type"), &response.body)
        .unwrap_or_else(|| String::from_utf8_lossy(&response.body))
        .into_owned()
}

fn class_of(kind: &ErrorKind) -> ClassId {
    match kind {
        ErrorKind::Dns { .. } => ClassId::SOCKET_ERROR,
        ErrorKind::Refused { .. } => ClassId::ERRNO_ECONNREFUSED,
        ErrorKind::Connect { .. } => ClassId::SYSTEM_CALL_ERROR,
        ErrorKind::Tls { .. } => ClassId::OPENSSL_SSL_ERROR,
        ErrorKind::TlsCertificate { .. } => ClassId::SDK_REQUEST_TLS_ERROR,
        ErrorKind::Timeout(_) => ClassId::SDK_REQUEST_TIMEOUT_ERROR,
        ErrorKind::Broken => ClassId::SDK_REQUEST_FAILED_ERROR,
        ErrorKind::InvalidUrl { .. } => ClassId::SDK_INVALID_URI_ERROR,
        ErrorKind::NotHttp | ErrorKind::InvalidHeader { .. } => ClassId::ARGUMENT_ERROR,
        ErrorKind::Protocol { .. }
        | ErrorKind::TooLarge { .. }
        | ErrorKind::Encoding { .. }
        | ErrorKind::Offline
        | ErrorKind::NotRecorded { .. }
        | ErrorKind::Interrupted => ClassId::SDK_REQUEST_ERROR,
    }
}

fn help(kind: &ErrorKind) -> Option<&'static str> {
    match kind {
        ErrorKind::Dns { .. } => Some("check the host name; a relative address needs a base_uri"),
        ErrorKind::Refused { .. } => Some("nothing listens at that address and port"),
        ErrorKind::Timeout(Phase::Connect) => Some("the server could not be reached in time"),
        ErrorKind::Timeout(_) => Some("the server took too long; `timeout` of the action and --timeout set the limit"),
        ErrorKind::Broken => {
            Some("`--trace` shows what was sent; the server, or a proxy before it, may know why it hung up")
        }
        ErrorKind::Protocol { .. } => Some("is that the address of an API? try it with `curl -v`"),
        ErrorKind::TooLarge { what: "body", .. } => Some("ask for less at once: pages, a filter, a stream with ranges"),
        ErrorKind::TooLarge { .. } => Some("no API needs that many header fields: is that its address?"),
        ErrorKind::Encoding { .. } => Some("ask for the answer as it is: `.headers('Accept-Encoding' => 'identity')`"),
        ErrorKind::Tls { .. } => Some("trust the server's certificate with tls_server_certs or --ca-file"),
        ErrorKind::NotRecorded { .. } => {
            Some("if the connector is right, record it: `--record FILE` anew, `--replay-or-record FILE` what is new")
        }
        _ => None,
    }
}

fn about(exception: Exception, request: &Request) -> Exception {
    let described = Hash::new();
    described.insert_str("method", Value::str(request.method.as_str()));
    described.insert_str("url", Value::str(&request.url));
    let headers = Hash::new();
    for (name, value) in request.headers.iter() {
        headers.insert_str(name, Value::str(value));
    }
    described.insert_str("headers", Value::hash(headers));
    if let Some(body) = &request.body {
        described.insert_str("body", Value::string(excerpt(&String::from_utf8_lossy(body))));
    }
    exception.set_attribute(REQUEST, Value::hash(described));
    if let Some(span) = request.origin {
        exception.set_span(span);
    }
    exception
}

fn described(response: &Response) -> Value {
    let described = Hash::new();
    described.insert_str("status", Value::Int(i64::from(response.status)));
    let headers = Hash::new();
    for (name, value) in response.headers.iter() {
        headers.insert_str(name, Value::str(value));
    }
    described.insert_str("headers", Value::hash(headers));
    described.insert_str("body", Value::string(excerpt(&body_text(response))));
    Value::hash(described)
}

fn excerpt(text: &str) -> String {
    match text.char_indices().find(|(at, _)| *at >= EXCERPT) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// Whether an exception carries that attribute: `failed_request` or `failed_response`.
pub fn attribute(exception: &Exception, name: &str) -> Option<Value> {
    Name::find(name).and_then(|_| exception.attribute(name))
}
