//! Interned names: identifiers, symbols and keys of source text, compared as integers.
//!
//! Only names that a program's text contains come here, never payload: the table lives as long as the process.

use std::sync::{LazyLock, RwLock};

use hashbrown::HashMap;

/// An interned string. Equal names have equal numbers within one process.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name(u32);

#[derive(Default)]
struct Table {
    numbers: HashMap<&'static str, u32, foldhash::fast::FixedState>,
    texts: Vec<&'static str>,
}

static TABLE: LazyLock<RwLock<Table>> = LazyLock::new(RwLock::default);

impl Name {
    /// The name of `text`, interned at first sight.
    pub fn new(text: &str) -> Self {
        Self::find(text).unwrap_or_else(|| Self::insert(text))
    }

    /// The name of `text` if anything has interned it before.
    pub fn find(text: &str) -> Option<Self> {
        let table = TABLE.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        table.numbers.get(text).copied().map(Self)
    }

    fn insert(text: &str) -> Self {
        let mut table = TABLE.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(number) = table.numbers.get(text) {
            return Self(*number);
        }
        let number = table.texts.len() as u32;
        let text: &'static str = Box::leak(text.into());
        table.texts.push(text);
        table.numbers.insert(text, number);
        Self(number)
    }

    pub fn as_str(self) -> &'static str {
        let table = TABLE.read().unwrap_or_else(std::sync::PoisonError::into_inner);
        table.texts.get(self.0 as usize).copied().unwrap_or_default()
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
