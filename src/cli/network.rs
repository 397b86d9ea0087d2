//! The way a run's requests take, as the options say: network, sandbox, another host, or nowhere; watched if asked for.

use super::args::Network;
use super::failure::Failure;
use super::secrets::Secrets;
use super::tape::Player;
use super::trace::Recorder;
use super::{files, interrupt};
use crate::http::live::{Live, Settings};
use crate::http::reroute::{Offline, Reroute};
use crate::http::trace::Trace;
use crate::http::{Transport, digest, redirect};
use crate::sandbox::Sandbox;
use std::sync::Arc;

/// The transport of a run, and the sandbox that it may end in: it lives as long as this.
pub struct Route {
    pub transport: Arc<dyn Transport>,
    /// The host that every request goes to, where it is another one.
    pub base: Option<String>,
    pub recorder: Arc<Recorder>,
    _sandbox: Option<Sandbox>,
}

/// Builds the way. Every answer is looked through for tokens before the recorder sees it.
///
/// An answer may take as much memory as the run, in MB.
pub fn route(
    options: &Network,
    max_memory: usize,
    secrets: &Secrets,
    recorder: Arc<Recorder>,
    tape: Option<&Player>,
) -> Result<Route, Failure> {
    // A replay needs no server.
    let closed = tape.is_some_and(Player::is_closed);
    let sandbox = if options.sandbox && !closed { Some(start_sandbox()?) } else { None };
    let target = sandbox.as_ref().map(Sandbox::url).or_else(|| options.reroute.clone());
    let base = target.clone();
    let carrier: Box<dyn Transport> = match (options.offline || closed, target) {
        (true, _) => Box::new(Offline),
        (false, None) => Box::new(live(options, max_memory)?),
        (false, Some(base)) => Box::new(Reroute::new(live(options, max_memory)?, &base).map_err(|error| {
            Failure::usage("usage::reroute", format!("{base} is not an address to send requests to: {error}"))
                .help("give one such as http://127.0.0.1:8080")
        })?),
    };
    let carrier = match tape {
        Some(tape) => tape.wrap(carrier, secrets),
        None => carrier,
    };
    let (secrets, watching) = (secrets.clone(), Arc::clone(&recorder));
    let watched: Box<dyn Transport> = Box::new(Trace::new(carrier, move |exchange| {
        if let Ok(response) = exchange.outcome {
            secrets.learn(&response.body);
        }
        watching.take(exchange);
    }));
    let transport = Arc::new(redirect::Redirects(digest::Digest(watched)));
    Ok(Route { transport, base, recorder, _sandbox: sandbox })
}

fn start_sandbox() -> Result<Sandbox, Failure> {
    Sandbox::start(0).map_err(|error| {
        Failure::usage("usage::sandbox", format!("the sandbox cannot listen on this machine: {error}"))
    })
}

fn live(options: &Network, max_memory: usize) -> Result<Arc<Live>, Failure> {
    let environment =
        |names: [&str; 2]| names.iter().find_map(|name| std::env::var(name).ok().filter(|v| !v.is_empty()));
    let extra_roots = match &options.ca_file {
        Some(path) => Some(files::read_text(path)?.text().to_owned()),
        None => None,
    };
    let local = options.sandbox || options.reroute.is_some();
    let proxy = options.proxy.clone().or_else(|| {
        let named = environment(["https_proxy", "HTTPS_PROXY"]).or_else(|| environment(["http_proxy", "HTTP_PROXY"]));
        named.filter(|_| !local)
    });
    let usual = Settings::default();
    let settings = Settings {
        max_body: usual.max_body.min((max_memory as u64).saturating_mul(1 << 20)),
        proxy,
        no_proxy: environment(["no_proxy", "NO_PROXY"]),
        extra_roots,
        insecure: options.insecure,
        ..usual
    };
    let live = Live::new(settings).map_err(|message| Failure::usage("usage::proxy", message))?;
    let live = Arc::new(live);
    interrupt::stops(Arc::downgrade(&live));
    Ok(live)
}
