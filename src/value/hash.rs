//! Hashes: ordered by insertion, O(1) deletion, searched linearly while small.

use super::{Proc, Value, eql, hash_of, same};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use hashbrown::HashTable;

/// Up to this many entries a linear search beats the index.
const LINEAR: usize = 8;

/// What `h[missing]` answers.
#[derive(Clone, Default)]
pub enum HashDefault {
    #[default]
    None,
    Value(Value),
    /// `Hash.new { |hash, key| … }`
    Proc(Rc<Proc>),
}

/// A hash. Deleted entries leave a gap until the next compaction, so a position stays valid while iterating.
#[derive(Default)]
pub struct Hash {
    table: RefCell<Table>,
    iterating: Cell<u32>,
    indifferent: Cell<bool>,
    by_identity: Cell<bool>,
    frozen: Cell<bool>,
}

/// Kept small: a list of a million records is a million of these.
#[derive(Default)]
struct Table {
    entries: Vec<Option<Entry>>,
    /// No entry lives before this place.
    head: u32,
    live: u32,
    rare: Option<Box<Rare>>,
}

/// What few hashes have.
#[derive(Default)]
struct Rare {
    /// Where keys are, by their hash, once there are many, or one that can change: it is found by the hash it had.
    index: Option<HashTable<u32>>,
    default: HashDefault,
}

struct Entry {
    key: Value,
    value: Value,
}

impl Hash {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn with_capacity(capacity: usize) -> Self {
        let hash = Self::default();
        hash.table.borrow_mut().entries.reserve_exact(capacity);
        hash
    }

    /// An empty hash that takes symbols and strings for the same key (ActiveSupport's HashWithIndifferentAccess).
    pub fn indifferent() -> Self {
        let hash = Self::default();
        hash.indifferent.set(true);
        hash
    }

    pub fn is_indifferent(&self) -> bool {
        self.indifferent.get()
    }

    pub fn compares_by_identity(&self) -> bool {
        self.by_identity.get()
    }

    /// `compare_by_identity`
    pub fn set_by_identity(&self) {
        self.by_identity.set(true);
        self.rehash();
    }

    /// A block is iterating over this hash.
    pub fn is_iterating(&self) -> bool {
        self.iterating.get() > 0
    }

    pub fn is_frozen(&self) -> bool {
        self.frozen.get()
    }

    pub fn freeze(&self) {
        self.frozen.set(true);
    }

    pub fn default_value(&self) -> HashDefault {
        self.table.borrow().rare.as_ref().map_or(HashDefault::None, |rare| rare.default.clone())
    }

    pub fn set_default(&self, default: HashDefault) {
        let mut table = self.table.borrow_mut();
        if table.rare.is_some() || !matches!(default, HashDefault::None) {
            table.rare.get_or_insert_default().default = default;
        }
    }

    pub fn len(&self) -> usize {
        self.table.borrow().live as usize
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The stored value; defaults are the caller's business.
    pub fn get(&self, key: &Value) -> Option<Value> {
        let table = self.table.borrow();
        let at = self.place_of(&table, key)?;
        table.entries[at].as_ref().map(|entry| entry.value.clone())
    }

    /// The stored key that is the same as this one, and its value.
    pub fn get_entry(&self, key: &Value) -> Option<(Value, Value)> {
        let table = self.table.borrow();
        let at = self.place_of(&table, key)?;
        table.entries[at].as_ref().map(|entry| (entry.key.clone(), entry.value.clone()))
    }

    /// The value of that very key: a symbol is no string, even in an indifferent hash.
    pub fn get_exact(&self, key: &Value) -> Option<Value> {
        let table = self.table.borrow();
        let at = table.find(key, self.by_identity.get())?;
        table.entries[at].as_ref().map(|entry| entry.value.clone())
    }

    /// The value of a string key.
    pub fn get_str(&self, key: &str) -> Option<Value> {
        let table = self.table.borrow();
        let at = table.find_str(key)?;
        table.entries[at].as_ref().map(|entry| entry.value.clone())
    }

    /// The value of a key that may be a symbol or a string: what the SDK reads from a connector's hash.
    pub fn get_either(&self, key: &str) -> Option<Value> {
        self.get_str(key).or_else(|| if self.is_indifferent() { None } else { self.get(&Value::symbol(key)) })
    }

    pub fn contains(&self, key: &Value) -> bool {
        self.place_of(&self.table.borrow(), key).is_some()
    }

    /// Sets a value. An unfrozen string key is copied and frozen, as Ruby does. The caller checks `can_add`.
    pub fn insert(&self, key: Value, value: Value) {
        let key = self.normal(&key);
        let by_identity = self.by_identity.get();
        let mut table = self.table.borrow_mut();
        if let Some(at) = table.find(&key, by_identity) {
            if let Some(entry) = &mut table.entries[at] {
                let old = std::mem::replace(&mut entry.value, value);
                drop(table);
                drop(old);
            }
            return;
        }
        let key = match key {
            Value::Str(text) if !text.is_frozen() && !by_identity => Value::Str(text.frozen_copy()),
            other => other,
        };
        table.push(Entry { key, value }, by_identity);
    }

    /// Gives back the room for entries that will not come.
    pub fn shrink(&self) {
        self.table.borrow_mut().entries.shrink_to_fit();
    }

    pub fn insert_str(&self, key: &str, value: Value) {
        self.insert(Value::str(key), value);
    }

    /// Takes an entry out.
    pub fn remove(&self, key: &Value) -> Option<Value> {
        let mut table = self.table.borrow_mut();
        let at = self.place_of(&table, key)?;
        let entry = table.take(at, self.by_identity.get());
        if self.iterating.get() == 0 {
            table.compact_if_sparse(self.by_identity.get());
        }
        entry.map(|entry| entry.value)
    }

    /// Takes the first entry out.
    pub fn shift(&self) -> Option<(Value, Value)> {
        let mut table = self.table.borrow_mut();
        let at = table.head as usize;
        let entry = table.take(at, self.by_identity.get());
        if self.iterating.get() == 0 {
            table.compact_if_sparse(self.by_identity.get());
        }
        entry.map(|entry| (entry.key, entry.value))
    }

    pub fn clear(&self) {
        let mut table = self.table.borrow_mut();
        if self.iterating.get() == 0 {
            table.entries = Vec::new();
            table.head = 0;
        } else {
            table.entries.iter_mut().for_each(|entry| *entry = None);
            table.head = table.entries.len() as u32;
        }
        table.live = 0;
        table.set_index(None);
    }

    /// A new key may be added: false while a block iterates over this hash.
    pub fn can_add(&self, key: &Value) -> bool {
        self.iterating.get() == 0 || self.contains(key)
    }

    /// The first live entry at or after `position`, with the position to go on from. Safe while blocks change the hash.
    pub fn entry_from(&self, position: usize) -> Option<(usize, Value, Value)> {
        let table = self.table.borrow();
        let position = position.max(table.head as usize);
        let offset = table.entries.get(position..)?.iter().position(Option::is_some)?;
        let at = position + offset;
        table.entries[at].as_ref().map(|entry| (at + 1, entry.key.clone(), entry.value.clone()))
    }

    /// Marks the hash as being iterated over until the guard is dropped: no new keys, positions stay.
    pub fn iterate(self: &Rc<Self>) -> Iterating {
        self.iterating.set(self.iterating.get() + 1);
        Iterating(Rc::clone(self))
    }

    /// A copy of the entries, safe to iterate while blocks run.
    pub fn to_vec(&self) -> Vec<(Value, Value)> {
        let table = self.table.borrow();
        table.entries.iter().flatten().map(|entry| (entry.key.clone(), entry.value.clone())).collect()
    }

    pub fn keys(&self) -> Vec<Value> {
        self.table.borrow().entries.iter().flatten().map(|entry| entry.key.clone()).collect()
    }

    pub fn values(&self) -> Vec<Value> {
        self.table.borrow().entries.iter().flatten().map(|entry| entry.value.clone()).collect()
    }

    /// Runs `read` on each entry without copying; stops at the first `false`. `read` must not run user code.
    pub fn all(&self, mut read: impl FnMut(&Value, &Value) -> bool) -> bool {
        self.table.borrow().entries.iter().flatten().all(|entry| read(&entry.key, &entry.value))
    }

    /// An empty hash with the same default, indifference and comparison.
    pub fn with_shape_of(other: &Self) -> Self {
        let hash = Self::with_capacity(other.len());
        hash.indifferent.set(other.indifferent.get());
        hash.by_identity.set(other.by_identity.get());
        hash.set_default(other.default_value());
        hash
    }

    /// A shallow copy with the same default and indifference, not frozen.
    #[must_use]
    pub fn copy(&self) -> Self {
        self.copy_into(Self::with_shape_of(self))
    }

    /// A shallow copy that tells symbols and strings apart; the default stays.
    #[must_use]
    pub fn plain_copy(&self) -> Self {
        let copy = Self::with_shape_of(self);
        copy.indifferent.set(false);
        self.copy_into(copy)
    }

    fn copy_into(&self, copy: Self) -> Self {
        let mut to = copy.table.borrow_mut();
        for entry in self.table.borrow().entries.iter().flatten() {
            to.push(Entry { key: entry.key.clone(), value: entry.value.clone() }, self.by_identity.get());
        }
        drop(to);
        copy
    }

    /// Puts another hash's entries in the place of this one's.
    pub fn replace(&self, other: &Self) {
        let pairs = other.to_vec();
        self.clear();
        for (key, value) in pairs {
            self.insert(key, value);
        }
    }

    /// Computes the hashes anew after keys were changed (`rehash`).
    pub fn rehash(&self) {
        let pairs = self.to_vec();
        self.clear();
        for (key, value) in pairs {
            self.insert(key, value);
        }
    }

    fn place_of(&self, table: &Table, key: &Value) -> Option<usize> {
        match key {
            Value::Symbol(symbol) if self.indifferent.get() => symbol.with(|name| table.find_str(name)),
            key => table.find(key, self.by_identity.get()),
        }
    }

    fn normal(&self, key: &Value) -> Value {
        match key {
            Value::Symbol(symbol) if self.indifferent.get() => symbol.with(Value::str),
            other => other.clone(),
        }
    }
}

fn key_hash(key: &Value, by_identity: bool) -> u64 {
    if by_identity { super::compare::identity_hash(key) } else { hash_of(key) }
}

/// While this lives the hash keeps its positions and takes no new keys.
pub struct Iterating(Rc<Hash>);

impl Drop for Iterating {
    fn drop(&mut self) {
        let left = self.0.iterating.get().saturating_sub(1);
        self.0.iterating.set(left);
        if left == 0 {
            self.0.table.borrow_mut().compact_if_sparse(self.0.by_identity.get());
        }
    }
}

impl Table {
    fn find(&self, key: &Value, by_identity: bool) -> Option<usize> {
        let hash = self.hash_for(key, by_identity);
        self.find_by(hash, |entry| if by_identity { same(&entry.key, key) } else { eql(&entry.key, key) })
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

    fn find_str(&self, key: &str) -> Option<usize> {
        let is_it = |entry: &Entry| matches!(&entry.key, Value::Str(text) if &*text.bytes() == key.as_bytes());
        let hash = if self.index().is_some() { super::compare::hash_bytes(key.as_bytes()) } else { 0 };
        self.find_by(hash, is_it)
    }

    /// The key's hash, where there is an index to look it up in.
    fn hash_for(&self, key: &Value, by_identity: bool) -> u64 {
        if self.index().is_some() { key_hash(key, by_identity) } else { 0 }
    }

    fn index(&self) -> Option<&HashTable<u32>> {
        self.rare.as_ref()?.index.as_ref()
    }

    fn set_index(&mut self, index: Option<HashTable<u32>>) {
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

    fn take(&mut self, at: usize, by_identity: bool) -> Option<Entry> {
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

    fn compact_if_sparse(&mut self, by_identity: bool) {
        if self.entries.len() > 2 * self.live as usize + LINEAR {
            self.entries.retain(Option::is_some);
            self.head = 0;
            if self.index().is_some() {
                self.build_index(by_identity);
            }
        }
    }

    fn build_index(&mut self, by_identity: bool) {
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

impl Drop for Hash {
    fn drop(&mut self) {
        super::release::release(std::mem::take(&mut self.table.get_mut().entries));
    }
}
