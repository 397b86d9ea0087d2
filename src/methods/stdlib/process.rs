//! `Process`: its clocks; whatever starts or ends a process is refused where it is written.

use crate::methods::{Args, Host, Method, ruby};
use crate::value::{ClassId, Result, Value, inspect, raise, to_s};

pub(super) const ROWS: &[Method] = &[ruby(
    "clock_gettime",
    "(clock, unit = :float_second) -> Float or Integer",
    "The time of a clock, for measuring how long something takes; every clock is the run's own.",
    "Process.clock_gettime(Process::CLOCK_MONOTONIC).class => Float",
    clock,
)];

fn clock(host: &mut dyn Host, _: &Value, args: Args) -> Result<Value> {
    let (seconds, nanos) = host.now();
    let unit = args.given(1).cloned().unwrap_or_else(|| Value::symbol("float_second"));
    let whole = |per_second: i64| {
        let part = i64::from(nanos) * per_second / 1_000_000_000;
        Value::Int(seconds.saturating_mul(per_second).saturating_add(part))
    };
    let float = |per_second: f64| Value::float(seconds as f64 * per_second + f64::from(nanos) / 1e9 * per_second);
    Ok(match to_s(&unit).to_text().as_str() {
        "float_second" => float(1.0),
        "float_millisecond" => float(1e3),
        "float_microsecond" => float(1e6),
        "second" => whole(1),
        "millisecond" => whole(1_000),
        "microsecond" => whole(1_000_000),
        "nanosecond" => whole(1_000_000_000),
        _ => {
            let message = format!("unexpected unit: {}", inspect(&unit).to_text().trim_start_matches(':'));
            return Err(raise(ClassId::ARGUMENT_ERROR, message));
        }
    })
}
