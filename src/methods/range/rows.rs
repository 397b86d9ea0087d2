//! The rows of Range.

use super::{bounds, bsearch, each, step};
use crate::methods::enumerable::each::{Flow, fold};
use crate::methods::{Args, Host, Method, Receiver, Table, enumerator, ops, rails, ruby};
use crate::value::{Kind, Result, Value, to_s};

pub(super) const TABLE: Table = Table { receiver: Receiver::Kinds(&[Kind::Range]), rows: ROWS };

pub(super) const SINGLETON: Table = Table { receiver: Receiver::Singleton("Range"), rows: SINGLETON_ROWS };

const SINGLETON_ROWS: &[Method] = &[ruby(
    "new",
    "(begin, end, exclude_end = false) -> Range",
    "The range between two values.",
    "Range.new(1, 3, true) => 1...3",
    |host, _, args| super::new(host, args.get(0), args.get(1), args.get(2).truthy()),
)];

const ROWS: &[Method] = &[
    ruby("%", "(step) -> Enumerator", "Every step-th item.", "((1..7) % 3).to_a => [1, 4, 7]", step::percent),
    ruby("begin", "()", "The lower end; nil if there is none.", "(1..3).begin => 1", |_, it, _| {
        bounds::this(it).map(|range| range.lo.clone())
    }),
    ruby(
        "bsearch",
        "() { |number| … }",
        "The first number for which the block holds, found by halving.",
        "(1..100).bsearch { |x| x * x >= 50 } => 8",
        bsearch::bsearch,
    ),
    ruby("count", "(value = nil) [{ |item| … }] -> Integer", "How many items.", "(1..3).count => 3", bounds::count),
    ruby(
        "cover? ===",
        "(value) -> Boolean",
        "Lies between the ends.",
        "('a'..'z').cover?('bb') => true",
        |host, it, args| bounds::covers(host, it, &args.get(0)).map(Value::from),
    ),
    ruby(
        "each",
        "() { |item| … } -> Range",
        "Calls the block with each item.",
        "(1..2).each { |x| x } => 1..2",
        run_each,
    ),
    ruby("end", "()", "The upper end; nil if there is none.", "(1..3).end => 3", |_, it, _| {
        bounds::this(it).map(|range| range.hi.clone())
    }),
    ruby("exclude_end?", "() -> Boolean", "Made with three dots.", "(1...3).exclude_end? => true", |_, it, _| {
        bounds::this(it).map(|range| range.exclusive.into())
    }),
    ruby("first", "(count = nil)", "The begin, or the first items.", "(1..).first(2) => [1, 2]", bounds::first),
    ruby(
        "include? member?",
        "(value) -> Boolean",
        "Has that item.",
        "('a'..'z').include?('bb') => false",
        |host, it, args| bounds::includes(host, it, &args.get(0)).map(Value::from),
    ),
    ruby("last", "(count = nil)", "The end, or the last items.", "(1..5).last(2) => [4, 5]", bounds::last),
    ruby("max", "(count = nil) [{ |a, b| … }]", "The greatest.", "(1...3).max => 2", bounds::max),
    ruby("min", "(count = nil) [{ |a, b| … }]", "The least.", "(1..3).min => 1", bounds::min),
    ruby(
        "minmax",
        "() [{ |a, b| … }] -> Array",
        "The least and the greatest.",
        "(1..3).minmax => [1, 3]",
        bounds::minmax,
    ),
    rails(
        "overlaps?",
        "(other) -> Boolean",
        "Has items in common.",
        "(1..3).overlaps?(3..5) => true",
        bounds::overlaps,
    ),
    ruby("size", "()", "How many numbers.", "(1...4).size => 3", |host, it, _| bounds::size(host, it)),
    ruby("step", "(step = 1) [{ |item| … }]", "Every step-th item.", "(1..7).step(3).to_a => [1, 4, 7]", step::step),
    rails("sum", "(start = 0) [{ |item| … }]", "All items added up.", "(1..4).sum => 10", bounds::sum),
    ruby("to_a entries", "() -> Array", "The items.", "('a'..'c').to_a => [\"a\", \"b\", \"c\"]", bounds::to_a),
    rails(
        "to_s to_default_s to_formatted_s",
        "(format = :default) -> String",
        "The ends with dots between; `:db` gives an SQL condition.",
        "(1..3).to_s => \"1..3\"",
        text,
    ),
];

fn run_each(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let range = bounds::this(receiver)?;
    if range.lo.is_nil() {
        return Err(each::beginless());
    }
    let Some(block) = args.block.clone() else { return Ok(enumerator::of(receiver, "each", args)) };
    fold(host, receiver, (), move |host, (), item| item.spread(host, &block).map(|_| Flow::Next))?;
    Ok(receiver.clone())
}

fn text(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    if !matches!(args.get(0), Value::Symbol(symbol) if symbol.with(|name| name == "db")) {
        return Ok(Value::Str(to_s(receiver)));
    }
    let first = bounds::first(host, receiver, Args::none())?;
    let last = bounds::last(host, receiver, Args::none())?;
    let [first, last] = [first, last].map(|end| match end {
        Value::Str(_) => Ok(end),
        end => ops::send(host, &end, "to_s", &[Value::symbol("db")]),
    });
    let (first, last) = (to_s(&first?).to_text(), to_s(&last?).to_text());
    Ok(Value::string(format!("BETWEEN '{first}' AND '{last}'")))
}
