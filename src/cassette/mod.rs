//! Cassettes: exchanges written into a readable file without their secrets, and requests answered from there.
//!
//! Texts come and go as text; whoever uses them reads and writes the files.

mod body;
mod difference;
mod key;
mod read;
mod record;
mod replay;
mod vcr;
mod write;

pub use read::{Unreadable, exchanges, read};
pub use record::{Recording, Tape};
pub use replay::Replay;
pub use write::write;

use crate::http::redact::{MASK, Redactor};
use crate::http::{Error, ErrorKind, Headers, Method, Phase, Request, Response};

/// What a recorded run knew, and what it exchanged.
#[derive(Clone, Debug, Default)]
pub struct Cassette {
    pub run: Facts,
    pub exchanges: Vec<Interaction>,
}

/// What makes a replay repeat the run to the byte.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Where the clock stood: RFC 3339.
    pub now: Option<String>,
    pub seed: Option<u64>,
    /// The settings that may be shown, and the names of the others with a mask for their value.
    pub settings: Vec<(String, String)>,
}

/// A request and what came of it.
#[derive(Clone, Debug)]
pub struct Interaction {
    pub method: Method,
    pub url: String,
    pub headers: Headers,
    pub body: Option<Vec<u8>>,
    pub answer: Answer,
}

#[derive(Clone, Debug)]
pub enum Answer {
    Response {
        status: u16,
        headers: Headers,
        body: Vec<u8>,
    },
    /// There was none.
    Failure(ErrorKind),
}

impl Interaction {
    fn of(request: &Request, answer: Answer) -> Self {
        Self {
            method: request.method,
            url: request.url.clone(),
            headers: request.headers.clone(),
            body: request.body.clone(),
            answer,
        }
    }

    /// As it was when it was sent.
    fn request(&self) -> Request {
        Request {
            headers: self.headers.clone(),
            body: self.body.clone(),
            ..Request::new(self.method, self.url.clone())
        }
    }

    /// What comes of the request now.
    fn outcome(&self, request: &Request) -> crate::http::Outcome {
        match &self.answer {
            Answer::Response { status, headers, body } => Ok(Response {
                status: *status,
                headers: headers.clone(),
                body: body.clone(),
                url: request.url.clone(),
                ..Response::default()
            }),
            Answer::Failure(kind) => Err(Error::new(kind.clone(), request)),
        }
    }
}

/// The failures that a recording can hold, by name. Others come from the request itself and come again by themselves.
const FAILURES: &[&str] =
    &["dns", "refused", "connect", "tls", "timeout-connect", "timeout-read", "broken", "protocol"];

fn failure_name(kind: &ErrorKind) -> Option<&'static str> {
    Some(match kind {
        ErrorKind::Dns { .. } => "dns",
        ErrorKind::Refused { .. } => "refused",
        ErrorKind::Connect { .. } => "connect",
        ErrorKind::Tls { .. } => "tls",
        ErrorKind::Timeout(Phase::Connect) => "timeout-connect",
        ErrorKind::Timeout(_) => "timeout-read",
        ErrorKind::Broken => "broken",
        ErrorKind::Protocol { .. } => "protocol",
        _ => return None,
    })
}

/// The failure of that name for a request to `url`.
fn failure_of(name: &str, reason: &str, url: &str) -> Option<ErrorKind> {
    let parsed = crate::http::url::absolute(url).ok();
    let host = parsed.as_ref().map(|url| url.host_name()).unwrap_or_default();
    let port = parsed.map_or(80, |url| url.port_or_default());
    let reason = reason.to_owned();
    Some(match name {
        "dns" => ErrorKind::Dns { host, port },
        "refused" => ErrorKind::Refused { host, port },
        "connect" => ErrorKind::Connect { host, port, reason },
        "tls" => ErrorKind::Tls { reason },
        "timeout-connect" => ErrorKind::Timeout(Phase::Connect),
        "timeout-read" => ErrorKind::Timeout(Phase::Read),
        "broken" => ErrorKind::Broken,
        "protocol" => ErrorKind::Protocol { reason },
        _ => return None,
    })
}

/// How a request differs from the one that was expected, each difference on a line.
pub fn differences(expected: &Request, sent: &Request, redactor: &Redactor) -> Vec<String> {
    let redactor = with_mask(redactor.clone());
    difference::differences("expected", &key::Key::of(expected, &redactor), &key::Key::of(sent, &redactor))
}

/// The secrets of a run, and what stands in their place in recordings: both read alike.
fn with_mask(mut redactor: Redactor) -> Redactor {
    redactor.add(MASK);
    redactor
}
