//! Interned names: identifiers, symbols and keys of source text, compared as integers.
//!
//! Only names that a program's text contains come here, never payload: the table lives as long as the process.

use std::sync::{LazyLock, OnceLock, RwLock};

use hashbrown::HashMap;

/// An interned string. Equal names have equal numbers within one process.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name(u32);

static NUMBERS: LazyLock<RwLock<HashMap<&'static str, u32, foldhash::fast::FixedState>>> =
    LazyLock::new(RwLock::default);

/// Texts by number, in blocks of which each is twice as long as the one before: none ever moves, so reading takes no lock.
static TEXTS: [OnceLock<Box<[OnceLock<&'static str>]>>; BLOCKS] = [const { OnceLock::new() }; BLOCKS];

/// The first block has 2 to the power of this many texts.
const FIRST_BLOCK: u32 = 10;
const BLOCKS: usize = 33 - FIRST_BLOCK as usize;

/// The block of a number, and its place there.
const fn place(number: u32) -> (usize, usize) {
    let at = number as u64 + (1 << FIRST_BLOCK);
    let block = at.ilog2() - FIRST_BLOCK;
    (block as usize, (at - (1 << (block + FIRST_BLOCK))) as usize)
}

impl Name {
    /// The name of `text`, interned at first sight.
    pub fn new(text: &str) -> Self {
        Self::find(text).unwrap_or_else(|| Self::insert(text))
    }

    /// The name of `text` if anything has interned it before.
    pub fn find(text: &str) -> Option<Self> {
        let numbers = NUMBERS.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        numbers.get(text).copied().map(Self)
    }

    fn insert(text: &str) -> Self {
        let mut numbers = NUMBERS.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(number) = numbers.get(text) {
            return Self(*number);
        }
        let number = numbers.len() as u32;
        let text: &'static str = Box::leak(text.into());
        let (block, at) = place(number);
        let texts = || (0..1_usize << (block as u32 + FIRST_BLOCK)).map(|_| OnceLock::new()).collect();
        if let Some(slot) = TEXTS.get(block).map(|block| block.get_or_init(texts)).and_then(|block| block.get(at)) {
            // The number is new, and only who holds the lock makes one.
            let _ = slot.set(text);
        }
        numbers.insert(text, number);
        Self(number)
    }

    pub fn as_str(self) -> &'static str {
        let (block, at) = place(self.0);
        let text = TEXTS.get(block).and_then(OnceLock::get).and_then(|block| block.get(at)).and_then(OnceLock::get);
        text.copied().unwrap_or_default()
    }

    /// The number behind the name: dense, from 0.
    pub const fn index(self) -> u32 {
        self.0
    }

    /// The name with that number; meaningful only for a number that `index` gave.
    pub const fn from_index(index: u32) -> Self {
        Self(index)
    }
}

impl std::fmt::Debug for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "`{}`", self.as_str())
    }
}

impl std::fmt::Display for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}
