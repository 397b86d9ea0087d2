//! How far one walk over a value goes. A value that holds the same part many times is larger for a walk than for the memory:
//! of sixty arrays that each hold the one before twice, the last has 2⁶⁰ leaves.

use std::cell::Cell;

/// Arrays and hashes that one walk may enter. As many that are not the same fill the memory.
const MOST: u32 = 1 << 23;

#[derive(Clone, Copy)]
struct Walk {
    /// What may still be entered.
    left: u32,
    /// Arrays and hashes that are being walked through, one within the other.
    inside: u32,
    turned_back: bool,
}

thread_local! {
    static WALK: Cell<Walk> = const { Cell::new(Walk { left: MOST, inside: 0, turned_back: false }) };
}

/// An array or a hash is being walked through while this lives.
pub struct Inside(());

/// Enters an array or a hash; from outside of any, a new walk begins. `None`: the walk has to turn back, and what it gives is
/// worth nothing; [`turned_back`] tells.
#[inline]
pub fn enter() -> Option<Inside> {
    let mut walk = WALK.get();
    if walk.inside == 0 && !walk.turned_back {
        walk.left = MOST;
    }
    if walk.left == 0 {
        WALK.set(Walk { turned_back: true, ..walk });
        return None;
    }
    WALK.set(Walk { left: walk.left - 1, inside: walk.inside + 1, ..walk });
    Some(Inside(()))
}

impl Drop for Inside {
    #[inline]
    fn drop(&mut self) {
        let walk = WALK.get();
        WALK.set(Walk { inside: walk.inside.saturating_sub(1), ..walk });
    }
}

/// Whether a walk had to turn back since [`rest`].
#[inline]
pub fn turned_back() -> bool {
    WALK.get().turned_back
}

/// Lets walks begin again.
pub fn rest() {
    WALK.set(Walk { left: MOST, inside: 0, turned_back: false });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_walk_has_an_end_and_many_have_none() {
        rest();
        assert!((0..=MOST).all(|_| enter().is_some()), "each of these is a walk of its own");
        let outer = enter();
        assert!((1..MOST).all(|_| enter().is_some()));
        assert!(enter().is_none() && turned_back());
        drop(outer);
        assert!(enter().is_none(), "nothing is walked until somebody has been told");
        rest();
        assert!(enter().is_some() && !turned_back());
    }
}
