//! The transport that answers from a recording.

use super::difference::{differences, distance};
use super::key::Key;
use super::{Cassette, Interaction, with_mask};
use crate::http::redact::Redactor;
use crate::http::{Error, ErrorKind, Outcome, Request, Transport, url};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// Tells the secrets that are known by now.
pub type Secrets = Arc<dyn Fn() -> Redactor + Send + Sync>;

/// Answers each request with what was recorded for it. Each exchange serves once, equal ones in their order.
pub struct Replay {
    exchanges: Vec<Interaction>,
    /// Of the exchanges. Made at the first request, when the secrets of the run are known: they may stand in a recording
    /// that was written by hand.
    keys: OnceLock<Vec<Key>>,
    used: Mutex<Vec<bool>>,
    missed: Mutex<Vec<String>>,
    secrets: Secrets,
    /// Takes what was not recorded; without it that is an error.
    beyond: Option<Box<dyn Transport>>,
}

impl Replay {
    pub fn new(cassette: &Cassette, secrets: Secrets, beyond: Option<Box<dyn Transport>>) -> Self {
        let exchanges = cassette.exchanges.clone();
        let used = Mutex::new(vec![false; exchanges.len()]);
        Self { exchanges, keys: OnceLock::new(), used, missed: Mutex::default(), secrets, beyond }
    }

    /// What nobody asked for: number, verb and address.
    pub fn unused(&self) -> Vec<String> {
        let used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        let rows = self.exchanges.iter().zip(used.iter()).enumerate().filter(|(_, (_, used))| !**used);
        rows.map(|(at, (exchange, _))| format!("{} {} {}", at + 1, exchange.method, exchange.url)).collect()
    }

    /// What was asked for and not there, without secrets: verb and address.
    pub fn missed(&self) -> Vec<String> {
        self.missed.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How many were recorded.
    pub fn recorded(&self) -> usize {
        self.exchanges.len()
    }

    /// The answer to a request, if there is one left.
    pub fn answer(&self, request: &Request) -> Option<Outcome> {
        let redactor = with_mask((self.secrets)());
        let key = Key::of(request, &redactor);
        let keys = self
            .keys
            .get_or_init(|| self.exchanges.iter().map(|exchange| Key::of(&exchange.request(), &redactor)).collect());
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        let mut free = keys.iter().zip(&self.exchanges).zip(used.iter_mut());
        let ((_, exchange), used) = free.find(|((known, _), used)| !**used && **known == key)?;
        *used = true;
        Some(exchange.outcome(request))
    }

    /// Why there is no answer: with the recorded request that is most like this one, and what differs.
    fn reason(&self, request: &Request) -> String {
        let key = Key::of(request, &with_mask((self.secrets)()));
        let keys = self.keys.get().map(Vec::as_slice).unwrap_or_default();
        let same = keys.iter().filter(|known| **known == key).count();
        match same {
            0 => {}
            1 => return "it was recorded once, and is asked for again".to_owned(),
            times => return format!("it was recorded {times} times, and is asked for once more"),
        }
        let used = self.used.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let ranked = keys.iter().zip(&self.exchanges).zip(&used).enumerate().map(|(at, ((known, exchange), used))| {
            // What waits to be asked for is more likely meant.
            (distance(known, &key) + usize::from(*used), at, known, exchange)
        });
        let Some((_, at, nearest, exchange)) = ranked.min_by_key(|(distance, ..)| *distance) else {
            return "nothing was recorded at all".to_owned();
        };
        let mut lines = vec![format!("number {} is most like it, {} {}", at + 1, exchange.method, exchange.url)];
        lines.extend(differences("recorded", nearest, &key).into_iter().map(|line| format!("· {line}")));
        lines.join("\n")
    }
}

impl Transport for Replay {
    fn send(&self, request: &Request) -> Outcome {
        // An address that is none fails as it would on its way out.
        url::absolute(&request.url).map_err(|kind| Error::new(kind, request))?;
        if let Some(outcome) = self.answer(request) {
            return outcome;
        }
        match &self.beyond {
            Some(beyond) => beyond.send(request),
            None => {
                let named = format!("{} {}", request.method, (self.secrets)().url(&request.url));
                self.missed.lock().unwrap_or_else(PoisonError::into_inner).push(named);
                Err(Error::new(ErrorKind::NotRecorded { reason: self.reason(request) }, request))
            }
        }
    }
}
