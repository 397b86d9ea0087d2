//! What the client's errors mean to a connector.

use std::io;

use ureq::Timeout;

use super::Url;
use crate::http::{ErrorKind, Phase};

/// Sorts an error of the client into ours.
pub(super) fn kind(error: ureq::Error, url: &Url) -> ErrorKind {
    let (host, port) = (url.host_name(), url.port_or_default());
    match error {
        ureq::Error::Io(error) => io_kind(&error, host, port),
        ureq::Error::HostNotFound => ErrorKind::Dns { host, port },
        ureq::Error::ConnectionFailed => ErrorKind::Connect { host, port, reason: "no connection".to_owned() },
        ureq::Error::ConnectProxyFailed(reason) => ErrorKind::Connect { host, port, reason },
        ureq::Error::InvalidProxyUrl => {
            ErrorKind::Connect { host, port, reason: "the proxy's URL is not valid".to_owned() }
        }
        ureq::Error::Timeout(Timeout::Connect | Timeout::Resolve) => ErrorKind::Timeout(Phase::Connect),
        ureq::Error::Timeout(Timeout::Global | Timeout::PerCall) => ErrorKind::Timeout(Phase::Total),
        ureq::Error::Timeout(_) => ErrorKind::Timeout(Phase::Read),
        ureq::Error::Rustls(error) => ErrorKind::Tls { reason: tls_reason(&error) },
        ureq::Error::Tls(reason) => ErrorKind::Tls { reason: reason.to_owned() },
        ureq::Error::TlsRequired => ErrorKind::Tls { reason: "the connection is not encrypted".to_owned() },
        ureq::Error::LargeResponseHeader(_, limit) => ErrorKind::TooLarge { what: "head", limit: limit as u64 },
        ureq::Error::BadUri(_) | ureq::Error::Http(_) => {
            ErrorKind::InvalidUrl { message: format!("bad URI(is not URI?): {:?}", url.to_string()) }
        }
        ureq::Error::BodyStalled => ErrorKind::Protocol { reason: "a piece of the body has no end".to_owned() },
        ureq::Error::Protocol(error) => ErrorKind::Protocol { reason: protocol_reason(&error) },
        other => ErrorKind::Protocol { reason: other.to_string() },
    }
}

/// In words of HTTP rather than of its parser.
fn protocol_reason(error: &ureq_proto::Error) -> String {
    use ureq_proto::Error as E;
    match error {
        E::HttpParseFail(reason) if reason == "invalid HTTP version" => "it does not begin with HTTP/1".to_owned(),
        E::HttpParseFail(reason) => reason.clone(),
        E::HttpParseTooManyHeaders => "it has more header fields than anybody needs".to_owned(),
        E::BadContentLengthHeader => "Content-Length is no number".to_owned(),
        E::TooManyContentLengthHeaders => "its Content-Length fields differ".to_owned(),
        E::ChunkLenNotAscii | E::ChunkLenNotANumber => "the length of a chunk is no number".to_owned(),
        E::ChunkExpectedCrLf => "a chunk is longer or shorter than it says".to_owned(),
        other => other.to_string(),
    }
}

fn io_kind(error: &io::Error, host: String, port: u16) -> ErrorKind {
    if let Some(error) = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
        return ErrorKind::Tls { reason: tls_reason(error) };
    }
    match error.kind() {
        io::ErrorKind::ConnectionRefused => ErrorKind::Refused { host, port },
        io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => ErrorKind::Timeout(Phase::Read),
        io::ErrorKind::UnexpectedEof
        | io::ErrorKind::ConnectionReset
        | io::ErrorKind::ConnectionAborted
        | io::ErrorKind::BrokenPipe
        | io::ErrorKind::NotConnected => ErrorKind::Broken,
        _ => ErrorKind::Connect { host, port, reason: error.to_string() },
    }
}

fn tls_reason(error: &rustls::Error) -> String {
    match error {
        rustls::Error::InvalidCertificate(problem) => format!("the server's certificate is not trusted: {problem}"),
        other => other.to_string(),
    }
}
