//! Counting: `times`, `upto`, `downto`, `succ`, `pred`.

use super::big;
use crate::methods::arithmetic::Op;
use crate::methods::{Args, Host, Method, arithmetic, comparable, enumerator, ruby};
use crate::value::{Result, Value};

pub(super) const ROWS: &[Method] = &[
    ruby(
        "downto",
        "(limit) [{ |number| }] -> Integer",
        "Counts down to the limit.",
        "3.downto(1).to_a => [3, 2, 1]",
        |host, a, args| count(host, a, args, "downto", -1),
    ),
    ruby("pred", "() -> Integer", "The number before.", "5.pred => 4", |_, a, _| Ok(Value::big(big(a).as_ref() - 1))),
    ruby("succ next", "() -> Integer", "The number after.", "5.succ => 6", |_, a, _| {
        Ok(Value::big(big(a).as_ref() + 1))
    }),
    ruby(
        "times",
        "() [{ |index| }] -> Integer",
        "Runs the block that many times, counting from 0.",
        "3.times.to_a => [0, 1, 2]\n3.times { } => 3",
        times,
    ),
    ruby(
        "upto",
        "(limit) [{ |number| }] -> Integer",
        "Counts up to the limit.",
        "1.upto(3).to_a => [1, 2, 3]",
        |host, a, args| count(host, a, args, "upto", 1),
    ),
];

fn times(host: &mut dyn Host, receiver: &Value, args: Args) -> Result<Value> {
    let Some(block) = args.block.clone() else { return Ok(enumerator::of(receiver, "times", args)) };
    let limit = match receiver {
        Value::Int(limit) => *limit,
        // More rounds than anybody waits for; a limit of the run ends them.
        other if big(other).sign() == num_bigint::Sign::Plus => i64::MAX,
        _ => 0,
    };
    for at in 0..limit {
        host.tick()?;
        host.yield_block(&block, &[Value::Int(at)])?;
    }
    Ok(receiver.clone())
}

fn count(host: &mut dyn Host, receiver: &Value, args: Args, name: &'static str, step: i64) -> Result<Value> {
    let Some(block) = args.block.clone() else { return Ok(enumerator::of(receiver, name, args)) };
    let limit = args.get(0);
    let mut number = receiver.clone();
    loop {
        let order = comparable::order(host, &number, &limit)?;
        if if step > 0 { order.is_gt() } else { order.is_lt() } {
            return Ok(receiver.clone());
        }
        host.tick()?;
        host.yield_block(&block, std::slice::from_ref(&number))?;
        number = arithmetic::binary(host, Op::Add, &number, &Value::Int(step))?;
    }
}
