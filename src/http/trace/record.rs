//! One exchange as it is kept: plain data without secrets, with names that travel through JSON.

use base64::Engine as _;
use serde::{Deserialize, Serialize};
use std::time::Duration;

use super::Exchange;
use crate::http::redact::{MASK_START, Redactor};
use crate::http::{Headers, Timing};

/// A request, and what came back or why nothing did.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Record {
    /// From 1, in the order in which they were over.
    pub number: usize,
    /// When it left, in milliseconds after the run began.
    pub at: f64,
    /// How long it took, in milliseconds.
    pub took: f64,
    pub parts: Parts,
    /// Why it left, where that is not simply because the connector asked.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub cause: String,
    /// Where the connector asked for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    pub method: String,
    pub url: String,
    #[serde(default)]
    pub headers: Vec<(String, String)>,
    /// User and password of basic authentication, which its header would not show.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<(String, String)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<Body>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<Answer>,
    /// Why there is no answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// Where the time went, in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Parts {
    pub lookup: f64,
    pub connect: f64,
    pub tls: f64,
    pub send: f64,
    pub wait: f64,
    pub receive: f64,
}

/// A place in a connector's file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    pub file: String,
    pub line: usize,
    pub column: usize,
}

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Answer {
    pub status: u16,
    #[serde(default)]
    pub headers: Vec<(String, String)>,
    #[serde(default)]
    pub body: Body,
}

/// A body as text.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Body {
    pub text: String,
    /// How long it was, in bytes.
    pub bytes: usize,
    /// `text` is only its beginning.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cut: bool,
    /// It is no text; `text` says so.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub binary: bool,
}

impl Record {
    /// What is kept of an exchange: masks name the secrets, of bodies at most so many bytes stay.
    pub fn of(exchange: Exchange<'_>, redactor: &Redactor, most: usize) -> Self {
        let request = exchange.request;
        let answer = exchange.outcome.as_ref().ok().map(|response| Answer {
            status: response.status,
            headers: headers(&response.headers, redactor),
            body: Body::of(response.headers.get("Content-Type"), &response.body, redactor, most),
        });
        Self {
            took: milliseconds(exchange.elapsed()),
            parts: exchange.outcome.as_ref().map(|response| Parts::from(response.timing)).unwrap_or_default(),
            cause: request.cause.word().to_owned(),
            method: request.method.as_str().to_owned(),
            url: redactor.url(&request.url),
            headers: headers(&request.headers, redactor),
            user: basic(&request.headers, redactor),
            body: request
                .body
                .as_deref()
                .map(|body| Body::of(request.headers.get("Content-Type"), body, redactor, most)),
            answer,
            error: exchange.outcome.as_ref().err().map(|error| redactor.message(&error.to_string())),
            ..Self::default()
        }
    }

    /// The same with no more of each body.
    #[must_use]
    pub fn cut(&self, most: usize) -> Self {
        let mut short = self.clone();
        let answered = short.answer.as_mut().map(|answer| &mut answer.body);
        for body in short.body.as_mut().into_iter().chain(answered).filter(|body| body.text.len() > most) {
            truncate(&mut body.text, most);
            body.cut = true;
        }
        short
    }

    /// The first value of a header of the request.
    pub fn header(&self, name: &str) -> Option<&str> {
        find(&self.headers, name)
    }

    /// Every text in it that was sent, where secrets may have been.
    pub(super) fn sent(&self) -> impl Iterator<Item = &str> {
        let user = self.user.iter().flat_map(|(user, password)| [user.as_str(), password.as_str()]);
        let headers = self.headers.iter().map(|(_, value)| value.as_str());
        let body = self.body.iter().map(|body| body.text.as_str());
        std::iter::once(self.url.as_str()).chain(user).chain(headers).chain(body)
    }
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        find(&self.headers, name)
    }
}

fn find<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}

impl Body {
    fn of(content_type: Option<&str>, body: &[u8], redactor: &Redactor, most: usize) -> Self {
        let bytes = body.len();
        if bytes <= most {
            let text = redactor.body(content_type, body);
            return Self { binary: is_binary(&text, body), text, bytes, cut: false };
        }
        // With so much more that no secret is cut in two before it is seen; then the rim goes, where one may be cut.
        let rim = redactor.longest();
        let part = body.get(..most + rim).unwrap_or(body);
        // A character that is cut in two would make the rest look like no text.
        let part = match std::str::from_utf8(part) {
            Err(error) if part.len() - error.valid_up_to() < 4 => part.get(..error.valid_up_to()).unwrap_or(part),
            _ => part,
        };
        let mut text = redactor.body(content_type, part);
        let binary = is_binary(&text, part);
        if binary {
            text = format!("({bytes} bytes of binary data)");
        } else {
            let end = text.len().saturating_sub(rim).min(most);
            truncate(&mut text, end);
        }
        Self { text, bytes, cut: true, binary }
    }

    /// JSON on several lines; anything else as it is.
    pub fn pretty(&self) -> String {
        if self.cut || !self.text.trim_start().starts_with(['{', '[']) {
            return self.text.clone();
        }
        let parsed: Result<serde_json::Value, _> = serde_json::from_str(&self.text);
        let pretty = parsed.and_then(|value| serde_json::to_string_pretty(&value));
        pretty.unwrap_or_else(|_| self.text.clone())
    }
}

/// Cuts a text before the character that would pass its end.
fn truncate(text: &mut String, end: usize) {
    let end = (0..=end.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    text.truncate(end);
}

fn is_binary(text: &str, body: &[u8]) -> bool {
    text.starts_with('(') && text.ends_with(" bytes of binary data)") && std::str::from_utf8(body).is_err()
}

impl From<Timing> for Parts {
    fn from(timing: Timing) -> Self {
        Self {
            lookup: milliseconds(timing.lookup),
            connect: milliseconds(timing.connect),
            tls: milliseconds(timing.tls),
            send: milliseconds(timing.send),
            wait: milliseconds(timing.wait),
            receive: milliseconds(timing.receive),
        }
    }
}

/// To the microsecond.
fn milliseconds(duration: Duration) -> f64 {
    duration.as_micros() as f64 / 1000.0
}

fn headers(headers: &Headers, redactor: &Redactor) -> Vec<(String, String)> {
    headers.iter().map(|(name, value)| (redactor.text(name), redactor.header(name, value))).collect()
}

/// User and password; a key that stands where the user stands is a secret, too.
fn basic(headers: &Headers, redactor: &Redactor) -> Option<(String, String)> {
    let (scheme, encoded) = headers.get("Authorization")?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let plain = base64::engine::general_purpose::STANDARD.decode(encoded.trim()).ok()?;
    let plain = String::from_utf8(plain).ok()?;
    let (user, password) = plain.split_once(':')?;
    let masked = |name: &str, value: &str| {
        let known = redactor.text(value);
        if known.starts_with(MASK_START) || value.is_empty() { known } else { format!("{MASK_START}{name}]") }
    };
    let lonely = password.is_empty() || password.eq_ignore_ascii_case("x");
    let shown = if lonely { masked("user", user) } else { redactor.text(user) };
    Some((shown, masked("password", password)))
}
