//! Time, chance and people, as what keeps running needs them.

use crate::cli::args::Run;
use crate::cli::interrupt;
use crate::cli::open::world;
use crate::cli::secrets::Secrets;
use crate::cli::world::{Output, SystemWorld};
use crate::http::redact::Redactor;
use crate::interpreter::World;
use crate::runtime::Pace;
use crate::store::Millis;
use std::cell::{Cell, RefCell};
use std::io::Write;

/// The clock (or the frozen one), the dice, and whether anybody still reads the output.
pub struct Machine {
    clock: SystemWorld,
    dice: RefCell<SystemWorld>,
    redactor: Redactor,
    closed: Cell<bool>,
}

impl Machine {
    pub fn new(run: &Run, secrets: &Secrets) -> Self {
        Self {
            clock: world(run, Output::Stderr),
            dice: RefCell::new(world(run, Output::Stderr)),
            redactor: secrets.redactor(),
            closed: Cell::new(false),
        }
    }

    pub fn now(&self) -> Millis {
        let (seconds, nanos) = self.clock.now();
        seconds.saturating_mul(1000).saturating_add(Millis::from(nanos / 1_000_000))
    }

    /// Works with all of it; the next run is due `interval` after the beginning of this one.
    pub fn paced<T>(&self, interval: Millis, work: impl FnOnce(Pace<'_>) -> T) -> T {
        work(Pace {
            now: &|| self.now(),
            chance: &|| (self.dice.borrow_mut().random() >> 11) as f64 / (1_u64 << 53) as f64,
            redact: &|text| self.redactor.message(text),
            stop: &|| interrupt::asked() || self.is_closed(),
            next: &|began| began.saturating_add(interval),
        })
    }

    /// Writes whole lines; `false` when nobody reads them.
    pub fn print(&self, lines: &str) -> bool {
        let mut out = std::io::stdout().lock();
        let read = out.write_all(lines.as_bytes()).and_then(|()| out.flush()).is_ok();
        self.closed.set(self.closed.get() || !read);
        read
    }

    /// Nobody reads what is printed any more.
    pub fn is_closed(&self) -> bool {
        self.closed.get()
    }
}
