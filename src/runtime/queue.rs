//! What waits for its time, the earliest first. Nobody has to look at what is not due.

use crate::store::Millis;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::hash::Hash;

/// Keys with the times they are due; a key is due once.
#[derive(Debug)]
pub struct DueQueue<K> {
    heap: BinaryHeap<Reverse<(Millis, u64, K)>>,
    /// For each key the entry that counts; older ones in the heap are passed over.
    current: HashMap<K, u64>,
    last: u64,
}

impl<K> Default for DueQueue<K> {
    fn default() -> Self {
        Self { heap: BinaryHeap::new(), current: HashMap::new(), last: 0 }
    }
}

impl<K: Clone + Eq + Hash + Ord> DueQueue<K> {
    /// Sets when a key is due, whatever was set before.
    pub fn set(&mut self, key: K, due: Millis) {
        self.last += 1;
        self.current.insert(key.clone(), self.last);
        self.heap.push(Reverse((due, self.last, key)));
        // Entries that are passed over must not outgrow those that count.
        if self.heap.len() > 64 + 2 * self.current.len() {
            let current = &self.current;
            self.heap.retain(|Reverse((_, number, key))| current.get(key) == Some(number));
        }
    }

    pub fn forget(&mut self, key: &K) {
        self.current.remove(key);
    }

    /// Takes the key that has been due for longest, with its time.
    pub fn pop(&mut self, now: Millis) -> Option<(K, Millis)> {
        let due = self.earliest().filter(|due| *due <= now)?;
        let Reverse((_, _, key)) = self.heap.pop()?;
        self.current.remove(&key);
        Some((key, due))
    }

    /// When the next one is due.
    pub fn earliest(&mut self) -> Option<Millis> {
        while let Some(Reverse((due, number, key))) = self.heap.peek() {
            if self.current.get(key) == Some(number) {
                return Some(*due);
            }
            self.heap.pop();
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::DueQueue;

    #[test]
    fn the_earliest_comes_first_and_once() {
        let mut queue = DueQueue::default();
        for (key, due) in [("b", 20), ("a", 10), ("c", 30), ("a", 25), ("d", 5)] {
            queue.set(key, due);
        }
        queue.forget(&"d");
        assert_eq!((queue.earliest(), queue.pop(19)), (Some(20), None));
        let popped: Vec<_> = std::iter::from_fn(|| queue.pop(100)).collect();
        assert_eq!(popped, [("b", 20), ("a", 25), ("c", 30)]);
        for round in 0..10_000 {
            queue.set("x", round);
        }
        assert!(queue.heap.len() < 100 && queue.earliest() == Some(9_999));
    }
}
