//! The way a run's requests take, as the options say: network, sandbox, another host, or nowhere; watched if asked for.

use super::args::Network;
use super::failure::Failure;
use super::secrets::Secrets;
use super::{files, interrupt};
use crate::http::live::{Live, Settings};
use crate::http::redact::Redactor;
use crate::http::reroute::{Offline, Reroute};
use crate::http::trace::{Exchange, Trace};
use crate::http::{Transport, digest, redirect, status};
use crate::sandbox::Sandbox;
use std::io::Write;
use std::sync::Arc;

/// The transport of a run, and the sandbox that it may end in: it lives as long as this.
pub struct Route {
    pub transport: Arc<dyn Transport>,
    _sandbox: Option<Sandbox>,
}

/// Builds the way. Every answer is looked through for tokens; what `--trace` prints has no secrets.
///
/// An answer may take as much memory as the run, in MB.
pub fn route(options: &Network, max_memory: usize, verbose: bool, secrets: &Secrets) -> Result<Route, Failure> {
    let sandbox = if options.sandbox { Some(start_sandbox()?) } else { None };
    let target = sandbox.as_ref().map(Sandbox::url).or_else(|| options.reroute.clone());
    let carrier: Box<dyn Transport> = match (options.offline, target) {
        (true, _) => Box::new(Offline),
        (false, None) => Box::new(live(options, max_memory)?),
        (false, Some(base)) => Box::new(Reroute::new(live(options, max_memory)?, &base).map_err(|error| {
            Failure::usage("usage::reroute", format!("{base} is not an address to send requests to: {error}"))
                .help("give one such as http://127.0.0.1:8080")
        })?),
    };
    let (secrets, shown) = (secrets.clone(), options.trace);
    let watched: Box<dyn Transport> = Box::new(Trace::new(carrier, move |exchange| {
        if let Ok(response) = exchange.outcome {
            secrets.learn(&response.body);
        }
        if shown {
            print(exchange, &secrets.redactor());
        } else if verbose {
            mention(exchange, &secrets.redactor());
        }
    }));
    let transport = Arc::new(redirect::Redirects(digest::Digest(watched)));
    Ok(Route { transport, _sandbox: sandbox })
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

/// One exchange on one line, as `-v` shows it.
fn mention(exchange: Exchange<'_>, redactor: &Redactor) {
    let took = exchange.elapsed().as_secs_f64() * 1000.0;
    let outcome = match exchange.outcome {
        Ok(response) => format!("{}, {} bytes", status::message(response.status), response.body.len()),
        Err(error) => redactor.text(&error.to_string()),
    };
    let request = exchange.request;
    let line = format!("{} {} → {outcome} in {took:.1} ms\n", request.method, redactor.url(&request.url));
    // A closed standard error is no reason to fail.
    let _ = std::io::stderr().write_all(line.as_bytes());
}

/// One exchange, as `--trace` shows it: request line, head and body, then the answer's.
fn print(exchange: Exchange<'_>, redactor: &Redactor) {
    let request = redactor.request(exchange.request);
    let mut out = format!("→ {} {}\n", request.method, request.url);
    for (name, value) in request.headers.iter() {
        out.push_str(&format!("  {name}: {value}\n"));
    }
    if let Some(body) = &request.body {
        out.push_str(&block(&redactor.body(request.headers.get("content-type"), body)));
    }
    let took = exchange.elapsed().as_secs_f64() * 1000.0;
    match exchange.outcome {
        Ok(response) => {
            let response = redactor.response(response);
            out.push_str(&format!("← {} in {took:.1} ms, {} bytes\n", response.status, response.body.len()));
            for (name, value) in response.headers.iter() {
                out.push_str(&format!("  {name}: {value}\n"));
            }
            out.push_str(&block(&redactor.body(response.headers.get("content-type"), &response.body)));
        }
        Err(error) => out.push_str(&format!("← no answer after {took:.1} ms: {}\n", redactor.text(&error.to_string()))),
    }
    // A closed standard error is no reason to fail.
    let _ = std::io::stderr().write_all(out.as_bytes());
}

/// A body under its head, cut after 2,000 characters.
fn block(body: &str) -> String {
    const MOST: usize = 2000;
    if body.is_empty() {
        return String::new();
    }
    let cut = body.char_indices().nth(MOST).map_or(body, |(at, _)| &body[..at]);
    let rest = if cut.len() < body.len() { "…\n" } else { "" };
    format!("\n{}\n{rest}\n", cut.trim_end())
}
