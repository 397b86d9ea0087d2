//! Cookies for as long as one request is redirected; nothing is kept between requests.

use super::url::{self, Url};
use super::{Headers, Request};

/// The cookies that answers on the way have set.
#[derive(Debug, Default)]
pub struct Jar(Vec<Cookie>);

#[derive(Debug, PartialEq, Eq)]
struct Cookie {
    name: String,
    value: String,
    /// The host that set it, or the `Domain` it asked for.
    domain: String,
    /// Hosts below the domain get it too.
    and_below: bool,
    path: String,
    secure: bool,
}

impl Jar {
    /// Takes the `Set-Cookie` fields of an answer from `from`. A cookie for a domain the host is not part of is
    /// ignored; one that has expired removes its namesake.
    pub fn store(&mut self, from: &str, headers: &Headers) {
        let Ok(url) = url::absolute(from) else { return };
        for field in headers.all("Set-Cookie") {
            let Some((cookie, expired)) = read(field, &url) else { continue };
            self.0.retain(|known| {
                (&known.name, &known.domain, &known.path) != (&cookie.name, &cookie.domain, &cookie.path)
            });
            if !expired {
                self.0.push(cookie);
            }
        }
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The request with the cookies that are meant for it, after its own.
    pub fn applied(&self, request: &Request) -> Request {
        let mut request = request.clone();
        let Ok(url) = url::absolute(&request.url) else { return request };
        let fitting = self.0.iter().filter(|cookie| cookie.fits(&url));
        let own = request.headers.get("Cookie").map(str::to_owned);
        let all: Vec<String> =
            own.into_iter().chain(fitting.map(|cookie| format!("{}={}", cookie.name, cookie.value))).collect();
        if !all.is_empty() {
            request.headers.set("Cookie", all.join("; "));
        }
        request
    }
}

impl Cookie {
    fn fits(&self, url: &Url) -> bool {
        let host = url.host_name();
        let host_fits = host == self.domain || (self.and_below && is_below(&host, &self.domain));
        let path = if url.path.is_empty() { "/" } else { &url.path };
        let path_fits = path
            .strip_prefix(self.path.as_str())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || self.path.ends_with('/'));
        host_fits && path_fits && (!self.secure || url.is_https())
    }
}

fn is_below(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'))
}

/// One `Set-Cookie` field, and whether it only takes the cookie away.
fn read(field: &str, url: &Url) -> Option<(Cookie, bool)> {
    let mut parts = field.split(';').map(str::trim);
    let (name, value) = parts.next()?.split_once('=')?;
    let host = url.host_name();
    let folder = url.path.rfind('/').and_then(|slash| url.path.get(..slash)).filter(|path| !path.is_empty());
    let mut cookie = Cookie {
        name: name.trim().to_owned(),
        value: value.trim().to_owned(),
        domain: host.clone(),
        and_below: false,
        path: folder.unwrap_or("/").to_owned(),
        secure: false,
    };
    let mut expired = false;
    for part in parts {
        let (key, value) = part.split_once('=').unwrap_or((part, ""));
        match (key.to_ascii_lowercase().as_str(), value.trim()) {
            ("domain", domain) if !domain.is_empty() => {
                let domain = domain.trim_start_matches('.').to_ascii_lowercase();
                // A domain of one label would be a whole top level.
                if host != domain && !(domain.contains('.') && is_below(&host, &domain)) {
                    return None;
                }
                (cookie.domain, cookie.and_below) = (domain, true);
            }
            ("path", path) if path.starts_with('/') => path.clone_into(&mut cookie.path),
            ("secure", _) => cookie.secure = true,
            ("max-age", seconds) => expired = seconds.parse::<i64>().is_ok_and(|seconds| seconds <= 0),
            _ => {}
        }
    }
    (!cookie.name.is_empty()).then_some((cookie, expired))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Method;

    #[test]
    fn who_gets_what() {
        let mut jar = Jar::default();
        let fields = ["a=1", "b=2; Domain=.x.com; Path=/", "c=3; Path=/v1; Secure", "d=4; Domain=evil.com", "e=5"];
        jar.store("https://api.x.com/v1/login", &fields.map(|field| ("Set-Cookie", field)).into_iter().collect());
        jar.store("https://api.x.com/v1/", &[("set-cookie", "e=; Max-Age=0")].into_iter().collect());
        for (url, expected) in [
            ("https://api.x.com/v1/me", "a=1; b=2; c=3"),
            ("http://api.x.com/v1/me", "a=1; b=2"),
            ("https://api.x.com/v10", "b=2"),
            ("https://www.x.com/v1/me", "b=2"),
            ("https://x.com", "b=2"),
            ("https://evil.com/v1/", ""),
            ("https://nx.com/", ""),
        ] {
            let request = jar.applied(&Request::new(Method::Get, url));
            assert_eq!(request.headers.get("Cookie").unwrap_or_default(), expected, "{url}");
        }
    }
}
