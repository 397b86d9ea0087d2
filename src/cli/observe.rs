//! What a run tells while it goes on, where somebody asked: how often each place was reached, and how long calls take.

use crate::http::redact::Redactor;
use crate::http::trace::Exchange;
use crate::profile::Profile;
use crate::program::Probes;
use crate::testing::coverage::Counts;
use std::sync::{Arc, Mutex, PoisonError};

/// Whoever listens; usually nobody.
#[derive(Clone, Debug, Default)]
pub struct Observer {
    /// Of all runs of a program.
    pub counts: Option<Arc<Counts>>,
    /// Of one run.
    pub profile: Option<Arc<Mutex<Profile>>>,
}

impl Observer {
    /// What the program has to tell.
    pub fn probes(&self) -> Probes {
        Probes { coverage: self.counts.is_some(), calls: self.profile.is_some() }
    }

    pub fn reached(&self, point: u32) {
        if let Some(counts) = &self.counts {
            counts.reached(point);
        }
    }

    /// A lambda begins: the number of its point, and the seconds since the run began.
    pub fn entered(&self, point: u32, at: f64) {
        self.reached(point);
        self.timed(|profile| profile.enter(point, at));
    }

    pub fn left(&self, at: f64) {
        self.timed(|profile| profile.leave(at));
    }

    /// A request is over.
    pub fn exchanged(&self, exchange: Exchange<'_>, redactor: impl FnOnce() -> Redactor) {
        self.timed(|profile| {
            let name = called(exchange.request.method.as_str(), &redactor().url(&exchange.request.url));
            profile.request(name, exchange.elapsed().as_secs_f64());
        });
    }

    fn timed(&self, tell: impl FnOnce(&mut Profile)) {
        if let Some(profile) = &self.profile {
            tell(&mut profile.lock().unwrap_or_else(PoisonError::into_inner));
        }
    }
}

/// A request's verb, host and path; ids become `…`, so that requests for one thing each are one row.
fn called(method: &str, url: &str) -> String {
    let address = url.split(['?', '#']).next().unwrap_or_default();
    let plain = address.split_once("://").map_or(address, |(_, rest)| rest);
    let step = |step: &str| if is_id(step) { "…".to_owned() } else { step.to_owned() };
    let mut steps = plain.split('/');
    let host = steps.next().unwrap_or_default().to_owned();
    let path: Vec<String> = std::iter::once(host).chain(steps.map(step)).collect();
    format!("{method} {}", path.join("/"))
}

/// `1234`, `1234.json`, a uuid.
fn is_id(part: &str) -> bool {
    let stem = part.split('.').next().unwrap_or_default();
    let digits = stem.bytes().filter(u8::is_ascii_digit).count();
    let hexadecimal = stem.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    digits > 0 && (digits == stem.len() || (hexadecimal && stem.len() >= 16))
}

#[cfg(test)]
mod tests {
    use super::called;

    #[test]
    fn requests_for_one_thing_each_have_one_name() {
        for (url, name) in [
            ("https://api.example.com/v1/customers/1234?key=x", "GET api.example.com/v1/customers/…"),
            ("https://h/items/7.json", "GET h/items/…"),
            ("http://127.0.0.1:8080/v2/a7c9e5d0-12f3-4b6a-9c8d-0e1f2a3b4c5d/b", "GET 127.0.0.1:8080/v2/…/b"),
            ("https://h/decade/face", "GET h/decade/face"),
            ("https://h", "GET h"),
        ] {
            assert_eq!(called("GET", url), name);
        }
    }
}
