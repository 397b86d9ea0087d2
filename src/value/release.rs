//! Freeing nested values without recursing as deep as they nest.

use std::any::Any;
use std::cell::{Cell, RefCell};

/// Nesting that is freed by plain recursion; what lies deeper waits in the queue.
const DEPTH: u32 = 512;

thread_local! {
    static FREEING: Cell<u32> = const { Cell::new(0) };
    static QUEUE: RefCell<Vec<Box<dyn Any>>> = const { RefCell::new(Vec::new()) };
    /// Something may wait in the queue: cheaper to ask than the queue, which has to be freed itself.
    static WAITING: Cell<bool> = const { Cell::new(false) };
}

/// Frees the contents of a collection.
pub(super) fn release<T: 'static>(contents: Vec<T>) {
    if contents.is_empty() {
        return;
    }
    // While a thread ends its variables may be gone: then plain recursion has to do.
    let depth = FREEING.try_with(Cell::get).unwrap_or(0);
    if depth >= DEPTH {
        let waiting = QUEUE.try_with(|queue| queue.try_borrow_mut().map(|mut queue| queue.push(Box::new(contents))));
        drop(waiting);
        let _ = WAITING.try_with(|some| some.set(true));
        return;
    }
    set(depth + 1);
    drop(contents);
    if depth == 0 && WAITING.try_with(|some| some.replace(false)).unwrap_or(false) {
        while let Some(waiting) = QUEUE.try_with(|queue| queue.borrow_mut().pop()).ok().flatten() {
            drop(waiting);
        }
    }
    set(depth);
}

fn set(depth: u32) {
    let _ = FREEING.try_with(|freeing| freeing.set(depth));
}

#[cfg(test)]
mod tests {
    use crate::value::{Hash, Value};

    #[test]
    fn a_million_levels_are_freed_on_a_small_stack() {
        let free = || {
            let mut value = Value::Nil;
            for level in 0..1_000_000 {
                value = if level % 2 == 0 {
                    Value::array(vec![value])
                } else {
                    let hash = Hash::new();
                    hash.insert_str("k", value);
                    Value::hash(hash)
                };
            }
            drop(value);
        };
        std::thread::Builder::new().stack_size(1 << 20).spawn(free).unwrap().join().unwrap();
    }
}
