//! Set: a collection without repetitions.

use super::enumerable::each::{Flow, expected, fold};
use super::{Args, Host, Method, Receiver, Table, enumerator, ops, rails, ruby};
use crate::text::Name;
use crate::value::{Array, ClassId, Hash, Kind, Proc, Result, Set, Unwind, Value, raise};
use std::cmp::Ordering;
use std::rc::Rc;

/// The tables of this file.
pub static TABLES: &[Table] = &[
    Table { receiver: Receiver::Kinds(&[Kind::Set]), rows: ROWS },
    Table { receiver: Receiver::Singleton("Set"), rows: SINGLETON_ROWS },
];

const SINGLETON_ROWS: &[Method] = &[
    ruby("[]", "(*members) -> Set", "A set of these values.", "Set[1, 1, 2] => #<Set: {1, 2}>", |_, _, args| {
        Ok(of(args.values))
    }),
    ruby(
        "new",
        "(items = nil) [{ |item| … }] -> Set",
        "A set of the items of a collection, or of what the block makes of them.",
        "Set.new([1, 1, 2]) => #<Set: {1, 2}>",
        new,
    ),
];

const ROWS: &[Method] = &[
    ruby(
        "& intersection",
        "(items) -> Set",
        "The members that are among the items.",
        "Set[1, 2] & [2, 3] => #<Set: {2}>",
        |host, it, args| {
            let members = this(it)?;
            Ok(of(items_of(host, &args.get(0))?.into_iter().filter(|item| members.contains(item))))
        },
    ),
    ruby(
        "+ union |",
        "(items) -> Set",
        "The members and the items.",
        "Set[1] | [2] => #<Set: {1, 2}>",
        |host, it, args| {
            let copy = Hash::copy(this(it)?);
            items_of(host, &args.get(0))?.into_iter().for_each(|item| copy.insert(item, true.into()));
            Ok(from(copy))
        },
    ),
    ruby(
        "- difference",
        "(items) -> Set",
        "The members that are not among the items.",
        "Set[1, 2] - [2] => #<Set: {1}>",
        |host, it, args| {
            let copy = Hash::copy(this(it)?);
            for item in items_of(host, &args.get(0))? {
                copy.remove(&item);
            }
            Ok(from(copy))
        },
    ),
    ruby(
        "< proper_subset?",
        "(set) -> Boolean",
        "The other set has all members and more.",
        "Set[1] < Set[1, 2] => true",
        |_, it, args| compared(it, &args, &[Ordering::Less]),
    ),
    ruby("<< add", "(value) -> Set", "Takes a value in.", "Set[1] << 2 => #<Set: {1, 2}>", |_, it, args| {
        insert(it, args.get(0))?;
        Ok(it.clone())
    }),
    ruby(
        "<= subset?",
        "(set) -> Boolean",
        "The other set has all members.",
        "Set[1] <= Set[1] => true",
        |_, it, args| compared(it, &args, &[Ordering::Less, Ordering::Equal]),
    ),
    ruby(
        "<=>",
        "(set)",
        "-1, 0 or 1 if one set is a part of the other, else nil.",
        "Set[1] <=> Set[1, 2] => -1",
        |_, it, args| {
            let Value::Set(other) = args.get(0) else { return Ok(Value::Nil) };
            Ok(order(this(it)?, &other.members).map(|order| order as i64).into())
        },
    ),
    ruby(
        "> proper_superset?",
        "(set) -> Boolean",
        "Has all members of the other set and more.",
        "Set[1, 2] > Set[1] => true",
        |_, it, args| compared(it, &args, &[Ordering::Greater]),
    ),
    ruby(
        ">= superset?",
        "(set) -> Boolean",
        "Has all members of the other set.",
        "Set[1, 2] >= Set[1] => true",
        |_, it, args| compared(it, &args, &[Ordering::Greater, Ordering::Equal]),
    ),
    ruby(
        "^",
        "(items) -> Set",
        "What is in one of the two but not in both.",
        "Set[1, 2] ^ [2, 3] => #<Set: {3, 1}>",
        |host, it, args| {
            let made = Hash::new();
            items_of(host, &args.get(0))?.into_iter().for_each(|item| made.insert(item, true.into()));
            for member in this(it)?.keys() {
                if made.remove(&member).is_none() {
                    made.insert(member, true.into());
                }
            }
            Ok(from(made))
        },
    ),
    ruby(
        "add?",
        "(value)",
        "Takes a value in; nil if it is a member already.",
        "Set[1].add?(1) => nil",
        |_, it, args| {
            if this(it)?.contains(&args.get(0)) {
                return Ok(Value::Nil);
            }
            insert(it, args.get(0))?;
            Ok(it.clone())
        },
    ),
    ruby(
        "classify",
        "() { |member| … } -> Hash",
        "Sets of members by what the block answers.",
        "Set[1, 2, 3].classify(&:odd?) => {true=>#<Set: {1, 3}>, false=>#<Set: {2}>}",
        classify,
    ),
    ruby("clear", "() -> Set", "Takes everything out.", "Set[1].clear => #<Set: {}>", |_, it, _| {
        to_write(it)?.clear();
        Ok(it.clone())
    }),
    ruby(
        "compare_by_identity",
        "() -> Set",
        "Tells members apart that are equal but not the same object.",
        "Set[].compare_by_identity.compare_by_identity? => true",
        |_, it, _| {
            to_write(it)?.set_by_identity();
            Ok(it.clone())
        },
    ),
    ruby(
        "compare_by_identity?",
        "() -> Boolean",
        "Tells equal members apart.",
        "Set[].compare_by_identity? => false",
        |_, it, _| Ok(this(it)?.compares_by_identity().into()),
    ),
    ruby("delete", "(value) -> Set", "Takes a value out.", "Set[1, 2].delete(1) => #<Set: {2}>", |_, it, args| {
        to_write(it)?.remove(&args.get(0));
        Ok(it.clone())
    }),
    ruby(
        "delete?",
        "(value)",
        "Takes a value out; nil if it is no member.",
        "Set[1].delete?(2) => nil",
        |_, it, args| Ok(if to_write(it)?.remove(&args.get(0)).is_some() { it.clone() } else { Value::Nil }),
    ),
    ruby(
        "delete_if",
        "() { |member| … } -> Set",
        "Takes out the members for which the block holds.",
        "Set[1, 2].delete_if(&:even?) => #<Set: {1}>",
        |host, it, args| keep(host, it, args, "delete_if", false),
    ),
    ruby(
        "disjoint?",
        "(items) -> Boolean",
        "Has nothing in common.",
        "Set[1].disjoint?(Set[2]) => true",
        |host, it, args| Ok((!meets(host, it, &args)?).into()),
    ),
    ruby(
        "divide",
        "() { |member| … } -> Set",
        "A set of sets of members by what the block answers.",
        "Set[1, 2, 3].divide(&:odd?) => #<Set: {#<Set: {1, 3}>, #<Set: {2}>}>",
        |host, it, args| match classify(host, it, args)? {
            Value::Hash(groups) => Ok(of(groups.values())),
            other => Ok(other),
        },
    ),
    ruby(
        "each",
        "() { |member| … } -> Set",
        "Calls the block with each member.",
        "Set[1].each { |x| x } => #<Set: {1}>",
        each,
    ),
    ruby("empty?", "() -> Boolean", "Has no members.", "Set[].empty? => true", |_, it, _| {
        Ok(this(it)?.is_empty().into())
    }),
    ruby(
        "flatten",
        "() -> Set",
        "Sets within replaced by their members.",
        "Set[Set[1], 2].flatten => #<Set: {1, 2}>",
        |_, it, _| Ok(from(flattened(this(it)?, 0)?)),
    ),
    ruby(
        "flatten!",
        "()",
        "Replaces sets within by their members; nil if there are none.",
        "Set[1].flatten! => nil",
        |_, it, _| {
            let members = to_write(it)?;
            if !members.keys().iter().any(|member| matches!(member, Value::Set(_))) {
                return Ok(Value::Nil);
            }
            members.replace(&flattened(members, 0)?);
            Ok(it.clone())
        },
    ),
    ruby(
        "include? member? ===",
        "(value) -> Boolean",
        "Is a member.",
        "Set[1, 2].include?(2) => true",
        |_, it, args| Ok(this(it)?.contains(&args.get(0)).into()),
    ),
    ruby(
        "intersect?",
        "(items) -> Boolean",
        "Has something in common.",
        "Set[1, 2].intersect?(Set[2]) => true",
        |host, it, args| Ok(meets(host, it, &args)?.into()),
    ),
    ruby(
        "join",
        "(separator = nil) -> String",
        "The members as text, with a separator between.",
        "Set[1, 2].join('-') => \"1-2\"",
        |host, it, args| super::array::join(host, &Rc::new(Array::from(this(it)?.keys())), &args.get(0)),
    ),
    ruby(
        "keep_if",
        "() { |member| … } -> Set",
        "Keeps only the members for which the block holds.",
        "Set[1, 2].keep_if(&:even?) => #<Set: {2}>",
        |host, it, args| keep(host, it, args, "keep_if", true),
    ),
    ruby("length size", "() -> Integer", "How many members.", "Set[1, 2].size => 2", |_, it, _| {
        Ok(this(it)?.len().into())
    }),
    ruby(
        "map! collect!",
        "() { |member| … } -> Set",
        "Puts what the block makes of them in the place of the members.",
        "Set[1, 2].map! { |x| x * 2 } => #<Set: {2, 4}>",
        map,
    ),
    ruby(
        "merge",
        "(items) -> Set",
        "Takes in the items of a collection.",
        "Set[1].merge([2]) => #<Set: {1, 2}>",
        |host, it, args| {
            let items = items_of(host, &args.get(0))?;
            for item in items {
                insert(it, item)?;
            }
            Ok(it.clone())
        },
    ),
    ruby(
        "reject!",
        "() { |member| … }",
        "Takes out the members for which the block holds; nil if there are none.",
        "Set[1].reject!(&:even?) => nil",
        |host, it, args| keep_or_nil(host, it, args, "reject!", false),
    ),
    ruby(
        "replace",
        "(items) -> Set",
        "Takes over the items of a collection.",
        "Set[1].replace([2]) => #<Set: {2}>",
        |host, it, args| {
            let items = items_of(host, &args.get(0))?;
            let members = to_write(it)?;
            members.clear();
            items.into_iter().for_each(|item| members.insert(item, true.into()));
            Ok(it.clone())
        },
    ),
    ruby(
        "reset",
        "() -> Set",
        "Finds members again that were changed from outside.",
        "Set[1].reset => #<Set: {1}>",
        |_, it, _| {
            to_write(it)?.rehash();
            Ok(it.clone())
        },
    ),
    ruby(
        "select! filter!",
        "() { |member| … }",
        "Keeps only the members for which the block holds; nil if that is all of them.",
        "Set[1, 2].select!(&:even?) => #<Set: {2}>",
        |host, it, args| keep_or_nil(host, it, args, "select!", true),
    ),
    ruby(
        "subtract",
        "(items) -> Set",
        "Takes out the items of a collection.",
        "Set[1, 2].subtract([1]) => #<Set: {2}>",
        |host, it, args| {
            let items = items_of(host, &args.get(0))?;
            let members = to_write(it)?;
            for item in items {
                members.remove(&item);
            }
            Ok(it.clone())
        },
    ),
    ruby("to_a entries", "() -> Array", "The members.", "Set[1, 2].to_a => [1, 2]", |_, it, _| {
        Ok(Value::array(this(it)?.keys()))
    }),
    ruby("to_set", "() -> Set", "Itself.", "Set[1].to_set => #<Set: {1}>", |_, it, _| Ok(it.clone())),
    rails("without", "(*values) -> Array", "Without these values.", "Set[1, 2].without(1) => [2]", |host, it, args| {
        host.send(it, Name::new("excluding"), args)
    }),
];

fn this(value: &Value) -> Result<&Rc<Hash>> {
    match value {
        Value::Set(set) => Ok(&set.members),
        _ => Err(raise(ClassId::ARGUMENT_ERROR, "value must be a set")),
    }
}

fn to_write(value: &Value) -> Result<&Rc<Hash>> {
    ops::check_frozen(value)?;
    this(value)
}

fn from(members: Hash) -> Value {
    Value::Set(Rc::new(Set { members: Rc::new(members) }))
}

fn of(items: impl IntoIterator<Item = Value>) -> Value {
    let members = Hash::new();
    items.into_iter().for_each(|item| members.insert(item, true.into()));
    from(members)
}

fn insert(receiver: &Value, member: Value) -> Result<()> {
    let members = to_write(receiver)?;
    if !members.can_add(&member) {
        return Err(raise(ClassId::RUNTIME_ERROR, "can't add a new key into hash during iteration"));
    }
    members.insert(member, true.into());
    Ok(())
}

/// The items of a collection, or `value must be enumerable`.
fn items_of(host: &mut dyn Host, value: &Value) -> Result<Vec<Value>> {
    let value = host.force(value)?;
    let is_collection = match &value {
        Value::Array(_) | Value::Hash(_) | Value::Set(_) | Value::Range(_) => true,
        Value::Object(_) => host.responds_to(&value, Name::new("each")),
        _ => false,
    };
    if !is_collection {
        return Err(not_enumerable());
    }
    super::enumerable::each::to_vec(host, &value)
}

#[cold]
fn not_enumerable() -> Box<Unwind> {
    raise(ClassId::ARGUMENT_ERROR, "value must be enumerable")
}

fn new(host: &mut dyn Host, _: &Value, args: Args) -> Result<Value> {
    let items = match args.get(0) {
        Value::Nil => Vec::new(),
        items => items_of(host, &items)?,
    };
    let Some(block) = &args.block else { return Ok(of(items)) };
    let members = Hash::with_capacity(items.len());
    for item in items {
        members.insert(host.yield_block(block, &[item])?, true.into());
    }
    Ok(from(members))
}

fn order(a: &Hash, b: &Hash) -> Option<Ordering> {
    let within = |small: &Hash, large: &Hash| small.all(|member, _| large.contains(member));
    match a.len().cmp(&b.len()) {
        Ordering::Greater => within(b, a).then_some(Ordering::Greater),
        other => within(a, b).then_some(other),
    }
}

fn compared(receiver: &Value, args: &Args, wanted: &[Ordering]) -> Result<Value> {
    let other = args.get(0);
    let found = order(this(receiver)?, this(&other)?);
    Ok(found.is_some_and(|order| wanted.contains(&order)).into())
}

fn meets(host: &mut dyn Host, receiver: &Value, args: &Args) -> Result<bool> {
    let members = this(receiver)?;
    Ok(items_of(host, &args.get(0))?.iter().any(|item| members.contains(item)))
}

fn each(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let Some(block) = args.block.clone() else { return Ok(enumerator::of(receiver, "each", args)) };
    fold(host, receiver, (), move |host, (), item| item.pass(host, &block).map(|_| Flow::Next))?;
    Ok(receiver.clone())
}

fn classify(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let Some(block) = args.block.clone() else { return Ok(enumerator::of(receiver, "classify", args)) };
    let groups = Hash::with_capacity(expected(receiver));
    for member in this(receiver)?.keys() {
        let key = host.yield_block(&block, std::slice::from_ref(&member))?;
        match groups.get(&key) {
            Some(Value::Set(group)) => group.members.insert(member, true.into()),
            _ => groups.insert(key, of([member])),
        }
    }
    Ok(groups.into())
}

fn map(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let Some(block) = args.block.clone() else { return Ok(enumerator::of(receiver, "map!", args)) };
    let members = to_write(receiver)?;
    let made = Hash::with_capacity(members.len());
    for member in members.keys() {
        made.insert(host.yield_block(&block, &[member])?, true.into());
    }
    members.replace(&made);
    Ok(receiver.clone())
}

/// Takes out the members for which the block does not answer as wanted; says whether there were any.
fn filter(host: &mut dyn Host, receiver: &Value, block: &Rc<Proc>, wanted: bool) -> Result<bool> {
    let members = to_write(receiver)?;
    let before = members.len();
    for member in members.keys() {
        if host.yield_block(block, std::slice::from_ref(&member))?.truthy() != wanted {
            members.remove(&member);
        }
    }
    Ok(members.len() < before)
}

fn keep(host: &mut dyn Host, receiver: &Value, args: Args, name: &str, wanted: bool) -> Result<Value> {
    let Some(block) = args.block.clone() else { return Ok(enumerator::of(receiver, name, args)) };
    filter(host, receiver, &block, wanted)?;
    Ok(receiver.clone())
}

fn keep_or_nil(host: &mut dyn Host, receiver: &Value, args: Args, name: &str, wanted: bool) -> Result<Value> {
    let Some(block) = args.block.clone() else { return Ok(enumerator::of(receiver, name, args)) };
    Ok(if filter(host, receiver, &block, wanted)? { receiver.clone() } else { Value::Nil })
}

fn flattened(members: &Hash, depth: usize) -> Result<Hash> {
    if depth > 1_000 {
        return Err(raise(ClassId::ARGUMENT_ERROR, "tried to flatten recursive Set"));
    }
    let flat = Hash::new();
    for member in members.keys() {
        match member {
            Value::Set(inner) => {
                flattened(&inner.members, depth + 1)?.keys().into_iter().for_each(|it| flat.insert(it, true.into()));
            }
            other => flat.insert(other, true.into()),
        }
    }
    Ok(flat)
}
