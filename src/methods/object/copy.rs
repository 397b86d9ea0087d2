//! Copies and freezing: `dup`, `clone`, `deep_dup`, `freeze`.

use crate::methods::{Args, Host, Method, rails, ruby};
use crate::value::{Array, ClassId, Hash, Proc, Range, Result, Set, Value, raise};
use std::rc::Rc;

pub(super) const ROWS: &[Method] = &[
    ruby(
        "clone",
        "(freeze: nil) -> Object",
        "A copy that is frozen if this is.",
        "'a'.freeze.clone.frozen? => true",
        clone,
    ),
    rails(
        "deep_dup",
        "() -> Object",
        "A copy of the object and of everything in it.",
        "a = { x: [1] }; b = a.deep_dup; b[:x] << 2; a => {:x=>[1]}",
        |host, a, _| deep_copy(host, a),
    ),
    ruby("dup", "() -> Object", "A copy that is not frozen.", "a = 'x'; b = a.dup; b << 'y'; a => \"x\"", |_, a, _| {
        Ok(copy(a))
    }),
    rails("duplicable?", "() -> Boolean", "Whether it may be copied.", "1.duplicable? => true", |_, a, _| {
        Ok(Value::bool(a.kind() != crate::value::Kind::Method))
    }),
    ruby("freeze", "() -> Object", "Refuses changes from here on.", "'a'.freeze.frozen? => true", |_, a, _| {
        freeze(a);
        Ok(a.clone())
    }),
    ruby(
        "frozen?",
        "() -> Boolean",
        "Whether changes are refused.",
        "1.frozen? => true\n'a'.dup.frozen? => false",
        |_, a, _| Ok(Value::bool(is_frozen(a))),
    ),
];

/// `value.dup`: what cannot be changed is itself.
pub fn copy(value: &Value) -> Value {
    match value {
        Value::Str(text) => Value::Str(Rc::new(text.copy())),
        Value::Array(items) => Value::array(items.to_vec()),
        Value::Hash(hash) => Value::hash(hash.copy()),
        Value::Set(set) => Value::Set(Rc::new(Set { members: Rc::new(set.members.copy()) })),
        Value::Range(range) => {
            Value::Range(Rc::new(Range { lo: range.lo.clone(), hi: range.hi.clone(), exclusive: range.exclusive }))
        }
        Value::Proc(block) => Value::Proc(Rc::new(copy_of_proc(block))),
        // `utc` and `localtime` turn a time itself.
        Value::Time(time) => Value::Time(Rc::new(crate::value::Time::clone(time))),
        other => other.clone(),
    }
}

fn copy_of_proc(block: &Proc) -> Proc {
    Proc {
        code: std::sync::Arc::clone(&block.code),
        captured: block.captured.clone(),
        bound: block.bound.clone(),
        receiver: block.receiver.clone(),
        is_lambda: block.is_lambda,
        home: block.home,
        given_to: block.given_to,
    }
}

fn clone(_: &mut dyn Host, value: &Value, args: Args) -> Result<Value> {
    let mut args = args;
    let option = args.take_keywords().and_then(|options| options.get(&Value::symbol("freeze"))).unwrap_or_default();
    let frozen = match option {
        Value::Nil => is_frozen(value),
        frozen @ (Value::True | Value::False) => frozen.truthy(),
        other => {
            let class = other.class().name();
            return Err(raise(ClassId::ARGUMENT_ERROR, format!("unexpected value for freeze: {class}")));
        }
    };
    let copy = copy(value);
    if frozen {
        freeze(&copy);
    } else if is_frozen(&copy)
        && matches!(
            copy,
            Value::Int(_)
                | Value::Float(_)
                | Value::Nil
                | Value::True
                | Value::False
                | Value::Symbol(_)
                | Value::BigInt(_)
        )
    {
        return Err(raise(ClassId::ARGUMENT_ERROR, format!("can't unfreeze {}", copy.class().name())));
    }
    Ok(copy)
}

/// Arrays and hashes are copied with what they hold; nesting is limited by the run's depth of calls.
pub fn deep_copy(host: &mut dyn Host, value: &Value) -> Result<Value> {
    deep_copy_at(host, value, 0)
}

fn deep_copy_at(host: &mut dyn Host, value: &Value, depth: usize) -> Result<Value> {
    const DEEPEST: usize = 10_000;
    if depth > DEEPEST {
        return Err(raise(ClassId::SYSTEM_STACK_ERROR, "stack level too deep"));
    }
    host.tick()?;
    match value {
        Value::Array(items) => {
            let copies: Result<Vec<Value>> =
                items.to_vec().iter().map(|item| deep_copy_at(host, item, depth + 1)).collect();
            Ok(Value::Array(Rc::new(Array::from(copies?))))
        }
        Value::Hash(hash) => {
            let copy = empty_like(hash);
            for (key, item) in hash.to_vec() {
                let key = match key {
                    Value::Str(_) | Value::Symbol(_) => key,
                    other => deep_copy_at(host, &other, depth + 1)?,
                };
                copy.insert(key, deep_copy_at(host, &item, depth + 1)?);
            }
            Ok(Value::hash(copy))
        }
        other => Ok(copy(other)),
    }
}

fn empty_like(hash: &Hash) -> Hash {
    let copy = hash.copy();
    copy.clear();
    copy
}

/// `value.freeze`.
pub fn freeze(value: &Value) {
    match value {
        Value::Str(text) => text.freeze(),
        Value::Array(items) => items.freeze(),
        Value::Hash(hash) => hash.freeze(),
        Value::Set(set) => set.members.freeze(),
        _ => {}
    }
}

/// `value.frozen?`: numbers, symbols, ranges and the like always are.
pub fn is_frozen(value: &Value) -> bool {
    match value {
        Value::Str(text) => text.is_frozen(),
        Value::Array(items) => items.is_frozen(),
        Value::Hash(hash) => hash.is_frozen(),
        Value::Set(set) => set.members.is_frozen(),
        Value::Nil
        | Value::True
        | Value::False
        | Value::Int(_)
        | Value::BigInt(_)
        | Value::Float(_)
        | Value::Symbol(_)
        | Value::Decimal(_)
        | Value::Rational(_)
        | Value::Range(_)
        | Value::Regexp(_) => true,
        _ => false,
    }
}
