//! Requests and responses as plain data, and the transports that carry them.
//!
//! Nothing here knows a Ruby value: the layer above turns values into a [`Request`] and a [`Response`] back.
//! A connector's request passes `redirect` (the matrix of which answers are followed), `digest`, then decorators
//! such as `trace` and `dry`, and ends in one carrier: `live`, `reroute`, `offline` or a recording (`crate::cassette`).

pub mod content_type;
mod cookies;
pub mod digest;
pub mod dry;
pub mod encoding;
mod error;
mod headers;
pub mod live;
mod message;
pub mod multipart;
pub mod query;
pub mod redact;
pub mod redirect;
pub mod reroute;
pub mod status;
pub mod trace;
mod transport;
pub mod url;
pub mod xml;

pub use error::{Error, ErrorKind, Phase};
pub use headers::Headers;
pub use message::{Cause, Credentials, Method, RedirectPolicy, Request, Response, Timeouts, Timing, Tls, TlsIdentity};
pub use transport::{FromFn, Outcome, Transport};
