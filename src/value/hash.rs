//! Hashes: ordered by insertion, O(1) deletion, searched linearly while small.

mod table;

use self::table::{Entry, LINEAR, Table};
use super::{Proc, Value, eql, same};
use std::cell::{Cell, RefCell, RefMut};
use std::rc::Rc;

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
    form: RefCell<Form>,
    iterating: Cell<u32>,
    indifferent: Cell<bool>,
    by_identity: Cell<bool>,
    frozen: Cell<bool>,
}

/// How the entries are kept.
enum Form {
    Own(Table),
    Row(Row),
}

impl Default for Form {
    fn default() -> Self {
        Self::Own(Table::default())
    }
}

/// Values under keys that other rows of the same list have too; becomes a table when it is changed.
struct Row {
    keys: Rc<[Value]>,
    values: Box<[Value]>,
}

/// Keys that rows of a list have in common, the latest last.
#[derive(Default)]
pub struct RowKeys(Vec<Rc<[Value]>>);

/// So many different kinds of rows share their keys.
const ROW_KEYS: usize = 8;

impl RowKeys {
    /// The same keys in the same order, from a row before if there was one.
    fn shared(&mut self, keys: &[&Value]) -> Rc<[Value]> {
        let is_it = |known: &Rc<[Value]>| {
            known.len() == keys.len() && known.iter().zip(keys).all(|(known, key)| same(known, key))
        };
        if let Some(known) = self.0.iter().rev().find(|known| is_it(known)) {
            return Rc::clone(known);
        }
        if self.0.len() >= ROW_KEYS {
            self.0.remove(0);
        }
        let keys: Rc<[Value]> = keys.iter().map(|key| (*key).clone()).collect();
        self.0.push(Rc::clone(&keys));
        keys
    }
}

impl Hash {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn with_capacity(capacity: usize) -> Self {
        let table = Table { entries: Vec::with_capacity(capacity), ..Table::default() };
        let mut hash = Self::default();
        hash.form = RefCell::new(Form::Own(table));
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

    /// The value of a key, nil if it is missing; `None` where the default decides that.
    #[inline]
    pub fn read(&self, key: &Value) -> Option<Value> {
        let form = self.form.borrow();
        match self.place_of(&form, key) {
            Some(at) => form.entry(at).map(|(_, value)| value.clone()),
            None => (!form.has_default()).then_some(Value::Nil),
        }
    }

    pub fn default_value(&self) -> HashDefault {
        match &*self.form.borrow() {
            Form::Own(Table { rare: Some(rare), .. }) => rare.default.clone(),
            _ => HashDefault::None,
        }
    }

    pub fn set_default(&self, default: HashDefault) {
        if matches!(default, HashDefault::None) && matches!(self.default_value(), HashDefault::None) {
            return;
        }
        self.own().rare.get_or_insert_default().default = default;
    }

    /// How many entries there are; none while the hash is being changed, for it may be a key of itself.
    pub fn len(&self) -> usize {
        match self.form.try_borrow().as_deref() {
            Ok(Form::Own(table)) => table.live as usize,
            Ok(Form::Row(row)) => row.values.len(),
            Err(_) => 0,
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The stored value; defaults are the caller's business.
    pub fn get(&self, key: &Value) -> Option<Value> {
        let form = self.form.borrow();
        let at = self.place_of(&form, key)?;
        form.entry(at).map(|(_, value)| value.clone())
    }

    /// The stored key that is the same as this one, and its value.
    pub fn get_entry(&self, key: &Value) -> Option<(Value, Value)> {
        let form = self.form.borrow();
        let at = self.place_of(&form, key)?;
        form.entry(at).map(|(key, value)| (key.clone(), value.clone()))
    }

    /// The value of that very key: a symbol is no string, even in an indifferent hash.
    pub fn get_exact(&self, key: &Value) -> Option<Value> {
        let form = self.form.try_borrow().ok()?;
        form.entry(form.find(key, self.by_identity.get())?).map(|(_, value)| value.clone())
    }

    /// The value of a string key.
    pub fn get_str(&self, key: &str) -> Option<Value> {
        let form = self.form.borrow();
        let at = form.find_str(key)?;
        form.entry(at).map(|(_, value)| value.clone())
    }

    /// The value of a key that may be a symbol or a string: what the SDK reads from a connector's hash.
    pub fn get_either(&self, key: &str) -> Option<Value> {
        self.get_str(key).or_else(|| if self.is_indifferent() { None } else { self.get(&Value::symbol(key)) })
    }

    pub fn contains(&self, key: &Value) -> bool {
        self.place_of(&self.form.borrow(), key).is_some()
    }

    /// Sets a value. An unfrozen string key is copied and frozen, as Ruby does. The caller checks `can_add`.
    pub fn insert(&self, key: Value, value: Value) {
        let key = self.normal(key);
        // The old value is dropped after the borrow ends.
        let old = self.own().put(key, value, self.by_identity.get());
        drop(old);
    }

    /// Sets the value of a key that is there; gives the value back where it is not, or where keys are objects.
    pub fn overwrite(&self, key: &Value, value: Value) -> Result<(), Value> {
        let mut form = self.form.borrow_mut();
        let place = if self.by_identity.get() { None } else { self.place_of(&form, key) };
        let held = match (&mut *form, place) {
            (Form::Own(table), Some(at)) => {
                table.entries.get_mut(at).and_then(Option::as_mut).map(|own| &mut own.value)
            }
            (Form::Row(row), Some(at)) => row.values.get_mut(at),
            (_, None) => None,
        };
        let Some(held) = held else { return Err(value) };
        let old = std::mem::replace(held, value);
        // The old value is dropped after the borrow ends.
        drop(form);
        drop(old);
        Ok(())
    }

    /// Sets the entries of another hash, not of this one itself.
    pub fn extend(&self, other: &Self) {
        let by_identity = self.by_identity.get();
        let mut old = Vec::new();
        let mut table = self.own();
        other.all(|key, value| {
            old.extend(table.put(self.normal(key.clone()), value.clone(), by_identity));
            true
        });
        drop(table);
        drop(old);
    }

    /// Makes itself as small as it can be: as a row beside others with the same keys, if it is no larger than rows are.
    pub fn settle(&self, keys: &mut RowKeys) {
        let mut form = self.form.borrow_mut();
        let Form::Own(table) = &mut *form else { return };
        let entries = table.entries.len();
        if table.rare.is_some() || table.live as usize != entries || entries == 0 || entries > LINEAR {
            table.entries.shrink_to_fit();
            return;
        }
        let known: Vec<&Value> = table.entries.iter().flatten().map(|entry| &entry.key).collect();
        let keys = keys.shared(&known);
        let values = std::mem::take(&mut table.entries).into_iter().flatten().map(|entry| entry.value).collect();
        *form = Form::Row(Row { keys, values });
    }

    /// The entries, for changing them.
    fn own(&self) -> RefMut<'_, Table> {
        let mut form = self.form.borrow_mut();
        if let Form::Row(row) = &mut *form {
            let values = std::mem::take(&mut row.values).into_vec();
            let live = values.len() as u32;
            let entries = row.keys.iter().zip(values).map(|(key, value)| Some(Entry { key: key.clone(), value }));
            *form = Form::Own(Table { entries: entries.collect(), live, ..Table::default() });
        }
        RefMut::map(form, |form| match form {
            Form::Own(table) => table,
            // Not reached; a leaked empty table keeps this free of panics.
            Form::Row(_) => Box::leak(Box::default()),
        })
    }

    pub fn insert_str(&self, key: &str, value: Value) {
        self.insert(Value::str(key), value);
    }

    /// Takes an entry out.
    pub fn remove(&self, key: &Value) -> Option<Value> {
        let at = self.place_of(&self.form.borrow(), key)?;
        let mut table = self.own();
        let entry = table.take(at, self.by_identity.get());
        if self.iterating.get() == 0 {
            table.compact_if_sparse(self.by_identity.get());
        }
        entry.map(|entry| entry.value)
    }

    /// Takes the first entry out.
    pub fn shift(&self) -> Option<(Value, Value)> {
        let mut table = self.own();
        let at = table.head as usize;
        let entry = table.take(at, self.by_identity.get());
        if self.iterating.get() == 0 {
            table.compact_if_sparse(self.by_identity.get());
        }
        entry.map(|entry| (entry.key, entry.value))
    }

    pub fn clear(&self) {
        let mut table = self.own();
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
        let form = self.form.borrow();
        let at = match &*form {
            Form::Row(_) => position,
            Form::Own(table) => {
                let position = position.max(table.head as usize);
                position + table.entries.get(position..)?.iter().position(Option::is_some)?
            }
        };
        form.entry(at).map(|(key, value)| (at + 1, key.clone(), value.clone()))
    }

    /// Marks the hash as being iterated over until the guard is dropped: no new keys, positions stay.
    pub fn iterate(self: &Rc<Self>) -> Iterating {
        self.iterating.set(self.iterating.get() + 1);
        Iterating(Rc::clone(self))
    }

    /// A copy of the entries, safe to iterate while blocks run.
    pub fn to_vec(&self) -> Vec<(Value, Value)> {
        self.collected(|key, value| (key.clone(), value.clone()))
    }

    pub fn keys(&self) -> Vec<Value> {
        self.collected(|key, _| key.clone())
    }

    pub fn values(&self) -> Vec<Value> {
        self.collected(|_, value| value.clone())
    }

    fn collected<T>(&self, read: impl Fn(&Value, &Value) -> T) -> Vec<T> {
        let mut all = Vec::with_capacity(self.len());
        self.all(|key, value| {
            all.push(read(key, value));
            true
        });
        all
    }

    /// Runs `change` on each value where it is. It must not run user code.
    pub fn each_value(&self, mut change: impl FnMut(&mut Value)) {
        match &mut *self.form.borrow_mut() {
            Form::Own(table) => table.entries.iter_mut().flatten().for_each(|entry| change(&mut entry.value)),
            Form::Row(row) => row.values.iter_mut().for_each(change),
        }
    }

    /// Runs `read` on each entry (of a hash that is being changed, on none) without copying; stops at the first `false`.
    /// `read` must not run user code.
    pub fn all(&self, mut read: impl FnMut(&Value, &Value) -> bool) -> bool {
        match self.form.try_borrow().as_deref() {
            Ok(Form::Own(table)) => table.entries.iter().flatten().all(|entry| read(&entry.key, &entry.value)),
            Ok(Form::Row(row)) => row.keys.iter().zip(&row.values).all(|(key, value)| read(key, value)),
            Err(_) => true,
        }
    }

    /// An empty hash with the same default, indifference and comparison.
    pub fn with_shape_of(other: &Self) -> Self {
        Self::shaped(other, other.len())
    }

    fn shaped(other: &Self, capacity: usize) -> Self {
        let hash = Self::with_capacity(capacity);
        hash.indifferent.set(other.indifferent.get());
        hash.by_identity.set(other.by_identity.get());
        if other.form.borrow().has_default() {
            hash.set_default(other.default_value());
        }
        hash
    }

    /// A shallow copy with the same default and indifference, not frozen.
    #[must_use]
    pub fn copy(&self) -> Self {
        self.copy_with_room(0)
    }

    /// A copy that so many more entries fit into.
    #[must_use]
    pub fn copy_with_room(&self, more: usize) -> Self {
        self.copy_into(Self::shaped(self, self.len() + more))
    }

    /// A shallow copy that tells symbols and strings apart; the default stays.
    #[must_use]
    pub fn plain_copy(&self) -> Self {
        let copy = Self::with_shape_of(self);
        copy.indifferent.set(false);
        self.copy_into(copy)
    }

    fn copy_into(&self, copy: Self) -> Self {
        let mut to = copy.own();
        self.all(|key, value| {
            to.entries.push(Some(Entry { key: key.clone(), value: value.clone() }));
            true
        });
        to.live = to.entries.len() as u32;
        if self.has_index() {
            to.build_index(self.by_identity.get());
        }
        drop(to);
        copy
    }

    fn has_index(&self) -> bool {
        matches!(&*self.form.borrow(), Form::Own(table) if table.index().is_some())
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

    fn place_of(&self, form: &Form, key: &Value) -> Option<usize> {
        match key {
            Value::Symbol(symbol) if self.indifferent.get() => symbol.with(|name| form.find_str(name)),
            key => form.find(key, self.by_identity.get()),
        }
    }

    fn normal(&self, key: Value) -> Value {
        match key {
            Value::Symbol(symbol) if self.indifferent.get() => symbol.with(Value::str),
            other => other,
        }
    }
}

/// While this lives the hash keeps its positions and takes no new keys.
pub struct Iterating(Rc<Hash>);

impl Drop for Iterating {
    fn drop(&mut self) {
        let left = self.0.iterating.get().saturating_sub(1);
        self.0.iterating.set(left);
        if left == 0 {
            self.0.own().compact_if_sparse(self.0.by_identity.get());
        }
    }
}

impl Form {
    fn has_default(&self) -> bool {
        matches!(self, Self::Own(Table { rare: Some(rare), .. }) if !matches!(rare.default, HashDefault::None))
    }

    fn entry(&self, at: usize) -> Option<(&Value, &Value)> {
        match self {
            Self::Own(table) => table.entries.get(at)?.as_ref().map(|entry| (&entry.key, &entry.value)),
            Self::Row(row) => Some((row.keys.get(at)?, row.values.get(at)?)),
        }
    }

    fn find(&self, key: &Value, by_identity: bool) -> Option<usize> {
        match self {
            Self::Own(table) => table.find(key, by_identity),
            Self::Row(row) => row.keys.iter().position(|own| if by_identity { same(own, key) } else { eql(own, key) }),
        }
    }

    fn find_str(&self, key: &str) -> Option<usize> {
        match self {
            Self::Own(table) => table.find_str(key),
            Self::Row(row) => {
                let is_it = |own: &Value| matches!(own, Value::Str(text) if &*text.bytes() == key.as_bytes());
                row.keys.iter().position(is_it)
            }
        }
    }
}

impl Drop for Hash {
    fn drop(&mut self) {
        match self.form.get_mut() {
            Form::Own(table) => super::release::release(std::mem::take(&mut table.entries)),
            Form::Row(row) => super::release::release(std::mem::take(&mut row.values).into_vec()),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::value::{Value, inspect, json};

    /// Rows of a list share their keys until one is changed, which nobody may notice.
    #[test]
    fn rows_change_alone() {
        let rows = json::parse(br#"[{"a":1,"b":2},{"a":3,"b":4},{"b":5,"a":6},{},{"a":7,"b":8}]"#).unwrap();
        let Value::Array(rows) = &rows else { panic!("an array") };
        let row = |at: usize| match rows.get(at) {
            Some(Value::Hash(row)) => row,
            _ => panic!("a hash"),
        };
        row(0).insert_str("c", Value::Int(9));
        assert!(matches!(row(1).remove(&Value::str("a")), Some(Value::Int(3))));
        let copy = row(4).copy();
        copy.insert_str("a", Value::Int(0));
        row(2).insert_str("b", Value::Nil);
        let whole = inspect(&Value::Array(rows.clone())).to_text();
        assert_eq!(whole, r#"[{"a"=>1, "b"=>2, "c"=>9}, {"b"=>4}, {"b"=>nil, "a"=>6}, {}, {"a"=>7, "b"=>8}]"#);
        assert!(matches!(row(4).shift(), Some((_, Value::Int(7)))));
        row(4).clear();
        assert!(row(4).is_empty() && copy.len() == 2);
    }

    /// A key that changes is found no more, as in Ruby, and can be taken out all the same.
    #[test]
    fn keys_that_change() {
        let hash = super::Hash::new();
        let key = Value::array(vec![Value::Int(1)]);
        hash.insert(key.clone(), Value::Int(1));
        let Value::Array(items) = &key else { panic!("an array") };
        items.push(Value::Int(2));
        assert!(hash.get(&key).is_none());
        hash.rehash();
        assert!(matches!(hash.get(&key), Some(Value::Int(1))));
        items.push(Value::Int(3));
        assert!(hash.shift().is_some() && hash.is_empty());
        hash.insert(key.clone(), Value::Int(2));
        assert!(matches!(hash.get(&key), Some(Value::Int(2))));
    }
}
