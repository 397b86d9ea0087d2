//! Keeping secrets out of whatever people or files get to see.
//!
//! A secret is masked wherever its value turns up, in any of the spellings that requests use, and whatever stands in
//! a field named like one is masked even when the value is unknown or too short to be searched for.

use std::borrow::Cow;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

use super::url::Url;
use super::{Error, Headers, Request, Response, content_type, query, xml};

mod fields;
mod names;
mod spellings;

pub use names::{is_secret_field, may_tell};
use spellings::{Spelling, Spellings};

/// What stands in the place of a secret.
pub const MASK: &str = "[redacted]";
/// How a mask begins that says which secret it was; it ends with `]`.
pub const MASK_START: &str = "[redacted:";

/// Shorter values occur by chance; they are masked by field only.
const SHORTEST: usize = 6;

/// Masks a set of secrets. A copy costs nothing.
#[derive(Clone, Default)]
pub struct Redactor {
    spellings: Arc<Spellings>,
    /// Masks say which secret stood there.
    naming: bool,
}

impl std::fmt::Debug for Redactor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Redactor").field("spellings", &self.spellings.iter().count()).finish_non_exhaustive()
    }
}

impl Redactor {
    pub fn new<S: AsRef<str>>(secrets: impl IntoIterator<Item = S>) -> Self {
        let mut redactor = Self::default();
        for secret in secrets {
            redactor.add(secret.as_ref());
        }
        redactor
    }

    /// Masks this value too from now on; a value of fewer than six bytes is ignored.
    pub fn add(&mut self, secret: &str) {
        self.add_named("secret", secret);
    }

    /// The same for a secret that has a name.
    pub fn add_named(&mut self, name: &str, secret: &str) {
        if secret.trim().len() < SHORTEST {
            return;
        }
        let encoded = format!("{name} encoded");
        Arc::make_mut(&mut self.spellings).add(spellings_of(secret).into_iter().map(|text| {
            let named = mask_of(if text == secret { name } else { &encoded });
            Spelling { text, named }
        }));
    }

    /// The same secrets, with masks that tell them apart.
    #[must_use]
    pub fn naming(self) -> Self {
        Self { naming: true, ..self }
    }

    /// Bytes of the longest spelling: what is cut out of a text has to be seen with so much around it.
    pub fn longest(&self) -> usize {
        self.spellings.iter().next().map_or(0, |spelling| spelling.text.len())
    }

    /// Any text, by value.
    pub fn text(&self, text: &str) -> String {
        let mut masked = String::with_capacity(text.len());
        let mut shown = 0;
        for (stretch, spelling) in self.spellings.stretches(text.as_bytes()) {
            masked.push_str(text.get(shown..stretch.start).unwrap_or_default());
            masked.push_str(self.mask(spelling));
            shown = stretch.end;
        }
        masked + text.get(shown..).unwrap_or_default()
    }

    /// Any bytes, by value; `None` where there is no secret in them.
    pub fn bytes(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        let stretches = self.spellings.stretches(bytes);
        let mut masked = Vec::with_capacity(bytes.len());
        let mut shown = 0;
        for (stretch, spelling) in &stretches {
            masked.extend_from_slice(bytes.get(shown..stretch.start).unwrap_or_default());
            masked.extend_from_slice(self.mask(spelling).as_bytes());
            shown = stretch.end;
        }
        masked.extend_from_slice(bytes.get(shown..).unwrap_or_default());
        (!stretches.is_empty()).then_some(masked)
    }

    fn mask<'a>(&self, spelling: &'a Spelling) -> &'a str {
        if self.naming { &spelling.named } else { MASK }
    }

    /// What stands in the place of the value of a telling field: who knows the secret says which it is.
    fn of_field(&self, name: &str, value: &str) -> String {
        if !self.naming {
            return MASK.to_owned();
        }
        let known = self.text(value);
        let is_mask = known != value && known.starts_with(MASK_START) && known.find(']') == Some(known.len() - 1);
        if is_mask { known } else { mask_of(name) }
    }

    /// A message that may end with a quotation which was cut, and with the beginning of a secret in it.
    pub fn message(&self, text: &str) -> String {
        let text = self.text(text);
        let quoted = text.trim_end_matches(['\'', '"', '…', '.']);
        let begun = |spelling: &Spelling| {
            let spelling = &spelling.text;
            let starts = spelling.char_indices().map(|(at, _)| at).filter(|at| *at >= SHORTEST);
            starts.rev().find(|&end| spelling.get(..end).is_some_and(|start| quoted.ends_with(start)))
        };
        match self.spellings.iter().filter_map(begun).max() {
            Some(length) => {
                let (before, after) = (quoted.len() - length, quoted.len());
                format!("{}{MASK}{}", text.get(..before).unwrap_or_default(), text.get(after..).unwrap_or_default())
            }
            None => text,
        }
    }

    /// A header's value; of an `Authorization` the scheme stays.
    pub fn header(&self, name: &str, value: &str) -> String {
        if !is_secret_field(name) {
            return if name.eq_ignore_ascii_case("location") { self.url(value) } else { self.text(value) };
        }
        match value.split_once(' ') {
            Some((scheme, rest)) if name.to_ascii_lowercase().ends_with("authorization") => {
                format!("{scheme} {}", self.of_field(name, rest))
            }
            _ => self.of_field(name, value),
        }
    }

    /// A URL: its user and its query by field, all of it by value.
    pub fn url(&self, url: &str) -> String {
        if !url.contains(['@', '?']) {
            return self.text(url);
        }
        let Ok(mut parts) = Url::parse(url) else { return self.text(url) };
        // Some services take the key as the user, with no password.
        parts.userinfo = parts.userinfo.map(|user| self.of_field("user", &user));
        parts.query = parts.query.map(|query| self.form(&query));
        self.text(&parts.to_string())
    }

    /// A body as text: JSON, forms and XML by field, all of it by value. What is not text is named by its size.
    pub fn body(&self, content_type: Option<&str>, body: &[u8]) -> String {
        let Some(text) =
            content_type::decode(content_type, body).or_else(|| std::str::from_utf8(body).ok().map(Cow::Borrowed))
        else {
            return format!("({} bytes of binary data)", body.len());
        };
        let essence = content_type.map(content_type::essence).unwrap_or_default();
        let start = text.trim_start();
        let masked = if start.starts_with(['{', '[']) {
            self.json(&text)
        } else if start.starts_with('<') {
            self.markup(&text)
        } else if essence == "application/x-www-form-urlencoded" {
            Some(self.form(&text))
        } else {
            None
        };
        self.text(&masked.map_or(text, Cow::Owned))
    }

    /// The request as it may be shown: the body is text.
    pub fn request(&self, request: &Request) -> Request {
        let mut shown = request.clone();
        shown.url = self.url(&request.url);
        shown.headers = self.headers(&request.headers);
        let content_type = request.headers.get("Content-Type");
        shown.body = request.body.as_deref().map(|body| self.body(content_type, body).into_bytes());
        shown.digest = None;
        shown.tls.identity = None;
        shown
    }

    /// The response as it may be shown: the body is text.
    pub fn response(&self, response: &Response) -> Response {
        let content_type = response.headers.get("Content-Type");
        Response {
            status: response.status,
            headers: self.headers(&response.headers),
            body: self.body(content_type, &response.body).into_bytes(),
            url: self.url(&response.url),
            elapsed: response.elapsed,
            timing: response.timing,
        }
    }

    /// The error as it may be shown.
    pub fn error(&self, error: &Error) -> Error {
        Error { request: Box::new(self.request(&error.request)), ..error.clone() }
    }

    fn headers(&self, headers: &Headers) -> Headers {
        headers.iter().map(|(name, value)| (self.text(name), self.header(name, value))).collect()
    }
}

/// The mask that says what stood there. Names are the author's: letters, digits and what connects them.
fn mask_of(name: &str) -> String {
    let plain: String = name.chars().map(|c| if c.is_alphanumeric() || "_-. ".contains(c) { c } else { '_' }).collect();
    format!("{MASK_START}{plain}]")
}

/// How a secret may look in a URL, a form, JSON, XML, or inside base64 at any of its three alignments.
fn spellings_of(secret: &str) -> Vec<String> {
    let percent = query::escape(secret);
    let json = serde_json::Value::from(secret).to_string();
    let json = json.trim_matches('"').to_owned();
    let mut xml = xml::Writer::default();
    xml.text(secret);
    let mut all = vec![
        secret.to_owned(),
        percent.replace('+', "%20"),
        lower_escapes(&percent),
        percent,
        query::escape_form(secret),
        json.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026"),
        json,
        xml.finish(),
    ];
    for (lead, skipped) in [(0, 0), (1, 2), (2, 3)] {
        let mut bytes = vec![0; lead];
        bytes.extend_from_slice(secret.as_bytes());
        // The last character may hold bits of what follows.
        let whole = bytes.len() * 8 / 6;
        for encoded in [STANDARD_NO_PAD.encode(&bytes), URL_SAFE_NO_PAD.encode(&bytes)] {
            all.extend(encoded.get(skipped..whole).map(str::to_owned));
        }
    }
    all.retain(|spelling| spelling.len() >= SHORTEST);
    all
}

/// `%2F` as `%2f`, which some write.
fn lower_escapes(text: &str) -> String {
    let mut parts = text.split('%');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (hex, rest) = part.split_at_checked(2).unwrap_or((part, ""));
        out.extend(["%", &hex.to_ascii_lowercase(), rest]);
    }
    out
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use base64::engine::general_purpose::STANDARD;

    use super::*;
    use crate::http::Method;

    #[test]
    fn values_in_every_spelling() {
        let secret = "p@ss w/rd+<\"1\">";
        let redactor = Redactor::new([secret, "short", ""]);
        for text in [
            secret.to_owned(),
            "p%40ss%20w%2Frd%2B%3C%221%22%3E".to_owned(),
            "p%40ss+w%2frd%2b%3c%221%22%3e".to_owned(),
            r#"p@ss w/rd+<\"1\">"#.to_owned(),
            r#"p@ss w/rd+\u003c\"1\"\u003e"#.to_owned(),
            "p@ss w/rd+&lt;&quot;1&quot;&gt;".to_owned(),
            STANDARD.encode(secret),
            STANDARD.encode(format!("u:{secret}:more")),
            STANDARD.encode(format!("user:{secret}")),
            STANDARD.encode(format!("usr:{secret}x")),
        ] {
            let masked = redactor.text(&format!("before {text} after"));
            assert!(masked.contains(MASK) && masked.len() < text.len() + 30, "{text} -> {masked}");
            assert!(!masked.contains("w/rd") && !masked.contains("w%2"), "{text} -> {masked}");
        }
        assert_eq!(redactor.text("a short text"), "a short text");
        assert_eq!(redactor.message("unexpected token at 'p@ss w/r'"), format!("unexpected token at '{MASK}'"));
        assert_eq!(redactor.message("unexpected token at 'p@ss'"), "unexpected token at 'p@ss'");
    }

    #[test]
    fn longer_secrets_first() {
        let redactor = Redactor::new(["secret-token", "secret-token-and-more"]);
        assert_eq!(redactor.text("x secret-token-and-more y"), "x [redacted] y");
    }

    #[test]
    fn overlapping_secrets_leave_nothing() {
        let redactor = Redactor::new(["abcdef-ghijkl", "ghijkl-mnopqrs"]);
        assert_eq!(redactor.text("x abcdef-ghijkl-mnopqrs y"), "x [redacted] y");
        assert_eq!(redactor.bytes(b"abcdef-ghijkl-mnopqrs"), Some(b"[redacted]".to_vec()));
        assert_eq!(redactor.bytes(b"abcdef"), None);
    }

    #[test]
    fn fields() {
        for (name, secret) in [
            ("Authorization", true),
            ("X-Api-Key", true),
            ("api_token", true),
            ("client_secret", true),
            ("accessToken", true),
            ("Set-Cookie", true),
            ("token", true),
            ("user[password]", true),
            ("page_token", false),
            ("author", false),
            ("key", false),
            ("Content-Type", false),
        ] {
            assert_eq!(is_secret_field(name), secret, "{name}");
        }
    }

    #[test]
    fn whole_requests() {
        let redactor = Redactor::new(["tok-123456"]);
        let json = r#"{"id": 1, "user": {"password": "pw", "pin": 7, "note": "tok-123456"}, "token": null}"#;
        let request = Request::new(Method::Post, "https://u:pw@h/tok-123456?api_key=k&q=1&token=#f")
            .header("Authorization", "Bearer abc")
            .header("Cookie", "a=b")
            .header("X-Plain", "tok-123456!")
            .body(json);
        let shown = redactor.request(&request);
        let mut text = format!("{}\n", shown.url);
        for (name, value) in shown.headers.iter() {
            writeln!(text, "{name}: {value}").unwrap();
        }
        text.push_str(&String::from_utf8(shown.body.unwrap()).unwrap());
        insta::assert_snapshot!(text, @r#"
        https://[redacted]@h/[redacted]?api_key=[redacted]&q=1&token=#f
        Authorization: Bearer [redacted]
        Cookie: [redacted]
        X-Plain: [redacted]!
        {"id":1,"user":{"password":"[redacted]","pin":7,"note":"[redacted]"},"token":null}
        "#);
    }

    #[test]
    fn bodies() {
        let redactor = Redactor::default();
        let form = Some("application/x-www-form-urlencoded");
        let mut table = String::new();
        for (content_type, body) in [
            (form, &b"grant_type=refresh&refresh_token=r%20t&a%5Bpassword%5D=x"[..]),
            (None, b"[{\"secret\": [1, 2]}, {\"a\":  1}]"),
            (None, b"{ \"a\":  1 }"),
            (None, b"<r><password>x</password><b apiKey='k'>t</b></r>"),
            (None, b"{broken \"password\" : \"a\\\"b\", \"x\": \"y\", \"token\": \"cut"),
            (Some("image/png"), b"\x89PNG\xff"),
            (Some("text/plain; charset=iso-8859-1"), b"caf\xe9"),
        ] {
            writeln!(table, "{}", redactor.body(content_type, body)).unwrap();
        }
        insta::assert_snapshot!(table, @r#"
        grant_type=refresh&refresh_token=[redacted]&a%5Bpassword%5D=[redacted]
        [{"secret":"[redacted]"},{"a":1}]
        { "a":  1 }
        <r><password>[redacted]</password><b apiKey="[redacted]">t</b></r>
        {broken "password" : "[redacted]", "x": "y", "token": "[redacted]
        (5 bytes of binary data)
        café
        "#);
    }
}
