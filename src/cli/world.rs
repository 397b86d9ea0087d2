//! The world of a run on a person's machine: the system clock or a frozen one, real or seeded chance.

use super::args::Clock;
use super::observe::Observer;
use crate::interpreter::World;
use std::cell::RefCell;
use std::io::Write;
use std::rc::Rc;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// Where `puts` goes.
#[derive(Clone)]
pub enum Output {
    /// Standard error: standard output is for results.
    Stderr,
    /// Collected, for `eval --jsonl`.
    Buffer(Rc<RefCell<Vec<u8>>>),
}

/// Clock, chance and output of one run.
pub struct SystemWorld {
    /// `--now`: seconds and nanoseconds; makes sleeping free.
    pub frozen: Option<(i64, u32)>,
    /// State of the seeded generator (`--seed`).
    seed: Option<u64>,
    started: Instant,
    output: Output,
    /// `--no-wait`
    pub no_wait: bool,
    pub clock: Clock,
    pub observer: Observer,
}

impl SystemWorld {
    pub fn new(frozen: Option<(i64, u32)>, seed: Option<u64>, output: Output) -> Self {
        Self {
            frozen,
            seed,
            started: Instant::now(),
            output,
            no_wait: false,
            clock: Clock::Usual,
            observer: Observer::default(),
        }
    }

    /// The same, listened to.
    pub fn observed(mut self, observer: &Observer) -> Self {
        self.observer = observer.clone();
        self
    }
}

impl World for SystemWorld {
    fn now(&self) -> (i64, u32) {
        self.frozen.unwrap_or_else(|| match SystemTime::now().duration_since(UNIX_EPOCH) {
            Ok(since) => (since.as_secs() as i64, since.subsec_nanos()),
            // Before 1970: a clock that was never set.
            Err(_) => (0, 0),
        })
    }

    fn random(&mut self) -> u64 {
        match &mut self.seed {
            Some(state) => split_mix(state),
            // Without entropy there is no safe random number; the clock keeps the program going.
            None => getrandom::u64().unwrap_or_else(|_| self.started.elapsed().as_nanos() as u64),
        }
    }

    fn sleep(&mut self, seconds: f64) {
        if seconds <= 0.0 || seconds.is_nan() {
            return;
        }
        let steps = self.clock != Clock::Usual;
        if let Some((then, nanos)) = self.frozen.as_mut().filter(|_| steps) {
            // Code that waits until some time has come would wait for ever by a clock that stands.
            let total = f64::from(*nanos) / 1e9 + seconds;
            *then = then.saturating_add(total as i64);
            *nanos = (total.fract() * 1e9) as u32;
        }
        if (self.frozen.is_none() || self.clock == Clock::Recorded) && !self.no_wait {
            super::interrupt::sleep(std::time::Duration::try_from_secs_f64(seconds).unwrap_or_default());
        }
    }

    fn print(&mut self, text: &[u8]) {
        match &self.output {
            Output::Stderr => {
                // A closed standard error is not the connector's fault.
                let _ = std::io::stderr().write_all(text);
            }
            Output::Buffer(buffer) => buffer.borrow_mut().extend_from_slice(text),
        }
    }

    /// No time is left once a signal has come.
    fn elapsed(&self) -> f64 {
        if super::interrupt::cut() {
            return f64::INFINITY;
        }
        self.started.elapsed().as_secs_f64()
    }

    fn reached(&mut self, point: u32) {
        self.observer.reached(point);
    }

    fn entered(&mut self, point: u32) {
        self.observer.entered(point, self.started.elapsed().as_secs_f64());
    }

    fn left(&mut self) {
        self.observer.left(self.started.elapsed().as_secs_f64());
    }

    fn memory(&self) -> usize {
        super::memory::in_use()
    }
}

/// SplitMix64: small, seedable, good enough for repeatable runs.
fn split_mix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}
