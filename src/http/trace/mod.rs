//! Watching exchanges go by, and what is kept of them: records, as curl commands, as a HAR file.

pub mod curl;
pub mod har;
mod record;

use std::time::Duration;

pub use record::{Answer, Body, Parts, Place, Record};

use super::{Outcome, Request, Transport};

/// One request and what it came to.
#[derive(Clone, Copy, Debug)]
pub struct Exchange<'a> {
    pub request: &'a Request,
    pub outcome: &'a Outcome,
}

impl Exchange<'_> {
    pub fn elapsed(&self) -> Duration {
        self.outcome.as_ref().map_or_else(|error| error.elapsed, |response| response.elapsed)
    }
}

/// Tells `watch` of every exchange after it is over. Inside `Redirects` it sees each hop, outside only the last.
///
/// What it is shown holds secrets: `watch` redacts what it prints or keeps.
pub struct Trace<T, F> {
    inner: T,
    watch: F,
}

impl<T: Transport, F: Fn(Exchange<'_>) + Send + Sync> Trace<T, F> {
    pub const fn new(inner: T, watch: F) -> Self {
        Self { inner, watch }
    }
}

impl<T: Transport, F: Fn(Exchange<'_>) + Send + Sync> Transport for Trace<T, F> {
    fn send(&self, request: &Request) -> Outcome {
        let outcome = self.inner.send(request);
        (self.watch)(Exchange { request, outcome: &outcome });
        outcome
    }
}
