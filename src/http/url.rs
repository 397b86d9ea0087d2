//! URLs by RFC 3986: strict reading, resolution against a base, and the text that goes on the wire.
//!
//! Error texts are Ruby's, since connectors match on them. Nothing is escaped silently but what a raw query string
//! holds that no request line can carry.

use std::borrow::Cow;
use std::fmt;

use super::ErrorKind;
use super::query::{escape_raw, percent};

/// A URL or relative reference, taken apart; the parts are as written but for the scheme, which is lower case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Url {
    pub scheme: Option<String>,
    /// Still percent-encoded, `user:password`.
    pub userinfo: Option<String>,
    pub host: Option<String>,
    pub port: Option<u16>,
    pub path: String,
    pub query: Option<String>,
    pub fragment: Option<String>,
}

/// The address of a request: `url` merged into `base` where there is one, else taken as it is, `http://` added when
/// there is no scheme. The result has a host and is http or https.
///
/// Errors: [`ErrorKind::InvalidUrl`], [`ErrorKind::NotHttp`].
pub fn resolve(base: Option<&str>, url: &str) -> Result<Url, ErrorKind> {
    if base.is_none() {
        return absolute(url);
    }
    let merged = merge(base, url)?;
    if merged.is_http() && merged.host.is_some() { Ok(merged) } else { absolute(&merged.to_string()) }
}

/// `url` merged into `base` where there is one; else as it is, also if it is relative.
///
/// Errors: [`ErrorKind::InvalidUrl`].
pub fn merge(base: Option<&str>, url: &str) -> Result<Url, ErrorKind> {
    let reference = Url::parse(url)?;
    let Some(base) = base else { return Ok(reference) };
    Url::parse(base)?.join(&reference).ok_or_else(|| invalid("both URI are relative".to_owned()))
}

/// Reads an absolute http(s) URL, adding `http://` when the text has no scheme.
pub fn absolute(text: &str) -> Result<Url, ErrorKind> {
    let text = if has_scheme_and_slashes(text) { Cow::Borrowed(text) } else { Cow::Owned(format!("http://{text}")) };
    let url = Url::parse(&text)?;
    if !url.is_http() {
        return Err(ErrorKind::NotHttp);
    }
    if url.host.is_none() {
        return Err(invalid(format!("bad URI(no host provided): {text}")));
    }
    Ok(url)
}

fn has_scheme_and_slashes(text: &str) -> bool {
    cut(text, b':').1.is_some_and(|rest| rest.starts_with("//")) && is_scheme(cut(text, b':').0)
}

fn is_scheme(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.first().is_some_and(u8::is_ascii_alphabetic)
        && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
}

fn invalid(message: String) -> ErrorKind {
    ErrorKind::InvalidUrl { message }
}

impl Url {
    /// Reads a URL or a relative reference; no scheme, host or characters are made up.
    pub fn parse(text: &str) -> Result<Self, ErrorKind> {
        if !text.is_ascii() {
            return Err(invalid(format!("URI must be ascii only {}", quoted(text, true))));
        }
        let url = Self::split(text).ok_or_else(|| invalid(format!("bad URI(is not URI?): {}", quoted(text, false))))?;
        match broken_escape(url.query.as_deref().unwrap_or_default()) {
            Some(broken) => Err(invalid(format!("invalid percent escape: {broken}"))),
            None => Ok(url),
        }
    }

    fn split(text: &str) -> Option<Self> {
        let (rest, fragment) = cut(text, b'#');
        let (rest, query) = cut(rest, b'?');
        let (scheme, rest) = match cut(rest, b':') {
            (scheme, Some(rest)) if is_scheme(scheme) => (Some(scheme.to_ascii_lowercase()), rest),
            _ => (None, rest),
        };
        let mut url =
            Self { scheme, query: query.map(escape_raw), fragment: fragment.map(str::to_owned), ..Self::default() };
        let path = match rest.strip_prefix("//") {
            Some(rest) => {
                let slash = memchr::memchr(b'/', rest.as_bytes());
                let (authority, path) = rest.split_at(slash.unwrap_or(rest.len()));
                url.set_authority(authority)?;
                path
            }
            None => rest,
        };
        // Without a scheme, a colon in the first segment would read as one.
        let colon_is_fine = url.scheme.is_some() || url.host.is_some() || !cut(path, b'/').0.contains(':');
        let fragment_is_fine = fragment.is_none_or(|text| valid(text, &FRAGMENT));
        if !colon_is_fine || !fragment_is_fine || !valid(path, &PATH) {
            return None;
        }
        path.clone_into(&mut url.path);
        Some(url)
    }

    fn set_authority(&mut self, authority: &str) -> Option<()> {
        let (userinfo, address) = match authority.rsplit_once('@') {
            Some((userinfo, address)) => (Some(userinfo), address),
            None => (None, authority),
        };
        let (host, port) = match address.find(']') {
            Some(end) => address.split_at(end + 1),
            None => address.split_at(address.find(':').unwrap_or(address.len())),
        };
        let port = match port.strip_prefix(':') {
            None if port.is_empty() => None,
            Some("") => None,
            Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => Some(digits.parse().ok()?),
            _ => return None,
        };
        let bracketed = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
        let host_is_fine = match bracketed {
            Some(literal) => literal.parse::<std::net::Ipv6Addr>().is_ok(),
            None => valid(host, &HOST),
        };
        if !host_is_fine || userinfo.is_some_and(|text| !valid(text, &USER)) {
            return None;
        }
        self.userinfo = userinfo.filter(|text| !text.is_empty()).map(str::to_owned);
        self.host = (!host.is_empty()).then(|| host.to_owned());
        self.port = port;
        Some(())
    }

    /// `reference` as seen from this URL (RFC 3986 §5.2); `None` when both are relative.
    ///
    /// An empty reference keeps this URL's query; an absolute one is taken as written.
    pub fn join(&self, reference: &Self) -> Option<Self> {
        if reference.scheme.is_some() {
            return Some(reference.clone());
        }
        self.scheme.as_ref()?;
        let mut merged = Self { scheme: self.scheme.clone(), ..reference.clone() };
        if reference.host.is_some() {
            return Some(merged);
        }
        merged.userinfo.clone_from(&self.userinfo);
        merged.host.clone_from(&self.host);
        merged.port = self.port;
        if reference.path.is_empty() {
            merged.path.clone_from(&self.path);
            if reference.query.is_none() {
                merged.query.clone_from(&self.query);
                merged.fragment = reference.fragment.clone().or_else(|| self.fragment.clone());
            }
        } else if reference.path.starts_with('/') {
            merged.path = without_dots(&reference.path);
        } else {
            let folder = self.path.rfind('/').map_or("/", |slash| &self.path[..=slash]);
            merged.path = without_dots(&format!("{folder}{}", reference.path));
        }
        Some(merged)
    }

    pub fn is_http(&self) -> bool {
        matches!(self.scheme.as_deref(), Some("http" | "https"))
    }

    pub fn is_https(&self) -> bool {
        self.scheme.as_deref() == Some("https")
    }

    /// The host in lower case, without the brackets of an IPv6 address.
    pub fn host_name(&self) -> String {
        let host = self.host.as_deref().unwrap_or_default();
        host.trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase()
    }

    /// The port it would connect to.
    pub fn port_or_default(&self) -> u16 {
        self.port.unwrap_or(if self.is_https() { 443 } else { 80 })
    }

    /// Both name the same scheme, host and port, so credentials for one may go to the other.
    pub fn same_origin(&self, other: &Self) -> bool {
        self.scheme == other.scheme
            && self.host_name() == other.host_name()
            && self.port_or_default() == other.port_or_default()
    }

    /// The port, where it is not the scheme's own.
    fn unusual_port(&self) -> Option<u16> {
        self.port.filter(|port| *port != if self.is_https() { 443 } else { 80 })
    }

    /// What the `Host` header says: the lower-case host, the port only if it is not the scheme's own.
    pub fn authority(&self) -> String {
        let mut authority = String::new();
        self.write_authority(&mut authority);
        authority
    }

    fn write_authority(&self, out: &mut String) {
        out.extend(self.host.iter().flat_map(|host| host.chars()).map(|c| c.to_ascii_lowercase()));
        if let Some(port) = self.unusual_port() {
            out.push(':');
            out.push_str(&port.to_string());
        }
    }

    /// What the request line says: path and query, at least `/`.
    pub fn target(&self) -> String {
        let mut target = String::new();
        self.write_target(&mut target);
        target
    }

    fn write_target(&self, out: &mut String) {
        out.push_str(if self.path.is_empty() { "/" } else { &self.path });
        let Some(query) = &self.query else { return };
        out.push('?');
        let fits = |byte: &u8| matches!(byte, b'!' | b'#'..=b';' | b'=' | b'?'..=b'~');
        for piece in query.as_bytes().chunk_by(|a, b| fits(a) && fits(b)) {
            match std::str::from_utf8(piece) {
                Ok(text) if piece.iter().all(fits) => out.push_str(text),
                _ => piece.iter().for_each(|byte| percent(out, *byte)),
            }
        }
    }

    /// All of it, without a port that is the scheme's own.
    pub fn text(&self) -> String {
        let parts = [&self.scheme, &self.userinfo, &self.host, &self.query, &self.fragment];
        let length: usize = parts.into_iter().flatten().map(String::len).sum();
        let mut out = String::with_capacity(length + self.path.len() + 16);
        if let Some(scheme) = &self.scheme {
            out.extend([scheme, ":"]);
        }
        if let Some(host) = &self.host {
            out.push_str("//");
            if let Some(userinfo) = &self.userinfo {
                out.extend([userinfo, "@"]);
            }
            out.push_str(host);
            let unusual = if self.is_http() { self.unusual_port() } else { self.port };
            if let Some(port) = unusual {
                out.extend([":", &port.to_string()]);
            }
        }
        out.push_str(&self.path);
        if let Some(query) = &self.query {
            out.extend(["?", query]);
        }
        if let Some(fragment) = &self.fragment {
            out.extend(["#", fragment]);
        }
        out
    }

    /// The URL without user, password and fragment, and without a path where it has none.
    pub fn as_given(&self) -> String {
        let mut given = self.as_sent();
        if self.path.is_empty() {
            let query = given.find('?').unwrap_or(given.len());
            given.remove(query.saturating_sub(1));
        }
        given
    }

    /// The URL exactly as it is sent: no user, password or fragment.
    pub fn as_sent(&self) -> String {
        let mut sent = String::with_capacity(self.path.len() + self.query.as_ref().map_or(0, String::len) + 64);
        sent.push_str(self.scheme.as_deref().unwrap_or("http"));
        sent.push_str("://");
        self.write_authority(&mut sent);
        self.write_target(&mut sent);
        sent
    }
}

/// What the `Host` header says of a URL as it is sent.
pub fn authority_of(sent: &str) -> &str {
    let rest = sent.split_once("://").map_or(sent, |(_, rest)| rest);
    rest.split(['/', '?']).next().unwrap_or_default()
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text())
    }
}

/// `%` with two characters after it neither of which is a hexadecimal digit.
fn broken_escape(query: &str) -> Option<&str> {
    let is_hex = |byte: u8| byte.is_ascii_hexdigit();
    let at = query.as_bytes().windows(3).position(|at| matches!(at, [b'%', a, b] if !is_hex(*a) && !is_hex(*b)))?;
    query.get(at..at + 3)
}

/// What stands before an ASCII character, and what after it.
fn cut(text: &str, at: u8) -> (&str, Option<&str>) {
    match memchr::memchr(at, text.as_bytes()) {
        Some(place) => (&text[..place], Some(&text[place + 1..])),
        None => (text, None),
    }
}

/// Which bytes stand for themselves in a part of a URL.
type Allowed = [bool; 256];

/// Letters, digits and `extra`.
const fn allowing(extra: &[u8]) -> Allowed {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 128 {
        table[byte] = (byte as u8).is_ascii_alphanumeric();
        byte += 1;
    }
    let mut at = 0;
    while at < extra.len() {
        table[extra[at] as usize] = true;
        at += 1;
    }
    table
}

static USER: Allowed = allowing(b"!$&'()*+,;=:-._~");
static HOST: Allowed = allowing(b"!$&'()*+,;=-._~");
static PATH: Allowed = allowing(b"!$&'()*+,;=:@/-._~");
static FRAGMENT: Allowed = allowing(b"!$&'()*+,;=:@/?-._~");

/// Allowed bytes and percent escapes only.
fn valid(text: &str, allowed: &Allowed) -> bool {
    let bytes = text.as_bytes();
    let is_hex = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_hexdigit);
    bytes.iter().enumerate().all(|(at, byte)| match byte {
        b'%' => is_hex(at + 1) && is_hex(at + 2),
        _ => allowed[usize::from(*byte)],
    })
}

/// Resolves `.` and `..` segments of an absolute path (RFC 3986 §5.2.4).
fn without_dots(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let mut segments = path.split('/').skip(1).peekable();
    while let Some(segment) = segments.next() {
        let last = segments.peek().is_none();
        match segment {
            "." if last => kept.push(""),
            "." => {}
            ".." => {
                kept.pop();
                if last {
                    kept.push("");
                }
            }
            _ => kept.push(segment),
        }
    }
    format!("/{}", kept.join("/"))
}

/// A string as Ruby prints it in a message; `dump` writes what is not ASCII as `\u00E9`.
fn quoted(text: &str, dump: bool) -> String {
    let mut out = String::from("\"");
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '#' if matches!(chars.peek(), Some('{' | '$' | '@')) => out.push_str("\\#"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            '\u{1b}' => out.push_str("\\e"),
            c if c.is_ascii_control() => out.extend([format!("\\x{:02X}", u32::from(c))]),
            c if c.is_ascii() || !dump => out.push(c),
            c if u32::from(c) > 0xffff => out.extend([format!("\\u{{{:X}}}", u32::from(c))]),
            c => out.extend([format!("\\u{:04X}", u32::from(c))]),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(base: Option<&str>, url: &str) -> String {
        match resolve(base, url) {
            Ok(url) => url.to_string(),
            Err(kind) => format!("! {kind}"),
        }
    }

    #[test]
    fn against_a_base() {
        for (base, url, expected) in [
            ("https://h/v1/", "p", "https://h/v1/p"),
            ("https://h/v1", "p", "https://h/p"),
            ("https://h/v1", "/p?x=1", "https://h/p?x=1"),
            ("https://h/v1?x=1", "", "https://h/v1?x=1"),
            ("https://h/v1?x=1", "?q=2", "https://h/v1?q=2"),
            ("https://h/v1?x=1#f", "p", "https://h/p"),
            ("http://h", "", "http://h"),
            ("http://h", "p", "http://h/p"),
            ("http://h", "?q=2", "http://h?q=2"),
            ("http://h/a/b/c?q", "../../../x", "http://h/x"),
            ("http://h/a/b/c?q", "./x", "http://h/a/b/x"),
            ("http://h/a/b/c?q", "x/..", "http://h/a/b/"),
            ("http://h/a/b/c?q", "x/.", "http://h/a/b/x/"),
            ("http://h/a/b/c?q", "..", "http://h/a/"),
            ("http://h/a/b/c?q", "#z", "http://h/a/b/c?q#z"),
            ("http://h/a/b/c?q", "/./a/../b", "http://h/b"),
            ("http://h/a/b/c?q", "x?a/../b", "http://h/a/b/x?a/../b"),
            ("http://h/a/b/c?q", "/a//b", "http://h/a//b"),
            ("http://h/a", "//o/p", "http://o/p"),
            ("http://h/a", "http://k/../x", "http://k/../x"),
            ("http://h:8080/a", "b", "http://h:8080/b"),
            ("http://h:80/a", "b", "http://h/b"),
            ("http://u:p@h/a", "b", "http://u:p@h/b"),
            // Ruby would carry user, password and port over to the other host.
            ("http://u:p@h:8080/a", "//o/b", "http://o/b"),
            ("h/v1", "p", "! both URI are relative"),
            ("http://h/", "has space", "! bad URI(is not URI?): \"has space\""),
        ] {
            assert_eq!(resolved(Some(base), url), expected, "{base} + {url}");
        }
    }

    #[test]
    fn without_a_base() {
        for (url, expected) in [
            ("/x", "! bad URI(no host provided): http:///x"),
            ("", "! bad URI(no host provided): http://"),
            ("x", "http://x"),
            ("api.h.com/v1?q=1", "http://api.h.com/v1?q=1"),
            ("HTTP://Ex.COM/a%20b", "http://Ex.COM/a%20b"),
            ("http://[::1]:8080/a", "http://[::1]:8080/a"),
            ("http://h_x:/", "http://h_x/"),
            ("http://@h/", "http://h/"),
            ("http://h/?q=[1]&x={}", "http://h/?q=[1]&x={}"),
            ("http://a b/", "! bad URI(is not URI?): \"http://a b/\""),
            ("http://h/p|q", "! bad URI(is not URI?): \"http://h/p|q\""),
            ("http://h/a[1]", "! bad URI(is not URI?): \"http://h/a[1]\""),
            ("http://h/%zz", "! bad URI(is not URI?): \"http://h/%zz\""),
            ("http://h:port/x", "! bad URI(is not URI?): \"http://h:port/x\""),
            ("http://h:99999/x", "! bad URI(is not URI?): \"http://h:99999/x\""),
            ("http://h/a\nb", "! bad URI(is not URI?): \"http://h/a\\nb\""),
            ("http://h/#{x}", "! bad URI(is not URI?): \"http://h/\\#{x}\""),
            ("http://h/é", "! URI must be ascii only \"http://h/\\u00E9\""),
            ("ftp://x/y", "! not an HTTP URI"),
            ("http://[::1/", "! bad URI(is not URI?): \"http://[::1/\""),
        ] {
            assert_eq!(resolved(None, url), expected, "{url}");
        }
    }

    #[test]
    fn as_sent() {
        for (url, expected) in [
            ("HTTPS://u:p@API.Example.COM:443/a?b=1#c", "https://api.example.com/a?b=1"),
            ("http://h:8080", "http://h:8080/"),
            ("http://h?q=a b\"<é>", "! URI must be ascii only \"http://h?q=a b\\\"<\\u00E9>\""),
            ("http://h?q=a b\"<>{}|", "http://h/?q=a%20b%22%3C%3E{}|"),
        ] {
            let sent = absolute(url).map_or_else(|kind| format!("! {kind}"), |url| url.as_sent());
            assert_eq!(sent, expected, "{url}");
        }
    }
}
