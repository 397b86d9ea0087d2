//! Bringing items together: `inject`, `zip`, `to_h`, `chain`.

use super::each::{Flow, expected, fold, to_vec};
use super::take_first;
use crate::methods::{Args, Host, Method, Receiver, Table, enumerator, ops, ruby};
use crate::text::Name;
use crate::value::{ClassId, Hash, Result, Value, inspect, raise};
use std::rc::Rc;

pub(super) const TABLE: Table = Table { receiver: Receiver::Enumerable, rows: ROWS };

const ROWS: &[Method] = &[
    ruby(
        "chain",
        "(*others) -> Enumerator",
        "The items, then those of others.",
        "[1].chain([2]).to_a => [1, 2]",
        |_, it, args| {
            let mut parts = vec![it.clone()];
            parts.extend(args.values);
            Ok(enumerator::chain(parts))
        },
    ),
    ruby(
        "reduce inject",
        "(initial = nil, operation = nil) [{ |sum, item| … }]",
        "Combines all items into one value.",
        "[1, 2, 3].inject(:+) => 6\n[1, 2].inject(10) { |a, b| a + b } => 13",
        inject,
    ),
    ruby(
        "to_h",
        "() [{ |item| … }] -> Hash",
        "A hash of pairs.",
        "[1, 2].each.to_h { |x| [x, x * 2] } => {1=>2, 2=>4}",
        to_h,
    ),
    ruby(
        "zip",
        "(*others) [{ |items| … }]",
        "Each item beside those of others at its place.",
        "[1, 2].zip([3, 4]) => [[1, 3], [2, 4]]",
        zip,
    ),
];

/// How `inject` combines.
enum Combine {
    Block(Rc<crate::value::Proc>),
    Call(Name),
}

fn inject(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let (initial, combine) = match (args.len(), &args.block) {
        (2, _) => (args.given(0).cloned(), Combine::Call(Name::new(&args.name(1)?))),
        (1, None) => (None, Combine::Call(Name::new(&args.name(0)?))),
        (_, Some(block)) => (args.given(0).cloned(), Combine::Block(Rc::clone(block))),
        (_, None) => return Err(raise(ClassId::LOCAL_JUMP_ERROR, "no block given")),
    };
    let plus = Name::new("+");
    let result = fold(host, receiver, initial, move |host, sum, item| {
        let item = item.into_value();
        let next = match (sum.take(), &combine) {
            (None, _) => item,
            (Some(sum), Combine::Block(block)) => host.yield_block(block, &[sum, item])?,
            (Some(Value::Int(sum)), Combine::Call(name)) if *name == plus => ops::add(host, &Value::Int(sum), &item)?,
            (Some(sum), Combine::Call(name)) => host.send(&sum, *name, Args::one(item))?,
        };
        *sum = Some(next);
        Ok(Flow::Next)
    })?;
    Ok(result.unwrap_or_default())
}

/// A `[key, value]` array as a pair, or the TypeError or ArgumentError of `to_h`.
pub fn pair_of(pair: &Value, at: Option<usize>) -> Result<(Value, Value)> {
    let place = at.map_or(String::new(), |at| format!(" at {at}"));
    let Value::Array(array) = pair else {
        let class = pair.class().name();
        return Err(raise(ClassId::TYPE_ERROR, format!("wrong element type {class}{place} (expected array)")));
    };
    let items = array.items();
    if let [key, value] = &*items {
        return Ok((key.clone(), value.clone()));
    }
    let what = if at.is_some() { "wrong array length" } else { "element has wrong array length" };
    Err(raise(ClassId::ARGUMENT_ERROR, format!("{what}{place} (expected 2, was {})", items.len())))
}

fn to_h(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let block = args.block;
    let counts = matches!(receiver, Value::Array(_));
    let start = (Hash::with_capacity(expected(receiver)), 0);
    let (hash, _) = fold(host, receiver, start, move |host, (hash, at), item| {
        let pair = match &block {
            Some(block) => item.spread(host, block)?,
            None => item.into_value(),
        };
        let (key, value) = pair_of(&pair, counts.then_some(*at))?;
        hash.insert(key, value);
        *at += 1;
        Ok(Flow::Next)
    })?;
    Ok(hash.into())
}

fn zip(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let items = to_vec(host, receiver)?;
    let mut columns = Vec::with_capacity(args.len());
    for other in &args.values {
        columns.push(column(host, other, items.len())?);
    }
    let mut rows = Vec::with_capacity(if args.block.is_some() { 0 } else { items.len() });
    for (at, item) in items.into_iter().enumerate() {
        let mut row = Vec::with_capacity(columns.len() + 1);
        row.push(item);
        row.extend(columns.iter().map(|column| column.get(at).cloned().unwrap_or_default()));
        match &args.block {
            Some(block) => {
                host.yield_block(block, &[Value::array(row)])?;
            }
            None => rows.push(Value::array(row)),
        }
    }
    Ok(if args.block.is_some() { Value::Nil } else { Value::array(rows) })
}

/// The first `count` items of what `zip` was given.
fn column(host: &mut dyn Host, other: &Value, count: usize) -> Result<Vec<Value>> {
    let other = host.force(other)?;
    match &other {
        Value::Array(_) | Value::Hash(_) | Value::Range(_) | Value::Set(_) => take_first(host, &other, count),
        Value::Object(_) if host.responds_to(&other, Name::new("each")) => take_first(host, &other, count),
        _ => {
            let name = match &other {
                Value::Nil | Value::True | Value::False => inspect(&other).to_text(),
                _ => other.class().name().to_owned(),
            };
            Err(raise(ClassId::TYPE_ERROR, format!("wrong argument type {name} (must respond to :each)")))
        }
    }
}
