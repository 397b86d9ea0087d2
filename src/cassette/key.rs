//! What makes two requests the same: verb, address with its query in any order, and body.

use super::body::{Compared, compared};
use crate::http::redact::Redactor;
use crate::http::url::Url;
use crate::http::{Method, Request, query};

/// A request without what does not matter: secrets, order, layout, header fields.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    pub method: Method,
    /// Scheme, host and port.
    pub place: String,
    pub path: String,
    /// Decoded, sorted.
    pub query: Vec<(String, String)>,
    pub body: Compared,
}

impl Key {
    pub fn of(request: &Request, redactor: &Redactor) -> Self {
        let masked = redactor.url(&request.url);
        let body = compared(&request.headers, request.body.as_deref(), redactor);
        // A mask is no part of a valid address, so the parts are taken by hand where it stands in the way.
        let (place, path, query) = match Url::parse(&masked) {
            Ok(url) => {
                let scheme = url.scheme.clone().unwrap_or_default();
                let place = format!("{scheme}://{}:{}", url.host_name(), url.port_or_default());
                (place.to_ascii_lowercase(), url.path, url.query)
            }
            Err(_) => by_hand(&masked),
        };
        let path = if path.is_empty() { "/".to_owned() } else { path };
        let mut query = query.as_deref().map(query::parse).unwrap_or_default();
        query.sort();
        Self { method: request.method, place, path, query, body }
    }
}

fn by_hand(url: &str) -> (String, String, Option<String>) {
    let url = url.split('#').next().unwrap_or_default();
    let (address, query) = match url.split_once('?') {
        Some((address, query)) => (address, Some(query.to_owned())),
        None => (url, None),
    };
    let start = address.find("://").map_or(0, |at| at + 3);
    let rest = address.get(start..).unwrap_or_default();
    let end = start + rest.find('/').unwrap_or(rest.len());
    let (place, path) = address.split_at(end);
    (place.to_ascii_lowercase(), path.to_owned(), query)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_and_not_the_same() {
        let redactor = super::super::with_mask(Redactor::new(["tok-123456"]));
        for (left, right, same) in [
            ("https://h/a?x=1&y=2", "https://H:443/a?y=2&x=1", true),
            ("https://h", "https://h/", true),
            ("https://h/a", "http://h/a", false),
            ("https://h/a?x=1", "https://h/a?x=2", false),
            ("https://h/tok-123456/a", "https://h/[redacted]/a", true),
            ("https://h/%5Bredacted%5D/a", "https://h/[redacted]/a", true),
            ("https://tok-123456.h:8080/a?q=1", "https://[redacted].h:8080/a?q=1", true),
            ("https://h/a?api_key=one", "https://h/a?api_key=[redacted]", true),
            ("https://h/a?q=a%20b", "https://h/a?q=a+b", true),
        ] {
            let key = |url: &str| Key::of(&Request::new(Method::Get, url), &redactor);
            assert_eq!(key(left) == key(right), same, "{left} and {right}\n{:?}\n{:?}", key(left), key(right));
        }
    }
}
