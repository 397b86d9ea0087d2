//! Transports that decide where a request goes: to one host instead of all (`--reroute`), or nowhere (`--offline`).

use super::url::{self, Url};
use super::{Error, ErrorKind, Outcome, Request, Tls, Transport};

/// The header that says where a rerouted request was going, spelt as it was asked for.
pub const ORIGINAL_URL: &str = "x-connrun-original-url";

/// Sends every request to one host, path and query kept.
pub struct Reroute<T> {
    inner: T,
    base: Url,
}

impl<T: Transport> Reroute<T> {
    /// Only the scheme, host and port of `base` count. Errors: `base` is not an http(s) URL.
    pub fn new(inner: T, base: &str) -> Result<Self, ErrorKind> {
        Ok(Self { inner, base: url::absolute(base)? })
    }
}

impl<T: Transport> Transport for Reroute<T> {
    fn send(&self, request: &Request) -> Outcome {
        let original = url::absolute(&request.url).map_err(|kind| Error::new(kind, request))?;
        let mut rerouted = request.clone();
        rerouted.headers.set(ORIGINAL_URL, original.as_given());
        // Credentials in the URL still become a header; certificates were meant for the other host.
        rerouted.url = Url {
            scheme: self.base.scheme.clone(),
            host: self.base.host.clone(),
            port: self.base.port,
            ..original.clone()
        }
        .to_string();
        rerouted.tls = Tls::default();
        let mut response = self.inner.send(&rerouted)?;
        response.url = original.as_sent();
        Ok(response)
    }
}

/// Lets nothing out: a valid request is an error of kind [`ErrorKind::Offline`] that carries it.
pub struct Offline;

impl Transport for Offline {
    fn send(&self, request: &Request) -> Outcome {
        let kind = url::absolute(&request.url).map_or_else(|kind| kind, |_| ErrorKind::Offline);
        Err(Error::new(kind, request))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::{FromFn, Method, Response};

    #[test]
    fn path_and_query_stay() {
        let seen = FromFn(|request: &Request| {
            let original = request.headers.get(ORIGINAL_URL).unwrap_or_default();
            Ok(Response { body: format!("{} {original}", request.url).into(), ..Response::default() })
        });
        let reroute = Reroute::new(seen, "http://127.0.0.1:9/ignored").unwrap();
        for (url, expected) in [
            ("https://API.x.com/v1/a?b=1#c", "http://127.0.0.1:9/v1/a?b=1#c https://api.x.com/v1/a?b=1"),
            ("http://u:p@x.com:8080", "http://u:p@127.0.0.1:9 http://x.com:8080"),
        ] {
            let response = reroute.send(&Request::new(Method::Get, url)).unwrap();
            assert_eq!(String::from_utf8_lossy(&response.body), expected);
        }
        let error = reroute.send(&Request::new(Method::Get, "http://a b/")).unwrap_err();
        assert_eq!(error.to_string(), "bad URI(is not URI?): \"http://a b/\"");
    }

    #[test]
    fn nothing_leaves_offline() {
        let request = Request::new(Method::Post, "https://x.com/a").body("b");
        let error = Offline.send(&request).unwrap_err();
        assert_eq!((error.kind, *error.request), (ErrorKind::Offline, request));
        let error = Offline.send(&Request::new(Method::Get, "ftp://x")).unwrap_err();
        assert_eq!(error.kind, ErrorKind::NotHttp);
    }
}
