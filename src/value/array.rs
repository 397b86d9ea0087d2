//! Arrays: shared, mutable, with an O(1) `shift`.

use super::Value;
use std::cell::{Cell, Ref, RefCell, RefMut};

/// Items from `start` on are the array; those before were shifted off and are nil.
#[derive(Default)]
pub struct Array {
    items: RefCell<Vec<Value>>,
    start: Cell<usize>,
    frozen: Cell<bool>,
}

impl From<Vec<Value>> for Array {
    fn from(items: Vec<Value>) -> Self {
        Self { items: RefCell::new(items), start: Cell::new(0), frozen: Cell::new(false) }
    }
}

impl Array {
    pub fn len(&self) -> usize {
        self.items.borrow().len() - self.start.get()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The item at `index`, counted from the front.
    pub fn get(&self, index: usize) -> Option<Value> {
        self.items.borrow().get(self.start.get() + index).cloned()
    }

    /// The item at a Ruby index: negative ones count from the end.
    pub fn at(&self, index: i64) -> Option<Value> {
        let index = if index < 0 { index + self.len() as i64 } else { index };
        usize::try_from(index).ok().and_then(|index| self.get(index))
    }

    /// Whether an item stands at that place, counted from the front.
    pub fn has(&self, index: i64) -> bool {
        usize::try_from(index).is_ok_and(|index| index < self.len())
    }

    /// Puts a value in the place of an item that is there.
    pub fn put(&self, index: i64, value: Value) {
        let place = usize::try_from(index).map_or(usize::MAX, |index| self.start.get().saturating_add(index));
        let old = self.items.borrow_mut().get_mut(place).map(|item| std::mem::replace(item, value));
        drop(old);
    }

    pub fn push(&self, value: Value) {
        self.items.borrow_mut().push(value);
    }

    pub fn pop(&self) -> Option<Value> {
        if self.is_empty() { None } else { self.items.borrow_mut().pop() }
    }

    /// Takes the first item off, in O(1) amortised.
    pub fn shift(&self) -> Option<Value> {
        if self.is_empty() {
            return None;
        }
        let start = self.start.get();
        let mut items = self.items.borrow_mut();
        let first = std::mem::take(&mut items[start]);
        if (start + 1) * 2 > items.len() {
            items.drain(..=start);
            self.start.set(0);
        } else {
            self.start.set(start + 1);
        }
        Some(first)
    }

    /// The items, for reading. Never hold this across a call of the host: the block may change the array.
    pub fn items(&self) -> Ref<'_, [Value]> {
        Ref::map(self.items.borrow(), |items| &items[self.start.get()..])
    }

    /// The items, for changing. The same warning.
    pub fn items_mut(&self) -> RefMut<'_, Vec<Value>> {
        let mut items = self.items.borrow_mut();
        let start = self.start.replace(0);
        items.drain(..start);
        items
    }

    /// A copy of the items, safe to iterate while blocks run.
    pub fn to_vec(&self) -> Vec<Value> {
        self.items().to_vec()
    }

    pub fn is_frozen(&self) -> bool {
        self.frozen.get()
    }

    pub fn freeze(&self) {
        self.frozen.set(true);
    }
}

impl Drop for Array {
    fn drop(&mut self) {
        super::release::release(std::mem::take(self.items.get_mut()));
    }
}
