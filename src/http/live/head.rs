//! Heads of requests, names spelt as the connector spells them.

use std::sync::{Mutex, PoisonError};

use ureq::http::request::Builder;
use ureq::http::{Extensions, HeaderMap};
use ureq_proto::client::header_raw;

use crate::http::ErrorKind;

/// Names and values, in order.
pub(super) type Fields<'a> = Vec<(&'a str, &'a str)>;

/// Writes heads. The requests of a run mostly say the same at different addresses, so the last head is kept: to copy it
/// takes a fraction of the time that checking and spelling its fields anew would take.
#[derive(Default)]
pub(super) struct Heads(Mutex<Option<Head>>);

struct Head {
    fields: Vec<(String, String)>,
    headers: HeaderMap,
    /// Where the client keeps the spelling.
    extensions: Extensions,
}

impl Heads {
    /// Adds fields to a request that has none. Errors: [`ErrorKind::InvalidHeader`].
    pub fn begin(&self, fields: &Fields<'_>, mut request: Builder) -> Result<Builder, ErrorKind> {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(last) = last.as_ref().filter(|last| last.says(fields)) {
            // A request line that cannot be written has neither; it fails when it is finished.
            if let Some(headers) = request.headers_mut() {
                headers.clone_from(&last.headers);
            }
            if let Some(extensions) = request.extensions_mut() {
                extensions.clone_from(&last.extensions);
            }
            return Ok(request);
        }
        for (name, value) in fields {
            check(name, value)?;
            request = header_raw(request, name, value.as_bytes());
        }
        if let (Some(headers), Some(extensions)) = (request.headers_ref(), request.extensions_ref()) {
            let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
            *last = Some(Head { fields, headers: headers.clone(), extensions: extensions.clone() });
        }
        Ok(request)
    }
}

impl Head {
    fn says(&self, fields: &Fields<'_>) -> bool {
        self.fields.len() == fields.len()
            && self.fields.iter().zip(fields).all(|((name, value), other)| (name.as_str(), value.as_str()) == *other)
    }
}

fn check(name: &str, value: &str) -> Result<(), ErrorKind> {
    if value.contains(['\r', '\n']) {
        let message = "header field value cannot include CR/LF".to_owned();
        return Err(ErrorKind::InvalidHeader { message });
    }
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    let message = if name.is_empty() || !name.bytes().all(is_token) {
        format!("{name:?} cannot be a header name: it may hold letters, digits and !#$%&'*+-.^_`|~ only")
    } else if value.bytes().any(|byte| byte.is_ascii_control() && byte != b'\t') {
        format!("the value of header {name:?} holds a control character")
    } else {
        return Ok(());
    };
    Err(ErrorKind::InvalidHeader { message })
}
