//! Lazy enumerators: stages between a source and whoever asks for its items.

use super::external::Ahead;
use crate::methods::enumerable::each::{Flow, Item, Sink, drive, to_vec};
use crate::methods::{Args, Host, Method, Receiver, Table, args::to_int, ops, ruby};
use crate::value::{ClassId, Hash, Kind, Object, Proc, Result, Value, inspect, raise};
use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

pub(super) const TABLE: Table = Table { receiver: Receiver::Kinds(&[Kind::Lazy]), rows: ROWS };

const ROWS: &[Method] = &[
    ruby("compact", "() -> Lazy", "Without nil.", "[1, nil].lazy.compact.to_a => [1]", compact),
    ruby("drop", "(count) -> Lazy", "Without the first items.", "(1..).lazy.drop(2).first(2) => [3, 4]", drop_first),
    ruby(
        "drop_while",
        "() { |item| … } -> Lazy",
        "Without the first items for which the block holds.",
        "(1..).lazy.drop_while { |x| x < 3 }.first => 3",
        drop_while,
    ),
    ruby(
        "each",
        "() [{ |item| … }]",
        "Calls the block with each item.",
        "(1..2).lazy.map { |x| x * 2 }.each { |x| x } => 1..2",
        each,
    ),
    ruby(
        "each_cons",
        "(count) [{ |items| … }]",
        "Rows of neighbours, lazily.",
        "(1..).lazy.each_cons(2).first(2) => [[1, 2], [2, 3]]",
        |host, it, args| grouped(host, it, args, "each_cons"),
    ),
    ruby(
        "each_slice",
        "(count) [{ |items| … }]",
        "Groups of items, lazily.",
        "(1..).lazy.each_slice(2).first(2) => [[1, 2], [3, 4]]",
        |host, it, args| grouped(host, it, args, "each_slice"),
    ),
    ruby(
        "eager",
        "() -> Enumerator",
        "The same items, no longer lazy.",
        "[1].lazy.map { |x| x + 1 }.eager.map { |x| x } => [2]",
        eager,
    ),
    ruby(
        "filter_map",
        "() { |item| … } -> Lazy",
        "What the block makes of each item, where that is truthy.",
        "(1..).lazy.filter_map { |x| x * 2 if x.even? }.first(2) => [4, 8]",
        filter_map,
    ),
    ruby(
        "flat_map collect_concat",
        "() { |item| … } -> Lazy",
        "The arrays that the block makes, joined.",
        "(1..).lazy.flat_map { |x| [x, x] }.first(3) => [1, 1, 2]",
        flat_map,
    ),
    ruby(
        "grep",
        "(pattern) [{ |item| … }] -> Lazy",
        "Items that the pattern matches.",
        "[1, 'a'].lazy.grep(String).to_a => [\"a\"]",
        |host, it, args| grep(host, it, args, true),
    ),
    ruby(
        "grep_v",
        "(pattern) [{ |item| … }] -> Lazy",
        "Items that the pattern does not match.",
        "[1, 'a'].lazy.grep_v(String).to_a => [1]",
        |host, it, args| grep(host, it, args, false),
    ),
    ruby("lazy", "() -> Lazy", "Itself.", "[1].lazy.lazy.to_a => [1]", |_, it, _| Ok(it.clone())),
    ruby(
        "map collect",
        "() { |item| … } -> Lazy",
        "What the block makes of each item.",
        "(1..).lazy.map { |x| x * 2 }.first(2) => [2, 4]",
        map,
    ),
    ruby(
        "reject",
        "() { |item| … } -> Lazy",
        "Items for which the block does not hold.",
        "(1..).lazy.reject(&:even?).first(2) => [1, 3]",
        reject,
    ),
    ruby(
        "select filter find_all",
        "() { |item| … } -> Lazy",
        "Items for which the block holds.",
        "(1..).lazy.select(&:even?).first(2) => [2, 4]",
        select,
    ),
    ruby("size", "()", "How many items, if that is known.", "(1..3).lazy.map { |x| x }.size => 3", size),
    ruby("take", "(count) -> Lazy", "The first items.", "(1..).lazy.take(2).to_a => [1, 2]", take),
    ruby(
        "take_while",
        "() { |item| … } -> Lazy",
        "The first items for which the block holds.",
        "(1..).lazy.take_while { |x| x < 3 }.to_a => [1, 2]",
        take_while,
    ),
    ruby("to_a force", "() -> Array", "Runs it.", "(1..3).lazy.map { |x| x * 2 }.force => [2, 4, 6]", |host, it, _| {
        to_vec(host, it).map(Value::array)
    }),
    ruby("uniq", "() [{ |item| … }] -> Lazy", "Without repetitions.", "[1, 1, 2].lazy.uniq.to_a => [1, 2]", uniq),
    ruby(
        "with_index each_with_index",
        "(offset = 0) [{ |item, index| … }] -> Lazy",
        "Items with their index.",
        "(5..).lazy.each_with_index.map { |x, i| x * i }.first(2) => [0, 6]",
        with_index,
    ),
    ruby(
        "zip",
        "(*others) -> Lazy",
        "Items beside those of others.",
        "(1..).lazy.zip(4..).first(2) => [[1, 4], [2, 5]]",
        zip,
    ),
];

/// A lazy enumerator: a source, or one more stage behind another.
pub struct Lazy {
    from: Value,
    stage: Option<Stage>,
    pub(super) ahead: RefCell<Ahead>,
}

struct Stage {
    /// `take(2)`
    label: String,
    /// Puts this stage in front of a sink; called once for each run.
    wrap: Wrap,
    /// As many items come out as go in.
    keeps_size: bool,
    /// Nothing needs to be read (`take(0)`).
    is_empty: bool,
}

type Wrap = Rc<dyn Fn(Sink) -> Sink>;

impl Object for Lazy {
    fn kind(&self) -> Kind {
        Kind::Lazy
    }

    fn class(&self) -> ClassId {
        ClassId::LAZY
    }

    fn inspect(&self) -> String {
        let from = inspect(&self.from).to_text();
        match &self.stage {
            None => format!("#<Enumerator::Lazy: {from}>"),
            Some(stage) => format!("#<Enumerator::Lazy: {from}:{}>", stage.label),
        }
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl Lazy {
    /// `source.lazy`
    pub fn of(source: &Value) -> Value {
        Value::object(Self { from: source.clone(), stage: None, ahead: RefCell::default() })
    }

    pub(super) fn drive(&self, host: &mut dyn Host, sink: Sink) -> Result<()> {
        let Some(stage) = &self.stage else { return drive(host, &self.from, sink) };
        if stage.is_empty {
            return Ok(());
        }
        drive(host, &self.from, (stage.wrap)(sink))
    }
}

/// The receiver with one more stage.
fn stage(receiver: &Value, label: String, keeps_size: bool, wrap: impl Fn(Sink) -> Sink + 'static) -> Value {
    let stage = Stage { label, wrap: Rc::new(wrap), keeps_size, is_empty: false };
    Value::object(Lazy { from: receiver.clone(), stage: Some(stage), ahead: RefCell::default() })
}

/// A stage that looks at one item after the other without remembering anything.
fn simple(
    receiver: &Value,
    label: &str,
    keeps_size: bool,
    step: impl Fn(&mut dyn Host, Item, &mut Sink) -> Result<Flow> + 'static,
) -> Value {
    let step = Rc::new(step);
    stage(receiver, label.to_owned(), keeps_size, move |mut sink| {
        let step = Rc::clone(&step);
        Box::new(move |host, item| step(host, item, &mut sink))
    })
}

fn block_of(args: &Args, name: &str) -> Result<Rc<Proc>> {
    let missing = || raise(ClassId::ARGUMENT_ERROR, format!("tried to call lazy {name} without a block"));
    args.block.clone().ok_or_else(missing)
}

fn map(_: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let block = block_of(&args, "map")?;
    Ok(simple(receiver, "map", true, move |host, item, sink| {
        let value = item.spread(host, &block)?;
        sink(host, Item::One(value))
    }))
}

fn flat_map(_: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let block = block_of(&args, "flat_map")?;
    Ok(simple(receiver, "flat_map", false, move |host, item, sink| match item.spread(host, &block)? {
        Value::Array(array) => {
            let mut at = 0;
            while let Some(value) = array.get(at) {
                if sink(host, Item::One(value))? == Flow::Stop {
                    return Ok(Flow::Stop);
                }
                at += 1;
            }
            Ok(Flow::Next)
        }
        lazy if lazy.downcast::<Lazy>().is_some() => {
            for value in to_vec(host, &lazy)? {
                if sink(host, Item::One(value))? == Flow::Stop {
                    return Ok(Flow::Stop);
                }
            }
            Ok(Flow::Next)
        }
        value => sink(host, Item::One(value)),
    }))
}

fn filter_map(_: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let block = block_of(&args, "filter_map")?;
    Ok(simple(receiver, "filter_map", false, move |host, item, sink| {
        let value = item.spread(host, &block)?;
        if value.truthy() { sink(host, Item::One(value)) } else { Ok(Flow::Next) }
    }))
}

fn select(_: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let block = block_of(&args, "select")?;
    Ok(keep(receiver, "select", block, true))
}

fn reject(_: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let block = block_of(&args, "reject")?;
    Ok(keep(receiver, "reject", block, false))
}

fn keep(receiver: &Value, label: &str, block: Rc<Proc>, wanted: bool) -> Value {
    simple(receiver, label, false, move |host, item, sink| {
        if item.pass(host, &block)?.truthy() == wanted { sink(host, item) } else { Ok(Flow::Next) }
    })
}

fn compact(_: &mut dyn Host, receiver: &Value, _: Args) -> Result<Value> {
    Ok(simple(receiver, "compact", false, |host, item, sink| {
        if matches!(item, Item::One(Value::Nil)) { Ok(Flow::Next) } else { sink(host, item) }
    }))
}

fn grep(_: &mut dyn Host, receiver: &Value, args: Args, wanted: bool) -> Result<Value> {
    let pattern = args.get(0);
    let label = format!("{}({})", if wanted { "grep" } else { "grep_v" }, inspect(&pattern).to_text());
    let block = args.block;
    Ok(simple(receiver, &label, false, move |host, item, sink| {
        let value = item.into_value();
        if ops::case_equals(host, &pattern, &value)? != wanted {
            return Ok(Flow::Next);
        }
        let value = match &block {
            Some(block) => host.yield_block(block, &[value])?,
            None => value,
        };
        sink(host, Item::One(value))
    }))
}

fn take_while(_: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let block = block_of(&args, "take_while")?;
    Ok(simple(receiver, "take_while", false, move |host, item, sink| {
        if item.spread(host, &block)?.truthy() { sink(host, item) } else { Ok(Flow::Stop) }
    }))
}

fn drop_while(_: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let block = block_of(&args, "drop_while")?;
    Ok(stage(receiver, "drop_while".to_owned(), false, move |mut sink| {
        let block = Rc::clone(&block);
        let mut dropping = true;
        Box::new(move |host, item| {
            dropping = dropping && item.pass(host, &block)?.truthy();
            if dropping { Ok(Flow::Next) } else { sink(host, item) }
        })
    }))
}

fn count_of(args: &Args, verb: &str) -> Result<usize> {
    let count = to_int(&args.get(0))?;
    usize::try_from(count).map_err(|_| raise(ClassId::ARGUMENT_ERROR, format!("attempt to {verb} negative size")))
}

fn take(_: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let count = count_of(&args, "take")?;
    let wrap: Wrap = Rc::new(move |mut sink| {
        let mut left = count;
        Box::new(move |host, item| {
            left = left.saturating_sub(1);
            let flow = sink(host, item)?;
            Ok(if left == 0 { Flow::Stop } else { flow })
        })
    });
    let stage = Stage { label: format!("take({count})"), wrap, keeps_size: false, is_empty: count == 0 };
    Ok(Value::object(Lazy { from: receiver.clone(), stage: Some(stage), ahead: RefCell::default() }))
}

fn drop_first(_: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let count = count_of(&args, "drop")?;
    Ok(stage(receiver, format!("drop({count})"), false, move |mut sink| {
        let mut left = count;
        Box::new(move |host, item| {
            if left == 0 {
                return sink(host, item);
            }
            left -= 1;
            Ok(Flow::Next)
        })
    }))
}

fn with_index(_: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let offset = if args.get(0).is_nil() { 0 } else { to_int(&args.get(0))? };
    let label = if args.is_empty() { "each_with_index".to_owned() } else { format!("with_index({offset})") };
    let block = args.block;
    Ok(stage(receiver, label, true, move |mut sink| {
        let mut index = offset;
        let block = block.clone();
        Box::new(move |host, item| {
            let value = item.into_value();
            let number = Value::Int(index);
            index = index.saturating_add(1);
            match &block {
                None => sink(host, Item::Many(vec![value, number])),
                Some(block) => {
                    host.yield_block(block, &[value.clone(), number])?;
                    sink(host, Item::One(value))
                }
            }
        })
    }))
}

fn uniq(_: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let block = args.block;
    Ok(stage(receiver, "uniq".to_owned(), false, move |mut sink| {
        let block = block.clone();
        let seen = Hash::new();
        Box::new(move |host, item| {
            let key = match &block {
                Some(block) => item.spread(host, block)?,
                None => item.as_value(),
            };
            if seen.contains(&key) {
                return Ok(Flow::Next);
            }
            seen.insert(key, Value::Nil);
            sink(host, item)
        })
    }))
}

fn zip(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    if args.block.is_some() {
        let items = to_vec(host, receiver)?;
        return host.send(&Value::array(items), crate::text::Name::new("zip"), args);
    }
    let others = args.values;
    let label = format!("zip({})", others.iter().map(|it| inspect(it).to_text()).collect::<Vec<_>>().join(", "));
    Ok(stage(receiver, label, true, move |mut sink| {
        let others: Vec<Value> = others.iter().map(|other| super::of(other, "each", Args::none())).collect();
        Box::new(move |host, item| {
            let mut row = vec![item.into_value()];
            for other in &others {
                row.push(match ops::send(host, other, "next", &[]) {
                    Err(unwind) if super::rows::is_stop_iteration(&unwind) => Value::Nil,
                    found => found?,
                });
            }
            sink(host, Item::One(Value::array(row)))
        })
    }))
}

fn eager(_: &mut dyn Host, receiver: &Value, _: Args) -> Result<Value> {
    Ok(super::of(receiver, "each", Args::none()))
}

fn size(host: &mut dyn Host, receiver: &Value, _: Args) -> Result<Value> {
    let Some(lazy) = receiver.downcast::<Lazy>() else { return Ok(Value::Nil) };
    match &lazy.stage {
        Some(stage) if !stage.keeps_size => Ok(Value::Nil),
        _ => super::size::length(host, &lazy.from),
    }
}

/// Answers the source, as the enumeration of the source does.
fn each(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let Some(block) = args.block else { return Ok(receiver.clone()) };
    drive(host, receiver, Box::new(move |host, item| item.spread(host, &block).map(|_| Flow::Next)))?;
    let mut source = receiver.clone();
    while let Some(from) = source.downcast::<Lazy>().map(|lazy| lazy.from.clone()) {
        source = from;
    }
    Ok(source)
}

/// A method of Enumerable that makes groups; without a block its enumerator is lazy.
fn grouped(host: &mut dyn Host, receiver: &Value, args: Args, name: &str) -> Result<Value> {
    let items = super::of(receiver, "each", Args::none());
    if args.block.is_none() {
        return Ok(Lazy::of(&super::of(&items, name, args)));
    }
    host.send(&items, crate::text::Name::new(name), args)?;
    Ok(receiver.clone())
}
