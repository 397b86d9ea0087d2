//! The transport that reaches the network: one exchange, no redirects, no retries of its own.

mod connect;
mod failure;
mod head;
mod marks;
mod tls;

use std::collections::HashMap;
use std::io::Read;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use ureq::http;
use ureq::{Agent, AsSendBody};
use ureq_proto::client::header_raw;

use self::head::{Fields, Heads};
use super::url::{self, Url};
use super::{Error, ErrorKind, Headers, Method, Outcome, Request, Response, Timeouts, Tls, Transport, encoding, query};

/// What the client takes; servers take much less.
const MAX_URL: usize = 65_534;

/// What every request of a run shares.
#[derive(Clone, Debug)]
pub struct Settings {
    pub user_agent: String,
    /// `http://`, `https://`, `socks5://` …; credentials may stand in it.
    pub proxy: Option<String>,
    /// Hosts reached without the proxy, comma separated.
    pub no_proxy: Option<String>,
    /// PEM certificates trusted besides the system's own.
    pub extra_roots: Option<String>,
    /// Trust every certificate.
    pub insecure: bool,
    /// The largest head of an answer, in bytes; the client's buffer, 128 KB, has to be larger.
    pub max_head: usize,
    /// The largest body, in bytes, as sent and once unpacked.
    pub max_body: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            user_agent: concat!("connrun/", env!("CARGO_PKG_VERSION")).to_owned(),
            proxy: None,
            no_proxy: None,
            extra_roots: None,
            insecure: false,
            max_head: 120 * 1024,
            max_body: 256 * 1024 * 1024,
        }
    }
}

/// Whether certificates and keys can be used at all, before anything is sent.
///
/// Errors: [`ErrorKind::TlsCertificate`] saying which of the texts cannot be used, and why.
pub fn check(tls: &Tls) -> Result<(), ErrorKind> {
    // The system's roots are not in question, and reading them takes long.
    let own = Tls { system_roots_too: false, ..tls.clone() };
    self::tls::config(&Settings::default(), &own).map(|_| ())
}

/// Sends over TCP and TLS; connections are kept and used again.
pub struct Live {
    settings: Settings,
    proxy: Option<ureq::Proxy>,
    /// One agent for each way of doing TLS, since an agent's connections and trusted roots belong together.
    agents: Mutex<HashMap<Tls, Agent>>,
    heads: Heads,
    stopped: AtomicBool,
}

impl Live {
    /// Errors: the text of what is wrong with the proxy's URL.
    pub fn new(settings: Settings) -> Result<Self, String> {
        let proxy = match &settings.proxy {
            Some(text) => Some(connect::proxy(text, settings.no_proxy.as_deref()).map_err(|_| {
                // What stands before the `@` is a name and a password.
                let shown = text.rsplit('@').next().unwrap_or_default();
                format!("{shown:?} is not the URL of a proxy, such as http://host:3128")
            })?),
            None => None,
        };
        Ok(Self { settings, proxy, agents: Mutex::default(), heads: Heads::default(), stopped: AtomicBool::new(false) })
    }

    /// Closes every connection. Whatever waits on one, in any thread, and whatever is sent later fails at once with
    /// [`ErrorKind::Interrupted`].
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::SeqCst);
        for (_, agent) in self.agents.lock().unwrap_or_else(PoisonError::into_inner).drain() {
            agent.shutdown();
        }
    }

    fn agent(&self, tls: &Tls) -> Result<Agent, ErrorKind> {
        let mut agents = self.agents.lock().unwrap_or_else(PoisonError::into_inner);
        if self.stopped.load(Ordering::SeqCst) {
            return Err(ErrorKind::Interrupted);
        }
        if let Some(agent) = agents.get(tls) {
            return Ok(agent.clone());
        }
        let agent = connect::agent(&self.settings, self.proxy.clone(), tls::config(&self.settings, tls)?);
        agents.insert(tls.clone(), agent.clone());
        Ok(agent)
    }

    fn exchange(&self, request: &Request) -> Result<Response, ErrorKind> {
        let url = url::absolute(&request.url)?;
        let sent = url.as_sent();
        if sent.len() > MAX_URL {
            let message = format!("the URL has {} characters, of which {MAX_URL} can be sent", sent.len());
            return Err(ErrorKind::InvalidUrl { message });
        }
        if url.is_https() && request.tls.trusts_nobody() && !self.settings.insecure {
            let reason = "no server is trusted, tls_server_certs was given no certificate".to_owned();
            return Err(ErrorKind::Tls { reason });
        }
        let agent = self.agent(&request.tls)?;
        let started = Instant::now();
        let failed = |error| failure::kind(error, &url);
        let attempt = || {
            marks::begin();
            run(&agent, self.outgoing(request, &url, &sent)?, request, &url)
        };
        let mut answer = attempt();
        // A kept connection that the server has closed meanwhile is no answer to this request: it gets a new one.
        if marks::connections() == 0 && matches!(answer, Err(ErrorKind::Broken)) && request.method.is_idempotent() {
            answer = attempt();
        }
        let (parts, mut body) = answer?.into_parts();
        let mut headers = received(&parts.headers);
        let limit = self.settings.max_body;
        // One more, for the read that finds the end.
        let mut bytes = Vec::with_capacity(body.content_length().unwrap_or_default().min(limit) as usize + 1);
        body.as_reader()
            .take(limit.saturating_add(1))
            .read_to_end(&mut bytes)
            .map_err(|error| failed(ureq::Error::from(error)))?;
        if bytes.len() as u64 > limit {
            return Err(ErrorKind::TooLarge { what: "body", limit });
        }
        let body = encoding::decode(&mut headers, bytes, limit)?;
        let ended = Instant::now();
        let (elapsed, timing) = (ended - started, marks::timing(started, ended));
        Ok(Response { status: parts.status.as_u16(), headers, body, url: sent, elapsed, timing })
    }

    /// The request line and head as they go out: the connector's fields in its spelling, then what it left open.
    fn outgoing(&self, request: &Request, url: &Url, sent: &str) -> Result<http::Request<()>, ErrorKind> {
        let given = &request.headers;
        let credentials = url.userinfo.as_deref().filter(|text| !text.is_empty()).map(basic);
        let mut fields: Fields<'_> = Vec::with_capacity(given.len() + 5);
        fields.push(("Host", given.get("Host").unwrap_or_else(|| url::authority_of(sent))));
        // Where the body ends is the transport's business.
        fields.extend(given.iter().filter(|(name, _)| !is_own(name)));
        for (name, value) in [
            ("Authorization", credentials.as_deref()),
            ("Accept", Some("*/*")),
            ("Accept-Encoding", Some(encoding::ACCEPT_ENCODING)),
            ("User-Agent", Some(self.settings.user_agent.as_str())),
        ] {
            if let Some(value) = value.filter(|_| !given.contains(name)) {
                fields.push((name, value));
            }
        }
        let head = self.heads.begin(&fields, http::Request::builder().method(request.method.as_str()).uri(sent))?;
        let length = match &request.body {
            _ if request.method == Method::Head => None,
            Some(body) => Some(body.len()),
            None => takes_body(request.method).then_some(0),
        };
        let head = match length {
            Some(length) => header_raw(head, "Content-Length", length.to_string().as_bytes()),
            None => head,
        };
        head.body(()).map_err(|error| failure::kind(ureq::Error::Http(error), url))
    }
}

impl Transport for Live {
    fn send(&self, request: &Request) -> Outcome {
        let started = Instant::now();
        self.exchange(request).map_err(|kind| {
            let kind = if self.stopped.load(Ordering::SeqCst) { ErrorKind::Interrupted } else { kind };
            Error::new(kind, request).after(started.elapsed())
        })
    }
}

fn run(
    agent: &Agent,
    head: http::Request<()>,
    request: &Request,
    url: &Url,
) -> Result<http::Response<ureq::Body>, ErrorKind> {
    // A body after HEAD is nothing HTTP knows.
    let answer = match request.body.as_ref().filter(|_| request.method != Method::Head) {
        Some(body) => agent.run(limited(agent, head.map(|()| body.as_slice()), request.timeouts)),
        None => agent.run(limited(agent, head, request.timeouts)),
    };
    answer.map_err(|error| failure::kind(error, url))
}

fn limited<B: AsSendBody>(agent: &Agent, request: http::Request<B>, limits: Timeouts) -> http::Request<B> {
    // A limit of zero would read as "none".
    let at_least = |limit: Option<Duration>| limit.map(|limit| limit.max(Duration::from_millis(1)));
    agent
        .configure_request(request)
        .timeout_global(at_least(limits.total))
        .timeout_connect(at_least(limits.connect))
        .timeout_per_read(at_least(limits.read))
        .build()
}

/// Verbs that say how long their body is even when there is none.
const fn takes_body(method: Method) -> bool {
    matches!(method, Method::Post | Method::Put | Method::Patch)
}

fn basic(userinfo: &str) -> String {
    use base64::Engine as _;
    let (user, password) = userinfo.split_once(':').unwrap_or((userinfo, ""));
    let pair = format!("{}:{}", query::unescape(user), query::unescape(password));
    format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(pair))
}

/// Fields that the transport writes itself.
fn is_own(name: &str) -> bool {
    ["Host", "Content-Length", "Transfer-Encoding"].iter().any(|own| own.eq_ignore_ascii_case(name))
}

/// Fields as text: UTF-8 where they are, else Latin-1, which every byte sequence is.
fn received(headers: &http::HeaderMap) -> Headers {
    headers
        .iter()
        .map(|(name, value)| {
            let bytes = value.as_bytes();
            let text = std::str::from_utf8(bytes)
                .map_or_else(|_| encoding_rs::mem::decode_latin1(bytes).into_owned(), str::to_owned);
            (name.as_str().to_owned(), text)
        })
        .collect()
}
