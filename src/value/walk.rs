//! How far one walk over a value goes. A value that holds the same part many times is larger for a walk than for the memory:
//! of sixty arrays that each hold the one before twice, the last has 2⁶⁰ leaves.

use std::cell::Cell;

/// Arrays and hashes that may be entered between two rests. Half as many that are not the same fill the memory.
const MOST: u32 = 1 << 23;

thread_local! {
    static LEFT: Cell<u32> = const { Cell::new(MOST) };
}

/// Counts an array or a hash that a walk enters. `false`: the walk has to turn back, and what it gives is worth nothing;
/// [`rest`] tells.
#[inline]
pub fn enter() -> bool {
    LEFT.with(|left| match left.get() {
        0 => false,
        some => {
            left.set(some - 1);
            true
        }
    })
}

/// Whether so much has been walked that a rest is due.
#[inline]
pub fn is_tired() -> bool {
    LEFT.with(Cell::get) < MOST / 2
}

/// Begins to count anew. `true`: a walk had to turn back.
pub fn rest() -> bool {
    LEFT.with(|left| left.replace(MOST)) == 0
}
