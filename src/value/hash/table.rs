//! The entries of a hash that may change: in order, found through an index once there are many.

use super::HashDefault;
use crate::value::{Value, compare, eql, hash_of, same};
use hashbrown::HashTable;

/// Up to this many entries a linear search beats the index.
pub(super) const LINEAR: usize = 8;

/// Entries that may change. Kept small: a list of a million records is a million of these.
#[derive(Default)]
pub(super) struct Table {
    pub entries: Vec<Option<Entry>>,
    /// No entry lives before this place.
    pub head: u32,
    pub live: u32,
    pub rare: Option<Box<Rare>>,
}

/// What few hashes have.
#[derive(Default)]
pub(super) struct Rare {
    /// Where keys are, by their hash, once there are many, or one that can change: it is found by the hash it had.
    index: Option<HashTable<u32>>,
    pub default: HashDefault,
}

pub(super) struct Entry {
    pub key: Value,
    pub value: Value,
}

impl Table {
    #[inline]
    pub fn find(&self, key: &Value, by_identity: bool) -> Option<usize> {
        // Most keys are strings of a small hash.
        if let (Value::Str(text), None, false) = (key, &self.rare, by_identity) {
            let digest = text.digest();
            let is_it = |entry: &Entry| match &entry.key {
                Value::Str(own) => own.digest() == digest && own.same_text(text),
                _ => false,
            };
            return self.entries.iter().position(|entry| entry.as_ref().is_some_and(is_it));
        }
        let hash = self.hash_for(key, by_identity);
        self.find_by(hash, |entry| if by_identity { same(&entry.key, key) } else { eql(&entry.key, key) })
    }

    /// Sets a value and gives the one before.
    pub fn put(&mut self, key: Value, value: Value, by_identity: bool) -> Option<Value> {
        if let Some(at) = self.find(&key, by_identity) {
            let entry = self.entries.get_mut(at)?.as_mut()?;
            return Some(std::mem::replace(&mut entry.value, value));
        }
        let key = match key {
            Value::Str(text) if !text.is_frozen() && !by_identity => Value::Str(text.frozen_copy()),
            other => other,
        };
        self.push(Entry { key, value }, by_identity);
        None
    }

    fn find_by(&self, hash: u64, is_it: impl Fn(&Entry) -> bool) -> Option<usize> {
        let matches = |entry: &Option<Entry>| entry.as_ref().is_some_and(&is_it);
        match self.index() {
            None => self.entries.iter().position(matches),
            Some(index) => {
                let found = index.find(hash, |at| self.entries.get(*at as usize).is_some_and(matches));
                found.map(|at| *at as usize)
            }
        }
    }

    pub fn find_str(&self, key: &str) -> Option<usize> {
        let is_it = |entry: &Entry| matches!(&entry.key, Value::Str(text) if &*text.bytes() == key.as_bytes());
        let hash = if self.index().is_some() { compare::hash_bytes(key.as_bytes()) } else { 0 };
        self.find_by(hash, is_it)
    }

    /// The key's hash, where there is an index to look it up in.
    fn hash_for(&self, key: &Value, by_identity: bool) -> u64 {
        if self.index().is_some() { key_hash(key, by_identity) } else { 0 }
    }

    pub fn index(&self) -> Option<&HashTable<u32>> {
        self.rare.as_ref()?.index.as_ref()
    }

    pub fn set_index(&mut self, index: Option<HashTable<u32>>) {
        if self.rare.is_some() || index.is_some() {
            self.rare.get_or_insert_default().index = index;
        }
    }

    fn push(&mut self, entry: Entry, by_identity: bool) {
        let hash = self.hash_for(&entry.key, by_identity);
        let can_change = matches!(entry.key, Value::Array(_) | Value::Hash(_) | Value::Set(_) | Value::Object(_));
        self.entries.push(Some(entry));
        self.live += 1;
        let at = (self.entries.len() - 1) as u32;
        match self.rare.as_mut().and_then(|rare| rare.index.as_mut()) {
            Some(index) => {
                index.insert_unique(hash, at, hash_at(&self.entries, by_identity));
            }
            None if self.entries.len() > LINEAR || can_change => self.build_index(by_identity),
            None => {}
        }
    }

    pub fn take(&mut self, at: usize, by_identity: bool) -> Option<Entry> {
        let entry = self.entries.get_mut(at)?.take()?;
        self.live -= 1;
        if let Some(index) = self.rare.as_mut().and_then(|rare| rare.index.as_mut()) {
            match index.find_entry(key_hash(&entry.key, by_identity), |other| *other as usize == at) {
                Ok(found) => drop(found.remove()),
                // The key has changed since it was put in.
                Err(_) => index.retain(|other| *other as usize != at),
            }
        }
        while matches!(self.entries.last(), Some(None)) {
            self.entries.pop();
        }
        while matches!(self.entries.get(self.head as usize), Some(None)) {
            self.head += 1;
        }
        self.head = self.head.min(self.entries.len() as u32);
        Some(entry)
    }

    pub fn compact_if_sparse(&mut self, by_identity: bool) {
        if self.entries.len() > 2 * self.live as usize + LINEAR {
            self.entries.retain(Option::is_some);
            self.head = 0;
            if self.index().is_some() {
                self.build_index(by_identity);
            }
        }
    }

    pub fn build_index(&mut self, by_identity: bool) {
        let mut index = HashTable::with_capacity(self.entries.len() * 2);
        for (at, entry) in self.entries.iter().enumerate() {
            if let Some(entry) = entry {
                let hash = key_hash(&entry.key, by_identity);
                index.insert_unique(hash, at as u32, hash_at(&self.entries, by_identity));
            }
        }
        self.set_index(Some(index));
    }
}

fn hash_at(entries: &[Option<Entry>], by_identity: bool) -> impl Fn(&u32) -> u64 {
    move |at| match entries.get(*at as usize) {
        Some(Some(entry)) => key_hash(&entry.key, by_identity),
        _ => 0,
    }
}

fn key_hash(key: &Value, by_identity: bool) -> u64 {
    if by_identity { compare::identity_hash(key) } else { hash_of(key) }
}
