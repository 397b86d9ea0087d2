//! What a run takes from outside: time, chance, and a place to print.

/// Given by the rim, so that a run can be repeated to the byte.
pub trait World {
    /// Seconds since the epoch, floored, and nanoseconds.
    fn now(&self) -> (i64, u32);

    fn random(&mut self) -> u64;

    fn sleep(&mut self, seconds: f64);

    /// What `puts` prints.
    fn print(&mut self, text: &[u8]);

    /// Seconds of wall time since the run began; a frozen clock does not stop it.
    fn elapsed(&self) -> f64;

    /// A place of a program that tells (`program::Probes`) was reached: the number of its point.
    fn reached(&mut self, _point: u32) {}

    /// The lambda with that point begins…
    fn entered(&mut self, _point: u32) {}

    /// …and the one that began last ends.
    fn left(&mut self) {}

    /// Bytes of memory in use by the process's values; 0 where nobody counts.
    fn memory(&self) -> usize {
        0
    }
}
