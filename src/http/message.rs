//! What is sent and what comes back: values that can be printed, recorded and compared.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use super::Headers;
use crate::text::Span;

/// The verbs a connector can send.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Method {
    Get,
    Head,
    Options,
    Post,
    Put,
    Patch,
    Delete,
    Copy,
    Move,
}

impl Method {
    pub const ALL: [Self; 9] = [
        Self::Get,
        Self::Head,
        Self::Options,
        Self::Post,
        Self::Put,
        Self::Patch,
        Self::Delete,
        Self::Copy,
        Self::Move,
    ];

    /// As it stands in the request line.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
            Self::Options => "OPTIONS",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
            Self::Copy => "COPY",
            Self::Move => "MOVE",
        }
    }

    /// Asks without changing anything, so a dry run may send it.
    pub const fn is_safe(self) -> bool {
        matches!(self, Self::Get | Self::Head | Self::Options)
    }

    /// Sending it twice has the effect of sending it once.
    pub const fn is_idempotent(self) -> bool {
        self.is_safe() || matches!(self, Self::Put | Self::Delete)
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Method {
    type Err = String;

    /// Reads a verb in any case; the error is the text itself.
    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|method| method.as_str().eq_ignore_ascii_case(text)).ok_or_else(|| text.to_owned())
    }
}

/// What to do with a redirect (the matrix is in `redirect`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RedirectPolicy {
    /// Follow where nothing is sent (GET, HEAD); 303 becomes GET for every verb.
    #[default]
    Default,
    /// Follow with verb, body and headers kept.
    Follow,
    /// Hand the redirect itself back as a good answer.
    Ignore,
}

/// A client's certificate with its key, as PEM text.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct TlsIdentity {
    pub certificate: String,
    pub key: String,
    pub passphrase: Option<String>,
    pub intermediates: Vec<String>,
}

impl fmt::Debug for TlsIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TlsIdentity").field("certificate", &self.certificate).finish_non_exhaustive()
    }
}

/// What one request says about TLS.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Tls {
    pub identity: Option<TlsIdentity>,
    /// PEM certificates that a server's chain may end in; an empty list trusts nobody, `None` leaves it to the system.
    pub server_certificates: Option<Vec<String>>,
    /// Trust `server_certificates` and the system's own; otherwise only the former.
    pub system_roots_too: bool,
}

impl Tls {
    /// No server at all can be trusted: there was to be a list of certificates, and it is empty.
    pub fn trusts_nobody(&self) -> bool {
        !self.system_roots_too && self.server_certificates.as_ref().is_some_and(Vec::is_empty)
    }
}

/// How long each part of an exchange may take; `None` is no limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// Opening the connection, name lookup and TLS included.
    pub connect: Option<Duration>,
    /// Silence between two reads.
    pub read: Option<Duration>,
    /// The whole request, redirects included.
    pub total: Option<Duration>,
}

impl Timeouts {
    /// The same, ending after so many seconds at the latest.
    #[must_use]
    pub fn within(self, seconds: f64) -> Self {
        let most = Duration::try_from_secs_f64(seconds.max(0.0)).unwrap_or(Duration::MAX);
        Self { total: Some(self.total.map_or(most, |total| total.min(most))), ..self }
    }
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { connect: Some(Duration::from_secs(60)), read: None, total: Some(Duration::from_secs(180)) }
    }
}

/// Why a request leaves: what somebody who reads a trace wants to know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Cause {
    /// The connector asked for it.
    #[default]
    Connector,
    /// It gets credentials: `acquire`, `refresh`, or what the standard says in their place.
    Credentials,
    /// The same as before with renewed credentials.
    Renewed,
    /// The same as before, because the connection's `retry` says so.
    Retry,
    /// An answer sent it elsewhere.
    Redirect,
    /// It answers a digest challenge.
    Challenge,
}

impl Cause {
    pub const ALL: [Self; 6] =
        [Self::Connector, Self::Credentials, Self::Renewed, Self::Retry, Self::Redirect, Self::Challenge];

    /// One word for it; none for what is usual.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Connector => "",
            Self::Credentials => "credentials",
            Self::Renewed => "renewed",
            Self::Retry => "retry",
            Self::Redirect => "redirect",
            Self::Challenge => "challenge",
        }
    }
}

/// Where the time of an exchange went; what did not happen took none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Timing {
    /// Looking the host's name up.
    pub lookup: Duration,
    /// Opening the connection.
    pub connect: Duration,
    /// The TLS handshake.
    pub tls: Duration,
    /// Writing the request.
    pub send: Duration,
    /// Until the first byte of the answer.
    pub wait: Duration,
    /// From there to the last one.
    pub receive: Duration,
}

/// A user name and password for digest authentication.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Credentials {
    pub user: String,
    pub password: String,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("user", &self.user).finish_non_exhaustive()
    }
}

/// A request, fully evaluated: what leaves is what it says, plus the transport's own defaults.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    pub method: Method,
    /// Absolute, with its query encoded.
    pub url: String,
    pub headers: Headers,
    pub body: Option<Vec<u8>>,
    pub redirects: RedirectPolicy,
    pub tls: Tls,
    pub timeouts: Timeouts,
    /// Answer a digest challenge with these.
    pub digest: Option<Credentials>,
    /// The place in the `.conn` file that made it.
    pub origin: Option<Span>,
    pub cause: Cause,
}

impl Request {
    pub fn new(method: Method, url: impl Into<String>) -> Self {
        Self {
            method,
            url: url.into(),
            headers: Headers::new(),
            body: None,
            redirects: RedirectPolicy::default(),
            tls: Tls::default(),
            timeouts: Timeouts::default(),
            digest: None,
            origin: None,
            cause: Cause::default(),
        }
    }

    /// The same request with one more header field.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.append(name, value);
        self
    }

    /// The same request with a body.
    #[must_use]
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some(body.into());
        self
    }

    /// Whether a status counts as success for this request: 200 to 207, and a redirect that is to be ignored.
    pub fn accepts(&self, status: u16) -> bool {
        matches!(status, 200..=207) || (self.redirects == RedirectPolicy::Ignore && super::status::is_redirect(status))
    }
}

/// An answer, with its body decoded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Response {
    pub status: u16,
    pub headers: Headers,
    pub body: Vec<u8>,
    /// Where the answer came from, after redirects.
    pub url: String,
    /// From sending to the last byte, redirects included.
    pub elapsed: Duration,
    /// The same in parts, of the last exchange alone.
    pub timing: Timing,
}
