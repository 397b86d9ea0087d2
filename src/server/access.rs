//! Who may ask what: a token where there is one, and this machine alone where there is none.

use super::reply::Reply;
use super::routes::{Guard, Route};
use axum::http::request::Parts;
use subtle::ConstantTimeEq;

/// The rule of one server.
#[derive(Clone, Debug, Default)]
pub struct Access {
    /// What `Authorization: Bearer …` has to say.
    pub token: Option<String>,
}

/// Whether an address to listen on is reached from this machine only.
pub fn is_loopback(listen: &str) -> bool {
    let host = listen.rsplit_once(':').map_or(listen, |(host, _)| host).trim_matches(['[', ']']);
    host.eq_ignore_ascii_case("localhost") || host.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback())
}

impl Access {
    /// Lets a request pass, or says why not.
    pub(super) fn admit(&self, route: &Route, head: &Parts) -> Result<(), Reply> {
        if route.guard == Guard::Open {
            return Ok(());
        }
        let header = |name: &str| head.headers.get(name).and_then(|value| value.to_str().ok());
        match &self.token {
            Some(token) => {
                let given = header("authorization").and_then(|field| {
                    let (scheme, token) = field.split_once(' ')?;
                    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
                });
                if given.is_some_and(|given| same(given, token)) {
                    return Ok(());
                }
                let message = if given.is_some() { "the token is another one" } else { "the token is missing" };
                Err(Reply::error(401, message)
                    .help("send `Authorization: Bearer …` with the token of `[server]` in connrun.toml")
                    .header("www-authenticate", "Bearer realm=\"connrun\""))
            }
            // Without a token a page in a browser on this machine could ask, too: under another name, or across sites.
            None => {
                let host = header("host").unwrap_or_default();
                let own = |origin: &str| origin.split_once("://").is_some_and(|(_, origin)| origin == host);
                if is_loopback(host) && header("origin").is_none_or(own) {
                    return Ok(());
                }
                Err(Reply::error(403, "without a token only this machine may ask, by its own name")
                    .help("ask at 127.0.0.1 or localhost, or set a `token` under `[server]` in connrun.toml"))
            }
        }
    }
}

/// Compares in a time that tells nothing of what is the same.
pub fn same(given: &str, expected: &str) -> bool {
    given.as_bytes().ct_eq(expected.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::{is_loopback, same};

    #[test]
    fn addresses_of_this_machine() {
        for (listen, expected) in [
            ("127.0.0.1:8080", true),
            ("127.9.9.9:0", true),
            ("localhost:80", true),
            ("LOCALHOST", true),
            ("[::1]:8080", true),
            ("0.0.0.0:8080", false),
            ("[::]:8080", false),
            ("192.168.0.1:80", false),
            ("evil.example:80", false),
            ("", false),
        ] {
            assert_eq!(is_loopback(listen), expected, "{listen}");
        }
        assert!(same("abc", "abc") && !same("abc", "abd") && !same("ab", "abc"));
    }
}
