//! Digest authentication (RFC 7616): the first request goes without credentials, a challenge is answered once.

use md5::{Digest as _, Md5};
use sha2::Sha256;

use super::url::{self, Url};
use super::{Cause, Credentials, Outcome, Request, Transport};

/// Answers digest challenges with the request's own credentials.
pub struct Digest<T>(pub T);

impl<T: Transport> Transport for Digest<T> {
    fn send(&self, request: &Request) -> Outcome {
        let first = self.0.send(request)?;
        let Some(credentials) = request.digest.as_ref().filter(|_| first.status == 401) else { return Ok(first) };
        let Some(answer) = first.headers.all("WWW-Authenticate").find_map(|field| {
            let challenge = Challenge::read(field)?;
            challenge.answer(credentials, request)
        }) else {
            return Ok(first);
        };
        let mut second = request.clone();
        second.headers.set("Authorization", answer);
        second.cause = Cause::Challenge;
        let mut response = self.0.send(&second)?;
        response.elapsed += first.elapsed;
        Ok(response)
    }
}

#[derive(Debug, Default)]
struct Challenge {
    realm: String,
    nonce: String,
    opaque: Option<String>,
    algorithm: Option<String>,
    /// The server asked for `qop=auth` or offers it.
    qop: bool,
}

impl Challenge {
    /// Reads `Digest realm="…", nonce="…", …`; `None` for another scheme or without a nonce.
    fn read(field: &str) -> Option<Self> {
        let (scheme, rest) = field.trim().split_once(' ')?;
        if !scheme.eq_ignore_ascii_case("Digest") {
            return None;
        }
        let mut challenge = Self::default();
        let mut rest = rest.trim_start();
        while let Some((key, after)) = rest.split_once('=') {
            let (value, after) = value(after.trim_start());
            match key.trim().to_ascii_lowercase().as_str() {
                "realm" => challenge.realm = value,
                "nonce" => challenge.nonce = value,
                "opaque" => challenge.opaque = Some(value),
                "algorithm" => challenge.algorithm = Some(value),
                "qop" => challenge.qop = value.split(',').any(|offer| offer.trim().eq_ignore_ascii_case("auth")),
                _ => {}
            }
            rest = after.trim_start().trim_start_matches(',').trim_start();
        }
        (!challenge.nonce.is_empty()).then_some(challenge)
    }

    /// The `Authorization` field; `None` for an algorithm we do not have.
    fn answer(&self, credentials: &Credentials, request: &Request) -> Option<String> {
        let target = url::absolute(&request.url).as_ref().map(Url::target).ok()?;
        let algorithm = self.algorithm.as_deref().unwrap_or("MD5");
        let (base, session) = match algorithm.to_ascii_uppercase().as_str() {
            "MD5" => (md5_hex as fn(&str) -> String, false),
            "MD5-SESS" => (md5_hex as fn(&str) -> String, true),
            "SHA-256" => (sha256_hex as fn(&str) -> String, false),
            "SHA-256-SESS" => (sha256_hex as fn(&str) -> String, true),
            _ => return None,
        };
        let Credentials { user, password } = credentials;
        let (realm, nonce) = (&self.realm, &self.nonce);
        // Each nonce is answered once, so what is derived from it is as fresh as it is, and runs can be repeated.
        let cnonce: String = sha256_hex(&format!("{nonce}:{target}:{user}")).chars().take(16).collect();
        let mut secret = base(&format!("{user}:{realm}:{password}"));
        if session {
            secret = base(&format!("{secret}:{nonce}:{cnonce}"));
        }
        let asked = base(&format!("{}:{target}", request.method));
        let quoted = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"");
        let mut fields = vec![
            format!("username=\"{}\"", quoted(user)),
            format!("realm=\"{}\"", quoted(realm)),
            format!("nonce=\"{}\"", quoted(nonce)),
            format!("uri=\"{target}\""),
        ];
        fields.extend(self.algorithm.iter().map(|algorithm| format!("algorithm={algorithm}")));
        let proof = if self.qop {
            fields.push(format!("qop=auth, nc=00000001, cnonce=\"{cnonce}\""));
            base(&format!("{secret}:{nonce}:00000001:{cnonce}:auth:{asked}"))
        } else {
            base(&format!("{secret}:{nonce}:{asked}"))
        };
        fields.push(format!("response=\"{proof}\""));
        fields.extend(self.opaque.iter().map(|opaque| format!("opaque=\"{}\"", quoted(opaque))));
        Some(format!("Digest {}", fields.join(", ")))
    }
}

/// A token or a quoted string at the start of `text`, and what follows it.
fn value(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(',').unwrap_or(text.len());
        let (token, rest) = text.split_at(end);
        return (token.trim().to_owned(), rest);
    };
    let mut out = String::new();
    let mut chars = quoted.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return (out, quoted.get(at + 1..).unwrap_or_default()),
            '\\' => out.extend(chars.next().map(|(_, escaped)| escaped)),
            _ => out.push(c),
        }
    }
    (out, "")
}

fn md5_hex(text: &str) -> String {
    hex::encode(Md5::digest(text.as_bytes()))
}

fn sha256_hex(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Method;

    /// The field without what depends on the client nonce, checked by recomputing it as a server does.
    fn verified(challenge: &str, hash: fn(&str) -> String) -> bool {
        let credentials = Credentials { user: "Mufasa".into(), password: "Circle Of Life".into() };
        let request = Request::new(Method::Get, "http://h/dir/index.html");
        let field = Challenge::read(challenge).unwrap().answer(&credentials, &request).unwrap();
        let part = |key: &str| {
            let (_, rest) = field.split_once(&format!("{key}=\"")).unwrap();
            rest.split_once('"').unwrap().0.to_owned()
        };
        let secret = hash("Mufasa:http-auth@example.org:Circle Of Life");
        let asked = hash("GET:/dir/index.html");
        part("response") == hash(&format!("{secret}:{}:00000001:{}:auth:{asked}", part("nonce"), part("cnonce")))
    }

    #[test]
    fn answers_as_a_server_computes_them() {
        let nonce = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v";
        let common = format!("realm=\"http-auth@example.org\", qop=\"auth, auth-int\", nonce=\"{nonce}\"");
        assert!(verified(&format!("Digest {common}, algorithm=MD5"), md5_hex));
        assert!(verified(&format!("digest {common}, algorithm=SHA-256, opaque=\"a\\\"b\""), sha256_hex));
    }

    #[test]
    fn the_old_form_without_qop() {
        // RFC 2069's own example.
        let challenge = r#"Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41""#;
        let credentials = Credentials { user: "Mufasa".into(), password: "CircleOfLife".into() };
        let request = Request::new(Method::Get, "http://h/dir/index.html");
        let field = Challenge::read(challenge).unwrap().answer(&credentials, &request).unwrap();
        assert!(field.contains("response=\"1949323746fe6a43ef61f9606e7febea\""), "{field}");
    }

    #[test]
    fn other_challenges_are_not_answered() {
        assert!(Challenge::read("Basic realm=\"x\"").is_none());
        assert!(Challenge::read("Digest realm=\"x\"").is_none());
        assert!(Challenge::read("Digest").is_none());
        let unknown = Challenge::read("Digest nonce=n, algorithm=SHA-512-256").unwrap();
        assert!(unknown.answer(&Credentials::default(), &Request::new(Method::Get, "http://h/")).is_none());
    }
}
