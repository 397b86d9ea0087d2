//! Random numbers and waiting: `rand`, `srand`, `sleep`, `Random`.

use super::Mersenne;
use crate::methods::args::{describe, to_int};
use crate::methods::{Args, Host, Method, ruby, sdk};
use crate::value::{ClassId, Object, Range, Result, Unwind, Value, compare, fraction, inspect, raise};
use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{Signed, ToPrimitive, Zero};
use std::any::Any;
use std::cell::RefCell;

pub(super) const ROWS: &[Method] = &[
    ruby(
        "rand",
        "(max = 0) -> Integer or Float",
        "A random integer below `max` or in a range; without one, a float from 0 to 1.",
        "rand(1) => 0\nrand(2..2) => 2\nrand.class => Float",
        |host, _, args| kernel_rand(host, &args.get(0)),
    ),
    sdk(
        "sleep",
        "(seconds = nil) -> Integer",
        "Waits; answers with the whole seconds that it took.",
        "sleep(0) => 0\nsleep('x') => TypeError: can't convert String into time interval",
        sleep,
    ),
    ruby(
        "srand",
        "(seed = 0) -> Integer",
        "Makes `rand` repeatable from here on; answers with the seed before.",
        "srand(42); rand(100) => 51",
        srand,
    ),
];

/// The rows of `Random` itself.
pub const RANDOM_CLASS: &[Method] = &[
    ruby("bytes urandom", "(count) -> String", "Random bytes.", "Random.bytes(2).bytesize => 2", |host, _, args| {
        let count = args.int(0)?;
        bytes(&mut Source::of_run(host), count)
    }),
    ruby(
        "new",
        "(seed = 0) -> Random",
        "A generator; the same seed gives the same numbers.",
        "Random.new(42).rand(100) => 51\nRandom.new(42).rand => 0.3745401188473625",
        |host, _, args| Ok(Value::object(generator(host, args.given(0))?)),
    ),
    ruby(
        "new_seed seed",
        "() -> Integer",
        "A number to seed a generator with.",
        "Random.new_seed.class => Integer",
        |host, _, _| Ok(Value::big(BigInt::from(host.random()))),
    ),
    ruby(
        "rand",
        "(max = 1.0) -> Integer or Float",
        "A random number below `max` or in a range.",
        "Random.rand(1) => 0\nRandom.rand(0) => ArgumentError: invalid argument - 0",
        |host, _, args| random_rand(&mut Source::of_run(host), args.given(0)),
    ),
    ruby(
        "random_number",
        "(max = 0) -> Integer or Float",
        "A random number below `max`; a float for 0.",
        "Random.random_number(1) => 0",
        |host, _, args| random_number(&mut Source::of_run(host), &args.get(0)),
    ),
    ruby("srand", "(seed = 0) -> Integer", "The same as `srand`.", "Random.srand(1).class => Integer", srand),
];

/// The rows of a generator made with `Random.new`.
pub(super) const RANDOM: &[Method] = &[
    ruby(
        "bytes",
        "(count) -> String",
        "Random bytes.",
        "Random.new(42).bytes(3).bytes => [102, 220, 225]",
        |_, random, args| {
            let count = args.int(0)?;
            with(random, |source| bytes(source, count))
        },
    ),
    ruby(
        "rand",
        "(max = 1.0) -> Integer or Float",
        "A random number below `max` or in a range.",
        "Random.new(42).rand(1..6) => 4",
        |_, random, args| with(random, |source| random_rand(source, args.given(0))),
    ),
    ruby(
        "random_number",
        "(max = 0) -> Integer or Float",
        "A random number below `max`; a float for 0.",
        "Random.new(1).random_number(3) => 1",
        |_, random, args| with(random, |source| random_number(source, &args.get(0))),
    ),
    ruby("seed", "() -> Integer", "The seed.", "Random.new(42).seed => 42", |_, random, _| {
        Ok(random.downcast::<Random>().map_or(Value::Nil, |random| Value::big(random.seed.clone())))
    }),
];

/// A generator of its own.
pub struct Random {
    seed: BigInt,
    generator: RefCell<Mersenne>,
}

impl Object for Random {
    fn class(&self) -> ClassId {
        ClassId::RANDOM
    }

    fn namespace(&self) -> Option<&'static str> {
        Some("Random")
    }

    fn equals(&self, other: &dyn Object) -> bool {
        other.as_any().downcast_ref::<Self>().is_some_and(|other| other.seed == self.seed)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// Where random words come from.
pub enum Source<'a> {
    Run(&'a mut dyn Host),
    Secure(&'a mut dyn Host),
    Seeded(&'a mut Mersenne),
}

impl<'a> Source<'a> {
    /// The run's own: seeded if the connector called `srand`, else the host's.
    pub fn of_run(host: &'a mut dyn Host) -> Self {
        Self::Run(host)
    }

    /// The host's, whatever `srand` said.
    pub fn of_host(host: &'a mut dyn Host) -> Self {
        Self::Secure(host)
    }

    fn word(&mut self) -> u32 {
        match self {
            Self::Seeded(generator) => generator.next_u32(),
            Self::Secure(host) => host.random() as u32,
            Self::Run(host) => match &mut host.state().generator {
                Some((_, generator)) => generator.next_u32(),
                None => host.random() as u32,
            },
        }
    }

    /// From 0 to 1, never 1.
    fn real(&mut self) -> f64 {
        let (high, low) = (self.word() >> 5, self.word() >> 6);
        (f64::from(high) * 67_108_864.0 + f64::from(low)) / 9_007_199_254_740_992.0
    }

    /// From 0 to 1, both possible.
    fn real_inclusive(&mut self) -> f64 {
        let word = (u128::from(self.word()) << 32) | u128::from(self.word());
        let scaled = (word * ((1 << 53) | 1)) >> 64;
        scaled as u64 as f64 / 9_007_199_254_740_992.0
    }

    /// From 0 to `limit`, both possible, each as likely.
    pub fn up_to(&mut self, limit: &BigInt) -> BigInt {
        let (_, limits) = limit.to_u32_digits();
        loop {
            if let Some(digits) = self.digits_up_to(&limits) {
                return BigInt::from_slice(num_bigint::Sign::Plus, &digits);
            }
        }
    }

    /// One try: `None` if it came out too large.
    fn digits_up_to(&mut self, limits: &[u32]) -> Option<Vec<u32>> {
        let mut digits = vec![0; limits.len()];
        let mut at_limit = true;
        let mut mask = 0;
        for (digit, limit) in digits.iter_mut().zip(limits).rev() {
            mask = if mask == 0 { mask_of(*limit) } else { u32::MAX };
            if mask == 0 {
                continue;
            }
            *digit = self.word() & mask;
            if at_limit && *digit > *limit {
                return None;
            }
            at_limit = at_limit && *digit == *limit;
        }
        Some(digits)
    }
}

/// All bits below the highest one of `limit`, and it.
const fn mask_of(limit: u32) -> u32 {
    if limit == 0 { 0 } else { u32::MAX >> limit.leading_zeros() }
}

fn with(random: &Value, read: impl FnOnce(&mut Source) -> Result<Value>) -> Result<Value> {
    match random.downcast::<Random>() {
        Some(random) => read(&mut Source::Seeded(&mut random.generator.borrow_mut())),
        None => Ok(Value::Nil),
    }
}

fn generator(host: &mut dyn Host, seed: Option<&Value>) -> Result<Random> {
    let seed = match seed {
        Some(seed) => whole(seed)?,
        None => BigInt::from(host.random()),
    };
    let generator = RefCell::new(Mersenne::new(&seed));
    Ok(Random { seed, generator })
}

fn whole(value: &Value) -> Result<BigInt> {
    match value {
        Value::BigInt(number) => Ok((**number).clone()),
        other => to_int(other).map(BigInt::from),
    }
}

fn srand(host: &mut dyn Host, _: &Value, args: Args) -> Result<Value> {
    let seed = match args.given(0) {
        Some(seed) => whole(seed)?,
        None => BigInt::from(host.random()),
    };
    let generator = Mersenne::new(&seed);
    let before = host.state().generator.replace((seed, generator));
    Ok(Value::big(before.map_or_else(BigInt::default, |(seed, _)| seed)))
}

fn bytes(source: &mut Source, count: i64) -> Result<Value> {
    let count =
        usize::try_from(count).map_err(|_| raise(ClassId::ARGUMENT_ERROR, "negative string size (or size too big)"))?;
    let mut out = Vec::with_capacity(count + 4);
    while out.len() < count {
        out.extend_from_slice(&source.word().to_le_bytes());
    }
    out.truncate(count);
    Ok(Value::Str(crate::value::Str::owned(out, crate::value::Encoding::Binary).into()))
}

#[cold]
fn invalid(value: &Value) -> Box<Unwind> {
    raise(ClassId::ARGUMENT_ERROR, format!("invalid argument - {}", crate::value::to_s(value).to_text()))
}

/// `rand`: anything but a range is cut to an integer; 0 and nil ask for a float.
fn kernel_rand(host: &mut dyn Host, max: &Value) -> Result<Value> {
    let mut source = Source::of_run(host);
    if let Value::Range(range) = max {
        return Ok(in_range(&mut source, range)?.unwrap_or_default());
    }
    let limit = if max.is_nil() { BigInt::zero() } else { whole(max)?.abs() };
    Ok(if limit.is_zero() { Value::float(source.real()) } else { Value::big(source.up_to(&(limit - 1))) })
}

/// `Random.rand` and `random.rand`.
fn random_rand(source: &mut Source, max: Option<&Value>) -> Result<Value> {
    let Some(max) = max else { return Ok(Value::float(source.real())) };
    match max {
        Value::Nil => Err(invalid(max)),
        Value::Float(limit) if limit.get().is_finite() && limit.get() > 0.0 => {
            Ok(Value::float(source.real() * limit.get()))
        }
        Value::Float(_) => {
            Err(raise(ClassId::ARGUMENT_ERROR, format!("invalid argument - {}", inspect(max).to_text())))
        }
        Value::Range(range) => in_range(source, range)?.ok_or_else(|| invalid(max)),
        other => {
            let limit = whole(other)?;
            if limit.is_positive() { Ok(Value::big(source.up_to(&(limit - 1)))) } else { Err(invalid(max)) }
        }
    }
}

/// The forgiving form: what is no positive number asks for a float.
pub fn random_number(source: &mut Source, max: &Value) -> Result<Value> {
    match max {
        Value::Float(limit) if limit.get() > 0.0 => Ok(Value::float(source.real() * limit.get())),
        Value::Int(1..) | Value::BigInt(_) => random_rand(source, Some(max)),
        Value::Range(range) => Ok(in_range(source, range)?.unwrap_or_else(|| Value::float(source.real()))),
        _ => Ok(Value::float(source.real())),
    }
}

/// A number of the range; `None` if it is empty.
fn in_range(source: &mut Source, range: &Range) -> Result<Option<Value>> {
    let (Some(lo), Some(hi)) = (fraction(&range.lo), fraction(&range.hi)) else {
        if range.lo.is_nil() || range.hi.is_nil() {
            return Err(raise(ClassId::SYSTEM_CALL_ERROR, "Numerical argument out of domain"));
        }
        let wrong = if fraction(&range.lo).is_none() { &range.lo } else { &range.hi };
        return Err(raise(ClassId::TYPE_ERROR, format!("no implicit conversion of {} into Integer", describe(wrong))));
    };
    if compare(&range.lo, &range.hi).is_none_or(std::cmp::Ordering::is_gt) {
        return Ok(None);
    }
    if matches!(range.lo, Value::Float(_)) || matches!(range.hi, Value::Float(_)) {
        let (lo, hi) = (ratio(&lo), ratio(&hi));
        if range.exclusive && lo >= hi {
            return Ok(None);
        }
        let part = if range.exclusive { source.real() } else { source.real_inclusive() };
        return Ok(Some(Value::float(part * (hi - lo) + lo)));
    }
    let (lo, hi) = (lo.0.div_floor(&lo.1), hi.0.div_floor(&hi.1));
    let limit = hi - &lo - i32::from(range.exclusive);
    if limit.is_negative() {
        return Ok(None);
    }
    Ok(Some(Value::big(source.up_to(&limit) + lo)))
}

fn ratio((numerator, denominator): &(BigInt, BigInt)) -> f64 {
    numerator.to_f64().unwrap_or_default() / denominator.to_f64().unwrap_or(1.0)
}

/// The SDK's `sleep` takes blank text for no time at all.
fn sleep(host: &mut dyn Host, _: &Value, args: Args) -> Result<Value> {
    let value = args.get(0);
    let seconds = match &value {
        Value::Nil => 0.0,
        Value::Str(text) if text.bytes().iter().all(u8::is_ascii_whitespace) => 0.0,
        Value::Duration(duration) => ratio(&fraction(&duration.seconds).unwrap_or_default()),
        other => match fraction(other) {
            Some(number) => ratio(&number),
            None => {
                let class = other.class().name();
                return Err(raise(ClassId::TYPE_ERROR, format!("can't convert {class} into time interval")));
            }
        },
    };
    if seconds < 0.0 {
        return Err(raise(ClassId::ARGUMENT_ERROR, "time interval must not be negative"));
    }
    host.sleep(seconds)?;
    Ok(Value::Int(seconds.round() as i64))
}
