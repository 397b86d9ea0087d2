//! Why a request got no answer. Messages are worded as Ruby words them where a connector may match on them.

use std::fmt;
use std::time::Duration;

use super::Request;

/// The part of an exchange that ran out of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    Connect,
    Read,
    Total,
}

/// What went wrong, without saying with which request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The host name has no address. Ruby: `SocketError`.
    Dns { host: String, port: u16 },
    /// Nobody listens there. Ruby: `Errno::ECONNREFUSED`.
    Refused { host: String, port: u16 },
    /// The connection could not be opened for another reason (no route, proxy…).
    Connect { host: String, port: u16, reason: String },
    /// The TLS handshake failed or a certificate is not trusted. Ruby: `OpenSSL::SSL::SSLError`.
    Tls { reason: String },
    /// A certificate or key given by the connector cannot be read. Ruby: `RequestTLSCertificateFormatError`.
    TlsCertificate { reason: String },
    /// A limit passed. Ruby: `RequestTimeoutError`.
    Timeout(Phase),
    /// The server closed the connection before its answer was complete. Ruby: `RequestFailedError`, no code.
    Broken,
    /// The bytes that came back are not HTTP.
    Protocol { reason: String },
    /// Not a URL. Ruby: `URI::InvalidURIError`; the message is complete.
    InvalidUrl { message: String },
    /// A URL, but not `http` or `https`. Ruby: `ArgumentError`.
    NotHttp,
    /// A header name or value that must not be sent. Ruby: `ArgumentError`.
    InvalidHeader { message: String },
    /// The head or body of the answer passed its limit in bytes.
    TooLarge { what: &'static str, limit: u64 },
    /// The answer says it is compressed, but cannot be decompressed.
    Encoding { encoding: String, reason: String },
    /// `--offline`: it would have left this machine.
    Offline,
    /// A recording has no answer for it.
    NotRecorded { reason: String },
    /// The run was stopped.
    Interrupted,
}

/// A request that got no answer: what went wrong, and which request it was.
///
/// The request may hold secrets; sinks pass it through a `redact::Redactor`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    pub kind: ErrorKind,
    /// The request that failed, which after a redirect is not the first one.
    pub request: Box<Request>,
    /// How long it took to fail.
    pub elapsed: Duration,
}

impl Error {
    pub fn new(kind: ErrorKind, request: &Request) -> Self {
        Self { kind, request: Box::new(request.clone()), elapsed: Duration::ZERO }
    }

    /// The same error after `elapsed`.
    #[must_use]
    pub fn after(mut self, elapsed: Duration) -> Self {
        self.elapsed = elapsed;
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.fmt(f)
    }
}

impl std::error::Error for Error {}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dns { host, port } => {
                write!(f, "Failed to open TCP connection to {host}:{port} (getaddrinfo: Name or service not known)")
            }
            Self::Refused { host, port } => write!(
                f,
                "Failed to open TCP connection to {host}:{port} \
                 (Connection refused - connect(2) for {host}:{port})"
            ),
            Self::Connect { host, port, reason } => {
                write!(f, "Failed to open TCP connection to {host}:{port} ({reason})")
            }
            Self::Tls { reason } => write!(f, "TLS connection failed: {reason}"),
            Self::TlsCertificate { reason } => f.write_str(reason),
            Self::Timeout(Phase::Connect) => f.write_str("Timed out connecting to server"),
            Self::Timeout(Phase::Read | Phase::Total) => f.write_str("Timed out reading data from server"),
            Self::Broken => f.write_str("Server broke connection"),
            Self::Protocol { reason } => write!(f, "the server's answer is not HTTP: {reason}"),
            Self::InvalidUrl { message } | Self::InvalidHeader { message } => f.write_str(message),
            Self::NotHttp => f.write_str("not an HTTP URI"),
            Self::TooLarge { what, limit } => {
                write!(f, "the {what} of the answer is larger than {}", size(*limit))
            }
            Self::Encoding { encoding, reason } => {
                write!(f, "the answer's body is not valid {encoding}: {reason}")
            }
            Self::Offline => f.write_str("a request was about to leave, but this run is offline"),
            Self::NotRecorded { reason } => write!(f, "the recording has no answer for this request: {reason}"),
            Self::Interrupted => f.write_str("interrupted"),
        }
    }
}

/// Bytes, in the largest unit that is exact.
fn size(bytes: u64) -> String {
    match bytes {
        0 => "0 bytes".to_owned(),
        _ if bytes.is_multiple_of(1 << 20) => format!("{} MB", bytes >> 20),
        _ if bytes.is_multiple_of(1 << 10) => format!("{} KB", bytes >> 10),
        _ => format!("{bytes} bytes"),
    }
}

#[cfg(test)]
mod tests {
    use super::{ErrorKind, Phase};

    #[test]
    fn messages_that_connectors_match_on() {
        let host = "h".to_owned();
        for (kind, expected) in [
            (
                ErrorKind::Refused { host: host.clone(), port: 80 },
                "Failed to open TCP connection to h:80 (Connection refused - connect(2) for h:80)",
            ),
            (
                ErrorKind::Dns { host, port: 443 },
                "Failed to open TCP connection to h:443 (getaddrinfo: Name or service not known)",
            ),
            (ErrorKind::Timeout(Phase::Read), "Timed out reading data from server"),
            (ErrorKind::Timeout(Phase::Connect), "Timed out connecting to server"),
            (ErrorKind::Broken, "Server broke connection"),
            (ErrorKind::NotHttp, "not an HTTP URI"),
        ] {
            assert_eq!(kind.to_string(), expected);
        }
    }
}
