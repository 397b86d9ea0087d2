//! Equality, hashing and order of values: Ruby's `==`, `eql?`, `equal?`, `hash` and `<=>` for built-in kinds.
//!
//! All of it is depth-limited, so cyclic values end.

use super::{Array, Decimal, Hash, Value, walk};
use std::cmp::Ordering;
use std::hash::{BuildHasher, Hasher};
use std::rc::Rc;

/// Deeper nesting counts as equal: such values are cycles.
const DEPTH: usize = 2_000;

type Build = foldhash::fast::FixedState;

/// `a == b`.
pub fn equal(a: &Value, b: &Value) -> bool {
    equal_at(a, b, 0)
}

/// `a.eql?(b)`: the same type and value; the rule for hash keys.
pub fn eql(a: &Value, b: &Value) -> bool {
    eql_at(a, b, 0)
}

fn eql_at(a: &Value, b: &Value, depth: usize) -> bool {
    if depth > DEPTH {
        return true;
    }
    match (a, b) {
        (Value::Str(a), Value::Str(b)) => a.same_text(b),
        (Value::Symbol(a), Value::Symbol(b)) => a == b,
        (Value::Int(a), Value::Int(b)) => a == b,
        (Value::Float(a), Value::Float(b)) => a.get().to_bits() == b.get().to_bits() || a.get() == b.get(),
        (Value::Int(_) | Value::Float(_) | Value::Decimal(_) | Value::Rational(_) | Value::BigInt(_), _)
            if a.kind() != b.kind() =>
        {
            false
        }
        (Value::Array(a), Value::Array(b)) => {
            Rc::ptr_eq(a, b)
                || (a.len() == b.len()
                    && walk::enter().is_some_and(|_inside| {
                        a.items().iter().zip(b.items().iter()).all(|(a, b)| eql_at(a, b, depth + 1))
                    }))
        }
        (Value::Hash(a), Value::Hash(b)) => {
            let same_value =
                |key: &Value, value: &Value| b.get_exact(key).is_some_and(|other| eql_at(value, &other, depth + 1));
            Rc::ptr_eq(a, b) || (a.len() == b.len() && walk::enter().is_some_and(|_inside| a.all(same_value)))
        }
        (Value::Range(a), Value::Range(b)) => {
            a.exclusive == b.exclusive && eql_at(&a.lo, &b.lo, depth + 1) && eql_at(&a.hi, &b.hi, depth + 1)
        }
        _ => equal_at(a, b, depth),
    }
}

/// `a.equal?(b)`: the same object.
pub fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Str(a), Value::Str(b)) => Rc::ptr_eq(a, b),
        (Value::Array(a), Value::Array(b)) => Rc::ptr_eq(a, b),
        (Value::Hash(a), Value::Hash(b)) => Rc::ptr_eq(a, b),
        (Value::Range(a), Value::Range(b)) => Rc::ptr_eq(a, b),
        (Value::Proc(a), Value::Proc(b)) => Rc::ptr_eq(a, b),
        (Value::BigInt(a), Value::BigInt(b)) => Rc::ptr_eq(a, b),
        (Value::Decimal(a), Value::Decimal(b)) => Rc::ptr_eq(a, b),
        (Value::Rational(a), Value::Rational(b)) => Rc::ptr_eq(a, b),
        (Value::Time(a), Value::Time(b)) => Rc::ptr_eq(a, b),
        (Value::Duration(a), Value::Duration(b)) => Rc::ptr_eq(a, b),
        (Value::Regexp(a), Value::Regexp(b)) => Rc::ptr_eq(a, b),
        (Value::Match(a), Value::Match(b)) => Rc::ptr_eq(a, b),
        (Value::Set(a), Value::Set(b)) => Rc::ptr_eq(a, b),
        (Value::Exception(a), Value::Exception(b)) => Rc::ptr_eq(a, b),
        (Value::Object(a), Value::Object(b)) => Rc::ptr_eq(a, b),
        (Value::Date(a), Value::Date(b)) => Rc::ptr_eq(a, b),
        _ => eql(a, b),
    }
}

fn equal_at(a: &Value, b: &Value, depth: usize) -> bool {
    if depth > DEPTH {
        return true;
    }
    match (a, b) {
        (Value::Nil, Value::Nil) => true,
        (Value::True, Value::True) | (Value::False, Value::False) => true,
        (Value::True | Value::False, Value::True | Value::False) => false,
        (Value::Int(a), Value::Int(b)) => a == b,
        (Value::Float(a), Value::Float(b)) => a.get() == b.get(),
        (Value::Symbol(a), Value::Symbol(b)) => a == b,
        (Value::Class(a), Value::Class(b)) => a == b,
        (Value::Date(a), Value::Date(b)) => a == b,
        (Value::Str(a), Value::Str(b)) => a.same_text(b),
        (Value::Array(a), Value::Array(b)) => equal_arrays(a, b, depth),
        (Value::Hash(a), Value::Hash(b)) => equal_hashes(a, b, depth),
        (Value::Set(a), Value::Set(b)) => equal_hashes(&a.members, &b.members, depth),
        (Value::Range(a), Value::Range(b)) => {
            a.exclusive == b.exclusive && equal_at(&a.lo, &b.lo, depth + 1) && equal_at(&a.hi, &b.hi, depth + 1)
        }
        (Value::Regexp(a), Value::Regexp(b)) => a.source == b.source && a.options == b.options,
        (Value::Match(a), Value::Match(b)) => {
            a.groups == b.groups && *a.text.bytes() == *b.text.bytes() && a.regexp.source == b.regexp.source
        }
        (Value::Exception(a), Value::Exception(b)) => {
            Rc::ptr_eq(a, b) || (a.class == b.class && a.message() == b.message())
        }
        (Value::Proc(a), Value::Proc(b)) => Rc::ptr_eq(a, b),
        (Value::Object(a), Value::Object(b)) => Rc::ptr_eq(a, b) || a.equals(&***b),
        _ => compare_at(a, b, depth) == Some(Ordering::Equal),
    }
}

fn equal_arrays(a: &Rc<Array>, b: &Rc<Array>, depth: usize) -> bool {
    Rc::ptr_eq(a, b)
        || (a.len() == b.len()
            && walk::enter()
                .is_some_and(|_inside| a.items().iter().zip(b.items().iter()).all(|(a, b)| equal_at(a, b, depth + 1))))
}

fn equal_hashes(a: &Rc<Hash>, b: &Rc<Hash>, depth: usize) -> bool {
    Rc::ptr_eq(a, b)
        || (a.len() == b.len()
            && (a.compares_by_identity() == b.compares_by_identity() || a.is_empty())
            && walk::enter().is_some_and(|_inside| {
                a.all(|key, value| b.get_exact(key).is_some_and(|other| equal_at(value, &other, depth + 1)))
            }))
}

/// `a <=> b` for numbers, strings, symbols, times, dates, booleans and arrays of them; `None` where Ruby says nil.
pub fn compare(a: &Value, b: &Value) -> Option<Ordering> {
    compare_at(a, b, 0)
}

fn compare_at(a: &Value, b: &Value, depth: usize) -> Option<Ordering> {
    if depth > DEPTH {
        return Some(Ordering::Equal);
    }
    match (a, b) {
        (Value::Int(a), Value::Int(b)) => Some(a.cmp(b)),
        (Value::Float(a), Value::Float(b)) => a.get().partial_cmp(&b.get()),
        (Value::Str(a), Value::Str(b)) => Some(a.bytes().cmp(&b.bytes())),
        (Value::Symbol(a), Value::Symbol(b)) => Some(a.with(|a| b.with(|b| a.cmp(b)))),
        (Value::Date(a), Value::Date(b)) => Some(a.cmp(b)),
        (Value::Time(a), Value::Time(b)) => Some(a.at.cmp(&b.at)),
        (Value::Time(a), Value::Date(b)) => Some(a.at.cmp(&date_instant(**b))),
        (Value::Date(a), Value::Time(b)) => Some(date_instant(**a).cmp(&b.at)),
        (Value::Date(_) | Value::Time(_), Value::Duration(b)) => compare(a, &b.seconds),
        (Value::Date(a), _) if is_number(b) => compare(&julian_days(&date_instant(**a)), b),
        (Value::Time(a), _) if is_number(b) => compare(&julian_days(&a.at), b),
        (Value::Array(a), Value::Array(b)) => {
            if Rc::ptr_eq(a, b) {
                return Some(Ordering::Equal);
            }
            let _inside = walk::enter()?;
            for (a, b) in a.items().iter().zip(b.items().iter()) {
                match compare_at(a, b, depth + 1) {
                    Some(Ordering::Equal) => {}
                    other => return other,
                }
            }
            Some(a.len().cmp(&b.len()))
        }
        (Value::Nil, Value::Nil) => Some(Ordering::Equal),
        (Value::True, Value::True) | (Value::False, Value::False) => Some(Ordering::Equal),
        _ if is_number(a) && is_number(b) => compare_numbers(a, b),
        (Value::Duration(a), Value::Duration(b)) => compare(&a.seconds, &b.seconds),
        (Value::Duration(a), _) if is_number(b) => compare(&a.seconds, b),
        (_, Value::Duration(b)) if is_number(a) => compare(a, &b.seconds),
        _ => None,
    }
}

/// The start of a day in UTC, as DateTime compares dates with times.
fn date_instant(date: super::Date) -> super::Instant {
    let since_day_zero = date.seconds();
    let seconds = since_day_zero.seconds - super::calendar::EPOCH_DAY * 86_400;
    super::Instant::new(seconds, since_day_zero.nanos)
}

/// The astronomical Julian day: what a number is compared with when it meets a date.
fn julian_days(at: &super::Instant) -> Value {
    let (numerator, denominator) = at.to_fraction();
    let noon_zero = super::calendar::EPOCH_DAY * 86_400 - 43_200;
    let seconds = numerator + noon_zero * &denominator;
    Value::Rational(Rc::new(super::Rational::reduced(seconds, denominator * 86_400)))
}

/// `pattern === value` for patterns that need no evaluator: everything but procs, classes and regular expressions is `==`.
pub fn case_equal_plain(pattern: &Value, value: &Value) -> bool {
    match (pattern, value) {
        (Value::Class(class), _) => value.class().is_a(*class),
        (Value::Set(set), _) => set.members.contains(value),
        _ => equal(pattern, value),
    }
}

const fn is_number(value: &Value) -> bool {
    matches!(value, Value::Int(_) | Value::Float(_) | Value::BigInt(_) | Value::Decimal(_) | Value::Rational(_))
}

fn compare_numbers(a: &Value, b: &Value) -> Option<Ordering> {
    if let Some(ordering) = compare_with_special_float(a, b) {
        return ordering;
    }
    let (a_numerator, a_denominator) = super::number::fraction(a)?;
    let (b_numerator, b_denominator) = super::number::fraction(b)?;
    Some((a_numerator * b_denominator).cmp(&(b_numerator * a_denominator)))
}

/// Infinities and NaN have no fraction, and a Float meets a BigDecimal by its shortest digits; the outer `Some` says that the answer is known.
fn compare_with_special_float(a: &Value, b: &Value) -> Option<Option<Ordering>> {
    match (a, b) {
        (Value::Float(a), Value::Float(b)) => Some(a.get().partial_cmp(&b.get())),
        (Value::Float(a), Value::Decimal(b)) => Some(Decimal::from_float(a.get()).compare(b)),
        (Value::Decimal(a), Value::Float(b)) => Some(a.compare(&Decimal::from_float(b.get()))),
        (Value::Decimal(a), Value::Decimal(b)) => Some(a.compare(b)),
        (Value::Decimal(a), _) if !a.is_finite() => Some(a.compare(&Decimal::from(0))),
        (_, Value::Decimal(b)) if !b.is_finite() => Some(Decimal::from(0).compare(b)),
        (Value::Float(a), _) if !a.get().is_finite() => Some(a.get().partial_cmp(&0.0)),
        (_, Value::Float(b)) if !b.get().is_finite() => Some(0.0.partial_cmp(&b.get())),
        _ => None,
    }
}

/// The hash of a value; values that are `eql?` have the same.
pub fn hash_of(value: &Value) -> u64 {
    match value {
        Value::Str(text) => hash_of_digest(text.digest()),
        Value::Symbol(symbol) => hash_words(1, symbol.index()),
        Value::Int(number) => hash_words(2, *number as u64),
        _ => {
            let mut hasher = Build::default().build_hasher();
            feed(value, &mut hasher, 0);
            hasher.finish()
        }
    }
}

/// The hash that strings keep; never 0.
pub(super) fn digest(bytes: &[u8]) -> u32 {
    let mut hasher = Build::default().build_hasher();
    hasher.write(bytes);
    (hasher.finish() >> 32) as u32 | 1
}

/// A digest spread over all bits, as tables want hashes.
const fn hash_of_digest(digest: u32) -> u64 {
    (digest as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

pub(super) fn hash_bytes(bytes: &[u8]) -> u64 {
    hash_of_digest(digest(bytes))
}

fn hash_words(tag: u64, word: u64) -> u64 {
    let mut hasher = Build::default().build_hasher();
    hasher.write_u64(tag);
    hasher.write_u64(word);
    hasher.finish()
}

/// The hash of the object itself, for `compare_by_identity`.
pub(super) fn identity_hash(value: &Value) -> u64 {
    let address = match value {
        Value::Str(it) => Rc::as_ptr(it).addr(),
        Value::Array(it) => Rc::as_ptr(it).addr(),
        Value::Hash(it) => Rc::as_ptr(it).addr(),
        Value::Object(it) => Rc::as_ptr(it).addr(),
        _ => return hash_of(value),
    };
    hash_words(3, address as u64)
}

fn feed(value: &Value, hasher: &mut impl Hasher, depth: usize) {
    if depth > 64 {
        return;
    }
    match value {
        Value::Nil => hasher.write_u8(0),
        Value::False => hasher.write_u8(1),
        Value::True => hasher.write_u8(2),
        Value::Int(it) => hasher.write_i64(*it),
        Value::Float(it) => hasher.write_u64((if it.get() == 0.0 { 0.0 } else { it.get() }).to_bits()),
        Value::Symbol(it) => hasher.write_u64(it.index()),
        Value::Class(it) => hasher.write_u64(it.index()),
        Value::Str(it) => hasher.write(&it.bytes()),
        Value::Array(it) => {
            let Some(_inside) = walk::enter() else { return };
            hasher.write_usize(it.len());
            it.items().iter().for_each(|item| feed(item, hasher, depth + 1));
        }
        Value::Hash(it) => {
            let Some(_inside) = walk::enter() else { return };
            hasher.write_usize(it.len());
            let mut sum = 0_u64;
            it.all(|key, value| {
                let mut pair = Build::default().build_hasher();
                feed(key, &mut pair, depth + 1);
                feed(value, &mut pair, depth + 1);
                sum = sum.wrapping_add(pair.finish());
                true
            });
            hasher.write_u64(sum);
        }
        Value::Set(it) => feed(&Value::Hash(Rc::clone(&it.members)), hasher, depth + 1),
        Value::Range(it) => {
            feed(&it.lo, hasher, depth + 1);
            feed(&it.hi, hasher, depth + 1);
        }
        Value::Time(it) => {
            hasher.write_i64(it.at.seconds);
            hasher.write_u32(it.at.nanos);
        }
        Value::Date(it) => std::hash::Hash::hash(it, hasher),
        Value::BigInt(it) => hasher.write(&it.to_signed_bytes_le()),
        Value::Decimal(it) => hasher.write_u64(it.to_f64().to_bits()),
        Value::Rational(it) => {
            hasher.write(&it.numerator.to_signed_bytes_le());
            hasher.write(&it.denominator.to_signed_bytes_le());
        }
        Value::Duration(it) => feed(&it.seconds, hasher, depth + 1),
        Value::Regexp(it) => hasher.write(&it.source),
        Value::Match(_) | Value::Exception(_) | Value::Proc(_) | Value::Object(_) => hasher.write_u8(9),
    }
}
