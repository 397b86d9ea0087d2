//! A range of bytes in one source file.

/// Half-open byte range `lo..hi` of a source; at most 4 GiB, so two `u32` are enough.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    pub lo: u32,
    pub hi: u32,
}

impl Span {
    pub const fn new(lo: u32, hi: u32) -> Self {
        Self { lo, hi }
    }

    /// The empty span at `offset`.
    pub const fn at(offset: u32) -> Self {
        Self { lo: offset, hi: offset }
    }

    /// The smallest span that covers both.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { lo: self.lo.min(other.lo), hi: self.hi.max(other.hi) }
    }

    pub const fn len(self) -> usize {
        (self.hi - self.lo) as usize
    }

    pub const fn is_empty(self) -> bool {
        self.lo == self.hi
    }

    pub const fn contains(self, offset: u32) -> bool {
        self.lo <= offset && offset < self.hi
    }

    /// The same span of a text in which it stands `by` further on.
    #[must_use]
    pub fn moved(self, by: i64) -> Self {
        let at = |offset: u32| u32::try_from(i64::from(offset) + by).unwrap_or_default();
        Self { lo: at(self.lo), hi: at(self.hi) }
    }

    /// The byte range, for slicing.
    pub const fn range(self) -> std::ops::Range<usize> {
        self.lo as usize..self.hi as usize
    }
}
