//! Walking from date to date: `step`, `upto`, `downto`, `succ`; and the calendars a date can be counted in.

use super::calendar::add_days;
use crate::methods::{Args, Host, Method, enumerator, ops, ruby};
use crate::value::{Result, Value, compare};
use std::cmp::Ordering;

pub(super) const ROWS: &[Method] = &[
    ruby(
        "downto",
        "(last) [{ |date| … }] -> Date",
        "Calls the block with each day back to the last.",
        "Date.new(2024, 1, 2).downto(Date.new(2024, 1, 1)).map(&:day) => [2, 1]",
        |host, it, args| walk(host, it, args, "downto", &Value::Int(-1)),
    ),
    ruby(
        "england gregorian italy new_start",
        "(start = Date::ITALY) -> Date",
        "The date itself: the calendar changes over in 1582 always.",
        "Date.new(2024).gregorian => Mon, 01 Jan 2024",
        |_, it, _| Ok(it.clone()),
    ),
    ruby(
        "step",
        "(last, by = 1) [{ |date| … }] -> Date",
        "Calls the block with every so many days.",
        "Date.new(2024, 1, 1).step(Date.new(2024, 1, 5), 2).map(&:day) => [1, 3, 5]",
        |host, it, args| {
            let by = args.given(1).cloned().unwrap_or(Value::Int(1));
            walk(host, it, args, "step", &by)
        },
    ),
    ruby("succ next", "() -> Date", "The next day.", "Date.new(2024, 2, 29).succ => Fri, 01 Mar 2024", |_, it, _| {
        add_days(it, &Value::Int(1), 1)
    }),
    ruby(
        "upto",
        "(last) [{ |date| … }] -> Date",
        "Calls the block with each day up to the last.",
        "Date.new(2024, 1, 1).upto(Date.new(2024, 1, 2)).map(&:day) => [1, 2]",
        |host, it, args| walk(host, it, args, "upto", &Value::Int(1)),
    ),
];

fn walk(host: &mut dyn Host, it: &Value, args: Args, name: &str, by: &Value) -> Result<Value> {
    let Some(block) = args.block.clone() else { return Ok(enumerator::of(it, name, args)) };
    let last = args.get(0);
    let direction = ops::compare(host, by, &Value::Int(0))?;
    let mut at = it.clone();
    loop {
        let order = compare(&at, &last).ok_or_else(|| ops::incomparable(&at, &last))?;
        let over = match direction {
            Ordering::Greater => order.is_gt(),
            Ordering::Less => order.is_lt(),
            Ordering::Equal => false,
        };
        if over {
            return Ok(it.clone());
        }
        host.tick()?;
        host.yield_block(&block, std::slice::from_ref(&at))?;
        at = add_days(&at, by, 1)?;
    }
}
