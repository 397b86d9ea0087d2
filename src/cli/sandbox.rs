//! `connrun sandbox`: the demo API alone, until interrupted.

use super::args;
use super::failure::Failure;
use super::out::say;
use crate::sandbox::{ROUTES, Sandbox};

pub fn run(options: &args::Sandbox) -> Result<u8, Failure> {
    let sandbox = Sandbox::start(options.port).map_err(|error| {
        Failure::usage("usage::port", format!("the sandbox cannot listen on port {}: {error}", options.port))
            .help("choose another port, or 0 for a free one")
    })?;
    if options.json {
        say(&format!("{}\n", serde_json::json!({ "url": sandbox.url() })))?;
    } else {
        let url = sandbox.url();
        say(&format!(
            "The sandbox listens on {url}\n\n{}\nTry: curl '{url}/v1/customers.json?id=1234&api_token=any'\nStop it with Ctrl-C.\n",
            offer()
        ))?;
    }
    loop {
        std::thread::park();
    }
}

/// What it answers, a line a route: the first sentence of each.
fn offer() -> String {
    let width = ROUTES.iter().map(|route| route.pattern.len()).max().unwrap_or(0);
    ROUTES
        .iter()
        .map(|route| {
            let about = route.doc.split_inclusive(". ").next().unwrap_or_default().trim_end().replace('`', "");
            format!("  {:6} {:width$}  {about}\n", route.method, route.pattern)
        })
        .collect()
}
