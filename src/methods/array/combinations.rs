//! Choosing items in every way: `combination`, `permutation`, `product` and the forms with repetition.

use super::{as_array, this};
use crate::methods::{Args, Host, Method, args::to_int, enumerator, ruby};
use crate::value::{ClassId, Result, Value, raise};

pub(super) const ROWS: &[Method] = &[
    ruby(
        "combination",
        "(count) { |items| … }",
        "All choices of so many items.",
        "[1, 2, 3].combination(2).to_a => [[1, 2], [1, 3], [2, 3]]",
        |host, it, args| choose(host, it, args, "combination", Choice { again: false, any_order: false }),
    ),
    ruby(
        "permutation",
        "(count = nil) { |items| … }",
        "All choices of so many items in every order.",
        "[1, 2].permutation.to_a => [[1, 2], [2, 1]]",
        |host, it, args| choose(host, it, args, "permutation", Choice { again: false, any_order: true }),
    ),
    ruby(
        "product",
        "(*others) [{ |items| … }]",
        "All choices of one item of each.",
        "[1, 2].product([3, 4]) => [[1, 3], [1, 4], [2, 3], [2, 4]]",
        product,
    ),
    ruby(
        "repeated_combination",
        "(count) { |items| … }",
        "All choices of so many items, each as often as wanted.",
        "[1, 2].repeated_combination(2).to_a => [[1, 1], [1, 2], [2, 2]]",
        |host, it, args| choose(host, it, args, "repeated_combination", Choice { again: true, any_order: false }),
    ),
    ruby(
        "repeated_permutation",
        "(count) { |items| … }",
        "All choices of so many items, each as often as wanted, in every order.",
        "[1, 2].repeated_permutation(2).to_a => [[1, 1], [1, 2], [2, 1], [2, 2]]",
        |host, it, args| choose(host, it, args, "repeated_permutation", Choice { again: true, any_order: true }),
    ),
];

/// What may be chosen.
#[derive(Clone, Copy)]
struct Choice {
    /// An item more than once.
    again: bool,
    /// The same items in another order.
    any_order: bool,
}

impl Choice {
    /// May `at` follow the places chosen so far?
    fn allows(self, chosen: &[usize], at: usize) -> bool {
        match (self.any_order, self.again) {
            (true, true) => true,
            (true, false) => !chosen.contains(&at),
            (false, again) => chosen.last().is_none_or(|last| if again { at >= *last } else { at > *last }),
        }
    }
}

fn choose(host: &mut dyn Host, receiver: &Value, args: Args, name: &str, choice: Choice) -> Result<Value> {
    let array = this(host, receiver)?;
    let count = match args.get(0) {
        Value::Nil if name == "permutation" => Some(array.len()),
        count => usize::try_from(to_int(&count)?).ok(),
    };
    let Some(block) = args.block.clone() else { return Ok(enumerator::of(receiver, name, args)) };
    let items = array.to_vec();
    let Some(count) = count.filter(|count| choice.again || *count <= items.len()) else { return Ok(receiver.clone()) };
    host.charge(count.saturating_mul(16))?;
    let mut chosen: Vec<usize> = Vec::with_capacity(count);
    let mut next = 0;
    loop {
        host.tick()?;
        if chosen.len() == count {
            let picked = chosen.iter().filter_map(|at| items.get(*at).cloned()).collect();
            host.yield_block(&block, &[Value::array(picked)])?;
        } else if let Some(at) = (next..items.len()).find(|at| choice.allows(&chosen, *at)) {
            chosen.push(at);
            next = 0;
            continue;
        }
        let Some(last) = chosen.pop() else { return Ok(receiver.clone()) };
        next = last + 1;
    }
}

fn product(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let mut lists = vec![this(host, receiver)?.to_vec()];
    for other in &args.values {
        lists.push(as_array(host, other)?.to_vec());
    }
    let total = lists.iter().try_fold(1_usize, |total, list| total.checked_mul(list.len()));
    let Some(total) = total.filter(|total| *total < usize::MAX / 64) else {
        return Err(raise(ClassId::RANGE_ERROR, "too big to product"));
    };
    if args.block.is_none() {
        host.charge(total.saturating_mul(64 + 16 * lists.len()))?;
    }
    let mut rows = Vec::with_capacity(if args.block.is_some() { 0 } else { total });
    for number in 0..total {
        host.tick()?;
        let row = Value::array(row_of(&lists, number));
        match &args.block {
            Some(block) => {
                host.yield_block(block, &[row])?;
            }
            None => rows.push(row),
        }
    }
    Ok(if args.block.is_some() { receiver.clone() } else { Value::array(rows) })
}

/// The row with that number: the last list counts fastest.
fn row_of(lists: &[Vec<Value>], mut number: usize) -> Vec<Value> {
    let mut row: Vec<Value> = Vec::with_capacity(lists.len());
    for list in lists.iter().rev() {
        row.push(list.get(number % list.len().max(1)).cloned().unwrap_or_default());
        number /= list.len().max(1);
    }
    row.reverse();
    row
}
