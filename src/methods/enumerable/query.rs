//! Questions about the items: `all?`, `any?`, `count`, `find`, `include?` …

use super::each::{Flow, Item, fold};
use crate::methods::{Args, Host, Method, Receiver, Table, enumerator, ops, rails, ruby};
use crate::value::{Proc, Result, Value};
use std::rc::Rc;

pub(super) const TABLE: Table = Table { receiver: Receiver::Enumerable, rows: ROWS };

const ROWS: &[Method] = &[
    ruby(
        "all?",
        "(pattern = nil) [{ |item| … }] -> Boolean",
        "Holds for every item.",
        "[1, 2].all?(Integer) => true",
        all,
    ),
    ruby("any?", "(pattern = nil) [{ |item| … }] -> Boolean", "Holds for some item.", "[1, nil].any? => true", any),
    ruby(
        "count",
        "(value = nil) [{ |item| … }] -> Integer",
        "How many items (that hold).",
        "[1, 2, 2].count(2) => 2",
        count,
    ),
    rails("exclude?", "(value) -> Boolean", "Has no such item.", "[1, 2].exclude?(3) => true", |host, it, args| {
        Ok((!ops::send(host, it, "include?", &args.values)?.truthy()).into())
    }),
    ruby(
        "find detect",
        "(if_none = nil) { |item| … }",
        "The first item for which the block holds.",
        "[1, 2, 3].find { |x| x > 1 } => 2",
        find,
    ),
    ruby(
        "find_index",
        "(value = nil) [{ |item| … }]",
        "The place of the first such item.",
        "(5..9).find_index(7) => 2",
        find_index,
    ),
    ruby("include? member?", "(value) -> Boolean", "Has an equal item.", "[1, 2].include?(2) => true", include),
    rails("many?", "() [{ |item| … }] -> Boolean", "More than one item (holds).", "[1, 2].many? => true", many),
    ruby(
        "none?",
        "(pattern = nil) [{ |item| … }] -> Boolean",
        "Holds for no item.",
        "[nil, false].none? => true",
        none,
    ),
    ruby(
        "one?",
        "(pattern = nil) [{ |item| … }] -> Boolean",
        "Holds for exactly one item.",
        "[nil, 1].one? => true",
        one,
    ),
];

/// How a predicate judges an item: by a pattern, a block, or its own truth.
enum Test {
    Pattern(Value),
    Block(Rc<Proc>),
    Truth,
}

impl Test {
    fn of(args: Args) -> Self {
        match (args.values.into_iter().next(), args.block) {
            (Some(pattern), _) => Self::Pattern(pattern),
            (None, Some(block)) => Self::Block(block),
            (None, None) => Self::Truth,
        }
    }

    fn holds(&self, host: &mut dyn Host, item: &Item) -> Result<bool> {
        match self {
            Self::Pattern(pattern) => ops::case_equals(host, pattern, &item.as_value()),
            Self::Block(block) => Ok(item.spread(host, block)?.truthy()),
            Self::Truth => Ok(match item {
                Item::One(value) => value.truthy(),
                Item::Entry(..) | Item::Many(_) => true,
            }),
        }
    }
}

/// Counts items that hold, up to `limit`.
fn holding(host: &mut dyn Host, receiver: &Value, test: Test, limit: usize) -> Result<usize> {
    fold(host, receiver, 0, move |host, count, item| {
        *count += usize::from(test.holds(host, &item)?);
        Ok(if *count < limit { Flow::Next } else { Flow::Stop })
    })
}

fn all(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let test = Test::of(args);
    let all = fold(host, receiver, true, move |host, all, item| {
        *all = test.holds(host, &item)?;
        Ok(if *all { Flow::Next } else { Flow::Stop })
    })?;
    Ok(all.into())
}

fn any(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    Ok((holding(host, receiver, Test::of(args), 1)? == 1).into())
}

fn none(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    Ok((holding(host, receiver, Test::of(args), 1)? == 0).into())
}

fn one(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    Ok((holding(host, receiver, Test::of(args), 2)? == 1).into())
}

fn many(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let block = args.block;
    let count = fold(host, receiver, 0, move |host, count, item| {
        let holds = match &block {
            Some(block) => item.pass(host, block)?.truthy(),
            None => true,
        };
        *count += usize::from(holds);
        Ok(if *count < 2 { Flow::Next } else { Flow::Stop })
    })?;
    Ok((count > 1).into())
}

/// `count`, `count(value)`, `count { … }`.
pub fn count(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let wanted = args.values.into_iter().next();
    let block = args.block;
    if wanted.is_none() && block.is_none() {
        match receiver {
            Value::Array(array) => return Ok(array.len().into()),
            Value::Hash(hash) => return Ok(hash.len().into()),
            Value::Set(set) => return Ok(set.members.len().into()),
            _ => {}
        }
    }
    let count = fold(host, receiver, 0_usize, move |host, count, item| {
        let holds = match (&wanted, &block) {
            (Some(wanted), _) => ops::equals(host, &item.into_value(), wanted)?,
            (None, Some(block)) => item.spread(host, block)?.truthy(),
            (None, None) => true,
        };
        *count += usize::from(holds);
        Ok(Flow::Next)
    })?;
    Ok(count.into())
}

fn find(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let Some(block) = args.block.clone() else { return Ok(enumerator::of(receiver, "find", args)) };
    let found = fold(host, receiver, None, move |host, found, item| {
        if !item.pass(host, &block)?.truthy() {
            return Ok(Flow::Next);
        }
        *found = Some(item.into_value());
        Ok(Flow::Stop)
    })?;
    match found {
        Some(found) => Ok(found),
        None if args.get(0).is_nil() => Ok(Value::Nil),
        None => ops::send(host, &args.get(0), "call", &[]),
    }
}

fn find_index(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let wanted = args.given(0).cloned();
    let block = args.block.clone();
    if wanted.is_none() && block.is_none() {
        return Ok(enumerator::of(receiver, "find_index", args));
    }
    let (found, at) = fold(host, receiver, (false, 0_usize), move |host, (found, at), item| {
        *found = match (&wanted, &block) {
            (Some(wanted), _) => ops::equals(host, &item.into_value(), wanted)?,
            (None, Some(block)) => item.spread(host, block)?.truthy(),
            (None, None) => false,
        };
        if *found {
            return Ok(Flow::Stop);
        }
        *at += 1;
        Ok(Flow::Next)
    })?;
    Ok(found.then_some(at).into())
}

fn include(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let wanted = args.get(0);
    let found = fold(host, receiver, false, move |host, found, item| {
        *found = ops::equals(host, &item.into_value(), &wanted)?;
        Ok(if *found { Flow::Stop } else { Flow::Next })
    })?;
    Ok(found.into())
}
