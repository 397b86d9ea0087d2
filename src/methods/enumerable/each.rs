//! How every collection hands out its items: one driver, `fold`, that all methods of Enumerable share.

use crate::methods::{Host, enumerator};
use crate::value::{Array, ClassId, Hash, Proc, Range, Result, Value, raise};
use std::cell::RefCell;
use std::rc::Rc;

/// Go on, or have seen enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    Next,
    Stop,
}

/// What one step of an iteration yields.
pub enum Item {
    One(Value),
    /// An entry of a hash: one `[key, value]`, built only where somebody looks at it whole.
    Entry(Value, Value),
    /// Several values of one `yield`.
    Many(Vec<Value>),
}

/// Where a collection of any kind sends its items.
pub type Sink = Box<dyn FnMut(&mut dyn Host, Item) -> Result<Flow>>;

impl Item {
    /// The item as one value.
    #[inline]
    pub fn into_value(self) -> Value {
        match self {
            Self::One(value) => value,
            Self::Entry(key, value) => Value::array(vec![key, value]),
            Self::Many(values) if values.is_empty() => Value::Nil,
            Self::Many(values) => Value::array(values),
        }
    }

    /// The item as one value, still to be used.
    pub fn as_value(&self) -> Value {
        match self {
            Self::One(value) => value.clone(),
            Self::Entry(key, value) => Value::array(vec![key.clone(), value.clone()]),
            Self::Many(values) if values.is_empty() => Value::Nil,
            Self::Many(values) => Value::array(values.clone()),
        }
    }

    /// The item as the values a block would get.
    pub fn into_values(self) -> Vec<Value> {
        match self {
            Self::One(value) => vec![value],
            Self::Entry(key, value) => vec![Value::array(vec![key, value])],
            Self::Many(values) => values,
        }
    }

    /// Calls the block with the item as one value; what `select`, `group_by` and most others do.
    #[inline]
    pub fn pass(&self, host: &mut dyn Host, block: &Rc<Proc>) -> Result<Value> {
        match self {
            Self::One(value) => host.yield_block(block, std::slice::from_ref(value)),
            Self::Entry(key, value) if takes_pair(block) => host.yield_block(block, &[key.clone(), value.clone()]),
            Self::Entry(key, value) => host.yield_block(block, &[Value::array(vec![key.clone(), value.clone()])]),
            Self::Many(_) => host.yield_block(block, &[self.as_value()]),
        }
    }

    /// Calls the block with the values as they were yielded; what `map`, `any?` and `count` do.
    #[inline]
    pub fn spread(&self, host: &mut dyn Host, block: &Rc<Proc>) -> Result<Value> {
        match self {
            Self::Many(values) => host.yield_block(block, values),
            other => other.pass(host, block),
        }
    }
}

/// The block takes an array apart anyway, so that a pair need not be built for it.
pub fn takes_pair(block: &Proc) -> bool {
    let arity = block.code.arity();
    !block.is_lambda && arity.required + arity.optional >= 2
}

/// Runs `step` on each item with a state that it may change, until the end or `Flow::Stop`; answers with the state.
///
/// The state and the step own what they need, because the code behind an enumerator may be the connector's own.
pub fn fold<S, F>(host: &mut dyn Host, receiver: &Value, mut state: S, mut step: F) -> Result<S>
where
    S: 'static,
    F: FnMut(&mut dyn Host, &mut S, Item) -> Result<Flow> + 'static,
{
    match receiver {
        Value::Array(array) => each_of_array(host, array, |host, item| step(host, &mut state, item))?,
        Value::Hash(hash) => each_of_hash(host, hash, |host, item| step(host, &mut state, item))?,
        Value::Set(set) => each_of_set(host, &set.members, |host, item| step(host, &mut state, item))?,
        Value::Range(range) => each_of_range(host, range, |host, item| step(host, &mut state, item))?,
        _ => return fold_object(host, receiver, state, step),
    }
    Ok(state)
}

/// How many items there will be, where that is known without asking anybody.
pub fn expected(receiver: &Value) -> usize {
    match receiver {
        Value::Array(array) => array.len(),
        Value::Hash(hash) => hash.len(),
        Value::Set(set) => set.members.len(),
        _ => 0,
    }
}

/// Collects all items, each as one value.
pub fn to_vec(host: &mut dyn Host, receiver: &Value) -> Result<Vec<Value>> {
    match receiver {
        Value::Array(array) => Ok(array.to_vec()),
        Value::Set(set) => Ok(set.members.keys()),
        // Asking for more than there can be ends at once what would end only when memory does.
        Value::Range(range) if range.is_unbounded() => host.charge(usize::MAX).map(|()| Vec::new()),
        _ => fold(host, receiver, Vec::new(), |_, items: &mut Vec<Value>, item| {
            items.push(item.into_value());
            Ok(Flow::Next)
        }),
    }
}

/// Sends the items to a sink whose type nobody needs to know.
pub fn drive(host: &mut dyn Host, receiver: &Value, mut sink: Sink) -> Result<()> {
    match receiver {
        Value::Object(_) => enumerator::drive(host, receiver, sink).map(drop),
        _ => fold(host, receiver, (), move |host, (), item| sink(host, item)),
    }
}

fn fold_object<S, F>(host: &mut dyn Host, receiver: &Value, state: S, step: F) -> Result<S>
where
    S: 'static,
    F: FnMut(&mut dyn Host, &mut S, Item) -> Result<Flow> + 'static,
{
    let shared = Rc::new(RefCell::new(Some((state, step))));
    let inner = Rc::clone(&shared);
    enumerator::drive(
        host,
        receiver,
        Box::new(move |host, item| match inner.try_borrow_mut() {
            Ok(mut both) => match &mut *both {
                Some((state, step)) => step(host, state, item),
                None => Ok(Flow::Stop),
            },
            Err(_) => Err(raise(ClassId::FIBER_ERROR, "attempt to resume the current fiber")),
        }),
    )?;
    let both = shared.borrow_mut().take();
    both.map(|(state, _)| state).ok_or_else(|| raise(ClassId::FIBER_ERROR, "dead fiber called"))
}

#[inline]
fn each_of_array<F>(host: &mut dyn Host, array: &Array, mut step: F) -> Result<()>
where
    F: FnMut(&mut dyn Host, Item) -> Result<Flow>,
{
    let mut at = 0;
    while let Some(item) = array.get(at) {
        if step(host, Item::One(item))? == Flow::Stop {
            break;
        }
        at += 1;
    }
    Ok(())
}

fn each_of_hash<F>(host: &mut dyn Host, hash: &Rc<Hash>, mut step: F) -> Result<()>
where
    F: FnMut(&mut dyn Host, Item) -> Result<Flow>,
{
    let _positions_stay = hash.iterate();
    let mut position = 0;
    while let Some((next, key, value)) = hash.entry_from(position) {
        if step(host, Item::Entry(key, value))? == Flow::Stop {
            break;
        }
        position = next;
    }
    Ok(())
}

fn each_of_set<F>(host: &mut dyn Host, members: &Rc<Hash>, mut step: F) -> Result<()>
where
    F: FnMut(&mut dyn Host, Item) -> Result<Flow>,
{
    each_of_hash(host, members, |host, item| match item {
        Item::Entry(member, _) => step(host, Item::One(member)),
        other => step(host, other),
    })
}

fn each_of_range<F>(host: &mut dyn Host, range: &Range, mut step: F) -> Result<()>
where
    F: FnMut(&mut dyn Host, Item) -> Result<Flow>,
{
    let (Value::Int(lo), Value::Int(hi)) = (&range.lo, &range.hi) else {
        return crate::methods::range::each(host, range, &mut step);
    };
    let mut number = *lo;
    while number < *hi || (number == *hi && !range.exclusive) {
        host.tick()?;
        if step(host, Item::One(Value::Int(number)))? == Flow::Stop || number == i64::MAX {
            break;
        }
        number += 1;
    }
    Ok(())
}
