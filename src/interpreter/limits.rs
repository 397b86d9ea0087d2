//! Limits: steps, depth, wall time, memory. Checked at calls and loop heads, cheaply.

use super::Interpreter;
use crate::value::{ClassId, Exception, Limit, Result, Unwind, walk};
use std::rc::Rc;

/// How far a run may go. Generous, always on.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Calls and loop turns.
    pub steps: u64,
    /// Calls within calls; CRuby reaches about 10,900.
    pub depth: usize,
    /// Bytes.
    pub memory: usize,
    /// Wall time.
    pub seconds: f64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { steps: 10_000_000_000, depth: 10_000, memory: 2 << 30, seconds: 180.0 }
    }
}

/// Steps between two looks at the clock and the memory.
const STRIDE: u32 = 4096;

/// One value may take this part of the memory: it is copied, encoded and written before anybody looks again.
const LARGEST: usize = 4;

pub(super) struct Meter {
    pub limits: Limits,
    /// Steps until the next look.
    left: u32,
    taken: u64,
    /// When counting began.
    started: f64,
}

impl Meter {
    pub fn new(limits: Limits) -> Self {
        Self { limits, left: STRIDE, taken: 0, started: 0.0 }
    }
}

impl Meter {
    /// Counts steps and time from now.
    pub fn restart(&mut self, now: f64) {
        walk::rest();
        (self.taken, self.started) = (0, now);
    }
}

impl Interpreter {
    /// One step. Every `STRIDE` of them the clock and the memory are looked at.
    #[inline]
    pub(super) fn step(&mut self) -> Result<()> {
        self.limits.left -= 1;
        if self.limits.left == 0 { self.look() } else { Ok(()) }
    }

    #[cold]
    fn look(&mut self) -> Result<()> {
        self.limits.left = STRIDE;
        self.limits.taken += u64::from(STRIDE);
        let limits = self.limits.limits;
        if self.limits.taken > limits.steps {
            return Err(self.limit(Limit::Steps, format!("more than {} steps", limits.steps)));
        }
        if self.world.elapsed() - self.limits.started > limits.seconds {
            return Err(self.limit(Limit::Time, format!("more than {} seconds", limits.seconds)));
        }
        if walk::turned_back() {
            return Err(self.endless_walk());
        }
        self.check_memory(0)
    }

    /// Refuses `more` bytes that would not fit.
    pub(super) fn check_memory(&mut self, more: usize) -> Result<()> {
        let allowed = self.limits.limits.memory;
        if self.world.memory().saturating_add(more) > allowed {
            return Err(self.limit(Limit::Memory, format!("more than {} MB of memory", allowed >> 20)));
        }
        Ok(())
    }

    /// Refuses one value of that many bytes when it would not fit, or when what is made of it would not.
    pub(super) fn check_size(&mut self, bytes: usize) -> Result<()> {
        let largest = self.limits.limits.memory / LARGEST;
        if bytes > largest {
            return Err(self.limit(Limit::Memory, format!("more than {} MB for one value", largest >> 20)));
        }
        self.check_memory(bytes)
    }

    /// What ends a run whose walk over a value had to turn back.
    #[cold]
    pub(super) fn endless_walk(&mut self) -> Box<Unwind> {
        walk::rest();
        self.limit(Limit::Walk, "a value that holds the same parts too many times over".to_owned())
    }

    /// Waiting counts against the wall time.
    pub(super) fn check_time(&mut self) -> Result<()> {
        let allowed = self.limits.limits.seconds;
        if self.world.elapsed() - self.limits.started > allowed {
            return Err(self.limit(Limit::Time, format!("more than {allowed} seconds")));
        }
        Ok(())
    }

    pub(super) fn enter(&mut self) -> Result<()> {
        self.step()?;
        if self.depth >= self.limits.limits.depth {
            return Err(self.limit(Limit::Depth, format!("more than {} calls within calls", self.limits.limits.depth)));
        }
        self.depth += 1;
        Ok(())
    }

    #[cold]
    fn limit(&mut self, limit: Limit, message: String) -> Box<Unwind> {
        let place = Exception::new(ClassId::SYSTEM_STACK_ERROR, message.clone());
        Box::new(Unwind::Limit { limit, message, place: Rc::new(place) })
    }
}
