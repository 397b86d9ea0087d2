//! Agents, and the chain that opens their connections: proxy, TCP, TLS.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use ureq::config::{AutoHeaderValue, Config};
use ureq::http::Uri;
use ureq::http::uri::{Authority, Scheme};
use ureq::tls::TlsConfig;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::time::Duration as TransportDuration;
use ureq::unversioned::transport::{
    Buffers, ConnectProxyConnector, ConnectionDetails, Connector, NextTimeout, RustlsConnector, SocksConnector,
    TcpConnector, Transport,
};
use ureq::{Agent, Proxy};

use super::{Settings, marks};

/// How long a kept connection is trusted: most servers close theirs after five seconds or more.
const MAX_IDLE: Duration = Duration::from_secs(4);

/// An agent that sends what it is given: no headers, redirects or status errors of its own.
pub(super) fn agent(settings: &Settings, proxy: Option<Proxy>, tls: TlsConfig) -> Agent {
    let config = Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .allow_non_standard_methods(true)
        .max_response_header_size(settings.max_head)
        .max_idle_age(MAX_IDLE)
        .max_idle_connections_per_host(20)
        .user_agent(AutoHeaderValue::Provided(settings.user_agent.clone().into()))
        .accept(AutoHeaderValue::None)
        .accept_encoding(AutoHeaderValue::None)
        .proxy(proxy)
        .tls_config(tls)
        .build();
    let connector =
        ().chain(Opened)
            .chain(SocksConnector::default())
            .chain(ConnectProxyConnector::default())
            .chain(TcpConnector::default())
            .chain(Coarse)
            .chain(AgentTls(RustlsConnector::default()));
    Agent::with_parts(config, connector, Names::default())
}

/// A proxy from its URL and the hosts that go without it.
pub(super) fn proxy(url: &str, exceptions: Option<&str>) -> Result<Proxy, ureq::Error> {
    let proxy = Proxy::new(url)?;
    let Some(exceptions) = exceptions else { return Ok(proxy) };
    let mut builder = Proxy::builder(proxy.protocol()).host(proxy.host()).port(proxy.port());
    if let Some(user) = proxy.username() {
        builder = builder.username(user);
    }
    if let Some(password) = proxy.password() {
        builder = builder.password(password);
    }
    for host in exceptions.split(',').map(str::trim).filter(|host| !host.is_empty()) {
        builder = builder.no_proxy(host);
    }
    builder.build()
}

/// First in the chain, which runs only when no kept connection serves.
#[derive(Debug)]
struct Opened;

impl<In: Transport> Connector<In> for Opened {
    type Out = In;

    fn connect(&self, _: &ConnectionDetails, chained: Option<In>) -> Result<Option<In>, ureq::Error> {
        marks::opening();
        Ok(chained)
    }
}

/// Makes limits of sockets coarse. The time that is left of a request is another one at each read, and to tell the
/// system costs a call; of many seconds a part of one more is of no matter.
#[derive(Debug)]
struct Coarse;

/// A connection that is told its limits in whole seconds.
#[derive(Debug)]
struct CoarseTransport<T>(T);

impl<In: Transport> Connector<In> for Coarse {
    type Out = CoarseTransport<In>;

    fn connect(&self, _: &ConnectionDetails, chained: Option<In>) -> Result<Option<Self::Out>, ureq::Error> {
        marks::connected();
        Ok(chained.map(CoarseTransport))
    }
}

/// The next whole second where there are many of them.
fn coarse(timeout: NextTimeout) -> NextTimeout {
    const MANY: u64 = 10;
    match timeout.after {
        TransportDuration::Exact(after) if after.as_secs() >= MANY => {
            NextTimeout { after: TransportDuration::from_secs(after.as_secs() + 1), ..timeout }
        }
        _ => timeout,
    }
}

impl<T: Transport> Transport for CoarseTransport<T> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.0.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), ureq::Error> {
        let done = self.0.transmit_output(amount, coarse(timeout));
        marks::sent();
        done
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        let come = self.0.await_input(coarse(timeout));
        marks::answered();
        come
    }

    fn is_open(&mut self) -> bool {
        self.0.is_open()
    }

    fn is_tls(&self) -> bool {
        self.0.is_tls()
    }
}

/// TLS with the agent's own settings. Requests set timeouts only, but the connector below takes any request-level
/// setting for a reason to load the trusted roots anew.
#[derive(Debug)]
struct AgentTls(RustlsConnector);

impl<In: Transport> Connector<In> for AgentTls {
    type Out = <RustlsConnector as Connector<In>>::Out;

    fn connect(&self, details: &ConnectionDetails, chained: Option<In>) -> Result<Option<Self::Out>, ureq::Error> {
        let details = ConnectionDetails {
            uri: details.uri,
            addrs: details.addrs.clone(),
            config: details.config,
            request_level: false,
            resolver: details.resolver,
            now: details.now,
            timeout: details.timeout,
            current_time: details.current_time.clone(),
            run_connector: details.run_connector.clone(),
            register_shutdown: details.register_shutdown.clone(),
        };
        let secured = self.0.connect(&details, chained);
        if details.needs_tls() {
            marks::secured();
        }
        secured
    }
}

/// How long an address is known: requests come in bursts, and each look-up is a thread of its own.
const KNOWN: Duration = Duration::from_secs(5);

/// The system's resolver with a short memory; whatever it fails with, the host was not found.
#[derive(Default)]
struct Names {
    system: DefaultResolver,
    known: Mutex<Vec<Known>>,
}

/// Where a scheme, host and port lead, and since when that is known.
struct Known {
    scheme: Option<Scheme>,
    authority: Option<Authority>,
    since: Instant,
    found: ResolvedSocketAddrs,
}

impl Known {
    fn is_of(&self, uri: &Uri) -> bool {
        self.scheme.as_ref() == uri.scheme()
            && self.authority.as_ref().map(Authority::as_str) == uri.authority().map(Authority::as_str)
    }
}

impl Names {
    fn known(&self) -> MutexGuard<'_, Vec<Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Resolver for Names {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let now = Instant::now();
        let is_fresh = |known: &Known| now.duration_since(known.since) < KNOWN;
        if let Some(known) = self.known().iter().find(|known| is_fresh(known) && known.is_of(uri)) {
            return Ok(known.found.clone());
        }
        let found = self.system.resolve(uri, config, timeout);
        marks::looked_up(now.elapsed());
        let found = found.map_err(|error| match error {
            ureq::Error::Io(_) => ureq::Error::HostNotFound,
            other => other,
        })?;
        let mut known = self.known();
        known.retain(is_fresh);
        let (scheme, authority) = (uri.scheme().cloned(), uri.authority().cloned());
        known.push(Known { scheme, authority, since: now, found: found.clone() });
        Ok(found)
    }
}

impl fmt::Debug for Names {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Names")
    }
}
